"""What the text leaves out stands in one table: every result it gives a verdict on, once, with interval and p."""

from __future__ import annotations

import pytest
from claim_rows import share
from section_rows import hide_row, rows
from section_trial import plain, section_trial

from reportlib.ledger.digits import decimals_apart
from reportlib.numbers.uncertainty import table
from reportlib.prose import wording
from reportlib.show.curves import Line
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.site_shares import fidelity
from reportlib.show.table_cells import HIDDEN
from reportlib.show.texts import ends_note
from reportlib.text.marks import Recording, recording
from reportlib.text.units import Unit

TRIAL = section_trial()


def test_a_result_stands_once_however_often_the_text_tells_it() -> None:
    ledger = rows().difference("timer", 0.8, 0.4, time="uge35").ledger()
    first = Recording()
    for _ in range(2):
        with recording(Recording(first)):
            wording.tested(ledger["timer.forskel.uge35"])
    made = table(ledger, TRIAL, tested=tuple(first.tested), site=None)
    (only,) = made.rows
    assert "uge" in only[0] and "35" in only[0]
    assert [str(cell).replace("\xa0", " ") for cell in only[1:3]] == ["0,8", "0,02 til 1,58"]


def test_only_a_table_with_differences_says_that_its_numbers_are() -> None:
    made = rows().difference("timer", 0.8, 0.4, time="uge35")
    made.builder.add(
        measure="i-job", statistic="share", unit=Unit.PCT, group="deltager", population="personer",
        value=30.0, k=30, n=100, ci_low=21.0, ci_high=39.0,
    )  # fmt: skip
    ledger = made.ledger()
    notes = [table(ledger, TRIAL, tested=[key], site=None).notes for key in ("timer.forskel.uge35", "i-job.deltager")]
    count = "Antallet er de personer, svar eller steder, tallet bygger på"
    assert [list(one) for one in notes] == [["Tallet er forskellen, hvor der ikke står andet", count], ["", count]]


def test_a_result_stands_with_its_persons_and_a_level_is_not_taken_for_a_difference() -> None:
    made = rows().difference("i-job", 4.0, 1.0, time="uge35", unit=Unit.PCT_POINT)
    made.builder.add(
        measure="i-job", statistic="share", unit=Unit.PCT, group="deltager", population="personer",
        value=30.0, k=30, n=100, ci_low=21.0, ci_high=39.0,
    )  # fmt: skip
    made_table = table(made.ledger(), TRIAL, tested=("i-job.forskel.uge35", "i-job.deltager"), site=None)
    assert made_table.columns[-1] == "Antal"
    names, counts = [plain(row[0]) for row in made_table.rows], [plain(row[-1]) for row in made_table.rows]
    assert ["niveauet" in name for name in names] == [False, True]
    assert counts[1] == "100"


@pytest.mark.parametrize(
    ("statistic", "words", "number"),
    [
        ("difference", "", "0,8"),
        ("accumulated", "lagt sammen", "0,8"),
        ("total_units", "lagt sammen", "0,8"),
        ("adjusted", "forskellen, justeret for baggrund", "0,8"),
        ("matched", "forskellen mellem de matchede", "0,8"),
        ("contrast", "", "0,8"),
        ("net", "", "0,8"),
        ("test", "", "–"),
        ("heterogeneity", "forskel på stederne", "–"),
        ("interaction", "test af, om forskellen er den samme i delgrupperne", "–"),
        ("interaction_holm", "om forskellen er den samme, korrigeret for antallet af test", "–"),
        ("joint_test", "samlet test", "–"),
        ("p_holm", "korrigeret for antallet af test", "–"),
        ("proportional_hazards", "om forholdet er det samme hele tiden", "–"),
        ("sign_test", "frem mod tilbage", "–"),
    ],
)
def test_each_statistic_has_its_words_and_a_tests_own_value_is_not_shown(
    statistic: str, words: str, number: str
) -> None:
    ledger = rows().difference("timer", 0.8, 0.4, statistic=statistic, p=0.03).ledger()
    (key,) = [row.key for row in ledger]
    ((name, *cells),) = table(ledger, TRIAL, tested=[key], site=None).rows
    named = plain(name).removesuffix(" (timer pr. uge)")
    usual = "Det ugentlige antal timer" if statistic == "proportional_hazards" else "Ordinære timer"
    assert named == (f"{usual}, {words}" if words else usual)
    assert [plain(cell) for cell in cells[:3]] == [number, "0,02 til 1,58" if number != "–" else "–", "0,03"]


@pytest.mark.parametrize(
    ("statistic", "words"),
    [
        ("hazard_ratio", "forholdet mellem grupperne"),
        ("hazard_ratio_change", "forholdet senere delt med forholdet først"),
    ],
)
def test_a_ratio_is_named_and_has_no_unit(statistic: str, words: str) -> None:
    ledger = rows().difference("i-job", 1.5, 0.2, statistic=statistic, unit=Unit.HAZARD_RATIO, p=0.03).ledger()
    ((name, *_),) = table(ledger, TRIAL, tested=[row.key for row in ledger], site=None).rows
    assert plain(name) == f"Andelen i job, {words}"


def test_a_table_before_the_results_says_where_it_belongs() -> None:
    with pytest.raises(NothingToShowError, match="no result"):
        table(rows().ledger(), TRIAL, tested=(), site=None)


def test_results_that_hide_stand_in_the_table_only_where_all_do() -> None:
    ledger = rows().difference("timer", 0.8, 0.4, time="uge35").difference("timer", 0.5, 0.4, time="uge26").ledger()
    ledger = hide_row(ledger, "timer.forskel.uge26")
    keys = ("timer.forskel.uge26", "timer.forskel.uge35")
    made = [table(ledger, TRIAL, tested=tested, site=None) for tested in (keys, keys[:1])]
    assert [["35" in row[0] for row in one.rows] for one in made] == [[True], [False]]
    assert made[1].rows[0][1] == HIDDEN


@pytest.mark.parametrize(("p", "decimals"), [(0.007, 1), (0.5, 0)])
def test_levels_that_a_test_calls_different_do_not_print_alike(p: float, decimals: int) -> None:
    one, other = share(4790, 10_000), share(4830, 10_000)
    test = share(1, 2)
    object.__setattr__(test, "p", p)
    assert decimals_apart([one, other], test, level=0.05) == [decimals, decimals]


def test_a_curve_that_stops_early_says_why() -> None:
    whole = Line("deltagergruppen", "teal", (1, 2, 3), (1.0, 1.0, 1.0))
    short = Line("kontrolgruppen", "orange", (1, 2, 3), (1.0, None, None), hidden=(2, 3))
    assert "Kurven for kontrolgruppen slutter i uge\xa01" in ends_note([whole, short])
    assert ends_note([whole, whole]) == ""


def test_an_element_without_a_target_is_said_to_be_left_out() -> None:
    notes = fidelity(rows().ledger(), TRIAL).notes
    left_out = [element for element in TRIAL.elements if not element.components]
    assert any("er ikke med i tabellen" in note for note in notes) is bool(left_out)
