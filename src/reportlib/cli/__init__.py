"""The command line: thin shells around the library. `main` is the entry point."""

from reportlib.cli.app import main

__all__ = ["main"]
