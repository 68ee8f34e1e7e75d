"""Talks in the trial's registration system, meetings in DREAM, and mentors: one table of events."""

from __future__ import annotations

import calibration as cal
import numpy as np
import pandas as pd
from calibrating.days import workday
from calibrating.quotas import exactly


def registrations(rng: np.random.Generator, everyone: list, mondays: np.ndarray) -> pd.DataFrame:
    """Events with person, kind, day and (for the weeks covered by the demand) a last day."""
    covered = [_covered(rng, person) for person in everyone]
    talks = [np.zeros(cal.WEEKS, dtype=bool) for _ in everyone]
    for group in cal.GROUPS:
        _give_talks(rng, everyone, covered, talks, group)
    meetings = _meetings(rng, everyone, covered, talks)
    rows: list[tuple[str, str, str, str]] = []
    for person, weeks, own, met in zip(everyone, covered, talks, meetings, strict=True):
        for first, last in _spells(weeks):
            begin = person.entry if first == 0 else mondays[person.at + first]
            rows.append((person.id, "omfattet", str(begin), str(mondays[person.at + last] + np.timedelta64(6, "D"))))
        for week in range(cal.WEEKS):
            if not own[week] and not met[week]:
                continue
            day = max(workday(rng, mondays[person.at + week]), person.entry)
            rows += [(person.id, kind, str(day), "") for kind, yes in (("samtale", own), ("moede", met)) if yes[week]]
    for group in cal.GROUPS:
        mine = [person for person in everyone if person.group == group]
        for person, yes in zip(mine, exactly(rng, len(mine), cal.MENTOR[group]), strict=True):
            if yes:
                rows.append((person.id, "mentor", str(workday(rng, mondays[person.at + int(rng.integers(6, 30))])), ""))
    frame = pd.DataFrame(rows, columns=["person", "haendelse", "dato", "slutdato"])
    return frame.sort_values(["person", "dato", "haendelse"], kind="stable")


def _covered(rng: np.random.Generator, person: object) -> np.ndarray:
    """(64,) weeks in which the demand for talks covers the person: on benefit, until the course ends, not exempt."""
    weeks = np.arange(cal.WEEKS)
    end = int(np.clip(rng.normal(45, 11), 14, 64))
    inside = (weeks < end) & (weeks < person.exit_week)
    if rng.random() < 0.45:
        first = int(rng.integers(6, 40))
        inside[first : first + int(rng.integers(3, 11))] = False
    return inside


def _spells(weeks: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(weeks.astype(int), prepend=0, append=0))
    return [(int(first), int(after) - 1) for first, after in zip(edges[::2], edges[1::2], strict=True)]


def _give_talks(rng: np.random.Generator, everyone: list, covered: list, talks: list, group: str) -> None:
    """Talks in a share of each person's weeks, so that the mean share prints as published in all and by place."""
    members = [row for row, person in enumerate(everyone) if person.group == group]
    wanted = {
        site: float(share) if group == "deltager" else float(rng.uniform(10, 17))
        for site, (_, share) in cal.SITES.items()
    }
    sizes = {site: size for site, (size, _) in cal.SITES.items()}
    # A place published at the limit for the grant has reached it: it stays a little above, and the others give way.
    at_limit = [site for site, share in wanted.items() if share == cal.GRANT_FROM]
    wanted |= dict.fromkeys(at_limit, cal.GRANT_FROM + 0.15)
    free = [site for site in wanted if site not in at_limit]
    missing = cal.TALKS[group] * cal.PERSONS - sum(sizes[site] * wanted[site] for site in sizes)
    wanted |= {site: wanted[site] + missing / sum(sizes[site] for site in free) for site in free}
    for site, mean in wanted.items():
        here = [row for row in members if everyone[row].site == site]
        share = mean / 100
        for row in here:
            own = rng.beta(share * 9, (1 - share) * 9)
            talks[row][covered[row] & (rng.random(cal.WEEKS) < own)] = True
        _match(rng, here, covered, talks, mean)


def _match(rng: np.random.Generator, here: list[int], covered: list, talks: list, mean: float) -> None:
    """Turn single weeks of persons with many weeks until the mean share is within reach of one of them."""
    weeks = np.array([covered[row].sum() for row in here])

    def gap() -> float:
        return mean * len(here) - sum(100 * talks[row].sum() / covered[row].sum() for row in here)

    smallest = 100 / weeks.max()
    while abs(left := gap()) > smallest / 2:
        at = int(rng.integers(len(here)))
        row = here[at]
        if 100 / weeks[at] > 2 * abs(left):
            continue
        open_weeks = np.flatnonzero(covered[row] & (talks[row] != (left > 0)))
        if len(open_weeks):
            talks[row][rng.choice(open_weeks)] = left > 0


def _meetings(rng: np.random.Generator, everyone: list, covered: list, talks: list) -> list[np.ndarray]:
    """Weeks with a meeting in DREAM. Most talks are there too; talks of those no longer covered are there only."""
    at_risk = np.array([person.on_benefit()[: cal.WEEKS] for person in everyone])
    treated = np.array([person.group == "deltager" for person in everyone])
    held, inside = np.array(talks), np.array(covered)
    chance = np.where(held, 0.84, np.where(inside, 0.02, 0.10))
    chance[~treated] = np.where(held[~treated], 0.55, 0.02)
    met = (rng.random(held.shape) < chance) & at_risk
    path = cal.meeting_chance()
    for week in range(cal.WEEKS):
        share = path[week] + (rng.normal(0, 0.006) if week else 0.0)
        _exactly_in_week(rng, met, at_risk & ~treated[:, None], week, share)
    _exactly_in_week(rng, met, at_risk & treated[:, None], 0, 0.74)
    _match_meetings(rng, met, at_risk, treated)
    return list(met)


def _exactly_in_week(rng: np.random.Generator, met: np.ndarray, pool: np.ndarray, week: int, share: float) -> None:
    here = np.flatnonzero(pool[:, week])
    wanted = round(share * len(here))
    have = here[met[here, week]]
    if len(have) > wanted:
        met[rng.permutation(have)[wanted:], week] = False
    elif len(have) < wanted:
        rest = here[~met[here, week]]
        met[rng.permutation(rest)[: wanted - len(have)], week] = True


def _match_meetings(rng: np.random.Generator, met: np.ndarray, at_risk: np.ndarray, treated: np.ndarray) -> None:
    """Add or take away single meetings of the treated until the weekly differences add up."""

    def total(side: np.ndarray) -> float:
        return float((met[side].sum(axis=0) / at_risk[side].sum(axis=0)).sum())

    rows = np.flatnonzero(treated)
    gap = cal.MEETINGS_MORE - (total(treated) - total(~treated))
    while abs(gap) > 0.01:
        row, week = int(rng.choice(rows)), int(rng.integers(1, cal.WEEKS))
        if at_risk[row, week] and met[row, week] != (gap > 0):
            met[row, week] = gap > 0
            gap -= (1 if gap > 0 else -1) / at_risk[treated, week].sum()
