"""Files appear whole, checked by their stamp, all formats or none; each report has a folder of its own."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportlib.engine.typst_pdf import compile_document
from reportlib.engine.workspace import open_workspace
from reportlib.files.whole import OutputNotWrittenError, publish
from reportlib.numbers.provenance import (
    Stamp,
    StampMismatchError,
    StampMissingError,
    check_stamp,
    parse_stamp,
    read_stamp,
)

HASH = "ab" * 32
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda name: name.split())


def pdf_with(keywords: str, folder: Path) -> Path:
    quoted = keywords.replace("\\", "\\\\").replace('"', '\\"')
    source = f'#set document(title: "T", keywords: ("a, b", "{quoted}"))\n#set text(lang: "da")\nHej'
    path = folder / "a.pdf"
    path.write_bytes(compile_document(source, [], root=folder, date=datetime(2017, 5, 31, tzinfo=UTC)).pdf)
    return path


def html_with(stamp: str, folder: Path) -> Path:
    path = folder / "a.html"
    head = f'<head><meta name="reportlib-stamp" content="{html.escape(stamp)}"></head>'
    path.write_text(f"<!DOCTYPE html><html>{head}<body></body></html>", encoding="utf-8")
    return path


# ---- stamp


@pytest.mark.parametrize("write", [pdf_with, html_with])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(kommune=NAMES)
def test_a_stamp_comes_back_from_the_file_whatever_the_name(
    write: Callable[[str, Path], Path], tmp_path: Path, kommune: str
) -> None:
    stamp = Stamp("jobfirst", kommune, HASH)
    assert read_stamp(write(str(stamp), tmp_path)).same_as(stamp)


@pytest.mark.parametrize("write", [pdf_with, html_with])
def test_a_file_without_a_stamp_is_refused(write: Callable[[str, Path], Path], tmp_path: Path) -> None:
    with pytest.raises(StampMissingError, match="no reportlib stamp"):
        read_stamp(write("andet", tmp_path))


def test_a_file_with_two_stamps_is_refused() -> None:
    with pytest.raises(StampMissingError, match="2 reportlib stamps"):
        parse_stamp(f"{Stamp('a', 'Nord', HASH)}, {Stamp('a', 'Syd', HASH)}")


def test_a_stamp_in_the_text_of_a_page_is_not_the_page_s_own(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<head></head><meta name="reportlib-stamp" content="{Stamp("a", "B", HASH)}">', encoding="utf-8")
    with pytest.raises(StampMissingError):
        read_stamp(path)


@pytest.mark.parametrize("other", [Stamp("b", "Nord", HASH), Stamp("a", "Syd", HASH), Stamp("a", "Nord", "cd" * 32)])
def test_a_file_that_says_it_is_another_report_is_refused(tmp_path: Path, other: Stamp) -> None:
    with pytest.raises(StampMismatchError, match=r"nord\.html says it is"):
        check_stamp(html_with(str(other), tmp_path), Stamp("a", "Nord", HASH), name="nord.html")


# ---- publish


def accept(_staged: Path, _target: Path) -> None:
    """A check that finds nothing wrong."""


def test_all_files_appear_with_their_content(tmp_path: Path) -> None:
    publish({tmp_path / "ud" / "a.pdf": b"1", tmp_path / "ud" / "a.html": b"2"}, accept)
    assert {path.name: path.read_bytes() for path in (tmp_path / "ud").iterdir()} == {"a.pdf": b"1", "a.html": b"2"}


def test_the_check_sees_the_written_file_before_it_is_in_place(tmp_path: Path) -> None:
    seen: list[tuple[bytes, bool]] = []
    publish({tmp_path / "a.pdf": b"1"}, lambda staged, target: seen.append((staged.read_bytes(), target.exists())))
    assert seen == [(b"1", False)]


def test_a_failed_check_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"gammel")

    def refuse(_staged: Path, target: Path) -> None:
        if target.suffix == ".html":
            raise StampMissingError("no")

    with pytest.raises(StampMissingError):
        publish({tmp_path / "a.pdf": b"ny", tmp_path / "a.html": b"ny"}, refuse)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.pdf": b"gammel"}


@pytest.mark.parametrize("before", [{}, {"a.pdf": b"gammel", "a.html": b"gammel"}])
def test_a_file_that_cannot_be_replaced_leaves_both_as_they_were(
    tmp_path: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    replace = Path.replace

    def held_open(self: Path, target: Path) -> Path:
        if target.suffix == ".html" and self.suffix == ".part":
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_open)
    with pytest.raises(OutputNotWrittenError, match="in use") as caught:
        publish({tmp_path / "a.pdf": b"ny", tmp_path / "a.html": b"ny"}, accept)
    assert "open in another program" in str(caught.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_an_error_by_name(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x", encoding="utf-8")
    with pytest.raises(OutputNotWrittenError, match="could not write"):
        publish({tmp_path / "fil" / "a.pdf": b"1"}, accept)


# ---- workspace


@pytest.fixture
def document(tmp_path: Path) -> Path:
    folder = tmp_path / "projekt" / "reports"
    (folder / "figs").mkdir(parents=True)
    (folder / "figs" / "timer.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "billeder").mkdir()
    (folder / "billeder" / "logo.png").write_bytes(b"x")
    (folder / "_del.qmd").write_text("Inde", encoding="utf-8")
    (folder / "a.qmd").write_text("Tekst", encoding="utf-8")
    return folder / "a.qmd"


def test_the_document_and_its_neighbours_are_copied(document: Path) -> None:
    with open_workspace(document, document.parents[1]) as workspace:
        assert workspace.document.relative_to(workspace.root) == Path("reports/a.qmd")
        assert (workspace.folder / "_del.qmd").is_file() and (workspace.folder / "billeder" / "logo.png").is_file()


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("figs/a.svg", False),
        ("a_files/a.js", False),
        ("a_cache/a", False),
        ("_output/a.html", False),
        ("_site/a.html", False),
        ("__pycache__/hjaelp.pyc", False),
        (".a.qmd.swp", False),
        ("a.pdf", False),
        ("a.html.tmp", False),
        ("hjaelp.py", True),
        ("tal.csv", True),
        ("data/tal.csv", True),
        ("pdf/tal.csv", True),
    ],
)
def test_what_an_earlier_run_or_an_editor_left_is_not_copied(document: Path, name: str, copied: bool) -> None:
    path = document.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a", encoding="utf-8")
    with open_workspace(document, document.parents[1]) as workspace:
        assert (workspace.folder / name).exists() is copied


def test_two_workspaces_of_one_document_are_apart_and_do_not_touch_the_source(document: Path) -> None:
    before = sorted(document.parent.rglob("*"))
    with open_workspace(document, document.parents[1]) as one, open_workspace(document, document.parents[1]) as two:
        (one.folder / "figs").mkdir()
        assert one.root != two.root and not (two.folder / "figs").exists()
    assert sorted(document.parent.rglob("*")) == before


def test_the_workspace_is_removed_also_after_a_failure(document: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_workspace(document, document.parents[1]) as workspace:
        raise ZeroDivisionError
    assert not workspace.root.exists()


def test_a_document_in_the_project_s_root_does_not_bring_the_project_s_folders(document: Path) -> None:
    root = document.parents[1]
    (root / "b.qmd").write_text("Tekst", encoding="utf-8")
    with open_workspace(root / "b.qmd", root) as workspace:
        assert [path.name for path in workspace.folder.iterdir()] == ["b.qmd"]
