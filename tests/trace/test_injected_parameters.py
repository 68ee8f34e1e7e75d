"""Values that Quarto put in for parameters the document does not have are refused by the document itself."""

from __future__ import annotations

import pytest

from reportlib.document import UnknownParameterError, refuse_unknown_parameters

DECLARED = 'kommune = "Alle"\n'


def test_a_misspelt_parameter_is_refused_with_the_near_name() -> None:
    cells = ["", DECLARED, '# Injected Parameters\nkomune = "Aarhus"\n']
    with pytest.raises(UnknownParameterError, match="'komune'") as refused:
        refuse_unknown_parameters(cells)
    assert "kommune" in str(refused.value.hint)


@pytest.mark.parametrize("head", ["# Injected Parameters", "#| output: false\n# Injected Parameters", "# Parameters"])
def test_a_parameter_that_the_document_declares_is_taken(head: str) -> None:
    refuse_unknown_parameters(["", DECLARED, f'{head}\nkommune = "Aarhus"\n'])


def test_a_document_without_values_put_in_is_left_alone() -> None:
    refuse_unknown_parameters(["", "%matplotlib inline\n", DECLARED, "andet = 1"])
