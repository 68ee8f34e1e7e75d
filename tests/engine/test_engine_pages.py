"""Typst source becomes a standards-conforming PDF, a page becomes one file, a picture becomes part of the page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from reportlib.engine.fonts import font_css, typst_folder
from reportlib.engine.html import FONTS_MARK, NotSelfContainedError, PictureError, inline_svg, self_contained
from reportlib.engine.qmd import Line, Place
from reportlib.engine.typst_pdf import (
    MissingAltTextError,
    ReportDateError,
    TypstFailedError,
    compile_document,
    count_pages,
    report_date,
)

DATE = datetime(2017, 5, 31, tzinfo=UTC)
START = '#set document(title: "T")\n#set text(lang: "da", font: "Source Sans Pro")\n'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'

Picture = Callable[..., Path]


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    def write(content: str, name: str = "a.svg", size: str = 'width="20pt" height="10pt"') -> Path:
        path = tmp_path / "figs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(SVG.format(size, content), encoding="utf-8")
        return path

    return write


def pdf_of(source: str, root: Path, lines: list[Line] | None = None) -> bytes:
    return compile_document(START + source, lines or [], root=root, date=DATE).pdf


def page(body: str, tmp_path: Path, style: str = "") -> str:
    text = f"<!DOCTYPE html><html><head><style>{FONTS_MARK}{style}</style></head><body>{body}</body></html>"
    return self_contained(text, folder=tmp_path, fonts=lambda: "@font-face{}").decode("utf-8")


# ---- PDF


def test_the_pdf_declares_both_standards_and_the_document_s_date(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of("Hej", tmp_path))
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(pdf.docinfo["/CreationDate"]) == "D:20170531000000Z"


def test_only_the_package_s_typeface_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of("Almindelig *fed* _kursiv_ 12 ≥ 3", tmp_path))
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        names = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert names and all("SourceSansPro" in name for name in names)


def test_typst_sees_one_file_for_each_style(tmp_path: Path) -> None:
    assert {path.suffix for path in typst_folder().iterdir()} == {".otf"}


def test_a_kept_compiler_sees_a_changed_picture(tmp_path: Path, picture: Picture) -> None:
    source = '#image("figs/a.svg", alt: "x")'
    picture('<rect width="5" height="5"/>')
    first = pdf_of(source, tmp_path)
    picture('<rect width="9" height="9"/>')
    assert pdf_of(source, tmp_path) != first
    picture('<rect width="5" height="5"/>')
    assert pdf_of(source, tmp_path) == first


def test_pages_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of("A\n#pagebreak()\nB", tmp_path))
    assert count_pages(tmp_path / "a.pdf") == 2


def test_a_picture_without_alternative_text_is_named_with_its_line(tmp_path: Path, picture: Picture) -> None:
    picture("<rect/>")
    lines = [Line("![T](figs/a.svg){#fig-a}", Place(Path("a.qmd"), 7))]
    with pytest.raises(MissingAltTextError, match=r"^a\.qmd:7: .*\(figs/a\.svg, #fig-a\)"):
        pdf_of('#figure(image("figs/a.svg"), caption: [T]) <fig-a>', tmp_path, lines)


def test_a_fault_in_a_body_set_apart_from_its_theme_is_named_with_its_line(tmp_path: Path, picture: Picture) -> None:
    picture("<rect/>")
    lines = [Line("![T](figs/a.svg){#fig-a}", Place(Path("a.qmd"), 7))]
    body = '#figure(image("figs/a.svg"), caption: [T]) <fig-a>'
    with pytest.raises(MissingAltTextError, match=r"^a\.qmd:7: .*\(figs/a\.svg, #fig-a\)"):
        pdf_of(f"\n// reportlib:rapport\n{START}\n// reportlib:krop\n{body}", tmp_path, lines)


def test_a_picture_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    lines = [Line("![T](figs/nej.svg){#fig-a}", Place(Path("a.qmd"), 7))]
    with pytest.raises(TypstFailedError, match=r"^a\.qmd:7: a picture does not exist"):
        pdf_of('#figure(image("figs/nej.svg", alt: "x"), caption: [T]) <fig-a>', tmp_path, lines)


def test_a_typeface_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TypstFailedError, match="unknown font family: findes ikke"):
        pdf_of('#set text(font: "Findes ikke")\nHej', tmp_path)


@pytest.mark.parametrize("text", [None, "", "maj 2017", "2017-13-01"])
def test_a_report_without_a_date_is_refused(text: str | None) -> None:
    with pytest.raises(ReportDateError, match="date"):
        report_date(text)


# ---- HTML


def test_fonts_stand_where_the_template_asks_for_them(tmp_path: Path) -> None:
    assert "<style>@font-face{}" in page("", tmp_path)


def test_the_typeface_is_inside_the_page_and_small() -> None:
    css = font_css()
    assert css.count("data:font/woff;base64,") == 4 and "url(http" not in css
    assert len(css) < 150_000


def test_an_svg_becomes_part_of_the_page_with_its_alternative_text(tmp_path: Path, picture: Picture) -> None:
    picture("<text>Hej</text>")
    html = page('<p><img src="figs/a.svg" alt="Viser &lt;b&gt; &amp; &quot;c&quot;" style="width:50%" /></p>', tmp_path)
    assert "<img" not in html
    assert 'aria-label="Viser &lt;b&gt; &amp; &quot;c&quot;"' in html
    assert 'role="img"' in html and 'style="width:50%"' in html and "<text>Hej</text>" in html


def test_two_pictures_do_not_share_identifiers(tmp_path: Path, picture: Picture) -> None:
    inside = '<defs><clipPath id="c"><rect/></clipPath></defs><g clip-path="url(#c)"><use xlink:href="#c"/></g>'
    picture(inside, "a.svg")
    picture(inside, "b.svg")
    html = page('<img src="figs/a.svg" alt="A"><img src="figs/b.svg" alt="B">', tmp_path)
    identifiers = re.findall(r'id="([^"]+)"', html)
    assert len(identifiers) == 2 == len(set(identifiers))
    for identifier in identifiers:
        assert f"url(#{identifier})" in html and f'href="#{identifier}"' in html


def test_a_photograph_is_embedded(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    assert '<img src="data:image/png;base64,iVBORw==" alt="Logo"' in page('<img src="logo.png" alt="Logo">', tmp_path)


def test_text_and_letters_around_pictures_are_untouched(tmp_path: Path, picture: Picture) -> None:
    picture("<rect/>")
    html = page('<p>æ &amp; ø\n<br>to</p>\n<img src="figs/a.svg" alt="A">\n<p>3 &lt; 4</p>', tmp_path)
    assert "<p>æ &amp; ø\n<br>to</p>\n<svg" in html and "</svg>\n<p>3 &lt; 4</p></body>" in html


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/a.png" alt="">',
        '<img src="//example.org/a.png" alt="">',
        '<script src="a.js"></script>',
        '<link rel="stylesheet" href="a.css">',
        '<iframe src="https://example.org"></iframe>',
        "<SCRIPT SRC='a.js'></SCRIPT>",
        "<p title=it's><img\nsrc=https://example.org/a.png></p>",
        '<img alt="2 > 1" src="https://example.org/a.png">',
        '<!-- 5" --><img alt=5" src=https://example.org/a.png>',
    ],
)
def test_a_page_that_would_fetch_something_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(NotSelfContainedError, match="would fetch"):
        page(body, tmp_path)


def test_a_style_sheet_that_would_fetch_something_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSelfContainedError, match=r"fetches https://example\.org/f\.woff"):
        page("", tmp_path, style="@font-face{src:url('https://example.org/f.woff')}")


def test_a_style_sheet_that_never_ends_is_read_to_the_end(tmp_path: Path) -> None:
    with pytest.raises(NotSelfContainedError, match=r"fetches https://example\.org/f\.css"):
        page('<style>@import "https://example.org/f.css";', tmp_path)


def test_a_tag_ends_at_its_own_end(tmp_path: Path, picture: Picture) -> None:
    picture("<rect/>")
    html = page('<p>a<img alt="2 > 1" src="figs/a.svg">b</p>', tmp_path)
    assert 'aria-label="2 &gt; 1"' in html and "<p>a<svg" in html and "</svg>b</p>" in html


def test_a_picture_met_again_has_its_own_alternative_text_and_content(tmp_path: Path, picture: Picture) -> None:
    picture("<text>Før</text>")
    assert "<text>Før</text>" in page('<img src="figs/a.svg" alt="A">', tmp_path)
    assert 'aria-label="B"' in page('<img src="figs/a.svg" alt="B">', tmp_path)
    picture("<text>Efter</text>")
    assert "<text>Efter</text>" in page('<img src="figs/a.svg" alt="A">', tmp_path)


def test_a_link_a_reader_may_follow_is_allowed(tmp_path: Path) -> None:
    assert '<a href="https://example.org">' in page('<a href="https://example.org">her</a>', tmp_path)


def test_a_picture_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"figs/nej\.svg does not exist"):
        page('<img src="figs/nej.svg" alt="A">', tmp_path)


def test_a_picture_outside_the_document_s_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "ind").mkdir()
    with pytest.raises(PictureError, match="outside"):
        page('<img src="../a.png" alt="A">', tmp_path / "ind")


# ---- SVG


def inlined(path: Path, **attributes: str) -> ET.Element:
    return ET.fromstring(inline_svg(path, alt="A", prefix="b1-", attributes=attributes))


def test_a_rule_for_everything_becomes_the_picture_s_own_style(picture: Picture) -> None:
    root = inlined(picture("<defs><style>*{stroke-linejoin: round}</style></defs><path/>"))
    assert root.get("stroke-linejoin") == "round"
    assert root.find(".//style") is None


def test_other_rules_reach_the_picture_alone(picture: Picture) -> None:
    root = inlined(picture("<style>.a, text{fill: url(#g)}</style><g id='g'/>"))
    assert root.findtext("style") == "#b1-svg .a,#b1-svg text{fill: url(#b1-g)}"
    assert root.get("id") == "b1-svg"


def test_a_picture_without_a_view_box_gets_one_so_that_it_scales(picture: Picture) -> None:
    assert inlined(picture("<rect/>")).get("viewBox") == "0 0 20 10"


def test_metadata_and_editors_attributes_are_left_out(picture: Picture) -> None:
    text = '<metadata xmlns:dc="urn:dc"><dc:date>nu</dc:date></metadata><g xmlns:i="urn:i" i:label="lag"/>'
    assert "nu" not in ET.tostring(inlined(picture(text)), encoding="unicode")
    assert inlined(picture(text)).find("g").attrib == {}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<image xlink:href="https://example.org/a.png"/>',
        '<use xlink:href="https://example.org/a.svg#b"/>',
        "<foreignObject/>",
    ],
)
def test_a_picture_with_a_script_or_an_outside_reference_is_refused(picture: Picture, content: str) -> None:
    with pytest.raises(PictureError):
        inlined(picture(content))


def test_a_picture_that_is_not_svg_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg", encoding="utf-8")
    with pytest.raises(PictureError, match=r"a\.svg cannot be read"):
        inlined(tmp_path / "a.svg")
