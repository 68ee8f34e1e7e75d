"""In a measure that cannot fall, no step between told weeks is a small number of persons, nor can one be worked out."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.run import run_analyses
from reportlib.disclosure.register import Counted, Register
from reportlib.disclosure.steps import protect
from reportlib.disclosure.threshold import Threshold
from reportlib.ledger import Estimate, Measure
from reportlib.registers.read import read_trial
from reportlib.text.units import Unit
from reportlib.trial import load_trial

FIVE = Threshold(5)
PERSONS = 400


def exits(
    builder: LedgerBuilder, measure: str, left: np.ndarray, weeks: int, *, group: str, inside: np.ndarray
) -> None:
    """Who has left by each week: `left` is each person's week, 0 for never."""
    for week in range(1, weeks + 1):
        gone = inside & (left > 0) & (left <= week)
        builder.add(
            Counted(n=inside, k=gone), measure=measure, statistic="share", population="alle", group=group,
            time=f"uge{week}", value=100 * gone.sum() / inside.sum(), k=gone.sum(), n=inside.sum(),
        )  # fmt: skip


def told(
    left: dict[str, np.ndarray], weeks: int, *, asked: tuple[int, ...] = ()
) -> dict[tuple[str, str], dict[int, int]]:
    """Measure and group -> week -> k, of what is released."""
    treated = np.arange(PERSONS) < PERSONS // 2
    names = [Measure(id=name, label="", unit=Unit.PCT, definition="", source="") for name in left]
    builder = LedgerBuilder(names, register=Register(PERSONS))
    for name, when in left.items():
        exits(builder, name, when, weeks, group="deltager", inside=treated)
        exits(builder, name, when, weeks, group="kontrol", inside=~treated)
    found: dict[tuple[str, str], dict[int, int]] = {}
    for row in builder.build({}, threshold=FIVE, asked_weeks=asked):
        if row.k is not None and row.week is not None:
            found.setdefault((row.measure, row.group), {})[row.week] = row.k
    return found


def steps(levels: dict[int, int]) -> list[int]:
    return [two - one for (_, one), (_, two) in pairwise(sorted(levels.items()))]


@given(st.integers(0, 10_000), st.integers(3, 20), st.floats(0.05, 0.9))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_step_is_nobody_or_enough(seed: int, weeks: int, share: float) -> None:
    chance = np.random.default_rng(seed)
    left = np.where(chance.random(PERSONS) < share, chance.integers(1, weeks + 1, PERSONS), 0)
    for levels in told({"afgang": left}, weeks).values():
        assert all(step == 0 or step >= 5 for step in steps(levels))


@given(st.integers(0, 10_000), st.integers(3, 16))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_part_that_waits_is_not_the_whole_less_the_other_part(seed: int, weeks: int) -> None:
    chance = np.random.default_rng(seed)
    when = np.where(chance.random(PERSONS) < 0.7, chance.integers(1, weeks + 1, PERSONS), 0)
    to_school = chance.random(PERSONS) < 0.1
    found = told({"job": when * ~to_school, "skole": when * to_school, "begge": when}, weeks)
    for group in ("deltager", "kontrol"):
        job, school, both = (found.get((name, group), {}) for name in ("job", "skole", "begge"))
        rest = {week: both[week] - job[week] for week in both if week in job}
        # a level of 1 to 4 is a small cell, and the linked system's business
        told_or_had = {**school, **{week: k for week, k in rest.items() if k == 0 or k >= 5}}
        for levels in (job, told_or_had, both):
            assert all(step == 0 or step >= 5 for step in steps(levels))


def test_the_last_week_and_a_week_that_is_asked_for_are_told() -> None:
    left = np.where(np.arange(PERSONS) % 4 == 0, 1 + np.arange(PERSONS) // 8 % 25, 0)
    levels = told({"afgang": left}, 25, asked=(12,))["afgang", "deltager"]
    assert {12, 25} <= levels.keys()
    assert len(levels) < 25


@pytest.mark.parametrize("seed", range(30))
def test_the_weeks_told_have_the_smallest_gaps_of_all_choices_that_are_allowed(seed: int) -> None:
    """Every choice of weeks is tried. Asked weeks and the last come first, then the sum of the squared gaps, those
    before the first and after the last week told among them; each step is of nobody or of five in both groups."""
    chance = np.random.default_rng(seed)
    weeks, asked = int(chance.integers(4, 10)), tuple(chance.choice(np.arange(1, 10), 2).tolist())
    more = [[int(chance.integers(5, 9)), *chance.integers(0, 7, weeks - 1).tolist()] for _ in range(2)]
    left = np.zeros(PERSONS, dtype=int)
    for first, steps_of in zip((0, PERSONS // 2), more, strict=True):
        come = np.repeat(np.arange(1, weeks + 1), steps_of)
        left[first : first + len(come)] = come

    def allowed(choice: tuple[int, ...]) -> bool:
        between = [sum(steps_of[one:two]) for steps_of in more for one, two in pairwise(choice)]
        return all(step == 0 or step >= 5 for step in between)

    def rank(choice: tuple[int, ...]) -> tuple[int, int]:
        wanted = sum(week in choice for week in {*asked, weeks} if week <= weeks)
        return -wanted, sum((two - one) ** 2 for one, two in pairwise((1, *choice, weeks)))

    choices = [choice for size in range(1, weeks + 1) for choice in combinations(range(1, weeks + 1), size)]
    found = told({"afgang": left}, weeks, asked=asked)
    for group in ("deltager", "kontrol"):
        choice = tuple(sorted(found["afgang", group]))
        assert allowed(choice)
        assert rank(choice) == min(rank(each) for each in choices if allowed(each))


def test_of_measures_that_add_up_the_larger_tells_the_weeks_that_are_free() -> None:
    """7 leave each week in either group, 2 of them to school: after three weeks they are 6, after two only 4."""
    at = np.arange(PERSONS) % 200
    when = np.where(at < 140, 1 + at // 7, 0)
    to_school = np.isin(at % 7, (0, 3))
    found = told({"skole": when * to_school, "job": when * ~to_school, "begge": when}, 20)
    for group in ("deltager", "kontrol"):
        assert list(found["begge", group]) == list(range(1, 21))
        assert found["begge", group][9] == 63
        assert list(found["skole", group]) == list(found["job", group]) == [5, 8, 11, 14, 17, 20]


def test_groups_tell_the_same_weeks() -> None:
    left = np.where(np.arange(PERSONS) % 3 == 0, 1 + np.arange(PERSONS) % 20, 0)
    found = told({"afgang": left}, 20)
    assert found["afgang", "deltager"].keys() == found["afgang", "kontrol"].keys()


def test_a_measure_that_can_fall_tells_every_week() -> None:
    in_job = np.arange(PERSONS)
    builder = LedgerBuilder(
        [Measure(id="job", label="", unit=Unit.PCT, definition="", source="")], register=Register(PERSONS)
    )
    everybody = np.ones(PERSONS, dtype=bool)
    for week in range(1, 9):
        has = (in_job + week) % 4 == 0 if week < 5 else (in_job + week) % 3 == 0
        builder.add(
            Counted(n=everybody, k=has), measure="job", statistic="share", population="alle", group="deltager",
            time=f"uge{week}", value=100 * has.sum() / PERSONS, k=has.sum(), n=PERSONS,
        )  # fmt: skip
    ledger = builder.build({}, threshold=FIVE)
    assert not any(row.hidden for row in ledger)
    assert not ledger.tells_in_steps("job")


def test_steps_between_which_somebody_is_lost_are_net_changes_and_stay() -> None:
    builder = LedgerBuilder(
        [Measure(id="naaet", label="", unit=Unit.PCT, definition="", source="")], register=Register(PERSONS)
    )
    for week in range(1, 6):
        followed = np.arange(PERSONS) >= week
        reached = followed & (np.arange(PERSONS) >= PERSONS - 50 - week)
        builder.add(
            Counted(n=followed, k=reached), measure="naaet", statistic="share", population="alle", group="deltager",
            time=f"uge{week}", value=100 * reached.sum() / followed.sum(), k=reached.sum(), n=followed.sum(),
        )  # fmt: skip
    assert not any(row.hidden for row in builder.build({}, threshold=FIVE))


ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("trial_id", ["paa-rette-vej", "social-stoette"])
def test_the_exits_and_the_recruitment_of_the_trials_tell_no_step_of_few(trial_id: str) -> None:
    trial = load_trial(ROOT / "data" / trial_id / "trial.yml")
    context = run_analyses(trial, read_trial(trial, ROOT / "data" / trial_id))
    asked = [week for spec in trial.analyses if isinstance(week := getattr(spec, "week", None), int)]
    builder = context.ledger
    rows = list(builder.unreleased({}))
    made = protect(rows, builder.register, FIVE, level=0.05, asked_weeks=asked)
    assert made.held_back
    series: dict[tuple[str, str, str, str], list[Estimate]] = {}
    for row in made.rows:
        counts = row.statistic == "recruited" or (row.week is not None and row.statistic == "share")
        if row.measure in made.held_back and counts and not row.hidden:
            series.setdefault((row.measure, row.group, row.site, row.subgroup), []).append(row)
    for told_rows in series.values():
        for one, two in pairwise(told_rows):
            step = (two.k or 0) - (one.k or 0)
            assert one.n != two.n or step == 0 or step >= 5
