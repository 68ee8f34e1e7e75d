"""Watch mode for authors: the report is made again whenever a file it is made of is saved.

`Preview` makes the page or, when that fails, a page that says why; `PreviewServer` shows it on this machine only and
tells the browser to load it again. The PDF is made when the browser asks for it. Nothing is written to the output
folder but, in its cache, the ledger and what a failed render had made so far.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportlib.batch.batch_run import report_job
from reportlib.batch.cache import Cache, LedgerRecord
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.batch.tasks import Failure, LedgerTask, perform
from reportlib.engine.render import render
from reportlib.engine.wall import with_policy
from reportlib.errors import ReportlibError
from reportlib.trial.project import Project

LOOPBACK = "127.0.0.1"
_PAUSE = 0.15  # seconds between two looks at the files
_HOLD = 20.0  # seconds a browser's question waits for news
_PDF_HOLD = 120.0  # seconds a browser waits for the PDF
_IDLE = 10.0  # seconds a connection may say nothing, or take nothing
MOST_CONNECTIONS = 32
"""At once: a browser needs one for each page it shows."""
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
  var link = document.createElement("a");
  link.href = "/rapport.pdf";
  link.textContent = "PDF";
  link.style.cssText = "position:fixed;right:1rem;bottom:1rem;padding:.4rem .8rem;font:1rem system-ui,sans-serif;"
    + "color:#fff;background:#14304a;border-radius:3px;text-decoration:none;z-index:99";
  if (%s) { document.body.appendChild(link); }
})();
</script>
"""
_HEAD = """<!DOCTYPE html>
<html lang="da"><head><meta charset="utf-8"><!--reportlib:policy-->
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1.2rem; font: 1.05rem/1.5 system-ui, sans-serif;
color: #1b2733; }} h1.fejl {{ color: #a8201a; }} pre {{ padding: 1rem; background: #fbe9e7; white-space: pre-wrap; }}
</style></head>
"""
_ERROR_PAGE = (
    _HEAD
    + """<body><h1 class="fejl">Rapporten kan ikke dannes</h1>
<p>Ret fejlen, og gem filen. Siden indlæses igen af sig selv.</p>
<pre role="alert">{message}</pre></body></html>
"""
)
_WAITING_PAGE = (
    _HEAD
    + """<body><h1>Rapporten dannes</h1>
<p role="status">Den vises her af sig selv, når den er færdig.</p></body></html>
"""
)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Made:
    """What the browser is shown: a page, how long it took in seconds, and the error when it is an error page.

    `pdf` is there when it was asked for and the report has no error.
    """

    page: str
    seconds: float
    error: str | None = None
    pdf: bytes | None = None


class PortTakenError(ReportlibError):
    """Another program listens on the port that was asked for."""


@dataclass(frozen=True)
class Preview:
    """One report (trial and municipality), made as often as asked."""

    project: Project
    trial: str
    kommune: str

    def make(self, form: str = "html") -> Made:
        """Make the report as `html` or `pdf`. Errors become a page; nothing is raised."""
        began = time.perf_counter()
        page, pdf, error = "", None, None
        try:
            content = self._render(form)
            page, pdf = (content.decode("utf-8"), None) if form == "html" else ("", content)
        except ReportlibError as problem:
            error = str(problem)
        except Exception as problem:  # an author must see it where they look
            error = f"{type(problem).__name__}: {problem}"
        if error is not None:
            page = _ERROR_PAGE.format(title=f"Fejl – {html.escape(self.trial)}", message=html.escape(error))
        return Made(page, time.perf_counter() - began, error, pdf)

    def state(self) -> dict[str, tuple[int, int]]:
        """Date and size of every file that a save may have changed, by name."""
        try:
            return {
                str(path): (state.st_mtime_ns, state.st_size)
                for path in self._files()
                if (state := _state(path)) is not None
            }
        except OSError:  # a folder was removed while it was looked through: the next look tells
            return {}

    def _files(self) -> Iterator[Path]:
        yield self.project.root / "_quarto.yml"
        for folder in (self.project.reports_dir, self.project.data_dir / self.trial):
            for path in folder.rglob("*"):
                inside = path.relative_to(folder).parts
                if not any(part.startswith(".") or part in _SKIPPED for part in inside):
                    yield path

    def _render(self, form: str) -> bytes:
        request = BatchRequest(trials=(self.trial,), municipalities=(self.kommune,), formats=(form,))
        plan = make_plan(self.project, request)
        report = plan.reports[0]
        with TemporaryDirectory(prefix="rl-preview-", ignore_cleanup_errors=True) as folder:
            cache = Cache(plan.out_dir)
            job = report_job(plan, report, self._ledger(plan, cache), cache.figures, Path(folder))
            alone = replace(job, sisters=())  # there is nothing for links to the other versions to lead to
            return render(alone).paths[form].read_bytes()

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
    """The page the browser is shown, with a number that grows with each new one; and the PDF, when it is asked for.

    Until the first report is made it is a page that waits for it.
    """

    version: int = 0
    page: str = field(
        default_factory=lambda: _with_reload(_WAITING_PAGE.format(title="Rapporten dannes"), 0, whole=False)
    )
    pdf_wanted: bool = False
    _pdf: Made | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def show(self, made: Made) -> None:
        """Show this page from now on."""
        with self._changed:
            self.version += 1
            self.page = _with_reload(made.page, self.version, whole=made.error is None)
            self._pdf = None
            self._changed.notify_all()

    def after(self, version: int) -> int:
        """The version, as soon as it is not `version` any more or the wait has been long."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, timeout=_HOLD)
            return self.version

    def pdf(self) -> Made | None:
        """The report as PDF, waiting for it to be made; None when nobody makes it."""
        with self._changed:
            self.pdf_wanted = self._pdf is None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._pdf is not None, timeout=_PDF_HOLD)
            return self._pdf

    def give_pdf(self, made: Made) -> None:
        """What was asked for."""
        with self._changed:
            self.pdf_wanted, self._pdf = False, made
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    # Elsewhere it lets a port be taken again at once; on Windows it would let two programs share one.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._lock = threading.Lock()
        self.open_connections = 0
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own; with too many open, the new one is closed."""
        with self._lock:
            taken = self.open_connections < MOST_CONNECTIONS
            self.open_connections += taken
        if taken:
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self.open_connections -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of what went wrong, but not that a page was closed while it was sent, or said nothing for long."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class PreviewServer:
    """Serves what is shown on the loopback address. Port 0 takes a free one.

    Raises:
        PortTakenError
    """

    def __init__(self, shown: Shown, port: int = 0) -> None:
        try:
            self._server = _Server((LOOPBACK, port), _handler(shown))
        except OSError as error:
            raise PortTakenError(
                f"port {port} of this machine cannot be used: {error.strerror or error}",
                hint="leave --port out, and a free one is taken",
            ) from None
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def open_connections(self) -> int:
        """How many there are now."""
        return self._server.open_connections

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
        elif shown.pdf_wanted:
            made = preview.make("pdf")
            shown.give_pdf(made)
            told(made)
        else:
            stop.wait(_PAUSE)


def _state(path: Path) -> Any:
    try:
        return path.stat() if path.is_file() else None
    except OSError:
        return None  # between an editor's removing and writing it


def _with_reload(page: str, version: int, *, whole: bool) -> str:
    head, end, rest = page.rpartition("</body>")
    script = _RELOAD % (version, "true" if whole else "false")
    return with_policy(f"{head}{script}{end}{rest}" if end else rest + script, connect=True)


def _handler(shown: Shown) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _IDLE

        def do_GET(self) -> None:
            port = self.connection.getsockname()[1]
            # Another site's page must not read a report through this one, under whatever name it calls this machine.
            if self.headers.get_all("Host") not in ([f"{LOOPBACK}:{port}"], [f"localhost:{port}"]):
                self.send_error(HTTPStatus.FORBIDDEN)
            elif asked := re.fullmatch(r"/version\?after=(\d{1,9})", self.path):
                version = shown.after(int(asked[1]))
                self._answer(json.dumps({"version": version}), "application/json")
            elif self.path == "/":
                self._answer(shown.page, "text/html; charset=utf-8")
            elif self.path == "/rapport.pdf":
                self._answer_pdf()
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: the command line tells of renders, not of requests."""

        def _answer_pdf(self) -> None:
            made = shown.pdf()
            if made is None:
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            elif made.pdf is None:
                self._answer(made.page, "text/html; charset=utf-8")
            else:
                self._answer(made.pdf, "application/pdf")

        def _answer(self, answer: str | bytes, kind: str) -> None:
            content = answer.encode("utf-8") if isinstance(answer, str) else answer
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def end_headers(self) -> None:
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            super().end_headers()

    return Handler
