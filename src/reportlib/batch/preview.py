"""Watch mode for authors: the report is made again whenever a file it is made of is saved.

`Preview` makes the page or, when that fails, a page that says why; `PreviewServer` shows it on this machine only and
tells the browser to load it again. Nothing is written to the output folder but the cached ledger.
"""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportlib.batch.cache import Cache, LedgerRecord
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.batch.run import report_job
from reportlib.batch.tasks import Failure, LedgerTask
from reportlib.batch.worker import perform
from reportlib.engine.render import render
from reportlib.errors import ReportlibError
from reportlib.project import Project

LOOPBACK = "127.0.0.1"
_PAUSE = 0.15  # seconds between two looks at the files
_HOLD = 20.0  # seconds a browser's question waits for news
_SKIPPED = {"__pycache__", "_output", "figs"}

_RELOAD = """<script>
(function () {
  var version = %d;
  function ask() {
    fetch("/version?after=" + version).then(function (answer) { return answer.json(); }).then(function (now) {
      if (now.version !== version) { location.reload(); } else { ask(); }
    }).catch(function () { setTimeout(ask, 1000); });
  }
  ask();
})();
</script>
"""
_ERROR_PAGE = """<!DOCTYPE html>
<html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fejl – {title}</title>
<style>body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1.2rem; font: 1.05rem/1.5 system-ui, sans-serif;
color: #1b2733; }} h1 {{ color: #a8201a; }} pre {{ padding: 1rem; background: #fbe9e7; white-space: pre-wrap; }}</style>
</head><body><h1>Rapporten kan ikke dannes</h1>
<p>Ret fejlen, og gem filen. Siden indlæses igen af sig selv.</p>
<pre role="alert">{message}</pre></body></html>
"""


@dataclass(frozen=True)
class Made:
    """What the browser is shown: a page, how long it took in seconds, and the error when it is an error page."""

    page: str
    seconds: float
    error: str | None = None


@dataclass(frozen=True)
class Preview:
    """One report (trial and municipality), made as often as asked."""

    project: Project
    trial: str
    kommune: str

    def make(self) -> Made:
        """Make the report as HTML. Errors become a page; nothing is raised."""
        began = time.perf_counter()
        try:
            page, error = self._render(), None
        except ReportlibError as problem:
            error = str(problem)
        except Exception as problem:  # an author must see it where they look
            error = f"{type(problem).__name__}: {problem}"
        if error is not None:
            page = _ERROR_PAGE.format(title=html.escape(self.trial), message=html.escape(error))
        return Made(page, time.perf_counter() - began, error)

    def state(self) -> dict[str, tuple[int, int]]:
        """Date and size of every file that a save may have changed, by name."""
        return {
            str(path): (state.st_mtime_ns, state.st_size)
            for path in self._files()
            if (state := _state(path)) is not None
        }

    def _files(self) -> Iterator[Path]:
        yield self.project.root / "_quarto.yml"
        for folder in (self.project.reports_dir, self.project.data_dir / self.trial):
            for path in folder.rglob("*"):
                inside = path.relative_to(folder).parts
                if not any(part.startswith(".") or part in _SKIPPED for part in inside):
                    yield path

    def _render(self) -> str:
        request = BatchRequest(trials=(self.trial,), municipalities=(self.kommune,), formats=("html",))
        plan = make_plan(self.project, request)
        report = plan.reports[0]
        with TemporaryDirectory(prefix="rl-preview-", ignore_cleanup_errors=True) as folder:
            cache = Cache(plan.out_dir)
            job = report_job(plan, report, self._ledger(plan, cache), cache.figures, Path(folder))
            return render(job).paths["html"].read_text(encoding="utf-8")

    def _ledger(self, plan: Plan, cache: Cache) -> LedgerRecord:
        planned = plan.ledgers[self.trial]
        if (record := cache.ledger(planned.key)) is not None:
            return record
        done = perform(LedgerTask(self.trial, planned.key, plan.project, plan.data_dir, plan.out_dir))
        if isinstance(done, Failure):
            raise ReportlibError(done.message, hint=done.hint)
        assert isinstance(done.record, LedgerRecord)
        return done.record


@dataclass
class Shown:
    """The page the browser is shown, with a number that grows with each new one."""

    version: int = 0
    page: str = ""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def show(self, made: Made) -> None:
        """Show this page from now on."""
        with self._changed:
            self.version += 1
            self.page = _with_reload(made.page, self.version)
            self._changed.notify_all()

    def after(self, version: int) -> int:
        """The version, as soon as it is not `version` any more or the wait has been long."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, timeout=_HOLD)
            return self.version


class PreviewServer:
    """Serves what is shown on the loopback address. Port 0 takes a free one."""

    def __init__(self, shown: Shown, port: int = 0) -> None:
        self._server = ThreadingHTTPServer((LOOPBACK, port), _handler(shown))
        self._server.daemon_threads = True
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> PreviewServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def watch(preview: Preview, shown: Shown, told: Callable[[Made], None], stop: threading.Event) -> None:
    """Make the report now, and again after each change, until `stop` is set."""
    state: dict[str, tuple[int, int]] | None = None
    while not stop.is_set():
        now = preview.state()
        if now != state:
            state = now
            made = preview.make()
            shown.show(made)
            told(made)
        stop.wait(_PAUSE)


def _state(path: Path) -> Any:
    try:
        return path.stat() if path.is_file() else None
    except OSError:
        return None  # between an editor's removing and writing it


def _with_reload(page: str, version: int) -> str:
    head, end, rest = page.rpartition("</body>")
    script = _RELOAD % version
    return f"{head}{script}{end}{rest}" if end else page + script


def _handler(shown: Shown) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0]
            if host not in (LOOPBACK, "localhost"):  # another site's page must not read a report through this one
                self.send_error(HTTPStatus.FORBIDDEN)
            elif asked := re.fullmatch(r"/version\?after=(\d+)", self.path):
                version = shown.after(int(asked[1]))
                self._answer(json.dumps({"version": version}), "application/json")
            elif self.path == "/":
                self._answer(shown.page, "text/html; charset=utf-8")
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: the command line tells of renders, not of requests."""

        def _answer(self, text: str, kind: str) -> None:
            content = text.encode("utf-8")
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

    return Handler
