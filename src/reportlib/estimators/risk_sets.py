"""Episodes (start, stop] as arrays (who is watched from when to when, and whether the event came at the end), and
Efron's partial likelihood of the Cox model for them, with its derivatives, maximum and residuals.

A person may have several episodes. Times are replaced by their rank among all times in the data, so that everything
after them counts with whole numbers. Times that differ only by rounding (0.1 + 0.2 and 0.3) get one rank, by
the rule of R's survival package (`aeqSurv`): a gap counts as none if it is under 1.5e-8, absolutely or relative to
the mean time.

Every distinct event time in a stratum is a *bin*; bins are numbered by stratum, then time. An episode is at risk in the
unbroken run of bins lo, lo + 1, ..., hi - 1, so that a sum over every risk set is one running sum over the bins: no
loop over event times. An episode that starts exactly at an event time is not at risk then; one that stops there is.

In a bin with m deaths of mean weight wbar, the k'th of them (k = 0..m-1) is compared with the risk set in which each
of the deaths still counts by 1 - f_k, where f_k = k/m. With S0 and S1 the sums of w exp(eta) and w exp(eta) x over
the risk set, and D0 and D1 the same over the deaths:

    d_k    = S0 - f_k D0,   xbar_k = (S1 - f_k D1) / d_k
    loglik = sum over deaths of w eta - sum over bins and k of wbar log d_k
    score  = sum over deaths of w x   - sum over bins and k of wbar xbar_k
    info   = sum over bins and k of wbar (mean of x x' with the same weights - xbar_k xbar_k')

The sums over k need S0 and D0 only; they are the five numbers of each bin in `Evaluation`. What is left is X' diag(v) X
with one number v for each episode, and products of matrices with J columns.

Sources: Efron (1977), JASA 72, 557-565; Andersen and Gill (1982), Annals of Statistics 10, 1100-1120 (episodes);
Therneau and Grambsch (2000), Modeling Survival Data, chapters 3 and 7 (case weights; score residuals with tied deaths);
Lin and Wei (1989), JASA 84, 1074-1078 (robust variance).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from reportlib.estimators.checked import Booleans, Floats, Integers, codes, column, indicator, require_columns
from reportlib.estimators.errors import InvalidEpisodeError, InvalidWeightsError, NoEventsError

TIME_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """n episodes in the frame's order. `start` and `stop` are ranks into `times`; rank 0 is before every time."""

    start: Integers
    stop: Integers
    event: Booleans
    stratum: Integers
    """Codes from 0; people are only ever compared inside their stratum."""
    weight: Floats
    """Case weights (one for each episode when none are given)."""
    times: Floats
    """The distinct times: rank r stands for times[r - 1]."""


def read_episodes(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
) -> Episodes:
    """The frame's episodes, checked. Without `start` everybody is watched from before the first event.

    Raises:
        InvalidEpisodeError: an episode does not stop after it starts.
        InvalidWeightsError: a weight is not positive.
        EmptyFrameError, UnknownColumnError, MissingValueError, NotNumericError, NotBinaryError: see `checked`.
    """
    stops = column(frame, stop)
    starts = None if start is None else column(frame, start)
    if starts is not None and (wrong := np.flatnonzero(starts >= stops)).size:
        at = int(wrong[0])
        raise InvalidEpisodeError(
            f"{wrong.size} of {len(frame)} episodes do not stop after they start, "
            f"the first in row {at}: {start} = {starts[at]:g}, {stop} = {stops[at]:g}",
            hint="an episode is (start, stop]: leave out those of no length, or give them half a unit",
        )
    stratum = np.zeros(len(frame), dtype=np.int64)
    for name in [] if strata is None else [strata] if isinstance(strata, str) else strata:
        require_columns(frame, [name])
        own, levels = codes(frame[name], name)
        stratum = stratum * len(levels) + own
    weight = np.ones(len(frame)) if weights is None else column(frame, weights)
    if (weight <= 0).any():
        raise InvalidWeightsError(
            f"{int((weight <= 0).sum())} weights in {weights!r} are not positive", hint="leave those rows out"
        )
    start_rank, stop_rank, times = _rank(starts, stops)
    if (start_rank >= stop_rank).any():
        at = int(np.flatnonzero(start_rank >= stop_rank)[0])
        raise InvalidEpisodeError(
            f"the episode in row {at} is so short that its ends cannot be told apart from rounding",
            hint="measure time in a smaller unit",
        )
    return Episodes(
        start_rank, stop_rank, flag(frame, event), np.unique(stratum, return_inverse=True)[1], weight, times
    )


def flag(frame: pd.DataFrame, name: str) -> Booleans:
    """A 0/1 column as booleans (n,). Raises what `column` and `indicator` raise."""
    return indicator(column(frame, name), name)


def _rank(starts: Floats | None, stops: Floats) -> tuple[Integers, Integers, Floats]:
    """Ranks of the starts (0 without) and of the stops, from 1, and the distinct times they point to."""
    both = stops if starts is None else np.concatenate([stops, starts])
    times, code = np.unique(both, return_inverse=True)
    gap = np.diff(times)
    tied = (gap <= TIME_TOLERANCE) | (gap <= TIME_TOLERANCE * np.abs(times).mean())
    if tied.any():
        merged = np.concatenate([[0], np.cumsum(~tied)])
        times, code = times[np.concatenate([[True], ~tied])], merged[code]
    rank = code.astype(np.int64) + 1
    n = len(stops)
    return (np.zeros(n, dtype=np.int64) if starts is None else rank[n:]), rank[:n], times


# --- Cut at chosen weeks


def split_episodes(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    cuts: Sequence[float],
    start: str | None = None,
) -> pd.DataFrame:
    """The frame with every episode cut at each of the `cuts` it spans; the event stays with the last piece.

    Column `period` counts from 1: the pieces up to and with the first cut, then those up to the second, and so on.
    When `start` is None a column "start" is made, zero for the first piece. Rows come in the frame's order, each
    row's pieces in time order. A model fitted on the pieces is the one fitted on the whole, so that only what is made
    to differ between periods does.

    Raises InvalidEpisodeError if an episode does not stop after it starts, and what `checked` raises. Equals R's
    `survSplit`.
    """
    stops = column(frame, stop)
    starts = np.zeros(len(frame)) if start is None else column(frame, start)
    events = flag(frame, event)
    if (starts >= stops).any():
        raise InvalidEpisodeError(f"{int((starts >= stops).sum())} episodes do not stop after they start")
    edges = np.concatenate([[-np.inf], np.unique(np.asarray(cuts, dtype=float)), [np.inf]])
    pieces = []
    for number, (low, high) in enumerate(pairwise(edges), start=1):
        rows = np.flatnonzero((starts < high) & (stops > low))
        piece = frame.iloc[rows].copy()
        piece[start or "start"] = np.maximum(starts[rows], low)
        piece[stop] = np.minimum(stops[rows], high)
        piece[event] = (events[rows] & (stops[rows] <= high)).astype(int)
        piece["period"] = number
        pieces.append((rows, piece))
    order = np.argsort(np.concatenate([rows for rows, _ in pieces]), kind="stable")
    return pd.concat([piece for _, piece in pieces], ignore_index=True).iloc[order].reset_index(drop=True)


def before_and_after(frame: pd.DataFrame, *, covariate: str, stop: str, event: str, week: float) -> pd.DataFrame:
    """Split every episode at `week` and give `covariate` one column for each side: `<covariate>_before`,
    `<covariate>_after`.

    In a Cox model with both columns (and not `covariate`), the coefficients are the effect up to and with `week` and
    the effect after it. Raises what `split_episodes` raises.
    """
    values = column(frame, covariate)
    pieces = split_episodes(frame.assign(**{covariate: values}), stop=stop, event=event, cuts=[week])
    early = pieces[stop] <= week
    return pieces.assign(
        **{
            f"{covariate}_before": pieces[covariate].where(early, 0.0),
            f"{covariate}_after": pieces[covariate].where(~early, 0.0),
        }
    )


TOLERANCE = 1e-9
SETTLED = 1e-9
"""The step, in standard errors, that is no longer followed by another: errors rest on small differences."""
MAX_ITERATIONS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The likelihood and its derivatives at one beta, and what the sums over the ties k of each bin came to, (J,)."""

    loglik: float
    score: Floats
    """(p,)"""
    information: Floats
    """(p, p)"""
    risk: Floats
    """(n,) weight times exp(eta), up to a common factor."""
    s1: Floats
    """(J, p)"""
    d1: Floats
    """(J, p)"""
    a: Floats
    """sum of wbar / d_k: the increment of the cumulative baseline hazard."""
    b: Floats
    """sum of wbar f_k / d_k: what the bin's own deaths are spared of it."""
    q: tuple[Floats, Floats, Floats]
    """sums of wbar / d_k^2, wbar f_k / d_k^2 and wbar f_k^2 / d_k^2."""


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the iterations ended; `first` is the likelihood where they began."""

    beta: Floats
    at: Evaluation
    first: Evaluation
    iterations: int
    converged: bool


class EfronLikelihood:
    """The log partial likelihood of one data set as a function of beta (p,)."""

    def __init__(self, episodes: Episodes, x: Floats) -> None:
        """`x` (n, p) holds the episodes' covariates. Raises NoEventsError when no episode ends with the event."""
        if not episodes.event.any():
            raise NoEventsError("no episode ends with the event", hint="look at the event column and at the window")
        self.x, self.weight = x, episodes.weight
        span = len(episodes.times) + 1  # one whole number orders (stratum, time)
        stop = episodes.stratum * span + episodes.stop
        bins = np.unique(stop[episodes.event])
        self.lo = np.searchsorted(bins, episodes.stratum * span + episodes.start, side="right")
        self.hi = np.searchsorted(bins, stop, side="right")
        self.time_rank = bins % span
        self.n_bins = len(bins)
        dead = np.flatnonzero(episodes.event)
        self._count_dead(dead[np.argsort(self.hi[dead], kind="stable")])

    def _count_dead(self, dead: Integers) -> None:
        """Those who die, in the order of their bins; a bin may have lost all of its own (`without`)."""
        self.dead, self.dead_bin = dead, self.hi[dead] - 1
        n_dead = np.bincount(self.dead_bin, minlength=self.n_bins)
        self.dead_weight = np.bincount(self.dead_bin, self.weight[dead], self.n_bins)
        self.mean_weight = self.dead_weight / np.maximum(n_dead, 1)
        first = np.cumsum(n_dead) - n_dead
        self.fraction = (np.arange(len(dead)) - first[self.dead_bin]) / n_dead[self.dead_bin]

    def without(self, left_out: Booleans) -> EfronLikelihood:
        """The likelihood of the other episodes: those `left_out` (n,) stay in place and weigh nothing."""
        rest = copy(self)
        rest.weight = np.where(left_out, 0.0, self.weight)
        rest._count_dead(self.dead[~left_out[self.dead]])
        return rest

    def at_risk(self, values: Floats) -> Floats:
        """Sum of `values` (n,) over each risk set, (J,)."""
        size = self.n_bins + 1
        leaving_after = np.bincount(self.hi, values, size)[1:]
        entering_after = np.bincount(self.lo, values, size)[1:]
        total: Floats = np.cumsum((leaving_after - entering_after)[::-1])[::-1]
        return total

    def over_deaths(self, dead_values: Floats) -> Floats:
        """Sum of `dead_values` (d,) over the deaths of each bin, (J,)."""
        total: Floats = np.bincount(self.dead_bin, dead_values, self.n_bins).astype(float)
        return total

    def while_at_risk(self, bin_values: Floats) -> Floats:
        """Sum of `bin_values` (J,) over the bins in which each episode is at risk, (n,)."""
        running = np.concatenate([[0.0], np.cumsum(bin_values)])
        during: Floats = running[self.hi] - running[self.lo]
        return during

    @np.errstate(all="ignore")
    def evaluate(self, beta: Floats) -> Evaluation:
        """Log likelihood, score and information at `beta`; not finite where a step has gone too far."""
        blank, d_k = self._begin(beta)
        dead, f, risk = self.dead, self.fraction, blank.risk
        q0, q1, q2 = (self.mean_weight * self.over_deaths(each) for each in (d_k**-2, f / d_k**2, (f / d_k) ** 2))
        s1 = np.stack([self.at_risk(risk * column) for column in self.x.T], axis=1)
        d1 = np.stack([self.over_deaths(risk[dead] * column) for column in self.x[dead].T], axis=1)
        blank = replace(blank, s1=s1, d1=d1, q=(q0, q1, q2))
        score, information = self.weighted(blank, np.ones(self.n_bins))
        return replace(blank, score=score, information=information)

    @np.errstate(all="ignore")
    def score(self, beta: Floats) -> Floats:
        """The score alone, (p,), for a sixth of the work."""
        return np.asarray(self.x.T @ self._residuals(self._begin(beta)[0], np.ones(self.n_bins))[0])

    def _begin(self, beta: Floats) -> tuple[Evaluation, Floats]:
        """What takes no sums over covariates, and d_k for each death (d,)."""
        eta = self.x @ beta
        top = float(eta.max())  # a common factor of exp(eta) cancels; without the largest nothing can overflow
        risk = self.weight * np.exp(eta - top)
        dead, f, none = self.dead, self.fraction, np.empty(0)
        d0 = self.over_deaths(risk[dead])
        d_k = self.at_risk(risk)[self.dead_bin] - f * d0[self.dead_bin]
        loglik = self.weight[dead] @ (eta[dead] - top) - self.mean_weight @ self.over_deaths(np.log(d_k))
        a, b = (self.mean_weight * self.over_deaths(each) for each in (1 / d_k, f / d_k))
        return Evaluation(float(loglik), none, none, risk, none, none, a, b, (none, none, none)), d_k

    def weighted(self, at: Evaluation, g: Floats) -> tuple[Floats, Floats]:
        """Score (p,) and information (p, p) with every bin's terms multiplied by `g` (J,), a function of time."""
        residual, expected = self._residuals(at, g)
        first, cross, second = (g * q for q in at.q)
        mixed = (at.s1 * cross[:, None]).T @ at.d1
        squared_means = (at.s1 * first[:, None]).T @ at.s1 - mixed - mixed.T + (at.d1 * second[:, None]).T @ at.d1
        return self.x.T @ residual, (self.x * expected[:, None]).T @ self.x - squared_means

    def _residuals(self, at: Evaluation, g: Floats) -> tuple[Floats, Floats]:
        """Observed less expected events of each episode, and the expected, (n,) each, times the weights and g."""
        expected = at.risk * self.while_at_risk(at.a * g)
        expected[self.dead] -= at.risk[self.dead] * (at.b * g)[self.dead_bin]
        residual = -expected
        residual[self.dead] += self.weight[self.dead] * g[self.dead_bin]
        return residual, expected

    def scores(self, at: Evaluation) -> Floats:
        """Score residuals, times the weights, (n, p).

        An episode's residual is what it adds to the score when the risk sets' means are held fixed: its own x - xbar at
        the event, less the sum of (x - xbar) dLambda while at risk. A tied death gets the mean of xbar_k, and is at
        risk in the k'th comparison by 1 - f_k.
        """
        own: Floats = self.x * self._residuals(at, np.ones(self.n_bins))[0][:, None]
        q0, q1, q2 = (each[:, None] for each in at.q)
        # xbar averaged over the ties; its integral over time; and the part of the last increment that deaths are spared
        mean = (at.a[:, None] * at.s1 - at.b[:, None] * at.d1) / self.dead_weight[:, None]
        increment, spared = q0 * at.s1 - q1 * at.d1, q1 * at.s1 - q2 * at.d1
        own += at.risk[:, None] * np.stack([self.while_at_risk(each) for each in increment.T], axis=1)
        own[self.dead] -= self.weight[self.dead][:, None] * mean[self.dead_bin]
        own[self.dead] -= at.risk[self.dead][:, None] * spared[self.dead_bin]
        return own

    def maximise(self, first: Evaluation, start: Floats, tolerance: float = TOLERANCE) -> Maximum:
        """Newton-Raphson from `start`, where the likelihood is `first`, with the stopping rule of R's `coxph`.

        The steps end when the log likelihood changes by less than 1e-9 of itself. At that point a coefficient may be
        some 1e-9 of itself from the exact maximum (1e-7 in a small sample with a coefficient near zero), which no
        reader could see, but which would hide a real difference from R: ending where R ends, the two agree to rounding.
        A step that lands lower is cut to a half, then to a third of that, and so on.
        """
        beta, best = start, first
        proposed, halvings = beta + newton_step(best), 0
        for iteration in range(1, MAX_ITERATIONS + 1):
            at = self.evaluate(proposed)
            settled = abs(1 - best.loglik / at.loglik) <= tolerance if at.loglik else False
            if settled and not halvings:
                return Maximum(proposed, at, first, iteration, converged=True)
            if not np.isfinite(at.loglik) or at.loglik < best.loglik:
                halvings += 1
                proposed = (proposed + halvings * beta) / (halvings + 1)
            else:
                halvings = 0
                beta, best = proposed, at
                proposed = beta + newton_step(best)
        return Maximum(beta, best, first, MAX_ITERATIONS, converged=False)

    def settle(self, first: Evaluation, start: Floats) -> Floats | None:
        """The maximum near `start`, where the likelihood is `first`, by steps that keep to its information: with the
        score alone a step costs little. None where they do not shrink at once: then it is not near."""
        inverted, beta, score, last = inverse(first.information), start, first.score, np.inf
        while last > SETTLED:
            step = inverted @ score
            size = float(np.sqrt(step @ first.information @ step))
            if not size < last / 4:
                return None
            beta, last = beta + step, size
            score = self.score(beta)
        return beta


def newton_step(at: Evaluation) -> Floats:
    """information^-1 score, (p,); the shortest such step where the information is singular."""
    scale = scales(at.information)
    scaled = at.information / np.outer(scale, scale)
    try:
        return np.asarray(np.linalg.solve(scaled, at.score / scale) / scale)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(scaled, at.score / scale, rcond=None)[0] / scale)


def inverse(information: Floats) -> Floats:
    """The inverse of the information, (p, p), symmetric to the last digit."""
    scale = scales(information)
    inverted = np.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale)
    return np.asarray((inverted + inverted.T) / 2)


def scales(information: Floats) -> Floats:
    """Square roots of the diagonal, (p,), and 1 where it is zero, to make covariates of any unit comparable."""
    diagonal = np.diag(information)
    return np.sqrt(np.where(diagonal > 0, diagonal, 1.0))


def sum_by(codes: Integers, values: Floats) -> Floats:
    """Rows of `values` (n, p) added up by code 0..G-1, (G, p)."""
    return np.stack([np.bincount(codes, column) for column in values.T], axis=1)
