"""One ledger row (or several) held against one published number. A disagreement is an exception that says what is what.

Numbers are rounded half up, as reports print them, from exact values: a share from its k and n, everything else from
the shortest decimal of the float, so that 2.5 is a half and 2.4999999999999996 is not made one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from published.mapping import Comparison, Entry, Verdict
from published.rows import PublishedRow
from reportlib.ledger import Estimate, Ledger
from reportlib.text.units import Unit
from reportlib.trial.analyses import light
from reportlib.trial.model import Trial

SHARE_UNITS = ("pct", "andel")
_FLAT_POINTS = 0.5


class DisagreementError(Exception):
    """Ours is not the published number. Never leaves the check: it becomes a deviation."""


def compare(entry: Entry, row: PublishedRow, ledger: Ledger, tolerance: float) -> None:
    """Hold the ledger's rows against the published number.

    Raises:
        DisagreementError: with both numbers.
        UnknownKeyError: the ledger lacks a key.
    """
    assert entry.how is not None
    found = [ledger[key] for key in entry.ledger_keys] if entry.how is not Comparison.FLAT else []
    if entry.tested_by is not None:
        _same_n(ledger[entry.tested_by], row)
        row = replace(row, n=None)
    for one in found:
        if one.value is None:
            raise DisagreementError(f"{one.key} has no value")
    _COMPARE[entry.how](entry, row, found, ledger, tolerance)


def half_up(value: Decimal, decimals: int) -> Decimal:
    """`value` with so many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def exact(row: Estimate) -> Decimal:
    """The value to round: a share from k and n, else the shortest decimal."""
    if row.unit is Unit.PCT and row.statistic.startswith("share") and row.k is not None and row.n:
        return Decimal(100 * int(row.k)) / Decimal(int(row.n))
    return Decimal(repr(float(row.number)))


def _published(row: PublishedRow) -> Decimal:
    if row.value is None:
        raise DisagreementError("no number is published")
    return row.value


def _equal(ours: Decimal, row: PublishedRow) -> None:
    if ours != _published(row):
        raise DisagreementError(f"{ours.normalize():f}")


def _same_n(found: Estimate, row: PublishedRow) -> None:
    if row.n is not None and found.n != row.n:
        raise DisagreementError(f"n = {found.n}, published n = {row.n}")


def _one(found: Sequence[Estimate]) -> Estimate:
    if len(found) != 1:
        raise DisagreementError("this comparison takes one key")
    return found[0]


def _share(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    if one.k is None or not one.n:
        raise DisagreementError(f"{one.key} keeps no k and n")
    _equal(half_up(Decimal(100 * int(one.k)) / Decimal(int(one.n)), row.decimals), row)
    if row.unit == "pct":
        _same_n(one, row)


def _count(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    if one.k is None:
        raise DisagreementError(f"{one.key} counts nobody")
    _equal(Decimal(int(one.k)), row)
    _same_n(one, row)


def _number(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    _equal(sum((exact(one) for one in found), Decimal(0)), row)


def _mean(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    _equal(half_up(exact(one), max(1, row.decimals)), row)
    _same_n(one, row)


def _rounded(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    _equal(half_up(exact(one), row.decimals), row)
    _same_n(one, row)


def _verdict(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    if row.value is not None:
        raise DisagreementError("a number is published: hold it against ours")


def _cut(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    if row.value is not None:
        raise DisagreementError("the number is whole: hold it against ours")
    ours = float(half_up(exact(one), 1))
    if entry.above is None or entry.below is None or not entry.above <= ours < entry.below:
        raise DisagreementError(f"{ours:g} is not from {entry.above} up to {entry.below}")
    _same_n(one, row)


def _near(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    published = float(_published(row))
    allowed = abs(published) * (entry.tolerance if entry.tolerance is not None else tolerance)
    for one in found:
        ours = -float(exact(one)) if entry.opposite else float(exact(one))
        if row.unit == "andel" and one.unit is Unit.PCT:
            ours /= 100
        if abs(ours - published) > allowed:
            raise DisagreementError(f"{ours:.4g}")
        if entry.above is not None and ours <= entry.above:
            raise DisagreementError(f"{ours:.4g} is not above {entry.above:g}")
        if entry.below is not None and ours >= entry.below:
            raise DisagreementError(f"{ours:.4g} is not below {entry.below:g}")


def _rate(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    if one.unit is not Unit.HAZARD_RATIO:
        raise DisagreementError(f"{one.key} is no hazard ratio")
    _equal(half_up(100 * (exact(one) - 1), row.decimals), row)


def _ratio(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    _equal(half_up(1 + exact(_one(found)) / 100, row.decimals), row)


def _band(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    one = _one(found)
    bands = [
        candidate
        for candidate in ledger.select(measure=one.measure, group=one.group, time=one.time)
        if candidate.statistic == "share_of_all" and candidate.value is not None
    ]
    if not bands:
        raise DisagreementError(f"{one.key} has no bands that may be shown")
    lower, upper = max(bands, key=lambda candidate: candidate.number).subgroup.split("-")
    _equal(Decimal(lower if entry.limit == "lower" else upper), row)


def _flat(entry: Entry, row: PublishedRow, found: list[Estimate], ledger: Ledger, tolerance: float) -> None:
    for key in entry.ledger_keys:
        for week in range(1, int(_published(row)) + 1):
            one = ledger[f"{key}.uge{week}"]
            if one.p is None or one.p < float(ledger.header["level"]) or abs(one.number) >= _FLAT_POINTS:
                raise DisagreementError(f"{one.key} is {one.value} with p = {one.p}")


_COMPARE: dict[Comparison, Callable[[Entry, PublishedRow, list[Estimate], Ledger, float], None]] = {
    Comparison.SHARE: _share,
    Comparison.COUNT: _count,
    Comparison.NUMBER: _number,
    Comparison.MEAN: _mean,
    Comparison.NEAR: _near,
    Comparison.RATIO: _ratio,
    Comparison.BAND: _band,
    Comparison.FLAT: _flat,
    Comparison.ROUNDED: _rounded,
    Comparison.RATE: _rate,
    Comparison.CUT: _cut,
    Comparison.VERDICT: _verdict,
}


def compare_verdict(entry: Entry, row: PublishedRow, ledger: Ledger) -> None:
    """Hold the rows' significance against the verdict asked for, or against that of a published p-value.

    Raises:
        DisagreementError: with what ours says.
    """
    level = float(ledger.header["level"])
    wanted = entry.verdict
    if wanted is None and row.p is not None:
        wanted = Verdict.SIGNIFICANT if row.p < level else Verdict.NOT_SIGNIFICANT
    if wanted is None:
        return
    if wanted is Verdict.SHORT_SPELLS:
        _short_spells(ledger, entry.ledger_keys[0])
        return
    for key in (entry.tested_by,) if entry.tested_by else entry.ledger_keys:
        one = ledger[key]
        said = _said(one, level)
        if wanted not in said:
            raise DisagreementError(f"{key} is {' and '.join(sorted(said)) or 'untested'}, not {wanted}")


def _said(row: Estimate, level: float) -> set[Verdict]:
    null = 1 if row.unit is Unit.HAZARD_RATIO else 0
    up = row.ci_low is not None and row.ci_low > null
    down = row.ci_high is not None and row.ci_high < null
    tested = row.p is not None or (row.ci_low is not None and row.ci_high is not None)
    significant = row.p < level if row.p is not None else up or down
    said = {Verdict.SIGNIFICANT if significant else Verdict.NOT_SIGNIFICANT} if tested else set()
    return said | ({Verdict.POSITIVE} if up else set()) | ({Verdict.NEGATIVE} if down else set())


def _short_spells(ledger: Ledger, key: str) -> None:
    weeks = ledger[f"{key.rsplit('.', 1)[0]}.significant_weeks"]
    if not weeks.n or not 0 < weeks.number < weeks.n / 2:
        raise DisagreementError(f"significant in {weeks.value} of {weeks.n} weeks")


def compare_colour(entry: Entry, ledger: Ledger, trial: Trial) -> None:
    """Hold the row's traffic light against the colour asked for.

    Raises:
        DisagreementError: with ours.
    """
    if entry.colour is None:
        return
    found = ledger[entry.ledger_keys[0]]
    targets = [part.target for e in trial.elements for part in e.components if part.measure == found.measure]
    if not targets:
        raise DisagreementError(f"{found.measure} has no target")
    if (ours := light(found.value, targets[0])) != entry.colour:
        raise DisagreementError(f"{found.key} is {ours}, not {entry.colour}")
