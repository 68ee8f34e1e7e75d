"""axe-core, in a real browser, finds nothing to say of finished reports, the whole wide and at 200 and 400 pct., a
municipality on a phone; the words in pictures are 12 px or more, and no panel and no figure of rows is cut."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browsers import axe_results
from finished_reports import Finished

WORDS = """() => [...document.querySelectorAll('.figurblok svg[aria-label] text')]
  .map(word => parseFloat(getComputedStyle(word).fontSize) * word.getScreenCTM().a)"""
PANELS = """() => [...document.querySelectorAll('.delt > svg')].map(panel => panel.getBoundingClientRect())
  .map(box => [box.left, box.right])"""
# Of each figure of rows how many words are cut, whether it is in the window, and how many lines its names take.
ROWS = """() => [...document.querySelectorAll('.smal')].map(svg => {
  const frame = svg.getBoundingClientRect(), words = [...svg.querySelectorAll('text')];
  const cut = words.map(word => word.getBoundingClientRect())
    .filter(word => word.left < frame.left - 1 || word.right > frame.right + 1);
  return [cut.length, frame.left >= 0 && frame.right <= innerWidth, svg.querySelectorAll('.over-raekke').length];
})"""


@pytest.mark.parametrize(("kommune", "width"), [("Alle", 1280), ("Alle", 640), ("Alle", 320), ("Aarhus", 390)])
def test_axe_finds_nothing_in_a_report_and_it_is_no_wider_than_the_screen(
    kommune: str, width: int, reports: dict[str, Finished], browser: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto(reports[kommune].path(".html").as_uri())
        page.locator(".figurdata summary").first.press("Enter")
        with page.expect_download() as got:
            page.locator(".hent").first.click()
        data = Path(got.value.path()).read_text(encoding="utf-8-sig").split("\n")
        found = axe_results(page)
        reach = page.evaluate("document.documentElement.scrollWidth")
        words, panels, rows = page.evaluate(WORDS), page.evaluate(PANELS), page.evaluate(ROWS)
    finally:
        page.close()
    assert data[0].startswith("Tid;") and re.fullmatch(r"Uge 1 efter start;\d+;\d+", data[1].strip())
    assert found["passes"], "axe ran no rule at all"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert reach <= width
    assert min(words) >= (12 if width < 500 else 11) and len(words) > 50
    assert panels and all(left >= 0 and right <= width for left, right in panels)
    assert [(cut, whole) for cut, whole, _ in rows] == [(0, True)] * len(rows)
    assert bool(rows) == (width <= 640) and all(names > 1 for *_, names in rows)
