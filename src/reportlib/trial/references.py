"""What one part of trial.yml says of another: every name must be known, and what an analysis needs must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from reportlib.errors import did_you_mean
from reportlib.ledger.keys import BUILT_IN, COST_BENEFIT, DIFFERENCE, EVERYONE
from reportlib.text.units import Unit
from reportlib.trial.analyses import (
    Activity,
    AnalysisSpec,
    Benchmark,
    Compare,
    CostBenefit,
    Division,
    Fidelity,
    Recruitment,
    Scales,
    Subgroups,
    UnitCost,
    Weekly,
)
from reportlib.trial.base import FACT, FACT_IN_TEXT, EventWeek, NameOf, Need, named
from reportlib.trial.extracts import BackgroundKind, Dream, MonthlySeries, Participants, Survey, WeeklyOutcome
from reportlib.trial.measures import (
    Combined,
    DreamShare,
    HoursPerWeek,
    MeasureSpec,
    PanelMeasure,
    PersonMeasure,
    SurveyAnswers,
    SurveySource,
)
from reportlib.trial.municipality import folded

if TYPE_CHECKING:
    from reportlib.trial.model import Trial


def measures_in(part: BaseModel) -> tuple[str, ...]:
    """The measures that a part of trial.yml names."""
    return tuple(name for _, mark, names in named(part) if isinstance(mark, Need) for name in names)


def facts_in(part: BaseModel) -> tuple[str, ...]:
    """The facts that a part of trial.yml names."""
    return tuple(name for _, mark, names in named(part) if mark == FACT for name in names)


def divisions_of(analysis: AnalysisSpec) -> tuple[Division, ...]:
    """The divisions into subgroups that an analysis names."""
    by = analysis.by if isinstance(analysis, Compare | Subgroups) else None
    return by if isinstance(by, tuple) else (by,) if by else ()


# What the parts of trial.yml say of each other: every name exists, and every measure is of a kind its user can use.


_FACTS_IN = {Benchmark: Unit.PCT, UnitCost: Unit.KR, Recruitment: Unit.COUNT}
_SUBGROUPS = {True: get_args(PanelMeasure)[-1], False: get_args(PersonMeasure)[-1]}
"""What an analysis of subgroups needs of its measure, in a week and without one."""
_RESERVED_MEASURES = (*BUILT_IN, COST_BENEFIT)
_RESERVED_GROUPS = (DIFFERENCE, EVERYONE)


def faults(trial: Trial) -> list[str]:
    """Everything that is wrong between the parts of trial.yml: where, what, and what was probably meant."""
    return [
        *_names(trial),
        *_dates(trial),
        *(fault for measure in trial.measures for fault in _measure(measure, trial)),
        *_circles(trial),
        *_populations(trial),
        *(
            fault
            for position, analysis in enumerate(trial.analyses, start=1)
            for fault in _analysis(f"analysis {position} ({analysis.kind})", analysis, trial)
        ),
        *_elements_prices_facts(trial),
        *_planned(trial),
        *_own_numbers(trial),
        *_design(trial),
    ]


def _unknown(place: str, what: str, names: Iterable[str | None], known: Iterable[str]) -> Iterator[str]:
    known = list(known)
    for name in names:
        if name and name not in known:
            hint = did_you_mean(name, sorted(known))
            yield f"{place}: unknown {what} {name!r}" + (f" ({hint})" if hint else "")


def _named(place: str, part: BaseModel, trial: Trial) -> Iterator[str]:
    """Names of what does not exist, measures of another kind than is needed, and weeks after the last."""
    for field, mark, names in named(part):
        if isinstance(mark, EventWeek):
            if names[0] > trial.follow_up.weeks:
                yield f"{place}: {field} is {names[0]}, but follow_up.weeks is {trial.follow_up.weeks}"
        elif isinstance(mark, NameOf):
            yield from _unknown(place, mark.what, names, mark.known(trial))
        else:
            yield from _unknown(place, "measure", names, trial.measure_by_id)
            yield from _unfit(place, names, mark, trial)


def _unfit(place: str, names: Iterable[str], need: Need, trial: Trial) -> Iterator[str]:
    """Measures that are not of the kind that is needed."""
    for name in names:
        measure = trial.measure_by_id.get(name)
        if measure is not None and not need.holds(measure):
            yield f"{place}: {name} {need.fault} (it is of kind {measure.computed.kind}, unit {measure.unit})"


def _columns(place: str, names: Iterable[str | None], trial: Trial) -> Iterator[str]:
    yield from _unknown(place, "background column", names, trial.extracts.participants.background)


def _twins(what: str, names: list[str]) -> Iterator[str]:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"{what} defined twice: {', '.join(twice)}"


def _names(trial: Trial) -> Iterator[str]:
    yield from _twins("measure", [measure.id for measure in trial.measures])
    yield from _twins("population", [population.id for population in trial.populations])
    yield from _twins("element", [element.id for element in trial.elements])
    yield from _twins("price", [price.key for price in trial.prices])
    yield from _twins("group", [group.id for group in trial.every_group])
    yield from _twins("value of a group", [folded(group.value) for group in trial.every_group])
    for what, names, taken in (
        ("measure", [measure.id for measure in trial.measures], _RESERVED_MEASURES),
        ("group", [group.id for group in trial.every_group], _RESERVED_GROUPS),
    ):
        for name in names:
            if name in taken:
                yield f"{what} {name}: this id is the library's own, choose another"
    yield from _columns("extracts.participants.background_units", trial.extracts.participants.background_units, trial)
    own = trial.extracts.participants
    yield from _columns("extracts.participants.background_kinds", own.background_kinds, trial)
    yield from _columns("extracts.participants.background_values", own.background_values, trial)
    for name in set(own.background_units) & set(own.background_kinds):
        if own.background_kinds[name] not in (BackgroundKind.NUMBER, BackgroundKind.DATE):
            yield f"extracts.participants.background_units: {name} has a unit, and is declared a column without numbers"
    yield from _without_effect(trial)
    if (hours := trial.extracts.paid_hours) is not None and hours.not_ordinary and trial.extracts.dream is None:
        yield "extracts.paid_hours.not_ordinary: names groups of DREAM, but extracts.dream is not given"
    if not trial.sources:
        yield "sources: name at least one, the source of the participants"


# Keys that every extract may have by its type, and the kinds of extract in which they mean nothing.
_MEANINGLESS = {
    "duplicates": ((Participants, Dream, WeeklyOutcome, MonthlySeries), "two records of one are always refused"),
    "coverage": ((Participants, Dream, WeeklyOutcome, MonthlySeries), "everybody must have a record"),
    "gaps": ((Participants, WeeklyOutcome, Survey), "its records have no dates"),
    "alike": ((MonthlySeries,), "its records are not of persons"),
}


def _without_effect(trial: Trial) -> Iterator[str]:
    """Declarations that would be passed over in silence."""
    for place, source in trial.extracts.each():
        for key, (kinds, why) in _MEANINGLESS.items():
            if getattr(source, key) == type(source).model_fields[key].get_default():
                continue
            if isinstance(source, Survey) and source.person is None and key != "gaps":
                yield f"extracts.{place}: `{key}` has no meaning there, its sheets are not of persons (set `person`)"
            elif isinstance(source, kinds):
                yield f"extracts.{place}: `{key}` has no meaning there, {why}"
        for gap in source.gaps:
            yield from _unknown(f"extracts.{place}, gap", "site", [gap.site], trial.sites.everywhere)
        if isinstance(source, MonthlySeries) and source.fetch is not None:
            named = [*source.fetch.areas, *source.fetch.without]
            yield from _unknown(f"extracts.{place}, fetch", "site", named, trial.sites.everywhere)


def _dates(trial: Trial) -> Iterator[str]:
    if trial.data_date < trial.follow_up.last_day:
        yield f"data_date ({trial.data_date}) lies before follow_up.last_day ({trial.follow_up.last_day})"
    if trial.report_date < trial.data_date:
        yield f"report_date ({trial.report_date}) lies before data_date ({trial.data_date})"


def _planned(trial: Trial) -> Iterator[str]:
    """A planned result needs its measure, and a week where it has one; a recommendation what bears it."""
    lights = {part.measure for element in trial.elements for part in element.components}
    resting = [
        *((f"recommendation {one.title!r}", one.bears) for one in trial.recommendations),
        *((f"hypothesis {one.expected!r}", one.bears) for one in trial.hypotheses),
        *((f"element {one.id}", one.bears) for one in trial.elements),
    ]
    for place, bears in resting:
        for name, wanted in bears.items():
            yield from _unknown(place, "measure", [name.split(".")[0]], trial.measure_by_id)
            if wanted in ("green", "yellow", "red") and name not in lights:
                yield f"{place}: {name} has no light; only a measure of the elements has a target"
    if trial.planned is None:
        return
    yield from _unknown("planned", "source", [trial.planned.source], trial.sources)
    for result in trial.planned.results:
        place = f"planned result {result.measure}"
        yield from _named(place, result, trial)
        measure = trial.measure_by_id.get(result.measure)
        if measure is not None and measure.is_panel and result.week is None:
            yield f"{place}: it has a value week by week; say in which `week` the result is read"
        if measure is not None and not measure.is_panel and result.week is not None:
            yield f"{place}: it has no value week by week; leave `week` out"


def _own_numbers(trial: Trial) -> Iterator[str]:
    """Each site's numbers need their measures, and a week where they have a value week by week."""
    own = trial.sites.own
    if own is None:
        return
    yield from _named("sites: own", own, trial)
    for name in own.measures:
        measure = trial.measure_by_id.get(name)
        if measure is not None and measure.is_panel and own.week is None:
            yield f"sites: own: {name} has a value week by week; say in which `week` it is read"


def _measure(measure: MeasureSpec, trial: Trial) -> Iterator[str]:
    computed, place = measure.computed, f"measure {measure.id}"
    yield from _named(place, measure, trial)
    if measure.counts_zero_or_one and measure.unit is not Unit.PCT:
        yield f"{place}: {computed.kind} is 0 or 1 for each, so its unit is pct, not {measure.unit}"
    if measure.counts_amounts and measure.unit is Unit.PCT:
        yield f"{place}: {computed.kind} is an amount and not 0 or 1, so its unit cannot be pct"
    if (extract := _extract_of(computed)) and getattr(trial.extracts, extract) is None:
        yield f"{place}: {computed.kind} is computed from {extract}, but extracts.{extract} is not given"
    yield from _named(place, computed, trial)
    if isinstance(computed, Combined) and not computed.of and not computed.without:
        yield f"{place}: name measures in `of` or `without`"
    if isinstance(computed, SurveySource):
        items = [computed.item] if hasattr(computed, "item") else computed.items
        yield from _items(place, computed.survey, items, trial)


def _extract_of(computed: object) -> str | None:
    """The extract without a name of its own that a measure is computed from: a survey or series is named by its id."""
    if isinstance(computed, DreamShare):
        return "dream"
    return "paid_hours" if isinstance(computed, HoursPerWeek) else "casework" if hasattr(computed, "events") else None


def _items(place: str, survey: str, items: Iterable[str], trial: Trial) -> Iterator[str]:
    if survey in trial.extracts.surveys:
        yield from _unknown(place, "item", items, trial.extracts.surveys[survey].items)


def rests_on(trial: Trial) -> dict[str, frozenset[str]]:
    """For each measure what of the extracts it is made of, by itself, through others and through its population.

    Who is counted in one of two measures that share a part may be counted in the other by definition.
    """
    conditions = {each.id: (each.having, each.without) for each in trial.populations}

    def parts(name: str) -> Iterator[str]:
        measure = trial.measure_by_id[name]
        computed = measure.computed
        survey = getattr(computed, "survey", "")
        named = [getattr(computed, each, ()) for each in ("groups", "events", "items", "item", "column", "extract")]
        own = [part for each in named for part in ((each,) if isinstance(each, str) else each)]
        below = measures_in(computed)
        yield from (f"{survey}.{part}" for part in own or ([] if below else [computed.kind]))
        for other in (*below, *conditions.get(measure.population or "", ())):
            if other is not None:
                yield from parts(other)

    return {measure.id: frozenset(parts(measure.id)) for measure in trial.measures}


def _circles(trial: Trial) -> Iterator[str]:
    """Measures that are made of themselves, perhaps through others."""
    for measure in trial.measures:
        reached: set[str] = set()
        pending = list(measures_in(measure.computed))
        while pending:
            name = pending.pop()
            if name not in reached and name in trial.measure_by_id:
                reached.add(name)
                pending += measures_in(trial.measure_by_id[name].computed)
        if measure.id in reached:
            yield f"measure {measure.id}: is made of itself"


def _populations(trial: Trial) -> Iterator[str]:
    for population in trial.populations:
        place = f"population {population.id}"
        yield from _named(place, population, trial)
        for name in (population.having, population.without):
            measure = trial.measure_by_id.get(name or "")
            if measure is not None and measure.is_person and not measure.is_binary:
                yield f"{place}: {name} is not 0 or 1 for each person (unit {measure.unit})"


def _analysis(place: str, analysis: AnalysisSpec, trial: Trial) -> Iterator[str]:
    yield from _named(place, analysis, trial)
    for division in divisions_of(analysis):
        yield from _division(f"{place}, division {division.id}", division, analysis, trial)
    match analysis:
        case Subgroups():
            yield from _unfit(place, [analysis.measure], _SUBGROUPS[analysis.week is not None], trial)
        case Benchmark() | UnitCost() | Recruitment():
            whole, unit = isinstance(analysis, Recruitment), _FACTS_IN[type(analysis)]
            for name in facts_in(analysis):
                fact = trial.facts.get(name)
                if fact is not None and (fact.unit is not unit or (whole and not isinstance(fact.value, int))):
                    yield (
                        f"{place}: the fact {name} is {fact.value} ({fact.unit}), and a"
                        f" {'whole ' if whole else ''}number in the unit {unit} is needed"
                    )
        case Scales():
            yield from _numbers_sheets(place, analysis, trial)
        case CostBenefit() if not trial.prices:
            yield f"{place}: there are no prices; list them under `prices` with year, level and source"
        case CostBenefit() if not any(one.kind in ("operation", "production") for one in trial.prices):
            yield (
                f"{place}: all prices are transfers or taxes, which move money and use none; give the price of an"
                " operation (what the effort costs) or of a production (what an hour's work is worth)"
            )
        case Fidelity() if not trial.elements:
            yield f"{place}: there are no elements to judge; list them under `elements`"
        case Activity() if not any(
            isinstance(other, Weekly) and other.accumulate and analysis.gain in other.measures
            for other in trial.analyses
        ):
            yield f"{place}: the gain {analysis.gain} needs a weekly analysis with `accumulate: true`"
        case _:
            pass


def _numbers_sheets(place: str, analysis: Scales, trial: Trial) -> Iterator[str]:
    """The measure that counts numbers the sheets of persons, and the others are answers on the same sheets."""
    counts = trial.measure_by_id.get(analysis.counts)
    if counts is None:
        return
    if not isinstance(counts.computed, SurveyAnswers):
        yield f"{place}: {counts.id} does not number sheets; compute it from `survey_answers`"
        return
    if list(counts.computed.answers) != [str(at) for at in range(1, len(counts.computed.answers) + 1)]:
        yield f"{place}: the answers of {counts.id} must be 1, 2, ... in order"
    survey = trial.extracts.surveys.get(counts.computed.survey)
    if survey is not None and survey.person is None:
        yield f"{place}: the survey {counts.computed.survey} does not say whose a sheet is; set its `person`"
    for name in analysis.measures:
        measure = trial.measure_by_id.get(name)
        if measure is not None and getattr(measure.computed, "survey", "") != counts.computed.survey:
            yield f"{place}: {name} and {counts.id} are of different surveys"


def _division(place: str, division: Division, analysis: AnalysisSpec, trial: Trial) -> Iterator[str]:
    yield from _named(place, division, trial)
    if division.item is None:
        return
    if not isinstance(analysis, Compare):
        yield f"{place}: an item divides answer sheets, and this analysis is about persons; give a column or a measure"
        return
    for name in analysis.measures:
        measure = trial.measure_by_id.get(name)
        if measure is not None and (survey := getattr(measure.computed, "survey", None)) is not None:
            yield from _items(place, survey, [division.item], trial)
        elif measure is not None:
            yield f"{place}: an item divides answer sheets, and {name} is about persons"


def _elements_prices_facts(trial: Trial) -> Iterator[str]:
    for element in trial.elements:
        yield from _named(f"element {element.id}", element, trial)
    for price in trial.prices:
        yield from _named(f"price of {price.measure}", price, trial)
    for name, fact in trial.facts.items():
        yield from _named(f"fact {name}", fact, trial)
        if isinstance(fact.value, date) != (fact.unit is Unit.DATE):
            yield f"fact {name}: a date has the unit date and a number another, and this is {fact.value} ({fact.unit})"
    for name, text in trial.reservations.items():
        yield from _unknown(f"reservation {name}", "fact", FACT_IN_TEXT.findall(text), trial.facts)


def _design(trial: Trial) -> Iterator[str]:
    if (trial.period.before_first is None) != (not trial.groups.before):
        yield "groups of the period before need period.before_first and before_last, and the reverse"
    if trial.design.random_allocation and trial.groups.comparison is None:
        yield "a randomised design needs groups.comparison"
    if trial.groups.comparison is None:
        alone = {"balance", "site_effects", "subgroups", "activity", "cost_benefit", "did", "matching", "cox"}
        for position, analysis in enumerate(trial.analyses, start=1):
            if analysis.kind in alone:
                yield f"analysis {position} ({analysis.kind}): compares groups, and groups.comparison is not given"
