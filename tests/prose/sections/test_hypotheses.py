"""What was expected is answered by the numbers: each answer turns with them, and each stays where none is measured."""

from __future__ import annotations

from typing import Any

import pytest
from section_trial import plain, section_trial
from test_findings import KEY, ledger

from reportlib.prose import hypotheses

HOURS = "timer.forskel.uge35"


def answered(*items: dict[str, Any], **numbers: Any) -> str:
    trial = section_trial(hypotheses=[{"expected": "Flere arbejder", **item} for item in items])
    return plain(hypotheses.answered(ledger(**numbers), trial, site=None))


@pytest.mark.parametrize(
    ("bears", "numbers", "says"),
    [
        ({KEY: "up"}, {"value": 5.0}, "Det holdt."),
        ({KEY: "up"}, {"value": -5.0}, "Det holdt ikke."),
        ({KEY: "down"}, {"value": -5.0}, "Det holdt."),
        ({KEY: "up"}, {"value": 2.0}, "Det er ikke afgjort."),
        ({KEY: "up", HOURS: "up"}, {"value": 5.0, "hours": 1.0}, "Det holdt."),
        ({KEY: "up", HOURS: "up"}, {"value": 5.0, "hours": 0.2}, "Det holdt kun delvis."),
        ({KEY: "up", HOURS: "up"}, {"value": -5.0, "hours": 0.2}, "Det er ikke afgjort."),
        ({KEY: "up"}, {"value": None}, "Svaret vises ikke af hensyn til anonymiteten."),
    ],
)
def test_the_answer_turns_with_the_numbers(bears: dict[str, str], numbers: dict[str, Any], says: str) -> None:
    assert f"1. **Flere arbejder.** *{says}*" in answered({"bears": bears}, **numbers)


def test_the_numbers_stand_after_the_answer_with_what_they_rule_out() -> None:
    text = answered({"bears": {KEY: "up"}, "experience": "Det siger flere."}, value=2.0)
    assert "Andel i job: 12 pct. mod 10 pct. i uge 35. Tallene udelukker et fald på mere end" in text
    assert text.rstrip().endswith("Det siger flere.")


def test_what_nothing_measures_says_so() -> None:
    assert answered({"experience": "Det siger flere."}) == (
        "1. **Flere arbejder.** *Tallene afgør det ikke.* Det siger flere.\n"
    )


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({}, "nothing answers 'Flere arbejder'"),
        ({"bears": {"i-jobb.forskel": "up"}}, "hypothesis 'Flere arbejder': unknown measure 'i-jobb'"),
        ({"bears": {"i-job": "green"}}, "i-job has no light"),
    ],
)
def test_a_hypothesis_that_nothing_answers_is_refused(item: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        answered(item)


def test_what_is_hidden_is_not_told_by_what_people_say_of_it() -> None:
    told = answered({"bears": {KEY: "up"}, "experience": "Det siger flere."}, value=None)
    assert "vises ikke" in told and "Det siger flere." not in told
