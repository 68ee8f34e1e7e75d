"""Surveys: one record per answer sheet, one column per question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.estimators.questionnaires import SCALES
from reportlib.registers.cells import (
    Column,
    column,
    is_code,
    like_missing,
    plain_text,
    reading_of,
    refuse_doubtful,
    whole_where_exact,
)
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import (
    AnswerOutsideScaleError,
    Faults,
    MixedKindsError,
    UnknownAnswerError,
    UnreadableNumberError,
    shown,
)
from reportlib.registers.extract_tables import open_table
from reportlib.registers.number_forms import codes_for_unknown, read_numbers
from reportlib.registers.participants import People, sites
from reportlib.registers.selection import TWICE, settle
from reportlib.registers.spelling import canonical, fold, misspelt, never
from reportlib.trial.extracts import Survey
from reportlib.trial.measures import SurveyAnswers, SurveyAtLeast, SurveyMean, SurveyScale, SurveyShare
from reportlib.trial.model import Trial

_SITE, _PERSON = "site", "person"
_ITEM = "item:{}"
_DO_NOT_KNOW = (8, 9)  # usual codes, beside answers up to 7
_FEWEST_ANSWERS = 2  # different numbers beside a code for no answer


def read_survey(survey: str, spec: Survey, trial: Trial, folder: Path, people: People) -> tuple[pd.DataFrame, ReadFile]:
    """The answer sheets of one survey; sheets of persons who do not take part are dropped and counted.

    Returns a frame with columns `site` ("" if none), `row` (position in persons or -1) and one per item.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    wanted = {_ITEM.format(item): item for item in spec.items}
    wanted |= {role: name for role, name in ((_SITE, spec.site), (_PERSON, spec.person)) if name is not None}
    found = opened.find(wanted.values(), faults)
    faults.stop()
    asked = {role: found[name] for role, name in wanted.items()}
    persons = people.wanted if spec.person is not None else None
    table = opened.read(asked, key=_PERSON, persons=persons)

    site = np.full(len(table), "", dtype=object)
    if spec.site is not None:
        site = sites(column(table, _SITE), trial, faults, required=False)
    answers: dict[str, npt.NDArray[Any]] = {}
    notes: list[Note] = []
    for item in spec.items:
        cells = column(table, _ITEM.format(item))
        cells.require_any(faults)
        uses = _Uses.of(trial, survey, item)
        cells = _as_asked(cells, uses)
        answers[item] = _answers(cells, uses, spec, faults)
        notes += _never_given(item, cells, uses.shares)
        notes += _spread_over_others(item, survey, cells, trial)
        notes += _perhaps_unknown(item, answers[item], uses)
    columns = {role: column(table, role) for role in asked}
    row, duplicates = np.full(len(table), -1, dtype=np.int64), 0
    known: npt.NDArray[np.bool_] | None = None
    kept = np.ones(len(table), dtype=bool)
    if spec.person is not None:
        row = people.position(table, _PERSON, spec, faults)
        kept, duplicates = settle(list(columns.values()), spec, faults, row >= 0)
        known = people.known(row, spec, faults)
        notes += people.silent(known)
        if others := int(((row >= 0) & (site != "") & (site != people.frame["site"].to_numpy()[row])).sum()):
            what = f"sheets name another {trial.sites.noun.one} than their person's: each counts where it says"
            notes.append(Note(what, f"{others} sheets"))
    faults.stop()

    if spec.site is None:  # then a sheet is from where its person is
        site[row >= 0] = people.frame["site"].to_numpy()[row[row >= 0]]
    frame = pd.DataFrame({"site": site, "row": row, **answers})[kept].reset_index(drop=True)
    of_persons = frame.loc[frame["row"] >= 0, "row"]
    if more := int(of_persons.duplicated().sum()):
        notes.append(Note(f"{more} sheets come from persons who have another sheet; all are counted"))
    read = read_file(
        table,
        dropped={TWICE: int((~kept).sum())},
        notes=notes,
        outside="sheets of persons who do not take part",
        columns=[cells for role, cells in columns.items() if role != _PERSON],
        known=known,
        duplicates=duplicates,
    )
    return frame, read


@dataclass(frozen=True)
class _Uses:
    """What trial.yml makes of one item."""

    means: tuple[SurveyMean, ...]
    scales: tuple[SurveyScale, ...]
    shares: tuple[SurveyShare, ...]
    named: frozenset[str]  # answers that trial.yml names, folded
    not_counted: frozenset[str]  # those of them that leave the denominator, folded

    @classmethod
    def of(cls, trial: Trial, survey: str, item: str) -> _Uses:
        sources = [measure.computed for measure in trial.measures]
        single = [
            source
            for source in sources
            if isinstance(source, SurveyMean | SurveyShare | SurveyAnswers)
            and (source.survey, source.item) == (survey, item)
        ]
        several = [
            source
            for source in sources
            if isinstance(source, SurveyScale | SurveyAtLeast) and source.survey == survey and item in source.items
        ]
        shares = tuple(source for source in single if isinstance(source, SurveyShare))
        not_counted = frozenset(fold(str(answer)) for share in shares for answer in share.not_counted)
        listing = [
            source for source in (*single, *several) if isinstance(source, SurveyShare | SurveyAnswers | SurveyAtLeast)
        ]
        return cls(
            tuple(source for source in single if isinstance(source, SurveyMean)),
            tuple(source for source in several if isinstance(source, SurveyScale)),
            shares,
            not_counted | {fold(str(answer)) for source in listing for answer in source.answers},
            not_counted,
        )

    @property
    def ranges(self) -> list[tuple[float, float]]:
        """Lowest and highest answer of every mean and scale that the item is part of."""
        found = [(float(mean.low), float(mean.high)) for mean in self.means]
        return [*dict.fromkeys(found + [(SCALES[scale.scale].low, SCALES[scale.scale].high) for scale in self.scales])]


def _as_asked(cells: Column, uses: _Uses) -> Column:
    """An item of Stata or SAS by its codes where a scale or numbers of trial.yml ask for them, and else by its labels,
    as a text file has them; a label that leaves the denominator does so in either case."""
    counted = uses.named - uses.not_counted
    if uses.ranges or (counted and all(_is_number(answer) for answer in counted)):
        return cells.labelled(lambda label: fold(label) in uses.not_counted)
    return cells.labelled()


def _answers(cells: Column, uses: _Uses, spec: Survey, faults: Faults) -> npt.NDArray[Any]:
    """(records,) the answers: numbers where all are, else text spelt as in trial.yml."""
    plain_text(cells, faults, uses.named)
    left_out = {text for text in cells.texts if fold(text) in uses.not_counted}
    reading = reading_of(cells, spec, left_out)
    numeric = {} if any(is_code(text) for text in reading.values) else reading.values
    refused = {text for text in cells.texts if like_missing(text) and fold(text) not in uses.named}
    others = [text for text in cells.texts if text and text not in numeric and text not in left_out | refused]
    refuse_doubtful(cells, reading, faults)
    if uses.ranges:
        _refuse_outside_scale(cells, numeric, others, uses, faults)
    elif numeric and others and uses.named:
        _refuse_strays(cells, numeric, others, uses, faults)
    codes = {text for text in codes_for_unknown(numeric, _FEWEST_ANSWERS) if fold(text) not in uses.named}
    if uses.shares and not uses.ranges:
        cells.refuse(
            faults,
            codes,
            MixedKindsError,
            lambda text: f"{shown(text)} looks like a code for an answer that was not given, and would be counted",
            lambda text: "empty the cell, or name it in `answers` or `not_counted` of the survey_share",
        )
    _refuse_other_kind(cells, numeric, others, uses, faults)
    if not others and not left_out:
        values = np.array([numeric.get(text, np.nan) for text in cells.texts])
        return whole_where_exact(values[cells.codes], cells)
    expected = [str(answer) for share in uses.shares for answer in (*share.answers, *share.not_counted)]
    for name, written in misspelt(expected, cells.texts).items():
        what = f"a measure counts the answer {name!r}, but the extract writes {shown(written)}"
        faults.add(UnknownAnswerError(cells.table.file, what, column=cells.own_name, hint="write it alike in both"))
    spelling: dict[str, str | None] = {**canonical([*others, *left_out], expected)}
    spelling |= {text: f"{value:.15g}" for text, value in numeric.items()}
    return cells.spread(spelling.get(text) for text in cells.texts)


def _refuse_outside_scale(
    cells: Column, numeric: dict[str, float], others: list[str], uses: _Uses, faults: Faults
) -> None:
    """Answers that are no numbers, or lie outside a mean's or scale's. Empty cells and answers not counted do not."""
    cells.refuse(
        faults,
        others,
        UnreadableNumberError,
        lambda text: f"{shown(text)} is no answer on the scale",
        lambda text: "empty the cell, or name the answer in `not_counted` of a survey_share of the same item",
    )
    for low, high in uses.ranges:
        cells.refuse(
            faults,
            [text for text, value in numeric.items() if not low <= value <= high],
            AnswerOutsideScaleError,
            partial(_outside, low, high),
            lambda text: "correct the scale in trial.yml or the answer in the extract",
        )


def _outside(low: float, high: float, text: str) -> str:
    return f"the answer {shown(text)} lies outside the scale {low:g} to {high:g}"


def _refuse_strays(cells: Column, numeric: dict[str, float], others: list[str], uses: _Uses, faults: Faults) -> None:
    """Where most answers are numbers, a text that trial.yml does not name is a slip; and the reverse."""
    counts = dict(zip(cells.texts, np.bincount(cells.codes, minlength=len(cells.texts)).tolist(), strict=True))
    mostly_numbers = sum(counts[text] for text in numeric) >= sum(counts[text] for text in others)
    strays = [text for text in (others if mostly_numbers else numeric) if fold(text) not in uses.named]
    kind = "is not a number, and most answers are" if mostly_numbers else "is a number, and most answers are not"
    cells.refuse(
        faults,
        strays,
        MixedKindsError,
        lambda text: f"{shown(text)} {kind}",
        lambda text: "empty the cell, or name the answer in `not_counted` of a survey_share of the same item",
    )


def _refuse_other_kind(
    cells: Column, numeric: dict[str, float], others: list[str], uses: _Uses, faults: Faults
) -> None:
    """A measure that counts texts where all answers are numbers, or the reverse, would be nought for everybody."""
    given = {False} if others and not numeric else {True} if numeric and not others else set()
    for share in uses.shares:
        counted = {_is_number(str(answer)) for answer in share.answers}
        if len(given) == len(counted) == 1 and given != counted:
            texts, numbers = "texts", "numbers"
            wanted, found = (numbers, texts) if counted == {True} else (texts, numbers)
            what = f"a measure counts {wanted} ({share.answers[0]!r}), but all answers are {found}"
            hint = "name the answers in trial.yml as the extract writes them"
            faults.add(UnknownAnswerError(cells.table.file, what, column=cells.own_name, hint=hint))


def _is_number(text: str) -> bool:
    return bool(read_numbers([text], ".", "").values)


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


def _perhaps_unknown(item: str, answers: npt.NDArray[Any], uses: _Uses) -> list[Note]:
    """A note where the highest answer is 8 or 9, and no share of the item names it: it may mean 'do not know'."""
    if not uses.shares or uses.ranges or answers.dtype == object:
        return []
    given, sheets = np.unique(answers[~np.isnan(answers)], return_counts=True)
    if not len(given) or given[-1] not in _DO_NOT_KNOW or fold(f"{given[-1]:.15g}") in uses.named:
        return []
    spread = ", ".join(f"{one:.15g}: {count}" for one, count in zip(given, sheets, strict=True))
    return [Note(f"{item}: the highest answer is 8 or 9, and counts among all: does it mean 'do not know'?", spread)]


def _never_given(item: str, cells: Column, shares: Iterable[SurveyShare]) -> list[Note]:
    """A note for each share none of whose answers anybody gave."""
    given = {fold(text) for text in cells.texts}
    return [
        note
        for share in shares
        if not given & {fold(str(answer)) for answer in share.answers}
        for note in never(f"{item}: the answer", [str(share.answers[0])], cells.texts)
    ]
