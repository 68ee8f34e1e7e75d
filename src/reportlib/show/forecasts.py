"""Recruitment week by week, three paths ahead with the interval of the future, and what so many persons can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matplotlib.figure import Figure

from reportlib.danish import NBSP, capitalise, date_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.prose.progress import reaching_title
from reportlib.prose.section_parts import number_fact
from reportlib.show import table_cells as cells
from reportlib.show.curves import Line, band, draw_line, paper
from reportlib.show.ledger_rows import NothingToShowError, find, interval, shown
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.style import (
    PAGE_WIDTH,
    SEMIBOLD,
    TEXT,
    Box,
    Palette,
    Scale,
    above,
    axes,
    horizontal_grid,
    page,
    text_width,
    tint,
    value_scale,
    write,
)
from reportlib.show.texts import gap_note, joined, steps_note
from reportlib.text.marks import mark
from reportlib.text.origin import Origin, derived, origin_of, setting, with_origin
from reportlib.trial.analyses import Recruitment
from reportlib.trial.model import PATHS, Trial, analysis_of


@dataclass(frozen=True, slots=True)
class RecruitmentPlan:
    """The past as a line over weeks of the project, the paths from its end on, and dashed lines across.

    `days` are the last day of the first week, of the last week so far and of the last week of the forecast, which
    stands in no calendar of the trial: `end` is what it is counted from.
    """

    label: str
    past: Line
    paths: tuple[Line, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    across: tuple[tuple[str, float], ...]
    days: tuple[date, date, date]
    end: Origin | None = None
    persons: str = "borgere"


_ACROSS: tuple[tuple[str, Any], ...] = (("orange", (0, (4, 3))), ("ink", "solid"))
"""Colour and dashes of the lines across: what was aimed at, and what a study needs."""


def recruitment(ledger: Ledger, trial: Trial) -> Chart:
    """Recruitment so far, the three paths ahead with the interval, and the milestone and needed number across."""
    spec = analysis_of(trial, Recruitment)
    plan, entry = plan_recruitment(ledger, trial, spec), ledger.measure(spec.measure)
    return Chart(
        plan=plan,
        draw=draw_recruitment,
        alt=recruitment_story(plan),
        finding=reaching_title(ledger, trial, spec),
        caption=f"{entry.label}: antal {trial.persons.many} indtil nu og tre fremskrivninger",
        sources=[entry.source],
        notes=[
            f"Fremskrivningerne fører tempoet i de seneste {number_text(spec.latest)} uger videre; den forsigtige og "
            "den optimistiske bruger et tempo, som det sande tempo kun med ti procents sandsynlighed er lavere eller "
            "højere end",
            "Feltet viser usikkerheden om det antal, der bliver nået, hvis tempoet holder",
            gap_note([plan.past]),
            steps_note([plan.past]),
        ],
    )


def plan_recruitment(ledger: Ledger, trial: Trial, spec: Recruitment) -> RecruitmentPlan:
    """The rows of the recruitment analysis as plotted numbers.

    Raises:
        NothingToShowError: the ledger has none.
    """

    def rows(statistic: str) -> dict[int, Estimate]:
        found = ledger.select(measure=spec.measure, group=trial.groups.treated.id, statistic=statistic)
        return _by_project_week(found)

    past, future = rows("recruited"), rows("forecast_interval")
    ahead = {path: rows(f"forecast_{path}") for path in PATHS}
    if not past:
        raise NothingToShowError("the ledger has no recruitment", hint="run `reportlib analyse` again")
    last = max(past)
    casework = trial.extracts.casework
    now, day_setting = trial.follow_up.last_day, setting("follow_up.last_day")
    if casework is not None and casework.last_day is not None:
        now, day_setting = casework.last_day, setting("extracts.casework.last_day")
    return RecruitmentPlan(
        label=ledger.measure(spec.measure).label,
        persons=trial.persons.many,
        past=_line("indtil nu", "deltager", past, steps=ledger.tells_in_steps(spec.measure)),
        paths=tuple(
            _line(name.lower(), colour, {last: past[last], **ahead[path]})
            for (path, name), colour in zip(PATHS.items(), ("neutral", "navy", "series-3"), strict=True)
            if ahead[path]
        ),
        low=(shown(past[last]), *(interval(row)[0] for row in future.values())),
        high=(shown(past[last]), *(interval(row)[1] for row in future.values())),
        across=tuple(
            (name, number_fact(trial, fact))
            for name, fact in (("Milepæl", spec.milestone), ("Behov", spec.needed))
            if isinstance(trial.facts[fact].value, int)
        ),
        days=(trial.period.first, now, now + timedelta(weeks=len(future))),
        end=derived("dag", [day_setting, *_ends(past, future)]),
    )


def _by_project_week(rows: Sequence[Estimate]) -> dict[int, Estimate]:
    found = {int(row.time.removeprefix("projektuge")): row for row in rows if row.time.startswith("projektuge")}
    return dict(sorted(found.items()))


def _ends(past: dict[int, Estimate], future: dict[int, Estimate]) -> list[Origin]:
    """The last week so far and the last week ahead, as their rows name them."""
    return [Origin(rows[max(rows)].key, "time") for rows in (past, future) if rows]


def _line(name: str, colour: str, rows: dict[int, Estimate], *, steps: bool = False) -> Line:
    return Line(
        name=name,
        colour=colour,
        weeks=tuple(rows),
        values=tuple(shown(row) for row in rows.values()),
        hidden=(hidden := tuple(week for week, row in rows.items() if row.hidden)),
        steps=steps and bool(hidden),
    )


def draw_recruitment(plan: RecruitmentPlan, palette: Palette) -> Figure:
    """One wide panel from zero; the paths end with their names and numbers to the right."""
    height = 230.0
    figure = page(height)
    ends = [(line, line.known[-1][1]) for line in plan.paths if line.known]
    texts = [f"{line.heading} {number_text(value, 0)}" for line, value in ends]
    right = max([text_width(text, TEXT, SEMIBOLD) for text in texts], default=0.0) + 10
    box = Box(34, 30, PAGE_WIDTH - 34 - right, height - 30 - 24)
    weeks = [week for line in (plan.past, *plan.paths) for week in line.weeks]
    x = Scale(min(weeks) - 0.5, max(weeks) + 0.5, (), 0)
    drawn = [value for line in (plan.past, *plan.paths) for _, value in line.known]
    drawn += [value for _, value in plan.across] + [value for value in plan.high if value is not None]
    y = value_scale(drawn, from_zero=True, headroom=0.08)
    panel = axes(figure, box, x, y)
    horizontal_grid(figure, panel, box, y, palette)
    if plan.paths:
        band(
            panel,
            plan.paths[0].weeks,
            plan.low,
            plan.high,
            fill=tint(palette["teal"], 0.12),
            edge=palette["teal-mid"],
            dashed=True,
            zorder=1.0,
        )
    for (name, value), (colour, dashes) in zip(plan.across, _ACROSS, strict=False):
        panel.axhline(value, color=palette[colour], linewidth=0.9, linestyle=dashes, zorder=2)
        at = box.up(value, y)
        text = f"{name}: {number_text(value)}"
        paper(panel, (2, at + 1.5 - box.bottom), (text_width(text, TEXT) + 4, TEXT + 2), box, x, y, palette)
        write(figure, box.left + 4, at + 3, text, colour=palette[colour])
    draw_line(panel, plan.past, palette, thin=None)
    for line in plan.paths:
        draw_line(panel, line, palette, thin=None)
    levels = _apart([box.up(value, y) for _, value in ends])
    for (line, _), text, at in zip(ends, texts, levels, strict=True):
        write(figure, box.right + 6, at - 0.33 * TEXT, text, colour=palette[line.colour], weight=SEMIBOLD)
    _months(figure, plan, box, x, palette)
    above(figure, box, f"Antal {plan.persons}", palette, left=box.left - 28)
    return figure


def _apart(levels: list[float], gap: float = 12.0) -> list[float]:
    """The heights moved up where they would stand on one another, lowest first."""
    placed = dict.fromkeys(range(len(levels)), 0.0)
    last = float("-inf")
    for index in sorted(range(len(levels)), key=lambda at: levels[at]):
        last = max(levels[index], last + gap)
        placed[index] = last
    return [placed[index] for index in range(len(levels))]


def _months(figure: Figure, plan: RecruitmentPlan, box: Box, x: Scale, palette: Palette) -> None:
    """The three days below the panel where their weeks end."""
    first, now, end = plan.days
    last = date_text(end) if plan.end is None else mark(date_text(end), plan.end)
    for day, text, align in (
        (first, date_text(first), "left"),
        (now, date_text(now), "center"),
        (end, last, "right"),
    ):
        week = 1 + (day - first) // timedelta(days=7)
        at = box.across(week, x)
        at = box.left if align == "left" else box.right if align == "right" else at
        write(figure, at, box.bottom - 6 - TEXT, text, colour=palette["muted"], align=align)


def recruitment_story(plan: RecruitmentPlan) -> str:
    """Where the line ends, where the paths end, and what they are held against."""
    known = plan.past.known
    so_far = f"{plan.past.heading} slutter på {number_text(known[-1][1], 0)}." if known else ""
    paths = "; ".join(
        f"{line.heading.lower()} {number_text(line.known[-1][1], 0)}" for line in plan.paths if line.known
    )
    across = "; ".join(f"{name}{NBSP}{number_text(value)}" for name, value in plan.across)
    return joined(
        f"Kurvediagram over uger. {plan.label}.",
        so_far,
        f"Fremskrivningerne slutter på: {paths}." if paths else "",
        f"Vandrette linjer: {across}." if across else "",
    )


def forecast(ledger: Ledger, trial: Trial) -> Table:
    """Each path: persons at the end of the forecast, and weeks until the needed number is reached."""
    spec, group = analysis_of(trial, Recruitment), trial.groups.treated.id
    entry, rows = ledger.measure(spec.measure), []
    for path, name in PATHS.items():
        end = find(ledger, spec.measure, statistic=f"forecast_{path}", group=group, time="slut")
        weeks = find(ledger, spec.measure, statistic=f"weeks_{path}", group=group)
        rows.append([name, cells.estimate(end), cells.estimate(weeks)])
    return Table(
        finding=reaching_title(ledger, trial, spec),
        caption=f"{entry.label}: tre fremskrivninger",
        head="Fremskrivning",
        columns=["Antal ved slutningen", "Uger til behovet er nået"],
        rows=rows,
        sources=[entry.source],
        notes=[f"Behovet er det antal {trial.persons.many}, et effektstudie kræver"],
    )


def power(ledger: Ledger, trial: Trial) -> Table:
    """The least rise that so many persons can be expected to show, fewest persons first.

    Raises:
        NothingToShowError: the recruitment analysis has no outcome.
    """
    spec = analysis_of(trial, Recruitment)
    if spec.outcome is None:
        raise NothingToShowError("recruitment has no outcome", hint="name one in trial.yml")
    entry, names = ledger.measure(spec.outcome), _who_so_many_are(ledger, trial, spec)
    found = ledger.select(measure=spec.outcome, statistic="detectable")
    chance = number_text(with_origin(100 * spec.power, origin_of(spec.power)), 0)
    return Table(
        caption=f"{entry.label}: hvor stor en forskel kan ses?",
        head=f"{capitalise(trial.persons.many)} med indsatsen",
        columns=["Antal", "Mindste forskel (procentpoint)"],
        rows=[
            [
                capitalise(", ".join(names.get(row.n or 0, ())) or "Andet antal"),
                cells.persons(row),
                cells.estimate(row),
            ]
            for row in sorted(found, key=lambda row: row.n or 0)
        ],
        sources=[entry.source],
        notes=[
            f"Regnet med lige så mange {trial.persons.many} at sammenligne med og {chance} procents sandsynlighed for "
            "at finde forskellen, hvis den er der",
            "Niveauet uden indsats er sat til andelen i året før",
        ],
    )


def _who_so_many_are(ledger: Ledger, trial: Trial, spec: Recruitment) -> dict[int, list[str]]:
    """What each number of persons is: those there are, those needed, and where the paths end."""
    group, names = trial.groups.treated.id, dict[int, list[str]]()
    reached = find(ledger, spec.measure, statistic="share", group=group)
    needed = trial.facts[spec.needed].value
    ends = {
        f"{name.lower()} fremskrivning": find(
            ledger, spec.measure, statistic=f"forecast_{path}", group=group, time="slut"
        )
        for path, name in PATHS.items()
    }
    if reached is not None and reached.k is not None:
        names.setdefault(reached.k, []).append("begyndt indtil nu")
    if isinstance(needed, int):
        names.setdefault(needed, []).append("behovet")
    for name, row in ends.items():
        if row is not None and row.value is not None:
            names.setdefault(int(row.number + 0.5), []).append(name)
    return names
