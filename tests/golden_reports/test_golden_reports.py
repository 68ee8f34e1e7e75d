"""The reports of two small trials say and show what the kept texts say: any change of them is seen as a diff.

After a change that is meant: `make golden`, read `git diff tests/golden_reports`, commit both together.
"""

from __future__ import annotations

from difflib import unified_diff

import pytest

from golden_reports import FOLDER, TRIALS, golden_texts

KINDS = ("page", "pdf", "tables", "figures")
NAMES = [f"{trial}.{kind}.txt" for trial in TRIALS for kind in KINDS]
SHOWN = 25
"""So many lines of a difference are told: the whole is seen by renewing."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return golden_texts(tmp_path_factory.mktemp("golden") / "projekt")


def test_every_text_is_kept_and_no_other(texts: dict[str, str]) -> None:
    assert sorted(texts) == sorted(NAMES) == sorted(path.name for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_as_it_was(name: str, texts: dict[str, str]) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    if texts[name] != kept:
        lines = list(unified_diff(kept.splitlines(), texts[name].splitlines(), "kept", "now", n=1, lineterm=""))
        more = [f"... and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
        pytest.fail("\n".join([*lines[:SHOWN], *more, "If this is meant: make golden"]), pytrace=False)
