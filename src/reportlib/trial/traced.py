"""A trial whose numbers remember where in trial.yml they stand."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from reportlib.text.origin import setting, with_origin

_M = TypeVar("_M", bound=BaseModel)

_NAMES = ("id", "measure", "kind")
"""What a record in a list is called in the place of a setting, instead of its number."""


def traced_settings(record: _M, place: str = "") -> _M:
    """The record with the same values, whose numbers print as settings: `elements.jobmaal.number`, `design.level`."""
    fields = type(record).model_fields
    copied = record.model_copy(update={name: _traced(getattr(record, name), f"{place}{name}") for name in fields})
    for name in copied.__dict__.keys() - fields.keys():  # what was worked out from the plain record and kept
        del copied.__dict__[name]
    return copied


def _traced(value: Any, place: str) -> Any:
    if isinstance(value, BaseModel):
        return traced_settings(value, f"{place}.")
    if isinstance(value, tuple):
        return tuple(_traced(part, f"{place}.{place_in_list(part, number)}") for number, part in enumerate(value, 1))
    if isinstance(value, dict):
        return {key: _traced(part, f"{place}.{key}") for key, part in value.items()}
    return with_origin(value, setting(place)) if isinstance(value, int | float) else value


def place_in_list(record: object, number: int) -> str:
    """What an entry of a list is called in the place of its settings: its id, or its number."""
    found = (getattr(record, name, None) for name in _NAMES) if isinstance(record, BaseModel) else ()
    return next((str(name) for name in found if name), str(number))
