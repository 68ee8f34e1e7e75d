"""Of two releases of one ledger is told which numbers differ by so few persons that they can be read off."""

from __future__ import annotations

from pathlib import Path

import pytest
from four_persons import SmallTrial
from typer.testing import CliRunner

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.analysis.run import analyse
from reportlib.cli.app import app
from reportlib.disclosure import PRIMARY, Threshold, hide
from reportlib.disclosure.release import FewChanged, few_changed
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

FIVE = Threshold(5)


def share(k: int, n: int, **where: str) -> Estimate:
    key = ".".join(["job", *where.values()])
    return Estimate(
        key=key,
        measure="job",
        statistic="share",
        unit=Unit.PCT,
        population="alle",
        value=100 * k / n,
        k=k,
        n=n,
        **where,
    )


def ledger(*rows: Estimate) -> Ledger:
    measure = Measure(id="job", label="Job", unit=Unit.PCT, definition="Job.", source="Kilde")
    return ledger_of(rows, header={}, measures={"job": measure})


def test_one_person_more_is_told() -> None:
    found = few_changed(ledger(share(61, 100)), ledger(share(62, 100)), FIVE)
    assert found == [FewChanged("job", "k", 61, 62), FewChanged("job", "n - k", 39, 38)]


def test_those_without_are_told_where_both_others_have_changed_much() -> None:
    found = few_changed(ledger(share(50, 90)), ledger(share(60, 102)), FIVE)
    assert found == [FewChanged("job", "n - k", 40, 42)]


def test_five_more_and_the_same_are_not_told() -> None:
    assert few_changed(ledger(share(50, 90)), ledger(share(55, 100)), FIVE) == []
    assert few_changed(ledger(share(50, 90)), ledger(share(50, 90)), FIVE) == []


def test_hidden_rows_and_rows_of_one_release_alone_tell_nothing() -> None:
    before = ledger(share(50, 90), hide(share(20, 40, site="Nord"), PRIMARY))
    after = ledger(hide(share(51, 90), PRIMARY), share(21, 40, site="Nord"), share(8, 30, site="Syd"))
    assert few_changed(before, after, FIVE) == []


def test_a_trial_against_itself_tells_nothing_and_the_command_says_so(small: SmallTrial) -> None:
    small.measure(kind="event_ever", events=["samtale"])
    small.spec["analyses"] = [{"kind": "shares", "measures": ["m0"]}]
    data = small.read()
    folder = small.folder / "data" / "small"
    folder.mkdir(parents=True)
    for file in small.folder.glob("*.csv"):
        file.rename(folder / file.name)
    (folder / "trial.yml").write_text(Trial.model_validate(small.spec).model_dump_json(by_alias=True), "utf-8")
    earlier = small.folder / "before.json"
    analyse(data.trial, data).save(earlier)
    wanted = ["analyse", "small", "--data", str(folder.parent), "--out", str(small.folder / "out")]
    result = CliRunner().invoke(app, [*wanted, "--against", str(earlier)])
    assert result.exit_code == 0, result.output
    assert "no number of persons that both releases show differs" in " ".join(result.output.split())


@pytest.fixture
def small(tmp_path: Path) -> SmallTrial:
    return SmallTrial(tmp_path)
