"""What a trial adds to Jobeffekter.dk: each result with its direction and weight, and the box in Metode on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportlib.danish import decapitalise, list_text, number_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.section_parts import fill, measure_of
from reportlib.prose.wording import Verdict, verdict
from reportlib.prose.words import outcome_noun
from reportlib.text.markup import escape
from reportlib.text.origin import Kind, Origin, derived, with_origin
from reportlib.trial.design import Kind as DesignKind
from reportlib.trial.jobeffekter import (
    COMBINATION,
    DENMARK,
    ECONOMETRIC,
    GEOGRAPHY,
    JOURNALS,
    METHODS,
    QUALITY,
    RANDOMISED,
    BankResult,
    EvidenceBank,
)
from reportlib.trial.model import Trial

POSITIVE, NEGATIVE, NONE = "Positiv", "Negativ", "Ingen"
NOT_COUNTED = "Medregnes ikke"
NOT_SHOWN = "Vises ikke"
_WAYS = {DesignKind.RANDOMISED: RANDOMISED, DesignKind.QUASI_EXPERIMENT: ECONOMETRIC}


class NoEvidenceError(ReportlibError):
    """trial.yml does not say what the trial's results are called at Jobeffekter.dk."""


class ResultWithoutDirectionError(ReportlibError):
    """A result that was never tested has no direction; nor has a study whose results all hide or were not computed."""


@dataclass(frozen=True)
class Factor:
    """One of the five things a result is weighed by: its name, what is true of the trial, and the weight of that."""

    name: str
    value: str
    weight: float


@dataclass(frozen=True)
class BankEntry:
    """A result as it is entered in the bank; one whose number is not shown has `NOT_SHOWN` for its direction."""

    spec: BankResult
    row: Estimate
    noun: str
    direction: str


def evidence_of(trial: Trial) -> EvidenceBank:
    """The part of trial.yml.

    Raises:
        NoEvidenceError: there is none.
    """
    if trial.jobeffekter is None:
        raise NoEvidenceError(
            f"trial.yml of {trial.id} has no `jobeffekter`",
            hint="add target groups, interventions, quality, limits and results: docs/jobeffekter.md",
        )
    return trial.jobeffekter


def weighing(trial: Trial) -> tuple[Factor, ...]:
    """The factors of the weight; none for a study without a comparison, whose results the bank does not count."""
    evidence = evidence_of(trial)
    way = _WAYS.get(trial.design.kind)
    if way is None:
        return ()
    said = (
        ("kvalitet", evidence.quality, QUALITY),
        ("metode", way, METHODS),
        ("geografi", DENMARK, GEOGRAPHY),
        ("tidsskrift", evidence.journal, JOURNALS),
        ("kombination", evidence.combination, COMBINATION),
    )
    return tuple(_factor(name, value, weights) for name, value, weights in said)


def _factor(name: str, value: str, weights: Mapping[str, float]) -> Factor:
    return Factor(name, value, weights[value])


def weight(trial: Trial) -> float | None:
    """The product of the factors; None where the bank counts no effect."""
    factors = weighing(trial)
    return math.prod(factor.weight for factor in factors) if factors else None


def bank_entries(ledger: Ledger, trial: Trial) -> list[BankEntry]:
    """The results in the order of trial.yml, each with the direction that its test supports.

    Raises:
        NoEvidenceError; UnknownKeyError: the ledger has no such number; ResultWithoutDirectionError.
    """
    entries = []
    for spec in evidence_of(trial).results:
        row = ledger[spec.row]
        noun = outcome_noun(measure_of(trial, row.measure)).rstrip(",")
        entries.append(BankEntry(spec, row, noun, _direction(row, spec, trial)))
    return entries


def _direction(row: Estimate, spec: BankResult, trial: Trial) -> str:
    if not _WAYS.get(trial.design.kind):
        return NOT_COUNTED
    if row.group != DIFFERENCE:
        raise ResultWithoutDirectionError(
            f"{row.key} is no difference between the groups, so it has no direction",
            hint="name one: reportlib keys TRIAL forskel",
        )
    if row.value is None:
        return NOT_SHOWN
    found = verdict(row, trial.design.level)
    if found is Verdict.UNTESTED:
        raise ResultWithoutDirectionError(
            f"{row.key} was never tested, so it has no direction",
            hint="name a difference with an interval: reportlib keys TRIAL forskel",
        )
    if not found.significant:
        return NONE
    return POSITIVE if (found is Verdict.UP) == (spec.better == "higher") else NEGATIVE


def box(ledger: Ledger, trial: Trial) -> str:
    """The box: the main result in the bank's words, the others, the weight and what it is made of."""
    evidence, (main, *others) = evidence_of(trial), bank_entries(ledger, trial)
    factors = weighing(trial)
    told = [
        f"{factor.name} {weight_text(factor.weight, Origin(f'jobeffekter-{factor.name}', kind=Kind.METHOD))} "
        f"({_value(factor)})"
        for factor in factors
    ]
    total = weight(trial)
    made_of = derived("vaegt", [Origin(f"jobeffekter-{factor.name}", kind=Kind.METHOD) for factor in factors])
    return fill(
        "evidence_bank",
        main=_said(main),
        others=[_said(entry) for entry in others],
        groups=_belonging("målgruppen", "målgrupperne", evidence.target_groups),
        interventions=_belonging("indsatsen", "indsatserne", evidence.interventions),
        counted=bool(factors),
        none=NONE if NONE in (entry.direction for entry in (main, *others)) else "",
        not_shown=NOT_SHOWN if NOT_SHOWN in (entry.direction for entry in (main, *others)) else "",
        weight="" if total is None else weight_text(total, made_of),
        factors=list_text(told),
        limits=evidence.limits,
        synthetic=trial.synthetic,
    )


def _belonging(one: str, several: str, values: Sequence[str]) -> str:
    """`indsatsen samtaler`, `indsatserne samtaler og ydelser`."""
    return f"{one if len(values) == 1 else several} {escape(list_text(map(decapitalise, values)))}"


def _said(entry: BankEntry) -> str:
    texts = (entry.noun, entry.spec.outcome, entry.spec.effect_type)
    noun, outcome, kind = (escape(decapitalise(text)) for text in texts)
    if entry.direction == NOT_COUNTED:
        return f"{noun} ({outcome})"
    return f"{noun} ({outcome}, {kind}): *{entry.direction}*"


def _value(factor: Factor) -> str:
    return escape(factor.value if factor.value == DENMARK else decapitalise(factor.value))


def weight_text(value: float, origin: Origin | None = None) -> str:
    """`0,25`, `0,8`, `1`: with the decimals that it has.

    >>> weight_text(0.2)
    '0,2'
    """
    value = round(value, 4)
    decimals = len(str(value).rstrip("0").partition(".")[2])
    return number_text(value if origin is None else with_origin(value, origin), decimals)
