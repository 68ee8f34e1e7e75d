"""Extracts -> ledger, the one door between microdata and reports: trial.yml's analyses, each with its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from reportlib import __version__
from reportlib.analysis import series_rows
from reportlib.analysis.balance_rows import run_balance
from reportlib.analysis.before_after_rows import run_before_after, run_scales
from reportlib.analysis.context import Context
from reportlib.analysis.cost_benefit import account_measure, run_activity, run_cost_benefit, run_unit_cost
from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.quasi_rows import run_did, run_matching
from reportlib.analysis.recruitment import built_in_measures, run_follow_up, run_population_counts, run_recruitment
from reportlib.analysis.series_rows import run_series
from reportlib.analysis.share_rows import run_benchmark, run_fidelity, run_shares, threshold_of
from reportlib.analysis.site_rows import run_site_answers, run_site_effects, run_site_spread
from reportlib.analysis.subgroup_rows import run_compare, run_subgroups
from reportlib.analysis.survival_rows import run_cox, run_survival
from reportlib.analysis.weekly_rows import run_at_week, run_distribution, run_weekly
from reportlib.disclosure.register import Register, made_of
from reportlib.disclosure.threshold import Scale
from reportlib.errors import ReportlibError
from reportlib.estimators.many_comparisons import holm
from reportlib.estimators.questionnaires import SCALES
from reportlib.ledger import Ledger, Measure
from reportlib.ledger.keys import week_label
from reportlib.ledger.table import p_of, tested_row
from reportlib.registers.data import ReadFile, TrialData, name_fit_to_keep
from reportlib.registers.read import read_trial
from reportlib.text.units import Unit
from reportlib.trial.analyses import CostBenefit
from reportlib.trial.dependencies import dependencies, settings
from reportlib.trial.design import PlannedResult
from reportlib.trial.measures import MeasureSpec, Monthly, SurveyMean, SurveyScale, SurveyShare
from reportlib.trial.model import Trial
from reportlib.trial.project import Project
from reportlib.trial.references import rests_on

RUNNERS: dict[str, Callable[[Any, Context], None]] = {
    "weekly": run_weekly,
    "at_week": run_at_week,
    "distribution": run_distribution,
    "balance": run_balance,
    "site_effects": run_site_effects,
    "shares": run_shares,
    "fidelity": run_fidelity,
    "activity": run_activity,
    "benchmark": run_benchmark,
    "site_spread": run_site_spread,
    "site_answers": run_site_answers,
    "unit_cost": run_unit_cost,
    "compare": run_compare,
    "subgroups": run_subgroups,
    "cost_benefit": run_cost_benefit,
    "before_after": run_before_after,
    "recruitment": run_recruitment,
    "scales": run_scales,
    "population_counts": run_population_counts,
    "survival": run_survival,
    "cox": run_cox,
    "did": run_did,
    "matching": run_matching,
    "series": run_series,
}
"""The analyses the library knows, by their `kind` in trial.yml."""


def analyse(trial: Trial, data: TrialData) -> Ledger:
    """Run every analysis of the trial and give the suppressed, finished ledger.

    Raises:
        ReportlibError: an analysis is about nobody, needs a missing extract, or would contradict itself.
    """
    context = run_analyses(trial, data)
    return _finished(context, header(trial, data))


def analyse_before_and_after_disclosure(trial: Trial, data: TrialData) -> tuple[Ledger, Ledger]:
    """The ledger with nothing hidden and all digits, for checks in memory only, and the finished one.

    Raises:
        ReportlibError: as `analyse`.
    """
    context, head = run_analyses(trial, data), header(trial, data)
    return context.ledger.unreleased(head), _finished(context, head)


def _finished(context: Context, head: dict[str, Any]) -> Ledger:
    analyses = context.trial.analyses
    asked = {week for spec in analyses if isinstance(week := getattr(spec, "week", None), int)}
    return context.ledger.build(head, threshold=threshold_of(context), asked_weeks=asked)


def run_analyses(trial: Trial, data: TrialData) -> Context:
    """Everything the analyses of trial.yml make, before anything is hidden."""
    ledger = LedgerBuilder(
        catalogue(trial, data.files),
        level=trial.design.level,
        register=register_of(trial, data),
        data_date=trial.data_date.isoformat(),
    )
    context = Context(trial=trial, data=data, ledger=ledger)
    run_follow_up(context)
    for position, spec in enumerate(trial.analyses, start=1):
        try:
            RUNNERS[spec.kind](spec, context)
        except ReportlibError as error:
            raise error.placed(f"trial.yml, analysis {position} ({spec.kind})") from error.__cause__
    add_corrected(trial, ledger)
    return context


def add_corrected(trial: Trial, ledger: LedgerBuilder) -> None:
    """Add the corrected p-value of every planned result that is not alone in its family. What no analysis computes is
    left out: a text that asks for it says so. It is of the family, and so of no number of persons of its own."""
    for family in trial.planned.families.values() if trial.planned is not None else ():
        _add_family(family, trial, ledger)


def _add_family(family: Iterable[PlannedResult], trial: Trial, ledger: LedgerBuilder) -> None:
    found = [
        tested_row(
            ledger.get,
            result.measure,
            group=trial.group_of(result.measure),
            time=week_label(result.week) if result.week is not None else "",
        )
        for result in family
    ]
    rows = [row for row in found if row is not None]
    if len(rows) < 2:
        return
    alone = [p_of(row, trial.design.level) for row in rows]
    corrected = holm([float("nan") if p is None else p for p in alone])
    for row, p in zip(rows, corrected, strict=True):
        ledger.add(
            made_of(*(one.key for one in rows)),
            measure=row.measure,
            statistic="p_holm",
            unit=Unit.COEFFICIENT,
            group=row.group,
            subgroup=row.subgroup,
            time=row.time,
            value=p,
            p=p,
            method="Holm",
            population=row.population,
            window=row.window,
        )


def register_of(trial: Trial, data: TrialData) -> Register:
    """An empty register of the persons, sheets and areas that the trial's numbers can count."""
    register = Register(len(data.persons), rests_on=rests_on(trial), scales=answer_scales(trial))
    for survey, sheets in data.surveys.items():
        register.add_sheets(survey, sheets["row"].to_numpy())
    for extract, frame in data.series.items():
        register.add_cells(series_rows.units_of(extract), series_rows.weights(frame))
    return register


def answer_scales(trial: Trial) -> dict[str, Scale]:
    """The scale of every measure that is an answer or a score, by id."""
    found = {}
    for measure in trial.measures:
        match measure.computed:
            case SurveyMean(survey=survey, item=item, low=low, high=high):
                shares = {
                    other.id: _numbers_of(other.computed.answers)
                    for other in trial.measures
                    if isinstance(other.computed, SurveyShare)
                    and (other.computed.survey, other.computed.item) == (survey, item)
                }
                found[measure.id] = Scale(low, high, shares=shares)
            case SurveyScale(scale=name, above=None):
                of_items = SCALES[name]
                times = of_items.multiplier
                found[measure.id] = Scale(of_items.low * times, of_items.high * times, times / of_items.items)
    return found


def _numbers_of(answers: Sequence[int | str]) -> frozenset[float]:
    """Those of the answers that are numbers, as a mean reads them: 4 and "4" alike."""
    return frozenset(pd.to_numeric(pd.Series(answers, dtype=object), errors="coerce").dropna().tolist())


def catalogue(trial: Trial, files: Sequence[ReadFile] = ()) -> list[Measure]:
    """The measure catalogue as the ledger stores it: the trial's own measures and the built-in ones.

    The source of a measure of fetched statistics is the table it was fetched from, and when.
    """
    origins = {file.name: file.origin for file in files if file.origin}
    own = [
        Measure(
            id=measure.id,
            label=measure.label,
            unit=measure.unit,
            definition=measure.definition,
            source=_fetched_from(measure, trial, origins) or trial.sources[measure.source].text,
        )
        for measure in trial.measures
    ]
    accounts = [account_measure(trial)] if any(isinstance(spec, CostBenefit) for spec in trial.analyses) else []
    return [*built_in_measures(next(iter(trial.sources.values())).text, trial.design.undertaking), *accounts, *own]


def _fetched_from(measure: MeasureSpec, trial: Trial, origins: dict[str, str]) -> str:
    computed = measure.computed
    return origins.get(trial.extracts.series[computed.extract].file, "") if isinstance(computed, Monthly) else ""


def header(trial: Trial, data: TrialData) -> dict[str, Any]:
    """What the ledger says about itself: trial, inputs by hash, version, seed, and what was read and dropped."""
    return {
        "trial": trial.id,
        "synthetic": trial.synthetic,
        "data_date": trial.data_date.isoformat(),
        "level": trial.design.level,
        "seed": trial.design.seed,
        "threshold": trial.disclosure.threshold,
        "reportlib": __version__,
        "sites": list(trial.sites.names),
        "files": [file.as_counts(trial.disclosure.threshold) for file in data.files],
        "made_of": _made_of(trial, data),
    }


def _made_of(trial: Trial, data: TrialData) -> dict[str, Any]:
    """What moves a number, for `reportlib diff`: settings, most by hash, and which part of trial.yml needs which."""
    told = settings(trial)
    if data.codebook is not None:
        told["extracts.dream.codebook"] = data.codebook.hash[:12]
    return {
        "extracts": {place: name_fit_to_keep(source.file) for place, source in trial.extracts.each()},
        "settings": told,
        "parts": dependencies(trial),
    }


def compute_ledger(project: Project, trial: Trial) -> Ledger:
    """Read the trial's extracts and run its analyses. Nothing is written."""
    return read_and_analyse(project, trial)[0]


def read_and_analyse(project: Project, trial: Trial) -> tuple[Ledger, tuple[ReadFile, ...]]:
    """The ledger, and what was read of each extract, for the screen: notes may quote cells there."""
    data = read_trial(trial, project.trial_folder(trial.id))
    return analyse(trial, data), data.files
