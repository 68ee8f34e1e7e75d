"""Where R's answers for the Cox cases lie, and one way to compare a fit with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from reportlib.estimators.proportional_hazards import CoxFit, cox

GOLDEN = Path(__file__).parents[1] / "golden"


def cases_in(folder: Path) -> pd.DataFrame:
    """One row for each case and term: case, csv, strata, weights, n, events, loglik, term, coef and both errors."""
    if (folder / "expected.csv").exists():
        return pd.read_csv(folder / "expected.csv")
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    rows = [
        {key: case[key] for key in ("case", "csv", "weights", "n", "events", "loglik")}
        | {"strata": "strata" in case["formula"]}
        | term
        for case in cases
        for term in case["terms"]
    ]
    return pd.DataFrame(rows)


def left_out(folder: Path, case: pd.DataFrame) -> pd.DataFrame:
    """R's errors of one case from the fits that leave out one cluster each, with degrees of freedom: term, se, df."""
    every = pd.read_csv(folder / "jackknife.csv")
    return every[every["case"] == case["case"].iloc[0]].reset_index(drop=True)


def fit_case(folder: Path, case: pd.DataFrame, *, jackknife: bool = False) -> CoxFit:
    """Our fit of one case (its rows of `cases_in`)."""
    first = case.iloc[0]
    return cox(
        pd.read_csv(folder / first["csv"]),
        start="start",
        stop="stop",
        event="event",
        covariates=list(case["term"]),
        strata="stratum" if first["strata"] else None,
        weights="weight" if first["weights"] else None,
        cluster="cluster",
        jackknife=jackknife,
    )


def relative_difference(ours: object, reference: object) -> float:
    """The largest relative difference between two lists of numbers."""
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    return float(np.max(np.abs(a - b) / np.abs(b)))
