"""What a number of the ledger gives in a document: each of its forms, for a share that is shown and a hidden one."""

from __future__ import annotations

import re

import pytest
from claim_rows import difference, hidden, share

from reportlib.document import Tal
from reportlib.text.inert import plain
from reportlib.text.units import Unit

SHARE = share(83, 690)
SPAN = re.compile(r"\[([^\[\]]*)\]\{[^{}]*\}")


def printed(markdown: str) -> str:
    """What a reader sees of it."""
    return plain(SPAN.sub(r"\1", markdown)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (str, "12 pct."),
        (lambda number: number.tekst, "12 pct."),
        (lambda number: number.decimaler(1), "12,0 pct."),
        (lambda number: number.decimaler(3), "12,029 pct."),
        (lambda number: number.med_antal, "12 pct. (83 af 690)"),
        (lambda number: number.hvis_vist("Det er {}.", "Det vises ikke."), "Det er 12 pct. (83 af 690)."),
    ],
)
def test_a_share_in_each_of_its_forms(form: object, told: str) -> None:
    assert printed(form(Tal(SHARE, 5))) == told  # type: ignore[operator]


def test_an_interval_is_told_in_words() -> None:
    row = difference(4.2, 1.0, unit=Unit.PCT_POINT)
    assert printed(Tal(row, 5).interval) == "95 pct.-konfidensinterval: 2,2 til 6,2"


def test_a_hidden_number_says_so_in_every_form() -> None:
    number = Tal(hidden(SHARE), 5)
    assert number.hvis_vist("Det er {}.", "Det vises ikke.") == "Det vises ikke."
    assert printed(str(number)) == printed(number.tekst) == printed(number.med_antal)
    assert "færre end fem" in printed(str(number))
