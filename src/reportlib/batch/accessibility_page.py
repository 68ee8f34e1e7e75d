"""The page that a commissioner asks for with a report: what of STAR's list each PDF fulfils, and how that was tried.

`_output/tilgaengelighed.html` lies beside the library page and is made of the finished files. Each PDF's tags are
counted; the whole trial's is also tried by an independent checker, which takes longer (`reportlib check` tries any).
What was found is kept by the file's hash: the worker that made a report reads it, the page only what nobody has read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportlib.batch.cache import AccessRecord, Cache, ReportRecord
from reportlib.batch.library_page import colours_of, environment, reports_of
from reportlib.danish import number_text
from reportlib.engine.typst_pdf import STANDARDS, compiler_version
from reportlib.engine.wall import check_page, with_policy
from reportlib.files.own_files import package_version
from reportlib.files.whole import write_whole
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.accessibility import Accessibility, accessibility, check_standards
from reportlib.trial.project import Project

NAME = "tilgaengelighed.html"
_TEMPLATE = "accessibility.html.j2"
_TEXT, _GRAPHIC = 4.5, 3.0
"""The least contrasts of WCAG 2.1, AA."""
_TEXTS = (
    ("paper", "ink"), ("paper", "muted"), ("paper", "teal"), ("paper", "orange"), ("paper", "navy"),
    ("teal-pale", "ink"), ("orange-pale", "ink"), ("paper", "groen"), ("paper", "gul"), ("paper", "roed"),
    ("paper", "graa"),
)  # fmt: skip
_GRAPHICS = ("deltager", "kontrol", "neutral", "series-3", "series-4", "groen", "gul", "roed", "graa", "rule")


@dataclass(frozen=True)
class Demand:
    """A point of the list: what is asked, how it was tried, what was found, and whether that is enough."""

    asked: str
    tried: str
    found: str
    met: bool


@dataclass(frozen=True)
class Row:
    """A report: its trial and name, what was counted in its PDF, and what the checker found (None: not tried)."""

    trial: str
    name: str
    href: str
    counted: Accessibility
    failures: Mapping[str, int]


def write_accessibility_page(project: Project, out_dir: Path) -> Path | None:
    """Write the page of the PDFs in `out_dir`; None when there are none. A page that would not change is left.

    Raises:
        OSError
    """
    rows = tuple(_rows(project, out_dir))
    if not rows:
        return None
    path = out_dir / NAME
    content = render_page(rows, colours_of(project)).encode("utf-8")
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
    return path


def render_page(rows: tuple[Row, ...], colours: Mapping[str, str]) -> str:
    """The page as HTML.

    Raises:
        UnsafePageError
    """
    demands = tuple(demands_of(rows, colours))
    page = with_policy(environment().get_template(_TEMPLATE).render(rows=rows, demands=demands, colours=colours))
    check_page(page, name=NAME)
    return page


def _rows(project: Project, out_dir: Path) -> Iterator[Row]:
    cache = Cache(out_dir)
    for trial, name, record in reports_of(project, out_dir):
        if (known := access_of(cache, record, name)) is None:
            continue
        shown = "Samlet rapport" if name == WHOLE_TRIAL else name
        href = f"{record.trial}/{record.slug}.pdf"
        yield Row(trial.title, shown, href, known.counted, dict(sorted(known.failures.items())))


def access_of(cache: Cache, record: ReportRecord, name: str) -> AccessRecord | None:
    """What is known of the PDF of a report, read now where nobody has; None where there is no PDF."""
    file = next((one for one in record.files if one.name == f"{record.slug}.pdf"), None)
    path = cache.out_dir / record.trial / f"{record.slug}.pdf"
    if file is None or not path.is_file():
        return None
    known = cache.access(record.trial, record.slug, file.sha256)
    if known is None:
        counted = accessibility(path)
        # the checker takes long: a municipality's version is of the whole trial's template
        tried = counted.claims if name == WHOLE_TRIAL else ()
        failures = {claim: len(list(check_standards(path, [claim]))) for claim in tried}
        known = AccessRecord(file.sha256, counted, failures)
        cache.keep_access(record.trial, record.slug, known)
    return known


def demands_of(rows: tuple[Row, ...], colours: Mapping[str, str]) -> Iterator[Demand]:
    """The points of the list, over all reports."""
    counted = [row.counted for row in rows]

    def total(name: str) -> int:
        return sum(int(getattr(one, name)) for one in counted)

    def of(part: str, whole: str, words: str) -> tuple[str, bool]:
        return f"{number_text(total(part))} af {number_text(total(whole))} {words}", total(part) == total(whole)

    def without(name: str, words: str) -> tuple[str, bool]:
        return f"{number_text(total(name))} {words}", total(name) == 0

    def named(name: str, words: str) -> tuple[str, bool]:
        having = sum(bool(getattr(one, name).strip()) for one in counted)
        return f"{number_text(having)} af {number_text(len(rows))} filer {words}", having == len(rows)

    tags = "Mærkerne i hver færdig PDF er læst og talt"
    skipped, no_skips = without("levels_skipped", "spring i niveauer")
    yield Demand(
        "Struktur og overskrifter", tags, f"{number_text(total('headings'))} overskrifter, {skipped}", no_skips
    )
    yield Demand("Tabellers kolonneoverskrifter", tags, *of("tables_with_column_heads", "tables", "tabeller"))
    yield Demand("Tabellers rækkeoverskrifter", tags, *without("bare_rows", "rækker uden overskrift"))
    yield Demand("Tabellers beskrivende resume", tags, *of("tables_summarised", "tables", "tabeller"))
    yield Demand(
        "Læserækkefølge", tags, *without("pages_otherwise", "sider, der er sat i en anden orden, end de læses")
    )
    yield Demand("Alternative tekster til figurer", tags, *of("figures_described", "figures", "figurer"))
    yield Demand("Sprog", "Filens egne oplysninger er læst", *named("language", "siger deres sprog"))
    yield Demand("Titel", "Filens egne oplysninger er læst", *named("title", "har en titel"))
    yield Demand("Forfatter", "Filens egne oplysninger er læst", *named("author", "har en forfatter"))
    yield from _contrasts(colours)
    names = [f"PDF/{name.partition('-')[0].upper()}-{name.partition('-')[2]}" for name in STANDARDS]
    standards = " og ".join(names)
    claiming = sum(set(names) <= set(one.claims) for one in counted)
    yield Demand(
        f"{standards}, ved fremstillingen",
        f"Filen siger, at den følger dem. Typst {compiler_version()} skriver det kun, hvor det ikke har fundet brud; "
        "derefter er tabellernes mærker og talregnskabet føjet til",
        f"{number_text(claiming)} af {number_text(len(rows))} filer",
        claiming == len(rows),
    )
    tried = [row for row in rows if row.failures]
    failures = sum(sum(row.failures.values()) for row in tried)
    yield Demand(
        f"{standards}, prøvet af et andet program",
        f"page-validation {package_version('page-validation')}, på den samlede rapport for hver undersøgelse",
        f"{number_text(len(tried))} filer, {number_text(failures)} brud" if tried else "Ikke prøvet",
        bool(tried) and failures == 0,
    )


def _contrasts(colours: Mapping[str, str]) -> Iterator[Demand]:
    text = [contrast(colours[a], colours[b]) for a, b in _TEXTS if a in colours and b in colours]
    graphic = [contrast(colours["paper"], colours[one]) for one in _GRAPHICS if one in colours and "paper" in colours]
    tried = "Regnet ud af temaets farver (WCAG 2.1)"
    drawn = f"{tried}: streger, tegn og kanter. Lyse flader er ikke med; ved dem står en kant, et tal eller en note"
    for asked, how, found, least in (
        ("Kontrast i tekst", tried, text, _TEXT),
        ("Kontrast i figurer", drawn, graphic, _GRAPHIC),
    ):
        if found:
            told = f"Mindst {number_text(int(min(found) * 10) / 10, 1)}:1; kravet er {number_text(least, 1)}:1"
            yield Demand(asked, how, told, min(found) >= least)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (`#RRGGBB`), from 1 to 21: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
