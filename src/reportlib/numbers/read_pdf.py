"""The blocks of a tagged PDF, in the order of its structure tree: what a screen reader reads, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from reportlib.errors import ReportlibError
from reportlib.numbers.blocks import Block, Reading, Role, tidy
from reportlib.numbers.pdf_text import page_text

_ROLES = {
    "/P": Role.TEXT,
    "/LBody": Role.TEXT,
    "/Caption": Role.CAPTION,
    "/TD": Role.CELL,
    "/TH": Role.HEADER,
    "/Note": Role.NOTE,
    "/FENote": Role.NOTE,
    "/Title": Role.COVER,
    **{f"/H{level}": Role.HEADING for level in range(1, 7)},
}
_INLINE = frozenset({"/Span", "/Strong", "/Em", "/Link", "/Reference", "/Quote", "/Code", "/Sub", "/Formula"})
_ARTIFACTS = frozenset({"/Artifact"})
_UNREAD = _ARTIFACTS | {"/TOC", "/TOCI", "/Lbl"}


class NotTaggedError(ReportlibError):
    """The PDF has no structure tree, so it cannot be read in order."""


@dataclass
class _Reader:
    pages: dict[Any, int]
    texts: list[dict[int, str]]
    blocks: list[Block] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    chapter: int = 0
    figure: int = 0

    def walk(self, node: Any, page: int | None) -> None:
        """Blocks of an element and what is in it, depth first."""
        if isinstance(node, pikepdf.Array):
            for child in node.as_list():
                self.walk(child, page)
            return
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return
        tag = str(node.S)
        if tag == "/TOC":
            self._forget_heading()
            self._contents(node)
        if tag in _UNREAD:
            return
        page = self.pages.get(_reference(node.Pg), page) if "/Pg" in node else page
        if tag == "/Figure":
            self._figure(node, page)
        elif (tag in _ROLES and not self._holds_blocks(node)) or (tag not in _ROLES and _is_inline(node)):
            self._block(node, tag, page)
        elif "/K" in node:
            self.walk(node.K, page)

    def _forget_heading(self) -> None:
        """The heading over the contents is no chapter."""
        if self.blocks and self.blocks[-1].role is Role.HEADING and self.blocks[-1].level == 1:
            self.blocks.pop()
            self.chapter -= 1

    def _contents(self, node: Any) -> None:
        """The lines of the contents, each with its page at its end."""
        for entry in _elements(node):
            if str(entry.S) == "/TOC":
                self._contents(entry)
            elif str(entry.S) == "/TOCI":
                self.contents.append(tidy(" ".join(text for _, text in self._content(entry, None, _ARTIFACTS))))

    def _holds_blocks(self, node: Any) -> bool:
        """True when the element's text stands in blocks of its own (a list item of paragraphs)."""
        return any(str(child.S) in _ROLES or str(child.S) in ("/L", "/Table", "/Div") for child in _elements(node))

    def _block(self, node: Any, tag: str, page: int | None) -> None:
        pieces = list(self._content(node, page))
        # A heading's number stands apart from its words without a space.
        text = tidy((" " if tag[:2] == "/H" else "").join(text for _, text in pieces))
        page = next((number for number, _ in pieces), page)
        if not text:
            return
        role, level = _ROLES.get(tag, Role.TEXT), 0
        if role is Role.HEADING:
            level = int(tag[2:])
            if level == 1:
                self.chapter += 1
        elif self.chapter == 0:
            role = Role.COVER
        self.blocks.append(Block(role, text, self.chapter, page=page, level=level))

    def _figure(self, node: Any, page: int | None) -> None:
        self.figure += 1
        pieces = list(self._content(node, page))
        page = next((number for number, _ in pieces), page)
        alt = tidy(str(node.get("/Alt", "")))
        self.blocks.append(Block(Role.ALT, alt, self.chapter, page=page, float=self.figure))
        for _, text in pieces:
            for line in text.split("\n"):
                if tidy(line):
                    self.blocks.append(Block(Role.DRAWN, tidy(line), self.chapter, page=page, float=self.figure))

    def _content(
        self, node: Any, page: int | None, unread: frozenset[str] = _UNREAD
    ) -> Iterator[tuple[int | None, str]]:
        """The marked content of an element and its children, with the page of each piece."""
        children = node.get("/K", pikepdf.Array())
        previous = ""
        for child in children.as_list() if isinstance(children, pikepdf.Array) else [children]:
            for number, text in self._piece(child, node, page, unread):
                if previous and previous[-1:] in "-\u00ad\u2010" and text[:1].isalpha():
                    yield number, "\n"
                yield number, text
                previous = text

    def _piece(
        self, child: Any, node: Any, page: int | None, unread: frozenset[str]
    ) -> Iterator[tuple[int | None, str]]:
        if isinstance(child, int):
            here = self.pages.get(_reference(node.Pg), page) if "/Pg" in node else page
            yield here, self._marked(here, int(child))
        elif isinstance(child, pikepdf.Dictionary):
            if "/MCID" in child:
                here = self.pages.get(_reference(child.Pg), page) if "/Pg" in child else page
                yield here, self._marked(here, int(child.MCID))
            elif "/S" in child and str(child.S) not in unread:
                own = self.pages.get(_reference(child.Pg), page) if "/Pg" in child else page
                yield from self._content(child, own, unread)

    def _marked(self, page: int | None, mcid: int) -> str:
        return self.texts[page - 1].get(mcid, "") if page is not None else ""


def read_pdf(path: Path) -> Reading:
    """The blocks of a report's PDF.

    Raises:
        NotTaggedError: the file has no structure tree.
    """
    with pikepdf.open(path) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            raise NotTaggedError(f"{path.name} is not tagged", hint="render it with the embedded engine")
        tree = pdf.Root.StructTreeRoot
        pictures = _picture_content(tree, {_reference(page.obj): number for number, page in enumerate(pdf.pages, 1)})
        texts = [page_text(page, apart=frozenset(pictures.get(number, ()))) for number, page in enumerate(pdf.pages, 1)]
        reader = _Reader({_reference(page.obj): number for number, page in enumerate(pdf.pages, 1)}, texts)
        reader.walk(tree.get("/K", pikepdf.Array()), None)
    return Reading("pdf", reader.blocks, contents=reader.contents)


def _picture_content(tree: Any, pages: dict[Any, int]) -> dict[int, set[int]]:
    """Page -> identifiers of the content of figures."""
    found: dict[int, set[int]] = {}

    def walk(node: Any, page: int | None, inside: bool) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node.as_list():
                walk(child, page, inside)
        elif isinstance(node, int):
            if inside and page is not None:
                found.setdefault(page, set()).add(int(node))
        elif isinstance(node, pikepdf.Dictionary):
            page = pages.get(_reference(node.Pg), page) if "/Pg" in node else page
            if "/MCID" in node:
                walk(int(node.MCID), page, inside)
            elif "/K" in node:
                walk(node.K, page, inside or str(node.get("/S", "")) == "/Figure")

    walk(tree.get("/K", pikepdf.Array()), None, False)
    return found


def _is_inline(node: Any) -> bool:
    """True for text that stands outside any paragraph: marked content with nothing but inline elements in it."""
    children = _elements(node)
    return (
        "/K" in node
        and all(str(child.S) in _INLINE and _is_inline(child) for child in children)
        and (len(children) < len(_children(node)) or bool(children))
    )


def _children(node: Any) -> list[Any]:
    children = node.get("/K", pikepdf.Array())
    return list(children.as_list()) if isinstance(children, pikepdf.Array) else [children]


def _elements(node: Any) -> list[Any]:
    return [child for child in _children(node) if isinstance(child, pikepdf.Dictionary) and "/S" in child]


def _reference(page: Any) -> Any:
    return page.objgen
