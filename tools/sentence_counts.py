"""How often a report's text says the same: formula words, and sentence forms with their numbers masked.

`python tools/sentence_counts.py _output/*/alle.html` prints a line a report and the forms that stand most often in it.
The account of the numbers is left out; sources do not count among the sentences.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from reportlib.numbers.blocks import Reading, Role, read_html

WORDS = {
    "statistisk signifikan*": re.compile(r"statistisk signifikan", re.IGNORECASE),
    "95 pct.-konfidensinterval": re.compile(r"95[ \u00a0]pct\.-konfidensinterval"),
    "Forskellen er (ikke) statistisk signifikant": re.compile(r"forskellen er (ikke )?statistisk signifikant", re.I),
    "p-værdi i tekst": re.compile(r"\bp[ \u00a0]?[=<][ \u00a0]?0,"),
}
"""What is counted -> how it is found."""

_UNSEEN = (Role.ALT, Role.DRAWN)
_BESIDE = re.compile(r"(Kilder?|Anm\.):")
_ABBREVIATED = re.compile(r"\b(pct|kr|pr|mio|fx)\.", re.IGNORECASE)
_NUMBER = re.compile(r"−?\d[\d.,]*(?=\D|$)")
_STOP = re.compile(r"(?<=[.:;?!])\s+(?=[A-ZÆØÅ0-9])")


def counts(page: Reading) -> dict[str, int]:
    """Formula words in all that is read but the words in pictures; p-values in running text only."""
    found = {}
    for name, pattern in WORDS.items():
        blocks = [block for block in page.blocks if block.role not in _UNSEEN]
        if name.endswith("tekst"):
            blocks = [block for block in blocks if block.role is Role.TEXT and not _BESIDE.match(block.text)]
        found[name] = sum(len(pattern.findall(block.text)) for block in blocks)
    return found


def forms(page: Reading) -> Counter[str]:
    """The sentences of the running text, numbers as `#`, with how often each form stands."""
    told: Counter[str] = Counter()
    for block in page.blocks:
        if block.role is Role.TEXT and not _BESIDE.match(block.text):
            text = _ABBREVIATED.sub(r"\1", block.text.replace("\u00a0", " "))
            told.update(_NUMBER.sub("#", sentence) for sentence in _STOP.split(text))
    return told


def main() -> None:
    for name in sys.argv[1:]:
        page = read_html(Path(name).read_text(encoding="utf-8"))
        print(f"{name}: {', '.join(f'{count} {word}' for word, count in counts(page).items())}")
        for form, count in forms(page).most_common(5):
            print(f"  {count} {form[:110]}")


if __name__ == "__main__":
    main()
