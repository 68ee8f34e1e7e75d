"""The measures of a trial and how each is computed: from registers week by week, per person, or from answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportlib.text.units import Unit
from reportlib.trial.base import (
    Column,
    GroupId,
    Identifier,
    Name,
    Need,
    PopulationId,
    Record,
    SeriesId,
    SourceId,
    SurveyId,
    Text,
    Week,
    WeeklyId,
)

PanelMeasure = Annotated[Identifier, Need("has no value week by week", lambda one: one.is_panel)]

# How a survey measure is computed: from one item, several items or a scale of an answer sheet.


class SurveyShare(Record):
    """Answer sheets, 0/1: the answer to `item` is one of `answers`, among those who answered it."""

    kind: Literal["survey_share"] = Field(description="this way of computing")
    survey: SurveyId = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    answers: tuple[int | Name, ...] = Field(min_length=1, description="answers that count as 1")
    not_counted: tuple[int | Name, ...] = Field((), description="answers that leave the denominator (ved ikke)")


class SurveyMean(Record):
    """Answer sheets: the mean answer to `item` on its scale, among those who gave a number."""

    kind: Literal["survey_mean"] = Field(description="this way of computing")
    survey: SurveyId = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    low: int = Field(description="lowest answer on the scale")
    high: int = Field(description="highest answer on the scale")
    low_label: Text = Field(description="Danish label of the lowest answer")
    high_label: Text = Field(description="Danish label of the highest answer")


class SurveyAnswers(Record):
    """Answer sheets: how the answers to `item` are spread, among those who gave one of them."""

    kind: Literal["survey_answers"] = Field(description="this way of computing")
    survey: SurveyId = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    answers: dict[Name, Text] = Field(description="answer as in the extract -> Danish label, in the scale's order")


class SurveyScale(Record):
    """Answer sheets: the score of a scale made of several items or, with `above`, whether the score is higher.

    WHO-5 runs from 0 to 100, GSE from 10 to 40; a sheet with too many unanswered items has no score.
    """

    kind: Literal["survey_scale"] = Field(description="this way of computing")
    survey: SurveyId = Field(description="id of a survey")
    scale: Literal["who5", "gse"] = Field(description="which scale")
    items: tuple[Name, ...] = Field(min_length=1, description="columns of the survey, in the scale's order")
    above: float | None = Field(None, description="1 when the score is above this, else 0; makes it a share")


class SurveyAtLeast(Record):
    """Answer sheets, 0/1: at least so many of the items are answered with one of `answers`.

    Counts sheets in which any of the items is answered.
    """

    kind: Literal["survey_at_least"] = Field(description="this way of computing")
    survey: SurveyId = Field(description="id of a survey")
    items: tuple[Name, ...] = Field(min_length=1, description="columns of the survey")
    answers: tuple[int | Name, ...] = Field(min_length=1, description="answers that count")
    at_least: int = Field(ge=1, description="so many items or more")

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.at_least > len(self.items):
            raise ValueError(f"at least {self.at_least} of {len(self.items)} items cannot be reached")
        return self


SurveySource = SurveyShare | SurveyMean | SurveyAnswers | SurveyScale | SurveyAtLeast


# The measure catalogue: each measure has a label, a unit, a definition, a source and a way to compute it.
#
# The `from` of a measure is one of the records below, told apart by its `kind`. Panel measures give a value per
# person and event week; person measures one value per person; survey measures (above) one value per answer sheet.


class DreamShare(Record):
    """Panel, 0/1: the week's DREAM code belongs to one of the code groups."""

    kind: Literal["dream"] = Field(description="this way of computing")
    groups: tuple[Identifier, ...] = Field(min_length=1, description="groups of the code book")


class HoursPerWeek(Record):
    """Panel: ordinary hours in the week (`value: hours`) or whether there are any (`value: any`)."""

    kind: Literal["paid_hours"] = Field(description="this way of computing")
    value: Literal["hours", "any"] = Field("hours", description="the hours, or whether there are any")


class RecordedWeekly(Record):
    """Panel: the value recorded for the week in a weekly extract; empty means no longer followed."""

    kind: Literal["weekly"] = Field(description="this way of computing")
    extract: WeeklyId = Field(description="id of a weekly extract")


class Run(Record):
    """Panel, 0/1: by this week the person has had `weeks` active weeks with no gap above `gap`; gaps do not count."""

    kind: Literal["run"] = Field(description="this way of computing")
    of: tuple[PanelMeasure, ...] = Field(
        min_length=1, description="panel measures; a week is active when any is above 0"
    )
    weeks: int = Field(13, ge=1, description="active weeks needed")
    gap: int = Field(4, ge=0, description="longest gap allowed, in weeks")


class EventInWeek(Record):
    """Panel, 0/1: an event of one of the kinds in the week; with `spells` every week from an event's start to its end.

    With `among` only the weeks with that panel measure above 0 count: who is still on the benefit, or in the effort.
    """

    kind: Literal["event_in_week"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    spells: bool = Field(False, description="an event lasts from its start to its end; an open one to the last day")
    among: PanelMeasure | None = Field(None, description="panel measure; other weeks leave the denominator")


class Combined(Record):
    """Panel, 0/1: in the week all of the measures in `of` are above 0 and none of those in `without`."""

    kind: Literal["combined"] = Field(description="this way of computing")
    of: tuple[PanelMeasure, ...] = Field((), description="panel measures that must all be above 0")
    without: tuple[PanelMeasure, ...] = Field((), description="panel measures that must all be 0")


class RunningTotal(Record):
    """Panel: the sum of another panel measure from week 1 to this week (hours per week become hours)."""

    kind: Literal["running_total"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")


class ChangeFromStart(Record):
    """Panel: the value of another panel measure less its value in week 1."""

    kind: Literal["change_from_start"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")


class EventWithin(Record):
    """Person, 0/1: an event of one of the kinds within `weeks` weeks of entry. Counts persons followed that long."""

    kind: Literal["event_within"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    weeks: int = Field(ge=1, description="within so many weeks of entry")


class EventEver(Record):
    """Person, 0/1: any event of one of the kinds in the follow-up (or its first `weeks` weeks)."""

    kind: Literal["event_ever"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    weeks: int | None = Field(None, description="only the first so many weeks")
    before: date | None = Field(None, description="only events before this day")


class EventsAll(Record):
    """Person, 0/1: an event of every one of the kinds (all requirements are met)."""

    kind: Literal["events_all"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")


class EventsMet(Record):
    """Person, per cent: the share of the kinds of which the person has an event (requirements met, not persons)."""

    kind: Literal["events_met"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")


class DaysToEvent(Record):
    """Person, days: from entry to the first event of one of the kinds; persons without one are left out."""

    kind: Literal["days_to_event"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")


class EventRegular(Record):
    """Person, 0/1: never more than `max_gap_days` without an event of the kinds.

    Gaps are counted between events, from entry to the first (`from_start`) and from the last to the end of follow-up
    (`to_end`). Persons without any event count as 0 when `from_start`, and are left out otherwise.
    """

    kind: Literal["event_regular"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    max_gap_days: int = Field(ge=1, description="longest time allowed without an event, in days")
    from_start: bool = Field(True, description="count from entry to the first event")
    to_end: bool = Field(True, description="count from the last event to the end of follow-up")


class LongestAtOnePlace(Record):
    """Person, 0/1: at least `days` days in all at one and the same place in events of the kinds."""

    kind: Literal["days_at_one_place"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    days: int = Field(ge=1, description="days needed at one place")


class EventCount(Record):
    """Person, count: how many events of the kinds (units of activity, for cost-benefit)."""

    kind: Literal["event_count"] = Field(description="this way of computing")
    events: tuple[Name, ...] = Field(min_length=1, description="kinds of event, as in the casework extract")
    before: date | None = Field(None, description="only events before this day")


class WeeksWith(Record):
    """Person, count: weeks with the panel measure above 0, in the person's followed weeks (or the first `weeks`)."""

    kind: Literal["weeks_with"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")
    weeks: int | None = Field(None, description="only the first so many weeks")


class ShareOfWeeks(Record):
    """Person, per cent: the share of the person's own weeks in which the panel measure is above 0.

    The weeks are those in which the panel measure has a value; a person without any is left out. It averages persons,
    so a person with few weeks counts as much as one with many.
    """

    kind: Literal["share_of_weeks"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")
    first_week: Week = Field(1, ge=1, description="only from this event week on")
    weeks: int | None = Field(None, description="only the first so many weeks")


class Ever(Record):
    """Person, 0/1: any of the panel measures is above 0 in any followed week (or the first `weeks`)."""

    kind: Literal["ever"] = Field(description="this way of computing")
    of: tuple[PanelMeasure, ...] = Field(min_length=1, description="panel measures")
    weeks: int | None = Field(None, description="only the first so many weeks")


class MeanOfWeeks(Record):
    """Person: the mean of a panel measure over the person's weeks, 0 counted; `month` is 52/12 weeks' worth of it."""

    kind: Literal["mean_of_weeks"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")
    per: Literal["week", "month"] = Field("week", description="hours a week, or a month")


class Before(Record):
    """Person: panel measures in the weeks before entry, from the registers' years before it.

    `ever`: any of them above 0 in any week (0/1). `share_of_weeks`: the share of the weeks, in per cent. `per_week` and
    `per_month`: the mean of the first, as `mean_of_weeks`.
    """

    kind: Literal["before"] = Field(description="this way of computing")
    of: tuple[PanelMeasure, ...] = Field(min_length=1, description="panel measures (from dream and paid hours)")
    value: Literal["ever", "share_of_weeks", "per_week", "per_month"] = Field(
        "ever", description="what to make of them"
    )
    weeks: int | None = Field(None, ge=1, description="only so many weeks before entry; default follow_up.weeks_before")
    since: date | None = Field(None, description="only weeks from this day on")


class HoursChange(Record):
    """Person, 0/1: whether weekly hours rose, fell or stayed from the first to the last week with hours.

    Counts persons with hours in any week of the follow-up.
    """

    kind: Literal["hours_change"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")
    direction: Literal["rose", "same", "fell"] = Field(description="which change counts as 1")


class HoursProgression(Record):
    """Person, hours: change in weekly hours from the first to the last week with hours."""

    kind: Literal["hours_progression"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")


class ValueInWeek(Record):
    """Person: the value of a panel measure in one week; persons not followed so long are left out."""

    kind: Literal["value_in_week"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a panel measure")
    week: Week = Field(ge=1, description="event week")


class UnbrokenBefore(Record):
    """Person, weeks: how long the state that `measure` shows has lasted without a break at entry.

    Counted back from the week before week 1, at most `follow_up.weeks_before`. With `at_most` or `since` it is 0/1:
    whether it has lasted no longer than so many weeks, or began in the week of that day or later.
    """

    kind: Literal["unbroken_before"] = Field(description="this way of computing")
    measure: PanelMeasure = Field(description="id of a 0/1 measure of kind dream")
    at_most: int | None = Field(None, ge=0, description="makes it 0/1: at most so many weeks")
    since: date | None = Field(None, description="makes it 0/1: began in the week of this day or later")
    since_before: date | None = Field(None, description="the same day for the groups of the period before")
    opposite: bool = Field(False, description="with a condition: 1 for those of whom it does not hold")

    @property
    def is_binary(self) -> bool:
        """True when the measure is a condition and not a number of weeks."""
        return self.at_most is not None or self.since is not None


class Background(Record):
    """Person: a column of the participants extract; 0/1 when `equals` is given."""

    kind: Literal["background"] = Field(description="this way of computing")
    column: Column = Field(description="a background column of the participants")
    equals: Name | None = Field(None, description="the value that counts as 1")


class TimeTo(Record):
    """Weeks from the first week of a state to the week in which an event follows it; the share still there, per cent.

    A person is at risk from the first week in `state` (in week 1, or in the follow-up) for as long as every week is in
    `state`. The event is that the next week is in `event`. Anything else ends the watching without the event.
    """

    kind: Literal["time_to"] = Field(description="this way of computing")
    state: PanelMeasure = Field(description="id of a 0/1 panel measure: those at risk")
    event: PanelMeasure = Field(description="id of a 0/1 panel measure: what ends the state")
    begins: Literal["entry", "first"] = Field(
        "entry", description="at risk from week 1, or from the first week in the state"
    )


class Monthly(Record):
    """Areas by month: 100 x count / base for a share, count / base for a mean, the count alone without a base.

    Summed over the areas that take part, over all others, and over all.
    """

    kind: Literal["monthly"] = Field(description="this way of computing")
    extract: SeriesId = Field(description="id of a series extract")
    of: Literal["ratio", "count", "base", "rest"] = Field(
        "ratio", description="count over base, the count, the base, or the base less the count"
    )


PanelSource = DreamShare | HoursPerWeek | RecordedWeekly | Run | EventInWeek | Combined | RunningTotal | ChangeFromStart
PersonSource = (
    EventWithin
    | EventEver
    | EventRegular
    | LongestAtOnePlace
    | EventCount
    | WeeksWith
    | ShareOfWeeks
    | Ever
    | HoursProgression
    | HoursChange
    | MeanOfWeeks
    | Before
    | DaysToEvent
    | ValueInWeek
    | UnbrokenBefore
    | EventsAll
    | EventsMet
    | Background
)
OtherSource = TimeTo | Monthly
Source = Annotated[PanelSource | PersonSource | SurveySource | OtherSource, Field(discriminator="kind")]


_ZERO_OR_ONE = (
    DreamShare
    | Run
    | EventInWeek
    | Combined
    | EventWithin
    | EventEver
    | EventRegular
    | LongestAtOnePlace
    | Ever
    | HoursChange
    | EventsAll
    | SurveyShare
    | SurveyAtLeast
)
_AMOUNTS = DaysToEvent | EventCount | WeeksWith | HoursProgression | SurveyMean


_OF_COMPARISONS = frozenset({Unit.PCT_POINT, Unit.HAZARD_RATIO, Unit.COEFFICIENT})


class MeasureSpec(Record):
    """One entry of the measure catalogue."""

    id: Identifier = Field(description="in ledger keys")
    label: Text = Field(description="Danish, without unit, as in a table: Andel med ordinære timer")
    unit: Unit = Field(description="the unit of the value; `pct` makes it a share")
    definition: Text = Field(description="one Danish sentence that says exactly what is counted")
    source: SourceId = Field(description="id of one of the trial's sources")
    computed: Source = Field(alias="from", description="how it is computed: one of the records below")
    population: PopulationId | None = Field(None, description="id of a population; empty is everybody in the group")
    clause: Text | None = Field(
        None,
        description="what follows the persons: 'har ordinære timer'; a mean holds {value}: 'arbejder {value} om ugen'",
    )
    noun: Text | None = Field(
        None,
        description="how it reads as a noun, definite singular: 'andelen med ordinære timer'; default from the label",
    )
    caution: Text | None = Field(
        None,
        description="a sentence that the summary says wherever it shows the number: that it follows partly from whom "
        "it counts, or from how it is asked",
    )

    @field_validator("unit")
    @classmethod
    def _is_a_level(cls, unit: Unit) -> Unit:
        """What is measured of persons is a level; the units of comparisons are only ever worked out."""
        if unit in _OF_COMPARISONS:
            raise ValueError(f"{unit} is the unit of a comparison, not of what is measured; a share is `pct`")
        return unit

    @property
    def is_panel(self) -> bool:
        """True when the measure has a value per person and week."""
        return isinstance(self.computed, PanelSource)

    @property
    def counts_from_start(self) -> bool:
        """True when a week's value is what there has been from the first week to it: a total, or whether ever."""
        return isinstance(self.computed, Run | RunningTotal)

    @property
    def is_person(self) -> bool:
        """True when the measure has one value per person."""
        return isinstance(self.computed, PersonSource)

    @property
    def is_survey(self) -> bool:
        """True when the measure is an answer to a survey."""
        return isinstance(self.computed, SurveySource)

    @property
    def is_one_number(self) -> bool:
        """True when the measure is one share or mean of persons or answer sheets."""
        return (self.is_person or self.is_survey) and not isinstance(self.computed, SurveyAnswers)

    @property
    def is_binary(self) -> bool:
        """True when the measure is a share of persons: per cent, and 0 or 1 for each of them."""
        if isinstance(self.computed, Before):
            return self.computed.value == "ever"
        if isinstance(self.computed, UnbrokenBefore):
            return self.computed.is_binary
        return self.unit is Unit.PCT and not isinstance(self.computed, ShareOfWeeks | EventsMet | TimeTo | Monthly)

    @property
    def counts_zero_or_one(self) -> bool:
        """True when the way of computing gives 0 or 1 whatever the extracts hold."""
        computed = self.computed
        match computed:
            case HoursPerWeek():
                return computed.value == "any"
            case SurveyScale():
                return computed.above is not None
            case Background():
                return computed.equals is not None
            case _:
                return isinstance(computed, _ZERO_OR_ONE)

    @property
    def counts_amounts(self) -> bool:
        """True when the way of computing gives numbers that are no shares."""
        computed = self.computed
        match computed:
            case HoursPerWeek():
                return computed.value == "hours"
            case SurveyScale():
                return computed.above is None
            case _:
                return isinstance(computed, _AMOUNTS)


# A measure's id, by what is asked of the measure.


SurveyMeasure = Annotated[Identifier, Need("is no answer to a survey", lambda one: one.is_survey)]
PersonMeasure = Annotated[Identifier, Need("has no value per person", lambda one: one.is_person)]
SheetMeasure = Annotated[
    Identifier, Need("is neither a value per person nor an answer", lambda one: one.is_person or one.is_survey)
]
OneNumber = Annotated[
    Identifier, Need("is not one share or mean per person or answer sheet", lambda one: one.is_one_number)
]
PerCent = Annotated[Identifier, Need("is not in per cent", lambda one: one.is_one_number and one.unit is Unit.PCT)]
PersonShare = Annotated[
    Identifier,
    Need("is not a share among persons", lambda one: one.is_binary and not one.is_panel and not one.is_survey),
]
WeeklyAmount = Annotated[
    Identifier, Need("is not an amount week by week", lambda one: one.is_panel and not one.is_binary)
]
CountedMeasure = Annotated[
    Identifier, Need("has no value per person or week", lambda one: one.is_panel or one.is_person)
]
EventMeasure = Annotated[Identifier, Need("is not of kind event_ever", lambda one: isinstance(one.computed, EventEver))]
TimeMeasure = Annotated[Identifier, Need("is not of kind time_to", lambda one: isinstance(one.computed, TimeTo))]
MonthlyMeasure = Annotated[Identifier, Need("is not of kind monthly", lambda one: isinstance(one.computed, Monthly))]


class Population(Record):
    """A named subset of persons. All conditions given must hold."""

    id: Identifier = Field(description="named by measures")
    label: Text = Field(description="Danish: deltagere, der er udtrukket før den 1. oktober")
    group: GroupId | None = Field(None, description="id of a group")
    started_before: date | None = Field(None, description="entry before this day")
    having: PersonMeasure | None = Field(None, description="a 0/1 person measure that must be 1")
    without: PersonMeasure | None = Field(None, description="a 0/1 person measure that must be 0")
    background: dict[Column, Name] = Field(default_factory=dict, description="column -> value")
