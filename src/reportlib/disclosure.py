"""Disclosure control of a ledger: what rests on too few persons is taken out before the ledger is written.

Primary suppression: a number that rests on fewer than `threshold` persons (practice at the research servers: cells of 1
to 4 are not taken out; zero may be shown). A share hides when its n, its k or its n - k is too small; a mean when n is
too small or too few persons have a value different from zero.
Secondary suppression here: a difference hides when the level of one of its groups hides, and where a site hides, the
same number for all other sites hides too, because the total minus the others would give it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlib.keys import DIFFERENCE, OTHERS
from reportlib.ledger import Estimate, make_key

PRIMARY = "primary"
SECONDARY = "secondary"

# Statistics about sites, weeks or designs rather than about a handful of persons.
_ABOUT_NO_PERSON = frozenset({"first_lasting_week", "maximum_week", "significant_weeks"})
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
    if _about_no_person(row):
        return False
    if row.n is not None and 0 < row.n < threshold.persons:
        return True
    if row.statistic.startswith("share") and row.n is not None and row.k is not None:
        return too_few(row.k, threshold) or too_few(row.n - row.k, threshold)
    return too_few(row.k, threshold)


def _about_no_person(row: Estimate) -> bool:
    return row.statistic in _ABOUT_NO_PERSON or row.statistic.startswith(_ABOUT_SITES)


def hide(row: Estimate, why: str) -> Estimate:
    """The row without anything that could give the value back; key, labels and unit stay."""
    return replace(row, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None, p=None, df=None, suppressed=why)


def suppress(rows: Iterable[Estimate], threshold: Threshold) -> list[Estimate]:
    """All rows in their order, with those that disclose too much hidden. Equal rows always give an equal pattern."""
    rows = list(rows)
    primary = {row.key for row in rows if rests_on_too_few(row, threshold)}
    hidden_levels = {_place(row) for row in rows if row.key in primary and row.group != DIFFERENCE}
    reasons = dict.fromkeys(primary, PRIMARY)
    for row in rows:
        gives_back = _twin_hides(row, primary) or (row.group == DIFFERENCE and _place(row) in hidden_levels)
        if row.key not in reasons and gives_back and not _about_no_person(row):
            reasons[row.key] = SECONDARY
    return [hide(row, reasons[row.key]) if row.key in reasons else row for row in rows]


def _twin_hides(row: Estimate, primary: set[str]) -> bool:
    """True when the same number is hidden for the site's counterpart: all others, or the site itself."""
    if not row.site:
        return False
    twin = row.site.removeprefix(OTHERS) if row.site.startswith(OTHERS) else OTHERS + row.site
    key = make_key(
        row.measure, statistic=row.statistic, group=row.group, site=twin, subgroup=row.subgroup, time=row.time
    )
    return key in primary


def _place(row: Estimate) -> tuple[str, str, str, str]:
    """What a difference and the levels it is made of have in common."""
    return row.measure, row.site, row.subgroup, row.time
