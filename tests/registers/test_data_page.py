"""docs/data.md: its samples are a trial that reads, its code book is one, and its list of groups is the built-in's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from four_persons import TRIAL

from reportlib.registers.codebook import load_codebook
from reportlib.registers.data import TrialData
from reportlib.registers.read import read_trial
from reportlib.trial.model import Trial

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(?:csv|yaml) (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    folder = tmp_path_factory.mktemp("page")
    extracts: dict[str, Any] = {}
    for name, text in BLOCKS.items():
        if not name.startswith("extracts."):
            (folder / name).write_text(text, encoding="utf-8")
            continue
        place = extracts
        *path, last = name.split(".")[1:]
        for part in path:
            place = place.setdefault(part, {})
        place[last] = yaml.safe_load(text)
    return read_trial(Trial.model_validate({**TRIAL, "follow_up": FOLLOW_UP, "extracts": extracts}), folder)


FOLLOW_UP = {"last_day": "2017-01-01", "weeks": 3, "weeks_before": 2}


def test_every_sample_of_the_page_reads(data: TrialData) -> None:
    assert {file.name for file in data.files} == {name for name in BLOCKS if name.endswith(".csv")}


def test_the_samples_read_as_the_page_says(data: TrialData) -> None:
    assert data.persons["start"].dt.strftime("%d").tolist() == ["03", "05", "13", "12"]
    assert data.persons["uddannelse"].tolist() == ["Grundskole", "Faglært", "Faglært", "Grundskole"]
    assert data.panel.dream is not None and data.panel.hours is not None
    assert data.panel.dream[0].tolist() == [730, 736, 736]
    np.testing.assert_allclose(data.panel.hours[0], 104 * 12 / 52)
    np.testing.assert_array_equal(data.panel.recorded["fleksjob"][0], [10, 10, 12.5])
    assert data.casework is not None
    assert data.casework["start"].dt.strftime("%d").tolist() == ["10", "17", "11"]


def test_the_code_book_of_the_page_is_one(data: TrialData, tmp_path: Path) -> None:
    (tmp_path / "codebook.yml").write_text(BLOCKS["codebook.yml"], encoding="utf-8")
    book = load_codebook(tmp_path / "codebook.yml")
    assert book.groups_of([734, 736]) == [("kontanthjaelp", "loentilskud"), ("kontanthjaelp", "virksomhedspraktik")]
    assert book.censoring == ("doed",)


def test_the_page_lists_the_groups_of_the_built_in_code_book() -> None:
    book = load_codebook()
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", PAGE, re.MULTILINE)
    listed = {group: (label.strip(), codes.strip(), note.strip()) for group, label, codes, note in rows}
    expected = {
        name: (
            group.label,
            ", ".join(dict.fromkeys(entry.codes for entry in book.entries if entry.group == name)),
            "ends the follow-up" if group.censors else "",
        )
        for name, group in book.groups.items()
    }
    assert {name: listed.get(name) for name in expected} == expected
