"""Cost-benefit: every formula against arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators import costbenefit as cb
from reportlib.estimators.errors import (
    InvalidCovarianceError,
    InvalidPriceError,
    InvalidRangeError,
    InvalidSharesError,
    MixedPriceLevelsError,
    NoBreakEvenError,
    NoParameterSetError,
    RepeatedNameError,
    UnknownItemError,
    UnknownQuantityError,
    UnsourcedPriceError,
)

EVIDENCE = {"year": 2023, "level": "2023-priser", "source": "prøvepris"}


def price(kr: float, unit: str = "stk.", **changes: Any) -> cb.Price:
    return cb.Price(kr, unit, **{**EVIDENCE, **changes})


# Made-up numbers that are easy to reckon with: ten hours more and two weeks less on benefit in year 1,
# three conversations more in year 0.
PLAIN = cb.ParameterSet("prøve", date(2024, 1, 1), ((0, 0.25),), 0.1, 1.2, "til prøve")
ANALYSIS = cb.CostBenefit(
    quantities=(
        cb.Quantity("timer", (0.0, 10.0)),
        cb.Quantity("ydelsesuger", (0.0, -2.0)),
        cb.Quantity.between("samtaler", treated=[5.0], control=[2.0]),
    ),
    items=(
        cb.Item("arbejde", "production", "timer", price(200, "time")),
        cb.Item("skat", "tax", "timer", price(50, "time"), {"kommune": 0.6, "stat": 0.4}),
        cb.Item("ydelse", "transfer", "ydelsesuger", price(3000, "uge"), {"kommune": 0.7, "stat": 0.3}),
        cb.Item("samtaler", "operation", "samtaler", price(400, "samtale"), {"kommune": 1.0}),
    ),
    parameters=PLAIN,
)
# Present values in year 0, one year being worth 1 / 1.25 = 0.8:
#   work        10 x 200 x 0.8  = 1600     tax         10 x 50 x 0.8 = 400
#   benefit   - 2 x 3000 x 0.8  = 4800     conversations 3 x 400      = 1200
#   public    400 + 4800 - 1200 = 4000;  kommune 240 + 3360 - 1200 = 2400;  stat 160 + 1440 = 1600
#   society   1.2 (1600 - 1200) + 0.1 x 4000 = 880


def test_the_accounts_by_hand() -> None:
    assert ANALYSIS.values() == {
        "society": pytest.approx(880),
        "public": pytest.approx(4000),
        "kommune": pytest.approx(2400),
        "region": 0,
        "stat": pytest.approx(1600),
    }


def test_the_items_add_up_to_the_accounts() -> None:
    added = np.array([ANALYSIS.coefficients([item]) @ ANALYSIS.vector for item in ANALYSIS.items])
    society, public = (cb.ACCOUNTS.index(account) for account in ("society", "public"))
    assert added[:, public].tolist() == pytest.approx([0, 400, 4800, -1200])
    assert added[:, society].tolist() == pytest.approx([1920, 40, 480, -1440 - 120])
    assert added.sum(axis=0).tolist() == pytest.approx(list(ANALYSIS.values().values()))


def test_transfers_cancel_where_there_is_no_distortion() -> None:
    undistorted = replace(ANALYSIS, parameters=replace(PLAIN, tax_distortion=0.0))
    assert undistorted.values()["society"] == pytest.approx(1.2 * (1600 - 1200))


def test_consumer_prices_are_not_lifted_again() -> None:
    talks = replace(ANALYSIS.item("samtaler"), price=price(400, "samtale", basis="consumer"))
    analysis = replace(ANALYSIS, items=(*ANALYSIS.items[:3], talks))
    assert analysis.values()["society"] == pytest.approx(1.2 * 1600 - 1200 + 0.1 * 4000)
    assert analysis.values()["public"] == pytest.approx(4000)


def test_a_private_payer_is_society_but_no_purse() -> None:
    talks = replace(ANALYSIS.item("samtaler"), paid_by={"private": 0.5, "region": 0.5})
    analysis = replace(ANALYSIS, items=(*ANALYSIS.items[:3], talks))
    assert analysis.values()["region"] == pytest.approx(-600)
    assert analysis.values()["public"] == pytest.approx(5200 - 600)
    assert analysis.values()["society"] == pytest.approx(1.2 * 400 + 0.1 * 4600)


def test_groups_with_series_of_different_length() -> None:
    assert cb.Quantity.between("x", treated=[1, 2, 3], control=[0.5]).by_year == (0.5, 2, 3)


# --- parameters ---


def test_every_set_names_its_source_and_its_doubts() -> None:
    for each in map(cb.parameter_set, ("1999", "2013", "2017", "2021", "2023")):
        assert each.source
        assert set(each.uncertain) <= {"in_force_from", "net_tax_factor", "tax_distortion", "discount_rates"}
        assert each.discount_rates[0][0] == 0


def test_discounting_at_one_rate_and_at_falling_rates() -> None:
    assert cb.parameter_set("1999").discount_factor(3) == pytest.approx(1 / 1.06**3)
    now = cb.parameter_set("2023")
    assert now.discount_factor(0) == 1
    assert now.discount_factor(35) == pytest.approx(1.035**-35)
    assert now.discount_factor(36) == pytest.approx(1.035**-35 / 1.025)
    assert now.discount_factor(72) == pytest.approx(1.035**-35 * 1.025**-35 * 1.015**-2)


def test_a_set_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(NoParameterSetError, match="did you mean 2023, 2021"):
        cb.parameter_set("2022")


# --- prices ---


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [({"year": 0}, "year"), ({"level": ""}, "level"), ({"source": "  "}, "source"), ({"unit": ""}, "unit")],
)
def test_a_price_nobody_can_check_is_refused(changes: dict[str, Any], lacking: str) -> None:
    with pytest.raises(UnsourcedPriceError, match=f"lacks {lacking}"):
        price(100, **changes)


def test_a_price_level_without_a_year_is_refused() -> None:
    with pytest.raises(UnsourcedPriceError, match="names no year"):
        price(100, level="faste priser")


def test_there_is_no_price_without_its_evidence() -> None:
    with pytest.raises(TypeError):
        cb.Price(100, "time")  # type: ignore[call-arg]


@pytest.mark.parametrize("kr", [-1, float("nan"), float("inf")])
def test_a_price_that_is_none(kr: float) -> None:
    with pytest.raises(InvalidPriceError):
        price(kr)


def test_prices_of_different_levels_are_not_added_up() -> None:
    old = replace(ANALYSIS.items[3], price=price(300, level="2018-priser"))
    with pytest.raises(MixedPriceLevelsError, match="2018-priser, 2023-priser"):
        replace(ANALYSIS, items=(*ANALYSIS.items[:3], old))


# --- what does not fit together ---


def test_shares_that_do_not_add_up() -> None:
    with pytest.raises(InvalidSharesError, match=r"add up to 0\.9"):
        cb.Item("x", "operation", "samtaler", price(1), {"kommune": 0.9})
    with pytest.raises(InvalidSharesError, match="should be 0"):
        cb.Item("x", "production", "timer", price(1), {"kommune": 1.0})
    with pytest.raises(InvalidSharesError, match="unknown payer 'amt'"):
        cb.Item("x", "tax", "timer", price(1), {"amt": 1.0})  # type: ignore[dict-item]
    with pytest.raises(InvalidSharesError, match="negative"):
        cb.Item("x", "tax", "timer", price(1), {"kommune": 1.5, "stat": -0.5})


def test_an_item_without_its_quantity_and_names_used_twice() -> None:
    with pytest.raises(UnknownQuantityError, match="did you mean timer"):
        replace(ANALYSIS, items=(replace(ANALYSIS.items[0], quantity="timre"),))
    with pytest.raises(RepeatedNameError, match="more than one item is called 'arbejde'"):
        replace(ANALYSIS, items=(ANALYSIS.items[0], ANALYSIS.items[0]))


# --- interval ---

COVARIANCE = pd.DataFrame(
    [[16.0, -1.5], [-1.5, 0.25]], index=["timer[1]", "ydelsesuger[1]"], columns=["timer[1]", "ydelsesuger[1]"]
)


def test_the_interval_is_that_of_the_linear_form() -> None:
    # An hour is worth 0.8 (1.2 x 200 + 0.1 x 50) to society and 0.8 x 0.6 x 50 to the kommune;
    # a week on benefit -0.8 x 0.1 x 3000 and -0.8 x 0.7 x 3000.
    by_hand = {
        "society": (196.0, -240.0),
        "public": (40.0, -2400.0),
        "kommune": (24.0, -1680.0),
        "stat": (16.0, -720.0),
    }
    found = cb.certainty(ANALYSIS, COVARIANCE).set_index("account")
    for account, weights in by_hand.items():
        se = float(np.sqrt(np.array(weights) @ COVARIANCE.to_numpy() @ np.array(weights)))
        row, value = found.loc[account], ANALYSIS.values()[account]  # type: ignore[index]
        assert row["value"] == pytest.approx(value)
        assert row["se"] == pytest.approx(se)
        assert row["ci_low"] == pytest.approx(value - 1.96 * se, rel=1e-4)
        assert row["ci_high"] == pytest.approx(value + 1.96 * se, rel=1e-4)
    assert found.loc["region", ["se", "ci_low", "ci_high"]].tolist() == [0, 0, 0]


def test_the_chance_of_a_gain_is_that_of_the_distribution_drawn_from() -> None:
    """Half a million draws of the two effects, each time the whole account: the same share within 3.5 errors of it."""
    found = cb.certainty(ANALYSIS, COVARIANCE).set_index("account")["share_positive"]
    spread = np.random.default_rng(5).multivariate_normal([0, 0], COVARIANCE.to_numpy(), size=500_000)
    for account, weights in (("society", (196.0, -240.0)), ("public", (40.0, -2400.0))):
        share = float((ANALYSIS.values()[account] + spread @ np.array(weights) > 0).mean())  # type: ignore[index]
        assert found[account] == pytest.approx(share, abs=3.5 * 0.5 / np.sqrt(500_000))


def test_an_account_that_nothing_makes_uncertain_is_sure() -> None:
    found = cb.certainty(ANALYSIS, COVARIANCE * 0).set_index("account")
    signs = {account: (1 + np.sign(value)) / 2 for account, value in ANALYSIS.values().items()}
    assert found["share_positive"].to_dict() == signs


def test_effects_that_go_together_do_so_here() -> None:
    sure = COVARIANCE.copy()
    sure.iloc[:, :] = [[16.0, -2.0], [-2.0, 0.25]]  # correlation -1: a singular matrix is no trouble
    apart = pd.DataFrame(np.diag([16.0, 0.25]), index=sure.index, columns=sure.columns)
    together = cb.certainty(ANALYSIS, sure).set_index("account")["se"]
    alone = cb.certainty(ANALYSIS, apart).set_index("account")["se"]
    assert together["public"] == pytest.approx(40 * 4 + 2400 * 0.5)
    assert alone["public"] == pytest.approx(np.hypot(160, 1200))


def test_a_matrix_that_is_no_covariance() -> None:
    def refused(values: list[list[float]], says: str, names: tuple[str, str] = ("timer[1]", "samtaler")) -> None:
        with pytest.raises(InvalidCovarianceError, match=says):
            cb.certainty(ANALYSIS, pd.DataFrame(values, index=names, columns=names))

    refused([[1, 2], [0, 1]], "not symmetric")
    refused([[1, 2], [2, 1]], "negative variance")
    refused([[1, float("nan")], [0, 1]], "missing")
    refused([[1, 0], [0, 1]], r"did you mean timer\[1\]", ("timer", "samtaler"))
    with pytest.raises(InvalidCovarianceError, match="same names"):
        cb.certainty(ANALYSIS, COVARIANCE.set_axis(["a", "b"], axis=1))


# --- break-even and sensitivity ---


def test_break_even_by_hand() -> None:
    # society: 2440 without the conversations, which cost it 3 (1.2 + 0.1) = 3.9 per krone of their price
    found = cb.break_even_price(ANALYSIS, "samtaler")
    assert (found.at_zero, found.now) == (pytest.approx(2440 / 3.9), 400)
    # kommune: 3600 without them, and 3 per krone
    assert cb.break_even_price(ANALYSIS, "samtaler", account="kommune").at_zero == pytest.approx(1200)
    # hours: 480 - 1560 = -1080 without them, and 196 for each hour
    hours = cb.break_even_quantity(ANALYSIS, "timer")
    assert (hours.at_zero, hours.now) == (pytest.approx(1080 / 196), 10)


@given(
    kr=st.floats(1, 1e4),
    hours=st.floats(0.1, 50),
    talks=st.floats(0.1, 50),
    account=st.sampled_from(["society", "public"]),
)
@settings(max_examples=50, deadline=None)
def test_at_the_break_even_price_the_account_is_zero(
    kr: float, hours: float, talks: float, account: cb.Account
) -> None:
    quantities = (cb.Quantity("timer", (hours, 2 * hours)), ANALYSIS.quantities[1], cb.Quantity("samtaler", (talks,)))
    analysis = replace(ANALYSIS, quantities=quantities)
    found = cb.break_even_price(analysis, "samtaler", account=account)
    at_zero = replace(analysis.item("samtaler"), price=price(max(found.at_zero, 0)))
    if found.at_zero >= 0:
        values = replace(analysis, items=(*analysis.items[:3], at_zero)).values()
        assert values[account] == pytest.approx(0, abs=1e-6)


def test_what_makes_no_difference_has_no_break_even() -> None:
    with pytest.raises(NoBreakEvenError, match="'arbejde' makes no difference to the account public"):
        cb.break_even_price(ANALYSIS, "arbejde", account="public")
    with pytest.raises(NoBreakEvenError, match="region"):
        cb.break_even_quantity(ANALYSIS, "timer", account="region")
    with pytest.raises(UnknownItemError, match="did you mean samtaler"):
        cb.break_even_price(ANALYSIS, "samtale")
    with pytest.raises(UnknownQuantityError, match="did you mean timer"):
        cb.break_even_quantity(ANALYSIS, "time")


def test_the_tornado_by_hand() -> None:
    table = cb.tornado(
        ANALYSIS,
        [
            cb.Range("price", 300, 500, "samtaler"),
            cb.Range("quantity", 5, 15, "timer"),
            cb.Range("tax_distortion", 0.0, 0.2),
            cb.Range("net_tax_factor", 1.0, 1.2),
            cb.Range("discount_rate", 0.0, 0.25),
        ],
    ).set_index("what")
    assert table.index.tolist() == ["quantity", "tax_distortion", "price", "discount_rate", "net_tax_factor"]
    assert table.loc["quantity", ["at_low", "at_high"]].tolist() == pytest.approx([880 - 5 * 196, 880 + 5 * 196])
    assert table.loc["price", ["at_low", "at_high"]].tolist() == pytest.approx([880 + 390, 880 - 390])
    assert table.loc["tax_distortion", ["at_low", "at_high"]].tolist() == pytest.approx([480, 1280])
    assert table.loc["net_tax_factor", ["at_low", "at_high"]].tolist() == pytest.approx([800, 880])
    # undiscounted: 1.2 (2000 - 1200) + 0.1 (500 + 6000 - 1200)
    assert table.loc["discount_rate", ["at_low", "at_high"]].tolist() == pytest.approx([960 + 530, 880])
    assert table["swing"].tolist() == sorted(table["swing"], reverse=True)


def test_ranges_that_cannot_be_walked() -> None:
    with pytest.raises(InvalidRangeError, match="from 5 to 3"):
        cb.tornado(ANALYSIS, [cb.Range("quantity", 5, 3, "timer")])
    still = replace(ANALYSIS, quantities=(cb.Quantity("timer", (1.0, -1.0)), *ANALYSIS.quantities[1:]))
    with pytest.raises(InvalidRangeError, match="cannot be scaled"):
        cb.tornado(still, [cb.Range("quantity", 1, 2, "timer")])
