"""What every record of trial.yml is made of. Unknown keys are errors, records never change, printed texts are inert."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from reportlib.text.markup import escape

# The base of every record in trial.yml: unknown keys are errors, and records never change after loading.


ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""Lower-case letters, digits and single hyphens: safe in keys, file names and cross-references."""


class Printed:
    """Marks the type of a text that a report prints."""


class Compared:
    """Marks the type of a text that is compared with what stands in an extract."""


Text = Annotated[str, StringConstraints(min_length=1), Printed()]
"""A text that a report prints: never empty. Documents meet it inert (`trial.base`): it cannot become markup."""

Name = Annotated[str, Compared()]
"""What is compared with an extract: a file, a column, a value, a place. Whoever prints one escapes it (`markup`)."""


# What the name of another part means is said by the type of its field too: which part must be there, and what of it.


@dataclass(frozen=True)
class NameOf:
    """Marks the type of a part's name: what such a part is called, and the names that a trial has."""

    what: str
    known: Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class Need:
    """Marks the type of a measure's id: what is asked of the measure, and how the fault reads when it is another."""

    fault: str
    holds: Callable[[Any], bool]


class EventWeek:
    """Marks the type of a number of weeks that cannot be larger than `follow_up.weeks`."""


Week = Annotated[int, EventWeek()]
Column = Annotated[Name, NameOf("background column", lambda trial: trial.extracts.participants.background)]
FACT = NameOf("fact", lambda trial: trial.facts)
FactId = Annotated[Identifier, FACT]
GroupId = Annotated[Identifier, NameOf("group", lambda trial: [group.id for group in trial.every_group])]
MeasureId = Annotated[Identifier, Need("", lambda _measure: True)]
PopulationId = Annotated[Identifier, NameOf("population", lambda trial: trial.population_by_id)]
SeriesId = Annotated[Identifier, NameOf("series extract", lambda trial: trial.extracts.series)]
SourceId = Annotated[Identifier, NameOf("source", lambda trial: trial.sources)]
SurveyId = Annotated[Identifier, NameOf("survey", lambda trial: trial.extracts.surveys)]
WeeklyId = Annotated[Identifier, NameOf("weekly extract", lambda trial: trial.extracts.weekly)]


FACT_IN_TEXT = re.compile(r"\{([\w-]+)\}")
"""A fact's id in a reservation: `Grænsen ved {delt-uge} er valgt bagefter.`"""


class Record(BaseModel):
    """A part of trial.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


# A trial as documents meet it: every text that a report prints is inert, so that nothing in it can become markup.
#
# Which texts those are is said by the type of each field of trial.yml: `Text` is printed, `Name` and `Identifier` are
# compared with what stands in extracts and keys (and escaped where they are printed, like all names from data). A
# plain `str` in a record is refused, so a new field cannot be forgotten.


_M = TypeVar("_M", bound=BaseModel)


def with_inert_words(record: _M) -> _M:
    """The record whose `Text`s are Markdown that prints as they are written; the keys of a mapping never change."""
    return rewritten(record, lambda value, _, printed: escape(value) if printed and isinstance(value, str) else value)


def rewritten(record: _M, change: Callable[[Any, str, bool], Any], place: str = "") -> _M:
    """The record with what `change` makes of each value, of its place (`elements.jobmaal.number`) and of whether a
    report prints it."""
    fields = type(record).model_fields
    changed = {
        name: _rewritten(getattr(record, name), change, f"{place}{name}", is_printed(type(record), name))
        for name in fields
    }
    copied = record.model_copy(update=changed)
    for name in copied.__dict__.keys() - fields.keys():  # what was worked out from the plain record and kept
        del copied.__dict__[name]
    return copied


def _rewritten(value: Any, change: Callable[[Any, str, bool], Any], place: str, printed: bool) -> Any:
    if isinstance(value, BaseModel):
        return rewritten(value, change, f"{place}.")
    if isinstance(value, tuple):
        parts = enumerate(value, 1)
        return tuple(_rewritten(part, change, f"{place}.{place_in_list(part, at)}", printed) for at, part in parts)
    if isinstance(value, dict):
        return {key: _rewritten(part, change, f"{place}.{key}", printed) for key, part in value.items()}
    return change(value, place, printed)


_NAMES = ("id", "measure", "kind")
"""What a record in a list is called in the place of a setting, instead of its number."""


def place_in_list(record: object, number: int) -> str:
    """What an entry of a list is called in the place of its settings: its id, or its number."""
    found = (getattr(record, name, None) for name in _NAMES) if isinstance(record, BaseModel) else ()
    return next((str(name) for name in found if name), str(number))


def printed_texts(record: BaseModel, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of everything in the record that a report prints."""
    for name, field in type(record).model_fields.items():
        yield from _texts(getattr(record, name), is_printed(type(record), name), f"{place}{field.alias or name}")


@cache
def is_printed(record: type[BaseModel], name: str) -> bool:
    """True for a field of `Text`, or of a list or mapping of them."""
    return any(isinstance(mark, Printed) for mark in _marks(record, name))


def named(part: BaseModel) -> Iterator[tuple[str, Any, list[Any]]]:
    """(field, mark, values) of each field of a record whose type says what its values name: of a mapping its keys.

    Records without an id that it holds in a list are looked at as parts of it.
    """
    for name in type(part).model_fields:
        value = getattr(part, name)
        several = isinstance(value, tuple | dict)
        for inner in value if isinstance(value, tuple) else ():
            if isinstance(inner, BaseModel) and "id" not in type(inner).model_fields:
                yield from named(inner)
        for mark in _marks(type(part), name):
            if isinstance(mark, NameOf | Need | EventWeek) and value is not None:
                yield name, mark, list(value) if several else [value]


@cache
def _marks(record: type[BaseModel], name: str) -> tuple[Any, ...]:
    """What the type of a field says."""
    field = record.model_fields[name]
    return (*field.metadata, *_metadata(field.annotation))


def _metadata(annotation: Any) -> list[Any]:
    """What is said about a type, and about what a list or mapping of it holds (of a mapping about its keys too)."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return [*arguments[1:], *_metadata(arguments[0])]
    if origin is dict or origin is tuple or origin is typing.Union or origin is UnionType:
        return [found for part in arguments for found in _metadata(part)]
    return []


def _texts(value: Any, printed: bool, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from printed_texts(value, f"{place}.")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _texts(part, printed, f"{place}.{number}")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, printed, f"{place}.{key}")
    elif printed and isinstance(value, str):
        yield place, value
