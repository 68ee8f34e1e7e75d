"""The tool that counts how often a report says the same sees formulas and repeated forms, whatever their numbers."""

from __future__ import annotations

from sentence_counts import counts, forms

from reportlib.numbers.blocks import read_html

PAGE = read_html(
    "<main><h2>Effekter</h2><p>I uge 3 har 12 pct. job (p = 0,04). Det er 5 flere.</p>"
    "<p>Det er 17 flere. Forskellen er ikke statistisk signifikant.</p><p>Anm.: Test: p = 0,03.</p></main>"
)


def test_formula_words_are_counted_and_p_values_in_running_text_only() -> None:
    assert list(counts(PAGE).values()) == [1, 0, 1, 1]


def test_sentences_that_differ_in_their_numbers_are_one_form() -> None:
    assert forms(PAGE).most_common(1) == [("Det er # flere.", 2)]
