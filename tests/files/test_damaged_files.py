"""Ledgers, accounts and records of provenance that were damaged in every systematic way: one named error each.

A file that is damaged where it may differ (a list of free texts that lost one) may load; nothing but the named error
may be raised by any, and the damages listed below must be refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from damage import Damage, dropped_keys, every_damage, shorter_lists, unknown_keys, wrong_numbers, wrong_types
from valid_files import DIFFERENCE_ROW, HASH, HIDDEN, SHARE, small_account, small_ledger

from reportlib.errors import ReportlibError
from reportlib.ledger import LedgerFileError
from reportlib.ledger.file import read_ledger
from reportlib.numbers.account import AccountFileError, load_account
from reportlib.numbers.provenance import ProvenanceFileError, read_provenance

PROVENANCE: dict[str, Any] = {
    "format": 1,
    "stamp": f"reportlib:1;trial=lille;kommune=Nord;ledger={HASH}",
    "ledger": HASH,
    "extracts": {"a.csv": HASH},
    "seed": 1,
    "trial.yml": HASH,
    "sources": {"reports/lille.qmd": HASH},
    "code": {"reportlib": "0.1.0", "sha256": HASH},
    "python": "3.11.7",
    "packages": {"numpy": "2.4.6"},
    "files": {"nord.html": HASH},
}


@dataclass(frozen=True)
class Kind:
    """A kind of file: a valid document, who reads it, the error, and the places where anything may be left out."""

    document: dict[str, Any]
    read: Callable[[Path], object]
    error: type[ReportlibError]
    free: tuple[str, ...]

    def is_free(self, damage: Damage) -> bool:
        """Whether the place is one of those where keys and entries may come and go."""
        place = ".".join(map(str, damage[1]))
        return any(place == free or place.startswith(free + ".") for free in self.free)


KINDS = {
    "ledger": Kind(
        json.loads(small_ledger().to_bytes()), read_ledger, LedgerFileError, ("header.files.0.dropped", "header.ukendt")
    ),
    "account": Kind(
        json.loads(small_account().to_bytes()),
        load_account,
        AccountFileError,
        ("numbers.0", "facts", "settings", "pages", "rows", "floats", "subgroups"),
    ),
    "provenance": Kind(PROVENANCE, read_provenance, ProvenanceFileError, ("extracts", "sources", "packages", "files")),
}


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def refusal(kind: Kind, document: Any, path: Path) -> ReportlibError | None:
    """The error that the file is refused with; any other error ends the test."""
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        kind.read(path)
    except kind.error as error:
        return error
    return None


def accepted(kind: Kind, damages: Iterator[Damage], path: Path) -> list[str]:
    """The damages that were not refused."""
    found = list(damages)
    assert found
    return [f"{name} {'.'.join(map(str, at))}" for name, at, other in found if refusal(kind, other, path) is None]


def test_the_undamaged_file_is_read(kind: Kind, tmp_path: Path) -> None:
    assert refusal(kind, kind.document, tmp_path / "f.json") is None


def test_every_damage_gives_the_named_error_or_none_and_names_the_file(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    errors = [refusal(kind, other, path) for _, _, other in every_damage(kind.document)]
    told = [error for error in errors if error is not None]
    assert len(told) > len(errors) / 2
    assert all(str(path) in error.message and error.hint for error in told)


def test_a_value_of_another_type_is_refused_wherever_it_stands(kind: Kind, tmp_path: Path) -> None:
    assert accepted(kind, wrong_types(kind.document), tmp_path / "f.json") == []


def test_a_missing_key_is_refused(kind: Kind, tmp_path: Path) -> None:
    needed = (one for one in dropped_keys(kind.document) if not kind.is_free(one))
    assert accepted(kind, needed, tmp_path / "f.json") == []


def test_an_unknown_key_is_refused_where_keys_are_fixed(kind: Kind, tmp_path: Path) -> None:
    fixed = (one for one in unknown_keys(kind.document) if not kind.is_free(one))
    assert accepted(kind, fixed, tmp_path / "f.json") == []


def test_columns_of_different_lengths_are_refused_naming_the_shorter(tmp_path: Path) -> None:
    kind = KINDS["ledger"]
    columns = [one for one in shorter_lists(kind.document) if one[1][0] == "columns"]
    assert len(columns) > 15
    for _, at, other in columns:
        error = refusal(kind, other, tmp_path / "f.json")
        assert error is not None and f"columns.{at[1]}: has 2 entries, the others 3" in error.message


def test_numbers_that_cannot_be_are_refused(kind: Kind, tmp_path: Path) -> None:
    found = accepted(kind, wrong_numbers(kind.document), tmp_path / "f.json")
    # The end of an interval, a setting or a fact may lie below zero; a setting or a fact may be large.
    free = ("below zero settings", "huge settings", "below zero facts", "huge facts")
    intervals = ("below zero columns.ci_low.", "below zero rows.timer.deltager.uge35.ci_low")
    assert [one for one in found if not one.startswith((*free, *intervals))] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"{",
        b"[]",
        b"3",
        b"null",
        b'"a"',
        b"not JSON",
        b'{"format": 1, "format": 1}',
        b'{"format": NaN}',
        b'{"format": 2}',
        b'{"format": "1"}',
        b'{"format": true}',
        b"{}",
        b"%PDF-1.7",
        '{"a": "æ"}'.encode("latin-1"),
        '{"format": 1}'.encode("utf-16"),
        b'{"format": 1, "a": "\\ud800"}',
        b"[" * 20_000,
        b'{"format": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_file_that_is_something_else_is_refused(kind: Kind, content: bytes, tmp_path: Path) -> None:
    (path := tmp_path / "f.json").write_bytes(content)
    with pytest.raises(kind.error, match=r"f\.json is not ") as caught:
        kind.read(path)
    assert caught.value.hint


@pytest.mark.parametrize("part", [0.01, 0.3, 0.7, 0.99])
def test_a_file_that_was_cut_is_refused(kind: Kind, part: float, tmp_path: Path) -> None:
    whole = json.dumps(kind.document).encode("utf-8")
    (path := tmp_path / "f.json").write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(kind.error, match=r"f\.json is not "):
        kind.read(path)


def test_no_file_and_a_folder_are_told_as_that(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(kind.error, match="there is no"):
        kind.read(tmp_path / "findes-ikke.json")
    with pytest.raises(kind.error, match="folder"):
        kind.read(tmp_path)


def test_a_file_that_may_not_be_read_is_told_as_that(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "f.json").write_text("{}", encoding="utf-8")

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(kind.error, match="cannot be read: Permission denied"):
        kind.read(path)


ROWS = {
    "n below zero": ({"n": -5, "k": 0, "value": 0.0}, "n = -5"),
    "k above n": ({"k": 200}, "k = 200 is not among n = 100"),
    "5,000 per cent": ({"value": 5000.0}, "5000"),
    "share is not k of n": ({"value": 13.0, "ci_low": 1.0, "ci_high": 20.0}, "13.0 pct. is not 12 of 100"),
    "value outside its interval": ({"ci_low": 15.0}, "outside its interval"),
    "half an interval": ({"ci_low": None}, "one end"),
    "negative error": ({"se": -1.0}, "negative standard error"),
    "below its own threshold": ({"k": 2, "value": 2.0, "ci_low": 1.0}, "threshold of 5"),
}


@pytest.mark.parametrize(("change", "told"), ROWS.values(), ids=ROWS)
def test_a_share_that_contradicts_itself_is_refused(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    _refused(tmp_path, SHARE, change, told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"p": 1.5}, "outside 0 to 1"),
        ({"p": -0.1}, "outside 0 to 1"),
        ({"p": 0.4}, "verdicts"),
        ({"df": -1.0}, "df|free"),
    ],
)
def test_a_difference_that_contradicts_itself_is_refused(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    _refused(tmp_path, DIFFERENCE_ROW, change, told)


def test_a_hidden_row_with_a_number_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path, HIDDEN, {"n": 40}, "hidden")


def test_a_number_under_another_key_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path, SHARE, {"key": "timer.kontrol.uge35"}, "stands under this key and is timer.deltager.uge35")


def test_a_measure_that_is_not_in_the_catalogue_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path, SHARE, {"measure": "loen", "key": "loen.deltager.uge35"}, "no measure 'loen'")


def test_two_rows_of_one_key_are_refused(tmp_path: Path) -> None:
    small_ledger(SHARE, SHARE).save(tmp_path / "f.json")
    with pytest.raises(LedgerFileError, match="stands twice"):
        read_ledger(tmp_path / "f.json")


@pytest.mark.parametrize(("low", "value"), [(2.1, 2.04), (2.06, 6.0)])
def test_a_difference_rounded_as_it_prints_is_accepted(low: float, value: float, tmp_path: Path) -> None:
    rounded = replace(DIFFERENCE_ROW, value=value, ci_low=low, ci_high=9.94, se=None, df=None, p=None)
    small_ledger(rounded).save(tmp_path / "f.json")
    assert len(read_ledger(tmp_path / "f.json")) == 1


def _refused(folder: Path, row: Any, change: dict[str, Any], told: str) -> None:
    small_ledger(replace(row, **change)).save(folder / "f.json")
    with pytest.raises(LedgerFileError, match=told):
        read_ledger(folder / "f.json")


def test_a_measure_that_stands_twice_and_a_unit_that_is_none_are_refused(tmp_path: Path) -> None:
    document = json.loads(small_ledger().to_bytes())
    measures = document["measures"]
    for changed, told in (
        ([*measures, measures[0]], "measures: one stands twice"),
        ([{**measures[0], "unit": "procent"}, *measures[1:]], "unknown unit 'procent'"),
    ):
        (tmp_path / "f.json").write_text(json.dumps({**document, "measures": changed}), encoding="utf-8")
        with pytest.raises(LedgerFileError, match=told) as caught:
            read_ledger(tmp_path / "f.json")
        assert "f.json" in caught.value.message and caught.value.hint


@pytest.mark.parametrize("name", ["/etc/fremmed.html", "../fremmed.html", "C:/fremmed.html", ""])
def test_provenance_names_files_of_its_project_only(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.prov.json"
    path.write_text(json.dumps(PROVENANCE), encoding="utf-8")
    assert read_provenance(path)
    path.write_text(json.dumps({**PROVENANCE, "sources": {name: HASH}}), encoding="utf-8")
    with pytest.raises(ProvenanceFileError, match="is no file of a project"):
        read_provenance(path)
