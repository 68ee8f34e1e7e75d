"""`reportlib diff`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from reportlib.cli import printing
from reportlib.cli.printing import print_json
from reportlib.files.whole import write_whole
from reportlib.numbers.diff import (
    HEADINGS,
    VERDICTS,
    Change,
    NothingToCompareError,
    compare,
    compare_word,
    comparison_page,
    differences,
    read_side,
)

_MOST_SHOWN = 60
_WORD = ".docx"


def diff_files(old: Path, new: Path, page: Path | None, *, as_json: bool) -> None:
    """Print what changed from `old` to `new`, and write the page if one is asked for."""
    if page is not None and page.exists() and any(page.samefile(one) for one in (old, new) if one.exists()):
        raise NothingToCompareError(f"--html {page} would overwrite what is compared", hint="name another file")
    names = (old.name, new.name) if old.name != new.name else (str(old), str(new))
    if _WORD in (old.suffix.lower(), new.suffix.lower()):
        sides, changes = None, _of_word(old, new)
    else:
        sides = read_side(old), read_side(new)
        changes = compare(*sides)
    if page is not None:
        write_whole(page, comparison_page(changes, old=names[0], new=names[1]).encode("utf-8"))
    if as_json:
        print_json([{**asdict(change), "weight": change.weight.name.lower()} for change in changes])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("change", "number", *names, "cause"):
        table.add_column(heading, overflow="fold")
    for change in changes[:_MOST_SHOWN]:
        first, second = (
            "\n".join(part for part in (shown, VERDICTS.get(found, found)) if part)
            for shown, found in ((change.before, change.verdict_before), (change.after, change.verdict_after))
        )
        table.add_row(HEADINGS[change.weight], change.label, first, second, "\n".join(change.causes))
    console = printing.console()
    if changes:
        console.print(table)
    left = len(changes) - _MOST_SHOWN
    more = f" ({left} more in --json or --html)" if left > 0 else ""
    console.print(f"{len(changes)} changes{more}", soft_wrap=True)
    if sides is None:
        return
    made_of = differences(*sides)
    if made_of is None:
        console.print("no causes: they need the ledger.json of each report beside it", soft_wrap=True)
    elif made_of.told and made_of.code:
        console.print(f"made by other code, which may have a part in any: {'; '.join(made_of.code)}", soft_wrap=True)


def _of_word(old: Path, new: Path) -> list[Change]:
    if old.suffix.lower() != new.suffix.lower():
        raise NothingToCompareError(
            f"{old} and {new} are not of one kind", hint="a report's Word file is compared with an edited copy of it"
        )
    return compare_word(old, new)
