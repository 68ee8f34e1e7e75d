"""What a trial's results are called at Jobeffekter.dk: closed lists, weights, and the part of trial.yml about them.

The lists and weights are those of the bank's public pages, which docs/jobeffekter.md names, with what could not be
confirmed there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

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


def _listed(known: Iterable[str], what: str) -> AfterValidator:
    """Marks the type of a name, or of a list of names, each of which must be on the bank's list."""
    known = list(known)

    def checked(value: Any) -> Any:
        for name in value if isinstance(value, tuple) else (value,):
            if name not in known:
                raise ValueError(f"Jobeffekter.dk has no {what} {name!r} ({did_you_mean(name, known)})")
        return value

    return AfterValidator(checked)


class BankResult(Record):
    """A number of the ledger as a result at Jobeffekter.dk."""

    row: Name = Field(min_length=1, description="key of a tested difference: `ordinaere-timer.forskel.uge35`")
    outcome: Annotated[Name, _listed((*PRIMARY, *SECONDARY), "effektmål")] = Field(
        description="effektmål, on the bank's list"
    )
    effect_type: Annotated[Name, _listed(EFFECT_TYPES, "effekttype")] = Field(
        "Nettoeffekt", description="effekttype, on the bank's list"
    )
    better: Literal["higher", "lower"] = Field("higher", description="which difference helps the persons")


class EvidenceBank(Record):
    """What the trial adds to Jobeffekter.dk, in the bank's words; each is on one of its closed lists."""

    target_groups: Annotated[tuple[Name, ...], _listed(TARGET_GROUPS, "målgruppe")] = Field(
        min_length=1, description="målgrupper, on the bank's list"
    )
    interventions: Annotated[tuple[Name, ...], _listed(INTERVENTIONS, "indsats")] = Field(
        min_length=1, description="indsatser, on the bank's list"
    )
    quality: Annotated[Name, _listed(QUALITY, "kvalitetsvurdering")] = Field(
        description="your own assessment: God, Tilfredsstillende, Ikke tilfredsstillende"
    )
    journal: Annotated[Name, _listed(JOURNALS, "tidsskrift")] = Field(
        "Nej", description="published in a scientific journal: Nej, or Højest rangerede"
    )
    limits: Text = Field(description="Danish: what the result does not show")
    results: tuple[BankResult, ...] = Field(min_length=1, description="the results, the main one first")

    @property
    def combination(self) -> str:
        """Whether the result is of several target groups, of several interventions, or of both."""
        several = sum(len(values) > 1 for values in (self.target_groups, self.interventions))
        return list(COMBINATION)[several]
