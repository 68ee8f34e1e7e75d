"""The command line in this process: as quick as a function, with its exit status and what it prints."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest import mock

from reportlib.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit status, stdout, stderr."""

    status: int
    out: str
    error: str


def run(arguments: Sequence[object]) -> Ended:
    """Run `reportlib` with these arguments. An exception that would be a traceback is raised here."""
    out, error = io.StringIO(), io.StringIO()
    status = 0
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(error),
            mock.patch.object(sys, "argv", ["reportlib", *map(str, arguments)]),
        ):
            main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
    return Ended(status, out.getvalue(), error.getvalue())
