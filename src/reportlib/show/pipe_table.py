"""A table as an immutable record, and its Markdown. What may stand in a cell is in `reportlib.show.table_cells`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlib.danish import NBSP, list_text
from reportlib.errors import ReportlibError
from reportlib.prose.estimate_text import hidden_cell_note, why_hidden
from reportlib.show.table_cells import EMPTY, HIDDEN, NOT_ESTIMABLE, Cell, text
from reportlib.text.inert import plain
from reportlib.text.markup import escape

# A shorter table is kept whole, so that its caption never stands alone at the foot of a page.
_ROWS_ON_A_PAGE = 28

_NUMBER_LAST = re.compile(r" (?=\d+$)")


class RowLengthError(ReportlibError):
    """A row has another number of cells than the table has columns."""


@dataclass(frozen=True, slots=True)
class WordColumn:
    """The header of a column of words: it is flush left, where a column of numbers is flush right."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the head of its first column, which names the rows, the heads of the others, and the rows.

    Heads are plain text, with the unit where the cells have none. A cell that is no `Cell` is plain text. `caption`,
    `sources` and `notes` are as those of a chart. `wide` prints smaller, `long` may break over pages, its header row
    repeated, once it has too many rows for one. `instead` is Markdown that stands in place of a table without rows. The
    caption begins with the `finding`, where the rows tell one.

    Raises:
        RowLengthError: a row does not fit the columns.
    """

    caption: str
    head: str
    columns: Sequence[str | WordColumn]
    rows: Sequence[Sequence[str]]
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()
    wide: bool = False
    long: bool = False
    instead: str = ""
    finding: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != 1 + len(self.columns):
                raise RowLengthError(
                    f"table {self.caption}: {len(row)} cells in a row of {1 + len(self.columns)} columns"
                )

    def without_hidden(self, threshold: int) -> Table:
        """The table without the rows and columns that show no number because all theirs are hidden; a note names them.

        A table that shows no number at all stays, and so does a sum. A heading inside goes with the last of its rows.
        """
        hidden = [row for row in self.rows if _says_nothing(row[1:]) and not row[0].startswith("**")]
        rows = [row for row in self.rows if row not in hidden]
        kept = [at for at in range(len(self.columns)) if not _says_nothing([row[1 + at] for row in rows])]
        nothing = not kept or all(_is_heading(row) or row[0].startswith("**") for row in rows)
        if (not hidden and len(kept) == len(self.columns)) or nothing:
            return self
        named = [plain(row[0]) for row in hidden]
        named += [_title(column) for at, column in enumerate(self.columns) if at not in kept]
        headed = [row for row, after in zip(rows, [*rows[1:], None], strict=True) if not _is_lonely(row, after)]
        return replace(
            self,
            columns=[self.columns[at] for at in kept],
            rows=[[row[0], *(row[1 + at] for at in kept)] for row in headed],
            notes=[*self.notes, f"Ikke vist: {list_text(named)}, fordi tallene {why_hidden(threshold)}"],
        )

    def signs(self, threshold: int) -> list[str]:
        """What the signs used in cells mean; `threshold` is the fewest persons a shown number may rest on."""
        used = {cell for row in self.rows for cell in row if isinstance(cell, Cell)}
        notes = [hidden_cell_note(threshold)] if HIDDEN in used else []
        own = any(note.startswith(NOT_ESTIMABLE) for note in self.notes)
        return [*notes, "– Tallet er ikke opgjort"] if NOT_ESTIMABLE in used and not own else notes


def pipe_table(made: Table, *, id: str, caption: str) -> list[str]:  # noqa: A002
    """The lines of the table's block down to its caption."""
    classes = [".tabelblok", *([".bred"] if made.wide else [])]
    if made.long and len(made.rows) > _ROWS_ON_A_PAGE:
        classes.append(".lang")
    titles = [_title(column) for column in made.columns]
    aligned = [":---" if isinstance(column, WordColumn) else "---:" for column in made.columns]
    return [
        f"::: {{{' '.join(classes)}}}",
        _line(_header(title) for title in [made.head, *titles]),
        "|" + "|".join([":---", *aligned]) + "|",
        *(_line(cell if isinstance(cell, Cell) else text(cell) for cell in row) for row in made.rows),
        "",
        f": {escape(caption)} {{#tbl-{id}}}",
    ]


def _says_nothing(cells: Sequence[str]) -> bool:
    """Whether signs are all that these cells say, and one of them that a number is hidden."""
    return HIDDEN in cells and set(cells) <= {HIDDEN, NOT_ESTIMABLE, EMPTY}


def _is_heading(row: Sequence[str]) -> bool:
    return not any(row[1:])


def _is_lonely(row: Sequence[str], after: Sequence[str] | None) -> bool:
    return _is_heading(row) and (after is None or _is_heading(after))


def _title(column: str | WordColumn) -> str:
    return column.title if isinstance(column, WordColumn) else column


def _header(title: str) -> str:
    """The header's words; a word and a hyphenated letter, or its number (`Projektkommune 5`), stay on one line."""
    return _NUMBER_LAST.sub(NBSP, escape(title).replace("p-værdi", "[p-værdi]{.ubrudt}"))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
