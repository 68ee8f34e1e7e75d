"""`reportlib new` at a terminal: what it asks for, in which order, and again until it can read the answer."""

from __future__ import annotations

import sys
from datetime import date
from io import StringIO

import pytest

from reportlib.cli.new_trials import ask_for_trial
from reportlib.trial.new import NewTrial, NewTrialError

ASKED = [
    "Id of the trial (folder and file name)",
    "Title of the report",
    "Who ordered the evaluation",
    "Who makes it [Evaluator]",
    "Design (randomised, quasi_experiment, before_after, status)",
    "Municipalities, with commas between",
    "First day persons come in (YYYY-MM-DD)",
    "Last day persons come in (YYYY-MM-DD)",
    "Last day the extracts will cover (YYYY-MM-DD)",
    "Sources, with commas between [dream,timer,sager,survey]",
]
GIVEN = {
    "id": "nyt", "title": "Nyt", "commissioner": "Os", "evaluator": "Dem", "design": "status", "sites": "Nord,Syd",
    "first": "2024-01-01", "last": "2024-03-01", "last_day": "2024-12-31", "sources": "sager",
}  # fmt: skip


class Terminal(StringIO):
    """A standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


def ask(monkeypatch: pytest.MonkeyPatch, answers: list[str], **given: str) -> tuple[NewTrial, list[str]]:
    """The trial, and what was asked; an answer of nothing takes what is offered."""
    asked: list[str] = []

    def prompt(question: str, *, default: str | None) -> str:
        asked.append(question if default is None else f"{question} [{default}]")
        return answers[len(asked) - 1] or default or ""

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("typer.prompt", prompt)
    return ask_for_trial(**{name: given.get(name) for name in GIVEN}), asked


def test_everything_is_asked_for_in_order_and_what_is_usual_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["nyt", " Nyt ", "Os", "", "status", "Nord, Syd,", "2024-01-01", "01-03-2024", "2024-12-31", ""]
    trial, asked = ask(monkeypatch, answers)
    assert asked == ASKED
    told = (trial.id, trial.title, trial.commissioner, trial.evaluator, trial.sites, trial.sources)
    assert told == ("nyt", "Nyt", "Os", "Evaluator", ("Nord", "Syd"), ("dream", "timer", "sager", "survey"))
    assert (trial.first, trial.last, trial.last_day) == (date(2024, 1, 1), date(2024, 3, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("id", "Ikke godt", "nyt"),
        ("design", "lod", "status"),
        ("first", "i går", "2024-01-01"),
        ("last", "31-31-24", "2024-03-01"),
        ("last_day", "31/31/24", "2024-12-31"),
        ("sources", "nej", "sager"),
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, right: str
) -> None:
    given = {key: value for key, value in GIVEN.items() if key != name}
    trial, asked = ask(monkeypatch, [wrong, wrong, right], **given)
    assert trial == ask(monkeypatch, [], **GIVEN)[0]
    assert len(asked) == 3 and len(set(asked)) == 1


@pytest.mark.parametrize(
    ("name", "option"), [("id", "an id"), ("last_day", "--until"), ("design", "--design"), ("sites", "--sites")]
)
def test_without_a_terminal_the_missing_option_is_named(
    name: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    with pytest.raises(NewTrialError, match=f"^{option} is missing"):
        ask_for_trial(**{key: None if key == name else value for key, value in GIVEN.items()})


def test_without_a_terminal_what_is_usual_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    trial = ask_for_trial(**{**GIVEN, "evaluator": None, "sources": None})
    assert (trial.evaluator, trial.sources) == ("Evaluator", ("dream", "timer", "sager", "survey"))
