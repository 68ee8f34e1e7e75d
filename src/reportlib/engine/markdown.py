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
