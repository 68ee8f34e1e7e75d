"""Extracts of persons who do not exist, made up from trial.yml alone: a report is written before the registers come.

They are microdata that the ordinary pipeline reads and analyses like any others, never finished tables. The extracts of
the five trials, whose numbers must hit published ones, are made by `data/<trial>/synthetic.py` with
`tools/calibrating/`.
"""
