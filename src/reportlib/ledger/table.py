"""The ledger: one row per number, aggregates only. Everything a document prints is looked up here.

`Estimate` is one row, `Ledger` the finished, immutable table with its header. Rows are made and checked by
`reportlib.analysis.ledger_builder.LedgerBuilder`; nothing else writes them. The file is JSON with one list per column,
because ten thousand rows then load in a few milliseconds; equal ledgers are equal bytes, so their SHA-256 names them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from math import log
from pathlib import Path
from statistics import NormalDist
from typing import Any

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.whole import write_whole
from reportlib.ledger.keys import AT_LEAST_TWO, DIFFERENCE, OTHERS
from reportlib.text.origin import Origin, with_origin
from reportlib.text.units import Unit, null_value

FORMAT_VERSION = 1

# Statistics that a key does not spell out: a measure has one of them, and it is what the reader expects.
PLAIN_STATISTICS = frozenset({"share", "mean", "count", "difference"})


class UnknownKeyError(ReportlibError):
    """A document asked for a number the ledger does not hold."""


class LedgerFileError(ReportlibError):
    """A ledger file cannot be used: missing, cut, of another format, or with numbers that contradict themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a number means: one entry of the trial's measure catalogue, as the ledger stores it."""

    id: str
    label: str
    unit: Unit
    definition: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with all that is needed to print, trace and test it.

    `value`, `se`, `ci_low` and `ci_high` are in `unit` (shares in per cent, 0 to 100); `k` and `n` are persons. For a
    mean, `k` is how many of the `n` persons have a value different from zero: what the number rests on. `suppressed` is
    empty or "hidden" (before the ledger is finished, why); a suppressed row has no value, k, n, error or interval.
    """

    key: str
    measure: str
    statistic: str
    unit: Unit
    population: str
    window: str = ""
    data_date: str = ""
    group: str = ""
    site: str = ""
    subgroup: str = ""
    time: str = ""
    value: float | None = None
    k: int | None = None
    n: int | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    df: float | None = None
    method: str = ""
    suppressed: str = ""

    @property
    def hidden(self) -> bool:
        """True when disclosure control has taken the value away."""
        return bool(self.suppressed)

    @property
    def number(self) -> float:
        """The value, for code that must have one.

        Raises:
            HiddenValueError: the row is suppressed or was not estimable.
        """
        if self.value is None:
            if not self.hidden:
                hint = "there was nobody to compute it for: look at the measure's population and the extract"
                raise HiddenValueError(f"{self.key} was not estimable", hint=hint)
            raise HiddenValueError(f"{self.key} is hidden, and is needed here", hint=_WHY_HIDDEN)
        return self.value

    @property
    def week(self) -> int | None:
        """The event week of a row whose time is `uge<t>`, otherwise None."""
        return _week(self.time, self.key)


_WHY_HIDDEN = (
    "it rests on fewer persons than the threshold, or would give a number away that does; ask for the whole trial in "
    "place of a place, for an earlier week or a larger part, put small parts together in trial.yml, or leave it out "
    "(docs/disclosure.md)"
)


class HiddenValueError(ReportlibError):
    """A number was needed that disclosure control hides."""

    usual_hint = "name another number, or leave the sentence out"


@lru_cache(maxsize=50_000)  # a report asks for the week of every row of a measure again and again
def _week(time: str, key: str) -> int | None:
    if not (time.startswith("uge") and time[3:].isdigit()):
        return None
    return with_origin(int(time[3:]), Origin(key, "time"))


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Estimate))
_NUMBERS = ("value", "k", "n", "se", "ci_low", "ci_high", "p", "df")
_EMPTY_TEXT = {field.name: field.default for field in fields(Estimate) if field.default == ""}


def make_key(
    measure: str,
    *,
    statistic: str,
    group: str = "",
    site: str = "",
    subgroup: str = "",
    time: str = "",
) -> str:
    """The readable, unique key of a row: `measure.group.time.site=X.subgroup=Y.statistic` without its empty parts.

    A site beginning with `OTHERS` (all other sites than the one named) gives `oevrige=X`.

    >>> make_key('timer', statistic='difference', group='forskel', time='uge35', site='Aarhus')
    'timer.forskel.uge35.site=Aarhus'
    >>> make_key('timer', statistic='p_holm', group='forskel')
    'timer.forskel.p_holm'
    """
    parts = [measure, group, time]
    if site.startswith(OTHERS):
        parts.append(f"oevrige={site.removeprefix(OTHERS)}")
    elif site:
        parts.append(f"site={site}")
    if subgroup:
        parts.append(f"subgroup={subgroup}")
    if statistic not in PLAIN_STATISTICS:
        parts.append(statistic)
    return ".".join(filter(None, parts))


@dataclass(frozen=True)
class Ledger:
    """A finished ledger: header, measure catalogue and rows. Immutable; `hash` names the content."""

    header: Mapping[str, Any]
    measures: Mapping[str, Measure]
    columns: Mapping[str, list[Any]]

    def __len__(self) -> int:
        return len(self.columns["key"])

    def __iter__(self) -> Iterator[Estimate]:
        return (self._row(index) for index in range(len(self)))

    def __contains__(self, key: object) -> bool:
        return key in self._index

    def __getitem__(self, key: str) -> Estimate:
        try:
            return self._row(self._index[key])
        except KeyError:
            raise UnknownKeyError(f"the ledger has no number {key!r}", hint=self._near(key)) from None

    def get(self, key: str) -> Estimate | None:
        """The row, or None: for numbers that a trial may or may not have."""
        index = self._index.get(key)
        return None if index is None else self._row(index)

    def select(self, **wanted: str) -> list[Estimate]:
        """All rows whose columns equal `wanted`, in ledger order."""
        if not wanted:
            return list(self)
        found = [self._places(name).get(value, set()) for name, value in wanted.items()]
        fewest, *others = sorted(found, key=len)  # sets are compared in the time of the smaller
        for other in others:
            fewest = fewest & other
        return [self._row(index) for index in sorted(fewest)]

    def measure(self, measure_id: str) -> Measure:
        """The catalogue entry of `measure_id`.

        Raises:
            UnknownKeyError: the trial has no such measure.
        """
        try:
            return self.measures[measure_id]
        except KeyError:
            raise UnknownKeyError(
                f"the measure catalogue has no {measure_id!r}", hint=did_you_mean(measure_id, self.measures)
            ) from None

    def tells_in_steps(self, measure_id: str) -> bool:
        """True of a measure that cannot fall and whose weekly levels wait until enough persons have come to them."""
        return measure_id in self.header.get("held_back", {})

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The canonical JSON of the ledger: sorted keys, shortest exact floats, `\\n` at the end."""
        columns = {
            name: ["" if value is None and name in _EMPTY_TEXT else value for value in column]
            for name, column in self.columns.items()
        }
        document = {
            "format": FORMAT_VERSION,
            "header": dict(self.header),
            "measures": [{f.name: getattr(entry, f.name) for f in fields(Measure)} for entry in self.measures.values()],
            "columns": columns,
        }
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8") + b"\n"

    def save(self, path: Path) -> None:
        """Write the ledger to `path`, whole or not at all."""
        write_whole(path, self.to_bytes())

    @cached_property
    def _index(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.columns["key"])}

    def _places(self, name: str) -> dict[Any, set[int]]:
        """Value -> the places of its rows, of a column."""
        places = self._by_column.get(name)
        if places is None:
            places = self._by_column[name] = {}
            for index, value in enumerate(self.columns[name]):
                places.setdefault(value, set()).add(index)
        return places

    @cached_property
    def _by_column(self) -> dict[str, dict[Any, set[int]]]:
        return {}

    @cached_property
    def _rows(self) -> dict[int, Estimate]:
        return {}

    def _row(self, index: int) -> Estimate:
        """The row, whose numbers remember that they are its; made when first asked for, and kept."""
        row = self._rows.get(index)
        if row is None:
            values = {name: column[index] for name, column in self.columns.items()}
            key = values["key"]
            numbers = {name: with_origin(values[name], Origin(key, name)) for name in _NUMBERS if name in values}
            row = self._rows[index] = Estimate(**{**values, **numbers, "unit": Unit(values["unit"])})
        return row

    def _near(self, key: str) -> str | None:
        head = key.split(".")[0]
        same_measure = [known for known in self._index if known.split(".")[0] == head]
        return did_you_mean(key, same_measure or sorted({known.split(".")[0] for known in self._index}))


# Which row tests a result, and its p-value, alone and allowing for the tests beside it.


Find = Callable[[str], Estimate | None]
"""A ledger's `get`, or that of one in the making."""


_COMPARED = ("difference", "hazard_ratio", "over_benchmark")
TESTED = frozenset({*_COMPARED, "change"})
"""Statistics whose verdict can be a result."""


def tested_row(find: Find, measure: str, *, group: str, site: str = "", time: str = "") -> Estimate | None:
    """The row whose verdict is a measure's result: a difference, a ratio of rates, the distance to a benchmark, or how
    a score has changed among those of `group` with two measurements or more."""
    for name in _COMPARED:
        if (row := find(make_key(measure, statistic=name, group=DIFFERENCE, site=site, time=time))) is not None:
            return row
    return find(make_key(measure, statistic="change", group=group, site=site, subgroup=AT_LEAST_TWO))


def corrected_key(row: Estimate) -> str:
    """The key of a tested row's p-value after Holm: of a planned result in its family, of a site among all sites."""
    return make_key(
        row.measure, statistic="p_holm", group=row.group, site=row.site, subgroup=row.subgroup, time=row.time
    )


def standard_error(row: Estimate, level: float) -> float | None:
    """That of the normal estimate whose interval the row has; of a ratio of rates that of its logarithm."""
    low, high = row.ci_low, row.ci_high
    if low is None or high is None:
        return None
    if row.unit is Unit.HAZARD_RATIO:
        low, high = log(low), log(high)
    return (high - low) / 2 / NormalDist().inv_cdf(1 - level / 2)


def p_of(row: Estimate, level: float) -> float | None:
    """The row's p-value; where it has an interval only, that of the normal estimate whose interval it is."""
    if row.p is not None or row.value is None or (error := standard_error(row, level)) is None:
        return row.p
    apart = log(row.value) if row.unit is Unit.HAZARD_RATIO else row.value - null_value(row.unit)
    return 2 * NormalDist().cdf(-abs(apart) / error) if error else 0.0
