"""The links from one version of a report to its sisters, the same report for the other municipalities, and to its other
files: the PDF and the numbers."""

from __future__ import annotations

import html
from collections.abc import Sequence

from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.provenance import ACCOUNT

LIBRARY = "../index.html"
"""The library page, seen from a report."""


def sister_links(sisters: Sequence[tuple[str, str]], slug: str) -> str:
    """A folded list of links, as HTML; empty when there are no sisters.

    `sisters` are name and slug of every version, this one (`slug`) among them. All are named, made or not, so that a
    page is the same bytes whatever else was made with it.
    """
    if len(sisters) < 2:
        return ""
    items = "\n".join(_item(name, other, current=other == slug) for name, other in sisters)
    return (
        '<details class="soestre">\n<summary>Andre udgaver af rapporten</summary>\n'
        f'<nav aria-label="Andre udgaver af rapporten">\n<ul>\n{items}\n</ul>\n'
        f'<p><a href="{LIBRARY}">Alle rapporter</a></p>\n</nav>\n</details>'
    )


def file_links(slug: str) -> str:
    """A list of links to the report's other files, as HTML; named whether made or not, for the same reason.

    What a batch makes only when asked is not named: the library page links what is there.
    """
    return (
        '<ul class="filer">\n'
        f'<li><a href="{slug}.pdf">Rapporten som PDF</a></li>\n'
        f'<li><a href="{slug}{ACCOUNT}">Alle tal med kilder (JSON)</a></li>\n'
        f'<li><a href="{LIBRARY}">Word, regneark og andre udgaver, hvor de er lavet</a></li>\n</ul>'
    )


def _item(name: str, slug: str, *, current: bool) -> str:
    shown = "Samlet rapport" if name == WHOLE_TRIAL else html.escape(name)
    if current:
        return f'<li aria-current="page">{shown}</li>'
    return f'<li><a href="{slug}.html">{shown}</a></li>'
