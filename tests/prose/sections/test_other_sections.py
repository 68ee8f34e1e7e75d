"""Who takes part, what citizens say, what it costs, how it is done, and the cards of the summary."""

from __future__ import annotations

from typing import Any

import pytest
from made_up import add_balance
from section_rows import WEEK, activity, answers, extra, followed, hide_row, rows, total, weekly
from section_trial import plain, section_trial

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.ledger import Ledger
from reportlib.ledger.keys import others_than
from reportlib.prose import costs, key_shares, method, summary

TRIAL = section_trial()


# Cards


def cards(ledger: Ledger, *measures: str) -> list[str]:
    block = plain(summary.key_figures(ledger, TRIAL, measures, WEEK, site=None))
    return [line for line in block.splitlines() if line.startswith("- ")]


def test_a_card_gives_both_levels_as_the_text_does() -> None:
    assert cards(weekly().ledger(), "i-job") == [
        "- **25 pct.** af deltagerne er i job i uge 35. I kontrolgruppen er det 9 pct. *Sikker forskel.*"
    ]


def test_a_card_of_hours_says_that_they_are_a_mean() -> None:
    made = rows().weekly("timer", lambda week: 2 + week / 100, lambda week: 1.25, se=0.1)
    (card,) = cards(made.ledger(), "timer")
    assert card.startswith("- **2,4 timer** er i gennemsnit det ugentlige antal timer for deltagerne")
    assert card.endswith("I kontrolgruppen er det 1,3 time. *Sikker forskel.*")


def test_a_card_says_that_a_difference_is_not_sure() -> None:
    made = rows().weekly("timer", lambda week: 1.3, lambda week: 1.25, se=0.1)
    assert cards(made.ledger(), "timer")[0].endswith("*Ikke sikker forskel.*")


def test_a_municipality_sees_its_own_number_first() -> None:
    made = weekly()
    made.share("i-job", 30, 100, group="deltager", site="Åby", time="uge35")
    block = plain(summary.key_figures(made.ledger(), TRIAL, ["i-job"], WEEK, site="Åby"))
    assert "- **30 pct.** af deltagerne i Åby (30 af 100) er i job i uge 35. I hele forsøget er det 25 pct." in block
    assert "i kontrolgruppen: *sikker forskel.*" in block  # the whole trial's verdict is not that of Åby's number
    other = plain(summary.key_figures(made.ledger(), TRIAL, ["i-job"], WEEK, site="Dalby"))
    assert "- **25 pct.** af deltagerne i hele forsøget er i job" in other
    assert "I kontrolgruppen er det 9 pct. *Sikker forskel.*" in other


def test_a_hidden_number_has_no_card() -> None:
    ledger = hide_row(weekly().ledger(), "i-job.kontrol.uge35")
    assert summary.key_figures(ledger, TRIAL, ["i-job"], WEEK, site=None) == ""


# Participants


def counted(*, site: str | None = None) -> str:
    made = rows()
    for group, n in (("alle", 300), ("deltager", 200), ("kontrol", 100)):
        made.count("personer", n, group=group)
    for group, n in (("deltager", 20), ("kontrol", 3)):
        made.count("personer", n, group=group, site="Åby")
        made.count("personer", 200 - n, group=group, site=others_than("Åby"))
    return plain(method.persons(made.ledger(), TRIAL, site=site))


def test_persons_are_counted_by_group() -> None:
    assert "300 personer fra fire kommuner: 200 i deltagergruppen og 100 i kontrolgruppen." in counted()
    assert "Åby" not in counted()


def test_a_small_group_at_a_site_is_not_counted_aloud() -> None:
    text = counted(site="Åby")
    why = "hviler på færre end fem personer eller kan afsløre et tal, der gør det"
    assert f"Fra Åby kommer 20 i deltagergruppen og (ikke vist: {why}) i kontrolgruppen." in text


@pytest.mark.parametrize(("until", "said"), [(40, True), (44, False)])
def test_the_last_week_with_enough_persons_is_told_where_it_matters(until: int, said: bool) -> None:
    text = plain(method.followed(followed(rows(), enough_until=until).ledger(), TRIAL, 30, site=None))
    assert "600 personer i mindst 30 uger" in text
    assert ("bygger på uge 1 til uge 40" in text) is said


@pytest.mark.parametrize(("people", "said"), [(50, False), (49, True)])
def test_as_many_as_are_enough_are_enough(people: int, said: bool) -> None:
    made = followed(rows(), people=people).ledger()
    text = plain(
        method.followed(
            made, section_trial(follow_up={"last_day": "2016-12-31", "weeks": 44, "enough": 50}), 30, site=None
        )
    )
    assert ("Der er ingen uge, hvor begge grupper har mindst 50 personer" in text) is said


def result(measure: str, family: str) -> dict[str, Any]:
    return {"measure": measure, "week": WEEK, "family": family, "more": "mere", "less": "mindre"}


@pytest.mark.parametrize(("other", "said"), [("job", True), ("timer", False)])
def test_results_that_answer_the_same_are_corrected_for_from_two_on(other: str, said: bool) -> None:
    planned = {"primary": [result("i-job", "job"), result("timer", other)]}
    text = plain(method.certainty(rows().ledger(), section_trial(planned=planned), table="tbl-x", site=None))
    assert ("er der korrigeret for deres antal (Holm)" in text) is said


@pytest.mark.parametrize(("until", "said"), [(0, True), (1, False)])
def test_no_week_with_enough_persons_is_no_span_of_weeks(until: int, said: bool) -> None:
    text = plain(method.followed(followed(rows(), enough_until=until).ledger(), TRIAL, 30, site=None))
    assert ("Der er ingen uge, hvor begge grupper har mindst" in text) is said
    assert "uge 0" not in text


def test_results_are_preliminary_by_so_many() -> None:
    made = followed(rows(), people=150)
    made.count("personer", 700, group="alle")
    text = plain(method.preliminary(made.ledger(), TRIAL, WEEK, site=None))
    assert "Af forsøgets 700 personer kan 300 følges i mindst 35 uger" in text


def balance(*found: tuple[str, int, int, float], p: float = 0.4) -> str:
    return plain(method.balance(add_balance(rows(), found, p=p).ledger(), TRIAL, site=None))


def test_two_answers_to_one_question_are_one_test() -> None:
    text = balance(("alder", 200, 200, 0.0), ("ydelse:A", 240, 200, 0.2), ("ydelse:B", 160, 200, -0.2), p=0.01)
    assert "En samlet test af to baggrundsforhold" in text
    assert "to forskelle sikre (alder og ydelse)" in text


def test_three_answers_are_three() -> None:
    text = balance(("ydelse:A", 10, 20, 0), ("ydelse:B", 10, 20, 0), ("ydelse:C", 10, 20, 0), p=0.01)
    assert "test af tre baggrundsforhold" in text and "ydelse: C" in text


def test_alike_groups_have_no_differences_to_name() -> None:
    assert "Enkeltvis" not in balance(("alder", 200, 200, 0.0))


# What citizens say


MEANS = {"stoette": 7.4, "hjaelp": 6.9, "cv": 3.8, "minplan": 4.2, "skema": 3.5}


def importance(**changes: float | None) -> str:
    return plain(key_shares.importance(answers(**{**MEANS, **changes}), TRIAL, list(MEANS), site=None))


def test_the_highest_and_the_lowest_are_named_with_their_means() -> None:
    text = importance()
    assert text.startswith(
        "Borgerne har vurderet betydningen af fem forhold på en skala fra 1 (ingen betydning) til 10 (stor betydning)."
    )
    assert "højest for mentorens støtte (7,4), fulgt af konsulentens hjælp (6,9) og MinPlan efter praktik (4,2)" in text
    assert "Lavest ligger skemaet (3,5) og arbejdet med CV (3,8)." in text


def test_the_order_follows_the_answers() -> None:
    text = importance(skema=9.0, stoette=2.0)
    assert "højest for skemaet (9,0)" in text
    assert "Lavest ligger mentorens støtte (2,0)" in text


def test_a_tie_at_the_bottom_is_told_whole() -> None:
    text = importance(stoette=9.0, hjaelp=8.0, minplan=7.0, cv=3.5, skema=3.5)
    assert "Lavest ligger arbejdet med CV (3,5) og skemaet (3,5)." in text


def test_what_may_be_among_the_highest_is_not_called_lowest() -> None:
    assert "Lavest" not in importance(cv=3.5, minplan=3.5, skema=3.5)


def test_a_hidden_mean_is_not_ranked() -> None:
    text = importance(stoette=None)
    assert "mentorens støtte" not in text
    assert "højest for konsulentens hjælp (6,9)" in text


# Costs


def break_even(value: float, se: float = 4.0) -> str:
    made = extra(total(activity(samtaler=(5.0, 1.0)), value, se), "samtaler", 0.3)
    return plain(costs.price_of_gain(made.ledger(), TRIAL, ["samtaler"], "timer", WEEK, table="tbl-a", site=None))


def test_a_gain_that_may_be_nothing_has_no_price() -> None:
    text = break_even(3.0)
    assert "beregner derfor ikke, hvad en ekstra time koster" in text
    assert "@tbl-a" not in text


def test_a_loss_is_told_as_one() -> None:
    assert "er der 16,0 timer mindre pr. person i deltagergruppen end i kontrolgruppen" in break_even(-16.0)


def test_activities_are_named_by_their_verdict() -> None:
    ledger = activity(samtaler=(5.0, 1.0), uger=(-5.0, 1.0)).ledger()
    text = plain(costs.activity(ledger, TRIAL, ["samtaler", "uger"], site=None))
    assert "flere samtaler i deltagergruppen" in text
    assert "færre uger i praktik i deltagergruppen" in text


# Method


def with_files(*files: dict[str, Any]) -> Ledger:
    return ledger_of([], header={"files": list(files)}, measures={})


def test_left_out_rows_are_told_with_their_reason() -> None:
    ledger = with_files(
        {"name": "timer.csv", "rows": 2000, "dropped": {"records of months outside the follow-up": 300}},
        {"name": "b.csv", "rows": 40, "dropped": {}},
    )
    text = plain(method.read_and_dropped(ledger, TRIAL, site=None))
    assert "timer.csv (2.000 rækker, heraf 300 om måneder uden for opfølgningen, som ikke er brugt)" in text
    assert "b.csv (40 rækker)." in text


@pytest.mark.parametrize(("kind", "said"), [("randomised", True), ("quasi_experiment", False)])
def test_only_random_allocation_is_said_to_make_groups_comparable(kind: str, said: bool) -> None:
    groups = {
        "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
        "comparison": {"id": "kontrol", "value": "K", "label": "sammenligningsgruppen", "many": "personerne"},
    }
    trial = section_trial(design={"kind": kind}, groups=groups)
    text = method.effects(followed(rows()).ledger(), trial, site=None)
    assert ("Lodtrækningen" in text) is said
    assert "hver for sig" not in text  # no analysis by site


def test_a_places_version_has_no_method_for_what_only_the_whole_trials_shows() -> None:
    by_site = {"kind": "site_effects", "measure": "i-job", "week": WEEK}
    trial = section_trial(analyses=[*(one.model_dump(mode="json") for one in TRIAL.analyses), by_site])
    made = followed(rows()).ledger()
    whole, own = (plain(method.effects(made, trial, site=site)) for site in (None, "Åby"))
    assert "Ser vi på kommunerne hver for sig" in whole and "står ved siden af" in whole
    assert "Hvor rapporten viser effekten i Åby for sig, er der derfor korrigeret for, at alle kommunerne er" in own
    assert "står ved siden af" not in own


def test_the_threshold_is_the_trials() -> None:
    strict = section_trial(disclosure={"threshold": 10, "show_zero": False})
    assert "færre end ti personer" in plain(method.disclosure(with_files(), strict, site=None))
    assert "nul" not in plain(method.disclosure(with_files(), strict, site=None))
    assert "er tallet nul, vises det" in plain(method.disclosure(with_files(), TRIAL, site=None))


@pytest.mark.parametrize("synthetic", [True, False])
def test_synthetic_data_is_said_to_be_and_only_then(synthetic: bool) -> None:
    text = method.synthetic_notice(with_files(), section_trial(synthetic=synthetic), site=None)
    assert ("syntetiske" in text) is synthetic
