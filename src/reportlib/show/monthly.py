"""Monthly numbers of areas: those that take part and all others, with the difference between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matplotlib.figure import Figure

from reportlib.danish import decapitalise, list_text, month_text, value_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.prose.quasi import series_title
from reportlib.show import table_cells as cells
from reportlib.show.curves import Line, draw_line, name_lines
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    definitions_of,
    find,
    shown,
    sources_of,
    unit_name,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.style import (
    PAGE_WIDTH,
    Box,
    Palette,
    Scale,
    above,
    axes,
    horizontal_grid,
    page,
    value_scale,
    write_below,
)
from reportlib.show.texts import joined, stop, whole_trial_note
from reportlib.text.marks import marked
from reportlib.text.origin import AXIS, with_origin
from reportlib.text.units import RULES, Unit
from reportlib.trial.model import Trial


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """Lines over months; `weeks` of a line are positions in `months`. `difference` is None where it is not computed."""

    label: str
    unit: Unit
    months: tuple[str, ...]
    lines: tuple[Line, ...]
    difference: Line | None


def series(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None, own: bool = False) -> Chart:
    """Monthly numbers of those that take part and all others; with `own` of the version's site and the other sites.

    Raises:
        NothingToShowError: the ledger has no monthly numbers of the measure.
    """
    plan, entry = plan_series(ledger, trial, measure, site=site if own else None), ledger.measure(measure)
    return Chart(
        plan=plan,
        draw=draw_series,
        parted=plan.difference is not None,
        alt=series_story(plan),
        finding="" if own else series_title(ledger, trial, measure),
        caption=f"{plan.label}: {list_text(line.name for line in plan.lines)}",
        sources=[entry.source],
        notes=[
            entry.definition,
            "Den lodrette akse begynder ikke ved nul",
            "" if own else whole_trial_note(site),
        ],
    )


def plan_series(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None) -> SeriesPlan:
    """The rows of a `series` analysis: the two sides and their difference or, with `site`, that site and the others.

    Raises:
        NothingToShowError: the ledger has no monthly numbers of the measure (by site).
    """
    entry, treated = ledger.measure(measure), trial.groups.treated.id
    many = trial.sites.noun.many
    if site is not None:
        sides = [
            (site, "deltager", treated, site),
            (f"øvrige deltagende {many}", "neutral", treated, others_than(site)),
        ]
    else:
        comparison = trial.groups.comparison
        sides = [(f"deltagende {many}", "deltager", treated, "")]
        sides += [(f"øvrige {many}", "kontrol", comparison.id, "")] if comparison is not None else []
    found = {name: _by_month(ledger, measure, group, place) for name, _, group, place in sides}
    months = tuple(sorted({month for rows in found.values() for month in rows}))
    if not months:
        raise NothingToShowError(
            f"the ledger has no monthly numbers of {measure}", hint="add it to a `series` analysis"
        )
    places = tuple(range(1, len(months) + 1))
    lines = tuple(
        Line(name, colour, places, tuple(found[name].get(month) for month in months)) for name, colour, _, _ in sides
    )
    gaps = _by_month(ledger, measure, DIFFERENCE, "") if site is None else {}
    difference = Line("forskellen", "teal", places, tuple(gaps.get(month) for month in months)) if gaps else None
    return SeriesPlan(entry.label, entry.unit, months, lines, difference)


def _by_month(ledger: Ledger, measure: str, group: str, site: str) -> dict[str, float | None]:
    rows = ledger.select(measure=measure, group=group, site=site, statistic="monthly")
    return {row.time: shown(row) for row in rows}


def draw_series(plan: SeriesPlan, palette: Palette) -> Figure:
    """Levels, and to their right the difference where there is one. The levels' axis does not begin at zero."""
    height, number_room = 158.0, 34.0
    figure = page(height)
    both = plan.difference is not None
    width = (PAGE_WIDTH - 2 * number_room - 24) / 2 if both else PAGE_WIDTH - number_room - 6
    left = Box(number_room, 24, width, height - 24 - 24)
    x = Scale(0.3, len(plan.months) + 0.7, (), 0)
    values = [value for line in plan.lines for _, value in line.known]
    y = _close_scale(values)
    panel = _month_panel(figure, left, x, y, AXIS_TEXTS[plan.unit], plan, palette)
    for line in reversed(plan.lines):
        draw_line(panel, line, palette, thin=None)
    name_lines(figure, panel, plan.lines, left, x, y, palette, None)
    if plan.difference is not None:
        right = Box(2 * number_room + 18 + width, 24, width, height - 24 - 24)
        unit = RULES[plan.unit].difference or plan.unit
        gaps = [value for _, value in plan.difference.known]
        scale = value_scale([*gaps, -0.05 * max(map(abs, gaps)), 0.05 * max(map(abs, gaps))], from_zero=False)
        panel = _month_panel(figure, right, x, scale, f"Forskel: {decapitalise(AXIS_TEXTS[unit])}", plan, palette)
        draw_line(panel, plan.difference, palette, thin=None)
    return figure


def _close_scale(values: list[float]) -> Scale:
    """An axis around the values; a line chart of levels that hardly move would be flat from zero."""
    low, high = min(values), max(values)
    room = max(high - low, 1e-9)
    inner = value_scale([0.0, room * 1.2], from_zero=False, most_ticks=6)
    step = inner.ticks[1] - inner.ticks[0]
    first = step * int(low / step)
    ticks = [round(first + step * place, 10) for place in range(int((high - first) / step) + 2)]
    return Scale(ticks[0], ticks[-1], tuple(ticks), inner.decimals)


def _month_panel(figure: Figure, box: Box, x: Scale, y: Scale, title: str, plan: SeriesPlan, palette: Palette) -> Any:
    panel = axes(figure, box, x, y)
    horizontal_grid(figure, panel, box, y, palette)
    for place, month in enumerate(plan.months, start=1):
        if month.endswith(("-01", "-07")):
            text = f"jan. {marked(month[:4], with_origin(int(month[:4]), AXIS))}" if month.endswith("-01") else "juli"
            write_below(figure, box, x, place, text, palette)
    above(figure, box, title, palette, left=box.left - 28)
    return panel


def series_story(plan: SeriesPlan) -> str:
    """What the picture shows, from the plotted numbers."""
    first, last = (_month(plan.months[place]) for place in (0, -1))
    return joined(
        f"Kurvediagram over måneder fra {first} til {last}. {plan.label}.",
        *(_story(line, plan) for line in plan.lines),
        _difference_story(plan),
    )


def _story(line: Line, plan: SeriesPlan) -> str:
    if not line.known:
        return f"{line.heading}: alle måneder er skjult."
    (_, first), (_, last) = line.known[0], line.known[-1]
    return stop(f"{line.heading}: fra {value_text(first, plan.unit, 1)} til {value_text(last, plan.unit, 1)}")


def _difference_story(plan: SeriesPlan) -> str:
    if plan.difference is None or not plan.difference.known:
        return ""
    known = plan.difference.known
    unit = RULES[plan.unit].difference or plan.unit
    low, high = (pick(value for _, value in known) for pick in (min, max))
    return f"Forskellen ligger mellem {value_text(low, unit, 2)} og {value_text(high, unit, 2)}."


def _month(month: str) -> str:
    """`2018-03` as `marts 2018`."""
    day = date.fromisoformat(f"{month}-01")
    return marked(month_text(day), with_origin(day.year, AXIS))


def months(
    ledger: Ledger, trial: Trial, measures: Sequence[str], days: Sequence[date], *, decimals: int | None = None
) -> Table:
    """Monthly numbers of areas in a few months: those that take part, all others, and all.

    Raises:
        NothingToShowError: a measure has no monthly numbers.
    """
    comparison = trial.groups.comparison
    groups = {trial.groups.treated.id: "Deltagende", "alle": "Alle"}
    if comparison is not None:
        groups = {trial.groups.treated.id: "Deltagende", comparison.id: "Øvrige", "alle": "Alle"}
    rows = []
    for measure in measures:
        entry = ledger.measure(measure)
        unit = f" ({unit_name(entry.unit)})" if unit_name(entry.unit) else ""
        for day in days:
            found = [find(ledger, measure, statistic="monthly", group=group, time=f"{day:%Y-%m}") for group in groups]
            if all(row is None for row in found):
                raise NothingToShowError(f"the ledger has no {measure} in {day:%Y-%m}")
            label = f"{entry.label}, {month_text(day)}{unit}"
            rows.append([label, *(cells.estimate(row, decimals) for row in found)])
    return Table(
        caption="Månedstal",
        head="Mål og måned",
        columns=[f"{name} {trial.sites.noun.many}" for name in groups.values()],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=definitions_of(ledger, measures),
    )
