"""The implementation tool: which requirements are registered as met for the participants, phase by phase, and talks."""

from __future__ import annotations

from collections.abc import Sequence

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrating.quotas import count_for, exactly, given_out, publishable_counts
from hours import in_fleksjob
from people import WEEKS

PHASE_1 = ("Fase 1: virksomhedskonsulent", "Fase 1: udvikling", "Fase 1: hvad et fleksjob er")
PHASE_2 = ("Fase 2: virksomhedskonsulent", "Fase 2: jobperspektiver", "Fase 2: udvikling")
PHASE_3 = ("Fase 3: CV", "Fase 3: strategi", "Fase 3: virksomhedskonsulent", "Fase 3: MinPlan")
REGISTERED = tuple(f"Fase {number} registreret" for number in (1, 2, 3))
RECOMMENDED, AGREEMENT, TALK, COURSE = "Indstillet til fleksjob", "Aftale på forhånd", "Samtale", "Borgerdrevet forløb"

SEEN_BY_TEAM, RECOMMENDED_COUNT = 600, 355
COURSE_SITE, COURSE_COUNT, COURSE_IN_JOB = "Jammerbugt", 24, 8

Booleans = npt.NDArray[np.bool_]


def casework(persons: pd.DataFrame, lives: pd.DataFrame) -> pd.DataFrame:
    """One row per registration, in order of person and day."""
    rng = np.random.default_rng([cal.SEED, 6])
    treated = (persons["gruppe"] == cal.DELTAGER).to_numpy()
    target = persons["maalgruppe"].to_numpy()
    first, second = (treated & (target == name) for name in cal.TARGET_GROUPS[:2])
    events = [
        *_phases(rng, persons, first),
        *_phase_3(rng, persons, second),
        _talks(rng, persons, lives, second),
        _course(rng, persons, lives, second),
    ]
    table = pd.concat(events, ignore_index=True)
    table = table.assign(slutdato="", sted="").sort_values(["person", "dato", "haendelse"], ignore_index=True)
    return table.assign(dato=table["dato"].astype(str))[["person", "haendelse", "dato", "slutdato", "sted"]]


def _phases(rng: np.random.Generator, persons: pd.DataFrame, first: Booleans) -> list[pd.DataFrame]:
    """Phases 1 and 2: the share of participants with all requirements met is the published one, in all and by site."""
    narrow = persons["narrow"].to_numpy()
    team = first & narrow
    team[rng.permutation(np.flatnonzero(first & ~narrow))[: SEEN_BY_TEAM - int(team.sum())]] = True
    recommended = team & narrow
    rest = np.flatnonzero(team & ~narrow)
    recommended[rng.permutation(rest)[: RECOMMENDED_COUNT - int(recommended.sum())]] = True
    agreed = np.zeros(len(persons), dtype=bool)
    chosen = np.flatnonzero(recommended)
    agreed[chosen[exactly(rng, len(chosen), count_for(cal.AGREEMENT, len(chosen)))]] = True
    all_1 = _all_met(rng, persons, first, cal.PHASE_1)
    all_2 = _all_met(rng, persons, team, cal.PHASE_2)
    return [
        _events(rng, persons, first, REGISTERED[0], 0),
        _events(rng, persons, team, REGISTERED[1], 14),
        _events(rng, persons, recommended, RECOMMENDED, 14),
        _events(rng, persons, agreed, AGREEMENT, 14),
        *_met(rng, persons, first, all_1, PHASE_1, (0.7, 0.35, 0.15), 7),
        *_met(rng, persons, team, all_2, PHASE_2, (0.6, 0.3, 0.4), 14),
    ]


def _all_met(rng: np.random.Generator, persons: pd.DataFrame, inside: Booleans, pct: float) -> Booleans:
    """Who has all requirements met: exactly `pct` of those inside, and by site never a count that must be hidden."""
    sites = persons["kommune"].to_numpy()
    sizes = {site: int((inside & (sites == site)).sum()) for site in cal.SITES}
    wanted = {site: float(np.clip(rng.normal(pct, 6), 55, 100)) for site in cal.SITES}
    counts = publishable_counts(sizes, wanted, total=count_for(pct, int(inside.sum())))
    return given_out(rng, sites, inside, counts)


def _met(
    rng: np.random.Generator,
    persons: pd.DataFrame,
    inside: Booleans,
    all_met: Booleans,
    kinds: Sequence[str],
    lacks: Sequence[float],
    days: int,
) -> list[pd.DataFrame]:
    """The registrations of each requirement; those without all of them lack each with its chance, and one at least."""
    missing = rng.random((len(persons), len(kinds))) < np.array(lacks)
    missing[~missing.any(axis=1), 0] = True
    return [
        _events(rng, persons, inside & (all_met | ~missing[:, place]), kind, days) for place, kind in enumerate(kinds)
    ]


def _phase_3(rng: np.random.Generator, persons: pd.DataFrame, second: Booleans) -> list[pd.DataFrame]:
    """Phase 3: the share of requirements met is the published one."""
    rows = np.flatnonzero(second)
    total = count_for(cal.PHASE_3_REQUIREMENTS, len(PHASE_3) * len(rows))
    chance = (
        rng.normal(size=(len(rows), 1)) + rng.normal(size=(len(rows), len(PHASE_3))) + np.array([0.4, -0.5, 0.5, 0])
    )
    limit = np.sort(chance, axis=None)[-total]
    met = chance >= limit
    events = [_events(rng, persons, second, REGISTERED[2], 0)]
    for place, kind in enumerate(PHASE_3):
        own = np.zeros(len(persons), dtype=bool)
        own[rows[met[:, place]]] = True
        events.append(_events(rng, persons, own, kind, 13))
    return events


def _events(rng: np.random.Generator, persons: pd.DataFrame, inside: Booleans, kind: str, days: int) -> pd.DataFrame:
    """One registration of the kind for everybody inside, at most so many days after the day of entry."""
    own = persons[inside]
    day = own["registrering"].to_numpy().astype("datetime64[D]") + rng.integers(0, days + 1, len(own))
    return pd.DataFrame({"person": own["person"].to_numpy(), "haendelse": kind, "dato": day})


def _talks(rng: np.random.Generator, persons: pd.DataFrame, lives: pd.DataFrame, second: Booleans) -> pd.DataFrame:
    """Talks about every third week for as long as the participant is on ledighedsydelse."""
    weeks = np.where(lives["second_week"] > 0, lives["second_week"] - 1, WEEKS)
    weeks = np.minimum(weeks, persons["followed"].to_numpy())
    made = []
    for row in np.flatnonzero(second):
        start = np.datetime64(persons["registrering"].iloc[row], "D")
        gaps = rng.integers(14, 26, 1 + 7 * int(weeks[row]) // 14)
        days = np.cumsum(gaps)
        days = days[days <= 7 * int(weeks[row])]
        made.append(pd.DataFrame({"person": persons["person"].iloc[row], "haendelse": TALK, "dato": start + days}))
    return pd.concat(made, ignore_index=True)


def _course(rng: np.random.Generator, persons: pd.DataFrame, lives: pd.DataFrame, second: Booleans) -> pd.DataFrame:
    """The course run by citizens in one place, of whom one in three came into fleksjob."""
    at = np.arange(1, WEEKS + 1)[None, :]
    seen = in_fleksjob(lives, at) & (at <= persons["followed"].to_numpy()[:, None])
    here = second & (persons["kommune"] == COURSE_SITE).to_numpy()
    chosen = np.zeros(len(persons), dtype=bool)
    for inside, count in ((seen.any(axis=1), COURSE_IN_JOB), (~seen.any(axis=1), COURSE_COUNT - COURSE_IN_JOB)):
        chosen[rng.permutation(np.flatnonzero(here & inside))[:count]] = True
    return _events(rng, persons, chosen, COURSE, 10)
