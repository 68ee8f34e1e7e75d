"""The effect site by site: raw differences with intervals beside the shrunken ones, and the common difference."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import confidence_name, event_week, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.show.ledger_rows import NothingToShowError, find, interval, shown
from reportlib.show.palette import Palette
from reportlib.show.row_chart import MANY_ROWS, Key, mark, row_chart, whisker
from reportlib.show.style import AXIS_TEXTS, value_scale
from reportlib.show.texts import difference_text, joined, lower_first
from reportlib.text.origin import count_of
from reportlib.text.units import Unit
from reportlib.trial.model import Trial


@dataclass(frozen=True, slots=True)
class SiteEffect:
    """One site: its raw and shrunken difference with intervals; None where hidden or not estimable."""

    site: str
    raw: float | None
    raw_low: float | None
    raw_high: float | None
    shrunken: float | None
    shrunken_low: float | None
    shrunken_high: float | None
    p_holm: float | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ForestPlan:
    """Sites by raw difference, highest first; hidden ones are named, not drawn."""

    label: str
    week: int
    unit: Unit
    sites: tuple[SiteEffect, ...]
    common: float | None
    level: float
    own: str | None
    noun: str
    hidden: tuple[str, ...] = ()


def plan_forest(ledger: Ledger, trial: Trial, measure: str, week: int, *, site: str | None = None) -> ForestPlan:
    """The rows of a `site_effects` analysis.

    Raises:
        NothingToShowError: the ledger has no differences of the measure by site in that week.
    """
    effects = [_effect(ledger, measure, week, name) for name in trial.sites.names]
    known = [effect for effect in effects if effect is not None]
    if not known:
        raise NothingToShowError(
            f"the ledger has no {measure} by site in week {week}", hint="add a `site_effects` analysis to trial.yml"
        )
    drawn = [effect for effect in known if not effect.hidden]
    if not drawn:
        raise NothingToShowError(
            f"every site's {measure} in week {week} is hidden", hint="choose an earlier week, or leave the figure out"
        )
    rows = ledger.select(measure=measure, group=DIFFERENCE, time=week_label(week), statistic="difference")
    overall = [row for row in rows if not row.site and not row.subgroup]
    return ForestPlan(
        label=ledger.measure(measure).label,
        week=week,
        unit=rows[0].unit,
        sites=tuple(sorted(drawn, key=lambda effect: (effect.raw is None, -(effect.raw or 0.0)))),
        common=shown(overall[0]) if overall else None,
        level=trial.design.level,
        own=site,
        noun=trial.sites.noun.many,
        hidden=tuple(effect.site for effect in known if effect.hidden),
    )


def _effect(ledger: Ledger, measure: str, week: int, site: str) -> SiteEffect | None:
    raw, shrunken, holm = (
        find(ledger, measure, statistic=statistic, group=DIFFERENCE, site=site, time=week_label(week))
        for statistic in ("difference", "shrunken", "p_holm")
    )
    if raw is None:
        return None
    (low, high), (shrunken_low, shrunken_high) = interval(raw), interval(shrunken)
    return SiteEffect(
        site=site,
        raw=shown(raw),
        raw_low=low,
        raw_high=high,
        shrunken=shown(shrunken),
        shrunken_low=shrunken_low,
        shrunken_high=shrunken_high,
        p_holm=shown(holm),
        hidden=raw.hidden,
    )


def draw_forest(plan: ForestPlan, palette: Palette) -> Figure:
    """Two marks per site: raw above, shrunken below."""
    values = [plan.common] if plan.common is not None else []
    for effect in plan.sites:
        values += [
            v
            for v in (effect.raw_low, effect.raw_high, effect.shrunken_low, effect.shrunken_high, effect.raw)
            if v is not None
        ]
    scale = value_scale(values, from_zero=False, headroom=0.03, most_ticks=7)
    chart = row_chart(
        [effect.site for effect in plan.sites],
        scale,
        palette,
        axis=f"Forskel, {lower_first(AXIS_TEXTS[plan.unit])}",
        right=[_right(effect) for effect in plan.sites],
        right_heading="Rå / krympet",
        keys=[Key("o", "neutral", "Rå forskel", filled=False), Key("D", "teal", "Krympet mod fælles")],
        strong=frozenset(index for index, effect in enumerate(plan.sites) if effect.site == plan.own),
        label_share=0.3,
        row_height=19.0 if len(plan.sites) <= MANY_ROWS else 16.5,
    )
    if plan.common is not None:
        chart.panel.axvline(plan.common, color=palette["teal"], linewidth=1.0, linestyle=(0, (4, 2)), zorder=1.5)
    for row, effect in enumerate(plan.sites):
        up = chart.heights[row]
        if effect.raw is not None:
            if effect.raw_low is not None and effect.raw_high is not None:
                whisker(chart.panel, effect.raw_low, effect.raw_high, up + 3, palette["neutral"], width=1.0)
            mark(chart.panel, effect.raw, up + 3, "o", palette["neutral"], filled=False, size=5.0)
        if effect.shrunken is not None:
            if effect.shrunken_low is not None and effect.shrunken_high is not None:
                whisker(chart.panel, effect.shrunken_low, effect.shrunken_high, up - 3, palette["teal"], width=1.6)
            mark(chart.panel, effect.shrunken, up - 3, "D", palette["teal"], size=4.5)
    return chart.figure


def _right(effect: SiteEffect) -> str:
    return " / ".join("–" if value is None else number_text(value, 1) for value in (effect.raw, effect.shrunken))


def alt_forest(plan: ForestPlan) -> str:
    """The spread of the raw and the shrunken differences, and which sites' intervals exclude zero."""
    raw = [(effect.raw, effect.site) for effect in plan.sites if effect.raw is not None]
    shrunken = [effect.shrunken for effect in plan.sites if effect.shrunken is not None]
    clear = [
        effect.site
        for effect in plan.sites
        if effect.raw_low is not None and effect.raw_high is not None and not effect.raw_low <= 0 <= effect.raw_high
    ]
    sites = count_of([effect.site for effect in plan.sites])
    return joined(
        f"Punktdiagram over forskellen i {lower_first(plan.label)} i {event_week(plan.week)} for "
        f"{number_text(sites)} {plan.noun}, med {confidence_name(plan.level)}.",
        f"De rå forskelle går fra {_at(min(raw), plan.unit)} til {_at(max(raw), plan.unit)}." if raw else "",
        f"Krympet mod den fælles forskel går de fra {difference_text(min(shrunken), plan.unit)} til "
        f"{difference_text(max(shrunken), plan.unit)}."
        if shrunken
        else "",
        f"Den fælles forskel er {difference_text(plan.common, plan.unit)}." if plan.common is not None else "",
        f"Intervallet rummer ikke nul i {list_text(clear)}."
        if clear
        else "Alle rå intervaller rummer nul."
        if raw
        else "",
        f"Skjult af hensyn til anonymitet: {list_text(plan.hidden)}." if plan.hidden else "",
    )


def _at(found: tuple[float, str], unit: Unit) -> str:
    value, site = found
    return f"{difference_text(value, unit)} ({site})"
