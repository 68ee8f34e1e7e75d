"""The accounts of society and of the public purses per randomised person, with interval, break-even and sensitivity.

Quantities are differences between the groups as they were allotted; a panel measure is summed over the weeks of each
year from entry, and weeks in which a person is outside its denominator count as nought, so that everybody counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context, first_weeks_window, mean_columns, welch_columns, who_counts
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person
from reportlib.analysis.weekly_rows import accumulated_unit
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators import costbenefit as cb
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.shares_and_means import mean
from reportlib.ledger import Measure, make_key
from reportlib.ledger.keys import ACCOUNTS, COST_BENEFIT, DIFFERENCE, DUE
from reportlib.registers.panel import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import CostBenefit, UnitCost
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

COST = "cost_per_unit"


def run_unit_cost(spec: UnitCost, context: Context) -> None:
    """Add sum / (k x due / 100) per measure and assumption; `k` is the persons, so that few of them hide the row.

    The sum is the whole budget, whoever spent it and whether it is spent yet: an average and not what one more costs.
    """
    cost = context.trial.number(spec.cost)
    group = context.trial.groups.treated.id
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
        add_person(measure, context, group=group, by_site=False)
        row = context.ledger[make_key(measure.id, statistic="share", group=group)]
        for due in spec.due:
            units = (row.k or 0) * due / 100
            context.ledger.add(
                made_of(row.key),
                measure=measure.id,
                statistic=COST,
                unit=Unit.KR,
                group=group,
                subgroup=f"{DUE}{due:g}",
                value=cost / units if units else None,
                k=row.k,
                n=row.n,
                method=f"{spec.cost} over {due:g} pct. of {row.key}",
                **context.common(measure, group, WHOLE_FOLLOW_UP),
            )


WEEKS_IN_A_YEAR = 52


@dataclass(frozen=True)
class Quantity:
    """A quantity: its measure, units per person in each year (n, years), and the unit of their sum."""

    measure: MeasureSpec
    by_year: FloatArray
    unit: Unit


def run_cost_benefit(spec: CostBenefit, context: Context) -> None:
    """Add units per person, the accounts with their intervals, what each price adds, break-even and sensitivity."""
    trial = context.trial
    counted = [
        _counted(trial.measure_by_id[name], spec, context)
        for name in dict.fromkeys(one.measure for one in trial.prices)
    ]
    analysis = _analysis(spec, counted, context)
    covariance = _covariance(counted, analysis.labels, context.treated)
    window = first_weeks_window(spec.weeks)
    _add_units(counted, window, context)
    _add_accounts(analysis, covariance, window, context)
    _add_items(analysis, covariance, window, context)
    _add_break_even(analysis, window, context)
    _add_parameters(analysis, window, context)
    _add_tornado(spec, analysis, window, context)


def account_measure(trial: Trial) -> Measure:
    """The entry of the catalogue for the accounts; its sources are those of the prices."""
    sources = dict.fromkeys(trial.sources[price.source].text for price in trial.prices)
    return Measure(
        id=COST_BENEFIT,
        label="Resultat pr. person",
        unit=Unit.KR,
        definition="Værdien af forskellen mellem grupperne minus omkostningen ved den, i kroner pr. person",
        source="; ".join(sources),
    )


def _counted(measure: MeasureSpec, spec: CostBenefit, context: Context) -> Quantity:
    if not measure.is_panel:
        return Quantity(measure, np.nan_to_num(context.person_measure(measure))[:, None], measure.unit)
    values = np.nan_to_num(context.panel_measure(measure)[:, : spec.weeks])
    starts = np.arange(0, values.shape[1], WEEKS_IN_A_YEAR)
    return Quantity(measure, np.add.reduceat(values, starts, axis=1), accumulated_unit(measure))


def _analysis(spec: CostBenefit, counted: list[Quantity], context: Context) -> cb.CostBenefit:
    trial, treated = context.trial, context.treated
    quantities = tuple(
        cb.Quantity.between(
            one.measure.id, treated=one.by_year[treated].mean(axis=0), control=one.by_year[~treated].mean(axis=0)
        )
        for one in counted
    )
    items = tuple(
        cb.Item(
            price.key,
            price.kind,
            price.measure,
            cb.Price(
                price.kr,
                price.unit,
                year=price.year,
                level=price.level,
                source=trial.sources[price.source].text,
                basis=price.basis,
            ),
            price.paid_by,
        )
        for price in trial.prices
    )
    return cb.CostBenefit(quantities, items, cb.parameter_set(spec.parameters))


def _covariance(counted: list[Quantity], labels: tuple[str, ...], treated: np.ndarray) -> pd.DataFrame:
    """Of the differences in means: the covariance within each group over its persons, added."""
    units = np.hstack([one.by_year for one in counted])
    total = sum(np.atleast_2d(np.cov(units[side], rowvar=False)) / int(side.sum()) for side in (treated, ~treated))
    return pd.DataFrame(total, index=list(labels), columns=list(labels))


def _common(window: str, context: Context) -> dict[str, str]:
    everybody = " og ".join(group.many for group in context.trial.all_groups)
    return {
        "measure": COST_BENEFIT,
        "group": DIFFERENCE,
        "population": everybody,
        "window": window,
        "data_date": context.trial.data_date.isoformat(),
    }


def _add_units(counted: list[Quantity], window: str, context: Context) -> None:
    """Units per person in each group and their difference, over all years."""
    level = context.trial.design.level
    for one in counted:
        total = one.by_year.sum(axis=1)
        for group in context.trial.all_groups:
            context.ledger.add(
                who_counts(total, context.in_group(group.id)),
                measure=one.measure.id,
                statistic="total_units",
                unit=one.unit,
                group=group.id,
                **mean_columns(mean(total[context.in_group(group.id)], level=level)),
                **context.common(one.measure, group.id, window),
            )
        found = difference_in_means(total, context.treated, level=level)
        context.ledger.add(
            made_of(*_units_of(one.measure.id, *context.group_ids)),
            measure=one.measure.id,
            statistic="total_units",
            unit=one.unit,
            group=DIFFERENCE,
            n=len(total),
            **welch_columns(found),
            **context.common(one.measure, "", window),
        )


def _units_of(measure_id: str, *groups: str) -> tuple[str, ...]:
    """The keys of the units of a measure in the groups: what the accounts are made of."""
    return tuple(make_key(measure_id, statistic="total_units", group=group) for group in groups)


def _behind(analysis: cb.CostBenefit, context: Context) -> Counted:
    """The evidence of a number over everybody that is made of the differences in all quantities."""
    made = [key for one in analysis.quantities for key in _units_of(one.name, DIFFERENCE)]
    return Counted(n=np.ones(context.persons, dtype=np.bool_), made_of=tuple(made))


def _add_accounts(analysis: cb.CostBenefit, covariance: pd.DataFrame, window: str, context: Context) -> None:
    found = cb.certainty(analysis, covariance, level=context.trial.design.level)
    for row in found.to_dict("records"):
        place = cb.ACCOUNTS.index(row["account"])
        if not any(analysis.coefficients([item])[place].any() for item in analysis.items):
            continue  # no price is paid by or to this purse
        common: dict[str, Any] = {
            **_common(window, context),
            "subgroup": ACCOUNTS[row["account"]],
            "n": context.persons,
        }
        context.ledger.add(
            _behind(analysis, context),
            statistic="net",
            unit=Unit.KR,
            value=row["value"],
            se=row["se"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            method=f"normal, from the covariance of the differences, parameters {analysis.parameters.id}",
            **common,
        )
        context.ledger.add(
            _behind(analysis, context),
            statistic="chance_of_gain",
            unit=Unit.PCT,
            value=100 * row["share_positive"],
            method="normal, from the covariance of the differences",
            **common,
        )


def _add_items(analysis: cb.CostBenefit, covariance: pd.DataFrame, window: str, context: Context) -> None:
    """What each price adds to each account, with the error that its quantity brings."""
    for item in analysis.items:
        per_unit = analysis.coefficients([item])
        values, variances = per_unit @ analysis.vector, per_unit @ covariance.to_numpy() @ per_unit.T
        touches: BoolArray = np.atleast_1d(per_unit.any(axis=1))
        for account, value, variance, touched in zip(cb.ACCOUNTS, values, np.diag(variances), touches, strict=True):
            if not touched:
                continue
            context.ledger.add(
                _behind(analysis, context),
                statistic="contribution",
                unit=Unit.KR,
                subgroup=f"{ACCOUNTS[account]}:{item.name}",
                value=value,
                se=float(np.sqrt(max(variance, 0.0))),
                n=context.persons,
                method="units x price",
                **_common(window, context),
            )


def _add_break_even(analysis: cb.CostBenefit, window: str, context: Context) -> None:
    """The price of each operating unit, and the units of production, at which society's account is nought."""
    for item in analysis.items:
        try:
            if item.kind == "operation":
                found, unit = cb.break_even_price(analysis, item.name), Unit.KR
            elif item.kind == "production":
                found = cb.break_even_quantity(analysis, item.quantity)
                unit = accumulated_unit(context.trial.measure_by_id[item.quantity])
            else:
                continue
        except ReportlibError:
            continue  # the price makes no difference, so there is no price at which the account turns
        context.ledger.add(
            _behind(analysis, context),
            statistic="break_even",
            unit=unit,
            subgroup=item.name,
            value=found.at_zero,
            n=context.persons,
            method=f"society, now {found.now:.6g}",
            **_common(window, context),
        )


def _add_parameters(analysis: cb.CostBenefit, window: str, context: Context) -> None:
    """The parameters used; the discount rate is that of the first years. `method` holds the guideline they are from."""
    used = analysis.parameters
    for name, unit, value in (
        ("discount_rate", Unit.PCT, 100 * used.discount_rates[0][1]),
        ("tax_distortion", Unit.PCT, 100 * used.tax_distortion),
        ("net_tax_factor", Unit.RATIO, used.net_tax_factor),
    ):
        context.ledger.add(
            Setting("a parameter of the guideline"),
            statistic="parameter",
            unit=unit,
            subgroup=name,
            value=value,
            method=used.source,
            **_common(window, context),
        )


def _add_tornado(spec: CostBenefit, analysis: cb.CostBenefit, window: str, context: Context) -> None:
    """Society's account with one assumption at a time at its lowest and its highest."""
    table = cb.tornado(analysis, _ranges(spec, analysis, context))
    for row in table.to_dict("records"):
        name = ":".join(text for text in (row["what"], row["name"]) if text)
        for statistic, unit, value in (
            ("assumption_low", _unit_of(row["what"], row["name"], context), row["low"]),
            ("assumption_high", _unit_of(row["what"], row["name"], context), row["high"]),
            ("net_low", Unit.KR, row["at_low"]),
            ("net_high", Unit.KR, row["at_high"]),
        ):
            scale = 100 if unit is Unit.PCT else 1
            context.ledger.add(
                _behind(analysis, context),
                statistic=statistic,
                unit=unit,
                subgroup=name,
                value=scale * value,
                n=context.persons,
                **_common(window, context),
            )


def _ranges(spec: CostBenefit, analysis: cb.CostBenefit, context: Context) -> list[cb.Range]:
    ranges = [
        cb.Range("price", item.price.kr * (1 - spec.price_range), item.price.kr * (1 + spec.price_range), item.name)
        for item in analysis.items
    ]
    for quantity in analysis.quantities:
        interval = context.ledger[f"{quantity.name}.{DIFFERENCE}.total_units"]
        if quantity.total != 0 and interval.ci_low is not None and interval.ci_high is not None:
            ranges.append(cb.Range("quantity", interval.ci_low, interval.ci_high, quantity.name))
    if spec.discount_rate:
        ranges.append(cb.Range("discount_rate", *spec.discount_rate))
    if spec.tax_distortion:
        ranges.append(cb.Range("tax_distortion", *spec.tax_distortion))
    if spec.net_tax_factor:
        ranges.append(cb.Range("net_tax_factor", *spec.net_tax_factor))
    return ranges


def _unit_of(what: str, name: str, context: Context) -> Unit:
    if what == "price":
        return Unit.KR
    if what == "quantity":
        return accumulated_unit(context.trial.measure_by_id[name])
    return Unit.RATIO if what == "net_tax_factor" else Unit.PCT
