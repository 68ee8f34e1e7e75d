"""Person and survey measures side by side: the groups, or the subgroups of a division, with difference and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportlib.analysis.context import Context, known_in, share_columns, welch_columns, who_counts
from reportlib.analysis.person_measures import survey_of, survey_values
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.subgroup_rows import persons_by, sheets_by, sheets_in_group, subgroup_of
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.danish import list_text
from reportlib.disclosure.register import PERSON, Counted, made_of
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.shares_and_means import difference_in_shares, share, test_shares, test_table
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE, EVERYONE
from reportlib.registers.panel import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Compare
from reportlib.trial.measures import MeasureSpec, SurveyAnswers


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
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
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
        _add_difference(measure, parts, spec, context)
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


def _common(measure: MeasureSpec, spec: Compare, context: Context, parts: list[Part]) -> dict[str, str]:
    """What the rows about all parts together have alike; the subgroup is the division's own id."""
    return {
        "measure": measure.id,
        "group": DIFFERENCE,
        "subgroup": spec.by.id if spec.by else "",
        "population": list_text([part.many for part in parts]),
        "window": _window(measure),
        "data_date": context.trial.data_date.isoformat(),
    }


def _levels(measure: MeasureSpec, parts: list[Part]) -> Counted:
    """What a difference or a test of the parts is made of."""
    return made_of(
        *(make_key(measure.id, statistic="mean", group=part.group, subgroup=part.subgroup) for part in parts)
    )


def _add_difference(measure: MeasureSpec, parts: list[Part], spec: Compare, context: Context) -> None:
    """The first part minus the second. A share's has Newcombe's interval and no p: that belongs to the test."""
    first, second, level = parts[0].values, parts[1].values, context.trial.design.level
    common = _common(measure, spec, context, parts[:2])
    if min(len(first), len(second)) < 2:  # a row that hides with its level: a missing one would say that n is 1
        empty = {"statistic": "difference", "unit": difference_unit(measure)}
        context.ledger.add(_levels(measure, parts[:2]), **empty, **common)
        return
    if not measure.is_binary:
        found = difference_in_means(
            np.concatenate([first, second]), np.arange(len(first) + len(second)) < len(first), level=level
        )
        context.ledger.add(
            _levels(measure, parts[:2]),
            statistic="difference",
            unit=difference_unit(measure),
            n=len(first) + len(second),
            **welch_columns(found),
            **common,
        )
        return
    shares = difference_in_shares(int(first.sum()), len(first), int(second.sum()), len(second), level=level)
    context.ledger.add(
        _levels(measure, parts[:2]),
        statistic="difference",
        unit=difference_unit(measure),
        value=100 * shares.difference,
        se=100 * shares.se,
        ci_low=100 * shares.ci_low,
        ci_high=100 * shares.ci_high,
        n=len(first) + len(second),
        method="Newcombe",
        **common,
    )


def _add_test(measure: MeasureSpec, parts: list[Part], spec: Compare, context: Context) -> None:
    if not measure.is_binary or any(len(part.values) == 0 for part in parts):
        return
    tested = test_shares([int(part.values.sum()) for part in parts], [len(part.values) for part in parts])
    context.ledger.add(
        _levels(measure, parts),
        statistic="test",
        unit=Unit.COEFFICIENT,
        value=tested.statistic,
        df=tested.df,
        p=tested.p,
        n=tested.n,
        method=tested.name,
        **_common(measure, spec, context, parts),
    )


def _add_answers(
    measure: MeasureSpec, computed: SurveyAnswers, parts: list[Part], spec: Compare, context: Context
) -> None:
    """The share of each answer in each part, and one test of the whole table."""
    table = np.array([[int((part.values == at).sum()) for at in range(len(computed.answers))] for part in parts])
    answers: list[str] = []
    for part, counts in zip(parts, table, strict=True):
        counted = part.counted
        context.ledger.add(
            Counted(n=counted.n, units=part.units),
            measure=measure.id,
            statistic="answered",
            unit=Unit.COUNT,
            value=len(part.values),
            n=len(part.values),
            group=part.group,
            subgroup=part.subgroup,
            population=part.many,
            window=_window(measure),
            data_date=context.trial.data_date.isoformat(),
        )
        for place, (answer, k) in enumerate(zip(computed.answers, counts.tolist(), strict=True)):
            found = share(k, len(part.values), level=context.trial.design.level)
            chose = part.inside & (part.everybody == place)
            row = context.ledger.add(
                Counted(n=counted.n, k=chose, units=part.units),
                measure=measure.id,
                statistic="share",
                **share_columns(found),
                group=part.group,
                subgroup=":".join(text for text in (part.subgroup, f"svar-{answer}") if text),
                population=part.many,
                window=_window(measure),
                data_date=context.trial.data_date.isoformat(),
            )
            answers.append(row.key)
    tested = test_table(table)
    context.ledger.add(
        made_of(*answers),
        statistic="test",
        unit=Unit.COEFFICIENT,
        value=tested.statistic,
        df=tested.df,
        p=tested.p,
        n=tested.n,
        method=tested.name,
        **_common(measure, spec, context, parts),
    )
