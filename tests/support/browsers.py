"""A real browser for tests, and axe-core in it; a test is skipped where the machine has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium, started."""
    if CHROMIUM is None:
        pytest.skip("no chromium: install the system package (.ci/run does)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


def wait_until(page: Any, condition: str) -> None:
    """Wait for a condition in JavaScript; `wait_for_function` evaluates text later, which a page's policy stops."""
    look = f"const look = () => ({condition}) ? done() : requestAnimationFrame(look); look()"
    page.evaluate(f"() => new Promise(done => {{ {look} }})")


def axe_results(page: Any) -> Any:
    """What axe-core says of an open page: `passes`, `violations`."""
    pytest.importorskip("axe_playwright_python", reason="the dev group has axe-core; this environment is older")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(_RUN, _RULES)
