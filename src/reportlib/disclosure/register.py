"""Who is behind every number: the persons of each row's n and k, as sets. In memory only; nothing here is ever written.

Units are persons, the sheets of a survey in which a person may have several, or the cells of an extract that is counted
already (then with weights). A set is a 64-bit sum of a random number per unit, so that A + B = C can be looked up as an
addition of whole numbers, and the bits of its units, which are made where a part of a set is to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from reportlib.disclosure.threshold import Scale
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate

BoolArray = npt.NDArray[np.bool_]

PERSON = "person"
"""The units of most rows."""

_MODULUS = 2**64
_SEED = 20_240_501  # decides only which sets collide before their bits are compared


class UncountedRowError(ReportlibError):
    """A row says neither who is behind its numbers, nor what it is made of, nor why it is about no person."""


class MiscountedRowError(ReportlibError):
    """A row's n or k is not the number of persons in the set it brings."""

    usual_hint = "give LedgerBuilder.add the same persons as its n and k count"


class UnknownSourceError(ReportlibError):
    """A row says that it is made of a row that is not there."""

    usual_hint = "add the rows before those that are made of them, under the same keys"


@dataclass(frozen=True, slots=True)
class Setting:
    """Why a number counts no persons: a milestone, a number of sites, a parameter."""

    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Who is counted in a row's n and in its k: masks over its units, or sets of the register.

    A `Setting` stands where a number is about no person.

    `made_of` are the keys of rows that the number is computed from: it hides when one of them does, and what it counts
    is what they count, where it brings no mask of its own.
    """

    n: BoolArray | Members | Setting | None = None
    k: BoolArray | Members | Setting | None = None
    units: str = PERSON
    made_of: tuple[str, ...] = ()


def made_of(*keys: str) -> Counted:
    """The evidence of a number that other rows tell the persons of."""
    return Counted(made_of=keys)


@dataclass(frozen=True, slots=True)
class Members:
    """A set of units: of which kind, its linear hash, how much it counts, how many units it holds and of how many.

    Who they are is found when it is asked for: of most sets it never is, and at the size of a country the bits of all
    sets would not fit in memory.
    """

    kind: str
    hash: int
    count: int
    units: int
    among: int
    find: Callable[[], int] = field(compare=False, repr=False)
    cut: Cut | None = field(default=None, compare=False, repr=False)

    @property
    def bits(self) -> int:
        """One bit for each unit of the kind."""
        return self.find()

    @property
    def size(self) -> int:
        """The most that a set of its kind could be thought to count."""
        return max(self.among, self.count)

    def is_part_of(self, whole: Members) -> bool:
        """Whether each of its units is in `whole`."""
        if self.kind != whole.kind or self.count > whole.count or self.units > whole.units:
            return False
        if self.cut and whole.cut and self.cut.is_inside(whole.cut):
            return True
        own = self.bits
        return own & whole.bits == own

    def without(self, part: Members) -> Members | None:
        """The rest of the set, or None when `part` is no part of it."""
        if not part.is_part_of(self):
            return None
        return self.less(part)

    def less(self, part: Members) -> Members:
        """The rest of the set beside a part of it."""
        left = (self.hash - part.hash) % _MODULUS, self.count - part.count, self.units - part.units
        cut = self.cut.less(part.cut) if self.cut and part.cut else None
        return Members(self.kind, *left, self.among, lambda: self.bits ^ part.bits, cut)

    def union(self, others: Iterable[Members]) -> Members | None:
        """The set and others that have nobody in common with it or with one another, or None."""
        whole, total, count, units = self.bits, self.hash, self.count, self.units
        for other in others:
            bits = other.bits
            if other.kind != self.kind or whole & bits:
                return None
            whole, total = whole | bits, (total + other.hash) % _MODULUS
            count, units = count + other.count, units + other.units
        return Members(self.kind, total, count, units, self.among, lambda: whole)


@dataclass(frozen=True, slots=True)
class Cut:
    """A set as what a column holds at one place, or at all others: columns inside one another are so at every place.

    `here` are the bits of the place, `tested` the columns that have been compared, by their hashes.
    """

    column: Members
    here: int
    others: bool
    tested: dict[tuple[int, int], bool]

    def is_inside(self, whole: Cut) -> bool:
        """Whether it is the same place, and the column inside the other."""
        if self.others != whole.others or self.here != whole.here:
            return False
        pair = self.column.hash, whole.column.hash
        if pair not in self.tested:
            self.tested[pair] = self.column.is_part_of(whole.column)
        return self.tested[pair]

    def less(self, part: Cut) -> Cut | None:
        """The rest of the column at the place, beside a part of it."""
        return replace(self, column=self.column.less(part.column)) if part.is_inside(self) else None


class Places(Protocol):
    """Where each unit is: `reportlib.estimators.shares_and_means.Places`."""

    codes: npt.NDArray[np.int64]
    inside: BoolArray
    order: npt.NDArray[np.int64]
    count: int

    def sums(self, values: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
        """(places,) the sums of each place's values, which are given in the `order` of places."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """The sets of many columns at many places: who is at a place, or at any other, and in a column.

    `counts` and `hashes` are (places, columns); `columns` and `places` are the sets and the bits of each, whatever the
    other.
    """

    kind: _Kind
    counts: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]
    columns: list[Members]
    places: list[int]
    tested: dict[tuple[int, int], bool]

    def members(self, place: int, column: int, *, others: bool) -> Members:
        """Those of the place in the column, or those of all other places."""
        whole, cut = self.columns[column], Cut(self.columns[column], self.places[place], others, self.tested)
        count, total = int(self.counts[place, column]), int(self.hashes[place, column])
        if others:
            count, total = whole.count - count, (whole.hash - total) % _MODULUS

        def bits() -> int:
            here = whole.bits & cut.here
            return whole.bits ^ here if others else here

        return Members(self.kind.name, total, count, count, self.kind.among, bits, cut)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register knows of one row."""

    n: Members | None = None
    k: Members | None = None
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Units that can be in one set: their weights, and a random number for each, whose sum is a set's hash."""

    name: str
    weights: npt.NDArray[np.int64] | None
    hashes: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, name: str, size: int, weights: npt.NDArray[np.int64] | None = None) -> _Kind:
        seed = [_SEED, *name.encode()]  # equal masks over other units are other sets
        return cls(name, weights, np.random.default_rng(seed).integers(0, 2**64, size=size, dtype=np.uint64))

    @property
    def among(self) -> int:
        """How many units there are, in whole bytes."""
        return -(-len(self.hashes) // 8) * 8

    def hash_of(self, mask: BoolArray) -> int:
        return int((self.hashes * mask).sum(dtype=np.uint64))

    def members(self, mask: BoolArray, total: int) -> Members:
        units, bits = int(np.count_nonzero(mask)), _bits(mask)
        count = units if self.weights is None else int(self.weights[mask].sum())
        return Members(self.name, total, count, units, self.among, lambda: bits)


def _bits(mask: BoolArray) -> int:
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


@dataclass
class Register:
    """The sets behind the rows of one ledger in the making, by key.

    `entries` is what `add` has noted, `rests_on` what each measure is made of (`trial.references`), `scales` those of
    measures that are answers or scores; the rest says what sets are made of.
    """

    persons: int
    entries: dict[str, Entry] = field(default_factory=dict)
    rests_on: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _sheets: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    _extra: int = 0
    _known: dict[tuple[str, int], Members] = field(default_factory=dict)
    _made_of: dict[str, list[str]] | None = None
    _rests: dict[str, Members | None] = field(default_factory=dict)
    _tested: dict[tuple[int, int], bool] = field(default_factory=dict)

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
        kind, mask = self._spread(mask, units)
        total = kind.hash_of(mask)
        found = self._known.get((kind.name, total))
        if found is None:
            found = self._known[kind.name, total] = kind.members(mask, total)
        return found

    def crossed(self, masks: BoolArray, places: Places, units: str = PERSON) -> Crossed:
        """The sets of the columns of `masks` (units, columns) by place. The units count one each."""
        kind, _ = self._spread(places.inside, units)
        numbers = kind.hashes[self._slots(units)][places.order]
        counts = np.zeros((places.count, masks.shape[1]), dtype=np.int64)
        hashes = np.zeros(counts.shape, dtype=np.uint64)
        columns = []
        by_column = (np.ascontiguousarray(some.T) for some in (masks, masks[places.order]))  # each is read as one run
        for column, (mask, ordered) in enumerate(zip(*by_column, strict=True)):
            counts[:, column] = places.sums(ordered, np.int64)
            hashes[:, column] = places.sums(numbers * ordered)
            inside = self._spread(mask & places.inside, units)[1]
            columns.append(kind.members(inside, int(hashes[:, column].sum(dtype=np.uint64))))
        here = [_bits(self._spread(places.codes == place, units)[1]) for place in range(places.count)]
        return Crossed(kind, counts, hashes, columns, here, self._tested)

    def _spread(self, values: npt.NDArray[Any], units: str) -> tuple[_Kind, npt.NDArray[Any]]:
        """The kind of the units, and their values (units, ...) as values of the kind's, nothing for others."""
        if units != PERSON and units not in self._sheets:
            return self._kinds[units], values
        if PERSON not in self._kinds:
            self._kinds[PERSON] = _Kind.of(PERSON, self.persons + self._extra)
        if self._extra or units != PERSON:
            whole = np.zeros((self.persons + self._extra, *values.shape[1:]), dtype=values.dtype)
            whole[self._slots(units)] = values
            values = whole
        return self._kinds[PERSON], values

    def _slots(self, units: str) -> npt.NDArray[np.int64] | slice:
        """Where the units lie among those of their kind."""
        return self._sheets[units] if units in self._sheets else slice(self.persons) if units == PERSON else slice(None)

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
            found[name] = mask if isinstance(mask, Members) else self.members(mask, behind.units)
            if found[name].count != number:
                raise MiscountedRowError(f"{row.key}: {name} = {number} is not the {found[name].count} in its set")
        self.entries[row.key] = Entry(found.get("n"), found.get("k"), behind.made_of)

    def rest(self, key: str) -> Members | None:
        """Those of a row's n who are not in its k, where it has both and k is a part of n."""
        if key not in self._rests:
            entry = self.entries[key]
            self._rests[key] = None if entry.n is None or entry.k is None else entry.n.without(entry.k)
        return self._rests[key]

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
