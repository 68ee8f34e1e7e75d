"""What the trial set out to find: the results that were decided on, and when. The summary leads with these only."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from reportlib.trial.base import Identifier, Name, Record, Text


class PlannedResult(Record):
    """One result that was decided on, and what it is called whichever way it falls.

    `more` and `less` are what there is more of, as it stands after "giver": *flere i arbejde*, *færre i arbejde*.
    """

    measure: Identifier = Field(description="id of the measure whose difference is the result")
    week: int | None = Field(None, ge=1, description="event week of a measure that has a value week by week")
    family: Text = Field(description="Danish: the question the result answers")
    more: Text = Field(description="Danish: what there is when the difference is positive: flere i arbejde")
    less: Text = Field(description="Danish: what there is when it is negative: færre i arbejde")
    margin: float | None = Field(
        None, gt=0, description="a difference below this does not matter; without it no report says that there is none"
    )


class Planned(Record):
    """The planned results of a trial. Everything else it shows is exploratory."""

    decided: date | None = Field(None, description="the day the results were decided on; empty where nobody knows")
    source: Identifier | None = Field(None, description="id of the source that says so")
    primary: tuple[PlannedResult, ...] = Field(min_length=1, description="what the trial is judged by")
    secondary: tuple[PlannedResult, ...] = Field((), description="what is looked at next")

    @property
    def results(self) -> tuple[PlannedResult, ...]:
        """Primary results first."""
        return (*self.primary, *self.secondary)

    @model_validator(mode="after")
    def _told_once(self) -> Planned:
        named = [(result.measure, result.week) for result in self.results]
        for measure, week in named:
            if named.count((measure, week)) > 1:
                raise ValueError(
                    f"{measure} stands twice among the planned results" + (f" in week {week}" if week else "")
                )
        if self.decided is not None and self.source is None:
            raise ValueError(
                "`decided` needs a `source`: where it can be read that the results were decided on that day"
            )
        return self


Bears = Literal["up", "down", "open", "green", "yellow", "red"]
"""What a finding must say to bear a recommendation: a difference's verdict, or the light of a share with a target."""


class Recommendation(Record):
    """What the evaluator recommends, and what bears it: a finding that says something else one day stops the report."""

    title: Text = Field(description="Danish, an imperative without a full stop: Få borgeren med til møderne")
    to: Text | None = Field(None, description="Danish, who is to do it: kommunerne, Styrelsen for ...")
    text: Text = Field(description="Danish: one to three sentences")
    bears: dict[Name, Bears] = Field(
        default_factory=dict,
        description="key of a difference -> `up`, `down` or `open` (not significant); id of an element's measure -> "
        "its light: `green`, `yellow` or `red`",
    )
    rests: Text | None = Field(None, description="Danish, what else it rests on: interview med medarbejdere")
    section: Name | None = Field(
        None, pattern="^sec-[a-z0-9-]+$", description="the section that shows it: sec-effekter"
    )

    @model_validator(mode="after")
    def _rests_on_something(self) -> Recommendation:
        if not self.bears and self.rests is None:
            raise ValueError(f"the recommendation {self.title!r} rests on nothing; give `bears` or `rests`")
        return self


class Hypothesis(Record):
    """What was expected beforehand, and the findings that answer it: `prose/hypotheses.py` says what came of it."""

    expected: Text = Field(description="Danish, a full sentence: Deltagerne kommer hurtigere på en arbejdsplads")
    bears: dict[Name, Bears] = Field(
        default_factory=dict,
        description="as in `recommendations`: what each number says if it is met; empty where nothing measures it",
    )
    experience: Text | None = Field(None, description="Danish: what interviews say of it")

    @model_validator(mode="after")
    def _answered(self) -> Hypothesis:
        if not self.bears and self.experience is None:
            raise ValueError(f"nothing answers {self.expected!r}; give `bears` or `experience`")
        return self


class Phase(Record):
    """One phase of the effort, as the model figure draws it."""

    name: Text = Field(description="Danish, short: Opstart")
    steps: tuple[Text, ...] = Field(min_length=1, max_length=6, description="what happens in it, a few words each")
