"""A trial's output folder as a Process Run Crate: what was run, with what, on which inputs, and what came of it.

Sources: RO-Crate 1.1 (w3id.org/ro/crate/1.1) and Process Run Crate 0.5 (w3id.org/ro/wfrun/process/0.5), the versions
that the profile of `roc-validator` knows. Inputs stand there by name and hash alone: microdata is no part of a crate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportlib.errors import ReportlibError
from reportlib.files.reading import file_hash
from reportlib.numbers.provenance import PROVENANCE, read_provenance
from reportlib.trial.model import Trial

METADATA = "ro-crate-metadata.json"
_CRATE, _PROFILE = "https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [f"{_CRATE}/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]
_RIGHTS = "#rettigheder"
NAMELESS = "#evaluator"
"""The id of an evaluator without an address."""

_FORMATS = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".json": "application/json",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PROGRAMS = {
    "typst": "https://typst.app/",
    "pypandoc-binary": "https://pandoc.org/",
    "python": "https://www.python.org/",
}

Entity = dict[str, Any]


class NothingForCrateError(ReportlibError):
    """The output folder has no report with a record of what it was made of."""


class ChangedReportError(ReportlibError):
    """A report's file is another than the one its record tells of."""


@dataclass(frozen=True)
class _Run:
    """A report's record, and when the last of its files was written."""

    name: str
    record: Mapping[str, Any]
    ended: str


def crate(folder: Path, trial: Trial) -> bytes:
    """The metadata of the folder: every file in it, an action for each report, its inputs by hash, tools with versions.

    Raises:
        NothingForCrateError, ChangedReportError; ProvenanceFileError.
    """
    runs = [_run(path) for path in sorted(folder.glob(f"*{PROVENANCE}"))]
    if not runs:
        raise NothingForCrateError(f"no report in {folder} has a record", hint=f"reportlib render {trial.id}")
    own = (path for path in folder.iterdir() if path.name != METADATA and not path.name.startswith("."))
    files = sorted(path for path in own if path.is_file())
    inputs = _inputs(runs)
    tools = {tool["@id"]: tool for run in runs for tool in _tools(run, trial)}
    actions = [_action(run, inputs, trial) for run in runs]
    graph = [
        {"@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": _CRATE}, "about": {"@id": "./"}},
        _root(trial, files, actions),
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        _evaluator(trial),
        {
            "@id": _RIGHTS,
            "@type": "CreativeWork",
            "name": "Rettigheder",
            "description": f"Brug aftales med {trial.commissioner} og {trial.evaluator}.",
        },
        *tools.values(),
        *inputs.values(),
        *(_file(path) for path in files),
        *actions,
    ]
    document = {"@context": _CONTEXT, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _run(path: Path) -> _Run:
    record = read_provenance(path)
    for name, wanted in record["files"].items():
        file = path.parent / name
        if not file.is_file() or file_hash(file) != wanted:
            raise ChangedReportError(
                f"{file} is not the file that {path.name} tells of", hint="render the report again"
            )
    written = [(path.parent / name).stat().st_mtime for name in (*record["files"], path.name)]
    ended = datetime.fromtimestamp(int(max(written)), tz=UTC).isoformat()
    return _Run(path.name.removesuffix(PROVENANCE), record, ended)


def _made_by(trial: Trial) -> str:
    """The id of the evaluator."""
    return trial.evaluator_url or NAMELESS


def _evaluator(trial: Trial) -> Entity:
    """Who made the reports. Without an address in trial.yml it has a name alone: RO-Crate recommends an address, and
    none is made up."""
    entity = {"@id": _made_by(trial), "@type": "Organization", "name": trial.evaluator}
    return {**entity, "url": trial.evaluator_url} if trial.evaluator_url else entity


def _root(trial: Trial, files: Iterable[Path], actions: Iterable[Entity]) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{trial.title}: {trial.document_type}",
        "description": trial.description,
        "datePublished": trial.report_date.isoformat(),
        "license": {"@id": _RIGHTS},
        "author": _references([_made_by(trial)]),
        "publisher": _references([_made_by(trial)]),
        "conformsTo": {"@id": _PROFILE},
        "hasPart": _references(path.name for path in files),
        "mentions": _references(action["@id"] for action in actions),
    }


def _file(path: Path) -> Entity:
    return {
        "@id": path.name,
        "@type": "File",
        "name": path.name,
        "encodingFormat": _FORMATS.get(path.suffix, "application/octet-stream"),
        "contentSize": str(path.stat().st_size),
        "sha256": file_hash(path),
    }


def _inputs(runs: Iterable[_Run]) -> dict[str, Entity]:
    """`name sha256` -> entity of every input: extracts, trial.yml, the document and what it includes."""
    found: dict[str, Entity] = {}
    for run in runs:
        for what, named in _inputs_of(run):
            for name, digest in named.items():
                entity = {
                    "@id": f"#input-{digest[:16]}-{len(found)}",
                    "@type": "CreativeWork",
                    "name": name,
                    "description": what,
                    "sha256": digest,
                }
                found.setdefault(f"{name} {digest}", entity)
    return found


def _inputs_of(run: _Run) -> list[tuple[str, Mapping[str, str]]]:
    record = run.record
    return [
        ("Registerudtræk; ligger ikke her, for det er oplysninger om enkeltpersoner", record["extracts"]),
        ("Forsøgets indstillinger", {"trial.yml": record["trial.yml"]}),
        ("Dokument eller tema", record["sources"]),
        ("Færdige tal", {"ledger.json": record["ledger"]}),
    ]


def _tools(run: _Run, trial: Trial) -> list[Entity]:
    """The library and the programs by which a report was made. The library is known by the hash of its code and has no
    page: its id is one of the evaluator's own."""
    code = run.record["code"]
    versions = {**run.record["packages"], **run.record["programs"], "python": run.record["python"]}
    own = f"{trial.evaluator_url or ''}#reportlib-{code['sha256'][:16]}"
    return [
        _tool("reportlib", code["reportlib"], f"urn:sha256:{code['sha256']}", own),
        *(
            _tool(name, versions[name], address, f"{address}#{versions[name]}")
            for name, address in _PROGRAMS.items()
            if name in versions
        ),
    ]


def _tool(name: str, version: str, address: str, identity: str) -> Entity:
    return {"@id": identity, "@type": "SoftwareApplication", "name": name, "version": version, "url": address}


def _references(identities: Iterable[str]) -> Any:
    """References to entities, each once; one alone is no list (RO-Crate 1.1)."""
    found = [{"@id": identity} for identity in dict.fromkeys(identities)]
    return found[0] if len(found) == 1 else found


def _action(run: _Run, inputs: Mapping[str, Entity], trial: Trial) -> Entity:
    record = run.record
    objects = [inputs[f"{name} {digest}"]["@id"] for _, named in _inputs_of(run) for name, digest in named.items()]
    return {
        "@id": f"#rapport-{run.name}",
        "@type": "CreateAction",
        "name": f"Rapporten {run.name}",
        "description": f"reportlib analyserer udtrækkene og sætter rapporten ({record['stamp']})",
        "endTime": run.ended,
        "agent": _references([_made_by(trial)]),
        "instrument": _references(tool["@id"] for tool in _tools(run, trial)),
        "object": _references(objects),
        "result": _references([*record["files"], f"{run.name}{PROVENANCE}"]),
    }
