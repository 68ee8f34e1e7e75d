"""Sentences on places and years follow the rows: each wording is chosen by the evidence that asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from small_trial import make_trial

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.run import catalogue
from reportlib.disclosure import Threshold
from reportlib.ledger import Ledger, UnknownKeyError
from reportlib.prose import quasi, survival
from reportlib.text.marks import Recording, recording
from reportlib.trial.model import Trial

TIME = {
    "id": "tid",
    "label": "Andel, der stadig venter, hovedgruppen",
    "unit": "pct",
    "noun": "afgangsraten",
    "definition": "Uger til job",
    "source": "register",
    "from": {"kind": "time_to", "state": "job", "event": "job"},
}
HOURS = {
    "id": "timer",
    "label": "Timer",
    "unit": "hours_per_week",
    "clause": "arbejder {value} om ugen",
    "noun": "timetallet",
    "definition": "Timer",
    "source": "register",
    "from": {"kind": "weekly", "extract": "job"},
}
AREA = {
    "id": "andel",
    "label": "Andel",
    "unit": "pct",
    "noun": "andelen",
    "definition": "Andel",
    "source": "register",
    "from": {"kind": "monthly", "extract": "m"},
}
MORE_AREAS = [{**AREA, "id": f"andel-{name}", "noun": f"andelen {name}"} for name in ("to", "tre")]
JOB = {**HOURS, "id": "job", "unit": "pct"}


def trial() -> Trial:
    return make_trial(
        design={"kind": "quasi_experiment"},
        groups={
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "andre", "value": "A", "label": "sammenligningsgruppen", "many": "de andre"},
        },
        measures=[JOB, TIME, HOURS, AREA, *MORE_AREAS],
        extracts={
            "participants": {"file": "p.csv"},
            "weekly": {"job": {"file": "w.csv"}},
            "series": {"m": {"file": "m.csv"}},
        },
        analyses=[
            {"kind": "cox", "measure": "tid", "split_week": 8},
            {
                "kind": "series",
                "measures": ["andel", "andel-to", "andel-tre"],
                "first": "2020-01-01",
                "last": "2020-06-01",
            },
        ],
    )


def ledger(*rows: dict[str, Any]) -> Ledger:
    made = LedgerBuilder(catalogue(trial()), level=0.05)
    for row in rows:
        made.add(**{"population": "alle", "group": "forskel", **row})
    return made.build({}, threshold=Threshold())


def ratio(value: float, low: float, high: float, **where: Any) -> dict[str, Any]:
    significant = low > 1 or high < 1
    return {
        "measure": "tid", "statistic": "hazard_ratio", "unit": "hazard_ratio", "value": value, "ci_low": low,
        "ci_high": high, "p": 0.01 if significant else 0.4, **where,
    }  # fmt: skip


def test_a_higher_rate_is_told_as_a_rate() -> None:
    told = survival.rates(ledger(ratio(1.5, 1.2, 1.9)), trial(), "tid", site=None)
    assert "50\xa0pct. højere" in told
    assert "rate" in told


def test_the_same_rate_turned_over_is_lower() -> None:
    assert "lavere" in survival.rates(ledger(ratio(0.6, 0.4, 0.9)), trial(), "tid", site=None)


def test_the_part_after_the_split_says_from_which_week() -> None:
    made = ledger(ratio(1.2, 0.9, 1.6), ratio(1.5, 1.2, 1.9, time="uge9-"))
    told = survival.rates_in_parts(made, trial(), "tid", site=None)
    assert told.index("ingen sikker forskel i afgangsraten.") < told.index("fra uge\xa09 og frem")


def test_parts_of_a_ratio_that_hides_are_not_told_one_by_one() -> None:
    every = [{**ratio(1.2, 0.9, 1.6, time=time), "value": None, "ci_low": None, "ci_high": None, "p": None}
             for time in ("", "uge1-8", "uge9-")]  # fmt: skip
    told = survival.rates_in_parts(ledger(*every), trial(), "tid", site=None)
    assert told.count("Forskellen i afgangsraten") == 1
    assert "året før" not in told


@pytest.mark.parametrize(
    ("raw", "adjusted", "says"),
    [
        (1.8, 1.3, "større ud"),
        (1.1, 1.4, "mindre ud"),
        (1.3, 1.3, "den samme"),
        (1.001, 1.2, "mindre ud: samme afgangsrate mod"),
        (1.068, 1.072, "den samme"),
    ],
)
def test_what_control_does_to_the_ratio(raw: float, adjusted: float, says: str) -> None:
    made = ledger(
        ratio(adjusted, adjusted - 0.05, adjusted + 0.05), ratio(raw, raw - 0.05, raw + 0.05, subgroup="uden-kontrol")
    )
    assert says in survival.control(made, trial(), "tid", site=None)


def proportional(p: float, change: float) -> str:
    rows = [
        {"measure": "tid", "statistic": "proportional_hazards", "unit": "coefficient", "value": 1.0, "p": p},
        {"measure": "tid", "statistic": "hazard_ratio_change", "unit": "hazard_ratio", "value": 1.5, "p": change},
    ]
    return survival.proportional(ledger(*rows), trial(), "tid", site=None)


def test_a_ratio_that_changes_over_time_is_said_to() -> None:
    assert "ændrer sig over tid" in proportional(0.01, 0.01)
    assert "en anden efter uge 8" in proportional(0.01, 0.01)


def test_a_ratio_that_does_not_change_is_not_said_to() -> None:
    assert "ikke tegn på" in proportional(0.5, 0.5)
    assert "kan ikke afvises" in proportional(0.5, 0.5)


def week(value: float, half: float) -> str:
    p = 0.01 if abs(value) > half else 0.4
    row = {
        "measure": "timer", "statistic": "difference", "value": value, "ci_low": value - half, "ci_high": value + half,
        "p": p, "time": "uge5", "n": 50,
    }  # fmt: skip
    return quasi.did(ledger(row), trial(), "timer", 5, site=None)


def test_a_difference_in_differences_says_more_less_or_not_significant() -> None:
    assert "mere i de deltagende" in week(0.8, 0.2)
    assert "mindre i de deltagende" in week(-0.8, 0.2)
    assert "ingen sikker forskel" in week(0.1, 0.2)


def weeks(up: tuple[int, ...], down: tuple[int, ...] = ()) -> str:
    rows = []
    for at in range(1, 21):
        value = 1.0 if at in up else -1.0 if at in down else 0.0
        rows += [
            {
                "measure": "timer", "statistic": "difference", "value": value, "ci_low": value - 0.5,
                "ci_high": value + 0.5, "p": 0.01 if value else 0.9, "time": f"uge{at}",
            },
        ]  # fmt: skip
    return quasi.did_weeks(ledger(*rows), trial(), "timer", site=None).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("up", "down", "says"),
    [
        ((), (), "ikke sikker i nogen af de 20 uger"),
        ((7,), (), "har i uge 7 udviklet sig mere"),
        ((), (7,), "har i uge 7 udviklet sig mindre"),
        ((10, 11, 12, 15), (), "har i uge 10–12 og 15 udviklet sig mere"),
        ((3, 4), (9,), "har i uge 3 og 4 udviklet sig mere og i uge 9 mindre"),
        (tuple(range(1, 21)), (), "har i alle 20 uger udviklet sig mere"),
        ((), tuple(range(1, 21)), "har i alle 20 uger udviklet sig mindre"),
        (tuple(range(1, 11)), tuple(range(11, 21)), "i uge 11–20 mindre i de deltagende kommuner end i de øvrige, og"),
    ],
)
def test_significant_weeks_are_told_as_they_lie(up: tuple[int, ...], down: tuple[int, ...], says: str) -> None:
    assert says in weeks(up, down)


def test_weeks_that_all_hide_are_not_counted() -> None:
    row = {"measure": "timer", "statistic": "difference", "value": None, "time": "uge5"}
    told = [
        made(ledger(row), trial(), "timer", *week, site=None)
        for made, week in ((quasi.did_weeks, ()), (quasi.did, (5,)))
    ]
    assert told[0] == "Forskellen i timetallet kan ikke vises uge for uge.\n"
    assert told[1].startswith("Forskellen i timetallet i uge\xa05 er ikke opgjort")


def areas(low: float, high: float) -> str:
    rows = [
        {"measure": "andel", "statistic": name, "unit": "pct_point", "value": value}
        for name, value in (("minimum", low), ("maximum", high))
    ]
    made = ledger(*rows)
    return f"{quasi.months(made, trial(), 'andel', site=None)} {quasi.series_title(made, trial(), 'andel')}"


def test_areas_lie_below_above_or_cross() -> None:
    assert "været lavere" in areas(-0.7, -0.3)
    assert "mellem 0,3 og 0,7\xa0procentpoint" in areas(-0.7, -0.3)
    assert "I de deltagende kommuner er andelen lavere fra januar 20" in areas(-0.7, -0.3)
    assert "været højere" in areas(0.3, 0.7) and "er andelen højere fra" in areas(0.3, 0.7)
    assert "snart været lavere og snart højere" in areas(-0.3, 0.7)
    assert areas(-0.3, 0.7).endswith("\n ")


def change(moves: dict[str, tuple[float | None, float | None, float | None]]) -> str:
    rows = [
        {"measure": name, "statistic": "change", "unit": "pct_point", "value": value, "group": group}
        for name, values in moves.items()
        for group, value in zip(("deltager", "andre", "alle"), values, strict=True)
    ]
    return quasi.change(ledger(*rows), trial(), *moves, site=None).replace("\xa0", " ").strip()


def test_what_moved_alike_has_its_verb_once_and_what_did_not_move_is_unmoved_everywhere() -> None:
    assert change({"andel": (-2.0, -1.0, 0.5)}) == (
        "Fra januar 2020 til juni 2020 er andelen faldet med 2,0 procentpoint i de deltagende kommuner, 1,0 "
        "procentpoint i de øvrige og steget med 0,5 procentpoint på landsplan."
    )
    assert change({"andel": (0.0, 0.0, 0.0)}).endswith(
        "er andelen uændret i de deltagende kommuner, i de øvrige og på landsplan."
    )


def test_the_months_of_several_numbers_are_told_once() -> None:
    one, two, three = ({name: (1.0, None, None)} for name in ("andel", "andel-to", "andel-tre"))
    assert change({**one, **two}).count("I samme periode er andelen to steget") == 1
    told = change({**one, **two, **three})
    assert told.count("Fra januar 2020") == told.count("I samme periode") == 1
    assert told.endswith(", og andelen tre er steget med 1,0 procentpoint i de deltagende kommuner.")


def test_a_number_that_hides_everywhere_is_not_told_to_have_moved() -> None:
    hidden = (None, None, None)
    assert change({"andel": hidden}) == ""
    assert change({"andel": hidden, "andel-to": (1.0, None, None)}).startswith("Fra januar 2020")


def test_what_comparisons_of_rates_rest_on_is_told_the_first_time() -> None:
    made = ledger(ratio(1.5, 1.2, 1.9))
    with recording(Recording()):
        first, second = (survival.rates(made, trial(), "tid", site=None) for _ in range(2))
    assert "afgangsrater forudsætter" in first
    assert "højere" in second
    assert "forudsætter" not in second


def gained(value: float | None, half: float) -> str:
    low, high = (None, None) if value is None else (value - half, value + half)
    rows = [
        {
            "measure": "timer", "statistic": "accumulated", "unit": "hours", "value": value, "ci_low": low,
            "ci_high": high, "time": "uge5", "suppressed": value is None,
        },
        {"measure": "job", "statistic": "mean", "unit": "per_person", "value": 6.0, "group": "deltager", "n": 50},
    ]  # fmt: skip
    return quasi.break_even(ledger(*rows), trial(), "timer", 5, "job", site=None)


def test_a_price_follows_only_from_a_gain_that_is_there() -> None:
    assert "fx 3.000\xa0kr. mere" in gained(3.0, 1.0)
    assert "ikke vist nogen gevinst" in gained(3.0, 4.0)
    assert "ikke vist nogen gevinst" in gained(-3.0, 1.0)


def test_of_a_gain_that_is_not_shown_nobody_says_that_there_is_none() -> None:
    assert gained(None, 1.0) == ""


def matchings(*found: tuple[str, float | None, float]) -> str:
    """Matched differences of the main group's time, each with whom it is matched and half its interval."""
    rows = [
        {
            "measure": "tid", "statistic": "matched", "unit": "pct_point", "value": value, "subgroup": name,
            "ci_low": None if value is None else value - half, "ci_high": None if value is None else value + half,
            "suppressed": value is None,
        }
        for name, value, half in found
    ]  # fmt: skip
    return quasi.matchings(ledger(*rows), trial(), ["tid"], site=None).replace("\xa0", " ").strip()


MAIN = "andel, der stadig venter, hovedgruppen mod"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ([("andre", 1.0, 2.0), ("foer", 1.0, 2.0)], "Ingen af de to matchninger viser en sikker forskel."),
        (
            [("andre", 3.0, 2.0), ("foer", 1.0, 2.0)],
            f"Én af to matchninger viser en sikker forskel, nemlig {MAIN} sammenligningsgruppen (3,0 procentpoint).",
        ),
        (
            [("andre", 3.0, 2.0), ("foer", -1.2, 1.0)],
            f"Begge matchninger viser en sikker forskel: {MAIN} sammenligningsgruppen (3,0 procentpoint) og {MAIN} "
            "foer (−1,2 procentpoint).",
        ),
        ([("andre", 3.0, 2.0)], f"Den ene matchning viser en sikker forskel: {MAIN} sammenligningsgruppen (3,0"),
        ([("andre", 1.0, 2.0)], "Ingen matchninger viser en sikker forskel."),
        (
            [("andre", None, 0.0), ("foer", 1.0, 2.0), ("efter", 1.0, 2.0)],
            "Ingen af de to matchninger, der kan vises, viser en sikker forskel.",
        ),
        ([("andre", None, 0.0)], "Resultaterne af matchningerne kan ikke vises, fordi tallene hviler på færre end"),
    ],
)
def test_matchings_are_told_by_those_that_show_a_difference(
    found: list[tuple[str, float | None, float]], says: str
) -> None:
    assert matchings(*found).startswith(says)


def after_matching(*found: float | None) -> str:
    rows: list[dict[str, Any]] = [
        {"measure": "tid", "statistic": "matched", "unit": "pct_point", "value": 1.0, "subgroup": "andre"}
    ]
    for name, value in zip(("alder", "timer", "job"), found, strict=False):
        rows.append(
            {
                "measure": "tid", "statistic": "standardised_after", "unit": "coefficient", "value": value,
                "subgroup": f"andre:{name}", "suppressed": value is None,
            }
        )  # fmt: skip
    return quasi.matched_alike(ledger(*rows), trial(), "tid", "andre", site=None).strip()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ((0.09, -0.1), "Efter matchningen ligger alle kendetegn inden for grænsen 0,1: På det, der er målt"),
        ((0.0, -0.11), "Efter matchningen ligger timer stadig uden for grænsen 0,1. Dér er grupperne ikke"),
        ((0.11, 0.2, 0.0), "Efter matchningen ligger alder og timer stadig uden for grænsen 0,1."),
        ((0.0, None), "Efter matchningen ligger alle kendetegn, der kan vises, inden for grænsen 0,1."),
        ((0.2, None), "Efter matchningen ligger alder stadig uden for"),
        ((None, None), "Balancen efter matchningen kan ikke vises, fordi"),
    ],
)
def test_groups_are_called_alike_after_matching_only_where_every_characteristic_is_seen_to_be(
    found: tuple[float | None, ...], says: str
) -> None:
    assert after_matching(*found).startswith(says)


def test_a_matching_that_there_is_not_is_told_as_such() -> None:
    with pytest.raises(UnknownKeyError, match="tid.forskel.subgroup=foer.matched"):
        quasi.matched_alike(ledger(), trial(), "tid", "foer", site=None)


@pytest.mark.parametrize(("low", "high", "title"), [(0.0, 0.7, False), (0.1, 0.7, True), (-0.7, 0.0, False)])
def test_a_month_without_any_difference_is_neither_above_nor_below(low: float, high: float, title: bool) -> None:
    assert ("er andelen" in areas(low, high).splitlines()[-1]) is title


def test_weeks_that_hide_are_told_beside_those_that_are_counted() -> None:
    rows = [
        {
            "measure": "timer", "statistic": "difference", "time": f"uge{at}",
            **({"value": None, "suppressed": True} if at in (2, 4, 5)
               else {"value": 1.0, "ci_low": 0.5, "ci_high": 1.5, "p": 0.01}),
        }
        for at in range(1, 8)
    ]  # fmt: skip
    assert quasi.did_weeks(ledger(*rows), trial(), "timer", site=None).replace("\xa0", " ") == (
        "Timetallet har i alle 4 uger udviklet sig mere i de deltagende kommuner end i de øvrige, og forskellen er "
        "sikker. Uge 2, 4 og 5 er udeladt af hensyn til anonymiteten.\n"
    )
    assert "udeladt" not in weeks((7,))
