"""What tests share is made once, whole, and by nobody who failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_once import folder_made_once, value_made_once


def test_a_value_is_made_once_and_each_call_has_its_own() -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return [1, 2]

    first, second = value_made_once("en-vaerdi", make), value_made_once("en-vaerdi", make)
    assert first == second == [1, 2] and first is not second
    assert made == [1]


def test_what_failed_half_made_is_made_anew() -> None:
    def fill(folder: Path, fails: bool) -> None:
        folder.mkdir()
        (folder / ("halv" if fails else "hel")).touch()
        if fails:
            raise OSError

    with pytest.raises(OSError):
        folder_made_once("en-mappe", lambda folder: fill(folder, True))
    assert [path.name for path in folder_made_once("en-mappe", lambda folder: fill(folder, False)).iterdir()] == ["hel"]
