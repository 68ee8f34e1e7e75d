"""Pieces of reports that were written before: versions of a report share most of theirs, and one takes Pandoc 0.7 s.

What Pandoc and the theme's filters write for a paragraph, a figure or a table depends on it, on what is counted
(headings, boxes, named figures and tables) and on the settings. So a piece that is known stands in the Markdown as a
stub, which holds what is counted and nothing else, and what was written for it takes the stub's place, with the
report's own numbers of its account. A report for which this is not certain is converted whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import Any

from reportlib.text.marks import NUMBER_DIGITS, NUMBER_OPENING

_BEFORE, _AFTER = (
    "\ufded",
    "\ufdee",
)  # around the number of a group of pieces, in a paragraph of its own: no text holds them
_MARKERS = {
    "typst": re.compile(f"{_BEFORE}(\\d+){_AFTER}\n\n"),
    "html": re.compile(f"<p>{_BEFORE}(\\d+){_AFTER}</p>\n"),
}
FORMATS = frozenset(_MARKERS)
_TURNED = "// vendt: "  # what the theme's tables count among themselves
_MOST_KNOWN = 10_000
# What reaches beyond a piece, or may: notes, definitions, code, TeX, tags, examples, tables with empty lines, values in
# formulas, fences and headings that do not begin their line.
_REACHES_FAR = re.compile(
    r"[$`\ufde0]|~~~|\\[A-Za-z]|<[A-Za-z/!?]|\[\^|\^\[|^\[[^\]]+\]:|^(?:=+|-[- ]*)\s*$|^[Tt]able:|^:{3,} *\w"
    r"|^[ \t]*(?:[-*+>][ \t]+|\w+[.)][ \t]+)*\(?@[\w-]*[.)][ \t]|^(?:[ \t]+|[-*+>][ \t]+|\w+[.)][ \t]+)+(?:#|:::)",
    re.MULTILINE,
)
_VALUE = re.compile(r"""=(["'])(?:\\.|(?!\1)[^\\])*\1""")
_COUNTED = re.compile(r"^#.*|\{[^{}]*(?:#|\.(?:boks|panel|del|liste|saetning|ligning|forside)\b)[^{}]*\}", re.MULTILINE)
# A picture in a paragraph of its own, and a table's caption: what is counted and has a stub.
_CAN_STAND_IN = re.compile(r"^(?:(?<![^\n:]\n)!\[.*\{#(fig-[\w-]+).*(?!\n[^\n:])|: .*\{#(tbl-[\w-]+).*)$", re.MULTILINE)
_IDENTIFIER = re.compile(r"#[\w-]+")
_NAMED = re.compile(r"@([\w:.#$%&+?<>~/-]*\w)|\]\(#([^)\s]*)")
_NOT_ALONE = re.compile(r"\{\{<|\.forside\b|\[[^@\]][^\]]*\](?![({])")  # the last may be the words of a heading
_BEGINS = re.compile(r"(?![A-Za-z]{1,5}[.)]\s)(?:[^\W\d_]|\*\*|:{3,} *\{|#|@|!\[|\ufdd0)")  # and is no list
_ANNOUNCES = re.compile(r":\W*$")  # what stays with the list after it
_CLOSES = re.compile(r":{3,}\s*$")
_HOLDS_PIECES = re.compile(
    r":{3,} *\{(?:#[\w-]+|\.(?:boks|fremhaev|figurblok|tabelblok|bred|lang)\b|[\w-]+=|\s)*\}\s*$"
)


@dataclass(frozen=True)
class Piece:
    """Lines of the Markdown; `key` decides what is written for them, and is None where more does than can be told."""

    text: str
    key: Hashable
    stub: str = ""


@dataclass
class KnownPieces:
    """What was written for pieces, by format, with the places of its numbers.

    It is kept for the latest `settings`; None where a report of theirs was more than its pieces.
    """

    settings: Hashable = None
    written: dict[Hashable, dict[str, list[str | int]]] | None = field(default_factory=dict)

    def cut(self, body: str, settings: Hashable) -> list[list[Piece]]:
        """The report's Markdown in groups: known pieces that stand together, such without a key, and each other piece.

        There are none where the report is converted whole.
        """
        if settings != self.settings or len(self.written or ()) > _MOST_KNOWN:
            self.settings, self.written = settings, {}
        known = self.written
        if known is None or _REACHES_FAR.search(body):
            return []

        def kind(at: tuple[int, Piece]) -> str | int:
            return "known" if at[1].key in known else "no key" if at[1].key is None else at[0]

        return [[piece for _, piece in group] for _, group in groupby(enumerate(_pieces(body)), kind)]

    def shortened(self, groups: Sequence[Sequence[Piece]]) -> str:
        """The Markdown with a number before each group, and stubs for what is known."""
        known = self.written or {}
        return "".join(
            f"\n{_BEFORE}{nr}{_AFTER}\n\n" + "".join(one.stub if one.key in known else one.text for one in group)
            for nr, group in enumerate(groups)
        )

    def joined(self, groups: Sequence[Sequence[Piece]], result: Mapping[str, Any]) -> dict[str, str] | None:
        """From what was written for the shortened Markdown, what is written for the whole; what is new is kept.

        None where that is not certain: the report is converted whole, and those of the same settings after it.
        """
        known, self.written = self.written or {}, None
        texts: dict[str, str] = {}
        new: dict[Hashable, dict[str, list[str | int]]] = {}
        for name, output in result.get("outputs", {}).items() if result.get("piece_by_piece") else ():
            head, *rest = _MARKERS[name].split(output)
            if rest[::2] != [str(nr) for nr in range(len(groups))]:
                return None
            out = [head]
            for group, text in zip(groups, rest[1::2], strict=True):
                first = group[0]
                if first.key in known:
                    out += [_with_numbers(known[piece.key][name], piece.text) for piece in group]
                    continue
                out.append(text)
                if first.key is not None:
                    at = {number: place for place, number in enumerate(NUMBER_OPENING.findall(first.text))}
                    parts = NUMBER_OPENING.split(text)
                    if not at.keys() >= {*parts[1::2]} or _TURNED in text:
                        return None
                    kept = [at[part] if place % 2 else part for place, part in enumerate(parts)]
                    new.setdefault(first.key, {})[name] = kept
            texts[name] = "".join(out)
        self.written = {**known, **new} if texts else None
        return texts or None


def _with_numbers(parts: Sequence[str | int], text: str) -> str:
    numbers = NUMBER_OPENING.findall(text)
    return "".join(part if isinstance(part, str) else numbers[part] for part in parts)


def _pieces(body: str) -> list[Piece]:
    runs = _runs([f"{line}\n" for line in body.split("\n")])
    whole, before = _Numbers(), _Numbers()
    for text, _ in runs:
        whole.count(text)
    pieces = [_piece(text, around, before.count(text), whole.of_name) for text, around in runs]
    return [*pieces[:-1], Piece(runs[-1][0], None)]  # after which comes what the template says


class _Numbers:
    """What decides the number of what is counted: itself, and all of its kind that stands before it."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}
        self.of_name: dict[str, str] = {}

    def count(self, text: str) -> tuple[str, ...]:
        """Go on with what a piece counts, in its order."""
        out = []
        for one in _COUNTED.findall(NUMBER_DIGITS.sub("0", _VALUE.sub("=", text))):
            names = _IDENTIFIER.findall(one)
            kind = "boks" if ".boks" in one else "#" if one[0] == "#" else names[-1].split("-")[0] if names else one
            self.last[kind] = hashlib.sha256(f"{self.last.get(kind, '')}\n{one}".encode()).hexdigest()
            out.append(self.last[kind])
            self.of_name |= dict.fromkeys((name[1:] for name in names), self.last[kind])
        return tuple(out)


def _runs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """The lines cut before blocks that end whatever stands before them, and belong to nothing before them.

    With each run stands the beginning of the block it is in.
    """
    runs: list[tuple[list[str], str]] = [([], "")]
    around: list[str] = []
    before = last = ""
    for line in lines:
        can_begin = line.strip() and not _CLOSES.match(line) and (before.startswith(":::") or not before.strip())
        if can_begin and len(around) < 2 and all(map(_HOLDS_PIECES.match, around)):
            alone = last.startswith(("#", ":::"))
            if (alone and line[0] in "-*+|(0123456789") or (
                _BEGINS.match(line) and (alone or not _ANNOUNCES.search(last))
            ):
                runs.append(([], "".join(around)))
        if _CLOSES.match(line):
            around = around[:-1]
        elif line.startswith(":::"):
            around.append(_VALUE.sub("=", line))
        runs[-1][0].append(line)
        before, last = line, line if line.strip() else last
    return [("".join(run), place) for run, place in runs]


def _piece(text: str, around: str, numbers: tuple[str, ...], of_name: Mapping[str, str]) -> Piece:
    depths = [0, *accumulate(-1 if _CLOSES.match(line) else 1 for line in text.split("\n") if line.startswith(":::"))]
    stubs = [_stub(*found.groups()) for found in _CAN_STAND_IN.finditer(text)]
    names = [found[1] or found[2] for found in _NAMED.finditer(text)]
    named = tuple(of_name.get(name[:1].lower() + name[1:]) for name in names)
    if depths[-1] > min(depths) or len(numbers) != len(stubs) or None in named or _NOT_ALONE.search(text):
        return Piece(text, None)
    stub = "\n\n".join([*stubs, *[":::"] * -depths[-1], ""])
    return Piece(text, (NUMBER_DIGITS.sub("0", text), around, numbers, named), stub)


def _stub(figure: str | None, table: str | None) -> str:
    return f'![a](a.svg){{#{figure} fig-alt="a"}}' if figure else f"|a|\n|---|\n|b|\n\n: a {{#{table}}}"
