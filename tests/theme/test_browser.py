"""The page as a reader meets it, in a real browser: widths, contents, contrast, keyboard, paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsers import wait_until

DESKTOP, PHONE = (1280, 800), (390, 844)

CONTRAST = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const channel = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = el => {
    const layers = [];
    for (let e = el; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const faults = []; let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const el = node.parentElement;
    if (!node.data.trim() || !el.getClientRects().length || el.closest('.kun-oplaest, .spring')) continue;
    const style = getComputedStyle(el), svg = el.closest('svg');
    let alpha = 1;
    for (let e = el; e; e = e.parentElement) alpha *= Number(getComputedStyle(e).opacity);
    const back = ground(svg ? svg.parentElement : el);
    const own = parse(svg ? style.fill : style.color); own[3] *= alpha;
    const a = light(over(own, back)), b = light(back);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    seen += 1;
    if (ratio < (large ? 3 : 4.5)) faults.push([node.data.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return {seen, faults};
}"""

OVERFLOWING = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.rulle, .spring, .kun-oplaest') && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.tagName + '.' + (e.getAttribute('class') || ''))"""


@pytest.fixture(scope="module")
def address(sample_html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "sample.html"
    path.write_text(sample_html, encoding="utf-8")
    return Path(path).as_uri()


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (820, 1180), (320, 640)])
def test_the_page_never_scrolls_sideways(size: tuple[int, int], visit: Callable[..., Any]) -> None:
    page = visit(size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(OVERFLOWING) == []


def test_contents_stand_beside_the_text_on_a_desktop(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    contents, text = page.locator(".ved-siden").bounding_box(), page.locator("main").bounding_box()
    assert contents["x"] + contents["width"] <= text["x"]
    assert abs(contents["y"] - text["y"]) < 5
    assert not page.locator("details.foldet").is_visible()


def test_contents_stay_while_the_text_scrolls(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'; scrollTo(0, 3000)")
    box = page.locator(".ved-siden").bounding_box()
    assert 0 <= box["y"] < DESKTOP[1] / 2


def test_contents_fold_on_a_phone_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit(PHONE, java_script_enabled=False)
    first = page.locator("details.foldet a").first
    assert not page.locator(".ved-siden").is_visible()
    assert not first.is_visible()
    page.locator("details.foldet summary").click()
    assert first.is_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_all_text_has_contrast(size: tuple[int, int], visit: Callable[..., Any]) -> None:
    result = visit(size).evaluate(CONTRAST)
    assert result["seen"] > 100
    assert result["faults"] == []


def test_a_line_holds_65_to_75_characters(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    characters = page.evaluate("""() => {
      const paragraphs = [...document.querySelectorAll('main p')].map(p => p.textContent);
      const p = document.querySelector('main > p');
      p.textContent = paragraphs.join(' ');
      return p.textContent.length / (p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight));
    }""")
    assert 65 <= characters <= 75


def test_the_first_key_press_offers_to_skip_to_the_text(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.keyboard.press("Tab")
    box = page.locator(".spring").bounding_box()
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "hovedindhold"


def test_a_wide_table_scrolls_by_keyboard_in_its_own_box(visit: Callable[..., Any]) -> None:
    page = visit(PHONE)
    box = page.locator("#tbl-fidelitet .rulle")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('#tbl-fidelitet .rulle').scrollLeft > 0")


def test_cards_stand_in_a_row_on_a_desktop_and_stack_on_a_phone(visit: Callable[..., Any]) -> None:
    tops = [
        {round(card.bounding_box()["y"]) for card in visit(size).locator(".noegletal li").all()}
        for size in (DESKTOP, PHONE)
    ]
    assert [len(found) for found in tops] == [1, 3]


def test_the_packages_typeface_is_used(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length") >= 3


def test_paper_shows_the_report_without_contents_and_links_to_skip(visit: Callable[..., Any]) -> None:
    page = visit(DESKTOP)
    page.emulate_media(media="print")
    assert not page.locator(".ved-siden").is_visible()
    assert not page.locator(".foldet").is_visible()
    assert page.locator("main h2").first.is_visible()
