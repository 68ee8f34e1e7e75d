"""axe-core, in a real browser, finds nothing to say of the sample page: light or dark, wide or narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsers import axe_results


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing(browser: Any, sample_html: str, tmp_path: Path, width: int, scheme: str) -> None:
    page_file = tmp_path / "sample.html"
    page_file.write_text(sample_html, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri())
        found = axe_results(page)
    finally:
        context.close()
    assert found["passes"], "axe ran no rule at all"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
