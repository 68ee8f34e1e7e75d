"""The measure catalogue: each measure has a label, a unit, a definition, a source and a way to compute it.

The `from` of a measure is one of the records below, told apart by its `kind`. Panel measures give a value per person
and event week; person measures one value per person; survey measures one value per answer sheet.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reportlib.trial.base import Identifier, Record
from reportlib.units import Unit


class DreamShare(Record):
    """Panel, 0/1: the week's DREAM code belongs to one of the code groups."""

    kind: Literal["dream"]
    groups: tuple[Identifier, ...] = Field(min_length=1)


class HoursPerWeek(Record):
    """Panel: ordinary hours in the week (`value: hours`) or whether there are any (`value: any`)."""

    kind: Literal["paid_hours"]
    value: Literal["hours", "any"] = "hours"


class RecordedWeekly(Record):
    """Panel: the value recorded for the week in a weekly extract; empty means no longer followed."""

    kind: Literal["weekly"]
    extract: Identifier


class Run(Record):
    """Panel, 0/1: by this week the person has had `weeks` active weeks with no gap above `gap`; gaps do not count."""

    kind: Literal["run"]
    of: tuple[Identifier, ...] = Field(min_length=1, description="panel measures; a week is active when any is above 0")
    weeks: int = Field(13, ge=1)
    gap: int = Field(4, ge=0)


class EventWithin(Record):
    """Person, 0/1: an event of one of the kinds within `weeks` weeks of entry. Counts persons followed that long."""

    kind: Literal["event_within"]
    events: tuple[str, ...] = Field(min_length=1)
    weeks: int = Field(ge=1)


class EventEver(Record):
    """Person, 0/1: any event of one of the kinds in the follow-up (or its first `weeks` weeks)."""

    kind: Literal["event_ever"]
    events: tuple[str, ...] = Field(min_length=1)
    weeks: int | None = None


class EventRegular(Record):
    """Person, 0/1: never more than `max_gap_days` without an event of the kinds.

    Gaps are counted between events, from entry to the first (`from_start`) and from the last to the end of follow-up
    (`to_end`). Persons without any event count as 0 when `from_start`, and are left out otherwise.
    """

    kind: Literal["event_regular"]
    events: tuple[str, ...] = Field(min_length=1)
    max_gap_days: int = Field(ge=1)
    from_start: bool = True
    to_end: bool = True


class LongestAtOnePlace(Record):
    """Person, 0/1: at least `days` days in all at one and the same place in events of the kinds."""

    kind: Literal["days_at_one_place"]
    events: tuple[str, ...] = Field(min_length=1)
    days: int = Field(ge=1)


class EventCount(Record):
    """Person, count: how many events of the kinds (units of activity, for cost-benefit)."""

    kind: Literal["event_count"]
    events: tuple[str, ...] = Field(min_length=1)


class WeeksWith(Record):
    """Person, count: weeks with the panel measure above 0, in the person's followed weeks (or the first `weeks`)."""

    kind: Literal["weeks_with"]
    measure: Identifier
    weeks: int | None = None


class HoursProgression(Record):
    """Person, hours: change in weekly hours from the first to the last week with hours."""

    kind: Literal["hours_progression"]
    measure: Identifier


class Background(Record):
    """Person: a column of the participants extract; 0/1 when `equals` is given."""

    kind: Literal["background"]
    column: str
    equals: str | None = None


class SurveyShare(Record):
    """Answer sheets, 0/1: the answer to `item` is one of `answers`, among those who answered it."""

    kind: Literal["survey_share"]
    survey: Identifier
    item: str
    answers: tuple[int | str, ...] = Field(min_length=1)
    not_counted: tuple[int | str, ...] = Field((), description="answers that leave the denominator (ved ikke)")


class SurveyMean(Record):
    """Answer sheets: the mean answer to `item` on its scale, among those who gave a number."""

    kind: Literal["survey_mean"]
    survey: Identifier
    item: str
    low: int
    high: int
    low_label: str
    high_label: str


PanelSource = DreamShare | HoursPerWeek | RecordedWeekly | Run
PersonSource = (
    EventWithin | EventEver | EventRegular | LongestAtOnePlace | EventCount | WeeksWith | HoursProgression | Background
)
SurveySource = SurveyShare | SurveyMean
Source = Annotated[PanelSource | PersonSource | SurveySource, Field(discriminator="kind")]


class MeasureSpec(Record):
    """One entry of the measure catalogue."""

    id: Identifier
    label: str = Field(description="Danish, without unit, as in a table: Andel med ordinære timer")
    unit: Unit
    definition: str = Field(description="one Danish sentence that says exactly what is counted")
    source: Identifier = Field(description="id of one of the trial's sources")
    computed: Source = Field(alias="from")
    population: Identifier | None = Field(None, description="id of a population; empty is everybody in the group")
    clause: str | None = Field(
        None,
        description="how it reads after the persons: 'har ordinære timer'; a mean holds {value}: 'arbejder {value} om ugen'",
    )
    noun: str | None = Field(
        None,
        description="how it reads as a noun, definite singular: 'andelen med ordinære timer'; default from the label",
    )
    minutes: bool = Field(False, description="print hours as hours and minutes in running text")

    @property
    def is_panel(self) -> bool:
        """True when the measure has a value per person and week."""
        return isinstance(self.computed, DreamShare | HoursPerWeek | RecordedWeekly | Run)

    @property
    def is_survey(self) -> bool:
        """True when the measure is an answer to a survey."""
        return isinstance(self.computed, SurveyShare | SurveyMean)

    @property
    def is_binary(self) -> bool:
        """True when the measure is a share: its unit is per cent."""
        return self.unit is Unit.PCT


class Population(Record):
    """A named subset of persons. All conditions given must hold."""

    id: Identifier
    label: str = Field(description="Danish: deltagere, der er udtrukket før den 1. oktober")
    group: Identifier | None = None
    started_before: str | None = Field(None, description="ISO date; entry before this day")
    having: Identifier | None = Field(None, description="a 0/1 person measure that must be 1")
    background: dict[str, str] = Field(default_factory=dict, description="column -> value")
