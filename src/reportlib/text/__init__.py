"""What a number and a word are before anyone prints them, known to all other parts.

Numbers have a unit (`units`) and remember where they come from (`origin`); print marks them in the text (`marks`), and
the marks become spans in the Markdown (`markup`). Words from data and trial.yml are such that no markup can read them
(`inert`, `markup`).
"""
