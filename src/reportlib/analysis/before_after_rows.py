"""The same persons measured more than once: before and after entry (levels, change, test, how many changed each way),
and a survey that is repeated (scores by measurement, the same persons throughout, change from first to last).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Column, Context, Side, mean_columns, share_columns
from reportlib.analysis.person_measures import survey_of, survey_values
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators.repeated_measures import FirstToLast, PairedMeans, mcnemar, paired_t, progression, sign_test
from reportlib.estimators.shares_and_means import Mean, Share, mean, share
from reportlib.ledger import make_key
from reportlib.ledger.keys import AFTER, AT_LEAST_TWO, BEFORE, DIFFERENCE, others_than, with_count
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import BeforeAfter, Scales
from reportlib.trial.measures import MeasureSpec, SurveyAnswers, SurveyScale

ONLY_BEFORE, ONLY_AFTER = "share_only_before", "share_only_after"


def run_before_after(spec: BeforeAfter, context: Context) -> None:
    """Add the rows of every pair under the id of the measure after."""
    for pair in spec.pairs:
        after = context.trial.measure_by_id[pair.after]
        first = _in_group(context.trial.measure_by_id[pair.before], context)
        second = _in_group(after, context)
        both = ~np.isnan(first) & ~np.isnan(second)
        first, second = np.where(both, first, np.nan), np.where(both, second, np.nan)
        values, who = np.column_stack([first, second]), _who(after, context)
        windows = [Column(BEFORE, "", spec.before_window), Column(AFTER, "", spec.after_window)]
        everybody = np.zeros(context.persons, dtype=np.int64)
        context.add_columns(after, values, everybody, [Side(0)], windows, population=who)
        if spec.by_site:
            context.add_by_site(after, values, context.site_of_persons, windows, population=who)
        if int(both.sum()) < 2:
            continue
        if after.is_binary:
            _add_shares(after, first, second, spec, context)
        else:
            _add_means(after, first, second, spec, context)


def _in_group(measure: MeasureSpec, context: Context) -> FloatArray:
    return np.where(context.treated, context.person_measure(measure), np.nan)


def _who(measure: MeasureSpec, context: Context) -> str:
    return context.population_text(measure, context.trial.groups.treated.id)


def _common(measure: MeasureSpec, spec: BeforeAfter, context: Context) -> dict[str, str]:
    return {
        "measure": measure.id,
        "group": DIFFERENCE,
        "population": _who(measure, context),
        "window": f"{spec.before_window} og {spec.after_window}",
        "data_date": context.trial.data_date.isoformat(),
    }


def _add_shares(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    """The change in points with Bonett and Price's interval, and the shares that changed each way.

    The p-value of McNemar's test stands with the change where it gives the same verdict as the interval; where the two
    differ the interval alone decides, so that no sentence can be told two ways.
    """
    level = context.trial.design.level
    both = ~np.isnan(first)
    found = mcnemar(first[both], second[both], level=level)
    common = _common(measure, spec, context)
    excludes_zero = found.ci_low > 0 or found.ci_high < 0
    changed = {ONLY_BEFORE: (first == 1) & (second == 0), ONLY_AFTER: (first == 0) & (second == 1)}
    # Its interval is made of how many changed each way.
    parts = (make_key(measure.id, statistic=name, group=DIFFERENCE) for name in changed)
    context.ledger.add(
        made_of(*context.level_keys(measure, (BEFORE, AFTER)), *parts),
        statistic="difference",
        unit=difference_unit(measure),
        value=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p=found.p if excludes_zero == (found.p < level) else None,
        n=found.n,
        method=f"Bonett-Price; {found.test}",
        **common,
    )
    for statistic, k in ((ONLY_BEFORE, found.only_before), (ONLY_AFTER, found.only_after)):
        part = share(k, found.n, level=level)
        context.ledger.add(
            Counted(n=both, k=changed[statistic]),
            statistic=statistic,
            unit=Unit.PCT,
            **share_columns(part),
            **common,
        )


def _add_means(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    both = ~np.isnan(first)
    found = paired_t(first[both], second[both], level=context.trial.design.level)
    changed = both & (first != second)
    context.ledger.add(
        Counted(n=both, k=changed, made_of=context.level_keys(measure, (BEFORE, AFTER))),
        statistic="difference",
        unit=difference_unit(measure),
        k=int(changed.sum()),
        **change_columns(found),
        **_common(measure, spec, context),
    )


def change_columns(found: PairedMeans) -> dict[str, Any]:
    """The change of the same persons as ledger columns."""
    interval = {"ci_low": found.ci_low, "ci_high": found.ci_high}
    n, method = found.n, found.test
    return {"value": found.change, "se": found.se, "df": found.df, **interval, "p": found.p, "n": n, "method": method}


class RepeatedSurveyError(ReportlibError):
    """The sheets of a repeated survey cannot be ordered: no numbers, no persons, or a person twice at one number."""


def measurement(number: int) -> str:
    """The time column of a measurement: `maaling3`."""
    return f"maaling{number}"


def run_scales(spec: Scales, context: Context) -> None:
    """Add how many have each measurement, and for each measure the curve and the changes.

    Raises:
        RepeatedSurveyError: a person has two sheets with one number.
    """
    counts = context.trial.measure_by_id[spec.counts]
    number, row, most = _sheets(counts, context)
    _add_counts(counts, number, row, most, context)
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
        values = survey_values(measure, context.data)
        known = (number > 0) & (row >= 0) & ~np.isnan(values)
        _add_curve(measure, values, number, row, known, most, spec, context)
        _add_changes(measure, values[known], number[known], row[known], most, spec, context)


def _sheets(counts: MeasureSpec, context: Context) -> tuple[np.ndarray, np.ndarray, int]:
    """The measurement each sheet is (0 for none), its person's position, and how many measurements are planned."""
    computed = counts.computed
    assert isinstance(computed, SurveyAnswers)  # what trial.yml may name
    number = np.nan_to_num(survey_values(counts, context.data) + 1).astype(np.int64)
    row = context.data.surveys[computed.survey]["row"].to_numpy()
    if pd.DataFrame({"row": row, "number": number})[(row >= 0) & (number > 0)].duplicated().any():
        raise RepeatedSurveyError(f"a person has two sheets with one number in {computed.survey}")
    return number, row, len(computed.answers)


def _scale_common(measure: MeasureSpec, context: Context, window: str) -> dict[str, Any]:
    survey = survey_of(measure)
    return {
        "measure": measure.id,
        "group": survey,
        "population": context.trial.extracts.surveys[survey].respondents,
        "window": window,
        "data_date": context.trial.data_date.isoformat(),
    }


def _add_counts(counts: MeasureSpec, number: np.ndarray, row: np.ndarray, most: int, context: Context) -> None:
    """Persons with each measurement, by the last one they have, in all, and without the first."""
    inside = (number > 0) & (row >= 0)
    of_person = pd.Series(number[inside]).groupby(row[inside])
    last, first = of_person.max(), of_person.min()
    persons = len(last)
    common = {**_scale_common(counts, context, "alle målinger"), "unit": Unit.COUNT, "n": persons}
    everybody = context.at_positions(last.index)

    def add(statistic: str, who: Any, time: str = "") -> None:
        there = context.at_positions(who)
        k = int(there.sum())
        context.ledger.add(Counted(n=everybody, k=there), statistic=statistic, time=time, value=k, k=k, **common)

    add("count", last.index)
    sheets = int(inside.sum())
    context.ledger.add(
        Counted(n=everybody, k=Setting("answer sheets")), statistic="sheets", value=sheets, k=sheets, **common
    )
    add("without_first", first.index[first > 1])
    for at in range(1, most + 1):
        add("count", row[inside & (number == at)], measurement(at))
        add("last_reached", last.index[last == at], measurement(at))


def _add_curve(
    measure: MeasureSpec,
    values: FloatArray,
    number: np.ndarray,
    row: np.ndarray,
    known: BoolArray,
    most: int,
    spec: Scales,
    context: Context,
) -> None:
    """The mean of all with each measurement, and of the panel that has every one."""
    level = context.trial.design.level
    having = pd.Series(number[known]).groupby(row[known]).nunique()
    in_panel = known & np.isin(row, having.index[having == most])
    for at in range(1, most + 1):
        here = number == at
        common = {**_scale_common(measure, context, f"{at}. måling"), "time": measurement(at)}
        for statistic, inside in (("mean", known & here), ("panel_mean", in_panel & here)):
            _add_mean(mean(values[inside], level=level), row[inside], statistic, common, context)
    if spec.by_site:
        sites = context.data.surveys[survey_of(measure)]["site"].to_numpy()
        common = {**_scale_common(measure, context, "1. måling"), "time": measurement(1)}
        for site in context.trial.sites.names:
            for place, inside in ((site, sites == site), (others_than(site), sites != site)):
                here = known & (number == 1) & inside
                _add_mean(mean(values[here], level=level), row[here], "mean", {**common, "site": place}, context)


def _add_mean(found: Mean, rows: np.ndarray, statistic: str, common: dict[str, Any], context: Context) -> None:
    columns = mean_columns(found) | {"k": found.n}  # a score of 0 is a score: the mean rests on everybody who answered
    counted = Counted(n=(who := context.at_positions(rows)), k=who)
    context.ledger.add(counted, statistic=statistic, **columns, **common)


def _add_changes(
    measure: MeasureSpec,
    values: FloatArray,
    number: np.ndarray,
    row: np.ndarray,
    most: int,
    spec: Scales,
    context: Context,
) -> None:
    """From first to last measurement, by how many a person has and for all with two or more."""
    if not (pd.Series(row).value_counts() >= 2).any():
        return
    level = context.trial.design.level
    for relevant, prefix in ((0.0, ""), (spec.relevant.get(measure.id, 0.0), "relevant_")):
        if prefix and not relevant:
            continue
        found = progression(row, number, values, most=most, relevant=relevant, level=level)
        # An item alone moves a step at a time: told by number of measurements it would be a handful of persons a cell.
        by_count = found.by_count if isinstance(measure.computed, SurveyScale) else ()
        for part in (*by_count, found.all_counts):
            subgroup = AT_LEAST_TWO if part is found.all_counts else with_count(part.measurements)
            _add_part(measure, part, subgroup, prefix, context)


def _add_part(measure: MeasureSpec, part: FirstToLast, subgroup: str, prefix: str, context: Context) -> None:
    if not part.n:
        return
    common = {**_scale_common(measure, context, "første til seneste måling"), "subgroup": subgroup}
    for name, found, way in (("rose", part.rose, 1), ("same", part.same, 0), ("fell", part.fell, -1)):
        counted = Counted(n=context.at_positions(part.persons), k=context.at_positions(part.persons[part.went == way]))
        _add_share(found, counted, f"share_{prefix}{name}", common, context)
    if prefix:
        return
    _add_sign_test(part, common, context)
    _add_mean(part.first, part.persons, "first_mean", common, context)
    _add_mean(part.last, part.persons, "last_mean", common, context)
    if part.change is not None:
        means = (_key(statistic, common) for statistic in ("first_mean", "last_mean"))
        context.ledger.add(
            made_of(*means),
            statistic="change",
            unit=difference_unit(measure),
            **change_columns(part.change),
            **common,
        )


def _add_sign_test(part: FirstToLast, common: dict[str, Any], context: Context) -> None:
    """Whether more rose than fell; it hides with any of the shares."""
    rose, fell = part.rose.k, part.fell.k
    context.ledger.add(
        made_of(*(_key(f"share_{way}", common) for way in ("rose", "same", "fell"))),
        statistic="sign_test",
        unit=Unit.COEFFICIENT,
        value=rose - fell,
        p=sign_test(rose, fell),
        n=part.n,
        method="sign test, mid-p",
        **common,
    )


def _key(statistic: str, common: dict[str, Any]) -> str:
    return make_key(common["measure"], statistic=statistic, group=common["group"], subgroup=common["subgroup"])


def _add_share(found: Share, counted: Counted, statistic: str, common: dict[str, Any], context: Context) -> None:
    context.ledger.add(
        counted,
        statistic=statistic,
        unit=Unit.PCT,
        **share_columns(found),
        **common,
    )
