"""Reshape episodes and covariates for a Cox model: time split at chosen weeks, and categories as 0/1 columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from reportlib.estimators import columns
from reportlib.estimators.errors import EstimatorError
from reportlib.estimators.survival.errors import InvalidEpisodeError


class UnknownReferenceError(EstimatorError):
    """The reference category does not occur in the column."""


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

    Raises InvalidEpisodeError if an episode does not stop after it starts, and what `columns` raises. Equals R's
    `survSplit`.
    """
    columns.require_rows(frame)
    stops = columns.numbers(frame, stop)
    starts = np.zeros(len(frame)) if start is None else columns.numbers(frame, start)
    events = columns.flag(frame, event)
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
    values = columns.numbers(frame, covariate)
    pieces = split_episodes(frame.assign(**{covariate: values}), start=start, stop=stop, event=event, cuts=[week])
    early = pieces[stop] <= week
    return pieces.assign(
        **{
            f"{covariate}_before": pieces[covariate].where(early, 0.0),
            f"{covariate}_after": pieces[covariate].where(~early, 0.0),
        }
    )


def indicators(
    frame: pd.DataFrame, column: str, *, reference: object = None, prefix: str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The frame with a 0/1 column for every value of `column` but the reference, and the list of the new names.

    Names are `<prefix>=<value>`, the prefix being the column's own name unless given. The reference is the commonest
    value unless given (the smallest of those equally common): its hazard is the one the others are measured against,
    so it should be well known.

    Raises UnknownReferenceError, UnknownColumnError, MissingValueError.
    """
    codes, levels = columns.labels(frame, column)
    if reference is None:
        base = int(np.bincount(codes).argmax())
    elif reference in levels:
        base = levels.index(reference)
    else:
        raise UnknownReferenceError(f"{column!r} never has the value {reference!r}")
    kept = [code for code in range(len(levels)) if code != base]
    names = [f"{prefix or column}={levels[code]}" for code in kept]
    # One block of small integers: 208 columns added one by one would copy the frame 208 times.
    block = pd.DataFrame((codes[:, None] == np.array(kept)[None, :]).astype(np.int8), columns=names, index=frame.index)
    return pd.concat([frame, block], axis=1), names
