"""Which means tell too much of who is beside an end of their scale, by every list of answers that there is.

What a list can be is counted here from nothing but the answers: how many gave them and what they add up to, and of each
such sum how many can be beside an end, or be counted by a share. The rule that hides a mean and the audit that refuses
it are each held to it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

from reportlib.disclosure import Threshold
from reportlib.disclosure.audit import DisclosedCellError, audit
from reportlib.disclosure.register import Counted, Register
from reportlib.disclosure.release import released
from reportlib.disclosure.threshold import Scale, near_an_end
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.digits import value_decimals
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit

PERSONS = 400
FIVE = Threshold(5)
ONE_TO_FIVE = (1, 2, 3, 4, 5)
TENS = (10, 20, 30)
SIZES = (5, 6, 9, 26, 49, 101)  # of 26 with 0.1 above the lowest, the fourth is a hair out of reach of rounding


@cache
def lists_of(answers: tuple[int, ...], counted: frozenset[int], n: int) -> dict[int, set[int]]:
    """What n answers can add up to -> how many of them can be counted."""
    found: dict[int, set[int]] = {0: {0}}
    for _ in range(n):
        longer: dict[int, set[int]] = {}
        for total, numbers in found.items():
            for answer in answers:
                more = int(answer in counted)
                longer.setdefault(total + answer, set()).update(number + more for number in numbers)
        found = longer
    return found


def known_of(row: Estimate, answers: tuple[int, ...], counted: Collection[int]) -> set[int]:
    """How many can be counted, as a reader of the printed mean must think."""
    half = Fraction(1, 2 * 10 ** value_decimals(row))
    printed = round(Fraction(row.value or 0), value_decimals(row))
    fit = {
        total: numbers
        for total, numbers in lists_of(answers, frozenset(counted), row.n or 0).items()
        if abs(Fraction(total, row.n or 1) - printed) <= half
    }
    return set().union(*fit.values())


def mean_of(total: int, n: int, statistic: str = "mean", group: str = "borgere") -> Estimate:
    key = make_key("svar", statistic=statistic, group=group)
    return Estimate(
        key=key, measure="svar", statistic=statistic, unit=Unit.SCORE, population="alle", group=group,
        value=total / n, n=n,
    )  # fmt: skip


def refused(rows: list[Estimate], scale: Scale, threshold: Threshold, k: int = 0) -> bool:
    """Whether the audit refuses the mean; the share, if there is one, is hidden, and counts k."""
    register = Register(PERSONS, scales={"svar": scale})
    for row in rows:
        inside = np.arange(PERSONS) < k if row.measure == "andel" else None
        register.add(row, Counted(n=np.arange(PERSONS) < (row.n or 0), k=inside))
    hidden = [replace(row, value=None, n=None, k=None, suppressed="hidden") for row in rows if row.measure == "andel"]
    try:
        audit([released(row, level=0.05) for row in rows if row.measure == "svar"] + hidden, register, threshold)
    except DisclosedCellError as error:
        assert error.message.startswith("svar.borgere") and "answered beside an end" in error.message
        return True
    return False


def edge_sums(answers: tuple[int, ...], n: int) -> list[int]:
    """Sums near both ends, and one in the middle."""
    step = answers[1] - answers[0]
    far = [step * away for away in range(24) if away <= (len(answers) - 1) * n]
    return sorted({*(n * answers[0] + away for away in far), *(n * answers[-1] - away for away in far)})


@pytest.mark.parametrize("persons", [3, 5, 8])
@pytest.mark.parametrize("answers", [ONE_TO_FIVE, TENS], ids=["1-5", "10-30"])
def test_a_mean_hides_by_every_list_that_it_may_be_of(answers: tuple[int, ...], persons: int) -> None:
    threshold = Threshold(persons)
    scale = Scale(answers[0], answers[-1], answers[1] - answers[0])
    seen = set()
    for n in (size for size in SIZES if size >= persons):
        for total in edge_sums(answers, n):
            row = mean_of(total, n)
            hides = refuses = False
            for end in (answers[0], answers[-1]):
                beside = known_of(row, answers, [answer for answer in answers if answer != end])
                few = max(beside) < persons
                hides |= few and total != n * end and max(beside) - min(beside) + 1 < persons - 1
                refuses |= few and 0 not in beside and len(beside) < persons - 1
            assert bool(near_an_end([row], {"svar": scale}, threshold)) == hides, (n, total)
            assert refused([row], scale, threshold) == refuses, (n, total)
            seen.add((hides, refuses))
    assert seen >= {(True, True), (False, False)}


@pytest.mark.parametrize(
    ("answers", "counted", "sizes", "most"),
    [
        (ONE_TO_FIVE, {4, 5}, (5, 6, 9), 36),
        (ONE_TO_FIVE, {5}, (5, 6, 9), 36),
        (ONE_TO_FIVE, {1}, (5, 6, 9), 36),
        (ONE_TO_FIVE, {1, 2, 3}, (6,), 24),
        (ONE_TO_FIVE, {1, 2, 3, 4, 5}, (6,), 3),
        (TENS, {30}, (6, 101, 133, 171), 12),  # the printed digits are too few to tell the sum
        ((1, 2, 3), {3}, (101, 133), 12),
    ],
    ids=str,
)
def test_a_mean_hides_by_every_number_that_a_hidden_share_of_its_answers_may_be(
    answers: tuple[int, ...], counted: set[int], sizes: tuple[int, ...], most: int
) -> None:
    shares = MappingProxyType({"andel": frozenset(float(answer) for answer in counted)})
    step = answers[1] - answers[0]
    scale, alone = Scale(answers[0], answers[-1], step, shares=shares), Scale(answers[0], answers[-1], step)
    for n in sizes:
        for total in range(n * answers[0], min(n * answers[0] + step * most, n * answers[-1]) + 1, step):
            row = mean_of(total, n)
            if near_an_end([row], {"svar": alone}, FIVE):
                continue  # hides for the other reason
            for k in known_of(row, answers, counted):
                share = replace(row, key="andel.borgere", measure="andel", statistic="share", unit=Unit.PCT, k=k)
                open_ = known_of(row, answers, counted) - {0, n}
                hides = min(k, n - k) in range(1, 5) and len(open_) < 4
                assert (row.key in near_an_end([row, share], {"svar": scale}, FIVE)) == hides, (n, total, k)
                if min(k, n - k) < 5:
                    assert refused([row, share], scale, FIVE, k) == hides, (n, total, k)


@pytest.mark.parametrize(
    ("statistic", "group", "hides"),
    [
        ("mean", "borgere", True),
        ("first_mean", "borgere", True),
        ("last_mean", "borgere", True),
        ("panel_mean", "borgere", True),
        ("median", "borgere", False),
        ("mean", DIFFERENCE, False),
    ],
)
def test_every_kind_of_mean_of_a_group_is_one(statistic: str, group: str, hides: bool) -> None:
    row = mean_of(29, 6, statistic, group)
    assert bool(near_an_end([row], {"svar": Scale(1, 5)}, FIVE)) == hides
    assert refused([row], Scale(1, 5), FIVE) == hides


def test_a_share_of_other_persons_or_another_place_says_nothing() -> None:
    """25 of 6 answers: 3 to 5 are above 1 (see the sum); but nothing is known where the share is of 7, or elsewhere."""
    scale = Scale(1, 10, shares={"andel": frozenset(range(2, 11))})
    row = mean_of(25, 6)
    share = replace(row, key="andel.borgere", measure="andel", statistic="share", unit=Unit.PCT, k=3)
    for other, hides in (
        (share, True),
        (replace(share, n=7), False),
        (replace(share, site="a"), False),
        (replace(share, group="kontrol"), False),
        (replace(share, subgroup="alder:1"), False),
        (replace(share, time="maaling1"), False),
    ):
        assert (row.key in near_an_end([row, other], {"svar": scale}, FIVE)) == hides
        assert refused([row, other], scale, FIVE, 3) == hides
