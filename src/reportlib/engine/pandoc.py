"""One Pandoc run for all formats: Markdown in, Typst, HTML and Word's tree out, filtered by the theme's Lua filters.

The Markdown is read once (0.3 s for 30 pages) and each format is filtered and written from the same tree, in one
process started without a shell. Every warning is an error: a duplicate identifier or an unresolved reference is a fault
in the report.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reportlib.engine.markdown import Problem, line_numbers, places_of, with_line_numbers
from reportlib.engine.outputs import VALUE_SIGNS
from reportlib.engine.qmd import USE_QUARTO, Line, UnsupportedFeatureError
from reportlib.engine.settings import Settings, Theme
from reportlib.errors import ReportlibError
from reportlib.text.inert import plain
from reportlib.text.marks import unmarked

_DRIVER = "pandoc_driver.lua"
_PARTS = (_DRIVER, *(f"pandoc_{part}.lua" for part in ("gate", "forms", "html", "floats", "shortcodes")))
_METADATA = (
    "title", "lang", "stamp", "dato-iso", "date", "kommune", "udarbejdet-af", "description", "keywords", "synthetic",
)  # fmt: skip
# Room for new objects no larger than a core's own memory: an eighth less time than the 64 MB this Pandoc is built with
# (-H), whatever -A says beside that. Of the few objects that stay (-O) none are collected again.
_MEMORY = ("+RTS", "-H1m", "-A2m", "-n1m", "-O256m", "-RTS")
_CALLS = re.compile(r"#tal\(\d+\)\[|\];")  # what the engine writes around numbers, or Pandoc around words
_TIME_LIMIT = 300  # seconds; a report takes well under one

_WARNING = re.compile(r"^\[WARNING\] ?(?:Scripting warning at .+?\.lua(?: line \d+(?: column \d+)?)?: )?")
_POSITION = re.compile(r"\s*(?:at )?(?:chunk )?line (\d+)(?: column \d+)?")
_NAMED = re.compile(r"(?:[@#][\w.-]+\w|\S+\.(?:svg|png|jpe?g)|(?<=TeX math )\S*[^\s,]|(?<=\")[\w-]{4,})")


class PandocFailedError(ReportlibError):
    """Pandoc or a Lua filter stopped."""

    usual_hint = "begin again; if it fails again, take out what was last written in the document"


class MarkdownProblemError(ReportlibError):
    """Warnings from Pandoc or the filters, each with its place: references to nothing, names used twice."""


@dataclass(frozen=True)
class Converted:
    """What Pandoc wrote: `texts` by format (`typst`, `html`; for `docx` the filtered tree as JSON), their numbers still
    marked (`text.marks`), the metadata after the filters, as text, where in the document a line of the Typst source
    comes from, and what was passed over."""

    texts: Mapping[str, str]
    metadata: Mapping[str, str]
    place_of: Callable[[int, str], str] = field(default=lambda _line, _before: "")
    passed_over: tuple[str, ...] = ()


@cache
def pandoc_path() -> str:
    """The Pandoc that comes with the package, never one found on the machine."""
    import pypandoc

    name = "pandoc.exe" if (Path(pypandoc.__file__).parent / "files" / "pandoc.exe").is_file() else "pandoc"
    path = Path(pypandoc.__file__).parent / "files" / name
    if not path.is_file():
        raise PandocFailedError("Pandoc is missing", hint="install the package pypandoc_binary")
    return str(path)


def convert(
    markdown: str,
    lines: Sequence[Line],
    settings: Settings,
    theme: Theme,
    formats: Sequence[str],
    *,
    folder: Path,
    variables: Mapping[str, str],
) -> Converted:
    """Convert `markdown` (a header followed by `lines`) to `formats`: `typst`, `html`, and `docx`, which has no
    template (`engine.word` writes it from the tree).

    The theme's files are named relative to `folder`, where Pandoc runs; `variables` reach the templates as they are.
    Raises: UnsupportedFeatureError, PandocFailedError, MarkdownProblemError.
    """
    for name in _PARTS:
        (folder / name).write_bytes(resources.files(__package__).joinpath(name).read_bytes())
    job = {
        "outputs": [{"format": name, "template": theme.templates.get(name, "")} for name in formats],
        "filters": list(theme.filters),
        "typst_text": theme.typst_text,
        "metadata": list(_METADATA),
        "variables": dict(variables),
        "project_variables": dict(settings.variables),
        "toc": settings.toc,
        "toc_depth": settings.toc_depth,
        "number_sections": settings.number_sections,
        "gate": {"own_classes": list(settings.own_classes), "first_level": 1 if settings.toc else 0},
    }

    def read(text: str) -> Answer:
        return run_lua(_DRIVER, {**job, "markdown": text}, folder)

    answer = read(markdown)
    if answer.problems:
        messages = _placed(answer.problems, markdown, lines, read)
        if answer.refused:
            raise UnsupportedFeatureError("\n".join(messages), hint=USE_QUARTO)
        raise MarkdownProblemError("\n".join(messages))
    result = answer.result
    if "error" in result:
        (message,) = _placed([_named(plain(unmarked(_without_trace(result["error"]))))], markdown, lines, read)
        raise PandocFailedError(message)
    before, after = VALUE_SIGNS
    texts = {name: text.replace(before, "").replace(after, "") for name, text in result["outputs"].items()}
    last = formats[-1]  # Word's, which has most, if there is one
    metadata = {name: plain(text) for name, text in result["metadata"][last].items()}
    passed_over = _placed(_problems(result.get("told") or ()), markdown, lines, read)
    return Converted(texts, metadata, _typst_places(texts.get("typst", ""), markdown, lines, read), tuple(passed_over))


def _typst_places(
    written: str, markdown: str, lines: Sequence[Line], read: Callable[[str], Answer]
) -> Callable[[int, str], str]:
    """From a line of the Typst source, and what stands on it before the place, to the document's line: the Markdown is
    converted once more, when first asked, with the number of its line in a word of each.

    The answer is a place, two places that it lies between, or nothing where the two sources differ in more than those
    numbers.
    """

    @cache
    def rows() -> list[list[tuple[int, int]]]:
        answer = read(with_line_numbers(markdown, markdown.count("\n") - len(lines)))
        numbered = answer.result.get("outputs", {}).get("typst", "").split("\n")
        same = len(numbered) == written.count("\n") + 1
        return [line_numbers(_CALLS.sub("", unmarked(row))) for row in numbered] if same else []

    def place_of(line: int, before: str) -> str:
        found = rows()
        if not 0 < line <= len(found):
            return ""
        if row := found[line - 1]:
            at = len(_CALLS.sub("", before)) + 1
            number = next((number for start, number in reversed(row) if start <= at), row[0][1])
            return str(lines[number - 1].place)
        before_it = next((row[-1][1] for row in reversed(found[: line - 1]) if row), 0)
        after_it = next((row[0][1] for row in found[line:] if row), 0)
        places = [str(lines[number - 1].place) for number in (before_it, after_it) if number]
        return f"between {places[0]} and {places[1]}" if len(places) == 2 else "".join(places)

    return place_of


@dataclass(frozen=True)
class Answer:
    """What Pandoc gave, and the problems that were found; `refused` when the gate found them."""

    result: Mapping[str, Any]
    problems: tuple[Problem, ...]
    refused: bool


def run_pandoc(
    arguments: Sequence[str], document: Mapping[str, Any], folder: Path
) -> subprocess.CompletedProcess[bytes]:
    """Run Pandoc in `folder`, without a shell and within the time limit, on JSON at its standard input.

    Raises: PandocFailedError.
    """
    try:
        return subprocess.run(
            [pandoc_path(), *arguments],
            input=json.dumps(document).encode("ascii"),
            capture_output=True,
            cwd=folder,
            timeout=_TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PandocFailedError(f"Pandoc did not finish within {_TIME_LIMIT} s") from None


def run_lua(driver: str, job: Mapping[str, Any], folder: Path) -> Answer:
    """Run one of our Lua programs, which lies in `folder`, in Pandoc; the job and the answer are JSON.

    Raises: PandocFailedError.
    """
    done = run_pandoc([*_MEMORY, "lua", driver], job, folder)
    messages = plain(unmarked(done.stderr.decode("utf-8", errors="replace")))
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise PandocFailedError(f"Pandoc stopped (exit status {done.returncode}): {messages.strip()}") from None
    refused = _problems(result.get("problems", ()))
    return Answer(result, tuple(refused or _warnings(messages)), bool(refused))


def _problems(found: Sequence[Mapping[str, Any]]) -> list[Problem]:
    return [Problem(plain(unmarked(one["message"])), one.get("token")) for one in found]


def _warnings(messages: str) -> list[Problem]:
    """Everything that was said on standard error: Pandoc's warnings, and what a filter writes there."""
    found: list[str] = []
    for text in messages.splitlines():
        if not found or _WARNING.match(text):
            found.append(_WARNING.sub("", text))
        else:
            found[-1] += " " + text.strip()
    return [_named(text) for text in found]


def _named(message: str) -> Problem:
    """The problem with the position Pandoc gives, or else with what it names (`@fig-x`, `figs/x.svg`)."""
    if (position := _POSITION.search(message)) is not None:
        return Problem(_POSITION.sub("", message, count=1).strip(), line=int(position[1]))
    name = _NAMED.search(message)
    return Problem(message, name[0] if name is not None else "")


def _placed(
    problems: Sequence[Problem], markdown: str, lines: Sequence[Line], read: Callable[[str], Answer]
) -> list[str]:
    """The messages, each once, with the document's files and lines in front."""

    def found_in(text: str) -> list[Problem]:
        answer = read(text)
        error = answer.result.get("error")
        told = _problems(answer.result.get("told") or ())
        return [*answer.problems, *told, *([_named(plain(unmarked(_without_trace(error))))] if error else [])]

    out = []
    for problem in dict.fromkeys(problems):
        places = places_of(problem, markdown, lines, found_in)
        prefix = f"{', '.join(dict.fromkeys(str(place) for place in places))}: " if places else ""
        out.append(prefix + problem.message)
    return out


def _without_trace(error: str) -> str:
    return error.split("\nstack traceback:")[0].strip()
