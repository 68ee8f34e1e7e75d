"""Captions and alternative texts begin with what was found, and turn with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from section_rows import followed, rows, weekly
from section_trial import SITES, plain, section_trial

from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.titles import curve_title, differences_title, sites_title
from reportlib.show import figures
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.palette import find_palette
from reportlib.show.part import MOST_ALT, short_alt, show
from reportlib.text.marks import unmarked
from reportlib.text.units import Unit

TRIAL = section_trial()
PALETTE = find_palette(Path(__file__).parent)


def curve(until: int = 44, **how: float) -> str:
    return plain(curve_title(followed(weekly(**how), enough_until=until).ledger(), TRIAL, "i-job"))


def test_a_curve_that_lasts_says_from_when_and_which_way() -> None:
    assert curve(lasting=15) == "Andelen i job er højere fra uge 15"
    assert curve(lasting=15, end=5, control=30) == "Andelen i job er lavere fra uge 15"


def differences(*pairs: tuple[float, float]) -> Ledger:
    """Differences in several weeks, each with half the width of its interval."""
    made = rows()
    for week, (value, half) in enumerate(pairs, 1):
        made.builder.add(
            measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time=f"uge{week}",
            population="personer", value=value, n=200, ci_low=value - half, ci_high=value + half,
            p=0.001 if abs(value) > half else 0.4,
        )  # fmt: skip
    return made.ledger()


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([(1.0, 2.0), (2.0, 3.0)], "Ingen sikker forskel i andelen i job"),
        ([(1.0, 2.0), (4.0, 3.0)], "Kun i nogle uger er der sikker forskel i andelen i job"),
        ([(-4.0, 3.0), (2.0, 3.0)], "Kun i nogle uger er der sikker forskel i andelen i job"),
    ],
)
def test_a_curve_that_does_not_last_is_not_said_to(pairs: list[tuple[float, float]], says: str) -> None:
    assert plain(curve_title(differences(*pairs), TRIAL, "i-job")) == says


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([], ""),
        ([(4.0, 3.0)], "Forskellen er sikker"),
        ([(2.0, 3.0)], "Forskellen er ikke sikker"),
        ([(4.0, 3.0), (-4.0, 3.0)], "Begge forskelle er sikre"),
        ([(4.0, 3.0), (2.0, 3.0)], "Én af to forskelle er sikker"),
        ([(1.0, 3.0), (2.0, 3.0)], "Ingen af de to forskelle er sikker"),
    ],
)
def test_a_table_counts_its_sure_differences(pairs: list[tuple[float, float]], says: str) -> None:
    ledger = differences(*pairs) if pairs else None
    found = ledger.select(group=DIFFERENCE) if ledger is not None else []
    assert plain(differences_title(TRIAL, [*found, None])) == says


def test_the_caption_and_the_alternative_text_begin_with_the_finding(tmp_path: Path) -> None:
    ledger = followed(weekly(lasting=15), enough_until=44).ledger()
    block = plain(show(figures.two_panel, ledger, TRIAL, "i-job", id="f", folder=tmp_path, palette=PALETTE))
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
    block = show(figures.phases, rows().ledger(), trial, id="model", folder=tmp_path, palette=PALETTE)
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
