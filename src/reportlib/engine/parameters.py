"""Finds the document's parameters cell and puts a report's values in its place.

The cell holds only plain assignments, `kommune = "Alle"`: their names are the document's parameters, their values the
defaults. Values are written into Python source with `repr`, so a name with quotes or newlines stays a value.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportlib.engine.qmd import Cell, Document, Place
from reportlib.errors import ReportlibError, did_you_mean

TAG = "parameters"
Value = str | int | float | bool | None


class ParametersCellMissingError(ReportlibError):
    """A value was given to a document that has no parameters cell."""


class ParametersCellInvalidError(ReportlibError):
    """The parameters cell does more than assign plain values, or there are two of them."""


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
