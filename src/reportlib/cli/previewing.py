"""`reportlib preview`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from reportlib.batch.preview import Made, Preview, PreviewServer, Shown, watch
from reportlib.project import find_project


def preview_report(trial: str, kommune: str, data_dir: Path | None, port: int) -> None:
    """Serve a report on this machine and make it again on every save, until Ctrl-C.

    Raises:
        NoProjectError, TrialFileError
    """
    project = find_project(data_dir=data_dir)
    project.trial(trial)
    shown = Shown()
    with PreviewServer(shown, port) as server:
        print(f"{trial} {kommune}: {server.url} (Ctrl-C ends it)", flush=True)
        try:
            watch(Preview(project, trial, kommune), shown, _tell, threading.Event())
        except KeyboardInterrupt:
            print()


def _tell(made: Made) -> None:
    if made.error is None:
        print(f"made in {made.seconds:.1f} s", flush=True)
    else:
        print(f"error: {made.error}", file=sys.stderr, flush=True)
