"""The words that stand in ledger keys, in one place for those who write rows and those who look them up."""

from __future__ import annotations

DIFFERENCE = "forskel"
"""The group of every row that compares two groups."""

DIFFERENCE_IN_DIFFERENCES = "difference in differences"
"""How the method of a row begins that is a difference between changes, not between the two levels beside it."""

BEFORE, AFTER = "foer", "efter"
"""The groups of rows that compare the same persons before and after."""

EVERYONE = "alle"
"""The group of counts of all persons."""

OTHERS = "øvrige:"
"""Prefix of the site of a number about all other sites than the one named."""

DUE = "tilskrevet:"
"""Prefix of the subgroup of a number that assumes so many per cent to be due to the effort."""

AT_LEAST_TWO = "mindst-to"
"""The subgroup of everybody with two measurements or more."""

WHOLE_TRIAL = "Alle"
"""The value of the parameter `kommune` that means the whole trial."""

MISSING_TEXTS = frozenset({"", ".", "NA"})
"""What stands in a cell of an extract without a value: nothing, SAS's point, R's NA."""

PERSONS = "personer"
FOLLOWED = "fulgt"
BACKGROUND = "baggrund"
COST_BENEFIT = "cost-benefit"
"""The measure of the accounts of a cost-benefit analysis, in kroner per person."""

ACCOUNTS = {"society": "samfund", "public": "offentlig", "kommune": "kommune", "region": "region", "stat": "stat"}
"""The accounts of a cost-benefit analysis as they stand in keys."""

BUILT_IN = (PERSONS, FOLLOWED, BACKGROUND)
"""Measures every ledger has, whatever the trial's own catalogue."""


def week_label(week: int) -> str:
    """The time column of an event week: `uge35`.

    >>> week_label(35)
    'uge35'
    """
    return f"uge{week}"


def with_count(count: int) -> str:
    """The subgroup of persons with so many measurements: `antal3`."""
    return f"antal{count}"


def others_than(site: str) -> str:
    """The site column of a number about all other sites than `site`."""
    return OTHERS + site
