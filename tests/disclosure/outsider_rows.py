"""What lies before an outsider: the rows of a released ledger; and, for the score alone, what was true.

Nothing here or in the other `outsider_*` modules comes from reportlib: what protects and what attacks share no code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COMPARED = "forskel"
ALL_OF_THEM = "alle"
NOT_HERE = "øvrige:"

# Rows about sites, weeks, areas or designs: their k and n are no persons of the trial, or persons that do not exist.
_NO_PERSONS = frozenset(
    {
        "first_lasting_week",
        "first_significant_week",
        "last_significant_week",
        "maximum_week",
        "significant_weeks",
        "heterogeneity",
        "monthly",
        "mean_of_months",
        "detectable",
        "needed",
        "parameter",
        "units_per_gain",
        "p_holm",
        "p_bh",
        "joint_test",
        "sheets",
        "share_of_milestone",
    }
)
_NO_PERSONS_BEGIN = ("sites_", "weeks_", "forecast_", "pace", "probability")

# Rows of the group of comparisons that count persons all the same.
_COUNTED_TOGETHER = frozenset({"share_only_before", "share_only_after", "matched_treated", "matched_others"})

# Rows whose value, k and n are another row's.
REPEATING = frozenset({"maximum", "minimum", "lowest_site", "highest_site", "cost_per_unit", "over_benchmark"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row as released (`value`, `k`, `n` and the rest are None where they are not), and its true counts."""

    key: str
    measure: str
    statistic: str
    population: str
    group: str
    site: str
    subgroup: str
    time: str
    method: str
    value: float | None
    k: int | None
    n: int | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    hidden: bool
    true_k: int | None
    true_n: int | None
    true_value: float | None

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.group, self.site, self.subgroup, self.time

    @property
    def is_share(self) -> bool:
        return self.statistic.startswith("share") or self.statistic == "exit_rate"

    @property
    def counts_persons(self) -> bool:
        """Whether the k and n are numbers of persons (or of answer sheets) of the trial."""
        if self.statistic in _NO_PERSONS or self.statistic.startswith(_NO_PERSONS_BEGIN):
            return False
        return self.group != COMPARED or self.statistic in _COUNTED_TOGETHER

    @property
    def week(self) -> int | None:
        digits = self.time.removeprefix("projekt").removeprefix("uge")
        return int(digits) if self.time and digits.isdigit() else None

    @property
    def roles(self) -> list[str]:
        """Which of `k` and `n` such a row has, shown or not."""
        return [role for role, count in (("k", self.true_k), ("n", self.true_n)) if count is not None]


def read_rows(released: Mapping[str, Sequence[Any]], true: Mapping[str, Sequence[Any]]) -> list[Row]:
    """Rows of the columns of two ledgers: the one that is released and the one before anything was hidden."""
    at = {key: index for index, key in enumerate(true["key"])}
    given = _Columns(released)
    rows = []
    for index, key in enumerate(released["key"]):
        was = at[key]
        rows.append(
            Row(
                key=key,
                **{
                    name: given.text(name, index)
                    for name in ("measure", "statistic", "population", "group", "site", "subgroup", "time", "method")
                },
                **{name: given.number(name, index) for name in ("value", "k", "n", "se", "ci_low", "ci_high", "p")},
                hidden=bool(given.text("suppressed", index)),
                true_k=true["k"][was],
                true_n=true["n"][was],
                true_value=true["value"][was],
            )
        )
    return rows


class _Columns:
    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._columns = columns

    def text(self, name: str, index: int) -> str:
        return str(self._columns[name][index] or "") if name in self._columns else ""

    def number(self, name: str, index: int) -> Any:
        return self._columns[name][index] if name in self._columns else None


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of persons that is too small to be told: `k`, `n` or those without (`n-k`) of a row."""

    row: Row
    what: str
    true: int

    def __str__(self) -> str:
        return f"{self.row.key} [{self.what}]"


def small_cells(rows: Sequence[Row], threshold: int) -> Iterator[Cell]:
    """Every count of 1 to threshold - 1 persons, hidden or not."""
    for row in rows:
        if not row.counts_persons or row.statistic in REPEATING:
            continue
        k, n = row.true_k, row.true_n
        without = n - k if k is not None and n is not None and row.statistic != "count" else None
        for what, count in (("k", k), ("n", n), ("n-k", without)):
            if count is not None and 0 < count < threshold:
                yield Cell(row, what, count)


def half(value: float) -> float:
    """Half a unit of the last decimal that is told."""
    decimals = len(repr(float(value)).partition(".")[2]) if value != round(value) else 0
    return 0.5 * 10.0**-decimals if decimals < 6 else 1e-9
