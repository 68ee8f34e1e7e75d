"""Answers to a survey as dots on their scale: means with n and interval, or shares; one site beside all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import capitalise, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import others_than
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, interval, known_site, persons, shown
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, RowChart, mark, row_chart, whisker
from reportlib.show.style import AXIS_TEXTS, Scale, value_scale
from reportlib.show.texts import joined, level_text, stop
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import RULES, Unit
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import Trial

_SERIES = (("o", "deltager", True), ("D", "neutral", False))
"""Marker, colour and filling of the first and the second series."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its interval and n; None where it is hidden or missing."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """Answers in the order they are drawn: by value, highest first, hidden ones last.

    `names` are the one or two series; `points[i]` holds a point per series. `low` and `high` are the scale's ends with
    their words (`low_label` and `high_label` empty for shares).
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    points: tuple[tuple[Point, ...], ...]
    unit: Unit
    low: float
    high: float
    low_label: str = ""
    high_label: str = ""


def plan_survey(
    ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None, sort: bool = True
) -> SurveyPlan:
    """The answers to several questions on one scale.

    Raises:
        NothingToShowError: no rows, several units or scales, or no such site.
    """
    units = {ledger.measure(measure).unit for measure in measures}
    scales = {_scale(trial, measure) for measure in measures}
    if len(units) != 1 or len(scales) != 1:
        raise NothingToShowError(
            "the measures of a survey figure must have one unit and one scale", hint="make a figure for each scale"
        )
    found: list[tuple[str, tuple[Point, ...]]] = []
    for measure in measures:
        rows = _rows(ledger, trial, measure, site)
        if all(row is None for row in rows):
            raise NothingToShowError(f"the ledger has no answers to {measure}", hint="add it to a `shares` analysis")
        found.append((ledger.measure(measure).label, tuple(_point(row) for row in rows)))
    if sort:
        found.sort(key=lambda answer: _order(answer[1]))
    low, low_label, high, high_label = scales.pop()
    return SurveyPlan(
        labels=tuple(label for label, _ in found),
        names=(site, f"øvrige {trial.sites.noun.many}") if site else (),
        points=tuple(points for _, points in found),
        unit=units.pop(),
        low=low,
        high=high,
        low_label=low_label,
        high_label=high_label,
    )


def _rows(ledger: Ledger, trial: Trial, measure: str, site: str | None) -> list[Estimate | None]:
    group = component_group(trial, measure)
    places = (known_site(trial, site), others_than(site)) if site else ("",)
    return [find(ledger, measure, group=group, site=place) for place in places]


def _point(row: Estimate | None) -> Point:
    low, high = interval(row)
    return Point(value=shown(row), low=low, high=high, n=persons(row), hidden=row is not None and row.hidden)


def _order(points: Sequence[Point]) -> tuple[bool, float]:
    first = next((point.value for point in points if point.value is not None), None)
    return (first is None, -(first or 0.0))


def _scale(trial: Trial, measure: str) -> tuple[float, str, float, str]:
    computed = trial.measure_by_id[measure].computed
    if isinstance(computed, SurveyMean):
        low, high = (with_origin(float(end), origin_of(end)) for end in (computed.low, computed.high))
        return low, computed.low_label, high, computed.high_label
    return 0.0, "", 100.0, ""


def draw_survey(plan: SurveyPlan, palette: Palette) -> Figure:
    """Dots with intervals on the whole scale; value and n to the right."""
    scale = _axis(plan)
    axis = AXIS_TEXTS[plan.unit]
    if plan.low_label:
        axis = f"{number_text(plan.low)} = {plan.low_label}, {number_text(plan.high)} = {plan.high_label}"
    keys = [
        Key(marker, colour, capitalise(name), filled=filled)
        for name, (marker, colour, filled) in zip(plan.names, _SERIES, strict=False)
    ]
    chart = row_chart(
        plan.labels,
        scale,
        palette,
        axis=axis,
        right=[_right(points, plan.unit) for points in plan.points],
        right_heading="Svar (n)" if plan.names else f"{_value_heading(plan.unit)} (n)",
        keys=keys,
        label_share=0.42,
        row_height=18.0 if plan.names else 16.0,
    )
    for row, points in enumerate(plan.points):
        _draw_row(chart, row, points, palette)
    return chart.figure


def _draw_row(chart: RowChart, row: int, points: Sequence[Point], palette: Palette) -> None:
    offsets = (0.0,) if len(points) == 1 else (4.0, -4.0)
    for point, offset, (marker, colour, filled) in zip(points, offsets, _SERIES, strict=False):
        height = chart.heights[row] + offset
        if point.value is None:
            continue
        if point.low is not None and point.high is not None:
            low, high = max(point.low, chart.scale.low), min(point.high, chart.scale.high)
            whisker(chart.panel, low, high, height, palette[colour])
        size = 6.0 if marker == "o" else 5.0
        mark(chart.panel, point.value, height, marker, palette[colour], filled=filled, size=size)


def _axis(plan: SurveyPlan) -> Scale:
    if plan.unit is Unit.PCT:
        return Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0)
    span = plan.high - plan.low
    if span <= 12 and span == int(span):
        return Scale(plan.low, plan.high, tuple(plan.low + step for step in range(int(span) + 1)), 0)
    inside = value_scale([plan.low, plan.high], from_zero=False, headroom=0.0)
    return Scale(plan.low, plan.high, tuple(t for t in inside.ticks if plan.low <= t <= plan.high), inside.decimals)


def _right(points: Sequence[Point], unit: Unit) -> str:
    """`7,4 (313)`; with two series only their n: `24 / 290`."""
    if len(points) == 1:
        point = points[0]
        if point.value is None:
            return "skjult" if point.hidden else "–"
        count = "–" if point.n is None else number_text(point.n)
        return f"{number_text(point.value, RULES[unit].decimals)} ({count})"
    return " / ".join("·" if point.n is None else number_text(point.n) for point in points)


def _value_heading(unit: Unit) -> str:
    return "Pct." if unit is Unit.PCT else "Gennemsnit"


def alt_survey(plan: SurveyPlan) -> str:
    """Every answer with its value, highest first, and the hidden ones by name."""
    what = "andele i procent"
    if plan.unit is not Unit.PCT:
        ends = f"{number_text(plan.low)} ({plan.low_label}) til {number_text(plan.high)} ({plan.high_label})"
        what = f"gennemsnit på en skala fra {ends}"
    beside = f" for {plan.names[0]} og {plan.names[1]}" if plan.names else ""
    told, hidden = [], []
    for label, points in zip(plan.labels, plan.points, strict=True):
        if all(point.value is None for point in points):
            hidden.append(label)
            continue
        told.append(f"{label}: {' mod '.join(_value(point, plan.unit) for point in points)}")
    return joined(
        f"Punktdiagram over {what}{beside}, ordnet med det højeste først.",
        stop("; ".join(told)) if told else "",
        f"Skjult af hensyn til anonymitet: {'; '.join(hidden)}." if hidden else "",
    )


def _value(point: Point, unit: Unit) -> str:
    if point.value is None:
        return "skjult"
    return level_text(point.value, unit)
