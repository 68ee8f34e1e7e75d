"""A fresh IPython shell for one document: no history, no prompts, no profile folder, nothing left behind."""

from __future__ import annotations

import atexit
import importlib
import linecache
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from traceback import FrameSummary
from typing import Any

from reportlib.engine.outputs import Printed, Shown
from reportlib.engine.qmd import Cell, Place

_REMEMBERED = 512  # cells: those of a few documents


@dataclass
class Shell:
    """IPython's shell as `ipython`; `outputs` collects what the running cell prints and shows, in order."""

    ipython: Any
    outputs: list[Printed | Shown] = field(default_factory=list)
    _cells: dict[str, Cell] = field(default_factory=dict)
    _current: str = ""

    def enter(self, cell: Cell) -> str:
        """Give `cell` a file name of its own, so that a traceback's frames lead back to lines of the document."""
        self.outputs.clear()
        self._current = f"<{cell.place}>"
        self._cells[self._current] = cell
        return self._current

    def ran(self, filename: str) -> bool:
        """Whether code under this file name came from the document."""
        return filename in self._cells

    def place(self, frame: FrameSummary) -> Place | None:
        """The line of the document a traceback's frame stands for, or None for code from elsewhere."""
        cell = self._cells.get(frame.filename)
        return None if cell is None else Place(cell.place.path, cell.first_line + (frame.lineno or 1) - 1)

    def code_name(self, *_source: object) -> str:
        return self._current

    def forget(self) -> None:
        for name in self._cells:
            linecache.cache.pop(name, None)


@contextmanager
def open_shell(folder: Path) -> Iterator[Shell]:
    """A shell registered as `get_ipython()` until the block ends; a notebook the caller sits in gets its own back."""
    base: Any = importlib.import_module("IPython.core.interactiveshell").InteractiveShell
    outer = base._instance
    if outer is not None:
        type(outer).clear_instance()
    kind = _shell_class(base)
    config = importlib.import_module("traitlets.config").Config()
    config.HistoryManager.enabled = False
    ipython = kind.instance(config=config, ipython_dir=str(folder / ".ipython"), colors="nocolor")
    shell = Shell(ipython)
    ipython.collected = shell.outputs
    ipython.compile.get_code_name = shell.code_name
    ipython.input_transformer_manager = _transformer_class()()
    try:
        yield shell
    finally:
        atexit.unregister(ipython.atexit_operations)  # it would keep every document's variables until the process ends
        ipython.restore_sys_module_state()
        ipython.reset(new_session=False)
        kind.clear_instance()
        if outer is not None:
            for known in type(outer)._walk_mro():
                known._instance = outer
        shell.forget()


@cache
def _transformer_class() -> Any:
    manager: Any = importlib.import_module("IPython.core.inputtransformer2").TransformerManager

    @lru_cache(maxsize=_REMEMBERED)
    def transformed(cell: str, cleanup: tuple[Any, ...], lines: tuple[Any, ...], tokens: tuple[Any, ...]) -> str:
        plain = manager()
        plain.cleanup_transforms, plain.line_transforms = list(cleanup), list(lines)
        plain.token_transformers = list(tokens)
        text: str = plain.transform_cell(cell)
        return text

    class RememberingManager(manager):  # type: ignore[misc]
        """Looks for magics in a cell once: all versions of a document have the same cells."""

        def transform_cell(self, cell: str) -> str:
            steps = (self.cleanup_transforms, self.line_transforms, self.token_transformers)
            return transformed(cell, *map(tuple, steps))

    return RememberingManager


@cache
def _shell_class(base: Any) -> Any:
    display_hook: Any = importlib.import_module("IPython.core.displayhook").DisplayHook
    display_publisher: Any = importlib.import_module("IPython.core.displaypub").DisplayPublisher

    class Hook(display_hook):  # type: ignore[misc]
        def __call__(self, result: object = None) -> None:
            if result is not None and not self.quiet():
                forms, _ = self.compute_format_data(result)
                self.shell.collected.append(Shown(forms, type(result).__name__))

        def flush(self) -> None:
            """Nothing is kept to be thrown away; IPython would look through the whole process for garbage."""

    class Publisher(display_publisher):  # type: ignore[misc]
        def publish(self, data: Mapping[str, Any], *_args: object, **_options: object) -> None:
            self.shell.collected.append(Shown(dict(data), "value"))

    class CollectingShell(base):  # type: ignore[misc]
        displayhook_class = Hook
        display_pub_class = Publisher
        collected: list[Printed | Shown]

        def _showtraceback(self, *_args: object) -> None:
            """Exceptions are taken from the run's result; IPython's coloured traceback goes nowhere."""

    return CollectingShell
