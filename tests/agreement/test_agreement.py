"""Every comparison is within its limit, and the page that shows them is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement_page import ROUNDING, page, without_differences
from agreement_registry import Agreement, Check, collect, measure

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"


@pytest.fixture(scope="module")
def found() -> list[Agreement]:
    return [measure(check) for check in collect()]


def test_every_estimator_is_within_its_limit(found: list[Agreement]) -> None:
    assert len([each for each in found if not each.check.library]) > 25
    assert [(each.check.estimator, each.check.quantity, each.largest) for each in found if not each.holds] == []


def test_a_library_that_is_shown_to_be_wrong_still_is(found: list[Agreement]) -> None:
    wrong = [each for each in found if each.check.limit == float("inf") and "errors" in each.check.quantity]
    assert wrong and all(each.largest > 1e-3 for each in wrong), "can our own code give way to the library?"


def test_the_page_is_up_to_date(found: list[Agreement]) -> None:
    committed, shown = without_differences(PAGE.read_text(encoding="utf-8"))
    fresh, now = without_differences(page(found))
    assert fresh == committed, "run: python benchmarks/agreement.py"
    worse = [pair for pair in zip(now, shown, strict=True) if pair[0] > max(2 * pair[1], ROUNDING)]
    assert worse == [], "run: python benchmarks/agreement.py"


def test_a_difference_is_found() -> None:
    def check(ours: object, theirs: object) -> Agreement:
        return measure(Check("x", "y", "R", "data", lambda: [(ours, theirs)], 1e-6))

    assert check([1.0, 2.0], [1.0, 2.002]).largest == pytest.approx(0.002 / 2.002)
    assert not check([1.0, 2.0], [1.0, 2.002]).holds
    assert check([float("nan"), 0.0], [float("nan"), 0.0]).holds
    assert check(float("nan"), 1.0).largest == float("inf")
    assert check(1e-3, 0.0).largest == pytest.approx(1e-3)
    with pytest.raises(ValueError, match="2 numbers of ours against 1"):
        check([1.0, 2.0], 1.0)
