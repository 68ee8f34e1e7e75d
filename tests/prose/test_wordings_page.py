"""docs/wordings.md holds every sentence that the estimates can choose, as it was last read by somebody."""

from __future__ import annotations

from pathlib import Path

from wordings import page

PAGE = Path(__file__).parents[2] / "docs" / "wordings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tools/wordings.py docs/wordings.md; read the change"
