"""When a relation between sets is no chance: what repair and audit both call real, and nothing else they share.

A relation (two labels have equal sets, or A + B = C) counts when it holds at every place where all its labels stand,
and when it would be too unlikely if the persons were drawn at random. Without the second, one person who happens to be
in one set and not in another would link numbers that have nothing to do with each other, and rows would hide for
nothing.
"""

from __future__ import annotations

import math
from functools import lru_cache

SURE = 20.0
"""Bits: one in a million."""


class Evidence:
    """How unlikely it is, in bits, that a relation holds by chance at all places where it does.

    A person who is in one site is in all sites together, and in the next week: of one group only the best place counts.
    """

    def __init__(self) -> None:
        self._of_group: dict[str, float] = {}

    def add(self, group: str, hit: int, among: int) -> None:
        """The relation holds at a place of the group, where a set of so many of so many units is hit."""
        self._of_group[group] = max(self._of_group.get(group, 0.0), bits(hit, among))

    @property
    def is_no_chance(self) -> bool:
        return sum(self._of_group.values()) >= SURE


@lru_cache(maxsize=100_000)
def bits(hit: int, among: int) -> float:
    """How unlikely it is to hit a set of so many among so many by chance; an empty set says nothing."""
    if not 0 < hit <= among:
        return 0.0
    return (math.lgamma(among + 1) - math.lgamma(hit + 1) - math.lgamma(among - hit + 1)) / math.log(2)
