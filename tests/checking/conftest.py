"""One finished JobFirst report (the whole trial) and one municipality's, made once for all tests of checking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.checking.blocks import Reading
from reportlib.checking.finished import account_beside, read_report
from reportlib.engine.render import render
from reportlib.ledger import Ledger
from reportlib.prepare import compute_ledger
from reportlib.project import Project, find_project
from reportlib.trace.account import Account, load_account
from reportlib.verifying import _job

ROOT = Path(__file__).parents[2]
SITES = ("Alle", "Aarhus")


@dataclass(frozen=True)
class Finished:
    """A finished report: its files, what is read in them, and its account."""

    folder: Path
    slug: str
    pdf: Reading
    html: Reading
    account: Account

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.slug}{suffix}"


@pytest.fixture(scope="session")
def project() -> Project:
    return find_project(ROOT)


@pytest.fixture(scope="session")
def ledger(project: Project) -> Ledger:
    return compute_ledger(project, project.trial("jobfirst"))


@pytest.fixture(scope="session")
def reports(project: Project, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    out = tmp_path_factory.mktemp("rapporter")
    ledger.save(out / "ledger.json")
    request = BatchRequest(trials=("jobfirst",), municipalities=SITES, out_dir=out, ledger=out / "ledger.json")
    made = {}
    for report in make_plan(project, request).reports:
        job = _job(report, project, out, ledger)
        render(job)
        pdf, html = job.targets["pdf"], job.targets["html"]
        account = load_account(account_beside(pdf))
        made[report.kommune] = Finished(job.out_dir, job.slug, read_report(pdf), read_report(html), account)
    return made
