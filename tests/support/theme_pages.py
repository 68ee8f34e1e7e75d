"""A document through Pandoc, the theme's filters and Typst, and what is read in the result; the sample document."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypandoc
import pypdf
import typst
import yaml

from reportlib.engine.fonts import typst_folder

ROOT = Path(__file__).parents[2]
THEME = ROOT / "reports" / "_theme"
HERE = ROOT / "tests" / "theme"
SAMPLE = (HERE / "sample.md").read_text(encoding="utf-8")
FILTERS = ("crossref.lua", "forside.lua", "boks.lua", "finish.lua", "indhold.lua", "typst-text.lua")


def pandoc(markdown: str, to: str, folder: Path) -> str:
    """`markdown` as Typst or HTML source with the theme's filters and template; `folder` gets the pictures."""
    template = {"typst": "typst-embedded.typ", "html": "html-template.html"}[to]
    shutil.copytree(HERE / "figs", folder / "figs", dirs_exist_ok=True)
    words = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["crossref"]
    (folder / "words.yml").write_text(yaml.safe_dump({"crossref": {"sec-title": "Afsnit", **words}}), encoding="utf-8")
    writer = {"typst": "typst-smart", "html": "html"}[to]
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", writer, "--standalone", "--wrap=none"]
    command += ["--template", str(THEME / template), "--metadata-file", "words.yml", "--fail-if-warnings"]
    for name in FILTERS:
        command += ["--lua-filter", str(THEME / name)]
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def compile_typst(source: str, folder: Path, **options: Any) -> bytes:
    options = {"pdf_standards": ["ua-1", "a-3a"], **options}
    compiler = typst.Compiler(root=folder, font_paths=[str(typst_folder())], ignore_system_fonts=True)
    pdf, warnings = compiler.compile_with_warnings(
        source.encode(), timestamp=datetime(2017, 5, 31, tzinfo=UTC), **options
    )
    assert not warnings, [warning.message for warning in warnings]
    return bytes(pdf)


@dataclass(frozen=True)
class Pdf:
    """A finished PDF: its bytes, the text of each page, and the structure tree's elements in reading order."""

    data: bytes
    pages: tuple[str, ...]

    def open(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.data))

    def page_of(self, text: str) -> int:
        found = [number for number, page in enumerate(self.pages, 1) if text in page]
        assert found, f"{text!r} is on no page"
        return found[-1]


def read_pdf(data: bytes) -> Pdf:
    reader = pypdf.PdfReader(io.BytesIO(data))
    return Pdf(data, tuple(" ".join(page.extract_text().split()) for page in reader.pages))


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    """Tag and element of the structure tree, depth first."""

    def walk(node: Any) -> Iterator[tuple[str, pikepdf.Dictionary]]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S), node
            if "/K" in node:
                yield from walk(node.K)

    yield from walk(pdf.Root.StructTreeRoot.K)


def cover(**fields: str) -> str:
    """A document's first lines: front matter and the cover with `fields`."""
    values = {"title": "Prøve", "dato-iso": "2017-05-31", **fields}
    inside = " ".join(
        f'{name}="{value.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34)).replace("&", "&amp;")}"'
        for name, value in values.items()
    )
    return f"---\ntitle: Prøve\nlang: da\n---\n\n::: {{.forside {inside}}}\n:::\n\n"
