"""Outcomes recorded in event time: one record per person, one column per event week; empty means not followed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reportlib.registers.cells import column, numbers
from reportlib.registers.data import NOT_TAKING_PART, ReadFile, read_file
from reportlib.registers.errors import DuplicateColumnError, Faults, MissingColumnError, MissingWeeksError
from reportlib.registers.participants import People
from reportlib.registers.tables import TableFile, open_table
from reportlib.trial.extracts import WeeklyOutcome

Floats = npt.NDArray[np.float64]

_PERSON = "person"


def read_weekly(spec: WeeklyOutcome, folder: Path, people: People, weeks: int) -> tuple[Floats, ReadFile]:
    """(n, weeks) the recorded values, NaN where empty.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file)
    faults = Faults(spec.file)
    found = opened.find([spec.person], faults)
    names = _week_columns(opened, spec, weeks, faults)
    faults.stop()
    table = opened.read({_PERSON: found[spec.person], **names})

    record = people.one_record_each(column(table, _PERSON), faults)
    values = np.column_stack([numbers(column(table, name), faults) for name in names])
    faults.stop()
    read = read_file(table, {NOT_TAKING_PART: len(table) - len(people)})
    return values[record], read


def _week_columns(opened: TableFile, spec: WeeklyOutcome, weeks: int, faults: Faults) -> dict[str, str]:
    """Event week (as text) -> column, for weeks 1 to `weeks`."""
    if spec.weeks.count("{W}") != 1:
        hint = "for example week_{W}"
        faults.add(MissingColumnError(spec.file, f"the pattern {spec.weeks!r} must hold {{W}} once", hint=hint))
        return {}
    regex = re.compile(re.escape(spec.weeks).replace(re.escape("{W}"), r"0*(\d+)"), re.IGNORECASE)
    by_week: dict[int, str] = {}
    for name in opened.columns:
        if match := regex.fullmatch(name.strip()):
            if (week := int(match[1])) in by_week:
                what = f"the same event week as column {by_week[week]}"
                faults.add(DuplicateColumnError(spec.file, what, column=name))
            by_week[week] = name
    absent = [week for week in range(1, weeks + 1) if week not in by_week]
    if absent:
        faults.add(
            MissingWeeksError(
                spec.file,
                f"{len(absent)} of the event weeks 1 to {weeks} have no column of the form {spec.weeks!r}, the first is"
                f" week {absent[0]}",
                hint="correct the pattern, or lower follow_up.weeks in trial.yml",
            )
        )
        return {}
    return {str(week): by_week[week] for week in range(1, weeks + 1)}
