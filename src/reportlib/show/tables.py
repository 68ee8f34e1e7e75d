"""The tables that documents ask for: `r.vis(tables.at_week, ["job"], 35, id="tbl-job")`. None computes a statistic.

A hidden row prints as `·` whatever it holds.
"""

from reportlib.show.balances import balance_table as balance
from reportlib.show.balances import matched
from reportlib.show.benchmarks import benchmark_table as benchmark
from reportlib.show.benchmarks import without_one
from reportlib.show.exits import hazard_ratios
from reportlib.show.forecasts import forecast, power
from reportlib.show.forest import site_effects_table as site_effects
from reportlib.show.group_tables import (
    at_week,
    closer_look,
    compared,
    group_levels,
    levels_by_site,
    persons_by_site,
    populations,
    robustness,
    subgroups,
)
from reportlib.show.kroner import (
    activity,
    cost_benefit_accounts,
    cost_benefit_prices,
    cost_benefit_units,
    unit_costs,
    units,
)
from reportlib.show.monthly import months
from reportlib.show.repeated import before_after_table as before_after
from reportlib.show.repeated import measurements_table as measurements
from reportlib.show.repeated import scores
from reportlib.show.site_shares import components_by_site, fidelity, persons_and_share, site_answers
from reportlib.show.site_shares import shares_by_site_table as shares_by_site
from reportlib.show.survey_dots import survey_answers
