"""What is done to a PDF after Typst: its tables are tagged, and the account of its numbers is attached.

The file is read and written back as it stands: the same PDF and account give the same bytes. Both pass through files:
qpdf reads and writes those itself, where bytes in memory cost it a call of Python for each of 100,000 pieces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from reportlib.engine.tagged_tables import TableRecord, tag_tables
from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import ATTACHED, table_subjects

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
    stream = pikepdf.Stream(document, content)
    stream.Type = pikepdf.Name.EmbeddedFile
    stream.Subtype = pikepdf.Name("/application/json")
    stream.Params = pikepdf.Dictionary(ModDate=pikepdf.String(day), Size=len(content))
    file = document.make_indirect(stream)
    name = pikepdf.String(ATTACHED)
    specification = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=name,
            UF=name,
            Desc=pikepdf.String(_DESCRIPTION),
            AFRelationship=pikepdf.Name.Data,
            EF=pikepdf.Dictionary(F=file, UF=file),
        )
    )
    names = document.Root.get("/Names") or document.make_indirect(pikepdf.Dictionary())
    names.EmbeddedFiles = pikepdf.Dictionary(Names=[name, specification])
    document.Root.Names = names
    document.Root.AF = pikepdf.Array([specification])


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
