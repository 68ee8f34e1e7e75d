"""The numbers of a finished report: written down with where each comes from, held against the file, compared, stamped.

The engine collects the marked numbers of a document (`collect`) into its account (`account`), in words (`describe`); a
page shows them beside each number and a PDF lists them at its end (`account_shown`). To check one (`finished`), a
report is read as a stranger would: `blocks` and `read_pdf` give its text in reading order, `tokens` finds the numbers
in it, `match` lays them beside the account's, `recompute` works every number out again from the rows it comes from, and
what is wrong is a break (`breaks`). `diff` tells what changed between two; `provenance` and its stamp are what a report
says of its making.
"""
