"""What an effort costs: units of activity by group, their prices, the accounts, and what the result hangs on."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    SUM_NOTE,
    capitalise,
    decapitalise,
    event_weeks,
    list_text,
    millions_text,
    number_text,
    sums_as_printed,
    value_text,
)
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.digits import decimals_between, usual_decimals
from reportlib.ledger.keys import ACCOUNTS, COST_BENEFIT, DIFFERENCE, DUE
from reportlib.prose.costs import price_name, ranges_shown, turning, units_name
from reportlib.prose.estimate_text import tal
from reportlib.prose.section_parts import number_fact
from reportlib.prose.titles import differences_title, found_title, title_of
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import NothingToShowError, between, find, headings, row_name, some_of, sources_of
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table, WordColumn
from reportlib.show.row_chart import Bar, Key, RowPlan, Upright, draw_rows, row
from reportlib.show.style import said, value_scale
from reportlib.show.texts import joined, stop
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity, UnitCost
from reportlib.trial.model import Trial, analysis_of

# Units of activity per person, by group with the extra units behind one unit gained, or of one group alone.


def activity(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """One row per activity: units per person by group, the difference with its interval, extra units per unit gained.

    Raises:
        NothingToShowError: the ledger lacks one of the measures.
    """
    compared = trial.groups.comparison is not None
    ratios = {}
    for measure in measures:
        found = ledger.select(measure=measure, statistic="units_per_gain", group=DIFFERENCE)
        ratios[measure] = found[0] if found else None
    shown_ratio = any(row is not None for row in ratios.values())
    unit, gain_note = _gain(ledger, trial)
    rows, differences = [], []
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.all_groups]
        some_of(levels, measure, "add it to an `activity` analysis")
        difference = between(ledger, measure)
        differences.append(difference)
        row = [ledger.measure(measure).label, *(cells.estimate(level) for level in levels)]
        row += [cells.estimate(difference), cells.interval(difference)] if compared else []
        row += [cells.estimate(ratios[measure], 2)] if shown_ratio else []
        rows.append(row)
    return Table(
        finding=differences_title(trial, differences),
        caption=f"Aktivitet pr. person i {list_text(group.label for group in trial.all_groups)}",
        head="Aktivitet",
        columns=[
            *headings(trial),
            *(["Forskel", cells.INTERVAL] if compared else []),
            *([f"Pr. {unit}"] if shown_ratio else []),
        ],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[*_what_is_counted(ledger, trial, measures), gain_note if shown_ratio else ""],
    )


def _what_is_counted(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> list[str]:
    """One note where all are counted over the same time (the labels say what), else each measure's definition."""
    rows = [find(ledger, measure, group=trial.groups.treated.id) for measure in measures]
    windows = {row.window for row in rows if row is not None}
    if len(windows) == 1 and "" not in windows:
        return [f"Antal pr. person i {windows.pop()}"]
    return [ledger.measure(measure).definition for measure in measures]


def _gain(ledger: Ledger, trial: Trial) -> tuple[str, str]:
    """One unit of the gain (hours per week add up to hours, shares to weeks), and what the last column divides by."""
    spec = next((spec for spec in trial.analyses if isinstance(spec, Activity)), None)
    if spec is None:
        return "", ""
    gain = ledger.measure(spec.gain)
    unit = {Unit.HOURS_PER_WEEK: "ekstra time", Unit.PCT: "ekstra uge"}.get(gain.unit, "ekstra enhed")
    return unit, (
        f"Pr. {unit}: forskellen i aktivitet fra {event_weeks(spec.weeks)} delt med forskellen i "
        f"{decapitalise(gain.label)} i de samme uger. De andre kolonner tæller hele opfølgningen, så tallet kan ikke "
        "regnes ud af dem"
    )


def units(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """Units of activity per person with their interval.

    Raises:
        NothingToShowError: the ledger lacks one of the measures.
    """
    rows = []
    for measure in measures:
        row = find(ledger, measure, group=trial.groups.treated.id)
        some_of([row], measure, "add it to a `shares` analysis")
        rows.append([ledger.measure(measure).label, cells.with_interval(row), cells.persons(row)])
    return Table(
        caption=f"Aktivitet pr. {trial.persons.one}",
        head="Aktivitet",
        columns=[f"Pr. {trial.persons.one}", capitalise(trial.persons.many)],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures],
    )


# The accounts of a cost-benefit analysis, and the budget per result.


_ACCOUNT_NAMES = {
    "samfund": "Samfundet",
    "offentlig": "Det offentlige",
    "kommune": "Heraf kommunen",
    "region": "Heraf regionen",
    "stat": "Heraf staten",
}
_ASSUMPTIONS = {
    "tax_distortion": "Skatteforvridning",
    "net_tax_factor": "Nettoafgiftsfaktor",
    "discount_rate": "Diskonteringsrente",
}
_MOST_SWINGS = 10
_NO_ACCOUNTS = "add a `cost_benefit` analysis to trial.yml"


def cost_benefit_units(ledger: Ledger, trial: Trial) -> Table:
    """Units per person by group and their difference with its interval, for everything that has a price."""
    measures = list(dict.fromkeys(price.measure for price in trial.prices))
    rows, differences = [], []
    for measure in measures:
        *levels, difference = (
            find(ledger, measure, statistic="total_units", group=group)
            for group in (*(group.id for group in trial.all_groups), DIFFERENCE)
        )
        shown = [cells.estimate(row) for row in (*levels, difference)]
        rows.append([units_name(trial, measure), *shown, cells.interval(difference)])
        differences.append(difference)
    return Table(
        finding=differences_title(trial, differences),
        caption="Indsats og timer pr. person, der indgår i regnestykket",
        head="Enheder",
        columns=[*headings(trial), "Forskel", cells.INTERVAL],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=["Alle, der blev trukket lod om, tæller med, også dem, der ikke tog imod"],
    )


def cost_benefit_prices(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Table:
    """Every price with its unit, year and level, and who pays; the same for every `site`."""
    rows = []
    for price in trial.prices:
        payers = [
            f"{payer} {number_text(with_origin(100 * share, origin_of(share)))} pct."
            for payer, share in price.paid_by.items()
        ]
        paid_by = capitalise(", ".join(payers)) if payers else "Ingen (værdi for samfundet)"
        rows.append([price_name(trial, price), cells.number(price.kr), price.unit, price.level, paid_by])
    return Table(
        caption="Priser i regnestykket",
        head="Post",
        columns=["Kr.", WordColumn("Pr."), WordColumn("Prisniveau"), WordColumn("Betales af (for skat: går til)")],
        rows=rows,
        sources=list(dict.fromkeys(trial.sources[price.source].text for price in trial.prices)),
    )


def cost_benefit_accounts(ledger: Ledger, trial: Trial) -> Table:
    """What each price adds to each account in kroner per person, the sums and their intervals.

    Raises:
        NothingToShowError: the ledger has no cost-benefit analysis.
    """

    def on(statistic: str, subgroup: str) -> Estimate | None:
        return between(ledger, COST_BENEFIT, statistic, subgroup=subgroup)

    accounts = [account for account in ACCOUNTS.values() if on("net", account)]
    if not accounts:
        raise NothingToShowError("the ledger has no accounts", hint=_NO_ACCOUNTS)
    parts = [[on("contribution", f"{account}:{price.key}") for account in accounts] for price in trial.prices]
    totals = [on("net", account) for account in accounts]
    fine = [0 if total is None else usual_decimals(total) for total in totals]
    apart = parts and any(map(is_rounded_apart, zip(*parts, strict=True), totals))
    return Table(
        finding=found_title(trial, "net", on("net", "samfund")),
        caption="Resultat i kroner pr. person",
        head="Post",
        columns=[_ACCOUNT_NAMES[account] for account in accounts],
        rows=[
            *(
                [price_name(trial, price), *map(cells.estimate, rows, fine)]
                for price, rows in zip(trial.prices, parts, strict=True)
            ),
            [cells.text("I alt", strong=True), *(cells.estimate(row) for row in totals)],
            [cells.INTERVAL, *(cells.interval(row) for row in totals)],
        ],
        sources=sources_of(ledger, [COST_BENEFIT]),
        notes=[
            "Et positivt tal er en gevinst. For samfundet er priserne løftet med nettoafgiftsfaktoren, og ydelser og "
            "skat tæller kun med gennem skatteforvridningen",
            "– betyder, at posten ikke indgår i regnskabet",
            SUM_NOTE if apart else "",
        ],
    )


def is_rounded_apart(parts: Sequence[Estimate | None], total: Estimate | None) -> bool:
    """True where the kroner that are printed do not add up to the total that is printed."""
    shown = [row.value for row in parts if row is not None and row.value is not None]
    if total is None or total.value is None or not shown or any(row is not None and row.hidden for row in parts):
        return False
    return not sums_as_printed(shown, total.value, usual_decimals(total))


def tornado(ledger: Ledger, trial: Trial) -> Chart:
    """Society's account with one assumption at a time at its lowest and its highest, the widest swings.

    Raises:
        NothingToShowError: the ledger has no cost-benefit analysis.
    """
    now = between(ledger, COST_BENEFIT, "net", subgroup="samfund")
    if now is None or now.value is None:
        raise NothingToShowError("the ledger has no accounts", hint=_NO_ACCOUNTS)
    swings = []
    for low in ledger.select(measure=COST_BENEFIT, statistic="net_low"):
        high, first, last = (
            between(ledger, COST_BENEFIT, statistic, subgroup=low.subgroup)
            for statistic in ("net_high", "assumption_low", "assumption_high")
        )
        if first and last and high and low.value is not None and high.value is not None:
            swings.append((_assumption(trial, low.subgroup, first, last), low.value, high.value))
    swings = sorted(swings, key=lambda swing: -abs(swing[2] - swing[1]))[:_MOST_SWINGS]
    names, asked = turning(ledger, trial), ledger.select(measure=COST_BENEFIT, statistic="net_low")
    known = bool(names) or len(ranges_shown(ledger)) == len(asked)
    return Chart(
        plan=tornado_plan(swings, now.value, usual_decimals(now)),
        draw=draw_rows,
        alt=tornado_story(swings, now),
        finding=title_of("turns" if names else "turns-not", labels=list_text(names)) if known else "",
        caption="Samfundets resultat, når én forudsætning ad gangen bliver ændret",
        sources=sources_of(ledger, [COST_BENEFIT]),
        notes=[
            "Den stiplede linje er resultatet med forudsætningerne, som de er, og den fuldt optrukne er nul",
            "Antal enheder går fra den nedre til den øvre ende af konfidensintervallet for forskellen mellem grupperne",
        ],
    )


def _assumption(trial: Trial, subgroup: str, low: Estimate, high: Estimate) -> str:
    """`Pris, samtaler: 75 til 125 kr.`, `Uger i praktik: ...`, `Skatteforvridning: ...`."""
    what, _, name = subgroup.partition(":")
    if what == "price":
        price = next(price for price in trial.prices if price.key == name)
        label = f"Pris, {decapitalise(price_name(trial, price))}"
    else:
        label = units_name(trial, name) if what == "quantity" else _ASSUMPTIONS[what]
    return f"{label}: {ends_text(low.number, high.number, low.unit)}"


def ends_text(low: float, high: float, unit: Unit) -> str:
    """Both ends of an assumption in its own unit: `75 til 125 kr.`, of an interval with the digits it bears."""
    fixed = {Unit.KR: 0, Unit.PCT: 0, Unit.RATIO: 3}
    decimals = fixed[unit] if unit in fixed else decimals_between(low, high, 1)
    return f"{number_text(low, decimals)} til {value_text(high, unit, decimals)}"


Swing = tuple[str, float, float]
"""An assumption with its ends in words, and the result at its lowest and its highest."""


def tornado_plan(swings: Sequence[Swing], now: float, decimals: int = 0) -> RowPlan:
    """Bars from the result as it is to that at each end."""
    values = [value for _, *ends in swings for value in ends]

    def bar(value: float, colour: str, fill: str) -> Bar:
        return Bar(min(now, value), max(now, value), fill, colour, 10.0)

    return RowPlan(
        rows=tuple(
            row(
                name,
                [bar(low, "neutral", "paper"), bar(high, "teal", "teal")],
                f"{number_text(low, decimals)} / {number_text(high, decimals)}",
                share=0.42,
            )
            for name, low, high in swings
        ),
        scale=value_scale([*values, now, 0.0], from_zero=False, headroom=0.03, most_ticks=6),
        axis=said("Kr. pr. person"),
        right_heading="Lav / høj",
        keys=(Key("s", "neutral", said("Lavest"), filled=False), Key("s", "teal", said("Højest"))),
        uprights=(
            Upright(0.0, "ink", width=0.9, dashed=False, zorder=2),
            Upright(now, "ink", width=0.9, zorder=2),
        ),
        row_height=19.0,
    )


def tornado_story(swings: Sequence[Swing], now: Estimate) -> str:
    """Every assumption with the result at both ends, the widest first."""
    places = usual_decimals(now)
    told = [
        f"{name} giver {number_text(low, places)} til {value_text(high, Unit.KR, places)}" for name, low, high in swings
    ]
    return joined(
        f"Søjlediagram: samfundets resultat pr. person er {tal(now)} og ændrer sig, når én "
        "forudsætning ad gangen bliver ændret.",
        stop(list_text(told)) if told else "",
    )


def unit_costs(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """The budget per person who has reached something, under each assumption of how many are due to the effort.

    Raises:
        MissingAnalysisError: no `unit_cost` analysis has one of the measures.
    """
    spec = analysis_of(trial, UnitCost, ", ".join(measures), lambda spec: set(measures) <= set(spec.measures))
    group = trial.groups.treated.id
    rows = []
    for measure in measures:
        costs = [
            find(ledger, measure, statistic="cost_per_unit", group=group, subgroup=f"{DUE}{due:g}") for due in spec.due
        ]
        rows.append(
            [
                row_name(ledger, measure).removesuffix(" (pct.)").removeprefix("Andel ").capitalize(),
                cells.persons(find(ledger, measure, group=group), part="k"),
                *map(cells.estimate, costs),
            ]
        )
    budget = millions_text(number_fact(trial, spec.cost))
    return Table(
        caption=f"Kr. af bevillingen pr. {trial.persons.one} med et resultat, hvis så stor en del skyldes indsatsen",
        head="Resultat",
        columns=[capitalise(trial.persons.many), *(value_text(due, Unit.PCT) for due in spec.due)],
        rows=rows,
        sources=[*sources_of(ledger, measures), trial.sources[trial.facts[spec.cost].source].text],
        notes=[
            f"Bevillingen på {budget} er delt med den del af {trial.persons.many_definite}, som kolonnen antager "
            "skyldes indsatsen",
            "Hvor stor delen er, kan ikke opgøres; kolonnerne er antagelser og ikke resultater",
        ],
    )
