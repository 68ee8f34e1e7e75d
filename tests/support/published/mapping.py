"""Where each published number comes from in ours: `<trial>.yml`, one entry per row, in the report's order.

    tolerance: 0.02
    rows:
      <id of the row>: {key: <ledger key>, as: share}
      <id of the row>: {fact: <fact of trial.yml>}
      <id of the row>: {left_out: contradiction, number: 2, why: "which side we follow"}

`key` (or `keys`) names rows of the ledger; `as` says how they are compared, see `Comparison`. `verdict` and `colour`
ask for more than the number. `hidden: true` says that disclosure control hides the row in every report; it is then
compared before it is hidden, in memory only. `fact` names a fact of trial.yml and `field` another place in it (see
`published.fields`); both may be given and must then agree.
"""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from published.rows import PublishedRow
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.trial.base import Record


class PublishedMapError(ReportlibError):
    """A map is missing, has an entry too many, too few or in the wrong place, or an entry that says nothing."""


class Comparison(StrEnum):
    """How a ledger row is held against the published number.

    share: 100 k / n printed half up is the number, and n the published n. count: k is the number. number: the value
    (several rows are added up). mean: the value printed half up to one decimal (or the published ones). near: within
    the tolerance. ratio: 1 + the relative change, printed half up. band: the limit of the band in which the treated
    lead most. flat: no week up to the number has a significant difference, or one above half a point. rounded: the
    value printed half up to the published decimals. rate: 100 (hazard ratio - 1) printed half up is the number.
    cut: the number is cut off in the transcript; ours lies between the entry's `above` and `below`, what is left of the
    digits, and n is the published n. verdict: the report prints a direction and no number, and only the entry's
    `verdict` is held against it.
    """

    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    MEAN = "mean"
    NEAR = "near"
    RATIO = "ratio"
    BAND = "band"
    FLAT = "flat"
    ROUNDED = "rounded"
    RATE = "rate"
    CUT = "cut"
    VERDICT = "verdict"


class Verdict(StrEnum):
    """What the row must say beside its number; a published p-value asks for its own verdict by itself.

    positive, negative: the interval lies above or below 0. significant, not_significant: p against the trial's level
    (or the interval, where there is no p). short_spells: significant in some weeks, but in less than half of them.
    """

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SIGNIFICANT = "significant"
    NOT_SIGNIFICANT = "not_significant"
    SHORT_SPELLS = "short_spells"


class Reason(StrEnum):
    """Why a published number is left out.

    contradiction: the report contradicts itself, and we follow the side its arithmetic supports. judgement: a rating,
    not a number. interview: statements counted in interviews, in no extract. one_person: rests on one person. lost:
    lost in the transcript. no_data: nothing in the extracts can give it.
    """

    CONTRADICTION = "contradiction"
    JUDGEMENT = "judgement"
    INTERVIEW = "interview"
    ONE_PERSON = "one_person"
    LOST = "lost"
    NO_DATA = "no_data"


class Entry(Record):
    """One row's entry."""

    key: str | None = None
    keys: tuple[str, ...] = ()
    how: Comparison | None = Field(None, alias="as")
    above: float | None = None
    below: float | None = None
    tolerance: float | None = None
    opposite: bool = Field(False, description="the report subtracts the other way round: compared as minus ours")
    limit: str | None = Field(None, pattern="^(lower|upper)$")
    verdict: Verdict | None = None
    tested_by: str | None = Field(
        None, description="key of the row that tests two groups together: its n is the published n, its p decides"
    )
    colour: str | None = Field(None, pattern="^(green|yellow|red)$")
    hidden: bool = False
    fact: str | None = None
    field: str | None = None
    left_out: Reason | None = None
    number: int | None = Field(None, description="number in the list of contradictions")
    why: str = ""

    @property
    def ledger_keys(self) -> tuple[str, ...]:
        """The ledger rows compared; empty for facts and rows left out."""
        return (self.key,) if self.key else self.keys

    @model_validator(mode="after")
    def _says_one_thing(self) -> Entry:
        ways = [bool(self.ledger_keys), bool(self.fact or self.field), self.left_out is not None]
        if sum(ways) != 1:
            raise ValueError("give a key (or keys), a fact (or field), or left_out, and only one of them")
        if self.key and self.keys:
            raise ValueError("give key or keys, not both")
        if self.ledger_keys and self.how is None:
            raise ValueError(f"say how to compare: as: {', '.join(Comparison)}")
        if self.left_out is not None and not self.why:
            raise ValueError("left_out needs a why")
        if self.how is Comparison.VERDICT and self.verdict is None:
            raise ValueError("as: verdict needs a verdict")
        if self.how is Comparison.CUT and (self.above is None or self.below is None):
            raise ValueError("as: cut needs above and below")
        if (self.how is Comparison.BAND) != (self.limit is not None):
            raise ValueError("limit goes with as: band")
        return self


@dataclass(frozen=True)
class Mapping:
    """All entries of a trial, by the id of the published row, and the tolerance of `near`."""

    tolerance: float
    entries: ReadOnly[str, Entry]


def read_mapping(folder: Path, trial_id: str, rows: list[PublishedRow]) -> Mapping:
    """The map of a trial's published rows.

    Raises:
        PublishedMapError: with a line per fault.
    """
    path = folder / f"{trial_id}.yml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PublishedMapError(f"the published numbers of {trial_id} have no map", hint=f"write {path}") from None
    except yaml.YAMLError as error:
        raise PublishedMapError(f"{path.name} is not valid YAML: {error}") from None
    if not isinstance(raw, dict) or set(raw) != {"tolerance", "rows"} or not isinstance(raw["rows"], dict):
        raise PublishedMapError(f"{path.name} must hold tolerance and rows")
    _check_order(path.name, list(raw["rows"]), [row.id for row in rows])
    entries, faults = {}, []
    for name, content in raw["rows"].items():
        try:
            entries[name] = Entry.model_validate(content)
        except ValidationError as error:
            faults += [f"  {name}: {_what(fault)}" for fault in error.errors()]
    if faults:
        raise PublishedMapError(f"{path.name} has entries that cannot be read:\n" + "\n".join(faults))
    return Mapping(tolerance=float(raw["tolerance"]), entries=entries)


def _what(fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def _check_order(name: str, mapped: list[str], published: list[str]) -> None:
    """One entry per row, in the report's order, so that the two files can be read side by side."""
    for row in published:
        if row not in mapped:
            raise PublishedMapError(f"{name} has no entry for {row}")
    for row in mapped:
        if row not in published:
            raise PublishedMapError(f"{name}: no published row is called {row}", hint=did_you_mean(row, published))
    if mapped != published:
        first = next(ours for ours, theirs in zip(mapped, published, strict=True) if ours != theirs)
        raise PublishedMapError(f"{name}: {first} does not stand in the report's order")
