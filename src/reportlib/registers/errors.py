"""What can be wrong with an extract. Each condition has one name, and says in which file, row and column.

Messages never hold a person's id: a row number finds the person where the data lies, and says nothing outside. Row
numbers are those of a spreadsheet: the header is row 1, the first record row 2, in every format.

A message is for the screen of the server where the data lies, and may quote a cell. What is written to a file or
carried on is `fit_to_keep`: the condition, the file's name and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reportlib.errors import ReportlibError

FIRST_ROW = 2
HIDDEN = "(values not shown)"
_SHOWN_ROWS = 5
_SHOWN_CHARACTERS = 40
_PERSONAL_NUMBER = re.compile(r"\d{6}\W?\d{4}")


class ExtractError(ReportlibError):
    """The root of every fault in an extract.

    Attributes:
        file: the file as named in trial.yml.
        rows: spreadsheet row numbers, ascending; empty where the fault is not in a row.
        column: the column's name in the file, None where the fault is not in one column.
    """

    def __init__(
        self,
        file: str,
        what: str,
        *,
        rows: Iterable[int] = (),
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.file = file
        self.rows = tuple(sorted(int(row) for row in rows))
        self.column = column
        self.what = what
        places = [file, rows_named(self.rows), f"column {column}" if column is not None else ""]
        super().__init__(f"{', '.join(place for place in places if place)}: {what}", hint=hint)

    @property
    def fit_to_keep(self) -> str:
        """The condition as its class describes it, the file's name and the number of rows."""
        condition = (type(self).__doc__ or type(self).__name__).partition("\n")[0]
        rows = f", {len(self.rows)} row{'' if len(self.rows) == 1 else 's'}" if self.rows else ""
        return f"{self.file.replace(chr(92), '/').rpartition('/')[2]}{rows}: {condition}"


class SeveralFaultsError(ExtractError):
    """A file has more than one fault; all of them are in `faults`."""

    def __init__(self, file: str, faults: Sequence[ExtractError]) -> None:
        self.faults = tuple(faults)
        hints = [fault.hint for fault in faults]
        lines = [  # a hint that several in a row share is printed once
            fault.message if hint == after else str(fault)
            for fault, hint, after in zip(faults, hints, [*hints[1:], None], strict=True)
        ]
        rows = {fault.rows for fault in faults}
        one = rows.pop() if len(rows) == 1 else ()
        hint = ", all in one row: delete it if it is no record (a total, a note, a second row of names)"
        super().__init__(file, f"{len(lines)} faults{hint if len(one) == 1 else ''}\n" + "\n".join(lines))

    @property
    def fit_to_keep(self) -> str:
        """That of each fault."""
        return "\n".join(fault.fit_to_keep for fault in self.faults)


class ExtractNotFoundError(ExtractError):
    """The file named in trial.yml does not exist."""


class UnknownFormatError(ExtractError):
    """The file's suffix is none that can be read."""


class UnreadableFileError(ExtractError):
    """The file is not what its suffix says, or is damaged."""

    usual_hint = "is it complete, and is the suffix right?"


class StrayQuotationMarkError(UnreadableFileError):
    """A quotation mark of a text file opens a cell that swallows what follows, or stands alone within a cell."""


class MixedEncodingError(UnreadableFileError):
    """A text file holds letters of two encodings, or a zero byte."""


class LostRowsError(UnreadableFileError):
    """The parser gives another number of records than the file has."""


class FileChangedError(UnreadableFileError):
    """The file was written to while it was read."""


class EmptyFileError(ExtractError):
    """The file has no records, or not even a header."""

    usual_hint = "was it written and copied whole?"


class RaggedRowError(ExtractError):
    """A line of a text file has more or fewer cells than the header."""


class MissingColumnError(ExtractError):
    """A column named in trial.yml is not in the file."""


class DuplicateColumnError(ExtractError):
    """Two columns have the same name, or names that differ in case only."""


class OverlappingPartsError(ExtractError):
    """Two parts of a source hold the same week or month, or the same event, of the same person."""


class ColumnNameTakenError(ExtractError):
    """A background column has a name that the persons' table uses itself."""


class EmptyCellError(ExtractError):
    """A cell that must have a value is empty."""


class EmptyColumnError(ExtractError):
    """A column that trial.yml names has no value in any record."""


class UnreadableDateError(ExtractError):
    """A cell does not hold a date (or month) that can be read."""


class UnreadableNumberError(ExtractError):
    """A cell does not hold a number."""


class AmbiguousDateError(ExtractError):
    """Dates can be read in two ways: a spreadsheet has turned some of them, or their times lack the zone."""


class AmbiguousNumberError(ExtractError):
    """A number can be read in two ways: a point may part thousands or decimals."""


class HostileTextError(ExtractError):
    """A text that would travel into the report has control or invisible characters, or is absurdly long."""


class DuplicatePersonError(ExtractError):
    """A person has two rows in a file with one row per person."""


class UnknownSiteError(ExtractError):
    """A site is not among the sites of trial.yml."""


class UnknownGroupValueError(ExtractError):
    """A person's group is not among the groups of trial.yml."""


class UnknownBackgroundValueError(ExtractError):
    """trial.yml names a value of the background that the extract writes differently."""


class MixedKindsError(ExtractError):
    """A cell holds something else than the rest of its column, and would change what the column is."""


class MissingLabelsError(ExtractError):
    """A column of codes has a format whose labels are not there."""


class NotYesOrNoError(ExtractError):
    """A cell of a column of yes and no holds neither."""


class UndeclaredDatesError(ExtractError):
    """A background column holds dates, and trial.yml does not say what to make of them."""


class RareValueError(ExtractError):
    """A category that few persons have is not named in trial.yml: it may be a slip, or a text about a person."""


class EmptyGroupError(ExtractError):
    """A group of trial.yml has no persons."""


class DateOutsidePeriodError(ExtractError):
    """A person enters before or after the trial's period."""


class NobodyFoundError(ExtractError):
    """No row of a file belongs to a participant: the ids are probably written in another way."""


class IdWrittenOtherwiseError(ExtractError):
    """Ids are a participant's only when zeros, case, hyphens, blanks or a decimal ending are overlooked."""


class RoundedIdError(ExtractError):
    """Ids have lost digits, so that several persons have one."""


class TooFewKnownError(ExtractError):
    """Far fewer participants have a record than expected."""


class ParticipantMissingError(ExtractError):
    """A participant has no row in a file that covers everybody."""


class MissingWeeksError(ExtractError):
    """A file does not cover all the weeks that the trial needs."""


class MissingMonthsError(ExtractError):
    """A file does not cover all the months that the trial needs."""


class HoleError(ExtractError):
    """A time within the period asked for has no records, of everybody or of one site, with plenty on both sides."""


class DuplicateRecordError(ExtractError):
    """Records are alike in every column that is read, and trial.yml does not say whether to keep them."""


class DuplicateMonthError(ExtractError):
    """A series has two records of one month and area."""


class FetchedElsewhereError(ExtractError):
    """A fetched extract says that it comes from another bank or table than trial.yml names, or from several days."""

    usual_hint = "fetch the whole file again"


class NegativeCountError(ExtractError):
    """A count, or an amount of hours, is below zero, or a count of persons no whole number."""


class NotZeroOrOneError(ExtractError):
    """A recorded outcome is to be a share, but its values are not 0 and 1."""


class NothingInPeriodError(ExtractError):
    """No record of a file lies between the participants' entry and the last day."""


class InvalidWeekError(ExtractError):
    """A column stands for an ISO week that its year does not have."""

    usual_hint = "correct the column's name: only some years have a week 53"


class UnknownDreamCodeError(ExtractError):
    """A DREAM code is not in the code book."""

    def __init__(self, file: str, what: str, *, counts: dict[str, int], hint: str | None = None) -> None:
        self.counts = counts  # code as written -> rows that carry it
        super().__init__(file, what, hint=hint)


class CodeOutsideValidityError(ExtractError):
    """A DREAM code stands in a week in which the code book says it was not used."""


class CodebookError(ExtractError):
    """A code book cannot be read, or contradicts itself."""

    usual_hint = "docs/data.md shows a code book"


class UnknownCodeGroupError(ExtractError):
    """trial.yml names a group of DREAM codes that the code book does not have."""


class BadHoursError(ExtractError):
    """Paid hours are negative, or more than a month or week has."""

    usual_hint = "are they hours, of that month only, each once? Correct them in the extract"


class EndBeforeStartError(ExtractError):
    """An event ends before it starts."""


class UnknownEventKindError(ExtractError):
    """A measure counts a kind of event that the casework extract writes differently."""


class AnswerOutsideScaleError(ExtractError):
    """An answer lies outside the scale that a measure gives it."""


class UnknownAnswerError(ExtractError):
    """A measure counts an answer that the survey writes differently."""


class NoFollowUpError(ExtractError):
    """Nobody can be followed for a whole week before the last day of follow-up."""

    usual_hint = "are the dates of entry right, and is follow_up.last_day?"


class Faults:
    """Collects what is wrong with one file, so that everything is reported at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._faults: list[ExtractError] = []

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: ExtractError) -> None:
        """Keep `fault` for `stop`."""
        self._faults.append(fault)

    def stop(self) -> None:
        """Raise what was collected, if anything.

        Raises:
            ExtractError: the fault when there is one; SeveralFaultsError when there are more.
        """
        if len(self._faults) == 1:
            raise self._faults[0]
        if self._faults:
            raise SeveralFaultsError(self.file, self._faults)


def shown(value: object) -> str:
    """`value` as a message may show it: quoted, escaped, shortened, and never a personal number."""
    text = str(value)
    if text == HIDDEN:
        return text
    if _PERSONAL_NUMBER.search(text):
        return "a value like a personal number (not shown)"
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


def rows_named(rows: Sequence[int]) -> str:
    """`rows 2, 3, 4, 5, 6 and 12 more`."""
    if not rows:
        return ""
    if len(rows) == 1:
        return f"row {rows[0]}"
    listed = ", ".join(str(row) for row in rows[:_SHOWN_ROWS])
    more = len(rows) - _SHOWN_ROWS
    return f"rows {listed}" + (f" and {more} more" if more > 0 else "")
