"""Every figure of four real documents, read as a stranger reads it: nothing overlaps, all is on the page, marks tell
the numbers beside them, curves those of the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from drawings import Drawing, curves, faults_in_grey, layout_faults
from whole_ledgers import ledgers

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.engine.execute import Assembly, execute
from reportlib.engine.qmd import read_document
from reportlib.engine.workspace import open_workspace
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.show.part import show
from reportlib.trial.model import Trial

ROOT = Path(__file__).parents[2]
TRIALS = ("jobfirst", "jobgaranti", "paa-rette-vej", "social-stoette")


@dataclass(frozen=True)
class Call:
    """A figure or table that a document asks for: the part, and what the document gives it."""

    part: Callable[..., object]
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    def on(self, ledger: Ledger, trial: Trial) -> str:
        with TemporaryDirectory() as folder:
            return show(self.part, ledger, trial, *self.args, **{**self.options, "folder": Path(folder)})

    @property
    def measures(self) -> list[str]:
        """The measures that the document names."""
        named = [each for arg in self.args for each in (arg if isinstance(arg, list) else [arg])]
        return [each for each in named if isinstance(each, str)]


@dataclass(frozen=True)
class Made:
    """What a document made: its Markdown and its figures, from a ledger whose small shares are hidden."""

    trial: Trial
    ledger: Ledger
    text: str
    figures: Mapping[str, Drawing]
    calls: Sequence[Call]


def shown(row: Estimate, threshold: int) -> Estimate:
    if row.statistic != "share" or row.k is None or not 0 < row.k < threshold:
        return row
    gone = dict.fromkeys(("value", "k", "n", "se", "ci_low", "ci_high", "p", "df"))
    return replace(row, **gone, suppressed="hidden")  # type: ignore[arg-type]


@cache
def made(name: str) -> Made:
    folder = ROOT / "data" / name
    trial, whole, _ = ledgers(folder / "trial.yml")
    rows = [shown(row, trial.disclosure.threshold) for row in whole]
    ledger = ledger_of(rows, header=whole.header, measures=whole.measures)
    with TemporaryDirectory() as temporary, open_workspace(ROOT / "reports" / f"{name}.qmd", ROOT) as workspace:
        kept = Path(temporary) / "ledger.json"
        ledger.save(kept)
        assembly, calls = Assembly(), []

        def seen(part: Any, *args: Any, **options: Any) -> str:
            if part.__module__.startswith("reportlib.show"):
                calls.append(Call(part, args[2:], options))
            return show(part, *args, **options)

        environment = {"REPORTLIB_LEDGER": str(kept), "REPORTLIB_PROJECT": str(ROOT)}
        with patch("reportlib.document.show", seen):
            execute(
                read_document(workspace.document, root=workspace.root),
                folder=workspace.folder, environment=environment, assembly=assembly,
            )  # fmt: skip
        drawn = {path.stem.rpartition("-")[0]: path for path in sorted(workspace.folder.rglob("figs/*.svg"))}
        figures = {name: Drawing(path.read_text(encoding="utf-8")) for name, path in drawn.items()}
    return Made(trial, ledger, "\n".join(line.text for line in assembly.lines), figures, calls)


@pytest.fixture(params=TRIALS)
def document(request: pytest.FixtureRequest) -> Made:
    return made(request.param)


def test_nothing_overlaps_and_all_is_on_the_page(document: Made) -> None:
    found = {name: faults for name, drawing in document.figures.items() if (faults := layout_faults(drawing))}
    assert found == {} and document.figures


@pytest.mark.parametrize("trial", [*TRIALS, "udvikling-i-fleksjob"])
def test_nothing_is_told_apart_by_its_colour_alone(trial: str) -> None:
    """Printed in black and white: fills that touch, a panel's curves and marks of one shape."""
    found = {name: faults for name, drawing in made(trial).figures.items() if (faults := faults_in_grey(drawing))}
    assert found == {}


def test_every_axis_is_even_and_runs_the_right_way(document: Made) -> None:
    read = 0
    for drawing in document.figures.values():
        for panel in drawing.distinct_panels():
            read += sum(drawing.axis(panel, way) is not None for way in ("x", "y"))
    assert read >= len(document.figures) - 2


ONLY_OF_TRIAL_YML = {"phases", "cost_benefit_prices"}
"""Parts that show no number of the ledger."""


def refused(call: Call, ledger: Ledger, trial: Trial) -> bool:
    try:
        call.on(ledger, trial)
    except ReportlibError as error:
        return bool(str(error))
    return False


def test_no_part_is_drawn_from_a_ledger_that_lacks_its_rows(document: Made) -> None:
    made, empty = document.ledger, ledger_of([], header=document.ledger.header, measures=document.ledger.measures)
    drawn = [call.part.__name__ for call in document.calls if not refused(call, empty, document.trial)]
    for call in document.calls:
        for measure in call.measures:
            rows = [row for row in made if row.measure != measure]
            if len(rows) < len(made):
                without = ledger_of(rows, header=made.header, measures=made.measures)
                if not refused(call, without, document.trial):
                    drawn.append(f"{call.part.__name__} without {measure}")
    assert len(document.calls) > 5 and set(drawn) <= ONLY_OF_TRIAL_YML


def rows_of(words_sources: tuple[str, ...], ledger: Ledger) -> list[Estimate]:
    found = (ledger.get(source) for source in words_sources if "#" not in source and not source.startswith("akse:"))
    return [row for row in found if row is not None and row.value is not None]


def test_a_mark_stands_where_the_number_in_its_row_says(document: Made) -> None:
    read = 0
    for name, drawing in document.figures.items():
        panels = drawing.distinct_panels()
        scale = drawing.axis(panels[0], "x") if len(panels) == 1 else None
        if scale is None or not drawing.marks:
            continue
        slope, start = scale
        for one in drawing.texts:
            for row in rows_of(one.sources, document.ledger):
                here = [x for x, y in drawing.marks if abs(y - (one.y - 3)) < 2.5]
                if here and row.unit.value in ("pct", "score", "pct_point", "hours_per_week", "hours"):
                    wanted = start + slope * row.number
                    assert any(abs(x - wanted) < 0.7 for x in here), (name, one.text, row.key)
                    read += 1
                    ends = [
                        p for path in drawing.lines if path.clip for p in path.points if abs(p[1] - one.y + 3) < 2.5
                    ]
                    low, high = sorted(x for x, _ in ends) if len(ends) == 2 else (0.0, 0.0)
                    if row.ci_low is not None and low < high and (low, high) != (panels[0].left, here[0]):
                        assert abs(low - max(panels[0].left, start + slope * row.ci_low)) < 1 or low == here[0], row.key
                        assert abs(high - min(panels[0].right, start + slope * (row.ci_high or 0))) < 1 or high in here
    assert read > 3 or not any(drawing.marks for drawing in document.figures.values())


def test_a_curve_is_that_of_the_group_whose_name_has_its_colour(document: Made) -> None:
    """Level figures: each curve's name stands in its colour, and every point of it is the ledger's."""
    groups = {group.label.lower(): group.id for group in document.trial.all_groups}
    sources = set(re.findall(r'key="([\w-]+)\.', document.text)) | set(document.ledger.measures)
    read = 0
    for name, drawing in document.figures.items():
        for panel in drawing.distinct_panels():
            across, up = drawing.axis(panel, "x"), drawing.axis(panel, "y")
            named = [one for one in drawing.texts if one.text.lower() in groups and one.box.within(panel, 2)]
            if across is None or up is None or not named:
                continue
            drawn = curves(drawing, panel)
            for one in named:
                points = drawn.get(one.colour)
                assert points, (name, one.text)
                weeks = [(x - across[1]) / across[0] for x, _ in points]
                if any(abs(week - round(week)) > 0.1 for week in weeks):
                    continue  # steps
                values = {round(week): (y - up[1]) / up[0] for week, (_, y) in zip(weeks, points, strict=True)}
                group = groups[one.text.lower()]
                agreeing = [
                    measure
                    for measure in sources
                    if all(
                        (row := document.ledger.get(f"{measure}.{group}.uge{week}")) is not None
                        and row.value is not None
                        and abs(row.number - value) * abs(up[0]) < 0.8
                        for week, value in values.items()
                    )
                ]
                assert agreeing, (name, one.text, sorted(values.items())[:5])
                read += 1
    assert read or document.trial.id in ("jobgaranti", "social-stoette")


def test_every_figure_is_in_the_text_with_words_for_those_who_cannot_see_it(document: Made) -> None:
    for name in document.figures:
        found = re.search(rf"!\[(.*)\]\(\S*figs/{name}-\w+\.svg\)(\{{.*\}})", document.text)
        assert found is not None, name
        alternative = re.search(r'fig-alt="([^"]*)"', found[2])
        assert len(found[1]) > 10 and alternative is not None and len(alternative[1]) > 40, name


def test_every_table_has_its_caption_and_a_heading_over_every_column(document: Made) -> None:
    lines = document.text.splitlines()
    heads = [at for at, text in enumerate(lines) if re.fullmatch(r"[|:\- ]+", text) and "---" in text and at]
    assert heads
    for at in heads:
        cells = [cell.strip() for cell in lines[at - 1].strip().strip("|").split("|")]
        assert all(cells[1:]), lines[at - 1]
        after = [text for text in lines[at:] if not text.startswith("|")][:4]
        assert any(text.startswith((": ", "Table:")) and len(text) > 10 for text in after), lines[at - 1]
