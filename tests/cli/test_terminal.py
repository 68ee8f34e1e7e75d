"""Names are data to the terminal too: no markup for Rich, no command for the terminal, no turned line."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from batch_project import add_trial, make_project

import reportlib.cli
from reportlib.cli import printing
from reportlib.cli.app import app
from reportlib.errors import ReportlibError

NAMES = ("[/red] By", "[bold]Nord", "Syd :warning:")
ACTING = "By\x1b[31m\x9b1m\u202eyB\u2066\r"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_project(tmp_path / "projekt").root
    add_trial(root, "anden", sites=NAMES)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "200")
    return root


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        app(list(arguments))
    assert ended.value.code in (0, None)


@pytest.mark.parametrize(
    "arguments", [("list",), ("render", "anden", "--kommune", "alle-kommuner", "--dry-run")], ids=" ".join
)
def test_names_that_are_markup_to_rich_are_printed(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    run(*arguments)
    shown = capsys.readouterr().out
    assert all(name in shown for name in NAMES)


def test_a_verbose_render_prints_them_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("render", "anden", "--kommune", NAMES[0], "--format", "html", "--verbose", "--workers", "0")
    assert NAMES[0] in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_shown_as_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say(ACTING)
    printing.print_error(ReportlibError(ACTING, hint=ACTING))
    printing.console().print(ACTING)
    taken = capsys.readouterr()
    assert not set(taken.out + taken.err) & set(ACTING) - set("By[31m1")
    assert "By\ufffd[31m" in taken.out


def test_json_says_the_same_in_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_json({"navn": ACTING})
    shown = capsys.readouterr().out
    assert not set(shown) & set("\x1b\x9b\u202e\u2066\r")
    assert json.loads(shown) == {"navn": ACTING}


@pytest.mark.parametrize("module", sorted(Path(reportlib.cli.__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_every_command_prints_by_way_of_printing(module: Path) -> None:
    if module.stem == "printing":
        return
    calls = [
        node.func for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    assert not [call.id for call in calls if isinstance(call, ast.Name) and call.id in ("print", "Console")]
