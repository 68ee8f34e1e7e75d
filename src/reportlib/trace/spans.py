"""From marks to Markdown: `[12 pct]{.tal key="…"}.` around each number that can be followed.

Where Markdown allows no span (a title, an alternative text) the numbers' origins stand in an attribute of their own
beside it: `tal="…"`.
"""

from __future__ import annotations

from reportlib.markup import attribute
from reportlib.trace.marks import Recording, active_recording, marked_numbers, replace_marks
from reportlib.trace.origin import Origin

SEPARATOR, IS = " ;; ", " @ "
"""Between the numbers in a `tal` attribute, and between a number's text and its origin."""


def with_spans(text: str, record: Recording) -> str:
    """The Markdown with its marks as spans."""
    return replace_marks(text, record, span)


def span(text: str, origin: Origin) -> str:
    """`[12 pct]{.tal key="…"}`; a bar would end a table's cell and is written as an entity."""
    key = attribute(str(origin)).replace("|", "&#124;")
    return f'[{text}]{{.tal key="{key}"}}'


def origins_in(text: str) -> str:
    """The numbers marked in `text` with their origins, in order, as one text; empty when there are none."""
    active = active_recording()
    if active is None:
        return ""
    return SEPARATOR.join(f"{printed}{IS}{origin}" for printed, origin in marked_numbers(text, active))


def titled(title: str) -> str:
    """The attribute `title="…"` of a box, and the one that says where the numbers in it come from."""
    return f'title="{attribute(title)}"{origins_attribute(title)}'


def read_origins(text: str) -> list[tuple[str, Origin]]:
    """What `origins_in` wrote: each number's text and origin."""
    pairs = (entry.partition(IS) for entry in text.split(SEPARATOR) if IS in entry)
    return [(printed, Origin.parse(origin)) for printed, _, origin in pairs]


def origins_attribute(text: str) -> str:
    """` tal="…"` for the numbers marked in `text`, which stands in an attribute beside this one; or nothing."""
    origins = origins_in(text)
    return f' tal="{attribute(origins)}"' if origins else ""
