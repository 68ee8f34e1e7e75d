"""Ledger rows as plotted numbers. Every value goes through `shown`: what is hidden becomes None and stays None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, FOLLOWED
from reportlib.trial.analyses import Target
from reportlib.trial.measures import SurveySource
from reportlib.trial.model import Trial

LEVEL_STATISTICS = ("share", "mean")


class NothingToShowError(ReportlibError):
    """The ledger has no rows of the kind that a figure or table is made of."""


def shown(row: Estimate | None) -> float | None:
    """The value that may be printed, or None: the row is missing, hidden, or could not be estimated."""
    return None if row is None or row.hidden else row.value


def interval(row: Estimate | None) -> tuple[float | None, float | None]:
    """The interval that may be printed."""
    return (None, None) if row is None or row.hidden else (row.ci_low, row.ci_high)


def persons(row: Estimate | None) -> int | None:
    """The n that may be printed."""
    return None if row is None or row.hidden else row.n


def find(
    ledger: Ledger,
    measure: str,
    *,
    statistic: str = "share",
    group: str = "",
    site: str = "",
    subgroup: str = "",
    time: str = "",
) -> Estimate | None:
    """The row, or None where the analysis did not make it. Share, mean and count have one key: any of them is found."""
    key = make_key(measure, statistic=statistic, group=group, site=site, subgroup=subgroup, time=time)
    if key not in ledger:
        return None
    return ledger[key]


def by_week(rows: Iterable[Estimate]) -> dict[int, Estimate]:
    """Week -> row, ascending, of the rows that belong to a week."""
    found = {row.week: row for row in rows if row.week is not None}
    return dict(sorted(found.items()))


def level_rows(ledger: Ledger, measure: str, group: str, *, site: str = "") -> dict[int, Estimate]:
    """The weekly levels of a measure in a group, week -> row."""
    rows = ledger.select(measure=measure, group=group, site=site, subgroup="")
    return by_week(row for row in rows if row.statistic in LEVEL_STATISTICS)


def difference_rows(ledger: Ledger, measure: str, statistic: str) -> dict[int, Estimate]:
    """The weekly rows of the comparison of the two groups, week -> row."""
    return by_week(ledger.select(measure=measure, group=DIFFERENCE, statistic=statistic, site="", subgroup=""))


def thin_from(ledger: Ledger, rows: Mapping[str, Mapping[int, Estimate]], *, enough: int) -> int | None:
    """The first week from which some group always has fewer than `enough` persons, or None.

    `rows` holds the weekly levels by group. A hidden level tells no n; the number still followed stands in for it.
    """
    first: int | None = None
    for group, levels in rows.items():
        followed = by_week(ledger.select(measure=FOLLOWED, group=group, statistic="count", site=""))
        for week in sorted(levels, reverse=True):
            count = persons(levels[week]) or shown(followed.get(week))
            if count is not None and count >= enough:
                break
            first = week if first is None else min(first, week)
    return first


def component_group(trial: Trial, measure: str) -> str:
    """The group of the rows of a share or answer: its survey's id, or the treated group."""
    computed = trial.measure_by_id[measure].computed
    return computed.survey if isinstance(computed, SurveySource) else trial.groups.treated.id


def target_of(trial: Trial, measure: str) -> Target:
    """The target of a component.

    Raises:
        NothingToShowError: the measure is no component of any element.
    """
    target = target_if_any(trial, measure)
    if target is None:
        raise NothingToShowError(f"{measure} has no target in {trial.id}", hint="name it under `elements` in trial.yml")
    return target


def target_if_any(trial: Trial, measure: str) -> Target | None:
    """The target of a component; None for a measure that is not one."""
    parts = (component for element in trial.elements for component in element.components)
    return next((component.target for component in parts if component.measure == measure), None)


def known_site(trial: Trial, site: str) -> str:
    """`site` itself.

    Raises:
        NothingToShowError: the trial has no such site.
    """
    if site not in trial.sites.names:
        raise NothingToShowError(f"{site} is not a site of {trial.id}", hint=did_you_mean(site, trial.sites.names))
    return site
