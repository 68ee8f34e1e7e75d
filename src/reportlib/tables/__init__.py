"""Tables: ledger rows become pipe tables with caption, header row, source and note lines.

A document calls the functions below; each gives Markdown. Nothing here computes a statistic, and a hidden row prints as
`·` whatever it holds.
"""

from reportlib.tables.at_week import at_week, robustness
from reportlib.tables.fidelity import component_sites, fidelity
from reportlib.tables.surveys import survey

__all__ = ["at_week", "component_sites", "fidelity", "robustness", "survey"]
