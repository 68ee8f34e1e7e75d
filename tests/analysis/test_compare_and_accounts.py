"""Comparisons, subgroups and accounts on small trials, against numbers counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_trial import WEEKS, make_data, make_trial

from reportlib.analysis.run import analyse, analyse_before_and_after_disclosure
from reportlib.analysis.subgroup_rows import DivisionError
from reportlib.ledger import Ledger
from reportlib.registers.data import TrialData
from reportlib.trial.model import Trial

MEASURE = {"unit": "pct", "definition": "Et mål", "source": "register"}
JOB = {**MEASURE, "id": "job", "label": "I job", "from": {"kind": "weekly", "extract": "job"}}
EVER = {**MEASURE, "id": "nogensinde", "label": "Nogensinde i job", "from": {"kind": "ever", "of": ["job"]}}
AGED = {"id": "alder", "label": "alderen", "column": "alder", "values": {"30": "de unge", "40": "de ældre"}}


def ledger_of(trial: Trial, data: TrialData) -> Ledger:
    """With all its digits."""
    return analyse_before_and_after_disclosure(trial, data)[0]


def many(copies: int, job_of: Any) -> tuple[Any, np.ndarray]:
    """Eight persons `copies` times over, with `job_of(row)` weeks in job."""
    weeks = np.array([[week < job_of(row) for week in range(WEEKS)] for row in range(8 * copies)], dtype=float)
    return copies, weeks


def grown(trial: Trial, job: np.ndarray, answers: list[Any] | None = None) -> TrialData:
    """`make_data` repeated until it has as many persons as `job`; all are followed throughout."""
    from dataclasses import replace

    from reportlib.registers.data import Panel

    one = make_data(trial)
    copies = len(job) // 8
    persons = pd.concat([one.persons] * copies, ignore_index=True).assign(
        person=[f"P{row}" for row in range(len(job))], weeks_followed=WEEKS
    )
    sheets = pd.DataFrame({"site": "Nord", "row": range(len(answers or [])), "q": answers or []})
    return replace(
        one,
        persons=persons,
        panel=Panel(followed=np.ones((len(job), WEEKS), dtype=bool), recorded={"job": job}),
        surveys={"borgere": sheets},
    )


def test_groups_are_compared_by_their_own_counts_and_tested() -> None:
    trial = make_trial(measures=[JOB, EVER], analyses=[{"kind": "compare", "measures": ["nogensinde"]}])
    _, job = many(10, lambda row: 3 if row % 8 in (0, 1, 4) else 1 if row % 8 == 2 else 0)
    found = ledger_of(trial, grown(trial, job))
    assert (found["nogensinde.deltager"].k, found["nogensinde.deltager"].n) == (30, 40)
    assert (found["nogensinde.kontrol"].k, found["nogensinde.kontrol"].n) == (10, 40)
    assert found["nogensinde.forskel"].value == pytest.approx(50)
    # chi-square by hand: 80 (30*30 - 10*10)^2 / (40^4)
    assert found["nogensinde.forskel.test"].value == pytest.approx(80 * 800**2 / 40**4)


def test_a_difference_hides_when_a_cell_is_small() -> None:
    trial = make_trial(measures=[JOB, EVER], analyses=[{"kind": "compare", "measures": ["nogensinde"]}])
    _, job = many(10, lambda row: 3 if row in (0, 8, 16) or row % 8 == 2 else 0)
    found = analyse(trial, grown(trial, job))
    assert found["nogensinde.deltager"].hidden
    assert found["nogensinde.forskel"].hidden
    assert found["nogensinde.forskel.test"].hidden


def test_answers_are_spread_over_the_scale_and_tested_as_a_table() -> None:
    answers = {
        **MEASURE,
        "id": "svar",
        "label": "Svar",
        "from": {"kind": "survey_answers", "survey": "borgere", "item": "q", "answers": {"1": "Nej", "2": "Ja"}},
    }
    trial = make_trial(
        measures=[answers],
        analyses=[{"kind": "compare", "measures": ["svar"]}],
        extracts={
            "participants": {"file": "p.csv", "background": {"alder": "Alder"}},
            "surveys": {"borgere": {"file": "b.csv", "respondents": "borgerne", "person": "p", "items": {"q": "Q"}}},
        },
    )
    given = [1 if row % 8 in (0, 2) else 2 for row in range(80)]
    found = ledger_of(trial, grown(trial, np.zeros((80, WEEKS)), given))
    assert found["svar.deltager.subgroup=svar-1"].k == 10
    assert found["svar.deltager.subgroup=svar-2"].k == 30
    assert found["svar.forskel.test"].p == 1.0


def test_a_subgroup_with_nobody_in_it_stops() -> None:
    by = {**AGED, "values": {"30": "de unge", "99": "ingen"}}
    trial = make_trial(measures=[JOB, EVER], analyses=[{"kind": "compare", "measures": ["nogensinde"], "by": by}])
    with pytest.raises(DivisionError, match="99"):
        ledger_of(trial, grown(trial, np.zeros((8, WEEKS))))


def subgroups(job_of: Any) -> Ledger:
    # in each group half are young: rows 0, 4 (treated) and 2, 6 (controls) are 30 or 50 years old
    by = {"id": "koen", "label": "kønnet", "column": "koen", "values": {"k": "kvinderne", "m": "mændene"}}
    trial = make_trial(
        measures=[JOB],
        analyses=[{"kind": "subgroups", "measure": "job", "week": 1, "by": [by]}],
        extracts={
            "participants": {"file": "p.csv", "background": {"koen": "Køn"}},
            "weekly": {"job": {"file": "w.csv"}},
        },
    )
    _, job = many(20, job_of)
    data = grown(trial, job)
    data.persons["koen"] = ["k" if row % 2 == 0 else "m" for row in range(160)]
    return ledger_of(trial, data)


def test_an_effect_in_one_subgroup_only_is_an_interaction() -> None:
    # women: treated half in job, controls none of them; men: a quarter in each group
    found = subgroups(lambda row: row % 8 == 0 or (row % 16 in (1, 3)))
    women, men = (found[f"job.forskel.uge1.subgroup=koen:{value}"] for value in "km")
    assert women.value == pytest.approx(50)
    assert men.value == pytest.approx(0)
    test = found["job.forskel.uge1.subgroup=koen.interaction"]
    assert test.p is not None
    assert test.p < 0.05


def test_a_contrast_is_within_a_group() -> None:
    found = subgroups(lambda row: row % 8 == 0 or (row % 16 in (1, 3)))
    assert found["job.deltager.uge1.subgroup=koen.contrast"].value == pytest.approx(25)
    assert found["job.kontrol.uge1.subgroup=koen.contrast"].value == pytest.approx(-25)


def accounts(**changes: Any) -> Ledger:
    """Treated 6 weeks in job, controls 2: four weeks more, at 100 kr. made and 10 kr. spent a week."""
    common = {"measure": "job", "year": 2012, "level": "2012-priser", "source": "register", "unit": "uge"}
    trial = make_trial(
        measures=[JOB],
        analyses=[
            {"kind": "cost_benefit", "weeks": WEEKS, "parameters": "2013", "tax_distortion": [0, 0.2]},
        ],
        prices=[
            {**common, "id": "vaerdi", "kind": "production", "kr": 100},
            {**common, "id": "drift", "kr": 10, "paid_by": {"kommune": 1.0}, **changes},
        ],
    )
    noise = np.random.default_rng(1).integers(0, 2, 80)
    _, job = many(10, lambda row: (6 if row % 8 in (0, 1, 4, 5) else 2) + (noise[row] - noise[row - 2]))
    return ledger_of(trial, grown(trial, job))


def test_society_is_production_less_operation_lifted_and_less_the_distortion() -> None:
    found = accounts()
    weeks = found["job.forskel.total_units"].number
    assert found["cost-benefit.forskel.subgroup=samfund.net"].value == pytest.approx(
        weeks * (1.325 * (100 - 10) - 0.2 * 10)
    )
    assert found["cost-benefit.forskel.subgroup=offentlig.net"].value == pytest.approx(-10 * weeks)


def test_the_accounts_items_add_up_to_the_net() -> None:
    found = accounts()
    items = found.select(measure="cost-benefit", statistic="contribution")
    society = [row.number for row in items if row.subgroup.startswith("samfund:")]
    assert sum(society) == pytest.approx(found["cost-benefit.forskel.subgroup=samfund.net"].number)


def test_the_break_even_price_makes_the_net_nought() -> None:
    price = accounts()["cost-benefit.forskel.subgroup=drift.break_even"].number
    assert accounts(kr=price)["cost-benefit.forskel.subgroup=samfund.net"].number == pytest.approx(0, abs=1e-9)


def test_a_purse_that_nobody_pays_from_has_no_account() -> None:
    found = accounts()
    assert "cost-benefit.forskel.subgroup=region.net" not in found
    assert "cost-benefit.forskel.subgroup=kommune.net" in found


def test_the_interval_holds_the_result_and_has_width() -> None:
    row = accounts()["cost-benefit.forskel.subgroup=samfund.net"]
    assert row.ci_low is not None
    assert row.ci_high is not None
    assert row.ci_low < row.number < row.ci_high
