"""`reportlib synthetic`: extracts made from trial.yml alone are read without a fault and say that they are made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from command_line import run

from reportlib.registers.data import TrialData
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial

DATA = Path(__file__).parents[2] / "data"
TRIALS = sorted(path.parent.name for path in DATA.glob("*/trial.yml"))


def made_up(trial: str, out: Path, *options: object) -> TrialData:
    ended = run(["synthetic", trial, "--out", out, *options])
    assert ended.status == 0, ended.error
    return read_trial(load_trial(out / trial / "trial.yml"), out / trial)


@pytest.mark.parametrize("trial", TRIALS)
def test_every_extract_that_a_trial_names_is_made_and_read(trial: str, tmp_path: Path) -> None:
    data = made_up(trial, tmp_path, "--persons", 120)
    named = {source.file for _, source in load_trial(DATA / trial / "trial.yml").extracts.each()}
    assert {file.name for file in data.files} == named
    assert set(data.persons["site"]) >= set(load_trial(DATA / trial / "trial.yml").sites.names)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".dta", ".parquet")}


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        made_up("jobfirst", tmp_path / name, "--persons", 60, "--seed", seed)
    first, again, other = (bytes_of(tmp_path / name / "jobfirst") for name in "abc")
    assert first == again
    assert len(first) == 6 and all(first[name] != other[name] for name in first)


def in_work(data: TrialData, value: str) -> float:
    """Share with paid hours in the group's last week that everybody of jobfirst's first months is followed in."""
    hours = data.panel.hours
    assert hours is not None
    members = (data.persons["group"] == value).to_numpy() & (data.panel.followed[:, 29])
    return float(np.mean(hours[members, 29] > 0))


def test_an_assumed_effect_is_there_and_without_one_the_groups_are_alike(tmp_path: Path) -> None:
    none = made_up("jobfirst", tmp_path / "1", "--persons", 1500)
    strong = made_up("jobfirst", tmp_path / "3", "--persons", 1500, "--effect", 3)
    assert abs(in_work(none, "deltager") - in_work(none, "kontrol")) < 0.055  # 2.6 standard errors
    assert in_work(strong, "deltager") - in_work(strong, "kontrol") > 0.1
    assert in_work(strong, "kontrol") == in_work(none, "kontrol")


def test_what_the_files_are_stands_beside_them(tmp_path: Path) -> None:
    made_up("jobgaranti", tmp_path)
    told = (tmp_path / "jobgaranti" / "SYNTETISK.txt").read_text(encoding="utf-8")
    assert "syntetiske" in told and "- borgere.csv" in told.splitlines()


def test_its_own_files_are_made_anew_and_others_never_touched(tmp_path: Path) -> None:
    made_up("jobgaranti", tmp_path)
    made_up("jobgaranti", tmp_path, "--seed", 2)
    folder = tmp_path / "jobgaranti"
    (folder / "SYNTETISK.txt").unlink()
    before = bytes_of(folder)
    ended = run(["synthetic", "jobgaranti", "--out", tmp_path, "--seed", 3])
    assert ended.status == 1 and "borgere.csv is there" in ended.error and "--out" in ended.error
    assert bytes_of(folder) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [({"synthetic": False}, "synthetic: false"), ({"file": "borgere.sas7bdat"}, "borgere.sas7bdat: made-up extracts")],
)
def test_what_would_look_real_or_cannot_be_written_is_refused(
    change: dict[str, object], says: str, tmp_path: Path
) -> None:
    raw = yaml.safe_load((DATA / "jobgaranti" / "trial.yml").read_text(encoding="utf-8"))
    raw["synthetic"] = change.get("synthetic", True)
    raw["extracts"]["participants"]["file"] = change.get("file", "borgere.csv")
    folder = tmp_path / "jobgaranti"
    folder.mkdir()
    (folder / "trial.yml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    ended = run(["synthetic", "jobgaranti", "--data", tmp_path])
    assert ended.status == 1 and says in ended.error
    assert [path.name for path in folder.iterdir()] == ["trial.yml"]


def test_extracts_of_a_workbook_are_its_sheets(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "jobgaranti"
    folder.mkdir(parents=True)
    text = (DATA / "jobgaranti" / "trial.yml").read_text(encoding="utf-8")
    for number, (_, source) in enumerate(load_trial(DATA / "jobgaranti" / "trial.yml").extracts.each()):
        text = text.replace(source.file, f"udtraek.xlsx#Ark{number}")
    (folder / "trial.yml").write_text(text, encoding="utf-8")
    command = ["synthetic", "jobgaranti", "--data", tmp_path / "data", "--persons", 60]
    assert run(command).status == 0
    assert {path.name for path in folder.iterdir()} == {"trial.yml", "SYNTETISK.txt", "udtraek.xlsx"}
    first = (folder / "udtraek.xlsx").read_bytes()
    assert len(read_trial(load_trial(folder / "trial.yml"), folder).persons)
    assert run(command).status == 0
    assert (folder / "udtraek.xlsx").read_bytes() == first


def test_a_month_in_which_hardly_anybody_works_has_a_record_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader refuses a month of which nobody has one."""
    places = ",".join(f"Sted {number}" for number in range(1, 26))
    run(["init", tmp_path])
    monkeypatch.chdir(tmp_path)
    answers = ["--title", "P", "--commissioner", "O", "--evaluator", "E", "--design", "status", "--sites", places]
    days = ["--first", "2023-01-02", "--last", "2023-05-22", "--until", "2023-12-18", "--sources", "timer,sager"]
    asked = run(["new", "proeve", *answers, *days])
    assert asked.status == 0, asked.error
    made = run(["synthetic", "proeve", "--persons", 20, "--seed", 34])
    assert made.status == 0, made.error
    assert read_trial(load_trial(tmp_path / "data" / "proeve" / "trial.yml"), tmp_path / "data" / "proeve").files
