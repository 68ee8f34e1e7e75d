"""What is wrong at a place of a file that another program wrote: in words, whatever stands there instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportlib.errors import ReportlibError
from reportlib.files.reading import FileKind, IsoDay, Number, Shape
from reportlib.files.whole import refused


class Made(Shape):
    """Two numbers, one of which may be whole, and a list of whole numbers."""

    size: float
    name: Number
    parts: list[int]


class Dated(Shape):
    """A day as text."""

    day: IsoDay


KIND = FileKind(ReportlibError, "a made file")
RIGHT: dict[str, Any] = {"size": 1.5, "name": 1, "parts": [1, 2]}
NUMBER, TEXT, WHOLE = (
    "input should be a valid number, not {}",
    "should be a number (or, where one belongs, a text), not {}",
    "input should be a valid integer, not {}",
)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"size": {"a": 1}}, f"size: {NUMBER}".format("keys and values")),
        ({"size": [1]}, f"size: {NUMBER}".format("a list")),
        ({"size": None}, f"size: {NUMBER}".format("None")),
        ({"size": "en"}, f"size: {NUMBER}".format("'en'")),
        ({"size": float("inf")}, "size: input should be a finite number, not inf"),
        ({"size": 58 * "x"}, f"size: {NUMBER}".format(repr(58 * "x"))),
        ({"size": 59 * "x"}, f"size: {NUMBER}".format("'" + 59 * "x")),  # sixty signs of it, quotes among them
        ({"name": [1]}, f"name: {TEXT}".format("a list")),
        ({"name": "en"}, f"name: {TEXT}".format("'en'")),
        ({"parts": [1, "to"]}, f"parts.1: {WHOLE}".format("'to'")),
        ({"mere": 1}, "mere: is unknown"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_stands_there(changed: dict[str, Any], line: str) -> None:
    with pytest.raises(ReportlibError) as caught:
        FileKind(ReportlibError, "a made file", "make it again").check_shape(Made, {**RIGHT, **changed}, Path("a.json"))
    first, *lines = caught.value.message.splitlines()
    assert first == "a.json is not a made file that can be used:"
    assert [one.strip() for one in lines] == [line]
    assert caught.value.hint == "make it again"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ReportlibError, match="  size: is missing\n  parts: is missing$"):
        KIND.check_shape(Made, {"name": 1}, Path("a.json"))


def test_many_faults_are_counted() -> None:
    parts = ["x"] * 40
    with pytest.raises(ReportlibError) as caught:
        KIND.check_shape(Made, {**RIGHT, "parts": parts}, Path("a"))
    lines = caught.value.message.splitlines()[1:]
    assert lines[-1] == f"  and {40 - (len(lines) - 1)} more" and len(lines) < 20


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device", "a.pdf"), "No space left on device: a.pdf"),
        (OSError(28, "No space left on device", "a", None, "b"), "No space left on device: b"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("cut off"), "cut off"),
    ],
)
def test_what_the_system_refused_is_told_with_its_file(error: OSError, words: str) -> None:
    assert refused(error) == words


@pytest.mark.parametrize(
    ("found", "told"),
    [(None, "it says no format"), (2, "it is of format 2"), ("1", "it is of format 1"), (True, "it is of format True")],
)
def test_another_version_is_told_as_that(found: Any, told: str) -> None:
    KIND.check_version({"format": 1}, 1, Path("a.json"))
    with pytest.raises(ReportlibError) as caught:
        KIND.check_version({"format": found}, 1, Path("a.json"))
    assert caught.value.message == f"a.json is not a made file of format 1: {told}"


def test_a_day_of_the_year_month_and_day_is_right() -> None:
    KIND.check_shape(Dated, {"day": "2017-01-31"}, Path("a.json"))


@pytest.mark.parametrize("written", ["20170131", "2017-W05-2", "2017-02-30", "31-01-2017"])
def test_a_day_that_is_written_in_another_way_is_refused(written: str) -> None:
    with pytest.raises(ReportlibError, match="  day: "):
        KIND.check_shape(Dated, {"day": written}, Path("a.json"))
