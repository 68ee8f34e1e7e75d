"""The root of every error reportlib raises on purpose.

Each condition has a named subclass beside the code that detects it; the message says what was found, where (file, row,
column) and what to do. The command line prints these without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, Self

from reportlib.text.inert import plain


class ReportlibError(Exception):
    """Something the user can mend. `hint` is printed under the message; `usual_hint` where none is given."""

    usual_hint: ClassVar[str | None] = None

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = plain(message)
        hint = self.usual_hint if hint is None else hint
        self.hint = None if hint is None else plain(hint)
        super().__init__(self.message)

    @property
    def fit_to_keep(self) -> str:
        """What a file, a log or `--json` may hold of the message: nothing that a cell of an extract holds."""
        return self.message

    def placed(self, place: str) -> Self:
        """The same error, whose message begins with the place where it was found."""
        self.message = f"{place}: {self.message}"
        self.args = (self.message, *self.args[1:])
        return self

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  hint: {self.hint}"


def nearest(name: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """The known names most like `name`, best first (case-insensitive); empty when nothing is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    return [by_folded[match] for match in get_close_matches(name.casefold(), list(by_folded), n=count, cutoff=0.5)]


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint line such as `did you mean Kolding, Køge?`, or a list of what exists when nothing is near."""
    known = list(known)
    if close := nearest(name, known):
        return f"did you mean {', '.join(close)}?"
    if not known:
        return None
    shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return f"known: {shown}"
