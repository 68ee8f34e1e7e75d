"""Sentences as they were last read by somebody, kept beside the tests that make them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

HOW = "read the change, then run: PYTHONPATH=tests/support:tools python {}"


def kept_beside(test: str) -> Path:
    """Where the sentences of a test module are kept."""
    return Path(test).with_suffix(".txt")


def kept_of(test: str, name: str) -> str:
    """The kept blocks of one name: those that begin with `== name, ...`."""
    kept = kept_beside(test).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=== )", kept, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.startswith(f"== {name},"))


def as_read(sentences: Mapping[str, str]) -> str:
    """One case a line, no-break spaces as `~`."""
    lines = (f"{case}: {' | '.join(text.strip().splitlines())}" for case, text in sentences.items())
    return "\n".join(line.replace("\u00a0", "~") for line in lines) + "\n"
