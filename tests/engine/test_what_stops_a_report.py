"""What ends a report that no other area sees: each is one error with what to do, beside the nearest that is made."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from engine_document import HEADER

from reportlib.engine import pandoc
from reportlib.engine.render import RenderJob, render
from reportlib.errors import ReportlibError

MakeJob = Callable[..., RenderJob]

BIB = "@book{holm2019, author={Holm, Anne}, title={Indsatser}, publisher={Forlaget}, year={2019}}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>'
PICTURE = '# Kapitel\n\n![](billeder/a.{}){{fig-alt="Et felt"}}\n'
CITING = HEADER.replace("lang: da", "lang: da\nbibliography: kilder.bib"), "# Kapitel\n\nSom @holm2019 fandt.\n"
NO_TITLE = HEADER.replace("title: Testrapport\n", "").partition("```{python}\n#| output")[0]
"""Neither the front matter nor a cover says what the report is called."""


def told(job: RenderJob) -> ReportlibError:
    with pytest.raises(ReportlibError) as caught:
        render(job)
    assert caught.value.hint
    return caught.value


def test_a_report_without_a_title(make_job: MakeJob) -> None:
    error = told(make_job("# Kapitel\n\nTekst.\n", header=NO_TITLE, formats=("html",)))
    assert error.message == "test.qmd: the document has no title"


def test_a_picture_of_another_kind(make_job: MakeJob, project: Path) -> None:
    folder = project / "reports" / "billeder"
    folder.mkdir(parents=True)
    (folder / "a.svg").write_text(SVG, encoding="utf-8")
    (folder / "a.tif").write_bytes(b"II*\0")
    render(make_job(PICTURE.format("svg"), formats=("html",)))
    error = told(make_job(PICTURE.format("tif"), formats=("html",)))
    assert "the picture billeder/a.tif is neither SVG, PNG, JPEG nor WebP" in error.message


def test_a_picture_that_word_cannot_show(make_job: MakeJob, project: Path) -> None:
    folder = project / "reports" / "billeder"
    folder.mkdir(parents=True)
    (folder / "a.svg").write_text(SVG, encoding="utf-8")
    render(make_job(PICTURE.format("svg"), formats=("docx",)))
    (folder / "a.svg").write_text("ikke et billede", encoding="utf-8")
    assert "a picture cannot be read" in told(make_job(PICTURE.format("svg"), formats=("docx",))).message


def test_a_bibliography_that_is_none(make_job: MakeJob, project: Path) -> None:
    header, body = CITING
    kilder = project / "reports" / "kilder.bib"
    kilder.parent.mkdir(exist_ok=True)
    kilder.write_text(BIB, encoding="utf-8")
    render(make_job(body, header=header, formats=("html",)))
    kilder.write_text(BIB.replace("}}", "}"), encoding="utf-8")
    error = told(make_job(body, header=header, formats=("html",)))
    assert error.message.startswith("the references cannot be read: ")
    assert "kilder.bib" in str(error)


def test_a_filter_that_fails_is_named(converted: Callable[..., Any], filters: Callable[[str], str]) -> None:
    converted("Tekst.", "html", filters=(filters("function Para(p) return p end"),))
    with pytest.raises(pandoc.PandocFailedError, match="noget er galt") as caught:
        converted("Tekst.", "html", filters=(filters("function Para(p) error('noget er galt') end"),))
    assert caught.value.hint


def test_pandoc_that_does_not_end_or_answers_nothing(
    converted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(arguments: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(arguments, 137, b"", b"Killed")

    def wait(arguments: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(arguments, 300)

    for stopped, words in ((run, r"Pandoc stopped \(exit status 137\): Killed"), (wait, "did not finish within 300 s")):
        monkeypatch.setattr(subprocess, "run", stopped)
        with pytest.raises(pandoc.PandocFailedError, match=words) as caught:
            converted("Tekst.", "html")
        assert caught.value.hint


def test_pandoc_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = pandoc.pandoc_path()
    pandoc.pandoc_path.cache_clear()
    monkeypatch.setattr(pypandoc, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(pandoc.PandocFailedError, match="Pandoc is missing") as caught:
        pandoc.pandoc_path()
    assert "pypandoc_binary" in str(caught.value.hint)
    monkeypatch.undo()
    assert pandoc.pandoc_path() == there
