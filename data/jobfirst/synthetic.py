"""Make the synthetic extracts of JobFirst: persons who do not exist, in the formats of the real registers.

    python data/jobfirst/synthetic.py [--out DIR]

The numbers to hit are in calibration.py; the tools are in tools/calibrating. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import calibration as cal
import numpy as np
import pandas as pd
from calibrating.days import workday
from calibrating.fit import fit
from calibrating.lives import (
    LEAVES_BENEFIT_QUARTERS,
    Benefit,
    Earlier,
    Frame,
    Life,
    Weeks,
    codes_before,
    codes_of_life,
    month_hours,
    records,
    render,
)
from calibrating.quotas import exactly, labels, spread
from casework import casework_events
from scipy.stats import norm
from surveys import citizens, staff

from reportlib.registers.event_weeks import monday_of_week, month_of, week_range
from reportlib.synthetic import write_csv, write_parquet, write_stata

MONDAYS = week_range(monday_of_week(2016, 9), monday_of_week(2016, 52))
FIRST_MONTH = np.datetime64("2016-03", "M")
MONTHS = (month_of(MONDAYS) - FIRST_MONTH).astype(int)
DREAM_WEEKS = week_range(monday_of_week(2014, 1), MONDAYS[-1])
UNTIL = np.datetime64("2016-12-31")

BENEFITS = {
    "Kontanthjælp": Benefit(passive=730, practice=736, subsidy=733, other=(735, 737, 738)),
    "Ressourceforløbsydelse": Benefit(passive=810, practice=816, subsidy=814, other=(815, 817, 818)),
}
EARLIER = {
    "Kontanthjælp": (
        Earlier((730, 735), 0.35, 30),
        Earlier((0,), 0.35, 22),
        Earlier((890,), 0.15, 20),
        Earlier((111,), 0.1, 16),
        Earlier((651,), 0.05, 30),
    ),
    "Ressourceforløbsydelse": (
        Earlier((730, 735), 0.6, 45),
        Earlier((890,), 0.25, 26),
        Earlier((0,), 0.15, 10),
    ),
}


NOTHING = Life()


@dataclass
class Person:
    """One synthetic person."""

    group: str
    week: int  # 0 is 2016-W09
    entry: np.datetime64
    frame: Frame
    life: Life = NOTHING
    site: str = ""
    benefit: str = ""
    id: str = ""

    @property
    def seen(self) -> Weeks:
        return render(self.life, self.frame)

    @property
    def completed(self) -> tuple[int, int] | None:
        """First and last week of the spell of 91 days at one place, for those who entered before October."""
        return cal.TALLY.completed(self.life, self.frame, self.seen)

    @property
    def tied(self) -> bool:
        spell = self.completed
        return spell is not None and cal.TALLY.is_tied(self.life, self.frame, spell)


def people(rng: np.random.Generator) -> list[Person]:
    """Everybody, with entry days and lives fitted to the curves, in order of entry."""
    everyone: list[Person] = []
    for number, group in enumerate(("deltager", "kontrol")):
        mine = [_newcomer(rng, group, week) for week, count in enumerate(cal.ENTER[group]) for _ in range(count)]
        chance = np.random.default_rng([cal.SEED, number])
        fitted = fit(
            chance,
            [person.frame for person in mine],
            cal.PROCESS[group],
            cal.TALLY,
            cal.targets(chance, group),
            proposals=cal.PROPOSALS[group],
            heat=cal.HEAT,
            allowed=cal.no_hours_at_a_limit,
        )
        for person, life in zip(mine, fitted.lives, strict=True):
            person.life = life
        everyone += mine
    _give_sites(rng, everyone)
    everyone = [everyone[at] for at in rng.permutation(len(everyone))]
    everyone.sort(key=lambda person: person.entry)
    for number, person in enumerate(everyone, start=1):
        person.id = f"S{number:06d}"
    return everyone


def _newcomer(rng: np.random.Generator, group: str, week: int) -> Person:
    """Entry on a working day: from 1 March in the first week, before 1 December in its week, not on 26 December."""
    first, last = {0: (1, 4), 39: (0, 2), cal.WEEKS - 1: (1, 4)}.get(week, (0, 4))
    entry = workday(rng, MONDAYS[week], first=first, last=last)
    late = int((entry - MONDAYS[week]).astype(int))
    frame = Frame(cal.WEEKS - week, tuple(MONTHS[week:].tolist()), late=late, short=1)
    return Person(group, week, entry, frame)


def _give_sites(rng: np.random.Generator, everyone: list[Person]) -> None:
    """Sites at random within strata, so that the counts by site are exact."""
    columns = dict(
        zip(("before", "autumn", "december", "completed", "tied"), zip(*cal.SITES.values(), strict=True), strict=True)
    )
    strata = {
        "tied": columns["tied"],
        "completed": np.subtract(columns["completed"], columns["tied"]),
        "before": np.subtract(columns["before"], columns["completed"]),
        "autumn": columns["autumn"],
        "december": columns["december"],
        "control": spread(cal.CONTROLS, np.sum([columns[name] for name in ("before", "autumn", "december")], axis=0)),
    }
    members: dict[str, list[Person]] = {name: [] for name in strata}
    for person in everyone:
        members[_stratum(person)].append(person)
    for name, counts in strata.items():
        sites = labels(rng, dict(zip(cal.SITES, (int(count) for count in counts), strict=True)))
        for person, site in zip(members[name], sites, strict=True):
            person.site = site
    for group in cal.ENTER:
        mine = [person for person in everyone if person.group == group]
        on_resource = exactly(rng, len(mine), round(cal.ON_RESOURCE * len(mine)))
        for person, chosen in zip(mine, on_resource, strict=True):
            person.benefit = "Ressourceforløbsydelse" if chosen else "Kontanthjælp"


def _stratum(person: Person) -> str:
    if person.group == "kontrol":
        return "control"
    if person.week >= 31:
        return "december" if person.week >= 40 else "autumn"
    if person.completed is None:
        return "before"
    return "tied" if person.tied else "completed"


def dream(rng: np.random.Generator, everyone: list[Person]) -> pd.DataFrame:
    """One row per person, a code per ISO week as text, empty without benefit."""
    table = np.zeros((len(everyone), len(DREAM_WEEKS)), dtype=np.int64)
    start = len(DREAM_WEEKS) - cal.WEEKS
    gone = _gone(everyone)
    for row, person in enumerate(everyone):
        benefit, seen = BENEFITS[person.benefit], person.seen
        leading = {}
        if seen.practice[0]:
            leading = {benefit.practice: int(rng.geometric(0.2))}
        elif seen.subsidy[0]:
            leading = {benefit.subsidy: int(rng.integers(2, 14))}
        elif seen.quarters[0] >= LEAVES_BENEFIT_QUARTERS:
            leading = {0: int(rng.integers(1, 6))}
        before = codes_before(
            rng,
            start + person.week,
            benefit,
            EARLIER[person.benefit],
            at_least=52 if person.benefit == "Kontanthjælp" else 12,
            mean=24,
            active=0.22,
            in_practice=0.12,
            leading=leading,
        )
        after = codes_of_life(rng, seen, benefit, active=0.3 if person.group == "deltager" else 0.25)
        if row in gone:
            after[gone[row] :] = [997] * (len(after) - gone[row])
        table[row] = before + after
    years = [
        f"y_{monday.astype(object).isocalendar()[0] % 100:02d}{monday.astype(object).isocalendar()[1]:02d}"
        for monday in DREAM_WEEKS
    ]
    texts = np.where(table > 0, table.astype(str), "")
    order = rng.permutation(len(everyone))
    frame = pd.DataFrame(texts[order], columns=years)
    frame.insert(0, "PNR", [everyone[at].id for at in order])
    return frame


def _gone(everyone: list[Person]) -> dict[int, int]:
    """Row -> weeks until emigration of three persons who entered late and have done nothing yet."""
    idle = [
        row
        for row, person in enumerate(everyone)
        if person.life == NOTHING and person.week == (40 if person.group == "deltager" else 36)
    ]
    treated = [row for row in idle if everyone[row].group == "deltager"][:2]
    controls = [row for row in idle if everyone[row].group == "kontrol"][:1]
    return dict.fromkeys(treated, 2) | dict.fromkeys(controls, 4)


def paid_hours(rng: np.random.Generator, everyone: list[Person]) -> tuple[pd.DataFrame, dict[str, bool]]:
    """Records of person, month and hours from 2014 on, and who had ordinary hours in the year before entry."""
    rows: list[tuple[str, np.datetime64, float]] = []
    worked: dict[str, bool] = {}
    for person in everyone:
        own = records(FIRST_MONTH, int(MONTHS[-1]), person.life.job, person.life.subsidy)
        here = FIRST_MONTH + np.timedelta64(person.frame.months[0], "M")
        began = own[0][0] if person.life.job is not None and person.life.job.first <= person.frame.months[0] else None
        if began is not None:
            length = int(rng.integers(1, 10))
            own = [(began - np.timedelta64(back, "M"), own[0][1]) for back in range(length, 0, -1)] + own
        elif rng.random() < 0.11:
            ended = here - np.timedelta64(int(rng.integers(2, 22)), "M")
            level = int(rng.integers(12, 130))
            months = range(int(rng.integers(1, 9)))
            own = [(ended - np.timedelta64(back, "M"), month_hours(level)) for back in reversed(months)] + own
        own = [record for record in own if record[0] >= np.datetime64("2014-01", "M")]
        rows += [(person.id, *record) for record in own]
        subsidised = person.life.subsidy is not None and person.life.subsidy.first < person.frame.months[0]
        worked[person.id] = not subsidised and any(here - np.timedelta64(12, "M") <= month < here for month, _ in own)
    frame = pd.DataFrame(
        {
            "person": [row[0] for row in rows],
            "maaned": [str(row[1]) for row in rows],
            "loentimer": [f"{row[2]:.2f}".replace(".", ",") for row in rows],
        }
    )
    return frame.sort_values(["maaned", "person"], kind="stable"), worked


def participants(
    rng: np.random.Generator, everyone: list[Person], codes: pd.DataFrame, worked: dict[str, bool]
) -> pd.DataFrame:
    """Who, where, which group, since when, and background. Chance alone decides background within a group."""
    by_person = codes.set_index("PNR")
    start = len(DREAM_WEEKS) - cal.WEEKS
    on_benefit = by_person.to_numpy() != ""
    place = {person: row for row, person in enumerate(by_person.index)}
    rows = []
    ages = _ages(rng, everyone)
    yes = {name: _yes_by_group(rng, everyone, share) for name, share in cal.BACKGROUND.items()}
    for row, person in enumerate(everyone):
        at = start + person.week
        rows.append(
            {
                "person": person.id,
                "kommune": person.site,
                "gruppe": person.group,
                "visitationsdato": str(person.entry),
                "alder": int(ages[row]),
                **{name: int(answers[row]) for name, answers in yes.items()},
                "ydelse": person.benefit,
                "uger_paa_ydelse": int(on_benefit[place[person.id], at - 104 : at].sum()),
                "job_seneste_aar": int(worked[person.id]),
            }
        )
    return pd.DataFrame(rows)


def _ages(rng: np.random.Generator, everyone: list[Person]) -> np.ndarray:
    """(n,) ages with the same spread in each group: quantiles of one distribution, each moved a little by chance."""
    ages = np.zeros(len(everyone))
    for group in cal.ENTER:
        members = np.flatnonzero([person.group == group for person in everyone])
        quantiles = norm.ppf((np.arange(len(members)) + 0.5) / len(members))
        ages[members] = 44.5 + 8.2 * quantiles[rng.permutation(len(members))] + rng.normal(0, 3, len(members))
    return np.clip(np.rint(ages), 30, 64)


def _yes_by_group(rng: np.random.Generator, everyone: list[Person], share: float) -> np.ndarray:
    """(n,) a trait that about `share` of each group has: an allocation that happened to be even."""
    yes = np.zeros(len(everyone), dtype=bool)
    for group in cal.ENTER:
        members = np.flatnonzero([person.group == group for person in everyone])
        yes[members[exactly(rng, len(members), round(len(members) * (share + rng.normal(0, 0.01))))]] = True
    return yes


def make(out: Path) -> None:
    """Write every extract to `out`."""
    # One stream of chance per extract, so that a change in one leaves the others as they are.
    everyone = people(_chance("people"))
    codes = dream(_chance("benefits"), everyone)
    hours, worked = paid_hours(_chance("hours"), everyone)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(participants(_chance("participants"), everyone, codes, worked), out / "deltagere.csv")
    write_parquet(codes, out / "dream.parquet")
    write_csv(hours, out / "timer.csv")
    write_csv(casework_events(_chance("casework"), everyone, MONDAYS, UNTIL), out / "sagsforloeb.csv")
    write_csv(citizens(_chance("citizens"), everyone), out / "borgersurvey.csv")
    stamp = datetime(2017, 1, 31)
    staff_sheets = staff(_chance("staff"))
    write_stata(staff_sheets, out / "medarbejdersurvey.dta", stamp=stamp, label="Medarbejdersurvey, syntetisk")


def _chance(what: str) -> np.random.Generator:
    return np.random.default_rng([cal.SEED, *what.encode("ascii")])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)"
    )
    make(parser.parse_args().out)
