"""One report from document to checked files: its content, the same bytes every time, and nothing left by a failure."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from engine_document import BODY, HEADER, LEDGER_HASH
from pypdf import PdfReader

from reportlib.document import UnknownParameterError
from reportlib.engine import html
from reportlib.engine.execute import CellFailedError
from reportlib.engine.pandoc import MarkdownProblemError
from reportlib.engine.qmd import DocumentNotFoundError, UnsupportedFeatureError
from reportlib.engine.render import InvalidJobError, RenderJob, RenderResult, render
from reportlib.engine.typst_pdf import ReportDateError, TypstFailedError
from reportlib.files.whole import OutputNotWrittenError
from reportlib.numbers.provenance import Stamp, StampMismatchError, StampMissingError, read_stamp

MakeJob = Callable[..., RenderJob]

RENDER_PICKLED = """
import pickle, sys
from pathlib import Path
from reportlib.engine.render import render
render(pickle.loads(Path(sys.argv[1]).read_bytes()))
"""

HOSTILE = [
    'Sankt "Hans" & Søn',
    "]) #panic(1) $x$ `y` @z",
    "<script>alert(1)</script>",
    "}:::{.boks} {{< include x >}}",
    "'; import os #\\",
    "Nord\nSyd",
]


def pdf_text(path: Path) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(path).pages).replace("\u00a0", " "))


def page_text(path: Path) -> str:
    body = path.read_text(encoding="utf-8").partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " "))


def render_in_process(job: RenderJob) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in render(job).paths.items()}


# ---- what a report holds


def test_both_formats_hold_the_numbers_and_the_same_figure_numbers(make_job: MakeJob) -> None:
    paths = render(make_job()).paths
    for text in (pdf_text(paths["pdf"]), page_text(paths["html"])):
        text = text.replace(" ,", ",").replace(" .", ".")
        assert "I uge 35 har 12 pct. ordinære timer, jf. Figur 1, Tabel 1 og Afsnit 2" in text
        assert "Figur 1: Ordinære timer pr. uge" in text and "Figur 2: Andel pr. uge" in text
        assert "Som i Figur 2" in text


def test_the_municipality_is_in_the_text_and_in_the_stamp(make_job: MakeJob) -> None:
    result = render(make_job(kommune="Nord"))
    assert result.stamp == Stamp("test", "Nord", LEDGER_HASH)
    assert all(read_stamp(path) == result.stamp for path in result.paths.values())
    assert "Nord" in pdf_text(result.paths["pdf"]) and "Nord" in page_text(result.paths["html"])


def test_the_alternative_text_is_in_both_files(make_job: MakeJob) -> None:
    paths = render(make_job()).paths
    with pikepdf.open(paths["pdf"]) as pdf:
        alts = {str(item["/Alt"]) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item}
    assert "Kurven stiger fra en til to timer" in alts
    assert 'aria-label="Kurven stiger fra en til to timer"' in paths["html"].read_text(encoding="utf-8")


def test_the_page_is_in_danish_and_fetches_nothing(make_job: MakeJob) -> None:
    page = render(make_job(formats=("html",))).paths["html"].read_text(encoding="utf-8")
    assert '<html lang="da">' in page
    assert not re.findall(r'(?:src|srcset|data)="(?!data:)[^"]*"|<link[^>]+href|url\((?!data:|#)', page)


def test_the_result_tells_pages_seconds_and_steps(make_job: MakeJob) -> None:
    steps: list[str] = []
    result = render(make_job(), progress=steps.append)
    assert result.pages == len(PdfReader(result.paths["pdf"]).pages)
    assert steps == list(result.seconds) == ["read", "execute", "pandoc", "typst", "html", "publish"]


def test_drawing_is_counted_apart_from_the_cells_it_happens_in(make_job: MakeJob) -> None:
    cell = 'import time\nfrom reportlib.show.pictures import spending\nwith spending("figures"):\n    time.sleep(0.2)\n'
    result = render(make_job(f"{BODY}\n```{{python}}\n{cell}```\n", formats=("html",)))
    assert result.seconds["figures"] == pytest.approx(0.2, abs=0.1)
    again = render(make_job(formats=("html",)))
    assert "figures" not in again.seconds


def test_one_format_alone_is_made_when_asked(make_job: MakeJob) -> None:
    job = make_job(formats=("pdf",))
    render(job)
    assert [path.name for path in job.out_dir.iterdir()] == ["alle.pdf"]


def test_a_warning_in_a_cell_is_reported_with_its_line(make_job: MakeJob) -> None:
    result = render(make_job(BODY + '\n```{python}\nimport warnings\nwarnings.warn("gammelt")\n```\n'))
    assert len(result.warnings) == 1
    assert re.match(r"reports/test\.qmd:\d+: UserWarning: gammelt", result.warnings[0])


def test_a_page_too_large_for_a_phone_is_reported(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LARGE", 1000)
    assert "slow to open" in render(make_job()).warnings[0]


def test_more_parameters_reach_the_document(make_job: MakeJob) -> None:
    header = HEADER.replace('kommune = "Alle"', 'kommune = "Alle"\nuge = 35')
    job = make_job(BODY.replace("`{python} 35`", "`{python} uge`"), header=header, parameters={"uge": "26"})
    assert "I uge 26 har" in pdf_text(render(job).paths["pdf"])


# ---- names are data


@pytest.mark.parametrize("kommune", HOSTILE)
def test_a_hostile_name_is_printed_as_it_is_and_neither_breaks_nor_injects(make_job: MakeJob, kommune: str) -> None:
    result = render(make_job(kommune=kommune))
    shown = " ".join(kommune.split())
    assert shown in pdf_text(result.paths["pdf"])
    page = result.paths["html"].read_text(encoding="utf-8")
    assert page.count("<script") == 1  # the theme's own
    assert html.html.escape(shown, quote=False) in page.replace("&#39;", "'").replace("&quot;", '"')
    assert all(read_stamp(path).same_as(Stamp("test", kommune, LEDGER_HASH)) for path in result.paths.values())


# ---- the same every time


def test_two_renders_in_one_process_give_the_same_bytes(make_job: MakeJob) -> None:
    assert render_in_process(make_job()) == render_in_process(make_job())


def test_what_was_rendered_before_does_not_show(make_job: MakeJob) -> None:
    first = render_in_process(make_job(kommune="Nord"))
    render(make_job(kommune="En helt anden kommune med et langt navn"))
    assert render_in_process(make_job(kommune="Nord")) == first


@pytest.mark.slow
def test_other_processes_with_other_seeds_and_time_zones_give_the_same_bytes(make_job: MakeJob, tmp_path: Path) -> None:
    found = []
    for number, (seed, zone, locale) in enumerate([("1", "Asia/Tokyo", "C"), ("77", "America/Lima", "C.UTF-8")]):
        job = make_job(out_dir=tmp_path / f"ud{number}")
        (tmp_path / "job").write_bytes(pickle.dumps(job))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        subprocess.run([sys.executable, "-c", RENDER_PICKLED, str(tmp_path / "job")], check=True, env=environment)
        found.append({name: path.read_bytes() for name, path in job.targets.items()})
    assert found[0] == found[1]


@pytest.mark.slow
def test_two_processes_at_once_in_one_folder_do_not_touch_each_other(make_job: MakeJob) -> None:
    jobs = [make_job(kommune=name, slug=name.lower()) for name in ("Nord", "Syd")]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results: list[RenderResult] = pool.map(render, jobs * 3, chunksize=1)
    assert len(results) == 6
    for job, other in zip(jobs, reversed(jobs), strict=True):
        for path in job.targets.values():
            assert read_stamp(path) == job.stamp
        assert job.kommune in pdf_text(job.targets["pdf"]) and other.kommune not in pdf_text(job.targets["pdf"])
        assert other.kommune not in page_text(job.targets["html"])
    assert len(list(jobs[0].out_dir.iterdir())) == 4


def test_a_job_is_plain_data(make_job: MakeJob) -> None:
    job = make_job(parameters={"kommune": "Alle"})
    assert pickle.loads(pickle.dumps(job)) == job


# ---- failure


FAILURES = {
    "cell": (BODY + "\n```{python}\n1 / 0\n```\n", CellFailedError),
    "reference": (BODY + "\nSe @fig-nej.\n", MarkdownProblemError),
    "shortcode": (BODY + "\n{{< video a.mp4 >}}\n", UnsupportedFeatureError),
    "picture": (BODY + '\n![](figs/nej.svg){fig-alt="Intet"}\n', TypstFailedError),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_render_leaves_nothing_in_the_folder(make_job: MakeJob, name: str) -> None:
    body, error = FAILURES[name]
    job = make_job(body)
    with pytest.raises(error):
        render(job)
    assert not job.out_dir.exists() or not list(job.out_dir.iterdir())


def test_a_failed_render_leaves_the_former_files_untouched(make_job: MakeJob) -> None:
    before = render_in_process(make_job())
    job = make_job(FAILURES["reference"][0])
    with pytest.raises(MarkdownProblemError):
        render(job)
    assert {name: path.read_bytes() for name, path in job.targets.items()} == before
    assert len(list(job.out_dir.iterdir())) == 2


def test_the_markdown_of_a_failed_render_is_kept_where_the_error_says(make_job: MakeJob, tmp_path: Path) -> None:
    with pytest.raises(MarkdownProblemError) as caught:
        render(make_job(FAILURES["reference"][0], failed=tmp_path / "fejl"))
    kept = Path(re.search(r"kept in (.+)$", str(caught.value))[1])  # type: ignore[index]
    assert "Se @fig-nej." in kept.read_text(encoding="utf-8")
    assert kept.parent == tmp_path / "fejl" / "test-alle"


def test_the_typst_source_is_kept_too_when_typst_refuses_it(make_job: MakeJob, tmp_path: Path) -> None:
    with pytest.raises(TypstFailedError) as caught:
        render(make_job(FAILURES["picture"][0], failed=tmp_path / "fejl"))
    kept = Path(re.search(r"kept in (.+)$", str(caught.value))[1])  # type: ignore[index]
    assert "figs/nej.svg" in kept.with_name("report.typst").read_text(encoding="utf-8")


def test_an_error_names_the_document_s_line(make_job: MakeJob) -> None:
    job = make_job(FAILURES["reference"][0])
    number = job.document.read_text(encoding="utf-8").split("\n").index("Se @fig-nej.") + 1
    with pytest.raises(MarkdownProblemError, match=rf"^reports/test\.qmd:{number}: the reference @fig-nej"):
        render(job)


def test_an_error_in_printed_markdown_names_the_cell(make_job: MakeJob) -> None:
    job = make_job(BODY + '\n```{python}\n#| output: asis\nprint("Tekst\\n\\nSe @fig-nej.")\n```\n')
    number = job.document.read_text(encoding="utf-8").split("\n").index('print("Tekst\\n\\nSe @fig-nej.")') - 1
    with pytest.raises(MarkdownProblemError, match=rf"^reports/test\.qmd:{number} \(line 3 of what the cell prints\)"):
        render(job)


@pytest.mark.parametrize("wrong", ['"Syd"', "str(kommune).upper()"])
def test_a_document_that_writes_about_another_municipality_is_refused(make_job: MakeJob, wrong: str) -> None:
    job = make_job(
        header=HEADER.replace("kommune={kommune};", f"kommune={{{wrong}}};".replace('"', "'")), kommune="Nord"
    )
    with pytest.raises(StampMismatchError, match="'Nord'"):
        render(job)
    assert not list(job.out_dir.iterdir())


def test_a_document_with_another_ledger_is_refused(make_job: MakeJob) -> None:
    with pytest.raises(StampMismatchError, match="ledger"):
        render(make_job(ledger_hash="ff" * 32))


def test_a_document_without_a_stamp_is_refused(make_job: MakeJob) -> None:
    with pytest.raises(StampMissingError, match=r"alle\.pdf: no reportlib stamp"):
        render(make_job(header=HEADER.replace('"stamp": stamp,', "")))


def test_a_document_without_a_date_is_refused(make_job: MakeJob) -> None:
    with pytest.raises(ReportDateError, match="no date"):
        render(make_job(header=HEADER.replace('"dato-iso": "2017-05-31", ', "")))


def test_an_unknown_parameter_is_refused_before_anything_runs(make_job: MakeJob) -> None:
    with pytest.raises(UnknownParameterError, match="'uge'"):
        render(make_job("```{python}\n1 / 0\n```\n", parameters={"uge": "3"}))


def test_a_document_that_does_not_exist_is_named(make_job: MakeJob, project: Path) -> None:
    with pytest.raises(DocumentNotFoundError, match=r"nej\.qmd"):
        render(make_job(document=project / "reports" / "nej.qmd"))


def test_an_output_folder_that_cannot_be_made_is_an_error(make_job: MakeJob, tmp_path: Path) -> None:
    (tmp_path / "optaget").write_text("en fil", encoding="utf-8")
    with pytest.raises(OutputNotWrittenError):
        render(make_job(out_dir=tmp_path / "optaget" / "ud"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"formats": ("odt",)}, "unknown format 'odt'"),
        ({"formats": ()}, "formats"),
        ({"formats": ("pdf", "pdf")}, "formats"),
        ({"engine": "latex"}, "unknown engine 'latex'"),
        ({"slug": "../nord"}, "file name"),
        ({"slug": "Nord Syd"}, "file name"),
        ({"ledger_hash": "ikke-hex"}, "stamp"),
        ({"trial": "a;kommune=B"}, "stamp"),
        ({"ledger": Path("findes-ikke.json")}, r"findes-ikke\.json"),
        ({"parameters": {"kommune": "Syd"}}, "two municipalities"),
    ],
)
def test_a_job_that_cannot_be_right_is_refused(make_job: MakeJob, change: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidJobError, match=named):
        render(make_job(**change))
