"""Why a number is another in a later ledger: which extract, setting or code it is made of is another.

Both ledgers say in their header what they were made of (`made_of`): extracts by hash and rows, settings by place, and
which part of trial.yml is made of which. A cause is named for a number only if the number can depend on it. What
nothing of that explains is the doing of the rules of hiding, or of the code: a ledger is made of nothing else. Which
modules those are says the file beside the ledger (`reportlib.ledger.file`), where it is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reportlib.ledger import Estimate
from reportlib.ledger.file import MadeBy
from reportlib.trial.dependencies import SECTIONS

HIDING = "reglerne for skjulte tal: andre tal er ændret"
CODE = "koden eller en pakke: udtræk og indstillinger er de samme"
NOT_TOLD = "ukendt: en af de to siger ikke, hvad den er lavet af"
_MOST_MODULES = 3
_LEVEL, _SEED = "design.level", "design.seed"
_OF_TESTS = (_LEVEL, _SEED)


@dataclass(frozen=True)
class Differences:
    """What is different in what two ledgers were made of: their headers, and by which code, where that is known."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    old_code: MadeBy | None = None
    new_code: MadeBy | None = None

    @property
    def told(self) -> bool:
        """False when one of the two is of a time when ledgers did not say it."""
        return bool(self.old.get("made_of") and self.new.get("made_of"))

    def causes(self, row: Estimate, *, hides: bool, verdict: bool) -> tuple[str, ...]:
        """The causes of a change of `row`; `hides`: it came into sight or out of it, `verdict`: its verdict turned."""
        if not self.told:
            return (NOT_TOLD,)
        own, beside = self._parts_of(row.measure)
        if row.subgroup:
            own = own | beside
        own = own | {"disclosure"} if hides else own
        found = self._texts(own, verdict=verdict) or self._texts(beside, verdict=verdict)
        if not found and hides and self.changed:
            return (HIDING,)
        return tuple(found) or self._of_few() or self.code or (CODE,)

    def _parts_of(self, measure: str) -> tuple[set[str], set[str]]:
        """What a measure's numbers are made of, and what else the analyses that name it are made of."""
        if measure not in self._known:
            own = self._reached([f"measures.{measure}"])
            naming = [place for place, of in self._edges.items() if f"measures.{measure}" in of]
            if not own:  # a measure that neither knows: anything may be behind it
                own = set(self.changed)
            analyses = {place for place in naming if place.startswith("analyses.")}
            self._known[measure] = own | analyses, self._reached(naming)
        return self._known[measure]

    @cached_property
    def _known(self) -> dict[str, tuple[set[str], set[str]]]:
        return {}

    @cached_property
    def changed(self) -> Mapping[str, list[tuple[str, str]]]:
        """Part of trial.yml -> (place, what is told of it) of the settings and extracts of it that differ."""
        found: dict[str, list[tuple[str, str]]] = {}
        for place, text in (*self._files(), *self._settings()):
            found.setdefault(self._part_of(place), []).append((place, text))
        return found

    @cached_property
    def code(self) -> tuple[str, ...]:
        """What is different in the code: version, modules, packages. Said of the whole comparison, too."""
        told = []
        if self.old.get("reportlib") != self.new.get("reportlib"):
            told.append(f"reportlib {self.old.get('reportlib')} → {self.new.get('reportlib')}")
        if self.old_code is None or self.new_code is None:
            return tuple(told)
        if modules := _different(self.old_code.code, self.new_code.code):
            more = f" og {len(modules) - _MOST_MODULES} til" if len(modules) > _MOST_MODULES else ""
            told.append(f"koden {', '.join(modules[:_MOST_MODULES])}{more}")
        packages = self.old_code.packages, self.new_code.packages
        told += [
            f"pakken {name} {packages[0].get(name, '-')} → {packages[1].get(name, '-')}"
            for name in _different(*packages)
        ]
        return tuple(told)

    def _texts(self, parts: set[str], *, verdict: bool) -> list[str]:
        return [
            text
            for part, changes in self.changed.items()
            if part in parts
            for place, text in changes
            if place != _SEED and (place != _LEVEL or verdict)
        ]

    def _of_few(self) -> tuple[str, ...]:
        """What moves few numbers, those that a test counts or draws, or that are of the shown ones alone."""
        settings = [*self.changed.get("design", []), *self.changed.get("disclosure", [])]
        return tuple(text for place, text in settings if place in _OF_TESTS or place.startswith("disclosure."))

    @cached_property
    def _edges(self) -> Mapping[str, list[str]]:
        both: dict[str, list[str]] = {}
        for header in (self.old, self.new):
            for part, of in header["made_of"]["parts"].items():
                both[part] = [*both.get(part, []), *of]
        return both

    def _reached(self, parts: Iterable[str]) -> set[str]:
        """The parts and all they are made of, and the design; nothing of parts that neither ledger has."""
        reached: set[str] = set()
        pending = [part for part in parts if part in self._edges]
        while pending:
            part = pending.pop()
            if part not in reached:
                reached.add(part)
                pending += self._edges.get(part, [])
        return reached | {"design"} if reached else reached

    def _part_of(self, place: str) -> str:
        section = place.partition(".")[0]
        if section in SECTIONS:
            return section
        while place not in self._edges and "." in place:
            place = place.rpartition(".")[0]
        return place

    def _settings(self) -> Iterator[tuple[str, str]]:
        old, new = (header["made_of"]["settings"] for header in (self.old, self.new))
        for place in _different(old, new):
            yield place, f"indstillingen {place}{_values(old, new, place)}"

    def _files(self) -> Iterator[tuple[str, str]]:
        old, new = (_files_by_place(header) for header in (self.old, self.new))
        for place in sorted(old.keys() & new.keys()):
            one, two = old[place], new[place]
            if one["sha256"] != two["sha256"]:
                yield f"extracts.{place}", f"udtrækket {two['name']}: {_rows(two['rows'] - one['rows'])}"


def _files_by_place(header: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    by_name = {file["name"]: file for file in header["files"]}
    return {place: by_name[name] for place, name in header["made_of"]["extracts"].items() if name in by_name}


def _rows(more: int) -> str:
    if not more:
        return "lige så mange rækker, andet indhold"
    rows = "række" if abs(more) == 1 else "rækker"
    return f"{abs(more)} {rows} {'flere' if more > 0 else 'færre'}"


def _values(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> str:
    """` (52 → 60)` where both are plain values, or that it came or went."""
    if place not in old:
        return " (ny)"
    if place not in new:
        return " (væk)"
    values = [header[place] for header in (old, new)]
    if any(isinstance(value, str) and not _is_day(value) for value in values):
        return ""
    return f" ({_shown(values[0])} → {_shown(values[1])})"


def _shown(value: Any) -> str:
    return {None: "ingen", True: "ja", False: "nej"}[value] if value is None or isinstance(value, bool) else str(value)


def _is_day(text: str) -> bool:
    return len(text) == len("2017-01-31") and text[4] == "-"


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name, ...) != new.get(name, ...))
