"""docs/trial.md documents every key."""

from __future__ import annotations

from pathlib import Path

from trial_reference import SECTIONS, reference, renewed

PAGE = Path(__file__).parents[2] / "docs" / "trial.md"


def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python tools/trial_reference.py docs/trial.md"


def test_every_key_says_what_it_means() -> None:
    silent = [
        f"{record.__name__}.{name}"
        for _, records in SECTIONS
        for record in records
        for name, field in record.model_fields.items()
        if not field.description
    ]
    assert silent == []


def test_a_key_is_listed_under_the_name_used_in_the_file() -> None:
    assert "| `from` |" in reference()
