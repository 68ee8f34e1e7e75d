"""Reading a finished report as a stranger would, and holding what it says against its account of numbers.

`read_html` and `read_pdf` give a report's blocks of text in reading order, `tokens` finds the numbers in them, `match`
lays them beside the numbers of the account, `allowed` knows what may stand there without one (dates, references, names
that hold digits), and `recompute` works every number out again from the rows it comes from.
"""
