"""Cox: R's answers on the golden cases, on the Rossi experiment, and on fresh seeds where R is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cox_cases import GOLDEN, cases_in, fit_case, left_out, relative_difference

from reportlib.estimators.proportional_hazards import cox
from reportlib.estimators.risk_sets import before_and_after

COX = GOLDEN / "cox"
CASES = {str(name): case for name, case in cases_in(COX).groupby("case", sort=False)}
ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]


@pytest.mark.parametrize("name", CASES)
def test_coefficients_and_errors_equal_r(name: str) -> None:
    case = CASES[name]
    fit = fit_case(COX, case)
    for column in ("coef", "se_model", "se_cluster"):
        assert relative_difference(fit.terms[column], case[column]) < 1e-11, column
    assert fit.loglik == pytest.approx(case["loglik"].iloc[0], rel=1e-12)
    assert (fit.n, fit.n_events) == (case["n"].iloc[0], case["events"].iloc[0])


@pytest.mark.parametrize("name", CASES)
def test_errors_from_leaving_out_each_cluster_equal_r(name: str) -> None:
    fit, reference = fit_case(COX, CASES[name], jackknife=True), left_out(COX, CASES[name])
    assert list(fit.terms["term"]) == list(reference["term"])
    assert relative_difference(fit.terms["se_cluster"], reference["se"]) < 1e-9
    assert fit.jackknife is not None
    assert relative_difference([fit.jackknife.df(one) for one in np.eye(len(reference))], reference["df"]) < 1e-9


@pytest.fixture(scope="module")
def rossi() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "rossi.csv")


@pytest.fixture(scope="module")
def expected() -> dict[str, pd.DataFrame]:
    answers = json.loads((GOLDEN / "rossi.expected.json").read_text(encoding="utf-8"))
    return {name: pd.DataFrame(rows) for name, rows in answers.items() if name.startswith("cox")}


def test_rossi_with_model_errors(rossi: pd.DataFrame, expected: dict[str, pd.DataFrame]) -> None:
    terms = cox(rossi, stop="week", event="arrest", covariates=ROSSI).terms
    reference = expected["cox_efron"]
    assert list(terms["term"]) == list(reference["term"])
    for ours, theirs in (("coef", "coef"), ("se_model", "se"), ("hazard_ratio", "hazard_ratio"), ("p", "p")):
        assert relative_difference(terms[ours], reference[theirs]) < 1e-8, ours


def test_rossi_with_errors_clustered_on_site(rossi: pd.DataFrame, expected: dict[str, pd.DataFrame]) -> None:
    terms = cox(rossi, stop="week", event="arrest", covariates=ROSSI, cluster="site").terms
    reference = expected["cox_efron_cluster_site"]
    for ours, theirs in (("coef", "coef"), ("se_cluster", "se"), ("p", "p")):
        assert relative_difference(terms[ours], reference[theirs]) < 1e-8, ours


def test_rossi_with_an_effect_before_and_after_week_26(rossi: pd.DataFrame, expected: dict[str, pd.DataFrame]) -> None:
    pieces = before_and_after(rossi, covariate="fin", stop="week", event="arrest", week=26)
    covariates = ["fin_before", "fin_after", *ROSSI[1:]]
    fit = cox(pieces, start="start", stop="week", event="arrest", covariates=covariates, cluster="site")
    reference = expected["cox_split_at_26_cluster_site"]
    for ours, theirs in (("coef", "coef"), ("se_cluster", "se"), ("p", "p")):
        assert relative_difference(fit.terms[ours], reference[theirs]) < 1e-8, ours


@pytest.mark.parametrize("seed", [1, 77_000, 20_261_000])
def test_fresh_seeds_equal_r(seed: int, tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not on the PATH")
    run = subprocess.run(
        [rscript, str(COX / "make_cox_cases.R"), str(tmp_path), str(seed)], capture_output=True, text=True, check=False
    )
    if "there is no package called" in run.stderr:
        pytest.skip("R's package survival is not installed")
    assert run.returncode == 0, run.stderr
    for name, case in cases_in(tmp_path).groupby("case"):
        fit = fit_case(tmp_path, case)
        for column in ("coef", "se_model", "se_cluster"):
            assert relative_difference(fit.terms[column], case[column]) < 1e-9, (name, column)
