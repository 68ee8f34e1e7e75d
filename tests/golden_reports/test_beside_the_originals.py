"""What docs/originals.md says stands in our reports does stand there, in the kept pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    "JobFirst": "jobfirst",
    "På rette vej": "paa-rette-vej",
    "Jobgaranti": "jobgaranti",
    "Udvikling i fleksjob": "udvikling-i-fleksjob",
    "Social støtte": "social-stoette",
}
CASES = {"jobfirst": 3, "paa-rette-vej": 1}
"""Page -> made-up persons: in the two reports whose originals tell of persons, and in no other."""


def quoted() -> dict[str, list[str]]:
    """Report -> the words of its rows that the page says are printed, in the table of figures."""
    table = (ROOT / "docs" / "originals.md").read_text(encoding="utf-8").split("## Figure beside figure")[1]
    found: dict[str, list[str]] = {}
    name = ""
    for report, here in re.findall(r"^\|([^|]*)\|[^|]*\|(.*)\|$", table, re.MULTILINE):
        name = report.strip() or name
        found.setdefault(name, []).extend(re.findall("`([^`]+)`", here))
    return found


@pytest.mark.parametrize(("report", "page"), PAGES.items())
def test_what_stands_for_a_figure_of_the_original_is_printed(report: str, page: str) -> None:
    words = quoted()[report]
    kept = (Path(__file__).parent / f"{page}.page.txt").read_text(encoding="utf-8").replace("~", " ")
    assert len(words) >= 3
    assert [said for said in words if said not in kept] == []


@pytest.mark.parametrize("page", PAGES.values())
def test_a_made_up_person_is_told_as_one_and_gives_no_number(page: str) -> None:
    kept = (Path(__file__).parent / f"{page}.page.txt").read_text(encoding="utf-8")
    box = r"^text: Boks \d+: (Eksempel\b.*)\n((?:text: .*\n)+?)text: (\w+) findes ikke\. "
    boxes = re.findall(box, kept, re.MULTILINE)
    assert len(boxes) == CASES.get(page, 0)
    assert len(boxes) == len(re.findall(r"^text: Boks \d+: Eksempel\b", kept, re.MULTILINE))
    for title, story, name in boxes:
        assert title.startswith(f"Eksempel, opdigtet: {name} ")
        assert not re.search(r"\d", story)
