"""From estimates to Danish sentences: every word of size, direction or cause is chosen by the evidence.

`..._claims` choose one of their wordings (`wording`); the other modules are the paragraphs that trials share, functions
from ledger and trial to Markdown for `r.vis(...)` in a document. `docs/wordings.md` lists all wordings.
"""
