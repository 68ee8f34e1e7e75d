"""How the commands print: errors without a traceback, tables for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from typing import Any

from reportlib.errors import ReportlibError


def print_error(error: ReportlibError) -> None:
    """The error on stderr: what is wrong, and the hint on a line of its own."""
    print(f"error: {error}", file=sys.stderr)


def print_json(document: Any) -> None:
    """The document as JSON on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2))
