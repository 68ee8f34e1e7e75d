"""The assembled Markdown: each figure is mentioned, its metadata header, the way back from a message to a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from reportlib.danish import list_text
from reportlib.engine.qmd import Line, Place
from reportlib.numbers.collect import CAPTION, FLOAT_DIV, PICTURE, REFERENCE, outside_code

# A letter no writer uses, as wide as any other: put in place of one, it changes a word and nothing around it.
_OTHER_LETTER = "\ua500"
_EMPTY_HEADING = re.compile(r"^#+(?=\s*(?:\{[^{}]*\}\s*)?$)")
_MOST_TRIED = 12


@dataclass(frozen=True)
class Problem:
    """What Pandoc or a filter found: `token` is text of the source that the message depends on, `line` the number in
    the Markdown that Pandoc read, where it gave one."""

    message: str
    token: str | None = None
    line: int | None = None


def with_metadata(markdown: str, metadata: Mapping[str, Any]) -> str:
    """The Markdown with a YAML header Pandoc reads as it reads a document's own."""
    header = yaml.safe_dump(dict(metadata), allow_unicode=True, sort_keys=True, width=10_000)
    return f"---\n{header}---\n\n{markdown}"


# The number of a line travels through Pandoc in one of its words, as signs that no text holds and no writer shows.
_FIRST_DIGIT, _ENDS = 0xFDE2, "\ufdec"
_TO_SIGNS = {ord(str(digit)): chr(_FIRST_DIGIT + digit) for digit in range(10)}
_NUMBER = re.compile(f"([{chr(_FIRST_DIGIT)}-{chr(_FIRST_DIGIT + 9)}]+){_ENDS}")
# Where a letter more would change what Markdown reads: fences, definitions, code, TeX, attributes, tags and addresses.
_NO_TEXT_LINE = re.compile(r"\s*(?::::|```|~~~|\[[^\]]+\]:)")
_NO_TEXT = re.compile(
    r"`[^`]*`|\$[^$]*\$|\[\^[^\]]*\]|\]\([^)]*\)|\{(?:[^{}\"]|\"[^\"]*\")*\}|<[^>]*>|\S*[:/@\\]\S*|[\w-]+="
)
_ALT = re.compile(r'(?<=alt=")[^"]+')
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")


def with_line_numbers(markdown: str, header: int) -> str:
    """The Markdown with the number of each line below its header, counted from 1, within a word of the line."""
    source = markdown.split("\n")
    return "\n".join([*source[:header], *(_numbered(line, at) for at, line in enumerate(source[header:], 1))])


def line_numbers(text: str) -> list[tuple[int, int]]:
    """The numbers of the lines that a written text came from, each with the characters before it, signs apart."""
    found, signs = [], 0
    for match in _NUMBER.finditer(text):
        number = "".join(str(ord(sign) - _FIRST_DIGIT) for sign in match[1])
        found.append((match.start() - signs, int(number)))
        signs += len(match[0])
    return found


def _numbered(line: str, number: int) -> str:
    if _NO_TEXT_LINE.match(line):
        return line
    text = _NO_TEXT.sub(lambda found: " " * len(found[0]), line)
    word = _LONG_WORD.search(text)
    if word is None and (alt := _ALT.search(line)) is not None:
        word = _LONG_WORD.search(line, alt.start(), alt.end())
    if word is None:
        return line
    at = word.start() + 2
    return f"{line[:at]}{str(number).translate(_TO_SIGNS)}{_ENDS}{line[at:]}"


def find_places(lines: Iterable[Line], text: str) -> list[Place]:
    """The lines on which `text` stands as a word of its own (`@fig-a` is not found in `@fig-ab`)."""
    pattern = _word(text)
    return [line.place for line in lines if pattern.search(line.text)]


def places_of(
    problem: Problem, markdown: str, lines: Sequence[Line], problems: Callable[[str], Sequence[Problem]]
) -> list[Place]:
    """The lines a problem comes from; none where that is not certain.

    A token that stands once is where the problem is. Of several, each is changed in turn and the Markdown read again:
    where the problem is then gone, it was.
    Parameters: `markdown`, which ends with the text of `lines`; `problems`, what is found in a changed Markdown, all
    that is said twice said twice.
    """
    header = markdown.count("\n") - len(lines)
    if problem.line is not None:
        return [lines[min(max(problem.line - header, 1), len(lines)) - 1].place] if lines else []
    source = markdown.split("\n")
    changed = list(_changed(source, header, problem.token))
    if len(changed) == 1 or len(changed) > _MOST_TRIED:
        return [lines[changed[0][0] - header].place] if len(changed) == 1 else []
    if not changed:
        return []
    before = _count(problem, problems(markdown))
    found = [number for number, text in changed if _count(problem, problems(text)) < before]
    return [lines[number - header].place for number in found]


def _count(problem: Problem, found: Sequence[Problem]) -> int:
    return Counter(other.message for other in found)[problem.message]


def _changed(source: Sequence[str], header: int, token: str | None) -> Iterable[tuple[int, str]]:
    """Each line (counted from 0) below the header with the token, and the Markdown with that one token changed."""
    pattern = _EMPTY_HEADING if token is None else _word(token)
    for number in range(header, len(source)):
        for found in pattern.finditer(source[number]):
            line = source[number]
            letter = next((at for at in range(found.start(), found.end()) if line[at].isalnum()), None)
            if token is None:
                other = f"{found[0]} {_OTHER_LETTER}{line[found.end() :]}"
            elif letter is not None:
                other = f"{line[:letter]}{_OTHER_LETTER}{line[letter + 1 :]}"
            else:
                continue
            yield number, "\n".join([*source[:number], other, *source[number + 1 :]])


def _word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")


# A figure or table that no text mentions is mentioned by the paragraph before it: `... i uge 35 (se Figur 6).`


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
