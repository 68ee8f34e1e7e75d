"""Figures are kept by content: same plan, palette and code, same file; anything else is drawn again."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

import pytest
from made_up import Rows, rising, trial

from reportlib.show import pictures
from reportlib.show.pictures import cache_key, figure_bytes
from reportlib.show.style import Palette
from reportlib.show.week_curves import LevelsPlan, draw_levels, plan_levels


@pytest.fixture
def plan() -> LevelsPlan:
    return plan_levels(Rows().weekly("timer", rising(1, 2), rising(1, 1.5)).ledger(), trial(), "timer")


def test_a_kept_figure_is_not_drawn_again(
    plan: LevelsPlan, palette: Palette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path)
    monkeypatch.setattr(pictures, "drawn", lambda *_: pytest.fail("drawn again"))
    assert figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path) == first


def test_the_kept_figure_is_the_drawn_one(plan: LevelsPlan, palette: Palette, tmp_path: Path) -> None:
    figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path)
    assert figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path) == figure_bytes(
        plan, draw_levels, palette=palette
    )


@pytest.mark.parametrize("damage", [lambda kept: kept[: len(kept) // 2], lambda kept: kept.replace(b"uge", b"UGE", 1)])
def test_a_damaged_file_is_drawn_again(plan: LevelsPlan, palette: Palette, tmp_path: Path, damage) -> None:
    good = figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path)
    (path,) = tmp_path.glob("*.svg")
    kept = path.read_bytes().replace(b"Uger", b"uger")
    path.write_bytes(damage(kept))
    assert figure_bytes(plan, draw_levels, palette=palette, cache=tmp_path) == good


def test_another_number_is_another_key(plan: LevelsPlan, palette: Palette) -> None:
    other = plan_levels(Rows().weekly("timer", rising(1, 2.1), rising(1, 1.5)).ledger(), trial(), "timer")
    assert cache_key(plan, draw_levels, palette) != cache_key(other, draw_levels, palette)


def test_another_palette_is_another_key(plan: LevelsPlan, palette: Palette) -> None:
    other = Palette({**palette.colours, "teal": "#000000"})
    assert cache_key(plan, draw_levels, palette) != cache_key(plan, draw_levels, other)


def test_other_drawing_code_is_another_key(plan: LevelsPlan, palette: Palette, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache_key(plan, draw_levels, palette)
    monkeypatch.setattr(pictures, "drawing_version", lambda: "another")
    assert cache_key(plan, draw_levels, palette) != before


def test_a_cache_that_cannot_be_written_does_not_stop_the_report(
    plan: LevelsPlan, palette: Palette, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    assert figure_bytes(plan, draw_levels, palette=palette, cache=in_the_way) == figure_bytes(
        plan, draw_levels, palette=palette
    )


def test_the_cache_folder_may_be_named_in_the_environment(
    plan: LevelsPlan, palette: Palette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(pictures.CACHE_VARIABLE, str(tmp_path))
    figure_bytes(plan, draw_levels, palette=palette)
    assert len(list(tmp_path.glob("*.svg"))) == 1


def test_what_a_document_records_around_a_figure_does_not_reach_it(
    plan: LevelsPlan, palette: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = ContextVar("recording", default="off")
    monkeypatch.setattr(pictures, "drawn", lambda *_: recording.get().encode())
    token = recording.set("on")
    try:
        assert figure_bytes(plan, draw_levels, palette=palette) == b"off"
    finally:
        recording.reset(token)
