"""How positive values (hours in a week) spread over bands in each group, with the k and n behind every bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.checked import indicator, numbers, same_length
from reportlib.estimators.errors import BadBandsError, EmptyGroupError, UncoveredValueError
from reportlib.estimators.shares_and_means import Share, TableTest, shares, test_table


@dataclass(frozen=True, slots=True)
class Band:
    """Values above `low` up to and including `high`: the share of those with a positive value, in each group."""

    low: float
    high: float
    treated: Share
    control: Share


@dataclass(frozen=True, slots=True)
class Distribution:
    """The bands from low to high. `positive_*` is the share with a positive value among those followed.

    `test` asks whether the groups' positive values spread alike over the bands.
    """

    bands: tuple[Band, ...]
    positive_treated: Share
    positive_control: Share
    test: TableTest


def distribution(values: Any, treated: Any, *, edges: Sequence[float], level: float = 0.05) -> Distribution:
    """Count the positive `values` (n,) (NaN: not followed) in the bands between consecutive `edges`, by group.

    A value on an edge belongs to the band below it, so edges 0, 5, 10 give "over 0 up to 5" and "over 5 up to 10". The
    last edge may be infinite. Raises BadBandsError unless the edges rise from 0 or more and are at least two,
    UncoveredValueError for a positive value outside them, and EmptyGroupError when nobody in a group is followed.
    """
    limits = np.asarray(edges, dtype=float)
    if len(limits) < 2 or limits[0] < 0 or not (np.diff(limits) > 0).all():
        raise BadBandsError(f"the edges {list(edges)} must rise from 0 or more, and be at least two")
    hours = numbers(values, "values")
    arm = indicator(treated, "treated")
    same_length(values=hours, treated=arm)
    groups = [hours[side & ~np.isnan(hours)] for side in (arm, ~arm)]
    if not all(len(group) for group in groups):
        raise EmptyGroupError("nobody is followed in one of the groups")
    positive = [group[group > 0] for group in groups]
    for group in positive:
        outside = group[(group <= limits[0]) | (group > limits[-1])]
        if len(outside):
            raise UncoveredValueError(
                f"{len(outside)} values lie outside {limits[0]:g} to {limits[-1]:g}, for example {outside[0]:g}",
                hint="let the last edge be infinite",
            )
    counts = [
        np.bincount(np.searchsorted(limits, group, side="left") - 1, minlength=len(limits) - 1) for group in positive
    ]
    by_band = [shares(count, len(group), level=level) for count, group in zip(counts, positive, strict=True)]
    above = shares([len(group) for group in positive], [len(group) for group in groups], level=level)
    return Distribution(
        bands=tuple(
            Band(float(low), float(high), one, other)
            for low, high, one, other in zip(limits[:-1], limits[1:], *by_band, strict=True)
        ),
        positive_treated=above[0],
        positive_control=above[1],
        test=test_table(np.stack(counts)),
    )
