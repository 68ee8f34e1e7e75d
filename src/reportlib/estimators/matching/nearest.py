"""Nearest neighbours on a one-dimensional score, with replacement, ties sharing.

The controls are sorted by their score once. All controls within a distance of a treated person are then an unbroken
run of that order, so that a match is two numbers, its first and last place, however many controls are tied: finding
them is a binary search, and sums over them are differences of running sums. 50,000 persons take some hundredths of a
second.

Without replacement, or with ties broken by the order of the rows, the answer depends on that order. Here it does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportlib.estimators.errors import EmptyGroupError
from reportlib.estimators.inputs import Booleans, Floats, Integers
from reportlib.estimators.matching.errors import InvalidCaliperError, InvalidNeighboursError, NoMatchesError

TIE_TOLERANCE = 1e-9
"""Distances closer than this are the same: persons with equal covariates have scores that differ by rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """For each of some persons, the run first..end-1 of others in the order of their score. (m,) each."""

    first: Integers
    end: Integers

    @property
    def count(self) -> Integers:
        """(m,) others in each run."""
        return self.end - self.first

    def mean(self, values: Floats) -> Floats:
        """(m,) mean over each run of `values`, which stand in the order of the score. NaN for an empty run."""
        middle = values.mean()  # running sums of centred values lose nothing to rounding
        running = np.concatenate([[0.0], np.cumsum(values - middle)])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((running[self.end] - running[self.first]) / self.count + middle)

    def spread_back(self, values: Floats, size: int) -> Floats:
        """(size,) sum of `values` (m,) over the runs that cover each place."""
        change = np.bincount(self.first, values, size + 1) - np.bincount(self.end, values, size + 1)
        covered = np.cumsum(np.bincount(self.first, minlength=size + 1) - np.bincount(self.end, minlength=size + 1))
        # Where no run covers, the float sum is only zero to rounding; the whole-number sum says so exactly.
        return np.asarray(np.where(covered > 0, np.cumsum(change), 0.0)[:size])


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Each treated person's controls. Places are rows of the arrays that were matched."""

    treated: Integers
    """(n_t,) rows of the treated who have a match."""
    unmatched: Integers
    """Rows of the treated without one."""
    controls: Integers
    """(n_c,) rows of all controls, in the order of their score."""
    control_score: Floats
    """(n_c,) their scores, rising."""
    runs: Runs
    """(n_t,) runs of `controls`."""
    n: int
    """Rows in all."""

    @property
    def n_controls_used(self) -> int:
        """Controls that are somebody's match."""
        return int(np.count_nonzero(self.weight[self.controls]))

    @property
    def n_tied(self) -> int:
        """Treated persons with more than one control (with one neighbour: because of ties)."""
        return int(np.count_nonzero(self.runs.count > 1))

    @property
    def weight(self) -> Floats:
        """(n,) 1 for the matched treated; for controls, the sum of the shares they are matched with; 0 for the rest.

        The controls' weights add up to the number of matched treated.
        """
        weight = np.zeros(self.n)
        weight[self.treated] = 1.0
        weight[self.controls] = self.runs.spread_back(1.0 / self.runs.count, len(self.controls))
        return weight


def nearest(score: Floats, treated: Booleans, *, neighbours: int = 1, caliper: float | None = None) -> Matches:
    """Match every treated person with the `neighbours` nearest controls on `score` (n,), and all tied with the last
    of them.

    A control further away than `caliper` (in the score's unit) is no match; a treated person with none is left out.

    Raises EmptyGroupError, InvalidNeighboursError, InvalidCaliperError, and NoMatchesError if all are left out.

    Source: Abadie and Imbens (2006), Econometrica 74, 235-267 (with replacement); Sekhon (2011), Journal of Statistical
    Software 42(7) (ties share).
    """
    rows, controls = np.flatnonzero(treated), np.flatnonzero(~treated)
    if not rows.size or not controls.size:
        raise EmptyGroupError(f"{rows.size} treated and {controls.size} controls: both groups are needed")
    if not 1 <= neighbours <= controls.size:
        raise InvalidNeighboursError(f"{neighbours} neighbours asked for among {controls.size} controls")
    if caliper is not None and not caliper > 0:
        raise InvalidCaliperError(f"the caliper is {caliper}, which leaves nobody", hint="leave it out for no limit")
    controls = controls[np.argsort(score[controls], kind="stable")]
    at, points = score[controls], score[rows]
    reach = _distance(at, points, neighbours)
    limit = reach + TIE_TOLERANCE
    if caliper is not None:
        limit = np.where(reach <= caliper, limit, caliper)
    runs = Runs(np.searchsorted(at, points - limit, side="left"), np.searchsorted(at, points + limit, side="right"))
    found = runs.count > 0
    if not found.any():
        raise NoMatchesError(
            f"no treated person has a control within {caliper:g}" if caliper else "no treated person has a control",
            hint=f"the nearest is {float(_distance(at, points, 1).min()):g} away",
        )
    return Matches(rows[found], rows[~found], controls, at, Runs(runs.first[found], runs.end[found]), len(score))


def nearest_others(score: Floats, neighbours: int) -> Runs:
    """For each of n persons in the order of their `score` (n,), the run of their `neighbours` nearest others, with
    ties.

    The person's own place lies inside the run. n must be larger than `neighbours`.
    """
    # One's own distance is zero and always among the nearest: one more neighbour leaves `neighbours` others.
    limit = _distance(score, score, neighbours + 1) + TIE_TOLERANCE
    return Runs(np.searchsorted(score, score - limit, side="left"), np.searchsorted(score, score + limit, side="right"))


def _distance(sorted_scores: Floats, points: Floats, rank: int) -> Floats:
    """(m,) distance from each point to its `rank`'th nearest among the sorted scores."""
    size = len(sorted_scores)
    place = np.searchsorted(sorted_scores, points)
    # The nearest `rank` lie in the window of `rank` on either side.
    window = place[:, None] + np.arange(-rank, rank)[None, :]
    inside = (window >= 0) & (window < size)
    distance = np.abs(sorted_scores[np.clip(window, 0, size - 1)] - points[:, None])
    distance[~inside] = np.inf
    return np.asarray(np.partition(distance, rank - 1, axis=1)[:, rank - 1])
