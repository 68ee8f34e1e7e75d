"""Acceptance against published reports: every number they print is reproduced, is a fact of trial.yml, or is left out.

A published report is `tests/published/<trial>.csv`, one row per printed number; `<trial>.yml` beside it maps each row
(`mapping`). `check_trial` runs the ordinary analysis on the trial's extracts and compares (`compare`, `fields`).
"""

from published.check import Check, Deviation, check_ledgers, check_trial
from published.mapping import Entry, Mapping, PublishedMapError, read_mapping
from published.rows import PublishedFileError, PublishedRow, published_trials, read_rows

__all__ = [
    "Check",
    "Deviation",
    "Entry",
    "Mapping",
    "PublishedFileError",
    "PublishedMapError",
    "PublishedRow",
    "check_ledgers",
    "check_trial",
    "published_trials",
    "read_mapping",
    "read_rows",
]
