"""Disclosure control of a ledger: what rests on too few persons is taken out before the ledger is written.

Primary suppression: a number that rests on fewer than `threshold` persons (domain practice: cells of 1 to 4 are not taken out of
a research server; zero may be shown). A share hides when its n, its k or its n - k is too small; a mean when n is too small or
too few persons have a value different from zero; a difference when one of its parts hides.
Secondary suppression here: where a site hides, the same number for all other sites hides too, because the total minus the
others would give it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlib.ledger import Estimate, make_key

PRIMARY = "primary"
SECONDARY = "secondary"
OTHERS = "øvrige:"

# Statistics about sites, weeks or designs rather than about a handful of persons.
_ABOUT_NO_PERSON = frozenset({"sites", "first_lasting_week", "direction"})


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
    if row.statistic in _ABOUT_NO_PERSON:
        return False
    if row.n is not None and 0 < row.n < threshold.persons:
        return True
    if row.statistic == "share" and row.n is not None and row.k is not None:
        return too_few(row.k, threshold) or too_few(row.n - row.k, threshold)
    return too_few(row.k, threshold)


def hide(row: Estimate, why: str) -> Estimate:
    """The row without anything that could give the value back; key, labels and unit stay."""
    return replace(row, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None, p=None, df=None, suppressed=why)


def suppress(rows: Iterable[Estimate], threshold: Threshold) -> list[Estimate]:
    """All rows, with those that disclose too much hidden. The order is kept; the same rows always give the same pattern."""
    rows = list(rows)
    reasons = {row.key: PRIMARY for row in rows if rests_on_too_few(row, threshold)}
    for row in rows:
        if row.key in reasons or not row.site:
            continue
        own = not row.site.startswith(OTHERS)
        twin = OTHERS + row.site if own else row.site.removeprefix(OTHERS)
        if reasons.get(_with_site(row, twin)) == PRIMARY:
            reasons[row.key] = SECONDARY
    return [hide(row, reasons[row.key]) if row.key in reasons else row for row in rows]


def _with_site(row: Estimate, site: str) -> str:
    return make_key(
        row.measure, statistic=row.statistic, group=row.group, site=site, subgroup=row.subgroup, time=row.time
    )
