"""What every command answers in the project of two small trials, and what every file that it writes holds.

The commands run one after the other in one folder, as somebody would who begins there; what they print is kept as it
is, the files as shapes (`golden_shapes`).
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import yaml
from command_line import run
from golden_shapes import Place, masked, of_bytes, of_json, shape
from golden_trials import REPOSITORY

COMMANDS = """\
list
list --json
show survival
analyse lod
analyse fremgang --json
render lod --format pdf,html,docx --xlsx --dry-run
render lod --format pdf,html,docx --xlsx --verbose --workers 0
render fremgang --json --workers 0
render lod fremgang --workers 0
render fremgang --kommune Øst --format html --workers 0
render lod --kommune Byen
check _output
check _output/lod/alle.html --json
check reports/lod.qmd reports/fremgang.qmd
verify _output/fremgang/alle.tal.json --json
keys lod --csv
keys fremgang job
export lod --ard --crate
export fremgang --ard
jobeffekter lod
order lod
order fremgang
init ny --theme
new et-nyt --title "Et nyt" --commissioner Os --evaluator Dem --design randomised --sites Nord,Syd \
--first 2024-01-01 --last 2024-03-01 --until 2024-12-31 --sources dream,timer,sager,survey
new to-nye --title "To nye" --commissioner Os --evaluator Dem --design quasi_experiment --sites Nord,Syd,Øst,Vest \
--first 2024-01-01 --last 2024-03-01 --until 2024-12-31 --sources dream,survey
new tre-nye --title "Tre nye" --commissioner Os --evaluator Dem --design before_after --sites Nord,Syd \
--first 2024-01-01 --last 2024-03-01 --until 2024-12-31 --sources timer,sager
new fire-nye --title "Fire nye" --commissioner Os --evaluator Dem --design status --sites Nord,Syd \
--first 2024-01-01 --last 2024-03-01 --until 2024-12-31 --sources sager,survey
new lod2 --from lod --title Igen
new --list
synthetic lod --persons 40 --effect 1.5 --seed 2 --out made
synthetic fremgang --persons 40 --out made
synthetic lod
synthetic et-nyt --persons 20
order et-nyt
analyse nej
render nej
keys nej
order nej --out nowhere
synthetic nej
jobeffekter fremgang
export lod
check nowhere README.md
check data/lod/p.csv
verify nowhere
diff nowhere _output/lod/ledger.json
diff _output/lod/alle.docx _output/lod/ledger.json
render lod --format odt
render lod --parameter kort
render lod fremgang --ledger _output/lod/ledger.json
new lod --title Igen
new "Ikke godt" --title Igen
new et-til --title Igen --commissioner Os --evaluator Dem --design lod --sites Nord --first 2024-01-01
new et-til --title Igen --commissioner Os --evaluator Dem --design status --sites Nord,Nord --first 1/2/24
new et-til --title Igen --commissioner Os --evaluator Dem --design status --sites Nord,Syd --first 2024-01-01 \
--last 2024-03-01 --until 2024-12-31 --sources ""
new et-til --title Igen --commissioner Os --evaluator Dem --design status --sites Nord,Syd --first 2024-01-01 \
--last 2023-03-01 --until 2024-12-31 --sources sager
"""
LATER = """\
analyse lod --out later --against _output/lod/ledger.json
diff _output/lod/ledger.json later/lod/ledger.json --html later/diff.html
diff _output/lod/ledger.json later/lod/ledger.json --json
diff _output/lod/alle.docx _output/lod/alle.docx
diff _output/lod/ledger.json _output/lod/alle.tal.json
diff _output/lod/alle.tal.json _output/fremgang/alle.tal.json --html later/trials.html
render lod --dry-run --workers 0
check _output/lod/alle.html
"""
"""After half of those who work in a later week were said not to."""
WRONG_DOCUMENT = """
Der var 17 i alt, og 12,5 pct. af dem.

`{python} r["nej"]` og `{python} r.heltal("nej")` og `{python} r.tal("job.forskel.uge99")`

```{python}
#| output: asis
r.vis(figures.two_panel, "job", id="fig-igen")
print(r.vis(effects.lasting, "nej"))
print(r.vis(tables.at_week, ["job"], 99, id="tbl-igen"))
```

Se @fig-findes-ikke.
"""
WRONG_SETTINGS: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("titel",), "Igen"),
    (("sites", "own"), {"effort": ["nej"], "week": 99}),
    (("sites", "names"), ["Nord", "NORD"]),
    (("period", "last"), "2019-01-01"),
    (("follow_up", "weeks"), 0),
    (("follow_up", "last_day"), "2020-01-10"),
    (("design", "kind"), "lod"),
    (("groups", "comparison", "id"), "deltager"),
    (("extracts", "casework", "last_day"), "2019-01-01"),
    (("extracts", "surveys", "borgere", "items"), {"mentor": "Mentorens støtte"}),
    (("extracts", "weekly"), {}),
    (("measures", 0, "source"), "nej"),
    (("measures", 1, "from", "events"), ["nej"]),
    (("measures", 3, "from", "low"), 11),
    (("measures", 3, "from", "high"), 5),
    (("elements", 0, "components", 0, "measure"), "nej"),
    (("elements", 0, "components", 0, "target", "yellow"), 99),
    (("facts", "uge", "unit"), "uger"),
    (("facts", "uge", "source"), "nej"),
    (("analyses", 0, "columns"), ["nej"]),
    (("analyses", 1, "range_from"), 40),
    (("analyses", 2, "week"), 99),
    (("analyses", 2, "adjust_for"), ["nej"]),
    (("analyses", 3, "measure"), "mentor"),
    (("analyses", 5, "measures"), ["job"]),
)
"""Where in a copy of trial.yml which wrong value is put, one at a time; `analyse` says what is wrong with it."""
MADE = ("made", "data/et-nyt", "data/to-nye", "data/tre-nye", "data/fire-nye", "data/lod2", "reports", "later", "ny")
PAGES = ("_output/index.html", "_output/tilgaengelighed.html")
SYNTHETIC_PERSONS = 20
_WIDTH = "400"  # columns: no line is broken where a path of this machine is longer
_VERSION = re.compile(r"\b\d+\.\d+\.\d+\b")
_NOW = 1000.0  # seconds, of a clock that stands still: whatever is said to have taken time took none


def answers() -> Iterator[str]:
    """What the commands print, in the folder of the project, which is the working folder."""
    with mock.patch.dict(os.environ, COLUMNS=_WIDTH), mock.patch("time.perf_counter", return_value=_NOW):
        yield from _answered(COMMANDS)
        for name in PAGES:
            yield name
            yield from _page(Path(name))
        weeks = Path("data/lod/w.csv")
        rows = weeks.read_text(encoding="utf-8").splitlines()
        fewer = (row.replace(";1;1;1", ";1;1;0") if at % 4 else row for at, row in enumerate(rows))
        weeks.write_text("\n".join(fewer) + "\n", encoding="utf-8")
        yield from _answered(LATER)
        document, file = Path("reports/lod2.qmd"), Path("data/lod2/trial.yml")
        document.write_text(document.read_text(encoding="utf-8") + WRONG_DOCUMENT, encoding="utf-8")
        for extract in Path("data/lod").glob("*.csv"):
            shutil.copy(extract, file.parent)
        yield from _answered("check reports/lod2.qmd")
        right = file.read_text(encoding="utf-8")
        for place, value in WRONG_SETTINGS:
            changed = yaml.safe_load(right)
            *parts, last = place
            within = changed
            for part in parts:
                within = within[part]
            within[last] = value
            file.write_text(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False), encoding="utf-8")
            yield f"{place} = {value}"
            yield from _answered("analyse lod2")
        file.write_text(right, encoding="utf-8")


def _answered(commands: str) -> Iterator[str]:
    here = str(Path.cwd())
    for line in commands.splitlines():
        ended = run(shlex.split(line))
        yield f"$ {line}"
        for text in (ended.out, ended.error):
            told = re.sub(r" {2,}", "  ", masked(text.replace(here, ".")))
            yield from filter(None, map(str.rstrip, told.splitlines()))
        yield f"{'=' * 20} {ended.status}"


class _Words(HTMLParser):
    """What a page says: its texts, and what stands in the attributes that a reader meets."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("style", "script")
        met = [f"{name}={value}" for name, value in attrs if name in ("href", "title", "lang", "aria-label", "scope")]
        self.said += [f"<{tag} {' '.join(met)}>"] if met else []

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        self.said += [] if self.silent or not data.strip() else [" ".join(data.split())]


def _page(path: Path) -> Iterator[str]:
    words = _Words()
    words.feed(_VERSION.sub("#", masked(path.read_text(encoding="utf-8"))))
    yield from words.said


def files_of(folder: Path) -> Iterator[str]:
    """The shape of every file below the folder, but for what is kept between renders and what tells its own place."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder.parent).as_posix()
        if ".cache" not in path.parts and "docs" not in path.parts and "_theme" not in path.parts:
            yield name
            yield from (f"  {line}" for line in shape(_places(path)))


def _places(path: Path) -> Iterator[Place]:
    """What a file holds that no other golden text tells: of a table its columns, of Markdown its lines as one mark."""
    match path.suffix:
        case ".csv" | ".parquet" | ".dta":
            table = _table(path)
            for column in table.columns:
                yield from ((re.sub(r"\d+$", "*", str(column)), value) for value in table[column])
        case ".yml":
            yield from of_json(yaml.safe_load(path.read_text(encoding="utf-8")))
        case ".json" | ".html" | ".docx" | ".xlsx":
            yield from of_bytes(path.name, path.read_bytes())
        case ".qmd" | ".md" | ".txt":
            yield from (("line", line) for line in path.read_text(encoding="utf-8").splitlines())


def _table(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
        return pd.DataFrame(rows[1:], columns=rows[0]).apply(_numbers)
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_stata(path, convert_categoricals=False)
    return table.astype(object).apply(lambda column: column.map(_plain))


def _numbers(column: pd.Series) -> pd.Series:
    """The column as numbers, if all of it is."""
    try:
        return column.astype(float).astype(object)
    except ValueError:
        return column


def _plain(value: object) -> object:
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, int | float | str) else str(value)


def made_up(trial: str, folder: Path) -> Iterator[str]:
    """The shapes of extracts made up for one of the five trials, with few persons."""
    with contextlib.chdir(REPOSITORY):
        ended = run(["synthetic", trial, "--persons", SYNTHETIC_PERSONS, "--out", folder])
    assert ended.status == 0, ended.error
    (folder / trial / "trial.yml").unlink()  # a copy of the one that it is made up from
    return files_of(folder / trial)
