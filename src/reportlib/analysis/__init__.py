"""Analyses declared in trial.yml, one module a kind: each reads the data and adds checked rows to the ledger."""

from reportlib.analysis.run import analyse

__all__ = ["analyse"]
