"""Finds the document's parameters cell and puts a report's values in its place.

The cell holds only plain assignments, `kommune = "Alle"`: their names are the document's parameters, their values the
defaults. Values are written into Python source with `repr`, so a name with quotes or newlines stays a value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportlib.engine.qmd import Cell, Document, DocumentSyntaxError, Line, Place, Prose
from reportlib.errors import ReportlibError, did_you_mean

TAG = "parameters"
Value = str | int | float | bool | None


class ParametersCellMissingError(ReportlibError):
    """A value was given to a document that has no parameters cell."""


class ParametersCellInvalidError(ReportlibError):
    """The parameters cell does more than assign plain values, or there are two of them."""

    usual_hint = "write one cell of plain values, each `name = value`"


class ParameterValueError(ReportlibError):
    """A value that does not fit the type of the default."""


@dataclass(frozen=True)
class Parameters:
    """The parameters a document declares, with their defaults."""

    cell: Cell
    defaults: Mapping[str, Value]


def find_parameters(document: Document) -> Parameters | None:
    """The document's parameters, or None when no cell is tagged `parameters`.

    Raises: ParametersCellInvalidError.
    """
    cells = [cell for cell in document.cells if TAG in cell.tags]
    if not cells:
        return None
    if len(cells) > 1:
        raise ParametersCellInvalidError(
            f"{cells[1].place}: a second cell tagged `{TAG}` (the first: {cells[0].place})"
        )
    return Parameters(cells[0], _read_defaults(cells[0]))


def inject(document: Document, values: Mapping[str, str]) -> Document:
    """The document with `values` added to its parameters cell, each converted to the type of the default.

    Raises: ParametersCellMissingError, ParametersCellInvalidError, UnknownParameterError (with near names),
    ParameterValueError.
    """
    if not values:
        return document
    parameters = find_parameters(document)
    if parameters is None:
        raise ParametersCellMissingError(
            f"{document.path.name} takes no parameters, but {', '.join(sorted(values))} was given",
            hint=f'add a cell with `#| tags: [{TAG}]` and a line such as `kommune = "Alle"`',
        )
    for name in values:
        if name not in parameters.defaults:
            from reportlib.document import UnknownParameterError  # with Matplotlib, which a plan does without

            raise UnknownParameterError(
                f"{parameters.cell.place}: {document.path.name} has no parameter {name!r}",
                hint=did_you_mean(name, parameters.defaults),
            )
    converted = {name: _convert(name, text, parameters.defaults[name]) for name, text in values.items()}
    assignments = "\n".join(f"{name} = {value!r}" for name, value in converted.items())
    cell = replace(parameters.cell, source=f"{parameters.cell.source}\n{assignments}")
    return replace(document, parts=tuple(cell if part is parameters.cell else part for part in document.parts))


def _read_defaults(cell: Cell) -> dict[str, Value]:
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        place = Place(cell.place.path, cell.first_line + (error.lineno or 1) - 1)
        raise ParametersCellInvalidError(f"{place}: the parameters cell is not Python: {error.msg}") from None
    defaults: dict[str, Value] = {}
    for statement in body:
        place = Place(cell.place.path, cell.first_line + statement.lineno - 1)
        name, value = _plain_assignment(statement, place)
        if name in defaults:
            raise ParametersCellInvalidError(f"{place}: the parameter {name!r} is assigned twice")
        defaults[name] = value
    return defaults


def _plain_assignment(statement: ast.stmt, place: Place) -> tuple[str, Value]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as expression):
            pass
        case _:
            raise ParametersCellInvalidError(f"{place}: the parameters cell may only assign values, `name = value`")
    try:
        value = ast.literal_eval(expression)
    except ValueError:
        value = ...
    if value is not None and not isinstance(value, str | int | float):
        raise ParametersCellInvalidError(
            f"{place}: the default of {name!r} must be text, a number, True, False or None"
        )
    return name, value


def _convert(name: str, text: str, default: Value) -> Value:
    if isinstance(default, bool):
        words = {"true": True, "false": False}
        if text.casefold() not in words:
            raise ParameterValueError(f"parameter {name!r}: {text!r} is neither true nor false")
        return words[text.casefold()]
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            kind = "a whole number" if isinstance(default, int) else "a number"
            raise ParameterValueError(f"parameter {name!r}: {text!r} is not {kind}") from None
    return text


# What a document holds for one of its versions only: prose and cells in `::: {.kun-kommune}` or `::: {.kun-hele}`.
#
# The blocks are taken out before any cell runs, so that what is not of this version costs nothing, and no number of it
# is counted. Under Quarto the theme does the same to what the cells gave (`forside.lua`).


_FENCE = re.compile(r"^ {0,3}:{3,}\s*(?P<what>.*?)\s*$")
_OF_VERSION = re.compile(r"^\{\s*\.kun-(?P<version>kommune|hele)\s*\}$|^kun-(?P<word>kommune|hele)$")


def of_version(document: Document, *, whole: bool) -> Document:
    """The document as the whole trial's version holds it, or a municipality's; its blocks' fences become empty lines.

    Raises:
        DocumentSyntaxError: a block is never closed.
    """
    reader = _Blocks(whole)
    parts: list[Prose | Cell] = []
    for part in document.parts:
        if isinstance(part, Prose):
            parts.append(reader.prose(part))
        elif reader.shown:
            parts.append(part)
    if place := reader.open_since:
        raise DocumentSyntaxError(f"{place}: the block that starts here is never closed", hint="add a line with :::")
    return replace(document, parts=tuple(parts))


class _Blocks:
    """Divs that are open, outermost first: (whether it is of a version, whether that is this one, where it began)."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.open: list[tuple[bool, bool, Place]] = []

    @property
    def shown(self) -> bool:
        return all(here for _, here, _ in self.open)

    @property
    def open_since(self) -> Place | None:
        return next((place for ours, _, place in self.open if ours), None)

    def prose(self, part: Prose) -> Prose:
        return replace(part, lines=tuple(self._line(line, at in part.code) for at, line in enumerate(part.lines)))

    def _line(self, line: Line, code: bool) -> Line:
        empty = replace(line, text="")
        fence = None if code else _FENCE.match(line.text)
        if fence is None:
            return line if self.shown else empty
        if fence["what"]:
            found = _OF_VERSION.match(fence["what"])
            version = found and (found["version"] or found["word"])
            here = version is None or (version == "hele") == self.whole
            shown = self.shown and found is None
            self.open.append((found is not None, here, line.place))
            return line if shown else empty
        ours = self.open.pop()[0] if self.open else False
        return line if self.shown and not ours else empty
