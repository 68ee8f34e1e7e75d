"""Measures and analyses for designs that compare places and years: time to an event, differences in differences,
matching, and monthly counts of whole areas.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from reportlib.trial.base import Identifier, Name, Record
from reportlib.trial.source import Source


class ChangeFromStart(Record):
    """Panel: the value of another panel measure less its value in week 1."""

    kind: Literal["change_from_start"] = Field(description="this way of computing")
    measure: Identifier = Field(description="id of a panel measure")


class ValueInWeek(Record):
    """Person: the value of a panel measure in one week; persons not followed so long are left out."""

    kind: Literal["value_in_week"] = Field(description="this way of computing")
    measure: Identifier = Field(description="id of a panel measure")
    week: int = Field(ge=1, description="event week")


class UnbrokenBefore(Record):
    """Person, weeks: how long the state that `measure` shows has lasted without a break at entry.

    Counted back from the week before week 1, at most `follow_up.weeks_before`. With `at_most` or `since` it is 0/1:
    whether it has lasted no longer than so many weeks, or began in the week of that day or later.
    """

    kind: Literal["unbroken_before"] = Field(description="this way of computing")
    measure: Identifier = Field(description="id of a 0/1 measure of kind dream")
    at_most: int | None = Field(None, ge=0, description="makes it 0/1: at most so many weeks")
    since: date | None = Field(None, description="makes it 0/1: began in the week of this day or later")
    since_before: date | None = Field(None, description="the same day for the groups of the period before")
    opposite: bool = Field(False, description="with a condition: 1 for those of whom it does not hold")

    @property
    def is_binary(self) -> bool:
        """True when the measure is a condition and not a number of weeks."""
        return self.at_most is not None or self.since is not None


class EventsAll(Record):
    """Person, 0/1: an event of every one of the kinds (all requirements are met)."""

    kind: Literal["events_all"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")


class EventsMet(Record):
    """Person, per cent: the share of the kinds of which the person has an event (requirements met, not persons)."""

    kind: Literal["events_met"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")


class TimeTo(Record):
    """Weeks from the first week of a state to the week in which an event follows it; the share still there, per cent.

    A person is at risk from the first week in `state` (in week 1, or in the follow-up) for as long as every week is in
    `state`. The event is that the next week is in `event`. Anything else ends the watching without the event.
    """

    kind: Literal["time_to"] = Field(description="this way of computing")
    state: Identifier = Field(description="id of a 0/1 panel measure: those at risk")
    event: Identifier = Field(description="id of a 0/1 panel measure: what ends the state")
    begins: Literal["entry", "first"] = Field(
        "entry", description="at risk from week 1, or from the first week in the state"
    )


class Monthly(Record):
    """Areas by month: 100 x count / base for a share, count / base for a mean, the count alone without a base.

    Summed over the areas that take part, over all others, and over all.
    """

    kind: Literal["monthly"] = Field(description="this way of computing")
    extract: Identifier = Field(description="id of a series extract")
    of: Literal["ratio", "count", "base", "rest"] = Field(
        "ratio", description="count over base, the count, the base, or the base less the count"
    )


class MonthlySeries(Source):
    """Counts by month and area: one row per month and area."""

    month: Name = Field("maaned", description="column: the month (2016-03, 201603 or a date in it)")
    area: Name = Field("omraade", description="column: the area, spelled as in `sites`")
    count: Name = Field("antal", description="column: the count")
    base: Name = Field("grundlag", description="column: what the count is a part of")


class PopulationCounts(Record):
    """How many persons of every group belong to each population."""

    kind: Literal["population_counts"] = Field(description="this analysis")
    populations: tuple[Identifier, ...] = Field(min_length=1, description="ids of populations")
    by_site: bool = Field(False, description="also the treated by site")


class Survival(Record):
    """Survival curves and exit rates of every group, also those of the period before.

    A point of a curve is given when at least as many have left since the point before as disclosure control asks for,
    and as many (or nobody) leave in what remains of the rate's weeks, so that no smaller number can be had from two
    points, or from a point and a rate. A rate of weeks in which too few left hides together with the one beside it.
    """

    kind: Literal["survival"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of measures of kind time_to")
    weeks: int = Field(ge=1, description="last week of the curves")
    band: int = Field(4, ge=1, description="weeks over which an exit rate is averaged")
    at_risk_every: int = Field(13, ge=1, description="weeks between the numbers at risk")


class Cox(Record):
    """Cox's model of time to an event: the ratio of rates, as a difference in differences where there is a year before.

    With groups of a period before, the model has `efter`, `delt_komm` and their product, whose hazard ratio is the
    result; without them it has the group. Errors are clustered on the site.
    """

    kind: Literal["cox"] = Field(description="this analysis")
    measure: Identifier = Field(description="id of a measure of kind time_to")
    split_week: int | None = Field(None, ge=1, description="also one ratio up to this week and one after it")
    adjust_for: tuple[Name, ...] = Field((), description="background columns")
    strata: tuple[Identifier, ...] = Field(
        (), description="person measures; persons are compared only with those who have the same value"
    )
    unadjusted: bool = Field(False, description="also without background and strata")


class Did(Record):
    """Week by week: the change from the period before where the effort took place, less the change elsewhere.

    Errors are clustered on the site (CR2 with Satterthwaite degrees of freedom).
    """

    kind: Literal["did"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of panel measures")
    weeks: int = Field(ge=1, description="last week of the path")
    adjust_for: tuple[Name, ...] = Field((), description="background columns")
    bands: dict[Identifier, int] = Field(
        default_factory=dict, description="person measure -> width of the bands it is controlled for in"
    )
    uniform_band: bool = Field(True, description="also a band that holds the whole curve")
    accumulate: bool = Field(False, description="also the running sum of the differences")
    look_at: int | None = Field(None, ge=1, description="week of the closer look: without control, and by exact value")
    exact: dict[Identifier, float] = Field(
        default_factory=dict, description="closer look: person measure -> step of its indicators"
    )


class Matching(Record):
    """The mean of a person measure among the treated and among persons with the same propensity score.

    With replacement, ties shared, Abadie-Imbens errors; balance of every covariate before and after.
    """

    kind: Literal["matching"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of person measures")
    against: tuple[Literal["comparison", "before"], ...] = Field(
        ("comparison",), description="the comparison group, or the same places in the period before"
    )
    columns: tuple[Name, ...] = Field((), description="background columns of the score")
    covariates: tuple[Identifier, ...] = Field((), description="person measures of the score")
    neighbours: int = Field(1, ge=1, description="matched persons for each treated person; ties are added")
    caliper: float | None = Field(0.2, gt=0, description="largest distance, in standard deviations of the logit score")


class SeriesAnalysis(Record):
    """Monthly numbers of the areas that take part and of all others, and the difference between them.

    Counts of whole areas have no sampling error, and none is computed. The smallest and largest difference are given
    for the months from `first` to `last`, and the change of each over them.
    """

    kind: Literal["series"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of measures of kind monthly")
    first: date = Field(description="first month of the window (any day in it)")
    last: date = Field(description="last month of the window")
    change_from: date | None = Field(None, description="month the change is counted from; default `first`")
    by_site: bool = Field(False, description="also by site")
