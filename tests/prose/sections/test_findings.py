"""What a trial found of its planned results turns with its numbers, in every design."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from section_rows import rows, with_intervals
from section_trial import plain, section_trial

from reportlib.analysis.run import add_corrected
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose import findings, summary, sureness
from reportlib.prose.findings import (
    NothingPlannedError,
    PlannedResultMissingError,
)
from reportlib.prose.sureness import FindingFlippedError, Finds, UnknownFindingError
from reportlib.prose.words import in_week
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

JOB = {"measure": "i-job", "week": 35, "family": "beskæftigelse", "more": "flere i arbejde", "less": "færre i arbejde"}
HOURS = {"measure": "timer", "week": 35, "family": "timer", "more": "flere timer", "less": "færre timer"}
KEY = "i-job.forskel.uge35"


def trial(*, kind: str = "randomised", margin: float | None = None, **changes: Any) -> Trial:
    planned = {"primary": [{**JOB, "margin": margin}], "secondary": [HOURS]}
    whole: dict[str, Any] = {"design": {"kind": kind}, "planned": planned, **changes}
    if kind != "randomised":
        whole["groups"] = {
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "kontrol", "value": "K", "label": "sammenligningsgruppen", "many": "de andre"},
        }
    return section_trial(**whole)


def ledger(
    value: float | None = 5.0,
    half: float = 3.0,
    *,
    hours: float = 1.0,
    tested: bool = True,
    p: float = 0.001,
    whole: Trial | None = None,
) -> Ledger:
    """Shares of 12 and 12 - `value` per cent in week 35, their difference, and a difference in hours."""
    made = rows()
    control = 7 if value is None else round(12 - value)
    for group, k in (("deltager", 120), ("kontrol", 10 * control)):
        made.builder.add(
            measure="i-job", statistic="share", unit=Unit.PCT, group=group, time="uge35", population="personer",
            value=k / 10, k=k, n=1000, ci_low=max(0, k / 10 - 2), ci_high=k / 10 + 2,
        )  # fmt: skip
    gap: dict[str, Any] = {} if value is None else {"value": value, "n": 2000}
    if value is not None and tested:
        gap |= {"ci_low": value - half, "ci_high": value + half, "p": p if abs(value) > half else 0.4}
    made.builder.add(
        measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time="uge35",
        population="personer", **gap,
    )  # fmt: skip
    made.builder.add(
        measure="timer", statistic="difference", unit=Unit.HOURS_PER_WEEK, group=DIFFERENCE, time="uge35", n=2000,
        population="personer", value=hours, ci_low=hours - 0.5, ci_high=hours + 0.5,
        p=0.001 if abs(hours) > 0.5 else 0.4, method="difference in differences, CR2",
    )  # fmt: skip
    add_corrected(whole or trial(), made.builder)
    return made.ledger()


@pytest.mark.parametrize(
    ("family", "p", "says"),
    [
        ("timer", 0.03, "Flere i arbejde med Prøve"),
        ("beskæftigelse", 0.03, "Om indsatsen giver flere i arbejde, er ikke afgjort"),
        ("beskæftigelse", 0.02, "Flere i arbejde med Prøve"),
    ],
)
def test_results_that_answer_one_question_are_judged_together(family: str, p: float, says: str) -> None:
    whole = trial(planned={"primary": [JOB, {**HOURS, "family": family}]})
    made = ledger(hours=0.1, p=p, whole=whole)
    told = plain(findings.planned(made, whole, site=None))
    assert f"**{says}" in told
    lost = "ikke afgjort" in says
    assert ("flere resultater svarer på det samme" in told) == lost
    assert plain(summary.key_figures(made, whole, ["i-job"], 35, site=None)).count("Ikke sikker forskel") == lost
    with pytest.raises(FindingFlippedError) if lost else nullcontext():
        findings.holds(made, whole, {KEY: "up"}, site=None)
    if family == "beskæftigelse":  # by hand: the smaller of two counts double, and the larger is not below it
        assert made[f"{KEY}.p_holm"].p == pytest.approx(2 * p)
        assert made["timer.forskel.uge35.p_holm"].p == pytest.approx(0.4)


def headline(value: float | None, half: float = 3.0, *, kind: str = "randomised", **how: Any) -> str:
    margin = how.pop("margin", None)
    return plain(findings.headline(ledger(value, half, **how), trial(kind=kind, margin=margin), site=None))


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("randomised", 5.0, "Flere i arbejde med Prøve: 12 pct. mod 7 pct. i uge 35."),
        ("randomised", -5.0, "Færre i arbejde med Prøve: 12 pct. mod 17 pct. i uge 35."),
        ("randomised", 2.0, "Om indsatsen giver flere i arbejde, er ikke afgjort: 12 pct. mod 10 pct. i uge 35."),
        ("randomised", 0.1, "Om indsatsen giver flere i arbejde, er ikke afgjort: 12 pct. i begge grupper i uge 35."),
        ("quasi_experiment", 5.0, "Sammenligningen tyder på flere i arbejde: 12 pct. mod 7 pct. i uge 35."),
        ("quasi_experiment", -5.0, "Sammenligningen tyder på færre i arbejde: 12 pct. mod 17 pct. i uge 35."),
        ("quasi_experiment", 2.0, "Om indsatsen giver flere i arbejde, er ikke afgjort:"),
        ("before_after", 5.0, "Flere i arbejde end før start: 12 pct. mod 7 pct. i uge 35."),
        ("before_after", -5.0, "Færre i arbejde end før start:"),
        ("before_after", 2.0, "Om der er flere i arbejde end før start, er ikke afgjort:"),
    ],
)
def test_the_headline_says_what_the_design_bears_and_the_numbers_show(kind: str, value: float, says: str) -> None:
    assert headline(value, kind=kind).startswith(says)


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("quasi_experiment", 5.0, "Sammenligningen forudsætter, at udviklingen ellers ville have været den samme."),
        ("quasi_experiment", 2.0, ""),
        ("before_after", 5.0, "Om det skyldes indsatsen, kan tallene ikke vise."),
        ("before_after", 2.0, "Om det skyldes indsatsen, kan tallene ikke vise."),
        ("status", 5.0, "Hvad indsatsen har betydet, kan tallene ikke vise."),
        ("randomised", 5.0, ""),
    ],
)
def test_what_the_design_cannot_show_ends_the_headline(kind: str, value: float, says: str) -> None:
    rest = headline(value, kind=kind).partition("uge 35.")[2].strip()
    assert rest == says


def test_what_is_settled_comes_before_what_is_not() -> None:
    both = {"primary": [HOURS, JOB]}
    told = plain(findings.headline(ledger(5.0, hours=0.1), trial(planned=both), site=None))
    assert told.index("Flere i arbejde") < told.index("flere timer, er ikke afgjort")


@pytest.mark.parametrize(
    ("value", "half", "margin", "finds"),
    [
        (3.0, 2.9, None, Finds.UP),
        (3.0, 3.1, None, Finds.OPEN),
        (-3.0, 2.9, None, Finds.DOWN),
        (-3.0, 3.1, None, Finds.OPEN),
        (0.5, 1.4, 2.0, Finds.ALIKE),
        (0.0, 0.0, None, Finds.OPEN),  # nobody differs
        (0.5, 1.5, 2.0, Finds.OPEN),  # the end of the interval is the margin itself
        (-0.5, 1.4, 2.0, Finds.ALIKE),
        (0.5, 1.4, None, Finds.OPEN),
        (1.0, 0.5, 2.0, Finds.UP),  # a sure difference stays one, however small
    ],
)
def test_each_side_of_each_boundary(value: float, half: float, margin: float | None, finds: Finds) -> None:
    found = findings.planned_findings(ledger(value, half), trial(margin=margin))[0]
    assert found.finds is finds


def test_that_there_is_no_difference_is_said_only_inside_the_margin() -> None:
    assert headline(0.5, 1.4, margin=2.0).startswith("Hverken flere i arbejde eller færre i arbejde af betydning:")
    assert "Hverken" not in headline(0.5, 1.4)


def test_no_wording_says_that_there_is_no_effect() -> None:
    texts = [
        wording.text for table in (findings.HEADLINE, sureness.SURE, findings.RULES_OUT) for wording in table.values()
    ]
    assert not [text for text in texts if "ingen effekt" in text.lower()]


def test_a_hidden_and_an_untested_difference_are_told_as_such() -> None:
    assert headline(None).startswith("Resultatet for andelen i job vises ikke af hensyn til anonymiteten.")
    assert headline(5.0, tested=False).startswith("Der er ikke regnet usikkerhed på andelen i job: 12 pct. mod 7 pct.")


def test_that_a_result_is_hidden_is_told_once_and_bears_nothing() -> None:
    told = plain(findings.planned(ledger(None), trial(), "beskæftigelse", site=None))
    assert told.count("vises ikke") == 1
    with pytest.raises(FindingFlippedError, match="now it is hidden"):
        findings.holds(ledger(None), trial(), {KEY: "up"}, site=None)


@pytest.mark.parametrize(
    ("secondary", "says"),
    [
        ([], "Ét resultat er udpeget som det, forsøget bedømmes på, og resumeet begynder med det:"),
        ([HOURS], "To resultater er udpeget som dem, forsøget bedømmes på, og resumeet begynder med dem:"),
    ],
)
def test_one_planned_result_is_told_of_as_one(secondary: list[dict[str, Any]], says: str) -> None:
    told = findings.exploratory_note(ledger(), trial(planned={"primary": [JOB], "secondary": secondary}), site=None)
    assert plain(told).startswith(says)


def test_a_result_that_is_not_sure_says_what_is_ruled_out() -> None:
    told = plain(findings.planned(ledger(2.0), trial(), "beskæftigelse", site=None))
    assert (
        "*Ikke sikker forskel.* Tallene udelukker et fald på mere end 1,0 procentpoint og en stigning på mere end 5,0"
        in told
    )
    sure = plain(findings.planned(ledger(5.0), trial(), "beskæftigelse", site=None))
    assert "*Sikker forskel.*" in sure and "udelukker" not in sure


def test_a_difference_alone_has_its_size() -> None:
    assert "flere timer med Prøve: 1,0 time mere i uge 35." in plain(
        findings.planned(ledger(), trial(), site=None)
    ).lower().replace("prøve", "Prøve")
    down = plain(findings.planned(ledger(hours=-1.0), trial(), site=None))
    assert "Færre timer med Prøve: 1,0 time mindre i uge 35." in down
    none = plain(findings.planned(ledger(hours=-0.01), trial(), site=None))
    assert "Om indsatsen giver flere timer, er ikke afgjort: hverken mere eller mindre i uge 35." in none


def test_the_primary_results_are_first_and_in_bold() -> None:
    lines = findings.planned(ledger(), trial(), site=None).strip().splitlines()
    assert [line.startswith("- **") for line in lines] == [True, False]
    assert len(findings.planned(ledger(), trial(), site=None, most=1).strip().splitlines()) == 1


def test_a_trial_without_planned_results_has_no_headline() -> None:
    with pytest.raises(NothingPlannedError):
        findings.headline(ledger(), section_trial(), site=None)


def test_a_planned_result_that_nothing_computes_is_named() -> None:
    with pytest.raises(PlannedResultMissingError, match="samtale is computed nowhere"):
        planned = {"primary": [{**JOB, "measure": "samtale", "week": None}]}
        findings.headline(ledger(), trial(planned=planned), site=None)


def recommended(bears: dict[str, str], numbers: Ledger, **more: Any) -> str:
    one = {"title": "Gør noget", "text": "Sådan.", "bears": bears, **more}
    return plain(findings.recommendations(numbers, trial(recommendations=[one]), site=None))


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ((10, 30), "”Samtale inden fire uger” (Rød, også i Åby)"),
        ((40, 0), "”Samtale inden fire uger” (Rød i hele forsøget, Grøn i Åby)"),
        ((2, 38), "”Samtale inden fire uger” (Rød i hele forsøget)"),  # of fewer than five: it has no colour
    ],
)
def test_a_recommendation_in_a_places_report_says_whose_colour_it_rests_on(here: tuple[int, int], said: str) -> None:
    one = {"title": "Gør noget", "text": "Sådan.", "bears": {"samtale": "red"}}
    made = with_intervals("samtale", (here[0], 40), (100, 400)).ledger()
    told = plain(findings.recommendations(made, section_trial(recommendations=[one]), site="Åby"))
    assert said in told


def test_a_recommendation_names_what_bears_it() -> None:
    told = recommended({KEY: "up"}, ledger(5.0), rests="interview med borgere", section="sec-effekter")
    assert told == (
        "**Gør noget.** Sådan. *Bygger på resultatet for andelen i job og interview med borgere* (@sec-effekter).\n"
    )


def test_recommendations_say_whom_they_are_to_and_are_listed_by_them() -> None:
    told = recommended({}, ledger(), to="kommunerne", rests="at ingen har svaret")
    assert told == "**Kommunerne: Gør noget.** Sådan. *Bygger på, at ingen har svaret*.\n"
    whom = {"Gør noget": "kommunerne", "Vent": "styrelsen", "Spørg": "kommunerne", "Hvil": None}
    listed = [{"title": title, "to": to, "text": "Sådan.", "rests": "interview"} for title, to in whom.items()]
    assert findings.recommended(ledger(), trial(recommendations=listed), site=None).splitlines() == [
        "- **Kommunerne:** Gør noget. Spørg.",
        "- **Styrelsen:** Vent.",
        "- Hvil.",
    ]


def test_what_is_ruled_out_is_rounded_outward_to_readable_digits() -> None:
    told = plain(findings.planned(ledger(hours=0.46), trial(), site=None))
    assert "Tallene udelukker et fald på mere end 0,1 time og en stigning på mere end 1,0 time." in told


@pytest.mark.parametrize(("said", "value"), [("up", 2.0), ("up", -5.0), ("open", 5.0), ("down", 5.0)])
def test_a_finding_that_has_flipped_stops_the_report(said: str, value: float) -> None:
    with pytest.raises(FindingFlippedError, match=f"{KEY} being {said}"):
        recommended({KEY: said}, ledger(value))


def test_a_light_bears_a_recommendation_until_it_changes() -> None:
    made = rows()
    for name, k in (("samtale", 30), ("plan", 90)):
        made.builder.add(
            measure=name, statistic="share", unit=Unit.PCT, group="deltager", population="personer",
            value=float(k), k=k, n=100, ci_low=k - 9.0, ci_high=k + 9.0,
        )  # fmt: skip
    numbers = made.ledger()
    assert "Bygger på ”Samtale inden fire uger” (Rød)*" in recommended({"samtale": "red"}, numbers)
    with pytest.raises(FindingFlippedError, match="now it is green"):
        recommended({"plan": "red"}, numbers)


def test_nothing_rests_on_a_number_without_a_test() -> None:
    with pytest.raises(UnknownFindingError, match="not tested"):
        recommended({KEY: "up"}, ledger(5.0, tested=False))


@pytest.mark.parametrize(("said", "holds"), [("under 20", True), ("over 20", False), ("over 12", True)])
def test_prose_can_be_held_to_how_large_a_number_is(said: str, holds: bool) -> None:
    bears = {"i-job.deltager.uge35": said}  # 12 pct.
    with nullcontext() if holds else pytest.raises(FindingFlippedError, match="now it is under 20"):
        assert findings.holds(ledger(5.0), trial(), bears, site=None) == ""


def test_prose_can_be_held_to_its_findings() -> None:
    assert findings.holds(ledger(5.0), trial(), {KEY: "up"}, site=None) == ""
    with pytest.raises(FindingFlippedError, match="what the document says"):
        findings.holds(ledger(-5.0), trial(), {KEY: "up"}, site=None)


@pytest.mark.parametrize(
    ("how", "when"),
    [
        ({"kind": "running_total", "measure": "timer"}, "til og med uge 35"),
        ({"kind": "run", "of": ["timer"]}, "til og med uge 35"),
        ({"kind": "paid_hours"}, "i uge 35"),
    ],
)
def test_what_is_counted_from_the_start_is_told_up_to_its_week(how: dict[str, Any], when: str) -> None:
    about = {
        "id": "maal",
        "label": "Timer",
        "unit": "hours",
        "definition": "Timer.",
        "source": "eindkomst",
        "from": how,
    }
    assert plain(in_week(MeasureSpec.model_validate(about), 35)) == when


@pytest.mark.parametrize(
    ("value", "wanted", "told"), [(5.0, "down", True), (5.0, "up", False), (1.0, "down", False), (-5.0, "up", True)]
)
def test_a_sure_result_against_an_expectation_is_told_as_such(value: float, wanted: str, told: bool) -> None:
    """A reader of the list would take a rise that nobody wanted for a success."""
    one = trial(hypotheses=[{"expected": "Det går den vej", "bears": {KEY: wanted}}])
    text = plain(findings.planned(ledger(value, whole=one), one, site=None))
    assert ("Man ventede det modsatte." in text) is told
