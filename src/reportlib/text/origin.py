"""Numbers that remember where they come from, whatever is done to print them.

A ledger row hands out `TracedFloat` and `TracedInt` instead of plain numbers; they are numbers in every respect, and
arithmetic gives plain ones again, because a sum or a ratio of two rows is a number of its own. `as_decimal` and `abs`
keep the origin: they say the same number in another form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar, overload

_MOST_NAMED = 4
"""A number made from more rows than this names the first and the last of them."""

PARTS = frozenset({"value", "k", "n", "se", "ci_low", "ci_high", "p", "df", "time", "subgroup"})
"""What a row's numbers are called in an origin."""

BETWEEN = " + "
"""Between what a derived number is made of."""


class Kind(StrEnum):
    """What a number's origin is. The value begins the origin's text, except for ledger rows."""

    ROW = ""
    FACT = "fakta"
    SETTING = "trial"
    FILE = "fil"
    METHOD = "metode"
    DERIVED = "udledt"
    AXIS = "akse"
    TEXT = "tekst"
    REFERENCE = "henvisning"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number comes from.

    `ref` is the ledger key, the fact's id, the setting's place in trial.yml, or for derived numbers how they were made
    and of which rows; `part` is which of the row's numbers it is (`value`, `k`, `n`, `ci_low`, `p`, `time` ...).
    """

    ref: str
    part: str = "value"
    kind: Kind = Kind.ROW

    def __str__(self) -> str:
        text = f"{self.kind}:{self.ref}" if self.kind else self.ref
        return text if self.part == "value" else f"{text}#{self.part}"

    @classmethod
    def parse(cls, text: str) -> Origin:
        """The origin whose `str` is `text`.

        >>> Origin.parse('timer.deltager.uge35#n').part
        'n'
        """
        body, mark, part = text.rpartition("#")
        if not mark or part not in PARTS:
            body, part = text, "value"
        prefix, colon, ref = body.partition(":")
        if colon and prefix in _PREFIXES:
            return cls(ref, part, Kind(prefix))
        return cls(body, part)


_PREFIXES = frozenset(str(kind) for kind in Kind if kind)


def fact(name: str) -> Origin:
    """The origin of a design fact of trial.yml."""
    return Origin(name, kind=Kind.FACT)


def setting(place: str) -> Origin:
    """The origin of a setting of trial.yml: `design.level`, `follow_up.enough`."""
    return Origin(place, kind=Kind.SETTING)


def method(name: str) -> Origin:
    """The origin of a constant of a method, such as the weeks of a year."""
    return Origin(name, kind=Kind.METHOD)


AXIS = Origin("tal", kind=Kind.AXIS)
"""The origin of the numbers on an axis."""


def derived(how: str, parts: Iterable[object]) -> Origin:
    """The origin of a number made from others: `how` it was made, and the numbers, rows or keys it was made of.

    Raises:
        TypeError: a part has no name that a reader of the account would know: a record printed as Python prints it.
    """
    named: list[str] = []
    for part in parts:
        source = part if isinstance(part, Origin) else origin_of(part)
        name = source if source is not None else getattr(part, "key", part)
        if not isinstance(name, (Origin, str, int, float)):
            raise TypeError(f"a {type(part).__name__} has no key: name what the number is made of")
        named.append(str(name))
    distinct = list(dict.fromkeys(named))
    if len(distinct) > _MOST_NAMED:
        distinct = [distinct[0], "…", distinct[-1]]
    return Origin(f"{how}({BETWEEN.join(distinct)})", kind=Kind.DERIVED)


def count_of(things: Collection[object]) -> int:
    """How many things there are, as a number made from them."""
    return TracedInt(len(things), derived("antal", things))


def sources_in(origin: Origin) -> Iterator[Origin]:
    """What an origin names that is not made of something else: itself, or all that a derived number is made of."""
    if origin.kind is not Kind.DERIVED:
        yield origin
        return
    for made_of in parts_of(origin)[1]:
        yield from sources_in(made_of)


def keys_in(origin: Origin) -> Iterator[str]:
    """The ledger keys an origin names: its own, or those a derived number is made of."""
    return (source.ref for source in sources_in(origin) if source.kind is Kind.ROW)


def parts_of(origin: Origin) -> tuple[str, list[Origin]]:
    """How a derived number was made, and what it was made of; some of it is left out where there is much."""
    how, _, inside = origin.ref.partition("(")
    return how, [Origin.parse(part) for part in inside.removesuffix(")").split(BETWEEN)]


class TracedFloat(float):
    """A float with an origin."""

    __slots__ = ("origin",)
    origin: Origin | None

    def __new__(cls, value: float, origin: Origin | None = None) -> TracedFloat:
        made = super().__new__(cls, value)
        made.origin = origin
        return made

    def __abs__(self) -> TracedFloat:
        return TracedFloat(float.__abs__(self), self.origin)

    def __repr__(self) -> str:
        return f"{float.__repr__(self)}«{self.origin}»"

    __str__ = float.__repr__


class TracedInt(int):
    """An int with an origin. As a whole value of a document it prints as a number that can be followed."""

    origin: Origin | None

    def __new__(cls, value: int, origin: Origin | None = None) -> TracedInt:
        made = super().__new__(cls, value)
        made.origin = origin
        return made

    def __abs__(self) -> TracedInt:
        return TracedInt(int.__abs__(self), self.origin)

    def __repr__(self) -> str:
        return f"{int.__repr__(self)}«{self.origin}»"

    __str__ = int.__repr__


class TracedDecimal(Decimal):
    """A decimal with an origin."""

    origin: Origin | None

    def __new__(cls, value: Decimal, origin: Origin | None = None) -> TracedDecimal:
        made = super().__new__(cls, value)
        made.origin = origin
        return made

    def __abs__(self) -> TracedDecimal:
        return TracedDecimal(self.copy_abs(), self.origin)


class TracedFraction(Fraction):
    """A fraction with an origin."""

    origin: Origin | None

    def __new__(cls, value: Fraction, origin: Origin | None = None) -> TracedFraction:
        made = super().__new__(cls, value.numerator, value.denominator)
        made.origin = origin
        return made


def origin_of(value: object) -> Origin | None:
    """Where a number comes from, or None for a plain one."""
    found = getattr(value, "origin", None)
    return found if isinstance(found, Origin) else None


_N = TypeVar("_N", bound="float | Decimal | Fraction")


@overload
def with_origin(value: None, origin: Origin | None) -> None: ...
@overload
def with_origin(value: _N, origin: Origin | None) -> _N: ...
def with_origin(value: Any, origin: Origin | None) -> Any:
    """The same number with this origin (None: as it is); not a number, such as a date, stays as it is."""
    if origin is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return TracedInt(value, origin)
    if isinstance(value, float):
        return TracedFloat(value, origin)
    if isinstance(value, Decimal):
        return TracedDecimal(value, origin)
    return TracedFraction(value, origin) if isinstance(value, Fraction) else value
