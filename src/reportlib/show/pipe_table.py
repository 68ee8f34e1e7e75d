"""A table as an immutable record and the verbs that build it; `markdown` prints it as a pipe table in its block.

A table always has a header row, and its first column names the rows. Cells hold finished Markdown: text from data comes
in through `reportlib.show.table_cells`, which escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlib.errors import ReportlibError
from reportlib.prose.estimate_text import hidden_cell_note
from reportlib.show.block import source_lines
from reportlib.show.table_cells import HIDDEN, NOT_ESTIMABLE, Cell
from reportlib.text.markup import escape

PREFIX = "tbl-"

# A shorter table is kept whole, so that its caption never stands alone at the foot of a page.
_ROWS_ON_A_PAGE = 28


class RowLengthError(ReportlibError):
    """A row has another number of cells than the table has columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header (plain text, with the unit where the cells have none) and whether it holds numbers."""

    title: str
    numbers: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the making. `wide` prints smaller, `long` may break over pages."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    threshold: int = 5
    wide: bool = False
    long: bool = False


def table(id: str, caption: str, columns: Iterable[Column], *, threshold: int) -> Table:  # noqa: A002
    """An empty table. `threshold` is the number of persons below which cells are hidden, for the note."""
    return Table(id=id.removeprefix(PREFIX), caption=caption, columns=tuple(columns), threshold=threshold)


def with_row(made: Table, cells: Iterable[Cell]) -> Table:
    """The table with one more row.

    Raises:
        RowLengthError: the row does not fit the columns.
    """
    row = tuple(cells)
    if len(row) != len(made.columns):
        raise RowLengthError(f"table {made.id}: {len(row)} cells in a row of {len(made.columns)} columns")
    return replace(made, rows=(*made.rows, row))


def with_rows(made: Table, rows: Iterable[Iterable[Cell]]) -> Table:
    """The table with more rows."""
    for row in rows:
        made = with_row(made, row)
    return made


def with_sources(made: Table, sources: Iterable[str]) -> Table:
    """The table with more sources; each is printed once."""
    return replace(made, sources=tuple(dict.fromkeys((*made.sources, *sources))))


def with_notes(made: Table, *notes: str) -> Table:
    """The table with more notes (plain sentences); empty ones are left out, each is printed once."""
    return replace(made, notes=tuple(dict.fromkeys((*made.notes, *(note for note in notes if note)))))


def as_wide(made: Table) -> Table:
    """The table in smaller type."""
    return replace(made, wide=True)


def as_long(made: Table) -> Table:
    """The table, which may break over pages, its header row repeated, once it has too many rows for one page."""
    return replace(made, long=True)


def markdown(made: Table) -> str:
    """The table's block: pipe table, caption, source and note lines. Signs used in cells are explained in the note."""
    classes = " ".join(
        [
            ".tabelblok",
            *([".bred"] if made.wide else []),
            *([".lang"] if made.long and len(made.rows) > _ROWS_ON_A_PAGE else []),
        ]
    )
    lines = [
        f"::: {{{classes}}}",
        _line(_header(column) for column in made.columns),
        "|" + "|".join("---:" if column.numbers else ":---" for column in made.columns) + "|",
        *(_line(cell.markdown for cell in row) for row in made.rows),
        "",
        f": {escape(made.caption)} {{#{PREFIX}{made.id}}}",
        "",
        *source_lines(made.sources, [*made.notes, *_signs(made)]),
        ":::",
        "",
    ]
    return "\n".join(lines)


def _header(column: Column) -> str:
    """The header's words; those that are a word and a hyphenated letter stay on one line in a narrow page."""
    return escape(column.title).replace("p-værdi", "[p-værdi]{.ubrudt}")


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _signs(made: Table) -> Sequence[str]:
    used = {cell.markdown for row in made.rows for cell in row}
    notes = []
    if HIDDEN.markdown in used:
        notes.append(hidden_cell_note(made.threshold))
    if NOT_ESTIMABLE.markdown in used:
        notes.append("– Tallet er ikke opgjort")
    return notes
