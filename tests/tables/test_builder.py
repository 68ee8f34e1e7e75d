"""The builder: header row, row headers, alignment, caption, notes, and text that cannot break the table."""

from __future__ import annotations

import pytest

from reportlib.show import table_cells as cells
from reportlib.show.pipe_table import (
    Column,
    RowLengthError,
    Table,
    as_long,
    as_wide,
    markdown,
    table,
    with_notes,
    with_row,
    with_rows,
    with_sources,
)

COLUMNS = [Column("Mål", numbers=False), Column("Andel (pct.)")]


def small(caption: str = "Tabel over noget") -> Table:
    return with_row(table("tbl-prøve", caption, COLUMNS, threshold=5), [cells.text("Job"), cells.number(12)])


def test_the_table_has_a_header_row_left_and_right_aligned_columns_and_a_caption() -> None:
    lines = markdown(small()).splitlines()
    assert lines[:4] == ["::: {.tabelblok}", "| Mål | Andel (pct.) |", "|:---|---:|", "| Job | 12 |"]
    assert ": Tabel over noget {#tbl-prøve}" in lines


def test_a_verb_gives_a_new_table_and_leaves_the_old_one() -> None:
    before = small()
    after = with_notes(with_row(before, [cells.text("x"), cells.number(1)]), "Bemærkning")
    assert len(before.rows) == 1 and before.notes == () and len(after.rows) == 2


def test_a_row_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(RowLengthError, match="1 cells in a row of 2"):
        with_rows(small(), [[cells.text("x")]])


def test_sources_are_printed_once_and_in_the_plural_where_there_are_several() -> None:
    assert "Kilde: DREAM." in markdown(with_sources(small(), ["DREAM", "DREAM."]))
    assert "Kilder: DREAM; eIndkomst." in markdown(with_sources(small(), ["DREAM", "eIndkomst"]))


def test_only_the_first_of_several_sources_begins_with_a_large_letter() -> None:
    sources = ["spørgeskema til borgerne og egne beregninger", "kommunernes registreringer og egne beregninger"]
    printed = markdown(with_sources(small(), sources))
    assert "Kilde: Spørgeskema til borgerne, kommunernes registreringer og egne beregninger." in printed


def test_the_p_values_header_stays_on_one_line() -> None:
    made = table("p", "Test", [Column("Mål", numbers=False), Column("p-værdi")], threshold=5)
    assert "| Mål | [p-værdi]{.ubrudt} |" in markdown(made)


def test_a_note_ends_with_one_full_stop() -> None:
    assert "Anm.: Målt i pct.\n" in markdown(with_notes(small(), "målt i pct."))


def test_the_hidden_sign_is_explained_only_where_it_is_used() -> None:
    assert "færre end fem personer" not in markdown(small())
    hidden = markdown(with_row(small(), [cells.text("x"), cells.HIDDEN]))
    assert "· betyder, at tallet ikke vises, fordi det hviler på færre end fem personer" in hidden


def test_the_note_on_hidden_cells_names_the_trials_own_threshold() -> None:
    made = with_row(table("x", "c", COLUMNS, threshold=10), [cells.text("x"), cells.HIDDEN])
    assert "færre end ti personer" in markdown(made)


def test_a_wide_table_says_so() -> None:
    assert markdown(as_wide(small())).startswith("::: {.tabelblok .bred}")


def test_a_long_table_may_break_only_when_it_has_too_many_rows_for_a_page() -> None:
    assert markdown(as_long(small())).startswith("::: {.tabelblok}")
    many = with_rows(small(), [[cells.text("x"), cells.number(1)]] * 40)
    assert markdown(as_long(many)).startswith("::: {.tabelblok .lang}")
    assert markdown(many).startswith("::: {.tabelblok}")


@pytest.mark.parametrize("name", ["A | B", "C\nD", "*E*", "{#tbl-andet}", "$f$", "@tbl-x", "<td>", "\\"])
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    made = with_row(table("x", name, [Column(name, numbers=False), Column("n")], threshold=5),
                    [cells.text(name), cells.number(1)])  # fmt: skip
    rows = [line for line in markdown(made).splitlines() if line.startswith("|")]
    assert len(rows) == 3
    for row in rows:
        assert row.replace("\\\\", "").replace("\\|", "").count("|") == 3
