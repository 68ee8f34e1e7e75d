"""Tables: ledger rows become pipe tables with caption, header row, source and note lines.

A document calls the functions below; each gives Markdown. Nothing here computes a statistic, and a hidden row prints as
`·` whatever it holds.
"""

from reportlib.tables.activity import activity
from reportlib.tables.at_week import at_week, robustness
from reportlib.tables.background import balance
from reportlib.tables.benchmark import benchmark, without_one
from reportlib.tables.compared import answers, compared, subgroups
from reportlib.tables.cost_benefit import cost_benefit_accounts, cost_benefit_prices, cost_benefit_units
from reportlib.tables.elements import components_by_site
from reportlib.tables.fidelity import component_sites, fidelity
from reportlib.tables.progress import before_after, forecast, measurements, power, scores, units
from reportlib.tables.quasi import (
    closer_look,
    group_levels,
    hazard_ratios,
    levels_by_site,
    matched,
    months,
    populations,
)
from reportlib.tables.sites import follow_up, persons_by_site, site_effects
from reportlib.tables.status import persons_and_share, shares_by_site, site_answers, unit_costs
from reportlib.tables.surveys import survey_answers

__all__ = [
    "activity",
    "answers",
    "at_week",
    "balance",
    "before_after",
    "benchmark",
    "closer_look",
    "compared",
    "component_sites",
    "components_by_site",
    "cost_benefit_accounts",
    "cost_benefit_prices",
    "cost_benefit_units",
    "fidelity",
    "follow_up",
    "forecast",
    "group_levels",
    "hazard_ratios",
    "levels_by_site",
    "matched",
    "measurements",
    "months",
    "persons_and_share",
    "persons_by_site",
    "populations",
    "power",
    "robustness",
    "scores",
    "shares_by_site",
    "site_answers",
    "site_effects",
    "subgroups",
    "survey_answers",
    "unit_costs",
    "units",
    "without_one",
]
