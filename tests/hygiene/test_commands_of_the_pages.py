"""What README, CONTRIBUTING and docs/ tell a newcomer to type is there: commands, options, make's targets, code."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from status_trial import status_ledger

import reportlib.prose.key_shares
import reportlib.prose.section_parts
import reportlib.prose.target_claims
import reportlib.show.repeated
from reportlib.catalogue import UnknownPartError, part
from reportlib.cli.app import app
from reportlib.document import Report
from reportlib.trial.model import Trial
from reportlib.trial.project import load_trial

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS: Any = typer.main.get_command(app)

_LINE = re.compile(r"^ {4,}(?:\w+=\S+ )?(?:\.venv\\Scripts\\)?(reportlib [a-z].*)$", re.MULTILINE)
_INLINE = re.compile(r"`(?:\.venv/bin/)?(reportlib [a-z][^`]*)`")
_MAKE = re.compile(r"(?:^ {4,}|`|&& |: )make ((?:[a-z-]+ ?)?(?:[A-Z]+=\S+ ?)*)", re.MULTILINE)
_SCRIPT = re.compile(r"\bpython ((?:\w+/)+\w+\.py)")


def lines(page: str) -> list[str]:
    """The commands that stand on a line of their own, without what is said of them."""
    return [re.split(r"\s{2,}#|\s#\s", line)[0].strip() for line in _LINE.findall(PAGES[page])]


def refused(command: str) -> str:
    """Why the command line does not take the command; empty where it does. Nothing is run."""
    name, *given = shlex.split(re.sub(r"\[(\w+)\]", r"\1", command.partition("(")[0]))[1:]
    found = COMMANDS.commands.get(name)
    if found is None:
        return f"{command}: there is no such command"
    try:
        found.make_context(name, given)
    except Exception as error:  # Click's own, whichever copy of it Typer brings
        return f"{command}: {error}"
    trials = [word for word in given if word in TRIALS or re.fullmatch(r"reports/[\w-]+\.qmd", word)]
    return "" if all(word in TRIALS or (ROOT / word).is_file() for word in trials) else f"{command}: no such trial"


TRIALS = {path.name for path in (ROOT / "data").iterdir()}


@pytest.mark.parametrize("page", [page for page in PAGES if lines(page)])
def test_a_command_on_a_line_of_its_own_is_taken_as_it_stands(page: str) -> None:
    assert [why for line in lines(page) if (why := refused(line))] == []


def test_a_command_within_a_sentence_is_there_with_its_options() -> None:
    for name, text in PAGES.items():
        for command in _INLINE.findall(text):
            why = refused(command)
            assert not why or "Missing parameter" in why, f"{name}: {why}"  # `reportlib analyse` ends with a table


def test_a_command_that_is_not_there_is_found_out() -> None:
    assert "no such command" in refused("reportlib rendr jobfirst")
    assert "--formatt" in refused("reportlib render jobfirst --formatt html")
    assert "Missing parameter" in refused("reportlib analyse")


@pytest.mark.parametrize("page", list(PAGES))
def test_make_has_the_targets_and_a_script_is_where_a_page_says(page: str) -> None:
    targets, variables = (set(re.findall(rf"^({word}) *{sign}", MAKEFILE, re.MULTILINE)) for word, sign in MADE)
    for asked in _MAKE.findall(PAGES[page]):
        for word in asked.split():
            assert word in targets or word.partition("=")[0] in variables, f"make {asked}"
    assert [script for script in _SCRIPT.findall(PAGES[page]) if not (ROOT / script).is_file()] == []


MADE = (("[a-z-]+", ":"), ("[A-Z]+", r"[?:]?="))


def test_the_report_has_what_the_page_on_writing_asks_of_it() -> None:
    text = PAGES["docs/writing.md"]
    asked = set(re.findall(r"\br\.([a-z_]\w*)", text))
    assert [name for name in asked if not hasattr(Report, name) and name not in Report.__annotations__] == []
    unknown = []
    for name in set(re.findall(r'r\.(?:skriv|i_linjen|vis)\("([a-z_]+\.[a-z_]+)"', text)):
        try:
            part(name)
        except UnknownPartError as error:
            unknown.append(str(error))
    assert unknown == []


# The recipes of CONTRIBUTING, as they stand there.


def recipe(heading: str) -> list[str]:
    """The blocks of code of a recipe."""
    text = PAGES["CONTRIBUTING.md"].split(f"## {heading}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"(?:^ {4,}\S.*\n(?:^(?: {4,}.*)?\n)*)+", text, re.MULTILINE)
    return [textwrap.dedent(block).strip() + "\n" for block in blocks]


def test_the_recipe_of_a_measure_makes_a_measure() -> None:
    path = ROOT / "data" / "jobgaranti" / "trial.yml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    [measure] = yaml.safe_load(recipe("Add a measure")[0])
    written["measures"].append(measure)
    written["analyses"].append({"kind": "shares", "measures": [measure["id"]]})
    assert Trial.model_validate(written).measure_by_id[measure["id"]].unit.value == "pct"
    assert measure["id"] not in load_trial(path).measure_by_id  # so that a newcomer may add it


def test_the_recipes_of_a_claim_and_a_figure_write_them() -> None:
    claim, section = recipe("Add a claim")[:2]
    names: dict[str, Any] = {**vars(reportlib.prose.section_parts), **vars(reportlib.prose.target_claims)}
    exec(claim, names)
    names |= {name: value for name, value in vars(reportlib.prose.key_shares).items() if not name.startswith("__")}
    exec(section, names)
    trial, ledger = status_ledger()
    assert names["majority_of"](ledger, trial, "aktiv", site=None).startswith("Mere end halvdelen af ")
    shown: dict[str, Any] = dict(vars(reportlib.show.repeated))
    exec(recipe("Add a figure")[0], shown)
    assert shown["dots"](ledger, trial, ["aktiv", "job"]).alt.startswith("Punktdiagram.")
