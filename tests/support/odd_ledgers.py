"""What each of the five documents asks for, and ledgers whose numbers are not as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zlib import crc32

from whole_ledgers import ROOT, ledgers

from reportlib.engine.execute import Assembly, execute
from reportlib.engine.qmd import read_document
from reportlib.engine.workspace import open_workspace
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.show.part import asked_for
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

TRIALS = tuple(path.parent.name for path in sorted((ROOT / "data").glob("*/trial.yml")))
_NOTHING = dict.fromkeys(("value", "k", "n", "se", "ci_low", "ci_high", "p", "df"))


@dataclass(frozen=True)
class Call:
    """A figure, table or section that a document asks for, and what it is given."""

    part: Callable[..., Any]
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    def made(self, ledger: Ledger, trial: Trial, site: str | None) -> Any:
        where = {"site": site} if "site" in asked_for(self.part) else {}
        return self.part(ledger, trial, *self.args, **where, **self.options)


@cache
def asked(trial: str) -> list[Call]:
    """What the trial's document asks for, in its order."""
    found: list[Call] = []

    def seen(part: Any, ledger: Any, trial: Any, *args: Any, **options: Any) -> str:
        own = {name: value for name, value in options.items() if name in asked_for(part) and name != "site"}
        found.append(Call(part, args, own))
        return ""

    with TemporaryDirectory() as folder, open_workspace(ROOT / "reports" / f"{trial}.qmd", ROOT) as workspace:
        kept = Path(folder) / "ledger.json"
        ledgers(ROOT / "data" / trial / "trial.yml")[2].save(kept)
        environment = {"REPORTLIB_LEDGER": str(kept), "REPORTLIB_PROJECT": str(ROOT)}
        with patch("reportlib.document.show", seen):
            execute(
                read_document(workspace.document, root=workspace.root),
                folder=workspace.folder, environment=environment, assembly=Assembly(),
            )  # fmt: skip
    return found


def calls(trial: str, package: str) -> list[Call]:
    """Those of its parts that are of `show`, or of `prose`."""
    return [call for call in asked(trial) if call.part.__module__.startswith(f"reportlib.{package}.")]


def turned(row: Estimate) -> Estimate:
    """What was more is less."""
    if row.group != DIFFERENCE or row.value is None or row.ci_low is None or row.ci_high is None:
        return row
    if row.unit is Unit.HAZARD_RATIO:
        return replace(row, value=1 / row.value, ci_low=1 / row.ci_high, ci_high=1 / row.ci_low)
    return replace(row, value=-row.value, ci_low=-row.ci_high, ci_high=-row.ci_low)


def unsure(row: Estimate) -> Estimate:
    """No difference is sure."""
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return row if row.p is None else replace(row, p=0.5)
    apart = abs(row.value) + row.ci_high - row.ci_low
    p = None if row.p is None else 0.5
    if row.unit is Unit.HAZARD_RATIO:
        return replace(row, ci_low=row.value / (1 + apart), ci_high=row.value * (1 + apart), p=p)
    return replace(row, ci_low=row.value - apart, ci_high=row.value + apart, p=p)


def hidden(row: Estimate) -> Estimate:
    """Nothing may be shown."""
    return replace(row, **_NOTHING, suppressed="hidden")  # type: ignore[arg-type]


def thin(row: Estimate) -> Estimate:
    """About every third number may not be shown, and every seventh could not be computed: by key, not by place."""
    drawn = crc32(row.key.encode())
    if drawn % 3 == 0:
        return hidden(row)
    return replace(row, **{**_NOTHING, "n": 0}) if drawn % 7 == 0 else row  # type: ignore[arg-type]


ODD = {change.__name__: change for change in (turned, unsure, hidden, thin)}
