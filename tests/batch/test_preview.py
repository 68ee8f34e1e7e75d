"""Watch mode: a saved file makes a new page, an error is shown where it is, and nobody else can read along."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from batch_project import paragraph_of

from reportlib.batch.preview import Made, Preview, PreviewServer, Shown, watch
from reportlib.project import Project


@pytest.fixture
def preview(project: Project) -> Preview:
    return Preview(project, "lille", "Syd")


@pytest.fixture
def served() -> Iterator[tuple[Shown, PreviewServer]]:
    shown = Shown()
    with PreviewServer(shown) as server:
        yield shown, server


def get(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


def test_the_page_is_the_municipalitys_report(preview: Preview) -> None:
    made = preview.make()
    assert made.error is None
    assert "for Syd." in made.page


def test_an_error_becomes_a_page_with_file_and_line(preview: Preview, project: Project) -> None:
    paragraph_of(project).write_text("Her.\n\n`{python} r['job.findes-ikke']`\n", encoding="utf-8")
    made = preview.make()
    assert made.error is not None
    assert "reports/lille/_afsnit.qmd:3" in made.error
    assert "reports/lille/_afsnit.qmd:3" in made.page


def test_only_the_ledger_is_written_to_the_output_folder(preview: Preview, project: Project) -> None:
    preview.make()
    assert not list(project.out_dir.rglob("*.html"))


@pytest.mark.parametrize("file", ["reports/lille/_afsnit.qmd", "reports/_theme/report.css", "data/lille/trial.yml"])
def test_a_saved_file_is_seen(preview: Preview, project: Project, file: str) -> None:
    before = preview.state()
    path = project.root / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert preview.state() != before


def test_a_save_brings_a_new_version_to_the_browser(
    preview: Preview, project: Project, served: tuple[Shown, PreviewServer]
) -> None:
    shown, server = served
    made: list[Made] = []
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(preview, shown, made.append, stop))
    watcher.start()
    try:
        assert json.loads(get(f"{server.url}version?after=0"))["version"] == 1
        paragraph_of(project).write_text("En rettet tekst.\n", encoding="utf-8")
        began = time.monotonic()
        assert json.loads(get(f"{server.url}version?after=1"))["version"] == 2
        assert time.monotonic() - began < 15
        assert "En rettet tekst." in get(server.url)
        assert "var version = 2;" in get(server.url)
    finally:
        stop.set()
        watcher.join()
    assert len(made) == 2


def test_it_listens_on_this_machine_only_and_refuses_other_names(served: tuple[Shown, PreviewServer]) -> None:
    shown, server = served
    shown.show(Made("<body></body>", 0.0))
    assert server.url.startswith("http://127.0.0.1:")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(server.url, Host="evil.example")
