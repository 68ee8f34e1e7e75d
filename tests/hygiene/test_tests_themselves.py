"""What every test keeps to, so that any of them can be run with any other, in any order, and code can be changed."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the tests, by its place."""
    paths = sorted(TESTS.rglob("*.py"))
    return tuple((path.relative_to(TESTS).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def imported() -> Iterator[tuple[str, str, str]]:
    """Place, module and name of everything that is imported from somewhere."""
    for place, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield from ((place, node.module, alias.name) for alias in node.names)


def test_nothing_is_imported_from_a_conftest() -> None:
    """Of several conftests in one run only one can be imported."""
    assert [place for place, module, _ in imported() if module == "conftest"] == []


def test_no_private_name_of_the_library_is_imported() -> None:
    found = [(place, name) for place, module, name in imported() if module.startswith("reportlib") and name[0] == "_"]
    assert found == []


def test_no_private_name_of_the_library_is_reached_into() -> None:
    """Neither read from one of its modules nor put in its place."""
    own = defaultdict(set)
    for place, module, name in imported():
        if module.startswith("reportlib"):
            own[place].add(name)
    found = []
    for place, tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in own[place]:
                    private = attribute
                case ast.Call(
                    func=ast.Attribute(attr="setattr"), args=[ast.Name(id=name), ast.Constant(value=str(private)), *_]
                ) if name in own[place]:
                    pass
                case _:
                    continue
            if private.startswith("_") and not private.startswith("__") and private != "_repr_markdown_":
                found.append(f"{place}:{node.lineno}: {name}.{private}")
    assert found == []


def test_no_two_modules_of_the_tests_have_one_name() -> None:
    names = Counter(Path(place).name for place, _ in trees())
    scripts = {"conftest.py", "derive.py"}  # that made the data beside it, and is imported by nobody
    assert [name for name, count in names.items() if count > 1 and name not in scripts] == []


def compared_with_a_clock(test: ast.Assert) -> bool:
    """Whether an assertion reads a clock itself."""
    return any(isinstance(node, ast.Attribute) and node.attr in CLOCKS for node in ast.walk(test))


def test_no_assertion_rests_on_a_clock() -> None:
    found = [
        f"{place}:{node.lineno}"
        for place, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and compared_with_a_clock(node)
    ]
    assert found == []


def test_the_path_of_modules_is_set_in_one_place() -> None:
    """pyproject.toml says where helpers lie; what one test adds to the path another would come to need."""
    added = ("sys.path.append(", "sys.path.insert(")
    texts = {place: (TESTS / place).read_text(encoding="utf-8").splitlines() for place, _ in trees()}
    found = [place for place, lines in texts.items() for line in lines if line.startswith(added)]
    assert found == []


def test_an_empty_list_of_cases_fails(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getini("empty_parameter_set_mark") == "fail_at_collect"
