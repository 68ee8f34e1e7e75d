"""Surveys: one record per answer sheet, one column per question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.cells import Column, column, numbers_or_text
from reportlib.registers.data import ReadFile
from reportlib.registers.errors import AnswerOutsideScaleError, Faults, UnknownAnswerError, UnreadableNumberError, shown
from reportlib.registers.participants import People, sites
from reportlib.registers.spelling import canonical, fold, misspelt
from reportlib.registers.tables import open_table
from reportlib.trial.extracts import Survey
from reportlib.trial.measures import SurveyMean, SurveyShare
from reportlib.trial.model import Trial

Bools = npt.NDArray[np.bool_]

_SITE, _PERSON = "site", "person"
_ITEM = "item:{}"


def read_survey(survey: str, spec: Survey, trial: Trial, folder: Path, people: People) -> tuple[pd.DataFrame, ReadFile]:
    """The answer sheets of one survey; sheets of persons who do not take part are dropped and counted.

    Returns a frame with columns `site` ("" if none), `row` (position in persons or -1) and one per item.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file)
    faults = Faults(spec.file)
    wanted = {_ITEM.format(item): item for item in spec.items}
    wanted |= {role: name for role, name in ((_SITE, spec.site), (_PERSON, spec.person)) if name is not None}
    found = opened.find(wanted.values(), faults)
    faults.stop()
    table = opened.read({role: found[name] for role, name in wanted.items()})

    where = np.full(len(table), "", dtype=object)
    if spec.site is not None:
        where = sites(column(table, _SITE), trial, faults, required=False)
    answers = {
        item: _answers(column(table, _ITEM.format(item)), *_measures_of(trial, survey, item), faults)
        for item in spec.items
    }
    row = np.full(len(table), -1, dtype=np.int64)
    kept = np.ones(len(table), dtype=bool)
    if spec.person is not None:
        ids = column(table, _PERSON)
        row = people.position(ids)
        kept = (row >= 0) | ~ids.present
    faults.stop()
    frame = pd.DataFrame({"site": where, "row": row, **answers})[kept].reset_index(drop=True)
    strangers = int((~kept).sum())
    read = ReadFile(
        spec.file, table.sha256, len(table), {"sheets of persons who do not take part": strangers} if strangers else {}
    )
    return frame, read


def _measures_of(trial: Trial, survey: str, item: str) -> tuple[list[SurveyMean], list[SurveyShare]]:
    sources = [measure.computed for measure in trial.measures]
    means = [source for source in sources if isinstance(source, SurveyMean)]
    shares = [source for source in sources if isinstance(source, SurveyShare)]
    return (
        [source for source in means if (source.survey, source.item) == (survey, item)],
        [source for source in shares if (source.survey, source.item) == (survey, item)],
    )


def _answers(cells: Column, means: list[SurveyMean], shares: list[SurveyShare], faults: Faults) -> npt.NDArray[Any]:
    """(records,) the answers: numbers where all are, else text spelt as in trial.yml."""
    values = numbers_or_text(cells, faults)
    expected = [str(answer) for share in shares for answer in (*share.answers, *share.not_counted)]
    not_numbers = {fold(str(answer)) for share in shares for answer in share.not_counted}
    if means:
        _refuse_outside_scale(cells, values, means, not_numbers, faults)
    if values.dtype != object:
        _refuse_text_for_numbers(cells, expected, faults)
        return values
    for name, near in misspelt(expected, cells.texts).items():
        faults.add(
            UnknownAnswerError(
                cells.table.file,
                f"a measure counts the answer {name!r}, which nobody gave",
                column=_own_name(cells),
                hint=f"the extract has {', '.join(shown(text) for text in near)}",
            )
        )
    spelling = canonical([text for text in cells.texts if text], expected)
    return np.array([*(spelling.get(text) for text in cells.texts), None], dtype=object)[:-1][cells.codes]


def _refuse_outside_scale(
    cells: Column, values: npt.NDArray[Any], means: list[SurveyMean], not_numbers: set[str], faults: Faults
) -> None:
    parsed = [_number(text) for text in cells.texts]
    allowed = [not text or fold(text) in not_numbers for text in cells.texts]
    cells.refuse(
        faults,
        [place for place, number in enumerate(parsed) if number is None and not allowed[place]],
        UnreadableNumberError,
        lambda text: f"{shown(text)} is no answer on the scale",
        lambda text: "empty the cell, or name the answer in `not_counted` of a survey_share of the same item",
    )
    for mean in means:
        cells.refuse(
            faults,
            [
                place
                for place, number in enumerate(parsed)
                if number is not None and not allowed[place] and not mean.low <= number <= mean.high
            ],
            AnswerOutsideScaleError,
            lambda text, mean=mean: f"the answer {shown(text)} lies outside the scale {mean.low} to {mean.high}",  # type: ignore[misc]
            lambda text: "correct the scale in trial.yml or the answer in the extract",
        )


def _refuse_text_for_numbers(cells: Column, expected: list[str], faults: Faults) -> None:
    """A measure that counts texts where all answers are numbers would be nought for everybody."""
    for answer in dict.fromkeys(expected):
        if _number(answer) is None and cells.present.any():
            faults.add(
                UnknownAnswerError(
                    cells.table.file,
                    f"a measure counts the answer {answer!r}, but all answers are numbers",
                    column=_own_name(cells),
                    hint="name the numbers of the answers in trial.yml",
                )
            )


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _own_name(cells: Column) -> str:
    return cells.table.names[cells.name]
