"""`reportlib preview`."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from reportlib.batch.preview import Made, Preview, PreviewServer, Shown, watch
from reportlib.batch.tasks import use_temporary_folder
from reportlib.cli import printing
from reportlib.trial.municipality import resolve
from reportlib.trial.project import find_project


def preview_report(trial: str, kommune: str, data_dir: Path | None, port: int) -> None:
    """Serve a report on this machine and make it again on every save, until Ctrl-C.

    Raises:
        NoProjectError, NoDocumentError, TrialFileError, UnknownMunicipalityError, PortTakenError
    """
    project = find_project(data_dir=data_dir)
    name = resolve(kommune, project.trial(trial).sites.names, trial=trial)
    project.document(trial)
    shown = Shown()
    with (
        suppress(KeyboardInterrupt),
        TemporaryDirectory(prefix="rl-preview-", ignore_cleanup_errors=True) as folder,
        PreviewServer(shown, port) as server,
    ):
        use_temporary_folder(Path(folder))  # what failed renders keep goes when the preview ends
        printing.say(f"{trial} {name}: {server.url} (Ctrl-C ends it)")
        watch(Preview(project, trial, name), shown, _tell, threading.Event())


def _tell(made: Made) -> None:
    if made.error is None:
        kind = "page" if made.pdf is None else "PDF"
        printing.say(f"{kind} made in {made.seconds:.1f} s")
    else:
        printing.say(f"error: {made.error}", stderr=True)
