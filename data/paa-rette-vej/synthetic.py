"""Make the synthetic extracts of På rette vej: persons who do not exist, in the formats of the real registers.

    python data/paa-rette-vej/synthetic.py [--out DIR]

The numbers to hit are in calibration.py; the tools are in tools/calibrating. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import calibration as cal
import numpy as np
import pandas as pd
from calibrating.days import workday
from calibrating.lives import NO_BENEFIT, Benefit, Earlier, Weeks, codes_before, codes_of_life
from calibrating.quotas import exactly, labels, spread
from places import give_sites
from surveys import answers
from talks import registrations

from reportlib.registers.event_weeks import monday_of_week, month_of, week_name, week_range
from reportlib.synthetic import write_csv, write_parquet

DREAM_WEEKS = week_range(monday_of_week(2009, 40), monday_of_week(2012, 39))
MONTHS = month_of(DREAM_WEEKS)
ENTRIES = week_range(monday_of_week(2010, 44), monday_of_week(2011, 26))
WEEKS_IN_A_MONTH = 52 / 12

BENEFIT = Benefit(passive=730, practice=736, subsidy=733, other=(735, 737, 738))
EARLIER = (
    Earlier((730, 735), 0.3, 30),
    Earlier((NO_BENEFIT,), 0.3, 25),
    Earlier((890,), 0.25, 20),
    Earlier((111,), 0.15, 18),
)
EDUCATION, SICKNESS, PENSION = 651, 890, 783


@dataclass
class Person:
    """One synthetic person. Weeks are counted from entry, 0 for the first; `until` is how many DREAM holds."""

    group: str
    at: int  # position of the entry week in DREAM_WEEKS
    entry: np.datetime64
    id: str = ""
    site: str = ""
    exit_to: str = ""  # employed, educated, without_job, other_benefit, or nothing
    exit_week: int = 10_000
    back_week: int = 10_000
    hours: dict[int, float] = field(default_factory=dict)  # month number -> hours
    practice: list[tuple[int, int]] = field(default_factory=list)  # first week, weeks
    subsidy: tuple[int, int] | None = None
    codes: list[int] = field(default_factory=list)

    @property
    def until(self) -> int:
        return len(DREAM_WEEKS) - self.at

    def on_benefit(self) -> np.ndarray:
        """(until,) weeks on kontanthjælp."""
        weeks = np.arange(self.until)
        return (weeks < self.exit_week) | (weeks >= self.back_week)

    def month(self, week: int) -> int:
        return int((MONTHS[self.at + week] - MONTHS[0]).astype(int))

    def weekly_hours(self) -> np.ndarray:
        """(64,) as the reader of paid hours spreads them over the weeks."""
        return np.array([self.hours.get(self.month(week), 0.0) / WEEKS_IN_A_MONTH for week in range(cal.WEEKS)])


def people(rng: np.random.Generator) -> list[Person]:
    """Everybody in order of entry, with exits, hours, places and practice."""
    everyone: list[Person] = []
    for group in cal.GROUPS:
        per_week = spread(cal.PERSONS, rng.uniform(0.7, 1.3, len(ENTRIES)))
        for monday, count in zip(ENTRIES, per_week, strict=True):
            at = int(np.searchsorted(DREAM_WEEKS, monday))
            last = 3 if monday == ENTRIES[-1] else 4
            everyone += [Person(group, at, workday(rng, monday, last=last)) for _ in range(count)]
    for group in cal.GROUPS:
        mine = [person for person in everyone if person.group == group]
        _give_exits(rng, mine, group)
        _give_part_time(rng, mine, group)
    _match_hours(everyone)
    totals = np.array([person.weekly_hours().sum() for person in everyone])
    for person, site in zip(everyone, give_sites(rng, [p.group for p in everyone], totals), strict=True):
        person.site = site
    for group in cal.GROUPS:
        _give_activation(rng, [person for person in everyone if person.group == group], group)
    everyone = [everyone[at] for at in rng.permutation(len(everyone))]
    everyone.sort(key=lambda person: person.entry)
    for number, person in enumerate(everyone, start=1):
        person.id = f"R{number:06d}"
    return everyone


def _give_exits(rng: np.random.Generator, mine: list[Person], group: str) -> None:
    counts = {
        "employed": cal.EMPLOYED[group],
        "educated": cal.EDUCATED[group],
        "without_job": cal.WITHOUT_JOB[group],
        "other_benefit": cal.OTHER_BENEFIT[group],
    }
    kinds = labels(rng, counts | {"": len(mine) - sum(counts.values())})
    for person, kind in zip(mine, kinds, strict=True):
        person.exit_to = kind
        if not kind:
            continue
        person.exit_week = int(rng.integers(3, 58))
        if kind == "employed":
            _give_job(rng, person)
        elif kind == "without_job" and rng.random() < 0.3:
            person.back_week = person.exit_week + int(rng.integers(8, 20))


def _give_job(rng: np.random.Generator, person: Person) -> None:
    """A job from the exit on; one in five loses it again. Months only partly worked hold fewer hours."""
    if rng.random() < 0.2:
        person.back_week = person.exit_week + int(rng.integers(9, 34))
    level = float(np.clip(rng.normal(130, 20), 80, 158))
    last = min(person.back_week, person.until)
    for week in range(person.exit_week, last):
        month = person.month(week)
        own = [w for w in range(person.until) if person.month(w) == month]
        worked = sum(person.exit_week <= w < last for w in own)
        person.hours[month] = level * worked / len(own)


def _give_part_time(rng: np.random.Generator, mine: list[Person], group: str) -> None:
    """A few hours beside the benefit for some of those who stay on it."""
    staying = [person for person in mine if not person.exit_to]
    for person, chosen in zip(staying, exactly(rng, len(staying), cal.PART_TIME[group]), strict=True):
        if not chosen:
            continue
        first = person.month(int(rng.integers(0, 56)))
        level = float(np.clip(rng.gamma(3, 11), 6, 90))
        for month in range(first, first + int(rng.integers(2, 9))):
            person.hours[month] = level * rng.uniform(0.7, 1.3)


def _match_hours(everyone: list[Person]) -> None:
    """Scale the treated's hours so that the difference over 64 weeks is what the calibration asks for."""
    mean = {
        group: np.mean([person.weekly_hours().sum() for person in everyone if person.group == group])
        for group in cal.GROUPS
    }
    factor = (mean["kontrol"] + cal.HOURS_MORE) / mean["deltager"]
    for person in everyone:
        by = factor if person.group == "deltager" else 1.0
        person.hours = {month: round(hours * by, 2) for month, hours in person.hours.items()}


def _give_activation(rng: np.random.Generator, mine: list[Person], group: str) -> None:
    """Practice and wage subsidy to a share of each place's persons, in weeks on benefit; exact persons and weeks."""
    here = {site: [p for p in mine if p.site == site and p.on_benefit()[: cal.WEEKS].sum() >= 34] for site in cal.SITES}
    weights = [len(members) * rng.uniform(0.8, 1.2) for members in here.values()]
    counts = spread(cal.ACTIVATED[group], weights)
    chosen = [
        person
        for members, count in zip(here.values(), counts, strict=True)
        for person, yes in zip(members, exactly(rng, len(members), int(count)), strict=True)
        if yes
    ]
    subsidised = exactly(rng, len(chosen), cal.SUBSIDISED[group])
    for person, subsidy in zip(chosen, subsidised, strict=True):
        if subsidy:
            _place(rng, person, int(rng.integers(20, 50)), int(rng.integers(8, 22)), subsidy=True)
    in_practice = [
        person for person, subsidy in zip(chosen, subsidised, strict=True) if not subsidy or rng.random() < 0.5
    ]
    wanted = cal.PRACTICE_WEEKS_CONTROL + (cal.PRACTICE_WEEKS_MORE if group == "deltager" else 0)
    for person in in_practice:
        start = int(np.clip(rng.normal(9, 4), 3, 30)) if group == "deltager" else int(rng.integers(2, 48))
        _place(rng, person, start, int(np.clip(rng.gamma(4, wanted * cal.PERSONS / len(in_practice) / 4), 2, 40)))
    _match_practice(rng, in_practice, round(wanted * cal.PERSONS))


def _place(rng: np.random.Generator, person: Person, start: int, weeks: int, *, subsidy: bool = False) -> None:
    """A spell in weeks on benefit from `start` on (as late as fits), not over another one."""
    free = person.on_benefit()[: cal.WEEKS].copy()
    if person.subsidy is not None:
        first, length = person.subsidy
        free[first : first + length] = False
    left = np.flatnonzero(free)
    begin = min(int(np.searchsorted(left, start)), max(len(left) - weeks, 0))
    taken = left[begin : begin + weeks]
    if subsidy:
        run = taken[: int(np.argmax(np.diff(taken, append=10_000) > 1)) + 1]
        person.subsidy = (int(run[0]), len(run))
        return
    person.practice = [(int(week), 1) for week in taken]


def _match_practice(rng: np.random.Generator, mine: list[Person], wanted: int) -> None:
    """Lengthen or shorten spells by a week at random until all of them add up."""
    while gap := wanted - sum(len(person.practice) for person in mine):
        person = mine[int(rng.integers(len(mine)))]
        weeks = [week for week, _ in person.practice]
        if gap < 0 and len(weeks) > 2:
            person.practice.pop()
        elif gap > 0 and weeks[-1] + 1 < cal.WEEKS and person.on_benefit()[weeks[-1] + 1]:
            later = weeks[-1] + 1
            if person.subsidy is None or not person.subsidy[0] <= later < sum(person.subsidy):
                person.practice.append((later, 1))


def give_codes(rng: np.random.Generator, person: Person) -> None:
    """The DREAM codes from entry on."""
    nothing = Weeks(*([np.zeros(person.until, dtype=int)] * 3))
    codes = codes_of_life(rng, nothing, BENEFIT, active=0.2 if person.group == "deltager" else 0.16)
    for week, _ in person.practice:
        codes[week] = BENEFIT.practice
    if person.subsidy is not None:
        first, length = person.subsidy
        codes[first : first + length] = [BENEFIT.subsidy] * length
    after = {"employed": NO_BENEFIT, "educated": EDUCATION, "without_job": NO_BENEFIT}.get(person.exit_to)
    if person.exit_to == "other_benefit":
        after = PENSION if rng.random() < 0.3 else SICKNESS
    for week in np.flatnonzero(~person.on_benefit()):
        assert after is not None
        codes[int(week)] = after
    person.codes = codes


def dream(rng: np.random.Generator, everyone: list[Person]) -> pd.DataFrame:
    """One row per person, a code per ISO week as text, empty without benefit."""
    table = np.zeros((len(everyone), len(DREAM_WEEKS)), dtype=np.int64)
    for row, person in enumerate(everyone):
        before = codes_before(rng, person.at, BENEFIT, EARLIER, at_least=4, mean=26, active=0.15, in_practice=0.05)
        table[row] = before + person.codes
    order = rng.permutation(len(everyone))
    frame = pd.DataFrame(
        np.where(table > 0, table.astype(str), "")[order],
        columns=[f"y_{week_name(monday)[2:4]}{week_name(monday)[-2:]}" for monday in DREAM_WEEKS],
    )
    frame.insert(0, "PNR", [everyone[at].id for at in order])
    return frame


def paid_hours(rng: np.random.Generator, everyone: list[Person]) -> tuple[pd.DataFrame, dict[str, bool]]:
    """Records of person, month and hours, and who had hours in the year before entry."""
    rows: list[tuple[str, int, float]] = []
    worked: dict[str, bool] = {}
    for person in everyone:
        rows += [(person.id, month, hours) for month, hours in person.hours.items() if month < len(np.unique(MONTHS))]
        worked[person.id] = bool(rng.random() < 0.16)
        if worked[person.id]:
            first = person.month(0) - int(rng.integers(3, 9))
            level = float(rng.uniform(15, 120))
            rows += [(person.id, month, level) for month in (first, first + 1) if month >= 0]
    frame = pd.DataFrame(
        {
            "person": [row[0] for row in rows],
            "maaned": [str(MONTHS[0] + np.timedelta64(row[1], "M")) for row in rows],
            "loentimer": [f"{row[2]:.2f}".replace(".", ",") for row in rows],
        }
    )
    return frame.sort_values(["maaned", "person"], kind="stable"), worked


def participants(
    rng: np.random.Generator, everyone: list[Person], codes: pd.DataFrame, worked: dict[str, bool]
) -> pd.DataFrame:
    """Who, where, which group, since when, and background. Chance alone decides background."""
    by_person = codes.set_index("PNR")
    ages = np.clip(np.rint(rng.normal(38, 10.5, len(everyone))), 18, 63).astype(int)
    traits = {"ikke_vestlig": 0.17, "samlevende": 0.31, "boern": 0.34, "ufaglaert": 0.58}
    drawn = {name: rng.random(len(everyone)) < share for name, share in traits.items()}
    women = rng.random(len(everyone)) < 0.52
    rows = []
    for row, person in enumerate(everyone):
        year = by_person.loc[person.id].to_numpy()[: person.at]
        rows.append(
            {
                "person": person.id,
                "jobcenter": person.site,
                "gruppe": person.group,
                "startdato": str(person.entry),
                "alder": int(ages[row]),
                "aldersgruppe": "Under 30 år" if ages[row] < 30 else "30-44 år" if ages[row] < 45 else "45 år og over",
                "koen": "Kvinde" if women[row] else "Mand",
                **{name: int(yes[row]) for name, yes in drawn.items()},
                "uger_paa_ydelse": int(sum(code.startswith("73") for code in year[-52:])),
                "job_seneste_aar": int(worked[person.id]),
            }
        )
    return pd.DataFrame(rows)


def make(out: Path) -> None:
    """Write every extract to `out`."""
    everyone = people(_chance("people"))
    for_codes = _chance("codes")
    for person in everyone:
        give_codes(for_codes, person)
    codes = dream(_chance("benefits"), everyone)
    hours, worked = paid_hours(_chance("hours"), everyone)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(participants(_chance("participants"), everyone, codes, worked), out / "deltagere.csv")
    write_parquet(codes, out / "dream.parquet")
    write_csv(hours, out / "timer.csv")
    write_parquet(registrations(_chance("talks"), everyone, DREAM_WEEKS), out / "sagsforloeb.parquet")
    write_csv(answers(_chance("survey"), everyone), out / "deltagersurvey.csv")


def _chance(what: str) -> np.random.Generator:
    """One stream of chance per extract, so that a change in one leaves the others as they are."""
    return np.random.default_rng([cal.SEED, *what.encode("ascii")])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)"
    )
    make(parser.parse_args().out)
