"""Small faults: which changes can be made in a file of Python, each on one line.

Not changed are docstrings, type annotations, decorators, what a module says it exports, and the wording of errors.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


def pairs(names: str, others: str) -> dict[type, type]:
    return {getattr(ast, a): getattr(ast, b) for a, b in zip(names.split(), others.split(), strict=True)}


EDGE = pairs("Lt LtE Gt GtE", "LtE Lt GtE Gt")
OPPOSITE = pairs("Lt LtE Gt GtE Eq NotEq Is IsNot In NotIn", "GtE Gt LtE Lt NotEq Eq IsNot Is NotIn In")
ARITHMETIC = pairs("Add Sub Mult Div FloorDiv", "Sub Add Div Mult Mult")
OTHER_NAME = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
NOT_CHANGED = {"annotation", "returns", "decorator_list", "type_params"}
NOT_CHANGED_KEYWORDS = {"strict", "description"}  # zip's own test of lengths; words of docs/trial.md


@dataclass(frozen=True)
class Mutant:
    """One change: where it stands in the source (bytes), what stands there instead, and the lines before and after.

    `on_import`: the line runs when the module is imported, and not in a function.
    """

    file: str
    line: int
    start: int
    end: int
    instead: str
    before: str
    after: str
    on_import: bool

    def of(self, source: bytes) -> bytes:
        return source[: self.start] + self.instead.encode() + source[self.end :]


def changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Each node to replace and the code to put there, for the changes that belong to this node itself."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for table in (EDGE, OPPOSITE):
                if type(op) in table:
                    yield node, f"({ast.unparse(ast.Compare(left, [table[type(op)]()], [right]))})"
        case ast.BoolOp(op=op, values=values):
            yield node, f"({ast.unparse(ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC and not (
            is_text(left) or is_text(right)
        ):
            yield node, f"({ast.unparse(ast.BinOp(left, ARITHMETIC[type(op)](), right))})"
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.Constant(value=bool() as value):
            yield node, str(not value)
        case ast.Constant(value=int() | float() as value):
            yield from (
                (node, repr(other)) for other in (value + 1, value - 1 if isinstance(value, int) else value * 1.1)
            )
        case ast.Constant(value=str() as value) if value:
            yield from ((node, other) for other in (repr(value + "X"), "''"))
        case ast.JoinedStr(values=values):
            for at, part in enumerate(values):
                if isinstance(part, ast.Constant):
                    yield node, ast.unparse(ast.JoinedStr([*values[:at], *values[at + 1 :]]))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, "return None"
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield node, "pass"
        case ast.If(test=test) | ast.IfExp(test=test):
            yield from ((test, other) for other in ("True", "False"))
        case ast.comprehension(ifs=ifs):
            yield from ((test, "True") for test in ifs)
        case ast.Call(func=ast.Name(id=name) as called) if name in OTHER_NAME:
            yield called, OTHER_NAME[name]


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that are changed themselves: no annotation, decorator, docstring or wording of an error."""
    wordless = isinstance(node, ast.Raise) or (
        isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Error") for base in node.bases)
    )
    for name, value in ast.iter_fields(node):
        if name in NOT_CHANGED or wordless:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.ImportFrom):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.keyword) and child.arg in NOT_CHANGED_KEYWORDS:
                continue
            if isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "__all__":
                continue
            if isinstance(child, ast.Call) and ast.unparse(child.func) == "Setting":  # says why, to who reads the code
                continue
            yield child
            if not isinstance(child, ast.JoinedStr):  # Python 3.11 does not say where the parts of one stand
                yield from inside(child)


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """Every change that can be made in a file."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found, tree = [], ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    within = {line for node in functions for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)}
    for node in inside(tree):
        for place, instead in changes(node):
            start = starts[place.lineno - 1] + place.col_offset
            end = starts[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
            first, last = starts[place.lineno - 1], source.find(b"\n", end)
            after = (source[first:start] + instead.encode() + source[end:last]).decode()
            lines = (source[first:last].decode(), after)
            found.append(Mutant(file, place.lineno, start, end, instead, *lines, place.lineno not in within))
    return [mutant for mutant in found if mutant.before != mutant.after]
