"""Text from data on its way into Markdown, and the marks around its numbers.

Names of municipalities are data. Escaped text is inert (`reportlib.text.inert`): it can neither break a table, open a
shortcode nor become markup, prints as it was written, and may be escaped twice.

A mark becomes a span: `[12 pct]{.tal key="…"}.` around each number that can be followed. Where Markdown allows no span
(a title, an alternative text) the numbers' origins stand in an attribute of their own beside it: `tal="…"`. Which `13`
of a text it is that has an origin ("Område 13 ... i 13 uger") is written there too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from reportlib.text.inert import Words, inert, plain
from reportlib.text.marks import SIGNS, Recording, active_recording, clear_stretches, replace_marks, unmarked
from reportlib.text.origin import Origin

_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BRACES = str.maketrans({sign: inert(sign) for sign in "{}"})
_MARKS = frozenset(SIGNS)


def clean(text: str) -> str:
    """One line as it was written, without control and direction characters: what may stand in an SVG or an attribute.

    No-break spaces stay; other white space becomes single spaces; marks around numbers stay.
    """
    spaced = _SPACE.sub(" ", plain(text))
    kept = _MARKS if active_recording() is not None else frozenset()
    unseen = {sign for sign in set(spaced) - kept if _unseen(sign)}
    seen = "".join(sign for sign in spaced if sign not in unseen) if unseen else spaced
    return seen.strip(" ")


@lru_cache(maxsize=4096)  # every text of a report is made of the same hundred signs
def _unseen(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C")


def escape(text: str) -> Words:
    """`text` as Markdown that prints as `text`, in a paragraph, a caption or a table cell."""
    return inert(clean(text))


def attribute(text: str) -> str:
    """`text` as the inside of a double-quoted attribute value (`fig-alt="…"`), without marks."""
    inner = clean(unmarked(text)).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return inner.translate(_BRACES)  # shortcodes and Divs are looked for before attributes are read


SEPARATOR = " ;; "
"""Between the numbers in a `tal` attribute."""

# `13 @ key`; `13 @2 key` for the third 13 since the number before it.
_NUMBER = re.compile(r"(?P<text>.*?) @(?P<passed>\d*) (?P<origin>.*)", re.DOTALL)

_LESS = re.compile(r"(?<!\\)<")
_ESCAPED_LESS = r"\\<"


@dataclass(frozen=True, slots=True)
class Named:
    """A number of a text without spans: how it is printed, its origin, and how many like it since the one before."""

    text: str
    origin: Origin
    passed: int = 0


def with_spans(text: str, record: Recording) -> str:
    """The Markdown with its marks as spans."""
    return replace_marks(text, record, span)


def span(text: str, origin: Origin) -> str:
    """`[12 pct]{.tal key="…"}`; a bar would end a table's cell and is written as an entity.

    The sign in `p < 0,001` is escaped: Pandoc looks for the tag it might begin through all that follows, which with
    twelve of them took as long as the rest of its reading.
    """
    key = attribute(str(origin)).replace("|", "&#124;")
    return f'[{_LESS.sub(_ESCAPED_LESS, text)}]{{.tal key="{key}"}}'


def origins_in(text: str, record: Recording | None = None) -> str:
    """The numbers marked in `text` (of `record`, or of the recording that is on) with their origins, as one text."""
    active = record or active_recording()
    if active is None:
        return ""
    written = []
    for before, printed, origin in clear_stretches(text, active):
        written.append(f"{printed} @{before.count(printed) or ''} {origin}")
    return SEPARATOR.join(written)


NOT_TYPED = ' tal=""'
"""Beside a text without numbers, and what Pandoc is left to read: the words are data, and a sign of markup a sign."""


def titled(title: str) -> str:
    """The attribute `title="…"` of a box, and the one that says where the numbers in it come from."""
    return f'title="{attribute(title)}"{origins_attribute(title) or NOT_TYPED}'


def read_origins(text: str) -> list[Named]:
    """What `origins_in` wrote."""
    found = (_NUMBER.fullmatch(entry) for entry in text.split(SEPARATOR))
    return [
        Named(entry["text"], Origin.parse(entry["origin"]), int(entry["passed"] or 0))
        for entry in found
        if entry is not None
    ]


def origins_attribute(text: str) -> str:
    """` tal="…"` for the numbers marked in `text`, which stands in an attribute beside this one; or nothing."""
    origins = origins_in(text)
    return f' tal="{attribute(origins)}"' if origins else ""
