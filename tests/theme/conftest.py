"""The sample document, which uses the whole vocabulary, as PDF and as page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the module's page (its fixture `address`) in a window of a size, with a browser context's other options."""
    contexts = []

    def go(size: tuple[int, int] = (1280, 800), **options: Any) -> Any:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()
