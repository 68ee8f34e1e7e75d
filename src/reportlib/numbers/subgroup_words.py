"""What the subgroups of ledger rows are called in Danish; their ids in keys are for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reportlib.danish import EN_DASH, NBSP, decapitalise, number_word
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.keys import ACCOUNTS, BACKGROUND, COST_BENEFIT, DUE
from reportlib.trial.analyses import Division, Subgroups
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveyAnswers

_ANSWER = "svar-"
_ASSUMPTIONS: Mapping[str, str] = {
    "discount_rate": "diskonteringsrenten",
    "tax_distortion": "skatteforvridningen",
    "net_tax_factor": "nettoafgiftsfaktoren",
}
_ACCOUNT_NAMES: Mapping[str, str] = {
    ACCOUNTS["society"]: "samfundet",
    ACCOUNTS["public"]: "det offentlige",
    ACCOUNTS["kommune"]: "kommunen",
    ACCOUNTS["region"]: "regionen",
    ACCOUNTS["stat"]: "staten",
}
_NUMBERED: Mapping[str, Callable[[int], str]] = {
    "antal": lambda count: f"{number_word(count)} målinger",
    "stigning": lambda points: f"en stigning på {points} procentpoint",
    DUE: lambda share: f"{share}{NBSP}pct. tilskrevet indsatsen",
}
"""Subgroups that are a word and a number; the persons themselves (`n160`) are told beside the row."""

_PLAIN: Mapping[str, str] = {"mindst-to": "mindst to målinger", "uden-kontrol": "uden kontrol for baggrund"}


def subgroup_names(rows: Iterable[Estimate], measures: Mapping[str, Measure], trial: Trial) -> dict[str, str]:
    """Row key -> what its subgroup is called, for rows of a subgroup that their population does not tell."""
    return {row.key: words for row in rows if row.subgroup and (words := subgroup_words(row, measures, trial))}


def subgroup_words(row: Estimate, measures: Mapping[str, Measure], trial: Trial) -> str:
    """`mændene`, `diskonteringsrenten`, `to målinger`; empty where the row's population says it.

    The same id means one thing among the background columns, another in a division, a third in the accounts.
    """
    if row.subgroup in _PLAIN:
        return _PLAIN[row.subgroup]
    if row.measure == COST_BENEFIT:
        return _cost_benefit(row.subgroup, trial)
    if row.measure == BACKGROUND:
        return decapitalise(_background(row.subgroup, trial))
    first, _, rest = row.subgroup.partition(":")
    if (division := _division(row.measure, first, trial)) is not None:
        return division.values.get(rest, rest) if rest else f"delt efter {division.label}"
    if (answer := row.subgroup.rpartition(":")[2]).startswith(_ANSWER):
        return _answer(row.measure, answer.removeprefix(_ANSWER), trial)
    if (group := next((one for one in trial.every_group if one.id == first), None)) is not None:
        name = f"sammenlignet med {group.label}"
        label = measures[rest].label if rest in measures else _background(rest, trial)
        return f"{name}, {decapitalise(label)}" if rest else name
    return _numbered(row.subgroup) or _band(row.subgroup)


def _division(measure: str, name: str, trial: Trial) -> Division | None:
    """The division of a subgroup analysis; where subgroups are compared, the population names them."""
    divisions = (
        division
        for spec in trial.analyses
        if isinstance(spec, Subgroups) and spec.measure == measure
        for division in spec.by
    )
    return next((division for division in divisions if division.id == name), None)


def _background(covariate: str, trial: Trial) -> str:
    column, _, value = covariate.partition(":")
    label = trial.extracts.participants.background.get(column, column)
    return f"{label}: {decapitalise(value)}" if value else label


def _answer(measure: str, answer: str, trial: Trial) -> str:
    computed = trial.measure_by_id[measure].computed
    label = computed.answers.get(answer, answer) if isinstance(computed, SurveyAnswers) else answer
    return f"svaret ”{decapitalise(label)}”"


def _cost_benefit(subgroup: str, trial: Trial) -> str:
    first, _, name = subgroup.partition(":")
    prices = {price.key: price.label or trial.measure_by_id[price.measure].label for price in trial.prices}
    if first == "price":
        return f"prisen på {decapitalise(prices[name])}"
    if first == "quantity":
        units = next((price.units for price in trial.prices if price.measure == name and price.units), None)
        return f"forskellen i {decapitalise(units or trial.measure_by_id[name].label)}"
    if first in _ACCOUNT_NAMES:
        return ", ".join([_ACCOUNT_NAMES[first], *([decapitalise(prices[name])] if name else [])])
    return _ASSUMPTIONS.get(first) or decapitalise(prices.get(first, ""))


def _numbered(subgroup: str) -> str:
    for prefix, words in _NUMBERED.items():
        number = subgroup.removeprefix(prefix)
        if subgroup.startswith(prefix) and number.isdecimal():
            return words(int(number))
    return ""


def _band(subgroup: str) -> str:
    """`0–5` of a distribution's `0-5`."""
    low, dash, high = subgroup.partition("-")
    return f"{low}{EN_DASH}{high}" if dash and low[:1].isdecimal() and high[:1].isdecimal() else ""
