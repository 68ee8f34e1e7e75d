"""Captions and alternative texts begin with what was found, and turn with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from claim_rows import share
from section_rows import followed, hide_row, rows, sites, weekly
from section_trial import SITES, plain, section_trial

from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.titles import (
    curve_title,
    differences_title,
    divisions_title,
    extremes_title,
    found_title,
    sites_title,
    spread_title,
    target_title,
    ways_title,
)
from reportlib.prose.words import site_noun
from reportlib.show import figures
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import MOST_ALT, short_alt, show
from reportlib.text.marks import unmarked
from reportlib.text.units import Unit
from reportlib.trial.analyses import Subgroups, Target

TRIAL = section_trial()


def curve(until: int = 44, **how: float) -> str:
    return plain(curve_title(followed(weekly(**how), enough_until=until).ledger(), TRIAL, "i-job"))


def test_a_curve_that_lasts_says_from_when_and_which_way() -> None:
    assert curve(lasting=15) == "Andelen i job er højere fra uge 15"
    assert curve(lasting=15, end=5, control=30) == "Andelen i job er lavere fra uge 15"


def differences(*pairs: tuple[float, float], band: float | None = None) -> Ledger:
    """Differences in several weeks, each with half the width of its interval; `band` is half that of all together."""
    made = rows()
    for week, (value, half) in enumerate(pairs, 1):
        made.builder.add(
            measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time=f"uge{week}",
            population="personer", value=value, n=200, ci_low=value - half, ci_high=value + half,
            p=0.001 if abs(value) > half else 0.4,
        )  # fmt: skip
        if band is not None:
            made.builder.add(
                measure="i-job", statistic="uniform_band", unit=Unit.PCT_POINT, group=DIFFERENCE, time=f"uge{week}",
                population="personer", value=value, n=200, ci_low=value - band, ci_high=value + band,
            )  # fmt: skip
    return made.ledger()


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([(1.0, 2.0), (2.0, 3.0)], "Ingen sikker forskel i andelen i job"),
        ([(1.0, 2.0), (4.0, 3.0)], "Kun i en enkelt uge er andelen i job højere"),
        ([(-4.0, 3.0), (2.0, 3.0)], "Kun i en enkelt uge er andelen i job lavere"),
        ([(4.0, 3.0), (4.0, 3.0), (2.0, 3.0)], "Andelen i job er højere i de fleste uger"),
        ([(-4.0, 3.0), (-4.0, 3.0), (2.0, 3.0)], "Andelen i job er lavere i de fleste uger"),
        ([(4.0, 3.0), (4.0, 3.0), *[(2.0, 3.0)] * 2], "Kun i nogle uger er andelen i job højere"),
        ([(-4.0, 3.0), (-4.0, 3.0), *[(2.0, 3.0)] * 2], "Kun i nogle uger er andelen i job lavere"),
        ([(-4.0, 3.0), (4.0, 3.0)], "Andelen i job er højere i nogle uger og lavere i andre"),
    ],
)
def test_a_curve_that_does_not_last_is_not_said_to(pairs: list[tuple[float, float]], says: str) -> None:
    assert plain(curve_title(differences(*pairs), TRIAL, "i-job")) == says


@pytest.mark.parametrize(
    ("half", "says"),
    [(5.0, "Forskellen i andelen i job kan være tilfældig"), (3.5, "Kun i en enkelt uge er andelen i job højere")],
)
def test_a_week_that_the_band_over_all_weeks_does_not_bear_is_told_as_chance(half: float, says: str) -> None:
    """A difference of four points: its own interval excludes zero, the band of five points to either side does not."""
    ledger = differences((4.0, 3.0), (1.0, 3.0), (1.0, 3.0), band=half)
    assert plain(curve_title(ledger, TRIAL, "i-job")) == says


def test_a_noun_with_a_clause_keeps_its_comma_inside_a_title_and_not_at_its_end() -> None:
    noun = "andelen, der er gået i job,"
    told = [found_title(TRIAL, "change", found_row(value, p), noun=noun) for value, p in ((2.0, 0.01), (2.0, 0.4))]
    assert told == ["Andelen, der er gået i job, er steget", "Ingen sikker ændring i andelen, der er gået i job"]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([], ""),
        ([(4.0, 3.0)], "Forskellen er sikker"),
        ([(2.0, 3.0)], "Forskellen er ikke sikker"),
        ([(4.0, 3.0), (-4.0, 3.0)], "Begge forskelle er sikre"),
        ([(4.0, 3.0), (2.0, 3.0)], "Én af to forskelle er sikker"),
        ([(1.0, 3.0), (2.0, 3.0)], "Ingen af de to forskelle er sikre"),
    ],
)
def test_a_table_counts_its_sure_differences(pairs: list[tuple[float, float]], says: str) -> None:
    ledger = differences(*pairs) if pairs else None
    found = ledger.select(group=DIFFERENCE) if ledger is not None else []
    assert plain(differences_title(TRIAL, [*found, None])) == says


def test_a_title_does_not_count_what_is_hidden_as_not_there() -> None:
    found = differences((4.0, 3.0)).select(group=DIFFERENCE)
    hidden = replace(found[0], value=None, ci_low=None, ci_high=None, p=None, suppressed="hidden")
    assert plain(differences_title(TRIAL, [*found, hidden])) == "Den ene forskel, der kan vises, er sikker"


def found_row(value: float | None, p: float | None, unit: Unit = Unit.PCT_POINT) -> Estimate:
    """A row with a test of its own, about whatever is asked of it."""
    return Estimate(
        key="x", measure="x", statistic="difference", unit=unit, population="alle", group=DIFFERENCE, value=value, p=p
    )


@pytest.mark.parametrize(
    ("about", "row", "says"),
    [
        ("start", found_row(None, 0.4), "Ingen sikker forskel på grupperne før start"),
        ("start", found_row(None, 0.01), "Grupperne er ikke ens før start"),
        ("sites", found_row(None, 0.01), "Der er sikker forskel på kommunerne"),
        ("sites", found_row(None, 0.4), "Ingen sikker forskel på kommunerne"),
        ("sites", found_row(None, None), ""),
        ("sites", None, ""),
        ("rate", found_row(1.2, 0.01, Unit.HAZARD_RATIO), "Afgangsraten er højere"),
        ("rate", found_row(0.8, 0.01, Unit.HAZARD_RATIO), "Afgangsraten er lavere"),
        ("rate", found_row(1.2, 0.4, Unit.HAZARD_RATIO), "Ingen sikker forskel i afgangsraten"),
        ("change", found_row(2.0, 0.01), "Afgangsraten er steget"),
        ("change", found_row(-2.0, 0.01), "Afgangsraten er faldet"),
        ("change", found_row(-2.0, 0.4), "Ingen sikker ændring i afgangsraten"),
    ],
)
def test_a_test_is_told_as_what_it_found(about: str, row: Estimate | None, says: str) -> None:
    assert found_title(TRIAL, about, row, noun="afgangsraten", sites="kommunerne") == says


@pytest.mark.parametrize(
    ("up", "p", "says"),
    [
        (True, 0.01, "Flere er gået frem end tilbage"),
        (False, 0.01, "Flere er gået tilbage end frem"),
        (True, 0.4, "Ingen sikker overvægt af frem- eller tilbagegang"),
    ],
)
def test_a_sign_test_has_its_direction_from_its_shares(up: bool, p: float, says: str) -> None:
    assert found_title(TRIAL, "moves", found_row(None, p), up=up) == says


def test_sites_are_counted_against_their_target_without_those_that_hide() -> None:
    target = Target(green=80, yellow=60)
    hidden = replace(share(9, 10), value=None, k=None, n=None, suppressed="hidden")
    sites = [share(90, 100), share(79, 100), share(95, 100), hidden, None]
    held = [(site, target) for site in sites]
    assert plain(target_title(held, site_noun(TRIAL))) == "To af tre kommuner, der kan vises, når målet"
    assert plain(target_title(held[:3], site_noun(TRIAL))) == "To af tre kommuner når målet"
    assert target_title([(hidden, target)], site_noun(TRIAL)) == ""


def test_ways_of_computing_agree_or_do_not() -> None:
    up, less, alike = found_row(2.0, 0.01), found_row(-2.0, 0.01), found_row(2.0, 0.4)
    assert ways_title(TRIAL, [[up, up], [alike, alike]]) == "Alle beregninger siger det samme"
    assert ways_title(TRIAL, [[up, up], [up, alike]]) == "Beregningerne siger ikke det samme"
    assert ways_title(TRIAL, [[up, less]]) == "Beregningerne siger ikke det samme"
    assert ways_title(TRIAL, [[up]]) == ""


def test_the_highest_and_the_lowest_are_named_where_they_are_apart() -> None:
    def item(k: int, half: float) -> Estimate:
        return replace(share(k, 100), ci_low=k - half, ci_high=k + half)

    assert extremes_title([("A", item(80, 5)), ("B", item(60, 5)), ("C", item(60, 5))]) == (
        "Højest ligger ”A”, lavest ”B” og ”C”"
    )
    near = "Forskellene er ikke større end den statistiske usikkerhed"
    assert extremes_title([("A", item(62, 5)), ("B", item(60, 5))]) == near
    assert extremes_title([("A", item(60, 5)), ("B", item(60, 5))]) == ""


@pytest.mark.parametrize(
    ("p", "says"),
    [
        ((0.4, 0.3), "Det er ikke vist, at forskellen afhænger af kønnet eller alderen"),
        ((0.4, 0.01), "Forskellen afhænger af alderen"),
        ((None, None), ""),
    ],
)
def test_subgroups_differ_where_a_corrected_test_says_so(p: tuple[float | None, ...], says: str) -> None:
    made = rows()
    for division, value in zip(("koen", "alder"), p, strict=True):
        if value is not None:
            made.builder.add(
                measure="i-job", statistic="interaction_holm", unit=Unit.COEFFICIENT, group=DIFFERENCE,
                subgroup=division, population="personer", p=value,
            )  # fmt: skip
    by = [
        {"id": name, "label": label, "column": "x", "values": {"a": "dem med a", "b": "dem med b"}}
        for name, label in (("koen", "kønnet"), ("alder", "alderen"))
    ]
    spec = Subgroups.model_validate({"kind": "subgroups", "measure": "i-job", "by": by})
    assert divisions_title(made.ledger(), TRIAL, spec) == says


def test_the_caption_and_the_alternative_text_begin_with_the_finding(tmp_path: Path) -> None:
    ledger = followed(weekly(lasting=15), enough_until=44).ledger()
    block = plain(show(figures.two_panel, ledger, TRIAL, "i-job", id="f", folder=tmp_path))
    assert "![Andelen i job er højere fra uge 15. Andel i job: deltagergruppen, kontrolgruppen og" in block
    alt = block.partition('fig-alt="')[2].partition('"')[0]
    assert alt.startswith("Andelen i job er højere fra uge 15. To kurvediagrammer")
    assert len(unmarked(alt)) <= MOST_ALT


LONG = "Et billede. " + "Her står en sætning om tal. " * 12


def test_a_long_alternative_text_keeps_whole_sentences_and_says_where_the_rest_is() -> None:
    short = short_alt("Fundet", LONG.strip())
    assert len(short) <= MOST_ALT
    assert short.startswith("Fundet. Et billede. Her står")
    assert short.endswith("tal. Hvert tal står i talregnskabet.")


def test_what_is_left_out_is_told_however_long_the_text() -> None:
    short = short_alt("", LONG + "Skjult af hensyn til anonymitet: Dalby.")
    assert "Skjult af hensyn til anonymitet: Dalby." in short and len(short) <= MOST_ALT


def test_a_short_alternative_text_is_left_as_it_is() -> None:
    assert short_alt("Fundet", "Et billede.") == "Fundet. Et billede."
    assert short_alt("", "Et billede.") == "Et billede."


def test_the_model_shows_each_phase_with_its_steps(tmp_path: Path) -> None:
    trial = section_trial(phases=[{"name": "Start", "steps": ["møde", "plan"]}, {"name": "Job", "steps": ["løn"]}])
    block = show(figures.phases, rows().ledger(), trial, id="model", folder=tmp_path)
    assert "Model af indsatsen i rækkefølge: Start (møde, plan); Job (løn)." in block
    drawing = next(tmp_path.glob("*.svg")).read_text(encoding="utf-8")
    assert [word for word in ("Start", "møde", "plan", "Job", "løn") if word in drawing] == [
        "Start", "møde", "plan", "Job", "løn",
    ]  # fmt: skip


def test_a_trial_without_phases_has_no_model() -> None:
    with pytest.raises(NothingToShowError, match="phases"):
        figures.phases(rows().ledger(), TRIAL)


@pytest.mark.parametrize("name", ["1. Afdeling", "St. Heddinge", "3. Distrikt, Nord"])
def test_a_name_with_a_full_stop_is_never_divided(name: str) -> None:
    hidden = f"Skjult af hensyn til anonymitet: Dalby og {name}."
    alt = f"Kurver over uger. {'Der er mange kurver. ' * 20}{hidden} Rød (2): Aalborg 58, {name} 40."
    assert hidden in short_alt("", alt)


@pytest.mark.parametrize(
    ("p", "says"),
    [
        ((0.04, 0.2), "I én af to kommuner er forskellen sikker for sig"),
        ((0.06, 0.2), "I ingen af de to kommuner er forskellen sikker for sig"),
        ((), ""),
    ],
)
def test_a_title_over_sites_counts_what_stands_after_the_correction(p: tuple[float, ...], says: str) -> None:
    made = rows()
    for site, value in zip(SITES, p, strict=False):
        made.builder.add(
            measure="i-job", statistic="p_holm", unit=Unit.COEFFICIENT, group=DIFFERENCE, site=site, time="uge35",
            value=value, p=value, population="personer",
        )  # fmt: skip
    assert plain(sites_title(made.ledger(), TRIAL, "i-job", 35)) == says


def test_where_a_hidden_site_takes_the_test_away_the_title_tells_of_those_that_may_be_shown() -> None:
    """A hidden site hides the test of all of them too: the figure said nothing of what it showed."""
    ledger = sites("i-job", 20, 12, 8, 30).ledger()
    hidden = hide_row(ledger, "i-job.deltager.site=Dalby")
    assert plain(spread_title(hidden, TRIAL, "i-job")) == (
        "Blandt de tre kommuner, der kan vises, ligger Åby højest og Cæsarsholm lavest"
    )
    assert spread_title(ledger, TRIAL, "i-job") == ""
