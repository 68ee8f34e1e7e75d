"""What cells hold may stand on the screen of the server, and in no file: not in the ledger, not in `--json`."""

from __future__ import annotations

from pathlib import Path

import pytest
from four_persons import SmallTrial

from reportlib.analysis.run import analyse
from reportlib.batch.batch_run import Outcome, Status
from reportlib.batch.plan import PlannedReport
from reportlib.batch.tasks import Failure, LedgerTask, perform
from reportlib.registers.errors import ExtractError, SeveralFaultsError
from reportlib.trial.model import Trial

MARK = "hemmeligt"


def test_the_ledger_counts_the_answers_a_measure_does_not_list_and_only_the_screen_shows_them(
    small: SmallTrial,
) -> None:
    small.measure(kind="survey_answers", survey="borgere", item="mening", answers={"Enig": "Enig"})
    small.citizens["mening"] = ["Enig", MARK]
    data = small.read()
    notes = [note for file in data.files for note in file.notes if "does not list" in note.text]
    assert [note.text for note in notes] == ["mening: m0 leaves out the answers that it does not list, on 1 sheets"]
    assert MARK in str(notes[0])
    assert MARK.encode() not in analyse(data.trial, data).to_bytes()


def test_the_near_names_of_a_kind_that_never_occurs_stay_on_the_screen(small: SmallTrial) -> None:
    small.measure(kind="event_ever", events=[f"{MARK}e"])
    small.casework["haendelse"] = MARK
    data = small.read()
    (note,) = [note for file in data.files for note in file.notes if "never occurs" in note.text]
    assert note.seen == f"near: '{MARK}'"
    assert f"'{MARK}'".encode() not in analyse(data.trial, data).to_bytes()


@pytest.mark.parametrize(
    ("frame", "column"),
    [
        ("participants", "kommune"),
        ("participants", "gruppe"),
        ("participants", "visitationsdato"),
        ("dream", "y_1640"),
        ("hours", "maaned"),
        ("hours", "loentimer"),
        ("casework", "dato"),
        ("citizens", "kommune"),
    ],
)
def test_what_is_kept_of_an_error_names_the_condition_and_no_cell(small: SmallTrial, frame: str, column: str) -> None:
    getattr(small, frame).loc[1, column] = MARK
    with pytest.raises(ExtractError) as caught:
        small.read()
    assert MARK in str(caught.value)
    kept = caught.value.fit_to_keep
    assert MARK not in kept
    assert kept.endswith(".")
    assert ".csv" in kept


def test_several_faults_are_kept_one_a_line_and_folders_are_not() -> None:
    faults = [ExtractError(f"E:\\sag\\{MARK}\\x.csv", MARK, rows=[2, 3]), ExtractError(f"/{MARK}/y.csv", MARK)]
    kept = SeveralFaultsError("x.csv", faults).fit_to_keep
    assert kept.splitlines() == [
        "x.csv, 2 rows: The root of every fault in an extract.",
        "y.csv: The root of every fault in an extract.",
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([7], "x.csv, row 7: nej"),
        ([2, 3, 4, 5, 6], "x.csv, rows 2, 3, 4, 5, 6: nej"),
        ([2, 3, 4, 5, 6, 8, 9], "x.csv, rows 2, 3, 4, 5, 6 and 2 more: nej"),
    ],
)
def test_five_rows_are_named_and_the_rest_counted(rows: list[int], told: str) -> None:
    assert ExtractError("x.csv", "nej", rows=rows).message == told


def test_a_batch_tells_json_the_condition_and_the_screen_the_cell(small: SmallTrial) -> None:
    folder = small.folder / "data" / "small"
    folder.mkdir(parents=True)
    small.participants.loc[1, "kommune"] = MARK
    with pytest.raises(ExtractError):
        small.read()
    for file in small.folder.glob("*.csv"):
        file.rename(folder / file.name)
    (folder / "trial.yml").write_text(Trial.model_validate(small.spec).model_dump_json(by_alias=True), "utf-8")
    failure = perform(LedgerTask("small", "key", small.folder, folder.parent, small.folder / "out"))
    assert MARK in str(failure)
    assert isinstance(failure, Failure)
    report = PlannedReport("small", "Alle", "alle", Path(), (), "embedded", {}, (), "key", "key")
    outcome = Outcome(report, Status.FAILED, failure=failure)
    assert MARK not in str(outcome.as_data(Path()))
    assert "row" in outcome.as_data(Path())["error"]
