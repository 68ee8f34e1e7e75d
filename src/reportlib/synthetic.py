"""Extracts of persons who do not exist, made up from trial.yml alone: a report is written before the registers come.

They are microdata that the ordinary pipeline reads and analyses like any others, never finished tables. Every person,
code and answer is drawn by chance under a few stated assumptions; nothing is fitted to a result. What is drawn follows
what trial.yml asks for: its groups, sites, columns, benefit groups, kinds of event, questions. The extracts of the five
trials, whose numbers must hit published ones, are made by `data/<trial>/synthetic.py` with `tools/calibrating/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import xlsxwriter

from reportlib.registers.codebook import Codebook
from reportlib.registers.event_weeks import WeekPattern, monday_of, month_of, week_range
from reportlib.text.units import Unit
from reportlib.trial.analyses import Division, Scales, SeriesAnalysis, SiteAnswers
from reportlib.trial.design import Group, Kind
from reportlib.trial.extracts import BackgroundKind, MonthlySeries, Survey, WeeklyOutcome
from reportlib.trial.measures import (
    Background,
    DreamShare,
    EventCount,
    EventInWeek,
    EventRegular,
    LongestAtOnePlace,
    RecordedWeekly,
    SurveyAnswers,
    SurveyAtLeast,
    SurveyMean,
    SurveyScale,
    SurveyShare,
    TimeTo,
    UnbrokenBefore,
)
from reportlib.trial.model import Trial
from reportlib.trial.references import divisions_of

Days = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LONG_TERM = (
    "kontanthjaelp",
    "uddannelseshjaelp",
    "ledighedsydelse",
    "ressourceforloeb",
    "sygedagpenge",
    "jobafklaring",
    "a-dagpenge",
)
"""Benefits that a person may be on for years, likeliest first: what participants come from unless trial.yml says."""

# The chance world, a week: plain numbers that a reader of the made-up report can hold its figures against.
_TO_WORK, _FROM_WORK = 0.008, 0.02
_TO_OTHER, _FROM_OTHER = 0.006, 0.06
_YEARS_ON_BENEFIT = 1.0
_ELSEWHERE = 0.2  # enter from another state than the usual one
_SMALL_JOBS = 0.04
_EVENT, _EVENT_WEEKS = 0.6, 6.0
_OTHER_EVENT, _OTHER_DAYS = "anden registrering", 45.0  # what caseworkers register that no measure counts
_ANSWERED, _STAFF = 0.6, 8
_DAY, _WEEK = np.timedelta64(1, "D"), np.timedelta64(7, "D")
_SCALES = {"who5": (0, 5), "gse": (1, 4)}
_YEARS, _WEEKS_KNOWN, _AMOUNT = (20, 60), (0, 104), (0, 100)


@dataclass(frozen=True)
class Assumptions:
    """What the made-up persons are like.

    Attributes:
        persons: in each group; None is 40 a site, and 300 at least.
        effect: how many times as often the treated come to work and to what is registered of them; 1 is no effect.
        seed: the same seed gives the same extracts.
    """

    persons: int | None = None
    effect: float = 1.0
    seed: int = 1


@dataclass(frozen=True)
class People:
    """Everybody of the trial: arrays of n persons, group by group.

    Attributes:
        ids, group, site: (n,) texts; `group` is the group's id.
        entry, last: (n,) first day, and last day that extracts cover.
        pace: (n,) how many times as often as others the person comes to something.
    """

    ids: npt.NDArray[np.object_]
    group: npt.NDArray[np.object_]
    site: npt.NDArray[np.object_]
    entry: Days
    last: Days
    pace: Floats

    def __len__(self) -> int:
        return len(self.ids)


def made_up(trial: Trial, codebook: Codebook, assumptions: Assumptions) -> dict[str, pd.DataFrame]:
    """File name as in trial.yml -> the extract, for every extract of the trial; equal input gives equal frames."""
    return _World(trial, codebook, assumptions).extracts()


@dataclass(frozen=True)
class _World:
    trial: Trial
    codebook: Codebook
    assumptions: Assumptions

    def chance(self, what: str) -> np.random.Generator:
        """A stream for each extract, so that a change in one leaves the others as they are."""
        return np.random.default_rng([self.assumptions.seed, *what.encode("utf-8")])

    def extracts(self) -> dict[str, pd.DataFrame]:
        source = self.trial.extracts
        made = {source.participants.file: self._participants()}
        if source.dream is not None:
            made[source.dream.file] = self._dream()
        if source.paid_hours is not None:
            made[source.paid_hours.file] = self._paid_hours()
        if source.casework is not None:
            made[source.casework.file] = self._casework()
        for name, outcome in source.weekly.items():
            made[outcome.file] = self._weekly(name, outcome)
        for name, survey in source.surveys.items():
            made[survey.file] = self._survey(name, survey)
        for name, series in source.series.items():
            made[series.file] = self._series(name, series)
        return made

    @cached_property
    def people(self) -> People:
        trial, rng = self.trial, self.chance("people")
        size = self.assumptions.persons or max(300, 40 * len(trial.sites.names))
        parts = [self._group(rng, group, size) for group in trial.every_group]
        group, site, entry, last, pace = (np.concatenate(each) for each in zip(*parts, strict=True))
        ids = np.array([f"SYN{number:06d}" for number in rng.permutation(len(entry)) + 1], dtype=object)
        return People(ids, group, site, entry, last, pace)

    def _group(self, rng: np.random.Generator, group: Group, size: int) -> tuple[Any, ...]:
        """Group, site, entry, last day and pace of the members of one group; every site has its share of them."""
        trial, period, follow_up = self.trial, self.trial.period, self.trial.follow_up
        treated = group in (trial.groups.treated, trial.groups.treated_before)
        others = trial.sites.elsewhere if trial.design.kind is Kind.QUASI_EXPERIMENT else ()
        places = trial.sites.names if treated or not others else others
        before = group in trial.groups.before
        first, last = (period.before_first, period.before_last) if before else (period.first, period.last)
        covered = (follow_up.before_last_day if before else None) or follow_up.last_day
        begin, end = np.datetime64(first, "D"), np.datetime64(last, "D")
        entry = begin + rng.integers(0, int((end - begin) / _DAY) + 1, size) * _DAY
        site = np.array([places[at % len(places)] for at in range(size)], dtype=object)
        pace = self.assumptions.effect if group == trial.groups.treated else 1.0
        return (
            np.full(size, group.id, dtype=object),
            rng.permutation(site),
            entry,
            np.full(size, np.datetime64(covered, "D")),
            np.full(size, float(pace)),
        )

    def _participants(self) -> pd.DataFrame:
        spec, people, rng = self.trial.extracts.participants, self.people, self.chance("participants")
        value = {group.id: group.value for group in self.trial.every_group}
        table = {
            spec.person: people.ids,
            spec.site: people.site,
            spec.group: [value[group] for group in people.group],
            spec.start: people.entry.astype(str),
        }
        table |= {name: self._background(rng, name) for name in spec.background}
        return pd.DataFrame(table)

    def _background(self, rng: np.random.Generator, name: str) -> npt.NDArray[Any]:
        """A column of the background: of the kind that trial.yml says or shows by what it compares the column with."""
        spec, n = self.trial.extracts.participants, len(self.people)
        kind, unit = spec.background_kinds.get(name), spec.background_units.get(name)
        values = self._compared_with(name)
        if kind is BackgroundKind.DATE:
            return (self.people.entry - rng.integers(7, 5 * 365, n) * _DAY).astype(str)
        if unit is not None or kind is BackgroundKind.NUMBER:
            low, high = {Unit.YEARS: _YEARS, Unit.WEEKS: _WEEKS_KNOWN}.get(unit or Unit.COUNT, _AMOUNT)
            return rng.integers(low, high, n, endpoint=True)
        if values and not values <= {"0", "1"}:
            return rng.choice(sorted(values), n)
        return (rng.random(n) < rng.uniform(0.3, 0.7)).astype(np.int64)

    def _compared_with(self, column: str) -> set[str]:
        """The values that trial.yml compares a column of the background with."""
        trial = self.trial
        found = set(trial.extracts.participants.background_values.get(column, ()))
        found |= {one.background[column] for one in trial.populations if column in one.background}
        for measure in trial.measures:
            if isinstance(measure.computed, Background) and measure.computed.column == column:
                found |= {measure.computed.equals} if measure.computed.equals is not None else set()
        for division in self._divisions():
            if division.column == column:
                found |= set(division.values)
        return found if len(found) > 1 or found <= {"0", "1"} else found | {"Andet"}

    def _divisions(self) -> Iterator[Division]:
        return (division for analysis in self.trial.analyses for division in divisions_of(analysis))

    # The weeks before and after entry: one code a week, from which the hours follow.

    @cached_property
    def mondays(self) -> Days:
        """The Mondays of every week from the first that anybody needs to the last that is covered."""
        first = monday_of(self.people.entry.min()[None])[0] - self.trial.follow_up.weeks_before * _WEEK
        return week_range(np.datetime64(first), monday_of(self.people.last.max()[None])[0])

    @cached_property
    def _states(self) -> list[int]:
        """A code of no benefit, of the benefit that participants come from, and of every other group that is named."""
        named = list(dict.fromkeys(group for _, groups in self._dream_groups() for group in groups))
        named = [group for group in named if group not in self.codebook.censoring]
        base = next((group for group in (*self._came_from(), *LONG_TERM) if group in named), None) or next(
            (group for group in LONG_TERM if group in self.codebook.groups), next(iter(self.codebook.groups))
        )
        return [0, *(self._code(group) for group in dict.fromkeys([base, *named]))]

    def _dream_groups(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for measure in self.trial.measures:
            if isinstance(measure.computed, DreamShare):
                yield measure.id, measure.computed.groups

    def _came_from(self) -> Iterator[str]:
        """Benefits of the states that measures count from: who leaves a state must be in it."""
        groups = dict(self._dream_groups())
        for measure in self.trial.measures:
            computed = measure.computed
            state = computed.state if isinstance(computed, TimeTo) else None
            state = computed.measure if isinstance(computed, UnbrokenBefore) else state
            yield from groups.get(state or "", ())

    def _code(self, group: str) -> int:
        """A code of the group that was in use in all weeks, of no other group where there is one."""
        ends = self.mondays[[0, -1]]
        codes = [code for entry in self.codebook.entries if entry.group == group for code in _codes(entry.ranges)]
        good = [code for code in codes if self.codebook.valid(np.array(code), ends).all()] or codes
        return min(good, key=lambda code: (len(self.codebook.groups_of([code])[0]), code))

    @cached_property
    def _lives(self) -> Integers:
        """(n, weeks) the state of each person in each week, as a place in `_states`; 0 is in work, 1 the benefit.

        Most have been on the benefit for about a year when they enter, and came to it from work.
        """
        people, rng = self.people, self.chance("lives")
        n, many = len(people), len(self._states)
        since = self._week(people.entry) - rng.geometric(1 / (52 * _YEARS_ON_BENEFIT), n)
        entered = self._week(people.entry)
        begins = np.where((rng.random(n) < _ELSEWHERE) & (many > 2), 2 + rng.integers(0, max(many - 2, 1), n), 1)
        state = np.zeros(n, dtype=np.int64)
        lives = np.zeros((n, len(self.mondays)), dtype=np.int64)
        for week in range(len(self.mondays)):
            chance = rng.random(n)
            pace = np.where(week >= entered, people.pace, 1.0)
            to_work, to_other = _TO_WORK * pace, _TO_OTHER * (many - 2)
            other = 2 + rng.integers(0, max(many - 2, 1), n)
            moved = np.where(chance < to_work, 0, np.where(chance < to_work + to_other, other, 1))
            moved = np.where(
                state == 1, moved, np.where(chance < np.where(state == 0, _FROM_WORK, _FROM_OTHER), 1, state)
            )
            state = np.where(week < since, 0, np.where(week == since, 1, np.where(week == entered, begins, moved)))
            lives[:, week] = state
        return lives

    def _week(self, days: Days) -> Integers:
        return np.asarray((monday_of(days) - self.mondays[0]) / _WEEK, dtype=np.int64)

    def _dream(self) -> pd.DataFrame:
        spec = self.trial.extracts.dream
        assert spec is not None
        codes = np.array(self._states)[self._lives]
        names = [WeekPattern(spec.weeks).name(monday) for monday in self.mondays]
        frame = pd.DataFrame(np.where(codes > 0, codes.astype(str), ""), columns=names)
        frame.insert(0, spec.person, self.people.ids)
        return frame

    def _paid_hours(self) -> pd.DataFrame:
        """Hours in the months of weeks in work, and now and then of a small job beside the benefit."""
        spec, people, rng = self.trial.extracts.paid_hours, self.people, self.chance("hours")
        assert spec is not None
        months = month_of(self.mondays)
        rows = []
        level = rng.integers(10, 36, len(people))
        for month in np.unique(months):
            share = (self._lives[:, months == month] == 0).mean(axis=1)
            small = rng.random(len(people)) < _SMALL_JOBS * people.pace
            hours = np.where(share > 0, share * level * 4, np.where(small, rng.integers(8, 40, len(people)), 0))
            if not hours.any():  # a month of which nobody has a record is refused as missing
                hours[rng.integers(len(people))] = 8
            rows.append(
                pd.DataFrame({spec.person: people.ids, spec.month: str(month), spec.hours: np.round(hours, 2)})[
                    hours > 0
                ]
            )
        return pd.concat(rows, ignore_index=True)

    def _casework(self) -> pd.DataFrame:
        """What is registered of persons from their entry on; nothing of those of the period before."""
        spec, people = self.trial.extracts.casework, self.people
        assert spec is not None
        now = np.flatnonzero(np.isin(people.group, [group.id for group in self.trial.all_groups]))
        entry, pace = people.entry[now], people.pace[now]
        last = people.last[now] if spec.last_day is None else np.full(len(now), spec.last_day, dtype="datetime64[D]")
        tables = []
        for kind, (every, spell) in self._event_kinds().items():
            rng = self.chance(f"event {kind}")
            day, left = entry, np.ones(len(now), dtype=bool) if every else rng.random(len(now)) < _EVENT
            while True:
                day = day + np.rint(rng.exponential(every or 7 * _EVENT_WEEKS, len(now)) / pace).astype(int) * _DAY
                left = left & (day <= last)
                if not left.any():
                    break
                end = np.minimum(day + rng.integers(28, 140, len(now)) * _DAY, last)
                place = "Arbejdsplads " + pd.Series(rng.integers(1, 4, len(now))).astype(str)
                tables.append(
                    pd.DataFrame(
                        {
                            spec.person: people.ids[now],
                            spec.kind: kind,
                            spec.start: day.astype(str),
                            spec.end: end.astype(str) if spell else "",
                            spec.place: place if spell else "",
                        }
                    )[left]
                )
                if every is None:
                    break
        return pd.concat(tables, ignore_index=True).drop_duplicates(ignore_index=True)

    def _event_kinds(self) -> dict[str, tuple[float | None, bool]]:
        """Kind of event -> days between two of them (None: once at most), and whether it lasts."""
        found: dict[str, tuple[float | None, bool]] = {_OTHER_EVENT: (_OTHER_DAYS, False)}
        for measure in self.trial.measures:
            computed = measure.computed
            every = 0.6 * computed.max_gap_days if isinstance(computed, EventRegular) else None
            every = 28.0 if isinstance(computed, EventCount) else every
            spell = isinstance(computed, LongestAtOnePlace) or (isinstance(computed, EventInWeek) and computed.spells)
            for kind in getattr(computed, "events", ()):
                before, lasted = found.get(kind, (None, False))
                days = [each for each in (before, every) if each is not None]
                found[kind] = (min(days) if days else None, lasted or spell)
        return found

    def _weekly(self, name: str, spec: WeeklyOutcome) -> pd.DataFrame:
        """0 and 1 where a measure counts persons, else hours a week that grow slowly."""
        people, rng, weeks = self.people, self.chance(f"weekly {name}"), self.trial.follow_up.weeks
        units = [one.unit for one in self.trial.measures if _reads_weekly(one.computed, name)]
        start = rng.integers(0, 20, len(people))
        frame = {spec.person: people.ids}
        for week in range(1, weeks + 1):
            followed = monday_of(people.entry) + week * _WEEK - _DAY <= people.last
            if Unit.PCT in units:
                values = (rng.random(len(people)) < np.minimum(0.2 * people.pace, 1)).astype(np.int64)
            else:
                values = np.clip(start + np.rint(rng.normal(0.03 * week * people.pace, 1, len(people))), 0, 37)
            filled = followed & (week not in spec.empty_weeks)
            frame[spec.weeks.replace("{W}", str(week))] = np.where(filled, values.astype(int).astype(str), "")
        return pd.DataFrame(frame)

    def _survey(self, name: str, spec: Survey) -> pd.DataFrame:
        people, rng = self.people, self.chance(f"survey {name}")
        order = self._numbering(name)
        if spec.person is None:
            one_each = any(
                getattr(self.trial.measure_by_id[measure].computed, "survey", None) == name
                for analysis in self.trial.analyses
                if isinstance(analysis, SiteAnswers)
                for measure in analysis.measures
            )
            site = np.repeat(np.array(self.trial.sites.names, dtype=object), 1 if one_each else _STAFF)
            table: dict[str, Any] = {spec.site: site} if spec.site is not None else {}
            at = np.arange(len(site))
        else:
            asked = np.isin(people.group, [group.id for group in self.trial.all_groups])
            at = np.flatnonzero(asked & (rng.random(len(people)) < _ANSWERED))
            if order is not None:
                at = np.repeat(at, rng.integers(1, len(order[1]) + 1, len(at)))
            table = {spec.person: people.ids[at]}
            table |= {spec.site: people.site[at]} if spec.site is not None else {}
        for item in spec.items:
            table[item] = rng.choice(self._answers(name, item), len(at))
        if order is not None:
            sheet = pd.Series(at).groupby(at).cumcount().to_numpy()
            table[order[0]] = np.array(order[1], dtype=object)[sheet]
        return pd.DataFrame(table)

    def _numbering(self, survey: str) -> tuple[str, list[str]] | None:
        """The item that says which measurement a sheet is, and its answers in order."""
        for analysis in self.trial.analyses:
            if isinstance(analysis, Scales):
                computed = self.trial.measure_by_id[analysis.counts].computed
                if isinstance(computed, SurveyAnswers) and computed.survey == survey:
                    return computed.item, list(computed.answers)
        return None

    def _answers(self, survey: str, item: str) -> list[Any]:
        """What can be answered: the scale, or the texts that measures and divisions name."""
        named: list[Any] = []
        scale: list[tuple[int, int]] = []
        for measure in self.trial.measures:
            computed = measure.computed
            if getattr(computed, "survey", None) != survey or item not in _items(computed):
                continue
            match computed:
                case SurveyMean():
                    scale.append((computed.low, computed.high))
                case SurveyScale():
                    scale.append(_SCALES[computed.scale])
                case SurveyAnswers():
                    named += list(computed.answers)
                case SurveyShare() | SurveyAtLeast():
                    named += [*computed.answers, *getattr(computed, "not_counted", ())]
                case _:
                    pass
        if scale:
            return list(range(min(low for low, _ in scale), max(high for _, high in scale) + 1))
        named += [value for division in self._divisions() if division.item == item for value in division.values]
        numbers = [int(value) for value in named if isinstance(value, int) or value.isdigit()]
        if len(numbers) == len(named) and numbers:
            return list(range(0 if max(numbers) == 1 else 1, max(numbers) + 1))
        texts = list(dict.fromkeys(str(value) for value in named))
        return texts + (["Nej"] if "Ja" in texts and "Nej" not in texts else []) or [1, 2, 3, 4, 5]

    def _series(self, name: str, spec: MonthlySeries) -> pd.DataFrame:
        rng, trial = self.chance(f"series {name}"), self.trial
        dates = [trial.period.first, trial.follow_up.last_day]
        for analysis in trial.analyses:
            if isinstance(analysis, SeriesAnalysis):
                dates += [day for day in (analysis.first, analysis.last, analysis.change_from) if day is not None]
        months = np.arange(np.datetime64(min(dates), "M"), np.datetime64(max(dates), "M") + 1)
        base = rng.integers(200, 2000, len(trial.sites.everywhere))
        rows = [
            (str(month), area, int(rng.binomial(size, 0.3)), int(size))
            for month in months
            for area, size in zip(trial.sites.everywhere, base, strict=True)
        ]
        return pd.DataFrame(rows, columns=[spec.month, spec.area, spec.count, spec.base])


def _codes(ranges: Iterable[tuple[int, int]]) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


def _reads_weekly(computed: object, name: str) -> bool:
    return isinstance(computed, RecordedWeekly) and computed.extract == name


def _items(computed: Any) -> tuple[str, ...]:
    """The columns of a survey that a measure reads."""
    item = getattr(computed, "item", None)
    return (item,) if item is not None else getattr(computed, "items", ())


# Extracts as files: equal tables are equal bytes.


def write_csv(frame: pd.DataFrame, path: Path, *, separator: str = ";") -> None:
    """UTF-8 text with one header row and `\\n` line ends on every system; missing cells are empty."""
    text = frame.to_csv(index=False, sep=separator, lineterminator="\n", date_format="%Y-%m-%d")
    path.write_bytes(text.encode("utf-8"))


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Parquet without the metadata of the program that made it."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pa_parquet.write_table(table, path, compression="zstd", use_dictionary=True, write_statistics=False)


def write_stata(frame: pd.DataFrame, path: Path, *, stamp: datetime, label: str) -> None:
    """Stata 14 or later (Unicode). `stamp` is the time the file says it was made: never the clock's."""
    frame.to_stata(path, write_index=False, version=118, time_stamp=stamp, data_label=label)


def write_xlsx(frames: Mapping[str, pd.DataFrame], path: Path, *, stamp: datetime) -> None:
    """A workbook with a sheet for each frame, its columns' names in the first row. `stamp` as for Stata."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True}) as book:
        book.set_properties({"created": stamp})
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(frame.columns))
            for place, column in enumerate(frame.columns):
                cells = frame[column].astype(object)
                sheet.write_column(1, place, [None if pd.isna(cell) else cell for cell in cells])
