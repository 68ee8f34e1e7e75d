"""How it goes for the persons of an effort without anybody to compare with: sentences that the numbers choose."""

from reportlib.prose.sections.progress.conventions import method
from reportlib.prose.sections.progress.divisions import across, most_given
from reportlib.prose.sections.progress.measurements import first_measurement, first_to_last, furthest, mixed, shrinking
from reportlib.prose.sections.progress.moments import before_after, cards, no_effect
from reportlib.prose.sections.progress.ranks import ranked
from reportlib.prose.sections.progress.recruits import forecast, power, recruitment

__all__ = [
    "across",
    "before_after",
    "cards",
    "first_measurement",
    "first_to_last",
    "forecast",
    "furthest",
    "method",
    "mixed",
    "most_given",
    "no_effect",
    "power",
    "ranked",
    "recruitment",
    "shrinking",
]
