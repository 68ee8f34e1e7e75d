"""`check`, `verify` and `diff` on files that are garbage, cut, encrypted or wrongly encoded: one clear error each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from batch_project import make_project
from command_line import run
from damage import every_damage
from valid_files import HASH, small_account, small_ledger

STAMP = f"reportlib:1;trial=lille;kommune=Nord;ledger={HASH}"


def pdf(**options: object) -> bytes:
    """A PDF of one empty page."""
    made = pikepdf.new()
    made.add_blank_page()
    buffer = io.BytesIO()
    made.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


CONTENTS = {
    "garbage.pdf": b"\x00\x01\x02 ikke en PDF",
    "empty.pdf": b"",
    "cut.pdf": pdf()[:200],
    "half.pdf": pdf()[: len(pdf()) // 2],
    "encrypted.pdf": pdf(encryption=pikepdf.Encryption(owner="ejer", user="bruger")),
    "without-stamp.pdf": pdf(),
    "is-html.pdf": b"<!DOCTYPE html><html></html>",
    "latin1.html": "<html><head></head><body><p>Sorø</p></body></html>".encode("latin-1"),
    "utf16.html": "<html><head></head><body></body></html>".encode("utf-16"),
    "empty.html": b"",
    "is-pdf.html": pdf(),
    "without-stamp.html": b"<html><head></head><body><p>12 pct.</p></body></html>",
    "cut.tal.json": small_account().to_bytes()[:30],
    "garbage.tal.json": b"\xff\xfe{",
    "notes.txt": b"noter",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with one trial, from which the commands are run; nothing may be written below it."""
    project = make_project(tmp_path / "projekt")
    monkeypatch.chdir(project.root)
    files = tmp_path / "filer"
    files.mkdir()
    before = everything(tmp_path)
    yield files
    assert {path for path in everything(tmp_path) - before if path.parent != files} == set()


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def one_error(arguments: list[object], name: str) -> str:
    """The one error the command ends with, which names the file."""
    ended = run(arguments)
    assert ended.status == 1, ended
    assert ended.out == ""
    assert ended.error.count("error: ") == 1 and "Traceback" not in ended.error
    assert name in ended.error
    return ended.error


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("command", ["check", "verify"])
def test_a_file_that_is_no_report_gives_one_error(folder: Path, command: str, name: str) -> None:
    (folder / name).write_bytes(CONTENTS[name])
    if not name.endswith(".json"):
        (folder / name).with_suffix(".tal.json").write_bytes(small_account().to_bytes())
    if command == "check" and name in ("without-stamp.html", "empty.html"):
        ended = run(["check", folder / name])  # it can be read, and what it lacks is told
        assert ended.status == 1 and "stamp" in ended.out and ended.error == ""
    else:
        one_error([command, folder / name], name)


def test_a_page_that_is_no_text_is_said_to_be_no_page(folder: Path) -> None:
    (folder / "side.html").write_bytes("Løn".encode("latin-1"))
    (folder / "side.tal.json").write_bytes(small_account().to_bytes())
    assert "side.html is not an HTML page: it is not UTF-8 text" in one_error(["check", folder / "side.html"], "side")


@pytest.mark.parametrize("command", ["check", "verify"])
@pytest.mark.parametrize("name", ["findes-ikke.pdf", "findes-ikke.html"])
def test_a_file_that_is_not_there_gives_one_error(folder: Path, command: str, name: str) -> None:
    one_error([command, folder / name], name)


@pytest.mark.parametrize("name", [*CONTENTS, "findes-ikke.json"])
def test_a_file_that_cannot_be_compared_gives_one_error(folder: Path, name: str) -> None:
    small_ledger().save(folder / "ledger.json")
    if name in CONTENTS:
        (folder / name).write_bytes(CONTENTS[name])
    one_error(["diff", folder / name, folder / "ledger.json"], name)
    one_error(["diff", folder / "ledger.json", folder / name], name)


def test_a_damaged_ledger_or_account_is_never_compared_as_if_it_were_whole(folder: Path) -> None:
    small_ledger().save(folder / "ledger.json")
    refused = 0
    for document in (json.loads(small_ledger().to_bytes()), json.loads(small_account().to_bytes())):
        for number, (_, _, other) in enumerate(every_damage(document)):
            if number % 5 == 0:
                (folder / "x.json").write_text(json.dumps(other), encoding="utf-8")
                ended = run(["diff", folder / "ledger.json", folder / "x.json", "--json"])
                assert ended.status in (0, 1)
                refused += ended.status
                assert ended.status == 0 or (ended.out == "" and "x.json" in ended.error)
    assert refused > 50


def test_a_page_never_overwrites_what_is_compared(folder: Path) -> None:
    small_ledger().save(folder / "ledger.json")
    before = (folder / "ledger.json").read_bytes()
    one_error(["diff", folder / "ledger.json", folder / "ledger.json", "--html", folder / "ledger.json"], "ledger.json")
    assert (folder / "ledger.json").read_bytes() == before


def test_one_unreadable_report_does_not_keep_the_others_of_a_folder_from_being_checked(folder: Path) -> None:
    for name in ("a.html", "b.html"):
        (folder / name).write_bytes(CONTENTS["without-stamp.html" if name == "b.html" else "latin1.html"])
        (folder / name).with_suffix(".tal.json").write_bytes(small_account().to_bytes())
    ended = run(["check", folder])
    assert ended.status == 1
    assert "a.html: unreadable" in ended.out and "b.html: stamp" in ended.out


@pytest.mark.parametrize("trial", ["../../etc", "a/b", "..", "C:x", "Æble", ""])
def test_a_stamp_that_names_no_trial_leads_nowhere(folder: Path, trial: str) -> None:
    stamp = STAMP.replace("lille", trial)
    page = f'<html><head><meta name="reportlib-stamp" content="{stamp}"></head><body></body></html>'
    (folder / "x.html").write_text(page, encoding="utf-8")
    assert "no trial" in one_error(["verify", folder / "x.html"], repr(trial))


@pytest.mark.parametrize("kind", ["ledger", "trial"])
def test_a_given_ledger_of_another_trial_or_a_lower_threshold_is_refused(folder: Path, kind: str) -> None:
    change = {"threshold": 3} if kind == "ledger" else {"trial": "anden"}
    small_ledger(**change).save(folder / "ledger.json")
    error = one_error(["render", "lille", "--ledger", folder / "ledger.json"], "ledger.json")
    assert ("fewer than 3 persons" if kind == "ledger" else "of the trial anden") in error
