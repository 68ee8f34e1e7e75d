"""Whose turn it is: ledgers first and the longest of them, reports as soon as theirs is there, lost tasks last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from batch_project import VERSIONS, make_project, plan_all
from hypothesis import given
from hypothesis import strategies as st

from reportlib.batch import batch_run as run
from reportlib.batch.batch_run import BatchResult, Options, Queue, Status, Turn, run_plan
from reportlib.batch.cache import LedgerRecord, MadeFile, ReportRecord
from reportlib.batch.tasks import Done, Ended, Event, Failure, LedgerTask, Lost, Task
from reportlib.trial.project import Project

SIZES = {"bred": 9000, "smal": 100}
"""Bytes of the two trials' ledgers, as the script below answers."""


class Script:
    """An executor that makes nothing: it answers for each task, the one submitted last first, and remembers."""

    def __init__(self, slots: int, answer: Callable[[int, Task], Event]) -> None:
        self.slots, self._answer = slots, answer
        self.submitted: list[str] = []
        self.ended: list[str] = []
        self.most = 0
        self._under_way: list[tuple[int, Task]] = []

    def submit(self, number: int, task: Task) -> None:
        self.submitted.append(task.name)
        self._under_way.append((number, task))
        self.most = max(self.most, len(self._under_way))

    def answer_first(self) -> Event:
        return self._answer(*self._under_way.pop(0))

    def events(self) -> Sequence[Event]:
        number, task = self._under_way.pop()
        self.ended.append(task.name)
        return [self._answer(number, task)]

    def __enter__(self) -> Script:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def done(number: int, task: Task) -> Event:
    """The task as if it had been done."""
    record: LedgerRecord | ReportRecord
    if isinstance(task, LedgerTask):
        record = LedgerRecord(task.key, "a" * 64, MadeFile("ledger.json", SIZES[task.trial], "b" * 64))
    else:
        record = ReportRecord(task.key, task.job.trial, task.job.kommune, task.job.slug, task.job.ledger_hash, None, ())
    return Ended(number, Done(record, {"analysis": 1.0}))


@pytest.fixture
def two_trials(tmp_path: Path) -> Project:
    """Two trials, the first in the alphabet with the larger extracts."""
    project = make_project(tmp_path / "to", "smal", "bred")
    (project.data_dir / "bred" / "mere.csv").write_text("x" * 100_000, encoding="utf-8")
    return project


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Callable[[Project, Script], BatchResult]:
    """Run every report of the project on a script."""

    def play(project: Project, script: Script) -> BatchResult:
        monkeypatch.setattr(run, "open_executor", lambda *_: script)
        return run_plan(plan_all(project), Options())

    return play


def test_the_longest_analysis_begins_first_and_then_the_longest_reports(
    two_trials: Project, follow: Callable[[Project, Script], BatchResult]
) -> None:
    script = Script(1, done)
    assert follow(two_trials, script).ok
    assert script.submitted == [
        "bred ledger",
        "smal ledger",
        *(f"bred {version}" for version in VERSIONS),
        *(f"smal {version}" for version in VERSIONS),
    ]


def test_two_workers_begin_with_two_trials_and_each_goes_on_with_its_own(
    two_trials: Project, follow: Callable[[Project, Script], BatchResult]
) -> None:
    script = Script(2, done)
    script.events = lambda: [script.answer_first()]  # type: ignore[method-assign]  # as workers of one speed do
    assert follow(two_trials, script).ok
    pairs = zip(script.submitted[2::2], script.submitted[3::2], strict=True)
    assert [{one.split()[0], other.split()[0]} for one, other in pairs] == [{"bred", "smal"}] * len(VERSIONS)


def test_reports_begin_while_another_trials_analysis_is_under_way(
    two_trials: Project, follow: Callable[[Project, Script], BatchResult]
) -> None:
    script = Script(2, done)  # it ends what was submitted last: the long analysis goes on beside everything else
    assert follow(two_trials, script).ok
    assert script.ended[:2] == ["smal ledger", "smal Alle"]
    assert script.ended.index("bred ledger") > script.ended.index(f"smal {VERSIONS[-1]}")
    assert script.most == 2


def test_an_analysis_that_fails_fails_its_own_reports_with_its_reason(
    two_trials: Project, follow: Callable[[Project, Script], BatchResult]
) -> None:
    def answer(number: int, task: Task) -> Event:
        failed = isinstance(task, LedgerTask) and task.trial == "bred"
        return Ended(number, Failure("X", "kan ikke")) if failed else done(number, task)

    result = follow(two_trials, script := Script(2, answer))
    assert {outcome.report.trial for outcome in result.outcomes if outcome.status is Status.FAILED} == {"bred"}
    assert {str(outcome.failure) for outcome in result.outcomes if outcome.failure is not None} == {"kan ikke"}
    assert result.count(Status.MADE) == len(VERSIONS)
    assert not any(name.startswith("bred ") and name != "bred ledger" for name in script.submitted)


@pytest.mark.parametrize("lost", ["bred ledger", "smal Syd"])
def test_a_task_whose_worker_was_lost_is_tried_again_after_all_that_can_be_done_without_it(
    two_trials: Project, follow: Callable[[Project, Script], BatchResult], lost: str
) -> None:
    script = Script(1, lambda number, task: answer(number, task))

    def answer(number: int, task: Task) -> Event:
        first = task.name == lost and script.submitted.count(lost) == 1
        return Lost(number, "borte") if first else done(number, task)

    assert follow(two_trials, script).ok
    again = len(script.submitted) - 1 - script.submitted[::-1].index(lost)
    trial = lost.split()[0]
    assert [name for name in script.submitted[again + 1 :] if not name.startswith(trial)] == []
    assert script.submitted.count(lost) == 2


@given(st.lists(st.tuples(st.sampled_from(Turn), st.integers(0, 5), st.sampled_from("ab")), max_size=12))
def test_a_queue_gives_every_task_once_by_turn_and_then_by_size(tasks: list[tuple[Turn, int, str]]) -> None:
    queue = Queue()
    for number, (turn, size, trial) in enumerate(tasks):
        queue.put(number, turn, trial, size)
    taken = [queue.take() for _ in range(len(queue))]
    assert taken == sorted(range(len(tasks)), key=lambda number: (tasks[number][0], -tasks[number][1], number))
    assert not queue


@pytest.mark.slow
def test_one_worker_does_analyses_and_reports_and_is_not_stopped_by_an_analysis_that_fails(tmp_path: Path) -> None:
    project = make_project(tmp_path / "et", "anden", "smal")
    (project.data_dir / "anden" / "w.csv").write_text("person;week_1\nP0;x\n", encoding="utf-8")
    result = run_plan(plan_all(project), Options(workers=1))
    made = {outcome.report.trial for outcome in result.outcomes if outcome.status is Status.MADE}
    failed = {outcome.report.trial for outcome in result.outcomes if outcome.status is Status.FAILED}
    assert (made, failed) == ({"smal"}, {"anden"})
    assert set(result.analysis) == {"smal"}
