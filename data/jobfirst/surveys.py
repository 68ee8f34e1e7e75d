"""The answer sheets of citizens and staff: so many answers to each question, and exactly so many of each kind."""

from __future__ import annotations

from typing import Any

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrating.quotas import count_for, exactly, given_out, publishable_counts, scores_with_mean

Booleans = npt.NDArray[np.bool_]


def citizens(rng: np.random.Generator, everyone: list[Any]) -> pd.DataFrame:
    """One sheet per citizen who answered: treated persons who entered before November."""
    sheets = _sheets(rng, everyone)
    n = len(sheets)
    answered = exactly(rng, n, cal.ON_RESOURCE_BENEFIT + cal.ON_CASH_BENEFIT)
    benefit = np.array([person.benefit for person in sheets], dtype=object)
    answered = _per_group(
        rng, benefit, {"Ressourceforløbsydelse": cal.ON_RESOURCE_BENEFIT, "Kontanthjælp": cal.ON_CASH_BENEFIT}
    )
    psychiatric = given_out(rng, benefit, answered, cal.PSYCHIATRIC)
    relevant = np.flatnonzero(answered & ~psychiatric)
    not_relevant = np.zeros(n, dtype=bool)
    not_relevant[relevant[exactly(rng, len(relevant), cal.NOT_RELEVANT)]] = True
    open_to = np.flatnonzero(answered & ~not_relevant)
    health = np.zeros(n, dtype=bool)
    health[open_to[exactly(rng, len(open_to), cal.HEALTH_TREATMENT)]] = True

    frame = pd.DataFrame({"person": [p.id for p in sheets], "kommune": [p.site for p in sheets]})
    frame["ydelse"] = np.where(answered, benefit, "")
    for column, ticked in (
        ("sundhedsbehandling", health),
        ("psykiatrisk_behandling", psychiatric),
        ("ikke_relevant", not_relevant),
    ):
        frame[column] = _when(answered, ticked.astype(int))
    sites = frame["kommune"].to_numpy(dtype=object)
    for column, (yes, n_answers) in (("arbejdsaftale", cal.AGREEMENT), ("kontaktperson", cal.CONTACT)):
        asked = exactly(rng, n, n_answers)
        said_yes = given_out(rng, sites, asked, _site_counts(sites, asked, yes))
        unsure = ~asked & (rng.random(n) < 0.3)
        frame[column] = np.select([asked & said_yes, asked, unsure], ["Ja", "Nej", "Ved ikke"], "")
    for item, (n_answers, mean) in cal.SCORES.items():
        frame[item] = _scores(rng, sites, item, n_answers, mean)
    return frame.iloc[rng.permutation(n)]


def _sheets(rng: np.random.Generator, everyone: list[Any]) -> list[Any]:
    """Citizens by benefit, so that enough of each answered."""
    asked = [person for person in everyone if person.group == "deltager" and person.week <= 34]
    chosen: list[Any] = []
    for benefit, wanted in (
        ("Ressourceforløbsydelse", cal.ON_RESOURCE_BENEFIT + 2),
        ("Kontanthjælp", cal.SHEETS - cal.ON_RESOURCE_BENEFIT - 2),
    ):
        on_benefit = [person for person in asked if person.benefit == benefit]
        picked = np.flatnonzero(exactly(rng, len(on_benefit), wanted))
        chosen += [on_benefit[at] for at in picked]
    return [chosen[at] for at in rng.permutation(len(chosen))]


def _per_group(rng: np.random.Generator, group: npt.NDArray[np.object_], counts: dict[str, int]) -> Booleans:
    return given_out(rng, group, np.ones(len(group), dtype=bool), counts)


def _site_counts(sites: npt.NDArray[np.object_], members: Booleans, total: int) -> dict[str, int]:
    """Counts by site near the overall share, none of them too small to print."""
    sizes = {site: int((members & (sites == site)).sum()) for site in cal.SITES}
    usual = 100 * total / sum(sizes.values())
    return publishable_counts(sizes, dict.fromkeys(cal.SITES, usual), total=total)


def _scores(
    rng: np.random.Generator, sites: npt.NDArray[np.object_], item: str, n_answers: int, mean: float
) -> npt.NDArray[np.object_]:
    """Answers 1 to 10 with the item's mean; for the adjustment of job goals so many ones, by site."""
    asked = exactly(rng, len(sites), n_answers)
    ones = cal.ADJUSTMENT_WITHOUT_MEANING if item == "bet_justering" else None
    scores = scores_with_mean(rng, n_answers, mean, low=1, high=10, at_low=ones)
    if ones is not None:
        higher = given_out(rng, sites, asked, _site_counts(sites, asked, n_answers - ones))[asked]
        ordered = np.empty(n_answers, dtype=np.int64)
        ordered[higher] = rng.permutation(scores[scores > 1])
        ordered[~higher] = 1
        scores = ordered
    column = np.full(len(sites), "", dtype=object)
    column[asked] = scores
    return column


def _when(answered: Booleans, values: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    return np.where(answered, values.astype(object), "")


def staff(rng: np.random.Generator) -> pd.DataFrame:
    """One anonymous sheet per member of staff."""
    sites = np.array([site for site, count in cal.STAFF.items() for _ in range(count)], dtype=object)
    sites = sites[rng.permutation(len(sites))]
    everybody = np.ones(len(sites), dtype=bool)
    frame = pd.DataFrame({"kommune": sites})
    for item, (total, usual, at_least, named) in cal.STAFF_ITEMS.items():
        fixed = {site: count_for(pct, cal.STAFF[site]) for site, pct in named.items()}
        limits = {site: (0.0, 100.0) if site in named else (float(at_least), 100.0) for site in cal.STAFF}
        shares = {site: min(rng.normal(usual, 1.5 * cal.SITES_VARY), 100) for site in cal.STAFF}
        counts = publishable_counts(cal.STAFF, shares, total=total, fixed=fixed, limits=limits)
        high = given_out(rng, sites, everybody, counts)
        frame[item] = np.where(
            high, rng.choice([3, 4, 5], len(sites), p=[0.3, 0.42, 0.28]), rng.integers(1, 3, len(sites))
        )
    frame["strategi"] = _strategy(rng, sites)
    return frame


def _strategy(rng: np.random.Generator, sites: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    total, usual, named = cal.STRATEGY
    unsure = given_out(
        rng, sites, np.ones(len(sites), dtype=bool), {site: cal.STRATEGY_UNSURE.get(site, 0) for site in cal.STAFF}
    )
    sizes = {site: int((~unsure & (sites == site)).sum()) for site in cal.STAFF}
    fixed = {site: count_for(pct, sizes[site]) for site, pct in named.items()}
    counts = publishable_counts(sizes, dict.fromkeys(cal.STAFF, usual), total=total, fixed=fixed)
    yes = given_out(rng, sites, ~unsure, counts)
    return np.select([unsure, yes], ["Ved ikke", "Ja"], "Nej").astype(object)
