"""The questionnaire: answer sheets of some of both groups, with exact counts per question."""

from __future__ import annotations

import calibration as cal
import numpy as np
import pandas as pd
from calibrating.quotas import exactly, labels

SHEETS = {"deltager": 228, "kontrol": 206}
IN_PRACTICE, NOT_IN_PRACTICE = 134, 88  # treated who answered the question; six did not
LEFT_BENEFIT = {"deltager": (17, 5), "kontrol": (16, 5)}  # of the sheets, with good and with poor well-being
WELL = {"deltager": (112, 110), "kontrol": (101, 101)}  # sheets with good and poor well-being; the rest lack an item

# item -> answers in each group: answer -> count. Their sums are the published n.
BOTH = {
    "tilfredshed": ({1: 30, 2: 34, 3: 66, 4: 58, 5: 32}, {1: 14, 2: 36, 3: 84, 4: 52, 5: 14}),
    "arbejde_vigtigt": ({1: 12, 2: 12, 3: 46, 4: 150}, {1: 2, 2: 3, 3: 45, 4: 150}),
    "foretraekker_arbejde": ({1: 6, 2: 8, 3: 41, 4: 155}, {1: 3, 2: 4, 3: 38, 4: 151}),
    "soegende": ({1: 57, 0: 162}, {1: 64, 0: 136}),
    "arbejdsevne": ({1: 55, 0: 133}, {1: 52, 0: 124}),
    "jobmulighed": ({1: 26, 0: 150}, {1: 23, 0: 141}),
    "fremtid": ({1: 67, 0: 83}, {1: 61, 0: 75}),
    "koordinering_hjaelp": ({1: 84, 0: 134}, {1: 48, 0: 150}),
    "koordinering_behov": ({1: 40, 0: 176}, {1: 57, 0: 139}),
}
# item -> answers of the treated with and without practice.
PRACTICE = {
    "emne_virksomhed": ({1: 107, 0: 19}, {1: 45, 0: 43}),
    "emne_hvilket_job": ({1: 96, 0: 30}, {1: 50, 0: 38}),
    "emne_hvad_skal_til": ({1: 91, 0: 35}, {1: 49, 0: 39}),
    "emne_opgaver": ({1: 96, 0: 30}, {}),
    "emne_timer": ({1: 80, 0: 46}, {}),
    "emne_job": ({1: 54, 0: 68}, {}),
    "emne_uddannelse": ({1: 50, 0: 76}, {}),
    "motiverende": ({1: 40, 2: 24, 3: 36, 4: 34}, {1: 41, 2: 15, 3: 18, 4: 14}),
    "glad": ({1: 22, 2: 25, 3: 40, 4: 47}, {1: 17, 2: 16, 3: 28, 4: 27}),
    "lyttet": ({1: 20, 2: 28, 3: 30, 4: 56}, {1: 16, 2: 15, 3: 28, 4: 29}),
    "opfulgt": ({1: 26, 2: 23, 3: 29, 4: 56}, {1: 17, 2: 18, 3: 31, 4: 22}),
    "kontrol": ({1: 35, 2: 19, 3: 36, 4: 44}, {1: 18, 2: 12, 3: 23, 4: 35}),
}
CONTENT_AND_WELL = 55  # of the treated's 90 content sheets, those with good well-being


def answers(rng: np.random.Generator, everyone: list) -> pd.DataFrame:
    """All sheets in random order."""
    frame = pd.concat([_treated(rng, everyone), _group(rng, _chosen(rng, everyone, "kontrol"), "kontrol")])
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    frame.insert(0, "svar", [f"S{number:04d}" for number in range(1, len(frame) + 1)])
    columns = [name for name in frame.columns if name not in ("person", "jobcenter")]
    return frame[["svar", "person", "jobcenter", *columns[1:]]]


def _left(person: object) -> bool:
    return person.exit_to in ("employed", "educated", "without_job")


def _pick(rng: np.random.Generator, pool: list, count: int) -> list:
    return [pool[at] for at in sorted(rng.permutation(len(pool))[:count])]


def _chosen(rng: np.random.Generator, everyone: list, group: str) -> list:
    mine = [person for person in everyone if person.group == group]
    leaving = _pick(rng, [p for p in mine if _left(p)], sum(LEFT_BENEFIT[group]))
    if group == "kontrol":
        return leaving + _pick(rng, [p for p in mine if not _left(p)], SHEETS[group] - len(leaving))
    have = sum(bool(person.practice) for person in leaving)
    with_practice = _pick(rng, [p for p in mine if not _left(p) and p.practice], IN_PRACTICE - have)
    without = SHEETS[group] - len(leaving) - len(with_practice)
    return leaving + with_practice + _pick(rng, [p for p in mine if not _left(p) and not p.practice], without)


def _group(rng: np.random.Generator, people: list, group: str) -> pd.DataFrame:
    """Sheets of one group: the questions to both, and well-being that goes with having left benefit."""
    frame = pd.DataFrame({"person": [p.id for p in people], "jobcenter": [p.site for p in people]})
    well = _well(rng, people, group)
    for item, counts in BOTH.items():
        own = counts[cal.GROUPS.index(group)]
        frame[item] = (
            _content(rng, well, own) if item == "tilfredshed" and group == "deltager" else _given(rng, len(people), own)
        )
    for number, column in enumerate(_who5(rng, well).T, start=1):
        frame[f"who5_{number}"] = ["" if np.isnan(answer) else str(int(answer)) for answer in column]
    return frame


def _given(rng: np.random.Generator, sheets: int, counts: dict[int, int]) -> np.ndarray:
    """(sheets,) answers as text, the rest empty."""
    asked = {str(answer): count for answer, count in counts.items()}
    return labels(rng, asked | {"": sheets - sum(counts.values())})


def _well(rng: np.random.Generator, people: list, group: str) -> np.ndarray:
    """(sheets,) 1 good, 0 poor, NaN unknown."""
    leaving = np.array([_left(person) for person in people])
    well = np.full(len(people), np.nan)
    good, poor = LEFT_BENEFIT[group]
    well[leaving] = exactly(rng, good + poor, good)
    rest = {"1": WELL[group][0] - good, "0": WELL[group][1] - poor}
    drawn = labels(rng, rest | {"": int((~leaving).sum()) - sum(rest.values())})
    well[~leaving] = [float(value) if value else np.nan for value in drawn]
    return well


def _content(rng: np.random.Generator, well: np.ndarray, counts: dict[int, int]) -> np.ndarray:
    """Satisfaction that goes with well-being: so many of the content have good well-being."""
    given = np.full(len(well), "", dtype=object)
    known = np.flatnonzero(~np.isnan(well))
    silent = rng.permutation(known)[: len(known) - sum(counts.values())] if len(known) > sum(counts.values()) else []
    asked = np.setdiff1d(known, silent)
    happy = {str(answer): count for answer, count in counts.items() if answer >= 4}
    other = {str(answer): count for answer, count in counts.items() if answer < 4}
    good, poor = (asked[well[asked] == value] for value in (1, 0))
    chosen = np.r_[
        rng.permutation(good)[:CONTENT_AND_WELL], rng.permutation(poor)[: sum(happy.values()) - CONTENT_AND_WELL]
    ]
    given[chosen] = labels(rng, happy)
    given[np.setdiff1d(asked, chosen)] = labels(rng, other)
    return given


def _who5(rng: np.random.Generator, well: np.ndarray) -> np.ndarray:
    """(sheets, 5) answers 0 to 5 whose sum is above 12 exactly where well-being is good; one missing where unknown."""
    items = np.zeros((len(well), 5))
    for row, state in enumerate(well):
        centre = 3.3 if state == 1 else 1.6 if state == 0 else 2.4
        while True:
            items[row] = np.clip(np.rint(rng.normal(centre, 1.0, 5)), 0, 5)
            if np.isnan(state) or (items[row].sum() > 12) == (state == 1):
                break
        if np.isnan(state):
            items[row, int(rng.integers(5))] = np.nan
    return items


def _treated(rng: np.random.Generator, everyone: list) -> pd.DataFrame:
    people = _chosen(rng, everyone, "deltager")
    frame = _group(rng, people, "deltager")
    practice = np.array([bool(person.practice) for person in people])
    told = np.where(practice, "Ja", "Nej").astype(object)
    told[rng.permutation(np.flatnonzero(~practice))[: int((~practice).sum()) - NOT_IN_PRACTICE]] = ""
    frame["i_praktik"] = told
    for item, (with_practice, without) in PRACTICE.items():
        column = np.full(len(people), "", dtype=object)
        for value, counts in (("Ja", with_practice), ("Nej", without)):
            members = np.flatnonzero(told == value)
            column[members] = _given(rng, len(members), counts)
        frame[item] = column
    return frame
