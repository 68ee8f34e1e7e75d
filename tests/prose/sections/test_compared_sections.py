"""Comparisons and accounts in words: the rows choose every wording, and the opposite rows the opposite one."""

from __future__ import annotations

from typing import Any

import pytest

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.danish.numbers import SUM_NOTE
from reportlib.disclosure import Threshold
from reportlib.ledger import Ledger, Measure
from reportlib.ledger.keys import COST_BENEFIT, DIFFERENCE
from reportlib.prose import compared, costs
from reportlib.show import figures, tables
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

WORK = {"measure": "uge", "id": "vaerdi", "label": "Arbejde", "kind": "production", "kr": 100, "units": "Uger i job"}
TALKS = {"measure": "job", "id": "samtaler", "label": "Samtaler", "kr": 10, "unit": "samtale", "paid_by": {"stat": 1}}
PRICE = {"year": 2012, "level": "2012-priser", "source": "reg"}
DIVISION = {"id": "koen", "label": "kønnet", "column": "koen", "values": {"k": "kvinderne", "m": "mændene"}}
SECOND = {"id": "alder", "label": "alderen", "column": "koen", "values": {"k": "de unge", "m": "de ældre"}}
CATALOGUE = {
    "job": (Unit.PCT, {"clause": "er i job", "noun": "andelen i job", "from": {"kind": "ever", "of": ["uge"]}}),
    "uge": (Unit.PCT, {"clause": "er i job", "from": {"kind": "dream", "groups": ["su"]}}),
    "score": (Unit.SCORE, {"noun": "scoren", "from": {"kind": "background", "column": "koen"}}),
    "svar": (
        Unit.PCT,
        {"from": {"kind": "survey_answers", "survey": "b", "item": "q", "answers": {"1": "Nej", "2": "I høj grad"}}},
    ),
    "emne": (
        Unit.PCT,
        {"clause": "har talt", "from": {"kind": "survey_share", "survey": "b", "item": "q", "answers": [1]}},
    ),
    COST_BENEFIT: (Unit.KR, None),
}


def trial(divisions: list[dict[str, Any]] | None = None) -> Trial:
    measures = [
        {"id": name, "label": name.capitalize(), "unit": str(unit), "definition": "D", "source": "reg", **rest}
        for name, (unit, rest) in CATALOGUE.items()
        if rest
    ]
    return Trial.model_validate(
        {
            "id": "proeve",
            "title": "Prøve",
            "subtitle": "P",
            "description": "P",
            "document_type": "R",
            "commissioner": "S",
            "evaluator": "E",
            "report_date": "2013-01-01",
            "data_date": "2013-01-01",
            "synthetic": True,
            "design": {"kind": "randomised"},
            "groups": {
                "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
                "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
            },
            "sites": {"names": ["Åby", "Bøgelund"]},
            "period": {"first": "2012-01-01", "last": "2012-12-31"},
            "follow_up": {"last_day": "2013-01-01", "weeks": 10},
            "extracts": {
                "participants": {"file": "p.csv", "background": {"koen": "Køn"}},
                "dream": {"file": "d.csv"},
                "casework": {"file": "c.csv"},
                "surveys": {"b": {"file": "b.csv", "respondents": "borgerne", "items": {"q": "Spørgsmål"}}},
            },
            "sources": {"reg": {"text": "Registret"}},
            "measures": measures,
            "elements": [
                {
                    "id": "e", "number": 1, "title": "E", "intention": "I.",
                    "components": [{"measure": "job", "target": {"green": 40, "yellow": 20}}],
                }
            ],
            "analyses": [
                {"kind": "compare", "measures": ["job", "score", "svar"]},
                {"kind": "compare", "measures": ["job"], "group": "deltager", "by": DIVISION},
                {"kind": "subgroups", "measure": "job", "by": divisions or [DIVISION]},
                {"kind": "cost_benefit", "weeks": 10, "parameters": "2013"},
            ],
            "prices": [
                {**PRICE, **WORK},
                {**PRICE, **TALKS},
            ],
        }
    )  # fmt: skip


class Made:
    """A ledger in the making, with short words for the rows these sections read."""

    def __init__(self) -> None:
        self.builder = LedgerBuilder(
            Measure(id=name, label=name.capitalize(), unit=unit, definition="D", source="R")
            for name, (unit, _) in CATALOGUE.items()
        )

    def share(self, k: int, n: int = 100, *, group: str, measure: str = "job", **row: Any) -> Made:
        self.builder.add(
            measure=measure, statistic="share", group=group, value=100 * k / n, k=k, n=n, population="p", **row
        )
        return self

    def row(self, statistic: str, value: float, *, measure: str = "job", group: str = DIFFERENCE, **row: Any) -> Made:
        self.builder.add(measure=measure, statistic=statistic, group=group, value=value, population="p", **row)
        return self

    @property
    def ledger(self) -> Ledger:
        return self.builder.build({"level": 0.05}, threshold=Threshold(persons=5))


def text(written: str) -> str:
    return written.replace("\u00a0", " ").strip()


def shares(first: int, second: int, p: float) -> Ledger:
    made = Made().share(first, group="deltager").share(second, group="kontrol")
    made.row("difference", first - second, unit=Unit.PCT_POINT)
    return made.row("test", 1.0, unit=Unit.COEFFICIENT, p=p).ledger


@pytest.mark.parametrize(
    ("p", "says"), [(0.01, ", og forskellen er sikker."), (0.4, ", men forskellen er ikke sikker.")]
)
def test_the_test_decides_what_is_said_of_two_shares(p: float, says: str) -> None:
    told = text(compared.compared(shares(40, 20, p), trial(), ["job"], site=None))
    assert told.startswith("40 pct. af deltagerne er i job mod 20 pct. i kontrolgruppen")
    assert says in told


def test_a_hidden_share_is_told_as_hidden() -> None:
    assert "kan ikke vises" in compared.compared(shares(3, 20, 0.4), trial(), ["job"], site=None)


@pytest.mark.parametrize(("p", "says"), [(0.01, "er sikker"), (0.4, "er ikke sikker")])
def test_means_are_told_by_their_noun(p: float, says: str) -> None:
    made = Made()
    for group, value in (("deltager", 50.0), ("kontrol", 40.0)):
        made.row("mean", value, measure="score", group=group, k=50, n=100)
    half = 1.0 if p < 0.05 else 20.0
    made.row("difference", 10.0, measure="score", ci_low=10 - half, ci_high=10 + half, p=p)
    told = text(compared.compared(made.ledger, trial(), ["score"], site=None))
    assert told.startswith("Scoren er 50,0 i deltagergruppen mod 40,0 i kontrolgruppen")
    assert says in told


@pytest.mark.parametrize(("p", "says"), [(0.01, "fordeler sig forskelligt"), (0.4, "ingen sikker forskel")])
def test_the_whole_spread_is_tested(p: float, says: str) -> None:
    made = Made()
    for group, k in (("deltager", 30), ("kontrol", 60)):
        made.share(100 - k, group=group, measure="svar", subgroup="svar-1")
        made.share(k, group=group, measure="svar", subgroup="svar-2")
    made.row("test", 1.0, measure="svar", unit=Unit.COEFFICIENT, p=p)
    told = text(compared.spread(made.ledger, trial(), "svar", site=None))
    assert says in told
    assert "30 pct. af deltagerne og 60 pct. af kontrolpersonerne svarer *i høj grad*" in told


@pytest.mark.parametrize(
    ("p", "says"),
    [
        ([0.01], "Effekten på andelen i job afhænger af kønnet"),
        ([0.5], "Det er ikke vist, at effekten på andelen i job afhænger af kønnet"),
        ([0.01, 0.5], "afhænger effekten på andelen i job af kønnet"),
        ([0.4, 0.5], "afhænger af kønnet eller alderen."),
    ],
)
def test_subgroups_differ_only_where_the_test_says_so(p: list[float], says: str) -> None:
    made = Made()
    for division, value in zip((DIVISION, SECOND), p, strict=False):
        made.row("interaction_holm", value, unit=Unit.COEFFICIENT, subgroup=division["id"], p=value)
    told = text(compared.interaction(made.ledger, trial([DIVISION, SECOND][: len(p)]), "job", site=None))
    assert says in told


@pytest.mark.parametrize(
    ("size", "half", "says"), [(20.0, 5.0, "Begge forskelle er sikre"), (20.0, 30.0, "Ingen af de to")]
)
def test_a_contrast_is_told_for_each_group(size: float, half: float, says: str) -> None:
    made = Made()
    for group in ("deltager", "kontrol"):
        for value, k in (("k", 40), ("m", 20)):
            made.share(k, group=group, subgroup=f"koen:{value}")
        made.row(
            "contrast", size, group=group, unit=Unit.PCT_POINT, subgroup="koen", ci_low=size - half,
            ci_high=size + half, p=0.001 if half < size else 0.4, k=20, n=200,
        )  # fmt: skip
    told = text(compared.contrast(made.ledger, trial(), "job", "koen", site=None))
    assert "I deltagergruppen er andelen i job 40 pct. blandt kvinderne mod 20 pct. blandt mændene." in told
    assert "I kontrolgruppen er det 40 pct. mod 20 pct." in told
    assert says in told


@pytest.mark.parametrize(("k", "says"), [(50, "Målet på 40 pct. er dermed nået"), (30, "er dermed ikke nået")])
def test_the_target_is_reached_or_not(k: int, says: str) -> None:
    made = Made().share(k, group="deltager")
    for place in ("Åby", "Bøgelund"):
        made.share(k, group="deltager", site=place)
    assert says in text(compared.sites_against_target(made.ledger, trial(), "job", site=None))


def accounts(net: float, half: float, units: float = 2.0, units_half: float = 1.0) -> Ledger:
    made = Made()
    for account in ("samfund", "offentlig"):
        made.row("net", net, measure=COST_BENEFIT, subgroup=account, ci_low=net - half, ci_high=net + half)
    made.row("chance_of_gain", 60.0, measure=COST_BENEFIT, unit=Unit.PCT, subgroup="samfund")
    made.row(
        "total_units", units, measure="uge", unit=Unit.WEEKS, ci_low=units - units_half, ci_high=units + units_half
    )
    made.row("break_even", 3.0, measure=COST_BENEFIT, unit=Unit.WEEKS, subgroup="vaerdi")
    made.row("break_even", 25.0 if net > 0 else -5.0, measure=COST_BENEFIT, subgroup="samtaler")
    made.row("net_low", -half, measure=COST_BENEFIT, subgroup="quantity:uge")
    made.row("net_high", half if half > abs(net) else -2 * half, measure=COST_BENEFIT, subgroup="quantity:uge")
    return made.ledger


@pytest.mark.parametrize(
    ("net", "half", "says"),
    [
        (1500, 100, "er der et overskud på 1.500 kr. pr. person"),
        (-1500, 100, "er der et underskud på 1.500 kr. pr. person"),
        (1500, 9000, "giver regnestykket et overskud på 1.500 kr. pr. person, men det er så usikkert"),
        (-1500, 9000, "giver regnestykket et underskud på 1.500 kr. pr. person, men det er så usikkert"),
        (0, 9000, "går regnestykket lige op, men det er så usikkert"),
    ],
)
def test_a_result_whose_interval_holds_nought_is_told_as_unsure(net: float, half: float, says: str) -> None:
    made = accounts(net, half)
    assert says in text(costs.result(made, trial(), site=None))
    assert says in text(costs.public(made, trial(), site=None))


@pytest.mark.parametrize(
    ("units", "half", "says"),
    [
        (2.0, 1.0, "en forskel på 2,0 uger pr. person, som er sikker"),
        (2.0, 3.0, "kan derfor ikke vise, om indsatsen betaler sig"),
        (-2.0, 3.0, "en forskel på 2,0 uger færre pr. person, som ikke er sikker"),
    ],
)
def test_what_the_result_rests_on_is_said(units: float, half: float, says: str) -> None:
    assert says in text(costs.result(accounts(1500, 9000, units, half), trial(), site=None))


@pytest.mark.parametrize(
    ("net", "says"), [(1500, "Samtaler må højst koste 25 kr."), (-1500, "Ingen pris på samtaler er lav nok")]
)
def test_the_break_even_price_is_told_where_there_is_one(net: float, says: str) -> None:
    told = text(costs.break_even(accounts(net, 9000), trial(), site=None))
    assert "en forskel på 3,0 uger pr. person" in told
    assert says in told


@pytest.mark.parametrize(
    ("half", "says", "title"),
    [
        (9000, "Fortegnet skifter, når forskellen i uger i job", "Fortegnet afhænger af forskellen i uger i job"),
        (100, "Ingen af forudsætningerne", "Ingen forudsætning ændrer fortegnet alene"),
    ],
)
def test_the_assumption_that_turns_the_sign_is_named(half: float, says: str, title: str) -> None:
    ledger = accounts(1500, half)
    assert says in text(costs.sensitivity(ledger, trial(), site=None))
    assert figures.tornado(ledger, trial()).finding == title


@pytest.mark.parametrize(
    ("net", "half", "says"),
    [
        (1500, 100, "Samfundet får et overskud"),
        (-1500, 100, "Samfundet får et underskud"),
        (1500, 9000, "Det er ikke afgjort, om samfundet får et overskud"),
    ],
)
def test_the_table_of_accounts_begins_with_what_society_gets(net: float, half: float, says: str) -> None:
    assert tables.cost_benefit_accounts(accounts(net, half), trial()).finding == says


@pytest.mark.parametrize(("public", "said"), [((1000.0, 500.0), False), ((1044.0, 444.0), True)])
def test_sums_that_are_rounded_apart_in_one_account_alone_are_said_to_be(
    public: tuple[float, float], said: bool
) -> None:
    made, prices = Made(), [price.key for price in trial().prices[:2]]
    for account, parts in (("samfund", (1000.0, 500.0)), ("offentlig", public)):
        for price, part in zip(prices, parts, strict=True):
            made.row("contribution", part, measure=COST_BENEFIT, subgroup=f"{account}:{price}")
        net = sum(parts)
        made.row("net", net, measure=COST_BENEFIT, subgroup=account, ci_low=net - 100, ci_high=net + 100)
    assert (SUM_NOTE in tables.cost_benefit_accounts(made.ledger, trial()).notes) is said
