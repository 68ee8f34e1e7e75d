"""A ledger's last digits do not depend on the machine's cores: linear algebra runs on one thread."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# Long sums are split among the threads, so their last digits show how many there were.
SUMS = """
{first}
import numpy as np
rows = np.random.default_rng(1).standard_normal((60_000, 8))
print(repr(float(rows[:, 0].copy() @ rows[:, 1].copy())), np.linalg.qr(rows)[0].tobytes().hex()[:4000])
"""


def digest(threads: int, first: str) -> str:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    run = [sys.executable, "-c", SUMS.format(first=first)]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("threads", [2, 4])
def test_sums_are_the_same_whatever_the_environment_asks_for(threads: int) -> None:
    assert digest(threads, "import reportlib") == digest(1, "")


def test_the_library_loads_without_numpy_so_that_numpy_finds_its_setting() -> None:
    code = "import sys, reportlib; raise SystemExit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
