"""What every section needs: rows by measure and week, the words of a measure, and templates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, FOLLOWED, others_than, week_label
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveySource


class NoComparisonError(ReportlibError):
    """A section about two groups was asked of a trial with one."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reportlib.prose"),
        undefined=StrictUndefined,
        autoescape=False,  # the output is Markdown; names from data are escaped where they enter
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, **values: Any) -> str:
    """The template of that name, filled in."""
    return _environment().get_template(f"{template}.md.j2").render(**values)


def paragraphs(*parts: object) -> str:
    """Texts as Markdown paragraphs, empty ones left out."""
    return "\n\n".join(text for part in parts if (text := str(part).strip())) + "\n"


def measure_of(trial: Trial, measure_id: str) -> MeasureSpec:
    """The catalogue entry; an unknown id is told with the nearest."""
    return trial.measure_by_id[measure_id]


def groups_of(trial: Trial) -> tuple[str, str]:
    """The ids of the treated and the comparison group.

    Raises:
        NoComparisonError: the trial has no comparison group.
    """
    if trial.groups.comparison is None:
        raise NoComparisonError(f"{trial.id} has no comparison group", hint="leave the section out of the document")
    return trial.groups.treated.id, trial.groups.comparison.id


def at_week(ledger: Ledger, trial: Trial, measure_id: str, week: int) -> tuple[Estimate, Estimate, Estimate]:
    """The two levels and their difference in one week."""
    time = week_label(week)
    treated, comparison = groups_of(trial)
    return (
        ledger[make_key(measure_id, statistic="mean", group=treated, time=time)],
        ledger[make_key(measure_id, statistic="mean", group=comparison, time=time)],
        ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, time=time)],
    )


def weekly_rows(ledger: Ledger, measure_id: str, statistic: str) -> list[Estimate]:
    """The rows of a weekly statistic of the difference for the whole trial, by week."""
    rows = [
        row
        for row in ledger.select(measure=measure_id, group=DIFFERENCE, statistic=statistic, site="", subgroup="")
        if row.week is not None
    ]
    return sorted(rows, key=lambda row: row.week or 0)


def last_week_with_enough(ledger: Ledger, trial: Trial) -> int:
    """The last event week in which every group has enough persons for a verdict; 0 when there is none."""
    enough = trial.follow_up.enough
    by_week: dict[int, list[float]] = {}
    for row in ledger.select(measure=FOLLOWED):
        if row.week is not None:
            by_week.setdefault(row.week, []).append(row.value or 0)
    return max((week for week, counts in by_week.items() if min(counts) >= enough), default=0)


def last_week_shown(ledger: Ledger, trial: Trial, measure_id: str) -> int:
    """The last event week with enough persons whose difference may be shown; 0 when there is none."""
    enough = last_week_with_enough(ledger, trial)
    weeks = [row.week or 0 for row in weekly_rows(ledger, measure_id, "difference") if row.value is not None]
    return max((week for week in weeks if week <= enough), default=0)


def group_of(measure: MeasureSpec, trial: Trial) -> str:
    """The group a measure's shares stand under: its survey, or the treated group."""
    if isinstance(measure.computed, SurveySource):
        return measure.computed.survey
    return trial.groups.treated.id


def level(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str | None = None) -> Estimate:
    """The share or mean of a person or survey measure, in all or in one site."""
    group = group_of(measure, trial)
    return ledger[make_key(measure.id, statistic="mean", group=group, site=site or "")]


def others(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str) -> Estimate:
    """The same number for all other sites."""
    return ledger[make_key(measure.id, statistic="mean", group=group_of(measure, trial), site=others_than(site))]


def by_site(ledger: Ledger, trial: Trial, measure: MeasureSpec) -> list[tuple[str, Estimate]]:
    """Every site with its row, in the trial's order."""
    return [(site, level(ledger, trial, measure, site)) for site in trial.sites.names]
