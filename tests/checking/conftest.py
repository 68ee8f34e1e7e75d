"""Finished reports, made once for all tests of checking: JobFirst for two places; the other trials where asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from finished_reports import ROOT, Finished, finish
from whole_ledgers import ledger_of

from reportlib.ledger import Ledger
from reportlib.trial.project import Project, find_project

SITES = ("Alle", "Aarhus")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--planted",
        type=int,
        default=None,
        help="plant so many wrong numbers in the finished reports of every trial (default: a sample)",
    )


@pytest.fixture(scope="session")
def project() -> Project:
    return find_project(ROOT)


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    return ledger_of("jobfirst")


@pytest.fixture(scope="session")
def finished(
    project: Project, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str], dict[str, Finished]]:
    """The finished reports of a trial: the whole trial, of JobFirst one municipality too; with `--planted` three."""
    more = 3 if request.config.getoption("--planted", default=None) else 0

    @cache
    def make(trial: str) -> dict[str, Finished]:
        found = project.trial(trial)
        made = ledger_of(trial)
        sites = [*SITES[1:], *found.sites.names] if trial == "jobfirst" else found.sites.names
        names = list(dict.fromkeys(("Alle", *sites)))[: max(1 + more, len(SITES) if trial == "jobfirst" else 1)]
        return finish(project, made, trial, names, tmp_path_factory.mktemp(trial))

    return make


@pytest.fixture(scope="session", params=sorted(path.parent.name for path in (ROOT / "data").glob("*/trial.yml")))
def trial(request: pytest.FixtureRequest) -> str:
    """Each trial in turn; the tests of one trial run together, so that its reports are made once."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def reports(finished: Callable[[str], dict[str, Finished]]) -> dict[str, Finished]:
    return finished("jobfirst")
