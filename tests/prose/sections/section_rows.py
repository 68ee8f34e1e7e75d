"""Ledgers for the tests of sections, named after what they hold."""

from __future__ import annotations

from made_up import Rows, add_sites, rising
from section_trial import MEASURES, SITES

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.disclosure import hide
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE, others_than, week_label
from reportlib.text.units import Unit

WEEK = 35


def rows() -> Rows:
    return Rows(MEASURES)


def sites(measure: str, *counts: int, n: int = 40, group: str = "deltager", into: Rows | None = None) -> Rows:
    """A share at the four sites, each of `n` persons."""
    return add_sites(
        into or rows(), measure, [(site, k, n) for site, k in zip(SITES, counts, strict=True)], group=group
    )


def hide_row(ledger: Ledger, key: str) -> Ledger:
    """The ledger with that row taken away by disclosure control."""
    kept = [hide(row, "secondary") if row.key == key else row for row in ledger]
    assert any(row.key == key for row in kept)
    return ledger_of(kept, header=ledger.header, measures=ledger.measures)


def with_intervals(
    measure: str, own: tuple[int, int], others: tuple[int, int], *, group: str = "deltager", into: Rows | None = None,
    half: float = 5.0,
) -> Rows:  # fmt: skip
    """A share at Åby, among all others and in all, with intervals `half` points to either side."""
    made = into or rows()
    for site, (k, n) in (
        ("Åby", own), (others_than("Åby"), others), ("", (own[0] + others[0], own[1] + others[1]))
    ):  # fmt: skip
        made.builder.add(
            measure=measure, statistic="share", unit=Unit.PCT, group=group, site=site, value=100 * k / n, k=k, n=n,
            ci_low=max(0.0, 100 * k / n - half), ci_high=min(100.0, 100 * k / n + half), population="personer",
        )  # fmt: skip
    return made


def weekly(end: float = 30.0, control: float = 10.0, *, se: float = 1.0, lasting: int | None = None) -> Rows:
    """The share in job by week, from 5 per cent in both groups; people thin out to 60 in week 44."""
    return rows().weekly(
        "i-job", rising(5, end), rising(5, control), people=lambda week: 500 - 10 * week, se=se, lasting=lasting
    )


def followed(into: Rows, *, enough_until: int = 44, people: int = 300) -> Rows:
    """How many of each group are followed: `people` until that week and 40 after it."""
    for week in range(1, 45):
        for group in ("deltager", "kontrol"):
            into.count("fulgt", people if week <= enough_until else 40, group=group, time=week_label(week))
    return into


def total(into: Rows, value: float, se: float, *, measure: str = "timer", unit: Unit = Unit.HOURS) -> Rows:
    """An accumulated difference in week 35."""
    return into.difference(measure, value, se, statistic="accumulated", unit=unit, time=week_label(WEEK))


def variants(measure: str, **found: tuple[float, float]) -> Rows:
    """The difference in week 35 computed in several ways, from (value, standard error)."""
    made = rows()
    for statistic, (value, se) in found.items():
        made.difference(measure, value, se, statistic=statistic, time=week_label(WEEK))
    return made


def answers(**means: float | None) -> Ledger:
    """Means of citizens' answers; None is hidden."""
    made = rows()
    for measure, value in means.items():
        made.mean(measure, 5.0 if value is None else value, 3 if value is None else 200, group="borgere")
    return made.ledger()


def activity(**found: tuple[float, float]) -> Rows:
    """Units of activity: (difference, standard error)."""
    made = rows()
    for measure, (value, se) in found.items():
        made.difference(measure, value, se)
    return made


def extra(into: Rows, measure: str, value: float) -> Rows:
    """Units of activity behind one unit gained."""
    into.builder.add(
        measure=measure, statistic="units_per_gain", unit=Unit.RATIO, group=DIFFERENCE, time=week_label(WEEK),
        value=value, population="alle",
    )  # fmt: skip
    return into
