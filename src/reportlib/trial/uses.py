"""What each kind of analysis uses of trial.yml: measures and what it asks of them, weeks, columns and divisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reportlib.text.units import Unit
from reportlib.trial.analyses import (
    Activity,
    AnalysisSpec,
    AtWeek,
    Balance,
    Compare,
    CostBenefit,
    Distribution,
    Division,
    Shares,
    SiteEffects,
    Subgroups,
    Weekly,
)
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.progress import BeforeAfter, Recruitment, Scales
from reportlib.trial.quasi import (
    Cox,
    Did,
    Matching,
    Monthly,
    SeriesAnalysis,
    Survival,
    TimeTo,
)
from reportlib.trial.status import Benchmark, SiteAnswers, SiteSpread, UnitCost
from reportlib.trial.surveys import SurveyAnswers


@dataclass(frozen=True)
class Need:
    """What a user of a measure asks of it, and how the fault reads when the measure is something else."""

    fault: str
    holds: Callable[[MeasureSpec], bool]


ANY = Need("", lambda measure: True)
PANEL = Need("has no value week by week", lambda measure: measure.is_panel)
HOURS = Need("is not an amount week by week", lambda measure: measure.is_panel and not measure.is_binary)
PERSON = Need("has no value per person", lambda measure: measure.is_person)
SHEET = Need("is neither a value per person nor an answer", lambda measure: measure.is_person or measure.is_survey)
ONE_NUMBER = Need(
    "is not one share or mean per person or answer sheet",
    lambda measure: SHEET.holds(measure) and not isinstance(measure.computed, SurveyAnswers),
)
SHARE = Need(
    "is not a share of persons or answer sheets", lambda measure: ONE_NUMBER.holds(measure) and measure.is_binary
)
PER_CENT = Need("is not in per cent", lambda measure: ONE_NUMBER.holds(measure) and measure.unit is Unit.PCT)
COUNTED = Need("has no value per person or week", lambda measure: measure.is_panel or measure.is_person)
TIME_TO = Need("is not of kind time_to", lambda measure: isinstance(measure.computed, TimeTo))
MONTHLY = Need("is not of kind monthly", lambda measure: isinstance(measure.computed, Monthly))


def measures_of(analysis: AnalysisSpec) -> list[tuple[Iterable[str | None], Need]]:
    """The measures an analysis names, with what it asks of them."""
    match analysis:
        case Weekly() | AtWeek():
            return [(analysis.measures, PANEL)]
        case SiteEffects():
            return [([analysis.measure], PANEL)]
        case Distribution():
            return [([analysis.measure], HOURS)]
        case Shares():
            return [(analysis.measures, ONE_NUMBER)]
        case Compare():
            return [(analysis.measures, SHEET)]
        case Subgroups():
            return [([analysis.measure], PANEL if analysis.week is not None else PERSON)]
        case Activity():
            return [(analysis.measures, PERSON), ([analysis.gain], PANEL)]
        case SiteSpread():
            return [(analysis.measures, SHARE)]
        case BeforeAfter():
            return [(analysis.measures, PERSON)]
        case Scales():
            return [(analysis.all_measures, SHEET)]
        case Survival():
            return [(analysis.measures, TIME_TO)]
        case Cox():
            return [([analysis.measure], TIME_TO), (analysis.strata, PERSON)]
        case Did():
            return [(analysis.measures, PANEL), ([*analysis.bands, *analysis.exact], PERSON)]
        case Matching():
            return [([*analysis.measures, *analysis.covariates], PERSON)]
        case SeriesAnalysis():
            return [(analysis.measures, MONTHLY)]
        case Benchmark() | SiteAnswers() | UnitCost() | Recruitment():
            return [(analysis.measures, ANY)]  # the analysis itself says what it cannot use
        case _:
            return []


def weeks_of(analysis: AnalysisSpec) -> list[tuple[str, int | None]]:
    """(key, event week) of the weeks an analysis looks at."""
    match analysis:
        case AtWeek() | Distribution() | SiteEffects() | Subgroups():
            return [("week", analysis.week)]
        case Weekly():
            return [("range_from", analysis.range_from)]
        case Activity() | CostBenefit() | Survival():
            return [("weeks", analysis.weeks)]
        case Did():
            return [("weeks", analysis.weeks), ("look_at", analysis.look_at)]
        case Cox():
            return [("split_week", analysis.split_week)]
        case _:
            return []


def columns_of(analysis: AnalysisSpec) -> Iterable[str | None]:
    """The background columns an analysis names."""
    match analysis:
        case Balance() | Matching():
            return analysis.columns
        case AtWeek() | Cox() | Did():
            return analysis.adjust_for
        case Shares():
            return [analysis.by_background]
        case _:
            return []


def divisions_of(analysis: AnalysisSpec) -> tuple[Division, ...]:
    """The divisions into subgroups that an analysis names."""
    match analysis:
        case Compare():
            return (analysis.by,) if analysis.by else ()
        case Subgroups():
            return analysis.by
        case _:
            return ()
