"""What extracts made up of each trial.yml hold, column by column, as it was last read.

Who has a made-up report holds its figures against these chances: that people come to work more seldom or answer on
another scale must not change unseen. A column is told by its values where they are few, else by how many are filled and
different, the lowest, the middle and the highest; and by a mark of every cell in its order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pandas as pd
import pytest
from sentences import HOW, kept_beside, kept_of
from status_trial import status_trial

from reportlib.registers.codebook import load_codebook
from reportlib.synthetic import Assumptions, made_up
from reportlib.trial import load_trial
from reportlib.trial.model import Trial

ROOT = Path(__file__).parents[2]
FIVE = sorted(path.parent for path in (ROOT / "data").glob("*/trial.yml"))
FEW = 6


def trials() -> dict[str, Trial]:
    """The five, and one with what none of them has: a background of days, and a weekly record that is a share."""
    kinds = {
        "participants": {
            "file": "p.csv", "background": {"foedt": "Født", "uger": "Uger"}, "background_kinds": {"foedt": "date"},
            "background_units": {"uger": "weeks"},
        },
        "casework": {"file": "c.csv"},
        "weekly": {"job": {"file": "w.csv"}},
        "surveys": {"ledere": {"file": "l.csv", "respondents": "lederne", "items": {"q": "Samarbejder I?"}}},
    }  # fmt: skip
    job = {"id": "uge", "label": "I job", "unit": "pct", "definition": "I job.", "source": "register",
           "from": {"kind": "weekly", "extract": "job"}}  # fmt: skip
    found = {path.name: load_trial(path / "trial.yml") for path in FIVE}
    plain = status_trial().model_dump(mode="json", by_alias=True, exclude_none=True)
    found["andet"] = Trial.model_validate({**plain, "extracts": kinds, "measures": [*plain["measures"], job]})
    return found


def held(trial: Trial) -> Iterator[str]:
    yield f"== {trial.id},"
    for effect in (1.0, 2.0):
        frames = made_up(trial, load_codebook(None), Assumptions(persons=80, effect=effect))
        for name, frame in frames.items():
            cells = frame.astype(str)
            marks = f"mark {crc32(cells.to_csv(index=False).encode()):08x}"
            if effect != 1.0:
                yield f"{name}, effect {effect:g}: {len(frame)} rows, {marks}"
                continue
            yield f"{name}: {len(frame)} rows, {len(frame.columns)} columns, {marks}"
            yield from (f"  {column}: {_told(cells[column])}" for column in list(frame.columns)[:12])


def _told(cells: pd.Series) -> str:
    counts = cells.value_counts().sort_index()
    if len(counts) <= FEW:
        return ", ".join(f"{value or 'empty'} {count}" for value, count in counts.items())
    filled = cells[cells != ""]
    numbers = pd.to_numeric(filled, errors="coerce")
    filled = (filled.iloc[numbers.argsort()] if numbers.notna().all() else filled.sort_values()).tolist()
    return (
        f"{len(filled)} filled, {len(set(filled))} different, {filled[0]} to {filled[-1]}, {filled[len(filled) // 2]}"
    )


@pytest.mark.parametrize("name", list(trials()))
def test_made_up_extracts_hold_what_they_did_when_last_read(name: str) -> None:
    trial = trials()[name]
    assert "\n".join(held(trial)) + "\n" == kept_of(__file__, trial.id), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(
        "\n".join(line for trial in trials().values() for line in held(trial)) + "\n", encoding="utf-8"
    )
