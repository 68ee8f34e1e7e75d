"""Every test that the library makes, on data in which nothing is there to be found: a draw gives its p-value.

Persons have what labour-market persons have: many zeros, a long tail, weeks that hang together, places that differ.
Then lots are drawn anew (persons or whole places, as the test asks), so that chance alone separates the groups. At
5 pct. a test that is right rejects in 4 to 6 of 100 draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.random import Generator

from reportlib.estimators.by_part import site_differences, subgroup_differences
from reportlib.estimators.covariate_balance import joint_balance_test
from reportlib.estimators.diff_in_diff import did, two_way
from reportlib.estimators.many_comparisons import uniform_band
from reportlib.estimators.propensity_matching import match, matched_effect
from reportlib.estimators.proportional_hazards import cox, ph_test
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.repeated_measures import mcnemar, paired_t, sign_test
from reportlib.estimators.risk_sets import before_and_after
from reportlib.estimators.shares_and_means import difference_in_shares, test_shares, test_table
from reportlib.estimators.week_by_week import accumulated_difference, weekly_difference

PERSONS, PLACES = 400, 24


def _hours(rng: Generator, persons: int = PERSONS) -> np.ndarray:
    """Hours a week: nothing for two in three, else a long tail."""
    return np.where(rng.random(persons) < 2 / 3, 0.0, np.minimum(rng.lognormal(2.5, 0.8, persons), 50))


def _weeks(rng: Generator, weeks: int = 6) -> np.ndarray:
    """Hours in weeks that hang together."""
    at_work = rng.random(PERSONS) < 1 / 3
    return np.where(at_work[:, None], np.maximum(_hours(rng)[:, None] + rng.normal(0, 4, (PERSONS, weeks)), 0), 0.0)


def _lots(rng: Generator, persons: int = PERSONS) -> np.ndarray:
    return rng.permutation(np.arange(persons) % 2)


def _places(rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Each person's place, and what the place adds to everybody in it."""
    place = rng.integers(0, PLACES, PERSONS)
    return place, rng.normal(0, 3, PLACES)[place]


def _weekly(rng: Generator, *, accumulated: bool = False, **options: object) -> float:
    given = {name: value(rng) if callable(value) else value for name, value in options.items()}
    found = weekly_difference(_weeks(rng), _lots(rng), **given)  # type: ignore[arg-type]
    return float((accumulated_difference(found) if accumulated else found).p[-1])


def _clustered(rng: Generator, places: int) -> float:
    place = rng.integers(0, places, PERSONS)
    values = (_hours(rng) + rng.normal(0, 3, places)[place])[:, None]
    return float(weekly_difference(values, _lots(rng, places)[place], clusters=place).p[-1])


def _exits(rng: Generator, *, proportional: bool = False) -> float:
    left = np.ceil(rng.weibull(0.8, PERSONS) * 40)
    frame = pd.DataFrame({"stop": np.minimum(left, 52), "event": (left <= 52) * 1, "group": _lots(rng)})
    options = {"stop": "stop", "event": "event", "covariates": ["group"]}
    if proportional:
        return float(ph_test(frame, **options).p)
    return float(cox(frame, **options).terms["p"].iloc[0])


def _rates_of_places(rng: Generator, places: int, *, unequal: bool = False) -> float:
    """Whole places are drawn, and rates of exit differ between places; the n'th of unequal ones is 1/n of the first."""
    size = 1 / np.arange(1, places + 1) if unequal else np.ones(places)
    place = rng.choice(places, PERSONS, p=size / size.sum())
    left = np.ceil(rng.weibull(0.8, PERSONS) * 40 * np.exp(rng.normal(0, 0.3, places))[place])
    lots = _lots(rng, places)[place]
    frame = pd.DataFrame({"stop": np.minimum(left, 52), "event": (left <= 52) * 1, "group": lots, "place": place})
    found = cox(frame, stop="stop", event="event", covariates=["group"], cluster="place", jackknife=True)
    return float(found.terms["p"].iloc[0])


def _balance(rng: Generator) -> float:
    columns = {"alder": rng.normal(45, 10, PERSONS), "kvinde": rng.integers(0, 2, PERSONS), "timer": _hours(rng)}
    return float(joint_balance_test(columns, _lots(rng)).p)


def _shares(rng: Generator) -> float:
    yes, lots = rng.random(PERSONS) < 0.3, _lots(rng) == 1
    return float(
        difference_in_shares(int(yes[lots].sum()), int(lots.sum()), int(yes[~lots].sum()), int((~lots).sum())).p
    )


def _many_shares(rng: Generator) -> float:
    place = rng.integers(0, 5, PERSONS)
    yes = rng.random(PERSONS) < 0.3
    return float(test_shares([int(yes[place == one].sum()) for one in range(5)], np.bincount(place, minlength=5)).p)


def _interaction(rng: Generator) -> float:
    divisions = {"alder": rng.integers(0, 3, PERSONS)}
    found = subgroup_differences(_hours(rng), _lots(rng), divisions)[0].interaction
    assert found is not None
    return float(found.p)


def _places_apart(rng: Generator, *, any_of_them: bool = False) -> float:
    """Lots are drawn within six places: do their differences differ, or is the smallest p-value (Holm) any proof?"""
    found = site_differences(_hours(rng), _lots(rng), rng.permutation(np.arange(PERSONS) % 6))
    assert found.heterogeneity is not None
    return min(float(row.p_holm) for row in found.rows) if any_of_them else float(found.heterogeneity.p)


def _any_division(rng: Generator) -> float:
    """The smallest of three divisions' p-values (Holm)."""
    divisions = {name: rng.integers(0, 2, PERSONS) for name in ("alder", "koen", "uddannelse")}
    return min(one.p_holm for one in subgroup_differences(_hours(rng), _lots(rng), divisions))


def _any_week(rng: Generator) -> float:
    """Whether zero lies outside the band of all weeks somewhere: 0 where it does, else 1."""
    band = uniform_band(weekly_difference(_weeks(rng), _lots(rng)), draws=2_000)
    return 1.0 - bool(((band.ci_low > 0) | (band.ci_high < 0)).any())


def _answers(rng: Generator) -> float:
    answers = rng.choice(5, PERSONS, p=(0.05, 0.1, 0.2, 0.4, 0.25))
    return float(test_table([np.bincount(answers[half], minlength=5) for half in np.split(np.arange(PERSONS), 2)]).p)


def _later_rate(rng: Generator) -> float:
    left = np.ceil(rng.weibull(0.8, PERSONS) * 40)
    frame = pd.DataFrame({"stop": np.minimum(left, 52), "event": (left <= 52) * 1, "group": _lots(rng)})
    pieces = before_and_after(frame, covariate="group", stop="stop", event="event", week=16)
    fit = cox(pieces, start="start", stop="stop", event="event", covariates=["group_before", "group_after"])
    return float(fit.contrast({"group_after": 1, "group_before": -1}).p)


def _two_way(rng: Generator) -> float:
    place, level = _places(rng)
    month = rng.integers(0, 8, PERSONS)
    on = (month >= 4) & (place < PLACES // 2)
    return float(two_way(_hours(rng) + level + month, on, place, month).p)


def _before_after(rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    person = rng.normal(0, 1, PERSONS)
    return tuple((person + rng.normal(0, 1, PERSONS) > 0.5) * 1 for _ in range(2))  # type: ignore[return-value]


def _paired(rng: Generator) -> float:
    person = _hours(rng)
    return float(paired_t(*(np.maximum(person + rng.normal(0, 5, PERSONS), 0) for _ in range(2))).p)


def _signs(rng: Generator) -> float:
    up = int(rng.binomial(120, 0.5))
    return float(sign_test(up, 120 - up))


def _matched(rng: Generator) -> float:
    age = rng.normal(45, 10, PERSONS)
    treated = (rng.random(PERSONS) < 1 / (1 + np.exp(2 - 0.02 * age))) * 1
    frame = pd.DataFrame({"treated": treated, "age": age, "income": rng.normal(0, 1, PERSONS)})
    found = match(frame, treated="treated", covariates=["age", "income"])
    return float(matched_effect(found.matches, _hours(rng) + 0.1 * age).p)


def _did(rng: Generator) -> float:
    place, level = _places(rng)
    after, taking_part = rng.integers(0, 2, PERSONS), (place < PLACES // 2) * 1
    return float(did(_hours(rng) + level, after, taking_part, clusters=place).p)


TESTS: Mapping[str, Callable[[Generator], float]] = {
    "difference in means (Welch)": lambda rng: float(difference_in_means(_hours(rng), _lots(rng)).p),
    "difference in one week (Neyman, HC2)": _weekly,
    "summed over weeks": lambda rng: _weekly(rng, accumulated=True),
    "adjusted (Lin)": lambda rng: _weekly(rng, covariates=lambda rng: {"x": rng.normal(0, 1, PERSONS)}),
    "within places (stratified)": lambda rng: _weekly(rng, strata=lambda rng: rng.integers(0, 5, PERSONS)),
    "places drawn, 24 of them (CR2)": lambda rng: _clustered(rng, 24),
    "places drawn, 12 of them (CR2)": lambda rng: _clustered(rng, 12),
    "places drawn, 6 of them (CR2)": lambda rng: _clustered(rng, 6),
    "difference in differences, 24 places (CR2)": _did,
    "places and months, 24 places (CR2)": _two_way,
    "any of six weeks (uniform band)": _any_week,
    "rate of exit (Cox)": _exits,
    "rate of exit, later beside earlier (Cox)": _later_rate,
    "rate of exit, 60 places drawn (Cox, jackknife)": lambda rng: _rates_of_places(rng, 60),
    "rate of exit, 24 places drawn (Cox, jackknife)": lambda rng: _rates_of_places(rng, 24),
    "rate of exit, 24 unequal places drawn (Cox, jackknife)": lambda rng: _rates_of_places(rng, 24, unequal=True),
    "rate of exit, 12 of them drawn (Cox, jackknife)": lambda rng: _rates_of_places(rng, 12),
    "proportional rates": lambda rng: _exits(rng, proportional=True),
    "balance (Hansen and Bowers)": _balance,
    "two shares (Newcombe, chi-squared)": _shares,
    "shares of five places": _many_shares,
    "answers of two halves (chi-squared)": _answers,
    "differences in three parts (interaction)": _interaction,
    "any of three divisions (Holm)": _any_division,
    "differences of six places (Cochran's Q)": _places_apart,
    "any of six places (Holm)": lambda rng: _places_apart(rng, any_of_them=True),
    "before and after, shares (McNemar, mid-p)": lambda rng: float(mcnemar(*_before_after(rng)).p),
    "before and after, means (paired t)": _paired,
    "more up than down (sign test)": _signs,
    "matched (Abadie and Imbens)": _matched,
}


def rejections(name: str, draws: int, *, level: float = 0.05, seed: int = 1) -> float:
    """Share of `draws` in which the test rejects what is true."""
    rng = np.random.default_rng([seed, *name.encode()])
    return float(np.mean([TESTS[name](rng) < level for _ in range(draws)]))
