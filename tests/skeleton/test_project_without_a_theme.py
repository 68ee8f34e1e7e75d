"""A project that has no theme of its own takes the library's, which a wheel brings along."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from batch_project import REPOSITORY, make_project, plan_all, published
from command_line import run
from hatchling.builders.wheel import WheelBuilder

from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.verify import verify_all
from reportlib.files.own_files import PAGES, THEME, place_in_project, project_file, skeleton
from reportlib.numbers.provenance import read_provenance


def theme_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_brings_theme_pages_and_project_file_as_they_are(tmp_path: Path) -> None:
    (name,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    inside = "reportlib/_skeleton/"
    with zipfile.ZipFile(name) as wheel:
        found = {one.removeprefix(inside): wheel.read(one) for one in wheel.namelist() if one.startswith(inside)}
    wanted = {
        f"{place.as_posix()}/{name}": content
        for place in (THEME, PAGES)
        for name, content in theme_files(REPOSITORY / place).items()
    }
    assert found == {**wanted, "_quarto.yml": (REPOSITORY / "_quarto.yml").read_bytes()}


@pytest.mark.slow
def test_a_report_is_the_same_with_the_librarys_theme_as_with_a_copy_of_it(tmp_path: Path) -> None:
    own, without = make_project(tmp_path / "egen"), make_project(tmp_path / "uden")
    shutil.rmtree(without.root / THEME)
    made = []
    for project in (own, without):
        plan = plan_all(project, formats=("pdf", "html"))
        assert run_plan(plan, Options(workers=0)).ok
        made.append(published(plan.out_dir))
    assert made[0] == made[1]
    assert not (without.root / THEME).exists()
    page = without.out_dir / "lille" / "nord.html"
    assert f"{THEME.as_posix()}/report.css" in read_provenance(page.with_suffix(".prov.json"))["sources"]
    (found,) = verify_all([page], without)
    assert found.same and found.changed == ()


def test_a_project_with_a_theme_uses_nothing_of_the_librarys(tmp_path: Path) -> None:
    project = make_project(tmp_path / "projekt")
    (project.root / THEME / "report.css").unlink()
    assert project_file(project.root, THEME / "report.css") == project.root / THEME / "report.css"


def test_a_file_has_the_same_place_in_a_project_whose_ever_theme_it_is_of(tmp_path: Path) -> None:
    place = THEME / "report.css"
    assert place_in_project(skeleton() / place, tmp_path) == place_in_project(tmp_path / place, tmp_path) == place
    assert place_in_project(skeleton() / "pyproject.toml", tmp_path) is None


def test_a_project_is_begun_with_one_command_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["init", tmp_path / "ny"]).status == 0
    assert theme_files(tmp_path / "ny" / PAGES) == theme_files(REPOSITORY / PAGES)  # what errors name is at hand
    shutil.rmtree(tmp_path / "ny" / PAGES)
    assert theme_files(tmp_path / "ny") == {"_quarto.yml": (REPOSITORY / "_quarto.yml").read_bytes()}
    monkeypatch.chdir(tmp_path / "ny" / "reports")
    assert run(["list"]).out.startswith("no trials in ")
    (tmp_path / "ny" / "_quarto.yml").write_text("lang: da\n", encoding="utf-8")
    again = run(["init", tmp_path / "ny", "--theme"])
    assert (again.status, again.error.startswith("error: ")) == (1, True)
    assert theme_files(tmp_path / "ny") == {"_quarto.yml": b"lang: da\n"}


def test_with_the_theme_a_project_holds_all_that_quarto_needs(tmp_path: Path) -> None:
    assert run(["init", tmp_path / "ny", "--theme"]).status == 0
    assert theme_files(tmp_path / "ny" / THEME) == theme_files(REPOSITORY / THEME)
