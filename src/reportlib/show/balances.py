"""Balance before entry: the normalised difference of every background characteristic, around zero."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import BACKGROUND, DIFFERENCE
from reportlib.show.ledger_rows import NothingToShowError, shown
from reportlib.show.palette import Palette
from reportlib.show.row_chart import mark, row_chart
from reportlib.show.style import Scale, value_scale
from reportlib.show.texts import joined
from reportlib.text.origin import count_of, method, with_origin
from reportlib.trial.model import Trial

LIMIT = with_origin(0.25, method("balance-graense"))
"""Normalised differences beyond this call for care (Imbens and Rubin)."""


@dataclass(frozen=True, slots=True)
class BalancePlan:
    """Characteristics in the trial's order with their normalised difference; None where hidden or undefined."""

    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    hidden: tuple[str, ...]
    groups: tuple[str, str]


def plan_balance(ledger: Ledger, trial: Trial) -> BalancePlan:
    """The rows of the `balance` analysis.

    Raises:
        NothingToShowError: the ledger has none, or the trial has no comparison group.
    """
    rows = ledger.select(measure=BACKGROUND, group=DIFFERENCE, statistic="normalised_difference")
    if not rows or trial.groups.comparison is None:
        raise NothingToShowError("the ledger has no balance", hint="add a `balance` analysis to trial.yml")
    names = [background_label(trial, row.subgroup) for row in rows]
    return BalancePlan(
        labels=tuple(names),
        values=tuple(shown(row) for row in rows),
        hidden=tuple(name for name, row in zip(names, rows, strict=True) if row.hidden),
        groups=(trial.groups.treated.label, trial.groups.comparison.label),
    )


def background_label(trial: Trial, subgroup: str) -> str:
    """`ydelse:kontanthjælp` as `Ydelse: kontanthjælp`, `alder` as `Alder`."""
    column, colon, value = subgroup.partition(":")
    label = trial.extracts.participants.background.get(column, column)
    return f"{label}: {value}" if colon else label


def draw_balance(plan: BalancePlan, palette: Palette) -> Figure:
    """One dot per characteristic; the limits for care as dashed lines."""
    reach = max([LIMIT, *(abs(value) for value in plan.values if value is not None)])
    inner = value_scale([-1.1 * reach, 1.1 * reach], from_zero=False, headroom=0.0, most_ticks=7)
    chart = row_chart(
        plan.labels,
        Scale(-1.15 * reach, 1.15 * reach, inner.ticks, inner.decimals),
        palette,
        axis="Normaliseret forskel",
        right=["skjult" if value is None else number_text(value, 2) for value in plan.values],
        label_share=0.45,
    )
    for limit in (-LIMIT, LIMIT):
        chart.panel.axvline(limit, color=palette["orange"], linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
    for row, value in enumerate(plan.values):
        if value is not None:
            outside = abs(value) > LIMIT
            mark(
                chart.panel,
                value,
                chart.heights[row],
                "s" if outside else "o",
                palette["orange" if outside else "teal"],
            )
    return chart.figure


def alt_balance(plan: BalancePlan) -> str:
    """How far the groups are apart at most, in which direction, and which characteristics lie beyond the limit."""
    known = [(value, label) for value, label in zip(plan.values, plan.labels, strict=True) if value is not None]
    beyond = [label for value, label in known if abs(value) > LIMIT]
    limit = number_text(LIMIT, 2)
    story = ""
    if known:
        value, label = max(known, key=lambda found: abs(found[0]))
        story = f"Den største forskel er {number_text(value, 2)} ({label})."
    return joined(
        f"Punktdiagram over normaliserede forskelle mellem {plan.groups[0]} og {plan.groups[1]} i "
        f"{number_text(count_of(plan.labels))} kendetegn før start; positive tal betyder højest i {plan.groups[0]}.",
        story,
        f"Uden for grænsen på {limit} ligger {list_text(beyond)}."
        if beyond
        else f"Alle viste ligger inden for {limit}.",
        f"Skjult af hensyn til anonymitet: {list_text(plan.hidden)}." if plan.hidden else "",
    )
