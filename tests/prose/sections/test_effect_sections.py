"""Paragraphs about weekly outcomes flip when the weeks do, and leave out what may not be shown."""

from __future__ import annotations

import pytest
from section_rows import WEEK, followed, hide_row, rows, variants, weekly
from section_trial import plain, section_trial

from reportlib.ledger import Ledger
from reportlib.ledger.keys import week_label
from reportlib.prose import effects
from reportlib.prose.section_parts import NoComparisonError

TRIAL = section_trial()


def lasting(ledger: Ledger) -> str:
    return plain(effects.lasting(ledger, TRIAL, "i-job", site=None))


def thin(until: int = 44, **how: float) -> Ledger:
    return followed(weekly(**how), enough_until=until).ledger()


def test_the_week_comes_before_the_weeks() -> None:
    text = plain(effects.effect(thin(lasting=15), TRIAL, "i-job", WEEK, site=None))
    first, second = text.strip().split("\n\n")
    assert first.startswith("I uge 35 er 25 pct. af deltagerne i job mod 9 pct. i kontrolgruppen.")
    assert second.startswith("Fra uge 15 er andelen i job varigt højere i deltagergruppen end i kontrolgruppen")


def test_the_effect_turns_with_its_sign() -> None:
    text = plain(effects.effect(thin(end=5, control=30), TRIAL, "i-job", WEEK, site=None))
    assert "procentpoint færre" in text
    assert "lavere i deltagergruppen" in text


def test_a_relative_effect_is_told_only_when_asked() -> None:
    text = plain(effects.effect(thin(), TRIAL, "i-job", WEEK, site=None))
    asked = plain(effects.effect(thin(), TRIAL, "i-job", WEEK, site=None, relative=True))
    assert "Relativt" in asked and "Relativt" not in text


def test_a_difference_that_lasts_is_told_to_its_last_week_with_enough_persons() -> None:
    assert "i alle uger til og med uge 41." in lasting(thin(until=41, lasting=15))


def test_weeks_that_are_hidden_at_the_end_are_not_told() -> None:
    ledger = thin(lasting=15)
    for week in (43, 44):
        for statistic in ("", ".uniform_band"):
            ledger = hide_row(ledger, f"i-job.forskel.{week_label(week)}{statistic}")
    assert "til og med uge 42." in lasting(ledger)
    assert "anonymiteten" not in lasting(ledger)


def test_weeks_that_are_hidden_in_between_are_said_to_be() -> None:
    ledger = hide_row(thin(lasting=15), "i-job.forskel.uge20")
    assert "Uge 20 er udeladt af hensyn til anonymiteten." in lasting(ledger)


def test_a_first_week_that_is_hidden_has_the_side_of_the_next_that_is_shown() -> None:
    assert "Fra uge 15 er andelen i job varigt højere" in lasting(hide_row(thin(lasting=15), "i-job.forskel.uge15"))


def test_a_lasting_difference_of_which_no_week_is_shown_is_not_told() -> None:
    ledger = thin(lasting=15)
    for week in range(15, 45):
        ledger = hide_row(ledger, f"i-job.forskel.uge{week}")
    assert "varigt" not in lasting(ledger)


def test_the_last_weeks_alone_are_not_called_lasting() -> None:
    text = lasting(thin(lasting=42))
    assert "varigt" not in text
    assert text.endswith("Om forskellen er varig, kan endnu ikke afgøres.")


def test_without_a_lasting_week_the_single_weeks_are_told() -> None:
    assert "ikke sikker i nogen uge fra uge 1 til uge 44" in lasting(thin(se=40.0))


def test_an_effect_that_is_hidden_is_said_to_be() -> None:
    ledger = hide_row(hide_row(thin(), "i-job.deltager.uge35"), "i-job.forskel.uge35")
    text = plain(effects.effect(ledger, TRIAL, "i-job", WEEK, site=None))
    assert text.startswith("Andelen i job i uge 35 kan ikke vises")
    assert "25 pct." not in text


def with_peak(at: float | None) -> Ledger:
    made = weekly()
    made.builder.add(
        measure="i-job", statistic="maximum_week", unit="weeks", group="deltager", value=at, population="a"
    )
    return made.ledger()


def test_the_peak_is_the_treated_groups_and_has_no_test() -> None:
    text = plain(effects.peak(with_peak(44), TRIAL, "i-job", site=None))
    assert text == (
        "I uge 44, hvor andelen i job er højest i deltagergruppen, er 30 pct. af deltagerne i job mod 10 pct. i "
        "kontrolgruppen."
    )


def test_a_peak_beside_a_hidden_level_stands_alone() -> None:
    ledger = hide_row(with_peak(44), "i-job.kontrol.uge44")
    text = plain(effects.peak(ledger, TRIAL, "i-job", site=None))
    assert text.endswith("er 30 pct. af deltagerne i job.")


@pytest.mark.parametrize(
    "ledger", [with_peak(None), hide_row(with_peak(44), "i-job.deltager.uge44"), weekly().ledger()]
)
def test_without_a_peak_nothing_is_said(ledger: Ledger) -> None:
    assert effects.peak(ledger, TRIAL, "i-job", site=None) == ""


def robust(**found: tuple[float, float]) -> str:
    return plain(effects.robustness(variants("i-job", **found).ledger(), TRIAL, ["i-job"], WEEK, site=None)).strip()


def test_a_verdict_that_stands_says_which() -> None:
    assert robust(difference=(1, 1), adjusted=(1, 1)).endswith("Forskellen er ikke sikker.")
    assert robust(difference=(9, 1), adjusted=(9, 1)).endswith("Forskellen er sikker.")


def test_nothing_is_said_of_one_way_alone() -> None:
    assert robust(difference=(9, 1)) == ""


def test_a_hidden_sum_is_left_out() -> None:
    ledger = rows().difference("timer", 16, 4, statistic="accumulated", time="uge35", n=3).ledger()
    assert effects.accumulated(ledger, TRIAL, "timer", WEEK, site=None) == ""


def test_the_reading_guide_follows_the_settings() -> None:
    trial = section_trial(design={"kind": "randomised", "level": 0.1}, follow_up={**FOLLOW_UP, "enough": 45})
    text = plain(effects.reading_guide(thin(until=41), trial, site=None))
    assert "90 pct.-konfidensinterval" in text and "færre end 45 personer" in text
    assert "95 pct.-konfidensinterval" in plain(effects.reading_guide(thin(), TRIAL, site=None))


@pytest.mark.parametrize(
    ("ledger", "told", "not_told"),
    [
        (thin(lasting=15), "En lodret linje", "sprunget over"),
        (thin(until=41, lasting=40), "På grå bund", "En lodret linje"),  # in the last weeks only: it may not last
        (hide_row(thin(), "i-job.forskel.uge20"), "sprunget over", "En lodret linje"),
        (thin(), "Sådan læses figurerne", "På grå bund"),
    ],
)
def test_the_reading_guide_explains_what_the_figures_show(ledger: Ledger, told: str, not_told: str) -> None:
    text = plain(effects.reading_guide(ledger, TRIAL, "i-job", site=None))
    assert text.endswith("\n:::\n")  # or the rest of the report would be in its box
    assert told in text and not_told not in text
    assert text.rstrip().endswith(".\n:::")
    assert text == plain(effects.reading_guide(ledger, TRIAL, site=None))  # without measures: every curve's


FOLLOW_UP = {"last_day": "2016-12-31", "weeks": 44}


def test_a_trial_without_a_second_group_has_no_effects() -> None:
    groups = {"treated": {"id": "deltager", "value": "D", "label": "deltagerne", "many": "deltagerne"}}
    alone = section_trial(groups=groups, design={"kind": "status"}, analyses=[])
    with pytest.raises(NoComparisonError):
        effects.effect(thin(), alone, "i-job", WEEK, site=None)
