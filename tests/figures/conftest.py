"""Shared by the tests of figures: the project's palette and a folder for the pictures."""

from pathlib import Path

import pytest

from reportlib.show.style import Palette, find_palette

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def palette() -> Palette:
    return find_palette(REPOSITORY)
