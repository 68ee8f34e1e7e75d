"""A number of things that an author has typed in trial.yml is the number of things that the document then lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flipping import trial_of

DOCUMENTS = Path(__file__).parents[2] / "reports"
OPENING = re.compile(r'r\.fakta_ord\("([^"]+)"')
COUNTED = {
    "paa-rette-vej": {"succeskriterier-antal": 3},
    "jobgaranti": {"trin-antal": 3, "krav-etablering-antal": 3},
    "udvikling-i-fleksjob": {"succeskriterier-antal": 4},
}
"""Trial -> what its introduction counts before a list, with the items as a reader counts them."""


def lists(trial: str) -> Iterator[tuple[str, int]]:
    """The fact a paragraph that ends in a colon counts with, and how many items stand in the list below it."""
    for path in sorted((DOCUMENTS / trial).glob("*.qmd")):
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
        for opening, items in pairwise(blocks):
            names = OPENING.findall(opening)
            found = re.findall(r"^(?:-|\d+\.) ", items, re.MULTILINE)
            if names and opening.rstrip().endswith(":") and found:
                yield names[-1], len(found)


@pytest.mark.parametrize("trial", COUNTED)
def test_a_typed_number_is_the_number_of_items_in_the_list_below_it(trial: str) -> None:
    found = dict(lists(trial))
    assert COUNTED[trial].items() <= found.items()
    assert {name: trial_of(trial).facts[name].value for name in found} == found


def test_jobgaranti_counts_the_recommendations_that_it_prints_and_a_municipality_for_each_effort() -> None:
    trial = trial_of("jobgaranti")
    assert trial.facts["anbefalinger-antal"].value == len(trial.recommendations)
    assert trial.facts["indsatser-antal"].value == len(trial.sites.names)


def test_paa_rette_vej_counts_the_jobcentres_that_its_table_of_the_first_weeks_names() -> None:
    trial = trial_of("paa-rette-vej")
    text = (DOCUMENTS / trial.id / "_samtaler.qmd").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (Ingenting|Dagligt forløb for alle|Tilbud til den enkelte) \| (.+) \|$", text, re.MULTILINE)
    named = {row: re.split(r", | og ", re.sub(r" \(de \w+\)", "", names)) for row, names in rows}
    counted = {"Ingenting": "kun-samtaler", "Dagligt forløb for alle": "dagligt-forloeb"}
    counted["Tilbud til den enkelte"] = "individuel-brug"
    assert {row: len(names) for row, names in named.items()} == {
        row: trial.facts[f].value for row, f in counted.items()
    }
    assert sorted(name for names in named.values() for name in names) == sorted([*trial.sites.names, "Kolding"])
