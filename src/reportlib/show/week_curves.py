"""Curves over event weeks: levels of the groups or of a site and all others, and the difference with its intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from reportlib.danish import (
    confidence_name,
    decapitalise,
    event_week,
    list_text,
    number_text,
    weeks_text,
)
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import FOLLOWED, others_than
from reportlib.prose.section_parts import lasting_week
from reportlib.prose.titles import curve_title
from reportlib.show.curves import Line, band, draw_line, line_of, name_lines, shade_thin
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    by_week,
    difference_rows,
    interval,
    known_site,
    level_rows,
    thin_from,
)
from reportlib.show.part import Chart
from reportlib.show.style import (
    PAGE_WIDTH,
    TEXT,
    WEEKS_AXIS,
    Box,
    Palette,
    Scale,
    above,
    axes,
    horizontal_grid,
    page,
    text_width,
    ticks_below,
    tint,
    value_scale,
    week_scale,
    write,
)
from reportlib.show.texts import (
    difference_text,
    ends_note,
    gap_note,
    hidden_story,
    joined,
    line_story,
    steps_note,
    thin_note,
)
from reportlib.text.origin import count_of, origin_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

TREATED, COMPARISON, OTHERS = "deltager", "kontrol", "neutral"
"""The palette's names for the lines."""


@dataclass(frozen=True, slots=True)
class LevelsPlan:
    """What is plotted: lines over event weeks in one unit. `thin` is the first week in which too few are followed."""

    label: str
    unit: Unit
    lines: tuple[Line, ...]
    thin: int | None = None
    step: bool = False


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


def levels(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None) -> Chart:
    """The weekly levels by group or, with `site`, of the treated at that site beside those at all others.

    Raises:
        NothingToShowError: the ledger has no weekly rows of the measure (by site).
    """
    plan = plan_site_levels(ledger, trial, measure, site) if site else plan_levels(ledger, trial, measure)
    entry = ledger.measure(measure)
    return Chart(
        plan=plan,
        draw=draw_levels,
        alt=levels_story(plan),
        caption=f"{plan.label}: {list_text(line.name for line in plan.lines)}, uge for uge",
        sources=[entry.source],
        notes=[
            entry.definition,
            f"Figuren omfatter kun {trial.groups.treated.many}." if site else "",
            thin_note(plan.thin, trial.follow_up.enough, groups=len(plan.lines)),
            gap_note(plan.lines),
            steps_note(plan.lines),
        ],
    )


def plan_levels(ledger: Ledger, trial: Trial, measure: str) -> LevelsPlan:
    """The weekly levels of a measure in each group.

    Raises:
        NothingToShowError: the ledger has no weekly rows of the measure.
    """
    entry = ledger.measure(measure)
    rows = {group.id: level_rows(ledger, measure, group.id) for group in trial.all_groups}
    if not any(rows.values()):
        raise NothingToShowError(
            f"the ledger has no weekly levels of {measure}", hint="add it to a `weekly` analysis in trial.yml"
        )
    lines = tuple(
        line_of(group.label, colour, rows[group.id], steps=ledger.tells_in_steps(measure))
        for group, colour in zip(trial.all_groups, (TREATED, COMPARISON), strict=False)
    )
    thin = thin_from(ledger, rows, enough=trial.follow_up.enough)
    return LevelsPlan(label=entry.label, unit=entry.unit, lines=lines, thin=thin)


def plan_site_levels(ledger: Ledger, trial: Trial, measure: str, site: str) -> LevelsPlan:
    """The weekly levels of the treated at one site and at all other sites.

    Raises:
        NothingToShowError: unknown site, or no weekly rows by site.
    """
    entry, group = ledger.measure(measure), trial.groups.treated.id
    own = level_rows(ledger, measure, group, site=known_site(trial, site))
    others = level_rows(ledger, measure, group, site=others_than(site))
    if not own and not others:
        raise NothingToShowError(
            f"the ledger has no weekly levels of {measure} by site", hint="set `by_site: true` in its `weekly` analysis"
        )
    lines = (
        line_of(site, TREATED, own, steps=ledger.tells_in_steps(measure)),
        line_of(f"øvrige {trial.sites.noun.many}", OTHERS, others, steps=ledger.tells_in_steps(measure)),
    )
    return LevelsPlan(label=entry.label, unit=entry.unit, lines=lines)


def followed(ledger: Ledger, trial: Trial) -> Chart:
    """How many persons of each group are still followed, week by week, drawn as steps.

    Raises:
        NothingToShowError: the ledger has no counts.
    """
    groups = list(zip(trial.all_groups, (TREATED, COMPARISON), strict=False))
    rows = {
        group.id: by_week(ledger.select(measure=FOLLOWED, group=group.id, statistic="count", site=""))
        for group, _ in groups
    }
    if not any(rows.values()):
        raise NothingToShowError("the ledger does not say how many are followed", hint="run `reportlib analyse` again")
    entry = ledger.measure(FOLLOWED)
    lines = tuple(line_of(group.label, colour, rows[group.id]) for group, colour in groups)
    plan = LevelsPlan(label=entry.label, unit=entry.unit, lines=lines, step=True)
    return Chart(
        plan=plan,
        draw=draw_levels,
        alt=levels_story(plan),
        caption=f"Personer, der stadig følges: {list_text(line.name for line in lines)}, uge for uge",
        sources=[entry.source],
        notes=[entry.definition, gap_note(lines)],
    )


def draw_levels(plan: LevelsPlan, palette: Palette) -> Figure:
    """The figure of a plan: one wide panel."""
    height = 140.0 if plan.step else 170.0
    figure = page(height)
    box = Box(34, 40, PAGE_WIDTH - 34 - 6, height - 40 - 24)
    draw_levels_panel(figure, plan, box, palette)
    return figure


def draw_levels_panel(figure: Figure, plan: LevelsPlan, box: Box, palette: Palette, *, title: str = "") -> None:
    """The levels in `box` of a figure, with their names beside the lines."""
    values = [value for line in plan.lines for _, value in line.known]
    weeks = [week for line in plan.lines for week in line.weeks]
    x, y = week_scale(weeks), value_scale(values, from_zero=True, headroom=0.10)
    panel = axes(figure, box, x, y)
    shade_thin(panel, x, plan.thin, palette)
    horizontal_grid(figure, panel, box, y, palette)
    for line in reversed(plan.lines):
        draw_line(panel, line, palette, thin=plan.thin, step=plan.step)
    name_lines(figure, panel, plan.lines, box, x, y, palette, plan.thin)
    ticks_below(figure, box, x, palette, WEEKS_AXIS)
    above(figure, box, title or AXIS_TEXTS[plan.unit], palette, left=box.left - 28)


def levels_story(plan: LevelsPlan) -> str:
    """What the picture shows, from the plotted numbers."""
    names = list_text(line.name for line in plan.lines)
    return joined(
        f"Kurvediagram over uger efter start. {plan.label}: {names}.",
        *(line_story(line, plan.unit) for line in plan.lines),
        compare_story(plan),
        hidden_story(plan.lines),
        thin_story(plan.thin),
    )


def compare_story(plan: LevelsPlan) -> str:
    """Which of two lines lies higher, and in how many of the weeks both are known."""
    if len(plan.lines) != 2:
        return ""
    first, second = plan.lines
    other = dict(second.known)
    pairs = [(value, other[week]) for week, value in first.known if week in other]
    if not pairs:
        return ""
    above_in = count_of([one for one, two in pairs if one > two])
    below_in = count_of([one for one, two in pairs if one < two])
    weeks = number_text(count_of([one for one, _ in pairs]))
    if above_in == below_in == 0:
        return "De to kurver falder sammen."
    if below_in == 0 or above_in == 0:
        word, count = ("højere", above_in) if above_in else ("lavere", below_in)
        all_weeks = count == len(pairs)
        how_often = f"i alle {weeks} uger" if all_weeks else f"i {number_text(count)} af {weeks} uger og ellers ens"
        return f"{first.heading} ligger {word} end {second.name} {how_often}."
    return (
        f"{first.heading} ligger højere end {second.name} i {number_text(above_in)} af {weeks} uger "
        f"og lavere i {number_text(below_in)}."
    )


def thin_story(week: int | None) -> str:
    """From which week the picture is greyed; empty when it is not."""
    return (
        f"Fra {event_week(week)} er linjerne prikkede på grå bund, fordi få personer følges."
        if week is not None
        else ""
    )


def two_panel(
    ledger: Ledger, trial: Trial, measure: str, *, explained: bool = False, accumulated: bool = False
) -> Chart:
    """The central figure: levels to the left, the difference with pointwise interval and uniform band to the right.

    `accumulated` sums the difference from week 1 instead; its interval knows that the same persons stand behind all.
    `explained` leaves out what the document's reading guide says once for all such figures.

    Raises:
        NothingToShowError: the ledger has no weekly rows of the measure.
    """
    plan, entry = plan_two_panel(ledger, trial, measure, accumulated=accumulated), ledger.measure(measure)
    names = ", ".join(line.name for line in plan.levels.lines)
    how = "lagt sammen uge for uge" if accumulated else "uge for uge"
    return Chart(
        plan=plan,
        draw=draw_two_panel,
        parted=True,
        alt=two_panel_story(plan),
        caption=f"{plan.levels.label}: {names} og forskellen mellem dem, {how}",
        finding=curve_title(ledger, trial, measure),
        sources=[entry.source],
        notes=[
            entry.definition,
            *(() if explained else _how_to_read(plan, trial)),
            steps_note(plan.levels.lines),
            ends_note(plan.levels.lines),
        ],
    )


def _how_to_read(plan: TwoPanelPlan, trial: Trial) -> tuple[str, ...]:
    difference, enough = plan.difference, trial.follow_up.enough
    field = "Mørkt felt: den statistiske usikkerhed for hver uge for sig."
    if difference.uniform is not None:
        field += " Lyst felt: usikkerheden for hele kurven på én gang."
    upright = "Lodret linje: Herfra er forskellen sikker i alle uger med mindst"
    return (
        field,
        "" if difference.lasting is None else f"{upright} {number_text(enough)} personer i hver gruppe.",
        thin_note(plan.levels.thin, enough, groups=len(plan.levels.lines)),
        gap_note(plan.levels.lines),
    )


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
    lasting = None if accumulated else lasting_week(ledger, trial, measure)
    week = None if lasting is None else lasting.value
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
    draw_levels_panel(figure, plan.levels, left, palette, title=f"Niveau: {decapitalise(unit)}")
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
    ticks_below(figure, box, x, palette, WEEKS_AXIS)
    what = "Forskel, lagt sammen" if difference.accumulated else "Forskel"
    above(figure, box, f"{what}: {decapitalise(AXIS_TEXTS[difference.unit])}", palette, left=box.left - 28)


def _difference_scale(difference: DifferencePlan) -> Scale:
    """Holds the line everywhere, and both intervals in the weeks with enough persons: later ones may be cut off."""
    values = [value for _, value in difference.line.known]
    for limits in (difference.pointwise, difference.uniform):
        if limits is not None:
            values += limits.known(difference.line.weeks, before=difference.thin)
    # The mark's words stand in a strip of their own above everything drawn.
    return value_scale(values, from_zero=False, headroom=0.10 if difference.lasting is None else 0.16)


def _draw_band(
    panel: Any, difference: DifferencePlan, limits: Limits, *, fill: str, dashed: bool, palette: Palette
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


def _mark_week(figure: Figure, panel: Any, box: Box, x: Scale, week: int, palette: Palette) -> None:
    """A dotted upright line at the week from which the difference lasts, named at the top."""
    panel.axvline(week, color=palette["ink"], linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=3)
    text = f"fra {event_week(week)}"
    at = box.across(week, x)
    to_left = at + 3 + text_width(text, TEXT) > box.right
    write(
        figure,
        at - 3 if to_left else at + 3,
        box.top - 0.85 * TEXT,
        text,
        colour=palette["ink"],
        align="right" if to_left else "left",
    )


def two_panel_story(plan: TwoPanelPlan) -> str:
    """What both panels show, from the plotted numbers: levels, direction and size of the difference, and certainty."""
    levels, difference = plan.levels, plan.difference
    names = list_text(line.name for line in levels.lines)
    return joined(
        f"To kurvediagrammer over uger efter start. Til venstre {decapitalise(levels.label)}: {names}.",
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
