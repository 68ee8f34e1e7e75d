"""Sentences as they were last read by somebody, kept beside the tests that make them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

HOW = "read the change, then run: PYTHONPATH=tests/support:tools python {}"


def kept_beside(test: str) -> Path:
    """Where the sentences of a test module are kept."""
    return Path(test).with_suffix(".txt")


def as_read(sentences: Mapping[str, str]) -> str:
    """One case a line, no-break spaces as `~`."""
    lines = (f"{case}: {' | '.join(text.strip().splitlines())}" for case, text in sentences.items())
    return "\n".join(line.replace("\u00a0", "~") for line in lines) + "\n"
