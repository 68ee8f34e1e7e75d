"""The whole of trial.yml as one record, with the checks that need more than one part of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from reportlib.errors import did_you_mean
from reportlib.trial.analyses import (
    Activity,
    AnalysisSpec,
    AtWeek,
    Compare,
    Distribution,
    Division,
    Element,
    Shares,
    SiteEffects,
    Subgroups,
    Weekly,
)
from reportlib.trial.base import Identifier, Record
from reportlib.trial.design import Design, Disclosure, FollowUp, Group, Groups, Period, Sites
from reportlib.trial.extracts import Extracts
from reportlib.trial.measures import (
    Before,
    Combined,
    EventInWeek,
    Ever,
    HoursChange,
    HoursProgression,
    MeanOfWeeks,
    MeasureSpec,
    Population,
    RecordedWeekly,
    Run,
    RunningTotal,
    ShareOfWeeks,
    SurveyAnswers,
    SurveyAtLeast,
    SurveyMean,
    SurveyScale,
    SurveyShare,
    WeeksWith,
)
from reportlib.trial.progress import BeforeAfter, Recruitment, Scales
from reportlib.trial.quasi import (
    ChangeFromStart,
    Cox,
    Did,
    Matching,
    Monthly,
    SeriesAnalysis,
    Survival,
    TimeTo,
    UnbrokenBefore,
    ValueInWeek,
)
from reportlib.trial.status import Benchmark, SiteAnswers, SiteSpread, UnitCost
from reportlib.units import Unit


class Fact(Record):
    """A number or date of the design, typed once here and printed wherever the documents need it."""

    value: float | int | date = Field(description="the number or date")
    unit: Unit = Field(description="what it counts; decides how it prints")
    label: str = Field(description="Danish: what it is")
    source: Identifier = Field(description="id of one of the trial's sources")


class Price(Record):
    """A unit price. There are no default prices: year, price level and source must be given.

    Kinds, by what one more unit does: operation uses resources that somebody pays, production makes resources (an hour
    at its labour cost), transfer moves money from a purse to the person, tax moves money to a purse.
    """

    measure: Identifier = Field(description="the measure that counts the units")
    id: Identifier | None = Field(None, description="in ledger keys; default the measure's")
    label: str | None = Field(None, description="Danish, as in a table; default the measure's")
    kind: Literal["operation", "production", "transfer", "tax"] = Field("operation", description="what a unit does")
    unit: str = Field("enhed", description="one unit in Danish: samtale, uge, time")
    units: str | None = Field(None, description="what is counted: Uger i praktik; default the measure's label")
    basis: Literal["factor", "consumer"] = Field("factor", description="without or with taxes on products")
    paid_by: dict[Literal["kommune", "region", "stat", "private"], float] = Field(
        default_factory=dict, description="payer (for a tax: receiver) -> share; the shares add up to 1"
    )
    kr: float = Field(gt=0, description="kroner per unit")
    year: int = Field(ge=1990, le=2100, description="the year the price is from")
    level: str = Field(description="price level, e.g. 2017-priser")
    source: Identifier = Field(description="id of one of the trial's sources")

    @property
    def key(self) -> str:
        """What the price is called in ledger keys."""
        return self.id or self.measure


class SourceText(Record):
    """A source as it is printed under figures and tables."""

    text: str = Field(description="after 'Kilde: ', without a full stop")


class Trial(Record):
    """A trial: everything that is known before the extracts are read."""

    format: Literal[1] = Field(1, description="version of this format")
    id: Identifier = Field(description="the trial's id; also the name of its folder and document")
    title: str = Field(description="the report's title")
    subtitle: str = Field(description="the line under the title")
    description: str = Field(description="one Danish sentence for the file's metadata")
    document_type: str = Field(description="on the cover: Midtvejsevaluering, Slutrapport")
    commissioner: str = Field(description="on the cover, after Til")
    evaluator: str = Field(description="on the cover, after Udarbejdet af")
    report_date: date = Field(description="the report's date, also in the file's metadata")
    data_date: date = Field(description="the day the extracts were drawn")
    synthetic: bool = Field(description="true: the extracts are made up, and every page of the report says so")
    design: Design = Field(description="how the groups came about, and the level of significance")
    groups: Groups = Field(description="who is compared with whom")
    sites: Sites = Field(description="the municipalities or jobcentres")
    period: Period = Field(description="when persons could enter")
    follow_up: FollowUp = Field(description="how long persons are followed")
    disclosure: Disclosure = Field(Disclosure(), description="when a number is hidden")
    extracts: Extracts = Field(description="the files and their columns")
    sources: dict[Identifier, SourceText] = Field(
        description="id -> what stands after Kilde; the first is the participants'"
    )
    measures: tuple[MeasureSpec, ...] = Field(description="the measure catalogue")
    populations: tuple[Population, ...] = Field((), description="named subsets of persons")
    elements: tuple[Element, ...] = Field((), description="the elements whose fidelity is judged")
    analyses: tuple[AnalysisSpec, ...] = Field(description="what to compute")
    facts: dict[Identifier, Fact] = Field(
        default_factory=dict, description="numbers of the design that documents print"
    )
    prices: tuple[Price, ...] = Field((), description="unit prices for the cost-benefit chapter")

    @cached_property
    def measure_by_id(self) -> dict[str, MeasureSpec]:
        return {measure.id: measure for measure in self.measures}

    @cached_property
    def population_by_id(self) -> dict[str, Population]:
        return {population.id: population for population in self.populations}

    @property
    def all_groups(self) -> tuple[Group, ...]:
        """The treated group first, then the comparison group if there is one."""
        return tuple(group for group in (self.groups.treated, self.groups.comparison) if group is not None)

    @property
    def every_group(self) -> tuple[Group, ...]:
        """All groups, those of the period before last."""
        return (*self.all_groups, *self.groups.before)

    @model_validator(mode="after")
    def _references_exist(self) -> Trial:
        measures, sources = set(self.measure_by_id), set(self.sources)
        groups = {group.id for group in self.every_group}
        _no_twins("measure", [measure.id for measure in self.measures])
        _no_twins("population", [population.id for population in self.populations])
        for measure in self.measures:
            place = f"measure {measure.id}"
            _known(place, "source", [measure.source], sources)
            _known(place, "population", [measure.population or ""], {*self.population_by_id, ""})
            self._check_source_of(measure, measures)
        for population in self.populations:
            place = f"population {population.id}"
            _known(place, "group", [population.group or ""], {*groups, ""})
            _known(place, "measure", [population.having or "", population.without or ""], {*measures, ""})
        for position, analysis in enumerate(self.analyses, start=1):
            place = f"analysis {position} ({analysis.kind})"
            _known(place, "measure", _measures_of(analysis), measures)
            if isinstance(analysis, Shares):
                _known(place, "group", analysis.groups, groups)
            if isinstance(analysis, Benchmark | UnitCost | Recruitment):
                _known(place, "fact", analysis.facts_used, set(self.facts))
            if isinstance(analysis, Compare):
                _known(place, "group", [analysis.group or ""], {*groups, ""})
            for division in _divisions_of(analysis):
                at = f"{place}, division {division.id}"
                _known(at, "measure", [division.measure] if division.measure else [], measures)
                columns = set(self.extracts.participants.background)
                _known(at, "background column", [division.column] if division.column else [], columns)
        for element in self.elements:
            _known(f"element {element.id}", "measure", [part.measure for part in element.components], measures)
        _no_twins("price", [price.key for price in self.prices])
        for price in self.prices:
            _known(f"price of {price.measure}", "measure", [price.measure], measures)
            _known(f"price of {price.measure}", "source", [price.source], sources)
        for name, fact in self.facts.items():
            _known(f"fact {name}", "source", [fact.source], sources)
        if (self.period.before_first is None) != (not self.groups.before):
            raise ValueError("groups of the period before need period.before_first and before_last, and the reverse")
        if self.design.random_allocation and self.groups.comparison is None:
            raise ValueError("a randomised design needs groups.comparison")
        return self

    def _check_source_of(self, measure: MeasureSpec, measures: set[str]) -> None:
        computed, place = measure.computed, f"measure {measure.id}"
        match computed:
            case Run() | Ever() | Before():
                _known(place, "measure", computed.of, measures)
            case Combined():
                _known(place, "measure", [*computed.of, *computed.without], measures)
            case EventInWeek():
                _known(place, "measure", [computed.among] if computed.among else [], measures)
            case WeeksWith() | HoursProgression() | HoursChange() | MeanOfWeeks() | ShareOfWeeks() | RunningTotal():
                _known(place, "measure", [computed.measure], measures)
            case SurveyShare() | SurveyMean() | SurveyAnswers():
                _known(place, "survey", [computed.survey], set(self.extracts.surveys))
                _known(place, "item", [computed.item], set(self.extracts.surveys[computed.survey].items))
            case SurveyScale() | SurveyAtLeast():
                _known(place, "survey", [computed.survey], set(self.extracts.surveys))
                _known(place, "item", computed.items, set(self.extracts.surveys[computed.survey].items))
            case RecordedWeekly():
                _known(place, "weekly extract", [computed.extract], set(self.extracts.weekly))
            case ChangeFromStart() | ValueInWeek() | UnbrokenBefore():
                _known(place, "measure", [computed.measure], measures)
            case TimeTo():
                _known(place, "measure", [computed.state, computed.event], measures)
            case Monthly():
                _known(place, "series extract", [computed.extract], set(self.extracts.series))
            case _:
                pass


def _measures_of(analysis: AnalysisSpec) -> list[str]:
    match analysis:
        case Weekly() | AtWeek() | Shares() | Compare():
            return list(analysis.measures)
        case Activity():
            return [*analysis.measures, analysis.gain]
        case Benchmark() | SiteSpread() | SiteAnswers() | UnitCost() | BeforeAfter() | Recruitment():
            return list(analysis.measures)
        case Scales():
            return list(analysis.all_measures)
        case Distribution() | SiteEffects() | Subgroups():
            return [analysis.measure]
        case Survival() | SeriesAnalysis():
            return list(analysis.measures)
        case Cox():
            return [analysis.measure, *analysis.strata]
        case Did():
            return [*analysis.measures, *analysis.bands, *analysis.exact]
        case Matching():
            return [*analysis.measures, *analysis.covariates]
        case _:
            return []


def _divisions_of(analysis: AnalysisSpec) -> tuple[Division, ...]:
    match analysis:
        case Compare():
            return (analysis.by,) if analysis.by else ()
        case Subgroups():
            return analysis.by
        case _:
            return ()


def _known(place: str, what: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, sorted(known - {""}))
            raise ValueError(f"{place}: unknown {what} {name!r}" + (f" ({hint})" if hint else ""))


def _no_twins(what: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{what} defined twice: {', '.join(twice)}")
