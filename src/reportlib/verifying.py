"""Making a report again from its extracts and comparing it byte by byte."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlib.batch.plan import BatchRequest, PlannedReport, make_plan
from reportlib.engine.render import RenderJob, render
from reportlib.engine.stamp import Stamp, read_stamp
from reportlib.ledger import Ledger
from reportlib.prepare import compute_ledger
from reportlib.project import Project
from reportlib.provenance import SUFFIX, code_hash, file_hash
from reportlib.trace.account import SUFFIX as ACCOUNT_SUFFIX

_FORMATS = {".pdf": ("pdf",), ".html": ("html",), ".json": ("pdf", "html")}


@dataclass(frozen=True)
class Verification:
    """Whether a file is what its inputs give: `same` bytes, the ledger's hash now, and what else has changed."""

    file: Path
    stamp: Stamp
    same: bool
    ledger: str
    changed: tuple[str, ...] = ()


def verify(path: Path, project: Project, *, ledger: Path | None = None) -> Verification:
    """Analyse the extracts (or read `ledger`), render the report that `path` says it is, and compare the bytes.

    Raises:
        StampMissingError: the file does not say which report it is.
        ReportlibError: the report cannot be made here.
    """
    stamp = read_stamp(path)
    trial = project.trial(stamp.trial)
    made = Ledger.load(ledger) if ledger is not None else compute_ledger(project, trial)
    formats = _FORMATS.get(path.suffix, ("pdf", "html"))
    with tempfile.TemporaryDirectory(prefix="rl-verify-", ignore_cleanup_errors=True) as folder:
        out = Path(folder)
        made.save(out / "ledger.json")
        request = BatchRequest(
            trials=(trial.id,),
            municipalities=(stamp.kommune,),
            formats=formats,
            out_dir=out,
            ledger=out / "ledger.json",
        )
        report = make_plan(project, request).reports[0]
        job = _job(report, project, out, made)
        render(job)
        again = job.account_path if path.name.endswith(ACCOUNT_SUFFIX) else job.targets[formats[0]]
        same = again.read_bytes() == path.read_bytes()
    return Verification(path, stamp, same, made.hash, tuple(_changed(path, stamp, made, project)))


def _job(report: PlannedReport, project: Project, out: Path, ledger: Ledger) -> RenderJob:
    return RenderJob(
        trial=report.trial,
        kommune=report.kommune,
        document=report.document,
        project=project.root,
        ledger=out / "ledger.json",
        ledger_hash=ledger.hash,
        out_dir=out / report.trial,
        slug=report.slug,
        formats=report.formats,
        parameters=dict(report.parameters),
        data=project.data_dir,
        sisters=report.sisters,
    )


def _changed(path: Path, stamp: Stamp, ledger: Ledger, project: Project) -> list[str]:
    """What is not as it was when the file was made, as far as its record of provenance tells."""
    changed = [] if ledger.hash == stamp.ledger else ["ledger"]
    name = path.name.removesuffix(ACCOUNT_SUFFIX) if path.name.endswith(ACCOUNT_SUFFIX) else path.stem
    record = path.with_name(name + SUFFIX)
    if not record.is_file():
        return changed
    was: dict[str, Any] = json.loads(record.read_bytes())
    extracts = {file["name"]: file["sha256"] for file in ledger.header["files"]}
    changed += [f"extract {name}" for name, digest in was["extracts"].items() if extracts.get(name) != digest]
    for name, digest in was["sources"].items():
        source = project.root / name
        if not source.is_file() or file_hash(source) != digest:
            changed.append(name)
    if was["code"]["sha256"] != code_hash():
        changed.append("reportlib's code")
    trial_file = project.trial_folder(stamp.trial) / "trial.yml"
    if file_hash(trial_file) != was["trial.yml"]:
        changed.append("trial.yml")
    return changed
