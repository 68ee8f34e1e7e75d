"""Replaces every number of finished reports in turn by another, and holds each changed report against its account.

    python benchmarks/bindings.py _output/jobfirst/alle.html _output/jobfirst/alle.pdf [--seed N]

Each number a reader meets counts: of the text, of pictures and their alternative texts, of the contents, of the words
behind numbers, of the printed account. For nightly runs: about a tenth of a second a number, some minutes a file. The
words behind numbers are changed fifty at once, in words of their own, since each is held against the account alone.
Prints what no break shows, and ends with 1 if there is any.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from bindings import Binding, another, bindings, untold

from reportlib.numbers.account import load_account
from reportlib.numbers.finished import account_beside, read_report

AT_ONCE = 50


def turns(every: list[Binding]) -> Iterator[list[Binding]]:
    """What is changed at once: one number; of the words behind numbers, one in each of many."""
    cards: dict[int, list[Binding]] = {}
    for binding in every:
        if binding.among != "cards":
            yield [binding]
        else:
            cards.setdefault(binding.place, []).append(binding)
    while cards:
        first = [found.pop() for found in cards.values()]
        yield from (first[at : at + AT_ONCE] for at in range(0, len(first), AT_ONCE))
        cards = {place: found for place, found in cards.items() if found}


def main() -> int:
    """Check the files that are named; 1 if any replaced number is not told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="finished reports, each beside its account")
    parser.add_argument("--seed", type=int, default=0, help="which other numbers they are replaced by (default: 0)")
    given = parser.parse_args()
    missed = 0
    for path in given.files:
        reading, account = read_report(path), load_account(account_beside(path))
        chance = random.Random(f"{given.seed} {path.name}")
        every = list(bindings(reading))
        for turn in turns(every):
            numbers = {binding: another(binding, chance) for binding in turn}
            for binding in untold(numbers, reading, account):
                missed += 1
                print(f"{path}: {binding.text} as {numbers[binding]} is not told: {binding.around!r}")
        print(f"{path}: {len(every)} numbers replaced")
    print(f"not told: {missed}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
