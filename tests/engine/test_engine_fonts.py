"""The fonts of a page are cut once for a folder, and cut again, to the same bytes, when the kept ones are harmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportlib.engine import fonts


@pytest.fixture(autouse=True)
def _one_style_and_nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(fonts, "FACES", fonts.FACES[:1])
    fonts.font_css.cache_clear()
    yield
    fonts.font_css.cache_clear()


def anew(folder: Path | None) -> str:
    """What a process that has cut nothing gets."""
    fonts.font_css.cache_clear()
    return fonts.font_css(folder)


def test_kept_fonts_are_the_ones_that_were_cut_and_are_not_cut_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = anew(None)
    assert anew(tmp_path) == cut
    monkeypatch.setattr(fonts, "subset", lambda _: pytest.fail("cut again"))
    assert anew(tmp_path) == cut


@pytest.mark.parametrize("harm", [lambda css: css[:-100], lambda css: css.replace(b"A", b"B", 1), lambda _: b""])
def test_harmed_fonts_are_cut_again(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    before = anew(tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    assert anew(tmp_path) == before
    assert path.read_bytes() == whole


@pytest.mark.parametrize("name", ["_SIGNS", "_FEATURES", "_LETTERS", "_NAMES"])
def test_another_choice_of_letters_never_meets_kept_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(fonts, "subset", lambda _: b"skrift")
    anew(tmp_path)
    monkeypatch.setattr(fonts, name, getattr(fonts, name)[:-1])
    anew(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_other_font_files_never_meet_kept_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "subset", lambda _: b"skrift")
    anew(tmp_path / "ud")
    newer = tmp_path / "nyere.ttf"
    newer.write_bytes(b"en nyere udgave")
    monkeypatch.setattr(fonts, "font_file", lambda _: newer)
    anew(tmp_path / "ud")
    assert len(list((tmp_path / "ud").iterdir())) == 2
