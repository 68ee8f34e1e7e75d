"""Make the synthetic extracts of Social støtte: persons who do not exist, in the formats of the real registers.

    python data/social-stoette/synthetic.py [--out DIR]

The numbers to hit are in calibration.py, the answers in answers.py; the tools are in tools/calibrating. The same seed
gives the same bytes.
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
from answers import citizens, mindshift, progression, start_meetings
from calibrating.days import to_workday
from calibrating.quotas import exactly, labels, spread
from lives import give_codes, give_hours

from reportlib.registers.event_weeks import monday_of_week, week_range
from reportlib.synthetic import write_csv, write_parquet

Day = np.datetime64
ONE_DAY = np.timedelta64(1, "D")
DREAM_WEEKS = week_range(monday_of_week(2012, 50), monday_of_week(2019, 4))


@dataclass
class Person:
    """One synthetic person. `step` is 0 for a first meeting only, 1 for some CTI, 2 for much; None after the status."""

    entry: Day
    begins: Day | None = None  # first day of the placement and of CTI
    step: int | None = None
    last_measured: int = 0  # the last measurement reached, 0 for none
    without_first: bool = False
    completes: bool = False
    months: int = 6  # planned length of the course
    site: str = ""
    id: str = ""
    man: bool = False
    dane: bool = False
    age: int = 0
    mentor_before: bool = False
    mentor_after: bool = False
    has_sheet: bool = False
    codes: list[int] = field(default_factory=list)  # one a week of DREAM_WEEKS, 0 without benefit
    hours: dict[Day, float] = field(default_factory=dict)  # month -> paid hours

    @property
    def measured_on(self) -> dict[int, Day]:
        """Measurement -> day, as planned: at the first meeting, then 1, 2, 4 and 6 (or 1, 3, 6 and 9) months in."""
        days = {1: self.entry}
        if self.begins is not None:
            plan = (1, 2, 4, 6) if self.months == 6 else (1, 3, 6, 9)
            days |= {
                at: to_workday(min(self.begins + np.timedelta64(int(30.4 * months), "D"), cal.STATUS))
                for at, months in enumerate(plan, start=2)
            }
        kept = range(2 if self.without_first else 1, self.last_measured + 1)
        return {at: days[at] for at in kept}


def people(rng: np.random.Generator) -> list[Person]:
    """Everybody in order of entry, with course, background and site."""
    everyone = _with_placement(rng) + _without_placement(rng)
    _give_measurements(rng, everyone)
    _give_background(rng, everyone)
    _give_sites(rng, everyone)
    everyone = [everyone[at] for at in rng.permutation(len(everyone))]
    everyone.sort(key=lambda person: person.entry)
    for number, person in enumerate(everyone, start=1):
        person.id = f"S{number:06d}"
    for person in [person for person in everyone if person.entry > cal.STATUS][: cal.LATE_WITH_SHEET]:
        person.has_sheet = True
    return everyone


def _with_placement(rng: np.random.Generator) -> list[Person]:
    """Those who begin: the week from RECRUITS, the first meeting so many days before that the mean delay is right."""
    begins = []
    for week, count in enumerate(cal.RECRUITS):
        first = cal.LAST_DAY - np.timedelta64(7 * (len(cal.RECRUITS) - week) - 1, "D")
        working = [first + day * ONE_DAY for day in range(7) if _is_working_day(first + day * ONE_DAY)]
        begins += [working[int(rng.integers(len(working)))] for _ in range(count)]
    begins = sorted(begins)
    delays = [0] * len(begins)
    for row, day in enumerate(begins):
        least = max(8, int((day - cal.STATUS).astype(int)) + 1)
        most = int((day - cal.FIRST_DAY).astype(int))
        delays[row] = int(np.clip(rng.gamma(4.0, cal.DELAY / 4.0), min(least, most), most))
    _shift_to_mean(rng, begins, delays)
    found = []
    for day, delay in zip(begins, delays, strict=True):
        entry = to_workday(day - delay * ONE_DAY)
        found.append(Person(entry=max(entry, cal.FIRST_DAY), begins=day))
    return found


def _is_working_day(day: Day) -> bool:
    weekday = (int(day.astype("datetime64[D]").astype(np.int64)) + 3) % 7
    return weekday < 5 and day not in (Day("2018-12-24"), Day("2018-12-25"), Day("2018-12-26"), Day("2019-01-01"))


def _shift_to_mean(rng: np.random.Generator, begins: list[Day], delays: list[int]) -> None:
    """Move delays by a week at a time until their mean is within a third of a day of the one wanted."""
    wanted = cal.DELAY * len(delays)
    while abs(gap := wanted - sum(delays)) > len(delays) / 3:
        row = int(rng.integers(len(delays)))
        moved = delays[row] + (7 if gap > 0 else -7)
        entry = begins[row] - moved * ONE_DAY
        if moved >= 8 and cal.FIRST_DAY <= entry <= cal.STATUS:
            delays[row] = moved


def _without_placement(rng: np.random.Generator) -> list[Person]:
    """Those with a first meeting and nothing more: before the status, and after it."""
    found = []
    before = cal.ONLY_MEETING + cal.SOME + cal.MUCH - sum(cal.RECRUITS)
    for count, first, last in (
        (before, Day("2018-04-03"), cal.STATUS - 8 * ONE_DAY),
        (cal.LATE_WITH_SHEET, cal.STATUS + ONE_DAY, cal.SHEETS_UNTIL),
        (cal.LATE - cal.LATE_WITH_SHEET, Day("2019-02-11"), cal.LAST_DAY),
    ):
        span = int((last - first).astype(int)) + 1
        days = [first + int(day) * ONE_DAY for day in range(span) if _is_working_day(first + int(day) * ONE_DAY)]
        # More first meetings the longer the project has run.
        weights = np.linspace(0.6, 1.4, len(days))
        found += [Person(entry=day) for day in rng.choice(np.array(days), count, p=weights / weights.sum())]
    return found


def _give_measurements(rng: np.random.Generator, everyone: list[Person]) -> None:
    """How far everybody has come by the status, and which measurements they have."""
    begun = sorted(
        (person for person in everyone if person.begins is not None and person.begins <= Day("2018-12-27")),
        key=lambda person: person.begins,
    )
    _give_last_measured(rng, begun)
    for number, count in cal.WITHOUT_FIRST.items():
        reached = [person for person in begun if person.last_measured == number]
        for at in rng.permutation(len(reached))[:count]:
            reached[at].without_first = True
    far = [person for person in begun if person.last_measured >= 4]
    far.sort(key=lambda person: (-person.last_measured, person.begins))
    for person in far[: cal.MUCH]:
        person.step, person.completes = 2, True
    for person in far[cal.MUCH : cal.COMPLETED]:
        person.completes = True
    late = next(person for person in reversed(begun) if person.last_measured == 2)
    for person in everyone:
        if person.entry <= cal.STATUS and person.step is None:
            person.step = 1 if person in begun and person is not late else 0
    with_one = [person for person in everyone if person.entry <= cal.STATUS and person.last_measured == 0]
    for at in rng.permutation(len(with_one))[: cal.FIRST_ONLY]:
        with_one[at].last_measured = 1
    for person in everyone:
        person.has_sheet = person.entry <= cal.STATUS


def _give_last_measured(rng: np.random.Generator, begun: list[Person]) -> None:
    """The earliest come furthest, within what the calendar allows; the length of the course follows."""
    left = list(begun)
    for number, among in ((5, 40), (4, 46), (3, 60)):
        reachable = [person for person in left if _can_reach(person, number)][:among]
        for at in sorted(rng.permutation(len(reachable))[: cal.LAST_REACHED[number]]):
            person = reachable[at]
            person.last_measured = number
            lengths = [months for months in (6, 9) if _can_reach(person, number, months)]
            person.months = int(rng.choice(lengths))
            left.remove(person)
    for person in left:
        person.last_measured = 2
        person.months = int(rng.choice((6, 9)))


def _can_reach(person: Person, number: int, months: int = 6) -> bool:
    plan = (0, 1, 2, 4, 6) if months == 6 else (0, 1, 3, 6, 9)
    return person.begins + np.timedelta64(int(30.4 * plan[number - 1]), "D") <= cal.STATUS + 2 * ONE_DAY


def _give_background(rng: np.random.Generator, everyone: list[Person]) -> None:
    for step in (0, 1, 2):
        members = [person for person in everyone if person.step == step]
        n = len(members)
        ages = np.clip(np.rint(rng.normal(cal.AGE[step], 9.5, n)), 25, 64).astype(int)
        while (gap := round(cal.AGE[step] * n) - int(ages.sum())) != 0:
            at = int(rng.integers(n))
            if 25 <= ages[at] + np.sign(gap) <= 64:
                ages[at] += np.sign(gap)
        columns = zip(
            members,
            ages,
            exactly(rng, n, cal.MEN[step]),
            exactly(rng, n, cal.DANES[step]),
            exactly(rng, n, cal.MENTOR_AFTER[step]),
            strict=True,
        )
        for person, age, man, dane, mentor in columns:
            person.age, person.man, person.dane, person.mentor_after = int(age), bool(man), bool(dane), bool(mentor)
    for person in everyone:
        if person.step is None:
            person.age = int(np.clip(rint(rng.normal(46, 9.5)), 25, 64))
            person.man, person.dane = bool(rng.random() < 0.46), bool(rng.random() < 0.75)
            person.mentor_before = bool(rng.random() < 0.55)
    counted = [person for person in everyone if person.step is not None]
    for person, mentor in zip(counted, exactly(rng, len(counted), cal.MENTOR_BEFORE), strict=True):
        person.mentor_before = bool(mentor)


def rint(value: float) -> int:
    """The nearest whole number."""
    return int(np.rint(value))


def _give_sites(rng: np.random.Generator, everyone: list[Person]) -> None:
    """Sites at random within how far people have come, in proportion to the sites' sizes."""
    for step in (0, 1, 2, None):
        members = [person for person in everyone if person.step == step]
        counts = dict(zip(cal.SITES, spread(len(members), cal.SITE_WEIGHTS).tolist(), strict=True))
        for person, site in zip(members, labels(rng, counts), strict=True):
            person.site = site


def participants(everyone: list[Person]) -> pd.DataFrame:
    """Who, where, since when, and background."""
    return pd.DataFrame(
        [
            {
                "person": person.id,
                "kommune": person.site,
                "gruppe": "deltager",
                "opstartssamtale": str(person.entry),
                "koen": "Mand" if person.man else "Kvinde",
                "alder": person.age,
                "herkomst": "Dansk oprindelse" if person.dane else "Indvandrere og efterkommere",
                "mentor_foer": int(person.mentor_before),
            }
            for person in everyone
        ]
    )


def dream(rng: np.random.Generator, everyone: list[Person]) -> pd.DataFrame:
    """One row per person, a code per ISO week as text, empty without benefit."""
    names = [
        f"y_{monday.astype(object).isocalendar()[0] % 100:02d}{monday.astype(object).isocalendar()[1]:02d}"
        for monday in DREAM_WEEKS
    ]
    table = np.array([person.codes for person in everyone])
    order = rng.permutation(len(everyone))
    frame = pd.DataFrame(np.where(table > 0, table.astype(str), "")[order], columns=names)
    frame.insert(0, "PNR", [everyone[at].id for at in order])
    return frame


def paid_hours(everyone: list[Person]) -> pd.DataFrame:
    """Records of person, month and hours. Nobody is paid in the first month of the extract: one record says so."""
    rows = [(person.id, month, hours) for person in everyone for month, hours in person.hours.items()]
    rows.append((everyone[0].id, Day("2012-12", "M"), 0.0))
    frame = pd.DataFrame(
        {
            "person": [row[0] for row in rows],
            "maaned": [str(row[1]) for row in rows],
            "loentimer": [f"{row[2]:.2f}".replace(".", ",") for row in rows],
        }
    )
    return frame.sort_values(["maaned", "person"], kind="stable")


def casework(rng: np.random.Generator, everyone: list[Person]) -> pd.DataFrame:
    """Registrations: CTI with its phases and meetings, the grant, mentors and follow-up of the plan."""
    rows: list[tuple[str, str, str, str]] = []

    def add(person: Person, kind: str, day: Day, end: Day | None = None) -> None:
        if person.entry <= day <= cal.LAST_DAY:
            rows.append((person.id, kind, str(day), "" if end is None else str(min(end, cal.LAST_DAY))))

    for person in everyone:
        if person.mentor_after:
            first = person.entry if person.begins is None or person.begins > cal.STATUS else person.begins
            span = max(int((cal.STATUS - first).astype(int)), 1)
            begun = first + int(rng.integers(0, min(span, 60))) * ONE_DAY
            add(person, "mentor", to_workday(begun) if to_workday(begun) >= person.entry else person.entry)
        if person.begins is None:
            continue
        add(person, "cti-start", person.begins)
        by_social_law = rng.random() < cal.SEL_SHARE[person.site]
        add(person, "bevilling-sel" if by_social_law else "bevilling-lab", person.begins)
        phases = _phases(rng, person)
        for number, day in enumerate(phases, start=1):
            add(person, f"cti-fase-{number}", day)
        if person.completes:
            add(person, "cti-slut", phases[-1])
        until = phases[-1] if person.completes else cal.LAST_DAY
        day, weeks = person.begins, 0.0
        while day <= until:
            add(person, "cti-moede", to_workday(day) if to_workday(day) >= person.begins else day)
            weeks = float((day - person.begins).astype(int)) / 7
            day = day + int(rng.choice((4, 7, 7, 14) if weeks < 10 else (7, 14, 14, 21))) * ONE_DAY
        day = person.begins + 28 * ONE_DAY
        while day <= until:
            add(person, "opfoelgning", to_workday(day))
            day = day + int(rng.integers(25, 50)) * ONE_DAY
    frame = pd.DataFrame(rows, columns=["person", "haendelse", "dato", "slutdato"])
    return frame.sort_values(["dato", "person", "haendelse"], kind="stable")


def _phases(rng: np.random.Generator, person: Person) -> list[Day]:
    """The days on which each phase is registered as received: the first by the status for those with CTI then."""
    assert person.begins is not None
    third = int(30.4 * person.months / 3)
    first = to_workday(person.begins + third * ONE_DAY)
    if person.step in (1, 2):
        first = min(first, to_workday(cal.STATUS - int(rng.integers(0, 20)) * ONE_DAY))
        first = max(first, person.begins + 21 * ONE_DAY)
    else:
        first = max(first, cal.STATUS + 4 * ONE_DAY)
    second = max(to_workday(first + third * ONE_DAY), first + 7 * ONE_DAY)
    if person.step == 2:
        second = min(second, to_workday(cal.STATUS - int(rng.integers(0, 15)) * ONE_DAY))
    elif person.completes:
        second = to_workday(cal.STATUS + int(rng.integers(4, 12)) * ONE_DAY)
    else:
        second = max(second, cal.STATUS + 6 * ONE_DAY)
    third_day = to_workday(second + third * ONE_DAY)
    if person.completes:
        third_day = min(third_day, to_workday(cal.LAST_DAY - int(rng.integers(1, 30)) * ONE_DAY))
        third_day = max(third_day, second + 7 * ONE_DAY)
    return [first, second, third_day]


def make(out: Path) -> None:
    """Write every extract to `out`."""
    everyone = people(_chance("people"))
    give_codes(_chance("benefits"), everyone, DREAM_WEEKS)
    give_hours(_chance("hours"), everyone, DREAM_WEEKS)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(participants(everyone), out / "deltagere.csv")
    write_parquet(dream(_chance("dream"), everyone), out / "dream.parquet")
    write_csv(paid_hours(everyone), out / "timer.csv")
    write_csv(casework(_chance("casework"), everyone), out / "sagsforloeb.csv")
    write_csv(start_meetings(_chance("meetings"), everyone), out / "opstartsmoeder.csv")
    start, later = citizens(_chance("citizens"), everyone)
    write_csv(start, out / "borgersurvey1.csv")
    write_csv(later, out / "borgersurvey2.csv")
    write_csv(progression(_chance("progression"), everyone), out / "progression.csv")
    write_csv(mindshift(_chance("mindshift")), out / "mindshift.csv")


def _chance(what: str) -> np.random.Generator:
    return np.random.default_rng([cal.SEED, *what.encode("ascii")])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)"
    )
    make(parser.parse_args().out)
