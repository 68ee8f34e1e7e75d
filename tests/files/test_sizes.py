"""Files and answers of more bytes than are read: refused with the limit, and without reading them."""

from __future__ import annotations

import io
import urllib.request
from pathlib import Path

import pytest

from reportlib.errors import ReportlibError
from reportlib.exchange.web import NoAnswerError, Question, ask
from reportlib.files.reading import FileKind
from reportlib.ledger import LedgerFileError
from reportlib.ledger.file import read_ledger

MB = 1024**2


def of_size(path: Path, size: int) -> Path:
    """A file of so many bytes, none of which is written."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_a_file_is_read_up_to_256_mb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"read")
    kind = FileKind(ReportlibError, "a list")
    assert kind.read_bytes(of_size(tmp_path / "a", 256 * MB)) == b"read"
    with pytest.raises(ReportlibError, match=r"larger than 256 MB"):
        kind.read_bytes(of_size(tmp_path / "b", 256 * MB + 1))
    with pytest.raises(LedgerFileError, match=r"larger than 256 MB"):
        read_ledger(of_size(tmp_path / "ledger.json", 257 * MB))


class Answer(io.BytesIO):
    """An answer of so many bytes, of which one is kept."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def read(self, most: int | None = -1) -> bytes:
        assert most == 200 * MB + 1  # no more is asked for, however much there is
        return _Long(min(self.size, most))


class _Long(bytes):
    def __new__(cls, size: int) -> _Long:
        made = super().__new__(cls, b"x")
        made.size = size  # type: ignore[attr-defined]
        return made

    def __len__(self) -> int:
        return int(self.size)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "fits"), [(200 * MB, True), (200 * MB + 1, False), (900 * MB, False)])
def test_an_answer_is_read_up_to_200_mb(size: int, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", lambda *_, **__: Answer(size))
    question = Question("https://bank.example/data")
    if fits:
        assert len(ask(question)) == size
    else:
        with pytest.raises(NoAnswerError, match=r"bank\.example/data answered with more than 200 MB"):
            ask(question)
