"""What a finished HTML page of the theme holds."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_pdf import HOSTILE, KOMMUNE, STAMP
from theme_pages import SAMPLE, THEME, cover, pandoc

from reportlib.engine.wall import check_page, scripts_of

SCRIPT = (THEME / "report.js").read_text(encoding="utf-8").strip()
VOID = {"meta", "link", "br", "hr", "img", "input", "col", "path", "circle"}


class Page(HTMLParser):
    """Elements with their attributes, text and the tags they stand in."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str], list[str], tuple[str, ...]]] = []
        self._open: list[int] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = tuple(self.found[index][0] for index in self._open)
        self.found.append((tag, {name: value or "" for name, value in attrs}, [], inside))
        if tag not in VOID:
            self._open.append(len(self.found) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self.found[self._open.pop()][0] == tag:
                return

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.found[index][2].append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            (attrs, " ".join("".join(text).split()))
            for name, attrs, text, _ in self.found
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]

    def meta(self, name: str) -> str | None:
        found = self.all("meta", name=name)
        return found[0][0]["content"] if found else None


@pytest.fixture(scope="module")
def page(sample_html: str) -> Page:
    return Page(sample_html)


def test_language_is_danish(page: Page) -> None:
    assert page.all("html")[0][0]["lang"] == "da"


def test_the_title_is_the_only_first_level_heading(page: Page) -> None:
    assert [text for _, text in page.all("h1")] == ["Prøveforsøget"]


def test_heading_levels_follow_each_other(page: Page) -> None:
    levels = [int(tag[1]) for tag, *_ in page.found if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_identity_is_in_the_head(page: Page) -> None:
    assert page.meta("reportlib-stamp") == STAMP
    assert page.meta("author") == "Evalueringskontoret"
    assert page.meta("keywords") == "beskæftigelse, lodtrækning, jobcentre, Syntetiske data"
    assert str(page.meta("description")).startswith("En prøverapport, der bruger hele ordforrådet.")


def test_page_title_names_report_and_municipality(page: Page) -> None:
    assert page.all("title")[0][1] == f"Prøveforsøget – {KOMMUNE}"


def test_synthetic_data_is_said_at_the_top_and_at_the_foot(page: Page) -> None:
    assert page.meta("reportlib-synthetic") == "true"
    assert page.all("div", class_="syntetisk")[0][1].startswith("Syntetiske data")
    assert "Syntetiske data" in page.all("footer")[0][1]


def test_real_data_is_never_called_synthetic(make_html: Callable[[str], str]) -> None:
    body = Page(make_html(cover() + "# Et\n\nTekst.\n"))
    assert body.meta("reportlib-synthetic") is None
    assert "yntetisk" not in body.all("body")[0][1]


def test_nothing_is_fetched(sample_html: str, page: Page) -> None:
    sources = [attrs for tag, attrs, *_ in page.found if tag in ("link", "script", "iframe", "img")]
    assert sources == [{}]  # the theme's own script, in the page
    assert not re.search(r"url\((?!data:|#)", sample_html)


def test_no_identifier_is_used_twice(page: Page) -> None:
    counts = Counter(attrs["id"] for _, attrs, *_ in page.found if "id" in attrs)
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_link_inside_the_page_arrives(page: Page) -> None:
    names = {attrs["id"] for _, attrs, *_ in page.found if "id" in attrs}
    targets = {attrs["href"][1:] for attrs, _ in page.all("a") if attrs.get("href", "").startswith("#")}
    assert targets - names == set()


def test_both_contents_list_the_same_chapters_with_numbers(page: Page) -> None:
    wide, folded = [text for _, text in page.all("nav")]
    assert wide.removeprefix("Indhold ") == folded
    assert folded == "1 Resume 2 Effekter 2.1 Ordinære timer 3 Fidelitet Bilag"


def test_the_only_script_is_the_themes_own(sample_html: str) -> None:
    assert scripts_of(sample_html) == (SCRIPT,)
    check_page(sample_html, name="a.html", scripts=[SCRIPT])
    assert not re.search(r"<[^>]+\son[a-z]+=", sample_html)


def test_table_headers_have_a_scope(page: Page) -> None:
    scopes = Counter(attrs.get("scope") for attrs, _ in page.all("th"))
    assert scopes == {"col": 4 + 8 + 4, "row": 4 + 5 + 60 - 1, "rowgroup": 1}


def test_a_heading_inside_a_table_takes_the_empty_cells_after_it(page: Page) -> None:
    assert [text for _, text in page.all("th", colspan="5")] == ["Organisering"]
    assert [text for _, text in page.all("tr", class_="gruppe")] == ["Organisering 1 af 1"]


def test_no_table_header_is_empty(page: Page) -> None:
    assert all(text for _, text in page.all("th"))


def test_a_tables_scroll_box_is_named_by_its_caption(page: Page) -> None:
    regions = [attrs for attrs, _ in page.all("div", class_="rulle", role="region", tabindex="0")]
    assert [attrs["aria-label"].replace("\u00a0", " ") for attrs in regions] == [
        "Figur 1: Andel med ordinære timer og forskel mellem grupperne efter uger siden start",
        "Tabel 1: Andel med ordinære timer og virksomhedsforløb",
        "Tabel 2: Status for indsatsens grundelementer",
        "Tabel 3: Andel med ordinære timer uge for uge",
    ]


def test_pictures_have_the_documents_alternative_text(page: Page) -> None:
    pictures = [attrs["aria-label"] for attrs, _ in page.all("svg", role="img")]
    assert pictures == re.findall(r'fig-alt="([^"]+)"', SAMPLE)


def test_a_traffic_light_has_word_and_shape(page: Page) -> None:
    lights = [
        (attrs["class"].split()[1], text)
        for attrs, text in page.all("span")
        if attrs.get("class", "").startswith("lys")
    ]
    assert lights == [("groen", "Grøn"), ("gul", "Gul"), ("roed", "Rød"), ("graa", "Ikke opgjort")]
    shapes = {attrs["d"] if tag == "path" else attrs["r"] for tag, attrs, _, inside in page.found
              if tag in ("path", "circle") and "td" in inside}  # fmt: skip
    assert len(shapes) == 4


def test_a_traceable_number_keeps_its_key(page: Page) -> None:
    assert [attrs["data-key"] for attrs, _ in page.all("span", class_="tal")] == [
        "ordinaere-timer-andel.deltager.uge35", "ordinaere-timer-andel.kontrol.uge35"
    ]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_from_data_prints_as_it_is(value: str, make_html: Callable[[str], str]) -> None:
    source = make_html(cover(kommune=value, title=value, stamp=value, description=value) + "# Et\n\nTekst.\n")
    page = Page(source)
    assert page.all("p", class_="kommune")[0][1] == value
    assert page.all("h1")[0][1] == value
    assert page.all("title")[0][1] == f"{value} – {value}"
    assert page.meta("reportlib-stamp") == page.meta("description") == value
    assert scripts_of(source) == (SCRIPT,)


def test_a_picture_without_alternative_text_stops(make_html: Callable[[str], str]) -> None:
    with pytest.raises(AssertionError, match=r"figs/timer\.svg has no"):
        make_html(cover() + "# Et\n\n![](figs/timer.svg)\n")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Det er 25 pct..", "Det er 25 pct."),
        ("Det er [25 pct.]{.tal key=x}.", "Det er 25 pct."),
        ("Det er *25 pct.*.", "Det er 25 pct."),
        ("Det er 25.", "Det er 25."),
        (r"Det er $25\text{ pct.}$.", "Det er 25 pct."),
        ("Ord.^[En] ^[To]", "Ord.1,2"),
        ("Det er 25 pct. Og mere ...", "Det er 25 pct. Og mere …"),
    ],
)
def test_the_point_of_an_abbreviation_is_the_full_stop(written: str, printed: str, tmp_path: Path) -> None:
    page = re.sub(r"<[^>]+>", "", pandoc(f"# A\n\n{written}\n", "html", tmp_path)).replace("\u00a0", " ")
    assert printed in page
    assert printed + "." not in page
