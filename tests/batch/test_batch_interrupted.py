"""A batch that is stopped leaves no half file and no process, says so, and goes on where it was with the same bytes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from batch_project import PARAGRAPH, VERSIONS, make_project, paragraph_of, plan_all, published
from made_once import folder_made_once

from reportlib.batch import tasks
from reportlib.batch.batch_run import Options, Status, run_plan
from reportlib.files import whole
from reportlib.trial.project import Project

HERE = Options(workers=0)
HALTS = """\
```{python}
from pathlib import Path
import os
import time
if kommune == "Syd" and not Path(os.environ["GO"]).exists():
    Path(os.environ["REACHED"]).touch()
    time.sleep(float(os.environ["SECONDS"]))
```
"""
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds a batch's processes in /proc")


class Batch:
    """`reportlib render --all` in a process group of its own, which halts in the third of its four reports."""

    def __init__(self, project: Project, folder: Path, *, seconds: float = 60) -> None:
        self.project, self.go, self._reached = project, folder / "go", folder / "reached"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        paragraph_of(project).write_text(HALTS, encoding="utf-8")
        halts = {"GO": str(self.go), "REACHED": str(self._reached), "SECONDS": str(seconds)}
        code = "import sys; from reportlib.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "render", "--all", "--format", "html", "--workers", "1"],
            cwd=project.root,
            env={**os.environ, "TMPDIR": str(self.temporary), **halts},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def wait_until_it_halts(self) -> None:
        deadline = time.monotonic() + 120
        while not self._reached.exists() and time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            time.sleep(0.02)

    def processes(self) -> dict[int, bytes]:
        """Every living process of the group with its command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError):
                state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(group) == self.process.pid and state != "Z":  # dead already, nobody has asked
                    found[int(folder.name)] = (folder / "cmdline").read_bytes()
        return found

    def workers(self) -> list[int]:
        return [process for process, command in self.processes().items() if b"spawn_main" in command]

    def ended(self, seconds: float) -> bool:
        """Whether every process of the group is gone within so long."""
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.processes()


@pytest.fixture
def batch(project: Project, tmp_path: Path) -> Iterator[Batch]:
    running = Batch(project, tmp_path)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


def left_over(folder: Path) -> list[str]:
    """Unfinished files anywhere below the folder."""
    return [path.name for path in folder.rglob("*") if path.suffix in (".part", ".old")]


def goes_on(project: Project, undisturbed: Mapping[str, bytes], *, unchanged: int) -> None:
    """The next run leaves so many reports, makes the others, and ends with the bytes of a batch nobody stopped."""
    result = run_plan(plan_all(project), HERE)
    assert result.ok
    assert result.count(Status.UNCHANGED) == unchanged
    reports = {name: content for name, content in published(project.out_dir).items() if name != "index.html"}
    assert reports == undisturbed


@pytest.fixture
def undisturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files of the document that halts when nothing does; from here on it does not halt in this process."""
    monkeypatch.setenv("GO", str(tmp_path))

    def fill(folder: Path) -> None:
        project = make_project(folder)
        paragraph_of(project).write_text(HALTS, encoding="utf-8")
        assert run_plan(plan_all(project), HERE).ok

    return published(folder_made_once("batch-halts", fill) / "_output")


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(
    ("whole_group", "number"),
    [(True, signal.SIGINT), (False, signal.SIGINT), (False, signal.SIGTERM)],
    ids=["ctrl-c", "interrupt the parent", "terminate the parent"],
)
def test_an_interrupted_batch_ends_at_once_and_goes_on(
    batch: Batch, undisturbed: dict[str, bytes], whole_group: bool, number: int
) -> None:
    batch.wait_until_it_halts()
    if whole_group:
        os.killpg(batch.process.pid, number)
    else:
        os.kill(batch.process.pid, number)
    _, told = batch.process.communicate(timeout=60)
    assert batch.process.returncode == 130
    assert "interrupted: 2 of 4 reports are finished" in told
    assert "Traceback" not in told
    assert batch.ended(5)
    assert left_over(batch.project.out_dir) == []
    assert list(batch.temporary.iterdir()) == []
    goes_on(batch.project, undisturbed, unchanged=2)


@LINUX
@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_its_report_made(batch: Batch) -> None:
    batch.wait_until_it_halts()
    (worker_process,) = batch.workers()
    batch.go.touch()
    os.kill(worker_process, signal.SIGKILL)
    _, told = batch.process.communicate(timeout=120)
    assert batch.process.returncode == 0, told
    assert batch.ended(5)
    assert list(batch.temporary.iterdir()) == []
    assert len(list((batch.project.out_dir / "lille").glob("[!.]*.html"))) == len(VERSIONS)


@LINUX
@pytest.mark.slow
def test_the_workers_of_a_killed_parent_end_and_leave_nothing_behind(
    project: Project, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    batch = Batch(project, tmp_path, seconds=1)
    batch.wait_until_it_halts()
    batch.process.kill()
    batch.process.communicate()
    assert batch.ended(30)
    assert list(batch.temporary.iterdir()) == []
    assert left_over(project.out_dir) == []
    goes_on(project, undisturbed, unchanged=3)  # the worker ended what it had: it is whole, and counts


def full(*_: object, **__: object) -> None:
    """What the system answers when nothing more can be written."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/fuld/disk")


def test_a_full_disk_fails_the_report_and_leaves_the_former_files(
    made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published(made.out_dir)
    paragraph_of(made).write_text(f"Et nyt afsnit.\n\n{PARAGRAPH}", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(whole.os, "fsync", full)
        result = run_plan(plan_all(made), HERE)
    assert {str(outcome.failure).splitlines()[0] for outcome in result.outcomes} == {
        "could not write /fuld/disk: No space left on device"
    }
    assert published(made.out_dir) == before
    assert left_over(made.out_dir) == []
    run_plan(plan_all(made, out_dir=tmp_path / "uforstyrret"), HERE)
    goes_on(made, published(tmp_path / "uforstyrret"), unchanged=0)


@pytest.mark.parametrize("refused", ["ledgers", "reports"])
def test_a_record_that_cannot_be_written_fails_in_words_and_is_made_again(
    project: Project, made: Project, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    def write(path: Path, content: bytes) -> None:
        full() if refused in path.parts else whole.write_whole(path, content)

    with monkeypatch.context() as patch:
        patch.setattr("reportlib.batch.cache.write_whole", write)
        patch.setattr(tasks, "write_whole", write)
        result = run_plan(plan_all(project), HERE)
    assert [str(outcome.failure) for outcome in result.outcomes] == [
        "No space left on device: /fuld/disk\n  hint: is the disk full, or a file open in another program?"
    ] * len(VERSIONS)
    goes_on(project, published(made.out_dir), unchanged=0)


def test_a_library_page_that_cannot_be_written_is_an_error_and_no_traceback(made: Project) -> None:
    (made.out_dir / "index.html").mkdir()  # a folder stands where the page should be
    command = [sys.executable, "-c", "from reportlib.cli import main; main()", "render", "--all", "--format", "html"]
    done = subprocess.run(command, cwd=made.root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "index.html" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_really_full_disk_leaves_whole_files_and_the_next_run_goes_on(
    project: Project, made: Project, tmp_path: Path
) -> None:
    small = tmp_path / "lille-disk"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("may not mount a small disk here")
    try:
        result = run_plan(plan_all(project, out_dir=small), HERE)
        failed = [outcome for outcome in result.outcomes if outcome.status is Status.FAILED]
        assert 0 < len(failed) < len(VERSIONS)
        assert all("No space left on device" in str(outcome.failure) for outcome in failed)
        assert left_over(small) == []
        subprocess.run(["mount", "-o", "remount,size=50m", str(small)], check=True)
        again = run_plan(plan_all(project, out_dir=small), HERE)
        assert again.ok
        assert again.count(Status.UNCHANGED) == len(VERSIONS) - len(failed)
        assert published(small) == published(made.out_dir)
    finally:
        subprocess.run(["umount", str(small)], check=False)
