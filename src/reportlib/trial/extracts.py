"""The extracts of a trial: files, their columns, how they write numbers, and the exceptions that are declared."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportlib.text.units import Unit
from reportlib.trial.base import Identifier, Name, Record, Text

WORKBOOK = ".xlsx"
_SHEET = re.compile(rf"(?P<file>.*{re.escape(WORKBOOK)})#(?P<sheet>.+)", re.IGNORECASE)


def file_and_sheet(name: str) -> tuple[str, str | None]:
    """The file of `svar.xlsx#Ark1` and the sheet of it that is meant; any other name is a file's.

    >>> file_and_sheet("svar.xlsx#Ark1"), file_and_sheet("svar#1.csv")
    (('svar.xlsx', 'Ark1'), ('svar#1.csv', None))
    """
    found = _SHEET.fullmatch(name)
    return (found["file"], found["sheet"]) if found else (name, None)


# What every extract has in common: its file, how it writes numbers and ids, and the exceptions that are declared.


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

    file: Name = Field(
        description="file name, relative to the trial's folder; of a workbook also the sheet: svar.xlsx#Ark1"
    )
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
    missing: tuple[Name, ...] = Field((), description="texts that mean an empty cell, as `['-']`, beside `.` and `NA`")

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self

    @field_validator("missing")
    @classmethod
    def _no_numbers(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if any(character.isalnum() and not character.isalpha() for character in text):
                raise ValueError(f"{text!r} holds digits: it may be a value in another column; empty its cells")
        return texts


class _Public(Record):
    """A table of public statistics by month and area, and what to ask it for."""

    table: Name = Field(min_length=1, description="the table's id, as the bank writes it")
    count: Name = Field(min_length=1, description="what is counted, as the bank writes it")
    base: Name = Field(min_length=1, description="what the count is a part of, as the bank writes it")
    where: dict[Name, Name] = Field(default_factory=dict, description="other dimension -> the one value asked for")
    areas: dict[Name, Name] = Field(default_factory=dict, description="site -> the bank's name, where that is another")
    without: tuple[Name, ...] = Field((), description="sites that are left out: the bank has them not, or hides them")
    first: date = Field(description="a day of the first month")
    last: date = Field(description="a day of the last month")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the months end ({self.last}) before they begin ({self.first})")
        return self


class Jobindsats(_Public):
    """A table of Jobindsats: `count` and `base` are measures of it, `where` fixes hierarchies."""

    kind: Literal["jobindsats"] = Field(description="this bank")
    area: Name = Field("_nykom", description="the hierarchy of areas; `_nykom` is the municipalities")
    version: Literal[2, 3] = Field(3, description="version of the API")

    @property
    def bank(self) -> str:
        """What the bank is called under a figure."""
        return "Jobindsats"


class Statbank(_Public):
    """A table of Statistikbanken: `count` and `base` are values of the variable `counted`, `where` fixes the others."""

    kind: Literal["statistikbanken"] = Field(description="this bank")
    area: Name = Field("OMRÅDE", description="the variable of areas")
    counted: Name = Field(description="the variable whose values are `count` and `base`")
    form: Literal["BULK", "JSONSTAT"] = Field("BULK", description="form of the answer: CSV, or JSON-stat")

    @property
    def bank(self) -> str:
        """What the bank is called under a figure."""
        return "Statistikbanken"


PublicStatistics = Jobindsats | Statbank

FETCHED = ("kilde", "tabel", "hentet")
"""Columns of a fetched extract: the bank, the table and the day."""


class MonthlySeries(Source):
    """Counts by month and area: one row per month and area."""

    month: Name = Field("maaned", description="column: the month (2016-03, 201603 or a date in it)")
    area: Name = Field("omraade", description="column: the area, spelled as in `sites`")
    count: Name = Field("antal", description="column: the count")
    base: Name = Field("grundlag", description="column: what the count is a part of")
    fetch: Annotated[PublicStatistics, Field(discriminator="kind")] | None = Field(
        None,
        description="the public table that `reportlib jobindsats` or `statistikbanken` makes the file of",
    )

    @model_validator(mode="after")
    def _is_written_as_csv(self) -> Self:
        if self.fetch is not None and not self.file.casefold().endswith(".csv"):
            raise ValueError(f"{self.file} is fetched, and what is fetched is written as CSV: call it something.csv")
        return self


# Where the extracts lie and what their columns are called. Paths are relative to the trial's folder.


class BackgroundKind(StrEnum):
    """What a column of the background holds."""

    NUMBER = "number"
    YES_NO = "yes_no"
    CATEGORY = "category"
    DATE = "date"


class Participants(Source):
    """One row per person: who, where, which group, since when, and background known before entry."""

    person: Name = Field("person", description="column: the person's id, equal in all extracts")
    site: Name = Field("kommune", description="column: the site, spelled as in `sites.names`")
    group: Name = Field("gruppe", description="column: the group, spelled as `groups.*.value`")
    start: Name = Field("visitationsdato", description="column: the date of entry")
    background: dict[Name, Text] = Field(default_factory=dict, description="column -> Danish label, in table order")
    background_units: dict[Name, Unit] = Field(
        default_factory=dict, description="unit of a column of numbers (years, weeks ...); 0/1 columns are shares"
    )
    background_kinds: dict[Name, BackgroundKind] = Field(
        default_factory=dict, description="what a column holds, where the cells alone do not decide it"
    )
    background_values: dict[Name, tuple[Name, ...] | dict[Name, Name]] = Field(
        default_factory=dict,
        description="values of a category, or what its codes are called; those that few persons have must be here",
    )


class Dream(Source):
    """DREAM: one row per person, one column per ISO week. `weeks` is a pattern with YY and WW, matched without case."""

    person: Name = Field("PNR", description="column: the person's id, equal in all extracts")
    weeks: Name = Field("y_{YY}{WW}", description="pattern of the week columns")
    codebook: Name | None = Field(None, description="a code book of your own (YAML); empty uses the unofficial one")


class PaidHours(Source):
    """Paid hours: one row per person and month (several jobs are summed)."""

    person: Name = Field("person", description="column: the person's id, equal in all extracts")
    month: Name = Field("maaned", description="column: the month (2016-03, 201603 or a date in it)")
    hours: Name = Field("loentimer", description="column: paid hours in the month")
    not_ordinary: tuple[Identifier, ...] = Field(
        (), description="DREAM groups whose weeks have no ordinary hours (wage subsidy, fleksjob)"
    )


class Casework(Source):
    """Registrations of casework: one row per event; `end` and `place` may be empty."""

    person: Name = Field("person", description="column: the person's id, equal in all extracts")
    kind: Name = Field("haendelse", description="column: the kind of event")
    start: Name = Field("dato", description="column: the date of entry")
    end: Name = Field("slutdato", description="column: the last day; may be empty")
    place: Name = Field("sted", description="column: workplace or provider; may be empty")
    last_day: date | None = Field(None, description="last day registrations cover; default follow_up.last_day")


class WeeklyOutcome(Source):
    """Outcomes recorded week by week in event time: a row per person, columns by a pattern with {W}.

    An empty cell means that the person is no longer followed.
    """

    person: Name = Field("person", description="column: the person's id, equal in all extracts")
    weeks: Name = Field("week_{W}", description="pattern of the week columns")
    empty_weeks: tuple[int, ...] = Field((), description="event weeks in which it is right that nothing is recorded")


class Survey(Source):
    """One row per answer sheet. `person` is empty where the answers are anonymous (staff)."""

    person: Name | None = Field(None, description="column: the person's id, equal in all extracts")
    site: Name | None = Field("kommune", description="column: the site, as in `sites`; `null`: where the person is")
    respondents: Text = Field(description="definite plural: borgerne, medarbejderne")
    items: dict[Name, Text] = Field(default_factory=dict, description="column -> wording of the question")


class Extracts(Record):
    """The extracts of a trial; only the participants are always needed."""

    participants: Participants = Field(description="who takes part")
    dream: Dream | None = Field(None, description="weekly benefit codes")
    paid_hours: PaidHours | None = Field(None, description="paid hours by month")
    casework: Casework | None = Field(None, description="talks, plans, placements and other registrations")
    weekly: dict[Identifier, WeeklyOutcome] = Field(default_factory=dict, description="id -> outcome recorded by week")
    surveys: dict[Identifier, Survey] = Field(default_factory=dict, description="id -> survey")
    series: dict[Identifier, MonthlySeries] = Field(default_factory=dict, description="id -> counts by month and area")
    outside_data_folder: bool = Field(False, description="true: files may lie outside the data folder")

    def files(self) -> list[tuple[str, str]]:
        """Place in trial.yml and name of every file that is read, the code book among them."""
        codebook = self.dream.codebook if self.dream is not None else None
        return [(f"{name}.file", file_and_sheet(source.file)[0]) for name, source in self.each()] + (
            [("dream.codebook", codebook)] if codebook else []
        )

    def each(self) -> list[tuple[str, Source]]:
        """Place in trial.yml and specification of every extract."""
        single = {name: getattr(self, name) for name in ("participants", "dream", "paid_hours", "casework")}
        several: dict[str, dict[str, Any]] = {"weekly": self.weekly, "surveys": self.surveys, "series": self.series}
        named = {name: spec for name, spec in single.items() if spec is not None}
        named |= {f"{kind}.{name}": spec for kind, specs in several.items() for name, spec in specs.items()}
        return list(named.items())
