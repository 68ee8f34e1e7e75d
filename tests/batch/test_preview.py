"""Watch mode: a saved file makes a new page, an error is shown where it is, and nobody else can read along."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from batch_project import PARAGRAPH, paragraph_of
from command_line import run

from reportlib.batch.preview import MOST_CONNECTIONS, Made, PortTakenError, Preview, PreviewServer, Shown, watch
from reportlib.trial.project import Project

COMMAND = [sys.executable, "-c", "from reportlib.cli import main; main()", "preview"]


@contextmanager
def watching(preview: Preview, shown: Shown, told: list[Made]) -> Iterator[None]:
    """The watch, in a thread, for as long as the block runs."""
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(preview, shown, told.append, stop))
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


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
        saved = project.root.parent / "saved.qmd"
        saved.write_text("En rettet tekst.\n", encoding="utf-8")
        saved.replace(paragraph_of(project))  # at once: a file that is emptied, then written, is two changes
        assert json.loads(get(f"{server.url}version?after=1"))["version"] == 2
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


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost", "evil.example:PORT", "127.0.0.1.evil:PORT"])
def test_only_its_own_name_and_port_are_answered(served: tuple[Shown, PreviewServer], host: str) -> None:
    port = served[1].url.rstrip("/").rpartition(":")[2]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(served[1].url, Host=host.replace("PORT", port))
    assert "Rapporten dannes" in get(served[1].url, Host=f"localhost:{port}")


def test_until_the_first_report_a_page_waits_for_it(served: tuple[Shown, PreviewServer]) -> None:
    shown, server = served
    waiting = get(server.url)
    assert "Rapporten dannes" in waiting and "var version = 0;" in waiting and 'lang="da"' in waiting
    shown.show(Made("<html><body>Færdig</body></html>", 0.0))
    assert json.loads(get(f"{server.url}version?after=0"))["version"] == 1
    assert "Færdig" in get(server.url)


@pytest.mark.parametrize("path", ["", "version?after=7", "findes-ikke"])
def test_no_answer_may_be_framed_or_kept(served: tuple[Shown, PreviewServer], path: str) -> None:
    try:
        answer = urllib.request.urlopen(served[1].url + path, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_is_closed_while_it_is_sent_is_no_error(
    served: tuple[Shown, PreviewServer], capfd: pytest.CaptureFixture[str]
) -> None:
    shown, server = served
    shown.show(Made(f"<body>{'x' * 30_000_000}</body>", 0.0))
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert client.recv(20)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed with a reset
    until_free(server)
    assert capfd.readouterr().err == ""


def until_free(server: PreviewServer) -> None:
    """Wait until no connection is open any more."""
    while server.open_connections:
        time.sleep(0.01)


def test_with_too_many_connections_open_a_new_one_is_closed(served: tuple[Shown, PreviewServer]) -> None:
    _, server = served
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(MOST_CONNECTIONS)]
    try:
        with pytest.raises((ConnectionError, http.client.HTTPException, urllib.error.URLError)):
            get(server.url)
    finally:
        for one in silent:
            one.close()
    until_free(server)
    assert "Rapporten dannes" in get(server.url)


def test_the_pdf_is_made_when_it_is_asked_for(preview: Preview, served: tuple[Shown, PreviewServer]) -> None:
    shown, server = served
    made: list[Made] = []
    with watching(preview, shown, made):
        assert json.loads(get(f"{server.url}version?after=0"))["version"] == 1
        with urllib.request.urlopen(f"{server.url}rapport.pdf", timeout=60) as answer:
            assert answer.read().startswith(b"%PDF-")
        assert [one.pdf is not None for one in made] == [False, True]


def test_a_pdf_that_cannot_be_made_says_why(
    preview: Preview, project: Project, served: tuple[Shown, PreviewServer]
) -> None:
    shown, server = served
    paragraph_of(project).write_text("`{python} 1 / 0`\n", encoding="utf-8")
    with watching(preview, shown, []):
        assert "reports/lille/_afsnit.qmd:1: ZeroDivisionError" in get(f"{server.url}rapport.pdf")


def test_a_deleted_include_is_named_where_it_is_included(preview: Preview, project: Project) -> None:
    assert preview.make().error is None
    paragraph_of(project).unlink()
    made = preview.make()
    assert made.error is not None
    assert "reports/lille.qmd:25: cannot include lille/_afsnit.qmd" in made.error


def test_an_extract_that_cannot_be_read_is_an_error_page(preview: Preview, project: Project) -> None:
    path = project.trial_folder("lille") / "w.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    made = preview.make()
    assert made.error is not None
    assert "w.csv" in made.error and "the file has a header but no records" in made.error


def test_a_broken_trial_file_is_an_error_page_and_recovers(preview: Preview, project: Project) -> None:
    path = project.trial_folder("lille") / "trial.yml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + "\nukendt: 1\n", encoding="utf-8")
    made = preview.make()
    assert made.error is not None
    assert "trial.yml" in made.page
    path.write_text(whole, encoding="utf-8")
    assert preview.make().error is None


def test_many_fast_saves_end_with_the_last_one(
    preview: Preview, project: Project, served: tuple[Shown, PreviewServer]
) -> None:
    shown, _ = served
    made: list[Made] = []
    with watching(preview, shown, made):
        for number in range(30):
            paragraph_of(project).write_text(f"Rettelse nummer {number}.\n", encoding="utf-8")
            time.sleep(0.03)
        deadline = time.monotonic() + 30
        while "Rettelse nummer 29." not in shown.page and time.monotonic() < deadline:
            time.sleep(0.05)
    assert "Rettelse nummer 29." in shown.page
    assert len(made) < 30


def test_a_page_made_again_is_made_of_the_same_ledger_and_loads_nothing(
    preview: Preview, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview.make()
    monkeypatch.setattr("reportlib.batch.preview.perform", lambda *_: pytest.fail("analysed again"))
    loaded = set(sys.modules)
    paragraph_of(project).write_text(f"Rettelse.\n\n{PARAGRAPH}", encoding="utf-8")
    assert preview.make().error is None
    assert {name for name in set(sys.modules) - loaded if name.startswith("reportlib")} == set()


def test_a_port_in_use_is_refused_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTakenError, match="cannot be used"):
            PreviewServer(Shown(), taken.getsockname()[1])


@pytest.mark.parametrize("arguments", [["lille", "--kommune", "Nordd"], ["lillle"]])
def test_a_wrong_request_is_refused_before_anything_is_served(
    project: Project, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(project.root)
    ended = run(["preview", *arguments])
    assert ended.status == 1
    assert "did you mean" in ended.error
    assert ended.out == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends Ctrl-C as POSIX does")
def test_ctrl_c_ends_the_preview_in_silence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    running = subprocess.Popen(
        [*COMMAND, "lille"], cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline().startswith("lille Alle: http://127.0.0.1:")
    assert running.stdout.readline().startswith("page made in ")
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert (running.returncode, errors) == (0, "")
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
def test_the_browser_follows_saves_errors_and_their_repair(
    preview: Preview, project: Project, served: tuple[Shown, PreviewServer], browser: Any
) -> None:
    shown, server = served
    with watching(preview, shown, []), browser.new_page() as page:
        page.set_default_timeout(60_000)
        get(f"{server.url}version?after=0")
        page.goto(server.url)
        page.get_by_text("Dette er udgave 1 for Syd.").wait_for()
        paragraph_of(project).write_text("En rettet tekst.\n", encoding="utf-8")
        page.get_by_text("En rettet tekst.").wait_for()
        paragraph_of(project).write_text("Før.\n\n`{python} r['job.findes-ikke']`\n", encoding="utf-8")
        page.get_by_role("alert").get_by_text("reports/lille/_afsnit.qmd:3").wait_for()
        paragraph_of(project).unlink()
        page.get_by_role("alert").get_by_text("cannot include").wait_for()
        paragraph_of(project).write_text("Rettet igen.\n", encoding="utf-8")
        page.get_by_text("Rettet igen.").wait_for()
        assert page.get_by_role("link", name="PDF", exact=True).get_attribute("href") == "/rapport.pdf"
