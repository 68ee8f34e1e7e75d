"""How often each test of the library rejects what is true, in many draws: at 5 pct. it should be 4 to 6 of 100.

    python benchmarks/rejections.py [--draws 4000] [--seed 1] [NAME]

`tests/support/true_nulls.py` says what is drawn; the tests hold it in few draws. Exit status 1 where a test that rests
on at least 20 places lies outside 4 to 6 pct. by more than three standard errors of the draws.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from true_nulls import TESTS, rejections

LOW, HIGH = 0.04, 0.06
FEW = ("12 of them", "6 of them")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("name", nargs="?", default="", help="only tests whose name holds this")
    asked.add_argument("--draws", type=int, default=4000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    warnings.simplefilter("ignore")
    slack = 3 * (0.05 * 0.95 / options.draws) ** 0.5
    outside = []
    print(f"| test | rejected of {options.draws} (pct.) | CPU s |\n| --- | --- | --- |")
    for name in TESTS:
        if options.name not in name:
            continue
        started = time.process_time()
        share = rejections(name, options.draws, seed=options.seed)
        print(f"| {name} | {100 * share:.1f} | {time.process_time() - started:.0f} |", flush=True)
        if not LOW - slack <= share <= HIGH + slack and not any(few in name for few in FEW):
            outside.append(name)
    print(f"outside 4 to 6 pct.: {', '.join(outside) or 'none'}")
    return bool(outside)


if __name__ == "__main__":
    sys.exit(main())
