"""Tables: ledger rows become pipe tables with caption, header row, source and note lines.

A document calls the functions below; each gives Markdown. Nothing here computes a statistic, and a hidden row prints as
`·` whatever it holds.
"""

from reportlib.show.accounts_tables import cost_benefit_accounts, cost_benefit_prices, cost_benefit_units
from reportlib.show.activities import activity
from reportlib.show.balance_table import balance
from reportlib.show.benchmark_table import benchmark, without_one
from reportlib.show.elements import components_by_site
from reportlib.show.progress_tables import before_after, forecast, measurements, power, scores, units
from reportlib.show.quasi_tables import (
    closer_look,
    group_levels,
    hazard_ratios,
    levels_by_site,
    matched,
    months,
    populations,
)
from reportlib.show.side_by_side import answers, compared, subgroups
from reportlib.show.site_tables import follow_up, persons_by_site, site_effects
from reportlib.show.status_tables import persons_and_share, shares_by_site, site_answers, unit_costs
from reportlib.show.survey_table import survey_answers
from reportlib.show.traffic_lights import component_sites, fidelity
from reportlib.show.week_tables import at_week, robustness

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
