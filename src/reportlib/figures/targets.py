"""One component by site against its target: a dot per site whose shape and colour are its traffic light."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import NBSP, list_text, number_text
from reportlib.figures.palette import Palette
from reportlib.figures.rowchart import Key, mark, row_chart
from reportlib.figures.rows import NothingToShowError, component_group, find, known_site, shown
from reportlib.figures.style import AXIS_TEXTS, Scale
from reportlib.figures.texts import joined, lower_first
from reportlib.ledger import Ledger
from reportlib.targets import Light, light
from reportlib.trial.analyses import Target
from reportlib.trial.model import Trial
from reportlib.units import Unit

# The theme's shapes: a circle is green, a triangle yellow, a square red.
_MARKS = {Light.GREEN: ("o", "groen"), Light.YELLOW: ("^", "gul"), Light.RED: ("s", "roed")}
_WORDS = {Light.GREEN: "grøn", Light.YELLOW: "gul", Light.RED: "rød"}


@dataclass(frozen=True, slots=True)
class TargetsPlan:
    """Sites highest first, hidden ones last; the first row may be the version's own site (`own`)."""

    label: str
    sites: tuple[str, ...]
    values: tuple[float | None, ...]
    lights: tuple[Light, ...]
    green: float
    yellow: float
    overall: float | None
    own: str | None
    noun: str


def plan_targets(ledger: Ledger, trial: Trial, measure: str, target: Target, *, site: str | None = None) -> TargetsPlan:
    """The shares of every site, with the light each has.

    Raises:
        NothingToShowError: the ledger has no shares of the measure by site, or no such site.
    """
    group = component_group(trial, measure)
    rows = {name: find(ledger, measure, group=group, site=name) for name in trial.sites.names}
    if all(row is None for row in rows.values()):
        raise NothingToShowError(
            f"the ledger has no {measure} by site", hint="name it under `elements` or set `by_site: true`"
        )
    values = {name: shown(row) for name, row in rows.items()}
    own = known_site(trial, site) if site else None
    ordered = sorted(values, key=lambda name: (name != own, values[name] is None, -(values[name] or 0.0)))
    return TargetsPlan(
        label=ledger.measure(measure).label,
        sites=tuple(ordered),
        values=tuple(values[name] for name in ordered),
        lights=tuple(light(values[name], target) for name in ordered),
        green=target.green,
        yellow=target.yellow,
        overall=shown(find(ledger, measure, group=group)),
        own=own,
        noun=trial.sites.noun.many,
    )


def draw_targets(plan: TargetsPlan, palette: Palette) -> Figure:
    """Dots on 0 to 100 per cent with the two limits as upright lines."""
    scale = Scale(0.0, 100.0, (0.0, 20.0, 40.0, 60.0, 80.0, 100.0), 0)
    chart = row_chart(
        plan.sites,
        scale,
        palette,
        axis=AXIS_TEXTS[Unit.PCT],
        right=["skjult" if value is None else number_text(value) for value in plan.values],
        right_heading="Pct.",
        keys=[
            Key("o", "groen", f"Grøn: mindst {number_text(plan.green)}"),
            Key("^", "gul", f"Gul: mindst {number_text(plan.yellow)}"),
            Key("s", "roed", f"Rød: under {number_text(plan.yellow)}"),
        ],
        strong=frozenset({0}) if plan.own else frozenset(),
    )
    for limit, colour in ((plan.green, "groen"), (plan.yellow, "gul")):
        chart.panel.axvline(limit, color=palette[colour], linewidth=1.0, linestyle=(0, (4, 2)), zorder=1.5)
    for row, (value, status) in enumerate(zip(plan.values, plan.lights, strict=True)):
        if value is None:
            continue
        marker, colour = _MARKS[status]
        height = chart.heights[row]
        chart.panel.plot([0, value], [height, height], color=palette["line"], linewidth=1.0, zorder=1)
        mark(chart.panel, value, height, marker, palette[colour], size=7.0)
    return chart.figure


def alt_targets(plan: TargetsPlan) -> str:
    """How many sites have each colour, which, and their shares."""
    stories = []
    for status in (Light.GREEN, Light.YELLOW, Light.RED):
        members = [
            f"{name} {number_text(value)}"
            for name, value, own in zip(plan.sites, plan.values, plan.lights, strict=True)
            if own is status and value is not None
        ]
        if members:
            stories.append(f"{_WORDS[status].capitalize()} ({number_text(len(members))}): {list_text(members)}.")
    hidden = [name for name, value in zip(plan.sites, plan.values, strict=True) if value is None]
    return joined(
        f"Punktdiagram over {lower_first(plan.label)} i procent for {number_text(len(plan.sites))} {plan.noun}, "
        f"med mål ved {number_text(plan.green)} og {number_text(plan.yellow)}{NBSP}pct.",
        f"Samlet {number_text(plan.overall)}{NBSP}pct." if plan.overall is not None else "",
        *stories,
        f"Skjult af hensyn til anonymitet: {list_text(hidden)}." if hidden else "",
    )
