"""What a finished PDF tells those who cannot see it, and whether it keeps the standards that it claims."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf

from reportlib.numbers.breaks import Break, FileCheck, Kind
from reportlib.numbers.read_pdf import listed


def with_standards(result: FileCheck, path: Path) -> FileCheck:
    """What was found in a file, and what its standards find in it when it is a PDF."""
    if path.suffix.lower() != ".pdf":
        return result
    with pikepdf.open(path) as pdf:
        claims = _claims_of(pdf)
    return replace(result, breaks=(*result.breaks, *check_standards(path, claims)), standards=claims)


def _claims_of(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """The standards that a PDF's metadata claim: `PDF/UA-1`, `PDF/A-3a`."""
    metadata = pdf.open_metadata()  # no `with`: that would write it back
    accessible = str(metadata.get("pdfuaid:part", ""))
    part, level = (str(metadata.get(f"pdfaid:{name}", "")) for name in ("part", "conformance"))
    claims = (f"PDF/UA-{accessible}" if accessible else "", f"PDF/A-{part}{level.lower()}" if part else "")
    return tuple(filter(None, claims))


def check_standards(path: Path, claims: Sequence[str]) -> Iterator[Break]:
    """What the PDF fails of the standards it claims; that it claims none."""
    import page

    if not claims:
        yield Break(Kind.STANDARD, "the PDF says of no standard that it follows it")
    for name in claims:
        profile = name.removeprefix("PDF/").removeprefix("A-").replace("UA-", "ua")  # as the checker calls it: ua1, 3a
        for failure in page.validate_pdf(path, profile=profile).failures:
            yield Break(Kind.STANDARD, f"{name}: {failure.message}", key=failure.rule_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What was counted in one PDF. `levels_skipped` are headings more than one level below the one before; `bare_rows`
    are rows of tables without a head of their own; `pages_otherwise` are pages painted in another order than they are
    read; `claims` are the standards that the file says it follows.
    """

    title: str
    author: str
    language: str
    pages: int
    headings: int
    levels_skipped: int
    figures: int
    figures_described: int
    tables: int
    tables_with_column_heads: int
    tables_summarised: int
    bare_rows: int
    pages_otherwise: int
    claims: tuple[str, ...]


@dataclass
class _Reader:
    pages: dict[Any, int]
    levels: list[int] = field(default_factory=list)
    figures: list[bool] = field(default_factory=list)
    tables: list[tuple[bool, bool]] = field(default_factory=list)
    bare_rows: int = 0
    last: dict[int, int] = field(default_factory=dict)
    otherwise: set[int] = field(default_factory=set)

    def walk(self, node: Any, page: int) -> None:
        tag = str(node.get("/S", ""))
        page = self._page_of(node, page)
        kids = listed(node, "/K")
        if tag[:2] == "/H" and tag[2:].isdigit():
            self.levels.append(int(tag[2:]))
        elif tag == "/Figure":
            self.figures.append(bool(str(node.get("/Alt", "")).strip()))
        elif tag == "/Table":
            summary = next((part.Summary for part in listed(node, "/A") if "/Summary" in part), "")
            heads = any(isinstance(kid, pikepdf.Dictionary) and kid.get("/S") == "/THead" for kid in kids)
            self.tables.append((heads, bool(str(summary).strip())))
        elif tag == "/TBody":
            self.bare_rows += sum(not _has_head(row) for row in kids if isinstance(row, pikepdf.Dictionary))
        for kid in kids:
            if isinstance(kid, int):
                self._paint(page, kid)
            elif "/MCID" in kid:
                self._paint(self._page_of(kid, page), int(kid.get("/MCID")))
            elif "/S" in kid:
                self.walk(kid, page)

    def _page_of(self, node: Any, page: int) -> int:
        """The page that an element names, else the one it is on by what holds it."""
        return self.pages[node.get("/Pg").objgen] if "/Pg" in node else page

    def _paint(self, page: int, mark: int) -> None:
        if mark < self.last.get(page, -1):
            self.otherwise.add(page)
        self.last[page] = mark


def _has_head(row: Any) -> bool:
    """Whether a cell of the row heads it; one that a cell from above reaches into has no first cell of its own."""
    return any(cell.get("/S") == "/TH" or _reached(cell) for cell in listed(row, "/K"))


def _reached(cell: Any) -> bool:
    """Whether one of the names among the cell's headers is a row's (engine/finished_pdf.py)."""
    return any(str(name).startswith("R") for part in listed(cell, "/A") for name in listed(part, "/Headers"))


def accessibility(path: Path) -> Accessibility:
    """Count what a PDF holds; of one without tags (Quarto before 1.9 makes them) no page has an order to be read in."""
    with pikepdf.open(path) as pdf:
        reader = _Reader({page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)})
        if tagged := "/StructTreeRoot" in pdf.Root:
            reader.walk(pdf.Root.StructTreeRoot, 0)
        levels = reader.levels
        return Accessibility(
            title=str(pdf.docinfo.get("/Title", "")),
            author=str(pdf.docinfo.get("/Author", "")),
            language=str(pdf.Root.get("/Lang", "")),
            pages=len(pdf.pages),
            headings=len(levels),
            levels_skipped=sum(after > before + 1 for before, after in itertools.pairwise(levels)),
            figures=len(reader.figures),
            figures_described=sum(reader.figures),
            tables=len(reader.tables),
            tables_with_column_heads=sum(heads for heads, _ in reader.tables),
            tables_summarised=sum(told for _, told in reader.tables),
            bare_rows=reader.bare_rows,
            pages_otherwise=len(reader.otherwise) if tagged else len(pdf.pages),
            claims=_claims_of(pdf),
        )
