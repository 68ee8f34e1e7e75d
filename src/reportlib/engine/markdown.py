"""The assembled Markdown: its metadata header, and the way back from a message to a line of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from reportlib.engine.qmd import Line, Place

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
