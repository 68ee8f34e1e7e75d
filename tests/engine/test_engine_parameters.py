"""The parameters cell takes a report's values, and only those it declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.document import UnknownParameterError
from reportlib.engine.parameters import (
    ParametersCellInvalidError,
    ParametersCellMissingError,
    ParameterValueError,
    find_parameters,
    inject,
)
from reportlib.engine.qmd import Cell, Document, Place, read_document

CELL = '```{python}\n#| tags: [parameters]\nkommune = "Alle"\nantal = 3\nandel = 0.5\nkort = False\n```\n'


def document_with(source: str) -> Document:
    cell = Cell(source, {"tags": ["parameters"]}, Place(Path("a.qmd"), 1), 3)
    return Document(Path("a.qmd"), {}, (cell,), (Path("a.qmd"),))


def run(document: Document) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(document.cells[0].source, names)
    return names


@pytest.fixture
def document(write: Callable[..., Path]) -> Document:
    return read_document(write(CELL))


def test_the_defaults_are_the_cell_s_own(document: Document) -> None:
    found = find_parameters(document)
    assert found is not None
    assert found.defaults == {"kommune": "Alle", "antal": 3, "andel": 0.5, "kort": False}


def test_a_value_takes_the_place_of_the_default(document: Document) -> None:
    assert run(inject(document, {"kommune": "Aarhus"}))["kommune"] == "Aarhus"


def test_a_value_takes_the_type_of_the_default(document: Document) -> None:
    names = run(inject(document, {"antal": "7", "andel": "0.25", "kort": "true"}))
    assert (names["antal"], names["andel"], names["kort"]) == (7, 0.25, True)


def test_the_other_parameters_keep_their_defaults(document: Document) -> None:
    assert run(inject(document, {"kommune": "Aarhus"}))["antal"] == 3


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_the_value_it_is(text: str) -> None:
    assert run(inject(document_with('kommune = "Alle"'), {"kommune": text}))["kommune"] == text


def test_an_unknown_name_is_refused_with_the_nearest(document: Document) -> None:
    with pytest.raises(UnknownParameterError, match="no parameter 'komune'") as caught:
        inject(document, {"komune": "Aarhus"})
    assert "did you mean kommune?" in str(caught.value)


def test_a_value_that_does_not_fit_the_type_is_refused(document: Document) -> None:
    with pytest.raises(ParameterValueError, match="'antal': 'mange' is not a whole number"):
        inject(document, {"antal": "mange"})


def test_a_value_for_a_document_without_parameters_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(ParametersCellMissingError, match="kommune"):
        inject(read_document(write("Tekst")), {"kommune": "Aarhus"})


@pytest.mark.parametrize("source", ["import os", "kommune = os.environ", "a, b = 1, 2", "kommune = [1]", "print(1)"])
def test_a_parameters_cell_that_does_more_than_assign_is_refused(source: str) -> None:
    with pytest.raises(ParametersCellInvalidError, match=r"a\.qmd:3"):
        inject(document_with(source), {"kommune": "Aarhus"})


def test_a_parameters_cell_that_is_not_python_names_the_line() -> None:
    with pytest.raises(ParametersCellInvalidError, match=r"a\.qmd:4: .*not Python"):
        inject(document_with('kommune = "Alle"\nantal = = 3'), {"kommune": "Aarhus"})


def test_two_parameters_cells_are_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(ParametersCellInvalidError, match="a second cell"):
        find_parameters(read_document(write(CELL + CELL)))
