"""Who belongs to which subgroup; the difference between the groups in each, and the test: do they differ? And groups or
subgroups side by side, with difference and test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportlib.analysis.context import (
    Context,
    known_in,
    newcombe_columns,
    share_columns,
    test_columns,
    week_window,
    welch_columns,
    who_counts,
)
from reportlib.analysis.measure_values import in_print_unit, survey_of, survey_values
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.danish import list_text
from reportlib.disclosure.register import PERSON, Counted, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators.by_part import SubgroupRow, subgroup_differences
from reportlib.estimators.regression import JointTest, difference_in_means
from reportlib.estimators.shares_and_means import difference_in_shares, share, test_shares, test_table
from reportlib.ledger import make_key
from reportlib.ledger.keys import EVERYONE, week_label
from reportlib.registers.cells import as_text
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Compare, Division, Subgroups
from reportlib.trial.measures import MeasureSpec, SurveyAnswers

Labels = npt.NDArray[np.object_]


class DivisionError(ReportlibError):
    """A division cannot be applied: nobody is in one of its subgroups."""


def subgroup_of(division: Division, value: str) -> str:
    """The subgroup column of a level: `koen:kvinde`."""
    return f"{division.id}:{value}"


def persons_by(division: Division, context: Context) -> Labels:
    """(n,) the value of each person as text, None for persons in none of the subgroups.

    Raises:
        DivisionError: a subgroup is empty.
    """
    if division.column is not None:
        return _known(division, context.texts(division.column))
    assert division.measure is not None  # an item divides answer sheets, and trial.yml may name it for them alone
    measure = context.trial.measure_by_id[division.measure]
    if not measure.is_survey:
        return _known(division, _as_text(context.person_measure(measure)))
    sheets = context.data.surveys[survey_of(measure)]["row"].to_numpy()
    own = np.full(context.persons, np.nan)
    own[sheets[sheets >= 0]] = survey_values(measure, context.data)[sheets >= 0]
    return _known(division, _as_text(own))


def sheets_by(division: Division, survey: str, context: Context) -> Labels:
    """(sheets,) the value of each answer sheet of a survey as text, None where in none of the subgroups.

    A sheet without a person is in a subgroup only when the division is by an item or a measure of the same survey.

    Raises:
        DivisionError: a subgroup is empty.
    """
    frame = context.data.surveys[survey]
    if division.item is not None:
        return _known(division, frame[division.item].map(as_text).to_numpy(dtype=object))
    measure = context.trial.measure_by_id[division.measure] if division.measure else None
    if measure is not None and measure.is_survey and survey_of(measure) == survey:
        return _known(division, _as_text(survey_values(measure, context.data)))
    rows = frame["row"].to_numpy()
    labels = persons_by(division, context)
    found: Labels = np.array([labels[row] if row >= 0 else None for row in rows], dtype=object)
    return found


def sheets_in_group(group: str, survey: str, context: Context) -> BoolArray:
    """(sheets,) whether the sheet's person belongs to the group."""
    rows = context.data.surveys[survey]["row"].to_numpy()
    inside: BoolArray = (rows >= 0) & context.in_group(group)[np.maximum(rows, 0)]
    return inside


def _as_text(values: FloatArray) -> Labels:
    return np.array([None if np.isnan(value) else as_text(float(value)) for value in values], dtype=object)


def _known(division: Division, labels: Labels) -> Labels:
    found = np.array([label if label in division.values else None for label in labels], dtype=object)
    for value in division.values:
        if not (found == value).any():
            raise DivisionError(
                f"division {division.id}: nobody has the value {value!r}",
                hint=f"the values are {', '.join(sorted({str(label) for label in labels if label}))}",
            )
    return found


def run_subgroups(spec: Subgroups, context: Context) -> None:
    """Add levels, differences and contrasts by subgroup, and the interaction test of each division."""
    measure = context.trial.measure_by_id[spec.measure]
    if spec.week is None:
        values, window, time = context.person_measure(measure), WHOLE_FOLLOW_UP, ""
    else:
        values, window = context.panel_measure(measure)[:, spec.week - 1], week_window(spec.week)
        time = week_label(spec.week)
    labels = {division.id: persons_by(division, context) for division in spec.by}
    found = subgroup_differences(in_print_unit(values, measure.unit), context.treated, labels, level=context.level)
    for division, result in zip(spec.by, found, strict=True):
        rows = _Rows(measure, values, division, labels[division.id], window, time, context)
        rows.add_levels()
        for row in result.rows:
            rows.add_difference(row)
        rows.add_contrasts()
        if result.interaction is not None:
            rows.add_interaction(result.interaction, result.p_holm)


@dataclass(frozen=True)
class _Rows:
    """The rows of a measure in the subgroups of a division: (n,) values, and the subgroup of each person."""

    measure: MeasureSpec
    values: FloatArray
    division: Division
    labels: Labels
    window: str
    time: str
    context: Context

    def _add(self, statistic: str, levels: Counted, **row: Any) -> None:
        """Add a row about both groups, unless it says another."""
        self.context.add(self.measure, statistic, levels, time=self.time, window=self.window, **row)

    def _levels(self, groups: Sequence[str], values: Sequence[str] = ()) -> Counted:
        """What a number is made of: the levels of the groups in the subgroups of the values, or in all."""
        keys = (
            self.context.level_keys(self.measure, groups, subgroup=subgroup_of(self.division, value), time=self.time)
            for value in values or self.division.values
        )
        return made_of(*(key for of_value in keys for key in of_value))

    def add_levels(self) -> None:
        """The share or mean of each group in each subgroup."""
        for value in self.division.values:
            for group in self.context.group_ids:
                self.context.add_average(
                    self.measure,
                    np.where(self.context.in_group(group) & (self.labels == value), self.values, np.nan),
                    group=group,
                    subgroup=subgroup_of(self.division, value),
                    time=self.time,
                    window=self.window,
                )

    def add_difference(self, row: SubgroupRow) -> None:
        """The difference in one subgroup; without numbers it hides with its levels where they do: a missing row would
        say that somebody is alone."""
        value, unit = str(row.subgroup), difference_unit(self.measure)
        numbers = {} if row.reason else welch_columns(row) | {"n": row.n_treated + row.n_control}
        levels = self._levels(self.context.group_ids, [value])
        self._add("difference", levels, unit=unit, subgroup=subgroup_of(self.division, value), **numbers)

    def add_contrasts(self) -> None:
        """Within each group the first subgroup minus the second; not an effect: chance did not make the subgroups."""
        if len(self.division.values) != 2:
            return
        first, _ = self.division.values
        printed = in_print_unit(self.values, self.measure.unit)
        known = ~np.isnan(self.values) & np.array([label is not None for label in self.labels])
        for group in self.context.trial.all_groups:
            inside = self.context.in_group(group.id) & known
            sides = self.labels[inside] == first
            if min(sides.sum(), (~sides).sum()) < 2:
                continue
            found = difference_in_means(printed[inside], sides, level=self.context.level)
            self._add(
                "contrast",
                self._levels([group.id]),
                unit=difference_unit(self.measure),
                subgroup=self.division.id,
                n=int(inside.sum()),
                group=group.id,
                population=group.many,
                **welch_columns(found),
            )

    def add_interaction(self, test: JointTest, p_holm: float) -> None:
        """The test that the differences of the subgroups are equal, and its p allowing for the number of divisions."""
        levels = self._levels(self.context.group_ids)
        of_test = {"unit": Unit.COEFFICIENT, "df": test.df1, "n": test.n, "method": test.name}
        for statistic, number, p in (("interaction", test.statistic, test.p), ("interaction_holm", p_holm, p_holm)):
            self._add(statistic, levels, subgroup=self.division.id, value=number, p=p, **of_test)


@dataclass(frozen=True)
class Part:
    """One side of a comparison: where its rows stand in keys, who it is in words, and the values of all."""

    group: str
    subgroup: str
    many: str
    everybody: FloatArray
    inside: BoolArray
    units: str

    @property
    def values(self) -> FloatArray:
        return self.everybody[known_in(self.everybody, self.inside)]

    @property
    def counted(self) -> Counted:
        return who_counts(self.everybody, self.inside, self.units)


def run_compare(spec: Compare, context: Context) -> None:
    """Add, for each measure, the level of every part, the difference between the first two, and the test of all."""
    for measure in context.measures(spec.measures):
        parts = _parts(spec, measure, context)
        if isinstance(measure.computed, SurveyAnswers):
            _add_answers(measure, measure.computed, parts, spec, context)
            continue
        for part in parts:
            context.add_average(
                measure,
                part.everybody,
                inside=part.inside,
                units=part.units,
                group=part.group,
                subgroup=part.subgroup,
                window=_window(measure),
                population=part.many,
            )
        _add_first_two(measure, parts, spec, context)
        _add_test(measure, parts, spec, context)


def _parts(spec: Compare, measure: MeasureSpec, context: Context) -> list[Part]:
    trial = context.trial
    if measure.is_survey:
        survey = survey_of(measure)
        units, values = survey, survey_values(measure, context.data)
        in_group = {group.id: sheets_in_group(group.id, survey, context) for group in trial.all_groups}
        labels = sheets_by(spec.by, survey, context) if spec.by else None
    else:
        units, values = PERSON, context.person_measure(measure)
        in_group = {group.id: context.in_group(group.id) for group in trial.all_groups}
        labels = persons_by(spec.by, context) if spec.by else None
    if spec.by is None or labels is None:
        return [Part(group.id, "", group.many, values, in_group[group.id], units) for group in trial.all_groups]
    inside = in_group[spec.group] if spec.group else np.ones(len(values), dtype=np.bool_)
    return [
        Part(spec.group or EVERYONE, subgroup_of(spec.by, value), many, values, inside & (labels == value), units)
        for value, many in spec.by.values.items()
    ]


def _window(measure: MeasureSpec) -> str:
    return "besvarelsen" if measure.is_survey else WHOLE_FOLLOW_UP


def _add_of_all(
    measure: MeasureSpec,
    statistic: str,
    parts: list[Part],
    spec: Compare,
    context: Context,
    made: Sequence[str] = (),
    **row: Any,
) -> None:
    """Add a row about the parts together, which is made of the level of each or of the rows `made`; its subgroup is the
    division's own id."""
    levels = (make_key(measure.id, statistic="mean", group=part.group, subgroup=part.subgroup) for part in parts)
    where = {"subgroup": spec.by.id if spec.by else "", "window": _window(measure)}
    who = list_text([part.many for part in parts])
    context.add(measure, statistic, made_of(*(made or levels)), population=who, **where, **row)


def _add_first_two(measure: MeasureSpec, parts: list[Part], spec: Compare, context: Context) -> None:
    """The first part minus the second. A share's has Newcombe's interval and no p: that belongs to the test."""
    first, second, level = parts[0].values, parts[1].values, context.level
    n, found = len(first) + len(second), dict[str, Any]()
    if min(len(first), len(second)) < 2:
        pass  # a row that hides with its level: a missing one would say that n is 1
    elif measure.is_binary:
        shares = difference_in_shares(int(first.sum()), len(first), int(second.sum()), len(second), level=level)
        found = {"n": n, **newcombe_columns(shares)}
    else:
        means = difference_in_means(np.concatenate([first, second]), np.arange(n) < len(first), level=level)
        found = {"n": n, **welch_columns(means)}
    _add_of_all(measure, "difference", parts[:2], spec, context, unit=difference_unit(measure), **found)


def _add_test(measure: MeasureSpec, parts: list[Part], spec: Compare, context: Context) -> None:
    if not measure.is_binary or any(len(part.values) == 0 for part in parts):
        return
    tested = test_shares([int(part.values.sum()) for part in parts], [len(part.values) for part in parts])
    _add_of_all(measure, "test", parts, spec, context, **test_columns(tested))


def _add_answers(
    measure: MeasureSpec, computed: SurveyAnswers, parts: list[Part], spec: Compare, context: Context
) -> None:
    """The share of each answer in each part, and one test of the whole table."""
    table = np.array([[int((part.values == at).sum()) for at in range(len(computed.answers))] for part in parts])
    answers: list[str] = []
    for part, counts in zip(parts, table, strict=True):
        counted, n = part.counted, len(part.values)
        common = {"group": part.group, "window": _window(measure), "population": part.many}
        everybody = {"unit": Unit.COUNT, "value": n, "n": n, "subgroup": part.subgroup}
        context.add(measure, "answered", Counted(n=counted.n, units=part.units), **everybody, **common)
        for place, (answer, k) in enumerate(zip(computed.answers, counts.tolist(), strict=True)):
            row = context.add(
                measure,
                "share",
                Counted(n=counted.n, k=part.inside & (part.everybody == place), units=part.units),
                subgroup=":".join(text for text in (part.subgroup, f"svar-{answer}") if text),
                **share_columns(share(k, n, level=context.level)),
                **common,
            )
            answers.append(row.key)
    _add_of_all(measure, "test", parts, spec, context, answers, **test_columns(test_table(table)))
