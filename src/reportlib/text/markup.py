"""Text from data on its way into Markdown: every name, label and source passes through here.

Names of municipalities are data. Escaped text is inert (`reportlib.text.inert`): it can neither break a table, open a
shortcode nor become markup, prints as it was written, and may be escaped twice.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reportlib.text.inert import Words, inert, plain
from reportlib.text.marks import SIGNS, active_recording, unmarked

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
