"""A table's Markdown: header row, row headers, alignment, caption, notes, and text that cannot break the table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up import Rows, trial

from reportlib.show import table_cells as cells
from reportlib.show.part import show
from reportlib.show.pipe_table import RowLengthError, Table, WordColumn

HIDDEN_ROW = ["x", cells.HIDDEN]


def small(**changed: object) -> Table:
    made = Table(caption="Tabel over noget", head="Mål", columns=["Andel (pct.)"], rows=[["Job", cells.number(12)]])
    return replace(made, **changed)  # type: ignore[arg-type]


def markdown(made: Table, *, threshold: int = 5) -> str:
    limit = trial().disclosure.model_copy(update={"threshold": threshold})
    whose = trial().model_copy(update={"disclosure": limit})
    return show(lambda *_: made, Rows().count("personer", 9, group="deltager").ledger(), whose, id="tbl-prøve")


def test_the_table_has_a_header_row_left_and_right_aligned_columns_and_a_caption() -> None:
    lines = markdown(small()).splitlines()
    assert lines[:4] == ["::: {.tabelblok}", "| Mål | Andel (pct.) |", "|:---|---:|", "| Job | 12 |"]
    assert ": Tabel over noget {#tbl-prøve}" in lines


def test_a_column_of_words_is_flush_left() -> None:
    assert "|:---|:---|" in markdown(small(columns=[WordColumn("Pr.")])).splitlines()


def test_a_row_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(RowLengthError, match="1 cells in a row of 2"):
        small(rows=[["x"]])


def test_sources_are_printed_once_and_in_the_plural_where_there_are_several() -> None:
    assert "Kilde: DREAM." in markdown(small(sources=["DREAM", "DREAM."]))
    assert "Kilder: DREAM; eIndkomst." in markdown(small(sources=["DREAM", "eIndkomst"]))


def test_only_the_first_of_several_sources_begins_with_a_large_letter() -> None:
    sources = ["spørgeskema til borgerne og egne beregninger", "kommunernes registreringer og egne beregninger"]
    printed = markdown(small(sources=sources))
    assert "Kilde: Spørgeskema til borgerne, kommunernes registreringer og egne beregninger." in printed


def test_own_calculations_are_named_once_beside_a_source_without_them() -> None:
    printed = markdown(small(sources=["priser fra 2013", "DREAM og egne beregninger", "eIndkomst og egne beregninger"]))
    assert "Kilder: Priser fra 2013; DREAM, eIndkomst og egne beregninger." in printed


def test_the_p_values_header_stays_on_one_line() -> None:
    assert "| Mål | [p-værdi]{.ubrudt} |" in markdown(small(columns=["p-værdi"]))


def test_a_note_ends_with_one_full_stop_and_stands_once() -> None:
    assert "Anm.: Målt i pct.\n" in markdown(small(notes=["målt i pct.", "", "målt i pct."]))


def test_the_hidden_sign_is_explained_only_where_it_is_used() -> None:
    assert "færre end fem personer" not in markdown(small())
    hidden = markdown(small(rows=[HIDDEN_ROW]))
    assert "· betyder, at tallet ikke vises, fordi det hviler på færre end fem personer" in hidden


def test_a_table_that_explains_the_dash_itself_explains_it_once() -> None:
    dash = [["x", cells.NOT_ESTIMABLE]]
    own = "– betyder, at posten ikke indgår"
    assert "– Tallet er ikke opgjort." in markdown(small(rows=dash))
    told = markdown(small(rows=dash, notes=[own]))
    assert own in told and "– Tallet" not in told


def test_the_note_on_hidden_cells_names_the_trials_own_threshold() -> None:
    assert "færre end ti personer" in markdown(small(rows=[HIDDEN_ROW]), threshold=10)


def test_a_wide_table_says_so() -> None:
    assert markdown(small(wide=True)).startswith("::: {.tabelblok .bred}")


def test_a_long_table_may_break_only_when_it_has_too_many_rows_for_a_page() -> None:
    assert markdown(small(long=True)).startswith("::: {.tabelblok}")
    many = [["x", cells.number(1)]] * 40
    assert markdown(small(long=True, rows=many)).startswith("::: {.tabelblok .lang}")
    assert markdown(small(rows=many)).startswith("::: {.tabelblok}")


@pytest.mark.parametrize("name", ["A | B", "C\nD", "*E*", "{#tbl-andet}", "$f$", "@tbl-x", "<td>", "\\"])
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    made = Table(caption=name, head=name, columns=["n"], rows=[[name, cells.number(1)]])
    rows = [line for line in markdown(made).splitlines() if line.startswith("|")]
    assert len(rows) == 3
    for row in rows:
        assert row.replace("\\\\", "").replace("\\|", "").count("|") == 3


COLUMNS = ["Andel (pct.)", "Forskel"]
SHOWN = ["Skive", cells.number(12), cells.HIDDEN]


def test_a_row_of_hidden_numbers_only_is_named_in_a_note_instead() -> None:
    rows = [SHOWN, ["Vejle", cells.HIDDEN, cells.NOT_ESTIMABLE], ["Faxe", cells.number(9), cells.number(1)]]
    printed = markdown(small(columns=COLUMNS, rows=rows))
    assert "| Vejle" not in printed
    assert "Ikke vist: Vejle, fordi tallene hviler på færre end fem personer" in printed


def test_a_column_of_hidden_numbers_only_is_named_in_a_note_and_no_sign_is_left_to_explain() -> None:
    printed = markdown(small(columns=COLUMNS, rows=[SHOWN]))
    assert "| Mål | Andel (pct.) |" in printed
    assert "Ikke vist: Forskel, fordi" in printed
    assert "· betyder" not in printed


def test_a_heading_inside_a_table_goes_with_the_last_of_its_rows() -> None:
    heading, other = ([cells.text(word, strong=True), cells.EMPTY, cells.EMPTY] for word in ("Køn", "Alder"))
    rows = [heading, ["Kvinder", cells.HIDDEN, cells.HIDDEN], other, ["Unge", cells.number(9), cells.number(1)]]
    printed = markdown(small(columns=COLUMNS, rows=rows))
    assert "**Alder**" in printed
    assert "**Køn**" not in printed


def test_a_table_of_hidden_numbers_only_and_a_hidden_sum_stay() -> None:
    total = [cells.text("I alt", strong=True), cells.HIDDEN, cells.HIDDEN]
    assert "| Vejle | · | · |" in markdown(small(columns=COLUMNS, rows=[["Vejle", cells.HIDDEN, cells.HIDDEN]]))
    beside = [cells.text("Pejlemærke", strong=True), cells.number(9), cells.number(1)]
    assert "| Vejle | · | · |" in markdown(small(columns=COLUMNS, rows=[["Vejle", cells.HIDDEN, cells.HIDDEN], beside]))
    assert "| **I alt** | · | · |" in markdown(
        small(columns=COLUMNS, rows=[["Faxe", cells.number(9), cells.number(1)], total])
    )
