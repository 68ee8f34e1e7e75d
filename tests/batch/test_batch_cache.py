"""Records of what was made: trusted when whole, ignored when anything about them is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from valid_files import HASH

from reportlib.batch.cache import Cache, MadeFile, ReportRecord

CONTENT = b"en rapport"
KEY = HASH[::-1]


@pytest.fixture
def record(tmp_path: Path) -> ReportRecord:
    made = MadeFile("nord.html", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    record = ReportRecord(KEY, "lille", "Nord", "nord", HASH, 3, (made,))
    (tmp_path / "lille").mkdir()
    (tmp_path / "lille" / "nord.html").write_bytes(CONTENT)
    Cache(tmp_path).keep_report(record)
    return record


def test_a_record_comes_back_as_it_was_kept(tmp_path: Path, record: ReportRecord) -> None:
    assert Cache(tmp_path).current("lille", "nord", KEY) == record


def test_a_report_of_another_key_is_not_current(tmp_path: Path, record: ReportRecord) -> None:
    assert Cache(tmp_path).current("lille", "nord", HASH) is None


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT.upper(), b""])
def test_a_changed_or_cut_file_is_not_current(tmp_path: Path, record: ReportRecord, content: bytes) -> None:
    (tmp_path / "lille" / "nord.html").write_bytes(content)
    assert Cache(tmp_path).current("lille", "nord", KEY) is None


@pytest.mark.parametrize("at", range(0, 300, 23))
def test_a_record_with_one_byte_changed_is_not_trusted(tmp_path: Path, record: ReportRecord, at: int) -> None:
    path = tmp_path / ".cache" / "reports" / "lille" / "nord.json"
    content = bytearray(path.read_bytes())
    assert at < len(content)
    content[at] ^= 1
    path.write_bytes(content)
    assert Cache(tmp_path).report("lille", "nord") is None


def test_a_record_that_was_cut_short_is_not_trusted(tmp_path: Path, record: ReportRecord) -> None:
    path = tmp_path / ".cache" / "reports" / "lille" / "nord.json"
    path.write_bytes(path.read_bytes()[:-5])
    assert Cache(tmp_path).report("lille", "nord") is None
