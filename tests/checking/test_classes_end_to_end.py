"""The classes of error planted where they arise (data, trial.yml, ledger, document) and met in the finished page.

A whole small project is rendered with each error in it; it is refused by name, or `check` tells of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from batch_project import PERSONS, make_project, paragraph_of

from reportlib.analysis.run import compute_ledger
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.verify import job_of, render
from reportlib.errors import ReportlibError
from reportlib.ledger import LedgerFileError
from reportlib.ledger.file import load_ledger
from reportlib.numbers.breaks import FileCheck, Kind
from reportlib.numbers.finished import check_file
from reportlib.trial.project import Project

pytestmark = pytest.mark.slow

KEY = "job.deltager.uge5"
OTHER = {
    "id": "job-anden",
    "label": "I job",
    "unit": "pct",
    "definition": "I job mindst en dag i ugen",
    "source": "register",
    "from": {"kind": "weekly", "extract": "job"},
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make_project(tmp_path / "projekt")
    document = made.document("lille")
    text = document.read_text(encoding="utf-8")
    assert "`{python} udgave`" in text
    document.write_text(text.replace("udgave `{python} udgave` for ", "udgaven for "), encoding="utf-8")
    return made


def edit_trial(project: Project, change: Callable[[dict[str, Any]], None]) -> None:
    path = project.trial_folder("lille") / "trial.yml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")


def write(project: Project, text: str) -> None:
    paragraph_of(project).write_text(text, encoding="utf-8")


def ledger_of(project: Project) -> dict[str, Any]:
    """The ledger as the JSON it is kept in."""
    path = project.root / "ledger.json"
    compute_ledger(project, project.trial("lille")).save(path)
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def checked(project: Project, ledger: dict[str, Any] | None = None, kind: str = "html") -> FileCheck:
    """The project's page or PDF, rendered and read."""
    path = project.root / "ledger.json"
    path.write_text(json.dumps(ledger or ledger_of(project)), encoding="utf-8")
    made = load_ledger(path)
    request = BatchRequest(formats=(kind,), out_dir=project.out_dir, ledger=path)
    job = job_of(make_plan(project, request).reports[0], project, project.root, made)
    render(job)
    return check_file(job.targets[kind])


def set_row(ledger: dict[str, Any], key: str, **values: Any) -> dict[str, Any]:
    place = ledger["columns"]["key"].index(key)
    for name, value in values.items():
        ledger["columns"][name][place] = value
    return ledger


def told(result: FileCheck, kind: Kind, words: str) -> bool:
    return any(found.kind is kind and words in found.message for found in result.breaks)


def test_the_project_itself_is_clean(project: Project) -> None:
    result = checked(project)
    assert result.breaks == () and result.share == 100.0 and result.numbers > 0


def test_1_a_summary_typed_beside_the_ledger_s_number_is_reported(project: Project) -> None:
    write(project, f"Andelen er 34 pct. Den er `{{python}} r['{KEY}']`.\n")
    assert told(checked(project), Kind.UNTRACED, "34 is typed")


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_1_small_signs_formulas_notes_code_and_pictures_are_read_as_they_print(project: Project, kind: str) -> None:
    text = (
        f"Af 10^2^ l H~2~O er `{{python}} r['{KEY}']`.^[En 3^4^.]^[Ja.] Se @eq-a, hvor $x_{{15}} = 6 \\cdot 2$.\n\n"
        '$$\ny = 3{,}5 + \\mathbb{1}\\{8\\}\n$$ {#eq-a alt="y er 3,5"}\n\n'
        '::: {.boks title="Kode"}\n```\nx = 35\n```\n:::\n\n'
        "Det er $x = \\begin{cases} 51 & \\text{hvis 52.} \\\\ y & \\text{i 53 pct.} \\end{cases}$.\n\n"
        '![En tekst over\nto linjer](b.svg){#fig-b\nfig-alt="Grøn" width=40%}\n\nSe @fig-b.\n'
    )
    (project.root / "reports" / "b.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M 0 0 L 9 9" /></svg>', encoding="utf-8"
    )
    write(project, text)
    result = checked(project, kind=kind)
    assert {found.kind for found in result.breaks} == {Kind.UNTRACED}
    typed = [found.message.split(" ")[0] for found in result.breaks]
    assert sorted(typed) == sorted(["102", "34", "6", "2", "3,5", "8", "52", "53"])


def test_2_a_share_that_is_not_its_k_of_n_is_refused(project: Project) -> None:
    with pytest.raises(LedgerFileError, match=r"77\.0"):
        checked(project, set_row(ledger_of(project), KEY, value=77.0))


def test_3_more_than_there_are_is_refused(project: Project) -> None:
    ledger = ledger_of(project)
    n = ledger["columns"]["n"][ledger["columns"]["key"].index(KEY)]
    with pytest.raises(LedgerFileError, match=f"k = {n + 3} is not among n = {n}"):
        checked(project, set_row(ledger, KEY, k=n + 3))


def test_3_somebody_outside_the_trial_is_in_neither_number(project: Project) -> None:
    before = checked(project)
    weekly = project.trial_folder("lille") / "w.csv"
    weekly.write_text(weekly.read_text(encoding="utf-8") + "FREMMED" + ";1" * 10 + "\n", encoding="utf-8")
    ledger = ledger_of(project)
    place = ledger["columns"]["key"].index(KEY)
    assert ledger["columns"]["k"][place] <= ledger["columns"]["n"][place] <= PERSONS / 2
    assert checked(project, ledger) == before


def test_4_and_9_one_label_for_two_definitions_is_refused_or_reported(project: Project) -> None:
    def twin(values: dict[str, Any]) -> None:
        values["measures"].append(OTHER)
        values["analyses"][0]["measures"].append("job-anden")

    edit_trial(project, twin)
    write(project, f"Andelen er `{{python}} r['{KEY}']` og `{{python}} r['job-anden.deltager.uge5']`.\n")
    assert told(checked(project), Kind.LABEL, "'I job' means two things")


def test_4_two_populations_in_one_cell_of_the_ledger_are_reported(project: Project) -> None:
    ledger = ledger_of(project)
    for name, column in ledger["columns"].items():
        place = ledger["columns"]["key"].index(KEY) if name != "key" else column.index(KEY)
        column.append("tvilling.deltager.uge5" if name == "key" else column[place])
    ledger["columns"]["population"][-1] = "deltagere over 30 år"
    ledger["columns"]["measure"][-1] = "tvilling"
    (job,) = (entry for entry in ledger["measures"] if entry["id"] == "job")
    ledger["measures"].append({**job, "id": "tvilling"})
    write(project, f"Andelen er `{{python}} r['{KEY}']` og `{{python}} r['tvilling.deltager.uge5']`.\n")
    assert told(checked(project, ledger), Kind.LABEL, "population")


def test_5_a_share_declared_as_points_is_refused(project: Project) -> None:
    edit_trial(project, lambda values: values["measures"][0].update(unit="pct_point"))
    with pytest.raises(ReportlibError, match="unit of a comparison"):
        checked(project)


def test_6_a_relative_change_that_is_typed_is_reported(project: Project) -> None:
    write(project, f"Andelen er `{{python}} r['{KEY}']`. Det er 72 pct. flere.\n")
    assert told(checked(project), Kind.UNTRACED, "72 is typed")


def test_7_a_p_value_that_estimate_and_interval_do_not_give_is_refused(project: Project) -> None:
    ledger = ledger_of(project)
    key = "job.forskel.uge5"
    p = ledger["columns"]["p"][ledger["columns"]["key"].index(key)]
    assert p > 0.5
    with pytest.raises(LedgerFileError, match=r"p = 0\.2, but .* gives p from"):
        checked(project, set_row(ledger, key, p=0.2))


def no_lots(project: Project) -> None:
    """The trial as a status of the participants alone."""

    def change(values: dict[str, Any]) -> None:
        values["design"] = {"kind": "status"}
        values["groups"]["comparison"] = None

    edit_trial(project, change)
    persons = project.trial_folder("lille") / "p.csv"
    lines = persons.read_text(encoding="utf-8").splitlines()
    persons.write_text("\n".join(line for line in lines if ";K;" not in line) + "\n", encoding="utf-8")


def test_8_an_effect_typed_where_the_design_shows_none_is_reported(project: Project) -> None:
    write(project, "Effekten er stor.\n" + f"Andelen er `{{python}} r['{KEY}']`.\n")
    no_lots(project)
    assert told(checked(project), Kind.WORD, "shows no effects")


def test_10_an_unknown_key_stops_the_render_and_says_where(project: Project) -> None:
    write(project, "Andelen er `{python} r['job.deltagr.uge5']`.\n")
    with pytest.raises(ReportlibError, match=r"_afsnit\.qmd:1"):
        checked(project)


def test_11_a_control_group_typed_without_drawn_lots_is_reported(project: Project) -> None:
    write(project, f"Andelen er `{{python}} r['{KEY}']`, og i kontrolgruppen er den lavere.\n")
    no_lots(project)
    assert told(checked(project), Kind.WORD, "without random allocation")


def test_11_a_group_called_control_group_without_drawn_lots_is_refused(project: Project) -> None:
    def change(values: dict[str, Any]) -> None:
        values["design"]["kind"] = "quasi_experiment"
        values["measures"][0]["clause"] = "er i job"

    edit_trial(project, change)
    write(project, "Se @sec-resume.\n\n```{python}\n#| output: asis\nfrom reportlib.prose import effects\n\n"
          "print(r.vis(effects.effect, 'job', 5))\n```\n")  # fmt: skip
    with pytest.raises(ReportlibError, match="without random allocation"):
        checked(project)


def test_12_a_word_that_the_share_beside_it_does_not_bear_is_reported(project: Project) -> None:
    ledger = set_row(ledger_of(project), KEY, value=25.0, k=6, n=24)
    write(project, f"Det gælder knap hver tredje deltager (`{{python}} r['{KEY}']`).\n")
    assert told(checked(project, ledger), Kind.WORD, "is not what 25 pct. is")
