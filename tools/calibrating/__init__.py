"""Made-up persons whose numbers hit given ones: what `data/<trial>/synthetic.py` makes the five trials' extracts with.

A trial's script holds the calibrations, that is the numbers to hit; nothing here knows a trial. A trial without such
numbers needs none of it: `reportlib synthetic` makes its extracts up from trial.yml alone.
"""
