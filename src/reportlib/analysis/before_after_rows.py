"""The same persons measured more than once: before and after entry (levels, change, test, how many changed each way),
and a survey that is repeated (scores by measurement, the same persons throughout, change from first to last).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.context import Column, Context, Side, mean_columns, share_columns
from reportlib.analysis.measure_values import survey_of, survey_values
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators.repeated_measures import FirstToLast, PairedMeans, mcnemar, paired_t, progression, sign_test
from reportlib.estimators.shares_and_means import Mean, mean, share
from reportlib.ledger import make_key
from reportlib.ledger.keys import AFTER, AT_LEAST_TWO, BEFORE, DIFFERENCE, others_than, with_count
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import BeforeAfter, Scales
from reportlib.trial.measures import MeasureSpec, SurveyAnswers, SurveyScale

Integers = npt.NDArray[np.int64]

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


def _add(
    measure: MeasureSpec, statistic: str, behind: Counted, spec: BeforeAfter, context: Context, **row: Any
) -> None:
    """Add a row about both times of the same persons."""
    window, who = f"{spec.before_window} og {spec.after_window}", _who(measure, context)
    context.add(measure, statistic, behind, window=window, population=who, **row)


def _add_shares(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    """The change in points with Bonett and Price's interval, and the shares that changed each way.

    The p-value of McNemar's test stands with the change where it gives the same verdict as the interval; where the two
    differ the interval alone decides, so that no sentence can be told two ways.
    """
    level = context.level
    both = ~np.isnan(first)
    found = mcnemar(first[both], second[both], level=level)
    excludes_zero = found.ci_low > 0 or found.ci_high < 0
    changed = {ONLY_BEFORE: (first == 1) & (second == 0), ONLY_AFTER: (first == 0) & (second == 1)}
    # Its interval is made of how many changed each way.
    parts = (make_key(measure.id, statistic=name, group=DIFFERENCE) for name in changed)
    _add(
        measure,
        "difference",
        made_of(*context.level_keys(measure, (BEFORE, AFTER)), *parts),
        spec,
        context,
        unit=difference_unit(measure),
        value=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p=found.p if excludes_zero == (found.p < level) else None,
        n=found.n,
        method=f"Bonett-Price; {found.test}",
    )
    for statistic, k in ((ONLY_BEFORE, found.only_before), (ONLY_AFTER, found.only_after)):
        who, columns = Counted(n=both, k=changed[statistic]), share_columns(share(k, found.n, level=level))
        _add(measure, statistic, who, spec, context, unit=Unit.PCT, **columns)


def _add_means(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    both = ~np.isnan(first)
    found = paired_t(first[both], second[both], level=context.level)
    changed = both & (first != second)
    who = Counted(n=both, k=changed, made_of=context.level_keys(measure, (BEFORE, AFTER)))
    columns = {"unit": difference_unit(measure), "k": int(changed.sum()), **change_columns(found)}
    _add(measure, "difference", who, spec, context, **columns)


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
    for measure in context.measures(spec.measures):
        values = survey_values(measure, context.data)
        known = (number > 0) & (row >= 0) & ~np.isnan(values)
        rows = _Rows(measure, values[known], number[known], row[known], most, context)
        rows.add_curve()
        if spec.by_site:
            rows.add_sites(context.data.surveys[survey_of(measure)]["site"].to_numpy()[known])
        rows.add_changes(spec.relevant.get(measure.id, 0.0))


def _sheets(counts: MeasureSpec, context: Context) -> tuple[Integers, Integers, int]:
    """The measurement each sheet is (0 for none), its person's position, and how many measurements are planned."""
    computed = counts.computed
    assert isinstance(computed, SurveyAnswers)  # what trial.yml may name
    number = np.nan_to_num(survey_values(counts, context.data) + 1).astype(np.int64)
    row = context.data.surveys[computed.survey]["row"].to_numpy()
    twice = pd.DataFrame({"row": row, "number": number}).duplicated().to_numpy() & (row >= 0) & (number > 0)
    if twice.any():
        file = context.trial.extracts.surveys[computed.survey].file
        raise RepeatedSurveyError(
            f"{file}: a person has two sheets with one number, {int(number[twice][0])}",
            hint=f"keep one of them, or correct the column {computed.item}",
        )
    return number, row, len(computed.answers)


def _add_counts(counts: MeasureSpec, number: Integers, row: Integers, most: int, context: Context) -> None:
    """Persons with each measurement, by the last one they have, in all, and without the first."""
    inside = (number > 0) & (row >= 0)
    of_person = pd.Series(number[inside]).groupby(row[inside])
    last, first = of_person.max(), of_person.min()
    everybody = context.at_positions(last.index)

    def add_count(statistic: str, behind: BoolArray | Setting, count: int, time: str = "") -> None:
        told = {"unit": Unit.COUNT, "time": time, "value": count, "k": count, "n": len(last)}
        _add_of_sheets(counts, statistic, Counted(n=everybody, k=behind), "alle målinger", context, **told)

    def add(statistic: str, who: Any, time: str = "") -> None:
        there = context.at_positions(who)
        add_count(statistic, there, int(there.sum()), time)

    add("count", last.index)
    add_count("sheets", Setting("answer sheets"), int(inside.sum()))
    add("without_first", first.index[first > 1])
    for at in range(1, most + 1):
        add("count", row[inside & (number == at)], measurement(at))
        add("last_reached", last.index[last == at], measurement(at))


def _add_of_sheets(
    measure: MeasureSpec, statistic: str, behind: Counted, window: str, context: Context, **row: Any
) -> None:
    """Add a row about those who answer the measure's survey."""
    survey = survey_of(measure)
    who = context.trial.extracts.surveys[survey].respondents
    context.add(measure, statistic, behind, group=survey, window=window, population=who, **row)


@dataclass(frozen=True)
class _Rows:
    """The rows of a measure of a repeated survey, of the sheets with a value: which measurement, and whose."""

    measure: MeasureSpec
    values: FloatArray
    number: Integers
    row: Integers
    most: int
    context: Context

    def add_curve(self) -> None:
        """The mean of all with each measurement, and of the panel that has every one."""
        having = pd.Series(self.number).groupby(self.row).nunique()
        in_panel = np.isin(self.row, having.index[having == self.most])
        for at in range(1, self.most + 1):
            here = self.number == at
            for statistic, inside in (("mean", here), ("panel_mean", in_panel & here)):
                self._add_mean_of(inside, at, statistic)

    def add_sites(self, sites: np.ndarray) -> None:
        """The first measurement of each site and of all others."""
        for site in self.context.trial.sites.names:
            for place, inside in ((site, sites == site), (others_than(site), sites != site)):
                self._add_mean_of((self.number == 1) & inside, 1, "mean", site=place)

    def _add_mean_of(self, inside: BoolArray, at: int, statistic: str, site: str = "") -> None:
        found = mean(self.values[inside], level=self.context.level)
        where = {"time": measurement(at), "site": site}
        self._add_mean(found, self.row[inside], statistic, f"{at}. måling", **where)

    def _add_mean(self, found: Mean, rows: Integers, statistic: str, window: str, **where: str) -> None:
        who = self.context.at_positions(rows)
        columns = mean_columns(found) | {"k": found.n}  # a score of 0 is a score: it rests on everybody who answered
        self._add(Counted(n=who, k=who), statistic, window, **columns, **where)

    def _add(self, behind: Counted, statistic: str, window: str, **row: Any) -> None:
        _add_of_sheets(self.measure, statistic, behind, window, self.context, **row)

    def add_changes(self, relevant: float) -> None:
        """From first to last measurement, by how many a person has and for all with two or more; also those that are
        at least `relevant`, where there is such a change."""
        if not (pd.Series(self.row).value_counts() >= 2).any():
            return
        for least, prefix in ((0.0, ""), (relevant, "relevant_"))[: 2 if relevant else 1]:
            level = self.context.level
            found = progression(self.row, self.number, self.values, most=self.most, relevant=least, level=level)
            # An item alone moves a step at a time: told by number of measurements it would be a handful a cell.
            by_count = found.by_count if isinstance(self.measure.computed, SurveyScale) else ()
            for part in (*by_count, found.all_counts):
                if part.n:
                    subgroup = AT_LEAST_TWO if part is found.all_counts else with_count(part.measurements)
                    self._add_part(part, subgroup, prefix)

    def _add_part(self, part: FirstToLast, subgroup: str, prefix: str) -> None:
        window = "første til seneste måling"
        persons = self.context.at_positions(part.persons)
        for name, found, way in (("rose", part.rose, 1), ("same", part.same, 0), ("fell", part.fell, -1)):
            counted = Counted(n=persons, k=self.context.at_positions(part.persons[part.went == way]))
            columns = {"unit": Unit.PCT, "subgroup": subgroup, **share_columns(found)}
            self._add(counted, f"share_{prefix}{name}", window, **columns)
        if prefix:
            return

        def levels(*statistics: str) -> Counted:
            survey = survey_of(self.measure)
            where = {"group": survey, "subgroup": subgroup}
            return made_of(*(make_key(self.measure.id, statistic=name, **where) for name in statistics))

        # Whether more rose than fell; it hides with any of the shares.
        self._add(
            levels("share_rose", "share_same", "share_fell"),
            "sign_test",
            window,
            unit=Unit.COEFFICIENT,
            subgroup=subgroup,
            value=part.rose.k - part.fell.k,
            p=sign_test(part.rose.k, part.fell.k),
            n=part.n,
            method="sign test, mid-p",
        )
        self._add_mean(part.first, part.persons, "first_mean", window, subgroup=subgroup)
        self._add_mean(part.last, part.persons, "last_mean", window, subgroup=subgroup)
        if part.change is not None:
            columns = {"unit": difference_unit(self.measure), "subgroup": subgroup, **change_columns(part.change)}
            self._add(levels("first_mean", "last_mean"), "change", window, **columns)
