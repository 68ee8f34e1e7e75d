"""The accounts of society and of the public purses per randomised person, with interval, break-even and sensitivity;
and what can be said of costs without all prices: units of activity per unit gained, a sum of money per person.

Quantities are differences between the groups as they were allotted; a panel measure is summed over the weeks of each
year from entry, and weeks in which a person is outside its denominator count as nought, so that everybody counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context, first_weeks_window, mean_columns, welch_columns, who_counts
from reportlib.analysis.measure_values import in_print_unit, weeks_after
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person
from reportlib.analysis.weekly_rows import accumulated_unit
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators import costbenefit as cb
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.shares_and_means import mean
from reportlib.estimators.week_by_week import accumulated_difference, weekly_difference
from reportlib.ledger import Measure, make_key
from reportlib.ledger.keys import ACCOUNTS, COST_BENEFIT, DIFFERENCE, DUE, week_label
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.registers.event_weeks import monday_of
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity, CostBenefit, UnitCost
from reportlib.trial.measures import EventCount, MeasureSpec, WeeksWith
from reportlib.trial.model import Trial


def run_activity(spec: Activity, context: Context) -> None:
    """Add units per person by group, the difference, and the extra units per unit gained.

    The gain is the accumulated difference of `spec.gain` at `spec.weeks`, from a `weekly` analysis with `accumulate`.
    Units and gain of the ratio are both summed over weeks 1 to `spec.weeks` among those followed in each week.
    The ratio is printed only where the gain's interval excludes zero: otherwise its denominator may be nothing.
    """
    for measure in context.measures(spec.measures):
        values = context.person_measure(measure)
        for group in context.trial.all_groups:
            context.add_average(
                measure,
                np.where(context.in_group(group.id), values, np.nan),
                group=group.id,
                window=WHOLE_FOLLOW_UP,
            )
        if context.trial.groups.comparison is not None:
            _add_difference(measure, context, in_print_unit(values, measure.unit))
            _add_ratio(measure, spec, context)


def _add_difference(measure: MeasureSpec, context: Context, values: np.ndarray) -> None:
    known = ~np.isnan(values)
    found = difference_in_means(values[known], context.treated[known], level=context.level)
    levels = made_of(*context.level_keys(measure, context.group_ids))
    context.add(measure, "difference", levels, window=WHOLE_FOLLOW_UP, n=int(known.sum()), **welch_columns(found))


def _add_ratio(measure: MeasureSpec, spec: Activity, context: Context) -> None:
    gain = context.ledger.get(
        make_key(spec.gain, statistic="accumulated", group=DIFFERENCE, time=week_label(spec.weeks))
    )
    by_week = units_by_week(measure, spec.weeks, context)
    if gain is None or gain.ci_low is None or gain.ci_high is None or gain.ci_low <= 0 <= gain.ci_high:
        return
    if by_week is None:
        return
    units = accumulated_difference(weekly_difference(by_week, context.treated, level=context.level)).difference[-1]
    context.add(
        measure,
        "units_per_gain",
        made_of(gain.key, make_key(measure.id, statistic="difference", group=DIFFERENCE)),
        window=first_weeks_window(spec.weeks),
        unit=Unit.RATIO,
        time=week_label(spec.weeks),
        value=units / gain.number,
        method=f"accumulated difference in units over {gain.key}",
    )


def units_by_week(measure: MeasureSpec, weeks: int, context: Context) -> FloatArray | None:
    """(n, weeks) units in each event week among those followed, so that units and gain are counted over the same weeks.

    None for a measure that is not a count of events or weeks.
    """
    followed = context.data.panel.followed[:, :weeks]
    match measure.computed:
        case WeeksWith():
            values = context.panel_measure(context.trial.measure_by_id[measure.computed.measure])[:, :weeks]
            counts = (values > 0).astype(np.float64)
        case EventCount():
            counts = _events_by_week(measure.computed, weeks, context)
        case _:
            return None
    return np.where(followed, counts, np.nan)


def _events_by_week(computed: EventCount, weeks: int, context: Context) -> FloatArray:
    counts = np.zeros((context.persons, weeks))
    casework = context.data.casework
    if casework is None:
        return counts
    events = casework[casework["kind"].isin(list(computed.events))]
    rows = events["row"].to_numpy()
    entered = monday_of(context.data.persons["start"].to_numpy()[rows])
    week = weeks_after(entered, events["start"])
    inside = (week >= 0) & (week < weeks)
    np.add.at(counts, (rows[inside], week[inside]), 1.0)
    return counts


COST = "cost_per_unit"


def run_unit_cost(spec: UnitCost, context: Context) -> None:
    """Add sum / (k x due / 100) per measure and assumption; `k` is the persons, so that few of them hide the row.

    The sum is the whole budget, whoever spent it and whether it is spent yet: an average and not what one more costs.
    """
    cost = context.trial.number(spec.cost)
    group = context.trial.groups.treated.id
    for measure in context.measures(spec.measures):
        add_person(measure, context, group=group, by_site=False)
        row = context.ledger[make_key(measure.id, statistic="share", group=group)]
        for due in spec.due:
            units = (row.k or 0) * due / 100
            found = {"value": cost / units if units else None, "unit": Unit.KR, "k": row.k, "n": row.n}
            where = {"group": group, "subgroup": f"{DUE}{due:g}", "window": WHOLE_FOLLOW_UP}
            how = f"{spec.cost} over {due:g} pct. of {row.key}"
            context.add(measure, COST, made_of(row.key), method=how, **found, **where)


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
    accounts = _Accounts(analysis, first_weeks_window(spec.weeks), context)
    _add_units(counted, accounts.window, context)
    _add_accounts(accounts, covariance)
    _add_items(accounts, covariance)
    _add_break_even(accounts)
    _add_parameters(accounts)
    _add_tornado(spec, accounts)


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


@dataclass(frozen=True)
class _Accounts:
    """An analysis of the effort, and the rows that are made of the differences in all its quantities."""

    analysis: cb.CostBenefit
    window: str
    context: Context

    def add(
        self, statistic: str, unit: Unit, subgroup: str, value: float, behind: Setting | None = None, **row: Any
    ) -> None:
        """Add a number over everybody, or one with the evidence `behind`."""
        made = [key for one in self.analysis.quantities for key in _units_of(one.name, DIFFERENCE)]
        everybody = Counted(n=np.ones(self.context.persons, dtype=np.bool_), made_of=tuple(made))
        self.context.ledger.add(
            behind or everybody,
            measure=COST_BENEFIT,
            statistic=statistic,
            unit=unit,
            group=DIFFERENCE,
            subgroup=subgroup,
            value=value,
            n=None if behind else self.context.persons,
            population=self.context.everybody,
            window=self.window,
            **row,
        )


def _add_units(counted: list[Quantity], window: str, context: Context) -> None:
    """Units per person in each group and their difference, over all years."""
    level = context.level
    for one in counted:
        total = one.by_year.sum(axis=1)
        for group in context.trial.all_groups:
            inside = context.in_group(group.id)
            who, columns = who_counts(total, inside), mean_columns(mean(total[inside], level=level))
            context.add(one.measure, "total_units", who, group=group.id, window=window, unit=one.unit, **columns)
        columns = welch_columns(difference_in_means(total, context.treated, level=level)) | {"n": len(total)}
        levels = made_of(*_units_of(one.measure.id, *context.group_ids))
        context.add(one.measure, "total_units", levels, window=window, unit=one.unit, **columns)


def _units_of(measure_id: str, *groups: str) -> tuple[str, ...]:
    """The keys of the units of a measure in the groups: what the accounts are made of."""
    return tuple(make_key(measure_id, statistic="total_units", group=group) for group in groups)


def _add_accounts(accounts: _Accounts, covariance: pd.DataFrame) -> None:
    analysis = accounts.analysis
    found = cb.certainty(analysis, covariance, level=accounts.context.level)
    for row in found.to_dict("records"):
        place, account = cb.ACCOUNTS.index(row["account"]), ACCOUNTS[row["account"]]
        if not any(analysis.coefficients([item])[place].any() for item in analysis.items):
            continue  # no price is paid by or to this purse
        method = "normal, from the covariance of the differences"
        errors = {name: row[name] for name in ("se", "ci_low", "ci_high")}
        accounts.add(
            "net", Unit.KR, account, row["value"], **errors, method=f"{method}, parameters {analysis.parameters.id}"
        )
        accounts.add("chance_of_gain", Unit.PCT, account, 100 * row["share_positive"], method=method)


def _add_items(accounts: _Accounts, covariance: pd.DataFrame) -> None:
    """What each price adds to each account, with the error that its quantity brings."""
    for item in accounts.analysis.items:
        per_unit = accounts.analysis.coefficients([item])
        values, variances = per_unit @ accounts.analysis.vector, per_unit @ covariance.to_numpy() @ per_unit.T
        touches: BoolArray = np.atleast_1d(per_unit.any(axis=1))
        for account, value, variance, touched in zip(cb.ACCOUNTS, values, np.diag(variances), touches, strict=True):
            if touched:
                name, se = f"{ACCOUNTS[account]}:{item.name}", float(np.sqrt(max(variance, 0.0)))
                accounts.add("contribution", Unit.KR, name, value, se=se, method="units x price")


def _add_break_even(accounts: _Accounts) -> None:
    """The price of each operating unit, and the units of production, at which society's account is nought."""
    for item in accounts.analysis.items:
        try:
            if item.kind == "operation":
                found, unit = cb.break_even_price(accounts.analysis, item.name), Unit.KR
            elif item.kind == "production":
                found = cb.break_even_quantity(accounts.analysis, item.quantity)
                unit = accumulated_unit(accounts.context.trial.measure_by_id[item.quantity])
            else:
                continue
        except ReportlibError:
            continue  # the price makes no difference, so there is no price at which the account turns
        accounts.add("break_even", unit, item.name, found.at_zero, method=f"society, now {found.now:.6g}")


def _add_parameters(accounts: _Accounts) -> None:
    """The parameters used; the discount rate is that of the first years. `method` holds the guideline they are from."""
    used, behind = accounts.analysis.parameters, Setting("a parameter of the guideline")
    for name, unit, value in (
        ("discount_rate", Unit.PCT, 100 * used.discount_rates[0][1]),
        ("tax_distortion", Unit.PCT, 100 * used.tax_distortion),
        ("net_tax_factor", Unit.RATIO, used.net_tax_factor),
    ):
        accounts.add("parameter", unit, name, value, behind, method=used.source)


def _add_tornado(spec: CostBenefit, accounts: _Accounts) -> None:
    """Society's account with one assumption at a time at its lowest and its highest."""
    context = accounts.context
    for row in cb.tornado(accounts.analysis, _ranges(spec, accounts.analysis, context)).to_dict("records"):
        name = ":".join(text for text in (row["what"], row["name"]) if text)
        unit = _unit_of(row["what"], row["name"], context)
        scale = 100 if unit is Unit.PCT else 1
        for end in ("low", "high"):
            accounts.add(f"assumption_{end}", unit, name, scale * row[end])
        for end in ("low", "high"):
            accounts.add(f"net_{end}", Unit.KR, name, row[f"at_{end}"])


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
