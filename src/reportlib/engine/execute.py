"""Runs a document's cells and inline expressions in order and assembles the Markdown, each line with its place.

IPython runs the cells, one fresh shell a document, in this process: a kernel per report would cost seconds. Nothing of
IPython's own look reaches the reader: output is collected, and an exception becomes one error that names the document's
file and line.
"""

from __future__ import annotations

import importlib
import io
import re
import sys
import textwrap
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from reportlib.engine.outputs import (
    INLINE_FORMS,
    VALUE_SIGNS,
    Printed,
    Shown,
    cell_markdown,
    check_options,
    figure_markdown,
    inline_markdown,
    without_drawing,
)
from reportlib.engine.qmd import USE_QUARTO, Cell, Document, Line, Place, Prose, UnsupportedFeatureError
from reportlib.engine.shell import Shell, isolated, open_shell
from reportlib.errors import ReportlibError

_FIGURE_WORDS = {"fig-cap", "fig-alt", "fig-subcap"}
# Quarto's own pattern: one backtick, the language, a space or tab, and no backtick inside.
INLINE_CODE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")
_INLINE_OPEN = re.compile(r"(?<!`)`\{python\}(?![ \t][^`]+`)")
_SHOWN_LINES = 8


class CellFailedError(ReportlibError):
    """A cell or an inline expression raised an exception."""


class PictureNotPlacedError(ReportlibError):
    """A cell left a matplotlib figure open: Quarto would print it, the embedded engine would lose it."""


@dataclass
class Assembly:
    """The Markdown so far. It is filled while the document runs, so that a failed run can still be looked at.

    `texts` is what Pandoc made of it, by format.
    """

    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def markdown(self) -> str:
        return "\n".join(line.text for line in self.lines) + "\n"


def execute(document: Document, *, folder: Path, environment: Mapping[str, str], assembly: Assembly) -> None:
    """Run `document` in `folder` with `environment`, adding to `assembly`.

    Raises: CellFailedError, PictureNotPlacedError, UnsupportedFeatureError, InlineValueMissingError.
    """
    for cell in document.cells:
        check_options(cell)
    with isolated(folder, environment), open_shell(folder) as shell:
        for part in document.parts:
            if isinstance(part, Cell):
                _run_cell(shell, part, assembly, folder)
            else:
                _run_inline(shell, part, assembly)


class _Output(io.TextIOBase):
    """Standard output of a cell, collected in order with the values it shows."""

    def __init__(self, outputs: list[Printed | Shown]) -> None:
        self.outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.outputs.append(Printed(text))
        return len(text)


@contextmanager
def _collected(shell: Shell, place: Place, assembly: Assembly) -> Iterator[None]:
    """Output goes to the shell's list; warnings and whatever else would reach the terminal go to the assembly's."""
    errors = io.StringIO()
    try:
        with (
            redirect_stdout(_Output(shell.outputs)),
            redirect_stderr(errors),
            warnings.catch_warnings(record=True) as caught,
        ):
            yield
    finally:
        for warning in caught:
            here = shell.place(traceback.FrameSummary(warning.filename, warning.lineno, "")) or place
            assembly.warnings.append(f"{here}: {warning.category.__name__}: {warning.message}")
        assembly.warnings += [f"{place}: {line.strip()}" for line in errors.getvalue().splitlines() if line.strip()]


def _run_cell(shell: Shell, cell: Cell, assembly: Assembly, folder: Path) -> None:
    if re.match(r"\s*%%", cell.source):
        raise UnsupportedFeatureError(
            f"{cell.place}: a cell magic ({cell.source.split(maxsplit=1)[0]})", hint=USE_QUARTO
        )
    shell.enter(cell)
    with _collected(shell, cell.place, assembly), _figures_shown(cell) as shown:
        result = shell.ipython.run_cell(cell.source, store_history=False)
    if (error := result.error_before_exec or result.error_in_exec) is not None:
        raise _failure(error, shell, cell.place) from error
    visible = cell.options.get("include", True) is not False
    outputs, figure = shell.outputs, ""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if visible and pyplot is not None and (figures := [*shown, *map(pyplot.figure, pyplot.get_fignums())]):
        if not _FIGURE_WORDS & set(cell.options):
            raise PictureNotPlacedError(
                f"{cell.place}: the cell leaves a matplotlib figure open",
                hint="say what it shows: `#| fig-alt: ...`, and `#| label: fig-a` and `#| fig-cap: ...` for a caption; "
                "or save it under figs/, close it, and print its Markdown",
            )
        outputs, figure = without_drawing(outputs), figure_markdown(cell, _saved_figures(pyplot, figures, cell, folder))
    markdown = "\n\n".join(filter(None, (cell_markdown(cell, outputs), figure)))
    _add_block(assembly, textwrap.indent(markdown, cell.indent), cell.place)


@contextmanager
def _figures_shown(cell: Cell) -> Iterator[list[Any]]:
    """The figures that the cell is done with: after `plt.show()` what is drawn is a new one, as in a notebook."""
    shown: list[Any] = []
    if ".show(" not in cell.source or not _FIGURE_WORDS & set(cell.options):
        yield shown
        return
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    before = pyplot.show

    def show(*_: Any, **__: Any) -> None:
        shown.extend(map(pyplot.figure, pyplot.get_fignums()))
        pyplot.close("all")

    pyplot.show = show
    try:
        yield shown
    finally:
        pyplot.show = before


def _saved_figures(pyplot: Any, figures: Sequence[Any], cell: Cell, folder: Path) -> list[str]:
    """The figures as files, the same bytes every time, letters drawn: no reader needs their fonts."""
    (folder / "figs").mkdir(exist_ok=True)
    files = []
    for number, figure in enumerate(figures, 1):
        stem = re.sub(r"[^\w-]", "-", str(cell.options.get("label") or f"celle-{cell.place.line}"))
        name = f"figs/{stem}-{number}.svg"
        with pyplot.rc_context({"svg.hashsalt": "reportlib", "svg.fonttype": "path"}):
            figure.savefig(folder / name, metadata={"Date": None}, bbox_inches="tight")
        pyplot.close(figure)
        files.append(name)
    return files


def _run_inline(shell: Shell, prose: Prose, assembly: Assembly) -> None:
    may_be_tex = any("$" in line.text for line in prose.lines)
    for index, line in enumerate(prose.lines):
        text = line.text
        if index not in prose.code and "`{python}" in text:
            if _INLINE_OPEN.search(text):
                raise UnsupportedFeatureError(
                    f"{line.place}: an inline expression that is not closed on its own line",
                    hint="write it on one line: `{python} expression`",
                )
            text = _replace_inline(shell, text, line.place, assembly, may_be_tex=may_be_tex)
        assembly.lines += [Line(piece, line.place) for piece in text.split("\n")]


def _replace_inline(shell: Shell, text: str, place: Place, assembly: Assembly, *, may_be_tex: bool) -> str:
    before, after = VALUE_SIGNS if may_be_tex else ("", "")
    return INLINE_CODE.sub(lambda match: f"{before}{_inline(shell, match[1].strip(), place, assembly)}{after}", text)


def _inline(shell: Shell, expression: str, place: Place, assembly: Assembly) -> str:
    name = shell.enter(Cell(expression, {}, place, place.line))
    try:
        with _collected(shell, place, assembly):
            value = eval(compile(expression, name, "eval"), shell.ipython.user_global_ns, shell.ipython.user_ns)
            forms, _ = shell.ipython.display_formatter.format(value, include=INLINE_FORMS)
    except Exception as error:
        raise _failure(error, shell, place) from error
    return inline_markdown(forms, value, place, expression)


def _add_block(assembly: Assembly, markdown: str, place: Place) -> None:
    if not markdown:
        return
    blank = Line("", place)
    lines = [Line(text, Place(place.path, place.line, number)) for number, text in enumerate(markdown.split("\n"), 1)]
    assembly.lines += [blank, *lines, blank]


def _failure(error: BaseException, shell: Shell, place: Place) -> BaseException:
    if isinstance(error, KeyboardInterrupt):
        return error
    if isinstance(error, SyntaxError) and shell.ran(error.filename or ""):
        place = shell.place(traceback.FrameSummary(error.filename or "", error.lineno, "")) or place
        return CellFailedError(f"{place}: not Python: {error.msg}: {(error.text or '').strip()}")
    frames = traceback.extract_tb(_own_part(error.__traceback__, shell))
    place = next((found for frame in reversed(frames) if (found := shell.place(frame))), place)
    if isinstance(error, ReportlibError):
        return CellFailedError(f"{place}: {error.message}", hint=error.hint)
    what = traceback.format_exception_only(type(error), error)
    trace = "".join([*traceback.format_list(_readable(frames, shell)), *what]).rstrip().splitlines()
    return CellFailedError(
        f"{place}: {what[-1].strip()}\n" + "\n".join(f"    {line}" for line in trace[-_SHOWN_LINES:])
    )


def _own_part(trace: TracebackType | None, shell: Shell) -> TracebackType | None:
    """The traceback from the first frame of the document on: what IPython and the engine did before is noise."""
    step = trace
    while step is not None and not shell.ran(step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return step


def _readable(frames: list[traceback.FrameSummary], shell: Shell) -> list[traceback.FrameSummary]:
    readable = []
    for frame in frames:
        found = shell.place(frame)
        file, line = (found.path.as_posix(), found.line) if found else (frame.filename, frame.lineno)
        readable.append(traceback.FrameSummary(file, line, frame.name, lookup_line=False, line=frame.line))
    return readable
