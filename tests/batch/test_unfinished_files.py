"""What a killed process left half written is cleared away; what others are just writing is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from batch_project import VERSIONS, paragraph_of, plan_all

from reportlib.batch.batch_run import Options, Status, run_plan
from reportlib.files.whole import (
    clear_abandoned,
    clear_left_by,
    keep_checked,
    new_owner,
    read_checked,
    unfinished,
    work_for,
    write_whole,
)
from reportlib.trial.project import Project

DIES_WRITING = """\
```{python}
from pathlib import Path
import os
if kommune == "Syd" and not Path(FLAG).exists():
    Path(FLAG).touch()
    os.fsync = lambda _number, end=os._exit: end(9)  # the cell's names are gone by then
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    (empty := tmp_path / "ud").mkdir()
    return empty


@pytest.fixture
def owner() -> str:
    """The mark of this process, which the tests leave changed."""
    work_for(mark := new_owner())
    return mark


@pytest.mark.slow
def test_a_worker_that_dies_costs_one_report_and_what_it_left_is_removed_but_not_what_another_batch_is_writing(
    project: Project, tmp_path: Path
) -> None:
    code = DIES_WRITING.replace("FLAG", repr(str(tmp_path / "flag")))
    paragraph_of(project).write_text(code, encoding="utf-8")
    others = project.out_dir / "lille" / f".{new_owner()}0a1b2c.part"
    others.parent.mkdir(parents=True)
    others.write_bytes(b"halv")
    result = run_plan(plan_all(project), Options(workers=2))
    assert [str(outcome.failure) for outcome in result.outcomes if outcome.failure] == []
    assert (tmp_path / "flag").exists()
    assert {outcome.report.kommune: outcome.tries for outcome in result.outcomes} == {
        name: 2 if name == "Syd" else 1 for name in VERSIONS
    }
    assert result.count(Status.MADE) == len(VERSIONS)
    assert [path for path in project.out_dir.rglob("*") if path.suffix in (".part", ".old")] == [others]


def test_an_unchanged_batch_removes_what_lay_unfinished_for_long(made: Project) -> None:
    cache = made.out_dir / ".cache"
    places = [made.out_dir, made.out_dir / "lille", cache / "figures", cache / "ledgers", cache / "reports/lille"]
    left = [place / ".0123456789ab.part" for place in places]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"halv")
        os.utime(path, (0, 0))
    assert run_plan(plan_all(made), Options(workers=0)).count(Status.UNCHANGED) == len(VERSIONS)
    assert [path for path in left if path.exists()] == []


def test_only_old_unfinished_files_are_abandoned(folder: Path) -> None:
    names = (".0123456789ab.part", ".89efabcd.old", ".noter.part", "rapport.part", ".89efabcd.html")
    for name in names:
        (folder / name).write_bytes(b"halv")
        os.utime(folder / name, (0, 0))
    (folder / ".ba9876543210.part").write_bytes(b"halv")
    clear_abandoned([folder, folder / "findes ikke"], below=folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names[2:], ".ba9876543210.part"])


def test_only_the_owners_files_are_removed_by_its_mark(folder: Path, owner: str) -> None:
    mine = unfinished(folder / "a.pdf")
    work_for(new_owner())
    theirs = unfinished(folder / "a.pdf")
    for path in (mine, theirs, folder / "a.pdf"):
        path.write_bytes(b"x")
    clear_left_by(owner, [folder], below=folder)
    assert sorted(folder.iterdir()) == sorted([theirs, folder / "a.pdf"])


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(folder: Path) -> None:
    (folder / "a").mkdir()
    with pytest.raises(OSError, match="a"):
        write_whole(folder / "a", b"x")
    assert [path.name for path in folder.iterdir()] == ["a"]


@pytest.mark.parametrize("harm", [lambda kept: kept[:-9], lambda kept: kept.replace(b"ind", b"ud"), lambda _: b""])
def test_what_was_kept_comes_back_unless_it_was_harmed(tmp_path: Path, harm) -> None:
    keep_checked(tmp_path / "ny" / "a", b"et indhold")
    assert read_checked(tmp_path / "ny" / "a") == b"et indhold"
    (tmp_path / "ny" / "a").write_bytes(harm((tmp_path / "ny" / "a").read_bytes()))
    assert read_checked(tmp_path / "ny" / "a") is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "fil").write_bytes(b"")
    keep_checked(tmp_path / "fil" / "a", b"x")
    assert read_checked(tmp_path / "fil" / "a") is None
