"""lifelines and statsmodels beside R on the same Cox cases: where they can be used, and why we have our own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs
from cox_cases import cases_in

R = "R survival"
WHOLE = ["weekly-ties", "monthly-ties", "quarterly-ties"]
LATE = ["delayed-entry", "delayed-entry-monthly", "split-at-8", "split-at-8-monthly"]


def checks() -> list[Check]:
    rows = [
        (
            "lifelines 0.30 CoxPHFitter",
            "coefficients",
            WHOLE + LATE,
            "ties, late entry, split",
            _lifelines("coef"),
            1e-4,
        ),
        ("lifelines 0.30 CoxPHFitter", "clustered errors", WHOLE, "ties", _lifelines("se_cluster"), 1e-4),
        ("lifelines 0.30 CoxPHFitter", "clustered errors", LATE, "late entry, split", _lifelines("se_cluster"), 1e-4),
        ("statsmodels 0.15 PHReg", "coefficients", WHOLE, "ties", _statsmodels("coef"), 1e-4),
        ("statsmodels 0.15 PHReg", "coefficients", LATE, "late entry, split", _statsmodels("coef"), 1e-4),
        ("statsmodels 0.15 PHReg", "clustered errors", WHOLE, "ties", _statsmodels("se_cluster"), 1e-4),
        ("statsmodels 0.15 PHReg", "clustered errors", LATE, "late entry, split", _statsmodels("se_cluster"), 1e-4),
    ]
    return [
        Check(library, quantity, R, data, _bind(pairs, cases), limit, library=True)
        for library, quantity, cases, data, pairs, limit in rows
    ]


def _bind(pairs: Callable[[list[str]], Pairs], cases: list[str]) -> Callable[[], Pairs]:
    return lambda: pairs(cases)


def _data(names: list[str]) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    for name, case in cases_in(GOLDEN / "cox").groupby("case"):
        if name in names:
            yield pd.read_csv(GOLDEN / "cox" / case["csv"].iloc[0]), case


def _lifelines(column: str) -> Callable[[list[str]], Pairs]:
    def pairs(names: list[str]) -> Pairs:
        from lifelines import CoxPHFitter

        for frame, case in _data(names):
            kept = frame[["start", "stop", "event", "cluster", *case["term"]]]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit = CoxPHFitter().fit(kept, "stop", "event", entry_col="start", cluster_col="cluster")
            found = fit.params_ if column == "coef" else fit.standard_errors_
            yield found[list(case["term"])], case[column]

    return pairs


def _statsmodels(column: str) -> Callable[[list[str]], Pairs]:
    def pairs(names: list[str]) -> Pairs:
        from statsmodels.duration.hazard_regression import PHReg

        for frame, case in _data(names):
            model = PHReg(
                frame["stop"].to_numpy(),
                frame[list(case["term"])].to_numpy(dtype=float),
                status=frame["event"].to_numpy(),
                entry=frame["start"].to_numpy(),
                ties="efron",
            )
            fit = model.fit(groups=frame["cluster"].to_numpy())
            yield fit.params if column == "coef" else fit.bse, case[column]

    return pairs
