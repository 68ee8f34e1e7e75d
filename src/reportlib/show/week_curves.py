"""One panel of weekly levels: the groups of a trial, or one municipality's own figures beside all others'."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import event_week, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import others_than
from reportlib.show.curves import Line, draw_line, line_of, name_lines, shade_thin
from reportlib.show.ledger_rows import NothingToShowError, known_site, level_rows, thin_from
from reportlib.show.palette import Palette
from reportlib.show.style import (
    AXIS_TEXTS,
    PAGE_WIDTH,
    Box,
    above,
    axes,
    horizontal_grid,
    page,
    value_scale,
    week_scale,
    weeks_below,
)
from reportlib.show.texts import hidden_story, joined, line_story
from reportlib.text.origin import count_of
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
    weeks_below(figure, box, x, palette)
    above(figure, box, title or AXIS_TEXTS[plan.unit], palette, left=box.left - 28)


def alt_levels(plan: LevelsPlan) -> str:
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
