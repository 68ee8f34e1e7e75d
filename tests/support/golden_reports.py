"""Reports as plain texts: what a reader reads, and how it is built.

Of the small trials of `golden_trials` everything, of the five trials the page and the figures. `make golden` writes
them anew to `tests/golden_reports/`, and what changed is reviewed as a diff:

- `TRIAL.page.txt` and `TRIAL.pdf.txt` (of one also `TRIAL.word.txt`): the text in reading order, a block a line, with
  its role (and its page);
- `TRIAL.tables.txt`: each table of the page, cell by cell, with what spans and what is a heading;
- `TRIAL.figures.txt`: each figure: its size, its texts and where they stand, and how many shapes of which look;
- `TRIAL.files.txt`: each file written, as a shape (`golden_shapes`); of the five trials the page's elements, the
  account, the results as data, the records for Jobeffekter.dk, the order, and extracts made up with few persons;
- `answers.txt` and `answers.files.txt`: what every command prints, and the other files it writes;
- `TRIAL.site.txt`, of the five trials: what one municipality's page and figures say that the whole trial's do not;
- `TRIAL.ledger.txt`, of the five trials and those of tests/trials: for each measure and statistic how many rows there
  are, how many are hidden, the digits of each field added up without signs, and what is said of unit, method and
  groups.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from golden_answers import MADE, answers, files_of, made_up
from golden_shapes import of_json, of_page, shape
from golden_trials import make_project
from whole_ledgers import ROOT, ledgers
from whole_ledgers import TRIALS as LEDGERS

from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.verify import job_of, render
from reportlib.engine.render import RenderJob
from reportlib.exchange.data_order import data_order
from reportlib.exchange.results_data import as_dataset_json, bank_records, results
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.blocks import Reading
from reportlib.numbers.finished import account_beside, read_report
from reportlib.trial.project import Project, find_project

FOLDER = Path(__file__).parents[1] / "golden_reports"
TRIALS = ("lod", "fremgang")
WITH_WORD = "lod"
FIVE = tuple(path.parent.name for path in sorted((ROOT / "data").glob("*/trial.yml")))
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_BEHIND_FIGURES = re.compile(r'<details class="figurdata">.*?</details>', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_STEP = 5
"""Places in figures are told to the nearest so many units: less is not seen."""


def golden_texts(folder: Path) -> dict[str, str]:
    """Name -> content of every golden file, from reports rendered in a folder that does not yet exist."""
    make_project(folder)
    texts: dict[str, str] = {}
    with contextlib.chdir(folder):
        texts["answers.txt"] = _lines(answers())
        texts["answers.files.txt"] = _lines(line for name in MADE for line in files_of(Path(name)))
    for trial in TRIALS:
        made = folder / "_output" / trial
        page = (made / "alle.html").read_text(encoding="utf-8")
        for name in ("html", "pdf", "docx") if trial == WITH_WORD else ("html", "pdf"):
            kind = {"html": "page", "docx": "word"}.get(name, name)
            texts[f"{trial}.{kind}.txt"] = _lines(_blocks(read_report(made / f"alle.{name}")))
        texts[f"{trial}.tables.txt"] = _lines(_tables(_BEHIND_FIGURES.sub("", page)))
        texts[f"{trial}.figures.txt"] = _lines(_figures(page))
        texts[f"{trial}.files.txt"] = _lines(files_of(made))
    return texts


def golden_pages(trial: str, folder: Path) -> dict[str, str]:
    """Name -> content of the golden files of one of the five trials, from pages rendered in an empty folder."""
    about, _, released = ledgers(ROOT / "data" / trial / "trial.yml")
    site = about.sites.names[0]
    request = BatchRequest(trials=(trial,), municipalities=(WHOLE_TRIAL, site), formats=("html",))
    pages, files = [], list(made_up(trial, folder / "made"))
    for job in _rendered(find_project(ROOT), released, request, folder):
        page = job.targets["html"].read_text(encoding="utf-8")
        pages.append((_lines(_blocks(read_report(job.targets["html"]))), _lines(_figures(page))))
        files += [job.targets["html"].name, *(f"  {line}" for line in shape(of_page(page)))]
        account = account_beside(job.targets["html"])
        files += [account.name, *(f"  {line}" for line in shape(of_json(json.loads(account.read_bytes()))))]
    data = json.loads(as_dataset_json(results(released), released, about))
    files += ["results as data", *(f"  {line}" for line in shape(of_json(data)))]
    for record in bank_records(released, about):
        files += ["record for Jobeffekter.dk", *(f"  {name}: {value}" for name, value in record.items())]
    files += ["order", *data_order(about).splitlines()]
    (whole, figures), (own, own_figures) = pages
    known = {*whole.splitlines(), *figures.splitlines()}
    only = (line for line in [site, *own.splitlines(), "", *own_figures.splitlines()] if line not in known)
    return {
        f"{trial}.page.txt": whole,
        f"{trial}.figures.txt": figures,
        f"{trial}.site.txt": _lines(only),
        f"{trial}.files.txt": _lines(files),
    }


def _rendered(project: Project, ledger: Ledger, request: BatchRequest, folder: Path) -> Iterator[RenderJob]:
    """The reports asked for, made of the ledger below the folder, one by one."""
    ledger.save(folder / "ledger.json")
    request = replace(request, out_dir=folder / "ud", ledger=folder / "ledger.json")
    for report in make_plan(project, request).reports:
        job = job_of(report, project, folder, ledger)
        render(job)
        yield job


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines).replace("\u00a0", "~").replace("\u2011", "~-") + "\n"


def _blocks(reading: Reading) -> Iterator[str]:
    """A heading with a line before it, anything else after its role; no-break spaces are written `~`."""
    page = None
    for line in reading.contents:
        yield f"contents: {line}"
    for block in reading.blocks:
        if block.page != page:
            page = block.page
            yield f"---------- {page}"
        if block.level:
            yield ""
        yield f"{block.role}{f' {block.float}' if block.float else ''}: {block.text}"


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.cell: list[str] | None = None
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.lines += ["", "table"]
        elif tag in ("thead", "tbody", "tfoot", "tr", "caption"):
            self.lines.append(f"  {tag}" if tag != "tr" else "    row")
        if tag in ("td", "th", "caption"):
            wanted = ("scope", "colspan", "rowspan", "style", "class")
            told = " ".join(f"{name}={given[name]}" for name in wanted if given.get(name))
            self.cell = [f"      {tag}{f' [{told}]' if told else ''}: "]
        elif "om" in (given.get("class") or "").split() or self.hidden:
            self.hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption") and self.cell is not None:
            self.lines.append(" ".join("".join(self.cell).rstrip().split("\n")))
            self.cell = None
        elif self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.hidden:
            self.cell.append(data)


def _tables(page: str) -> Iterator[str]:
    reader = _Tables()
    reader.feed(page)
    yield from reader.lines


def _figures(page: str) -> Iterator[str]:
    for number, source in enumerate((one for one in _SVG.findall(page) if "aria-label" in one), 1):
        picture = ElementTree.fromstring(source)
        yield f"figure {number}: {picture.get('viewBox')}"
        shapes: Counter[str] = Counter()
        for element in picture.iter():
            tag = element.tag.rpartition("}")[2]
            if tag == "text":
                yield f"  {_near(element.get('x'))},{_near(element.get('y'))} {element.text}"
            elif tag not in ("svg", "g", "title", "desc", "defs", "clipPath"):
                looks = (f"{name}={element.get(name)}" for name in _LOOKS if element.get(name))
                shapes[" ".join([tag, *looks, *_reach(element.get("d", ""))])] += 1
        yield from (f"  {count} {shape}" for shape, count in sorted(shapes.items()))
        yield ""


_NUMBERS = ("value", "k", "n", "se", "ci_low", "ci_high", "p", "df")
_WORDS = ("unit", "group", "method")
_KINDS = 3
"""So many different units, groups and methods are named, and the rest counted."""


def golden_ledgers() -> dict[str, str]:
    """Name -> content of the golden file of the ledger of each trial, from its extracts."""
    texts = {}
    for path in LEDGERS:
        _, exact, released = ledgers(path)
        hidden = {row.key for row in released if row.suppressed}
        texts[f"{path.parent.name}.ledger.txt"] = _lines(_ledger(exact, hidden))
    return texts


def _ledger(rows: Iterable[Estimate], hidden: set[str]) -> Iterator[str]:
    by_kind: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in rows:
        by_kind[row.measure, row.statistic].append(row)
    for (measure, statistic), found in sorted(by_kind.items()):
        numbers = [f"{len(found)} rows", f"{sum(row.key in hidden for row in found)} hidden"]
        for name in _NUMBERS:
            known = [abs(number) for row in found if (number := getattr(row, name)) is not None]
            if known:
                numbers.append(f"{name} {len(known)}: {sum(known):.6g}")
        yield f"{measure} {statistic}: {', '.join(numbers)}"
        for name in _WORDS:
            counted = Counter(str(getattr(row, name)) for row in found)
            more = f" and {len(counted) - _KINDS} more" * (len(counted) > _KINDS)
            yield f"    {name}: {', '.join(sorted(counted)[:_KINDS])}{more}"


_LOOKS = ("class", "fill", "stroke", "stroke-dasharray", "style")


def _near(place: str | None) -> str:
    return "?" if place is None else str(_STEP * round(float(place) / _STEP))


def _reach(path: str) -> Iterator[str]:
    """From where to where a path goes, across and down; curves lie within the points that make them."""
    points = [float(number) for number in _NUMBER.findall(path)]
    if len(points) > 1 and len(points) % 2 == 0:
        for name, along in (("x", points[::2]), ("y", points[1::2])):
            yield f"{name} {_near(str(min(along)))} to {_near(str(max(along)))}"


def main() -> int:
    """Write the golden files anew, and name those that changed."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        texts = {**golden_ledgers(), **golden_texts(Path(made) / "projekt")}
        for trial in FIVE:
            texts.update(golden_pages(trial, Path(tempfile.mkdtemp(dir=made))))
        for name, text in texts.items():
            path = FOLDER / name
            before = path.read_text(encoding="utf-8") if path.exists() else None
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path.name}: {'unchanged' if text == before else 'new' if before is None else 'changed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
