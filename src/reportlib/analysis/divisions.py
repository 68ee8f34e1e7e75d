"""Who belongs to which subgroup: a division of trial.yml as one label per person or per answer sheet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reportlib.analysis.context import Context
from reportlib.analysis.survey_measures import survey_of, survey_values
from reportlib.errors import ReportlibError
from reportlib.registers.cells import as_text
from reportlib.registers.panel import BoolArray, FloatArray
from reportlib.trial.analyses import Division

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
