"""When a relation between sets is no chance: what repair and audit both call real, and nothing else they share.

That one number is inside another needs no proof where the definitions say so (`by_definition`).

A relation (two labels have equal sets, or A + B = C) counts when it holds at every place where all its labels stand,
and when it would be too unlikely if the persons were drawn at random. Without the second, one person who happens to be
in one set and not in another would link numbers that have nothing to do with each other, and rows would hide for
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

SURE, SURE_OF_KIN = 20.0, 10.0
"""Bits: one in a million; one in a thousand between numbers that rest on the same parts of the extracts."""


class Evidence:
    """How unlikely it is, in bits, that a relation holds by chance at all places where it does.

    A person who is in one site is in all sites together, and in the next week: of one group only the best place counts.
    """

    def __init__(self) -> None:
        self._of_group: dict[str, float] = {}

    def add(self, group: str, hit: int, among: int) -> None:
        """The relation holds at a place of the group, where a set of so many of so many units is hit."""
        self._of_group[group] = max(self._of_group.get(group, 0.0), bits(hit, among))

    def is_no_chance(self, enough: float = SURE) -> bool:
        """Whether so many bits are there."""
        return sum(self._of_group.values()) >= enough


@lru_cache(maxsize=100_000)
def bits(hit: int, among: int) -> float:
    """How unlikely it is to hit a set of so many among so many by chance; an empty set says nothing."""
    if not 0 < hit <= among:
        return 0.0
    return (math.lgamma(among + 1) - math.lgamma(hit + 1) - math.lgamma(among - hit + 1)) / math.log(2)


Label = tuple[str, str, str, str, str]
"""What is counted: measure, statistic, role, subgroup, and a time that is no week."""


def by_definition(first: Label, second: Label, rests_on: Mapping[str, frozenset[str]]) -> bool:
    """Whether all who are counted in one may be counted in the other because of what the two are.

    One rests on the same parts of the extracts as the other, or on some of them (an event, and that event among
    some), in the same role; and neither is about a part of the persons, or a time, that the other leaves out.
    """
    alike = first[2] == second[2] and _are_kin(*(_parts(label, rests_on) for label in (first, second)))
    return alike and all(first[at] == second[at] or not (first[at] and second[at]) for at in (3, 4))


def enough(labels: Sequence[Collection[Label]], rests_on: Mapping[str, frozenset[str]]) -> float:
    """How many bits are enough for a relation between numbers, each known by some labels."""
    fewest, *others = sorted(({_parts(label, rests_on) for label in each} for each in labels), key=len)
    for parts in fewest:
        if all(any(_are_kin(parts, other) for other in each) for each in others):
            return SURE_OF_KIN
    return SURE


def _parts(label: Label, rests_on: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return rests_on.get(label[0], frozenset([label[0]]))


def _are_kin(first: frozenset[str], second: frozenset[str]) -> bool:
    return first <= second or second <= first
