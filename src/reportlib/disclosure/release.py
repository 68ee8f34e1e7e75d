"""What of a shown row leaves the server: only what print needs."""

from __future__ import annotations

from dataclasses import replace

from reportlib.ledger import Estimate


def counts_told(row: Estimate) -> tuple[str, ...]:
    """Which of k and n a shown row tells: of shares and counts both, of a mean its n.

    How many of the persons of a mean have a value other than zero is known in the analysis only: no document prints it,
    and all but a few who do would be as small a cell as those who do.
    """
    told = ("k", "n") if row.statistic.startswith("share") or not _is_mean(row) else ("n",)
    return tuple(name for name in told if getattr(row, name) is not None)


def released(row: Estimate) -> Estimate:
    """The row as the ledger file holds it."""
    return row if "k" in counts_told(row) or row.k is None else replace(row, k=None)


def _is_mean(row: Estimate) -> bool:
    return row.statistic in ("mean", "total_units", "mean_among_positive") or row.statistic.endswith("_mean")
