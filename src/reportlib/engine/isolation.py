"""Runs one document without traces: whatever its cells do to the process is undone before the next one starts.

A worker renders many reports in one process. Working folder, environment, import path, modules imported from the
private folder, warning filters, random state and matplotlib's state all belong to a single report; a leak would make a
report's bytes depend on which one was rendered before it.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

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
