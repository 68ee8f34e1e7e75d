"""What is removed because a record or a name says so: only a batch's own files, in its own folder, and no links."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from damage import every_damage
from valid_files import HASH

from reportlib.batch.cache import Cache, LedgerRecord, MadeFile, ReportRecord, clear_stale
from reportlib.files.reading import hash_of
from reportlib.files.whole import remove_own
from reportlib.numbers.provenance import Stamp

CONTENT = b"andres"
STAMP = Stamp("lille", "Nord", HASH)


def made(name: str) -> MadeFile:
    return MadeFile(name, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def record(*names: str, **values: Any) -> ReportRecord:
    whole = ReportRecord(HASH, "lille", "Nord", "nord", HASH, 3, tuple(made(name) for name in names))
    return replace(whole, **values)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a trial's folder; beside it lies a file of somebody else."""
    (tmp_path / "ud" / "lille").mkdir(parents=True)
    (tmp_path / "andres.txt").write_bytes(CONTENT)
    return tmp_path / "ud"


def written(out: Path, values: dict[str, Any]) -> ReportRecord | None:
    """What the cache makes of a record with these values and a right hash of its own."""
    path = out / ".cache" / "reports" / "lille" / "nord.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        document = {"check": hash_of(values), "record": values}
    except (TypeError, ValueError):
        document = {"check": HASH, "record": values}
    path.write_text(json.dumps(document), encoding="utf-8")
    return Cache(out).report("lille", "nord")


@pytest.mark.parametrize(
    "name",
    [
        "../../andres.txt",
        "../andres.txt",
        "andres.txt",
        "syd.html",
        "nord.odt",
        "nord",
        "",
        ".",
        "..",
        "sub/nord.html",
        "..\\nord.html",
        "C:nord.html",
        "NORD.html",
        "nord.html ",
        "ledger.json",
    ],
)
def test_a_record_that_names_a_file_no_report_has_is_not_trusted(out: Path, name: str) -> None:
    assert written(out, asdict(record("nord.html"))) is not None
    assert written(out, asdict(record("nord.html", name))) is None


def test_a_record_with_the_full_name_of_a_file_elsewhere_is_not_trusted(out: Path) -> None:
    assert written(out, asdict(record(str(out.parent / "andres.txt")))) is None


@pytest.mark.parametrize("change", [{"trial": "anden"}, {"slug": "syd"}, {"trial": "../x"}])
def test_a_record_of_another_report_is_not_trusted(out: Path, change: dict[str, str]) -> None:
    assert written(out, asdict(record("nord.html", **change))) is None


def test_a_record_that_names_a_file_twice_is_not_trusted(out: Path) -> None:
    assert written(out, asdict(record("nord.html", "nord.html"))) is None


def test_no_damage_of_a_record_ends_otherwise_than_as_not_made(out: Path) -> None:
    values = json.loads(json.dumps(asdict(record("nord.html", "nord.pdf"))))
    found = list(every_damage(values))
    assert len(found) > 30
    for name, at, other in found:
        kept = written(out, other)
        # A record may name fewer files; the pages are not known for a page alone, and may be many.
        harmless = name == "shorter" or at[-1] in ("pages", "size") or at == ("files", 0)
        assert kept is None or harmless, (name, at)


def test_a_ledger_record_that_names_another_file_is_not_trusted(out: Path) -> None:
    cache = Cache(out)
    cache.ledger_file(HASH).parent.mkdir(parents=True)
    cache.ledger_file(HASH).write_bytes(CONTENT)
    file = made(cache.ledger_file(HASH).name)
    cache.keep_ledger(LedgerRecord(HASH, file.sha256, file))
    assert cache.ledger(HASH) is not None
    cache.keep_ledger(LedgerRecord(HASH, file.sha256, replace(file, name="../../andres.txt")))
    assert cache.ledger(HASH) is None
    cache.keep_ledger(LedgerRecord(HASH, HASH, file))
    assert cache.ledger(HASH) is None


@pytest.mark.parametrize("name", ["../../andres.txt", "../ud/../../andres.txt"])
def test_a_former_record_never_removes_a_file_outside_the_output_folder(out: Path, name: str) -> None:
    assert clear_stale(out / "lille", record(name), "nord", [], STAMP) == []
    assert (out.parent / "andres.txt").read_bytes() == CONTENT


def test_a_former_file_of_the_report_is_removed_and_told(out: Path) -> None:
    (out / "lille" / "nord.pdf").write_bytes(CONTENT)
    (told,) = clear_stale(out / "lille", record("nord.pdf"), "nord", ["nord.html"], STAMP)
    assert told.startswith("nord.pdf was of a former ledger")
    assert list((out / "lille").iterdir()) == []


def linked(path: Path, to: Path, *, folder: bool = False) -> None:
    """A symbolic link; the test is skipped where none can be made."""
    try:
        path.symlink_to(to, target_is_directory=folder)
    except OSError:
        pytest.skip("no symbolic links here")


def test_a_link_in_a_files_place_is_neither_followed_nor_removed(out: Path) -> None:
    linked(out / "lille" / "nord.pdf", out.parent / "andres.txt")
    assert not remove_own(out / "lille" / "nord.pdf", below=out)
    assert (out / "lille" / "nord.pdf").is_symlink() and (out.parent / "andres.txt").exists()


def test_nothing_is_removed_through_a_folder_that_is_a_link(out: Path, tmp_path: Path) -> None:
    (tmp_path / "hjem").mkdir()
    (tmp_path / "hjem" / "nord.pdf").write_bytes(CONTENT)
    linked(out / "anden", tmp_path / "hjem", folder=True)
    assert not remove_own(out / "anden" / "nord.pdf", below=out)
    assert (tmp_path / "hjem" / "nord.pdf").exists()


def test_an_output_folder_that_is_a_link_itself_is_the_users_own(out: Path, tmp_path: Path) -> None:
    (out / "lille" / "nord.pdf").write_bytes(CONTENT)
    linked(tmp_path / "genvej", out, folder=True)
    assert remove_own(tmp_path / "genvej" / "lille" / "nord.pdf", below=tmp_path / "genvej")


@pytest.mark.parametrize("folder", ["figures", "ledgers"])
def test_a_cache_folder_that_is_a_link_is_not_tidied(out: Path, tmp_path: Path, folder: str) -> None:
    (tmp_path / "hjem").mkdir()
    old = [tmp_path / "hjem" / name for name in (f"{HASH}.svg", f"{HASH[:32]}.json", ".0123456789ab.part")]
    for path in old:
        path.write_bytes(CONTENT)
        os.utime(path, (0, 0))
    (out / ".cache").mkdir()
    linked(out / ".cache" / folder, tmp_path / "hjem", folder=True)
    Cache(out).tidy(["lille"], set())
    assert [path for path in old if not path.exists()] == []


def test_only_files_with_the_caches_own_names_are_tidied(out: Path) -> None:
    names = {
        "figures": (f"{HASH}.svg", f"fonts-{HASH}.css"),
        "ledgers": (f"{HASH[:32]}.json", f"{HASH[:32]}.record.json"),
    }
    foreign = {"figures": ("min tegning.svg", "a.css"), "ledgers": ("min.json", "noter.txt")}
    for folder in names:
        (out / ".cache" / folder).mkdir(parents=True)
        for name in (*names[folder], *foreign[folder]):
            (path := out / ".cache" / folder / name).write_bytes(CONTENT)
            os.utime(path, (0, 0))
    Cache(out).tidy(["lille"], set())
    left = {folder: {path.name for path in (out / ".cache" / folder).iterdir()} for folder in names}
    assert left == {folder: set(kept) for folder, kept in foreign.items()}


def test_what_failed_renders_keep_is_bounded_in_number_and_age(out: Path) -> None:
    failed = Cache(out).failed
    for number in range(30):
        (folder := failed / f"lille-nord{number:02}").mkdir(parents=True)
        (folder / "report.md").write_text("x", encoding="utf-8")
        os.utime(folder, (2_000_000_000 + number,) * 2)
    (old := failed / "lille-gammel").mkdir()
    (old / "report.md").write_text("x", encoding="utf-8")
    os.utime(old, (0, 0))
    Cache(out).tidy(["lille"], set())
    assert sorted(path.name for path in failed.iterdir()) == [f"lille-nord{number:02}" for number in range(10, 30)]
