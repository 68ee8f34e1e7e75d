"""Comparisons between places and years in words: time to an event, differences in differences, matching, months."""

from reportlib.prose.sections.quasi.areas import change, months
from reportlib.prose.sections.quasi.conventions import method
from reportlib.prose.sections.quasi.differences import did, did_weeks
from reportlib.prose.sections.quasi.gains import break_even, gain
from reportlib.prose.sections.quasi.hazards import control, left_by, proportional, rates
from reportlib.prose.sections.quasi.matches import matchings
from reportlib.prose.sections.quasi.treated import per_phase

__all__ = [
    "break_even",
    "change",
    "control",
    "did",
    "did_weeks",
    "gain",
    "left_by",
    "matchings",
    "method",
    "months",
    "per_phase",
    "proportional",
    "rates",
]
