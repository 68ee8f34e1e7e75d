"""What each part of the catalogue writes in a real report: from running the documents of `reports/` on their ledgers.

`PYTHONPATH=tests/support:tools python tools/catalogue_examples.py` renews tools/catalogue_examples.json (two minutes),
which `catalogue_page.py` puts into docs/catalogue.md, and the pictures of docs/catalogue/. A test asks for some of the
examples anew.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from functools import partial
from inspect import signature
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from PIL import Image
from whole_ledgers import ROOT

import reportlib.analysis.run as run
from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.catalogue import part
from reportlib.document import Report
from reportlib.engine.fonts import typst_folder
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.prose.findings import result_row
from reportlib.registers.read import read_trial
from reportlib.show.part import Chart
from reportlib.show.pictures import figure_bytes
from reportlib.show.pipe_table import Table
from reportlib.trial import load_trial
from reportlib.trial.base import with_inert_words
from reportlib.trial.model import traced_settings

KEPT = Path(__file__).with_suffix(".json")
PICTURES = ROOT / "docs" / "catalogue"
ALSO = {
    "jobfirst": """
r.skriv("figures.balance", id="fig-balance")
r.skriv("tables.at_week", ["ordinaere-timer-andel", "ordinaere-timer"], 35, id="tbl-uge")
r.skriv("summary.own_lines", ["sammenhaengende"], week=35)
r.skriv("implementation.element_conclusion", r.trial.elements[0].id)
r.skriv("implementation.far_from_target")
r.skriv("implementation.reached")
r.skriv("findings.answer")
r.skriv("findings.headline")
r.skriv("findings.own_headline")
r.skriv("uncertainty.table", id="tbl-usikkerhed")
""",
    "jobgaranti": 'r.skriv("tables.benchmark", id="tbl-pejlemaerke")',
    "paa-rette-vej": 'r.skriv("compared.spread", "glad", by="praktik")',
    "udvikling-i-fleksjob": 'r.skriv("survival.method")',
}
"""What the documents do not ask themselves; their trials' ledgers answer it all the same."""
_INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}$", re.MULTILINE)
_CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`\{python\} (r\.i_linjen\(.*?\))`")
_SENTENCE = re.compile(r"(?<=[.:?])\s+(?=[A-ZÆØÅ*])")
_PPI, _COLOURS = 110, 48
_MOST = 4  # kinds of analysis: a part that reads more reads what there is


def report_of(path: Path, ledger: Ledger, kommune: str) -> Report:
    """The report of a trial.yml as its document opens it."""
    return Report(with_inert_words(traced_settings(load_trial(path))), ledger, kommune)


def made(report: Report, name: str, given: tuple[Any, ...], options: dict[str, Any]) -> str | Chart | Table:
    """What the part gives: a record of a figure or table, or a text."""
    options = {key: value for key, value in options.items() if key not in ("id", "caption", "explained", "folded")}
    if "site" in signature(part(name)).parameters:
        options["site"] = report.site
    if "tested" in signature(part(name)).parameters and report.trial.planned is not None:
        planned = report.trial.planned.results
        options["tested"] = [result_row(report.ledger, report.trial, result).key for result in planned]
    return part(name)(report.ledger, report.trial, *given, **options)  # type: ignore[no-any-return]


def picture(chart: Chart) -> bytes:
    """The figure as a small PNG with the theme's letters, which a page that shows an SVG would not have."""
    with TemporaryDirectory() as folder:
        Path(folder, "figure.svg").write_bytes(figure_bytes(chart.plan, chart.draw, kept=False))
        page = Path(folder, "page.typ")
        page.write_text('#set page(width: auto, height: auto, margin: 6pt)\n#image("figure.svg")', encoding="utf-8")
        fonts = [str(typst_folder())]
        png = typst.compile(page, format="png", ppi=_PPI, font_paths=fonts, ignore_system_fonts=True)
    Image.open(BytesIO(png)).convert("RGB").quantize(_COLOURS).save(small := BytesIO(), format="png", optimize=True)
    return small.getvalue()


def example(shown: str | Chart | Table) -> str:
    """The caption of a figure or table, or the first sentence of a text, as a reader reads it."""
    return told(shown.caption if isinstance(shown, Chart | Table) else shown)


def told(text: str) -> str:
    """Plain words: without the marks of Markdown, of numbers' origins and of boxes."""
    plain = re.sub(r"«[^»]*»", "", str(text))
    plain = re.sub(r"^(:::.*|#+ .*)$|[\ue000-\uf8ff]|\{[.#][^}]*\}", " ", plain, flags=re.MULTILINE)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain).replace("**", "").replace("*", "").replace("\u00a0", " ")
    plain = re.sub(r"^\s*(- |\d+\. )", "", plain.strip())
    first = _SENTENCE.split(" ".join(plain.split()))[0]
    return first if len(first) <= 220 else first[:217].rsplit(" ", 1)[0] + " …"


def plain(given: Any) -> Any:
    """What a document gives a part, as JSON keeps it: without where numbers come from."""
    if isinstance(given, list | tuple):
        return [plain(one) for one in given]
    if isinstance(given, dict):
        return {key: plain(one) for key, one in given.items()}
    return given if isinstance(given, str | bool | None) else given.isoformat() if isinstance(given, date) else +given


def kinds_of_keys(trial_id: str) -> tuple[Report, dict[str, set[str]]]:
    """The whole trial's report, and for each key of its ledger the kinds of analysis that add it."""
    path = ROOT / "data" / trial_id / "trial.yml"
    added_by: dict[str, set[str]] = defaultdict(set)

    def noted(kind: str, runner: Any) -> Any:
        def wrapped(spec: Any, context: Any) -> None:
            before = set(context.ledger._rows)
            runner(spec, context)
            for key in set(context.ledger._rows) - before:
                added_by[key].add(kind)

        return wrapped

    usual = dict(run.RUNNERS)
    run.RUNNERS.update({kind: noted(kind, runner) for kind, runner in usual.items()})
    try:
        trial = load_trial(path)
        ledger = analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))[1]
    finally:
        run.RUNNERS.update(usual)
    return report_of(path, ledger, "Alle"), added_by


def _keep(
    found: dict[str, dict[str, Any]],
    versions: list[Report],
    added_by: dict[str, set[str]],
    name: Any,
    *given: Any,
    **options: Any,
) -> None:
    """Keep what a part writes the first time that a document asks for it, in the first version that gets something."""
    if not isinstance(name, str) or name == "forside" or name in found:
        return
    for version in versions:
        version.ledger._rows.clear()
        try:
            shown = made(version, name, given, options)
        except (ReportlibError, TypeError, KeyError, AttributeError):  # some are only of a site
            continue
        says = example(shown)
        read = set().union(*(added_by.get(row.key, set()) for row in version.ledger._rows.values()))
        if isinstance(shown, Chart):
            (PICTURES / f"{name.removeprefix('figures.')}.png").write_bytes(picture(shown))
        if says or version is versions[-1]:
            found[name] = {
                "trial": version.trial.id,
                "site": version.site,
                "given": [plain(one) for one in given],
                "options": {key: plain(one) for key, one in options.items()},
                "says": says,
                "needs": sorted(read) if len(read) <= _MOST else [],
            }
            return


def examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "reports").glob("*.qmd")):
        report, added_by = kinds_of_keys(path.stem)
        versions = [report, Report(trial=report.trial, ledger=report.ledger, kommune=report.trial.sites.names[0])]

        skriv = partial(_keep, found, versions, added_by)
        text = path.read_text(encoding="utf-8")
        while include := _INCLUDE.search(text):
            text = text.replace(include[0], (path.parent / include[1]).read_text(encoding="utf-8"))
        for method in ("skriv", "i_linjen"):
            object.__setattr__(report, method, skriv)
        names: dict[str, Any] = {"kommune": "Alle"}
        for cell in [*_CELL.findall(text), *_INLINE.findall(text), ALSO.get(path.stem, "")]:
            lines = [line for line in cell.splitlines() if "aabn(" not in line and "import aabn" not in line]
            names["r"] = report
            try:
                exec("\n".join(lines), names)
            except Exception as error:
                print(path.stem, repr(error)[:100])
        print(path.stem, len(found), flush=True)
    return dict(sorted(found.items()))


if __name__ == "__main__":
    KEPT.write_text(json.dumps(examples(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
