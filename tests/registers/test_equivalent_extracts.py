"""One clean trial written in many equivalent ways gives the same numbers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from clean_trial import clean_trial, numbers_of
from four_persons import SmallTrial

FRAMES = {
    "participants": "participants",
    "dream": "dream",
    "hours": "paid_hours",
    "casework": "casework",
    "citizens": "borgere",
}
DECIMALS = {"participants": ["gaeld"], "hours": ["loentimer"]}
DATES = {"participants": "visitationsdato", "casework": "dato"}
WHOLE = {"participants": ["alder", "kvinde"], "citizens": ["mening"]}
DATE_FORMS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%dT00:00:00", "%Y-%m-%d 12:30"]
MONTH_FORMS = ["%Y-%m", "%Y%m", "%YM%m", "%m-%Y", "%Y-%m-01", "%d-%m-%Y"]


@cache
def as_it_is() -> str:
    with TemporaryDirectory() as folder:
        return numbers_of(clean_trial(Path(folder)))


def rewritten(small: SmallTrial, rng: np.random.Generator) -> None:
    """Every extract in another way of writing: forms of cells, order of columns and records, format, encoding."""
    for frame in FRAMES:
        table = getattr(small, frame).copy()
        if frame in DATES:
            form = rng.choice(DATE_FORMS)
            table[DATES[frame]] = pd.to_datetime(table[DATES[frame]]).dt.strftime(str(form))
        if frame == "hours":
            table["maaned"] = pd.to_datetime(table["maaned"]).dt.strftime(str(rng.choice(MONTH_FORMS)))
        suffix = str(rng.choice(["csv", "tsv", "txt", "parquet", "dta"]))
        for column in DECIMALS.get(frame, ()):
            values = table[column].str.replace(",", ".").astype(float)
            texts = [f"{value:.2f}" for value in values]
            point, comma = texts, [text.replace(".", ",") for text in texts]
            thousands = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in values]
            table[column] = [point, comma, thousands][rng.integers(0, 3)] if suffix in ("csv", "tsv", "txt") else values
        for column in WHOLE.get(frame, ()):
            if suffix in ("parquet", "dta") or rng.random() < 0.3:
                table[column] = table[column].astype(float)
        if suffix == "parquet":
            table = table.sample(frac=1, axis=1, random_state=int(rng.integers(0, 1000)))
            table.to_parquet(small.folder / f"{frame}.parquet", index=False, row_group_size=int(rng.integers(7, 99)))
        elif suffix == "dta":
            pyreadstat.write_dta(table, str(small.folder / f"{frame}.dta"))
        else:
            table = table.sample(frac=1, axis=1, random_state=int(rng.integers(0, 1000)))
            table.to_csv(
                small.folder / f"{frame}.{suffix}",
                index=False,
                sep=str(rng.choice([";", "\t", ","])),
                encoding=str(rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])),
                lineterminator=str(rng.choice(["\n", "\r\n"])),
            )
        extracts = small.spec["extracts"]
        (extracts["surveys"] if frame == "citizens" else extracts)[FRAMES[frame]]["file"] = f"{frame}.{suffix}"


@pytest.mark.parametrize("seed", range(30))
def test_the_same_data_written_otherwise_gives_the_same_numbers(tmp_path: Path, seed: int) -> None:
    small = clean_trial(tmp_path)
    rewritten(small, np.random.default_rng(seed))
    assert numbers_of(small) == as_it_is()


def test_labels_of_stata_give_the_numbers_of_the_texts(tmp_path: Path) -> None:
    small = clean_trial(tmp_path)
    small.write()
    names = sorted(small.participants["udd"].unique())
    codes = small.participants["udd"].map({name: float(code) for code, name in enumerate(names)})
    labels = {"udd": dict(enumerate(names)), "kommune": {1: "Aarhus", 2: "Køge"}}
    table = small.participants.assign(udd=codes, kommune=small.participants["kommune"].map({"Aarhus": 1, "Køge": 2}))
    pyreadstat.write_dta(table, str(tmp_path / "p.dta"), variable_value_labels=labels)
    small.spec["extracts"]["participants"]["file"] = "p.dta"
    assert numbers_of(small) == as_it_is()


def test_parts_of_a_folder_give_the_numbers_of_the_whole(tmp_path: Path) -> None:
    small = clean_trial(tmp_path)
    (tmp_path / "timer").mkdir()
    for month, part in small.hours.groupby("maaned"):
        part.to_csv(tmp_path / "timer" / f"{month}.csv", sep=";", index=False)
    (tmp_path / "dream").mkdir()
    weeks = [name for name in small.dream.columns if name != "PNR"]
    for place, some in enumerate((weeks[:9], weeks[9:])):
        small.dream[["PNR", *some]].to_parquet(tmp_path / "dream" / f"{place}.parquet", index=False)
    small.spec["extracts"]["paid_hours"]["file"] = "timer"
    small.spec["extracts"]["dream"]["file"] = "dream"
    assert numbers_of(small) == as_it_is()
