"""Answer sheets: first meetings, citizens' surveys, measurements along the way, managers and staff."""

from __future__ import annotations

from typing import Any

import calibration as cal
import numpy as np
import pandas as pd
from calibrating.quotas import exactly, labels, spread

PROFESSIONS = ("cti", "sagsbehandler_beskaeftigelse", "konsulent", "sagsbehandler_social")
WHO5_ITEMS, WHO5_TOP = 5, 5
GSE_ITEMS, GSE_LOW, GSE_TOP = 10, 1, 4


def start_meetings(rng: np.random.Generator, everyone: list[Any]) -> pd.DataFrame:
    """One sheet a first meeting: which professions took part."""
    chosen = [person for person in everyone if person.has_sheet]
    assert len(chosen) == cal.MEETINGS
    absent = [name for name, count in cal.ABSENT.items() for _ in range(count)]
    present = np.ones((cal.MEETINGS, len(PROFESSIONS)), dtype=np.int64)
    # Two are absent in the first meetings, one in the next; the social caseworker pairs with all the others.
    pool = [absent[at] for at in rng.permutation(len(absent))]
    social = [name for name in pool if name == "sagsbehandler_social"]
    others = [name for name in pool if name != "sagsbehandler_social"]
    for row in range(cal.TWO_ABSENT):
        for name in (social.pop(), others.pop()):
            present[row, PROFESSIONS.index(name)] = 0
    for row, name in enumerate(social + others, start=cal.TWO_ABSENT):
        present[row, PROFESSIONS.index(name)] = 0
    andre = np.zeros(cal.MEETINGS, dtype=np.int64)
    three = np.flatnonzero(present.sum(axis=1) == len(PROFESSIONS) - 1)
    rest = np.flatnonzero(present.sum(axis=1) != len(PROFESSIONS) - 1)
    andre[three[exactly(rng, len(three), cal.OTHERS_AT_THREE)]] = 1
    andre[rest[exactly(rng, len(rest), cal.OTHERS_ELSE)]] = 1
    order = rng.permutation(cal.MEETINGS)
    return pd.DataFrame(
        {
            "person": [person.id for person in chosen],
            "kommune": [person.site for person in chosen],
            **{name: present[order, at] for at, name in enumerate(PROFESSIONS)},
            "andre": andre[order],
        }
    )


def citizens(rng: np.random.Generator, everyone: list[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The citizens' surveys at the start and after five months."""
    asked = [person for person in everyone if person.step is not None]
    begun = [person for person in asked if person.step in (1, 2)]
    five_months = [person for person in begun if person.entry <= np.datetime64("2018-09-01")]
    return (
        _likert(rng, asked, begun, cal.LIKERT_START, about_placement=("aftale_",)),
        _likert(rng, five_months, five_months, cal.LIKERT_FIVE_MONTHS, about_placement=()),
    )


def _likert(
    rng: np.random.Generator,
    asked: list[Any],
    begun: list[Any],
    items: dict[str, tuple[int, ...]],
    *,
    about_placement: tuple[str, ...],
) -> pd.DataFrame:
    """A sheet per person who answers anything; whoever is content with one thing tends to be with the next."""
    most = max(sum(counts) for name, counts in items.items() if not name.startswith(about_placement or ("-",)))
    placed = {person.id for person in begun}
    first = [person for person in asked if person.id in placed]
    rest = [person for person in asked if person.id not in placed]
    sheets = (first + [rest[at] for at in rng.permutation(len(rest))])[:most]
    if not about_placement:
        sheets = [sheets[at] for at in rng.permutation(len(sheets))]
    frame = pd.DataFrame({"person": [p.id for p in sheets], "kommune": [p.site for p in sheets]})
    mood = rng.normal(0, 1, len(sheets))
    for name, counts in items.items():
        members = np.arange(len(sheets))
        if about_placement and name.startswith(about_placement):
            members = np.array([at for at in members if sheets[at].begins is not None])
        members = members[rng.permutation(len(members))[: sum(counts)]]
        if len(members) < sum(counts):
            raise ValueError(f"{name}: {sum(counts)} answers from {len(members)} sheets")
        ranked = members[np.argsort(-(mood[members] + rng.normal(0, 1.2, len(members))), kind="stable")]
        column = np.full(len(sheets), "", dtype=object)
        given = zip((5, 4, 3, 2, 1), counts, strict=True)
        column[ranked] = [str(answer) for answer, count in given for _ in range(count)]
        frame[name] = column
    return frame.sort_values("person", kind="stable")


def progression(rng: np.random.Generator, everyone: list[Any]) -> pd.DataFrame:
    """One sheet per person and measurement: phase, contact, WHO-5, GSE and BIP."""
    measured = [person for person in everyone if person.last_measured]
    who5 = _paths(rng, measured, cal.WHO5_MOVES, cal.WHO5_FIRST / 4, low=0, high=25, sd=4.6, rise=(1, 7), fall=(1, 5))
    gse = _paths(rng, measured, cal.GSE_MOVES, cal.GSE_FIRST, low=10, high=40, sd=5.2, rise=(2, 6), fall=(1, 4))
    bip = {name: _bip_paths(rng, measured, name) for name in cal.BIP_MOVES}
    rows = []
    for person in measured:
        for at, (number, day) in enumerate(person.measured_on.items()):
            row: dict[str, Any] = {
                "person": person.id,
                "kommune": person.site,
                "dato": str(day),
                "maaling": number,
                "fase": "" if number == 1 else {2: 1, 3: 1, 4: 2, 5: 3}[number],
                "kontakt": "",
                "varighed": "",
            }
            row |= _items(rng, who5[person.id][at], "who5", WHO5_ITEMS, 0, WHO5_TOP)
            row |= _items(rng, gse[person.id][at], "gse", GSE_ITEMS, GSE_LOW, GSE_TOP)
            row |= {name: paths[person.id][at] for name, paths in bip.items()}
            rows.append(row)
    frame = pd.DataFrame(rows)
    for phase in (1, 2, 3):
        inside = np.flatnonzero(frame["fase"] == phase)
        for name, counts in (("kontakt", cal.CONTACT[phase]), ("varighed", cal.LENGTH[phase])):
            given = labels(rng, {str(answer): count for answer, count in counts.items()})
            frame.loc[inside, name] = given
    return frame.sort_values(["dato", "person"], kind="stable")


def _count_of(person: Any) -> int:
    return person.last_measured - int(person.without_first)


def _paths(
    rng: np.random.Generator,
    measured: list[Any],
    moves: dict[int, tuple[int, int, int]],
    first_mean: float,
    *,
    low: int,
    high: int,
    sd: float,
    rise: tuple[int, int],
    fall: tuple[int, int],
) -> dict[str, list[int]]:
    """Person -> sum score at each own measurement: so many rise, stay and fall; the first measurement has its mean."""
    found: dict[str, list[int]] = {}
    for count, (rose, same, fell) in moves.items():
        members = [person for person in measured if _count_of(person) == count]
        assert len(members) == rose + same + fell, (count, len(members))
        ways = [1] * rose + [0] * same + [-1] * fell
        for person, at in zip(members, rng.permutation(len(ways)), strict=True):
            way = ways[at]
            # Whoever has come far and rises has had time to rise more.
            size = int(rng.integers(*fall)) if way < 0 else int(rng.integers(rise[0], rise[1] + count))
            first = int(np.clip(round(rng.normal(first_mean, sd)), low, high))
            # Whoever moves far begins where there is room for it.
            first = int(np.clip(first, low + size if way < 0 else low, high - size if way > 0 else high))
            last = first + way * size
            path = np.rint(np.linspace(first, last, count)).astype(int)
            path[1:-1] = np.clip(path[1:-1] + rng.integers(-2, 3, count - 2), low, high) if count > 2 else path[1:-1]
            found[person.id] = path.tolist()
    single = [person for person in measured if _count_of(person) == 1]
    for person in single:
        found[person.id] = [int(np.clip(round(rng.normal(first_mean, sd)), low, high))]
    baseline = [person for person in measured if not person.without_first]
    movable = [person for person in single if not person.without_first]
    total = round(first_mean * len(baseline))
    while gap := total - sum(found[person.id][0] for person in baseline):
        person = movable[int(rng.integers(len(movable)))]
        moved = found[person.id][0] + int(np.sign(gap))
        if low <= moved <= high:
            found[person.id][0] = moved
    return found


def _bip_paths(rng: np.random.Generator, measured: list[Any], name: str) -> dict[str, list[int]]:
    """Person -> answer 1 to 5 at each own measurement."""
    repeated = [person for person in measured if _count_of(person) >= 2]
    rose, same, fell = cal.BIP_MOVES[name]
    assert len(repeated) == rose + same + fell, len(repeated)
    ways = [1] * rose + [0] * same + [-1] * fell
    found: dict[str, list[int]] = {}
    for person, at in zip(repeated, rng.permutation(len(ways)), strict=True):
        way = ways[at]
        first = int(np.clip(round(rng.normal(cal.BIP_FIRST[name], 0.9)), 2 if way < 0 else 1, 4 if way > 0 else 5))
        last = first + way
        count = _count_of(person)
        turn = int(rng.integers(1, count))
        found[person.id] = [first if number < turn else last for number in range(count)]
    for person in measured:
        if _count_of(person) == 1:
            found[person.id] = [int(np.clip(round(rng.normal(cal.BIP_FIRST[name], 0.9)), 1, 5))]
    return found


def _items(rng: np.random.Generator, total: int, name: str, items: int, low: int, high: int) -> dict[str, int]:
    """Answers to `items` questions that sum to `total`."""
    answers = np.full(items, low)
    for _ in range(total - items * low):
        open_to_more = np.flatnonzero(answers < high)
        # The lower answers rise first, mostly: answers of one person resemble each other.
        weights = 1.0 / (1.0 + answers[open_to_more] - low) ** 2
        answers[rng.choice(open_to_more, p=weights / weights.sum())] += 1
    return {f"{name}_{at}": int(answer) for at, answer in enumerate(answers, start=1)}


def mindshift(rng: np.random.Generator) -> pd.DataFrame:
    """Managers and staff before the start and half a year in, without names."""
    frames = []
    for at, (runde, n) in enumerate(cal.MINDSHIFT_SHEETS.items()):
        sites = dict(zip(cal.SITES, spread(n, cal.SITE_WEIGHTS).tolist(), strict=True))
        roles = dict(zip(cal.ROLES, spread(n, list(cal.ROLES.values())).tolist(), strict=True))
        frame = pd.DataFrame({"runde": runde, "kommune": labels(rng, sites), "funktion": labels(rng, roles)})
        for name, means in cal.MINDSHIFT.items():
            answers = np.clip(np.rint(rng.normal(means[at], 0.85, n)), 1, 5).astype(int)
            while gap := round(means[at] * n) - int(answers.sum()):
                row = int(rng.integers(n))
                if 1 <= answers[row] + np.sign(gap) <= 5:
                    answers[row] += np.sign(gap)
            frame[name] = answers
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
