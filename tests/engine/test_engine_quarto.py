"""`--engine quarto`: a private copy, values that stay values, and the same checks on what Quarto makes."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from engine_document import BODY
from pypdf import PdfReader

from reportlib.document import UnknownParameterError
from reportlib.engine.quarto import QuartoFailedError, QuartoMissingError
from reportlib.engine.render import RenderJob, render
from reportlib.numbers.finished import CannotCheckError, check_file
from reportlib.numbers.provenance import StampMissingError, made_by_quarto, read_stamp

MakeJob = Callable[..., RenderJob]

needs_quarto = pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on the PATH")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="stands in for quarto with a script")

# Stands in for Quarto as 1.10.18 was seen to work: reads the parameters as it does, and writes a page with the stamp
# the document would have, named after the document, in the project's output folder.
STAND_IN = """\
#!{python}
import html, json, os, sys, yaml
from pathlib import Path

arguments = sys.argv[1:]
values = yaml.safe_load(Path(arguments[arguments.index("--execute-params") + 1]).read_text(encoding="utf-8"))
ledger = json.loads(Path(os.environ["REPORTLIB_LEDGER"]).read_text(encoding="utf-8"))
assert arguments[:2] == ["render", "reports/test.qmd"] and Path("reports/test.qmd").is_file()
{extra}
stamp = f"reportlib:1;trial=test;kommune={{values['kommune']}};ledger={{ledger['hash']}}"
assert "--output" not in arguments
assert list(Path(os.environ["TYPST_FONT_PATHS"]).glob("SourceSansPro-*"))
target = Path("_output/quarto/reports/test.html")
target.parent.mkdir(parents=True)
generator = '<meta name="generator" content="quarto-1.10.18">'
head = f'<head>{{generator}}<meta name="reportlib-stamp" content="{{html.escape(stamp)}}"></head>'
target.write_text(head, encoding="utf-8")
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def install(extra: str) -> None:
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir()
        program.write_text(STAND_IN.format(python=sys.executable, extra=extra), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


def test_a_machine_without_quarto_is_told_so(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(QuartoMissingError, match="not on the PATH"):
        render(make_job(engine="quarto"))


@posix_only
@pytest.mark.parametrize("kommune", ["Nord", "No", "a: b", 'Sankt "Hans"', "12"])
def test_a_value_reaches_quarto_as_the_text_it_is(
    make_job: MakeJob, stand_in: Callable[[str], None], kommune: str
) -> None:
    stand_in("")
    job = make_job(engine="quarto", formats=("html",), kommune=kommune)
    assert render(job).stamp == job.stamp == read_stamp(job.targets["html"])


@posix_only
def test_quarto_runs_in_a_copy_and_leaves_the_project_alone(
    make_job: MakeJob, stand_in: Callable[[str], None], project: Path
) -> None:
    stand_in("Path('reports/efterladt.txt').write_text('x')")
    job = make_job(engine="quarto", formats=("html",))
    before = sorted(project.rglob("*"))
    render(job)
    assert sorted(project.rglob("*")) == before


@posix_only
def test_quarto_s_own_words_are_passed_on_when_it_fails(make_job: MakeJob, stand_in: Callable[[str], None]) -> None:
    stand_in("sys.exit('ERROR: noget gik galt')")
    with pytest.raises(QuartoFailedError, match="noget gik galt"):
        render(make_job(engine="quarto", formats=("html",)))


@posix_only
@pytest.mark.parametrize(
    "warning",
    [
        "WARNING (line 3): Could not fetch resource figs/timer.svg",
        "[typst]: warning: unknown font family: source sans pro",
    ],
)
def test_what_quarto_goes_on_without_fails_the_report(
    make_job: MakeJob, stand_in: Callable[[str], None], warning: str
) -> None:
    stand_in(f"print({warning!r}, file=sys.stderr)")
    job = make_job(engine="quarto", formats=("html",))
    with pytest.raises(QuartoFailedError, match=re.escape(warning)):
        render(job)
    assert not job.targets["html"].exists()


@posix_only
def test_an_account_of_a_former_report_does_not_stand_beside_quartos(
    make_job: MakeJob, stand_in: Callable[[str], None]
) -> None:
    stand_in("")
    job = make_job(engine="quarto", formats=("html",))
    job.out_dir.mkdir(parents=True)
    for path in (job.account_path, job.provenance_path):
        path.write_text("{}", encoding="utf-8")
    render(job)
    assert [path.name for path in job.out_dir.iterdir()] == ["alle.html"]


@posix_only
def test_check_says_that_quartos_report_has_no_account(make_job: MakeJob, stand_in: Callable[[str], None]) -> None:
    stand_in("")
    job = make_job(engine="quarto", formats=("html",))
    render(job)
    assert made_by_quarto(job.targets["html"])
    with pytest.raises(CannotCheckError, match="made by Quarto"):
        check_file(job.targets["html"])


@posix_only
def test_a_file_from_quarto_without_a_stamp_is_refused(make_job: MakeJob, stand_in: Callable[[str], None]) -> None:
    stand_in("ledger['hash'] = ''")
    job = make_job(engine="quarto", formats=("html",))
    with pytest.raises(StampMissingError):
        render(job)
    assert not list(job.out_dir.iterdir())


def test_an_unknown_parameter_is_refused_because_quarto_would_pass_over_it(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownParameterError):
        render(make_job(engine="quarto", parameters={"uge": "3"}))


@needs_quarto
@pytest.mark.slow
def test_quartos_page_has_the_figures_the_style_and_the_text(make_job: MakeJob) -> None:
    job = make_job(BODY, engine="quarto", formats=("html",), kommune="Nord")
    assert render(job).stamp == job.stamp
    page = job.targets["html"].read_text(encoding="utf-8")
    assert page.count("<svg") + page.count("data:image/svg") >= 2  # a picture for each of the two figures
    assert '<header class="forside">' in page and '<h1 class="titel">' in page
    assert "--teal:#" in page and "report.css" not in page
    assert "data-tal" not in page and "data-key" not in page
    text = page.replace("&nbsp;", " ").replace("\u00a0", " ")
    assert "Figur 1" in text and "Tabel 1" in text


@needs_quarto
@pytest.mark.slow
def test_quartos_pdf_has_the_figures_the_typeface_and_the_text(make_job: MakeJob) -> None:
    job = make_job(BODY, engine="quarto", formats=("pdf",), kommune="Nord")
    assert render(job).stamp == job.stamp
    assert made_by_quarto(job.targets["pdf"])
    reader = PdfReader(job.targets["pdf"])
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Figur 1" in text and "Tabel 1" in text and "Figur 2" in text
    fonts = {str(name) for page in reader.pages for name in page._get_fonts()[0]}
    assert fonts and all("SourceSansPro" in name for name in fonts)


@posix_only
def test_a_document_outside_the_project_has_no_project_file(make_job: MakeJob, stand_in: Callable[[str], None]) -> None:
    stand_in("")
    job = make_job(engine="quarto", formats=("html",))
    outside = job.project.parent / "udenfor"
    shutil.copytree(job.project, outside)
    with pytest.raises(QuartoFailedError, match=r"reports/test\.qmd lies outside the project .*udenfor"):
        render(replace(job, project=outside))


@posix_only
def test_two_pages_of_one_name_are_not_taken_for_one(make_job: MakeJob, stand_in: Callable[[str], None]) -> None:
    stand_in("Path('reports/test.html').write_text('en anden')")
    with pytest.raises(QuartoFailedError, match=r"Quarto left 2 files named test\.html") as caught:
        render(make_job(engine="quarto", formats=("html",)))
    assert caught.value.hint


@posix_only
def test_quarto_that_does_not_end(
    make_job: MakeJob, stand_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("")

    def wait(arguments: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(arguments, 1)

    monkeypatch.setattr(subprocess, "run", wait)
    with pytest.raises(QuartoFailedError, match=r"Quarto did not finish reports/test\.qmd within"):
        render(make_job(engine="quarto", formats=("html",)))
