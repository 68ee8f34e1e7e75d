"""docs/wordings.md: every sentence the estimates can choose, and when, made from the tables of wordings themselves.

`python tools/wordings.py docs/wordings.md` renews the page; what changed is then read. A test tells when it is due.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from reportlib import prose
from reportlib.prose.wording import WordingTable

HEAD = """# What the estimates can say

Made by `python tools/wordings.py docs/wordings.md`; do not edit. Each claim chooses one of its wordings by the
evidence; what stands in `{}` is filled in from the same rows. A test fails when the page is out of date, so that a
sentence that reaches a commissioner is never changed unread.
"""


def tables() -> dict[str, WordingTable]:
    """The tables of all claims and sections, by the claim's name.

    Raises:
        ValueError: two have one name, of which the page would show one.
    """
    modules = [import_module(f"{prose.__name__}.{found.name}") for found in iter_modules(prose.__path__)]
    found: dict[str, WordingTable] = {}
    for table in (value for module in modules for value in vars(module).values() if isinstance(value, WordingTable)):
        if found.setdefault(table.claim, table) is not table:
            raise ValueError(f"two tables of wordings are called {table.claim}")
    return dict(sorted(found.items()))


def places() -> dict[str, str]:
    """The file in which each claim's table stands."""
    folder = Path(prose.__path__[0])
    return {
        claim: f"prose/{path.name}"
        for path in sorted(folder.glob("*.py"))
        for claim in re.findall(r'WordingTable\(\s*"([\w-]+)"', path.read_text(encoding="utf-8"))
    }


def page() -> str:
    parts, file = [HEAD], places()
    for claim, table in tables().items():
        parts.append(f"\n## {claim} (`{file[claim]}`)\n\n")
        parts += [f"- **{wording.id}** when {wording.when}: `{wording.text}`\n" for wording in table.values()]
    return "".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
