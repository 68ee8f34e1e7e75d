"""Episodes (start, stop] as arrays: who is watched from when to when, and whether the event came at the end.

A person may have several episodes. Times are replaced by their rank among all times in the data, so that everything
after this module counts with whole numbers. Times that differ only by rounding (0.1 + 0.2 and 0.3) get one rank, by
the rule of R's survival package (`aeqSurv`): a gap counts as none if it is under 1.5e-8, absolutely or relative to
the mean time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from reportlib.estimators.checked import Booleans, Floats, Integers, codes, column, indicator, require_columns
from reportlib.estimators.errors import InvalidEpisodeError, InvalidWeightsError

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
    period: str = "period",
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
        piece[period] = number
        pieces.append((rows, piece))
    order = np.argsort(np.concatenate([rows for rows, _ in pieces]), kind="stable")
    return pd.concat([piece for _, piece in pieces], ignore_index=True).iloc[order].reset_index(drop=True)


def before_and_after(
    frame: pd.DataFrame, *, covariate: str, stop: str, event: str, week: float, start: str | None = None
) -> pd.DataFrame:
    """Split every episode at `week` and give `covariate` one column for each side: `<covariate>_before`,
    `<covariate>_after`.

    In a Cox model with both columns (and not `covariate`), the coefficients are the effect up to and with `week` and
    the effect after it. Raises what `split_episodes` raises.
    """
    values = column(frame, covariate)
    pieces = split_episodes(frame.assign(**{covariate: values}), start=start, stop=stop, event=event, cuts=[week])
    early = pieces[stop] <= week
    return pieces.assign(
        **{
            f"{covariate}_before": pieces[covariate].where(early, 0.0),
            f"{covariate}_after": pieces[covariate].where(~early, 0.0),
        }
    )
