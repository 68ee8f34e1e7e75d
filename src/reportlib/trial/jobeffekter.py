"""What a trial's results are called at Jobeffekter.dk: closed lists, weights, and the part of trial.yml about them.

The lists and weights are those of the bank's public pages, which docs/jobeffekter.md names, with what could not be
confirmed there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field, field_validator

from reportlib.errors import did_you_mean
from reportlib.trial.base import Name, Record, Text

_UNEMPLOYED = (
    "Arbejdsmarkedsparate ledige",
    "Forsikrede arbejdsmarkedsparate ledige",
    "Ikke-forsikrede arbejdsmarkedsparate ledige",
)
TARGET_GROUPS = (
    *_UNEMPLOYED,
    *(f"{group}, {since}" for group in _UNEMPLOYED for since in ("korttidsledige", "langtidsledige")),
    "Borgere langt fra arbejdsmarkedet",
    "Sygemeldte",
)

INTERVENTIONS = (
    "Sanktioner",
    "Tidlig indsats og tidlig afklaring",
    "Generelle effekter",
    "Samtaler",
    "Ordinær uddannelse",
    "Ydelser",
    "Kurser, projekter og opkvalificering",
    "Virksomhedsrettede tilbud",
    "Øvrigt beskæftigelsesmæssig, undervisnings- social- og sundhedsmæssig støtte",
    "Kombinationsindsatser",
)

PRIMARY = ("Beskæftigelse", "Selvforsørgelse", "Ledighed", "Raskmelding")
SECONDARY = ("Arbejdsudbud", "Uddannelse", "Progression", "Aktivering")
EFFECT_TYPES = ("Nettoeffekt", "Motivationseffekt", "Programeffekt", "Fastholdelseseffekt", "Sorteringseffekt")

QUALITY = {"God": 1.0, "Tilfredsstillende": 0.5, "Ikke tilfredsstillende": 0.25}
RANDOMISED, ECONOMETRIC = "Randomiseret kontrolleret forsøg", "Økonometrisk/statistisk effektstudie"
METHODS = {RANDOMISED: 1.0, ECONOMETRIC: 0.8}
DENMARK = "Danmark"
GEOGRAPHY = {DENMARK: 1.0}
JOURNALS = {"Højest rangerede": 1.0, "Nej": 0.5}
COMBINATION = {"ingen": 1.0, "målgruppe eller indsats": 0.5, "målgruppe og indsats": 0.25}


def _one_of(value: str, known: Iterable[str], what: str) -> str:
    """The value, which must be on the bank's list.

    Raises:
        ValueError: it is not; the nearest are named.
    """
    known = list(known)
    if value not in known:
        raise ValueError(f"Jobeffekter.dk has no {what} {value!r} ({did_you_mean(value, known)})")
    return value


class BankResult(Record):
    """A number of the ledger as a result at Jobeffekter.dk."""

    row: Name = Field(min_length=1, description="key of a tested difference: `ordinaere-timer.forskel.uge35`")
    outcome: Name = Field(description="effektmål, on the bank's list")
    effect_type: Name = Field("Nettoeffekt", description="effekttype, on the bank's list")
    better: Literal["higher", "lower"] = Field("higher", description="which difference helps the persons")

    @field_validator("outcome")
    @classmethod
    def _known_outcome(cls, value: str) -> str:
        return _one_of(value, (*PRIMARY, *SECONDARY), "effektmål")

    @field_validator("effect_type")
    @classmethod
    def _known_type(cls, value: str) -> str:
        return _one_of(value, EFFECT_TYPES, "effekttype")


class EvidenceBank(Record):
    """What the trial adds to Jobeffekter.dk, in the bank's words; each is on one of its closed lists."""

    target_groups: tuple[Name, ...] = Field(min_length=1, description="målgrupper, on the bank's list")
    interventions: tuple[Name, ...] = Field(min_length=1, description="indsatser, on the bank's list")
    quality: Name = Field(description="your own assessment: God, Tilfredsstillende, Ikke tilfredsstillende")
    journal: Name = Field("Nej", description="published in a scientific journal: Nej, or Højest rangerede")
    limits: Text = Field(description="Danish: what the result does not show")
    results: tuple[BankResult, ...] = Field(min_length=1, description="the results, the main one first")

    @field_validator("target_groups")
    @classmethod
    def _known_groups(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_one_of(value, TARGET_GROUPS, "målgruppe") for value in values)

    @field_validator("interventions")
    @classmethod
    def _known_interventions(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_one_of(value, INTERVENTIONS, "indsats") for value in values)

    @field_validator("quality")
    @classmethod
    def _known_quality(cls, value: str) -> str:
        return _one_of(value, QUALITY, "kvalitetsvurdering")

    @field_validator("journal")
    @classmethod
    def _known_journal(cls, value: str) -> str:
        return _one_of(value, JOURNALS, "tidsskrift")

    @property
    def combination(self) -> str:
        """Whether the result is of several target groups, of several interventions, or of both."""
        several = sum(len(values) > 1 for values in (self.target_groups, self.interventions))
        return list(COMBINATION)[several]
