"""Where the extracts lie and what their columns are called. Paths are relative to the trial's folder."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from reportlib.trial.base import Identifier, Record
from reportlib.units import Unit


class Participants(Record):
    """One row per person: who, where, which group, since when, and background known before entry."""

    file: str
    person: str = "person"
    site: str = "kommune"
    group: str = "gruppe"
    start: str = "visitationsdato"
    background: dict[str, str] = Field(default_factory=dict, description="column -> Danish label, in table order")
    background_units: dict[str, Unit] = Field(
        default_factory=dict, description="unit of a column of numbers (years, weeks ...); 0/1 columns are shares"
    )


class Dream(Record):
    """DREAM: one row per person, one column per ISO week. `weeks` is a pattern with YY and WW, matched without case."""

    file: str
    person: str = "PNR"
    weeks: str = "y_{YY}{WW}"
    codebook: str | None = Field(None, description="a code book of your own (YAML); empty uses the unofficial one")


class PaidHours(Record):
    """Paid hours: one row per person and month (several jobs are summed)."""

    file: str
    person: str = "person"
    month: str = "maaned"
    hours: str = "loentimer"
    not_ordinary: tuple[Identifier, ...] = Field(
        (), description="DREAM groups whose weeks have no ordinary hours (wage subsidy, fleksjob)"
    )


class Casework(Record):
    """Registrations of casework: one row per event; `end` and `place` may be empty."""

    file: str
    person: str = "person"
    kind: str = "haendelse"
    start: str = "dato"
    end: str = "slutdato"
    place: str = "sted"
    last_day: date | None = Field(None, description="last day registrations cover; default follow_up.last_day")


class WeeklyOutcome(Record):
    """Outcomes recorded week by week in event time: a row per person, columns by a pattern with {W}.

    An empty cell means that the person is no longer followed.
    """

    file: str
    person: str = "person"
    weeks: str = "week_{W}"


class Survey(Record):
    """One row per answer sheet. `person` is empty where the answers are anonymous (staff)."""

    file: str
    person: str | None = None
    site: str | None = "kommune"
    respondents: str = Field(description="definite plural: borgerne, medarbejderne")
    items: dict[str, str] = Field(default_factory=dict, description="column -> wording of the question")


class Extracts(Record):
    """The extracts of a trial; only the participants are always needed."""

    participants: Participants
    dream: Dream | None = None
    paid_hours: PaidHours | None = None
    casework: Casework | None = None
    weekly: dict[Identifier, WeeklyOutcome] = Field(default_factory=dict)
    surveys: dict[Identifier, Survey] = Field(default_factory=dict)
