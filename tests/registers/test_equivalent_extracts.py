"""One clean trial written in many ways that mean the same gives the same numbers; damaged lines never give others.

`REPORTLIB_WAYS=1000 pytest tests/registers/test_equivalent_extracts.py` tries a thousand.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest
from clean_trial import numbers_of, trial_of_every_source
from four_persons import SmallTrial
from other_ways import FRAMES, OtherWay

from reportlib.analysis.run import analyse
from reportlib.registers.errors import ExtractError
from reportlib.registers.read import read_trial
from reportlib.trial.model import Trial

WAYS = int(os.environ.get("REPORTLIB_WAYS", "36"))


@cache
def _clean(folder: Path) -> tuple[SmallTrial, str]:
    small = trial_of_every_source(folder)
    return small, numbers_of(small)


@pytest.fixture
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallTrial, str]:
    """The trial, and every number of its ledger."""
    return _clean(tmp_path_factory.getbasetemp())


def numbers_in(folder: Path, spec: dict[str, Any]) -> str:
    trial = Trial.model_validate(spec)
    rows = [asdict(row) for row in analyse(trial, read_trial(trial, folder))]
    return json.dumps(rows, sort_keys=True, default=str)


@pytest.mark.parametrize("seed", range(WAYS))
def test_what_means_the_same_gives_the_same_numbers(tmp_path: Path, clean: tuple[SmallTrial, str], seed: int) -> None:
    small, expected = clean
    way = OtherWay(seed)
    spec = way.write(small, tmp_path)
    assert numbers_in(tmp_path, spec) == expected, "\n".join(way.said)


def test_labels_of_stata_give_the_numbers_of_the_texts(tmp_path: Path, clean: tuple[SmallTrial, str]) -> None:
    small = trial_of_every_source(tmp_path)
    small.write()
    names = sorted(small.participants["udd"].unique())
    codes = small.participants["udd"].map({name: float(code) for code, name in enumerate(names)})
    labels = {"udd": dict(enumerate(names)), "kommune": {1: "Aarhus", 2: "Køge"}}
    table = small.participants.assign(udd=codes, kommune=small.participants["kommune"].map({"Aarhus": 1, "Køge": 2}))
    pyreadstat.write_dta(table, str(tmp_path / "p.dta"), variable_value_labels=labels)
    small.spec["extracts"]["participants"]["file"] = "p.dta"
    assert numbers_of(small) == clean[1]


def test_parts_of_a_folder_give_the_numbers_of_the_whole(tmp_path: Path, clean: tuple[SmallTrial, str]) -> None:
    small = trial_of_every_source(tmp_path)
    (tmp_path / "timer").mkdir()
    for month, part in small.hours.groupby("maaned"):
        part.to_csv(tmp_path / "timer" / f"{month}.csv", sep=";", index=False)
    (tmp_path / "dream").mkdir()
    weeks = [name for name in small.dream.columns if name != "PNR"]
    for place, some in enumerate((weeks[:9], weeks[9:])):
        small.dream[["PNR", *some]].to_parquet(tmp_path / "dream" / f"{place}.parquet", index=False)
    small.spec["extracts"]["paid_hours"]["file"] = "timer"
    small.spec["extracts"]["dream"]["file"] = "dream"
    assert numbers_of(small) == clean[1]


Damage = Callable[[bytes, np.random.Generator], bytes]


def in_a_line(change: Callable[[bytes], bytes]) -> Damage:
    """Change one line after the header."""

    def damage(content: bytes, draw: np.random.Generator) -> bytes:
        lines = content.split(b"\n")
        place = int(draw.integers(1, len(lines) - 1))
        lines[place] = change(lines[place])
        return b"\n".join(lines)

    return damage


def in_two_lines(first: Callable[[bytes], bytes], second: Callable[[bytes], bytes]) -> Damage:
    def damage(content: bytes, draw: np.random.Generator) -> bytes:
        lines = content.split(b"\n")
        one, other = sorted(draw.choice(np.arange(1, len(lines) - 1), 2, replace=False).tolist())
        lines[one], lines[other] = first(lines[one]), second(lines[other])
        return b"\n".join(lines)

    return damage


def cut(content: bytes, draw: np.random.Generator) -> bytes:
    """The file ends in the middle of a line, before its last cell."""
    lines = content.split(b"\n")
    place = int(draw.integers(2, len(lines) - 1))
    return b"\n".join([*lines[:place], lines[place].split(b";")[0]])


DAMAGES: dict[str, Damage] = {
    "a mark opens the last cell": in_a_line(lambda line: line.replace(b";", b';"', 1)),
    "a mark opens, another closes rows later": in_two_lines(
        lambda line: b";".join([*line.split(b";")[:-1], b'"' + line.split(b";")[-1]]), lambda line: line + b'"'
    ),
    "a mark opens the first cell, another closes one": in_two_lines(
        lambda line: b'"' + line, lambda line: line.replace(b";", b'";', 1)
    ),
    "a separator is lost": in_a_line(lambda line: line.replace(b";", b"", 1)),
    "a separator too many": in_a_line(lambda line: line.replace(b";", b";;", 1)),
    "a zero byte": in_a_line(lambda line: line[:3] + b"\0" + line[3:]),
    "a letter of another encoding": in_two_lines(lambda line: line + "ø".encode(), lambda line: line + b"\xf8"),
    "cut off": cut,
    "a lone carriage return": in_a_line(lambda line: line[:2] + b"\r" + line[2:]),
}


@pytest.mark.parametrize("file", ["deltagere.csv", "dream.csv", "timer.csv", "sager.csv", "borgere.csv", "uger.csv"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damaged_lines_are_refused_and_never_give_other_numbers(
    tmp_path: Path, clean: tuple[SmallTrial, str], file: str, damage: Damage
) -> None:
    small, expected = clean
    for name in FRAMES.values():
        (tmp_path / f"{name}.csv").write_bytes((small.folder / f"{name}.csv").read_bytes())
    content = (tmp_path / file).read_bytes()
    damaged = damage(content, np.random.default_rng(len(file)))
    assert damaged != content
    (tmp_path / file).write_bytes(damaged)
    try:
        found = numbers_in(tmp_path, small.spec)
    except ExtractError as error:
        assert error.rows or error.column or "faults" in str(error)
    else:
        assert found == expected
