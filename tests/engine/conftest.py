"""A small project with the real theme and a document that takes its cover from the ledger, as the reports do."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from engine_document import BODY, HEADER, LEDGER_HASH

from reportlib.engine.html import FONTS_MARK
from reportlib.engine.markdown import with_metadata
from reportlib.engine.pandoc import Converted, convert
from reportlib.engine.qmd import Document, Line, Place
from reportlib.engine.render import RenderJob
from reportlib.engine.settings import read_settings

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What failed renders keep goes with the tests' other files."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("midlertidig"))
    yield
    tempfile.tempdir = before


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the repository's own theme and an empty reports folder."""
    root = tmp_path / "projekt"
    root.mkdir()
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    shutil.copytree(REPOSITORY / "reports" / "_theme", root / "reports" / "_theme")
    (root / "ledger.json").write_text(json.dumps({"trial": "test", "hash": LEDGER_HASH}), encoding="utf-8")
    return root


@pytest.fixture
def make_job(project: Path, tmp_path: Path) -> Callable[..., RenderJob]:
    """A job for a document with the given body (after the cover); any field can be changed."""

    def make(body: str = BODY, *, kommune: str = "Alle", header: str = HEADER, **fields: object) -> RenderJob:
        document = project / "reports" / "test.qmd"
        document.write_text(header + body, encoding="utf-8")
        values: dict[str, object] = {
            "trial": "test",
            "kommune": kommune,
            "document": document,
            "project": project,
            "ledger": project / "ledger.json",
            "ledger_hash": LEDGER_HASH,
            "out_dir": tmp_path / "ud",
            "slug": "alle",
        }
        return RenderJob(**{**values, **fields})  # type: ignore[arg-type]

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file below a temporary folder."""

    def write_file(text: str, name: str = "dokument.qmd") -> Path:
        path = tmp_path / "kilde" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def converted(project: Path, tmp_path: Path) -> Callable[..., Converted]:
    """Markdown through the theme's filters and any named after them, in the formats named (both)."""
    settings = read_settings(project, Document(project / "reports" / "a.qmd", {"title": "A"}, (), ()))
    folder = tmp_path / "arbejde"
    theme = settings.copy_theme(folder)

    def run(markdown: str, *formats: str, filters: tuple[str, ...] = (), **more: object) -> Converted:
        return convert(
            with_metadata(markdown + "\n", settings.metadata),
            [Line(text, Place(Path("a.qmd"), number)) for number, text in enumerate(markdown.split("\n"), 1)],
            replace(settings, **more),  # type: ignore[arg-type]
            replace(theme, filters=(*theme.filters, *filters)),
            formats or ("typst", "html"),
            folder=folder,
            variables={"font-css": FONTS_MARK},
        )

    return run


@pytest.fixture
def filters(tmp_path: Path) -> Callable[[str], str]:
    """Write an author's own filter and name it."""

    def write_filter(source: str) -> str:
        (tmp_path / "arbejde" / "egen.lua").write_text(source + "\n", encoding="utf-8")
        return "egen.lua"

    return write_filter
