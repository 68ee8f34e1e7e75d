"""Charts with a row or bar per question, site, characteristic or band."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from drawn import drawn, marked_rows, picture
from made_up import Rows, add_balance, add_distribution, add_site_effects, add_sites, trial, with_leak

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.ledger import Ledger
from reportlib.show import figures
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import Chart, show
from reportlib.show.style import Palette
from reportlib.text.marks import unmarked

SVG = "{http://www.w3.org/2000/svg}"
TRIAL = trial()
LEAK = 87654321.0
LEAKED = re.compile(r"8\.?7\.?6\.?5\.?4")


def texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def answers() -> Ledger:
    rows = Rows().mean("mentor", 6.9, 314, group="borgere").mean("cv", 3.8, 303, group="borgere")
    for measure, own, others in (("mentor", 7.2, 6.8), ("cv", 3.1, 3.9)):
        rows.mean(measure, own, 24, group="borgere", site="Åby")
        rows.mean(measure, others, 280, group="borgere", site="øvrige:Åby")
    return rows.share("tilfreds", 120, 160, group="borgere").ledger()


def shares(*counts: int) -> Ledger:
    found = zip(TRIAL.sites.names, counts, strict=True)
    return add_sites(Rows(), "samtale", [(site, k, 40) for site, k in found]).ledger()


def effects(*found: tuple[str, float, float]) -> Ledger:
    rows = Rows().difference("timer", 0.8, 0.2, time="uge35")
    return add_site_effects(rows, "timer", 35, found).ledger()


# Survey answers


def test_answers_are_ordered_with_the_highest_first() -> None:
    chart = figures.survey_means(answers(), TRIAL, ["cv", "mentor"])
    assert list(marked_rows(chart)) == ["Mentorens støtte", "Arbejdet med CV"]


def test_answers_keep_the_writers_order_when_asked() -> None:
    chart = figures.survey_means(answers(), TRIAL, ["cv", "mentor"], sort=False)
    assert next(iter(marked_rows(chart))) == "Arbejdet med CV"
    assert "ordnet" not in chart.alt
    assert "ordnet med det højeste først" in figures.survey_means(answers(), TRIAL, ["cv", "mentor"]).alt


def test_the_mean_is_printed_with_its_n(palette: Palette) -> None:
    assert "6,9 (314)" in texts(drawn(figures.survey_means(answers(), TRIAL, ["mentor"]), palette))


def test_the_whole_scale_is_drawn(palette: Palette) -> None:
    shown = texts(drawn(figures.survey_means(answers(), TRIAL, ["mentor"]), palette))
    assert [str(number) for number in range(1, 11)] == [text for text in shown if text.isdigit()]
    assert "1 = Ingen betydning, 10 = Stor betydning" in shown


def test_the_words_of_a_survey_tell_every_answer() -> None:
    story = figures.survey_means(answers(), TRIAL, ["cv", "mentor"]).alt
    assert "Mentorens støtte: 6,9; Arbejdet med CV: 3,8." in story


def test_in_a_sites_version_the_site_stands_against_all_others() -> None:
    story = figures.survey_means(answers(), TRIAL, ["cv", "mentor"], site="Åby").alt
    assert "Mentorens støtte: 7,2 mod 6,8" in story


def test_shares_and_means_do_not_share_a_scale() -> None:
    with pytest.raises(NothingToShowError, match="one unit"):
        figures.survey_means(answers(), TRIAL, ["mentor", "tilfreds"])


def test_a_hidden_answer_is_named_but_not_drawn(palette: Palette, tmp_path: Path) -> None:
    faulty = with_leak(answers(), "cv.borgere", LEAK)
    block = show(figures.survey_means, faulty, TRIAL, ["cv", "mentor"], id="s", folder=tmp_path)
    assert "Skjult af hensyn til anonymitet: Arbejdet med CV" in block
    assert not LEAKED.search(block + picture(tmp_path, "s").read_text("utf-8"))


# Shares by site


def test_sites_are_ordered_by_share_with_hidden_ones_last() -> None:
    rows = marked_rows(figures.shares_by_site(shares(30, 34, 2, 3), TRIAL, "samtale"))
    assert rows == {"Bøgelund": [85.0], "Åby": [75.0], "Cæsarsholm": [], "Dalby": []}
    assert list(rows)[:2] == ["Bøgelund", "Åby"]


def test_the_versions_own_site_comes_first() -> None:
    chart = figures.shares_by_site(shares(30, 34, 25, 20), TRIAL, "samtale", site="Dalby")
    assert next(iter(marked_rows(chart))) == "Dalby"


def test_the_words_tell_each_colour_with_its_sites() -> None:
    story = figures.shares_by_site(shares(30, 34, 2, 3), TRIAL, "samtale").alt
    assert "Grøn (1): Bøgelund 85." in story
    assert "Gul (1): Åby 75." in story
    assert "anonymitet: Cæsarsholm og Dalby." in story
    assert "Rød (1): Dalby 50." in figures.shares_by_site(shares(30, 34, 35, 20), TRIAL, "samtale").alt


def test_a_colour_is_also_a_shape(palette: Palette) -> None:
    """With all colours made one, the three lights must still be three different marks."""
    svg = drawn(figures.shares_by_site(shares(30, 34, 35, 20), TRIAL, "samtale"), palette).decode()
    marks = {name: set() for name in ("groen", "gul", "roed")}
    for name, found in marks.items():
        pattern = rf'<path[^>]*id="([^"]+)"[^>]*d="([^"]+)"[^>]*style="[^"]*{palette[name].lower()}'
        found.update(path for _, path in re.findall(pattern, svg) if "z" in path)
    assert all(marks.values())
    assert not (marks["groen"] & marks["gul"] or marks["gul"] & marks["roed"] or marks["groen"] & marks["roed"])


def test_a_share_without_a_target_has_no_colours_in_words_or_picture(palette: Palette) -> None:
    ledger = add_sites(Rows(), "tilfreds", [("Åby", 30, 40), ("Dalby", 20, 40)], group="borgere").ledger()
    without = TRIAL.model_copy(update={"elements": ()})
    chart = figures.shares_by_site(ledger, without, "tilfreds")
    assert "Åby 75 og Dalby 50" in chart.alt
    assert not any("Grøn" in text for text in [*texts(drawn(chart, palette)), chart.alt])


def test_a_hidden_site_has_neither_number_nor_mark(palette: Palette, tmp_path: Path) -> None:
    faulty = with_leak(shares(30, 34, 35, 20), "samtale.deltager.site=Dalby", LEAK)
    block = show(figures.shares_by_site, faulty, TRIAL, "samtale", id="s", folder=tmp_path)
    svg = picture(tmp_path, "s").read_text("utf-8")
    assert not LEAKED.search(block + svg)
    assert "skjult" in texts(svg.encode())


def test_a_site_without_persons_is_not_said_to_be_hidden() -> None:
    made = shares(30, 34, 3, 20)
    rows = [replace(row, value=None, k=0, n=0) if row.site == "Dalby" else row for row in made]
    chart = figures.shares_by_site(ledger_of(rows, header=made.header, measures=made.measures), TRIAL, "samtale")
    assert "Skjult af hensyn til anonymitet: Åby og Cæsarsholm." in unmarked(chart.alt)


# Site effects


def test_raw_and_shrunken_differences_are_both_plotted() -> None:
    chart = figures.site_effects(effects(("Åby", 2.0, 0.5), ("Dalby", -1.0, 0.9)), TRIAL, "timer", 35)
    assert marked_rows(chart) == {"Åby": [2.0, 1.0], "Dalby": [-1.0, -0.5]}
    assert "Den fælles forskel er 0,8" in chart.alt


def test_the_words_of_site_effects_name_the_extremes_and_the_clear_ones() -> None:
    story = figures.site_effects(effects(("Åby", 2.0, 0.5), ("Dalby", -1.0, 0.9)), TRIAL, "timer", 35).alt
    story = story.replace("\u00a0", " ")
    assert "fra −1,0 time (Dalby) til 2,0 timer (Åby)" in story
    assert "Intervallet rummer ikke nul i Åby." in story


def test_the_words_say_when_no_sites_interval_is_clear_of_zero() -> None:
    story = figures.site_effects(effects(("Åby", 0.3, 0.5), ("Dalby", -0.2, 0.9)), TRIAL, "timer", 35).alt
    assert "Alle målte intervaller rummer nul." in story


def test_site_effects_are_drawn_with_zero_on_the_axis(palette: Palette) -> None:
    chart = figures.site_effects(effects(("Åby", 5.0, 0.5), ("Dalby", 4.0, 0.5)), TRIAL, "timer", 35)
    assert "0" in texts(drawn(chart, palette))


def test_a_hidden_site_effect_is_not_drawn(palette: Palette, tmp_path: Path) -> None:
    faulty = with_leak(effects(("Åby", 2.0, 0.5), ("Dalby", 1.0, 0.5)), "timer.forskel.uge35.site=Dalby", LEAK)
    faulty = with_leak(faulty, "timer.forskel.uge35.site=Dalby.shrunken", LEAK)
    block = show(figures.site_effects, faulty, TRIAL, "timer", 35, id="f", folder=tmp_path)
    assert "anonymitet: Dalby" in block
    assert not LEAKED.search(block + picture(tmp_path, "f").read_text("utf-8"))


# Balance


BALANCE = [("koen:Mand", 210, 190, 0.1), ("ydelse:kontanthjælp", 300, 310, -0.05)]


def test_the_words_of_balance_name_the_largest_difference_and_its_direction() -> None:
    story = figures.balance(add_balance(Rows(), BALANCE).ledger(), TRIAL).alt
    assert "Den største forskel er 0,10 (Køn: Mand)." in story
    assert "positive tal betyder højest i deltagergruppen" in story
    assert "Alle viste ligger inden for 0,25." in story


def test_characteristics_beyond_the_limit_are_named() -> None:
    found = [*BALANCE, ("ydelse:andet", 50, 200, -0.6)]
    assert (
        "Uden for grænsen på 0,25 ligger Ydelse: andet."
        in figures.balance(add_balance(Rows(), found).ledger(), TRIAL).alt
    )


def test_a_characteristic_of_few_is_hidden(palette: Palette) -> None:
    chart = figures.balance(add_balance(Rows(), [*BALANCE, ("ydelse:sjælden", 3, 6, 0.02)]).ledger(), TRIAL)
    assert "Skjult af hensyn til anonymitet: Ydelse: sjælden." in chart.alt
    assert "skjult" in texts(drawn(chart, palette))


# Distribution


def test_the_words_of_a_distribution_tell_every_band_and_who_has_more() -> None:
    story = figures.distribution(
            add_distribution(Rows(), "timer", 35, [("0-5", 20, 40), ("5-10", 50, 10), ("10-37", 30, 50)]).ledger(),
            TRIAL, "timer", 35,
        ).alt.replace("\u00a0", " ")  # fmt: skip
    assert "0–5: 20 pct. mod 40 pct.; 5–10: 50 pct. mod 10 pct." in story
    assert "Deltagergruppen har den største andel i 5–10." in story
    assert "Kontrolgruppen har den største andel i 0–5 og 10–37." in story


def test_a_hidden_bar_is_marked_and_not_drawn(palette: Palette) -> None:
    ledger = add_distribution(Rows(), "timer", 35, [("0-5", 60, 40), ("5-10", 3, 40)]).ledger()
    chart = figures.distribution(ledger, TRIAL, "timer", 35)
    shown = texts(drawn(chart, palette))
    assert shown.count("·") == 1 and "3" not in shown
    assert "skjult mod 40" in chart.alt


@pytest.mark.parametrize(("bands", "wide"), [(("0-5", "5-10"), False), (("0-5", "5-15"), True)])
def test_only_bands_of_several_widths_are_said_to_be(bands: tuple[str, str], wide: bool) -> None:
    ledger = add_distribution(Rows(), "timer", 35, [(band, 50, 50) for band in bands]).ledger()
    notes = " ".join(figures.distribution(ledger, TRIAL, "timer", 35).notes)
    assert ("brede" in notes or "areal" in notes) is wide


def test_bands_stand_in_order_of_size() -> None:
    ledger = add_distribution(Rows(), "timer", 35, [("10-37", 30, 50), ("0-5", 20, 40), ("5-10", 50, 10)]).ledger()
    assert figures.distribution(ledger, TRIAL, "timer", 35).plan.bands == ((0, 5), (5, 10), (10, 37))


# All of them


@pytest.mark.parametrize("name", ["A $x$ & <b>", 'B" onload="x', "Æ | Ø * Å {.lys}"])
def test_a_hostile_site_name_is_plain_text_in_every_chart(name: str, palette: Palette, tmp_path: Path) -> None:
    hostile = trial(sites=[name, "Dalby"])
    rows = add_sites(Rows(), "samtale", [(name, 30, 40), ("Dalby", 20, 40)])
    rows.difference("timer", 0.8, 0.2, time="uge35")
    ledger = add_site_effects(rows, "timer", 35, [(name, 2.0, 0.5), ("Dalby", 1.0, 0.5)]).ledger()
    show(figures.shares_by_site, ledger, hostile, "samtale", id="a", folder=tmp_path)
    show(figures.site_effects, ledger, hostile, "timer", 35, id="b", folder=tmp_path)
    for file in ("a", "b"):
        shown = texts(picture(tmp_path, file).read_bytes())
        assert " ".join(name.split(" ")[:1]) in " ".join(shown)
        assert not any("<b>" in text and text.startswith("<") for text in shown)


def test_a_long_question_is_broken_over_lines_and_stays_on_the_page(palette: Palette) -> None:
    ledger = answers()
    long = {**ledger.measures}
    entry = long["mentor"]
    long["mentor"] = type(entry)(
        id=entry.id, label="Et meget langt spørgsmål " * 6, unit=entry.unit, definition="x", source="y"
    )
    chart = figures.survey_means(Ledger(ledger.header, long, ledger.columns), TRIAL, ["mentor", "cv"])
    root = ET.fromstring(drawn(chart, palette))
    lines = [element for element in root.iter(f"{SVG}text") if "spørgsmål" in (element.text or "")]
    assert len(lines) >= 3
    heights = sorted(float(line.get("y", "0")) for line in lines)
    assert all(after - before > 9 for before, after in pairwise(heights))


def test_a_site_that_can_show_few_answers_gets_the_whole_trials_figure(tmp_path: Path) -> None:
    def block(own_answers: int) -> str:
        rows = Rows()
        for measure in ("mentor", "cv"):
            rows.mean(measure, 6.0, 300, group="borgere")
            rows.mean(measure, 6.5, own_answers, group="borgere", site="Åby")
            rows.mean(measure, 5.9, 280, group="borgere", site="øvrige:Åby")
        return show(figures.survey_means, rows.ledger(), TRIAL, ["mentor", "cv"], id="x", folder=tmp_path, site="Åby")

    assert "Åby og øvrige kommuner" in block(24)
    few = block(3)
    assert "Åby og øvrige kommuner" not in few
    assert "De fleste af tallene for Åby vises ikke af hensyn til anonymiteten; her står tallene for hele" in few
    assert "for få" not in few  # many answers of which nearly all say the same are hidden too


@pytest.mark.parametrize(
    "make",
    [
        lambda: figures.survey_means(answers(), TRIAL, ["mentor"], site="Aby"),
        lambda: figures.shares_by_site(shares(30, 34, 35, 20), TRIAL, "samtale", site="Aby"),
    ],
)
def test_a_place_that_is_none_of_the_trial_s_is_refused_with_the_nearest(make: Callable[[], Chart]) -> None:
    with pytest.raises(NothingToShowError, match="Aby is not a site of") as error:
        make()
    assert "Åby" in str(error.value.hint)
