"""Surveys: one record per answer sheet, one column per question."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.cells import Column, column, is_number, numbers_or_text, parse_number
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import AnswerOutsideScaleError, Faults, UnknownAnswerError, UnreadableNumberError, shown
from reportlib.registers.participants import People, sites
from reportlib.registers.spelling import canonical, fold, misspelt, never
from reportlib.registers.tables import open_table
from reportlib.trial.extracts import Survey
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveyAnswers, SurveyMean, SurveyShare

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

    site = np.full(len(table), "", dtype=object)
    if spec.site is not None:
        site = sites(column(table, _SITE), trial, faults, required=False)
    answers: dict[str, npt.NDArray[Any]] = {}
    notes: list[Note] = []
    for item in spec.items:
        cells = column(table, _ITEM.format(item))
        cells.require_any(faults)
        means, shares = _measures_of(trial, survey, item)
        answers[item] = _answers(cells, means, shares, faults)
        notes += _never_given(item, cells, shares)
        notes += _spread_over_others(item, survey, cells, trial)
    row, kept = np.full(len(table), -1, dtype=np.int64), np.ones(len(table), dtype=bool)
    if spec.person is not None:
        ids = column(table, _PERSON)
        row = people.position(ids)
        kept = (row >= 0) | ~ids.present
    faults.stop()

    frame = pd.DataFrame({"site": site, "row": row, **answers})[kept].reset_index(drop=True)
    known = frame.loc[frame["row"] >= 0, "row"]
    if more := int(known.duplicated().sum()):
        notes.append(Note(f"{more} sheets come from persons who have another sheet; all are counted"))
    return frame, read_file(table, {"sheets of persons who do not take part": int((~kept).sum())}, notes)


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
    not_counted = {fold(str(answer)) for share in shares for answer in share.not_counted}
    if means:
        _refuse_outside_scale(cells, means, not_counted, faults)
    _refuse_other_kind(cells, shares, not_counted, faults)
    if values.dtype != object:
        return values
    for name, written in misspelt(expected, cells.texts).items():
        what = f"a measure counts the answer {name!r}, but the extract writes {shown(written)}"
        faults.add(UnknownAnswerError(cells.table.file, what, column=cells.own_name, hint="write it alike in both"))
    spelling = canonical([text for text in cells.texts if text], expected)
    return np.array([*(spelling.get(text) for text in cells.texts), None], dtype=object)[:-1][cells.codes]


def _refuse_outside_scale(cells: Column, means: list[SurveyMean], not_counted: set[str], faults: Faults) -> None:
    """Answers that are no numbers, or lie outside a mean's scale. Empty cells and answers not counted are neither."""
    judged = [place for place, text in enumerate(cells.texts) if text and fold(text) not in not_counted]
    numbers = {place: parse_number(cells.texts[place]) for place in judged if is_number(cells.texts[place])}
    cells.refuse(
        faults,
        [place for place in judged if place not in numbers],
        UnreadableNumberError,
        lambda text: f"{shown(text)} is no answer on the scale",
        lambda text: "empty the cell, or name the answer in `not_counted` of a survey_share of the same item",
    )
    for low, high in dict.fromkeys((mean.low, mean.high) for mean in means):
        cells.refuse(
            faults,
            [place for place, number in numbers.items() if not low <= number <= high],
            AnswerOutsideScaleError,
            partial(_outside, low, high),
            lambda text: "correct the scale in trial.yml or the answer in the extract",
        )


def _outside(low: int, high: int, text: str) -> str:
    return f"the answer {shown(text)} lies outside the scale {low} to {high}"


def _refuse_other_kind(cells: Column, shares: list[SurveyShare], not_counted: set[str], faults: Faults) -> None:
    """A measure that counts texts where all answers are numbers, or the reverse, would be nought for everybody."""
    given = {is_number(text) for text in cells.texts if text and fold(text) not in not_counted}
    for share in shares:
        counted = {is_number(str(answer)) for answer in share.answers}
        if len(given) == len(counted) == 1 and given != counted:
            texts, numbers = "texts", "numbers"
            wanted, found = (numbers, texts) if counted == {True} else (texts, numbers)
            what = f"a measure counts {wanted} ({share.answers[0]!r}), but all answers are {found}"
            hint = "name the answers in trial.yml as the extract writes them"
            faults.add(UnknownAnswerError(cells.table.file, what, column=cells.own_name, hint=hint))


def _spread_over_others(item: str, survey: str, cells: Column, trial: Trial) -> list[Note]:
    """Notes on measures that spread answers: answers they list that nobody gave, and given ones they do not list."""
    notes = []
    for measure in trial.measures:
        listed = measure.computed
        if isinstance(listed, SurveyAnswers) and (listed.survey, listed.item) == (survey, item):
            names = {fold(answer) for answer in listed.answers}
            notes += never(f"{item}: the answer", listed.answers, cells.texts)
            left = [place for place, text in enumerate(cells.texts) if text and fold(text) not in names]
            if sheets := int(np.isin(cells.codes, left).sum()):
                what = f"{item}: {measure.id} leaves out the answers that it does not list, on {sheets} sheets"
                notes.append(
                    Note(what, ", ".join(shown(text) for text in sorted(cells.texts[one] for one in left)[:5]))
                )
    return notes


def _never_given(item: str, cells: Column, shares: list[SurveyShare]) -> list[Note]:
    """A note for each share none of whose answers anybody gave."""
    given = {fold(text) for text in cells.texts}
    return [
        note
        for share in shares
        if not given & {fold(str(answer)) for answer in share.answers}
        for note in never(f"{item}: the answer", [str(share.answers[0])], cells.texts)
    ]
