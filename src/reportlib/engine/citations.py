"""Citations written out before numbers are counted: `[@bilias2000, s. 12]` becomes `(Bilias 2000, 12)`.

The references come at the end, or where the document has `::: {#refs}`. Pandoc's citeproc writes both, in the style of
`csl` (Chicago's author and year without one) and the document's language. They go into the Markdown, so that what comes
after meets plain text: the years in them are text in the account.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from reportlib.engine.front_matter import place_of
from reportlib.engine.pandoc import run_lua
from reportlib.engine.qmd import Line, as_texts
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.numbers.collect import REFERENCE_KINDS, outside_code

_DRIVER = "pandoc_citations.lua"
_OWN = "pandoc_references.yaml"
_KEY = rf"(?!(?:{REFERENCE_KINDS})-)(?P<{{}}>\w(?:[\w:.#$%&+?<>~/-]*\w)?)"
_BARE = rf"(?<![\w\\@/.-])-?@{_KEY.format('bare')}(?:\s\[[^\[\]@]+\](?![({{]))?"
_INSIDE = r"(?:[^\[\]\n]|\n(?![ \t]*\n))*"  # a paragraph's lines are one text
_BRACKETED = rf"(?<!\^)\[(?={_INSIDE}(?<![\w\\@])@{_KEY.format('first')}){_INSIDE}\](?![({{])"
CITATION = re.compile(f"{_BRACKETED}|{_BARE}")
"""A citation in Markdown: in brackets, or a key in a sentence, with its place in brackets after it."""
_CODE = re.compile(r"`(?:[^`\n]|\n(?![ \t]*\n))*`")
_BREAK = re.compile(r"\n[ \t>]*")
_PLACE = re.compile(r"^:{3,}\s*\{\s*#refs\b[^}]*\}\s*$")
_CLOSES = re.compile(r"^:{3,}\s*$")
_MISSING = re.compile(r"citation (\S+) not found")
_ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)|^\s*-?\s*\"?id\"?:\s*\"?([^\s\",]+)", re.MULTILINE)


class CitationError(ReportlibError):
    """A citation names a reference that no bibliography has, or a bibliography cannot be read."""

    usual_hint = "see the files that `bibliography:` names, and each citation's key"


@dataclass(frozen=True)
class Cited:
    """The Markdown with its citations written out, and what they and the references say, as text."""

    lines: list[Line]
    texts: tuple[str, ...]


def cite(
    lines: Sequence[Line], metadata: Mapping[str, Any], *, folder: Path, root: Path, document: Path | None = None
) -> Cited:
    """Write out the citations in `lines`; unchanged where the document has no `bibliography` and no `references`.

    Parameters: `metadata`, the document's; `folder`, the document's own, where its bibliography lies; `root`, the
    private folder that Pandoc runs in; `document`, the file whose lines are named.
    Raises: CitationError.
    """
    files, own = as_texts(metadata.get("bibliography")), metadata.get("references")
    if not files and not own:
        return Cited(list(lines), ())
    shown = {place for _, place in outside_code((line.text, place) for place, line in enumerate(lines))}
    found = list(_citations([line.text if place in shown else "" for place, line in enumerate(lines)]))
    styles = as_texts(metadata.get("csl"))
    (root / _DRIVER).write_bytes(resources.files(__package__).joinpath(_DRIVER).read_bytes())
    job = {
        "snippets": [one.text for one in found],
        "bibliography": [
            *(_inside(name, folder, root, document, key="bibliography") for name in files),
            *_own_references(own, root),
        ],
        "csl": _inside(styles[0], folder, root, document, key="csl") if styles else "",
        "lang": str(metadata.get("lang", "da"))[:2],
        "nocite": ", ".join(as_texts(metadata.get("nocite"))),
    }
    answer = run_lua(_DRIVER, job, root)
    keys = [key for path in job["bibliography"] for key in _keys(root / path)]
    for problem in answer.problems:
        raise _problem(problem.message, [(lines[one.first], one.text) for one in found], keys)
    if (error := answer.result.get("error")) is not None:
        raise CitationError(f"the references cannot be read: {error}", hint=f"see {', '.join(files) or 'references:'}")
    written = _written(lines, found, answer.result["snippets"])
    references = answer.result["references"]
    texts = (*answer.result["texts"], *(reference["text"] for reference in references))
    title = metadata.get("reference-section-title") or ("Litteratur" if job["lang"] == "da" else "References")
    return Cited(_with_references(written, references, str(title)), texts)


@dataclass(frozen=True)
class _Citation:
    """As it is written, from a sign of its first line to a sign of its last."""

    text: str
    first: int
    start: int
    last: int
    end: int


def _citations(texts: Sequence[str]) -> Iterator[_Citation]:
    """The citations of the lines, outside code."""
    whole, begins = "\n".join(texts), list(accumulate((len(text) + 1 for text in texts), initial=0))
    code = [match.span() for match in _CODE.finditer(whole)]
    for match in CITATION.finditer(whole):
        if not any(start <= match.start() < end for start, end in code):
            first, last = (bisect_right(begins, at) - 1 for at in match.span())
            yield _Citation(
                _BREAK.sub(" ", match[0]), first, match.start() - begins[first], last, match.end() - begins[last]
            )


def _written(lines: Sequence[Line], found: Sequence[_Citation], snippets: Sequence[str]) -> list[Line]:
    """The lines with each citation as it was written, on the line it begins on; the last first, so that places stay."""
    out = list(lines)
    for one, snippet in reversed(list(zip(found, snippets, strict=True))):
        text = f"{out[one.first].text[: one.start]}{snippet}{out[one.last].text[one.end :]}"
        out[one.first : one.last + 1] = [replace(out[one.first], text=text)]
    return out


def _with_references(lines: list[Line], references: Sequence[Mapping[str, str]], title: str) -> list[Line]:
    """The lines with the list of references where the document wants it, otherwise at its end under a heading."""
    wanted = next((place for place, line in enumerate(lines) if _PLACE.match(line.text)), None)
    if not references:
        return lines
    entries = [f"- [{reference['markdown']}]{{#{reference['identifier']}}}" for reference in references]
    if wanted is None:
        added = ["", f"# {title} {{.unnumbered}}", "", *entries, ""]
        return lines + [replace(lines[-1], text=text) for text in added]
    last = next((place for place in range(wanted, len(lines)) if _CLOSES.match(lines[place].text)), wanted)
    there = [replace(lines[wanted], text=text) for text in ("", *entries, "")]
    return [*lines[:wanted], *there, *lines[last + 1 :]]


def _inside(name: str, folder: Path, root: Path, document: Path | None, *, key: str) -> str:
    """A file beside the document, as Pandoc finds it from `root`."""
    path = (folder / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        place = f"{place_of(document, document.name, key)}: " if document else ""
        raise CitationError(
            f"{place}`{key}:` names {name}, which does not lie beside the document",
            hint="put the file in the document's folder: nothing is fetched while a report is made",
        )
    return path.relative_to(root.resolve()).as_posix()


def _own_references(references: Any, root: Path) -> list[str]:
    """The references that stand in the document itself, as a file that Pandoc reads."""
    if not references:
        return []
    (root / _OWN).write_text(
        f"---\n{yaml.safe_dump({'references': references}, allow_unicode=True)}---\n", encoding="utf-8"
    )
    return [_OWN]


def _keys(path: Path) -> list[str]:
    """The keys of a bibliography in BibTeX, CSL JSON or YAML, to name near ones."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return [first or second for first, second in _ENTRY.findall(text)]


def _problem(message: str, found: Sequence[tuple[Line, str]], keys: Sequence[str]) -> CitationError:
    missing = _MISSING.search(message)
    if missing is None:
        return CitationError(f"the references cannot be read: {message}")
    name = missing[1]
    place = next((f"{line.place}: " for line, text in found if f"@{name}" in text), "")
    return CitationError(f"{place}@{name} is in no bibliography of the document", hint=did_you_mean(name, keys))
