"""Ledger rows and trial words by hand, for tests of the prose: only what a claim reads is filled in."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import Any

from reportlib.ledger import Estimate
from reportlib.prose.words import DesignWords, GroupWords, OutcomeWords, TrialWords
from reportlib.text.units import Unit
from reportlib.trial.design import Kind

RANDOMISED = TrialWords(
    groups=GroupWords("deltagergruppen", "kontrolgruppen", "deltagerne", "personerne i kontrolgruppen"),
    design=DesignWords(Kind.RANDOMISED),
)
QUASI = TrialWords(
    groups=GroupWords("deltagergruppen", "sammenligningsgruppen", "deltagerne", "personerne i sammenligningsgruppen"),
    design=DesignWords(Kind.QUASI_EXPERIMENT),
)
BEFORE_AFTER = TrialWords(
    groups=GroupWords(
        "deltagerne", "deltagerne", "deltagerne", "deltagerne", "før indsatsen", own_place="efter indsatsen"
    ),
    design=DesignWords(Kind.BEFORE_AFTER),
)
STATUS = TrialWords(
    groups=GroupWords("de unge", "de ældre", "de unge", "de ældre", "blandt de ældre", own_place="blandt de unge"),
    design=DesignWords(Kind.STATUS),
)
EVERY_DESIGN = (RANDOMISED, QUASI, BEFORE_AFTER, STATUS)

HOURS_SHARE = OutcomeWords(noun="andelen med ordinære timer", verb="har", rest="ordinære timer")
HOURS_MEAN = OutcomeWords(
    noun="det gennemsnitlige antal ordinære timer", verb="arbejder", rest="{value} om ugen i ordinære job"
)


def share(k: int, n: int, *, group: str = "deltager", time: str = "uge35", **row: Any) -> Estimate:
    """A share of persons."""
    return Estimate(
        key=f"timer.{group}.{time}.{row.get('site', '')}",
        measure="timer",
        statistic="share",
        unit=Unit.PCT,
        population="alle",
        group=group,
        time=time,
        value=100 * k / n,
        k=k,
        n=n,
        **row,
    )


def mean(value: float, *, unit: Unit = Unit.HOURS_PER_WEEK, group: str = "deltager", **row: Any) -> Estimate:
    """A mean."""
    return Estimate(
        key=f"antal.{group}",
        measure="antal",
        statistic="mean",
        unit=unit,
        population="alle",
        group=group,
        time="uge35",
        value=value,
        k=100,
        n=200,
        **row,
    )


def difference(
    value: float, se: float, *, unit: Unit = Unit.PCT_POINT, week: int = 35, level: float = 0.05, **row: Any
) -> Estimate:
    """A difference with a normal interval and the p-value that goes with it."""
    normal = NormalDist()
    half = normal.inv_cdf(1 - level / 2) * se
    return Estimate(
        key=f"timer.forskel.uge{week}.{row.get('site', '')}",
        measure="timer",
        statistic="difference",
        unit=unit,
        population="alle",
        group="forskel",
        time=f"uge{week}",
        value=value,
        se=se,
        ci_low=value - half,
        ci_high=value + half,
        p=2 * normal.cdf(-abs(value) / se),
        n=1000,
        **row,
    )


def gap(treated: Estimate, comparison: Estimate, se: float, **row: Any) -> Estimate:
    """The raw difference of two levels."""
    unit = Unit.PCT_POINT if treated.unit is Unit.PCT else treated.unit
    return difference(treated.number - comparison.number, se, unit=unit, **row)


def hidden(row: Estimate, why: str = "primary") -> Estimate:
    """The row as disclosure control leaves it."""
    return replace(row, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None, p=None, suppressed=why)


def without_test(row: Estimate) -> Estimate:
    """The row with its value and nothing else."""
    return replace(row, se=None, ci_low=None, ci_high=None, p=None)


def joint_test(p: float | None) -> Estimate:
    """A joint test."""
    return Estimate(
        key="timer.forskel.heterogeneity",
        measure="timer",
        statistic="heterogeneity",
        unit=Unit.COEFFICIENT,
        population="alle",
        group="forskel",
        value=12.0,
        p=p,
    )


def first_week(week: float | None) -> Estimate:
    """The row that says from which week a difference lasts."""
    return Estimate(
        key="timer.forskel.first_lasting_week",
        measure="timer",
        statistic="first_lasting_week",
        unit=Unit.WEEKS,
        population="alle",
        group="forskel",
        value=week,
    )


def weekly(up: Any = (), down: Any = (), hide: Any = (), *, last: int = 44) -> list[Estimate]:
    """Weekly differences, significant in the weeks named."""
    rows = []
    for week in range(1, last + 1):
        row = difference(6 if week in up else -6 if week in down else 1, 1.5, week=week)
        rows.append(hidden(row) if week in hide else row)
    return rows


def band(up: Any = (), *, last: int = 44) -> list[Estimate]:
    """A uniform band that excludes zero in the weeks named."""
    return [replace(row, statistic="uniform_band", p=None) for row in weekly(up, last=last)]
