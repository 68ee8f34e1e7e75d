"""A finished figure as a stranger reads it: its texts where they stand, its panels, its scales, its marks and lines.

Nothing of the library is used: the SVG is parsed, widths come from the typeface's own file, and a scale is what the
numbers on an axis say.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import font_source_sans_pro
import numpy as np
from fontTools.ttLib import TTFont

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@cache
def advances(weight: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    name = "SourceSansProSemibold" if weight == "600" else "SourceSansPro"
    font = TTFont(font_source_sans_pro.font_files_otf[name])
    return font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box, by: float) -> bool:
        """Whether two boxes share more than `by` points each way."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > by and high > by

    def within(self, other: Box, slack: float) -> bool:
        return (
            self.left >= other.left - slack and self.top >= other.top - slack
            and self.right <= other.right + slack and self.bottom <= other.bottom + slack
        )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A text: what it says, where, in which colour, and what its numbers come from (`key` or `kind:ref`)."""

    text: str
    x: float
    y: float
    box: Box
    colour: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A path: its points, its colours (a pattern as fill is `hatched`), its clip (empty outside panels), and how wide
    and dashed its stroke is."""

    points: tuple[tuple[float, float], ...]
    stroke: str
    fill: str
    clip: str
    wide: float
    dash: str
    hatched: bool

    @property
    def box(self) -> Box:
        across, down = zip(*self.points, strict=True)
        return Box(min(across), min(down), max(across), max(down))


class Drawing:
    """A figure's SVG."""

    def __init__(self, svg: str) -> None:
        root = ET.fromstring(svg)
        width, height = (float(number) for number in root.attrib["viewBox"].split()[2:])
        self.page = Box(0, 0, width, height)
        self.texts = [words(node) for node in root.iter(f"{SVG}text") if "".join(node.itertext()).strip()]
        self.empty_texts = [node for node in root.iter(f"{SVG}text") if not "".join(node.itertext()).strip()]
        self.marks = [(float(node.attrib["x"]), float(node.attrib["y"])) for node in root.iter(f"{SVG}use")]
        self.panels: dict[str, Box] = {}
        for clip in root.iter(f"{SVG}clipPath"):
            for rect in clip.iter(f"{SVG}rect"):
                x, y, w, h = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
                self.panels[clip.attrib["id"]] = Box(x, y, x + w, y + h)
        shapes = {node.attrib["id"]: node.attrib["d"] for node in root.iter(f"{SVG}path") if "id" in node.attrib}
        uses = list(root.iter(f"{SVG}use"))
        self.looks = {(style_of(node).get("fill", ""), shapes[node.attrib[HREF][1:]]) for node in uses}
        defined = {node for one in root.iter(f"{SVG}defs") for node in one.iter(f"{SVG}path")}  # marks and hatches
        grounds = {
            f"url(#{pattern.attrib['id']})": style_of(pattern.find(f"{SVG}rect") or pattern[0]).get("fill", "")
            for pattern in root.iter(f"{SVG}pattern")
        }
        self.lines = [line(node, grounds) for node in root.iter(f"{SVG}path") if node not in defined]

    def distinct_panels(self) -> list[Box]:
        return list(dict.fromkeys(self.panels.values()))

    def axis(self, panel: Box, way: str) -> tuple[float, float] | None:
        """Slope and start of the scale of a panel (`x` below it, `y` left of it), from the numbers on the axis."""
        ticks = []
        for one in self.texts:
            if any(source.startswith("akse:") for source in one.sources):
                number = one.text.replace(".", "").replace(",", ".").replace("\u2212", "-").replace("\u00a0", "")
                if not NUMBER.fullmatch(number):
                    continue  # `jan. 2018`
                value = float(number)
                below = panel.bottom < one.box.bottom < panel.bottom + 20 and panel.left - 3 <= one.x <= panel.right + 3
                left = panel.left - 60 < one.x <= panel.left and panel.top - 4 <= one.y - 3 <= panel.bottom + 4
                if way == "x" and below:
                    ticks.append((one.x, value))
                elif way == "y" and left and not below:
                    ticks.append((one.y - 2.81, value))
        if len(ticks) < 2:
            return None
        places, values = np.array(sorted(ticks)).T
        slope, start = np.polyfit(values, places, 1)
        assert np.abs(places - (slope * values + start)).max() < 0.5, "the numbers of an axis are not evenly spaced"
        assert slope > 0 if way == "x" else slope < 0, "an axis runs backwards"
        return float(slope), float(start)


def words(node: ET.Element) -> Words:
    style = dict(part.split(": ", 1) for part in node.attrib["style"].split("; ") if ": " in part)
    size, text = float(style["font-size"].removesuffix("px")), "".join(node.itertext())
    cmap, metrics, em = advances(style.get("font-weight", "400"))
    width = sum(metrics[cmap.get(ord(sign), "space")][0] for sign in text) * size / em
    x, y = float(node.attrib["x"]), float(node.attrib["y"])
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[style.get("text-anchor", "start")]
    tal = node.attrib.get("data-tal", "")
    sources = tuple(part.split(" @ ", 1)[1] for part in tal.split(" ;; ")) if tal else ()
    return Words(text, x, y, Box(left, y - 0.66 * size, left + width, y + 0.2 * size), style.get("fill", ""), sources)


def line(node: ET.Element, grounds: dict[str, str]) -> Line:
    """The path; `grounds` are the colours under the hatches."""
    style = style_of(node)
    numbers = [float(number) for number in NUMBER.findall(node.attrib["d"])]
    return Line(
        points=tuple(zip(numbers[::2], numbers[1::2], strict=True)),
        stroke=style.get("stroke", ""),
        fill=grounds.get(style.get("fill", ""), style.get("fill", "")),
        clip=node.attrib.get("clip-path", "").removeprefix("url(#").removesuffix(")"),
        wide=float(style.get("stroke-width", "1")),
        dash=style.get("stroke-dasharray", ""),
        hatched=style.get("fill", "") in grounds,
    )


def style_of(node: ET.Element) -> dict[str, str]:
    return dict(part.split(": ", 1) for part in node.attrib.get("style", "").split("; ") if ": " in part)


def lightness(colour: str) -> float:
    """CIE L* of `#rrggbb`: what is left of a colour in black and white, 0 to 100."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance)


FAR_ENOUGH = 15.0
"""How far two greys lie apart to be told from one another where they touch."""


def faults_in_grey(drawing: Drawing) -> list[str]:
    """What can only be told apart by its colour: fills that touch, a panel's curves, and marks of one shape."""
    faults = []
    filled = [one for one in drawing.lines if one.clip and len(one.points) >= 4 and one.fill not in ("none", "")]
    for one, two in combinations(filled, 2):
        a, b = one.box, two.box
        gap = max(a.left, b.left) - min(a.right, b.right)
        level = abs(a.bottom - b.bottom) < 0.5 and min(a.bottom - a.top, b.bottom - b.top) > 2
        touching = level and -0.1 <= gap < 6 and one.fill != two.fill and one.hatched == two.hatched
        if touching and abs(lightness(one.fill) - lightness(two.fill)) < FAR_ENOUGH:
            faults.append(f"{one.fill} beside {two.fill}")
    for panel in drawing.distinct_panels():
        dashes = defaultdict(set)
        for one in drawing.lines:
            curve = len(one.points) > 2 and one.fill in ("none", "") and one.wide > 1.3
            if curve and drawing.panels.get(one.clip) == panel:
                dashes[one.stroke].add(one.dash)
        faults += [
            f"the curves {one} and {two} are dashed alike"
            for one, two in combinations(dashes, 2)
            if not dashes[one] ^ dashes[two]
        ]
    for (one, shape), (two, other) in combinations(drawing.looks, 2):
        if shape == other and one != two and abs(lightness(one) - lightness(two)) < FAR_ENOUGH:
            faults.append(f"the marks {one} and {two} have one shape")
    return faults


def layout_faults(drawing: Drawing) -> list[str]:
    """What lies outside the page, over something else, or says nothing."""
    faults = [
        f"{one.text!r} leaves the page" for one in drawing.texts if not one.box.within(drawing.page, 1.5)
    ]  # without kerning
    faults += [
        f"{one.text!r} stands over {other.text!r}"
        for one, other in combinations(drawing.texts, 2)
        if one.box.overlap(other.box, 0.9)
    ]
    faults += ["an empty text" for _ in drawing.empty_texts]
    panels = drawing.distinct_panels()
    faults += ["a panel leaves the page" for panel in panels if not panel.within(drawing.page, 0.1)]
    faults += ["a panel lies over another" for one, other in combinations(panels, 2) if one.overlap(other, 0.5)]
    for one in drawing.lines:
        if not one.clip and any(not Box(x, y, x, y).within(drawing.page, 0.1) for x, y in one.points):
            faults.append("a line leaves the page")
    for x, y in drawing.marks:
        if not Box(x, y, x, y).within(drawing.page, -1.0):
            faults.append("a mark leaves the page")
    return faults


def curves(drawing: Drawing, panel: Box) -> dict[str, list[tuple[float, float]]]:
    """Colour -> the points of the curves drawn in a panel, from left to right."""
    clips = {name for name, box in drawing.panels.items() if box == panel}
    found: dict[str, set[tuple[float, float]]] = defaultdict(set)
    for one in drawing.lines:
        if one.clip in clips and one.stroke and one.fill in ("none", ""):
            found[one.stroke] |= set(one.points)
    return {colour: sorted(points) for colour, points in found.items()}
