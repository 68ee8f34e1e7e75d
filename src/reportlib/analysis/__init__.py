"""Analyses declared in trial.yml, one module a subject: each reads the data and adds checked rows to the ledger."""
