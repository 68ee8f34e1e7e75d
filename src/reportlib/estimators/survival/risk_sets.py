"""The risk sets of all event times at once.

Every distinct event time in a stratum is a *bin*; bins are numbered by stratum, then time. An episode is at risk in the
unbroken run of bins lo, lo + 1, ..., hi - 1. A sum over each risk set is therefore one pass: add the episodes up by
their last bin, take those away that have not entered yet, and accumulate backwards within each stratum. No loop over
event times.

An episode that starts exactly at an event time is not at risk then; one that stops there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reportlib.estimators import columns
from reportlib.estimators.inputs import Floats, Integers
from reportlib.estimators.survival.episodes import Episodes
from reportlib.estimators.survival.errors import NoEventsError


@dataclass(frozen=True, slots=True, eq=False)
class RiskSets:
    """J bins in S strata that have events, and the m episodes that are at risk in any of them, sorted by their last
    bin.

    Arrays "over episodes" have length m in this order; `position` leads back to the `Episodes`.
    """

    position: Integers
    """(m,) each episode's place in the `Episodes`."""
    lo: Integers
    """(m,) first bin at risk."""
    hi: Integers
    """(m,) one past the last bin at risk, rising."""
    stratum: Integers
    """(m,) 0..S-1."""
    time_rank: Integers
    """(J,) rank of each bin's time."""
    strata_bins: Integers
    """(S+1,) stratum s has the bins strata_bins[s]..strata_bins[s+1]-1."""
    leave_first: Integers
    """(J,) place of the first episode that leaves after each bin; never empty, for the dead leave after their own
    bin.
    """
    late: Integers
    """Places of the episodes that enter after the first bin of their stratum, sorted by lo."""
    late_first: Integers
    """Index into `late` of the first for each distinct lo."""
    dead: Integers
    """(d,) places of the episodes that end with the event, their bins rising."""
    dead_first: Integers
    """(J,) index into `dead` of each bin's first."""

    @property
    def n_bins(self) -> int:
        """J, the distinct event times counted over all strata."""
        return len(self.time_rank)

    @property
    def dead_bin(self) -> Integers:
        """(d,) the bin of each death."""
        return self.hi[self.dead] - 1

    @property
    def n_dead(self) -> Integers:
        """(J,) deaths in each bin, at least one."""
        return np.diff(self.dead_first, append=len(self.dead))

    def over_risk_sets(self, values: Floats, late_values: Floats | None = None) -> Floats:
        """Sum of `values` (..., m) over each risk set, shape (..., J).

        `late_values` is `values` of the late entrants, where the caller has it ready in the order of `late`.
        """
        net = np.add.reduceat(values, self.leave_first, axis=-1)
        if self.late.size:
            if late_values is None:
                late_values = values[..., self.late]
            before = self.lo[self.late[self.late_first]] - 1
            net[..., before] -= np.add.reduceat(late_values, self.late_first, axis=-1)
        return self.accumulate_back(net)

    def accumulate_back(self, net: Floats) -> Floats:
        """Turn those who leave after each bin less those who enter after it, (..., J), into those at risk in it."""
        total = np.empty_like(net)
        for first, end in self._blocks():
            np.cumsum(net[..., first:end][..., ::-1], axis=-1, out=total[..., first:end][..., ::-1])
        return total

    def over_deaths(self, dead_values: Floats) -> Floats:
        """Sum of `dead_values` (..., d) over the deaths of each bin, shape (..., J)."""
        return np.add.reduceat(dead_values, self.dead_first, axis=-1)

    def while_at_risk(self, bin_values: Floats) -> Floats:
        """Sum of `bin_values` (J,) over the bins in which each episode is at risk, shape (m,)."""
        # Each stratum starts again from its own zero, so that a small sum is never the difference of two large ones.
        running = np.zeros(self.n_bins + len(self.strata_bins) - 1)
        for s, (first, end) in enumerate(self._blocks()):
            np.cumsum(bin_values[first:end], out=running[first + s + 1 : end + s + 1])
        during: Floats = running[self.hi + self.stratum] - running[self.lo + self.stratum]
        return during

    def _blocks(self) -> list[tuple[int, int]]:
        bounds = self.strata_bins.tolist()
        return list(pairwise(bounds))


def risk_sets(episodes: Episodes) -> RiskSets:
    """Sort the episodes into risk sets. Raises NoEventsError when no episode ends with the event."""
    if not episodes.event.any():
        raise NoEventsError("no episode ends with the event", hint="look at the event column and at the window")
    # One whole number orders (stratum, time); ranks start at 0, "before every time".
    span = len(episodes.times) + 1
    start_key, stop_key = episodes.stratum * span + episodes.start, episodes.stratum * span + episodes.stop
    _, bins = columns.renumber(stop_key[episodes.event])
    lo, hi = (_bins_up_to(bins, key, episodes.n_strata * span) for key in (start_key, stop_key))

    at_risk = np.flatnonzero(lo < hi)
    position = at_risk[columns.stable_order(hi[at_risk], len(bins))]
    lo, hi = lo[position], hi[position]
    bin_stratum = bins // span
    strata_bins = np.flatnonzero(np.diff(bin_stratum, prepend=-1, append=-1))
    stratum = np.searchsorted(strata_bins, hi - 1, side="right") - 1

    late = np.flatnonzero(lo > strata_bins[stratum])
    late = late[columns.stable_order(lo[late], len(bins))]
    dead = np.flatnonzero(episodes.event[position])
    return RiskSets(
        position=position,
        lo=lo,
        hi=hi,
        stratum=stratum,
        time_rank=bins % span,
        strata_bins=strata_bins,
        leave_first=np.flatnonzero(np.diff(hi, prepend=0)),
        late=late,
        late_first=np.flatnonzero(np.diff(lo[late], prepend=-1)),
        dead=dead,
        dead_first=np.flatnonzero(np.diff(hi[dead], prepend=0)),
    )


def _bins_up_to(bins: Integers, key: Integers, size: int) -> Integers:
    """How many bins are at or before each key; keys are 0..size-1."""
    if size > 4 * len(key) + 1000:
        return np.asarray(np.searchsorted(bins, key, side="right"), dtype=np.int64)
    passed = np.zeros(size, dtype=np.int64)
    passed[bins] = 1
    return np.asarray(np.cumsum(passed)[key])
