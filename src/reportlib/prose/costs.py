"""What an effort costs and gives back: activities and their prices, the accounts, and where they break even."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import UNIT_WORDS, capitalise, count_text, decapitalise, event_weeks, list_text, value_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.digits import usual_decimals
from reportlib.ledger.keys import COST_BENEFIT, DIFFERENCE, week_label
from reportlib.prose.estimate_text import is_zero, tal, telling_decimals
from reportlib.prose.section_parts import accumulated_to, fill, measure_of, paragraphs
from reportlib.prose.wording import (
    OUT_OF_REGARD,
    Verdict,
    Wording,
    WordingTable,
    clauses,
    comparative,
    tested,
    turned,
    verdict,
)
from reportlib.prose.words import trial_words
from reportlib.text.markup import escape
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import CostBenefit
from reportlib.trial.model import Price, Trial, analysis_of

# The result of a cost-benefit analysis in words: for society, for the public purses, and what it hangs on.


RESULT = WordingTable(
    "cost-benefit",
    Wording("gain", "the interval lies above nought", "{Whose} er der et overskud på {amount} pr. person."),
    Wording("loss", "the interval lies below nought", "{Whose} er der et underskud på {amount} pr. person."),
    *turned(
        ("perhaps-gain", "the result is above nought, and the interval holds nought"),
        ("perhaps-loss", "the result is below nought, and the interval holds nought"),
        "{Whose} giver regnestykket et [overskud|underskud] på {amount} pr. person, men det er så usikkert, at det "
        "også kan dække over et [underskud.|overskud.]",
    ),
    Wording(
        "even",
        "the result prints as nought, and the interval holds nought",
        "{Whose} går regnestykket lige op, men det er så usikkert, at det kan dække over både overskud og underskud.",
    ),
)
GAIN_RESTS_ON = WordingTable(
    "gain-rests-on",
    Wording(
        "nothing-shown",
        "the difference in what is produced is not significant",
        "Regnestykket hviler på en forskel på {units} pr. person, som ikke er sikker. Det kan derfor ikke vise, om "
        "indsatsen betaler sig.",
    ),
    Wording(
        "shown",
        "the difference is significant",
        "Regnestykket hviler på en forskel på {units} pr. person, som er sikker.",
    ),
)
BREAK_EVEN = WordingTable(
    "break-even",
    Wording(
        "units",
        "how many units of production would pay for the effort",
        "Indsatsen går lige op for samfundet ved en forskel på {needed} pr. person.",
    ),
    Wording("price", "the price at which the result is nought", "{name} må højst koste {price} pr. {unit}"),
    Wording("never", "no price above nought makes the result nought", "Ingen pris på {in_text} er lav nok"),
)
HANGS_ON = WordingTable(
    "hangs-on",
    Wording(
        "changes-sign",
        "one or more assumptions alone change the sign within their range",
        "Fortegnet skifter, når {names} alene bliver ændret inden for det undersøgte spænd.",
    ),
    Wording(
        "keeps-sign",
        "no assumption alone changes the sign",
        "Ingen af forudsætningerne kan alene ændre fortegnet inden for det undersøgte spænd.",
    ),
    Wording(
        "keeps-sign-shown",
        "none of those whose range may be shown does",
        "Ingen af de forudsætninger, der kan vises, kan alene ændre fortegnet inden for det undersøgte spænd.",
    ),
    Wording("hidden", "no range may be shown", "Om en forudsætning alene ændrer fortegnet, kan ikke vises."),
)


def result(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Society's result with its interval, and whether what it rests on is shown at all."""
    words, row = trial_words(trial), _net(ledger, "samfund")
    told = _told(row, "for samfundet", words.level)
    return paragraphs(f"{told} {_rests_on(ledger, trial)}".strip())


def public(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The public purses' result with its interval, and how often the drawn results are a gain for society."""
    words = trial_words(trial)
    told = _told(_net(ledger, "offentlig"), "for det offentlige", words.level)
    chance = ledger[make_key(COST_BENEFIT, statistic="chance_of_gain", group=DIFFERENCE, subgroup="samfund")]
    sure = "når kun forskellene mellem grupperne regnes for usikre"
    return paragraphs(f"{told} Sandsynligheden for et overskud for samfundet er {tal(chance)}, {sure}.")


def _told(row: Estimate, whose: str, level: float) -> str:
    found = verdict(tested(row), level)
    perhaps = "even" if is_zero(row) else "perhaps-gain" if row.number > 0 else "perhaps-loss"
    wording = {Verdict.UP: "gain", Verdict.DOWN: "loss"}.get(found, perhaps)
    return RESULT.choose(
        wording,
        [row],
        Whose=capitalise(whose),
        amount=value_text(abs(row.number), Unit.KR, usual_decimals(row)),
    ).text


def _rests_on(ledger: Ledger, trial: Trial) -> str:
    """About the first thing that is produced: the hours."""
    made = next((price for price in trial.prices if price.kind == "production"), None)
    if made is None:
        return ""
    row = ledger[make_key(made.measure, statistic="total_units", group=DIFFERENCE)]
    words, less = trial_words(trial), f" {comparative(row.unit, up=False)}" if row.number < 0 else ""
    return GAIN_RESTS_ON.choose(
        "shown" if verdict(tested(row), words.level).significant else "nothing-shown",
        [row],
        units=f"{value_text(abs(row.number), row.unit, usual_decimals(row))}{less}",
    ).text


def break_even(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The units of production, and the price of each activity, at which society's account is nought."""
    told: list[str] = []
    prices: list[str] = []
    for price in trial.prices:
        row = ledger.get(make_key(COST_BENEFIT, statistic="break_even", group=DIFFERENCE, subgroup=price.key))
        if row is None or row.value is None:
            continue
        if price.kind == "production":
            told.append(
                BREAK_EVEN.choose("units", [row], needed=value_text(row.number, row.unit, telling_decimals([row]))).text
            )
        else:
            wording = "price" if row.number > 0 else "never"
            text = BREAK_EVEN.choose(
                wording,
                [row],
                name=escape(price_name(trial, price)),
                in_text=_in_text(price_name(trial, price)),
                price=tal(row),
                unit=price.unit,
            ).text.rstrip(".")
            prices.append(text if not prices else text[0].lower() + text[1:])
    if prices:
        told.append(f"{clauses(prices)}, når alt andet er, som det er.")
    return paragraphs(" ".join(told))


def sensitivity(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Whether one assumption alone, within its range, turns a surplus into a deficit."""
    asked, shown = len(ledger.select(measure=COST_BENEFIT, statistic="net_low")), ranges_shown(ledger)
    names = turning(ledger, trial)
    keeps = "keeps-sign" if len(shown) == asked else "keeps-sign-shown" if shown else "hidden"
    return paragraphs(HANGS_ON.choose("changes-sign" if names else keeps, (), names=list_text(names)))


def turning(ledger: Ledger, trial: Trial) -> list[str]:
    """The assumptions that alone, within their range, turn a surplus into a deficit."""
    return [_assumption(trial, low.subgroup) for low, high in ranges_shown(ledger) if low.number * high.number < 0]


def ranges_shown(ledger: Ledger) -> list[tuple[Estimate, Estimate]]:
    """Society's result at the two ends of each assumption's range, where both may be shown."""
    ends = [
        (low, ledger[make_key(COST_BENEFIT, statistic="net_high", group=DIFFERENCE, subgroup=low.subgroup)])
        for low in ledger.select(measure=COST_BENEFIT, statistic="net_low")
    ]
    return [(low, high) for low, high in ends if low.value is not None and high.value is not None]


def _assumption(trial: Trial, subgroup: str) -> str:
    what, _, name = subgroup.partition(":")
    if what == "price":
        price = next(price for price in trial.prices if price.key == name)
        return f"prisen på {_in_text(price_name(trial, price))}"
    if what == "quantity":
        return f"forskellen i {_in_text(units_name(trial, name))}"
    return {
        "tax_distortion": "skatteforvridningen",
        "net_tax_factor": "nettoafgiftsfaktoren",
        "discount_rate": "diskonteringsrenten",
    }[what]


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How the accounts are made, with the parameters used and where they are from."""
    spec = analysis_of(trial, CostBenefit)
    parameters = {
        name: ledger[make_key(COST_BENEFIT, statistic="parameter", group=DIFFERENCE, subgroup=name)]
        for name in ("discount_rate", "tax_distortion", "net_tax_factor")
    }
    return fill(
        "method_cost_benefit",
        treated=trial.groups.treated.label,
        weeks=count_text(spec.weeks, "uge"),
        parameters=spec.parameters,
        discount=tal(parameters["discount_rate"]),
        distortion=tal(parameters["tax_distortion"]),
        factor=tal(parameters["net_tax_factor"], 3),
        share=value_text(with_origin(100 * spec.price_range, origin_of(spec.price_range)), Unit.PCT, 0),
        random_allocation=trial.design.random_allocation,
    )


def _net(ledger: Ledger, account: str) -> Estimate:
    return ledger[make_key(COST_BENEFIT, statistic="net", group=DIFFERENCE, subgroup=account)]


def price_name(trial: Trial, price: Price) -> str:
    """What a price is called: its own label, or that of its measure."""
    return price.label or trial.measure_by_id[price.measure].label


def units_name(trial: Trial, measure: str) -> str:
    """What the quantity of a measure is called: `Uger i praktik`."""
    named = next((price.units for price in trial.prices if price.measure == measure and price.units), None)
    return named or trial.measure_by_id[measure].label


def _in_text(label: str) -> str:
    return escape(label[0].lower() + label[1:])


# What can honestly be said of costs: units of activity by group, and what the extra ones bring per hour gained.


ACTIVITY = WordingTable(
    "activity",
    Wording("more", "significantly more units", "Pr. person er der flere {names} {treated} end {place}."),
    Wording("fewer", "significantly fewer units", "Pr. person er der færre {names} {treated} end {place}."),
    Wording("alike", "not significant", "For {names} er der ingen sikker forskel."),
    Wording("hidden", "hidden", "Tallene for {names} vises ikke {why}."),
)


def activity(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Of which activities the treated have significantly more or fewer units; the numbers stand in the table."""
    words = trial_words(trial)
    names: dict[str, list[str]] = {wording: [] for wording in ACTIVITY}
    for measure_id in measures:
        difference = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        names[_wording(difference, words.level)].append(escape(decapitalise(measure_of(trial, measure_id).label)))
    told = [
        ACTIVITY.choose(
            wording,
            (),
            names=list_text(found),
            treated=words.groups.treated_place,
            place=words.groups.place,
            why=OUT_OF_REGARD,
        ).text
        for wording, found in names.items()
        if found
    ]
    return paragraphs(" ".join(told))


def _wording(difference: Estimate, level: float) -> str:
    if difference.value is None:
        return "hidden"
    return {Verdict.UP: "more", Verdict.DOWN: "fewer"}.get(verdict(difference, level), "alike")


def price_of_gain(
    ledger: Ledger, trial: Trial, measures: Sequence[str], gain: str, week: int, *, table: str, site: str | None
) -> str:
    """The gain per person, and how the price of one more unit of it follows from the table of activities.

    Said only where the gain's interval excludes zero: a price per hour of a gain that may be nothing would mislead.
    `table` is the id of the table whose last column holds the extra units per unit gained.
    """
    words = trial_words(trial)
    total = accumulated_to(ledger, trial, gain, week)
    if total is None or total.value is None:
        return ""
    known = [
        ledger.get(make_key(measure_id, statistic="units_per_gain", group=DIFFERENCE, time=week_label(week)))
        for measure_id in measures
    ]
    found = verdict(tested(total), words.level)
    if found is Verdict.UP and not any(row is not None and row.value is not None for row in known):
        return ""
    return fill(
        "break_even",
        verdict=found.value,
        span=event_weeks(week),
        amount=value_text(abs(total.number), total.unit, usual_decimals(total)),
        unit=UNIT_WORDS[total.unit][0],
        treated=words.groups.treated_place,
        place=words.groups.place,
        table=table,
    )
