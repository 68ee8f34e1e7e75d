"""The report's central figure: levels in both groups to the left, the difference with its intervals to the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import confidence_name, event_week, list_text, weeks_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.show.canvas_panel import Panel
from reportlib.show.curves import Line, band, draw_line, line_of, shade_thin
from reportlib.show.ledger_rows import NothingToShowError, difference_rows, interval, shown
from reportlib.show.palette import Palette
from reportlib.show.style import (
    AXIS_TEXTS,
    PAGE_WIDTH,
    SMALL,
    Box,
    Scale,
    above,
    axes,
    horizontal_grid,
    page,
    tint,
    value_scale,
    week_scale,
    weeks_below,
    write,
)
from reportlib.show.texts import difference_text, hidden_story, joined, line_story, lower_first
from reportlib.show.typeface import text_width
from reportlib.show.week_curves import LevelsPlan, compare_story, draw_levels_panel, plan_levels, thin_story
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial


@dataclass(frozen=True, slots=True)
class Limits:
    """An interval week by week, None where there is none to show."""

    low: tuple[float | None, ...]
    high: tuple[float | None, ...]

    def known(self, weeks: tuple[int, ...], *, before: int | None) -> list[float]:
        """All ends before the week `before` (None: all)."""
        ends = zip((*weeks, *weeks), (*self.low, *self.high), strict=True)
        return [end for week, end in ends if end is not None and (before is None or week < before)]


@dataclass(frozen=True, slots=True)
class DifferencePlan:
    """The weekly difference (treated minus comparison) with both intervals, and from which week it lasts."""

    line: Line
    unit: Unit
    level: float
    pointwise: Limits
    uniform: Limits | None
    lasting: int | None
    thin: int | None
    accumulated: bool = False


@dataclass(frozen=True, slots=True)
class TwoPanelPlan:
    """Levels and difference of one measure."""

    levels: LevelsPlan
    difference: DifferencePlan


def plan_two_panel(ledger: Ledger, trial: Trial, measure: str, *, accumulated: bool = False) -> TwoPanelPlan:
    """The rows of a measure's weekly analysis as plotted numbers; `accumulated` sums the differences from week 1.

    Raises:
        NothingToShowError: the ledger has no weekly levels or differences of the measure.
    """
    levels = plan_levels(ledger, trial, measure)
    rows = difference_rows(ledger, measure, "accumulated" if accumulated else "difference")
    if not rows:
        raise NothingToShowError(
            f"the ledger has no weekly differences of {measure}", hint="a figure without a difference is `levels`"
        )
    line = line_of("forskellen", "teal", rows, steps=ledger.tells_in_steps(measure))
    uniform = {} if accumulated else difference_rows(ledger, measure, "uniform_band")
    lasting = ledger.select(measure=measure, group=DIFFERENCE, statistic="first_lasting_week", site="", subgroup="")
    week = shown(lasting[0]) if lasting and not accumulated else None
    difference = DifferencePlan(
        line=line,
        unit=next(iter(rows.values())).unit,
        level=trial.design.level,
        pointwise=_limits(line.weeks, rows),
        uniform=_limits(line.weeks, uniform) if uniform else None,
        lasting=None if week is None else with_origin(int(week), origin_of(week)),
        thin=levels.thin,
        accumulated=accumulated,
    )
    return TwoPanelPlan(levels=levels, difference=difference)


def _limits(weeks: tuple[int, ...], rows: Mapping[int, Estimate]) -> Limits:
    ends = [interval(rows.get(week)) for week in weeks]
    return Limits(low=tuple(low for low, _ in ends), high=tuple(high for _, high in ends))


def draw_two_panel(plan: TwoPanelPlan, palette: Palette) -> Figure:
    """The two panels side by side, with the same weeks on both axes."""
    height, number_room, between = 158.0, 30.0, 20.0
    figure = page(height)
    width = (PAGE_WIDTH - 2 * number_room - between - 6) / 2
    left = Box(number_room, 34, width, height - 34 - 24)
    right = Box(2 * number_room + between + width, 34, width, height - 34 - 24)
    unit = AXIS_TEXTS[plan.levels.unit]
    draw_levels_panel(figure, plan.levels, left, palette, title=f"Niveau: {lower_first(unit)}")
    _draw_difference(figure, plan, right, palette)
    return figure


def _draw_difference(figure: Figure, plan: TwoPanelPlan, box: Box, palette: Palette) -> None:
    difference = plan.difference
    weeks = [week for line in (*plan.levels.lines, difference.line) for week in line.weeks]
    x, y = week_scale(weeks), _difference_scale(difference)
    panel = axes(figure, box, x, y)
    shade_thin(panel, x, difference.thin, palette)
    if difference.uniform is not None:
        _draw_band(panel, difference, difference.uniform, fill=palette["teal-pale"], dashed=True, palette=palette)
    _draw_band(
        panel, difference, difference.pointwise, fill=tint(palette["teal-mid"], 0.6), dashed=False, palette=palette
    )
    horizontal_grid(figure, panel, box, y, palette)
    draw_line(panel, difference.line, palette, thin=difference.thin)
    if difference.lasting is not None:
        _mark_week(figure, panel, box, x, difference.lasting, palette)
    weeks_below(figure, box, x, palette)
    what = "Forskel, lagt sammen" if difference.accumulated else "Forskel"
    above(figure, box, f"{what}: {lower_first(AXIS_TEXTS[difference.unit])}", palette, left=box.left - 28)


def _difference_scale(difference: DifferencePlan) -> Scale:
    """Holds the line everywhere, and both intervals in the weeks with enough persons: later ones may be cut off."""
    values = [value for _, value in difference.line.known]
    for limits in (difference.pointwise, difference.uniform):
        if limits is not None:
            values += limits.known(difference.line.weeks, before=difference.thin)
    # The mark's words stand in a strip of their own above everything drawn.
    return value_scale(values, from_zero=False, headroom=0.10 if difference.lasting is None else 0.16)


def _draw_band(
    panel: Panel, difference: DifferencePlan, limits: Limits, *, fill: str, dashed: bool, palette: Palette
) -> None:
    band(
        panel,
        difference.line.weeks,
        limits.low,
        limits.high,
        fill=fill,
        edge=palette["teal"],
        dashed=dashed,
        zorder=1.0 if dashed else 1.5,
        steps=difference.line.steps,
    )


def _mark_week(figure: Figure, panel: Panel, box: Box, x: Scale, week: int, palette: Palette) -> None:
    """A dotted upright line at the week from which the difference lasts, named at the top."""
    panel.axvline(week, color=palette["ink"], linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=3)
    text = f"fra {event_week(week)}"
    at = box.left + box.width * (week - x.low) / (x.high - x.low)
    to_left = at + 3 + text_width(text, SMALL) > box.right
    write(
        figure,
        at - 3 if to_left else at + 3,
        box.top - 0.85 * SMALL,
        text,
        colour=palette["ink"],
        size=SMALL,
        align="right" if to_left else "left",
    )


def alt_two_panel(plan: TwoPanelPlan) -> str:
    """What both panels show, from the plotted numbers: levels, direction and size of the difference, and certainty."""
    levels, difference = plan.levels, plan.difference
    names = list_text(line.name for line in levels.lines)
    return joined(
        f"To kurvediagrammer over uger efter start. Til venstre {lower_first(levels.label)}: {names}.",
        *(line_story(line, levels.unit) for line in levels.lines),
        compare_story(levels),
        f"Til højre forskellen{', lagt sammen fra første uge,' if difference.accumulated else ''} med "
        f"{confidence_name(difference.level)}.",
        _difference_story(difference),
        _certainty_story(difference),
        hidden_story((*levels.lines, difference.line)),
        thin_story(levels.thin),
    )


def _difference_story(plan: DifferencePlan) -> str:
    known = [(week, value) for week, value in plan.line.known if plan.thin is None or week < plan.thin]
    known = known or plan.line.known
    if not known:
        return "Forskellen er skjult i alle uger."
    low_week, low = min(known, key=lambda point: point[1])
    high_week, high = max(known, key=lambda point: point[1])
    last_week, last = known[-1]
    return (
        f"Forskellen går fra {difference_text(low, plan.unit)} ({event_week(low_week)}) til "
        f"{difference_text(high, plan.unit)} ({event_week(high_week)}) og er {difference_text(last, plan.unit)} "
        f"i {event_week(last_week)}."
    )


def _certainty_story(plan: DifferencePlan) -> str:
    """Where the pointwise interval excludes zero, among the weeks with enough persons."""
    excluded: dict[str, list[int]] = {"over": [], "under": []}
    counted = 0
    for week, low, high in zip(plan.line.weeks, plan.pointwise.low, plan.pointwise.high, strict=True):
        if low is None or high is None or (plan.thin is not None and week >= plan.thin):
            continue
        counted += 1
        if low > 0:
            excluded["over"].append(week)
        elif high < 0:
            excluded["under"].append(week)
    if not counted:
        return ""
    stories = [f"{side} nul i {weeks_text(weeks)}" for side, weeks in excluded.items() if weeks]
    if not stories:
        return "Intervallet rummer nul i alle uger, hvor nok personer følges."
    lasting = f" Et mærke viser, at det varer ved fra {event_week(plan.lasting)}." if plan.lasting is not None else ""
    return f"Intervallet ligger {' og '.join(stories)}.{lasting}"
