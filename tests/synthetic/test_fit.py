"""Fitting brings a group's counts to their targets, the same way for the same seed, with lives that can be."""

from __future__ import annotations

import numpy as np
import pytest
from calibrating.fit import Fitted, Tally, Target, fit
from calibrating.lives import Frame, Life, possible_weeks
from calibrating.process import Process, change, draw

WEEKS = 20
MONTHS = tuple(week // 4 for week in range(WEEKS))
FRAMES = [Frame(WEEKS - person % 5, MONTHS[: WEEKS - person % 5]) for person in range(200)]
TALLY = Tally(weeks=WEEKS, run_weeks=13, run_gap=4, place_days=91, band_week=10, bands=(0, 40, 148))
PROCESS = Process(
    job_at_entry=0.1,
    subsidy_at_entry=0.05,
    practice_at_entry=0.1,
    practice_left=3,
    placed=0.5,
    start_weights=(1.0,) * WEEKS,
    fails=0.3,
    longer=3,
    again=0.2,
    job_after=0.2,
    job_otherwise=0.1,
    tied_hours=0.2,
    subsidy_after=0.1,
)


def targets() -> dict[str, Target]:
    followed = np.array([sum(frame.weeks > week for frame in FRAMES) for week in range(WEEKS)])
    return {
        "practice": Target(np.rint(0.25 * followed).astype(np.int64), np.full(WEEKS, 10)),
        "employed": Target(np.rint(np.linspace(0.1, 0.2, WEEKS) * followed).astype(np.int64), np.full(WEEKS, 10)),
        "completed": Target(np.array([17]), np.array([1000])),
    }


def run(seed: int, **options: int) -> Fitted:
    return fit(np.random.default_rng(seed), FRAMES, PROCESS, TALLY, targets(), proposals=8000, **options)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return run(1, heat=200)


def test_exact_count_is_met_and_curves_are_close(fitted: Fitted) -> None:
    wanted = targets()
    assert fitted.total[TALLY.parts["completed"]].tolist() == [17]
    for name in ("practice", "employed"):
        assert np.abs(fitted.total[TALLY.parts[name]] - wanted[name].values).max() <= 2


def test_total_is_what_the_lives_add_up_to(fitted: Fitted) -> None:
    added = np.sum([TALLY.count(life, frame) for life, frame in zip(fitted.lives, FRAMES, strict=True)], axis=0)
    assert added.tolist() == fitted.total.tolist()


def test_every_life_can_be(fitted: Fitted) -> None:
    assert all(possible_weeks(life, frame) is not None for life, frame in zip(fitted.lives, FRAMES, strict=True))


def test_same_seed_gives_the_same_lives(fitted: Fitted) -> None:
    assert run(1, heat=200).lives == fitted.lives
    assert run(2, heat=200).lives != fitted.lives


def test_fit_ends_when_it_is_near_enough() -> None:
    found = run(3, stop_at=4000)
    assert 0 < found.distance <= 4000


def test_condition_on_lives_holds_for_all() -> None:
    def jobless(life: Life, frame: Frame) -> bool:
        return life.job is None

    found = fit(
        np.random.default_rng(1),
        FRAMES,
        PROCESS,
        TALLY,
        {"practice": targets()["practice"]},
        proposals=500,
        allowed=jobless,
    )
    assert all(life.job is None for life in found.lives)


def test_draws_follow_the_parameters() -> None:
    rng = np.random.default_rng(4)
    lives = [draw(rng, FRAMES[0], PROCESS) for _ in range(4000)]
    at_entry = np.mean([life.job is not None and life.job.first == 0 and not life.job.tied for life in lives])
    assert at_entry == pytest.approx(0.1 + 0.01, abs=0.02)
    assert np.mean([bool(life.placements) for life in lives]) == pytest.approx(0.55, abs=0.05)


def test_change_alters_one_life_a_little_and_never_the_original() -> None:
    rng = np.random.default_rng(5)
    life = draw(rng, FRAMES[0], PROCESS)
    changed = [change(rng, life, FRAMES[0], PROCESS) for _ in range(200)]
    assert len({changed_life for changed_life in changed if changed_life != life}) > 50
