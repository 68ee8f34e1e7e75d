"""Cost-benefit analysis of an effort: society's account and the public purses'.

With an interval, break-even prices and one-way sensitivity. For example:

    from reportlib.estimators import costbenefit as cb

    hour = cb.Price(kr, "time", year=2023, level="2023-priser", source="Danmarks Statistik, tabel ...")
    talk = cb.Price(kr, "samtale", year=2022, level="2022-priser", source="...").at_level("2023-priser", index)
    analysis = cb.CostBenefit(
        quantities=(
            cb.Quantity("timer", (12.0, 18.0)),
            cb.Quantity.between("samtaler", treated=[9.0], control=[4.0]),
        ),
        items=(
            cb.Item("arbejde", "production", "timer", hour),
            cb.Item("samtaler", "operation", "samtaler", talk, {"kommune": 1.0}),
        ),
        parameters=cb.parameter_set("2023"),
        per="randomised person",
    )
    analysis.values(), cb.break_even_price(analysis, "samtaler")
"""

from reportlib.estimators.costbenefit.accounts import ACCOUNTS, Account, CostBenefit, Per
from reportlib.estimators.costbenefit.items import Item, Kind, Payer, Quantity
from reportlib.estimators.costbenefit.monte_carlo import monte_carlo
from reportlib.estimators.costbenefit.parameters import ParameterSet, parameter_set, parameter_sets
from reportlib.estimators.costbenefit.prices import Basis, Price
from reportlib.estimators.costbenefit.sensitivity import (
    BreakEven,
    Range,
    break_even_price,
    break_even_quantity,
    tornado,
)

__all__ = [
    "ACCOUNTS",
    "Account",
    "Basis",
    "BreakEven",
    "CostBenefit",
    "Item",
    "Kind",
    "ParameterSet",
    "Payer",
    "Per",
    "Price",
    "Quantity",
    "Range",
    "break_even_price",
    "break_even_quantity",
    "monte_carlo",
    "parameter_set",
    "parameter_sets",
    "tornado",
]
