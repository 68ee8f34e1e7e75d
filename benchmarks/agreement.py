"""Write docs/agreement.md: every estimator, its reference, and the largest relative difference found.

    python benchmarks/agreement.py

The comparisons are those of tests/agreement, where a test keeps the page up to date. No R is needed: R's answers lie in
tests/golden beside the scripts that made them.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "agreement"), str(ROOT / "tests" / "support")]

from agreement_page import page  # noqa: E402
from agreement_registry import collect, measure  # noqa: E402


def main() -> None:
    target = ROOT / "docs" / "agreement.md"
    target.write_text(page([measure(check) for check in collect()]), encoding="utf-8", newline="\n")
    print(f"written: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
