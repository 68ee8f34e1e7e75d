"""The extracts of this trial, from the public file of the Pennsylvania reemployment bonus experiment.

`python derive_bonus.py penn_jae.dat` writes `deltagere.csv` and `dagpenge.parquet` beside this file. The file is that
of the Journal of Applied Econometrics data archive (Bilias 2000, volume 15); kept are the control group (`tg` 0) and
the fourth treatment (`tg` 4), persons in their order in the file. Its dates count days from 1 January 1960.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
WEEKS = 52
AREAS = {"lusd": "Område A", "husd": "Område B", "muld": "Område C"}
GROUPS = {0: "ingen bonus", 4: "bonus"}
COLUMNS = {
    "female": "kvinde",
    "black": "sort",
    "agelt35": "under_35",
    "agegt54": "over_54",
    "recall": "venter_genansat",
    "dep": "forsoergede",
}


def participants(source: pd.DataFrame) -> pd.DataFrame:
    """One row a person: area, group, first day of the claim, background, and weeks on benefit."""
    area = np.full(len(source), "Område D", dtype=object)
    for column, name in AREAS.items():
        area[source[column].to_numpy() == 1] = name
    day = np.datetime64("1960-01-01") + source["abdt"].to_numpy().astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "person": [f"P{number:05d}" for number in source.index],
            "omraade": area,
            "gruppe": source["tg"].map(GROUPS),
            "ansoegning": day.astype(str),
            **{ours: source[theirs] for theirs, ours in COLUMNS.items()},
            "uger": source["inuidur1"],
        }
    )


def benefit(persons: pd.DataFrame) -> pa.Table:
    """One row a person: 1 in every week on benefit, 0 after it."""
    on = np.arange(1, WEEKS + 1) <= persons["uger"].to_numpy()[:, None]
    weeks = {f"uge_{week}": on[:, week - 1].astype(np.int8) for week in range(1, WEEKS + 1)}
    return pa.table({"person": persons["person"].to_numpy(), **weeks})


def main(path: Path) -> None:
    source = pd.read_csv(path, sep=r"\s+")
    persons = participants(source[source["tg"].isin(GROUPS)])
    (HERE / "deltagere.csv").write_bytes(persons.to_csv(index=False, sep=";", lineterminator="\n").encode("utf-8"))
    pq.write_table(benefit(persons), HERE / "dagpenge.parquet", compression="zstd", write_statistics=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
