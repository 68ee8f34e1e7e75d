"""Whatever a file holds, it is either read or refused by one of our own errors."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from four_persons import SmallTrial
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reportlib.registers.errors import ExtractError, Faults
from reportlib.registers.extract_tables import open_table

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def read_everything(folder: Path, name: str) -> None:
    opened = open_table(folder, name)
    faults = Faults(name)
    found = opened.find(opened.columns, faults)
    faults.stop()
    opened.read(found)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "dta", "sas7bdat"])
@given(content=st.binary(max_size=400))
@example(content=b"\xff\xfe")
@example(content=b"\xef\xbb\xbf")
@example(content=b'"')
@example(content=b"PAR1PAR1")
@example(content=b";;;\n;;;\n")
@same_folder
def test_any_bytes_are_read_or_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"x.{suffix}").write_bytes(content)
    with contextlib.suppress(ExtractError):
        read_everything(tmp_path, f"x.{suffix}")


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["p1", "Aarhus", "Kontrol", "2016-10-03", "2016-10", "1,5", "-1", "1e309", "9" * 40, "0", "nan", "."]
)


@given(frame=st.sampled_from(["participants", "dream", "hours", "casework", "citizens"]), data=st.data())
@same_folder
def test_any_text_in_any_cell_is_read_or_refused(tmp_path: Path, frame: str, data: st.DataObject) -> None:
    small = SmallTrial(tmp_path)
    cells = getattr(small, frame)
    row = data.draw(st.integers(0, len(cells) - 1))
    column = data.draw(st.integers(0, cells.shape[1] - 1))
    cells.iloc[row, column] = data.draw(CELLS)
    with contextlib.suppress(ExtractError):
        small.read()
