"""What a formula prints as, command by command: the numbers of a report that stand in one are found as they print."""

from __future__ import annotations

import pytest

from reportlib.numbers.tokens import printed_formulas, same_word, with_origins, word_after
from reportlib.text.marks import once, recording
from reportlib.text.origin import derived


@pytest.mark.parametrize(
    "name",
    ["frac", "dfrac", "tfrac", "text", "mathrm", "mathbf", "mathit", "operatorname", "left", "right", "hat", "bar",
     "overline", "sqrt", "limits"],
)  # fmt: skip
def test_what_only_says_how_a_formula_is_set_prints_nothing(name: str) -> None:
    assert printed_formulas(rf"$\{name}{{3}}$") == "3"


@pytest.mark.parametrize(
    "name",
    ["cdot", "times", "div", "pm", "mp", "le", "ge", "leq", "geq", "lt", "gt", "ne", "neq", "approx", "sim", "to", "in",
     "sum", "prod", "int", "infty", "ldots", "dots", "mid"],
)  # fmt: skip
def test_a_sign_between_two_numbers_keeps_them_apart(name: str) -> None:
    assert printed_formulas(rf"$3\{name} 4$") == "3·4"


@pytest.mark.parametrize("name", ["alpha", "log", "exp", "Delta"])
def test_any_other_command_is_a_letter_or_a_word(name: str) -> None:
    assert printed_formulas(rf"$3\{name} 4$") == "3x4"


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (r"Da $x_{15} = 3{,}5 \cdot 2$ er", "Da x15=3,5·2 er"),
        (r"$$a^2 + 17$$ {#eq-a} slut", "a2+17 slut"),
        (r"$$a^2", "a2"),
        (r"prisen er 3 $ og 4 $", "prisen er 3 $ og 4 $"),
        (r"\$3 og $4$", r"\$3 og 4"),
        (r"$3\,4$ og $3\quad 4$ og $3\qquad4$ og $3~4$", "34 og 34 og 34 og 34"),
        (r"$\text{i 12 uger}3$", "i 12 uger3"),
        (r"$\begin{array}{cc}1 & 2\end{array}$", "12"),
        (r"$\begin{cases*}1\end{cases*}$", "1"),
        (r"$\mathbb{1}3$", "3"),
        ("uden formler", "uden formler"),
    ],
)
def test_a_formula_in_a_line_is_written_as_it_prints(line: str, printed: str) -> None:
    assert printed_formulas(line) == printed


@pytest.mark.parametrize(
    ("text", "word"),
    [(" Personer er", "personer"), ("\u00a0pct.", "pct"), (" 12", ""), (", og", ""), ("", "")],
)
def test_the_word_that_comes_next(text: str, word: str) -> None:
    assert word_after(text) == word
    assert word_after(f"7{text}", 1) == word


def test_a_phrase_that_ends_in_its_unit_has_no_word_after_it() -> None:
    assert list(with_origins("12 pct. af dem", [("12 pct", 0)])) == [("12 pct", 0, "")]
    assert list(with_origins("12 pct. af dem", [("12", 0)])) == [("12", 0, "pct")]
    assert list(with_origins("ti og 12 af dem", [("13", 0)])) == [("12", None, "af")]


def test_a_word_cut_short_is_the_same_word() -> None:
    assert same_word("beskæftigelse", "beskæf") and same_word("beskæf", "beskæftigelse")
    assert not same_word("timer", "uger")


def test_what_is_to_be_said_once_is_said_once_in_what_is_recorded() -> None:
    with recording():
        assert [once("Sådan læses figuren."), once("Sådan læses figuren."), once("Andet.")] == [
            "Sådan læses figuren.", "", "Andet.",
        ]  # fmt: skip
    with recording():
        assert once("Sådan læses figuren.")
    assert once("Uden") == once("Uden") == "Uden"


def test_of_many_parts_the_first_and_the_last_are_named() -> None:
    assert str(derived("sum", ["a", "b"])) == "udledt:sum(a + b)"
    many = [f"k{number}" for number in range(1, 200)]
    named = str(derived("sum", many))
    assert named.startswith("udledt:sum(k1") and named.endswith("k199)")
    assert str(derived("sum", ["a", "b", "a"])) == "udledt:sum(a + b)"
