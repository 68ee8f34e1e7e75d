"""One assumption at a time at its lowest and its highest: which of them the result hangs on."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import list_text, number_text, value_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import COST_BENEFIT, DIFFERENCE
from reportlib.show.ledger_rows import NothingToShowError, find
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, row_chart
from reportlib.show.style import value_scale
from reportlib.show.texts import joined, lower_first, stop
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

_WORDS = {
    "tax_distortion": "Skatteforvridning",
    "net_tax_factor": "Nettoafgiftsfaktor",
    "discount_rate": "Diskonteringsrente",
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One bar: the assumption, its range in its own unit, and the result at both ends."""

    label: str
    low: float
    high: float
    unit: Unit
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        return abs(self.at_high - self.at_low)

    @property
    def name(self) -> str:
        """`Pris, samtaler: 75 til 125 kr.`: made when it is printed, so that the numbers can be followed."""
        decimals = 0 if self.unit in (Unit.KR, Unit.PCT) else 3 if self.unit is Unit.RATIO else 1
        return f"{self.label}: {number_text(self.low, decimals)} til {value_text(self.high, self.unit, decimals)}"


@dataclass(frozen=True, slots=True)
class TornadoPlan:
    """Assumptions, the widest swing first, around the result with all of them as they are."""

    bars: tuple[Assumption, ...]
    now: float


def plan_tornado(ledger: Ledger, trial: Trial, *, most: int = 10) -> TornadoPlan:
    """The rows of a cost-benefit analysis' sensitivity; the `most` widest.

    Raises:
        NothingToShowError: the ledger has no cost-benefit analysis.
    """
    now = find(ledger, COST_BENEFIT, statistic="net", group=DIFFERENCE, subgroup="samfund")
    if now is None or now.value is None:
        raise NothingToShowError("the ledger has no accounts", hint="add a `cost_benefit` analysis to trial.yml")
    bars = []
    for row in ledger.select(measure=COST_BENEFIT, statistic="net_low"):
        high, low_end, high_end = (
            find(ledger, COST_BENEFIT, statistic=statistic, group=DIFFERENCE, subgroup=row.subgroup)
            for statistic in ("net_high", "assumption_low", "assumption_high")
        )
        if row.value is None or high is None or high.value is None or low_end is None or high_end is None:
            continue
        bars.append(
            Assumption(
                label=_label(trial, row.subgroup),
                low=low_end.number,
                high=high_end.number,
                unit=low_end.unit,
                at_low=row.value,
                at_high=high.value,
            )
        )
    ordered = sorted(bars, key=lambda bar: -bar.swing)
    return TornadoPlan(tuple(ordered[:most]), now.value)


def _label(trial: Trial, subgroup: str) -> str:
    """`Pris, samtaler`, `Uger i praktik`, `Skatteforvridning`."""
    what, _, name = subgroup.partition(":")
    if what == "price":
        price = next(price for price in trial.prices if price.key == name)
        return f"Pris, {lower_first(price.label or trial.measure_by_id[price.measure].label)}"
    if what == "quantity":
        named = next((price.units for price in trial.prices if price.measure == name and price.units), None)
        return named or trial.measure_by_id[name].label
    return _WORDS[what]


def draw_tornado(plan: TornadoPlan, palette: Palette) -> Figure:
    """Bars from the result at one end to that at the other; the dashed line is the result as it is."""
    values = [value for bar in plan.bars for value in (bar.at_low, bar.at_high)]
    scale = value_scale([*values, plan.now, 0.0], from_zero=False, headroom=0.03, most_ticks=6)
    chart = row_chart(
        [bar.name for bar in plan.bars],
        scale,
        palette,
        axis="Kr. pr. person",
        right=[f"{number_text(bar.at_low, 0)} / {number_text(bar.at_high, 0)}" for bar in plan.bars],
        right_heading="Lav / høj",
        keys=[Key("s", "neutral", "Lavest", filled=False), Key("s", "teal", "Højest")],
        label_share=0.42,
        row_height=19.0,
    )
    for value, dashes in ((0.0, None), (plan.now, (0, (4, 2)))):
        chart.panel.axvline(value, color=palette["ink"], linewidth=0.9, linestyle=dashes or "solid", zorder=2)
    for row, bar in enumerate(plan.bars):
        middle = chart.heights[row]
        for value, colour, filled in ((bar.at_low, "neutral", False), (bar.at_high, "teal", True)):
            left, width = min(plan.now, value), abs(value - plan.now)
            chart.panel.add_patch(
                Rectangle(
                    (left, middle - 5),
                    width,
                    10,
                    facecolor=palette[colour] if filled else palette["paper"],
                    edgecolor=palette[colour],
                    linewidth=1.0,
                    zorder=3,
                )
            )
    return chart.figure


def alt_tornado(plan: TornadoPlan) -> str:
    """Every assumption with the result at both ends, the widest first."""
    told = [
        f"{bar.name} giver {number_text(bar.at_low, 0)} til {value_text(bar.at_high, Unit.KR, 0)}" for bar in plan.bars
    ]
    return joined(
        f"Søjlediagram: samfundets resultat pr. person er {value_text(plan.now, Unit.KR, 0)} og ændrer sig, når én "
        "forudsætning ad gangen bliver ændret.",
        stop(list_text(told)) if told else "",
    )
