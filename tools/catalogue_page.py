"""docs/catalogue.md: every part a document can write, with its call, what it writes, and where a report uses it.

`python tools/catalogue_page.py docs/catalogue.md` renews the page from the parts themselves and from the documents in
`reports/`. A test tells when it is due.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from reportlib.catalogue import described, names

REPORTS = Path(__file__).parents[1] / "reports"
HEAD = """# Catalogue: what a document can write

Made by `python tools/catalogue_page.py docs/catalogue.md`; do not edit. `reportlib show [PATTERN]` prints the same.
Each part stands in a cell as it is written here, with the measures of your own `trial.yml`; the examples are from the
documents in `reports/`. What the parts can say, and when, is in [wordings.md](wordings.md).
"""
FAMILIES = {
    "figures": "Figures",
    "tables": "Tables",
    "summary": "The summary: key figures, a municipality's own",
    "municipality": "What a municipality's version begins with",
    "method": "Who takes part, and how it was done",
    "implementation": "Implementation: elements against their targets",
    "findings": "What was found of what was planned: headline, planned results, recommendations",
    "hypotheses": "What was expected, and what came of it",
    "certainty": "How sure the result is",
    "effects": "Effects of a randomised trial, week by week",
    "survival": "Time to an exit",
    "quasi": "Quasi-experiments: differences in differences, matching, monthly counts",
    "progress": "Before and after, recruitment, repeated measurements",
    "status": "Where an effort stands",
    "compared": "Groups and subgroups side by side",
    "key_shares": "Shares and answers",
    "costs": "Cost-benefit",
    "uncertainty": "How sure the results are",
}


def page() -> str:
    used = examples()
    parts = [HEAD]
    for family, title in FAMILIES.items():
        parts.append(f"\n## {title}\n\n")
        for name in names():
            if name.startswith(f"{family}."):
                entry = described(name)
                example = f" For example `{used[name]}`." if name in used else ""
                parts.append(f"- `{entry.call}`: {entry.says}{example}\n")
    return "".join(parts)


def examples() -> dict[str, str]:
    """Part -> its first call in a document of `reports/` that stands on one line and needs no variable."""
    found: dict[str, str] = {}
    for path in sorted(REPORTS.rglob("*.qmd")):
        for name, rest in re.findall(r"r\.(?:vis|skriv)\(\"?(\w+\.\w+)\"?((?:, [^()\n]*)?)\)", path.read_text("utf-8")):
            call = f'r.skriv("{name}"{rest})'
            nodes = list(ast.walk(ast.parse(call)))
            variables = {node.id for node in nodes if isinstance(node, ast.Name)}
            if variables <= {"r", "uge"} and not any(isinstance(node, ast.JoinedStr) for node in nodes):
                found.setdefault(name, call)
    return found


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
