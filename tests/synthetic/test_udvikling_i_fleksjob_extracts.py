"""The committed extracts of Udvikling i fleksjob are the generator's, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data" / "udvikling-i-fleksjob"
FILES = tuple(sorted(path.name for path in DATA.iterdir() if path.suffix in (".csv", ".parquet")))


@pytest.mark.slow
def test_udvikling_i_fleksjob_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(DATA / "synthetic.py"), "--out", str(tmp_path)], check=True)
    assert [name for name in FILES if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()] == []
    assert tuple(sorted(path.name for path in tmp_path.iterdir())) == FILES
