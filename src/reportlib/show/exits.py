"""Time to an event in up to four groups: exit rates, survival curves with numbers at risk, and ratios of rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reportlib.danish import NBSP, capitalise, decapitalise, event_week, list_text, number_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.estimate_text import HIDDEN_SIGN, fewer_than
from reportlib.prose.survival import weeks_of
from reportlib.prose.titles import differences_title, found_title
from reportlib.prose.words import outcome_noun
from reportlib.show import table_cells as cells
from reportlib.show.curves import DASHES, DOTTED
from reportlib.show.ledger_rows import NothingToShowError, model_name, shown, sources_of
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.style import (
    LINE_HEIGHT,
    LINE_WIDTH,
    PAGE_WIDTH,
    Box,
    Palette,
    Scale,
    above,
    axes,
    horizontal_grid,
    on_page,
    page,
    ticks_below,
    value_scale,
    week_scale,
    write,
)
from reportlib.show.texts import joined
from reportlib.trial.analyses import Cox, Survival
from reportlib.trial.model import Trial

STYLES = (("deltager", "solid"), ("kontrol", "long"), ("deltager", "dotted"), ("kontrol", "broken"))
"""Colour and line of the treated, the comparison, and the same two in the period before: no two alike."""

_DASHES: dict[str, Any] = {"solid": "solid", "long": DASHES["kontrol"], "dotted": DOTTED, "broken": DASHES["series-3"]}
_MARKERS = {"solid": "o", "long": "s", "dotted": "^", "broken": "D"}
UNADJUSTED = "uden-kontrol"
_RISK_LINE = 11.0
_SAMPLE = 15.0
_EDGE = 14.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One group: `survival` (week, pct.), `rates` (middle of the band of weeks, pct. a week), at risk by week."""

    name: str
    colour: str
    line: str
    survival: tuple[tuple[int, float], ...]
    rates: tuple[tuple[float, float | None], ...]
    at_risk: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True)
class SurvivalPlan:
    """What is plotted, over weeks since the beginning of the state."""

    label: str
    curves: tuple[Curve, ...]


def survival(ledger: Ledger, trial: Trial, measure: str) -> Chart:
    """Exit rates, survival curves and numbers at risk of every group.

    Raises:
        NothingToShowError: the ledger has no survival curve of the measure.
    """
    plan, entry = plan_survival(ledger, trial, measure), ledger.measure(measure)
    few = fewer_than(trial.disclosure.threshold)
    band = next((spec.band for spec in trial.analyses if isinstance(spec, Survival) and measure in spec.measures), 1)
    return Chart(
        plan=plan,
        draw=draw_survival,
        alt=survival_story(plan),
        finding=found_title(
            trial,
            "rate",
            ledger.get(make_key(measure, statistic="hazard_ratio", group=DIFFERENCE)),
            noun=outcome_noun(trial.measure_by_id[measure]),
        ),
        caption=f"Afgangsrater og {decapitalise(plan.label)}",
        parted=True,
        sources=[entry.source],
        notes=[
            entry.definition,
            f"Afgangen er gennemsnittet over {number_text(band)} uger; kurverne tager højde for, at ikke alle er fulgt "
            f"lige længe",
            f"En uge, hvor {few} er gået videre siden det forrige punkt, har ikke et eget punkt",
        ],
    )


def plan_survival(ledger: Ledger, trial: Trial, measure: str) -> SurvivalPlan:
    """The rows of a `survival` analysis as plotted numbers.

    Raises:
        NothingToShowError: the ledger has no survival curve of the measure.
    """
    curves = []
    for group, (colour, line) in zip(trial.every_group, STYLES, strict=False):
        rows = ledger.select(measure=measure, group=group.id)
        survival = [
            (row.week, value) for row in _of(rows, "survival") if row.week and (value := shown(row)) is not None
        ]
        if survival:
            curves.append(
                Curve(
                    name=group.label,
                    colour=colour,
                    line=line,
                    survival=tuple(survival),
                    rates=tuple((_middle(row.time), drawn_rate(shown(row))) for row in _of(rows, "exit_rate")),
                    at_risk=tuple((row.week, shown(row)) for row in _of(rows, "at_risk") if row.week),
                )
            )
    if not curves:
        raise NothingToShowError(
            f"the ledger has no survival curve of {measure}", hint="add it to a `survival` analysis in trial.yml"
        )
    return SurvivalPlan(label=ledger.measure(measure).label, curves=tuple(curves))


def _of(rows: list[Estimate], statistic: str) -> list[Estimate]:
    return [row for row in rows if row.statistic == statistic and not row.site]


def drawn_rate(rate: float | None) -> float | None:
    """The rate where it gets a point: one that rests on nobody is few persons too, and stood alone beside a gap."""
    return rate or None


def _middle(time: str) -> float:
    """`uge5-8` -> 6.5."""
    first, _, last = time.removeprefix("uge").partition("-")
    return (int(first) + int(last)) / 2


def draw_survival(plan: SurvivalPlan, palette: Palette) -> Figure:
    """Rates to the left, survival to the right, and below them the key and the numbers at risk. Each half tells its own
    curves apart: on a phone they stand below each other."""
    risk_room = _RISK_LINE * (len(plan.curves) + 2) + 8
    height, number_room, between = 162.0 + risk_room, 30.0, 24.0
    figure = page(height)
    width = (PAGE_WIDTH - 2 * number_room - between - 6) / 2
    bottom, top = 40 + risk_room, 24.0
    left = Box(number_room, bottom, width, height - bottom - top)
    right = Box(2 * number_room + between + width, bottom, width, height - bottom - top)
    last = max(week for curve in plan.curves for week, _ in curve.survival)
    x = week_scale([1, last])
    known = [value for curve in plan.curves for _, value in curve.rates if value is not None]
    rates = value_scale(known, from_zero=True, headroom=0.08)
    lines = [curve.rates for curve in plan.curves]
    _panel(figure, left, x, rates, "Afgang pr. uge: pct.", palette, lines, plan, step=False)
    steps, still = [((1, 100.0), *curve.survival) for curve in plan.curves], Scale(0, 104, (0, 20, 40, 60, 80, 100), 0)
    _panel(figure, right, x, still, "Stadig i forløbet: pct.", palette, steps, plan, step=True)
    _at_risk(figure, plan, right, x, palette)
    return figure


def _panel(
    figure: Figure,
    box: Box,
    x: Scale,
    y: Scale,
    title: str,
    palette: Palette,
    points: Sequence[Sequence[tuple[float, float | None]]],
    plan: SurvivalPlan,
    *,
    step: bool,
) -> None:
    panel: Any = axes(figure, box, x, y)
    horizontal_grid(figure, panel, box, y, palette)
    for curve, places in reversed(list(zip(plan.curves, points, strict=True))):
        panel.plot(
            [week for week, _ in places],
            [float("nan") if value is None else value for _, value in places],
            color=palette[curve.colour],
            linewidth=LINE_WIDTH,
            linestyle=_DASHES[curve.line],
            drawstyle="steps-post" if step else "default",
            marker="" if step else _MARKERS[curve.line],
            markersize=2.8,
            zorder=4,
        )
    ticks_below(figure, box, x, palette, "Uger fra begyndelsen")
    above(figure, box, title, palette, left=box.left - 28)


def _sample(figure: Figure, curve: Curve, at: float, y: float, palette: Palette) -> None:
    style: Any = {"color": palette[curve.colour], "linewidth": LINE_WIDTH, "linestyle": _DASHES[curve.line]}
    on_page(figure, Line2D([at, at + _SAMPLE], [y + 3, y + 3], **style))


def _at_risk(figure: Figure, plan: SurvivalPlan, box: Box, x: Scale, palette: Palette) -> None:
    """Under the curves a line for each group: what its curves look like, its name, and how many are still at risk."""
    top, left = box.bottom - 40 - LINE_HEIGHT, box.left - 28
    write(figure, left, top, "Personer, der stadig er i forløbet ved ugens begyndelse", colour=palette["ink"])
    for place, curve in enumerate(plan.curves, start=2):
        y = top - place * _RISK_LINE
        for at in (2.0, left):
            _sample(figure, curve, at, y, palette)
        write(figure, 2 + _SAMPLE + 4, y, capitalise(curve.name), colour=palette[curve.colour])
        for week, count in curve.at_risk:
            if week > x.high:
                continue
            text = HIDDEN_SIGN if count is None else number_text(count)
            at = _over(week, box, x)
            write(figure, at, y, text, colour=palette[curve.colour], align="center")
    for week in (week for week, _ in plan.curves[0].at_risk if week <= x.high):
        at = _over(week, box, x)
        write(figure, at, top - _RISK_LINE, event_week(week), colour=palette["muted"], align="center")


def _over(week: int, box: Box, x: Scale) -> float:
    """Where a week's number stands: over its place on the axis, and inside the page."""
    return min(box.across(week, x), PAGE_WIDTH - _EDGE)


def survival_story(plan: SurvivalPlan) -> str:
    """What both panels show, from the plotted numbers."""
    return joined(
        "To kurvediagrammer over uger. Til venstre afgangen pr. uge, til højre hvor mange der er tilbage.",
        *(_story(curve) for curve in plan.curves),
        _order(plan),
    )


def _story(curve: Curve) -> str:
    last_week, last = curve.survival[-1]
    half = next((week for week, value in curve.survival if value <= 50), None)
    told = f"{capitalise(curve.name)}: {number_text(last)}{NBSP}pct. er tilbage efter {event_week(last_week)}"
    return f"{told}, og halvdelen er gået videre ved {event_week(half)}." if half is not None else f"{told}."


def _order(plan: SurvivalPlan) -> str:
    """Which curve lies lowest at the last week that all of them reach."""
    common = min(curve.survival[-1][0] for curve in plan.curves)
    at = {curve.name: [value for week, value in curve.survival if week <= common][-1] for curve in plan.curves}
    lowest = min(at, key=lambda name: at[name])
    return f"Ved {event_week(common)} er færrest tilbage i {lowest}." if len(at) > 1 else ""


def hazard_ratios(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """One row per ratio of rates that the Cox models of the measures gave.

    Raises:
        NothingToShowError: a measure has no Cox model.
    """
    rows, every = [], []
    for measure in measures:
        ratios = ledger.select(measure=measure, group=DIFFERENCE, statistic="hazard_ratio")
        if not ratios:
            raise NothingToShowError(f"the ledger has no hazard ratio of {measure}", hint="add a `cox` analysis")
        every += ratios
        rows += [
            [
                f"{model_name(ledger, trial, measure)}, {_weeks_of(row)}",
                *cells.tested(row, trial.design.level),
                cells.estimate(_events(ledger, trial, row)),
            ]
            for row in ratios
        ]
    models = [spec for spec in trial.analyses if isinstance(spec, Cox) and spec.measure in measures]
    adjusted = [name for spec in models[:1] for name in spec.adjust_for]
    labels = [trial.extracts.participants.background[name].lower() for name in adjusted]
    ratio = "Forhold mellem rater (hazard ratio)"
    return Table(
        caption="Forhold mellem afgangsrater",
        finding=differences_title(trial, every),
        head="Model",
        columns=[ratio, cells.INTERVAL, "p-værdi", f"Afgange i {trial.groups.treated.label}"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[
            f"Er forholdet større end én, går {trial.groups.treated.many} hurtigere videre; "
            "det er ikke et forhold mellem andele",
            f"Modellerne tager højde for {list_text(labels)}" if labels else "",
            f"Usikkerheden tager højde for, at personer fra samme {trial.sites.noun.one} ligner hinanden"
            if trial.design.clustered
            else "",
        ],
    )


def _events(ledger: Ledger, trial: Trial, ratio: Estimate) -> Estimate | None:
    """How many of the treated have moved on in the time of a ratio."""
    treated, where = trial.groups.treated.id, {"time": ratio.time, "subgroup": ratio.subgroup}
    return ledger.get(make_key(ratio.measure, statistic="events", group=treated, **where))


def _weeks_of(row: Estimate) -> str:
    """What part of time a model is of: `uge 1 til 26`, `alle uger`."""
    if row.subgroup == UNADJUSTED:
        return "uden kontrol"
    return weeks_of(row) if row.time else "alle uger"
