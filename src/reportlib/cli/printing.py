"""How the commands print: errors without a traceback, tables for people, JSON for machines.

Everything goes through here, because names and values come from data: to Rich `[/red]` would be markup, and to a
terminal an escape character begins a command and a direction mark turns a line around.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Collection
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reportlib.errors import ReportlibError

_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_INSTEAD = "\ufffd"


class SystemRefusedError(ReportlibError):
    """The system refused a file or a connection: the disk is full, a folder may not be written to."""


def print_error(error: ReportlibError) -> None:
    """The error on stderr: what is wrong, and the hint on a line of its own."""
    say(f"error: {error}", stderr=True)


def print_json(document: Any) -> None:
    """The document as JSON on stdout."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    print("".join(_escaped(sign) if _acts(sign) else sign for sign in text))


def say(text: str, *, stderr: bool = False) -> None:
    """The text as lines on stdout or stderr, at once."""
    print(visible(text), file=sys.stderr if stderr else sys.stdout, flush=True)


def table(*headings: str, right: Collection[str] = ()) -> Table:
    """A table without lines; the columns of `right` are numbers. Without words in its headings it has no head."""
    made = Table(box=None, pad_edge=False, show_header=any(headings))
    for heading in headings:
        made.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    return made


def console(*, stderr: bool = False) -> Console:
    """A console for tables and progress, to which every text is nothing but text."""
    return _PlainConsole(stderr=stderr, markup=False, emoji=False, highlight=False)


def visible(text: str) -> str:
    """The text with what a terminal would obey instead of showing replaced by a sign that is seen."""
    return "".join(_INSTEAD if _acts(sign) else sign for sign in text)


class _PlainConsole(Console):
    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **{**options, "markup": False, "emoji": False})


def _acts(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in _ACTING


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1]
