"""What a screen does beside showing the page, in a real browser: sorting, copying, finding one's place, zoom, dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsers import axe_results, wait_until
from test_browser import CONTRAST
from theme_pages import cover

DESKTOP, PHONE = (1280, 800), (390, 844)
COUNTS = {"Aalborg": "1.742", "Aarhus": "−12,5", "Hedensted": "95", "Hillerød": "·", "Lolland": "7 pct.", "Sorø": "62",
          "Viborg": "151", "Vejle": "33"}  # fmt: skip
TABLE = "\n".join(
    [
        "| Kommune | Antal |", "|:--|--:|", *(f"| {name} | {count} |" for name, count in COUNTS.items()),
        "| I alt | 2.000 |", "", ": Lang tabel {#tbl-lang}",
    ]
)  # fmt: skip
PAGE = f"""{cover()}
# Første {{#sec-a}}

Se @tbl-lang, @tbl-kort og @tbl-bred.

{TABLE}

| A | B |
|:--|--:|
| x | 1 |

: Kort tabel {{#tbl-kort}}

# Anden {{#sec-b}}

{"Tekst. " * 2000}

## Del af anden {{#sec-c}}

{"Tekst. " * 2000}

::: {{.tabelblok .bred}}
| Element | Et langt ord | Et langt ord til | Endnu et langt ord | Og et sidste |
|:--|:--|:--|:--|--:|
| Navn på rækken | virksomhedspraktik | rollefordelingen | progressionsmåling | 1 |

: Bred tabel {{#tbl-bred}}
:::
"""
NAMES = "() => [...document.querySelectorAll('#tbl-lang tbody th')].map(cell => cell.innerText)"


@pytest.fixture(scope="module")
def address(make_html: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("screen") / "page.html"
    path.write_text(make_html(PAGE), encoding="utf-8")
    return Path(path).as_uri()


def test_a_long_table_is_sorted_by_keyboard_up_down_and_back_and_its_sum_stays_last(visit: Callable[..., Any]) -> None:
    page = visit()
    assert page.locator(".sorter").count() == 2  # the short table and the wide one have none
    before = page.evaluate(NAMES)
    page.locator("#tbl-lang .sorter").nth(1).focus()
    page.keyboard.press("Enter")
    up = page.evaluate(NAMES)
    assert up == ["Aarhus", "Lolland", "Vejle", "Sorø", "Hedensted", "Viborg", "Aalborg", "Hillerød", "I alt"]
    assert page.locator("#tbl-lang th[aria-sort=ascending]").count() == 1
    page.keyboard.press("Enter")
    assert page.evaluate(NAMES) == [*reversed(up[:7]), "Hillerød", "I alt"]
    page.keyboard.press("Enter")
    assert page.evaluate(NAMES) == before and page.locator("[aria-sort]").count() == 0


def test_rows_are_copied_with_numbers_that_a_spreadsheet_reads(visit: Callable[..., Any]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#tbl-lang table'))")
    page.keyboard.press("Control+c")
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[:3] == ["Kommune\tAntal", "Aalborg\t1742", "Aarhus\t-12,5"] and lines[5] == "Lolland\t7 pct."
    assert len(lines) == len(COUNTS) + 2


def test_the_contents_tell_where_the_reader_is(visit: Callable[..., Any]) -> None:
    page = visit()
    page.evaluate("document.querySelector('#sec-c').scrollIntoView({behavior: 'instant'})")
    wait_until(page, "document.querySelector('.ved-siden [aria-current]').hash === '#sec-c'")
    assert page.locator(".ved-siden [aria-current]").count() == 1
    box = page.locator(".til-top").bounding_box()
    assert box["x"] >= (DESKTOP[0] + 72 * 16) / 2  # beside the text, not on it
    page.locator(".til-top").click()
    wait_until(page, "scrollY === 0")


def test_a_sections_number_is_a_link_to_it(visit: Callable[..., Any]) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("#sec-c a.nr").get_attribute("href") == "#sec-c"
    assert page.locator("#sec-c a.nr").inner_text() == "2.1"


def test_a_wide_tables_first_column_stays_while_the_others_scroll(visit: Callable[..., Any]) -> None:
    page = visit(PHONE)
    box = page.locator("#tbl-bred .rulle")
    first = page.locator("#tbl-bred tbody th")
    before = first.bounding_box()["x"]
    box.evaluate("box => box.scrollLeft = 200")
    assert box.evaluate("box => box.scrollLeft") == 200
    assert abs(first.bounding_box()["x"] - before) < 1


@pytest.mark.parametrize("percent", [200, 400])
def test_at_high_zoom_nothing_is_wider_than_the_window(percent: int, visit: Callable[..., Any]) -> None:
    page = visit((DESKTOP[0] * 100 // percent, DESKTOP[1] * 100 // percent), device_scale_factor=percent / 100)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP[0] * 100 // percent
    assert page.locator("#tbl-lang .sorter").first.is_visible()


def test_in_the_dark_all_text_has_contrast_and_axe_finds_nothing(visit: Callable[..., Any]) -> None:
    page = visit(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 28, 35)"
    assert page.evaluate(CONTRAST)["faults"] == []
    page.locator("#tbl-lang .sorter").first.click()
    found = axe_results(page)
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []


def test_the_column_that_stays_leaves_a_phone_room_for_the_others(visit: Callable[..., Any]) -> None:
    """The first column lies over what scrolls under it: as wide as the screen it would hide every number."""
    share = visit(PHONE).evaluate(
        """() => {
          const cell = document.querySelector('#tbl-bred tbody th');
          cell.textContent = 'Deltagerne har talt med deres virksomhedskonsulent inden den fjerde uge '.repeat(3);
          return cell.getBoundingClientRect().width / cell.closest('.rulle').clientWidth;
        }"""
    )
    assert share <= 0.5
