"""A table as an immutable record, and its Markdown. What may stand in a cell is in `reportlib.show.table_cells`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportlib.errors import ReportlibError
from reportlib.prose.estimate_text import hidden_cell_note
from reportlib.show.table_cells import HIDDEN, NOT_ESTIMABLE, Cell, text
from reportlib.text.markup import escape

# A shorter table is kept whole, so that its caption never stands alone at the foot of a page.
_ROWS_ON_A_PAGE = 28


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
    titles = [column.title if isinstance(column, WordColumn) else column for column in made.columns]
    aligned = [":---" if isinstance(column, WordColumn) else "---:" for column in made.columns]
    return [
        f"::: {{{' '.join(classes)}}}",
        _line(_header(title) for title in [made.head, *titles]),
        "|" + "|".join([":---", *aligned]) + "|",
        *(_line(cell if isinstance(cell, Cell) else text(cell) for cell in row) for row in made.rows),
        "",
        f": {escape(caption)} {{#tbl-{id}}}",
    ]


def _header(title: str) -> str:
    """The header's words; those that are a word and a hyphenated letter stay on one line in a narrow page."""
    return escape(title).replace("p-værdi", "[p-værdi]{.ubrudt}")


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
