"""How a survey measure is computed: from one item, several items or a scale of an answer sheet."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from reportlib.trial.base import Identifier, Name, Record, Text


class SurveyShare(Record):
    """Answer sheets, 0/1: the answer to `item` is one of `answers`, among those who answered it."""

    kind: Literal["survey_share"] = Field(description="this way of computing")
    survey: Identifier = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    answers: tuple[int | Name, ...] = Field(min_length=1, description="answers that count as 1")
    not_counted: tuple[int | Name, ...] = Field((), description="answers that leave the denominator (ved ikke)")


class SurveyMean(Record):
    """Answer sheets: the mean answer to `item` on its scale, among those who gave a number."""

    kind: Literal["survey_mean"] = Field(description="this way of computing")
    survey: Identifier = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    low: int = Field(description="lowest answer on the scale")
    high: int = Field(description="highest answer on the scale")
    low_label: Text = Field(description="Danish label of the lowest answer")
    high_label: Text = Field(description="Danish label of the highest answer")


class SurveyAnswers(Record):
    """Answer sheets: how the answers to `item` are spread, among those who gave one of them."""

    kind: Literal["survey_answers"] = Field(description="this way of computing")
    survey: Identifier = Field(description="id of a survey")
    item: Name = Field(description="column of the survey")
    answers: dict[Name, Text] = Field(description="answer as in the extract -> Danish label, in the scale's order")


class SurveyScale(Record):
    """Answer sheets: the score of a scale made of several items or, with `above`, whether the score is higher.

    WHO-5 runs from 0 to 100, GSE from 10 to 40; a sheet with too many unanswered items has no score.
    """

    kind: Literal["survey_scale"] = Field(description="this way of computing")
    survey: Identifier = Field(description="id of a survey")
    scale: Literal["who5", "gse"] = Field(description="which scale")
    items: tuple[Name, ...] = Field(min_length=1, description="columns of the survey, in the scale's order")
    above: float | None = Field(None, description="1 when the score is above this, else 0; makes it a share")


class SurveyAtLeast(Record):
    """Answer sheets, 0/1: at least so many of the items are answered with one of `answers`.

    Counts sheets in which any of the items is answered.
    """

    kind: Literal["survey_at_least"] = Field(description="this way of computing")
    survey: Identifier = Field(description="id of a survey")
    items: tuple[Name, ...] = Field(min_length=1, description="columns of the survey")
    answers: tuple[int | Name, ...] = Field(min_length=1, description="answers that count")
    at_least: int = Field(ge=1, description="so many items or more")

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.at_least > len(self.items):
            raise ValueError(f"at least {self.at_least} of {len(self.items)} items cannot be reached")
        return self


SurveySource = SurveyShare | SurveyMean | SurveyAnswers | SurveyScale | SurveyAtLeast
