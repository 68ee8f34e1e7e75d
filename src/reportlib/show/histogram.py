"""How a weekly measure is spread over bands in one week: bars by group, hidden bars marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import EN_DASH, NBSP, capitalise, decapitalise, event_week, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import week_label
from reportlib.show.ledger_rows import AXIS_TEXTS, NothingToShowError, persons, shown
from reportlib.show.palette import Palette
from reportlib.show.part import Chart
from reportlib.show.style import (
    PAGE_WIDTH,
    SEMIBOLD,
    SMALL,
    Box,
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
from reportlib.show.texts import HIDDEN_SIGN, joined, stop
from reportlib.text.origin import Origin, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

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
    among: Among

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
    hidden = any(value is None for shares in plan.shares for value in shares)
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
            "Båndene er ikke lige brede" if len({high - low for low, high in plan.bands}) > 1 else "",
            _persons_note(ledger, trial, measure, week, among),
            "· viser, at søjlen er udeladt af hensyn til anonymiteten" if hidden else "",
        ],
    )


def _persons_note(ledger: Ledger, trial: Trial, measure: str, week: int, among: Among) -> str:
    """How many persons each group's bars share out; empty where that may not be told."""
    rows = ledger.select(measure=measure, statistic=_STATISTIC[among], time=week_label(week), site="")
    found = {row.group: row for row in rows}
    counts = {group.label: persons(found.get(group.id)) for group in trial.all_groups}
    if any(count is None for count in counts.values()):
        return ""
    told = list_text(f"{number_text(count or 0)} i {label}" for label, count in counts.items())
    return f"Søjlerne fordeler {told}"


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
    """Bars from zero, side by side within a band, with their values above them."""
    height = 205.0
    figure = page(height)
    box = Box(6, 40, PAGE_WIDTH - 12, height - 40 - 26)
    known = [value for shares in plan.shares for value in shares if value is not None]
    x = Scale(-0.5, len(plan.bands) - 0.5, (), 0)
    y = value_scale(known, from_zero=True, headroom=0.12)
    panel = axes(figure, box, x, y)
    panel.axhline(0.0, color=palette["rule"], linewidth=0.9, zorder=4)
    width = 0.76 / len(plan.groups)
    for series, shares in enumerate(plan.shares):
        fill, edge = _COLOURS[series]
        for index, value in enumerate(shares):
            middle = index + (series - (len(plan.groups) - 1) / 2) * width
            if value is not None:
                wide = 0.92 * width
                panel.add_patch(
                    Rectangle(
                        (middle - wide / 2, 0),
                        wide,
                        value,
                        facecolor=palette[fill],
                        edgecolor=palette[edge],
                        linewidth=0.8,
                        zorder=3,
                    )
                )
            at = box.left + (middle - x.low) / (x.high - x.low) * box.width
            up = box.bottom + (value or 0.0) / (y.high - y.low) * box.height
            if value is None:
                write(figure, at, up, HIDDEN_SIGN, colour=palette["ink"], size=20, weight=SEMIBOLD, align="center")
            else:
                write(
                    figure,
                    at,
                    up + 3,
                    number_text(value, plan.decimals),
                    colour=palette["ink"],
                    size=SMALL,
                    align="center",
                )
    for index, band in enumerate(plan.bands):
        write_below(figure, box, x, index, band_text(band), palette)
    below(figure, box, f"{AXIS_TEXTS[plan.unit]} i {event_week(plan.week)}", palette)
    above(figure, box, AXIS_TEXTS[Unit.PCT], palette)
    _key(figure, plan.groups, box, palette)
    return figure


def _key(figure: Figure, groups: Sequence[str], box: Box, palette: Palette) -> None:
    """A square in each group's colours with its name, above the panel to the right."""
    names = [capitalise(name) for name in groups]
    at = box.right - sum(text_width(name, SMALL, SEMIBOLD) + 24 for name in names)
    for name, (fill, edge) in zip(names, _COLOURS, strict=False):
        style: Any = {"facecolor": palette[fill], "edgecolor": palette[edge], "linewidth": 0.8}
        on_page(figure, Rectangle((at + 6.5, box.top + 8), 7, 7, **style))
        write(figure, at + 17, box.top + 8.5, name, colour=palette[edge], size=SMALL, weight=SEMIBOLD)
        at += text_width(name, SMALL, SEMIBOLD) + 24


def distribution_story(plan: DistributionPlan) -> str:
    """Each band with the groups' shares, and in which bands the first group has the larger share."""
    told: list[str] = []
    larger: tuple[list[str], ...] = tuple([] for _ in plan.groups)
    for index, band in enumerate(plan.bands):
        values = [shares[index] for shares in plan.shares]
        words = ["skjult" if value is None else f"{number_text(value, plan.decimals)}{NBSP}pct." for value in values]
        told.append(f"{band_text(band)}: {' mod '.join(words)}")
        known = [value for value in values if value is not None]
        if len(known) == len(values) and len(set(known)) > 1:
            larger[known.index(max(known))].append(band_text(band))
    who = "med et tal over nul" if plan.among == "positive" else "af alle, der følges"
    what = f"{decapitalise(plan.label)} i {event_week(plan.week)} i bånd ({decapitalise(AXIS_TEXTS[plan.unit])})"
    return joined(
        f"Søjlediagram over {what}, andele {who}.",
        f"{capitalise(' mod '.join(plan.groups))}: {stop('; '.join(told))}",
        *(
            f"{capitalise(group)} har den største andel i {list_text(bands)}."
            for group, bands in zip(plan.groups, larger, strict=True)
            if bands
        ),
    )
