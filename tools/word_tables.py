"""docs/words.md: every fixed text that a report, a page or a file for others can print, made from the modules.

Sentences that the estimates choose stand in docs/wordings.md; here is the rest: what a statistic, a unit, an account or
a light is called, headings, notes and names of columns. They are found by walking the modules, not by a list.
`python tools/word_tables.py docs/words.md` renews the page; what changed is then read. A test tells when it is due.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import reportlib
from reportlib.prose.wording import WordingTable

HEAD = """# What is always called the same

Made by `python tools/word_tables.py docs/words.md`; do not edit. Names, headings and notes as they are printed, by part
of the library; before the colon what they stand for. A test fails when the page is out of date, so that a word that
reaches a reader is never changed unread. Sentences that the estimates choose: [wordings.md](wordings.md).
"""
FOR_READERS = ("batch", "danish", "engine", "exchange", "ledger", "numbers", "prose", "show", "text", "trial")

_OF_CODE = ("\\", "<", "http:")  # in patterns, markup and names of namespaces


def page() -> str:
    parts = [HEAD]
    for package in FOR_READERS:
        modules = iter_modules([str(Path(reportlib.__path__[0], package))])
        lines = {line for found in modules for line in _of_module(import_module(f"reportlib.{package}.{found.name}"))}
        parts.append(f"\n## {package}\n\n" + "\n".join(sorted(lines)) + "\n")
    return "".join(parts)


def _of_module(module: ModuleType) -> Iterator[str]:
    """One line a name of a kind, a text that stands by itself, and a row of a table of texts."""
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, enum.Enum) and value.__module__ == module.__name__:
            yield from (f"- {name} {each.name}: `{each.value}`" for each in value if isinstance(each.value, str))
    for name in _assigned(module):
        value = vars(module)[name]
        if _is_said(value) and not value.isascii() and not any(sign in value for sign in _OF_CODE):
            yield f"- `{value}`"
        elif isinstance(value, tuple | frozenset) and any(_is_said(text) and " " in text for text in value):
            texts = sorted(map(str, value)) if isinstance(value, frozenset) else value
            yield from (f"- `{text}`" for text in texts if isinstance(text, str))
        elif isinstance(value, Mapping) and not isinstance(value, WordingTable):
            rows = [(_key(key), list(_texts(each))) for key, each in value.items() if not isinstance(key, int)]
            if any(_is_said(text) for _, texts in rows for text in texts):
                yield from (f"- {key}: `{' / '.join(texts)}`" for key, texts in rows)


def _assigned(module: ModuleType) -> Iterator[str]:
    """The names that the module itself gives a value to, in their order."""
    for node in ast.parse(inspect.getsource(module)).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name) and not target.id.startswith("__"))


def _is_said(value: object) -> bool:
    """Whether a text is words and not a name in a program: it has a blank, a capital, or letters that no code has."""
    letters = isinstance(value, str) and "".join(filter(str.isalpha, value))
    return bool(letters) and (" " in value or letters.lower() != letters or not letters.isascii())


def _texts(value: object) -> Iterator[str]:
    """The texts in a value, those of a record or a tuple one after the other."""
    if isinstance(value, str):
        yield str(value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _texts(tuple(getattr(value, each.name) for each in dataclasses.fields(value)))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each)


def _key(key: object) -> str:
    return str(key.value) if isinstance(key, enum.Enum) else " ".join(_texts(key)) or str(key)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
