"""Disclosure control of a ledger: what rests on too few persons is taken out before the ledger is written.

Primary suppression: a number that rests on fewer than `threshold` persons (practice at the research servers: cells of 1
to 4 are not taken out; zero may be shown). A share hides when its n, its k or its n - k is too small; a mean when n is
too small or too few persons have a value different from zero.
Secondary suppression: where exactly one site hides under a total that is shown, the smallest other site hides with it;
where a site hides, the same number for all other sites hides too; a difference hides when the level of one of its
groups hides; and shares that together are everybody (rises, falls and neither) hide together. Tables are protected one
by one: a proof over all of them together (linear programming) is not made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlib.keys import DIFFERENCE, OTHERS
from reportlib.ledger import Estimate, make_key

PRIMARY = "primary"
SECONDARY = "secondary"

# Statistics about sites, weeks or designs rather than about a handful of persons.
_ABOUT_NO_PERSON = frozenset({"first_lasting_week", "maximum_week", "significant_weeks", "heterogeneity"})
_ABOUT_SITES = "sites_"

# Shares of one group that give each other away: with all but one of them the last is known.
_TOGETHER = (
    frozenset({"share_rose", "share_same", "share_fell"}),
    frozenset({"share_relevant_rose", "share_relevant_same", "share_relevant_fell"}),
    frozenset({"share_only_before", "share_only_after"}),
)

# Numbers of sites that add up to the total, so that one hidden site could be had by subtraction.
_ADDITIVE = frozenset({"share", "mean", "count"})


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
    reasons = {row.key: PRIMARY for row in rows if rests_on_too_few(row, threshold)}
    for key in _companions(rows, reasons, threshold):
        reasons[key] = SECONDARY
    for key in _together(rows, reasons):
        reasons[key] = SECONDARY
    for row in rows:
        if row.key not in reasons and row.site and _counterpart(row) in reasons:
            reasons[row.key] = SECONDARY
    hidden_levels = {_place(row) for row in rows if row.key in reasons and row.group != DIFFERENCE}
    for row in rows:
        gives_back = row.group == DIFFERENCE and _place(row) in hidden_levels and not _about_no_person(row)
        if row.key not in reasons and gives_back:
            reasons[row.key] = SECONDARY
    return [hide(row, reasons[row.key]) if row.key in reasons else row for row in rows]


def _companions(rows: list[Estimate], reasons: dict[str, str], threshold: Threshold) -> list[str]:
    """A second site to hide wherever exactly one is hidden under a shown total, which minus the rest gives it back.

    The companion is the smallest site that would not itself have to hide, so that the two together say little about
    either; a site with nobody or everybody is taken only when there is no other.
    """
    families: dict[tuple[str, ...], list[Estimate]] = {}
    for row in rows:
        additive = row.statistic in _ADDITIVE and row.group != DIFFERENCE and not row.site.startswith(OTHERS)
        if additive:
            family = (row.measure, row.statistic, row.group, row.subgroup, row.time)
            families.setdefault(family, []).append(row)
    chosen = []
    for family_rows in families.values():
        total_shown = any(not row.site and row.key not in reasons for row in family_rows)
        sites = [row for row in family_rows if row.site]
        shown = [row for row in sites if row.key not in reasons and row.n != 0]
        if total_shown and len(sites) - len([row for row in sites if row.key not in reasons]) == 1 and shown:
            chosen.append(min(shown, key=lambda row: (_says_all(row, threshold), _size(row))).key)
    return chosen


def _together(rows: list[Estimate], reasons: dict[str, str]) -> list[str]:
    """The shares that are told with one that hides, and would give it back."""
    families = {statistic: family for family in _TOGETHER for statistic in family}
    of_row = [
        (row.key, (row.measure, row.group, row.site, row.subgroup, row.time, families[row.statistic]))
        for row in rows
        if row.statistic in families
    ]
    hidden = {place for key, place in of_row if key in reasons}
    return [key for key, place in of_row if place in hidden and key not in reasons]


def _says_all(row: Estimate, threshold: Threshold) -> bool:
    """True for a site of which the number says the same of everybody: such a companion would protect nothing."""
    if row.k is None:
        return False
    everybody = row.statistic == "share" and row.k == row.n
    return row.k < threshold.persons or everybody


def _size(row: Estimate) -> int:
    return row.n if row.n is not None else (row.k or 0)


def _counterpart(row: Estimate) -> str:
    """The key of the same number for all other sites or, for those, for the site itself."""
    twin = row.site.removeprefix(OTHERS) if row.site.startswith(OTHERS) else OTHERS + row.site
    return make_key(
        row.measure, statistic=row.statistic, group=row.group, site=twin, subgroup=row.subgroup, time=row.time
    )


def _place(row: Estimate) -> tuple[str, str, str, str]:
    """What a difference and the levels it is made of have in common."""
    return row.measure, row.site, row.subgroup, row.time
