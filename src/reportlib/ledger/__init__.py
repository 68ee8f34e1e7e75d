"""The ledger: one row per number, aggregates only. Everything a document prints is looked up here.

`table` is the ledger and its rows, `keys` the words in their names, `file` reads one from a disk, and `contradictions`
are what a row is tested for. `reportlib.analysis.ledger_builder` makes one.
"""

from reportlib.ledger.table import (
    COLUMNS,
    FORMAT_VERSION,
    PLAIN_STATISTICS,
    Estimate,
    HiddenValueError,
    Ledger,
    LedgerFileError,
    Measure,
    UnknownKeyError,
    make_key,
)
