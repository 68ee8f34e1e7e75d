"""Efron's partial likelihood of the Cox model for episodes (start, stop], with its derivatives and residuals.

In a bin with m deaths of mean weight wbar, the k'th of them (k = 0..m-1) is compared with the risk set in which each
of the deaths still counts by 1 - f_k, where f_k = k/m. With S0 and S1 the sums of w exp(eta) and w exp(eta) x over
the risk set, and D0 and D1 the same over the deaths:

    d_k    = S0 - f_k D0,   xbar_k = (S1 - f_k D1) / d_k
    loglik = sum over deaths of w eta - sum over bins and k of wbar log d_k
    score  = sum over deaths of w x   - sum over bins and k of wbar xbar_k
    info   = sum over bins and k of wbar (mean of x x' with the same weights - xbar_k xbar_k')

The sums over k need S0 and D0 only; they are the five numbers of each bin in `Hazards`. What is left is X' diag(v) X
with one number v for each episode, and products of matrices with J columns.

Sources: Efron (1977), JASA 72, 557-565; Andersen and Gill (1982), Annals of Statistics 10, 1100-1120 (episodes);
Therneau and Grambsch (2000), Modeling Survival Data, chapters 3 and 7 (case weights; score residuals with tied deaths);
Lin and Wei (1989), JASA 84, 1074-1078 (robust variance).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportlib.estimators.inputs import Floats, Integers
from reportlib.estimators.survival.design import Design
from reportlib.estimators.survival.risk_sets import RiskSets


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """Sums over the tied deaths k of each bin, all of shape (J,)."""

    a: Floats
    """sum of wbar / d_k: the increment of the cumulative baseline hazard."""
    b: Floats
    """sum of wbar f_k / d_k: what the bin's own deaths are spared of it."""
    q0: Floats
    """sum of wbar / d_k^2."""
    q1: Floats
    """sum of wbar f_k / d_k^2."""
    q2: Floats
    """sum of wbar f_k^2 / d_k^2."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The likelihood and its derivatives at one beta."""

    loglik: float
    score: Floats
    """(p,)"""
    information: Floats
    """(p, p)"""
    risk: Floats
    """(m,) weight times exp(eta), up to a common factor."""
    expected: Floats
    """(m,) weight times the expected number of events while the episode lasts."""
    hazards: Hazards
    s1: Floats
    """(p, J)"""
    d1: Floats
    """(p, J)"""


class EfronLikelihood:
    """The log partial likelihood of one data set as a function of beta (p,)."""

    def __init__(self, sets: RiskSets, design: Design, weight: Floats) -> None:
        """`weight` (m,) holds the case weights over the risk sets' episodes."""
        self.sets = sets
        self.design = design
        self.weight = weight
        self._weight_dead = weight[sets.dead]
        observed = np.zeros(len(weight))
        observed[sets.dead] = self._weight_dead
        self._observed = observed
        n_dead = sets.n_dead
        self._dead_weight_of_bin = sets.over_deaths(self._weight_dead)
        self._mean_weight = self._dead_weight_of_bin / n_dead
        self._bin_of_tie = np.repeat(np.arange(sets.n_bins), n_dead)
        self._fraction = (np.arange(len(sets.dead)) - sets.dead_first[self._bin_of_tie]) / n_dead[self._bin_of_tie]

    @np.errstate(all="ignore")
    def evaluate(self, beta: Floats) -> Evaluation:
        """Log likelihood, score and information at `beta`; not finite where a step has gone too far."""
        sets, design = self.sets, self.design
        eta = design.linear(beta)
        top = float(eta.max())  # a common factor of exp(eta) cancels; without the largest nothing can overflow
        risk = self.weight * np.exp(eta - top)
        risk_dead = risk[sets.dead]

        d0 = sets.over_deaths(risk_dead)
        denominator = sets.over_risk_sets(risk)[self._bin_of_tie] - self._fraction * d0[self._bin_of_tie]
        hazards = self._hazards(denominator)
        loglik = self._weight_dead @ (eta[sets.dead] - top) - self._mean_weight @ sets.over_deaths(np.log(denominator))

        expected = risk * sets.while_at_risk(hazards.a)
        expected[sets.dead] -= risk_dead * hazards.b[sets.dead_bin]
        s1 = design.over_risk_sets(risk)
        d1 = design.over_deaths(risk_dead)
        score = design.total(self._observed - expected)
        information = design.cross(expected) - _squared_means(hazards, s1, d1)
        return Evaluation(float(loglik), score, information, risk, expected, hazards, s1, d1)

    def time_weighted(self, at: Evaluation, g: Floats) -> tuple[Floats, Floats, Floats]:
        """For the covariates x g(t): their score, their information with x, and with themselves: (p,), (p, p), (p, p).

        `g` (J,) is a function of time, one value for each bin. A test of proportional hazards needs nothing more.
        """
        low = float(g.min())
        shifted = g - low  # zero or more, as `Design.cross` needs; the shift is taken out again below
        score, once = self._weighted(at, shifted)
        _, twice = self._weighted(at, shifted**2)
        information = at.information
        return score + low * at.score, once + low * information, twice + 2 * low * once + low**2 * information

    def _weighted(self, at: Evaluation, g: Floats) -> tuple[Floats, Floats]:
        """Score and information with every bin's terms multiplied by `g` (J,)."""
        sets, h = self.sets, at.hazards
        expected = at.risk * sets.while_at_risk(h.a * g)
        expected[sets.dead] -= at.risk[sets.dead] * (h.b * g)[sets.dead_bin]
        observed = np.zeros(len(expected))
        observed[sets.dead] = self._weight_dead * g[sets.dead_bin]
        root = np.sqrt(g)
        information = self.design.cross(expected) - _squared_means(h, root * at.s1, root * at.d1)
        return self.design.total(observed - expected), information

    def scores_by_group(self, at: Evaluation, group: Integers, n_groups: int) -> Floats:
        """Score residuals, times the weights, summed by group: (n_groups, p).

        An episode's residual is what it adds to the score when the risk sets' means are held fixed:
        its own x - xbar at the event, less the sum of (x - xbar) dLambda while at risk. A tied death gets the mean of
        xbar_k, and is at risk in the k'th comparison by 1 - f_k. `group` (m,) runs over the risk sets' episodes.
        """
        sets, h = self.sets, at.hazards
        own = self.design.by_group(group, n_groups, self._observed - at.expected)
        # xbar averaged over the ties; its integral over time; and the part of the last increment that deaths are spared
        mean = (h.a * at.s1 - h.b * at.d1) / self._dead_weight_of_bin
        increment = h.q0 * at.s1 - h.q1 * at.d1
        spared = h.q1 * at.s1 - h.q2 * at.d1
        dead_group, dead_bin = group[sets.dead], sets.dead_bin
        risk_dead = at.risk[sets.dead]
        for column in range(self.design.n_columns):
            own[column] += np.bincount(group, at.risk * sets.while_at_risk(increment[column]), n_groups)
            at_death = self._weight_dead * mean[column][dead_bin] + risk_dead * spared[column][dead_bin]
            own[column] -= np.bincount(dead_group, at_death, n_groups)
        return np.ascontiguousarray(own.T)

    def _hazards(self, denominator: Floats) -> Hazards:
        """Sum over the ties; `denominator` (d,) holds d_k of every tied death."""
        over_deaths, f = self.sets.over_deaths, self._fraction
        inverse = 1.0 / denominator
        square = inverse * inverse
        sums = (inverse, f * inverse, square, f * square, f * f * square)
        return Hazards(*(self._mean_weight * over_deaths(values) for values in sums))


def _squared_means(h: Hazards, s1: Floats, d1: Floats) -> Floats:
    """Sum over bins and ties of wbar xbar_k xbar_k', (p, p)."""
    # q0 S1 S1' - q1 (S1 D1' + D1 S1') + q2 D1 D1', written as two products of a matrix with itself:
    # BLAS does half the work on those, and the second needs only the bins with tied deaths.
    root = np.sqrt(h.q0)
    first = root * s1 - (h.q1 / root) * d1
    tied = h.q2 > 0
    second = np.sqrt(np.maximum(h.q2[tied] - h.q1[tied] ** 2 / h.q0[tied], 0.0)) * d1[:, tied]
    total: Floats = first @ first.T + second @ second.T
    return total
