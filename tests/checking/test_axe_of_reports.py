"""axe-core, in a real browser, finds nothing to say of finished reports, the whole wide and at 200 and 400 pct., a
municipality on a phone; the words in pictures are 12 px or more, and no figure is cut there or wider than its place."""

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
# The words that a figure drawn anew for a narrow window cuts or sets on top of each other, the figures that are wider
# than their place, and how many names stand above their rows.
NARROW = """() => {
  const cut = [...document.querySelectorAll('.smal')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].map(text => [text, text.getBoundingClientRect()]);
    const outside = at => at.left < frame.left - 1 || at.right > frame.right + 1 || at.bottom > frame.bottom + 1;
    const meet = (one, two) => one.left < two.right - 1 && two.left < one.right - 1
      && one.top < two.bottom - 5 && two.top < one.bottom - 5;
    return words.filter(([text, at]) => outside(at) || words.some(([other, its]) => text !== other && meet(at, its)))
      .map(([text]) => text.textContent);
  });
  const wide = [...document.querySelectorAll('.figurblok figure > .rulle')]
    .filter(box => box.scrollWidth > box.clientWidth + 1);
  return [cut, wide.map(box => box.querySelector('svg').getAttribute('aria-label')),
    document.querySelectorAll('.over-raekke').length];
}"""


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
        words, panels = page.evaluate(WORDS), page.evaluate(PANELS)
        cut, wide, names = page.evaluate(NARROW)
    finally:
        page.close()
    assert data[0].startswith("Tid;") and re.fullmatch(r"Uge 1 efter start;\d+;\d+", data[1].strip())
    assert found["passes"], "axe ran no rule at all"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert reach <= width
    assert min(words) >= (12 if width < 500 else 11) and len(words) > 50
    assert panels and all(left >= 0 and right <= width for left, right in panels)
    assert (cut, wide) == ([], [])
    assert (names > 10) == (width <= 640)
