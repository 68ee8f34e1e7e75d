"""docs/catalogue.md: every part a document can write, with its call, what it writes, and where a report uses it.

`python tools/catalogue_page.py docs/catalogue.md` renews the page from the parts themselves and from what
`catalogue_examples.py` kept of the five reports. A test tells when it is due.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from reportlib.catalogue import described, names

EXAMPLES = Path(__file__).with_name("catalogue_examples.json")
HEAD = """# Catalogue: what a document can write

Made by `python tools/catalogue_page.py docs/catalogue.md`; do not edit. `reportlib show [PATTERN]` prints each call and
what it writes. Each part stands in a cell as it is written here, with the measures of your own `trial.yml`. Below it is
what is asked in one of the five reports, and the first sentence (or the title and the picture) that it gets there;
*Needs* are the kinds of analysis whose numbers it read. What the parts can say, and when, is in
[wordings.md](wordings.md). The five are asked anew by
`PYTHONPATH=tests/support:tools python tools/catalogue_examples.py`.
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
    kept = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    parts = [HEAD]
    for family, title in FAMILIES.items():
        parts.append(f"\n## {title}\n\n")
        for name in names():
            if name.startswith(f"{family}."):
                entry = described(name)
                parts.append(f"- `{entry.call}`: {entry.says}\n{_shown(name, kept[name]) if name in kept else ''}")
    return "".join(parts)


def _shown(name: str, example: dict[str, Any]) -> str:
    """A part's example from a real report: the call, what it wrote, the kinds of analysis it read, and its picture."""
    given = [*map(_short, example["given"]), *(f"{key}={_short(one)}" for key, one in example["options"].items())]
    where = example["trial"] + (f", {example['site']}" if example["site"] else "")
    needs = f" Needs: {', '.join(example['needs'])}." if example["needs"] else ""
    call = f"r.skriv({', '.join([json.dumps(name), *given])})"
    said = example["says"].replace("*", "")
    drawn = f"catalogue/{name.removeprefix('figures.')}.png"
    seen = f"\n\n    ![{said}]({drawn})\n\n" if name.startswith("figures.") else "\n"
    return f"  - `{call}` ({where}){f': *{said}*' if said else ''}{needs}{seen}"


def _short(given: Any) -> str:
    if isinstance(given, list) and len(given) > 3:
        return f"[{', '.join(map(_short, given[:2]))}, …]"
    return json.dumps(given, ensure_ascii=False).replace("true", "True").replace("false", "False")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
