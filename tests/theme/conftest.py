"""The sample document, which uses the whole vocabulary, as PDF and as page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from theme_pages import SAMPLE, Pdf, compile_typst, pandoc, read_pdf

from reportlib.engine.fonts import font_css
from reportlib.engine.html import self_contained


@pytest.fixture(scope="session")
def make_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pdf]:
    def make(markdown: str) -> Pdf:
        folder = tmp_path_factory.mktemp("pdf")
        return read_pdf(compile_typst(pandoc(markdown, "typst", folder), folder))

    return make


@pytest.fixture(scope="session")
def make_html(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    def make(markdown: str) -> str:
        folder = tmp_path_factory.mktemp("html")
        page = pandoc(markdown, "html", folder)
        return self_contained(page, folder=folder, fonts=font_css).decode()

    return make


@pytest.fixture(scope="session")
def sample_pdf(make_pdf: Callable[[str], Pdf]) -> Pdf:
    return make_pdf(SAMPLE)


@pytest.fixture(scope="session")
def sample_html(make_html: Callable[[str], str]) -> str:
    return make_html(SAMPLE)
