"""The palette: enough contrast for text and graphics, and distinguishable without full colour vision."""

from __future__ import annotations

import itertools
import json
import re

import numpy as np
import pytest
from theme_pages import THEME

COLOURS: dict[str, str] = json.loads((THEME / "colours.json").read_text(encoding="utf-8"))
DARK_GROUNDS = ("dark-paper", "dark-teal-pale", "dark-orange-pale", "dark-cover", "dark-card", "dark-line", "dark-rule")
TEXT_ON = {
    "paper": ["ink", "muted", "navy", "teal", "orange", "deltager", "kontrol", "neutral", "series-3", "groen", "gul",
              "roed", "graa"],
    "teal-pale": ["ink", "teal", "navy"],
    "orange-pale": ["ink", "orange"],
    "dark-paper": [name for name in COLOURS if name.startswith("dark-") and name not in DARK_GROUNDS],
    "dark-teal-pale": ["dark-ink", "dark-teal", "dark-navy"], "dark-orange-pale": ["dark-ink", "dark-orange"],
    "dark-card": ["white"], "dark-cover": ["white"],
    "groen-pale": ["groen"], "gul-pale": ["gul"], "roed-pale": ["roed"], "graa-pale": ["graa", "ink"],
}  # fmt: skip
# Viénot, Brettel and Mollon (1999), linear RGB.
DICHROMACY = {
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def linear(name: str) -> np.ndarray:
    value = COLOURS[name]
    rgb = np.array([int(value[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    low, high = sorted(float(linear(name) @ [0.2126, 0.7152, 0.0722]) for name in (first, second))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = matrix @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(("ground", "text"), [(ground, text) for ground, texts in TEXT_ON.items() for text in texts])
def test_text_colours_have_a_contrast_of_4_5(ground: str, text: str) -> None:
    assert contrast(ground, text) >= 4.5


@pytest.mark.parametrize("name", ["deltager", "kontrol", "neutral", "series-3", "series-4", "rule"])
def test_graphic_colours_have_a_contrast_of_3(name: str) -> None:
    assert contrast("paper", name) >= 3


def test_white_on_the_cover_and_on_box_titles_has_a_contrast_of_4_5() -> None:
    assert min(contrast("paper", "navy"), contrast("paper", "teal")) >= 4.5


@pytest.mark.parametrize("kind", DICHROMACY)
def test_the_two_groups_differ_for_colour_blind_readers(kind: str) -> None:
    first, second = (lab(np.array(DICHROMACY[kind]) @ linear(name)) for name in ("deltager", "kontrol"))
    assert np.linalg.norm(first - second) > 25


def test_series_colours_differ() -> None:
    names = ("deltager", "kontrol", "series-3", "series-4")
    assert all(np.linalg.norm(lab(linear(a)) - lab(linear(b))) > 25 for a, b in itertools.combinations(names, 2))


def test_no_other_file_of_the_theme_defines_a_colour() -> None:
    for name in ("report.css", "typst-template.typ", "html-template.html", "boks.lua", "forside.lua", "indhold.lua"):
        source = (THEME / name).read_text(encoding="utf-8")
        assert not re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[;\s,)])", source), name
