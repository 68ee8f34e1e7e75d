"""Danish dates, with the turns of the year and week 53."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import strategies as st

from reportlib.danish import (
    NBSP,
    date_text,
    month_range,
    month_text,
    on_date,
    short_date,
)

DAYS = st.dates(min_value=date(1991, 1, 1), max_value=date(2060, 12, 31))


def test_a_date_in_each_of_its_forms() -> None:
    day = date(2019, 3, 20)
    assert date_text(day).replace(NBSP, " ") == "20. marts 2019"
    assert on_date(day).replace(NBSP, " ") == "den 20. marts 2019"
    assert short_date(day) == "20.3.2019"
    assert month_text(day) == "marts 2019"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2016, 3, 1), date(2016, 12, 31), "marts til december 2016"),
        (date(2016, 3, 1), date(2017, 1, 1), "marts 2016 til januar 2017"),
        (date(2016, 3, 1), date(2016, 3, 31), "marts 2016"),
    ],
)
def test_months_from_and_to(first: date, last: date, text: str) -> None:
    assert month_range(first, last) == text
