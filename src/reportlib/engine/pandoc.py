"""One Pandoc run for all formats: Markdown in, Typst and HTML out, filtered by the theme's Lua filters.

The Markdown is read once (0.3 s for 30 pages) and each format is filtered and written from the same tree, in one
process started without a shell. Every warning is an error: a duplicate identifier or an unresolved reference is a fault
in the report.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from reportlib.engine.document import Line
from reportlib.engine.markdown import find_places
from reportlib.errors import ReportlibError
from reportlib.inert import plain
from reportlib.trace.marks import unmarked

_DRIVER = "pandoc_driver.lua"
_METADATA = ("title", "lang", "stamp", "dato-iso", "date")
# Haskell's collector runs seldom with room for 64 MB of new objects: 4 to 9 % less time for a report of 25 pages.
_MEMORY = ("+RTS", "-A64m", "-RTS")
_TIME_LIMIT = 300  # seconds; a report takes well under one

_WARNING = re.compile(r"^\[WARNING\] ?(?:Scripting warning at .+?\.lua(?: line \d+(?: column \d+)?)?: )?")
_POSITION = re.compile(r"\s*(?:at )?(?:chunk )?line (\d+)(?: column \d+)?")
_NAMED = re.compile(r"(?:[@#][\w.-]+\w|\S+\.(?:svg|png|jpe?g))")


class PandocFailedError(ReportlibError):
    """Pandoc or a Lua filter stopped."""


class MarkdownProblemError(ReportlibError):
    """Warnings from Pandoc or the filters, each with its place: references to nothing, names used twice."""


@dataclass(frozen=True)
class Converted:
    """What Pandoc wrote: `texts` by format (`typst`, `html`), their numbers still marked (`trace.marks`), and the
    metadata after the filters, as text."""

    texts: Mapping[str, str]
    metadata: Mapping[str, str]


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
    *,
    folder: Path,
    templates: Mapping[str, str],
    filters: Sequence[str],
    variables: Mapping[str, str],
    toc: bool,
    toc_depth: int,
    number_sections: bool,
) -> Converted:
    """Convert `markdown` (a header followed by `lines`) to the formats in `templates` (format -> template file).

    Templates and filters are named relative to `folder`, where Pandoc runs; `variables` reach the templates as they
    are.
    Raises: PandocFailedError, MarkdownProblemError.
    """
    driver = folder / _DRIVER
    driver.write_bytes(resources.files(__package__).joinpath(_DRIVER).read_bytes())
    job = {
        "markdown": markdown,
        "outputs": [{"format": name, "template": template} for name, template in templates.items()],
        "filters": list(filters),
        "metadata": list(_METADATA),
        "variables": dict(variables),
        "toc": toc,
        "toc_depth": toc_depth,
        "number_sections": number_sections,
    }
    try:
        done = subprocess.run(
            [pandoc_path(), *_MEMORY, "lua", _DRIVER],
            input=json.dumps(job).encode("ascii"),
            capture_output=True,
            cwd=folder,
            timeout=_TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PandocFailedError(f"Pandoc did not finish within {_TIME_LIMIT} s") from None
    messages = plain(unmarked(done.stderr.decode("utf-8", errors="replace")))
    header = markdown.count("\n") - sum(1 for _ in lines)
    if problems := _problems(messages, lines, header):
        raise MarkdownProblemError("\n".join(problems))
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise PandocFailedError(f"Pandoc stopped (exit status {done.returncode}): {messages.strip()}") from None
    if "error" in result:
        raise PandocFailedError(_located(unmarked(_without_trace(result["error"])), lines))
    first = next(iter(templates))
    return Converted(result["outputs"], {name: plain(text) for name, text in result["metadata"][first].items()})


def _problems(messages: str, lines: Sequence[Line], header: int) -> list[str]:
    warnings: list[str] = []
    for text in messages.splitlines():
        if _WARNING.match(text):
            warnings.append(_WARNING.sub("", text))
        elif warnings:
            warnings[-1] += " " + text.strip()
    return [_placed(warning, lines, header) for warning in dict.fromkeys(warnings)]


def _placed(warning: str, lines: Sequence[Line], header: int) -> str:
    """The warning with the document's file and line in place of a line of the assembled Markdown."""
    if position := _POSITION.search(warning):
        number = min(max(int(position[1]) - header, 1), len(lines))
        text = _POSITION.sub("", warning, count=1).strip()
        return f"{lines[number - 1].place}: {text}" if lines else text
    return _located(warning, lines)


def _located(message: str, lines: Sequence[Line]) -> str:
    """The message with the places of what it names (`@fig-x`, `figs/x.svg`) in front."""
    for name in _NAMED.findall(message):
        if places := find_places(lines, name):
            return f"{', '.join(str(place) for place in dict.fromkeys(places))}: {message}"
    return message


def _without_trace(error: str) -> str:
    return error.split("\nstack traceback:")[0].strip()
