"""The clean trial written in other ways that mean the same: formats, separators, encodings, dates, order, parts."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
from four_persons import SmallTrial

FRAMES = {
    "participants": "deltagere",
    "dream": "dream",
    "hours": "timer",
    "casework": "sager",
    "citizens": "borgere",
    "weekly": "uger",
    "series": "ledighed",
}
SPECS = {"hours": "paid_hours"}
SEVERAL = {"citizens": "surveys", "weekly": "weekly", "series": "series"}
"""Kinds of extracts of which a trial may have several."""
IDS = dict.fromkeys(FRAMES, "person") | {"dream": "PNR", "series": "omraade"}
BY_WEEK = [f"uge_{week}" for week in range(1, 9)]
NUMBERS = {
    "gaeld": float,
    "loentimer": float,
    "alder": int,
    "kvinde": int,
    "mening": int,
    "antal": int,
    "grundlag": int,
}
NUMBERS |= dict.fromkeys(BY_WEEK, float)
DANISH = str.maketrans(",.", ".,")
DAYS = {"visitationsdato": ("participants",), "dato": ("casework",)}
DATE_FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%dT00:00:00", "%Y-%m-%d 12:30")
TEXT = ("csv", "tsv", "txt")
MONTH_FORMS: tuple[Callable[[str], str], ...] = (
    lambda month: month,
    lambda month: month.replace("-", ""),
    lambda month: month.replace("-", "M"),
    lambda month: f"{month[5:]}-{month[:4]}",
    lambda month: f"{month}-01",
)


class OtherWay:
    """One way of writing the trial, drawn from a seed; `said` tells what was chosen."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.said: list[str] = []
        self.mark: str | None = None  # of all parts of a source; it is the source's column that has one way of writing
        self.numbers: bool | None = None

    def choose(self, what: str, among: tuple[Any, ...]) -> Any:
        """One of `among`, noted."""
        place = int(self.draw.integers(0, len(among)))
        self.said.append(f"{what}: {place}")
        return among[place]

    def write(self, small: SmallTrial, folder: Path) -> dict[str, Any]:
        """Write every extract into `folder`; the trial's description, which names them, is returned."""
        spec = small.spec | {"extracts": {name: dict(one) for name, one in small.spec["extracts"].items()}}
        for kind in SEVERAL.values():
            spec["extracts"][kind] = {name: dict(one) for name, one in small.spec["extracts"][kind].items()}
        for frame, name in FRAMES.items():
            table = small.more[f"{name}.csv"] if f"{name}.csv" in small.more else getattr(small, frame)
            table = self.arranged(frame, table.copy())
            form = self.choose(f"{frame} form", (*TEXT, "parquet", "dta", "xlsx", "parts"))
            file = self.written(frame, table, folder, name, form)
            of = spec["extracts"][SPECS.get(frame, SEVERAL.get(frame, frame))]
            (next(iter(of.values())) if frame in SEVERAL else of)["file"] = file
        return spec

    def arranged(self, frame: str, table: pd.DataFrame) -> pd.DataFrame:
        """Other persons' records, the records in another order, and columns nobody asks for."""
        if frame not in ("participants", "series") and self.choose(f"{frame} strangers", (False, True)):
            strangers = table.sample(min(len(table), 30), random_state=1)
            strangers[IDS[frame]] = [f"99{number:08d}" for number in range(len(strangers))]
            table = pd.concat([table, strangers], ignore_index=True)
        if frame != "participants" and self.choose(f"{frame} order", (False, True)):
            table = table.sample(frac=1, random_state=2)
        if self.choose(f"{frame} more columns", (False, True)):
            table["bemaerkning"] = 'en "note"; med, tegn'
        order = self.choose(f"{frame} columns", ("as they are", "mixed", "backwards"))
        if order != "as they are":
            table = table.sample(frac=1, axis=1, random_state=3) if order == "mixed" else table.iloc[:, ::-1]
        return table.reset_index(drop=True)

    def written(self, frame: str, table: pd.DataFrame, folder: Path, name: str, form: str) -> str:
        """The name of the file, or folder of parts, that holds the table."""
        if form == "parts" or (frame == "weekly" and self.mark is None):  # one way of writing for all of it
            self.mark = self.choose("decimal mark of all", (",", "."))
            self.numbers = self.choose("typed numbers of all", (False, True))
            file = (
                self.parted(frame, table, folder, name)
                if form == "parts"
                else self.written(frame, table, folder, name, form)
            )
            self.mark = self.numbers = None
            return file
        path = folder / f"{name}.{form}"
        if form in TEXT:
            path.write_bytes(self.as_text(frame, table))
        elif form == "parquet":
            size = self.choose("row group", (7, 1000))
            self.typed(table, with_missing=True).to_parquet(path, index=False, row_group_size=size)
        elif form == "xlsx":
            self.typed(table, with_missing=True).replace("", None).to_excel(path, index=False, engine="xlsxwriter")
        else:
            pyreadstat.write_dta(self.typed(table, with_missing=False), str(path))
        return path.name

    def parted(self, frame: str, table: pd.DataFrame, folder: Path, name: str) -> str:
        """The name of the folder that holds the table in parts of one format."""
        (folder / name).mkdir()
        own = self.choose(f"{frame} parts", ("csv", "parquet", "dta", "xlsx"))
        for part, of_part in enumerate(self.parts(frame, table)):
            self.written(frame, of_part, folder, f"{name}/del{part}", own)
        return name

    def parts(self, frame: str, table: pd.DataFrame) -> list[pd.DataFrame]:
        """Some records each; of DREAM and outcomes by week some weeks each, or some records."""
        if frame in ("dream", "weekly") and self.choose(f"{frame} by weeks", (True, False)):
            weeks = [column for column in table.columns if column != IDS[frame]]
            return [table[[IDS[frame], *weeks[:5]]], table[[IDS[frame], *weeks[5:]]].sample(frac=1, random_state=4)]
        middle = len(table) // 2
        return [table.iloc[:middle].reset_index(drop=True), table.iloc[middle:].reset_index(drop=True)]

    def typed(self, table: pd.DataFrame, *, with_missing: bool) -> pd.DataFrame:
        """The table with numbers and days as such, and codes as numbers where the format knows missing ones."""
        table = table.copy()
        for column in table.columns:
            if column in NUMBERS and (
                self.numbers if self.numbers is not None else self.choose("typed numbers", (False, True))
            ):
                table[column] = table[column].str.replace(",", ".").astype(float).astype(NUMBERS[column])
            elif column in DAYS and self.choose("typed days", (False, True)):
                days = pd.to_datetime(table[column])
                table[column] = days if with_missing else days.dt.date
        weeks = [column for column in table.columns if column.startswith("y_")]
        if weeks and self.choose("typed codes", (False, True)):
            table[weeks] = table[weeks].apply(lambda week: pd.to_numeric(week.replace("", None)))
        return table

    def as_text(self, frame: str, table: pd.DataFrame) -> bytes:
        """The table as the text of a CSV file, in some encoding."""
        table = table.copy()
        for column in table.columns:
            if column in NUMBERS:
                mark = self.mark or self.choose("decimal mark", (",", "."))
                table[column] = table[column].str.replace(",", mark)
                if column == "gaeld" and mark == "," and self.choose("thousands", (False, True)):
                    table[column] = [f"{float(one.replace(',', '.')):,.2f}".translate(DANISH) for one in table[column]]
            if frame in DAYS.get(column, ()):
                table[column] = pd.to_datetime(table[column]).dt.strftime(self.choose("days", DATE_FORMS))
            if column == "maaned":
                table[column] = table[column].map(self.choose("months", MONTH_FORMS))
        if self.choose("names in capitals", (False, True)):
            table.columns = [column.upper() for column in table.columns]
        out = io.StringIO(newline="")
        table.to_csv(
            out,
            index=False,
            sep=self.choose("separator", (";", ",", "\t")),
            quoting=self.choose("quotation marks", (0, 1)),
            lineterminator="\n",
        )
        lines = out.getvalue().removesuffix("\n").split("\n")
        if self.choose("blank lines", (False, True)):
            lines[len(lines) // 2 : len(lines) // 2] = ["", "  "]
        text = self.choose("line ends", ("\n", "\r\n", "\r")).join(lines)
        text += self.choose("last line end", ("", "\n"))
        return text.encode(self.choose("encoding", ("utf-8", "utf-8-sig", "utf-16", "cp1252")))
