"""What a column of the background holds: numbers, yes or no, categories or dates. Decided once, and told.

The kind is declared in trial.yml (`background_kinds`, or a unit), or it is what every cell agrees on. One cell that
says something else never changes the kind: it is refused with its row, unless the column is declared a category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from reportlib.registers.cells import (
    Column,
    dates,
    is_code,
    like_missing,
    numbers,
    parse_date,
    plain_text,
    reading_of,
    tried,
    whole_where_exact,
)
from reportlib.registers.errors import (
    Faults,
    MissingLabelsError,
    MixedKindsError,
    NotYesOrNoError,
    RareValueError,
    UndeclaredDatesError,
    UnknownBackgroundValueError,
    shown,
)
from reportlib.registers.event_weeks import Days
from reportlib.registers.number_forms import codes_for_unknown
from reportlib.registers.spelling import alike_in_letters, fold
from reportlib.text.units import Unit
from reportlib.trial.extracts import BackgroundKind, Participants

_YES = frozenset({"1", "ja", "j", "true", "sand", "yes"})
_NO = frozenset({"0", "nej", "n", "false", "falsk", "no"})
_TRUTH = frozenset({"true", "false"})
_DAYS_A_YEAR = 365.25
_RARE = 0.05  # of the cells: fewer than these among noughts and ones may be slips
_MOST = 0.5
_FEW_VALUES = 2
_NEXT = 2  # counts of things that are 0, 1 and more hold this
_ANSWERS = frozenset({1, 2, 8, 9})  # codes of men and women, of yes and no, of those who do not say
_FEWEST_NUMBERS = 5
_MOST_YEARS = 150  # that anything of a person lasts; more are the years of a calendar

Values = npt.NDArray[Any]


def read_background(
    cells: Column,
    spec: Participants,
    start: Days,
    named: Collection[str],
    threshold: int,
    faults: Faults,
) -> tuple[Values, BackgroundKind]:
    """(records,) the column's values, and its kind.

    Numbers are whole numbers or floats (missing is NaN), yes and no 1 and 0, dates the years from them to the entry,
    categories text (missing is None). `named` are the values that trial.yml names: a category that fewer than
    `threshold` persons have must be one of them, since its text would stand in the ledger.
    """
    before = len(faults)
    declared, cells = _declared(cells.name, spec), _with_labels(cells, spec)
    if declared is None and cells.format:
        hint = f"put the catalogue beside it as formats.sas7bcat, or set `background_kinds: {{{cells.name}: number}}`"
        what = f"the labels of its format {cells.format} are not there"
        faults.add(MissingLabelsError(cells.table.file, what, column=cells.own_name, hint=hint))
    kind = declared or decided_kind(cells, spec, faults)
    if len(faults) > before:
        return cells.values(), kind
    match kind:
        case BackgroundKind.NUMBER:
            if spec.background_kinds.get(cells.name) is None:
                read = reading_of(cells, spec).values
                codes = codes_for_unknown(read, _FEWEST_NUMBERS)
                refuse_others(cells, codes, "looks like a code for a value that is not known", faults, "number")
                calendar = [text for text, value in read.items() if value > _MOST_YEARS and text not in codes]
                if spec.background_units.get(cells.name) == Unit.YEARS:  # then 1975 is when, not how many
                    refuse_others(cells, calendar, f"is more than {_MOST_YEARS} years", faults, "number")
            return whole_where_exact(numbers(cells, faults, spec), cells), kind
        case BackgroundKind.YES_NO:
            return _yes_or_no(cells, faults), kind
        case BackgroundKind.DATE:
            years = (start - dates(cells, faults)).astype("timedelta64[D]").astype(np.float64)
            return np.where(cells.present, years / _DAYS_A_YEAR, np.nan), kind
        case BackgroundKind.CATEGORY:
            return _categories(cells, named, threshold, faults), kind


def _declared(name: str, spec: Participants) -> BackgroundKind | None:
    if name in spec.background_kinds:
        return spec.background_kinds[name]
    return BackgroundKind.NUMBER if name in spec.background_units else None


def _with_labels(cells: Column, spec: Participants) -> Column:
    """The column's labels, or what trial.yml calls its codes, in their place, unless it is declared a number.

    With a unit alone, a code that has a label among others that have none is no number: 99 is 'ukendt'.
    """
    if spec.background_kinds.get(cells.name) in (BackgroundKind.NUMBER, BackgroundKind.DATE):
        return cells
    if isinstance(called := spec.background_values.get(cells.name), dict):
        return replace(cells, labels={**cells.labels, **called}).labelled()
    every = all(text in cells.labels for text in cells.texts if text)
    return cells if cells.name in spec.background_units and every else cells.labelled()


def decided_kind(cells: Column, spec: Participants, faults: Faults) -> BackgroundKind:
    """The kind that all cells agree on; cells that say something else than most are faults."""
    texts = [text for text in cells.texts if text]
    if {fold(text) for text in texts} <= _TRUTH:
        return BackgroundKind.YES_NO
    read = reading_of(cells, spec).values
    if len(read) == len(texts):
        codes = {text for text in texts if is_code(text)}
        if not codes:
            return _of_numbers(cells, read, faults)
        if len({len(text) for text in texts}) == 1:
            return BackgroundKind.CATEGORY  # codes of one length: 0101, 0851, 1147
        refuse_others(cells, codes, "has a leading zero, as a code, and others of the column are numbers", faults)
        return BackgroundKind.NUMBER
    if read:
        return _of_most(cells, set(read), faults)
    if all(tried(parse_date, text) for text in texts):
        hint = f"set `background_kinds: {{{cells.name}: date}}` for the years from it to the entry, or `category`"
        what = "a column of dates, and trial.yml does not say what to make of them"
        faults.add(UndeclaredDatesError(cells.table.file, what, column=cells.own_name, hint=hint))
    return BackgroundKind.CATEGORY


def _of_numbers(cells: Column, read: dict[str, float], faults: Faults) -> BackgroundKind:
    """Yes and no, or numbers; what may be yes and no with a slip, or codes, is for trial.yml to say."""
    values = set(read.values())
    if values <= {0, 1}:
        return BackgroundKind.YES_NO
    counts = np.bincount(cells.codes, minlength=len(cells.texts))
    others = {text for text, value in read.items() if value not in (0, 1)}
    share = counts[[text in others for text in cells.texts]].sum() / counts[[bool(text) for text in cells.texts]].sum()
    slips = share <= _RARE or (share <= _MOST and _NEXT not in values)
    if {0, 1} <= values and len(others) <= _FEW_VALUES and slips:
        refuse_others(cells, others, "is neither 0 nor 1, as most cells are", faults, "number")
    elif values <= _ANSWERS and len(values) > 1:
        what = "a column of 1 and 2: are they codes (1 is a man, 2 a woman) or numbers?"
        named = f'`background_values: {{{cells.name}: {{"1": ..., "2": ...}}}}`'
        hint = f"say so in trial.yml: {named} says what the codes are, `background_kinds: {{{cells.name}: number}}`"
        faults.add(MixedKindsError(cells.table.file, what, column=cells.own_name, hint=hint))
    return BackgroundKind.NUMBER


def _of_most(cells: Column, numeric: set[str], faults: Faults) -> BackgroundKind:
    counts = np.bincount(cells.codes, minlength=len(cells.texts))
    records = Counter({text: int(count) for text, count in zip(cells.texts, counts, strict=True) if text})
    of_numbers = sum(records[text] for text in numeric)
    if 2 * of_numbers >= records.total():
        others = {text for text in records if text not in numeric}
        refuse_others(cells, others, "is not a number, and most cells of the column are", faults)
        return BackgroundKind.NUMBER
    refuse_others(cells, numeric, "is a number, and most cells of the column are not", faults)
    return BackgroundKind.CATEGORY


def refuse_others(cells: Column, texts: Collection[str], what: str, faults: Faults, declared: str = "category") -> None:
    """Cells that would change what the column holds, unless it is `declared`."""
    cells.refuse(
        faults,
        texts,
        MixedKindsError,
        lambda text: f"{shown(text)} {what}",
        lambda text: (
            like_missing(text)
            or "empty the cell if the value is unknown, or say what the column holds: "
            f"`background_kinds: {{{cells.name}: {declared}}}`"
        ),
    )


def _yes_or_no(cells: Column, faults: Faults) -> Values:
    folded = [fold(text) for text in cells.texts]
    cells.refuse(
        faults,
        [text for text in cells.texts if fold(text) not in {"", *_YES, *_NO}],
        NotYesOrNoError,
        lambda text: f"{shown(text)} is neither yes (1, ja) nor no (0, nej)",
        lambda text: "empty the cell if the value is unknown, or declare the column a category",
    )
    values = np.array([1.0 if text in _YES else 0.0 if text in _NO else np.nan for text in folded])
    return whole_where_exact(values[cells.codes], cells)


def _categories(cells: Column, named: Collection[str], threshold: int, faults: Faults) -> Values:
    """(records,) the texts, those that differ in case or blanks alone as the commonest of them, or as trial.yml."""
    plain_text(cells, faults, {fold(text) for text in named})
    counts = np.bincount(cells.codes, minlength=len(cells.texts))
    by_folded: dict[str, list[int]] = {}
    for place, text in enumerate(cells.texts):
        if text:
            by_folded.setdefault(fold(text), []).append(place)
    as_named = {fold(text): text for text in named}
    spelling: list[str | None] = [None] * len(cells.texts)
    rare: list[str] = []
    for folded, places in by_folded.items():
        if like_missing(folded) and folded not in as_named:
            continue  # refused already
        commonest = min(places, key=lambda place: (-counts[place], cells.texts[place]))
        for place in places:
            spelling[place] = as_named.get(folded, cells.texts[commonest])
        if folded not in as_named and sum(int(counts[place]) for place in places) < threshold:
            rare += [cells.texts[place] for place in places]
    for one, other in alike_in_letters(folded for folded in by_folded if folded not in as_named):
        texts = [cells.texts[by_folded[folded][0]] for folded in (one, other)]
        what = f"{shown(texts[0])} and {shown(texts[1])} differ in punctuation or Danish letters only"
        hint = f"write them alike, or name both in `background_values: {{{cells.name}: [...]}}`"
        faults.add(UnknownBackgroundValueError(cells.table.file, what, column=cells.own_name, hint=hint))
    cells.refuse(
        faults,
        rare,
        RareValueError,
        lambda text: f"fewer than {threshold} persons have the value {shown(text)}, and trial.yml does not name it",
        lambda text: (
            f"correct it, or name the column's values: `background_values: {{{cells.name}: [...]}}`;"
            " they stand in the ledger by name"
        ),
    )
    return cells.spread(spelling)
