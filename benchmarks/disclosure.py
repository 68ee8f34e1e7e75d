"""An outsider's attack on the ledgers of the trials and on 75 made-up variants of them, by kind of attack.

    python benchmarks/disclosure.py                      # all: the better part of an hour
    python benchmarks/disclosure.py --trial jobgaranti   # the variants of one trial
    python benchmarks/disclosure.py --ledgers            # the ledgers alone

A small cell (1 to threshold - 1 persons) is taken when it stands in a released row, or when fewer than threshold - 1
values are left for it. The command ends with 1 when any is. It also counts what docs/disclosure.md leaves unprotected,
and the variants of which no ledger is written, because there is nothing left to hide.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "disclosure"), str(ROOT / "tests" / "support")]

from outsider import Attack, attack  # noqa: E402
from outsider_differences import small_differences  # noqa: E402
from outsider_labels import Catalogue, read_catalogue  # noqa: E402
from outsider_rows import read_rows  # noqa: E402
from variants import TRIALS, before_and_after, variants, vary  # noqa: E402

from reportlib.errors import ReportlibError  # noqa: E402
from reportlib.registers.data import TrialData  # noqa: E402
from reportlib.registers.read import read_trial  # noqa: E402
from reportlib.trial import load_trial  # noqa: E402
from reportlib.trial.model import Trial  # noqa: E402


@dataclass(frozen=True)
class Attacked:
    """One ledger: its name, the attack, what differences tell, rows and hidden rows, CPU seconds to make and attack."""

    name: str
    attack: Attack
    differences: Counter[str]
    rows: int
    hidden: int
    making: float
    attacking: float


def attacked(name: str, trial: Trial, data: TrialData, catalogue: Catalogue, whole: Attack | None) -> Attacked:
    """Make the ledger and attack it, knowing what an attack on the whole trial has taught."""
    begun = time.process_time()
    true, released = before_and_after(trial, data)
    made = time.process_time()
    rules = trial.disclosure
    found = attack(
        released.columns,
        true.columns,
        catalogue,
        threshold=rules.threshold,
        zeros_are_shown=rules.show_zero,
        learned=whole.learned if whole is not None else (),
    )
    ended = time.process_time()
    rows = read_rows(released.columns, true.columns)
    differences = small_differences(rows, catalogue, rules.threshold)
    hidden = sum(row.hidden for row in rows)
    return Attacked(name, found, differences, len(rows), hidden, made - begun, ended - made)


def all_attacked(trials: list[str], *, ledgers_only: bool) -> Iterator[Attacked]:
    """The ledger of every trial, and after it those of its variants."""
    for name in trials:
        path = ROOT / "data" / name / "trial.yml"
        trial, catalogue = load_trial(path), read_catalogue(path)
        data = read_trial(trial, path.parent)
        whole = attacked(name, trial, data, catalogue, None)
        yield whole
        for variant in () if ledgers_only else variants([name]):
            try:
                yield attacked(variant.name, *vary(variant, trial, data), catalogue, whole.attack)
            except ReportlibError as error:
                print(f"{variant.name}: no ledger. {type(error).__name__}: {error.message}", flush=True)


def table(done: list[Attacked]) -> str:
    """Kind of attack: cells and ledgers."""
    cells: Counter[str] = Counter()
    ledgers: Counter[str] = Counter()
    differences: Counter[str] = Counter()
    for each in done:
        cells += each.attack.by_kind()
        ledgers += Counter(each.attack.by_kind().keys())
        differences += each.differences
    small = sum(each.attack.cells for each in done)
    lines = [f"{small} small cells in {len(done)} ledgers", f"{'taken by':40}{'cells':>8}{'ledgers':>8}"]
    lines += [f"{kind:40}{count:8}{ledgers[kind]:8}" for kind, count in cells.most_common()]
    lines += [f"{'all':40}{sum(cells.values()):8}{sum(bool(each.attack.taken) for each in done):8}", "not protected:"]
    return "\n".join(lines + [f"{kind:40}{count:8}" for kind, count in differences.most_common()])


def main() -> int:
    """Attack, print, and say whether anything was taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trial", choices=TRIALS, help="only this trial")
    parser.add_argument("--ledgers", action="store_true", help="only the ledgers of the trials, no variants")
    chosen = parser.parse_args()
    done = []
    for each in all_attacked([chosen.trial] if chosen.trial else list(TRIALS), ledgers_only=chosen.ledgers):
        done.append(each)
        print(
            f"{each.name}: {each.hidden} of {each.rows} rows hidden, {each.attack.cells} small cells, "
            f"{len(each.attack.taken)} taken; {each.making:.1f} + {each.attacking:.1f} s",
            flush=True,
        )
        for taken in each.attack.taken[:10]:
            print(f"    {taken}", flush=True)
    print(table(done))
    return int(any(each.attack.taken for each in done))


if __name__ == "__main__":
    raise SystemExit(main())
