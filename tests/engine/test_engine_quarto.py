"""`--engine quarto`: a private copy, values that stay values, and the same checks on what Quarto makes."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_document import BODY

from reportlib.engine.parameters import UnknownParameterError
from reportlib.engine.quarto import QuartoFailedError, QuartoMissingError
from reportlib.engine.render import RenderJob, render
from reportlib.engine.stamp import StampMissingError, read_stamp

MakeJob = Callable[..., RenderJob]

needs_quarto = pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on the PATH")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="stands in for quarto with a script")

# Stands in for Quarto: reads the parameters as Quarto does and writes a page with the stamp the document would have.
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
target = Path("_output/quarto/reports") / arguments[arguments.index("--output") + 1]
target.parent.mkdir(parents=True)
target.write_text(f'<head><meta name="reportlib-stamp" content="{{html.escape(stamp)}}"></head>', encoding="utf-8")
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
@pytest.mark.parametrize("format_", ["pdf", "html"])
def test_the_same_document_renders_with_quarto(make_job: MakeJob, format_: str) -> None:
    job = make_job(BODY, engine="quarto", formats=(format_,), kommune="Nord")
    assert render(job).stamp == job.stamp
