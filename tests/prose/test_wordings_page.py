"""What reaches a reader stands in docs/ as it was last read: sentences in wordings.md, words in words.md."""

from __future__ import annotations

from pathlib import Path

import word_tables
import wordings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_up_to_date() -> None:
    kept = (DOCS / "wordings.md").read_text(encoding="utf-8")
    assert kept == wordings.page(), "run: python tools/wordings.py docs/wordings.md; read the change"


def test_the_page_of_words_is_up_to_date() -> None:
    kept = (DOCS / "words.md").read_text(encoding="utf-8")
    assert kept == word_tables.page(), "run: python tools/word_tables.py docs/words.md; read the change"
