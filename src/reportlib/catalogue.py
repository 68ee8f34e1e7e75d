"""Every part that a document can ask for by name: `r.skriv("effects.effect", ...)`."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlib.errors import ReportlibError, did_you_mean

_SECTIONS = (
    "compared costs effects findings hypotheses certainty implementation key_shares method progress quasi status"
)
_MODULES = {
    "figures": "reportlib.show.figures",
    "tables": "reportlib.show.tables",
    **{name: f"reportlib.prose.{name}" for name in (*_SECTIONS.split(), "summary", "survival")},
    "municipality": "reportlib.prose.site_front",
    "uncertainty": "reportlib.numbers.uncertainty",
}
"""What a document calls a family of parts -> the module that holds them."""


_DRAWN = {"Chart": 'id="fig-…"', "Table": 'id="tbl-…"'}
"""What a part can give beside text -> what a document gives it."""


@dataclass(frozen=True)
class Entry:
    """A part as the catalogue shows it.

    Attributes:
        name: `effects.effect`.
        call: how a document calls it: `r.skriv("effects.effect", measure, week, relative=False)`.
        says: the first sentence of its docstring: what it writes.
    """

    name: str
    call: str
    says: str


class UnknownPartError(ReportlibError):
    """A document asked for a part by a name that no part has."""


def part(name: str) -> Any:
    """The function that writes the part: `figures.two_panel`, `effects.effect`.

    Raises:
        UnknownPartError: with the nearest names.
    """
    family, _, function = name.partition(".")
    found = getattr(importlib.import_module(_MODULES[family]), function, None) if family in _MODULES else None
    if not function or function.startswith("_") or not _is_part(found):
        raise UnknownPartError(
            f"no part is called {name!r}",
            hint=f"{did_you_mean(name, names())}; `reportlib show` lists every part",
        )
    return found


@cache
def names() -> tuple[str, ...]:
    """Every part's name, by family."""
    found = []
    for family, place in _MODULES.items():
        module = importlib.import_module(place)
        index = family in ("figures", "tables")  # its parts are those that it imports
        own = {
            name: value for name, value in vars(module).items() if index or getattr(value, "__module__", "") == place
        }
        found += [f"{family}.{name}" for name, value in sorted(own.items()) if name[0] != "_" and _is_part(value)]
    return tuple(found)


def described(name: str) -> Entry:
    """A part with its call and what it writes.

    Raises:
        UnknownPartError
    """
    function = part(name)
    signature, shown = inspect.signature(function), []
    for parameter in list(signature.parameters.values())[2:]:
        if parameter.name in ("site", "tested"):  # the report gives them
            continue
        given = "" if parameter.default is inspect.Parameter.empty else f"={parameter.default!r}"
        shown.append(f"{parameter.name}{given}")
    shown += [_DRAWN[gives]] if (gives := str(signature.return_annotation)) in _DRAWN else []
    says = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    return Entry(name, f"r.skriv({', '.join([repr(name).replace(chr(39), chr(34)), *shown])})", says)


def _is_part(function: object) -> bool:
    """A part takes the ledger and the trial and gives a figure, a table, or a version's text; the rest are helpers."""
    if not inspect.isfunction(function):
        return False
    signature = inspect.signature(function)
    gives = str(signature.return_annotation)
    text = gives == "str" and "site" in signature.parameters
    return list(signature.parameters)[:2] == ["ledger", "trial"] and (text or gives in _DRAWN)
