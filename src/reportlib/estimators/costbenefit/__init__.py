"""Cost-benefit analysis of an effort: society's account and the public purses'.

With an interval, break-even prices and one-way sensitivity. Own code: no package of the field's keeps the Danish
accounts. For example:

    from reportlib.estimators import costbenefit as cb

    hour = cb.Price(kr, "time", year=2023, level="2023-priser", source="Danmarks Statistik, tabel ...")
    talk = cb.Price(kr, "samtale", year=2022, level="2023-priser", source="...")
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
    )
    analysis.values(), cb.break_even_price(analysis, "samtaler")
"""

from reportlib.estimators.costbenefit.accounts import ACCOUNTS, Account, CostBenefit
from reportlib.estimators.costbenefit.guidelines import ParameterSet, parameter_set
from reportlib.estimators.costbenefit.items import Basis, Item, Kind, Payer, Price, Quantity
from reportlib.estimators.costbenefit.sensitivity import (
    BreakEven,
    Range,
    break_even_price,
    break_even_quantity,
    certainty,
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
    "Price",
    "Quantity",
    "Range",
    "break_even_price",
    "break_even_quantity",
    "certainty",
    "parameter_set",
    "tornado",
]
