"""axe-core, in a real browser, finds nothing to say of finished reports: the whole wide, a municipality narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from finished_reports import Finished

CHROMIUM = Path("/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"


@pytest.fixture(scope="module")
def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="the dev group has axe-core; this environment is older")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: install the system package chromium (.ci/run does)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(("kommune", "width"), [("Alle", 1280), ("Aarhus", 390)])
def test_axe_finds_nothing_in_a_report_and_it_is_no_wider_than_the_screen(
    kommune: str, width: int, reports: dict[str, Finished], browser: Any, axe: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto(reports[kommune].path(".html").as_uri())
        page.evaluate(axe)
        found = page.evaluate(RUN, RULES)
        reach = page.evaluate("document.documentElement.scrollWidth")
    finally:
        page.close()
    assert found["passes"], "axe ran no rule at all"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert reach <= width
