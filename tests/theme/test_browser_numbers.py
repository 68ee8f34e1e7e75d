"""Where a number comes from, shown by a real browser: pointer, keyboard, screen reader, telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsers import wait_until

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import SWITCH_MARK, with_details
from reportlib.numbers.collect import Printed
from reportlib.text.marks import number_mark
from reportlib.text.origin import Origin
from reportlib.text.units import Unit

DESKTOP, PHONE = (1280, 800), (390, 844)
KEY = "andel.deltager.uge35"
FAR_DOWN = '<div style="height: 3000px"></div>'


def account() -> Account:
    row = Estimate(
        key=KEY, measure="andel", statistic="share", population="deltagerne", window="uge 35", unit=Unit.PCT,
        value=9200 / 767, k=92, n=767,
    )  # fmt: skip
    entry = Measure(id="andel", label="Andel i job", unit=Unit.PCT, definition="I job i ugen " * 9, source="Registret")
    header = {"level": 0.05, "chapters": [], "sites": [], "figures": [], "floats": {}}
    return Account(
        header=header, numbers=[Printed(text="12 pct.", origin=Origin(KEY), place="text", nr=nr) for nr in (1, 2)],
        rows={KEY: row}, measures={"andel": entry}, facts={}, settings={}, texts=[], dates=[],
    )  # fmt: skip


@pytest.fixture(scope="module")
def address(sample_html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample page with one number at its top and one far down, out of sight."""
    assert SWITCH_MARK in sample_html
    start = sample_html.index("<main", sample_html.index("<body"))
    start = sample_html.index(">", start) + 1
    first, second = (number_mark("12 pct", nr) for nr in (1, 2))
    text = f"<p>Det er {first}. af dem.</p>{FAR_DOWN}<p>Det er {second}. af dem.</p>"
    path = tmp_path_factory.mktemp("page") / "numbers.html"
    path.write_text(with_details(sample_html[:start] + text + sample_html[start:], account()), encoding="utf-8")
    return Path(path).as_uri()


def card(page: Any, number: int) -> Any:
    return page.locator(f"#tal-{number} .om > span")


def switch_on(page: Any) -> None:
    """As a keyboard does it: the second stop is the check box."""
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "vis-talspor"
    page.keyboard.press("Space")


def stop_at(page: Any, number: int) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.parentElement || {}).id") == f"tal-{number}":
            return
    raise AssertionError(f"the keyboard never reaches number {number}")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_pointer_shows_the_words_inside_the_window(size: tuple[int, int], visit: Callable[..., Any]) -> None:
    page = visit(size)
    assert not card(page, 1).is_visible()
    page.locator("#tal-1").hover()
    assert card(page, 1).is_visible()
    assert "92 af 767" in card(page, 1).inner_text().replace("\u00a0", " ")
    box = card(page, 1).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.mouse.move(0, 0)
    wait_until(page, "!document.querySelector('.tal.vist')")
    assert not card(page, 1).is_visible()


def test_the_pointer_may_rest_on_the_words_and_escape_takes_them_away(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.locator("#tal-1").hover()
    number, words = page.locator("#tal-1").bounding_box(), card(page, 1).bounding_box()
    assert words["y"] >= number["y"] + number["height"] - 1  # they do not cover their number
    page.mouse.move(words["x"] + 30, words["y"] + 10)
    page.wait_for_timeout(400)
    assert card(page, 1).is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".tal.vist").count() == 0 and not card(page, 1).is_visible()


def test_escape_takes_the_words_away_where_the_keyboard_stops(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    switch_on(page)
    stop_at(page, 1)
    assert page.locator("#tal-1.vist").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".tal.vist").count() == 0
    assert page.evaluate("document.activeElement.parentElement.id") == "tal-1"


def test_a_tap_shows_the_words_and_a_tap_elsewhere_takes_them_away(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address)
    page.locator("#tal-1").tap()
    assert card(page, 1).is_visible()
    page.touchscreen.tap(200, 780)
    wait_until(page, "!document.querySelector('.tal.vist')")
    context.close()


def test_without_scripts_the_words_stand_at_the_foot_of_the_window(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#tal-1").hover()
    assert card(page, 1).is_visible() and card(page, 1).bounding_box()["y"] > DESKTOP[1] / 2
    context.close()


def test_numbers_are_no_stops_until_they_are_asked_for(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") != "om"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_keyboard_brings_the_number_into_view_beside_its_words(
    size: tuple[int, int], visit: Callable[..., Any]
) -> None:
    page = visit(size)
    switch_on(page)
    stop_at(page, 2)
    wait_until(page, "document.querySelector('#tal-2').getBoundingClientRect().bottom < innerHeight")
    page.wait_for_timeout(500)  # the page scrolls smoothly
    number, words = page.locator("#tal-2").bounding_box(), card(page, 2).bounding_box()
    assert number["y"] >= 0 and number["y"] + number["height"] <= words["y"]
    assert words["x"] >= 0 and words["x"] + words["width"] <= size[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("getComputedStyle(document.querySelector('#tal-2 > .om')).clipPath") == "inset(50%)"


def test_the_pointer_shows_the_words_also_when_the_keyboard_does(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    switch_on(page)
    page.locator("#tal-1").hover()
    number, words = page.locator("#tal-1").bounding_box(), card(page, 1).bounding_box()
    assert abs(words["y"] - number["y"] - number["height"]) < 2 and words["height"] > 20


def test_a_screen_reader_is_told_the_words_where_the_keyboard_stops(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    session = page.context.new_cdp_session(page)

    def names() -> list[str]:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        return [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "tooltip"]

    assert names() == []  # until asked for, the text reads without them
    switch_on(page)
    told = names()
    assert len(told) == 2 and all("Andel i job" in name and "Kilde: Registret" in name for name in told)
