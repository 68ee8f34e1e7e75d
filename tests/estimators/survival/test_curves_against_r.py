"""Kaplan-Meier, medians and proportional hazards: R's answers (tests/golden/survival)."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from cox_cases import GOLDEN, relative_difference
from numpy.testing import assert_allclose

from reportlib.estimators.proportional_hazards import ph_test
from reportlib.estimators.risk_sets import split_episodes
from reportlib.estimators.survival_curves import kaplan_meier

R = GOLDEN / "survival"


def test_kaplan_meier_with_delayed_entry() -> None:
    frame = pd.read_csv(GOLDEN / "cox" / "delayed-entry.csv")
    reference = pd.read_csv(R / "kaplan_meier.csv").query("bands == 'log-log'").reset_index(drop=True)
    for group, theirs in reference.groupby("group"):
        own = frame[frame["treated"] == group]
        km = kaplan_meier(own, start="start", stop="stop", event="event")
        for exact in ("time", "n_risk", "n_event"):
            assert list(km.table[exact]) == list(theirs[exact]), exact
        for close in ("survival", "se", "ci_low", "ci_high"):
            assert_allclose(km.table[close], theirs[close], rtol=1e-11)
    assert km.method == "Kaplan-Meier, Greenwood, log-log bands"


def test_kaplan_meier_at_chosen_weeks() -> None:
    reference = pd.DataFrame(json.loads((GOLDEN / "rossi.expected.json").read_text(encoding="utf-8"))["kaplan_meier"])
    rossi = pd.read_csv(GOLDEN / "rossi.csv")
    weeks = [10, 20, 30, 40, 52]
    curves = [kaplan_meier(own, stop="week", event="arrest", times=weeks).table for _, own in rossi.groupby("fin")]
    table = pd.concat(curves)
    assert list(table["n_risk"]) == list(reference["n_risk"])
    assert [curve["n_event"].sum() for curve in curves] == [66, 48]
    for ours, theirs in (
        ("survival", "survival"), ("se", "se_greenwood"), ("ci_low", "lower95_loglog"), ("ci_high", "upper95_loglog"),
    ):  # fmt: skip
        assert relative_difference(table[ours], reference[theirs]) < 1e-10, ours


@pytest.mark.parametrize(("case", "start"), [("delayed-entry", "start"), ("monthly-ties", None)])
def test_medians_with_their_intervals(case: str, start: str | None) -> None:
    reference = pd.read_csv(R / "medians.csv").query("case == @case").reset_index(drop=True)
    frame = pd.read_csv(GOLDEN / "cox" / f"{case}.csv")
    for group, *theirs in reference[["group", "median", "ci_low", "ci_high"]].itertuples(index=False):
        own = frame[frame["treated"] == group]
        ours = kaplan_meier(own, start=start, stop="stop", event="event").median
        assert_allclose(ours, theirs, rtol=0)


PH = pd.read_csv(R / "ph_test.csv").query("time_scale == 'km' and case != 'rossi-grouped'")


@pytest.mark.parametrize("case", PH["case"].unique().tolist())
def test_proportional_hazards(case: str) -> None:
    if case == "rossi":
        frame, model = pd.read_csv(GOLDEN / "rossi.csv"), {"stop": "week", "event": "arrest"}
        model |= {"covariates": ["fin", "age", "race", "wexp", "mar", "paro", "prio"]}
    else:
        frame, model = pd.read_csv(GOLDEN / "cox" / f"{case}.csv"), {"start": "start", "stop": "stop", "event": "event"}
        model |= {"covariates": ["treated", "age"], "strata": "stratum" if "strata" in case else None}
        model |= {"weights": "weight" if case == "weights" else None}
    test = ph_test(frame, **model)
    reference = PH.query("case == @case")
    rows = [*test.terms.itertuples(index=False), ("GLOBAL", test.chi2, test.df, test.p)]
    assert [(row[0], row[2]) for row in rows] == list(zip(reference["term"], reference["df"], strict=True))
    assert_allclose([row[1] for row in rows], reference["chi2"], rtol=1e-9)
    assert_allclose([row[3] for row in rows], reference["p"], rtol=1e-9)


@pytest.mark.parametrize("cuts", [[8], [4, 8, 20]])
def test_pieces_equal_those_of_survsplit(cuts: list[int]) -> None:
    # R's own pieces, put together by person, and cut again.
    pieces = pd.read_csv(GOLDEN / "cox" / "split-entry-strata.csv")
    kept = {"start": "min", "stop": "max", "event": "max", "treated": "first"}
    whole = pieces.groupby("id", as_index=False).agg(kept)
    ours = split_episodes(whole, start="start", stop="stop", event="event", cuts=cuts)
    if cuts == [8]:
        columns = ["id", "start", "stop", "event", "period", "treated"]
        pd.testing.assert_frame_equal(ours[columns], pieces[columns], check_dtype=False)
    assert ours.groupby("id")["event"].sum().tolist() == whole["event"].tolist()
    watched = (ours["stop"] - ours["start"]).groupby(ours["id"]).sum()
    assert watched.tolist() == (whole["stop"] - whole["start"]).tolist()
