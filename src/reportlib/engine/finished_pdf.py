"""What is done to a PDF after Typst: its tables are tagged, and the account of its numbers is attached.

Typst tags the heads of columns alone. Here each first cell heads its row and a heading inside a table the rows under
it, as in the page; each cell names its headers, so that a screen reader tells them, and each table says in words what
it holds; a caption stands where it belongs.

The file is read and written back as it stands: the same PDF and account give the same bytes. Both pass through files:
qpdf reads and writes those itself, where bytes in memory cost it a call of Python for each of 100,000 pieces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf

from reportlib.danish import list_text, sentence
from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import ATTACHED, table_subjects
from reportlib.numbers.read_pdf import elements, listed

_CARRIAGE_RETURN = re.compile(rb"\r\n?endstream")
_DESCRIPTION = "Talregnskab: hvert tal i rapporten, og hvad det er beregnet af"


def finished_pdf(pdf: bytes, tables: Sequence[TableRecord], account: Account | None, *, date: datetime) -> bytes:
    """The PDF as it is published; `tables` are its tables in their order, `date` is the report's own."""
    with TemporaryDirectory(prefix="rl-pdf-", ignore_cleanup_errors=True) as folder:
        set_by_typst = Path(folder, "sat.pdf")
        set_by_typst.write_bytes(pdf)
        with pikepdf.open(set_by_typst) as document:
            tag_tables(document, tables, table_subjects(account) if account is not None else {})
            if account is not None:
                _attach(document, account.to_bytes(), f"D:{date:%Y%m%d%H%M%S}Z")
            return saved(document, Path(folder))


def _attach(document: pikepdf.Pdf, content: bytes, day: str) -> None:
    """Attach the account as PDF/A-3 asks: named, described, of a known type, and part of the whole document."""
    file = pikepdf.AttachedFileSpec(
        document,
        content,
        filename=ATTACHED,
        description=_DESCRIPTION,
        mime_type="application/json",
        creation_date="",
        mod_date=day,
    )
    file.relationship = pikepdf.Name.Data
    document.attachments[ATTACHED] = file
    document.Root.AF = pikepdf.Array([file.obj])


def saved(document: pikepdf.Pdf, folder: Path) -> bytes:
    """The document's bytes, in which no stream ends in a carriage return: before the line that ends a stream it could
    be read as part of that line (PDF/A counts the length without it). It is written in `folder` on the way."""
    path = folder / "skrevet.pdf"
    content = _written(document, path)
    if _CARRIAGE_RETURN.search(content) is None:
        return content
    with pikepdf.open(path) as written:
        for stream in written.objects:
            if isinstance(stream, pikepdf.Stream) and stream.read_raw_bytes().endswith(b"\r"):
                stream.write(stream.read_bytes() + b"\n")  # which nothing reads that such a stream can hold
                if "/Length1" in stream:  # a font says how long it is
                    stream.Length1 += 1
        return _written(written, folder / "igen.pdf")


def _written(document: pikepdf.Pdf, path: Path) -> bytes:
    """A document's bytes, with an identifier that is made of them and a line before each `endstream` (PDF/A)."""
    settings = {"empty": "", "outputFile": str(path), "deterministicId": "", "newlineBeforeEndstream": ""}
    pikepdf.Job(settings).write_pdf(document)
    return path.read_bytes()


_TH, _ROW, _TABLE = pikepdf.Name.TH, pikepdf.Name.Row, pikepdf.Name.Table
_RECORD = re.compile(r"^\s*// tabel: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableRecord:
    """A table as the theme wrote it: its identifier, the heads of its columns, its rows and which of them (from 0) are
    headings inside it."""

    identifier: str
    columns: tuple[str, ...]
    groups: frozenset[int]
    rows: int


def table_records(source: str) -> list[TableRecord]:
    """The tables of a Typst source in their order, from the line that the theme writes before each (lua/tables.lua)."""
    records = []
    for line in _RECORD.finditer(source):
        identifier, columns, groups, rows = json.loads(line[1])
        records.append(TableRecord(identifier, tuple(columns), frozenset(row - 1 for row in groups), rows))
    return records


def tag_tables(document: pikepdf.Pdf, records: Sequence[TableRecord], about: Mapping[str, str]) -> None:
    """Give a PDF's tables row headers, headers and summaries; `about` says by identifier whose numbers they are.

    `records` are the tables in the order of the tags. Where there are not as many, some are not the theme's own, and
    none can be told apart: no table then gets a summary.
    """
    root = document.Root.StructTreeRoot
    tree = _Tree()
    tree.walk(root)
    known = list(records) if len(records) == len(tree.tables) else [None] * len(tree.tables)
    for number, (table, record) in enumerate(zip(tree.tables, known, strict=True), 1):
        if record is not None:
            _owned(table).Summary = pikepdf.String(summary(record, about.get(record.identifier, "")))
        _tag_rows(table, record.groups if record is not None else frozenset(), number, tree.named)
    if tree.named:
        names = sorted(tree.named.items())
        root.IDTree = document.make_indirect(pikepdf.Dictionary(Names=[part for pair in names for part in pair]))


@dataclass
class _Tree:
    """What is found in the tags: the tables in reading order, and the elements that have a name."""

    tables: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)

    def walk(self, node: Any) -> None:
        """Everything below an element; a caption that Typst put beside its table or before its figure is moved."""
        for child in elements(node):
            tag = child.get("/S")
            if tag == "/Div":
                self._mend(child)
            elif tag == "/Table":
                self.tables.append(child)
            if "/ID" in child:
                self.named[str(child.get("/ID"))] = child
            self.walk(child)

    def _mend(self, block: Any) -> None:
        """`Div(Caption, Div(Table))`, so tagged where the page ends between the two, as `Div(Div(Table(Caption, …)))`;
        `Div(Caption, Figure)`, painted the other way, as `Div(Figure, Caption)`."""
        parts = elements(block)
        if len(parts) != 2 or parts[0].S != "/Caption" or len(listed(block, "/K")) != 2:
            return
        caption, second = parts
        inner = elements(second)
        if second.S == "/Figure":
            block.K = pikepdf.Array([second, caption])
        elif second.S == "/Div" and len(inner) == 1 and inner[0].S == "/Table":
            block.K = pikepdf.Array([second])
            inner[0].K = pikepdf.Array([caption, *listed(inner[0], "/K")])
            caption.P = inner[0]


def _tag_rows(table: Any, groups: frozenset[int], number: int, named: dict[str, Any]) -> None:
    """Row headers, and each cell's headers; `groups` are the rows that are headings inside the table."""
    parts = (part for part in elements(table) if part.get("/S") != "/THead")
    rows = (row for part in parts for row in ([part] if part.get("/S") == "/TR" else elements(part)))
    body = [row for row in rows if row.get("/S") == "/TR"]
    below: list[int] = []  # by column: rows that a cell above still reaches over
    over: Any = None  # what heads the rows over which the first column's cell reaches
    group: list[Any] = []
    for place, row in enumerate(body):
        column, heads = 0, [over] if over is not None and below and below[0] > 0 else []
        is_group = place in groups
        for cell in elements(row):
            while column < len(below) and below[column] > 0:
                below[column], column = below[column] - 1, column + 1
            attributes = _owned(cell)
            wide, high = (int(attributes.get(key)) if key in attributes else 1 for key in ("/ColSpan", "/RowSpan"))
            if column == 0:
                over = pikepdf.String(f"R{number}y{place}")
                cell.S, cell.ID, named[str(over)] = _TH, over, cell
                attributes.Scope = _ROW
                heads = [] if is_group else [*listed(attributes, "/Headers"), *group]
                attributes.Headers, heads = pikepdf.Array(heads), [over]
                group = heads if is_group else group
            else:
                attributes.Headers = pikepdf.Array([*listed(attributes, "/Headers"), *group, *heads])
            below += [0] * (column + wide - len(below))
            below[column : column + wide] = [high - 1] * wide
            column += wide
        for rest in range(column, len(below)):
            below[rest] = max(0, below[rest] - 1)


def _owned(element: Any) -> Any:
    """The attributes that the element has as a part of a table; made where there are none."""
    known = listed(element, "/A")
    for one in known:
        if one.get("/O") == "/Table":
            return one
    element.A = pikepdf.Array([pikepdf.Dictionary(O=_TABLE), *known])
    return element.A[0]


def summary(record: TableRecord, about: str) -> str:
    """What a table holds, in words: its columns, its rows, whose numbers."""
    columns = [f"»{column}«" for column in record.columns if column]
    groups = len(record.groups)
    rows = record.rows - groups
    parted = f" i {groups} grupper" if groups > 1 else ""
    parts = [
        f"Tabel med {len(record.columns)} kolonner og {rows} {'række' if rows == 1 else 'rækker'}{parted}",
        f"Kolonnerne er {list_text(columns)}",
        f"Tallene gælder {about}" if about else "",
    ]
    return " ".join(sentence(part) for part in parts if part)
