"""The casework registrations: talks, plans, trying out, placements, mentors. Quotas decide who, chance decides when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrating.days import appointments, to_workday, workday
from calibrating.lives import days_in_place
from calibrating.quotas import count_for, given_out, publishable_counts

Booleans = npt.NDArray[np.bool_]
Day = np.datetime64
FOUR_WEEKS = 28


def days(count: int) -> np.timedelta64:
    return np.timedelta64(int(count), "D")


class Book:
    """The registrations in the making."""

    def __init__(self, until: Day) -> None:
        self.until = until
        self._rows: list[tuple[str, str, str, str, str]] = []

    def add(self, person: Any, kind: str, day: Day, end: Day | None = None, place: str = "") -> None:
        """Register an event; one that begins after the last day is none."""
        if person.entry <= day <= self.until:
            closed = "" if end is None or end > self.until else str(end)
            self._rows.append((person.id, kind, str(day), closed, place))

    def frame(self) -> pd.DataFrame:
        columns = ["person", "haendelse", "dato", "slutdato", "arbejdsplads"]
        return pd.DataFrame(self._rows, columns=columns).sort_values(["dato", "person", "haendelse"], kind="stable")


def casework_events(
    rng: np.random.Generator, everyone: list[Any], mondays: npt.NDArray[np.datetime64], until: Day
) -> pd.DataFrame:
    """Every registration, by day."""
    book = Book(until)
    chosen = _choices(rng, everyone, until)
    numbers = iter(rng.permutation(9000) + 1000)
    for at, person in enumerate(everyone):
        flags = {name: bool(mask[at]) for name, mask in chosen.items()}
        if person.group == "deltager":
            _talks(rng, book, person, flags)
            _plans(rng, book, person, flags)
            _trying_out(rng, book, person, flags)
        else:
            _usual_casework(rng, book, person)
        _placements(rng, book, person, flags, mondays, numbers)
    return book.frame()


def _choices(rng: np.random.Generator, everyone: list[Any], until: Day) -> dict[str, Booleans]:
    """Who meets each demand: exact counts by site."""
    sites = np.array([person.site for person in everyone], dtype=object)
    treated = np.array([person.group == "deltager" for person in everyone])
    followed = np.array([int((until - person.entry).astype(int)) for person in everyone])
    week = np.array([person.week for person in everyone])
    month_covered = treated & (week <= 39)  # entered before December
    quarter_covered = treated & (week <= 30)  # entered before October
    completed = np.array([person.completed is not None for person in everyone]) & quarter_covered
    placed = treated & np.array([bool(days_in_place(p.life, p.frame, p.seen)) for p in everyone])

    def quota(members: Booleans, plan: Mapping[str, Any], surely: Booleans | None = None) -> Booleans:
        return given_out(rng, sites, members, _counts(rng, sites, members, plan), surely=surely)

    chosen = {
        "first_talk": quota(month_covered, cal.FIRST_TALK),
        "regular_talks": quota(month_covered, cal.REGULAR_TALKS, surely=followed < 75),
        "cv": quota(month_covered, cal.CV),
        "tool_early": quota(month_covered, cal.TOOL_EARLY),
        "tool_regular": quota(quarter_covered, cal.TOOL_REGULAR, surely=followed < 125),
        "trying_out": quota(month_covered, cal.TRYING_OUT),
        "mentor": quota(placed, _mentor_plan(placed)),
        "plan_updated": quota(completed, cal.PLAN_UPDATED),
    }
    late_plans = given_out(
        rng, sites, month_covered, {site: cal.ACTIVITY_PLAN_MISSES.get(site, 0) for site in cal.SITES}
    )
    steady = dict(cal.TRYING_OUT_STEADY)
    steady["total"] = count_for(steady.pop("pct"), int(chosen["trying_out"].sum()))
    chosen["steady"] = quota(chosen["trying_out"], steady, surely=followed < 90)
    chosen["activity_plan"] = month_covered & ~late_plans
    return chosen


def _mentor_plan(placed: Booleans) -> dict[str, Any]:
    plan = dict(cal.MENTOR)
    behind = plan.pop("behind")
    return plan | {
        "total": count_for(plan.pop("pct"), int(placed.sum())),
        "near": behind,
        "at_most": dict.fromkeys(behind, 74.9),
    }


def _counts(
    rng: np.random.Generator, sites: npt.NDArray[np.object_], members: Booleans, plan: Mapping[str, Any]
) -> dict[str, int]:
    """The plan as counts by site: published shares as the count that prints them, the others so that the total fits."""
    sizes = {site: int((members & (sites == site)).sum()) for site in cal.SITES}
    fixed = {site: count_for(pct, sizes[site]) for site, pct in plan.get("fixed", {}).items()}
    near = plan.get("near", {})
    limits = {site: (0.0, plan["at_most"][site]) if site in near else (plan["at_least"], 100.0) for site in cal.SITES}
    shares = {site: near.get(site) or min(rng.normal(plan["share"], cal.SITES_VARY), 100) for site in cal.SITES}
    return publishable_counts(sizes, shares, total=plan["total"], fixed=fixed, limits=limits)


def _talks(rng: np.random.Generator, book: Book, person: Any, flags: dict[str, bool]) -> None:
    """Monthly talks; whoever is not talked to regularly has one stretch of more than five weeks."""
    first = (3, 26) if flags["first_talk"] else (30, 35) if flags["regular_talks"] else (37, 55)
    talks = appointments(rng, person.entry, book.until, first=first, every=(21, 33))
    if flags["first_talk"] and not flags["regular_talks"] and person.week <= 39:
        before = [talk for talk in talks if talk + days(37) <= book.until]
        last = before[int(rng.integers(0, len(before)))]
        resumed = last + days(rng.integers(37, 60))
        talks = [talk for talk in talks if talk <= last] + appointments(
            rng, resumed, book.until, first=(0, 3), every=(21, 33)
        )
    for talk in talks:
        book.add(person, "samtale", talk)


def _plans(rng: np.random.Generator, book: Book, person: Any, flags: dict[str, bool]) -> None:
    """Job goal, CV, activity plan and the progression tool."""
    left = int((book.until - person.entry).astype(int))

    def some_day(early: bool, latest: int) -> Day:
        low, high = (0, 27) if early else (FOUR_WEEKS + 2, max(latest, FOUR_WEEKS + 2))
        return max(to_workday(person.entry + days(rng.integers(low, high + 1))), person.entry)

    book.add(person, "jobmaal", min(some_day(rng.random() < 0.94, 60), person.entry + days(left)))
    if flags["cv"] or rng.random() < 0.8:
        book.add(person, "cv", some_day(flags["cv"], 90))
    book.add(person, "aktivitetsplan", some_day(flags["activity_plan"], 60))
    if flags["tool_regular"]:
        first = (2, 26) if flags["tool_early"] else (30, 85)
        for day in appointments(rng, person.entry, book.until, first=first, every=(60, 88)):
            book.add(person, "minvurdering", day)
    elif flags["tool_early"]:
        book.add(person, "minvurdering", some_day(True, 27))
    elif left > 130 and rng.random() < 0.5:
        book.add(person, "minvurdering", to_workday(person.entry + days(rng.integers(96, 120))))


def _trying_out(rng: np.random.Generator, book: Book, person: Any, flags: dict[str, bool]) -> None:
    """One to four short visits or trials at workplaces at first; the unsteady wait more than four weeks once."""
    if not flags["trying_out"]:
        return
    start = person.entry + days(rng.integers(3, 25))
    visits = int(rng.integers(1, 5)) if flags["steady"] else int(rng.integers(2, 4))
    for number in range(visits):
        start = to_workday(start)
        end = to_workday(start + days(rng.integers(1, 12)))
        book.add(person, "snuseaktivitet", max(start, person.entry), max(end, start))
        wait = rng.integers(33, 48) if not flags["steady"] and number == 0 else rng.integers(3, 20)
        start = max(end, start) + days(wait)


def _usual_casework(rng: np.random.Generator, book: Book, person: Any) -> None:
    """What the controls get: talks now and then, a plan, and a CV for some."""
    for day in appointments(rng, person.entry, book.until, first=(10, 70), every=(50, 95)):
        book.add(person, "samtale", day)
    if rng.random() < 0.55:
        book.add(person, "jobmaal", to_workday(person.entry + days(rng.integers(20, 120))))
    if rng.random() < 0.35:
        book.add(person, "cv", to_workday(person.entry + days(rng.integers(20, 150))))


def _placements(
    rng: np.random.Generator,
    book: Book,
    person: Any,
    flags: dict[str, bool],
    mondays: npt.NDArray[np.datetime64],
    numbers: Any,
) -> None:
    """Placements and wage subsidies with their workplace, and what follows from them."""
    life, weeks = person.life, person.frame.weeks
    spells = days_in_place(life, person.frame, person.seen)
    kinds = ["virksomhedspraktik"] * len(life.placements) + ["loentilskud"]
    for kind, (_, first, last) in sorted(zip(kinds, spells, strict=False), key=lambda spell: spell[1][1]):
        start = max(mondays[person.week + first - 1], person.entry)
        end = mondays[person.week + last - 1] + days(6) if last < weeks else None
        book.add(person, kind, start, end, f"V{next(numbers):05d}")
    if spells and (flags["mentor"] or (person.group == "kontrol" and rng.random() < 0.08)):
        start = mondays[person.week + min(spell[1] for spell in spells) - 1]
        book.add(person, "mentor", max(workday(rng, start), person.entry))
    spell = person.completed
    if spell is None or person.group != "deltager":
        return
    first, last = spell
    if person.tied:
        month = np.datetime64("2016-03", "M") + np.timedelta64(life.job.first, "M")
        opening = max(
            month.astype("datetime64[D]") + days(rng.integers(0, 5)), mondays[person.week + first - 1], person.entry
        )
        book.add(person, "ordinaere-timer-i-forloeb", opening)
    done = min(mondays[person.week + first - 1] + days(91), book.until - days(1))
    if flags["plan_updated"]:
        book.add(person, "minplan-opdateret", min(to_workday(done + days(rng.integers(0, 25))), book.until))
    book.add(person, "cv-opdateret", min(to_workday(done + days(rng.integers(0, 25))), book.until))
