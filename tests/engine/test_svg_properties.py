"""What a style attribute says of a picture is said by the attributes SVG has for it, property by property."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from reportlib.engine.html import inline_svg

# From the list of presentation attributes in SVG 1.1, appendix N, and SVG 2 (paint-order, vector-effect); with a value.
LISTED = """
clip-path:url(#a) clip-rule:evenodd color:red direction:rtl dominant-baseline:middle fill:red fill-opacity:0.5
fill-rule:evenodd font-family:serif font-size:9px font-stretch:condensed font-style:italic font-variant:small-caps
font-weight:600 letter-spacing:1px marker-end:url(#m) marker-mid:url(#m) marker-start:url(#m) mask:url(#m) opacity:0.5
paint-order:stroke shape-rendering:crispEdges stop-color:red stop-opacity:0.5 stroke:red stroke-dasharray:2,1
stroke-dashoffset:1 stroke-linecap:round stroke-linejoin:round stroke-miterlimit:3 stroke-opacity:0.5 stroke-width:2
text-anchor:end text-decoration:underline text-rendering:optimizeLegibility unicode-bidi:embed
vector-effect:non-scaling-stroke visibility:hidden word-spacing:1px
"""


@pytest.mark.parametrize("property", LISTED.split(), ids=lambda text: text.split(":")[0])
def test_a_property_becomes_the_attribute_of_its_name(tmp_path: Path, property: str) -> None:  # noqa: A002
    name, value = property.split(":", 1)
    picture = tmp_path / "a.svg"
    picture.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text style="{name}: {value}">a</text></svg>'
    )
    root = ET.fromstring(inline_svg(picture, alt="Et billede", prefix="f1-", attributes={}))
    [text] = root.iter("text")
    assert text.get(name) == value.replace("#", "#f1-") and "style" not in text.attrib
    assert (root.get("role"), root.get("aria-label"), root.get("focusable")) == ("img", "Et billede", "false")
