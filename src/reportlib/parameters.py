"""A document's parameters as the document itself sees them, whoever put the values in.

The embedded engine refuses a parameter that the document does not declare before it runs. Quarto and papermill pass
over one in silence (`-P komune:Aarhus` gave the whole trial's report): they write the values into a cell of their own
after the document's, which can be read when the document opens its report.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence

from reportlib.errors import ReportlibError, did_you_mean

_INJECTED = ("# Injected Parameters", "# Parameters")
"""What Quarto and papermill write at the head of their cell."""


class UnknownParameterError(ReportlibError):
    """A name the parameters cell does not assign."""


def refuse_unknown_parameters(cells: Sequence[str] | None = None) -> None:
    """Refuse values that were put in for parameters the document does not declare.

    Args:
        cells: sources of the cells run so far; by default those of the IPython shell this runs in, if any.

    Raises:
        UnknownParameterError: with near names.
    """
    cells = _cells_run() if cells is None else cells
    for number, cell in enumerate(cells):
        if not any(line.startswith(_INJECTED) for line in cell.splitlines()):
            continue
        declared = {name for earlier in cells[:number] for name in _assigned(earlier)}
        for name in _assigned(cell):
            if name not in declared:
                raise UnknownParameterError(
                    f"the document has no parameter {name!r}", hint=did_you_mean(name, sorted(declared))
                )


def _cells_run() -> list[str]:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return [] if shell is None else [str(cell) for cell in shell.user_ns.get("In", [])]


def _assigned(source: str) -> Iterator[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a cell with IPython's own commands declares nothing
        return
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
