"""A document is read into prose and cells, each line with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.engine.qmd import (
    Cell,
    DocumentNotFoundError,
    DocumentSyntaxError,
    IncludeLoopError,
    Prose,
    UnsupportedFeatureError,
    read_document,
)
from reportlib.text.inert import plain

Write = Callable[..., Path]


def prose_lines(path: Path) -> list[tuple[str, str]]:
    parts = read_document(path).parts
    return [(str(line.place), line.text) for part in parts if isinstance(part, Prose) for line in part.lines]


def test_front_matter_becomes_metadata(write: Write) -> None:
    assert read_document(write("---\ntitle: Æble\nlang: da\n---\n\nTekst")).metadata == {"title": "Æble", "lang": "da"}


def test_a_document_without_front_matter_has_no_metadata(write: Write) -> None:
    assert read_document(write("Tekst")).metadata == {}


def test_lines_keep_their_numbers_past_front_matter_and_cells(write: Write) -> None:
    path = write("---\ntitle: A\n---\nEn\n\n```{python}\nx = 1\n```\nTo\n")
    assert ("dokument.qmd:9", "To") in prose_lines(path)


def test_a_cell_has_its_options_and_the_line_its_code_starts_on(write: Write) -> None:
    document = read_document(write("\n```{python}\n#| output: asis\n#| tags: [a, b]\n\nprint(1)\n```\n"))
    cell = document.cells[0]
    assert (cell.options["output"], cell.tags, cell.source, cell.first_line) == ("asis", ("a", "b"), "print(1)", 6)


def test_a_cell_in_a_list_item_is_run_and_its_code_stands_at_the_edge(write: Write) -> None:
    path = write("- Punkt\n\n    ```{python}\n    #| output: asis\n    if True:\n        print(1)\n    ```\n\n- To\n")
    (cell,) = read_document(path).cells
    assert (cell.source, cell.indent, cell.first_line) == ("if True:\n    print(1)", "    ", 5)
    assert prose_lines(path)[-1] == ("dokument.qmd:9", "- To")


def test_a_shown_code_block_is_prose_and_not_run(write: Write) -> None:
    document = read_document(write("```python\nprint(1)\n```\n"))
    assert not document.cells
    assert isinstance(document.parts[0], Prose)
    assert document.parts[0].code == {0, 1, 2}


def test_a_fence_inside_a_longer_fence_does_not_close_it(write: Write) -> None:
    document = read_document(write("````{python}\nx = '''\n```\n'''\n````\n"))
    assert document.cells[0].source == "x = '''\n```\n'''"


def test_an_include_brings_in_prose_and_cells_under_its_own_name(write: Write) -> None:
    write("Inde\n\n```{python}\nx = 1\n```\n", "_del.qmd")
    document = read_document(write("Før\n{{< include _del.qmd >}}\nEfter\n"))
    assert [str(part.place) for part in document.parts if isinstance(part, Cell)] == ["_del.qmd:3"]
    first = document.parts[0]
    assert isinstance(first, Prose)
    assert [str(line.place) for line in first.lines] == ["dokument.qmd:1", "_del.qmd:1", "_del.qmd:2"]


def test_an_include_in_a_code_block_is_left_alone(write: Write) -> None:
    assert ("dokument.qmd:2", "{{< include _nej.qmd >}}") in prose_lines(write("```\n{{< include _nej.qmd >}}\n```\n"))


def test_all_files_read_are_listed_for_the_cache(write: Write) -> None:
    write("Inde", "_del.qmd")
    document = read_document(write("{{< include _del.qmd >}}\n{{< include _del.qmd >}}\n"))
    assert [path.name for path in document.sources] == ["dokument.qmd", "_del.qmd"]


def test_a_missing_include_names_the_line_that_asks_for_it(write: Write) -> None:
    with pytest.raises(DocumentNotFoundError, match=r"dokument\.qmd:2: cannot include _nej\.qmd"):
        read_document(write("A\n{{< include _nej.qmd >}}\n"))


def test_a_file_that_includes_itself_is_refused_with_the_chain(write: Write) -> None:
    write("{{< include dokument.qmd >}}", "_a.qmd")
    with pytest.raises(IncludeLoopError, match=r"dokument\.qmd -> _a\.qmd -> dokument\.qmd"):
        read_document(write("{{< include _a.qmd >}}"))


def test_an_unclosed_cell_names_the_line_it_starts_on(write: Write) -> None:
    with pytest.raises(DocumentSyntaxError, match=r"dokument\.qmd:2: .*never closed"):
        read_document(write("A\n```{python}\nx = 1\n"))


def test_front_matter_that_is_not_yaml_names_the_line(write: Write) -> None:
    with pytest.raises(DocumentSyntaxError, match=r"dokument\.qmd:3"):
        read_document(write("---\ntitle: A\nlang: [da\n---\n"))


def test_a_day_that_no_calendar_has_names_the_line(write: Write) -> None:
    with pytest.raises(DocumentSyntaxError, match=r"dokument\.qmd:3: .* there is no day 2020-02-30"):
        read_document(write("---\ntitle: A\ndate: 2020-02-30\n---\n"))


def test_unclosed_front_matter_is_refused(write: Write) -> None:
    with pytest.raises(DocumentSyntaxError, match="never closed"):
        read_document(write("---\ntitle: A\n"))


def test_a_cell_in_another_language_names_the_line_and_the_other_engine(write: Write) -> None:
    with pytest.raises(UnsupportedFeatureError, match=r"dokument\.qmd:1: a cell in r") as caught:
        read_document(write("```{r}\nx\n```\n"))
    assert "--engine quarto" in str(caught.value)


def test_options_on_the_opening_line_of_a_cell_are_refused(write: Write) -> None:
    with pytest.raises(UnsupportedFeatureError, match="echo=FALSE"):
        read_document(write("```{python echo=FALSE}\nx\n```\n"))


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "gammel.qmd"
    path.write_bytes("Kære læser".encode("latin-1"))
    with pytest.raises(DocumentSyntaxError, match="not UTF-8"):
        read_document(path)


def test_windows_line_ends_and_a_byte_order_mark_are_read_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "windows.qmd"
    path.write_bytes("\ufeff---\r\ntitle: A\r\n---\r\nTekst\r\n".encode())
    document = read_document(path)
    assert document.metadata == {"title": "A"}
    assert prose_lines(path) == [("windows.qmd:4", "Tekst")]


@given(st.lists(st.text(st.characters(exclude_characters="\n\r`~", exclude_categories=["Cs"])), min_size=1))
def test_prose_passes_through_unchanged(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("prosa") / "a.qmd"
    text = ["Første linje", *(line.replace("{{<", "") for line in lines), "Sidste linje"]
    path.write_text("\n".join(text), encoding="utf-8", newline="")
    assert [line for _, line in prose_lines(path)] == text


def test_what_the_front_matter_says_of_the_text_stands_before_and_after_it(tmp_path: Path) -> None:
    head = "about: {links: [{icon: github, text: Kode*, href: https://a.dk/(1)}]}\nformat: {html: {license: CC BY}}"
    (tmp_path / "a.qmd").write_text(f"---\n{head}\ncopyright: {{statement: © 2024 A_B}}\n---\n- Et\n", encoding="utf-8")
    document = read_document(tmp_path / "a.qmd")
    (prose,) = document.parts
    assert isinstance(prose, Prose)
    lines = [(line.place.line, plain(line.text)) for line in prose.lines if line.text]
    links = [(2, "::: {}"), (2, "- [Kode*](<https://a.dk/(1)>)"), (2, ":::")]
    assert lines == [*links, (6, "- Et"), (1, "**Licens:** CC BY"), (4, "**Ophavsret:** © 2024 A_B")]
