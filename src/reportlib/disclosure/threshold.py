"""What rests on too few persons, row by row, and how a row hides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportlib.ledger import Estimate

PRIMARY = "primary"
SECONDARY = "secondary"
HIDDEN = "hidden"
"""What a finished ledger says of every hidden row, whichever of the two reasons it is.

A row that rests on too few persons lies below the threshold, and one that hides to protect another does not: for a site
and all others than it, both reasons together often leave a single value.
"""

# Statistics about sites, weeks or designs rather than about a handful of persons.
ABOUT_NO_PERSON = frozenset({"first_lasting_week", "maximum_week", "significant_weeks", "heterogeneity"})
_ABOUT_SITES = "sites_"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The smallest number of persons a printed number may rest on, and whether zero may be shown."""

    persons: int = 5
    show_zero: bool = True


def too_few(count: int | None, threshold: Threshold) -> bool:
    """True when `count` persons are too few to show; None (unknown) is never too few, zero only if zeros are hidden."""
    if count is None:
        return False
    if count == 0:
        return not threshold.show_zero
    return count < threshold.persons


def rests_on_too_few(row: Estimate, threshold: Threshold) -> bool:
    """The primary rule for one row."""
    if about_no_person(row):
        return False
    if row.n is not None and 0 < row.n < threshold.persons:
        return True
    if row.statistic.startswith("share") and row.n is not None and row.k is not None:
        return too_few(row.k, threshold) or too_few(row.n - row.k, threshold)
    return too_few(row.k, threshold)


def about_no_person(row: Estimate) -> bool:
    """Whether the row counts weeks or sites, and no handful of persons could be read off it."""
    return row.statistic in ABOUT_NO_PERSON or row.statistic.startswith(_ABOUT_SITES)


def hide(row: Estimate, why: str) -> Estimate:
    """The row without anything that could give the value back; key, labels and unit stay."""
    bare = replace(row, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None, p=None, df=None)
    return replace(bare, method="", suppressed=why)
