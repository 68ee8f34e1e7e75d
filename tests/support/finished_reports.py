"""Finished reports for tests of what is read in them, and finished reports that say something else than their account.

A report is rendered once. `Finished.written_otherwise` sets the same document again from changed Markdown and changed
pictures, after its numbers were accounted for: the files are whole and valid, and wrong.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.verify import job_of
from reportlib.engine import accounting, fonts, html, typst_pdf
from reportlib.engine import render as engine
from reportlib.engine.finished_pdf import finished_pdf, table_records
from reportlib.ledger import Ledger
from reportlib.numbers.account import Account, load_account
from reportlib.numbers.account_shown import with_data, with_details
from reportlib.numbers.blocks import Reading
from reportlib.numbers.finished import account_beside, read_report
from reportlib.trial.project import Project

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Conversion:
    """What the engine hands to Pandoc: the arguments of `engine.render.convert_report`, in a folder that stays."""

    job: Any
    settings: Any
    workspace: Any
    assembly: Any
    markdown: str


@dataclass(frozen=True)
class Finished:
    """A finished report: its files, what is read in them, and its account."""

    folder: Path
    slug: str
    conversion: Conversion

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.slug}{suffix}"

    @cached_property
    def pdf(self) -> Reading:
        return read_report(self.path(".pdf"))

    @cached_property
    def html(self) -> Reading:
        return read_report(self.path(".html"))

    @cached_property
    def account(self) -> Account:
        return load_account(account_beside(self.path(".pdf")))

    @property
    def pictures(self) -> dict[str, str]:
        """The report's figures by their file in the workspace."""
        folder = self.conversion.workspace.folder
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("figs/*.svg"))
        }

    def written_otherwise(self, folder: Path, markdown: str, pictures: Mapping[str, str] | None = None) -> list[Path]:
        """The PDF and the page of other Markdown and pictures, set as the engine sets them, with the old account."""
        made = self.conversion
        before = {name: (made.workspace.folder / name).read_bytes() for name in pictures or {}}
        for name, content in (pictures or {}).items():
            (made.workspace.folder / name).write_text(content, encoding="utf-8", newline="\n")
        try:
            converted = engine.convert_report(made.job, made.settings, made.workspace, made.assembly, markdown)
            source = accounting.typst_source(converted.texts["typst"], self.account)
            date = typst_pdf.report_date(converted.metadata.get("dato-iso") or converted.metadata.get("date"))
            root = made.workspace.folder
            compiled = typst_pdf.compile_document(source, made.assembly.lines, root=root, date=date)
            page = with_details(with_data(converted.texts["html"], self.account), self.account)
            whole = html.self_contained(page, folder=made.workspace.folder, fonts=fonts.font_css)
        finally:
            for name, content in before.items():
                (made.workspace.folder / name).write_bytes(content)
        paths = [folder / f"{self.slug}.pdf", folder / f"{self.slug}.html"]
        folder.mkdir(parents=True, exist_ok=True)
        paths[0].write_bytes(finished_pdf(compiled.pdf, table_records(source), self.account, date=date))
        paths[1].write_bytes(whole)
        shutil.copy(account_beside(self.path(".pdf")), folder)
        return paths


def finish(
    project: Project, ledger: Ledger, trial: str, municipalities: Sequence[str], out: Path
) -> dict[str, Finished]:
    """Render a trial's reports to `out`; name of the municipality (or `Alle`) -> report."""
    ledger.save(out / "ledger.json")
    request = BatchRequest(
        trials=(trial,), municipalities=tuple(municipalities), out_dir=out, ledger=out / "ledger.json"
    )
    made: dict[str, Finished] = {}
    for report in make_plan(project, request).reports:
        job = job_of(report, project, out, ledger)
        with pytest.MonkeyPatch.context() as patch:
            kept: list[Conversion] = []
            patch.setattr(engine, "convert_report", _keeping(kept, out / "arbejde" / job.slug, engine.convert_report))
            engine.render(job)
        made[report.kommune] = Finished(job.out_dir, job.slug, kept[0])
    return made


def _keeping(kept: list[Conversion], folder: Path, convert: Callable[..., Any]) -> Callable[..., Any]:
    """`convert`, which also copies the workspace and keeps what it was given."""

    def converting(job: Any, settings: Any, workspace: Any, assembly: Any, markdown: str) -> Any:
        shutil.copytree(workspace.root, folder)
        here = replace(workspace, root=folder, document=folder / workspace.document.relative_to(workspace.root))
        kept.append(Conversion(job, settings, here, assembly, markdown))
        return convert(job, settings, workspace, assembly, markdown)

    return converting
