"""Names of places as they come: each is printed as it is written, in both formats, or refused with its place."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml
from batch_project import add_trial, make_project

from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.errors import ReportlibError
from reportlib.numbers.finished import read_report
from reportlib.trial.project import Project, UnprintableCharacterError

NAMES = (
    "Pp ::: {.content-hidden} :::",
    "Ny\N{NO-BREAK SPACE}by",
    "\"Citat\" 'by'",
    "A/B",
    "-Nord",
    "=SUM(A1)",
    "{{< meta title >}}",
    "# Overskrift",
)


def project_with(tmp_path: Path, names: tuple[str, ...]) -> Project:
    project = make_project(tmp_path / "projekt")
    add_trial(project.root, "anden", sites=names)
    return project


def test_every_name_makes_its_report_in_both_formats(tmp_path: Path) -> None:
    project = project_with(tmp_path, NAMES)
    plan = make_plan(project, BatchRequest(trials=("anden",), municipalities=("alle-kommuner",)))
    result = run_plan(plan, Options(workers=0))
    assert [outcome.failure for outcome in result.outcomes] == [None] * len(NAMES)
    for report in plan.reports:
        files = plan.targets(report)
        page = html.unescape(re.sub(r"<[^>]*>", "", files["html"].read_text(encoding="utf-8")))
        assert f"for {report.kommune}." in page
        pdf = " ".join(block.text for block in read_report(files["pdf"]).blocks)
        assert " ".join(report.kommune.split()) in " ".join(pdf.split())


def test_a_character_the_typeface_does_not_have_is_named_with_its_place(tmp_path: Path) -> None:
    project = project_with(tmp_path, ("Nord", "Syd \N{HOUSE BUILDING}"))
    with pytest.raises(UnprintableCharacterError, match=r"sites\.names\.1: .* has U\+1F3E0"):
        project.trial("anden")
    assert project.trial("lille").id == "lille"


@pytest.mark.parametrize("sign", ["\x1b", "\u202e", "\u2066", "\U000f003c"], ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_nobody_can_see_is_refused_with_its_place(tmp_path: Path, sign: str) -> None:
    project = project_with(tmp_path, ("Nord", "Syd"))
    path = project.trial_folder("anden") / "trial.yml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["groups"]["treated"]["label"] = f"gruppen{sign}"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    with pytest.raises(ReportlibError, match=rf"groups\.treated\.label: .*U\+{ord(sign):04X}"):
        project.trial("anden")
