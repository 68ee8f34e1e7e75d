"""The one place that asks another machine: over HTTPS, within bounds, never led elsewhere, never while rendering."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlib import __version__
from reportlib.errors import ReportlibError

_SECONDS = 120
_LARGEST = 200 * 1024 * 1024
_MARKS = ("\ufeff", "\u00ef\u00bb\u00bf")  # a byte-order mark, and one that was encoded once more


class NoAnswerError(ReportlibError):
    """A bank of statistics refused, could not be reached, or answered with something else than was asked for."""

    usual_hint = "try again later; if it goes on, the bank has changed its answers: docs/exchange.md"


@dataclass(frozen=True)
class Question:
    """A request: GET, or POST where there is a `body`. `secret` headers stand in no message."""

    address: str
    body: Mapping[str, Any] | None = None
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)


Ask = Callable[[Question], bytes]
"""What asks: `ask` here, and in tests what answers from made-up files."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """No redirect is followed: a token would go along to the other address."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def ask(question: Question) -> bytes:
    """The answer's content.

    Raises:
        NoAnswerError: refused, not reached, redirected or too large; the message never holds a header.
    """
    data = None if question.body is None else json.dumps(question.body, ensure_ascii=False).encode("utf-8")
    headers = {"Accept": "*/*", "User-Agent": f"reportlib/{__version__}", **question.secret}
    if data is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"
    if not question.address.startswith("https://"):
        raise NoAnswerError(f"{question.address} is not asked: only https is", hint="write it with https://")
    request = urllib.request.Request(question.address, data=data, headers=headers)
    try:
        with urllib.request.build_opener(_StayHere).open(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read(_LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise NoAnswerError(
            f"{question.address} answered {error.code}: {_cause(error)}", hint=_HINTS.get(error.code)
        ) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise NoAnswerError(
            f"{question.address} could not be reached: {reason}",
            hint="a server without internet cannot fetch: fetch elsewhere and carry the file in",
        ) from None
    if len(content) > _LARGEST:
        raise NoAnswerError(f"{question.address} answered with more than {_LARGEST // 1024**2} MB", hint="ask for less")
    return content


_HINTS = {
    401: "the token is missing, wrong, or of another version of the API",
    403: "the token may not read this",
    404: "is the table's id right?",
    422: "the question is not one that the table can answer: see the cause",
    429: "too many questions: wait and try again",
}


def _cause(error: urllib.error.HTTPError) -> str:
    """What the bank says of it: its `cause` or `message`, or the first line."""
    text = decoded(error.read(10_000))
    try:
        told = json.loads(text)
    except ValueError:
        return text.strip().partition("\n")[0][:200] or str(error.reason)
    return str(told.get("cause") or told.get("message") or told)[:200] if isinstance(told, dict) else str(told)[:200]


def decoded(content: bytes) -> str:
    """The text of an answer without its byte-order marks, however many there are."""
    text = content.decode("utf-8", errors="replace")
    while text.startswith(_MARKS):
        text = text.removeprefix(next(mark for mark in _MARKS if text.startswith(mark)))
    return text


def as_json(content: bytes, address: str) -> Any:
    """The JSON of an answer.

    Raises:
        NoAnswerError: it is none.
    """
    text = decoded(content)
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        start = text.strip()[:80] or "nothing"
        raise NoAnswerError(f"{address} answered with something else than JSON: {start!r}") from None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


@contextmanager
def known_form(bank: str) -> Iterator[None]:
    """An answer in which a part is missing, or is of another kind, becomes one clear error.

    Raises:
        NoAnswerError
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError) as error:
        what = f"{bank} answered in another form than is known ({type(error).__name__}: {error})"
        raise NoAnswerError(what, hint="has its API changed? docs/exchange.md says which form is read") from error
