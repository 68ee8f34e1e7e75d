"""Spells on ledighedsydelse and in fleksjob, with rates that make the ordinary Cox models give the published ratios.

Everybody gets one random number that says how long the spell lasts at a given rate. The rates of the participants are
then moved until the models' ratios are the published ones: no spell is ever moved by hand.
"""

from __future__ import annotations

from collections.abc import Callable

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from people import WEEKS, to_sum_within

from reportlib.estimators.proportional_hazards import cox
from reportlib.estimators.risk_sets import before_and_after

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

UNEMPLOYED, FLEXJOB, PENSION, CLARIFYING = 740, 771, 783, 870
BEFORE_1 = {730: 0.3, 810: 0.25, 890: 0.25, CLARIFYING: 0.2}
SINCE = {True: np.datetime64("2016-12-26"), False: np.datetime64("2015-12-28")}
"""Monday of the week in which the day lies from which a spell of target group 2A must have begun."""

LONGEST = 208
ADJUST = ["alder", "mand", "ikke_vestlig", "gift", "uger_i_job_3", "uger_i_job_6"]
NEVER = 10_000


def spells(persons: pd.DataFrame) -> pd.DataFrame:
    """Per person: `code` in the week of registration and for `weeks_before` weeks before it, `earlier` before that, and
    `second_code`, `third_code` from weeks `second_week`, `third_week` (0 for never)."""
    rng = np.random.default_rng([cal.SEED, 2])
    lives = pd.DataFrame(
        {
            "code": 0, "weeks_before": 0, "earlier": rng.choice([0, 890, 730], len(persons), p=[0.5, 0.3, 0.2]),
            "second_week": 0, "second_code": 0, "third_week": 0, "third_code": 0,
        }
    )  # fmt: skip
    target = persons["maalgruppe"].to_numpy()
    first, second, third = (target == name for name in cal.TARGET_GROUPS)
    _first(rng, persons, lives, first)
    _second(rng, persons, lives, second)
    _third(rng, persons, lives, third)
    return lives


# --- Target group 1: from sickness benefit and the like to ledighedsydelse or fleksjob


def _first(rng: np.random.Generator, persons: pd.DataFrame, lives: pd.DataFrame, inside: Booleans) -> None:
    rows = np.flatnonzero(inside)
    own = persons.iloc[rows].reset_index(drop=True)
    n = len(own)
    code = rng.choice(list(BEFORE_1), n, p=list(BEFORE_1.values()))
    lives.loc[rows, "code"] = code
    # Jobafklaring is from July 2014, so nobody can have been in it for longer.
    lives.loc[rows, "weeks_before"] = np.minimum(rng.geometric(1 / 60, n), np.where(code == CLARIFYING, 90, 170))
    followed, narrow = own["followed"].to_numpy(), own["narrow"].to_numpy()
    moves = np.minimum(1 + rng.geometric(0.16, n), followed)  # at the latest in the last week that is followed
    direct = np.zeros(n, dtype=bool)
    for group, count in cal.DIRECT.items():
        candidates = np.flatnonzero(narrow & (own["gruppe"] == group).to_numpy())
        direct[rng.permutation(candidates)[:count]] = True
    waits = narrow & ~direct
    lives.loc[rows, "second_week"] = np.where(narrow, moves, 0)
    lives.loc[rows, "second_code"] = np.where(narrow, np.where(direct, FLEXJOB, UNEMPLOYED), 0)
    # Those who leave for something else: they end neither on ledighedsydelse nor in fleksjob.
    other = ~narrow & (rng.random(n) < 0.4)
    lives.loc[rows[other], "second_week"] = rng.integers(4, 40, int(other.sum()))
    lives.loc[rows[other], "second_code"] = PENSION

    chance, frailty = rng.random(n), _frailty(rng, own)
    away = rng.geometric(0.002, n)
    at_risk = own[waits].reset_index(drop=True)
    left = (followed - moves + 1)[waits]
    weeks = _solve_first(at_risk, left, chance[waits], frailty[waits], away[waits])
    stay = np.full(n, NEVER)
    stay[waits] = weeks
    ends = np.minimum(stay, away)
    third = np.where(waits & (ends < NEVER), moves + ends, 0)
    lives.loc[rows, "third_week"] = third
    lives.loc[rows, "third_code"] = np.where(third > 0, np.where(stay <= away, FLEXJOB, PENSION), 0)


def _solve_first(own: pd.DataFrame, left: Integers, chance: Floats, frailty: Floats, away: Integers) -> Integers:
    """Weeks until fleksjob, with the late rate of all and the participants' two factors solved for in turn."""
    treated = (own["gruppe"] == cal.DELTAGER).to_numpy()

    def lived(at: Floats) -> Integers:
        return _weeks_first(chance, frailty, treated, *np.exp(at))

    def missing(weeks: Integers) -> Floats:
        frame = _frame(own, weeks, away, left)
        split = before_and_after(frame, covariate="deltager", stop="stop", event="event", week=cal.SPLIT)
        found = [*cox_terms(frame, ["deltager"]), *cox_terms(split, ["deltager_before", "deltager_after"])]
        return np.log([cal.RATIO_1A, cal.RATIO_1A_EARLY, cal.RATIO_1A_LATE]) - found

    return solved(
        3, np.array(cal.STAYS_1), np.array([2.0, 0.7, 0.7, 0.0]), lived, missing, np.array([0.003, 0.004, 0.0025])
    )


def solved(
    seed: int,
    start: Floats,
    gain: Floats,
    lived: Callable[[Floats], Integers],
    missing: Callable[[Integers], Floats],
    enough: Floats,
) -> Integers:
    """The weeks at the place where nothing is `missing` any more: Newton-like steps, then small random ones.

    Whole weeks of whole persons move in jumps, so that the last steps are tried and kept when they come closer.
    """
    rng = np.random.default_rng([cal.SEED, seed])
    at = start.copy()
    best = (np.inf, at, lived(at))
    for trial in range(400):
        weeks = lived(at)
        left = missing(weeks)
        off = float((np.abs(left) / enough).max())
        if off < best[0]:
            best = (off, at, weeks)
        if off <= 1:
            break
        at = (
            at + _padded(gain * _padded(left, gain), at)
            if trial < 12
            else best[1] + rng.normal(0, rng.choice([0.003, 0.012, 0.04]), len(at))
        )
    return best[2]


def _weeks_first(
    chance: Floats, frailty: Floats, treated: Booleans, late_rate: float, early: float, late: float, soon: float
) -> Integers:
    factors = np.ones((len(chance), WEEKS))
    factors[:, : cal.SPLIT] = np.where(treated, early, 1.0)[:, None]
    factors[:, cal.SPLIT :] = np.where(treated, late, 1.0)[:, None]
    base = np.r_[soon * np.linspace(0.105, 0.075, cal.SPLIT), np.full(WEEKS - cal.SPLIT, late_rate)]
    return weeks_until(chance, factors * base * frailty[:, None])


def _padded(values: Floats, like: Floats) -> Floats:
    """`values` with noughts at the end, as long as `like`: a place may have more freedom than there are targets."""
    return np.r_[values, np.zeros(len(like) - len(values))]


# --- Target group 2: on ledighedsydelse when registered


def _second(rng: np.random.Generator, persons: pd.DataFrame, lives: pd.DataFrame, inside: Booleans) -> None:
    rows = np.flatnonzero(inside)
    own = persons.iloc[rows].reset_index(drop=True)
    n = len(own)
    before = _weeks_before(rng, own)
    lives.loc[rows, "code"] = UNEMPLOYED
    lives.loc[rows, "weeks_before"] = before
    lives.loc[rows, "earlier"] = rng.choice([0, 890, FLEXJOB], n, p=[0.4, 0.3, 0.3])
    chance, frailty, away = rng.random(n), _frailty(rng, own), rng.geometric(0.0015, n)
    weeks = _solve_second(own.assign(before=before), chance, frailty, away)
    ends = np.minimum(weeks, away)
    lives.loc[rows, "second_week"] = np.where(ends < NEVER, ends + 1, 0)
    lives.loc[rows, "second_code"] = np.where(ends < NEVER, np.where(weeks <= away, FLEXJOB, PENSION), 0)


def _weeks_before(rng: np.random.Generator, own: pd.DataFrame) -> Integers:
    """Weeks on ledighedsydelse at registration: the narrow group's within the year, and every group's mean exact."""
    after = own["gruppe"].isin([cal.DELTAGER, cal.SAMMENLIGNING]).to_numpy()
    since = np.where(after, SINCE[True], SINCE[False])
    limit = ((own["monday"].to_numpy() - since) // np.timedelta64(7, "D")).astype(np.int64)
    narrow, n = own["narrow"].to_numpy(), len(own)
    recent = np.minimum(rng.exponential(11, n).astype(np.int64), limit)
    longer = np.minimum(
        limit + 1 + rng.exponential(np.where(own["gruppe"] == cal.DELTAGER, 35, 70)).astype(np.int64), LONGEST
    )
    weeks = np.where(narrow, recent, longer)
    for group, mean in cal.WEEKS_2.items():
        here = np.flatnonzero((own["gruppe"] == group).to_numpy() & ~narrow)
        rest = int(weeks[(own["gruppe"] == group).to_numpy() & narrow].sum())
        size = int((own["gruppe"] == group).sum())
        weeks[here] = to_sum_within(rng, weeks[here], round(mean * size) - rest, low=limit[here] + 1, high=LONGEST)
    return weeks


def _solve_second(own: pd.DataFrame, chance: Floats, frailty: Floats, away: Integers) -> Integers:
    treated = (own["gruppe"] == cal.DELTAGER).to_numpy()
    comparison = (own["gruppe"] == cal.SAMMENLIGNING).to_numpy()
    narrow, before = own["narrow"].to_numpy(), own["before"].to_numpy()
    left = own["followed"].to_numpy()

    def lived(at: Floats) -> Integers:
        base, in_narrow, in_rest, slope = at
        factor = np.where(treated, np.exp(np.where(narrow, in_narrow, in_rest)), 1.0)
        rate = np.exp(base - slope * np.minimum(before, 104) / 52) * factor * frailty
        return weeks_until(chance, np.broadcast_to(rate[:, None], (len(rate), WEEKS)))

    def missing(weeks: Integers) -> Floats:
        frame = _frame(own, weeks, away, left)
        found = [
            *cox_terms(frame[narrow], ["deltager"], "before"),
            *cox_terms(frame, ["deltager"], "before"),
            *cox_terms(frame, ["deltager"], adjusted=False),
        ]
        stay = np.log(_still_there(frame[comparison], 15))
        wanted = np.log([cal.RATIO_2A, cal.RATIO_2, cal.RATIO_2_RAW])
        return np.r_[np.log(np.log(1 - cal.IN_JOB_WEEK_15) / stay), wanted - found]

    return solved(
        4,
        np.array(cal.STAYS_2),
        np.array([1.0, 0.8, 3.0, 0.8]),
        lived,
        missing,
        np.array([0.006, 0.002, 0.0015, 0.0015]),
    )


# --- Target group 3: in fleksjob when registered


def _third(rng: np.random.Generator, persons: pd.DataFrame, lives: pd.DataFrame, inside: Booleans) -> None:
    rows = np.flatnonzero(inside)
    own = persons.iloc[rows].reset_index(drop=True)
    n = len(own)
    narrow = own["narrow"].to_numpy()
    weeks = np.where(narrow, rng.integers(0, 14, n), np.minimum(14 + rng.exponential(60, n).astype(np.int64), LONGEST))
    for group, mean in cal.WEEKS_3.items():
        mine = (own["gruppe"] == group).to_numpy()
        here = np.flatnonzero(mine & ~narrow)
        total = round(mean * int(mine.sum())) - int(weeks[mine & narrow].sum())
        # In proportion first, so that the shape stays, then by single weeks.
        weeks[here] = np.clip(np.round(weeks[here] * total / weeks[here].sum()), 14, LONGEST).astype(np.int64)
        weeks[here] = to_sum_within(rng, weeks[here], total, low=np.full(len(here), 14), high=LONGEST)
    lives.loc[rows, "code"] = FLEXJOB
    lives.loc[rows, "weeks_before"] = weeks
    lives.loc[rows, "earlier"] = rng.choice([UNEMPLOYED, 0, 890], n, p=[0.6, 0.25, 0.15])
    loses = rng.geometric(0.0025, n)
    lives.loc[rows, "second_week"] = np.where(loses < 3 * WEEKS, loses + 1, 0)
    lives.loc[rows, "second_code"] = np.where(loses < 3 * WEEKS, UNEMPLOYED, 0)


# --- What they share


def weeks_until(chance: Floats, hazard: Floats) -> Integers:
    """(n,) the first week in which the accumulated rate (n, weeks) reaches the person's chance; NEVER otherwise."""
    reached = np.cumsum(hazard, axis=1) >= -np.log(chance)[:, None]
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, NEVER)


def _frailty(rng: np.random.Generator, own: pd.DataFrame) -> Floats:
    """What makes some leave sooner: years at work, age, and a little of the place."""
    places = own["kommune"].to_numpy()
    names = np.unique(places)
    place = dict(zip(names, rng.normal(0, 0.05, len(names)), strict=True))
    work = 0.15 * (own["uger_i_job_3"].to_numpy() - 30) / 50 - 0.05 * (own["alder"].to_numpy() - 47) / 10
    return np.exp(work + np.array([place[name] for name in places]))


def _frame(own: pd.DataFrame, weeks: Integers, away: Integers, left: Integers) -> pd.DataFrame:
    """The episodes as the analysis sees them: the event must lie in a week that is followed."""
    ends = np.minimum(weeks, away)
    event = (weeks <= away) & (ends < left)
    after = own["gruppe"].isin([cal.DELTAGER, cal.SAMMENLIGNING]).astype(int)
    place = own["gruppe"].isin([cal.DELTAGER, cal.FOER]).astype(int)
    return own.assign(
        stop=np.minimum(ends, left), event=event.astype(int), efter=after, delt_komm=place, deltager=after * place
    )


def cox_terms(
    frame: pd.DataFrame, terms: list[str], strata: str | None = None, *, adjusted: bool = True
) -> list[float]:
    """The log hazard ratios of `terms` beside efter, delt_komm and, when adjusted, background."""
    fit = cox(
        frame,
        stop="stop",
        event="event",
        start="start" if "start" in frame else None,
        covariates=["efter", "delt_komm", *(ADJUST if adjusted else []), *terms],
        strata=strata,
    )
    return [float(fit.terms.set_index("term").loc[term, "coef"]) for term in terms]


def _still_there(frame: pd.DataFrame, week: int) -> float:
    """Kaplan-Meier at the week."""
    share = 1.0
    for at in range(1, week + 1):
        n = int((frame["stop"] >= at).sum())
        share *= 1 - int(((frame["stop"] == at) & (frame["event"] == 1)).sum()) / n
    return share
