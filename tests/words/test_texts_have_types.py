"""Each text in trial.yml says by its type whether it is printed; one that does not say is refused here."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field, StringConstraints

from reportlib.text.inert import plain
from reportlib.trial.base import Compared, Printed, Record, Text, is_printed, with_inert_words
from reportlib.trial.model import Trial


def strings(annotation: Any, said: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """For each `str` in a type: what is said about it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from strings(arguments[0], (*said, *arguments[1:]))
    elif annotation is str:
        yield said
    elif origin is not typing.Literal:
        for part in arguments:
            yield from strings(part, said)


def records(record: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """The record and all that its fields hold."""
    if record not in seen:
        seen.add(record)
        for field in record.model_fields.values():
            for inner in inner_records(field.annotation):
                records(inner, seen)
    return seen


def inner_records(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from inner_records(part)


def says_its_kind(said: tuple[Any, ...]) -> bool:
    pattern = any(isinstance(part, StringConstraints) and part.pattern for part in said)  # an identifier
    return pattern or any(isinstance(part, Printed | Compared) for part in said)


def test_every_text_is_printed_compared_or_an_identifier() -> None:
    untyped = [
        f"{record.__name__}.{name}"
        for record in records(Trial, set())
        for name, field in record.model_fields.items()
        for said in strings(field.annotation, tuple(field.metadata))
        if not says_its_kind(said)
    ]
    assert untyped == [], "say `Text` for what a report prints, `Name` for what is compared with an extract"


class Example(Record):
    """One field of each shape a text comes in."""

    text: Text
    perhaps: Text | None = None
    several: tuple[Text, ...] = ()
    named: dict[str, Text] = Field(default_factory=dict)


def test_a_text_is_inert_in_whatever_it_lies() -> None:
    signs = "<b> *x*"
    example = Example(text=signs, perhaps=signs, several=(signs,), named={"<k>": signs})
    found = with_inert_words(example)
    texts = [found.text, found.perhaps, *found.several, found.named["<k>"]]
    assert [plain(str(text)) for text in texts] == [signs] * 4
    assert not any(sign in str(text) for text in texts for sign in "<>*")


def test_names_and_keys_stay_as_they_are_compared() -> None:
    assert is_printed(Example, "named")
    assert with_inert_words(Example(text="a", named={"<k>": "b"})).named.keys() == {"<k>"}
