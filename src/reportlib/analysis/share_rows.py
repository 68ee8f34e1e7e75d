"""Shares and means of person and survey measures: in all, by site, and among all other sites; held against a published
share of another effort; and as how many sites are green, yellow and red.
"""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Codes, Column, Context
from reportlib.analysis.measure_values import survey_of, survey_values
from reportlib.disclosure.proposals import suppress
from reportlib.disclosure.register import PERSON, Setting, made_of
from reportlib.disclosure.threshold import Threshold
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import others_than
from reportlib.registers.data import FloatArray
from reportlib.text.units import Unit, unit_of_difference
from reportlib.trial.analyses import Benchmark, Component, Fidelity, Light, Shares, light
from reportlib.trial.measures import MeasureSpec

WHOLE_FOLLOW_UP = "hele opfølgningen"


def run_shares(spec: Shares, context: Context) -> None:
    """Add the rows of one `shares` analysis."""
    for measure in context.measures(spec.measures):
        if measure.is_survey:
            add_survey(measure, context, by_site=spec.by_site)
            continue
        for group in spec.groups or (context.trial.groups.treated.id,):
            add_person(measure, context, group=group, by_site=spec.by_site)


def add_person(measure: MeasureSpec, context: Context, *, group: str, by_site: bool) -> None:
    """The rows of a person measure in one group."""
    values = np.where(context.in_group(group), context.person_measure(measure), np.nan)
    context.add_average(measure, values, group=group, window=WHOLE_FOLLOW_UP)
    if by_site:
        _add_sites(measure, context, values, context.site_of_persons, Column(group, "", WHOLE_FOLLOW_UP))


def add_survey(measure: MeasureSpec, context: Context, *, by_site: bool) -> None:
    """The rows of a survey measure; the group is the survey's id and the population its respondents."""
    survey_id = survey_of(measure)
    survey = context.trial.extracts.surveys[survey_id]
    sheets = context.data.surveys[survey_id]
    values = survey_values(measure, context.data)
    if measure.population and survey.person:
        values = _answers_of(measure.population, values, sheets["row"].to_numpy(), context)
    population = context.population_text(measure, survey_id)
    context.add_average(measure, values, units=survey_id, group=survey_id, window="besvarelsen", population=population)
    if by_site and survey.site:
        sites, column = context.site_codes(sheets["site"]), Column(survey_id, "", "besvarelsen")
        _add_sites(measure, context, values, sites, column, units=survey_id, population=population)


def _answers_of(population: str, values: FloatArray, rows: np.ndarray, context: Context) -> FloatArray:
    members = context.members(population)
    inside = np.where(rows >= 0, members[np.maximum(rows, 0)], False)
    return np.where(inside, values, np.nan)


def _add_sites(
    measure: MeasureSpec,
    context: Context,
    values: FloatArray,
    sites: Codes,
    column: Column,
    *,
    units: str = PERSON,
    population: str = "",
) -> None:
    context.add_by_site(measure, values[:, None], sites, [column], units=units, population=population)
    _add_extremes(measure, context, column.group)


def shown_sites(measure: MeasureSpec, context: Context, group: str) -> list[Estimate]:
    """Every site's row as the finished ledger will show it, hidden ones without a value."""
    places = ("", *context.trial.sites.names)
    rows = [context.ledger[make_key(measure.id, statistic="mean", group=group, site=site)] for site in places]
    return suppress(rows, threshold_of(context))[1:]


def _add_extremes(measure: MeasureSpec, context: Context, group: str) -> None:
    """The lowest and the highest value among the sites that are shown."""
    shown = [row for row in shown_sites(measure, context, group) if row.value is not None]
    if not shown:
        return
    for statistic, row in (
        ("lowest_site", min(shown, key=lambda row: row.number)),
        ("highest_site", max(shown, key=lambda row: row.number)),
    ):
        if make_key(row.measure, statistic=statistic, group=row.group) in context.ledger:
            continue
        context.ledger.add(
            made_of(row.key),
            measure=row.measure,
            statistic=statistic,
            group=row.group,
            population=row.population,
            window=row.window,
            value=row.value,
            k=row.k,
            n=row.n,
            method=f"among {len(shown)} sites",
        )


def threshold_of(context: Context) -> Threshold:
    """The trial's disclosure threshold."""
    rule = context.trial.disclosure
    return Threshold(persons=rule.threshold, show_zero=rule.show_zero)


OVER = "over_benchmark"
"""The statistic of a row that says how far a share lies above (or, negative, below) its benchmark."""


def run_benchmark(spec: Benchmark, context: Context) -> None:
    """Add share minus benchmark with the share's own Wilson interval moved by the benchmark.

    The benchmark counts as known: nothing says how many persons it rests on, so its own uncertainty is not in the
    interval.
    """
    group = context.trial.groups.treated.id
    for part in spec.against:
        measure = context.trial.measure_by_id[part.measure]
        add_person(measure, context, group=group, by_site=spec.by_site)
        sites = context.trial.sites.names if spec.by_site else ()
        for site in ("", *sites, *(others_than(site) for site in sites)):
            row = context.ledger[make_key(measure.id, statistic="share", group=group, site=site)]
            _add(row, float(context.trial.number(part.fact)), measure, context)


def _add(row: Estimate, benchmark: float, measure: MeasureSpec, context: Context) -> None:
    def over(value: float | None) -> float | None:
        return None if value is None else value - benchmark

    context.add(
        measure,
        OVER,
        made_of(row.key),
        population=context.population_text(measure, row.group),
        window=WHOLE_FOLLOW_UP,
        unit=unit_of_difference(Unit.PCT, Unit.PCT),
        site=row.site,
        value=over(row.value),
        ci_low=over(row.ci_low),
        ci_high=over(row.ci_high),
        n=row.n,
        method=f"Wilson, the benchmark of {benchmark:g} pct. taken as known",
    )


def run_fidelity(spec: Fidelity, context: Context) -> None:
    """Add shares and counts of sites for every component in the trial's elements.

    A site whose share is hidden has no colour: a colour at a small n would give the share back.
    """
    for element in context.trial.elements:
        for component in element.components:
            _add_component(component, context)


def _add_component(component: Component, context: Context) -> None:
    measure = context.trial.measure_by_id[component.measure]
    group = context.trial.group_of(measure.id)
    if measure.is_survey:
        add_survey(measure, context, by_site=True)
    else:
        add_person(measure, context, group=group, by_site=True)
    counts = dict.fromkeys(Light, 0)
    limits = f"green from {component.target.green:g} pct., yellow from {component.target.yellow:g} pct."
    for row in shown_sites(measure, context, group):
        counts[light(row.value, component.target)] += 1
    for name, count in counts.items():
        told = {"unit": Unit.COUNT, "value": count, "n": len(context.trial.sites.names), "method": limits}
        context.add(measure, f"sites_{name}", Setting("sites by colour"), group=group, window="", **told)
