"""The same persons again: measured several times, beside those who have them all, or before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reportlib.danish import NBSP, capitalise, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import AFTER, BEFORE, others_than
from reportlib.prose.estimate_text import HIDDEN_SIGN, hidden_cell_note
from reportlib.prose.section_parts import change_of, number_fact
from reportlib.prose.titles import differences_title, found_title
from reportlib.prose.words import outcome_noun
from reportlib.show import table_cells as cells
from reportlib.show.curves import Line, draw_line
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    between,
    counted,
    definitions_of,
    find,
    interval,
    known_site,
    others_heading,
    persons,
    row_name,
    shown,
    some_of,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import PER_CENT, Key, RowPlan, Stretch, draw_rows, mark, row
from reportlib.show.stacked import numbering
from reportlib.show.style import (
    LINE_HEIGHT,
    LINE_WIDTH,
    PAGE_WIDTH,
    SEMIBOLD,
    TEXT,
    Box,
    Palette,
    Scale,
    above,
    axes,
    horizontal_grid,
    on_page,
    page,
    said,
    text_width,
    write,
)
from reportlib.show.texts import joined, level_text, no_interval_note, stop
from reportlib.text.units import Unit
from reportlib.trial.analyses import BeforeAfter
from reportlib.trial.model import Trial, before_after_of, scales_of

# Repeated measurements: the mean each time, and how many have each.


@dataclass(frozen=True, slots=True)
class MeasurementsPlan:
    """Lines over the numbers of measurements; `low` and `high` are the interval of the first line.

    `reference` is drawn as a dashed line with its name. `ticks` name the measurements, `counts` who is behind them.
    """

    label: str
    lines: tuple[Line, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    ticks: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    reference: float | None = None
    reference_name: str = ""


def measurements_figure(ledger: Ledger, trial: Trial, measure: str, *, reference: str | None = None) -> Chart:
    """The mean score of everybody with each measurement beside the persons who have them all.

    `reference` is the id of the fact that is drawn as a line across.
    """
    names = numbering(trial, scales_of(trial, measure))
    survey, entry = trial.group_of(measure), ledger.measure(measure)
    places = tuple(range(1, len(names) + 1))
    everyone, panel = (
        [find(ledger, measure, statistic=statistic, group=survey, time=f"maaling{at}") for at in places]
        for statistic in ("mean", "panel_mean")
    )
    plan = MeasurementsPlan(
        label=entry.label,
        lines=(
            Line("alle målte", "deltager", places, tuple(map(shown, everyone))),
            Line("de samme hele vejen", "orange", places, tuple(map(shown, panel))),
        ),
        low=tuple(interval(row)[0] for row in everyone),
        high=tuple(interval(row)[1] for row in everyone),
        ticks=tuple(name.partition(" (")[0] for name in names.values()),
        counts=(tuple(map(persons, everyone)), tuple(map(persons, panel))),
        reference=number_fact(trial, reference) if reference else None,
        reference_name="Befolkningen",
    )
    beside = [trial.sources[trial.facts[reference].source].text] if reference else []
    return Chart(
        plan=plan,
        draw=draw_measurements,
        alt=measurements_story(plan),
        finding=found_title(
            trial, "change", change_of(ledger, trial, measure), noun=outcome_noun(trial.measure_by_id[measure])
        ),
        caption=f"{entry.label} måling for måling",
        sources=[entry.source, *beside],
        notes=[
            entry.definition,
            "De lodrette streger viser den statistiske usikkerhed for alle målte",
            no_interval_note(zip(plan.lines[0].values, plan.low, strict=True)),
            "Aksen begynder ikke i nul",
        ],
    )


def draw_measurements(plan: MeasurementsPlan, palette: Palette) -> Figure:
    """The lines in a panel whose axis holds the data and the reference, and the persons below the measurements."""
    rows_below = 1 + len(plan.lines)
    bottom = 10.0 + LINE_HEIGHT * (1.0 + rows_below)
    height = bottom + 120.0 + 26.0
    figure = page(height)
    names = [f"Antal, {line.name}" for line in plan.lines]
    left = max(text_width(name, TEXT) for name in names) + 14
    box = Box(left, bottom, PAGE_WIDTH - left - 12, 120.0)
    most = len(plan.ticks)
    x = Scale(0.6, most + 0.4, (), 0)
    y = _scale(plan)
    panel = axes(figure, box, x, y)
    horizontal_grid(figure, panel, box, y, palette)
    if plan.reference is not None:
        panel.axhline(plan.reference, color=palette["ink"], linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
        at = box.up(plan.reference, y)
        text = f"{plan.reference_name}: {number_text(plan.reference, 1)}"
        if _clearance(plan, 0) > _clearance(plan, -1):
            write(figure, box.left + 4, at + 3, text, colour=palette["ink"])
        else:
            write(figure, box.right, at + 3, text, colour=palette["ink"], align="right")
    first = plan.lines[0]
    for week, value, low, high in zip(first.weeks, first.values, plan.low, plan.high, strict=True):
        if value is not None and low is not None and high is not None:
            panel.plot([week, week], [low, high], color=palette[first.colour], linewidth=1.1, zorder=3)
    for line in reversed(plan.lines):
        draw_line(panel, line, palette, thin=None if line is first else min(line.weeks))  # dotted
        for week, value in line.known:
            panel.plot([week], [value], **_mark(line is first, palette[line.colour]), zorder=5)
    _write_names(figure, plan.lines, box, palette)
    for at, tick in enumerate(plan.ticks, start=1):
        middle = box.across(at, x)
        write(figure, middle, box.bottom - 4 - TEXT, tick, colour=palette["ink"], align="center")
        for down, counts in enumerate(plan.counts, start=1):
            count = counts[at - 1]
            text = HIDDEN_SIGN if count is None else number_text(count)
            below = box.bottom - 4 - TEXT - down * LINE_HEIGHT
            colour = palette[plan.lines[down - 1].colour]
            write(figure, middle, below, text, colour=colour, align="center")
    for down, (name, line) in enumerate(zip(names, plan.lines, strict=True), start=1):
        below = box.bottom - 4 - TEXT - down * LINE_HEIGHT
        write(figure, box.left - 6, below, name, colour=palette[line.colour], align="right")
    above(figure, box, "Score", palette, left=box.left - 28)
    return figure


def _mark(first: bool, colour: str) -> dict[str, Any]:
    """A line's mark: a filled round one, or a hollow square, so that the lines are told apart without their colours."""
    form = {"marker": "o", "markerfacecolor": colour} if first else {"marker": "s", "markerfacecolor": "white"}
    return {**form, "markersize": 4.0, "markeredgecolor": colour, "color": colour}


def _clearance(plan: MeasurementsPlan, at: int) -> float:
    """How far the reference lies from what is drawn at a measurement: its name goes to the end with more room."""
    assert plan.reference is not None
    ends = [plan.low[at], plan.high[at], *(line.values[at] for line in plan.lines)]
    drawn = [end for end in ends if end is not None]
    if not drawn or min(drawn) <= plan.reference <= max(drawn):
        return 0.0
    return min(abs(end - plan.reference) for end in drawn)


def _write_names(figure: Figure, lines: tuple[Line, ...], box: Box, palette: Palette) -> None:
    """The lines' names above the panel, each after its line: over the lines they would stand on the intervals."""
    at = box.right
    for line in reversed(lines):
        at -= text_width(line.heading, TEXT, SEMIBOLD)
        write(figure, at, box.top + 8, line.heading, colour=palette[line.colour], weight=SEMIBOLD)
        first, colour = line is lines[0], palette[line.colour]
        look: dict[str, Any] = {"linestyle": "solid" if first else (0, (1.2, 1.4)), "linewidth": LINE_WIDTH}
        middle = [box.top + 11] * 3
        on_page(figure, Line2D([at - 22, at - 13, at - 4], middle, markevery=[1], **look, **_mark(first, colour)))
        at -= 36


def _scale(plan: MeasurementsPlan) -> Scale:
    """Round steps around everything drawn. The axis does not begin at zero: scores move within a few steps."""
    drawn = [value for line in plan.lines for _, value in line.known]
    drawn += [end for end in (*plan.low, *plan.high) if end is not None]
    drawn += [plan.reference] if plan.reference is not None else []
    low, high = (min(drawn), max(drawn)) if drawn else (0.0, 1.0)
    span = max(high - low, 1e-6)
    step = next(step for step in (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if span / step <= 6 or step == 20.0)
    first, last = int(low // step), int(-(-high // step)) + (1 if high % step > 0.8 * step else 0)
    ticks = tuple(round(index * step, 10) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, 0 if step >= 1 else 1)


def measurements_story(plan: MeasurementsPlan) -> str:
    """Every line measurement by measurement with its persons, and the reference."""
    stories = []
    for line, counts in zip(plan.lines, plan.counts, strict=True):
        told = [
            f"{tick} {number_text(value, 1)}" + ("" if count is None else f" ({number_text(count)} personer)")
            for tick, value, count in zip(plan.ticks, line.values, counts, strict=True)
            if value is not None
        ]
        stories.append(f"{line.heading}: {', '.join(told)}." if told else f"{line.heading}: skjult.")
    reference = (
        f"Til sammenligning er {plan.reference_name.lower()}{NBSP}{number_text(plan.reference, 1)}."
        if plan.reference is not None
        else ""
    )
    return joined(f"Kurvediagram over gentagne målinger. {plan.label}.", *stories, reference)


def measurements_table(ledger: Ledger, trial: Trial, counts: str) -> Table:
    """How many have each measurement, and for how many it is the last."""
    names = numbering(trial, scales_of(trial, counts))
    survey, entry = trial.group_of(counts), ledger.measure(counts)
    rows: list[list[str]] = [
        [
            capitalise(name),
            *(
                cells.estimate(find(ledger, counts, statistic=statistic, group=survey, time=f"maaling{number}"))
                for statistic in ("count", "last_reached")
            ),
        ]
        for number, name in names.items()
    ]
    sheets, persons = (find(ledger, counts, statistic=statistic, group=survey) for statistic in ("sheets", "count"))
    return Table(
        caption=entry.label,
        head="Måling",
        columns=["Besvarelser", f"{capitalise(trial.persons.many)}, hvis seneste måling det er"],
        rows=[*rows, [cells.text("I alt", strong=True), cells.estimate(sheets), cells.estimate(persons)]],
        sources=[entry.source],
        notes=[entry.definition],
    )


def scores(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """The mean of each score at every measurement, and at the first and the last of those who have them all.

    Raises:
        NothingToShowError: no `scales` analysis holds one of the measures.
    """
    spec = scales_of(trial, measures[0])
    times = {f"maaling{number}": name.split(" (")[0] for number, name in numbering(trial, spec).items()}
    first, *_, last = times
    rows = []
    for measure in measures:
        group = trial.group_of(measure)
        means = [find(ledger, measure, group=group, time=time) for time in times]
        panel = [find(ledger, measure, statistic="panel_mean", group=group, time=time) for time in (first, last)]
        some_of(means, f"{measure} by measurement", "add it to a `scales` analysis")
        rows.append([row_name(ledger, measure), *(cells.estimate(row) for row in (*means, *panel))])
    group = trial.group_of(spec.counts)
    counts = [find(ledger, spec.counts, statistic="count", group=group, time=time) for time in times]
    return Table(
        finding=differences_title(trial, [change_of(ledger, trial, measure) for measure in measures]),
        caption="Gennemsnit ved hver måling",
        head="Spørgsmål",
        columns=[*times.values(), f"Samme {trial.persons.many}, første", f"Samme {trial.persons.many}, sidste"],
        rows=[
            *rows,
            [
                cells.text(capitalise(trial.persons.many), strong=True),
                *map(cells.estimate, counts),
                *map(cells.persons, panel),
            ],
        ],
        sources=sources_of(ledger, measures),
        notes=sorted(definitions_of(ledger, measures)),
    )


# Before and after: two dots a row joined by a line, and the table with the change.


def before_after_figure(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Chart:
    """Shares before and after in the same persons; with `site` that site's persons."""
    place = known_site(trial, site) if site else ""
    title = f"De samme {trial.persons.many} før og efter" + (f" i {site}" if site else "")
    drawn, told, hidden = [], [], False
    for measure in measures:
        found = [find(ledger, measure, group=group, site=place) for group in (BEFORE, AFTER)]
        one, two = map(shown, found)
        label = ledger.measure(measure).label
        dots = [mark(one, "o", "neutral", filled=False, size=7.0), mark(two, "o", "deltager", size=7.0)]
        between = None if one is None or two is None else Stretch(one, two, "line", width=2.0, zorder=2)
        numbers = [HIDDEN_SIGN if value is None else number_text(value, 0) for value in (one, two)]
        drawn.append(row(label, [between, *dots], counted(" / ".join(numbers), found[1]), share=0.4))
        words = ["skjult" if value is None else level_text(value, Unit.PCT) for value in (one, two)]
        told.append(f"{label}: {words[0]} før, {words[1]} efter")
        hidden = hidden or one is None or two is None
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=PER_CENT,
            axis=said(AXIS_TEXTS[Unit.PCT]),
            right_heading="Før / efter (n)",
            keys=(Key("o", "neutral", said("Før"), filled=False), Key("o", "deltager", said("Efter"))),
            row_height=24.0,
        ),
        draw=draw_rows,
        alt=joined(f"Punktdiagram med to punkter i hver række. {title}.", stop("; ".join(told))),
        caption=title,
        finding="" if site else _changes(ledger, trial, measures),
        sources=sources_of(ledger, measures),
        notes=[
            _windows(before_after_of(trial, measures[0])),
            hidden_cell_note(trial.disclosure.threshold) if hidden else "",
        ],
    )


def _changes(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> str:
    """How many of the changes are sure."""
    return differences_title(trial, [between(ledger, name) for name in measures])


def _windows(spec: BeforeAfter) -> str:
    return f"Før er {spec.before_window}, efter er tiden {spec.after_window}"


def before_after_table(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """Levels before and after and the change with interval and p; with `site` its levels beside those of all others.

    Raises:
        NothingToShowError: no `before_after` analysis holds one of the measures, or it is not by site.
    """
    spec = before_after_of(trial, measures[0])
    places = [known_site(trial, site), others_than(site)] if site else [""]
    rows = []
    for measure in measures:
        levels = [find(ledger, measure, group=group, site=place) for place in places for group in (BEFORE, AFTER)]
        if site:
            some_of(levels, f"{measure} by site", "set `by_site: true`")
        cells_of = [row_name(ledger, measure), *(cells.estimate(row) for row in levels)]
        if not site:
            change = between(ledger, measure)
            p = cells.p_value(change, level=trial.design.level)
            cells_of += [cells.with_interval(change), p, cells.persons(levels[1])]
        rows.append(cells_of)
    names = (site, others_heading(trial))
    at_site = [f"{name}, {moment}" for name in names for moment in ("før", "efter")]
    beside = f", {site} og øvrige {trial.sites.noun.many}" if site else ""
    definitions = [f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures]
    return Table(
        caption=f"De samme {trial.persons.many} før og efter{beside}",
        finding="" if site else _changes(ledger, trial, measures),
        head="Mål",
        columns=at_site if site else ["Før", "Efter", "Udvikling", "p-værdi", "Antal"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[_windows(spec), *definitions],
    )
