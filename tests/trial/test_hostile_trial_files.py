"""A trial.yml with more in it than a trial has, or that leads elsewhere: one error with a line, before it is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from batch_project import make_project
from command_line import run
from small_trial import trial_file

from reportlib.engine.settings import FixedTimeError, fixed_time
from reportlib.files.reading import YamlBoundsError, check_bounds
from reportlib.trial import TrialFileError, load_trial
from reportlib.trial.project import ExtractOutsideError, TrialSyntaxError, find_trial

TEXT = yaml.safe_dump(trial_file(), allow_unicode=True, sort_keys=False)


def load(folder: Path, text: str) -> object:
    path = folder / "trial.yml"
    path.write_text(text, encoding="utf-8")
    return load_trial(path)


def tenfold(levels: int) -> str:
    """Lists of ten aliases of the list before: 10 ** levels values once they are written out."""
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  - b: [*a]\n"])
def test_an_alias_inside_what_it_names_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrialSyntaxError, match=r"line \d, column \d+: \*a stands inside what it names"):
        load(tmp_path, text)


def test_aliases_are_counted_as_what_they_stand_for(tmp_path: Path) -> None:
    check_bounds(tenfold(4))
    with pytest.raises(TrialSyntaxError, match=r"line \d, column \d+: more than 100000 values"):
        load(tmp_path, tenfold(6))


@pytest.mark.parametrize("text", ["a: " + "[" * 31 + "]" * 31, "- " * 31 + "1"])
def test_deep_nesting_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrialSyntaxError, match=r"line 1, column \d+: nested more than 30 deep"):
        load(tmp_path, text + "\n")


def test_a_file_longer_than_any_trial_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match="longer than 2000000 characters"):
        load(tmp_path, TEXT + "#" * 2_000_001)


def test_the_same_bounds_hold_for_documents_and_code_books() -> None:
    from reportlib.engine.qmd import parse_yaml

    with pytest.raises(YamlBoundsError):
        parse_yaml("a: &a [*a]")


@pytest.mark.parametrize("seed", ["-1", "1.5", "18446744073709551616", "x"])
def test_a_seed_that_is_no_seed_is_refused(tmp_path: Path, seed: str) -> None:
    with pytest.raises(TrialFileError, match=r"design\.seed"):
        load(tmp_path, TEXT.replace("design:\n", f"design:\n  seed: {seed}\n"))


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan"])
def test_a_number_that_is_not_finite_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(TrialFileError, match=r"design\.level"):
        load(tmp_path, TEXT.replace("design:\n", f"design:\n  level: {value}\n"))


@pytest.mark.parametrize("value", ["x", "-1", "1e9", "253402300800", " 1", "½"])
def test_a_fixed_time_that_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(FixedTimeError, match="SOURCE_DATE_EPOCH"):
        fixed_time()


def test_a_batch_with_a_fixed_time_that_is_no_time_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path / "projekt")
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "x")
    ended = run(["render", "lille", "--workers", "0"])
    assert (ended.status, ended.out) == (1, "")
    assert ended.error.startswith("error: the environment variable SOURCE_DATE_EPOCH is 'x'")
    assert not project.out_dir.exists()


@pytest.mark.parametrize("arguments", [["list"], ["render", "kopi"], ["analyse", "kopi"], ["preview", "kopi"]])
def test_a_folder_and_an_id_that_differ_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    project = make_project(tmp_path / "projekt")
    shutil.copytree(project.data_dir / "lille", project.data_dir / "kopi")
    monkeypatch.chdir(project.root)
    ended = run(arguments)
    assert (ended.status, ended.out) == (1, "")
    assert "id is lille, and the folder is called kopi" in ended.error
    assert not project.out_dir.exists()


@pytest.mark.parametrize("name", ["../data", "..", "a/b", "/etc", "Lille", ""])
def test_an_id_that_is_no_id_leads_to_no_file(tmp_path: Path, name: str) -> None:
    project = make_project(tmp_path / "projekt")
    shutil.copy(project.data_dir / "lille" / "trial.yml", project.root / "trial.yml")
    with pytest.raises(TrialFileError, match="no trial"):
        find_trial(project.data_dir, name)


def with_file(name: str, *, outside: bool = False) -> str:
    """A trial.yml whose participants lie in the file `name`."""
    values = trial_file()
    values["extracts"]["participants"]["file"] = name
    if outside:
        values["extracts"]["outside_data_folder"] = True
    return yaml.safe_dump(values, allow_unicode=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trial's folder in a data folder; a file lies beside the data folder."""
    (tmp_path / "andet.csv").write_text("x", encoding="utf-8")
    (made := tmp_path / "data" / "lille").mkdir(parents=True)
    return made


@pytest.mark.parametrize("name", ["../../andet.csv", "a/../../../andet.csv"])
def test_an_extract_outside_the_data_folder_is_refused_unless_trial_yml_says_so(folder: Path, name: str) -> None:
    with pytest.raises(ExtractOutsideError, match=r"(?s)extracts\.participants\.file.*outside_data_folder: true"):
        load(folder, with_file(name))
    assert load(folder, with_file(name, outside=True))


def test_the_full_name_of_a_file_elsewhere_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExtractOutsideError, match="outside_data_folder"):
        load(folder, with_file(str(tmp_path / "andet.csv")))


@pytest.mark.parametrize("name", ["p.csv", "under/p.csv", "../faelles/p.csv"])
def test_an_extract_in_the_data_folder_may_lie_where_it_likes(folder: Path, name: str) -> None:
    assert load(folder, with_file(name))


def test_a_link_that_leads_outside_the_data_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    try:
        (folder / "p.csv").symlink_to(tmp_path / "andet.csv")
    except OSError:
        pytest.skip("no symbolic links here")
    with pytest.raises(ExtractOutsideError, match="outside"):
        load(folder, with_file("p.csv"))


def test_a_trials_folder_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (folder / "p.csv").write_text("x", encoding="utf-8")
    (tmp_path / "data2").mkdir()
    try:
        (tmp_path / "data2" / "lille").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    (folder / "trial.yml").write_text(with_file("p.csv"), encoding="utf-8")
    assert load_trial(tmp_path / "data2" / "lille" / "trial.yml")
