"""What in trial.yml a measure's numbers can depend on: its settings by place, and which part is made of which.

A finished ledger keeps both, so that two ledgers can tell which setting or extract moved a number. A setting is a plain
number, yes or no or a day; of everything else only 12 signs of its hash are kept. Texts that a report prints are no
setting: they move no number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from reportlib.ledger.keys import BACKGROUND, COST_BENEFIT, FOLLOWED, PERSONS
from reportlib.trial.analyses import AnalysisSpec, Balance, CostBenefit, Fidelity, Matching, PopulationCounts
from reportlib.trial.base import is_printed
from reportlib.trial.extracts import MonthlySeries, PaidHours, Source, Survey
from reportlib.trial.measures import DreamShare, HoursPerWeek, MeasureSpec
from reportlib.trial.model import Trial
from reportlib.trial.references import divisions_of, measures_in

SECTIONS = ("design", "groups", "sites", "period", "follow_up", "disclosure")
"""Parts of trial.yml whose fields are settings one by one: `follow_up.weeks`."""

_OF_PERSONS = ("groups", "sites", "period", "follow_up")
_NEVER_A_CAUSE = frozenset({"noun", "file", "id", "label", "source", "number", "title", "intention"})


def settings(trial: Trial) -> dict[str, Any]:
    """Place in trial.yml -> its value where that is a number, yes or no or a day; else 12 signs of its hash."""
    found = {
        f"{section}.{name}": _told(getattr(part, name), printed=is_printed(type(part), name))
        for section, part in _sections(trial)
        for name in type(part).model_fields
        if name not in _NEVER_A_CAUSE
    }
    return found | {place: _told(part) for place, part in _parts(trial)}


def _sections(trial: Trial) -> Iterator[tuple[str, BaseModel]]:
    yield from ((section, getattr(trial, section)) for section in SECTIONS)


def _parts(trial: Trial) -> Iterator[tuple[str, BaseModel]]:
    """Every part that is a setting as a whole, by its place."""
    yield from ((f"extracts.{place}", source) for place, source in trial.extracts.each())
    yield from ((f"measures.{measure.id}", measure) for measure in trial.measures)
    yield from ((f"populations.{population.id}", population) for population in trial.populations)
    yield from ((f"elements.{element.id}", element) for element in trial.elements)
    yield from ((f"prices.{price.key}", price) for price in trial.prices)
    yield from zip(_analysis_places(trial), trial.analyses, strict=True)


def _analysis_places(trial: Trial) -> list[str]:
    """`analyses.at_week.timer` by kind and first measure, so that an analysis more moves no other's place."""
    places: list[str] = []
    for analysis in trial.analyses:
        first = next(iter(_named(analysis)), "")
        place = ".".join(part for part in ("analyses", analysis.kind, first) if part)
        twins = sum(other.partition("#")[0] == place for other in places)
        places.append(f"{place}#{twins + 1}" if twins else place)
    return places


def _named(analysis: AnalysisSpec) -> list[str]:
    """The measures that an analysis names."""
    return [*measures_in(analysis), *(division.measure for division in divisions_of(analysis) if division.measure)]


def _told(value: Any, *, printed: bool = False) -> Any:
    plain = _plain(value, printed=printed)
    if plain is None or isinstance(plain, bool | int | float) or isinstance(value, date):
        return plain
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def _plain(value: Any, *, printed: bool = False) -> Any:
    """The value as JSON, without the texts that are printed."""
    if isinstance(value, BaseModel):
        record = type(value)
        return {
            name: _plain(getattr(value, name), printed=is_printed(record, name))
            for name in record.model_fields
            if name not in _NEVER_A_CAUSE
        }
    if isinstance(value, dict):
        return [[str(key), _plain(part, printed=printed)] for key, part in value.items()]
    if isinstance(value, tuple):
        return [_plain(part, printed=printed) for part in value]
    if isinstance(value, str):
        return "" if printed else str(value)
    return value.isoformat() if isinstance(value, date) else value


# What is made of what.


def dependencies(trial: Trial) -> dict[str, list[str]]:
    """Part -> the parts it is made of: measures of extracts, populations and other measures, analyses of measures.

    The measures that every ledger has stand by their own names among the measures.
    """
    found: dict[str, Iterable[str]] = {
        f"extracts.{place}": _of_extract(source, trial) for place, source in trial.extracts.each()
    }
    found |= {f"measures.{measure.id}": _of_measure(measure, trial) for measure in trial.measures}
    for population in trial.populations:
        conditions = (population.having, population.without)
        found[f"populations.{population.id}"] = (
            "extracts.participants",
            *(f"measures.{name}" for name in conditions if name),
        )
    persons = _persons(trial)
    found |= {f"measures.{name}": persons for name in (PERSONS, FOLLOWED, BACKGROUND)}
    prices = [part for price in trial.prices for part in (f"prices.{price.key}", f"measures.{price.measure}")]
    found[f"measures.{COST_BENEFIT}"] = (*persons, *prices)
    places = _analysis_places(trial)
    found |= {place: _of_analysis(analysis, trial) for place, analysis in zip(places, trial.analyses, strict=True)}
    return {part: list(dict.fromkeys(of)) for part, of in found.items()}


def _persons(trial: Trial) -> tuple[str, ...]:
    """Who is followed, and how long: a code of DREAM can end it."""
    return ("extracts.participants", *(["extracts.dream"] if trial.extracts.dream else []))


def _of_extract(source: Source, trial: Trial) -> tuple[str, ...]:
    if isinstance(source, MonthlySeries) or (isinstance(source, Survey) and source.person is None):
        return ("groups", "sites")
    if source is trial.extracts.participants:
        return _OF_PERSONS
    codes = isinstance(source, PaidHours) and source.not_ordinary
    return ("extracts.participants", *(["extracts.dream"] if codes else []))


def _of_measure(measure: MeasureSpec, trial: Trial) -> Iterator[str]:
    computed = measure.computed
    yield from (f"measures.{name}" for name in measures_in(computed))
    if measure.population:
        yield f"populations.{measure.population}"
    for name, kinds in (("extract", ("weekly", "series")), ("survey", ("surveys",))):
        for kind in kinds:
            if getattr(computed, name, None) in getattr(trial.extracts, kind):
                yield f"extracts.{kind}.{getattr(computed, name)}"
    if hasattr(computed, "events"):
        yield "extracts.casework"
    if isinstance(computed, HoursPerWeek):
        yield "extracts.paid_hours"
    if measure.is_panel or measure.is_person or isinstance(computed, DreamShare):
        yield from _persons(trial)


def _of_analysis(analysis: AnalysisSpec, trial: Trial) -> Iterator[str]:
    yield from (f"measures.{name}" for name in _named(analysis))
    match analysis:
        case Balance() | Matching():
            yield f"measures.{BACKGROUND}"
        case PopulationCounts():
            yield f"measures.{PERSONS}"
            yield from (f"populations.{name}" for name in analysis.populations)
        case CostBenefit():
            yield f"measures.{COST_BENEFIT}"
            yield from (f"measures.{price.measure}" for price in trial.prices)
        case Fidelity():
            for element in trial.elements:
                yield f"elements.{element.id}"
                yield from (f"measures.{component.measure}" for component in element.components)
        case _:
            pass
