"""What asks another machine: refusals become one clear error without a secret in it, and nothing leads elsewhere."""

from __future__ import annotations

import http.client
import io
import urllib.error
import urllib.request
from email.message import Message
from typing import Any

import pytest

from reportlib.exchange.web import NoAnswerError, Question, as_json, ask, known_form

QUESTION = Question("https://bank.example/data", secret={"Authorization": "Bearer hemmelig"})


def answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[urllib.request.Request]:
    """From now on every opened address gives this answer, or raises it."""
    asked: list[urllib.request.Request] = []

    def opened(_: object, request: urllib.request.Request, **__: object) -> Any:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", opened)
    return asked


def refused(code: int, content: bytes = b"") -> urllib.error.HTTPError:
    return urllib.error.HTTPError(QUESTION.address, code, "Nope", Message(), io.BytesIO(content))


def test_an_answer_is_given_and_what_was_asked_carries_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, io.BytesIO(b"svar"))
    assert ask(Question(QUESTION.address, {"table": "Å"}, QUESTION.secret)) == b"svar"
    [request] = asked
    assert (request.get_method(), request.data) == ("POST", '{"table": "Å"}'.encode())
    assert request.get_header("Authorization") == "Bearer hemmelig"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refused(401), "answered 401: Nope\n  hint: the token is missing, wrong"),
        (refused(422, b'\xef\xbb\xbf{"code": 422, "cause": "Unknown period type: M"}'), "422: Unknown period type: M"),
        (refused(500, b"<html>\nno"), "answered 500: <html>"),
        (refused(302), "answered 302"),
        (urllib.error.URLError("no such host"), "could not be reached: no such host"),
        (TimeoutError("timed out"), "could not be reached: timed out"),
        (http.client.IncompleteRead(b"ha"), "could not be reached"),
    ],
)
def test_a_refusal_is_told_with_its_cause_and_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, answer: Exception, told: str
) -> None:
    answering(monkeypatch, answer)
    with pytest.raises(NoAnswerError) as raised:
        ask(QUESTION)
    assert told in str(raised.value)
    assert "hemmelig" not in str(raised.value)


def test_no_redirect_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    build = urllib.request.build_opener
    monkeypatch.setattr(urllib.request, "build_opener", lambda *handlers: made.append(build(*handlers)) or made[0])
    answering(monkeypatch, io.BytesIO(b""))
    ask(QUESTION)
    [handler] = [one for one in made[0].handlers if isinstance(one, urllib.request.HTTPRedirectHandler)]
    request = urllib.request.Request(QUESTION.address)
    assert handler.redirect_request(request, None, 302, "", Message(), "https://elsewhere.example/") is None


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', "[", ""])
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(NoAnswerError, match="something else than JSON"):
        as_json(text.encode(), QUESTION.address)


class Sized(bytes):
    """An answer that says how long it is without being so long."""

    length = 0

    def __len__(self) -> int:
        return self.length


class Sending(io.BytesIO):
    """An answer of so many bytes, of which as many come as are asked for."""

    whole = 0

    def read(self, most: int | None = None, /) -> bytes:
        content = Sized(b"svar")
        content.length = self.whole if most is None else min(self.whole, most)
        return content


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False), (10**9, False)])
def test_an_answer_of_200_mb_is_taken_and_a_larger_one_is_not(
    monkeypatch: pytest.MonkeyPatch, more: int, taken: bool
) -> None:
    answer = Sending()
    answer.whole = 200 * 1024 * 1024 + more
    answering(monkeypatch, answer)
    if taken:
        assert len(ask(QUESTION)) == answer.whole
        return
    with pytest.raises(NoAnswerError, match=r"/data answered with more than 200 MB\n  hint: ask for less$"):
        ask(QUESTION)


@pytest.mark.parametrize("wrong", [KeyError("a"), IndexError("short"), TypeError("no list")])
def test_an_answer_of_another_form_is_told_with_its_bank_and_what_is_missing(wrong: Exception) -> None:
    with pytest.raises(NoAnswerError) as raised, known_form("Banken"):
        raise wrong
    told = f"Banken answered in another form than is known ({type(wrong).__name__}: {wrong})"
    assert str(raised.value).startswith(f"{told}\n  hint: has its API changed?")


def test_other_faults_are_not_the_banks() -> None:
    with pytest.raises(ZeroDivisionError), known_form("Banken"):
        raise ZeroDivisionError
