"""How full the pages of finished PDFs are: `python tests/support/page_fill.py FOLDER…` prints it for all reports.

A page is as full as its lowest line of text stands deep in the room between head and foot; what is no part of the text
(head, foot, rules) is not counted. The cover and the contents are no body pages.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from reportlib.numbers.read_pdf import page_runs

TOP, BOTTOM = 28 / 25.4 * 72, 26 / 25.4 * 72
"""The theme's margins in points."""


@dataclass(frozen=True)
class Fill:
    """A body page: its file and number, how full it is (0 to 1), and whether it is the document's last."""

    file: Path
    page: int
    share: float
    last: bool


def fills(path: Path) -> list[Fill]:
    """The body pages of a PDF."""
    with pikepdf.open(path) as pdf:
        found = []
        for number, page in enumerate(pdf.pages, 1):
            heights = [run.height for runs in page_runs(page).values() for run in runs]
            high = float(page.mediabox[3])
            lowest = min(heights, default=high - TOP)
            share = (high - TOP - lowest) / (high - TOP - BOTTOM)
            found.append(Fill(path, number, share, number == len(pdf.pages)))
        return found[_first_body_page(pdf) - 1 :]


def _first_body_page(pdf: pikepdf.Pdf) -> int:
    """The page of the first chapter: the second entry of the outline where there are contents."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    with pdf.open_outline() as outline:
        entries = list(outline.root)
    starts = [pages[entry.destination[0].objgen] for entry in entries]
    return next((start for start in starts if start > 2), 3)


def told(found: list[Fill]) -> str:
    """A histogram by tenths, and the pages that are nearly empty."""
    tenths = Counter(min(9, int(max(0.0, fill.share) * 10)) for fill in found)
    lines = [f"{tenth * 10:3}-{tenth * 10 + 10} pct.: {tenths[tenth]:5}" for tenth in range(10)]
    inner = [fill for fill in found if not fill.last]
    half = [fill for fill in found if fill.share < 0.5]
    lines.append(f"{len(found)} body pages; under half {len(half)} ({100 * len(half) / len(found):.1f} pct.),")
    lines.append(f"of them not the last {sum(fill.share < 0.5 for fill in inner)};")
    lines.append(f"not the last and under 15 pct.: {sum(fill.share < 0.15 for fill in inner)}")
    lines += [
        f"  {fill.file.parent.name}/{fill.file.name} p. {fill.page}{' (last)' if fill.last else ''}: {fill.share:.0%}"
        for fill in sorted(half, key=lambda fill: fill.share)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    files = [path for folder in sys.argv[1:] for path in sorted(Path(folder).rglob("*.pdf"))]
    print(told([fill for path in files for fill in fills(path)]))
