"""Which headers a reader is told with each cell of a table: in a page by HTML's rule, in a PDF by its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf

from reportlib.numbers.account_shown import CLASS
from reportlib.numbers.blocks import tidy
from reportlib.numbers.read_pdf import joined, page_runs

Cells = list[tuple[str, tuple[str, ...]]]
"""The cells of a table that are no heads of columns, in reading order: text, and the texts of its headers."""


@dataclass
class _Cell:
    head: bool
    scope: str
    wide: int
    high: int
    x: int
    y: int
    body: int
    text: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return tidy("".join(self.text))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[_Cell]] = []
        self.taken: set[tuple[int, int]] = set()
        self.open: _Cell | None = None
        self.y = self.body = 0
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append([])
            self.taken, self.y, self.body = set(), -1, 0
        elif tag in ("thead", "tbody"):
            self.body += 1
        elif tag == "tr":
            self.y += 1
        elif tag in ("th", "td"):
            x = next(x for x in range(1000) if (x, self.y) not in self.taken)
            wide, high = int(values.get("colspan", 1)), int(values.get("rowspan", 1))
            self.taken |= {(x + dx, self.y + dy) for dx in range(wide) for dy in range(high)}
            self.open = _Cell(tag == "th", values.get("scope", ""), wide, high, x, self.y, self.body)
            self.tables[-1].append(self.open)
        elif self.hidden or (tag == "span" and set(values.get("class", "").split()) & {"om", "kun-oplaest"}):
            self.hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.open = None
        elif self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.open is not None and not self.hidden:
            self.open.text.append(data)


def page_headers(page: str) -> list[Cells]:
    """Each table of a page, but those of numbers behind figures: the PDF has none."""
    reader = _Tables()
    reader.feed(re.sub(rf'<details class="{CLASS}">.*?</details>', "", page, flags=re.DOTALL))
    return [
        [
            (cell.shown, tuple(head.shown for head in cells if _heads(head, cell)))
            for cell in cells
            if not _of_column(cell)
        ]
        for cells in reader.tables
    ]


def _of_column(cell: _Cell) -> bool:
    return cell.head and cell.scope.startswith("col")


def _heads(head: _Cell, cell: _Cell) -> bool:
    """HTML's rule: a column's head above, a row's head before, the row group's head above; a group itself has none."""
    if not head.head or head is cell or cell.scope == "rowgroup":
        return False
    if _of_column(head):
        return head.y < cell.y and head.x < cell.x + cell.wide and cell.x < head.x + head.wide
    if head.scope == "rowgroup":
        return head.body == cell.body and head.y < cell.y
    return head.x < cell.x and head.y < cell.y + cell.high and cell.y < head.y + head.high


def pdf_headers(path: Path) -> list[Cells]:
    """Each table of a PDF, by the names that its cells' Headers give."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: {mcid: joined(runs) for mcid, runs in page_runs(page).items()} for page in pdf.pages}
        names = dict(zip(*[iter(pdf.Root.StructTreeRoot.IDTree.Names)] * 2, strict=True))
        texts = {str(name): _text(element, pages, None) for name, element in names.items()}
        return [
            [
                (_text(cell, pages, None), tuple(texts[str(name)] for name in _attribute(cell, "/Headers") or ()))
                for cell in _found(table, ("/TH", "/TD"))
                if _attribute(cell, "/Scope") != "/Column"
            ]
            for table in _found(pdf.Root.StructTreeRoot, ("/Table",))
        ]


def _text(element: Any, pages: dict[Any, dict[int, str]], page: Any) -> str:
    page = element.Pg.objgen if "/Pg" in element else page
    pieces = []
    for child in _children(element):
        if isinstance(child, int):
            pieces.append(pages[page].get(child, ""))
        elif "/MCID" in child:
            pieces.append(pages[child.Pg.objgen if "/Pg" in child else page].get(int(child.MCID), ""))
        elif "/S" in child:
            pieces.append(_text(child, pages, page))
    return tidy("".join(pieces))


def _attribute(element: Any, name: str) -> Any:
    owned = element.get("/A", pikepdf.Array())
    parts = list(owned) if isinstance(owned, pikepdf.Array) else [owned]
    return next((part[name] for part in parts if name in part), None)


def _found(element: Any, tags: tuple[str, ...]) -> list[Any]:
    out = []
    for child in _children(element):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            out += [child] if str(child.S) in tags else _found(child, tags)
    return out


def _children(element: Any) -> list[Any]:
    children = element.get("/K", pikepdf.Array())
    return list(children.as_list()) if isinstance(children, pikepdf.Array) else [children]


def summaries(path: Path) -> list[str]:
    """What each table of a PDF says of itself."""
    with pikepdf.open(path) as pdf:
        return [str(_attribute(table, "/Summary") or "") for table in _found(pdf.Root.StructTreeRoot, ("/Table",))]


def painted_otherwise(path: Path) -> list[int]:
    """The pages whose content is painted in another order than it is read."""
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        read: dict[int, list[int]] = {}

        def walk(element: Any, page: int) -> None:
            page = numbers[element.Pg.objgen] if "/Pg" in element else page
            for child in _children(element):
                if isinstance(child, int):
                    read.setdefault(page, []).append(child)
                elif "/MCID" in child:
                    here = numbers[child.Pg.objgen] if "/Pg" in child else page
                    read.setdefault(here, []).append(int(child.MCID))
                elif "/S" in child:
                    walk(child, page)

        walk(pdf.Root.StructTreeRoot, 0)
    return sorted(page for page, order in read.items() if order != sorted(order))
