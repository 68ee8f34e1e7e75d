"""Monthly counts by area: what is read, and each fault of the file in full, with its rows and a way out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from four_persons import SmallTrial, fault_of, file_of

from reportlib.registers.errors import SeveralFaultsError

MONTHS = ["2016-09", "2016-10", "2016-11"]
AREAS = ["Aarhus", "Køge"]
Row = tuple[str, str, str, str]


def rows(*, count: str = "300", base: str = "900") -> list[Row]:
    return [(month, area, count, base) for month in MONTHS for area in AREAS]


def given(clean: SmallTrial, records: list[Row]) -> SmallTrial:
    frame = pd.DataFrame(records, columns=["maaned", "omraade", "antal", "grundlag"])
    frame.to_csv(clean.folder / "serie.csv", sep=";", index=False)
    clean.spec["extracts"]["series"] = {"s": {"file": "serie.csv"}}
    return clean


def changed(at: int, place: int, text: str) -> list[Row]:
    made = [list(row) for row in rows()]
    made[at][place] = text
    return [tuple(row) for row in made]  # type: ignore[misc]


ALL = "order all its months"
CASES: dict[str, tuple[list[Row], list[str]]] = {
    "a month twice": (
        [*rows(), ("2016-10", "Køge", "310", "900")],
        ["serie.csv, rows 5, 8, column omraade: the same month and area stand twice"],
    ),
    "an area lacks a month": (
        rows()[:-1],
        [
            "serie.csv: 1 areas lack months, the first is Køge; all areas need 2016-09 to 2016-11\n"
            f"  hint: leave the area out of the file, or {ALL}"
        ],
    ),
    "no area has a month": (
        [row for row in rows() if row[0] != "2016-10"],
        ["serie.csv: no area has the month after 2016-09\n  hint: order the months that are missing"],
    ),
    "less than nobody": (
        changed(2, 2, "-1"),
        ["serie.csv, row 4, column antal: no whole number of persons"],
    ),
    "half a person": (changed(3, 3, "900.5"), ["serie.csv, row 5, column grundlag: no whole number of persons"]),
    "no month": (changed(0, 0, ""), ["serie.csv, row 2, column maaned: the cell is empty"]),
    "no count": (changed(1, 2, ""), ["serie.csv, row 3, column antal: the cell is empty"]),
}


@pytest.mark.parametrize(("records", "told"), CASES.values(), ids=CASES)
def test_each_fault_is_told_in_full(clean: SmallTrial, records: list[Row], told: list[str]) -> None:
    fault = fault_of(given(clean, records))
    faults = fault.faults if isinstance(fault, SeveralFaultsError) else (fault,)
    assert [str(one).partition("\n  hint: fill it in")[0] for one in faults] == told


def test_faults_of_one_file_are_told_together(clean: SmallTrial) -> None:
    fault = fault_of(given(clean, [*changed(2, 2, "-1"), ("2016-11", "Køge", "1", "x")]))
    assert isinstance(fault, SeveralFaultsError)
    assert [type(one).__name__ for one in fault.faults] == [
        "UnreadableNumberError", "NegativeCountError", "DuplicateMonthError",
    ]  # fmt: skip


def test_a_good_file_is_read_in_order_with_its_months(clean: SmallTrial) -> None:
    data = given(clean, rows()[::-1]).read()
    read = data.series["s"]
    assert read.iloc[:, :2].to_numpy().tolist() == [[month, area] for month in MONTHS for area in AREAS]
    file = file_of(data, "serie.csv")
    assert (file.rows, file.period) == (6, "2016-09 to 2016-11")


def test_two_months_that_are_declared_are_named(clean: SmallTrial, tmp_path: Path) -> None:
    clean.hours = clean.hours[~clean.hours["maaned"].isin(["2016-10", "2016-11"])].reset_index(drop=True)
    gap = {"first": "2016-10-01", "last": "2016-11-30", "why": "ordningen var lukket"}
    clean.spec["extracts"]["paid_hours"]["gaps"] = [gap]
    notes = [str(note) for note in file_of(clean.read(), "timer.csv").notes]
    assert "no record of anybody in 2016-10, 2016-11, as trial.yml declares" in notes
