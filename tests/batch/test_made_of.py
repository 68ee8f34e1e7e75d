"""What a report is made of: what changes its hash, and what lies beside it and does not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_trial import make_trial

from reportlib.batch.plan import folder_hash, packages_version, tree_hash, trial_hash
from reportlib.files.reading import hash_of

TRIAL = make_trial()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """The version of all packages after one more was installed."""
    monkeypatch.setattr(sys, "path", ["", str(tmp_path / "none"), str(tmp_path)])

    def version(name: str) -> str:
        (tmp_path / name).mkdir(exist_ok=True)
        packages_version.cache_clear()
        return packages_version()

    yield version
    packages_version.cache_clear()


def test_another_package_counts_and_this_library_s_own_record_does_not(installed: Callable[[str], str]) -> None:
    before = installed("numpy-2.0.dist-info")
    assert installed("reportlib-1.0.dist-info") == installed("docs") == before
    assert installed("reportlibrary-1.0.dist-info") != before


def test_another_python_or_system_counts(installed: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {installed("numpy-2.0.dist-info")}
    for name in ("version", "platform"):
        monkeypatch.setattr(sys, name, "another")
        versions.add(installed("numpy-2.0.dist-info"))
    assert len(versions) == 3


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("p.csv", True),
        ("koder.yml", True),
        ("more/x.csv", True),
        ("make.py", False),
        ("README.md", False),
        (".p.csv.swp", False),
        (".git/index", False),
        ("__pycache__/make.pyc", False),
        ("more/__pycache__/a.csv", False),
    ],
)
def test_what_a_trial_is_made_of(tmp_path: Path, name: str, counts: bool) -> None:
    for named in ("p.csv", "c.csv", "b.csv", "w.csv", "trial.yml"):
        (tmp_path / named).write_text("1", encoding="utf-8")
    before = trial_hash(TRIAL, tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / name).write_text("2", encoding="utf-8")
    assert (trial_hash(TRIAL, tmp_path) != before) is counts


def test_an_extract_outside_the_trial_s_folder_counts_and_all_parts_of_one_in_a_folder(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "lille"
    for each in (folder, elsewhere):
        each.mkdir()
    for named in ("c.csv", "b.csv", "w.csv"):
        (folder / named).write_text("1", encoding="utf-8")
    (elsewhere / "1.csv").write_text("1", encoding="utf-8")
    extracts = {
        "participants": {"file": "../elsewhere"},
        "casework": {"file": "c.csv"},
        "weekly": {"job": {"file": "w.csv"}},
    }
    trial = make_trial(extracts=extracts)
    before = trial_hash(trial, folder)
    (elsewhere / "2.csv").write_text("1", encoding="utf-8")
    assert trial_hash(trial, folder) != before


def test_names_and_contents_count_wherever_the_project_lies(tmp_path: Path) -> None:
    hashes = []
    for name, file, text in (("a", "x", "1"), ("b", "x", "1"), ("c", "y", "1"), ("d", "x", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text, encoding="utf-8")
        hashes.append(tree_hash([tmp_path / name / file], tmp_path / name))
    assert hashes[0] == hashes[1] and len(set(hashes)) == 3


def test_a_folder_of_documents_is_its_files_and_the_project_s(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    seen = []
    for file in (tmp_path / "_quarto.yml", folder / "a.qmd", folder / ".a.swp"):
        file.write_text("a", encoding="utf-8")
        seen.append(folder_hash(folder, tmp_path))
    assert seen[0] != seen[1] == seen[2]


def test_the_order_of_names_does_not_count_and_danish_letters_do() -> None:
    assert hash_of({"a": 1, "b": 2}) == hash_of({"b": 2, "a": 1}) != hash_of({"a": 2, "b": 1})
    assert hash_of("Køge") != hash_of("Koge")
