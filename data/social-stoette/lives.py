"""Weekly benefit codes and paid hours: exactly so many persons in placements and in work, before and after."""

from __future__ import annotations

from typing import Any

import calibration as cal
import numpy as np
import numpy.typing as npt
from calibrating.lives import Benefit, Earlier, codes_before
from calibrating.quotas import exactly

from reportlib.registers.event_weeks import monday_of, month_of

PASSIVE, PRACTICE, SUBSIDY, OTHER = 730, 736, 733, (735, 737, 738)
YEAR = 52
EARLIER = (
    Earlier((730, 735), 0.4, 40),
    Earlier((0,), 0.25, 22),
    Earlier((890,), 0.2, 24),
    Earlier((111,), 0.1, 18),
    Earlier((651,), 0.05, 30),
)
Weeks = npt.NDArray[np.datetime64]


def entry_week(person: Any, weeks: Weeks) -> int:
    """The position of the week of entry; beyond the last week for those who enter after the status."""
    return int((monday_of(np.array([person.entry]))[0] - weeks[0]).astype(int)) // 7


def give_codes(rng: np.random.Generator, everyone: list[Any], weeks: Weeks) -> None:
    """The codes of every week, with the placements the calibration asks for."""
    benefit = Benefit(passive=PASSIVE, practice=PRACTICE, subsidy=SUBSIDY, other=OTHER)
    for person in everyone:
        at = min(entry_week(person, weeks), len(weeks))
        before = codes_before(rng, at, benefit, EARLIER, at_least=70, mean=80, active=0.22, in_practice=0.0)
        before[-YEAR:] = [PASSIVE] * YEAR
        person.codes = before + [PASSIVE] * (len(weeks) - at)
    for step in (0, 1, 2):
        members = [person for person in everyone if person.step == step]
        _placed_before(rng, members, step, weeks)
        _guided_before(rng, members, step, weeks)
    _placed_earlier(rng, everyone, weeks)
    _placed_after(rng, everyone, weeks)


def _placed_before(rng: np.random.Generator, members: list[Any], step: int, weeks: Weeks) -> None:
    """So many of a group in placements in the year before, so many weeks each on average."""
    chosen = [members[at] for at in np.flatnonzero(exactly(rng, len(members), cal.PLACED_BEFORE[step]))]
    lengths = _with_sum(rng, len(chosen), round(cal.PLACED_WEEKS_BEFORE[step] * len(chosen)), 4, 44)
    for person, length in zip(chosen, lengths, strict=True):
        at = entry_week(person, weeks)
        first = at - YEAR + int(rng.integers(0, YEAR - length + 1))
        person.codes[first : first + length] = [PRACTICE] * length


def _with_sum(rng: np.random.Generator, n: int, total: int, low: int, high: int) -> list[int]:
    """(n,) whole numbers from `low` to `high` that sum to `total`."""
    found = np.clip(np.rint(rng.normal(total / n, total / n / 2.5, n)), low, high).astype(int)
    while gap := total - int(found.sum()):
        at = int(rng.integers(n))
        if low <= found[at] + np.sign(gap) <= high:
            found[at] += np.sign(gap)
    return found.tolist()


def _guided_before(rng: np.random.Generator, members: list[Any], step: int, weeks: Weeks) -> None:
    """Guidance and upgrading in spells, until the group's weeks in activation of any kind are those wanted."""
    wanted = round(cal.ACTIVATION[step] / 100 * YEAR * len(members))
    active = sum(sum(code != PASSIVE for code in _year(person, weeks)) for person in members)
    while active < wanted:
        person = members[int(rng.integers(len(members)))]
        at = entry_week(person, weeks)
        first = at - YEAR + int(rng.integers(0, YEAR - 3))
        code = int(rng.choice(OTHER))
        for week in range(first, min(first + int(rng.integers(3, 9)), at)):
            if active < wanted and person.codes[week] == PASSIVE:
                person.codes[week] = code
                active += 1


def _year(person: Any, weeks: Weeks) -> list[int]:
    at = entry_week(person, weeks)
    return person.codes[at - YEAR : at]


def _placed_earlier(rng: np.random.Generator, everyone: list[Any], weeks: Weeks) -> None:
    """More placements between 2014 and the year before, for so many who had none since."""
    counted = [person for person in everyone if person.step is not None]
    idle = [person for person in counted if PRACTICE not in _year(person, weeks)]
    missing = cal.PLACED_SINCE_2014 - (len(counted) - len(idle))
    since = int((np.datetime64("2014-01-06") - weeks[0]).astype(int)) // 7
    for at in rng.permutation(len(idle))[:missing]:
        person = idle[at]
        last = entry_week(person, weeks) - YEAR - 2
        length = int(rng.integers(4, 20))
        first = int(rng.integers(since + 8, last - length))
        person.codes[first : first + length] = [PRACTICE] * length


def _placed_after(rng: np.random.Generator, everyone: list[Any], weeks: Weeks) -> None:
    """Placements after entry: with CTI from its first day, so long that their share of the weeks is the one wanted."""
    placed: list[tuple[Any, int, int, int]] = []
    for step in (0, 1, 2):
        members = [person for person in everyone if person.step == step]
        able = [person for person in members if _room(person, weeks)[1] >= (2 if step == 0 else 4)]
        for at in rng.permutation(len(able))[: cal.PLACED_AFTER[step]]:
            first, room = _room(able[at], weeks)
            placed.append((able[at], step, first, room))
    with_cti = sum(person.step in (1, 2) for person in everyone)
    spread = {id(person): float(rng.uniform(0.75, 1.25)) for person, *_ in placed}
    low, high = 0.1, 3.0
    for _ in range(60):
        scale = (low + high) / 2
        lengths = {id(p): int(np.clip(round(scale * spread[id(p)] * room), 1, room)) for p, _, _, room in placed}
        reached = sum(
            lengths[id(p)] / (len(weeks) - entry_week(p, weeks)) for p, step, _, _ in placed if step in (1, 2)
        )
        low, high = (scale, high) if 100 * reached / with_cti < cal.WEEKS_AFTER else (low, scale)
    for person, step, first, room in placed:
        length = lengths[id(person)] if step in (1, 2) else int(rng.integers(1, room + 1))
        person.codes[first : first + length] = [PRACTICE] * length
    subsidised = [person for person, step, _, room in placed if step in (1, 2) and room >= 10]
    for at in rng.permutation(len(subsidised))[: cal.SUBSIDY]:
        person = subsidised[at]
        last = max(week for week, code in enumerate(person.codes) if code == PRACTICE)
        for week in range(max(last - 7, entry_week(person, weeks) + 1), last + 1):
            if person.codes[week] == PRACTICE:
                person.codes[week] = SUBSIDY


def _room(person: Any, weeks: Weeks) -> tuple[int, int]:
    """The first week a placement may begin after entry, and the weeks left from there."""
    at = entry_week(person, weeks)
    first = at + 3
    if person.begins is not None and person.begins <= cal.STATUS:
        first = int((monday_of(np.array([person.begins]))[0] - weeks[0]).astype(int)) // 7
    return first, len(weeks) - first


def give_hours(rng: np.random.Generator, everyone: list[Any], weeks: Weeks) -> None:
    """Paid hours by month: so many persons before, earlier and after, moving up and down, with the means wanted."""
    months = month_of(weeks)
    earlier_too = cal.HOURS_SINCE_2014 - sum(cal.HOURS_BEFORE)
    for step in (0, 1, 2):
        members = [person for person in everyone if person.step == step]
        for at in np.flatnonzero(exactly(rng, len(members), cal.HOURS_BEFORE[step])):
            _job_before(rng, members[at], first=10, last=2)
    idle = [person for person in everyone if person.step is not None and not person.hours]
    for at in rng.permutation(len(idle))[:earlier_too]:
        _job_before(rng, idle[at], first=44, last=15)
    _jobs_after(rng, everyone, weeks, months)


def _job_before(rng: np.random.Generator, person: Any, *, first: int, last: int) -> None:
    """A job of some months, all of them from `first` to `last` months before the month of entry."""
    here = month_of(monday_of(np.array([person.entry])))[0]
    length = int(rng.integers(1, min(8, first - last) + 1))
    begins = int(rng.integers(last + length - 1, first + 1))
    level = float(rng.integers(12, 70))
    for month in range(length):
        when = max(here - np.timedelta64(begins - month, "M"), np.datetime64("2014-03", "M"))
        person.hours[when] = level + float(rng.integers(-4, 5))


def _jobs_after(rng: np.random.Generator, everyone: list[Any], weeks: Weeks, months: npt.NDArray[Any]) -> None:
    moves = _moves(rng)
    overlap = 0
    for step in (2, 1, 0):
        members = [
            person for person in everyone if person.step == step and len(_open_months(person, weeks, months)) >= 3
        ]
        members = [members[at] for at in rng.permutation(len(members))]
        members = [person for person in members if SUBSIDY not in person.codes[entry_week(person, weeks) :]]
        with_cti = step in (1, 2)
        quota = {2: (12, 4), 1: (11, 8), 0: (0, 5)}[step]  # in the same month as a placement, and not
        chosen: list[Any] = []
        for together, wanted in ((True, quota[0]), (False, quota[1])):
            taken = 0
            for person in members:
                if taken == wanted or person in chosen:
                    continue
                stretch = _stretch(rng, person, weeks, months, together=together)
                if stretch is None:
                    continue
                chosen.append(person)
                taken += 1
                overlap += together and with_cti
                for month, level in zip(stretch, _levels(rng, moves, len(stretch)), strict=True):
                    person.hours[month] = level
            if taken != wanted:
                raise ValueError(f"only {taken} of {wanted} persons can have hours (step {step}, together {together})")
        if (mean := cal.MONTHLY_HOURS[step]) is not None:
            _scale(chosen, mean, sum(person.step == step for person in everyone), weeks, months)
    assert overlap == cal.IN_SAME_MONTH
    assert not moves


def _moves(rng: np.random.Generator) -> list[str]:
    moves = ["rose"] * cal.ROSE + ["same"] * cal.SAME + ["fell"] * cal.FELL
    return [moves[at] for at in rng.permutation(len(moves))]


def _open_months(person: Any, weeks: Weeks, months: npt.NDArray[Any]) -> list[Any]:
    """The months after the month of entry that the follow-up covers."""
    at = entry_week(person, weeks)
    if at >= len(weeks):
        return []
    return [month for month in np.unique(months[at:]) if month > months[at] + np.timedelta64(0, "M")]


def _stretch(
    rng: np.random.Generator, person: Any, weeks: Weeks, months: npt.NDArray[Any], *, together: bool
) -> list[Any] | None:
    """Two to six months in a row with (or without) a placement week in any of them; None where there are none."""
    at = entry_week(person, weeks)
    open_months = _open_months(person, weeks, months)
    busy = {months[week] for week in range(at, len(weeks)) if person.codes[week] in (PRACTICE, SUBSIDY)}
    if together:
        begin = [index for index, month in enumerate(open_months) if month in busy]
        begin = [index for index in begin if index <= len(open_months) - 2]
        if not begin:
            return None
        first = int(rng.choice(begin))
        return open_months[first : first + int(rng.integers(2, 7))]
    free = [index for index, month in enumerate(open_months) if month not in busy]
    runs = [index for index in free if index + 1 in free]
    if not runs:
        return None
    first = int(rng.choice(runs))
    found = [open_months[first]]
    for index in range(first + 1, min(first + int(rng.integers(2, 7)), len(open_months))):
        if index not in free:
            break
        found.append(open_months[index])
    return found if len(found) >= 2 else None


def _levels(rng: np.random.Generator, moves: list[str], length: int) -> list[float]:
    """Monthly hours that go the next way of `moves`."""
    move = moves.pop()
    first = float(rng.integers(18, 40))
    last = {"rose": first * rng.uniform(1.3, 2.4), "same": first, "fell": first * rng.uniform(0.35, 0.75)}[move]
    path = np.linspace(first, last, length)
    if length > 2:
        path[1:-1] += rng.normal(0, 2.5, length - 2)
    return [max(float(level), 3.0) for level in path]


def _scale(chosen: list[Any], mean: float, n: int, weeks: Weeks, months: npt.NDArray[Any]) -> None:
    """Scale the hours after entry so that the group's mean a month, nobody left out, is the one wanted."""
    after = {id(person): set(_open_months(person, weeks, months)) for person in chosen}
    total = 0.0
    for person in chosen:
        at = entry_week(person, weeks)
        followed = len(weeks) - at
        hours = sum(person.hours.get(months[week], 0.0) * 12 / 52 for week in range(at, len(weeks)))
        total += hours / followed * 52 / 12
    factor = mean * n / total
    for person in chosen:
        person.hours = {
            month: round(hours * factor, 2) if month in after[id(person)] else hours
            for month, hours in person.hours.items()
        }
