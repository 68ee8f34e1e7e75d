"""What each part of the catalogue writes in a real report: from running the documents of `reports/` on their ledgers.

`PYTHONPATH=tests/support:tools python tools/catalogue_examples.py` renews tools/catalogue_examples.json (two minutes),
which `catalogue_page.py` puts into docs/catalogue.md. A test asks for some of the examples anew.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

from whole_ledgers import ROOT

import reportlib.analysis.run as run
from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.catalogue import part
from reportlib.document import Report
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.registers.read import read_trial
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.trial import load_trial
from reportlib.trial.base import with_inert_words
from reportlib.trial.model import traced_settings

KEPT = Path(__file__).with_suffix(".json")
_INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}$", re.MULTILINE)
_CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`\{python\} (r\.i_linjen\(.*?\))`")
_SENTENCE = re.compile(r"(?<=[.:?])\s+(?=[A-ZÆØÅ*])")
_MOST = 4  # kinds of analysis: a part that reads more reads what there is


def report_of(path: Path, ledger: Ledger, kommune: str) -> Report:
    """The report of a trial.yml as its document opens it."""
    return Report(with_inert_words(traced_settings(load_trial(path))), ledger, kommune)


def example(report: Report, name: str, given: tuple[Any, ...], options: dict[str, Any]) -> str:
    """The caption of a figure or table, or the first sentence of a text, as a reader reads it."""
    options = {key: value for key, value in options.items() if key not in ("id", "caption", "explained", "folded")}
    if "site" in signature(part(name)).parameters:
        options["site"] = report.site
    made = part(name)(report.ledger, report.trial, *given, **options)
    return told(made.caption if isinstance(made, Chart | Table) else made)


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
    made: dict[str, set[str]] = defaultdict(set)

    def noted(kind: str, runner: Any) -> Any:
        def wrapped(spec: Any, context: Any) -> None:
            before = set(context.ledger._rows)
            runner(spec, context)
            for key in set(context.ledger._rows) - before:
                made[key].add(kind)

        return wrapped

    usual = dict(run.RUNNERS)
    run.RUNNERS.update({kind: noted(kind, runner) for kind, runner in usual.items()})
    try:
        trial = load_trial(path)
        ledger = analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))[1]
    finally:
        run.RUNNERS.update(usual)
    return report_of(path, ledger, "Alle"), made


def _keep(
    found: dict[str, dict[str, Any]],
    versions: list[Report],
    made: dict[str, set[str]],
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
            says = example(version, name, given, options)
        except (ReportlibError, TypeError, KeyError):
            return
        read = set().union(*(made.get(row.key, set()) for row in version.ledger._rows.values()))
        if says:
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
        report, made = kinds_of_keys(path.stem)
        versions = [report, Report(trial=report.trial, ledger=report.ledger, kommune=report.trial.sites.names[0])]

        skriv = partial(_keep, found, versions, made)
        text = path.read_text(encoding="utf-8")
        while include := _INCLUDE.search(text):
            text = text.replace(include[0], (path.parent / include[1]).read_text(encoding="utf-8"))
        for method in ("skriv", "i_linjen"):
            object.__setattr__(report, method, skriv)
        names: dict[str, Any] = {"kommune": "Alle"}
        for cell in [*_CELL.findall(text), *_INLINE.findall(text)]:
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
