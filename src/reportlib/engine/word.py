"""A report as a Word file: Pandoc writes the filtered tree in the styles of the theme's reference document.

Pictures become PNG, drawn by Typst as the PDF draws them: Word would set their words in whatever font it has. What the
file says of itself (title, author, language, date, whose report it is) is written here and nowhere else; there is no
clock in it, and the same report gives the same bytes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportlib.engine.fonts import typst_folder
from reportlib.engine.pandoc import PandocFailedError, run_pandoc
from reportlib.engine.settings import WORD_REFERENCE
from reportlib.errors import ReportlibError
from reportlib.files.reading import unzipped, zipped
from reportlib.numbers.provenance import META_NAME
from reportlib.text.inert import plain
from reportlib.text.marks import unmarked

TITLE_PLACE, SYNTHETIC_PLACE = "{rapport}", "{syntetisk}"
"""What the reference's foot of a page says where a report's title and its notice of made-up data go."""

SYNTHETIC = "Syntetiske data"
_PIXELS_PER_INCH = 200
_CORE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</cp:coreProperties>'
)
_CUSTOM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of properties that users name


class WordReferenceError(ReportlibError):
    """The theme's reference document for Word cannot be used."""


class WordPictureError(ReportlibError):
    """A picture that cannot be made one of Word's."""


def word_file(tree: str, metadata: Mapping[str, str], *, folder: Path, theme: Path, number_sections: bool) -> bytes:
    """The Word file of a filtered tree (Pandoc's JSON); pictures are named relative to `folder`.

    Raises: WordReferenceError, WordPictureError, PandocFailedError.
    """
    document = json.loads(tree)
    blocks = _clean(document["blocks"])
    pictures = {image["c"][2][0]: "" for image in _images(blocks)}
    pictures |= _as_png([name for name in pictures if name.lower().endswith(".svg")], folder)
    for image in _images(blocks):
        image["c"][2][0] = pictures[image["c"][2][0]] or image["c"][2][0]
    language = {"lang": {"t": "MetaString", "c": metadata.get("lang", "da")}}
    written = _pandoc({**document, "meta": language, "blocks": blocks}, folder, theme, number_sections)
    return _finished(written, metadata)


def _clean(value: Any) -> Any:
    """The tree with its words as they were written: nothing reads markup any more."""
    if isinstance(value, str):
        return plain(unmarked(value))
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return {name: _clean(part) for name, part in value.items()} if isinstance(value, dict) else value


def _images(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("t") == "Image":
            yield value
        for part in value.values():
            yield from _images(part)
    elif isinstance(value, list):
        for part in value:
            yield from _images(part)


def _as_png(names: list[str], folder: Path) -> dict[str, str]:
    """Drawn pictures as PNG files beside them, each with its new name; all in one run of Typst, a page each."""
    import typst

    if not names:
        return {}
    shown = "\n".join(f"#page(image({json.dumps(name, ensure_ascii=False)}))" for name in names)
    source = f"#set page(width: auto, height: auto, margin: 0pt)\n{shown}\n"
    compiler = typst.Compiler(root=folder, font_paths=[str(typst_folder())], ignore_system_fonts=True)
    try:
        made = compiler.compile(source.encode("utf-8"), format="png", ppi=_PIXELS_PER_INCH)
    except typst.TypstError as error:
        raise WordPictureError(
            f"a picture cannot be read: {str(error).splitlines()[0]}",
            hint="figs/ holds what cells write while the document runs; keep other pictures in another folder",
        ) from None
    pages = made if isinstance(made, list) else [made]
    out = {}
    for number, (name, content) in enumerate(zip(names, pages, strict=True), 1):
        out[name] = f"_word-{number}.png"
        (folder / out[name]).write_bytes(bytes(content or b""))
    return out


def _pandoc(document: Mapping[str, Any], folder: Path, theme: Path, number_sections: bool) -> bytes:
    reference = theme.resolve() / WORD_REFERENCE
    if not reference.is_file():
        raise WordReferenceError(f"the theme has no {WORD_REFERENCE}", hint="copy it from the library's theme")
    arguments = ["--from", "json", "--to", "docx", "--output", "-", "--reference-doc", str(reference)]
    arguments += ["--number-sections"] if number_sections else []
    done = run_pandoc(arguments, document, folder)
    said = done.stderr.decode("utf-8", errors="replace").strip()
    if done.returncode != 0 or said:
        raise PandocFailedError(f"Pandoc could not write the Word file: {said or done.returncode}")
    return done.stdout


def _finished(written: bytes, metadata: Mapping[str, str]) -> bytes:
    """The file with what it says of itself and its foot of a page, and without a clock."""
    parts = unzipped(written)
    synthetic = metadata.get("synthetic") == "true"
    feet = [name for name in parts if re.fullmatch(r"word/footer\d*\.xml", name)]
    if synthetic and not any(SYNTHETIC_PLACE.encode() in parts[name] for name in feet):
        raise WordReferenceError(
            f"{WORD_REFERENCE} has no {SYNTHETIC_PLACE} in the foot of its pages",
            hint="write it there as one word without formatting of its own: made-up data must be told on every page",
        )
    title = metadata.get("title", "")
    place = metadata.get("kommune") or "Samlet rapport"
    for name in feet:
        text = parts[name].decode("utf-8").replace(TITLE_PLACE, html.escape(f"{title} – {place}"))
        parts[name] = text.replace(SYNTHETIC_PLACE, f" – {SYNTHETIC}" if synthetic else "").encode("utf-8")
    parts["docProps/core.xml"] = _core(metadata).encode("utf-8")
    parts["docProps/custom.xml"] = _custom(metadata, synthetic).encode("utf-8")
    # the first column of a report's table heads its rows, and no row is parted by a page's end
    body = parts["word/document.xml"].decode("utf-8").replace('w:firstColumn="0"', 'w:firstColumn="1"')
    body = body.replace("<w:tr><w:tc>", "<w:tr><w:trPr></w:trPr><w:tc>").replace("<w:trPr>", "<w:trPr><w:cantSplit />")
    parts["word/document.xml"] = body.encode("utf-8")
    return zipped(parts)


def _core(metadata: Mapping[str, str]) -> str:
    day = metadata.get("dato-iso") or metadata.get("date") or ""
    date = f'<dcterms:{{0}} xsi:type="dcterms:W3CDTF">{html.escape(day)}T00:00:00Z</dcterms:{{0}}>' if day else ""
    said = {
        "dc:title": metadata.get("title", ""),
        "dc:creator": metadata.get("udarbejdet-af", ""),
        "dc:description": metadata.get("description", ""),
        "dc:language": metadata.get("lang", "da"),
        "cp:keywords": metadata.get("keywords", ""),
    }
    inside = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in said.items() if value)
    return _CORE.format(inside + date.format("created") + date.format("modified"))


def _custom(metadata: Mapping[str, str], synthetic: bool) -> str:
    said = {META_NAME: metadata.get("stamp", "")} | ({"reportlib-synthetic": "true"} if synthetic else {})
    return _CUSTOM.format(
        "".join(
            f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{name}"><vt:lpwstr>{html.escape(value)}</vt:lpwstr>'
            "</property>"
            for number, (name, value) in enumerate(said.items(), 2)
            if value
        )
    )
