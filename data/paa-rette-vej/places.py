"""Who belongs to which jobcentre: the sizes are given, and two places have a difference that stands out by itself."""

from __future__ import annotations

from collections.abc import Sequence

import calibration as cal
import numpy as np
from calibrating.quotas import labels
from scipy import stats

NAMES = list(cal.SITES)
SOUGHT = (0.012, 0.028)  # p of the two that stand out: below 5 pct., but not below 5 pct. of 18 tests
QUIET = 0.12  # p of all others
ENOUGH = 6  # persons with hours in each group at each place
ROUNDS = 60_000


def give_sites(rng: np.random.Generator, groups: Sequence[str], hours: np.ndarray) -> np.ndarray:
    """(n,) a jobcentre for each person; swaps within a group bring the places' differences to what is wanted."""
    group = np.array([cal.GROUPS.index(name) for name in groups])
    site = np.empty(len(group), dtype=int)
    for at in range(len(cal.GROUPS)):
        drawn = labels(rng, {name: size for name, (size, _) in cal.SITES.items()})
        site[group == at] = [NAMES.index(name) for name in drawn]
    badness = np.array([_badness(place, site, group, hours) for place in range(len(NAMES))])
    for _ in range(ROUNDS):
        if not badness.any():
            break
        place = int(rng.choice(np.flatnonzero(badness)))
        one = int(rng.choice(np.flatnonzero(site == place)))
        other = int(rng.integers(len(group)))
        if group[one] != group[other] or site[other] == place or hours[one] == hours[other]:
            continue
        there = int(site[other])
        site[one], site[other] = there, place
        new = [_badness(at, site, group, hours) for at in (place, there)]
        if sum(new) < badness[place] + badness[there]:
            badness[[place, there]] = new
        else:
            site[one], site[other] = place, there
    assert not badness.any(), dict(zip(NAMES, badness.round(3), strict=True))
    return np.array(NAMES, dtype=object)[site]


def _badness(place: int, site: np.ndarray, group: np.ndarray, hours: np.ndarray) -> float:
    """How far a place is from what is wanted; 0 when it is there."""
    treated, control = (hours[(site == place) & (group == at)] for at in range(2))
    few = sum(max(ENOUGH - int((side > 0).sum()), 0) for side in (treated, control))
    found = stats.ttest_ind(treated, control, equal_var=False)
    p, up = float(found.pvalue), float(found.statistic) > 0
    if NAMES[place] in cal.WITH_EFFECT:
        signed = np.log(p) if up else -np.log(p)
        low, high = np.log(SOUGHT[0]), np.log(SOUGHT[1])
        return few + max(low - signed, 0.0) + max(signed - high, 0.0)
    return few + max(np.log(QUIET) - np.log(p), 0.0)
