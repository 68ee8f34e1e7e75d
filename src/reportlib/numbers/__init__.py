"""The numbers of a finished report: written down with where each comes from, held against the file, compared, stamped.

The engine collects the marked numbers of a document (`collect`) into its account (`account`), which a page shows beside
each number (`page_details`) and a PDF lists at its end (`appendix`), in words (`describe`). To check one (`finished`),
a report is read as a stranger would: `read_html` and `read_pdf` give its blocks of text in reading order, `tokens`
finds the numbers in them, `match` lays them beside the account's, `allowed` knows what may stand there without one, and
`recompute` works every number out again from the rows it comes from. `diff` tells what changed between two;
`provenance` and `stamp` are what a report says of its making.
"""
