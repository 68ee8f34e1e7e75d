"""How a weekly measure is spread over bands in one week: bars by group, hidden bars marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import EN_DASH, NBSP, capitalise, decapitalise, event_week, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import week_label
from reportlib.prose.estimate_text import HIDDEN_SIGN
from reportlib.show.ledger_rows import AXIS_TEXTS, NothingToShowError, persons, shown
from reportlib.show.part import Chart
from reportlib.show.style import (
    PAGE_WIDTH,
    SEMIBOLD,
    TEXT,
    Box,
    Palette,
    Scale,
    above,
    axes,
    below,
    on_page,
    page,
    text_width,
    value_scale,
    write,
    write_below,
)
from reportlib.show.texts import joined, stop
from reportlib.text.origin import Origin, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

_PANEL_WIDTH = PAGE_WIDTH - 12
_ROOM = 40.0
"""Points that the numbers of two bars side by side need."""
_FILLED = 0.84
"""The part of a band that its bars fill."""

Among = Literal["positive", "all"]
_STATISTIC: dict[Among, str] = {"positive": "share_of_positive", "all": "share_of_all"}
_COLOURS = (("deltager", "deltager"), ("orange-mid", "kontrol"))
"""Fill and edge of each group's bars: told apart without colour too, one being dark and one light."""


@dataclass(frozen=True, slots=True)
class DistributionPlan:
    """Bands in order and, per group, the share in each; None where hidden."""

    label: str
    week: int
    unit: Unit
    bands: tuple[tuple[float, float], ...]
    groups: tuple[str, ...]
    shares: tuple[tuple[float | None, ...], ...]
    counts: tuple[int | None, ...]
    among: Among

    @property
    def to_scale(self) -> bool:
        """Whether bands are drawn as wide as they are: where the narrowest has room for its numbers."""
        widths = [high - low for low, high in self.bands]
        return _PANEL_WIDTH * min(widths) / sum(widths) >= _ROOM and not any(
            one[1] != two[0] for one, two in pairwise(self.bands)
        )

    def names(self) -> list[str]:
        """The groups, each with how many persons its bars share out."""
        return [
            capitalise(name) + ("" if count is None else f" (n = {number_text(count)})")
            for name, count in zip(self.groups, self.counts, strict=True)
        ]

    @property
    def decimals(self) -> int:
        """One where all shares are small, so that they can be told apart."""
        known = [value for shares in self.shares for value in shares if value is not None]
        return 1 if known and max(known) < 10 else 0


def distribution(ledger: Ledger, trial: Trial, measure: str, week: int, *, among: Among = "positive") -> Chart:
    """The measure in bands in one week, by group, among those above zero or among all followed.

    Raises:
        NothingToShowError: the ledger has no such distribution.
    """
    plan, entry = plan_distribution(ledger, trial, measure, week, among=among), ledger.measure(measure)
    who = "blandt personer med et tal over nul" if among == "positive" else "blandt alle, der følges"
    hidden = any(None in shares for shares, n in zip(plan.shares, plan.counts, strict=True) if n != 0)
    return Chart(
        plan=plan,
        draw=draw_distribution,
        alt=distribution_story(plan),
        caption=f"{plan.label}: fordelingen i {event_week(week)} {who}",
        sources=[entry.source],
        notes=[
            # The definition speaks of an average for all; a share of those above zero needs none.
            "" if among == "positive" else entry.definition,
            "Et bånd begynder lige over sin nedre grænse og går til og med sin øvre",
            _width_note(plan),
            "· viser, at søjlen er udeladt af hensyn til anonymiteten" if hidden else "",
        ],
    )


def _width_note(plan: DistributionPlan) -> str:
    """How bands of several widths are to be read."""
    if len({high - low for low, high in plan.bands}) == 1:
        return ""
    if not plan.to_scale:
        return "Båndene er ikke lige brede"
    return "Søjlens bredde er båndets, og dens areal er andelen, som tallet over den siger"


def plan_distribution(
    ledger: Ledger, trial: Trial, measure: str, week: int, *, among: Among = "positive"
) -> DistributionPlan:
    """The rows of a `distribution` analysis.

    Raises:
        NothingToShowError: the ledger has none for the measure in that week.
    """
    entry = ledger.measure(measure)
    rows = ledger.select(measure=measure, statistic=_STATISTIC[among], time=week_label(week), site="")
    names = {group.id: group.label for group in trial.all_groups}
    bands = sorted({_band(row) for row in rows if row.group in names})
    if not bands:
        raise NothingToShowError(
            f"the ledger has no distribution of {measure} in week {week}", hint="add a `distribution` analysis"
        )
    found = {(row.group, _band(row)): shown(row) for row in rows}
    return DistributionPlan(
        label=entry.label,
        week=week,
        unit=entry.unit,
        bands=tuple(bands),
        groups=tuple(names.values()),
        shares=tuple(tuple(found.get((group, band)) for band in bands) for group in names),
        counts=tuple(persons(next((row for row in rows if row.group == group), None)) for group in names),
        among=among,
    )


def _band(row: Estimate) -> tuple[float, float]:
    low, _, high = row.subgroup.partition("-")
    origin = Origin(row.key, "subgroup")
    return with_origin(float(low), origin), with_origin(float(high), origin)


def band_text(band: tuple[float, float]) -> str:
    """`5–10`, `30–37`."""
    low, high = (number_text(limit, 0 if limit == int(limit) else 1) for limit in band)
    return f"{low}{EN_DASH}{high}"


def draw_distribution(plan: DistributionPlan, palette: Palette) -> Figure:
    """Bars from zero, side by side within a band, with their shares above them; a bar's area is its share."""
    height = 205.0
    figure = page(height)
    box = Box(6, 40, _PANEL_WIDTH, height - 40 - 26)
    drawn = plan.bands if plan.to_scale else [(at, at + 1.0) for at in range(len(plan.bands))]
    x = Scale(drawn[0][0], drawn[-1][1], (), 0)
    heights = [
        [None if value is None else value / (high - low) for value, (low, high) in zip(shares, drawn, strict=True)]
        for shares in plan.shares
    ]
    y = value_scale([up for ups in heights for up in ups if up is not None], from_zero=True, headroom=0.12)
    panel = axes(figure, box, x, y)
    panel.axhline(0.0, color=palette["rule"], linewidth=0.9, zorder=4)
    for series, shares in enumerate(plan.shares):
        fill, edge = _COLOURS[series]
        for index, value in enumerate(shares):
            low, high = drawn[index]
            width, tall = _FILLED * (high - low) / len(plan.groups), heights[series][index]
            middle = (low + high) / 2 + (series - (len(plan.groups) - 1) / 2) * width
            if tall is not None:
                wide = 0.92 * width
                panel.add_patch(
                    Rectangle(
                        (middle - wide / 2, 0),
                        wide,
                        tall,
                        facecolor=palette[fill],
                        edgecolor=palette[edge],
                        linewidth=0.8,
                        zorder=3,
                    )
                )
            at, up = box.across(middle, x), box.up(tall or 0.0, y)
            if value is None and plan.counts[series] != 0:
                write(figure, at, up, HIDDEN_SIGN, colour=palette["ink"], size=20, weight=SEMIBOLD, align="center")
            elif value is not None:
                write(
                    figure,
                    at,
                    up + 3,
                    number_text(value, plan.decimals),
                    colour=palette["ink"],
                    align="center",
                )
    for index, band in enumerate(plan.bands):
        write_below(figure, box, x, sum(drawn[index]) / 2, band_text(band), palette)
    below(figure, box, f"{AXIS_TEXTS[plan.unit]} i {event_week(plan.week)}", palette)
    above(figure, box, AXIS_TEXTS[Unit.PCT], palette)
    _key(figure, plan.names(), box, palette)
    return figure


def _key(figure: Figure, names: Sequence[str], box: Box, palette: Palette) -> None:
    """A square in each group's colours with its name, above the panel to the right."""
    at = box.right - sum(text_width(name, TEXT, SEMIBOLD) + 24 for name in names)
    for name, (fill, edge) in zip(names, _COLOURS, strict=False):
        style: Any = {"facecolor": palette[fill], "edgecolor": palette[edge], "linewidth": 0.8}
        on_page(figure, Rectangle((at + 6.5, box.top + 8), 7, 7, **style))
        write(figure, at + 17, box.top + 8.5, name, colour=palette[edge], weight=SEMIBOLD)
        at += text_width(name, TEXT, SEMIBOLD) + 24


def distribution_story(plan: DistributionPlan) -> str:
    """Each band with the groups' shares, and in which bands the first group has the larger share."""
    told: list[str] = []
    larger: tuple[list[str], ...] = tuple([] for _ in plan.groups)
    for index, band in enumerate(plan.bands):
        values = [shares[index] for shares in plan.shares]
        words = [
            ("ingen" if n == 0 else "skjult") if value is None else f"{number_text(value, plan.decimals)}{NBSP}pct."
            for value, n in zip(values, plan.counts, strict=True)
        ]
        told.append(f"{band_text(band)}: {' mod '.join(words)}")
        known = [value for value in values if value is not None]
        if len(known) == len(values) and len(set(known)) > 1:
            larger[known.index(max(known))].append(band_text(band))
    who = "med et tal over nul" if plan.among == "positive" else "af alle, der følges"
    what = f"{decapitalise(plan.label)} i {event_week(plan.week)} i bånd ({decapitalise(AXIS_TEXTS[plan.unit])})"
    return joined(
        f"Søjlediagram over {what}, andele {who}.",
        f"{' mod '.join([*plan.names()[:1], *map(decapitalise, plan.names()[1:])])}: {stop('; '.join(told))}",
        *(
            f"{capitalise(group)} har den største andel i {list_text(bands)}."
            for group, bands in zip(plan.groups, larger, strict=True)
            if bands
        ),
    )
