"""What is analysed: a record for each kind of analysis in trial.yml, with the targets that shares are held against."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reportlib.danish import round_half_up
from reportlib.trial.base import Column, FactId, GroupId, Identifier, MeasureId, Name, PopulationId, Record, Text, Week
from reportlib.trial.design import Bears
from reportlib.trial.measures import (
    EventMeasure,
    MonthlyMeasure,
    OneNumber,
    PanelMeasure,
    PerCent,
    PersonMeasure,
    PersonShare,
    SheetMeasure,
    SurveyMeasure,
    TimeMeasure,
    WeeklyAmount,
)

# Analyses of how it goes for the persons of an effort, without anybody to compare with: before and after,
# recruitment, and measurements repeated along the way.


class BeforeAfterPair(Record):
    """One thing measured twice in the same persons."""

    before: PersonMeasure = Field(description="id of the person measure before entry")
    after: PersonMeasure = Field(description="id of the person measure after entry; its id stands in the keys")


class BeforeAfter(Record):
    """The same persons before and after entry: both levels, the change with interval and test, and who changed.

    A change is what happened in the time between, whatever the cause. Counts persons with both measurements. Shares
    are tested by McNemar's test (mid-p), means by the paired t test.
    """

    kind: Literal["before_after"] = Field(description="this analysis")
    pairs: tuple[BeforeAfterPair, ...] = Field(min_length=1, description="what is measured before and after")
    before_window: Text = Field(description="Danish: the weeks before, as they stand in a note")
    after_window: Text = Field(description="Danish: the weeks after")
    by_site: bool = Field(False, description="also the levels of each site and of all others")


class Recruitment(Record):
    """How many persons have reached an event week by week, what is to be expected if the pace lasts, and what for.

    The weeks are counted back from the last day of casework, so that the last one is whole; week 1 holds the first day
    of the trial's period. Paths and interval are those of a pace known from the latest weeks only.
    """

    kind: Literal["recruitment"] = Field(description="this analysis")
    measure: EventMeasure = Field(description="a 0/1 person measure of the event: an `event_ever`")
    milestone: FactId = Field(description="id of the fact with the number of persons planned by now")
    needed: FactId = Field(description="id of the fact with the number of persons needed")
    until: date = Field(description="last day of the forecast")
    latest: int = Field(26, ge=4, description="so many of the latest weeks tell the pace")
    outcome: PersonShare | None = Field(None, description="a 0/1 person measure whose share stands for those without")
    power: float = Field(0.8, gt=0, lt=1, description="the wanted probability of finding a difference")
    by_site: bool = Field(True, description="also how many of each site have reached the event")


class Scales(Record):
    """Scores and answers of a survey that is repeated: by measurement, and from each person's first to last.

    The group that has each measurement shrinks, so beside the mean of everybody stands that of the persons who have
    every measurement. Rises and falls are counted by how many measurements a person has.
    """

    kind: Literal["scales"] = Field(description="this analysis")
    counts: SurveyMeasure = Field(
        description="id of the survey_answers that says which measurement a sheet is: 1, 2, ... in order"
    )
    measures: tuple[SurveyMeasure, ...] = Field(min_length=1, description="survey_scale and survey_mean of one survey")
    relevant: dict[Identifier, float] = Field(
        default_factory=dict, description="measure -> the least change that is also counted as one to notice"
    )
    by_site: bool = Field(False, description="also the first measurement of each site and of all others")

    @model_validator(mode="after")
    def _relevant_is_measured(self) -> Scales:
        if strange := sorted(set(self.relevant) - set(self.measures)):
            raise ValueError(f"relevant names {', '.join(strange)}, which is not among the measures")
        return self


# Analyses of where an effort stands, for designs without anybody to compare with: benchmark, spread, costs, sites.


class BenchmarkPart(Record):
    """One measure and the number it is held against."""

    measure: PersonShare = Field(description="id of a share among persons")
    fact: FactId = Field(description="id of the fact that holds the benchmark, in pct.")
    definition: Text = Field(description="one Danish sentence: how the benchmark is counted, and where that differs")


class Benchmark(Record):
    """Shares held against published shares of another effort: a difference, never what the effort has meant.

    The interval is that of our own share; the benchmark counts as known. With `by_site` also every site, and all
    sites without one at a time, which shows how much a single site decides.
    """

    kind: Literal["benchmark"] = Field(description="this analysis")
    name: Text = Field(description="the other effort, as it stands in a sentence")
    against: tuple[BenchmarkPart, ...] = Field(min_length=1, description="measures and their benchmarks")
    by_site: bool = Field(True, description="also by site, and without one site at a time")

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures."""
        return tuple(part.measure for part in self.against)


class SiteSpread(Record):
    """Whether a share differs between the sites by more than chance: one test of all sites a measure."""

    kind: Literal["site_spread"] = Field(description="this analysis")
    measures: tuple[PersonShare, ...] = Field(min_length=1, description="ids of shares among persons")


class SiteAnswers(Record):
    """What the sites answer about themselves: yes or no by site, and how many say yes.

    The survey has one sheet a site. The answers are about places and not about persons, so none is hidden.
    """

    kind: Literal["site_answers"] = Field(description="this analysis")
    measures: tuple[SurveyMeasure, ...] = Field(min_length=1, description="ids of survey shares")


class UnitCost(Record):
    """A sum of money over the persons who have reached something, under assumptions of how many are due to the effort.

    Without a comparison nobody knows that part; the table shows what each assumption would mean.
    """

    kind: Literal["unit_cost"] = Field(description="this analysis")
    cost: FactId = Field(description="id of the fact that holds the sum, in kr.")
    measures: tuple[PersonShare, ...] = Field(min_length=1, description="ids of shares among persons")
    due: tuple[float, ...] = Field((100.0,), description="pct. of the persons assumed due to the effort")


# Analyses for designs that compare places and years: time to an event, differences in differences, matching, and
# monthly counts of whole areas.


class PopulationCounts(Record):
    """How many persons of every group belong to each population."""

    kind: Literal["population_counts"] = Field(description="this analysis")
    populations: tuple[PopulationId, ...] = Field(min_length=1, description="ids of populations")
    by_site: bool = Field(False, description="also the treated by site")


class Survival(Record):
    """Survival curves and exit rates of every group, also those of the period before.

    A point of a curve is given when at least as many have left since the point before as disclosure control asks for,
    and as many (or nobody) leave in what remains of the rate's weeks, so that no smaller number can be had from two
    points, or from a point and a rate. A rate of weeks in which too few left hides together with the one beside it.
    """

    kind: Literal["survival"] = Field(description="this analysis")
    measures: tuple[TimeMeasure, ...] = Field(min_length=1, description="ids of measures of kind time_to")
    weeks: Week = Field(ge=1, description="last week of the curves")
    band: int = Field(4, ge=1, description="weeks over which an exit rate is averaged")
    at_risk_every: int = Field(13, ge=1, description="weeks between the numbers at risk")


class Cox(Record):
    """Cox's model of time to an event: the ratio of rates, as a difference in differences where there is a year before.

    With groups of a period before, the model has `efter`, `delt_komm` and their product, whose hazard ratio is the
    result; without them it has the group. Errors are clustered on the site unless persons were drawn at random
    (`design.drawn`): then they are the model's.
    """

    kind: Literal["cox"] = Field(description="this analysis")
    measure: TimeMeasure = Field(description="id of a measure of kind time_to")
    split_week: Week | None = Field(None, ge=1, description="also one ratio up to this week and one after it")
    adjust_for: tuple[Column, ...] = Field((), description="background columns")
    strata: tuple[PersonMeasure, ...] = Field(
        (), description="person measures; persons are compared only with those who have the same value"
    )
    unadjusted: bool = Field(False, description="also without background and strata")


class Did(Record):
    """Week by week: the change from the period before where the effort took place, less the change elsewhere.

    Errors are clustered on the site (CR2 with Satterthwaite degrees of freedom).
    """

    kind: Literal["did"] = Field(description="this analysis")
    measures: tuple[PanelMeasure, ...] = Field(min_length=1, description="ids of panel measures")
    weeks: Week = Field(ge=1, description="last week of the path")
    adjust_for: tuple[Column, ...] = Field((), description="background columns")
    bands: dict[PersonMeasure, int] = Field(
        default_factory=dict, description="person measure -> width of the bands it is controlled for in"
    )
    uniform_band: bool = Field(True, description="also a band that holds the whole curve")
    accumulate: bool = Field(False, description="also the running sum of the differences")
    look_at: Week | None = Field(None, ge=1, description="week of the closer look: without control, and by exact value")
    exact: dict[PersonMeasure, float] = Field(
        default_factory=dict, description="closer look: person measure -> step of its indicators"
    )


class Matching(Record):
    """The mean of a person measure among the treated and among persons with the same propensity score.

    With replacement, ties shared, Abadie-Imbens errors; balance of every covariate before and after.
    """

    kind: Literal["matching"] = Field(description="this analysis")
    measures: tuple[PersonMeasure, ...] = Field(min_length=1, description="ids of person measures")
    against: tuple[Literal["comparison", "before"], ...] = Field(
        ("comparison",), description="the comparison group, or the same places in the period before"
    )
    columns: tuple[Column, ...] = Field((), description="background columns of the score")
    covariates: tuple[PersonMeasure, ...] = Field((), description="person measures of the score")
    neighbours: int = Field(1, ge=1, description="matched persons for each treated person; ties are added")
    caliper: float | None = Field(0.2, gt=0, description="largest distance, in standard deviations of the logit score")


class SeriesAnalysis(Record):
    """Monthly numbers of the areas that take part and of all others, and the difference between them.

    Counts of whole areas have no sampling error, and none is computed. The smallest and largest difference are given
    for the months from `first` to `last`, and the change of each over them.
    """

    kind: Literal["series"] = Field(description="this analysis")
    measures: tuple[MonthlyMeasure, ...] = Field(min_length=1, description="ids of measures of kind monthly")
    first: date = Field(description="first month of the window (any day in it)")
    last: date = Field(description="last month of the window")
    change_from: date | None = Field(None, description="month the change is counted from; default `first`")
    by_site: bool = Field(False, description="also by site")


# What to compute: the analyses the library knows, told apart by `kind`.


class Weekly(Record):
    """Week by week: share or mean in each group, the difference, and when it begins to last.

    `correction` names the errors of the difference: HC2 (Neyman), or CR2 by site with Satterthwaite degrees of freedom.
    """

    kind: Literal["weekly"] = Field(description="this analysis")
    measures: tuple[PanelMeasure, ...] = Field(min_length=1, description="ids of measures")
    correction: Literal["HC2", "CR2"] = Field("HC2", description="errors of the difference")
    uniform_band: bool = Field(True, description="also a band that holds the whole curve")
    accumulate: bool = Field(False, description="also the running sum of the differences")
    by_site: bool = Field(False, description="also the treated of each site beside those of all others")
    range_from: Week = Field(
        1, ge=1, description="first week of 'between x and y': the smallest and largest difference"
    )


class AtWeek(Record):
    """One week looked at closely: adjusted and stratified differences and the mean among those above zero."""

    kind: Literal["at_week"] = Field(description="this analysis")
    measures: tuple[PanelMeasure, ...] = Field(min_length=1, description="ids of measures")
    week: Week = Field(ge=1, description="event week")
    adjust_for: tuple[Column, ...] = Field((), description="background columns of the Lin-adjusted difference")


class Distribution(Record):
    """The distribution of a positive weekly measure in one week, in bands [from, to)."""

    kind: Literal["distribution"] = Field(description="this analysis")
    measure: WeeklyAmount = Field(description="id of a measure")
    week: Week = Field(ge=1, description="event week")
    bands: tuple[float, ...] = Field(min_length=3, description="limits, ascending")


class Balance(Record):
    """Are the groups alike before entry? Background by group, normalised differences and a joint test."""

    kind: Literal["balance"] = Field(description="this analysis")
    columns: tuple[Column, ...] = Field(min_length=1, description="background columns")


class SiteEffects(Record):
    """The difference in one week, site by site, with multiplicity and shrinkage."""

    kind: Literal["site_effects"] = Field(description="this analysis")
    measure: PanelMeasure = Field(description="id of a measure")
    week: Week = Field(ge=1, description="event week")


class Shares(Record):
    """Shares and means of person and survey measures, by group where both are recorded, and by site where asked."""

    kind: Literal["shares"] = Field(description="this analysis")
    measures: tuple[OneNumber, ...] = Field(min_length=1, description="ids of measures")
    groups: tuple[GroupId, ...] = Field((), description="groups to show; empty is the treated group")
    by_site: bool = Field(False, description="also by site")


class Fidelity(Record):
    """Every component of every element against its target, in all and by site, with green, yellow and red."""

    kind: Literal["fidelity"] = Field(description="this analysis")


class Activity(Record):
    """Units of activity per person by group, for the cost-benefit chapter, and the break-even price per unit gained."""

    kind: Literal["activity"] = Field(description="this analysis")
    measures: tuple[PersonMeasure, ...] = Field(
        min_length=1, description="person measures that count units of activity"
    )
    gain: PanelMeasure = Field(description="panel measure whose accumulated difference is the gain (ordinary hours)")
    weeks: Week = Field(ge=1, description="weeks the gain and the activity are counted over")


class Division(Record):
    """A division of persons into subgroups: by a background column, a 0/1 measure, or an item of a survey.

    Who is in none of the `values` is left out of the division.
    """

    id: Identifier = Field(description="in ledger keys")
    label: Text = Field(description="Danish, definite: det psykiske velbefindende")
    column: Column | None = Field(None, description="a background column of the participants")
    measure: OneNumber | None = Field(None, description="a 0/1 person or survey measure; its values are 1 and 0")
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
    measures: tuple[SheetMeasure, ...] = Field(min_length=1, description="ids of person or survey measures")
    by: Division | None = Field(None, description="the division; empty compares the two groups")
    group: GroupId | None = Field(None, description="only this group's persons, when a division is given")


class Subgroups(Record):
    """Does the difference between the groups differ between subgroups? Differences and the test of the interaction.

    The p-values of the divisions are also adjusted for their number (Holm). In a division into two, the two are also
    compared within each group (`contrast`), which says who does better, not for whom the effort works.
    """

    kind: Literal["subgroups"] = Field(description="this analysis")
    measure: MeasureId = Field(description="id of a panel or person measure")
    week: Week | None = Field(None, ge=1, description="event week of a panel measure")
    by: tuple[Division, ...] = Field(min_length=1, description="the divisions, looked at together")


class CostBenefit(Record):
    """The accounts of society and of the public purses per randomised person, from the trial's `prices`.

    Each price's measure is a panel measure, summed over the weeks, or a person measure that counts units. The interval
    is drawn from the joint distribution of the differences between the groups.
    """

    kind: Literal["cost_benefit"] = Field(description="this analysis")
    weeks: Week = Field(ge=1, description="event weeks counted; years are 52 weeks from entry")
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

    @model_validator(mode="after")
    def _rises(self) -> Target:
        if self.yellow > self.green:
            raise ValueError(f"yellow begins at {self.yellow:g} and green below it, at {self.green:g}")
        return self


class Component(Record):
    """One part of an element: a share and its target."""

    measure: PerCent = Field(description="id of a measure")
    target: Target = Field(description="when the share is green, yellow or red")


class Element(Record):
    """An element of the intervention whose fidelity is judged."""

    id: Identifier = Field(description="in cross-references")
    number: int = Field(description="its number in the report")
    title: Text = Field(description="its Danish name")
    intention: Text = Field(description="one or two Danish sentences: what the element is meant to do")
    components: tuple[Component, ...] = Field((), description="the shares it is judged by")
    shows: tuple[MeasureId, ...] = Field((), description="measures without a target that say what happened")
    worked: Text | None = Field(None, description="Danish: what worked, for the box that tells it in short")
    hard: Text | None = Field(None, description="Danish: what was hard")
    bears: dict[Name, Bears] = Field(
        default_factory=dict, description="the findings these words rest on, as in `recommendations`"
    )


# Traffic lights: a share held against its target. A hidden share has no colour: a colour would give it back.


class Light(StrEnum):
    """How a share stands against its target."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


def honest_decimals(share_pct: float, target: Target, *, most: int = 3) -> int:
    """Fewest decimals at which the printed share has the same light as the unrounded one: 89.8 is not a yellow 90."""
    status = light(share_pct, target)
    return next(
        (places for places in range(most) if light(float(round_half_up(share_pct, places)), target) is status), most
    )


def light(share_pct: float | None, target: Target) -> Light:
    """The traffic light of a share in per cent; None (hidden or not known) is `UNKNOWN`."""
    if share_pct is None:
        return Light.UNKNOWN
    if share_pct >= target.green:
        return Light.GREEN
    return Light.YELLOW if share_pct >= target.yellow else Light.RED
