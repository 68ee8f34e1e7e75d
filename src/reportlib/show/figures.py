"""Figures: ledger rows become a frozen plan, a plan becomes an SVG file and the words that describe it.

A document calls the functions below; each gives Markdown that shows the picture. Nothing here computes a statistic.
"""

from reportlib.show.blocks_accounts import tornado
from reportlib.show.blocks_answers import answers, whole
from reportlib.show.blocks_before_after import before_after
from reportlib.show.blocks_measurements import measurements, moves
from reportlib.show.blocks_quasi import love_plot, series, survival
from reportlib.show.blocks_recruitment import recruitment
from reportlib.show.blocks_rows import balance, distribution, shares_by_site, site_effects, survey_means
from reportlib.show.blocks_status import benchmark
from reportlib.show.blocks_weekly import followed, levels, two_panel
from reportlib.show.pictures import alt_text, figure_bytes

__all__ = [
    "alt_text",
    "answers",
    "balance",
    "before_after",
    "benchmark",
    "distribution",
    "figure_bytes",
    "followed",
    "levels",
    "love_plot",
    "measurements",
    "moves",
    "recruitment",
    "series",
    "shares_by_site",
    "site_effects",
    "survey_means",
    "survival",
    "tornado",
    "two_panel",
    "whole",
]
