"""By which code a ledger was made: a small file beside it, so that the same numbers stay the same bytes.

`ledger.code.json` names the ledger by its hash, the modules that can move a number by theirs, and the packages.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from reportlib.errors import ReportlibError
from reportlib.files.own_code import module_hashes, package_version
from reportlib.files.reading import Hash, Shape, read_json
from reportlib.files.whole import write_whole
from reportlib.ledger.table import Ledger

_SUFFIX = ".code.json"
_PARTS = ("analysis", "danish", "disclosure", "estimators", "ledger", "registers", "text", "trial")
_PACKAGES = ("lifelines", "numpy", "pandas", "pyarrow", "pyreadstat", "scipy", "statsmodels")


class MadeBy(Shape):
    """Modules and packages by which a ledger was made."""

    ledger: Hash
    code: dict[str, str]
    packages: dict[str, str]


def keep_made_by(path: Path, ledger: Ledger) -> None:
    """Write beside the ledger at `path` by which code it was made: this one."""
    made_by = MadeBy(
        ledger=ledger.hash,
        code=module_hashes(*_PARTS),
        packages={name: package_version(name) for name in _PACKAGES},
    )
    text = json.dumps(made_by.model_dump(), ensure_ascii=False, indent=1)
    write_whole(path.with_suffix(_SUFFIX), text.encode("utf-8") + b"\n")


def made_by(path: Path, ledger: Ledger) -> MadeBy | None:
    """By which code the ledger at `path` was made; None where nothing beside it says so of this ledger."""
    try:
        told = read_json(path.with_suffix(_SUFFIX), error=ReportlibError, what="a record of code")
        found = MadeBy.model_validate(told)
    except (ReportlibError, ValidationError):
        return None
    return found if found.ledger == ledger.hash else None
