"""Analyses of designs without a comparison: benchmark, spread between sites, sites' answers, a budget per result."""

from __future__ import annotations

import pytest
from status_trial import PLAIN, open_status_ledger, status_data, status_ledger, status_trial

from reportlib.analysis.run import analyse, analyse_before_and_after_disclosure
from reportlib.analysis.site_rows import SeveralSheetsError
from reportlib.estimators.shares_and_means import test_shares as equal_shares


def test_the_benchmark_is_subtracted_from_share_and_interval() -> None:
    ledger = open_status_ledger()
    share, over = ledger["job.borgere"], ledger["job.forskel.over_benchmark"]
    assert (share.k, share.n) == (49, 140)
    assert over.number == pytest.approx(35 - 20)
    assert over.ci_low == pytest.approx(share.ci_low - 20)  # type: ignore[operator]
    assert over.ci_high == pytest.approx(share.ci_high - 20)  # type: ignore[operator]
    assert over.unit == "pct_point"


def test_the_benchmark_is_held_against_every_site_and_all_but_one() -> None:
    ledger = open_status_ledger()
    assert ledger["job.forskel.site=Nord.over_benchmark"].number == pytest.approx(100 * 20 / 50 - 20)
    assert ledger["job.forskel.oevrige=Nord.over_benchmark"].number == pytest.approx(100 * 29 / 90 - 20)


def test_a_hidden_site_hides_its_distance_to_the_benchmark() -> None:
    _, ledger = status_ledger({**PLAIN, "Nord": (60, 50, 3), "Syd": (50, 50, 2)})
    for place in ("site=Nord", "site=Syd", "oevrige=Nord"):
        assert ledger[f"job.forskel.{place}.over_benchmark"].hidden
    assert not ledger["job.forskel.over_benchmark"].hidden


def test_an_unknown_fact_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown fact 'pengene'.*penge"):
        status_trial(analyses=[{"kind": "unit_cost", "cost": "pengene", "measures": ["job"]}])


def test_the_spread_is_one_test_of_all_sites() -> None:
    ledger = open_status_ledger()
    assert ledger["job.borgere.heterogeneity"].p == pytest.approx(equal_shares([20, 15, 14], [50, 50, 40]).p)


def test_one_site_with_persons_cannot_be_spread() -> None:
    _, ledger = status_ledger({"Nord": (60, 50, 20), "Syd": (0, 0, 0), "Vest": (20, 0, 0)})
    assert "job.borgere.heterogeneity" not in ledger


def test_a_test_over_sites_of_which_some_hide_hides_and_tells_nothing_of_how_they_share() -> None:
    one = status_ledger({"Nord": (60, 50, 3), "Syd": (60, 50, 3), "Vest": (60, 50, 30)})[1]
    other = status_ledger({"Nord": (60, 50, 2), "Syd": (60, 50, 4), "Vest": (60, 50, 30)})[1]
    assert one["job.borgere.heterogeneity"] == other["job.borgere.heterogeneity"]
    assert one["job.borgere.heterogeneity"].hidden


def test_answers_of_sites_are_counted_and_never_hidden() -> None:
    _, ledger = status_ledger(answers={"Nord": "Ja", "Syd": "Nej", "Vest": None})
    row = ledger["samarbejde.ledere.sites_yes"]
    assert (row.value, row.n) == (1, 2)
    assert ledger["samarbejde.ledere.site=Syd.sites_yes"].value == 0
    silent = ledger["samarbejde.ledere.site=Vest.sites_yes"]
    assert (silent.value, silent.hidden) == (None, False)


def test_two_sheets_from_one_site_are_not_the_sites_answer() -> None:
    trial = status_trial()
    data = status_data(trial, PLAIN)
    sheets = data.surveys["ledere"]
    sheets.loc[len(sheets)] = ["Nord", -1, "Nej"]
    with pytest.raises(SeveralSheetsError, match="Nord has 2 sheets"):
        analyse(trial, data)


def test_the_budget_is_shared_by_those_assumed_due_to_the_effort() -> None:
    ledger = open_status_ledger()
    assert ledger["job.borgere.subgroup=tilskrevet:100.cost_per_unit"].number == pytest.approx(1_000_000 / 49)
    assert ledger["job.borgere.subgroup=tilskrevet:50.cost_per_unit"].number == pytest.approx(2_000_000 / 49)


def test_a_budget_over_nobody_has_no_value_and_over_few_is_hidden() -> None:
    nobody = status_ledger(dict.fromkeys(PLAIN, (50, 40, 0)))[1]
    assert nobody["job.borgere.subgroup=tilskrevet:100.cost_per_unit"].value is None
    few = status_ledger({"Nord": (50, 40, 3), "Syd": (50, 40, 0), "Vest": (50, 40, 0)})[1]
    assert few["job.borgere.subgroup=tilskrevet:100.cost_per_unit"].hidden


def test_the_open_ledger_holds_what_the_finished_one_hides() -> None:
    trial = status_trial()
    data = status_data(trial, {**PLAIN, "Nord": (60, 50, 3)})
    open_ledger, ledger = analyse_before_and_after_disclosure(trial, data)
    assert ledger["job.borgere.site=Nord"].hidden
    assert open_ledger["job.borgere.site=Nord"].k == 3
    assert not any(row.hidden for row in open_ledger)
    assert [row.key for row in open_ledger] == [row.key for row in ledger]
    assert ledger.hash == analyse(trial, data).hash
