"""Paragraphs that several trials share: functions from ledger and trial to Markdown, for `r.vis(...)` in a document.

Each takes `(ledger, trial, ..., site=)`; the prose stands in `prose/templates`, the claims choose the wording.
"""
