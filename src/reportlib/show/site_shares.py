"""A share by site: a dot per site, whose shape and colour are its traffic light where the share has a target."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import NBSP, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site, shown, target_if_any
from reportlib.show.palette import Palette
from reportlib.show.row_chart import MANY_ROWS, Key, mark, row_chart
from reportlib.show.style import AXIS_TEXTS, Scale
from reportlib.show.texts import joined, lower_first, stop
from reportlib.text.origin import count_of
from reportlib.text.units import Unit
from reportlib.trial.analyses import Light, light
from reportlib.trial.model import Trial

# The theme's shapes: a circle is green, a triangle yellow, a square red.
_MARKS = {
    Light.GREEN: ("o", "groen"),
    Light.YELLOW: ("^", "gul"),
    Light.RED: ("s", "roed"),
    Light.UNKNOWN: ("o", "teal"),
}
_WORDS = {Light.GREEN: "Grøn", Light.YELLOW: "Gul", Light.RED: "Rød"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The least share of a green and of a yellow site."""

    green: float
    yellow: float


@dataclass(frozen=True, slots=True)
class SharesBySitePlan:
    """Sites highest first, hidden ones last; the first row may be the version's own site (`own`)."""

    label: str
    sites: tuple[str, ...]
    values: tuple[float | None, ...]
    lights: tuple[Light, ...]
    target: Limits | None
    overall: float | None
    own: str | None
    noun: str


def plan_shares_by_site(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None) -> SharesBySitePlan:
    """The shares of every site, with the light each has.

    Raises:
        NothingToShowError: the ledger has no shares of the measure by site, or no such site.
    """
    target = target_if_any(trial, measure)
    group = component_group(trial, measure)
    rows = {name: find(ledger, measure, group=group, site=name) for name in trial.sites.names}
    if all(row is None for row in rows.values()):
        raise NothingToShowError(
            f"the ledger has no {measure} by site", hint="name it under `elements` or set `by_site: true`"
        )
    values = {name: shown(row) for name, row in rows.items()}
    own = known_site(trial, site) if site else None
    ordered = sorted(values, key=lambda name: (name != own, values[name] is None, -(values[name] or 0.0)))
    return SharesBySitePlan(
        label=ledger.measure(measure).label,
        sites=tuple(ordered),
        values=tuple(values[name] for name in ordered),
        lights=tuple(light(values[name], target) if target else Light.UNKNOWN for name in ordered),
        target=Limits(target.green, target.yellow) if target else None,
        overall=shown(find(ledger, measure, group=group)),
        own=own,
        noun=trial.sites.noun.many,
    )


def draw_shares_by_site(plan: SharesBySitePlan, palette: Palette) -> Figure:
    """Dots on 0 to 100 per cent with the two limits as upright lines."""
    scale = Scale(0.0, 100.0, (0.0, 20.0, 40.0, 60.0, 80.0, 100.0), 0)
    chart = row_chart(
        plan.sites,
        scale,
        palette,
        axis=AXIS_TEXTS[Unit.PCT],
        right=["skjult" if value is None else number_text(value) for value in plan.values],
        right_heading="Pct.",
        keys=_keys(plan.target),
        strong=frozenset({0}) if plan.own else frozenset(),
        row_height=16.0 if len(plan.sites) <= MANY_ROWS else 14.0,
    )
    if plan.target:
        for limit, colour in ((plan.target.green, "groen"), (plan.target.yellow, "gul")):
            chart.panel.axvline(limit, color=palette[colour], linewidth=1.0, linestyle=(0, (4, 2)), zorder=1.5)
    elif plan.overall is not None:
        chart.panel.axvline(plan.overall, color=palette["ink"], linewidth=1.0, linestyle=(0, (4, 2)), zorder=1.5)
    for row, (value, status) in enumerate(zip(plan.values, plan.lights, strict=True)):
        if value is None:
            continue
        marker, colour = _MARKS[status]
        height = chart.heights[row]
        chart.panel.plot([0, value], [height, height], color=palette["line"], linewidth=1.0, zorder=1)
        mark(chart.panel, value, height, marker, palette[colour], size=7.0)
    return chart.figure


def _keys(target: Limits | None) -> list[Key]:
    if target is None:
        return []
    return [
        Key("o", "groen", f"Grøn: mindst {number_text(target.green)}"),
        Key("^", "gul", f"Gul: mindst {number_text(target.yellow)}"),
        Key("s", "roed", f"Rød: under {number_text(target.yellow)}"),
    ]


def alt_shares_by_site(plan: SharesBySitePlan) -> str:
    """Every site with its share, highest first or by colour, the share in all, and the hidden sites."""
    told = {name: value for name, value in zip(plan.sites, plan.values, strict=True) if value is not None}
    hidden = [name for name in plan.sites if name not in told]
    goal = ""
    if plan.target:
        goal = f", med mål ved {number_text(plan.target.green)} og {number_text(plan.target.yellow)}{NBSP}pct"
    return joined(
        f"Punktdiagram: {lower_first(plan.label)} i procent for {number_text(count_of(plan.sites))} {plan.noun}{goal}.",
        f"Samlet {number_text(plan.overall)}{NBSP}pct." if plan.overall is not None else "",
        *(_by_colour(plan, told) if plan.target else [stop(list_text(_named(told)))] if told else []),
        f"Skjult af hensyn til anonymitet: {list_text(hidden)}." if hidden else "",
    )


def _by_colour(plan: SharesBySitePlan, told: dict[str, float]) -> list[str]:
    lights = dict(zip(plan.sites, plan.lights, strict=True))
    stories = []
    for status, word in _WORDS.items():
        members = {name: value for name, value in told.items() if lights[name] is status}
        if members:
            stories.append(f"{word} ({number_text(count_of(members))}): {list_text(_named(members))}.")
    return stories


def _named(told: dict[str, float]) -> list[str]:
    return [f"{name} {number_text(value)}" for name, value in told.items()]
