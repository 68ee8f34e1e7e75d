"""The code book of DREAM: which benefit or activity each code stands for, and when.

The code book is data (`codebook.yml`, or a file of the user's own in the same form). A code may belong to several
groups: 736 is both kontanthjælp and virksomhedspraktik. Ours is unofficial; every entry says where it comes from and
whether that is confirmed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from reportlib.errors import did_you_mean
from reportlib.files.reading import LOADER, check_bounds
from reportlib.registers.errors import CodebookError, UnknownCodeGroupError
from reportlib.registers.event_weeks import Days, monday_of
from reportlib.trial.base import Identifier, Record

NO_BENEFIT = 0
NOT_FOLLOWED = -1

_BUILT_IN = "codebook.yml"
_HIGHEST_CODE = 9999
_ALWAYS_FROM = date(1991, 1, 1)
_ALWAYS_TO = date(9999, 12, 31)
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")

Codes = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


class CodeGroup(Record):
    """A group of codes."""

    label: str = Field(description="Danish name, as in a table")
    censors: bool = Field(False, description="a code of this group ends the follow-up from its week on")


class CodeEntry(Record):
    """Codes that belong to one group in a period."""

    codes: str = Field(description="codes and ranges: '130-138, 730'")
    group: Identifier
    valid_from: date = _ALWAYS_FROM
    valid_to: date = _ALWAYS_TO
    source: str
    status: Literal["confirmed", "unofficial"] = "unofficial"

    @field_validator("codes", mode="before")
    @classmethod
    def _one_code_is_text_too(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @cached_property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """(first, last) of each range."""
        found = []
        for part in self.codes.split(","):
            match = _RANGE.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"{part.strip()!r} is neither a code nor a range such as 130-138")
            first, last = int(match[1]), int(match[2] or match[1])
            if not 1 <= first <= last:
                raise ValueError(f"the range {part.strip()!r} must rise and begin at 1 or above")
            found.append((first, last))
        return tuple(found)

    @model_validator(mode="after")
    def _makes_sense(self) -> CodeEntry:
        if self.valid_to < self.valid_from:
            raise ValueError(f"codes {self.codes}: valid_to comes before valid_from")
        _ = self.ranges
        return self


class _File(Record):
    """A code book file."""

    format: Literal[1]
    title: str
    official: bool
    dated: date
    note: str = ""
    groups: dict[Identifier, CodeGroup]
    entries: tuple[CodeEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _groups_are_used_and_known(self) -> _File:
        used = {entry.group for entry in self.entries}
        for name in sorted(used - set(self.groups)):
            raise ValueError(f"codes are given to the group {name!r}, which is not listed under groups")
        for name in sorted(set(self.groups) - used):
            raise ValueError(f"the group {name!r} has no codes")
        return self


@dataclass(frozen=True)
class Codebook:
    """A code book, ready for lookups of whole arrays.

    Attributes:
        title, official, dated: what it is, whether its owner published it, and of which date.
        groups: group id -> label and whether it ends the follow-up.
        entries: codes -> group, with validity, source and status.
    """

    title: str
    official: bool
    dated: date
    groups: dict[str, CodeGroup]
    entries: tuple[CodeEntry, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of which code stands for what and when, in hexadecimal."""
        censors = {name: group.censors for name, group in self.groups.items()}
        codes = [[one.codes, one.group, f"{one.valid_from}", f"{one.valid_to}"] for one in self.entries]
        return hashlib.sha256(json.dumps([censors, codes], sort_keys=True).encode("utf-8")).hexdigest()

    @property
    def censoring(self) -> tuple[str, ...]:
        """The groups whose codes end the follow-up."""
        return tuple(name for name, group in self.groups.items() if group.censors)

    def check_groups(self, names: Iterable[str], *, place: str) -> None:
        """Raise UnknownCodeGroupError for a name that is no group; `place` says where it was used."""
        for name in names:
            if name not in self.groups:
                raise UnknownCodeGroupError(
                    place, f"the code book has no group {name!r}", hint=did_you_mean(name, self.groups)
                )

    def knows(self, codes: Codes) -> Bools:
        """Whether each code is in the code book at any time; `NO_BENEFIT` and `NOT_FOLLOWED` are always known."""
        return self._known[np.clip(codes, 0, _HIGHEST_CODE)] | (codes <= NO_BENEFIT)

    def valid(self, codes: Codes, mondays: Days) -> Bools:
        """Whether each code was in use in its week. Both arrays broadcast to one shape."""
        return self._covered(self.entries, codes, mondays) | (codes <= NO_BENEFIT)

    def in_groups(self, codes: Codes, mondays: Days, groups: Iterable[str]) -> Bools:
        """Whether each code belongs to any of `groups` in its week. Both arrays broadcast to one shape.

        Raises:
            UnknownCodeGroupError: a group is not in the code book.
        """
        wanted = set(groups)
        self.check_groups(sorted(wanted), place=self.title)
        return self._covered([entry for entry in self.entries if entry.group in wanted], codes, mondays)

    def groups_of(self, codes: Iterable[int], day: date | None = None) -> list[tuple[str, ...]]:
        """The groups of each code, on `day` or at any time: `[736]` gives kontanthjaelp and virksomhedspraktik."""
        used = [one for one in self.entries if day is None or one.valid_from <= day <= one.valid_to]
        return [
            tuple(dict.fromkeys(one.group for one in used if any(first <= code <= last for first, last in one.ranges)))
            for code in codes
        ]

    @cached_property
    def _known(self) -> Bools:
        return _table(self.entries)

    def _covered(self, entries: Iterable[CodeEntry], codes: Codes, mondays: Days) -> Bools:
        """Whether some entry has the code and is valid on a day of the week."""
        codes, mondays = np.broadcast_arrays(codes, mondays)
        by_period: dict[tuple[date, date], list[CodeEntry]] = {}
        for entry in entries:
            by_period.setdefault((entry.valid_from, entry.valid_to), []).append(entry)
        covered = _in_table(by_period.pop((_ALWAYS_FROM, _ALWAYS_TO), []), codes)
        if not by_period:
            return covered
        # Few cells hold codes of the other periods: only their weeks are looked at.
        found = np.nonzero(_in_table([entry for same in by_period.values() for entry in same], codes) & ~covered)
        few_codes, few_mondays = codes[found], mondays[found]
        for (valid_from, valid_to), same_period in by_period.items():
            first = monday_of(np.array(valid_from, "datetime64[D]"))
            in_period = (few_mondays >= first) & (few_mondays <= np.datetime64(valid_to, "D"))
            covered[found] |= _in_table(same_period, few_codes) & in_period
        return covered


def load_codebook(path: Path | None = None) -> Codebook:
    """The code book in `path`, or the unofficial one that comes with the library.

    Raises:
        CodebookError: the file is missing, is not YAML, or contradicts itself.
    """
    name = path.name if path is not None else _BUILT_IN
    try:
        source = path if path is not None else files("reportlib.registers").joinpath(_BUILT_IN)
        text = source.read_text(encoding="utf-8")
        check_bounds(text)
        raw = yaml.load(text, Loader=LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(name, f"the code book cannot be read ({type(error).__name__})") from None
    except yaml.YAMLError as error:
        raise CodebookError(name, f"the code book is not valid YAML: {error}") from None
    try:
        book = _File.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        ]
        raise CodebookError(name, "not a code book:\n" + "\n".join(lines)) from None
    return Codebook(book.title, book.official, book.dated, dict(book.groups), book.entries)


def _in_table(entries: Iterable[CodeEntry], codes: Codes) -> Bools:
    """Whether each code is in any of the entries; a code out of range counts as the nearest."""
    return _table(entries).take(codes, mode="clip")


def _table(entries: Iterable[CodeEntry]) -> Bools:
    """(highest code + 1,) whether each code is in any of the entries."""
    table = np.zeros(_HIGHEST_CODE + 1, dtype=bool)
    for entry in entries:
        for first, last in entry.ranges:
            table[first : last + 1] = True
    return table
