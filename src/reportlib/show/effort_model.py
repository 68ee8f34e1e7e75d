"""The effort as a model, from `phases` in trial.yml: phases in order as arrows, and under each what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from reportlib.danish import list_text
from reportlib.ledger import Ledger
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import MOST_ALT, Chart
from reportlib.show.row_chart import wrap
from reportlib.show.style import LINE_HEIGHT, PAGE_WIDTH, SEMIBOLD, TEXT, Palette, on_page, page, write
from reportlib.text.inert import plain
from reportlib.trial.model import Trial

_GAP, _POINT, _PAD = 5.0, 9.0, 7.0
_BETWEEN_STEPS = 4.0


@dataclass(frozen=True, slots=True)
class PhasesPlan:
    """Each phase's name and steps."""

    phases: tuple[tuple[str, tuple[str, ...]], ...]


def phases(ledger: Ledger, trial: Trial) -> Chart:
    """The effort's phases and steps, as trial.yml has them.

    Raises:
        NothingToShowError: trial.yml has no `phases`.
    """
    if not trial.phases:
        raise NothingToShowError(f"trial.yml of {trial.id} has no phases", hint="add `phases:` with names and steps")
    told = "; ".join(f"{phase.name} ({', '.join(phase.steps)})" for phase in trial.phases)
    names = list_text([phase.name for phase in trial.phases])
    alt = f"Model af indsatsen i rækkefølge: {told}."
    return Chart(
        plan=PhasesPlan(tuple((phase.name, phase.steps) for phase in trial.phases)),
        draw=draw_phases,
        alt=alt if len(alt) <= MOST_ALT else f"Model af indsatsen i rækkefølge: {names}.",
        caption="Indsatsen, fase for fase",
        sources=[],
    )


def draw_phases(plan: PhasesPlan, palette: Palette) -> Figure:
    """Arrows side by side, each with its steps in a field below."""
    width = (PAGE_WIDTH - _GAP * (len(plan.phases) - 1)) / len(plan.phases)
    heads = [wrap(plain(name), width - _POINT - 2 * _PAD, SEMIBOLD) for name, _ in plan.phases]
    fields = [[wrap(plain(step), width - 2 * _PAD) for step in steps] for _, steps in plan.phases]
    head = max(map(len, heads)) * LINE_HEIGHT + 2 * _PAD
    body = max(sum(map(len, steps)) * LINE_HEIGHT + (len(steps) - 1) * _BETWEEN_STEPS for steps in fields) + 2 * _PAD
    figure = page(head + _GAP + body + 2)
    for place, (name, steps) in enumerate(zip(heads, fields, strict=True)):
        left, bottom = place * (width + _GAP), body + _GAP + 1
        point = _POINT if place < len(heads) - 1 else 0.0
        notch = _POINT if place else 0.0
        corners: Any = [
            (left, bottom), (left + width - point, bottom), (left + width, bottom + head / 2),
            (left + width - point, bottom + head), (left, bottom + head), (left + notch, bottom + head / 2),
        ]  # fmt: skip
        on_page(figure, Polygon(corners, closed=True, facecolor=palette["teal"], edgecolor="none"))
        on_page(figure, Rectangle((left, 1), width, body, facecolor=palette["teal-pale"], edgecolor="none"))
        y = bottom + head / 2 + (len(name) / 2) * LINE_HEIGHT - TEXT
        for line in name:
            write(figure, left + notch + _PAD, y, line, colour=palette["paper"], weight=SEMIBOLD)
            y -= LINE_HEIGHT
        y = body + 1 - _PAD - TEXT
        for step in steps:
            for line in step:
                write(figure, left + _PAD, y, line, colour=palette["ink"])
                y -= LINE_HEIGHT
            y -= _BETWEEN_STEPS
    return figure
