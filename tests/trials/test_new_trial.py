"""A newcomer's morning: new, synthetic, render, check, in an empty folder and without a line of Python."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from command_line import Ended, run

from reportlib.trial.new import DESIGNS, SOURCES

ANSWERS = (
    *("--title", "Vejen ind: et forsøg <b>med</b> tegn"),
    *("--commissioner", "Styrelsen"),
    *("--sites", "Aarhus, Køge, Høje-Taastrup"),
    *("--first", "2025-01-06"),
    *("--last", "30-06-2025"),
    *("--until", "2026-01-31"),
)


def done(*arguments: object) -> Ended:
    ended = run(arguments)
    assert ended.status == 0, ended.error + ended.out
    return ended


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    done("init", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("design", [design.value for design in DESIGNS])
def test_a_new_trial_of_each_design_is_made_up_rendered_and_checked(design: str, project: Path) -> None:
    done("new", "proeve", "--design", design, *ANSWERS)
    done("synthetic", "proeve")
    done("render", "proeve", "--workers", 0)
    done("check", "reports/proeve.qmd")
    checked = json.loads(done("check", "_output/proeve", "--json").out)
    assert len(checked) == 2 and not any(file["breaks"] for file in checked)
    page = (project / "_output" / "proeve" / "alle.html").read_text(encoding="utf-8")
    for heading in ("Resume", "Implementering", "Cost-benefit", "Metode"):
        assert re.search(rf"<h\d[^>]*>(<[^>]*>|[\d ])*{heading}</h", page), heading
    says = [
        text in page for text in ("Hvor sikkert er resultatet?", "Den statistiske usikkerhed om rapportens resultater")
    ]
    assert says == [design != "status"] * 2  # a status holds nothing against anything
    assert "&lt;b&gt;med&lt;/b&gt;" in page and "Syntetiske data" in page
    of_other_trials = "trivsel|handleevne|visiteret|Kaplan|job eller uddannelse|ikke lige så lang"
    assert not re.search(of_other_trials, page)  # what one trial's author says, no part says of another


@pytest.mark.slow
def test_a_municipality_gets_the_new_report_with_its_own_name(project: Path) -> None:
    done("new", "proeve", "--design", "status", *ANSWERS)
    done("synthetic", "proeve")
    done("render", "proeve", "--kommune", "Køge", "--format", "html", "--workers", 0)
    assert "Køge" in (project / "_output" / "proeve" / "koege.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("design", list(DESIGNS))
@pytest.mark.parametrize("source", list(SOURCES))
def test_each_source_alone_makes_a_trial_that_loads(design: str, source: str, project: Path) -> None:
    done("new", "proeve", "--design", str(design), "--sources", source, *ANSWERS)
    raw = yaml.safe_load((project / "data" / "proeve" / "trial.yml").read_text(encoding="utf-8"))
    kept = {"dream": "dream", "timer": "paid_hours", "sager": "casework", "survey": "surveys"}
    assert set(raw["extracts"]) == {"participants", kept[source]}
    assert "not_ordinary" not in raw["extracts"].get("paid_hours", {})  # only DREAM knows subsidised weeks
    assert "[]" not in (project / "reports" / "proeve.qmd").read_text(encoding="utf-8")


def test_git_leaves_the_extracts_out(project: Path) -> None:
    done("new", "proeve", "--design", "status", *ANSWERS)
    rules = (project / "data" / "proeve" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert rules[1:] == ["*", "!.gitignore", "!trial.yml"]


def test_what_is_missing_is_asked_for(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(question: str, default: str | None = None) -> str:
        asked.append(question)
        designs = ["før og efter", "before_after"]  # an answer that cannot be is asked for again
        return designs[asked.count(question) - 1] if "Design" in question else default or "Et nyt forsøg"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    done("new", "proeve", *ANSWERS[2:])
    assert [question.split()[0] for question in asked] == ["Title", "Who", "Design", "Design", "Sources,"]
    assert yaml.safe_load((project / "data" / "proeve" / "trial.yml").read_text())["title"] == "Et nyt forsøg"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--design": "randomized"}, "did you mean randomised?"),
        ({"--sources": "dreem"}, "did you mean dream?"),
        ({"--first": "6. januar 2025"}, "is no day"),
        ({"--until": "2025-06-30"}, "must lie after the last entry"),
        ({"--until": "2025-07-20"}, "followed for 2 weeks only"),
        ({"--sites": "Alle"}, "'Alle' is the name of the whole trial"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_nothing_written(
    change: dict[str, str], says: str, project: Path
) -> None:
    answers = {"--design": "status", **dict(zip(ANSWERS[::2], ANSWERS[1::2], strict=True)), **change}
    ended = run(["new", "proeve", *(part for pair in answers.items() for part in pair)])
    assert ended.status == 1 and says in ended.error
    assert not (project / "data" / "proeve").exists() and not (project / "reports" / "proeve.qmd").exists()


def test_an_id_that_is_taken_or_missing_is_refused(project: Path) -> None:
    assert "an id is missing" in run(["new", *ANSWERS]).error
    done("new", "proeve", "--design", "status", *ANSWERS)
    before = (project / "data" / "proeve" / "trial.yml").read_bytes()
    assert "there already" in run(["new", "proeve", "--design", "randomised", *ANSWERS]).error
    assert (project / "data" / "proeve" / "trial.yml").read_bytes() == before


def test_a_trial_is_begun_from_another(project: Path) -> None:
    done("new", "gammel", "--design", "randomised", *ANSWERS)
    done("new", "ny", "--from", "gammel", "--title", "Den nye")
    raw = yaml.safe_load((project / "data" / "ny" / "trial.yml").read_text(encoding="utf-8"))
    assert (raw["id"], raw["title"], raw["synthetic"]) == ("ny", "Den nye", True)
    assert 'aabn("ny"' in (project / "reports" / "ny.qmd").read_text(encoding="utf-8")


def test_the_designs_are_listed() -> None:
    told = done("new", "--list").out
    assert all(design.value in told for design in DESIGNS) and all(source in told for source in SOURCES)
