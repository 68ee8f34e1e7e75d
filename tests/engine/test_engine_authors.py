"""Which authors and dates of the front matter the cover prints, and what is refused that could be read two ways."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reportlib.engine.front_matter import author_names, iso_date

HALL = {"name": "Bo Hall", "affiliation": "Styrelsen"}


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("Ane Dam", "Ane Dam"),
        (["Ane Dam"], "Ane Dam"),
        (["Ane Dam", "Bo Hall"], "Ane Dam og Bo Hall"),
        (["Ane Dam", "Bo Hall", "Ida Lund"], "Ane Dam, Bo Hall og Ida Lund"),
        (["Ane Dam", "", "Bo Hall"], "Ane Dam og Bo Hall"),
        ([], ""),
        (HALL, "Bo Hall (Styrelsen)"),
        (["Ane Dam", HALL], "Ane Dam og Bo Hall (Styrelsen)"),
        ({"name": "Bo Hall", "affiliations": ["A", {"name": "B"}]}, "Bo Hall (A, B)"),
        ({"name": "Bo Hall", "affiliation": "A", "affiliations": "B"}, "Bo Hall (A, B)"),
        ({"name": {"literal": "Bo Hall"}}, "Bo Hall"),
        ({"name": {"given": "Bo", "family": "Hall"}}, "Bo Hall"),
        ({"name": {"family": "Hall"}}, "Hall"),
        ({"name": {"literal": "Gruppen", "given": "Bo", "family": "Hall"}}, "Gruppen"),
        (17, None),
        (["Ane Dam", 17], None),
        ({"affiliation": "A"}, None),
        ({"name": 17}, None),
        ({"name": "Bo Hall", "affiliations": [{"ref": "a"}]}, None),
    ],
)
def test_authors_stand_on_the_cover_as_a_sentence_would_name_them(given: Any, printed: str | None) -> None:
    assert author_names(given) == printed


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("2026-03-02", "2026-03-02"),
        (date(2026, 3, 2), "2026-03-02"),
        ("13/2/2026", "2026-02-13"),
        ("2/13/2026", "2026-02-13"),
        ("5/5/2026", "2026-05-05"),
        ("12/12/2026", "2026-12-12"),
        ("2/3/2026", None),  # the second of March or the third of February
        ("12/11/2026", None),
        ("13/13/2026", None),
        ("31/2/2026", None),
        ("today", None),
        ("last-modified", None),
        ("marts 2026", None),
    ],
)
def test_a_date_is_one_day_or_none(given: Any, printed: str | None) -> None:
    assert iso_date(given) == printed
