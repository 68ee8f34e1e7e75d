"""What every extract has in common: its file, how it writes numbers and ids, and the exceptions that are declared."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from reportlib.trial.base import Name, Record, Text


class Gap(Record):
    """A time in which it is right that an extract has no records: they count as nothing (no hours, event or benefit).

    A time whose records are missing from the delivery is no gap: order them, or shorten the follow-up.
    """

    first: date = Field(description="first day without records")
    last: date = Field(description="last day without records")
    site: Name | None = Field(None, description="the site it is true of; empty is everybody")
    why: Text = Field(description="why nothing is recorded")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the gap ends ({self.last}) before it begins ({self.first})")
        return self


class Source(Record):
    """What every extract has: its file, how it writes numbers, and what is declared to be right though it looks wrong.

    Each column's way of writing numbers is decided from all its cells, and refused where it cannot be: `1.234` is more
    than a thousand, or one and a bit.
    """

    file: Name = Field(description="file name, relative to the trial's folder")
    decimal: Literal[",", "."] | None = Field(None, description="mark before decimals; empty is decided by column")
    thousands: Literal[".", ",", " ", ""] | None = Field(
        None, description="mark between thousands, `''` for none; empty is decided by column"
    )
    duplicates: Literal["keep", "drop"] | None = Field(
        None, description="records that are alike in every column that is read: `keep` all or `drop` all but the first"
    )
    alike: Literal["refuse", "strangers"] = Field(
        "refuse",
        description="ids that are a participant's but for zeros, case or hyphens: `strangers` says they are others",
    )
    coverage: float | None = Field(
        None,
        ge=0,
        le=1,
        description="least share of participants with a record; empty is 0.01 (DREAM, weekly: all)",
    )
    gaps: tuple[Gap, ...] = Field((), description="times in which it is right that there are no records")

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self
