"""A mean of few whole answers near an end of their scale hides: it tells how few gave another answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations_with_replacement
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reportlib.analysis.run import answer_scales
from reportlib.disclosure import Threshold, steps
from reportlib.disclosure.audit import DisclosedCellError
from reportlib.disclosure.register import Counted, Register
from reportlib.disclosure.threshold import Scale, near_an_end
from reportlib.ledger import Estimate, make_key
from reportlib.text.units import Unit
from reportlib.trial.measures import SurveyMean, SurveyShare

FIVE = Threshold(5)
SCALES = {"svar": Scale(1, 5), "trivsel": Scale(0, 100, 4)}


def mean_of(answers: Iterable[float], measure: str = "svar") -> Estimate:
    answers = list(answers)
    return Estimate(
        key=make_key(measure, statistic="mean", group="borgere"),
        measure=measure,
        statistic="mean",
        unit=Unit.SCORE,
        population="alle",
        group="borgere",
        value=sum(answers) / len(answers),
        n=len(answers),
    )


def released(row: Estimate) -> Estimate:
    """The row as `protect` gives it, of persons who answered."""
    register = Register(1000, scales=SCALES)
    register.add(row, Counted(n=np.arange(1000) < (row.n or 0)))
    return steps.protect([row], register, FIVE, level=0.05).rows[0]


@pytest.mark.parametrize(
    ("row", "hides"),
    [
        (mean_of([5] * 4 + [4]), True),
        (mean_of([5] * 6 + [2]), True),  # 4.6: one gave 2, or two or three something between
        (mean_of([5] * 6 + [1]), False),  # one to four did not give 5
        (mean_of([5] * 7), False),  # all: may be told
        (mean_of([1] * 7 + [2, 2]), True),
        (mean_of([3] * 5), False),
        (mean_of([5] * 49 + [4]), True),  # 4.98
        (mean_of([5] * 799 + [4]), False),  # 5.00: none to four
        (mean_of([100] * 5 + [92], "trivsel"), True),
        (mean_of([60] * 6, "trivsel"), False),
        (mean_of([5] * 6 + [4], "andet"), False),  # of no scale that is known
    ],
)
def test_a_mean_hides_that_leaves_too_few_numbers_of_those_beside_an_end(row: Estimate, hides: bool) -> None:
    assert released(row).hidden == hides


def test_the_audit_refuses_such_a_mean_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "near_an_end", lambda *_: [])
    with pytest.raises(DisclosedCellError, match=r"svar\.borgere tells how few"):
        released(mean_of([5] * 6 + [4]))


def test_zeros_that_may_not_be_shown_are_not_told_by_a_mean_either() -> None:
    rows = [mean_of([5] * 7)]
    assert near_an_end(rows, SCALES, replace(FIVE, show_zero=False)) == [rows[0].key]


def test_no_answer_of_few_is_told_by_any_mean_that_stays() -> None:
    """Of all lists of 5 to 8 answers from 1 to 5 with a mean that stays: nobody or enough may have given each answer,
    or as many numbers of persons as lie below the threshold; and so for those who gave another."""
    for n in range(5, 9):
        lists = defaultdict(list)
        for answers in combinations_with_replacement(range(1, 6), n):
            lists[sum(answers)].append(answers)
        for alike in lists.values():
            if not near_an_end([mean_of(alike[0])], SCALES, FIVE):
                for answer in range(1, 6):
                    gave = {answers.count(answer) for answers in alike}
                    for numbers in (gave, {n - count for count in gave}):
                        assert min(numbers) < 1 or max(numbers) >= 5 or max(numbers) - min(numbers) >= 3


def test_a_mean_hides_that_leaves_too_few_numbers_of_a_hidden_share_of_its_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 6 answers from 1 to 10, 3 are above 1, with the sum 25: 19 more than six ones, so 3 to 5 are above 1 (not all,
    which would be shown). With the sum 16 it is 2 to 5."""
    scales = {"svar": Scale(1, 10, shares={"andel": frozenset(range(2, 11))})}
    share = replace(mean_of([0] * 3 + [100] * 3, "andel"), key="andel.borgere", statistic="share", unit=Unit.PCT, k=3)
    persons = np.arange(1000)

    def protected(answers: list[int]) -> Estimate:
        register = Register(1000, scales=scales)
        register.add(share, Counted(n=persons < 6, k=persons < 3))
        mean = mean_of(answers)
        register.add(mean, Counted(n=persons < 6))
        return steps.protect([share, mean], register, FIVE, level=0.05).rows[1]

    few, enough = [1, 1, 1, 5, 8, 9], [1, 1, 1, 3, 5, 5]
    assert (protected(few).hidden, protected(enough).hidden) == (True, False)
    monkeypatch.setattr(steps, "near_an_end", lambda *_: [])
    with pytest.raises(DisclosedCellError, match=r"svar\.borgere tells how few"):
        protected(few)


def test_an_answer_of_a_share_is_a_number_of_the_scale_however_it_is_written_in_trial_yml() -> None:
    ends: dict[str, Any] = {"low": 1, "low_label": "Slet ikke", "high": 5, "high_label": "I høj grad"}
    mean = SurveyMean(kind="survey_mean", survey="borgere", item="svar", **ends)
    share = SurveyShare(kind="survey_share", survey="borgere", item="svar", answers=("4", 5, "Meget enig"))
    measures = [SimpleNamespace(id="svar", computed=mean), SimpleNamespace(id="andel", computed=share)]
    trial: Any = SimpleNamespace(measures=measures)
    assert answer_scales(trial)["svar"].shares == {"andel": {4.0, 5.0}}
