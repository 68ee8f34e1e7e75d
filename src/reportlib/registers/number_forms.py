"""How a column writes its numbers: which mark parts the decimals, and which the thousands.

One column has one way. Each way that reads every number of the column is a candidate; where the candidates read the
same values, nothing is at stake, and where they differ (`1.234` is one and a bit, or more than a thousand) the column
cannot be read until trial.yml says how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_LARGEST = 1e100  # anything above is a slip, and would overflow when squared and summed
_BLANKS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " "})
_UNKNOWN = re.compile(r"-1|-?9+")
_FAR = 1.5  # times the largest of the other numbers
_WHOLE = re.compile(r"[-+]?\d+")


@dataclass(frozen=True)
class NumberForm:
    """One way of writing numbers; `thousands` is "" where nothing parts them."""

    decimal: str
    thousands: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        groups = rf"|[1-9]\d{{0,2}}(?:{re.escape(self.thousands)}\d{{3}})+" if self.thousands else ""
        exponent = "" if self.thousands else r"(?:[eE][-+]?\d+)?"
        mark = re.escape(self.decimal)
        return re.compile(rf"[-+]?(?:(?:\d+{groups})(?:{mark}\d*)?|{mark}\d+){exponent}")

    def number(self, text: str) -> float | None:
        """The number, or None where this is not how it is written."""
        if not self._pattern.fullmatch(text):
            return None
        value = float((text.replace(self.thousands, "") if self.thousands else text).replace(self.decimal, "."))
        return value if abs(value) <= _LARGEST else None

    def __str__(self) -> str:
        return f"1{self.thousands}234{self.decimal}5"


PLAIN = NumberForm(".", "")
FORMS = (
    PLAIN,
    NumberForm(",", ""),
    NumberForm(",", "."),
    NumberForm(".", ","),
    NumberForm(",", " "),
    NumberForm(".", " "),
)


@dataclass(frozen=True)
class Reading:
    """The texts of a column read as numbers.

    Attributes:
        values: text -> number; a text that is none is not there.
        form: how the column writes numbers.
        doubtful: texts that another way, which fits the column as well, reads as another number.
    """

    values: dict[str, float]
    form: NumberForm
    doubtful: dict[str, tuple[float, float]]


def read_numbers(texts: Iterable[str], decimal: str | None = None, thousands: str | None = None) -> Reading:
    """Read the texts in the way that fits most of them; `decimal` and `thousands` are what trial.yml says of it."""
    texts = list(dict.fromkeys(texts))
    plain = {text: text.translate(_BLANKS).replace("\N{MINUS SIGN}", "-") for text in texts}
    marked = [text for text in texts if not _WHOLE.fullmatch(plain[text])]
    forms = [
        form
        for form in FORMS
        if decimal in (None, form.decimal)
        and (thousands is None or (form.thousands in ("", thousands) and form.decimal != thousands))
    ]
    read: list[dict[str, float]] = []
    for form in forms:
        values = ((text, form.number(plain[text])) for text in marked)
        read.append({text: value for text, value in values if value is not None})
    most = max(len(values) for values in read)
    fitting = [(form, values) for form, values in zip(forms, read, strict=True) if len(values) == most]
    form, chosen = fitting[0]
    doubtful = _doubtful([values for _, values in fitting])
    whole = ((text, PLAIN.number(plain[text])) for text in texts if _WHOLE.fullmatch(plain[text]))
    return Reading(chosen | {text: value for text, value in whole if value is not None}, form, doubtful)


def codes_for_unknown(values: Mapping[str, float], fewest: int) -> set[str]:
    """Texts of numbers that look like a code for what is not known: 999 among ages to 70, 9 among answers to 5, a -1
    where all others are positive. Nothing can be said of fewer than `fewest` other numbers."""
    others = [value for text, value in values.items() if not _UNKNOWN.fullmatch(text)]
    if len(others) < fewest:
        return set()
    far = _FAR * max(*others, 0)
    return {
        text for text, value in values.items() if _UNKNOWN.fullmatch(text) and (value > far or value < 0 <= min(others))
    }


def _doubtful(readings: Sequence[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """The texts that two of the readings give different values, or only one of them reads."""
    found: dict[str, tuple[float, float]] = {}
    for text in readings[0]:
        values = [reading[text] for reading in readings if text in reading]
        if min(values) != max(values):
            found[text] = (min(values), max(values))
    return found
