"""A trial: all of trial.yml as one record, what documents look up in it, and its numbers as ones that remember it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger.keys import EVERYONE
from reportlib.text.origin import setting, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import AnalysisSpec, BeforeAfter, Compare, Element, Scales, Subgroups, Target
from reportlib.trial.base import Compared, Identifier, Record, SourceId, Text, rewritten
from reportlib.trial.design import (
    Design,
    Disclosure,
    FollowUp,
    Glossary,
    Group,
    Groups,
    Hypothesis,
    Noun,
    Period,
    Phase,
    Planned,
    Recommendation,
    Sites,
)
from reportlib.trial.extracts import Extracts
from reportlib.trial.jobeffekter import EvidenceBank
from reportlib.trial.measures import CountedMeasure, MeasureSpec, Population, SurveySource
from reportlib.trial.references import faults, measures_in

# Looking things up in a trial for a document: what is not there, or is of another kind, is told by name.


Entry = TypeVar("Entry")
Wanted = TypeVar("Wanted")

FEW_PLACES = 20
"""Fewer clusters than this, and what errors between them say is itself uncertain (benchmarks/rejections.py)."""

PATHS = {"cautious": "Forsigtig", "realistic": "Realistisk", "optimistic": "Optimistisk"}
"""The paths ahead of a recruitment by the name in their statistic."""


class UnknownMeasureError(ReportlibError):
    """A document names a measure that trial.yml does not have."""


class MissingAnalysisError(ReportlibError):
    """A document tells of an analysis that trial.yml does not ask for."""


class WrongMeasureError(ReportlibError):
    """A document asks of a measure what only a measure of another kind can tell."""


class Catalogue(dict[str, Entry]):
    """Entries by id; an unknown id is told with the nearest."""

    def __missing__(self, name: str) -> Entry:
        raise UnknownMeasureError(f"trial.yml has no measure {name!r}", hint=did_you_mean(name, self))


def analysis_of(
    trial: Trial, kind: type[Wanted], about: str = "", holds: Callable[[Wanted], bool] = lambda _: True
) -> Wanted:
    """The trial's first analysis of a kind, among those that hold what a part is `about`.

    Raises:
        MissingAnalysisError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, kind) and holds(spec):
            return spec
    name = getattr(kind, "model_fields")["kind"].annotation.__args__[0]  # noqa: B009 (any record with a kind)
    raise MissingAnalysisError(
        f"trial.yml of {trial.id} has no {name} analysis{f' of {about}' if about else ''}",
        hint=f"add one under `analyses` (kind: {name}), or leave this part out of the document",
    )


def before_after_of(trial: Trial, measure: str) -> BeforeAfter:
    """The analysis that holds the measure after.

    Raises:
        MissingAnalysisError: there is none.
    """
    return analysis_of(trial, BeforeAfter, measure, lambda spec: measure in {pair.after for pair in spec.pairs})


def scales_of(trial: Trial, measure: str) -> Scales:
    """The analysis that holds the measure, also as one of two.

    Raises:
        MissingAnalysisError: there is none.
    """
    return analysis_of(trial, Scales, measure, lambda spec: measure in measures_in(spec))


def compare_of(trial: Trial, measure: str, by: str | None) -> Compare:
    """The `compare` analysis that holds the measure, in the division `by` or, without one, of the two groups.

    Raises:
        MissingAnalysisError: there is none.
    """

    def holds(spec: Compare) -> bool:
        return measure in spec.measures and (spec.by.id if spec.by else None) == by

    return analysis_of(trial, Compare, f"{measure} by {by}" if by else measure, holds)


def parts_of(spec: Compare) -> list[tuple[str, str, str]]:
    """Group, subgroup and name of each part of the division of a `compare` analysis; none where it has no division."""
    group, division = spec.group or EVERYONE, spec.by
    return [(group, f"{division.id}:{value}", name) for value, name in division.values.items()] if division else []


def subgroups_of(trial: Trial, measure: str, week: int | None) -> Subgroups:
    """The `subgroups` analysis of a measure in a week (None: of a measure without weeks).

    Raises:
        MissingAnalysisError: there is none.
    """
    about = f"{measure} in week {week}" if week else measure
    return analysis_of(trial, Subgroups, about, lambda spec: spec.measure == measure and spec.week == week)


def computed_as(measure_id: str, computed: object, kind: type[Wanted]) -> Wanted:
    """How a measure is computed, when it is of `kind`.

    Raises:
        WrongMeasureError: it is of another.
    """
    if isinstance(computed, kind):
        return computed
    wanted = getattr(kind, "model_fields")["kind"].annotation.__args__[0]  # noqa: B009
    raise WrongMeasureError(
        f"{measure_id} is of kind {getattr(computed, 'kind', '?')}, and this part needs one of kind {wanted}",
        hint="name another measure, or leave this part out of the document",
    )


# A trial whose numbers remember where in trial.yml they stand.


_M = TypeVar("_M", bound=BaseModel)


def traced_settings(record: _M) -> _M:
    """The record with the same values, whose numbers print as settings: `elements.jobmaal.number`, `design.level`."""

    def traced(value: Any, place: str, _: bool) -> Any:
        return with_origin(value, setting(place)) if isinstance(value, int | float) else value

    return rewritten(record, traced)


# The whole of trial.yml as one record, with the checks that need more than one part of it.


class Fact(Record):
    """A number or date of the design, typed once here and printed wherever the documents need it."""

    value: float | int | date = Field(description="the number or date")
    unit: Unit = Field(description="what it counts; decides how it prints")
    label: Text = Field(description="Danish: what it is")
    source: SourceId = Field(description="id of one of the trial's sources")

    @field_validator("value", mode="before")
    @classmethod
    def _a_number_or_a_date(cls, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError(f"{value} is neither a number nor a date")
        return value


class Price(Record):
    """A unit price. There are no default prices: year, price level and source must be given.

    Kinds, by what one more unit does: operation uses resources that somebody pays, production makes resources (an hour
    at its labour cost), transfer moves money from a purse to the person, tax moves money to a purse.
    """

    measure: CountedMeasure = Field(description="the measure that counts the units")
    id: Identifier | None = Field(None, description="in ledger keys; default the measure's")
    label: Text | None = Field(None, description="Danish, as in a table; default the measure's")
    kind: Literal["operation", "production", "transfer", "tax"] = Field("operation", description="what a unit does")
    unit: Text = Field("enhed", description="one unit in Danish: samtale, uge, time")
    units: Text | None = Field(None, description="what is counted: Uger i praktik; default the measure's label")
    basis: Literal["factor", "consumer"] = Field("factor", description="without or with taxes on products")
    paid_by: dict[Literal["kommune", "region", "stat", "private"], float] = Field(
        default_factory=dict, description="payer (for a tax: receiver) -> share; the shares add up to 1"
    )
    kr: float = Field(gt=0, description="kroner per unit")
    year: int = Field(ge=1990, le=2100, description="the year the price is from")
    level: Text = Field(description="price level, e.g. 2017-priser")
    source: SourceId = Field(description="id of one of the trial's sources")

    @property
    def key(self) -> str:
        """What the price is called in ledger keys."""
        return self.id or self.measure


class SourceText(Record):
    """A source as it is printed under figures and tables."""

    text: Text = Field(description="after 'Kilde: ', without a full stop; a small first letter unless it is a name")


Address = Annotated[str, Compared(), StringConstraints(pattern=r"^https://[^\s<>\"]+$")]
"""An address on the web; it is never printed."""


class Trial(Record):
    """A trial: everything that is known before the extracts are read."""

    format: Literal[1] = Field(1, description="version of this format")
    id: Identifier = Field(description="the trial's id; also the name of its folder and document")
    title: Text = Field(description="the report's title")
    subtitle: Text = Field(description="the line under the title")
    description: Text = Field(description="one Danish sentence for the file's metadata")
    document_type: Text = Field(description="on the cover: Midtvejsevaluering, Slutrapport")
    commissioner: Text = Field(description="on the cover, after Til")
    evaluator: Text = Field(description="on the cover, after Udarbejdet af")
    evaluator_url: Address | None = Field(None, description="the evaluator's address on the web, named by `--crate`")
    report_date: date = Field(description="the report's date, also in the file's metadata")
    data_date: date = Field(description="the day the extracts were drawn")
    synthetic: bool = Field(description="true: the extracts are made up, and every page of the report says so")
    design: Design = Field(description="how the groups came about, and the level of significance")
    groups: Groups = Field(description="who is compared with whom")
    sites: Sites = Field(description="the municipalities or jobcentres")
    persons: Noun = Field(
        Noun(one="borger", many="borgere", many_definite="borgerne"), description="what a person of any group is called"
    )
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
    reservations: dict[Identifier, Text] = Field(
        default_factory=dict,
        description="Danish: what the reader must bear in mind; `{id}` prints a fact; the summary prints them all",
    )
    prices: tuple[Price, ...] = Field((), description="unit prices for the cost-benefit chapter")
    jobeffekter: EvidenceBank | None = Field(None, description="the results in the words of Jobeffekter.dk")
    planned: Planned | None = Field(None, description="the results that were decided on; the summary leads with them")
    hypotheses: tuple[Hypothesis, ...] = Field((), description="what was expected, and the findings that answer it")
    recommendations: tuple[Recommendation, ...] = Field((), description="what the evaluator recommends")
    glossary: Glossary = Field(default_factory=Glossary, description="one word for each thing")
    phases: tuple[Phase, ...] = Field((), max_length=6, description="the effort in phases, drawn by `figures.phases`")

    @cached_property
    def measure_by_id(self) -> dict[str, MeasureSpec]:
        return Catalogue({measure.id: measure for measure in self.measures})

    @cached_property
    def population_by_id(self) -> dict[str, Population]:
        return {population.id: population for population in self.populations}

    @property
    def targets(self) -> dict[str, Target]:
        """The target of each component, by its measure."""
        return {part.measure: part.target for element in self.elements for part in element.components}

    def group_of(self, measure_id: str) -> str:
        """The group that the levels of a share or an answer stand under: its survey's id, or the treated group."""
        computed = self.measure_by_id[measure_id].computed
        return computed.survey if isinstance(computed, SurveySource) else self.groups.treated.id

    @property
    def few_places(self) -> bool:
        """True where the places are too few for errors that are computed between them to be trusted."""
        return len(self.sites.everywhere) < FEW_PLACES

    @property
    def all_groups(self) -> tuple[Group, ...]:
        """The treated group first, then the comparison group if there is one."""
        return tuple(group for group in (self.groups.treated, self.groups.comparison) if group is not None)

    def number(self, fact: str) -> float:
        """The number of a fact that is no date: of one that an analysis names, it was looked at."""
        value = self.facts[fact].value
        assert not isinstance(value, date)
        return value

    @property
    def every_group(self) -> tuple[Group, ...]:
        """All groups, those of the period before last."""
        return (*self.all_groups, *self.groups.before)

    @model_validator(mode="after")
    def _parts_agree(self) -> Trial:
        if found := faults(self):
            raise ValueError("\n".join(found))
        return self
