"""What every analysis works with: the trial, its data, the ledger in the making, and who was counted, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.measure_values import panel_values, person_values, values_of
from reportlib.disclosure.register import PERSON, Counted, Members, Register, Setting
from reportlib.errors import ReportlibError
from reportlib.estimators.by_part import PartRow
from reportlib.estimators.regression import MeanDifference
from reportlib.estimators.shares_and_means import (
    Levels,
    Mean,
    Places,
    Share,
    ShareDifference,
    TableTest,
    levels_by_place,
    mean,
    mean_of,
    share,
)
from reportlib.estimators.week_by_week import WeeklyDifference
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import DIFFERENCE, others_than, week_label
from reportlib.registers.cells import as_text
from reportlib.registers.data import BoolArray, FloatArray, TrialData
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec, Population
from reportlib.trial.model import Trial

Codes = npt.NDArray[np.int64]
Labels = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Column:
    """Which rows a column of values makes: their group, time and window."""

    group: str
    time: str
    window: str


@dataclass(frozen=True, slots=True)
class Side:
    """A place, or all places but it, and the site its rows are called by."""

    place: int
    others: bool = False
    site: str = ""


class EmptyPopulationError(ReportlibError):
    """An analysis would be about nobody."""


@dataclass
class Context:
    """One run of the analysis. Values of measures are computed once and kept."""

    trial: Trial
    data: TrialData
    ledger: LedgerBuilder
    _panel: dict[str, FloatArray] = field(default_factory=dict)
    _person: dict[str, FloatArray] = field(default_factory=dict)
    _everybody: dict[str, FloatArray] = field(default_factory=dict)
    _who: dict[tuple[str, str], BoolArray] = field(default_factory=dict)
    _texts: dict[str, Labels] = field(default_factory=dict)

    @property
    def persons(self) -> int:
        return len(self.data.persons)

    @property
    def level(self) -> float:
        """The level of significance."""
        return self.trial.design.level

    def measures(self, ids: Iterable[str]) -> list[MeasureSpec]:
        """The measures of trial.yml with these ids."""
        return [self.trial.measure_by_id[measure_id] for measure_id in ids]

    def panel_measure(self, measure: MeasureSpec) -> FloatArray:
        """(n, weeks), NaN where not followed or outside the measure's population."""
        if measure.id not in self._panel:
            if measure.population:
                inside = self.members(measure.population)[:, None]
                self._panel[measure.id] = np.where(inside, panel_values(measure, self.data), np.nan)
            else:
                self._panel[measure.id] = values_of(measure.id, self.data)
        return self._panel[measure.id]

    def person_measure(self, measure: MeasureSpec) -> FloatArray:
        """(n,), NaN outside the denominator, which includes the measure's population."""
        if measure.id not in self._person:
            values = self._of_everybody(measure)
            if measure.population:
                values = np.where(self.members(measure.population), values, np.nan)
            self._person[measure.id] = values
        return self._person[measure.id]

    def _of_everybody(self, measure: MeasureSpec) -> FloatArray:
        """(n,) the measure, whoever belongs to its population."""
        if measure.id not in self._everybody:
            self._everybody[measure.id] = person_values(measure, self.data)
        return self._everybody[measure.id]

    def in_group(self, group_id: str) -> BoolArray:
        """(n,) who belongs to the group."""
        return self._found("group", group_id, lambda: (self.data.persons["group"] == group_id).to_numpy())

    def at_positions(self, rows: Any) -> BoolArray:
        """(n,) who stands at one of the positions."""
        inside = np.zeros(self.persons, dtype=np.bool_)
        inside[np.asarray(rows, dtype=np.int64)] = True
        return inside

    @cached_property
    def site_of_persons(self) -> Codes:
        """(n,) the place of each person's site in trial.yml."""
        return self.site_codes(self.data.persons["site"])

    def site_codes(self, sites: Any) -> Codes:
        """(units,) the place of each site in trial.yml, and the one after the last for units of no site."""
        names = self.trial.sites.names
        codes = pd.Index(names).get_indexer(pd.Index(sites))
        return np.where(codes < 0, len(names), codes)

    @property
    def efter(self) -> BoolArray:
        """(n,) who entered in the period of the effort, and not in the period before."""
        return ~self.data.persons["group"].isin([group.id for group in self.trial.groups.before]).to_numpy()

    @property
    def delt_komm(self) -> BoolArray:
        """(n,) who belongs to the places that take part: the treated, and those of the period before."""
        first = self.trial.groups.before[:1]
        ids = [group.id for group in (self.trial.groups.treated, *first)]
        return self.data.persons["group"].isin(ids).to_numpy()

    @property
    def treated(self) -> BoolArray:
        return self.in_group(self.trial.groups.treated.id)

    def members(self, population_id: str) -> BoolArray:
        """(n,) who belongs to the population.

        Raises:
            EmptyPopulationError: nobody does.
        """
        population = self.trial.population_by_id[population_id]
        inside = self._found("population", population_id, lambda: self._members(population))
        if not inside.any():
            raise EmptyPopulationError(
                f"population {population.id} of {self.trial.id} has no members",
                hint="check its conditions in trial.yml against the participants extract",
            )
        return inside

    def _members(self, population: Population) -> BoolArray:
        persons = self.data.persons
        inside = np.ones(len(persons), dtype=np.bool_)
        if population.group:
            inside &= self.in_group(population.group)
        if population.started_before:
            inside &= (persons["start"] < pd.Timestamp(population.started_before)).to_numpy()
        if population.having:
            inside &= self._of_everybody(self.trial.measure_by_id[population.having]) == 1
        if population.without:
            inside &= self._of_everybody(self.trial.measure_by_id[population.without]) == 0
        for column, value in population.background.items():
            inside &= self.texts(column) == value
        return inside

    def texts(self, column: str) -> Labels:
        """(n,) a background column as text, "" for missing."""
        if column not in self._texts:
            codes, values = pd.factorize(self.data.persons[column], use_na_sentinel=False)
            self._texts[column] = np.array([as_text(value) for value in values], dtype=object)[codes]
        return self._texts[column]

    def _found(self, kind: str, name: str, find: Callable[[], BoolArray]) -> BoolArray:
        """What `find` gives, found once and kept; nobody may write in it."""
        if (kind, name) not in self._who:
            inside = find()
            inside.flags.writeable = False
            self._who[kind, name] = inside
        return self._who[kind, name]

    def population_text(self, measure: MeasureSpec, group_id: str = "") -> str:
        """Who a number counts, in Danish: the population's label, or that of the group (of a survey, who answers)."""
        if measure.population:
            return self.trial.population_by_id[measure.population].label
        return self._group_labels.get(group_id) or self.everybody

    @cached_property
    def _group_labels(self) -> dict[str, str]:
        surveys = {name: survey.respondents for name, survey in self.trial.extracts.surveys.items()}
        return surveys | {group.id: group.many for group in self.trial.every_group}

    @cached_property
    def everybody(self) -> str:
        """All groups of the trial in words: `deltagere og kontrolgruppe`."""
        return " og ".join(group.many for group in self.trial.all_groups)

    def add(self, measure: MeasureSpec, statistic: str, behind: Counted | Setting, **row: Any) -> Estimate:
        """Add a row of a measure; `row` are its other columns, as `LedgerBuilder.add` takes them.

        Without `group` it is of the difference between all, without `population` of those whom the measure counts in
        the group; a `week` stands for the time and the window of that event week.
        """
        group, week = row.pop("group", ""), row.pop("week", None)
        who = {
            "group": group or DIFFERENCE,
            "population": row.pop("population", "") or self.population_text(measure, group),
        }
        when = {} if week is None else {"time": week_label(week), "window": week_window(week)}
        return self.ledger.add(behind, measure=measure.id, statistic=statistic, **who, **when, **row)

    def level_keys(
        self, measure: MeasureSpec, groups: Iterable[str], *, site: str = "", subgroup: str = "", time: str = ""
    ) -> tuple[str, ...]:
        """The keys of the shares or means of the groups: what a difference between them is made of."""
        return tuple(
            make_key(measure.id, statistic="mean", group=group, site=site, subgroup=subgroup, time=time)
            for group in groups
        )

    @cached_property
    def group_ids(self) -> tuple[str, ...]:
        """The groups that are compared."""
        return tuple(group.id for group in self.trial.all_groups)

    def add_average(
        self,
        measure: MeasureSpec,
        values: FloatArray,
        *,
        group: str,
        window: str,
        inside: BoolArray | None = None,
        units: str = PERSON,
        subgroup: str = "",
        time: str = "",
        population: str = "",
    ) -> Estimate:
        """Add the share (unit pct) or mean of `values` without missing ones; a row already there is returned.

        `values` has one for each person, or for each sheet of the survey that `units` names; `inside` says of whom the
        number is, everybody where it is None.
        """
        key = make_key(measure.id, statistic="mean", group=group, subgroup=subgroup, time=time)
        if key in self.ledger:
            return self.ledger[key]
        known = values[known_in(values, inside)]
        counted, level = who_counts(values, inside, units), self.level
        found = share(int(known.sum()), len(known), level=level) if measure.is_binary else mean(known, level=level)
        where = {"group": group, "subgroup": subgroup, "time": time}
        return self._add_level(measure, found, counted, window=window, population=population, **where)

    def add_by_site(
        self,
        measure: MeasureSpec,
        values: FloatArray,
        sites: Codes,
        columns: Sequence[Column],
        *,
        units: str = PERSON,
        population: str = "",
        empty: bool = True,
    ) -> None:
        """Add the levels of every site and of all other sites, site by site.

        `sites` is as `site_codes` gives them, negative where a unit counts nowhere; the rest as in `add_columns`.
        """
        names = self.trial.sites.names
        sides = [
            Side(place, others, others_than(site) if others else site)
            for place, site in enumerate(names)
            for others in (False, True)
        ]
        self.add_columns(measure, values, sites, sides, columns, units=units, population=population, empty=empty)

    def sites_of(self, inside: BoolArray) -> Iterator[tuple[str, Members]]:
        """Each site, and all others beside it, with those of the persons `inside` who are there."""
        places = Places(self.site_of_persons, len(self.trial.sites.names) + 1)
        sets = (self.ledger.register or Register(self.persons)).crossed(inside[:, None], places)
        for place, site in enumerate(self.trial.sites.names):
            yield site, sets.members(place, 0, others=False)
            yield others_than(site), sets.members(place, 0, others=True)

    def add_columns(
        self,
        measure: MeasureSpec,
        values: FloatArray,
        places: Codes,
        sides: Sequence[Side],
        columns: Sequence[Column],
        *,
        units: str = PERSON,
        population: str = "",
        empty: bool = True,
    ) -> None:
        """Add, as `add_average` does, the level of every side in every column of `values`, all computed at once.

        `values` is (units, columns), `places` (units,), negative where a unit counts nowhere. Without `empty`, columns
        in which nobody has a value have no row.
        """
        wanted = [
            (side, at, column)
            for side in sides
            for at, column in enumerate(columns)
            if make_key(measure.id, statistic="mean", group=column.group, site=side.site, time=column.time)
            not in self.ledger
        ]
        if not wanted:
            return
        of = Places(places, 1 + max([int(places.max(initial=0)), *(side.place for side in sides)]))  # some hold nobody
        own = levels_by_place(values, of, counts_only=measure.is_binary)
        others = own.of_others() if any(side.others for side in sides) else own
        known = ~np.isnan(values)
        register = self.ledger.register or Register(self.persons)
        n, k = (register.crossed(mask, of, units) for mask in (known, known & (values != 0)))
        for side, at, column in wanted:
            levels = others if side.others else own
            if not (empty or levels.n[side.place, at]):
                continue
            found = _level_of(levels, side.place, at, measure, self.level)
            known_there, other_than_0 = (sets.members(side.place, at, others=side.others) for sets in (n, k))
            counted = Counted(n=known_there, k=other_than_0, units=units)
            where = {"group": column.group, "site": side.site, "time": column.time, "window": column.window}
            self._add_level(measure, found, counted, population=population, **where)

    def _add_level(self, measure: MeasureSpec, found: Share | Mean, counted: Counted, **where: str) -> Estimate:
        if isinstance(found, Mean):
            return self.add(measure, "mean", counted, **mean_columns(found), **where)
        return self.add(measure, "share", counted, **share_columns(found), **where)


def _level_of(levels: Levels, place: int, column: int, measure: MeasureSpec, level: float) -> Share | Mean:
    """The share or the mean of a place in a column."""
    n, nonzero = int(levels.n[place, column]), int(levels.nonzero[place, column])
    if measure.is_binary:
        return share(nonzero, n, level=level)
    value = float(levels.total[place, column]) / n if n else float("nan")
    variance = float(levels.squares[place, column]) / (n - 1) if n > 1 else float("nan")
    return mean_of(n, nonzero, value, variance, level=level)


def known_in(values: FloatArray, inside: BoolArray | None = None) -> BoolArray:
    """Whose value is known, among all or among those `inside`."""
    known = ~np.isnan(values)
    return known if inside is None else inside & known


def who_counts(values: FloatArray, inside: BoolArray | None = None, units: str = PERSON) -> Counted:
    """Who is in the share or the mean of `values`: those with a value, and among them those with another than 0."""
    known = known_in(values, inside)
    return Counted(n=known, k=known & (values != 0), units=units)


def mean_columns(average: Mean) -> dict[str, Any]:
    """A Mean as ledger columns; `k` is how many values differ from zero: what the mean rests on."""
    interval = {"se": average.se, "ci_low": average.ci_low, "ci_high": average.ci_high}
    return {"value": average.value, "k": average.n_nonzero, "n": average.n, **interval, "method": "t"}


def share_columns(part: Share) -> dict[str, Any]:
    """A Share as ledger columns, in pct."""
    value = 100 * part.k / part.n if part.n else None  # exactly: 100 * (k / n) is not
    interval = {"ci_low": 100 * part.ci_low, "ci_high": 100 * part.ci_high}
    return {"value": value, "k": part.k, "n": part.n, **interval, "method": "Wilson"}


def welch_columns(found: MeanDifference | PartRow) -> dict[str, Any]:
    """Welch's difference in means as ledger columns."""
    interval = {"ci_low": found.ci_low, "ci_high": found.ci_high}
    return {"value": found.difference, "se": found.se, "df": found.df, **interval, "p": found.p, "method": "Welch"}


def week_columns(result: WeeklyDifference, at: int) -> dict[str, Any]:
    """The difference of a week, by its place, as ledger columns."""
    interval = {"ci_low": result.ci_low[at], "ci_high": result.ci_high[at]}
    return {"value": result.difference[at], "se": result.se[at], "df": result.df[at], **interval, "p": result.p[at]}


def test_columns(tested: TableTest) -> dict[str, Any]:
    """A test of a table as ledger columns."""
    found = {"value": tested.statistic, "df": tested.df, "p": tested.p}
    return {"unit": Unit.COEFFICIENT, **found, "n": tested.n, "method": tested.name}


def newcombe_columns(found: ShareDifference) -> dict[str, Any]:
    """A difference of two shares as ledger columns, in points."""
    parts = {name: 100 * getattr(found, name) for name in ("se", "ci_low", "ci_high")}
    return {"value": 100 * found.difference, **parts, "method": "Newcombe"}


def week_window(week: int) -> str:
    """The window of an event week, in Danish."""
    return f"uge {week} efter start"


def first_weeks_window(last: int) -> str:
    """The window from the first event week to the week `last`: `uge 1 til 35 efter start`."""
    return f"uge 1 til {last} efter start" if last > 1 else week_window(last)
