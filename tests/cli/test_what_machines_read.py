"""What scripts read: the names in `--json`, and what a person reads where a number of a finished page is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_project import copy_made
from command_line import Ended, run

from reportlib.trial.project import Project


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = copy_made(tmp_path / "projekt", "lille")
    monkeypatch.chdir(project.root)
    return project


def told(ended: Ended) -> Any:
    return json.loads(ended.out)


def test_an_analysis_tells_its_ledger_and_what_was_read(made: Project) -> None:
    found = told(run(["analyse", "lille", "--json"]))
    assert set(found) == {
        "trial", "ledger", "hash", "rows", "hidden", "held_back", "files", "few_changed", "seconds",
    }  # fmt: skip
    assert (found["trial"], found["few_changed"]) == ("lille", None)
    ledger = json.loads(Path(found["ledger"]).read_text(encoding="utf-8"))
    assert found["rows"] == len(ledger["columns"]["key"])
    assert {file["name"] for file in found["files"]} == {"p.csv", "w.csv"}


def test_a_wrong_number_is_told_with_its_sentence_to_persons_and_scripts(made: Project) -> None:
    page = made.out_dir / "lille" / "alle.html"
    text = page.read_text(encoding="utf-8")
    right, wrong = "Dette er udgave 1 for Alle.", "Dette er udgave 1 for Alle: 77 borgere."
    page.write_text(text.replace(right, wrong), encoding="utf-8")
    ended = run(["check", page])
    assert ended.status == 1
    assert f"“{wrong}”" in ended.out
    (found,) = told(run(["check", page, "--json"]))
    assert set(found) >= {"file", "ok", "numbers", "traced", "fixed", "share", "recomputed", "breaks"}
    typed, unknown = found["breaks"]  # the number of the edition, which the document types, and ours
    assert not found["ok"] and unknown["sentence"] == wrong
    assert found["numbers"] - found["traced"] - found["fixed"] == 2 and found["share"] < 100
    assert typed["kind"] != unknown["kind"] and "77 is not in the account" in unknown["message"]


def test_a_report_made_again_is_told_to_be_the_same(made: Project) -> None:
    file = made.out_dir / "lille" / "nord.html"
    (found,) = told(run(["verify", file, "--json"]))
    assert (found["file"], found["same"], found["changed"]) == (str(file), True, [])


def test_what_changed_between_two_ledgers_has_a_weight_a_key_and_both_numbers(made: Project, tmp_path: Path) -> None:
    old = made.out_dir / "lille" / "ledger.json"
    new = tmp_path / "ny.json"
    extract = made.trial_folder("lille") / "w.csv"
    before = old.read_bytes()
    extract.write_text(extract.read_text(encoding="utf-8").replace("P0;0", "P0;1"), encoding="utf-8")
    run(["analyse", "lille"])
    new.write_bytes(old.read_bytes())
    old.write_bytes(before)
    found = told(run(["diff", old, new, "--json"]))
    assert found
    for change in found:
        assert {"weight", "key", "label", "before", "after", "causes"} <= set(change)
        assert change["weight"] == change["weight"].lower()
        assert change["before"] != change["after"] or change["verdict_before"] != change["verdict_after"]
