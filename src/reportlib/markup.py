"""Text from data on its way into Markdown: every name, label and source passes through here.

Names of municipalities are data. Pandoc lets any ASCII punctuation be escaped with a backslash, so escaped text can
neither break a table, open a shortcode nor become markup, and prints as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reportlib.trace.marks import SIGNS, active_recording, unmarked

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>$@^~|&\"']")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
# Sequences that Pandoc's smart typography or Markdown's block rules would change without any special character.
_DASHES = re.compile(r"--+|\.\.\.+|^[-+.]|(?<=^\d)\.|(?<=^\d\d)\.")
_MARKS = frozenset(SIGNS)


def clean(text: str) -> str:
    """One line without control and direction characters: what may stand in an SVG, an attribute or a cell.

    No-break spaces stay; other white space becomes single spaces; marks around numbers stay.
    """
    spaced = _SPACE.sub(" ", text)
    kept = _MARKS if active_recording() is not None else frozenset()
    unseen = {sign for sign in set(spaced) - kept if _unseen(sign)}
    seen = "".join(sign for sign in spaced if sign not in unseen) if unseen else spaced
    return seen.strip(" ")


@lru_cache(maxsize=4096)  # every text of a report is made of the same hundred signs
def _unseen(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C")


def escape(text: str) -> str:
    """`text` as Markdown that prints as `text`, in a paragraph, a caption or a table cell."""
    escaped = _SPECIAL.sub(lambda found: "\\" + found.group(), clean(text))
    return _DASHES.sub(lambda found: "".join("\\" + sign for sign in found.group()), escaped)


def attribute(text: str) -> str:
    """`text` as the inside of a double-quoted attribute value (`fig-alt="…"`), without marks."""
    inner = clean(unmarked(text)).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    while "{{" in inner:  # Quarto reads shortcodes before it reads attributes
        inner = inner.replace("{{", "{ {")
    return inner
