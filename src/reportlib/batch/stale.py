"""A report in one format only, where another stood before: what is left of the other must not pass for the new one.

PDF, page and account of a report are made together and tell the same. Where one is made anew without the other, the
other is of a former ledger or text, and its account is gone. What the batch itself made is removed, since the same
command without `--format` makes it again; what it did not make is left and told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reportlib.batch.cache import ReportRecord, is_whole
from reportlib.batch.plan import FORMATS
from reportlib.errors import ReportlibError
from reportlib.files.whole import remove_own
from reportlib.numbers.stamp import Stamp, read_stamp


def formats_together(formats: Iterable[str], folder: Path, record: ReportRecord | None, key: str) -> tuple[str, ...]:
    """The formats to make: those asked for, and those that stand in the folder and are made of the same (`key`)."""
    wanted = set(formats)
    if record is not None and record.key == key:
        recorded = {entry.name for entry in record.files}
        names = {name: _name(record.slug, name) for name in FORMATS}
        wanted |= {name for name, file in names.items() if file in recorded and (folder / file).is_file()}
    return tuple(name for name in FORMATS if name in wanted)


def clear_stale(folder: Path, former: ReportRecord | None, slug: str, made: Iterable[str], stamp: Stamp) -> list[str]:
    """Remove what the report had of former files besides those just `made` (names), and tell of it.

    `stamp` is what the new files say they are.
    """
    new = set(made)
    told = []
    recorded = {entry.name: entry for entry in former.files if entry.name not in new} if former is not None else {}
    for entry in recorded.values():
        path = folder / entry.name
        if is_whole(path, entry) and remove_own(path, below=folder.parent):  # as it was made, and not what replaced it
            told.append(f"{entry.name} was of a former ledger or text and is removed; without --format both are made")
    for name in _others(folder, slug, new):
        if not _is_of(folder / name, stamp):
            told.append(f"{name} beside it is not of this ledger: do not use them together")
    return told


def _others(folder: Path, slug: str, new: set[str]) -> Iterator[str]:
    for form in FORMATS:
        name = _name(slug, form)
        if name not in new and (folder / name).is_file():
            yield name


def _is_of(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path).same_as(stamp)
    except (ReportlibError, OSError, ValueError):
        return False


def _name(slug: str, form: str) -> str:
    return f"{slug}.{form}"
