"""The figures that documents ask for: `r.vis(figures.levels, "job", id="fig-job")`. None computes a statistic."""

from reportlib.show.balances import balance_figure as balance
from reportlib.show.balances import love_plot
from reportlib.show.benchmarks import benchmark_figure as benchmark
from reportlib.show.effort_model import phases
from reportlib.show.exits import survival
from reportlib.show.forecasts import recruitment
from reportlib.show.forest import site_effects_figure as site_effects
from reportlib.show.histogram import distribution
from reportlib.show.kroner import tornado
from reportlib.show.monthly import series
from reportlib.show.repeated import before_after_figure as before_after
from reportlib.show.repeated import measurements_figure as measurements
from reportlib.show.site_shares import shares_by_site_figure as shares_by_site
from reportlib.show.stacked import answers_figure as answers
from reportlib.show.stacked import moves
from reportlib.show.survey_dots import survey_means
from reportlib.show.week_curves import followed, levels, two_panel
