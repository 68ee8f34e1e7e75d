"""What to compute: the analyses the library knows, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reportlib.trial.base import Identifier, Name, Record, Text
from reportlib.trial.progress import BeforeAfter, Recruitment, Scales
from reportlib.trial.quasi import Cox, Did, Matching, PopulationCounts, SeriesAnalysis, Survival
from reportlib.trial.status import Benchmark, SiteAnswers, SiteSpread, UnitCost


class Weekly(Record):
    """Week by week: share or mean in each group, the difference, and when it begins to last.

    `correction` names the errors of the difference: HC2 (Neyman), or CR2 by site with Satterthwaite degrees of freedom.
    """

    kind: Literal["weekly"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of measures")
    correction: Literal["HC2", "CR2"] = Field("HC2", description="errors of the difference")
    uniform_band: bool = Field(True, description="also a band that holds the whole curve")
    accumulate: bool = Field(False, description="also the running sum of the differences")
    by_site: bool = Field(False, description="also the treated of each site beside those of all others")
    range_from: int = Field(1, ge=1, description="first week of 'between x and y': the smallest and largest difference")


class AtWeek(Record):
    """One week looked at closely: adjusted and stratified differences and the mean among those above zero."""

    kind: Literal["at_week"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of measures")
    week: int = Field(ge=1, description="event week")
    adjust_for: tuple[Name, ...] = Field((), description="background columns of the Lin-adjusted difference")


class Distribution(Record):
    """The distribution of a positive weekly measure in one week, in bands [from, to)."""

    kind: Literal["distribution"] = Field(description="this analysis")
    measure: Identifier = Field(description="id of a measure")
    week: int = Field(ge=1, description="event week")
    bands: tuple[float, ...] = Field(min_length=3, description="limits, ascending")


class Balance(Record):
    """Are the groups alike before entry? Background by group, normalised differences and a joint test."""

    kind: Literal["balance"] = Field(description="this analysis")
    columns: tuple[Name, ...] = Field(min_length=1, description="background columns")


class SiteEffects(Record):
    """The difference in one week, site by site, with multiplicity and shrinkage."""

    kind: Literal["site_effects"] = Field(description="this analysis")
    measure: Identifier = Field(description="id of a measure")
    week: int = Field(ge=1, description="event week")


class Shares(Record):
    """Shares and means of person and survey measures, by group where both are recorded, and by site where asked."""

    kind: Literal["shares"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of measures")
    groups: tuple[Identifier, ...] = Field((), description="groups to show; empty is the treated group")
    by_site: bool = Field(False, description="also by site")
    by_background: Name | None = Field(None, description="a column whose values split the treated group")


class Fidelity(Record):
    """Every component of every element against its target, in all and by site, with green, yellow and red."""

    kind: Literal["fidelity"] = Field(description="this analysis")


class Activity(Record):
    """Units of activity per person by group, for the cost-benefit chapter, and the break-even price per unit gained."""

    kind: Literal["activity"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="person measures that count units of activity")
    gain: Identifier = Field(description="panel measure whose accumulated difference is the gain (ordinary hours)")
    weeks: int = Field(ge=1, description="weeks the gain and the activity are counted over")


class Division(Record):
    """A division of persons into subgroups: by a background column, a 0/1 measure, or an item of a survey.

    Who is in none of the `values` is left out of the division.
    """

    id: Identifier = Field(description="in ledger keys")
    label: Text = Field(description="Danish, definite: det psykiske velbefindende")
    column: Name | None = Field(None, description="a background column of the participants")
    measure: Identifier | None = Field(None, description="a 0/1 person or survey measure; its values are 1 and 0")
    item: Name | None = Field(None, description="an item of the survey that is compared")
    values: dict[Name, Text] = Field(description="value -> the persons in Danish, definite plural, in table order")

    @model_validator(mode="after")
    def _by_one_thing(self) -> Division:
        if sum(way is not None for way in (self.column, self.measure, self.item)) != 1:
            raise ValueError(f"division {self.id}: give one of column, measure and item")
        if len(self.values) < 2:
            raise ValueError(f"division {self.id}: name at least two values")
        return self


class Compare(Record):
    """Shares, means and answers of person or survey measures side by side, with the difference and its test.

    Without `by` the treated and the comparison group; with it the subgroups of a division, in `group` or in all.
    Shares are tested by chi-square or Fisher's exact test, answers by the whole table, means by Welch's test.
    """

    kind: Literal["compare"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of person or survey measures")
    by: Division | None = Field(None, description="the division; empty compares the two groups")
    group: Identifier | None = Field(None, description="only this group's persons, when a division is given")


class Subgroups(Record):
    """Does the difference between the groups differ between subgroups? Differences and the test of the interaction.

    The p-values of the divisions are also adjusted for their number (Holm). In a division into two, the two are also
    compared within each group (`contrast`), which says who does better, not for whom the effort works.
    """

    kind: Literal["subgroups"] = Field(description="this analysis")
    measure: Identifier = Field(description="id of a panel or person measure")
    week: int | None = Field(None, ge=1, description="event week of a panel measure")
    by: tuple[Division, ...] = Field(min_length=1, description="the divisions, looked at together")


class CostBenefit(Record):
    """The accounts of society and of the public purses per randomised person, from the trial's `prices`.

    Each price's measure is a panel measure, summed over the weeks, or a person measure that counts units. The interval
    is drawn from the joint distribution of the differences between the groups.
    """

    kind: Literal["cost_benefit"] = Field(description="this analysis")
    weeks: int = Field(ge=1, description="event weeks counted; years are 52 weeks from entry")
    parameters: Name = Field(description="id of the dated parameter set: 2013, 2023")
    price_range: float = Field(0.25, ge=0, lt=1, description="prices are varied by this share both ways")
    tax_distortion: tuple[float, float] | None = Field(None, description="lowest and highest to try")
    net_tax_factor: tuple[float, float] | None = Field(None, description="lowest and highest to try")
    discount_rate: tuple[float, float] | None = Field(None, description="lowest and highest to try")


AnalysisSpec = Annotated[
    Weekly
    | AtWeek
    | Distribution
    | Balance
    | SiteEffects
    | Shares
    | Fidelity
    | Activity
    | Compare
    | Subgroups
    | CostBenefit
    | Benchmark
    | SiteSpread
    | SiteAnswers
    | UnitCost
    | BeforeAfter
    | Recruitment
    | Scales
    | PopulationCounts
    | Survival
    | Cox
    | Did
    | Matching
    | SeriesAnalysis,
    Field(discriminator="kind"),
]


class Target(Record):
    """From how many per cent a component is green, and from how many yellow; below is red."""

    green: float = Field(gt=0, le=100, description="green from so many per cent")
    yellow: float = Field(ge=0, le=100, description="yellow from so many per cent")


class Component(Record):
    """One part of an element: a share and its target."""

    measure: Identifier = Field(description="id of a measure")
    target: Target = Field(description="when the share is green, yellow or red")


class Element(Record):
    """An element of the intervention whose fidelity is judged."""

    id: Identifier = Field(description="in cross-references")
    number: int = Field(description="its number in the report")
    title: Text = Field(description="its Danish name")
    intention: Text = Field(description="one or two Danish sentences: what the element is meant to do")
    components: tuple[Component, ...] = Field((), description="the shares it is judged by")
