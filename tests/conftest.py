"""What all areas share: a folder for what is made once a run, and a browser that is started once a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from browsers import chromium
from kept_refusals import hold, noting
from made_once import share_in


@pytest.fixture(scope="session", autouse=True)
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    share_in((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once")


@pytest.fixture(autouse=True)
def _refusals(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """What is said in a refusal that the test expects is what it was when somebody last read it."""
    said: list[str] = []
    base = tmp_path_factory.getbasetemp()
    monkeypatch.setattr(pytest, "raises", noting(pytest.raises, said, base))
    yield
    hold(request.node, said)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; the test is skipped where there is none. A test opens and closes its own pages."""
    with chromium() as started:
        yield started
