"""Figures over event weeks: what is plotted, what is hidden, what the words say, and the bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import drawn, picture
from made_up import Rows, rising, trial, with_leak

from reportlib.ledger import Ledger
from reportlib.show import figures
from reportlib.show.curves import Line
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import show
from reportlib.show.style import Palette
from reportlib.show.texts import gap_note

SVG = "{http://www.w3.org/2000/svg}"
TRIAL = trial()


def hours(*, treated: tuple[float, float] = (0.5, 2.1), control: tuple[float, float] = (0.5, 1.3), se: float = 0.1,
          lasting: int | None = None) -> Ledger:  # fmt: skip
    return Rows().weekly("timer", rising(*treated), rising(*control), se=se, lasting=lasting).ledger()


def texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def two_panel_svg(ledger: Ledger, palette: Palette, measure: str = "timer") -> bytes:
    return drawn(figures.two_panel(ledger, TRIAL, measure), palette)


def test_every_plotted_value_is_the_ledgers() -> None:
    ledger = hours()
    line = figures.two_panel(ledger, TRIAL, "timer").plan.levels.lines[0]
    assert line.values == tuple(ledger[f"timer.deltager.uge{week}"].value for week in line.weeks)


def test_the_difference_carries_its_own_interval_and_band() -> None:
    ledger = hours()
    difference = figures.two_panel(ledger, TRIAL, "timer").plan.difference
    row, band = ledger["timer.forskel.uge30"], ledger["timer.forskel.uge30.uniform_band"]
    assert (difference.pointwise.low[29], difference.pointwise.high[29]) == (row.ci_low, row.ci_high)
    assert difference.uniform is not None
    assert (difference.uniform.low[29], difference.uniform.high[29]) == (band.ci_low, band.ci_high)


def test_a_hidden_week_is_a_gap_and_is_named_in_the_words() -> None:
    ledger = Rows().weekly("i-job", rising(10, 20), lambda week: 0.5 if week == 20 else 10.0).ledger()
    chart = figures.levels(ledger, TRIAL, "i-job")
    assert chart.plan.lines[1].values[19] is None
    assert "Kontrolgruppen: uge\u00a020" in chart.alt


def test_the_note_says_what_a_dot_is_where_a_week_stands_alone() -> None:
    alone = Line("Aarhus", "teal", (1, 2, 3, 4), (10.0, 11.0, None, 12.0), hidden=(3,))
    whole = replace(alone, weeks=(1, 2, 3, 4, 5), values=(10.0, 11.0, None, 12.0, 12.5))
    assert "En prik er en enkelt uge" in gap_note([whole, alone])
    assert "En prik" not in gap_note([whole]) and "er udeladt" in gap_note([whole])
    assert gap_note([replace(whole, hidden=())]) == ""


def test_a_hidden_number_is_neither_in_the_picture_nor_in_the_words(palette: Palette, tmp_path: Path) -> None:
    faulty = with_leak(hours(), "timer.deltager.uge20", 87654321.0)
    faulty = with_leak(faulty, "timer.forskel.uge20", 87654321.0)
    block = show(figures.two_panel, faulty, TRIAL, "timer", id="fig-x", folder=tmp_path)
    everything = block + picture(tmp_path, "x").read_text("utf-8")
    assert not re.search(r"8\.?7\.?6\.?5\.?4", everything)


def test_a_hidden_number_does_not_stretch_the_axis(palette: Palette) -> None:
    faulty = with_leak(hours(), "timer.deltager.uge20", 500.0)
    assert "500" not in texts(two_panel_svg(faulty, palette))
    assert "2,5" in texts(two_panel_svg(faulty, palette))


def test_levels_are_drawn_from_zero(palette: Palette) -> None:
    ledger = hours(treated=(20, 22), control=(19, 20))
    svg = drawn(figures.levels(ledger, TRIAL, "timer"), palette)
    assert "0" in texts(svg)


def test_the_words_turn_with_the_data() -> None:
    up = figures.two_panel(hours(), TRIAL, "timer").alt
    down = figures.two_panel(hours(treated=(0.5, 1.3), control=(0.5, 2.1)), TRIAL, "timer").alt
    assert "Deltagergruppen ligger højere end kontrolgruppen" in up
    assert "Deltagergruppen ligger lavere end kontrolgruppen" in down
    assert "Intervallet ligger over nul" in up
    assert "Intervallet ligger under nul" in down


def test_the_words_say_when_every_interval_holds_zero() -> None:
    assert "Intervallet rummer nul i alle uger" in figures.two_panel(hours(se=5.0), TRIAL, "timer").alt


def test_the_words_tell_where_a_curve_begins_peaks_and_ends() -> None:
    ledger = Rows().weekly("timer", lambda t: 10 - abs(t - 20) / 10, rising(1, 1)).ledger()
    story = figures.levels(ledger, TRIAL, "timer").alt.replace("\u00a0", " ")
    assert "Deltagergruppen: 8,1 timer i uge 1, højest 10,0 timer i uge 20, 7,6 timer i uge 44." in story


def test_the_words_are_not_the_caption(palette: Palette, tmp_path: Path) -> None:
    block = show(figures.two_panel, hours(), TRIAL, "timer", id="fig-x", folder=tmp_path)
    found = re.search(r'!\[(.*?)\]\(.*fig-alt="(.*?)"\}', block)
    assert found and found[1] not in found[2] and len(found[2]) > 200


def test_the_lasting_week_is_marked(palette: Palette) -> None:
    assert "fra uge\u00a015" in texts(two_panel_svg(hours(lasting=15), palette))


def test_a_difference_of_the_last_weeks_only_is_not_marked_as_lasting(palette: Palette) -> None:
    assert not any("fra uge" in text for text in texts(two_panel_svg(hours(lasting=41), palette)))


def test_without_a_lasting_week_there_is_no_mark(palette: Palette) -> None:
    assert not any("fra uge" in text for text in texts(two_panel_svg(hours(), palette)))


def test_weeks_with_few_persons_are_greyed_and_said_to_be(palette: Palette, tmp_path: Path) -> None:
    chart = figures.levels(hours(), TRIAL, "timer")  # 500 - 11 t persons: 49 in week 41
    assert chart.plan.thin == 41
    block = show(figures.levels, hours(), TRIAL, "timer", id="fig-x", folder=tmp_path)
    assert "Gråt felt (fra uge\u00a041): færre end 50 personer" in block


def test_with_enough_persons_throughout_nothing_is_greyed() -> None:
    assert figures.levels(hours(), trial(enough=10), "timer").plan.thin is None


def test_thin_weeks_do_not_decide_the_difference_axis(palette: Palette) -> None:
    wide = Rows().weekly("timer", rising(0.5, 2), rising(0.5, 1), se=0.1, people=lambda t: 500 if t < 40 else 3)
    ticks = [text for text in texts(two_panel_svg(wide.ledger(), palette)) if re.fullmatch(r"−?[\d,.]+", text)]
    assert max(float(tick.replace("−", "-").replace(",", ".")) for tick in ticks if "," in tick) < 3


def test_the_groups_are_named_at_their_lines_and_not_in_a_legend(palette: Palette) -> None:
    names = texts(two_panel_svg(hours(), palette))
    assert names.count("Deltagergruppen") == names.count("Kontrolgruppen") == 1


def test_text_stays_text_in_the_reports_font(palette: Palette) -> None:
    root = ET.fromstring(two_panel_svg(hours(), palette))
    styles = [element.get("style", "") for element in root.iter(f"{SVG}text")]
    assert styles and all("'Source Sans Pro'" in style for style in styles)


def test_every_label_stands_inside_the_picture(palette: Palette) -> None:
    root = ET.fromstring(two_panel_svg(hours(lasting=40), palette))
    _, _, width, height = (float(part) for part in root.get("viewBox", "").split())
    for element in root.iter(f"{SVG}text"):
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        assert 0 <= x <= width and 0 <= y <= height


def test_numbers_on_the_axes_have_a_decimal_comma(palette: Palette) -> None:
    assert not any(re.search(r"\d\.\d", text) for text in texts(two_panel_svg(hours(), palette)))


def test_equal_ledgers_give_equal_bytes(palette: Palette) -> None:
    assert two_panel_svg(hours(), palette) == two_panel_svg(hours(), palette)


def test_other_figures_drawn_before_do_not_change_the_bytes(palette: Palette) -> None:
    before = two_panel_svg(hours(), palette)
    drawn(figures.levels(hours(), TRIAL, "timer"), palette)
    assert two_panel_svg(hours(), palette) == before


def test_the_file_holds_no_time_no_program_name_and_no_rule_for_the_whole_page(palette: Palette) -> None:
    svg = two_panel_svg(hours(), palette)
    assert b"metadata" not in svg and b"<style" not in svg and b"atplotlib" not in svg
    ids = re.findall(rb' id="([^"]+)"', svg)
    assert all(svg.count(name) > 1 for name in ids), "an id nobody refers to may clash in a page"


@pytest.mark.parametrize("name", ["A $x$ & <b>", 'B" onload="x', "C\\n_{d}", "Æ | Ø * Å"])
def test_a_hostile_site_name_is_plain_text(name: str, palette: Palette, tmp_path: Path) -> None:
    ledger = Rows().sites_weekly("i-job", rising(20, 40), rising(20, 30), site=name).ledger()
    block = show(
        figures.levels,
        ledger,
        trial(sites=[name, "By"]),
        "i-job",
        id="fig-x",
        folder=tmp_path,
        site=name,
    )
    assert name in texts(picture(tmp_path, "x").read_bytes())
    assert block.count("\n![") == 1 and len(re.findall(r"\{#fig-x", block)) == 1


def test_a_site_stands_beside_all_others(palette: Palette) -> None:
    ledger = Rows().sites_weekly("i-job", rising(20, 40), rising(20, 30), site="Åby").ledger()
    chart = figures.levels(ledger, TRIAL, "i-job", site="Åby")
    assert [line.name for line in chart.plan.lines] == ["Åby", "øvrige kommuner"]
    assert "Åby ligger højere end øvrige kommuner" in chart.alt


def test_an_unknown_site_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(NothingToShowError, match="Åby"):
        figures.levels(hours(), TRIAL, "timer", site="Aby")


def test_a_measure_without_weekly_rows_is_an_error() -> None:
    with pytest.raises(NothingToShowError, match="i-job"):
        figures.two_panel(hours(), TRIAL, "i-job")


def test_the_trial_figure_in_a_sites_version_says_whose_numbers_it_shows(palette: Palette, tmp_path: Path) -> None:
    block = show(figures.two_panel, hours(), TRIAL, "timer", id="fig-x", folder=tmp_path, site="Åby")
    assert "ikke kun Åby" in block


def test_the_followed_are_drawn_as_steps_from_the_counts() -> None:
    rows = Rows()
    for week in range(1, 6):
        rows.count("fulgt", 100 - week, group="deltager", time=f"uge{week}")
    chart = figures.followed(rows.ledger(), TRIAL)
    assert chart.plan.step and chart.plan.lines[0].values == (99, 98, 97, 96, 95)


def test_the_block_holds_picture_source_and_note(palette: Palette, tmp_path: Path) -> None:
    block = show(figures.levels, hours(), TRIAL, "timer", id="fig-timer", folder=tmp_path)
    assert block.startswith("::: {.figurblok}\n![")
    assert "{#fig-timer .inline-svg fig-alt=" in block
    assert "::: {.kilde}\nKilde: eIndkomst.\n:::" in block
    assert "::: {.note}\nAnm.: Løntimer i gennemsnit pr. uge." in block
    assert picture(tmp_path, "timer").is_file()


def test_without_a_theme_the_librarys_colours_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, palette: Palette
) -> None:
    monkeypatch.chdir(tmp_path)
    assert show(figures.levels, hours(), TRIAL, "timer", id="fig-x", folder=tmp_path)
    assert palette["deltager"] in picture(tmp_path, "x").read_text(encoding="utf-8").upper()


def test_a_document_with_a_reading_guide_need_not_explain_each_figure(tmp_path: Path, palette: Palette) -> None:
    ledger = hours(lasting=15)
    full, short = (
        show(figures.two_panel, ledger, TRIAL, "timer", id="x", folder=tmp_path, explained=explained)
        for explained in (False, True)
    )
    definition = ledger.measure("timer").definition
    assert definition in full and definition in short
    assert "Mørkt felt" in full and "Mørkt felt" not in short
    assert "Lodret linje" in full and "Lodret linje" not in short
