"""Following a printed number back to where it comes from.

Numbers read from a ledger, a fact or a setting remember their origin (`origin`); printing marks them in the text
(`marks`); the marks become spans in the Markdown (`spans`); the engine collects the spans into the report's account of
numbers (`account`), which a page shows beside each number (`page`) and a PDF lists at its end (`appendix`).
"""
