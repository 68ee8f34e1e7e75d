"""What a screen does beside showing the page, in a real browser: sorting, copying, finding one's place, zoom, dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def picture(name: str, words: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A figure of a page as the engine writes it, with the table behind it."""
    box = '<div class="rulle" tabindex="0" role="region" aria-label="{}">'
    cells = [f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows]
    heads = "".join(f"<th scope=col>{cell}</th>" for cell in head)
    return (
        f'<div class="figurblok"><figure id="{name}">{box.format(name)}<svg viewBox="0 0 400 100" width="400" '
        f'height="100" role="img" aria-label="En figur">{words}</svg></div></figure>\n'
        f'<details class="figurdata"><summary>Tal</summary>{box.format("Tal bag " + name)}<table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(cells)}</tbody></table></div></details></div>"
    )


def words(*placed: tuple[int, int, str]) -> str:
    return "".join(f'<text x="{x}" y="{y}">{said}</text>' for x, y, said in placed)


CURVE = picture(
    "fig-a",
    "".join(f'<text x="{x}" y="{y}" data-tal="{said} @ akse:tal">{said}</text>'
            for x, y, said in ((40, 90, 1), (340, 90, 31), (20, 50, 5))),
    ["Tid", "Vest", "Forskel", "Forskel: fra", "Forskel: til"],
    [["Uge 1 efter start", "7", "2", "1", "3"], ["Uge 2 efter start", "8", "", "", ""]],
)  # fmt: skip
ROWS = picture(
    "fig-b",
    words((90, 8, "Enig"), (80, 30, "Hørt, når planen er"), (80, 40, "ændret"), (80, 70, "Glad")),
    ["Hvad", "Tal", "Antal personer"],
    [["Hørt, når planen er ændret, enig", "42", "45"], ["Glad, enig", "51", "40"]],
)
PAGE = f"""{cover()}
# Første {{#sec-a}}

Se @tbl-lang, @tbl-kort og @tbl-bred.

{TABLE}

| A | B |
|:--|--:|
| x | 1 |

: Kort tabel {{#tbl-kort}}

```{{=html}}
{CURVE}
{ROWS}
```

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


def test_arrow_keys_tell_the_values_in_a_picture_and_escape_takes_them_away(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    slider = page.locator("#fig-a .aflaes")
    slider.focus()
    assert page.inner_text(".aflaest") == "Uge 1 efter start\nVest: 7\nForskel: 2 (1 til 3)"
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".aflaest") == "Uge 2 efter start\nVest: 8"
    assert slider.get_attribute("aria-valuetext") == "Uge 2 efter start. Vest: 8"
    page.keyboard.press("Escape")
    assert page.locator(".aflaest").count() == 0
    page.locator("#fig-b .aflaes").focus()
    assert page.inner_text(".aflaest") == "Hørt, når planen er ændret\nenig: 42, antal 45"
    assert axe_results(page)["violations"] == []


def test_the_pointer_reads_the_nearest_value_and_may_rest_on_the_words(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.locator("#fig-b svg").hover(position={"x": 200, "y": 66})
    assert page.inner_text(".aflaest") == "Glad\nenig: 51, antal 40"
    page.locator(".aflaest").hover()
    page.wait_for_timeout(400)
    assert page.locator(".aflaest").count() == 1


def test_a_tap_reads_a_picture_and_a_tap_elsewhere_ends_it(visit: Callable[..., Any]) -> None:
    page = visit(PHONE, has_touch=True, is_mobile=True)
    assert page.locator("#fig-a .aflaes").inner_text() == "Aflæs tallene: tryk på figuren"
    page.locator("#fig-a svg").tap(position={"x": 50, "y": 40})
    assert page.inner_text(".aflaest").startswith("Uge 2 efter start")
    page.touchscreen.tap(5, 5)
    assert page.locator(".aflaest").count() == 0
