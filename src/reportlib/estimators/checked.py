"""Turn what a caller passes (lists, arrays, columns of a frame) into arrays to trust, or refuse it by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportlib.errors import did_you_mean
from reportlib.estimators.errors import (
    BadLevelError,
    EmptyFrameError,
    LengthMismatchError,
    MissingValueError,
    NotBinaryError,
    NotNumericError,
    RepeatedColumnError,
    UnknownColumnError,
    UnknownMethodError,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

ROUNDING = 1e-12
"""A difference smaller than this, relative to the numbers it is taken between, is rounding."""


def numbers(values: Any, name: str, *, ndim: int = 1) -> Floats:
    """`values` as a float array with `ndim` dimensions; missing values (None, pandas' NA) become NaN.

    Raises NotNumericError when something is not a number (text that looks like one, and dates, are not) or the shape is
    another one.
    """
    plain = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    text = plain.dtype.kind in "US" or (plain.dtype == object and any(isinstance(one, str) for one in plain.flat))
    if text or plain.dtype.kind in "mM":
        raise NotNumericError(
            f"{name} must be numbers; it holds {'text' if text else 'dates'}",
            hint="convert it where it is read" if text else "give days since a fixed date",
        )
    try:
        if hasattr(values, "to_numpy"):
            array = np.asarray(values.to_numpy(dtype=float, na_value=np.nan), dtype=float)
        else:
            array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise NotNumericError(f"{name} must be numbers: {error}") from error
    if array.ndim != ndim:
        raise NotNumericError(f"{name} has {array.ndim} dimensions and shape {array.shape}; {ndim} are needed")
    return array


def finite(values: Any, name: str, *, ndim: int = 1) -> Floats:
    """As `numbers`, but raises MissingValueError when a value is missing or infinite."""
    array = numbers(values, name, ndim=ndim)
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(axis) for axis in np.argwhere(bad)[0])
        where = first[0] if ndim == 1 else first
        raise MissingValueError(
            f"{name} has {int(bad.sum())} missing or infinite values, the first at row {where}",
            hint="leave those persons out, or impute them, before the estimate",
        )
    return array


def indicator(values: Any, name: str) -> Booleans:
    """`values` (booleans, or 0 and 1) as a boolean array. Raises NotBinaryError otherwise, also for missing values."""
    array = numbers(values, name)
    bad = ~((array == 0) | (array == 1))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise NotBinaryError(f"{name} must be 0 or 1 in every row; row {row} is {array[row]:g}")
    return array.astype(bool)


def codes(labels: Any, name: str) -> tuple[Integers, NDArray[Any]]:
    """Labels of any kind as (codes 0..m-1, the m labels in sorted order). Raises MissingValueError on a gap."""
    array = labels.to_numpy() if hasattr(labels, "to_numpy") else np.asarray(labels)
    if array.ndim != 1:
        raise NotNumericError(f"{name} has {array.ndim} dimensions; one label for each row is needed")
    missing = np.asarray(pd.isna(array), dtype=bool)
    if missing.any():
        raise MissingValueError(f"{name} is missing in {int(missing.sum())} rows, the first at row {missing.argmax()}")
    if array.dtype == object:  # texts: only the distinct ones are sorted
        places, found = pd.factorize(array)
        distinct, order = np.unique(found, return_inverse=True)
        return order[places].astype(np.int64), distinct
    distinct, index = np.unique(array, return_inverse=True)
    return index.astype(np.int64), distinct


def same_length(**arrays: NDArray[Any]) -> int:
    """The common number of rows. Raises LengthMismatchError that names the arrays and their lengths."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise LengthMismatchError(
            "the arrays must describe the same rows: " + ", ".join(f"{name} has {n}" for name, n in lengths.items())
        )
    return next(iter(lengths.values()))


def deviations(values: Floats, mean: Any, scale: Any = None) -> Floats:
    """`values` minus `mean`, with what is only rounding set to 0: the mean of 7.4, 7.4 and 7.4 is not quite 7.4.

    Otherwise persons who are all alike would have a tiny error instead of none, and anything would be significant.
    `scale` is the size rounding is measured against, by default the largest of the values.
    """
    deviation: Floats = values - mean
    if scale is None:
        scale = np.abs(values).max(initial=0.0)
    return np.where(np.abs(deviation) <= ROUNDING * scale, 0.0, deviation)


def variance(values: Floats, *, scale: Any = None) -> float:
    """Sample variance of `values` (n,), exactly 0 where all are alike; NaN for fewer than two."""
    if len(values) < 2:
        return float("nan")
    deviation = deviations(values, values.mean(), scale)
    return float(deviation @ deviation) / (len(values) - 1)


def checked_level(level: float) -> float:
    """A significance level: 0.05 gives 95 pct. intervals. Raises BadLevelError outside (0, 1)."""
    if not 0 < level < 1:
        raise BadLevelError(
            f"level is {level}; it must lie strictly between 0 and 1",
            hint="level is the significance level: 0.05 gives a 95 pct. interval",
        )
    return float(level)


def one_of(name: str, value: str, known: Sequence[str]) -> str:
    """`value` if it is among `known`; otherwise UnknownMethodError with the nearest names."""
    if value not in known:
        raise UnknownMethodError(f"{name} is {value!r}, which does not exist", hint=did_you_mean(value, known))
    return value


def require_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise EmptyFrameError, UnknownColumnError, or RepeatedColumnError (two columns of a name, or a name given
    twice).
    """
    if len(frame) == 0:
        raise EmptyFrameError("the frame has no rows", hint="look at the filter that made it")
    seen = set()
    for name in names:
        if name not in frame.columns:
            raise UnknownColumnError(f"no column {name!r}", hint=did_you_mean(str(name), map(str, frame.columns)))
        if name in seen or list(frame.columns).count(name) > 1:
            raise RepeatedColumnError(f"the column {name!r} is named, or stands in the frame, more than once")
        seen.add(name)


def column(frame: pd.DataFrame, name: str) -> Floats:
    """One column as floats (n,). Raises what `require_columns` and `finite` raise."""
    require_columns(frame, [name])
    return finite(frame[name], name)


def matrix(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """The columns as floats (n, len(names)), in the order given. Raises what `require_columns` and `finite` raise."""
    require_columns(frame, names)
    return np.column_stack([finite(frame[name], name) for name in names]) if names else np.empty((len(frame), 0))
