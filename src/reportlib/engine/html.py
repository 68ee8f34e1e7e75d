"""Makes an HTML page one file: pictures and fonts inside it, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from reportlib.engine.svg import PictureError, inline_svg
from reportlib.errors import ReportlibError

FONTS_MARK = "/*reportlib:fonts*/"
PICTURE_CLASS = "billede"
LARGE = 1_500_000  # bytes; above this a page is slow to open on a phone

_FETCHED = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src"),
            ("audio", "src"), ("object", "data"), ("embed", "src"), ("image", "href"), ("use", "href")}  # fmt: skip
# Not Python's mimetypes: it also reads the machine's own tables.
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_CSS_URL = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?!data:|#)([^)'\"\s]+)")


class NotSelfContainedError(ReportlibError):
    """The page would fetch something from outside itself."""


def self_contained(page: str, *, folder: Path, fonts: Callable[[], str]) -> bytes:
    """The page with every picture (named relative to `folder`) and the fonts inside it, as UTF-8.

    `page` holds FONTS_MARK where the `@font-face` rules go.
    Raises: NotSelfContainedError, PictureError.
    """
    collector = _Collector(folder)
    collector.feed(page)
    collector.close()
    out, last = [], 0
    starts = _line_starts(page)
    for (line, column), old, new in collector.replacements:
        at = starts[line - 1] + column
        out += [page[last:at], new]
        last = at + len(old)
    out.append(page[last:])
    return "".join(out).replace(FONTS_MARK, fonts(), 1).encode("utf-8")


class _Collector(HTMLParser):
    """Finds what a browser would fetch and what to write instead."""

    def __init__(self, folder: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.folder = folder
        self.replacements: list[tuple[tuple[int, int], str, str]] = []

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and (outside := _CSS_URL.search(data)):
            raise NotSelfContainedError(
                f"the style sheet fetches {outside[1]}", hint="place fonts and pictures in the file"
            )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if (tag, name) not in _FETCHED or value is None or value.startswith(("#", "data:")):
                continue
            if tag != "img" or re.match(r"[a-z][a-z0-9+.-]+:|//", value, re.IGNORECASE):
                raise NotSelfContainedError(
                    f"the page would fetch {value} (<{tag}>)",
                    hint="a report is one file: keep pictures beside the document",
                )
            text = self.get_starttag_text() or ""
            self.replacements.append((self.getpos(), text, self._picture(value, dict(attrs))))

    def _picture(self, source: str, attributes: dict[str, str | None]) -> str:
        path = self.folder / unquote(source)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise PictureError(f"the picture {source} lies outside the document's folder")
        if not path.is_file():
            raise PictureError(
                f"the picture {source} does not exist",
                hint="figs/ holds what cells write while the document runs; keep other pictures in another folder",
            )
        kept = {name: value or "" for name, value in attributes.items() if name not in ("src", "alt", "class")}
        classes = " ".join(filter(None, [PICTURE_CLASS, attributes.get("class") or ""]))
        if path.suffix.lower() == ".svg":
            prefix = f"b{len(self.replacements) + 1}-"
            return inline_svg(
                path, alt=attributes.get("alt") or "", prefix=prefix, attributes={**kept, "class": classes}
            )
        if (kind := _KINDS.get(path.suffix.lower())) is None:
            raise PictureError(f"the picture {source} is neither SVG, PNG, JPEG nor WebP")
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        values = {"src": f"data:{kind};base64,{data}", "alt": attributes.get("alt") or "", "class": classes, **kept}
        return "<img " + " ".join(f'{name}="{html.escape(value)}"' for name, value in values.items()) + ">"


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
