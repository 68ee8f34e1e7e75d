"""Analyses of how it goes for the persons of an effort, without anybody to compare with: before and after, recruitment,
and measurements repeated along the way."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from reportlib.trial.base import Identifier, Record, Text


class BeforeAfterPair(Record):
    """One thing measured twice in the same persons."""

    before: Identifier = Field(description="id of the person measure before entry")
    after: Identifier = Field(description="id of the person measure after entry; its id stands in the keys")


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

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures, those before and those after."""
        return tuple(part for pair in self.pairs for part in (pair.before, pair.after))


class Recruitment(Record):
    """How many persons have reached an event week by week, what is to be expected if the pace lasts, and what for.

    The weeks are counted back from the last day of casework, so that the last one is whole; week 1 holds the first day
    of the trial's period. Paths and interval are those of a pace known from the latest weeks only.
    """

    kind: Literal["recruitment"] = Field(description="this analysis")
    measure: Identifier = Field(description="a 0/1 person measure of the event: an `event_ever`")
    milestone: Identifier = Field(description="id of the fact with the number of persons planned by now")
    needed: Identifier = Field(description="id of the fact with the number of persons needed")
    until: date = Field(description="last day of the forecast")
    latest: int = Field(26, ge=4, description="so many of the latest weeks tell the pace")
    outcome: Identifier | None = Field(None, description="a 0/1 person measure whose share stands for those without")
    power: float = Field(0.8, gt=0, lt=1, description="the wanted probability of finding a difference")
    by_site: bool = Field(True, description="also how many of each site have reached the event")

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures."""
        return tuple(measure for measure in (self.measure, self.outcome) if measure)

    @property
    def facts_used(self) -> tuple[str, ...]:
        """The ids of the facts."""
        return (self.milestone, self.needed)


class Scales(Record):
    """Scores and answers of a survey that is repeated: by measurement, and from each person's first to last.

    The group that has each measurement shrinks, so beside the mean of everybody stands that of the persons who have
    every measurement. Rises and falls are counted by how many measurements a person has.
    """

    kind: Literal["scales"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="survey_scale and survey_mean of one survey")
    counts: Identifier = Field(
        description="id of the survey_answers that says which measurement a sheet is: 1, 2, ... in order"
    )
    relevant: dict[Identifier, float] = Field(
        default_factory=dict, description="measure -> the least change that is also counted as one to notice"
    )
    by_site: bool = Field(False, description="also the first measurement of each site and of all others")

    @property
    def all_measures(self) -> tuple[str, ...]:
        """The ids of the measures and of the one that numbers the sheets."""
        return (self.counts, *self.measures)

    @model_validator(mode="after")
    def _relevant_is_measured(self) -> Scales:
        if strange := sorted(set(self.relevant) - set(self.measures)):
            raise ValueError(f"relevant names {', '.join(strange)}, which is not among the measures")
        return self
