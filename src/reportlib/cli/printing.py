"""How the commands print: errors without a traceback, tables for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from typing import Any

from reportlib.errors import ReportlibError


class SystemRefusedError(ReportlibError):
    """The system refused a file or a connection: the disk is full, a folder may not be written to."""

    @classmethod
    def of(cls, error: OSError) -> SystemRefusedError:
        """The same as an error without a traceback."""
        file, reason = error.filename2 or error.filename, error.strerror or str(error)
        return cls(f"{reason}: {file}" if file else reason, hint="is the disk full, or may the folder not be written?")


def print_error(error: ReportlibError) -> None:
    """The error on stderr: what is wrong, and the hint on a line of its own."""
    print(f"error: {error}", file=sys.stderr)


def print_json(document: Any) -> None:
    """The document as JSON on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2))
