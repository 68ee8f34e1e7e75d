"""A reservation stands once, in trial.yml; chapters print it, and the summary cannot leave it out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from batch_project import make_project, paragraph_of

from reportlib.analysis.run import compute_ledger
from reportlib.document import Report, UnknownReservationError
from reportlib.engine.qmd import read_document
from reportlib.engine.sources import check_document
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.numbers.breaks import Kind
from reportlib.numbers.collect import bare
from reportlib.show import table_cells as cells
from reportlib.show.pipe_table import Table
from reportlib.text.inert import inert
from reportlib.trial.model import Trial
from reportlib.trial.project import Project

FACT = {"value": 8, "unit": "weeks", "label": "Grænsen", "source": "register"}
FIRST = "Grænsen ved {graense-uge} er valgt bagefter."
SECOND = "Grupperne er ikke *ens*."


def make(tmp_path: Path, **reservations: str) -> Project:
    project = make_project(tmp_path / "projekt")
    path = project.trial_folder("lille") / "trial.yml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["facts"] = {"graense-uge": FACT}
    values["reservations"] = reservations
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return project


def report(project: Project) -> tuple[Report, Ledger]:
    trial = project.trial("lille")
    ledger = compute_ledger(project, trial)
    return Report(trial=trial, ledger=ledger, kommune="Alle"), ledger


def test_a_reservation_prints_its_facts_and_nothing_it_holds_is_markup(tmp_path: Path) -> None:
    opened, _ = report(make(tmp_path, graense=FIRST, ens=SECOND))
    assert bare(opened.forbehold("graense")) == "Grænsen ved 8\xa0uger er valgt bagefter."
    assert opened.forbehold("ens") == inert("Grupperne er ikke *ens*.")


def test_the_summary_counts_and_prints_them_all(tmp_path: Path) -> None:
    opened, _ = report(make(tmp_path, graense=FIRST, ens=SECOND))
    assert bare(opened.alle_forbehold).startswith("To forbehold hører med. Grænsen ved 8\xa0uger er valgt")


def test_an_unknown_reservation_names_the_nearest(tmp_path: Path) -> None:
    opened, _ = report(make(tmp_path, graense=FIRST))
    with pytest.raises(UnknownReservationError, match="graense"):
        opened.forbehold("graensen")


def test_a_reservation_with_a_fact_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    project = make(tmp_path, graense="Grænsen ved {graense-uger} er valgt bagefter.")
    with pytest.raises(ReportlibError, match="reservation graense: unknown fact 'graense-uger'"):
        project.trial("lille")


@pytest.mark.parametrize(("paragraph", "found"), [("Intet.\n", True), ("`{python} r.alle_forbehold`\n", False)])
def test_a_summary_without_the_reservations_is_reported(tmp_path: Path, paragraph: str, found: bool) -> None:
    project = make(tmp_path, graense=FIRST)
    paragraph_of(project).write_text(paragraph, encoding="utf-8")
    document = read_document(project.document("lille"))
    breaks = check_document(document, trial=project.trial("lille"), ledger=None)
    assert any(told.kind is Kind.MISSING and "reservations" in told.message for told in breaks) is found


def test_a_week_in_a_caption_leads_back_to_the_fact_it_is_and_another_week_does_not(tmp_path: Path) -> None:
    def part(ledger: Ledger, trial: Trial, *, site: str | None) -> Table:
        return Table(caption="", head="Mål", columns=["Andel"], rows=[["Job", cells.number(12)]])

    found, _ = report(make(tmp_path, graense=FIRST))
    block = found.vis(part, id="tbl-x", caption="Andel i uge 8 og i uge 80")
    assert ': Andel i uge [8]{.tal key="fakta:graense-uge"} og i uge 80 {#tbl-x}' in block
