"""Every kind of analysis has its runner, and the ledger's head and catalogue say what trial.yml says."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import yaml
from small_trial import make_data, make_trial

from reportlib.analysis.cost_benefit import account_measure
from reportlib.analysis.run import RUNNERS, header
from reportlib.trial import load_trial
from reportlib.trial.analyses import AnalysisSpec
from reportlib.trial.dependencies import SECTIONS, dependencies, settings

DATA = Path(__file__).parents[2] / "data"


def test_every_kind_of_analysis_in_trial_yml_has_the_runner_of_its_name() -> None:
    kinds = {get_args(spec.model_fields["kind"].annotation)[0] for spec in get_args(get_args(AnalysisSpec)[0])}
    assert {kind: run.__name__ for kind, run in RUNNERS.items()} == {kind: f"run_{kind}" for kind in kinds}


def test_the_head_of_a_ledger_says_what_trial_yml_says() -> None:
    trial = make_trial(design={"kind": "randomised", "level": 0.1, "seed": 7}, disclosure={"threshold": 6})
    found = header(trial, make_data(trial))
    assert {name: found[name] for name in found if name not in ("made_of", "reportlib")} == {
        "trial": "lille",
        "synthetic": True,
        "data_date": "2020-12-31",
        "level": 0.1,
        "seed": 7,
        "threshold": 6,
        "sites": ["Nord", "Syd"],
        "files": [],
    }


@pytest.mark.parametrize("trial_id", [path.parent.name for path in sorted(DATA.glob("*/trial.yml"))])
def test_the_accounts_name_each_source_of_a_price_once_and_rest_on_what_is_priced(trial_id: str) -> None:
    trial = load_trial(DATA / trial_id / "trial.yml")
    read = yaml.safe_load((DATA / trial_id / "trial.yml").read_text(encoding="utf-8"))
    prices = read.get("prices", [])
    texts = [read["sources"][price["source"]]["text"] for price in prices]
    if any(analysis["kind"] == "cost_benefit" for analysis in read["analyses"]):
        made = account_measure(trial).source
        assert sorted(made.split("; ")) == sorted({" ".join(text.split()) for text in texts})
        needs = dependencies(trial)
        assert "measures.cost-benefit" in needs["analyses.cost_benefit"]
        asked = {f"measures.{price['measure']}" for price in prices}
        assert asked <= set(needs["analyses.cost_benefit"])
        assert asked <= set(needs["measures.cost-benefit"])


@pytest.mark.parametrize("trial_id", [path.parent.name for path in sorted(DATA.glob("*/trial.yml"))])
def test_all_that_a_part_of_trial_yml_is_made_of_is_a_part_of_it(trial_id: str) -> None:
    trial = load_trial(DATA / trial_id / "trial.yml")
    needs = dependencies(trial)
    known = {*needs, *settings(trial), *SECTIONS}
    assert {name for names in needs.values() for name in names} <= known
    assert {f"measures.{measure.id}" for measure in trial.measures} <= needs.keys()
