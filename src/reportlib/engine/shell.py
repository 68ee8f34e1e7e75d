"""A fresh IPython shell for one document, in a process that is put back as it was.

A worker renders many reports in one process. Working folder, environment, import path, modules imported from the
private folder, warning filters, random state and matplotlib's state all belong to a single report; a leak would make a
report's bytes depend on which one was rendered before it. The shell has no history, no prompts and no profile folder.
"""

from __future__ import annotations

import atexit
import importlib
import linecache
import os
import random
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from traceback import FrameSummary
from typing import Any

from reportlib.engine.outputs import Printed, Shown
from reportlib.engine.qmd import Cell, Place

# The working folder and the environment belong to the whole process, so two documents may not run at once in two
# threads.
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def isolated(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Work in `folder` with `environment` added, and put the process back as it was on leaving."""
    with _ONE_AT_A_TIME, ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(_random_state())
        stack.enter_context(_environment({**environment, "MPLBACKEND": "Agg"}))
        stack.enter_context(_matplotlib_state())
        stack.enter_context(_imports(folder))
        stack.enter_context(_working_folder(folder))
        yield


@contextmanager
def _working_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _imports(folder: Path) -> Iterator[None]:
    """`import helper` finds the document's neighbours, and the next document finds its own."""
    path, main, modules = list(sys.path), sys.modules.get("__main__"), dict(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = path
        if main is not None:
            sys.modules["__main__"] = main
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) if modules.get(name) is not module else None
            if isinstance(file, str) and Path(file).is_relative_to(folder):
                del sys.modules[name]
        sys.path_importer_cache.pop(str(folder), None)


@contextmanager
def _random_state() -> Iterator[None]:
    """Every document starts from one seed: unseeded draws are the same in every run and order of reports."""
    import numpy.random  # not at the top: listing trials or planning a batch needs no NumPy

    before, numpy_before = random.getstate(), numpy.random.get_state()
    random.seed(0)
    numpy.random.seed(0)
    try:
        yield
    finally:
        random.setstate(before)
        numpy.random.set_state(numpy_before)


@contextmanager
def _matplotlib_state() -> Iterator[None]:
    loaded = sys.modules.get("matplotlib")
    with loaded.rc_context() if loaded is not None else nullcontext():
        try:
            yield
        finally:
            if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
                pyplot.close("all")
    if loaded is None and (now := sys.modules.get("matplotlib")) is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some of matplotlib's own defaults are deprecated names
            now.rc_file_defaults()


# What cells do to the process is undone before the next document starts.


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
