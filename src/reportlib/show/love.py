"""Balance before and after matching (a love plot): the standardised difference of every covariate, around zero."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.show.balances import background_label
from reportlib.show.ledger_rows import NothingToShowError, shown
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, mark, row_chart
from reportlib.show.style import Scale, value_scale
from reportlib.show.texts import joined
from reportlib.text.origin import method, with_origin
from reportlib.trial.model import Trial

LIMIT = with_origin(0.1, method("balance-efter-matchning"))
"""A standardised difference under this is usually taken for balance (Austin 2009)."""


@dataclass(frozen=True, slots=True)
class LovePlan:
    """Covariates, the worst before matching first, with their difference before and after."""

    labels: tuple[str, ...]
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]


def plan_love(ledger: Ledger, trial: Trial, measure: str, against: str) -> LovePlan:
    """The balance rows of one matching: of `measure`, against the group `against`.

    Raises:
        NothingToShowError: the ledger has no such matching.
    """
    found = {}
    for statistic in ("standardised_before", "standardised_after"):
        rows = ledger.select(measure=measure, group=DIFFERENCE, statistic=statistic)
        own = [row for row in rows if row.subgroup.startswith(f"{against}:")]
        found[statistic] = {row.subgroup.partition(":")[2]: shown(row) for row in own}
    before, after = found["standardised_before"], found["standardised_after"]
    if not before:
        raise NothingToShowError(f"the ledger has no matching of {measure} against {against}")
    names = sorted(before, key=lambda name: -abs(before[name] or 0.0))
    return LovePlan(
        labels=tuple(covariate_label(ledger, trial, name) for name in names),
        before=tuple(before[name] for name in names),
        after=tuple(after.get(name) for name in names),
    )


def covariate_label(ledger: Ledger, trial: Trial, name: str) -> str:
    """A background column's label, or a measure's."""
    return ledger.measures[name].label if name in ledger.measures else background_label(trial, name)


def draw_love(plan: LovePlan, palette: Palette) -> Figure:
    """An open mark before and a filled one after; the limit for balance as dashed lines."""
    reach = max([LIMIT, *(abs(value) for value in (*plan.before, *plan.after) if value is not None)])
    inner = value_scale([-1.1 * reach, 1.1 * reach], from_zero=False, headroom=0.0, most_ticks=7)
    chart = row_chart(
        plan.labels,
        Scale(-1.15 * reach, 1.15 * reach, inner.ticks, inner.decimals),
        palette,
        axis="Standardiseret forskel",
        right=["skjult" if value is None else number_text(value, 2) for value in plan.after],
        right_heading="Efter",
        keys=(Key("o", "orange", "før matchning", filled=False), Key("o", "teal", "efter matchning")),
        label_share=0.45,
    )
    for limit in (-LIMIT, LIMIT):
        chart.panel.axvline(limit, color=palette["rule"], linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
    for row, (before, after) in enumerate(zip(plan.before, plan.after, strict=True)):
        if before is not None:
            mark(chart.panel, before, chart.heights[row], "o", palette["orange"], filled=False)
        if after is not None:
            mark(chart.panel, after, chart.heights[row], "o", palette["teal"])
    return chart.figure


def alt_love(plan: LovePlan) -> str:
    """What the picture shows: the largest differences before and after, and who lies outside the limit."""
    before = [abs(value) for value in plan.before if value is not None]
    after = {label: value for label, value in zip(plan.labels, plan.after, strict=True) if value is not None}
    outside = [label for label, value in after.items() if abs(value) >= LIMIT]
    largest = max((abs(value) for value in after.values()), default=0.0)
    verdict = (
        f"Efter matchningen ligger {list_text(outside)} uden for grænsen {number_text(LIMIT, 1)}."
        if outside
        else f"Efter matchningen ligger alle inden for grænsen {number_text(LIMIT, 1)}."
    )
    return joined(
        "Punktdiagram over standardiserede forskelle før og efter matchning.",
        f"Den største forskel er {number_text(max(before, default=0.0), 2)} før og {number_text(largest, 2)} efter.",
        verdict,
    )
