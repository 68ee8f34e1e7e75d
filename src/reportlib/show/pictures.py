"""From a plan to bytes: which function draws and describes which plan, and the cache of what is already drawn."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextvars import Context
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from reportlib.files.whole import keep_checked, read_checked
from reportlib.show.balances import BalancePlan, alt_balance, draw_balance
from reportlib.show.benchmarks import BenchmarkPlan, alt_benchmark, draw_benchmark
from reportlib.show.exits import SurvivalPlan, alt_survival, draw_survival
from reportlib.show.forecasts import RecruitmentPlan, alt_recruitment, draw_recruitment
from reportlib.show.forest import ForestPlan, alt_forest, draw_forest
from reportlib.show.histogram import DistributionPlan, alt_distribution, draw_distribution
from reportlib.show.love import LovePlan, alt_love, draw_love
from reportlib.show.monthly import SeriesPlan, alt_series, draw_series
from reportlib.show.paired import PairedPlan, alt_paired, draw_paired
from reportlib.show.palette import Palette, find_palette
from reportlib.show.repeated import MeasurementsPlan, alt_measurements, draw_measurements
from reportlib.show.site_shares import SharesBySitePlan, alt_shares_by_site, draw_shares_by_site
from reportlib.show.stacked import StackedPlan, alt_stacked, draw_stacked
from reportlib.show.style import SETTINGS
from reportlib.show.survey_dots import SurveyPlan, alt_survey, draw_survey
from reportlib.show.tidy_svg import svg_bytes
from reportlib.show.tornado import TornadoPlan, alt_tornado, draw_tornado
from reportlib.show.two_panel import TwoPanelPlan, alt_two_panel, draw_two_panel
from reportlib.show.week_curves import LevelsPlan, alt_levels, draw_levels
from reportlib.spent import spending
from reportlib.text.inert import has_standins, plain
from reportlib.text.marks import recording

CACHE_VARIABLE = "REPORTLIB_FIGURE_CACHE"
"""Folder in which drawn figures are kept when no other is given; unset means no cache."""

_DRAW: dict[type, Callable[[Any, Palette], Figure]] = {
    BalancePlan: draw_balance,
    BenchmarkPlan: draw_benchmark,
    DistributionPlan: draw_distribution,
    ForestPlan: draw_forest,
    LevelsPlan: draw_levels,
    SurveyPlan: draw_survey,
    SharesBySitePlan: draw_shares_by_site,
    TornadoPlan: draw_tornado,
    MeasurementsPlan: draw_measurements,
    PairedPlan: draw_paired,
    RecruitmentPlan: draw_recruitment,
    StackedPlan: draw_stacked,
    SurvivalPlan: draw_survival,
    SeriesPlan: draw_series,
    LovePlan: draw_love,
    TwoPanelPlan: draw_two_panel,
}
_ALT: dict[type, Callable[[Any], str]] = {
    BalancePlan: alt_balance,
    BenchmarkPlan: alt_benchmark,
    DistributionPlan: alt_distribution,
    ForestPlan: alt_forest,
    LevelsPlan: alt_levels,
    SurveyPlan: alt_survey,
    SharesBySitePlan: alt_shares_by_site,
    TornadoPlan: alt_tornado,
    MeasurementsPlan: alt_measurements,
    PairedPlan: alt_paired,
    RecruitmentPlan: alt_recruitment,
    StackedPlan: alt_stacked,
    SurvivalPlan: alt_survival,
    SeriesPlan: alt_series,
    LovePlan: alt_love,
    TwoPanelPlan: alt_two_panel,
}


def alt_text(plan: object) -> str:
    """What the figure of the plan shows, in Danish, from the same numbers."""
    return _ALT[type(plan)](plan)


def figure_bytes(plan: object, *, palette: Palette | None = None, cache: Path | None = None) -> bytes:
    """The figure of a plan as an SVG file; equal plans and palettes give equal bytes.

    With a cache folder (argument or the environment variable REPORTLIB_FIGURE_CACHE) a figure drawn before is read from
    there. A cached file carries its own hash: one that is cut short or changed is drawn again.

    Raises:
        NoPaletteError: no palette was given and no theme was found.
    """
    plan = with_plain_words(plan)
    colours = palette or find_palette()
    folder = cache or (Path(named) if (named := os.environ.get(CACHE_VARIABLE)) else None)
    if folder is None:
        with spending("figures"):
            return _draw_alone(plan, colours)
    path = folder / f"{cache_key(plan, colours)}.svg"
    if (kept := read_checked(path)) is not None:
        return kept
    with spending("figures"):
        drawn = _draw_alone(plan, colours)
    keep_checked(path, drawn)
    return drawn


def with_plain_words(plan: object) -> object:
    """The plan with its words as they were written: a picture has no markup that could read them."""
    return _plain(plan) if has_standins(plan) else plan


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _plain(getattr(value, part.name)) for part in fields(value) if part.init})
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    return value


def cache_key(plan: object, palette: Palette) -> str:
    """The name of a figure in the cache: plan, palette and drawing code, hashed."""
    content = "\n".join((drawing_version(), repr(palette), type(plan).__qualname__, repr(plan)))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


@lru_cache(maxsize=1)
def drawing_version() -> str:
    """A hash of the code that draws and of Matplotlib's version: a changed drawing never meets an old picture."""
    digest = hashlib.sha256(mpl.__version__.encode("ascii"))
    library = resources.files("reportlib")
    modules = [library / "text" / "inert.py", library / "text" / "markup.py", library / "text" / "units.py"]
    for package in ("danish", "show"):
        own = [entry for entry in (library / package).iterdir() if entry.name.endswith(".py")]
        modules += sorted(own, key=lambda entry: entry.name)
    for module in modules:
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _draw_alone(plan: object, palette: Palette) -> bytes:
    """Draw in a context of its own: a document's recording of its printed numbers must leave no marks in a picture."""
    return Context().run(_draw, plan, palette)


def _draw(plan: object, palette: Palette) -> bytes:
    with mpl.rc_context(SETTINGS), recording():  # the file says where its numbers come from, whoever asks for it
        return svg_bytes(_DRAW[type(plan)](plan, palette))
