"""The benchmark script runs: our side of every task on few rows, and the table it prints."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "estimators.py"


@pytest.fixture(scope="module")
def benchmarks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_estimators", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("task", ["cox-indicators", "cox-clustered", "cox-untied", "did-two-way", "matching"])
def test_our_side_of_every_task_answers(benchmarks: ModuleType, task: str) -> None:
    assert task in benchmarks.PROGRAMS
    frame = benchmarks.DATA[task](0.1 if task == "cox-indicators" else 0.02)
    for program in benchmarks.PROGRAMS[task]:
        if program.startswith("reportlib"):
            estimate, se = benchmarks.PROGRAMS[task][program](frame)()
            assert math.isfinite(estimate)
            assert 0 < se < 2


def test_the_table_says_who_is_slower_and_who_is_wrong(benchmarks: ModuleType) -> None:
    def answer(seconds: float, se: float) -> dict[str, float]:
        return {"seconds": seconds, "processor": seconds, "estimate": 0.5, "se": se}

    answers = [("reportlib", answer(0.1, 0.2)), ("lifelines", answer(3.0, 0.25)), ("statsmodels", "over 9 s")]
    table = benchmarks.report("cox-clustered", 1000, [*answers, ("R", answer(1.0, 0.2))])
    rows = {line.split()[0]: line for line in table.splitlines()[2:]}
    assert rows["R"].split()[3:] == ["10.0", "yes"]
    assert "30.0  no: se 25.0% off" in rows["lifelines"]
    assert "over 9 s" in rows["statsmodels"]
