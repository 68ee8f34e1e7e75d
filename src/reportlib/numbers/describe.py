"""What is said of a printed number: what it counts, of whom, when, how many, how sure, from which source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from reportlib.danish import EN_DASH, NBSP, capitalise, confidence_name, number_text, sentence, short_date
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.keys import OTHERS
from reportlib.numbers.statistic_words import STATISTICS, setting_words
from reportlib.text.origin import Kind, Origin, keys_in
from reportlib.text.units import RULES, Unit

_MOST_NAMED = 2
_ROUNDING = 1e-6

PARTS: Mapping[str, str] = {
    "k": "antal bag andelen",
    "n": "antal i alt",
    "se": "standardfejl",
    "ci_low": "nedre grænse i konfidensintervallet",
    "ci_high": "øvre grænse i konfidensintervallet",
    "p": "p-værdi",
    "df": "frihedsgrader",
    "time": "ugen, tallet gælder",
    "subgroup": "båndet, tallet gælder",
}

DERIVED: Mapping[str, str] = {
    "antal": "Talt sammen i rapporten",
    "sum": "Sum af tal i regnskabet",
    "relativt": "Relativ forskel, beregnet af de uafrundede tal",
    "forhold": "Forholdet mellem to tal, beregnet af de uafrundede tal",
    "afstand": "Afstanden fra det viste tal til målet",
    "resten": "Hundrede minus det viste tal",
    "tilfaeldigt": "Antal test gange signifikansniveauet",
    "udeladt": "Antal steder, hvis tal ikke vises",
    "omtrent": "Afrundet",
    "uger": "Ugen, tallet gælder",
    "stigning": "Den stigning i procentpoint, der skal kunne findes",
    "dag": "Dagen er talt frem i hele uger",
}


METHODS: Mapping[str, str] = {
    "foerste-uge": "Opfølgningens første uge",
    "balance-efter-matchning": "Fast grænse i metoden for den standardiserede forskel efter matchning",
}
"""What the constants of the methods are."""


def where(row: Estimate, named: Mapping[str, str] | None = None) -> str:
    """Whom, when and at which site: `deltagerne, uge 35 efter start, Aarhus`.

    `named` is what the rows' subgroups are called, by key; without it they stand as in the key.
    """
    site = f"de øvrige end {row.site.removeprefix(OTHERS)}" if row.site.startswith(OTHERS) else row.site
    part = row.subgroup if named is None else named.get(row.key, "")
    return ", ".join(text for text in (row.population, row.window, site, part) if text)


def what(row: Estimate, measure: Measure) -> str:
    """`Andel med ordinære timer, forskellen`."""
    statistic = STATISTICS.get(row.statistic, "" if row.statistic in ("share", "mean", "count") else row.statistic)
    return f"{measure.label}, {statistic}" if statistic else measure.label


def counts(row: Estimate) -> str:
    """`92 af 767`, `767 personer`, or nothing."""
    if row.n is None:
        return ""
    if row.k is not None and row.unit is Unit.PCT and _is_share(row):
        return f"{number_text(row.k)}{NBSP}af{NBSP}{number_text(row.n)}"
    return f"n{NBSP}={NBSP}{number_text(row.n)}"


def _is_share(row: Estimate) -> bool:
    """True when the number is 100 k / n: a mean of shares and a survival curve are per cent of something else."""
    return bool(row.n) and row.value is not None and abs(100 * (row.k or 0) / (row.n or 1) - row.value) < _ROUNDING


def spread(row: Estimate) -> str:
    """`1,2–8,8`, or nothing; with one decimal where the unit has any."""
    decimals = min(1, RULES[row.unit].most)
    if row.ci_low is None or row.ci_high is None:
        return ""
    return f"{number_text(row.ci_low, decimals)}{EN_DASH}{number_text(row.ci_high, decimals)}"


def row_text(
    row: Estimate, measure: Measure, part: str, *, level: float, named: Mapping[str, str] | None = None
) -> str:
    """Everything about a row's number, in sentences; `named` as in `where`."""
    first = f"{PARTS[part].capitalize()}: {what(row, measure)}" if part in PARTS else what(row, measure)
    evidence = [text for text in (counts(row), _interval(row, level)) if text]
    return " ".join(
        [
            sentence(first),
            sentence(measure.definition),
            sentence(f"Gælder {where(row, named)}" + (f"; {'; '.join(evidence)}" if evidence else "")),
            sentence(
                f"Kilde: {capitalise(measure.source.rstrip('.'))}"
                + (f", opgjort {_day(row.data_date)}" if row.data_date else "")
            ),
        ]
    )


TALLIES = frozenset({"antal", "udeladt"})
"""Derived numbers that are counts of what stands in the report."""


class Sources(Protocol):
    """What numbers come from: an account."""

    @property
    def facts(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def rows(self) -> Mapping[str, Estimate]: ...
    @property
    def measures(self) -> Mapping[str, Measure]: ...
    @property
    def subgroups(self) -> Mapping[str, str]: ...


def other_text(origin: Origin, known: Sources) -> str:
    """What is said of a number that is no ledger row's own."""
    match origin.kind:
        case Kind.FACT:
            found = known.facts.get(origin.ref, {})
            return sentence(
                f"{found.get('label', origin.ref)}. Kilde: {capitalise(found.get('source', ''))}".rstrip(". ")
            )
        case Kind.SETTING:
            words = setting_words(origin.ref)
            return f"Fastlagt i rapportens opsætning{f': {words}' if words else ''} ({origin.ref})."
        case Kind.FILE:
            return f"Rækker i udtrækket {origin.ref}."
        case Kind.METHOD:
            return sentence(METHODS.get(origin.ref, f"Fast tal i metoden ({origin.ref})"))
        case Kind.AXIS:
            return "Tal på en akse."
        case Kind.TEXT | Kind.REFERENCE:
            return ""
        case _:
            how = origin.ref.partition("(")[0]
            made_of = _made_of(origin, known)
            return sentence(DERIVED.get(how, how) + (f": {made_of}" if made_of else ""))


def _made_of(origin: Origin, known: Sources) -> str:
    """The labels of what a derived number is made of; empty where they are names and settings only."""
    labels = []
    for key in keys_in(origin):
        if (row := known.rows.get(key)) is not None:
            labels.append(f"{what(row, known.measures[row.measure])} ({where(row, known.subgroups)})")
        elif key in known.measures:
            labels.append(known.measures[key].label)
    distinct = list(dict.fromkeys(labels))
    return f"{distinct[0]} til {distinct[-1]}" if len(distinct) > _MOST_NAMED else "; ".join(distinct)


def _interval(row: Estimate, level: float) -> str:
    limits = spread(row)
    return f"{confidence_name(level)} {limits}" if limits else ""


def _day(iso: str) -> str:
    try:
        return short_date(date.fromisoformat(iso))
    except ValueError:
        return iso
