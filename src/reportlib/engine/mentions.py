"""A figure or table that no text mentions is mentioned by the paragraph before it: `... i uge 35 (se Figur 6).`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reportlib.danish import list_text
from reportlib.engine.qmd import Line
from reportlib.numbers.collect import CAPTION, FLOAT_DIV, PICTURE, REFERENCE, outside_code

_DIV = re.compile(r"^\s*:{3,}\s*(?P<opens>\S?)")
_NO_PARAGRAPH = re.compile(r"^\s*(?:[#|>!:<]|[-*+]\s|\d+[.)]\s|\[\^)")
_SHORTENED = re.compile(r"\b(?:pct|kr|mio)(?:\]\{[^{}]*\})?$")


def mention_floats(lines: Sequence[Line]) -> list[Line]:
    """The lines with `(se @fig-id)` at the end of the paragraph before each figure and table that nothing refers to.

    The paragraph is the last of running text under the same heading, outside boxes; where there is none, a sentence of
    its own stands under the heading.
    """
    shown = {place for _, place in outside_code((line.text, place) for place, line in enumerate(lines))}
    mentioned = {name for place in shown for name in REFERENCE.findall(lines[place].text)}
    owed: dict[int, list[str]] = {}
    alone: dict[int, list[str]] = {}
    paragraph: int | None = None
    depth = panel = 0  # `panel`: how deep the figure or table stands whose parts are in it
    heading: int | None = None
    for place, line in enumerate(lines):
        if place not in shown or not line.text.strip():
            continue
        if (div := _DIV.match(line.text)) is not None:
            depth = depth + 1 if div["opens"] else max(0, depth - 1)
            panel = 0 if depth < panel else panel
        if (found := FLOAT_DIV.match(line.text) or PICTURE.match(line.text) or CAPTION.match(line.text)) is not None:
            if not panel and found["id"] not in mentioned:
                mentioned.add(found["id"])
                if paragraph is not None:
                    owed.setdefault(paragraph, []).append(found["id"])
                elif heading is not None:
                    alone.setdefault(heading, []).append(found["id"])
            panel = panel or (depth if div else 0)
        elif line.text.startswith("#"):
            paragraph, heading = None, place
        elif depth == 0 and line.text.rstrip().endswith(".") and not _NO_PARAGRAPH.match(line.text):
            ends = place + 1 == len(lines) or not lines[place + 1].text.strip()
            paragraph = place if ends else paragraph
    made: list[Line] = []
    for place, line in enumerate(lines):
        made.append(replace(line, text=_with(line.text.rstrip(), owed[place])) if place in owed else line)
        if place in alone:
            made += [replace(line, text=text) for text in ("", f"Tallene er vist i {_all(alone[place])}.", "")]
    return made


def _with(paragraph: str, names: Sequence[str]) -> str:
    """The paragraph with a reference at its end, inside the parenthesis that it ends with if it has one."""
    see = f"se {_all(names)}"
    stem = paragraph[:-1]
    if stem.endswith(")") and "](" not in stem[stem.rfind("(") - 1 :]:
        return f"{stem[:-1]}; {see})."
    return f"{stem}{'.' if _SHORTENED.search(stem) else ''} ({see})."


def _all(names: Sequence[str]) -> str:
    """`@tbl-a og @tbl-b`; of more than two, all figures or all tables, the first and the last."""
    if len(names) > 2 and len({name[:4] for name in names}) == 1:
        return f"@{names[0]} til @{names[-1]}"
    return list_text([f"@{name}" for name in names])
