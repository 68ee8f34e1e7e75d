"""What a cost-benefit analysis counts, at which prices, and what it adds to each account."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import SUM_NOTE, capitalise, confidence_name, consistent_sum, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import ACCOUNTS, COST_BENEFIT, DIFFERENCE
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import headings
from reportlib.show.ledger_rows import NothingToShowError, find
from reportlib.show.pipe_table import Column, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import whole_trial_note
from reportlib.text.origin import setting, with_origin
from reportlib.trial.model import Price, Trial

ACCOUNT_NAMES = {
    "samfund": "Samfundet",
    "offentlig": "Det offentlige",
    "kommune": "Heraf kommunen",
    "region": "Heraf regionen",
    "stat": "Heraf staten",
}
"""The accounts as column headers."""


def accounts_shown(ledger: Ledger) -> list[str]:
    """The accounts that some price touches, in the order of the analysis.

    Raises:
        NothingToShowError: the ledger has no cost-benefit analysis.
    """
    shown = [a for a in ACCOUNTS.values() if find(ledger, COST_BENEFIT, statistic="net", group=DIFFERENCE, subgroup=a)]
    if not shown:
        raise NothingToShowError("the ledger has no accounts", hint="add a `cost_benefit` analysis to trial.yml")
    return shown


def price_name(trial: Trial, price: Price) -> str:
    """What a price is called in a table."""
    return price.label or trial.measure_by_id[price.measure].label


def units_name(trial: Trial, measure: str) -> str:
    """What the quantity of a measure is called: `Uger i praktik`."""
    named = next((price.units for price in trial.prices if price.measure == measure and price.units), None)
    return named or trial.measure_by_id[measure].label


def cost_benefit_units(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Units per person by group and their difference with its interval, for everything that has a price."""
    measures = list(dict.fromkeys(price.measure for price in trial.prices))
    made = table(
        id,
        caption or "Det, regnestykket tæller, pr. person",
        [
            Column("Enheder", numbers=False),
            *(Column(name) for name in headings(trial)),
            Column("Forskel"),
            Column(confidence_name(trial.design.level)),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        levels = [find(ledger, measure, statistic="total_units", group=group.id) for group in trial.all_groups]
        difference = find(ledger, measure, statistic="total_units", group=DIFFERENCE)
        made = with_row(
            made,
            [
                cells.text(units_name(trial, measure)),
                *(cells.estimate(row, 1) for row in levels),
                cells.estimate(difference, 1),
                cells.interval(difference, 1),
            ],
        )
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(
        with_notes(
            made, "Alle, der blev trukket lod om, tæller med, også dem, der ikke tog imod", whole_trial_note(site)
        )
    )


def cost_benefit_prices(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Every price with its unit, year and level, and who pays."""
    made = table(
        id,
        caption or "Priser i regnestykket",
        [
            Column("Post", numbers=False),
            Column("Kr."),
            Column("Pr.", numbers=False),
            Column("Prisniveau", numbers=False),
            Column("Betales af (for skat: går til)", numbers=False),
        ],
        threshold=trial.disclosure.threshold,
    )
    for price in trial.prices:
        payers = [
            f"{payer} {number_text(with_origin(100 * share, setting(f'prices.{price.key}.paid_by')))} pct."
            for payer, share in price.paid_by.items()
        ]
        made = with_row(
            made,
            [
                cells.text(price_name(trial, price)),
                cells.number(with_origin(price.kr, setting(f"prices.{price.key}.kr"))),
                cells.text(price.unit),
                cells.text(price.level),
                cells.text(capitalise(", ".join(payers)) if payers else "Ingen (værdi for samfundet)"),
            ],
        )
    return markdown(with_sources(made, [trial.sources[price.source].text for price in trial.prices]))


def cost_benefit_accounts(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """What each price adds to each account in kroner per person, the sums and their intervals."""
    accounts = accounts_shown(ledger)
    made = table(
        id,
        caption or "Resultat i kroner pr. person",
        [Column("Post", numbers=False), *(Column(ACCOUNT_NAMES[account]) for account in accounts)],
        threshold=trial.disclosure.threshold,
    )
    parts: list[list[Estimate | None]] = []
    for price in trial.prices:
        rows = [
            find(ledger, COST_BENEFIT, statistic="contribution", group=DIFFERENCE, subgroup=f"{account}:{price.key}")
            for account in accounts
        ]
        parts.append(rows)
        made = with_row(made, [cells.text(price_name(trial, price)), *(cells.estimate(row, 0) for row in rows)])
    totals = [find(ledger, COST_BENEFIT, statistic="net", group=DIFFERENCE, subgroup=account) for account in accounts]
    made = with_row(made, [cells.text("I alt", strong=True), *(cells.estimate(row, 0) for row in totals)])
    interval = capitalise(confidence_name(trial.design.level))
    made = with_row(made, [cells.text(interval), *(cells.interval(row, 0) for row in totals)])
    made = with_sources(made, sources_of(ledger, [COST_BENEFIT]))
    return markdown(
        with_notes(
            made,
            "Et positivt tal er en gevinst. For samfundet er priserne løftet med nettoafgiftsfaktoren, og ydelser og "
            "skat tæller kun med gennem skatteforvridningen",
            "– betyder, at posten ikke indgår i regnskabet",
            SUM_NOTE if parts and any(map(is_rounded_apart, zip(*parts, strict=True), totals)) else "",
            whole_trial_note(site),
        )
    )


def is_rounded_apart(parts: Sequence[Estimate | None], total: Estimate | None) -> bool:
    """True where the kroner that are printed do not add up to the total that is printed."""
    shown = [row.value for row in parts if row is not None and row.value is not None]
    if total is None or total.value is None or not shown or any(row is not None and row.hidden for row in parts):
        return False
    return consistent_sum(shown, total.value).rounding_note
