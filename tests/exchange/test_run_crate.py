"""An output folder as a Process Run Crate: complete, without dangling references, and passed by the field's validator.

`roc-validator` needs an older rich than the library and cannot stand beside it: its test runs where the program is on
the path. It passes what it did not read, so the context is written into the crate, and broken crates fail beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from crate_findings import NO_ADDRESS, crate_findings
from small_trial import trial_file
from valid_files import HASH, LEDGER_HEADER, small_ledger

from reportlib.exchange.run_crate import METADATA, ChangedReportError, NothingForCrateError, crate
from reportlib.numbers.provenance import provenance, to_bytes
from reportlib.trial.model import Trial

ADDRESS = "https://example.org/"
TRIAL = Trial.model_validate(trial_file(evaluator_url=ADDRESS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two reports with their records, as a batch leaves them."""
    out, project = tmp_path / "out", tmp_path / "project"
    for made in (out, project):
        made.mkdir()
    (project / "trial.yml").write_text("id: lille\n", encoding="utf-8")
    (project / "lille.qmd").write_text("# Rapport\n", encoding="utf-8")
    for report in ("alle", "nord"):
        contents = {f"{report}.pdf": b"%PDF " + report.encode(), f"{report}.html": b"<p>" + report.encode()}
        for name, content in contents.items():
            (out / name).write_bytes(content)
        record = provenance(
            stamp=f"reportlib:1;trial=lille;kommune={report}",
            trial_file=project / "trial.yml",
            sources=[project / "lille.qmd"],
            project=project,
            ledger=small_ledger(),
            files={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
            programs={"typst": "0.15.1"},
        )
        (out / f"{report}.prov.json").write_bytes(to_bytes(record))
    (out / "ledger.json").write_bytes(small_ledger().to_bytes())
    return out


def graph(folder: Path) -> dict[str, dict[str, Any]]:
    entities = json.loads(crate(folder, TRIAL))["@graph"]
    found = {entity["@id"]: entity for entity in entities}
    assert len(found) == len(entities)
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"@id"}:
        yield value["@id"]
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from references(part)


def ids(value: Any) -> list[str]:
    return list(references(value))


def test_every_file_stands_with_size_and_hash_and_every_reference_leads_somewhere(folder: Path) -> None:
    entities = graph(folder)
    for path in folder.iterdir():
        content = path.read_bytes()
        entity = entities[path.name]
        assert (entity["sha256"], entity["contentSize"]) == (hashlib.sha256(content).hexdigest(), str(len(content)))
    assert sorted(ids(entities["./"]["hasPart"])) == sorted(path.name for path in folder.iterdir())
    outside = {"https://w3id.org/ro/crate/1.1"}
    assert {one for entity in entities.values() for one in references(list(entity.values()))} - outside <= set(entities)


def test_each_report_is_an_action_with_inputs_tools_and_its_own_files(folder: Path) -> None:
    entities = graph(folder)
    actions = [entities[one] for one in ids(entities["./"]["mentions"])]
    assert [action["@id"] for action in actions] == ["#rapport-alle", "#rapport-nord"]
    assert set(ids(actions[1]["result"])) == {"nord.pdf", "nord.html", "nord.prov.json"}
    for action in actions:
        tools = {entities[one]["name"]: entities[one]["version"] for one in ids(action["instrument"])}
        assert tools["reportlib"] == LEDGER_HEADER["reportlib"]
        assert {"typst", "python"} <= set(tools)
        told = {entities[one]["name"]: entities[one]["sha256"] for one in ids(action["object"])}
        assert told["a.csv"] == HASH
        assert {"trial.yml", "lille.qmd", "ledger.json"} <= set(told)


def test_microdata_stands_by_name_and_hash_and_is_no_part_of_the_crate(folder: Path) -> None:
    entities = graph(folder)
    [extract] = [entity for entity in entities.values() if entity.get("name") == "a.csv"]
    assert extract["@type"] == "CreativeWork"
    assert extract["@id"] not in ids(entities["./"]["hasPart"])


def test_a_former_crate_hidden_files_and_folders_are_no_part_of_it(folder: Path) -> None:
    first = crate(folder, TRIAL)
    (folder / METADATA).write_bytes(first)
    (folder / ".half.part").write_bytes(b"x")
    (folder / "udkast").mkdir()
    (folder / "udkast" / "alle.html").write_bytes(b"x")
    assert crate(folder, TRIAL) == first


def test_a_report_that_is_not_what_its_record_says_is_refused(folder: Path) -> None:
    (folder / "nord.pdf").write_bytes(b"%PDF another")
    with pytest.raises(ChangedReportError, match=r"nord\.pdf is not the file that nord\.prov\.json tells of"):
        crate(folder, TRIAL)


def test_a_folder_without_reports_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NothingForCrateError, match="no report"):
        crate(tmp_path, TRIAL)
    assert "reportlib render jobfirst" in run(["export", "jobfirst", "--crate", "--out", tmp_path]).error


def test_an_evaluator_without_an_address_stands_by_name(folder: Path) -> None:
    entities = {one["@id"]: one for one in json.loads(crate(folder, Trial.model_validate(trial_file())))["@graph"]}
    assert entities["#evaluator"] == {"@id": "#evaluator", "@type": "Organization", "name": "Ingen"}
    assert ids([entities["./"]["author"], entities["#rapport-alle"]["agent"]]) == ["#evaluator", "#evaluator"]


@pytest.mark.parametrize("address", ["http://example.org/", "example.org", "https://", "https://a b"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="evaluator_url"):
        Trial.model_validate(trial_file(evaluator_url=address))


# The field's validator.


def without(identity: str, name: str) -> Callable[[dict[str, dict[str, Any]]], None]:
    def spoil(entities: dict[str, dict[str, Any]]) -> None:
        del entities[identity][name]

    return spoil


SPOILED: dict[str, tuple[Callable[[dict[str, dict[str, Any]]], None], str]] = {
    "no tool": (without("#rapport-alle", "instrument"), "REQUIRED"),
    "no profile": (without("./", "conformsTo"), "REQUIRED"),
    "no author": (without("./", "author"), "RECOMMENDED"),
    "no end": (without("#rapport-nord", "endTime"), "RECOMMENDED"),
    "no address": (without(ADDRESS, "url"), "RECOMMENDED"),
}


@pytest.mark.skipif(shutil.which("rocrate-validator") is None, reason="roc-validator is not installed")
def test_the_validator_finds_nothing_and_what_is_broken(folder: Path) -> None:
    assert crate_findings(folder, graph(folder).values()) == []
    for name, (spoil, severity) in SPOILED.items():
        entities = graph(folder)
        spoil(entities)
        assert severity in {found for found, _ in crate_findings(folder, entities.values())}, name
    nameless = json.loads(crate(folder, Trial.model_validate(trial_file())))["@graph"]
    assert {message for _, message in crate_findings(folder, nameless)} == NO_ADDRESS
