"""How much a trial inside whole-country registers costs: ours beside DuckDB, Polars and pandas, on the same files.

    python benchmarks/registers.py --persons 1000000 --participants 5000
    python benchmarks/registers.py --table          # all sizes that are aimed at, up to the whole country: an hour
    python benchmarks/registers.py --table 4        # the same with a fourth of the persons, for a smaller machine

Extracts are made from a fixed seed in a folder for temporary files, and deleted. Every engine runs in a process of its
own, which says how many CPU seconds it took (its start included) and its peak memory. All must give the same answer:
the DREAM code of every participant and event week, and the paid hours of every participant and month. DuckDB and Polars
are not among this project's dependencies: without them their rows are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import reportlib  # noqa: F401  (before NumPy, as the command line does: it says how NumPy takes memory)

# isort: split
import numpy as np

FIRST, LAST = date(2013, 12, 30), date(2018, 12, 24)  # Mondays of the first and the last week of DREAM
ENTRY = date(2016, 1, 4)
ENTRY_WEEKS, WEEKS, WEEKS_BEFORE = 52, 100, 100
CODES = ["111", "130", "522", "651", "730", "730", "736", "810", "813", "774"]
SITES = [f"Kommune {number:02d}" for number in range(98)]
MONTHS = 22
CHUNK = 50_000
ENGINES = ("reportlib", "duckdb", "polars", "pandas")
SEED = 20161003


# --- The extracts, made in one process and read in others


def week_names(weeks: int) -> list[str]:
    """Columns of so many weeks, up to LAST; of more than there are since 1990, the rest after it."""
    first = max(LAST - timedelta(days=7 * (weeks - 1)), date(1990, 1, 1))  # years before would read as 2084 and on
    mondays = [first + timedelta(days=7 * ahead) for ahead in range(weeks)]
    return [f"y_{monday.isocalendar().year % 100:02d}{monday.isocalendar().week:02d}" for monday in mondays]


def ids_of(numbers: np.ndarray) -> np.ndarray:
    """Ten digits each, the first often nought, in no order."""
    return np.char.zfill(((numbers * 7_919_000_003 + 17) % 10_000_000_019 % 10_000_000_000).astype(str), 10)


def month_names() -> list[str]:
    """The months of paid hours."""
    return [f"{2016 + month // 12}-{month % 12 + 1:02d}" for month in range(MONTHS)]


def make(folder: Path, persons: int, participants: int, weeks: int, forms: list[str], hours: bool) -> None:
    """Write the participants, DREAM in each of `forms`, paid hours and trial.yml."""
    import pandas as pd

    draw = np.random.default_rng(SEED)
    chosen = np.sort(draw.choice(persons, participants, replace=False))
    entry = np.datetime64(ENTRY) + 7 * draw.integers(0, ENTRY_WEEKS, participants) + draw.integers(0, 5, participants)
    people = pd.DataFrame(
        {
            "person": ids_of(chosen),
            "kommune": np.array(SITES)[draw.integers(0, len(SITES), participants)],
            "gruppe": np.array(["Deltager", "Kontrol"])[draw.integers(0, 2, participants)],
            "visitationsdato": entry.astype(str),
        }
    )
    people.sample(frac=1, random_state=1).to_csv(folder / "deltagere.csv", sep=";", index=False)
    for form in forms:
        write_dream(folder, persons, weeks, form)
    if hours:
        write_hours(folder, persons)
    for form in forms:
        (folder / f"trial.{form}.json").write_text(json.dumps(trial_of(form, hours)), encoding="utf-8")


def dream_chunks(persons: int, weeks: int) -> Any:
    """Ids and codes (persons, weeks), by their places in CODES: two spells of benefit in a life, or none.

    Codes are drawn for CHUNK persons and repeat: to draw them for a country would take longer than to read them.
    """
    draw = np.random.default_rng(SEED + 1)
    week = np.arange(weeks, dtype=np.int16)
    codes = np.zeros((min(CHUNK, persons), weeks), dtype=np.int8)
    for _ in range(2):
        begin = draw.integers(-60, weeks, len(codes))
        inside = (week >= begin[:, None]) & (week < (begin + draw.integers(0, weeks // 4, len(codes)))[:, None])
        codes = np.where(inside, draw.integers(1, len(CODES) + 1, len(codes), dtype=np.int8)[:, None], codes)
    for start in range(0, persons, CHUNK):
        size = min(CHUNK, persons - start)
        yield ids_of(np.arange(start, start + size)), codes[:size]


def write_dream(folder: Path, persons: int, weeks: int, form: str) -> None:
    """DREAM as one Parquet or text file, a folder of yearly Parquet parts, or a Stata file."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pa_parquet

    names = week_names(weeks)
    # Each text once: Arrow writes a dictionary that repeats one as plain texts, eight times as slow to read.
    each, place = np.unique(["", *CODES], return_inverse=True)
    texts, place = pa.array(each), place.astype(np.int8)
    if form == "dta":
        write_dta(folder / "dream.dta", persons, names, weeks)
        return
    parts = {"dream": list(range(weeks))}
    if form == "parts":
        (folder / "dream").mkdir(exist_ok=True)
        years = {name[2:4]: [at for at in range(weeks) if names[at][:4] == name[:4]] for name in names}
        asked = {name[2:4] for name in header_of(folder, form)}
        alike = {len(of): year for year, of in years.items() if year not in asked}  # one of each length is written
        parts = {f"dream/{year}": of for year, of in years.items() if year in asked or year in alike.values()}
    writers: dict[str, Any] = {}
    columns: list[Any] = []
    for ids, codes in dream_chunks(persons, weeks):
        if len(columns) != weeks or len(columns[0]) != len(codes):
            columns = [pa.DictionaryArray.from_arrays(pa.array(place[codes[:, at]]), texts) for at in range(weeks)]
            if form == "csv":
                columns = [column.cast(pa.string()) for column in columns]
        for name, of in parts.items():
            part = pa.table([pa.array(ids), *(columns[at] for at in of)], ["PNR", *(names[at] for at in of)])
            if name not in writers and form == "csv":
                options = pa_csv.WriteOptions(delimiter=";", quoting_style="none")
                writers[name] = pa_csv.CSVWriter(folder / f"{name}.csv", part.schema, write_options=options)
            elif name not in writers:  # without Arrow's schema the columns are plain texts, as others write them
                path = folder / f"{name}.parquet"
                writers[name] = pa_parquet.ParquetWriter(path, part.schema, store_schema=False)
            writers[name].write_table(part)
    for writer in writers.values():
        writer.close()
    for year, of in years.items() if form == "parts" else ():
        if f"dream/{year}" not in parts:
            copy_year(folder / "dream", alike[len(of)], year)


def copy_year(folder: Path, year: str, other: str) -> None:
    """The part of another year with as many weeks, for a year of which only the ids are ever looked at.

    The names of its columns stand in the foot of the file, and are as long as before.
    """
    content = (folder / f"{year}.parquet").read_bytes()
    foot = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    renamed = content[foot:].replace(f"y_{year}".encode(), f"y_{other}".encode())
    (folder / f"{other}.parquet").write_bytes(content[:foot] + renamed)


def write_dta(path: Path, persons: int, names: list[str], weeks: int) -> None:
    """A Stata file of any length: the frame of one row as pandas writes it, with all rows in its place."""
    import pandas as pd

    pattern = pd.DataFrame({"PNR": ["0" * 10], **{name: ["000"] for name in names}})
    pattern.to_stata(path, version=117, write_index=False)
    head, rest = path.read_bytes().split(b"<data>", 1)
    _, tail = rest.split(b"</data>", 1)
    more = (persons - 1) * (10 + 3 * weeks)
    at = head.index(b"<map>") + 5  # 14 offsets; those from the tenth on lie behind the rows
    offsets = np.frombuffer(head[at : at + 112], dtype="<u8").copy()
    offsets[10:] += more
    head = head[:at] + offsets.tobytes() + head[at + 112 :]
    count = head.index(b"<N>") + 3
    head = head[:count] + persons.to_bytes(4, "little") + head[count + 4 :]
    texts = np.array(["", *CODES], dtype="S3")
    with path.open("wb") as stream:
        stream.write(head + b"<data>")
        for ids, codes in dream_chunks(persons, weeks):
            rows = np.empty(len(ids), dtype=[("id", "S10"), ("codes", "S3", (weeks,))])
            rows["id"], rows["codes"] = ids.astype("S10"), texts[codes]
            stream.write(rows.tobytes())
        stream.write(b"</data>" + tail)


def write_hours(folder: Path, persons: int) -> None:
    """Paid hours as text: every month of everybody, month by month."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    draw = np.random.default_rng(SEED + 2)
    writer = None
    for month in month_names():
        for start in range(0, persons, CHUNK):
            size = min(CHUNK, persons - start)
            hours = draw.integers(0, 16100, size) / 100
            table = pa.table(
                {
                    "person": pa.array(ids_of(np.arange(start, start + size))),
                    "maaned": pa.array(np.full(size, month)),
                    "loentimer": pa.array(hours),
                }
            )
            if writer is None:
                options = pa_csv.WriteOptions(delimiter=";", quoting_style="none")
                writer = pa_csv.CSVWriter(folder / "timer.csv", table.schema, write_options=options)
            writer.write_table(table)
    if writer is not None:
        writer.close()


def trial_of(form: str, hours: bool) -> dict[str, Any]:
    """The trial that reads the extracts."""
    last = month_names()[-1]
    extracts: dict[str, Any] = {
        "participants": {"file": "deltagere.csv"},
        "dream": {"file": {"parts": "dream"}.get(form, f"dream.{form}")},
    }
    if hours:
        extracts["paid_hours"] = {"file": "timer.csv"}
    words = ("title", "subtitle", "description", "document_type", "commissioner", "evaluator")
    return {
        "id": "land",
        **dict.fromkeys(words, "Måling"),
        "report_date": "2019-03-01",
        "data_date": "2019-01-15",
        "synthetic": True,
        "design": {"kind": "randomised"},
        "groups": {
            "treated": {"id": "deltager", "value": "Deltager", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "kontrol", "value": "Kontrol", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
        },
        "sites": {"names": SITES},
        "period": {"first": "2016-01-01", "last": "2016-12-31"},
        "follow_up": {
            "last_day": f"{last}-28" if hours else "2018-12-30",
            "weeks": WEEKS,
            "weeks_before": WEEKS_BEFORE,
        },
        "extracts": extracts,
        "sources": {"alt": {"text": "Alt"}},
        "measures": [],
        "analyses": [],
    }


# --- The engines: each gives the DREAM codes and the hours of every participant, in the order of their file


def by_reportlib(folder: Path, form: str, hours: bool) -> dict[str, Any]:
    """The library's own door."""
    from reportlib.registers.read import read_trial
    from reportlib.trial.model import Trial

    trial = Trial.model_validate(json.loads((folder / f"trial.{form}.json").read_text(encoding="utf-8")))
    data = read_trial(trial, folder)
    return {
        "before": data.panel.dream_before,
        "after": data.panel.dream,
        "hours": data.panel.hours if hours else None,
    }


def in_event_time(people: Any, codes: np.ndarray, names: list[str], of_month: np.ndarray | None) -> dict[str, Any]:
    """What `by_reportlib` gives, from codes (persons, weeks) by calendar and hours (persons, months)."""
    entry = np.array(people, dtype="datetime64[D]")
    monday = entry - (entry.astype(int) + 3) % 7
    last_day = np.datetime64("2018-12-30") if of_month is None else np.datetime64(f"{month_names()[-1]}-28")
    first = np.datetime64(LAST) - 7 * (len(names) - 1)
    place = ((monday - first) // np.timedelta64(7, "D")).astype(int)
    wide = np.hstack([codes, np.full((len(codes), WEEKS), -1, codes.dtype)])
    rows = np.arange(len(codes))[:, None]
    followed = monday[:, None] + 7 * np.arange(WEEKS) + 6 <= last_day
    after = np.where(followed, wide[rows, place[:, None] + np.arange(WEEKS)], -1)
    before = wide[rows, place[:, None] + np.arange(-WEEKS_BEFORE, 0)]
    hours = None
    if of_month is not None:
        thursday = (monday[:, None] + 7 * np.arange(WEEKS) + 3).astype("datetime64[M]")
        month = (thursday - np.datetime64("2016-01")).astype(int)
        hours = np.where(followed, of_month[rows, np.clip(month, 0, MONTHS - 1)] * 12 / 52, np.nan)
    return {"before": before, "after": after, "hours": hours}


def people_of(folder: Path) -> Any:
    """The participants' ids and days of entry, as every engine but ours reads them."""
    import csv

    with (folder / "deltagere.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    return [row["person"] for row in rows], [row["visitationsdato"] for row in rows]


def as_codes(columns: list[np.ndarray]) -> np.ndarray:
    """(persons, weeks) numbers of columns of texts."""
    known: dict[Any, int] = {"": 0, None: 0}
    found = []
    for column in columns:
        texts, places = np.unique(np.where(column == None, "", column).astype(str), return_inverse=True)  # noqa: E711
        found.append(np.array([known.get(text) or int(text or 0) for text in texts], dtype=np.int32)[places])
    return np.column_stack(found)


def month_places(rows: np.ndarray, months: np.ndarray, hours: np.ndarray, persons: int) -> np.ndarray:
    """(persons, months) sums of hours."""
    names = {name: place for place, name in enumerate(month_names())}
    summed = np.zeros((persons, MONTHS))
    texts, places = np.unique(months.astype(str), return_inverse=True)
    np.add.at(summed, (rows, np.array([names[text] for text in texts])[places]), hours)
    return summed


def by_duckdb(folder: Path, form: str, hours: bool) -> dict[str, Any]:
    """A join with the participants."""
    import duckdb

    ids, starts = people_of(folder)
    names = header_of(folder, form)
    base = duckdb.connect()
    base.execute("CREATE TABLE people (id VARCHAR, place INTEGER)")
    base.execute(
        "INSERT INTO people SELECT person, row_number() OVER () - 1 FROM read_csv(?, delim=';', all_varchar=true)",
        [str(folder / "deltagere.csv")],
    )
    base.execute("SET preserve_insertion_order=true")
    of = {"csv": f"read_csv('{folder}/dream.csv', delim=';', all_varchar=true)"}.get(form, f"'{folder}/dream.parquet'")
    numbers = ", ".join(f"coalesce(try_cast({name} AS INTEGER), 0) AS {name}" for name in names)
    if form == "parts":
        years = sorted({name[2:4] for name in names})
        joined = " ".join(f"JOIN '{folder}/dream/{year}.parquet' y{year} ON y{year}.PNR = people.id" for year in years)
        found = base.execute(f"SELECT place, {numbers} FROM people {joined}").fetchnumpy()
    else:
        found = base.execute(f"SELECT place, {numbers} FROM {of} JOIN people ON PNR = id").fetchnumpy()
    order = np.argsort(found["place"])
    codes = np.column_stack([np.asarray(found[name])[order] for name in names])
    of_month = None
    if hours:
        got = base.execute(
            f"SELECT place, maaned, sum(CAST(loentimer AS DOUBLE)) s FROM read_csv('{folder}/timer.csv', delim=';',"
            " all_varchar=true) JOIN people ON person = id GROUP BY ALL"
        ).fetchnumpy()
        of_month = month_places(got["place"], np.asarray(got["maaned"]), got["s"], len(ids))
    return in_event_time(starts, codes, names, of_month)


def by_polars(folder: Path, form: str, hours: bool) -> dict[str, Any]:
    """A filter on the participants' ids."""
    import polars as pl

    ids, starts = people_of(folder)
    names = header_of(folder, form)
    place = {one: number for number, one in enumerate(ids)}
    wanted = pl.Series(ids).implode()

    def rows_of(frame: Any, columns: list[str]) -> Any:
        return frame.select(["PNR", *columns]).filter(pl.col("PNR").is_in(wanted)).collect(engine="streaming")

    if form == "parts":
        frames = []
        for year in dict.fromkeys(name[2:4] for name in names):
            columns = [name for name in names if name[2:4] == year]
            frames.append(rows_of(pl.scan_parquet(folder / "dream" / f"{year}.parquet"), columns).sort("PNR"))
        found = pl.concat([frames[0], *(frame.drop("PNR") for frame in frames[1:])], how="horizontal")
    elif form == "csv":
        found = rows_of(pl.scan_csv(folder / "dream.csv", separator=";", infer_schema=False), names)
    else:
        found = rows_of(pl.scan_parquet(folder / "dream.parquet"), names)
    order = np.argsort([place[one] for one in found["PNR"].to_list()])
    codes = as_codes([found[name].to_numpy()[order] for name in names])
    of_month = None
    if hours:
        scanned = pl.scan_csv(folder / "timer.csv", separator=";", infer_schema=False)
        got = scanned.filter(pl.col("person").is_in(wanted)).collect(engine="streaming")
        of_month = month_places(
            np.array([place[one] for one in got["person"].to_list()]),
            got["maaned"].to_numpy(),
            got["loentimer"].cast(pl.Float64).to_numpy(),
            len(ids),
        )
    return in_event_time(starts, codes, names, of_month)


def by_pandas(folder: Path, form: str, hours: bool) -> dict[str, Any]:
    """Everything read, then picked: as a first script does it."""
    import pandas as pd

    ids, starts = people_of(folder)
    names = header_of(folder, form)
    if form == "parts":
        frames = [pd.read_parquet(path).set_index("PNR").loc[ids] for path in sorted((folder / "dream").iterdir())]
        picked = pd.concat(frames, axis=1)
    elif form == "csv":
        picked = pd.read_csv(folder / "dream.csv", sep=";", dtype=str, keep_default_na=False).set_index("PNR").loc[ids]
    elif form == "dta":
        picked = pd.read_stata(folder / "dream.dta").set_index("PNR").loc[ids]
    else:
        picked = pd.read_parquet(folder / "dream.parquet").set_index("PNR").loc[ids]
    codes = as_codes([picked[name].to_numpy() for name in names])
    of_month = None
    if hours:
        read = pd.read_csv(folder / "timer.csv", sep=";", dtype={"person": str})
        got = read[read["person"].isin(ids)]
        place = pd.Series(range(len(ids)), index=ids)
        of_month = month_places(
            place[got["person"]].to_numpy(), got["maaned"].to_numpy(), got["loentimer"].to_numpy(), len(ids)
        )
    return in_event_time(starts, codes, names, of_month)


def header_of(folder: Path, form: str) -> list[str]:
    """The week columns that the trial needs: from WEEKS_BEFORE weeks before the first entry on."""
    first = ENTRY - timedelta(days=7 * WEEKS_BEFORE)
    weeks = (LAST - first).days // 7 + 1
    return week_names(weeks)


# --- Running and comparing


def child(engine: str, folder: Path, form: str, hours: bool) -> None:
    """Run one engine and print its costs; the answer goes to a file."""
    answer = globals()[f"by_{engine}"](folder, form, hours)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"cpu": used.ru_utime + used.ru_stime, "mb": peak_mb()}
    np.savez(folder / f"answer.{engine}.npz", **{name: cells for name, cells in answer.items() if cells is not None})
    print(json.dumps(cost))


def peak_mb() -> float:
    """Peak of this process alone (what a parent had in memory when it began does not count)."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(arguments: list[str]) -> dict[str, Any] | None:
    """What a child process prints, None when it fails."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        print("   ", done.stderr.strip().splitlines()[-1] if done.stderr else f"ended with {done.returncode}")
        return None
    return dict(json.loads(done.stdout)) if done.stdout.strip() else {}


def same(folder: Path, engine: str) -> bool:
    """Whether the engine's answer is ours; sums of hours may differ in the last digits."""
    ours, theirs = (np.load(folder / f"answer.{name}.npz") for name in ("reportlib", engine))
    return all(
        np.allclose(ours[name], theirs[name], rtol=1e-12, equal_nan=True)
        if name == "hours"
        else np.array_equal(ours[name], theirs[name])
        for name in ours.files
    )


@dataclass(frozen=True)
class Case:
    """One row of the table: which extracts, and who reads them."""

    persons: int
    participants: int
    weeks: int
    form: str
    hours: bool = False
    engines: tuple[str, ...] = ENGINES

    def smaller(self, times: int) -> Case:
        """The same with one in so many persons, and as many participants as there still are."""
        persons = self.persons // times
        return replace(self, persons=persons, participants=min(self.participants, persons))

    def __str__(self) -> str:
        hours = ", hours" if self.hours else ""
        return f"{self.participants:,} in {self.persons:,} x {self.weeks}, {self.form}{hours}"


MILLION = 1_000_000
TABLE = (
    Case(MILLION, 5_000, 260, "parquet"),
    Case(MILLION, 5_000, 260, "csv"),
    Case(MILLION, 5_000, 260, "csv", hours=True, engines=("reportlib", "duckdb", "polars")),
    Case(MILLION, MILLION, 260, "parquet", engines=("reportlib", "duckdb", "polars")),
    Case(MILLION, 5_000, 260, "dta", engines=("reportlib",)),  # pandas would hold the whole file
    Case(5_900_000, 5_000, 1_800, "parts", engines=("reportlib", "duckdb", "polars")),
    Case(20_000, 5_000, 260, "parquet", engines=("reportlib",)),  # growth: to be held against the first rows
    Case(20_000, 5_000, 260, "csv", engines=("reportlib",)),
)
ABLE = {"dta": ("reportlib", "pandas")}
"""Who can read a format at all."""


def measure(case: Case, tmp: Path | None) -> None:
    """Make the files of the case, run every engine on them, print a line for each, delete the files."""
    folder = Path(tempfile.mkdtemp(dir=tmp))
    try:
        flags = ["--hours"] if case.hours else []
        sizes = ["--persons", str(case.persons), "--participants", str(case.participants), "--weeks", str(case.weeks)]
        run(["--child", "make", "--folder", str(folder), *sizes, *flags, "--form", case.form])
        costs: dict[str, dict[str, Any]] = {}
        for engine in case.engines:
            if engine not in ABLE.get(case.form, ENGINES):
                continue
            if engine != "reportlib" and importlib.util.find_spec(engine) is None:
                print(f"{case!s:<44}{engine:<11}not installed")
                continue
            cost = run(["--child", engine, "--folder", str(folder), "--form", case.form, *flags])
            if cost is None:
                continue
            costs[engine] = cost
            against = ""
            if engine != "reportlib" and "reportlib" in costs:
                verdict = "same answer" if same(folder, engine) else "ANOTHER ANSWER"
                ratio = costs["reportlib"]["cpu"] / cost["cpu"]
                memory = costs["reportlib"]["mb"] / cost["mb"]
                against = f"{verdict}; ours takes {ratio:.1f} times the CPU, {memory:.1f} the memory"
            print(f"{case!s:<44}{engine:<11}{cost['cpu']:7.1f} s {cost['mb']:8.0f} MB  {against}", flush=True)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Measure the cases asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--table",
        nargs="?",
        type=int,
        const=1,
        help="every size that is aimed at, with one in so many persons; the other sizes are ignored",
    )
    parser.add_argument("--persons", type=int, default=100_000, help="persons in the registers")
    parser.add_argument("--participants", type=int, default=5_000)
    parser.add_argument("--weeks", type=int, default=260, help="weeks in DREAM, up to the end of 2018")
    parser.add_argument("--form", nargs="+", default=["parquet", "csv"], choices=["parquet", "csv", "parts", "dta"])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=ENGINES)
    parser.add_argument("--hours", action="store_true", help=f"with {MONTHS} months of paid hours as text")
    parser.add_argument("--tmp", type=Path, default=None, help="where the files are made")
    parser.add_argument("--child", choices=(*ENGINES, "make"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child == "make":
        make(given.folder, given.persons, given.participants, given.weeks, given.form, given.hours)
        return
    if given.child:
        child(given.child, given.folder, given.form[0], given.hours)
        return
    sizes = given.persons, given.participants, given.weeks
    asked = [Case(*sizes, form, given.hours, tuple(given.engines)) for form in given.form]
    for case in [case.smaller(given.table) for case in TABLE] if given.table else asked:
        measure(case, given.tmp)


if __name__ == "__main__":
    main()
