"""Tools that make extracts of persons who do not exist: quotas, lives fitted to curves, answers, dates, files.

A trial's own `data/<trial>/synthetic.py` holds the calibrations, that is the numbers to hit; nothing here knows a
trial. What the tools make are microdata that the ordinary pipeline reads and analyses like any others, never finished
tables.
"""
