"""Running a document without setting it: what fails when its cells run, and what a run shows that nobody meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportlib.engine.execute import INLINE_CODE, Assembly, execute
from reportlib.engine.parameters import find_parameters
from reportlib.engine.qmd import Cell, Document, Line, read_document
from reportlib.engine.sources import parsed
from reportlib.engine.versions import of_version
from reportlib.engine.workspace import open_workspace
from reportlib.errors import ReportlibError
from reportlib.numbers.breaks import Break, Kind

_IDENTIFIER = re.compile(r"\{[^{}]*?#((?:fig|tbl|sec|eq|lst)-[\w-]*\w)")
_PRINTERS = frozenset({"vis", "forside", "i_linjen"})


def run_document(path: Path, project: Path, *, environment: Mapping[str, str]) -> list[Break]:
    """Run the whole trial's version of a document in a private folder and tell what is wrong, with file and line.

    A wrong function, a missing import or a wrong key ends the run and is told as rendering would tell it. Also told: a
    figure, table or section that is asked for and not printed, an identifier that stands twice, and a parameter that no
    code reads.
    """
    with open_workspace(path, project) as workspace:
        document = read_document(workspace.document, root=workspace.root)
        assembly = Assembly()
        breaks = [*_not_printed(document), *_unread_parameters(document)]
        try:
            execute(
                of_version(document, whole=True), folder=workspace.folder, environment=environment, assembly=assembly
            )
        except ReportlibError as error:
            told = f"{error.message} ({error.hint})" if error.hint else error.message
            return [*breaks, Break(Kind.FAILED, told)]
    return [*breaks, *_twice(assembly.lines)]


def _not_printed(document: Document) -> Iterator[Break]:
    """`r.vis(...)` alone on a line: what it gives is text, and goes nowhere without `print`."""
    for cell in document.cells:
        for node in ast.walk(parsed(cell.source)):
            match node:
                case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _PRINTERS:
                    place = f"{cell.place.path.as_posix()}:{cell.first_line + node.lineno - 1}"
                    yield Break(Kind.MISSING, f"what `{name}` gives is not printed: write print(…)", place=place)
                case _:
                    pass


def _unread_parameters(document: Document) -> Iterator[Break]:
    parameters = find_parameters(document)
    if parameters is None:
        return
    read: set[str] = set()
    for part in document.parts:
        if isinstance(part, Cell):
            sources = [part.source]
        else:
            sources = [code for line in part.lines for code in INLINE_CODE.findall(line.text)]
        for source in sources:
            names = (node for node in ast.walk(parsed(source)) if isinstance(node, ast.Name))
            read |= {node.id for node in names if isinstance(node.ctx, ast.Load)}
    for name in parameters.defaults:
        if name not in read:
            why = f"the parameter {name!r} is read by no code: every value gives the same report"
            yield Break(Kind.UNKNOWN, why, place=str(parameters.cell.place))


def _twice(lines: list[Line]) -> Iterator[Break]:
    first: dict[str, Line] = {}
    for line in lines:
        for name in _IDENTIFIER.findall(line.text):
            if name in first:
                why = f"#{name} stands twice: first at {first[name].place}"
                yield Break(Kind.REFERENCE, why, place=str(line.place))
            first.setdefault(name, line)
