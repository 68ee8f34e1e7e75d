"""Who is behind every number: the persons of each row's n and k, as sets. In memory only; nothing here is ever written.

Units are persons, the sheets of a survey in which a person may have several, or the cells of an extract that is counted
already (then with weights). A set is packed bits and a 64-bit sum of a random number per unit, so that A + B = C can be
looked up as an addition of whole numbers and is then tested on the bits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate

BoolArray = npt.NDArray[np.bool_]

PERSON = "person"
"""The units of most rows."""

_SEED = 20_240_501  # decides only which sets collide before their bits are compared


class UncountedRowError(ReportlibError):
    """A row says neither who is behind its numbers, nor what it is made of, nor why it is about no person."""


class MiscountedRowError(ReportlibError):
    """A row's n or k is not the number of persons in the set it brings."""


class UnknownSourceError(ReportlibError):
    """A row says that it is made of a row that is not there."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Why a number counts no persons: a milestone, a number of sites, a parameter."""

    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Who is counted in a row's n and in its k: masks over its units. A `Setting` where a number is about no person.

    `made_of` are the keys of rows that the number is computed from: it hides when one of them does, and what it counts
    is what they count, where it brings no mask of its own.
    """

    n: BoolArray | Setting | None = None
    k: BoolArray | Setting | None = None
    units: str = PERSON
    made_of: tuple[str, ...] = ()


def made_of(*keys: str) -> Counted:
    """The evidence of a number that other rows tell the persons of."""
    return Counted(made_of=keys)


@dataclass(frozen=True, slots=True)
class Members:
    """A set of units: which kind, its bits, its linear hash and how many (or how much) it counts."""

    kind: str
    bits: bytes
    hash: int
    count: int

    @property
    def size(self) -> int:
        """The most that a set of its kind could be thought to count."""
        return max(8 * len(self.bits), self.count)

    @property
    def units(self) -> int:
        """How many units it holds, whatever each counts."""
        return int.from_bytes(self.bits).bit_count()

    def without(self, part: Members) -> Members | None:
        """The rest of the set, or None when `part` is no part of it."""
        if self.kind != part.kind or part.count > self.count:
            return None
        own, other = (np.frombuffer(each.bits, dtype=np.uint8) for each in (self, part))
        if (other & ~own).any():
            return None
        return Members(self.kind, (own & ~other).tobytes(), (self.hash - part.hash) % 2**64, self.count - part.count)

    def union(self, others: Iterable[Members]) -> Members | None:
        """The set and others that have nobody in common with it or with one another, or None."""
        whole, total, count = np.frombuffer(self.bits, dtype=np.uint8), self.hash, self.count
        for other in others:
            bits = np.frombuffer(other.bits, dtype=np.uint8)
            if other.kind != self.kind or (whole & bits).any():
                return None
            whole, total, count = whole | bits, (total + other.hash) % 2**64, count + other.count
        return Members(self.kind, whole.tobytes(), total, count)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register knows of one row."""

    n: Members | None = None
    k: Members | None = None
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Units that can be in one set: their weights, and the hash of every byte at every place."""

    name: str
    weights: npt.NDArray[np.int64] | None
    hashes: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64]

    @classmethod
    def of(cls, name: str, size: int, weights: npt.NDArray[np.int64] | None = None) -> _Kind:
        places = -(-size // 8)
        seed = [_SEED, *name.encode()]  # equal masks over other units are other sets
        numbers = np.random.default_rng(seed).integers(0, 2**64, size=(places, 8), dtype=np.uint64)
        table = np.zeros((places, 256), dtype=np.uint64)
        for byte in range(1, 256):
            lowest = (byte & -byte).bit_length() - 1
            table[:, byte] = table[:, byte & (byte - 1)] + numbers[:, lowest]
        return cls(name, weights, table.ravel(), np.arange(places) * 256)

    def members(self, bits: bytes) -> Members:
        packed = np.frombuffer(bits, dtype=np.uint8)
        total = int(self.hashes[self.first + packed].sum(dtype=np.uint64))
        if self.weights is None:
            return Members(self.name, bits, total, int.from_bytes(bits).bit_count())
        inside = np.unpackbits(packed, bitorder="little", count=len(self.weights)).astype(np.bool_)
        return Members(self.name, bits, total, int(self.weights[inside].sum()))


@dataclass
class Register:
    """The sets behind the rows of one ledger in the making, by key.

    `entries` is what `add` has noted; the rest says what sets are made of.
    """

    persons: int
    entries: dict[str, Entry] = field(default_factory=dict)
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _sheets: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    _extra: int = 0
    _known: dict[tuple[str, bytes], Members] = field(default_factory=dict)
    _made_of: dict[str, list[str]] | None = None

    def add_sheets(self, survey: str, rows: npt.NDArray[np.int64]) -> None:
        """Make the sheets of a survey known: `rows` is the position of each sheet's person, negative for none.

        A sheet whose person has no other is that person; all sheets are units of their own where a person has several.
        """
        own = rows[rows >= 0]
        if len(np.unique(own)) < len(own):
            self._kinds[survey] = _Kind.of(survey, len(rows))
            return
        places = rows.astype(np.int64).copy()
        strangers = np.flatnonzero(rows < 0)
        places[strangers] = self.persons + self._extra + np.arange(len(strangers))
        self._extra += len(strangers)
        self._sheets[survey] = places

    def add_cells(self, name: str, weights: npt.NDArray[np.int64]) -> None:
        """Make the cells of an extract known that counts persons already, with how many each counts."""
        self._kinds[name] = _Kind.of(name, len(weights), weights)

    def members(self, mask: BoolArray, units: str = PERSON) -> Members:
        """The set of the units for which the mask is true; equal sets are one object."""
        kind = units
        if units in self._sheets or units == PERSON:
            kind = PERSON
            if self._extra or units != PERSON:
                whole = np.zeros(self.persons + self._extra, dtype=np.bool_)
                whole[self._sheets[units] if units in self._sheets else slice(self.persons)] = mask
                mask = whole
            if PERSON not in self._kinds:
                self._kinds[PERSON] = _Kind.of(PERSON, self.persons + self._extra)
        bits = np.packbits(mask, bitorder="little").tobytes()
        found = self._known.get((kind, bits))
        if found is None:
            found = self._known[kind, bits] = self._kinds[kind].members(bits)
        return found

    def add(self, row: Estimate, behind: Counted | Setting | None) -> None:
        """Note who is behind the row.

        Raises:
            UncountedRowError: the row brings nothing, or a number without its persons.
            MiscountedRowError: n or k is not the number in its set.
        """
        self._made_of = None
        if isinstance(behind, Setting):
            self.entries[row.key] = Entry()
            return
        if behind is None:
            raise UncountedRowError(
                f"{row.key} does not say who is behind it",
                hint="give LedgerBuilder.add a Counted(n=, k=), made_of(...) or a Setting",
            )
        found = {}
        for name, number, mask in (("n", row.n, behind.n), ("k", row.k, behind.k)):
            if number is None or isinstance(mask, Setting):
                continue
            if mask is None:
                found[name] = self._of_sources(row, name, number, behind.made_of)
                continue
            found[name] = self.members(mask, behind.units)
            if found[name].count != number:
                raise MiscountedRowError(f"{row.key}: {name} = {number} is not the {found[name].count} in its set")
        self.entries[row.key] = Entry(found.get("n"), found.get("k"), behind.made_of)

    @property
    def made_of(self) -> dict[str, list[str]]:
        """Key -> the keys of the rows that are made of it."""
        if self._made_of is None:
            self._made_of = {key: [] for key in self.entries}
            for key, entry in self.entries.items():
                for source in entry.made_of:
                    if source not in self.entries:
                        raise UnknownSourceError(f"{key} is made of {source}, which is not there")
                    self._made_of[source].append(key)
        return self._made_of

    def made_of_hidden(self, hidden: Collection[str]) -> set[str]:
        """The `hidden` keys and those of all rows that are made of one of them, or of a row that is.

        Raises:
            UnknownSourceError: a row is made of one that is not there.
        """
        found, waiting = set(hidden), list(hidden)
        while waiting:
            for key in self.made_of[waiting.pop()]:
                if key not in found:
                    found.add(key)
                    waiting.append(key)
        return found

    def _entry(self, key: str) -> Entry:
        return self.entries.get(key, Entry())

    def _of_sources(self, row: Estimate, name: str, number: int, made_of: tuple[str, ...]) -> Members:
        """The set of a row that is another's, or all of its sources' together."""
        entries = [self._entry(source) for source in made_of]
        found = (entry.n if name == "n" else entry.k for entry in entries)
        sets = list(dict.fromkeys(each for each in found if each is not None))
        for each in sets:
            if each.count == number:
                return each
        whole = sets[0].union(sets[1:]) if sets else None
        if whole is None or whole.count != number:
            raise UncountedRowError(
                f"{row.key} does not say who its {name} counts", hint=f"give Counted({name}=...) beside `made_of`"
            )
        return whole
