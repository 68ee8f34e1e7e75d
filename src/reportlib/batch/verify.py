"""Making a report again from its extracts and comparing it byte by byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportlib.analysis.run import compute_ledger
from reportlib.batch.plan import BatchRequest, PlannedReport, make_plan
from reportlib.engine.render import RenderJob, render
from reportlib.engine.settings import FORMATS, STANDARD
from reportlib.errors import ReportlibError
from reportlib.files.own_files import code_hash, project_file
from reportlib.files.reading import file_hash
from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.numbers.provenance import (
    ACCOUNT,
    PROVENANCE,
    Stamp,
    made_by_quarto,
    read_provenance,
    read_stamp,
)
from reportlib.trial.project import Project, check_belongs

_SUFFIXES = (*(f".{name}" for name in FORMATS), ACCOUNT, PROVENANCE)
"""How the names of a report's files end."""


class NothingToVerifyError(ReportlibError):
    """There is no report where one was said to be."""


@dataclass(frozen=True)
class Verification:
    """Whether a file is what its inputs give: `same` bytes, the ledger's hash now, and what else has changed."""

    file: Path
    stamp: Stamp
    same: bool
    ledger: str
    changed: tuple[str, ...] = ()


def verify_all(paths: Sequence[Path], project: Project, *, ledger: Path | None = None) -> Iterator[Verification]:
    """Analyse the extracts (or read `ledger`), render the reports that the files say they are, and compare the bytes.

    A folder stands for the reports in it. Each trial is analysed once and each report made once, however many of its
    files (PDF, page, account, provenance) are asked about.

    Raises:
        NothingToVerifyError: a folder without reports, a path that is no file, or a file made by Quarto.
        StampMissingError: a file does not say which report it is.
        ReportlibError: a report cannot be made here.
    """
    reports: dict[Path, list[Path]] = {}
    for path in paths:
        for file in _files(path):
            reports.setdefault(file.with_name(_slug(file)), []).append(file)
    given = None if ledger is None else load_ledger(ledger)
    ledgers: dict[str, Ledger] = {}
    with tempfile.TemporaryDirectory(prefix="rl-verify-", ignore_cleanup_errors=True) as folder:
        for number, files in enumerate(reports.values()):
            stamp = read_stamp(files[0])
            for file in files:
                if file.suffix in (".pdf", ".html") and made_by_quarto(file):
                    raise NothingToVerifyError(
                        f"{file} was made by Quarto, whose files are not the same bytes twice",
                        hint="render it without --engine quarto: those files can be made again and compared",
                    )
            if stamp.trial not in ledgers:
                trial = project.trial(stamp.trial)
                if given is not None:
                    check_belongs(given, trial, name=str(ledger))
                ledgers[stamp.trial] = given or compute_ledger(project, trial)
            made = ledgers[stamp.trial]
            job = _made_again(stamp, files, project, made, Path(folder), number)
            for file in files:
                again = job.out_dir / f"{job.slug}{_suffix(file)}"
                same = again.is_file() and again.read_bytes() == file.read_bytes()
                yield Verification(file, stamp, same, made.hash, tuple(_changed(file, stamp, made, project)))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NothingToVerifyError(f"no such file: {path}", hint="name a finished file, or a folder of them")
    records = sorted(path.rglob(f"*{PROVENANCE}"))
    beside = [record.with_name(_slug(record) + suffix) for record in records for suffix in _SUFFIXES]
    if not records:
        raise NothingToVerifyError(f"no reports in {path}", hint=f"a report has its `{PROVENANCE}` beside it")
    return [file for file in beside if file.is_file()]


def _suffix(path: Path) -> str:
    """`.pdf`, `.html`, `.docx`, `.tal.json`, `.prov.json`: the longest that fits."""
    return next((suffix for suffix in _SUFFIXES if path.name.endswith(suffix)), path.suffix)


def _slug(path: Path) -> str:
    return path.name.removesuffix(_suffix(path))


def _made_again(
    stamp: Stamp, files: Sequence[Path], project: Project, made: Ledger, folder: Path, number: int
) -> RenderJob:
    """The report, rendered with the formats its files need; pictures are drawn once for all reports.

    Account and record tell of all files that were made together: of those that stand beside them, or the usual ones.
    """
    asked = {_suffix(file).removeprefix(".") for file in files}
    if not asked <= set(FORMATS):
        beside = {name for name in FORMATS for file in files if file.with_name(f"{_slug(file)}.{name}").is_file()}
        asked = beside or set(STANDARD)
    out = folder / str(number)
    out.mkdir()
    made.save(out / "ledger.json")
    request = BatchRequest(
        trials=(stamp.trial,),
        municipalities=(stamp.kommune,),
        formats=tuple(name for name in FORMATS if name in asked),
        out_dir=out,
        ledger=out / "ledger.json",
    )
    job = replace(job_of(make_plan(project, request).reports[0], project, out, made), figures=folder / "figures")
    render(job)
    return job


def job_of(report: PlannedReport, project: Project, out: Path, ledger: Ledger) -> RenderJob:
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
    record = path.with_name(_slug(path) + PROVENANCE)
    if not record.is_file():
        return changed
    was = read_provenance(record)
    extracts = {file["name"]: file["sha256"] for file in ledger.header["files"]}
    changed += [f"extract {name}" for name, digest in was["extracts"].items() if extracts.get(name) != digest]
    for name, digest in was["sources"].items():
        source = project_file(project.root, name)
        if not source.is_file() or file_hash(source) != digest:
            changed.append(name)
    if was["code"]["sha256"] != code_hash():
        changed.append("reportlib's code")
    trial_file = project.trial_folder(stamp.trial) / "trial.yml"
    if file_hash(trial_file) != was["trial.yml"]:
        changed.append("trial.yml")
    return changed
