"""Take columns of a data frame out as checked arrays.

Estimators that take column names as strings (`survival`, `matching`) meet the same few mistakes: a column that is not
there, empty cells, text where a number is needed, something other than 0 and 1 in a flag. They are found here, once,
and named; the arithmetic behind sees clean arrays. `inputs` does the same for estimators that take arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from reportlib.errors import did_you_mean
from reportlib.estimators.errors import EstimatorError, MissingValueError, NotBinaryError, NotNumericError
from reportlib.estimators.inputs import Booleans, Floats, Integers


class UnknownColumnError(EstimatorError):
    """The frame has no column of that name."""


class RepeatedColumnError(EstimatorError):
    """A covariate is named twice, or the frame has two columns of one name."""


class EmptyFrameError(EstimatorError):
    """The frame has no rows."""


def require_rows(frame: pd.DataFrame) -> None:
    """Raise `EmptyFrameError` unless the frame has at least one row."""
    if len(frame) == 0:
        raise EmptyFrameError("the frame has no rows", hint="look at the filter that made it")


def require_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise `UnknownColumnError` for the first name without a column, `RepeatedColumnError` for a name with two."""
    known = frame.columns
    twice = set(known[known.duplicated()])
    present = set(known)
    for name in names:
        if name not in present:
            raise UnknownColumnError(f"no column {name!r}", hint=did_you_mean(str(name), map(str, known)))
        if name in twice:
            raise RepeatedColumnError(f"the frame has more than one column {name!r}")


def matrix(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """The columns as floats, shape (n, len(names)), in the order given.

    Raises UnknownColumnError, RepeatedColumnError, NotNumericError (text, categories, dates) and MissingValueError
    (empty or infinite cells, counted by column).
    """
    repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        raise RepeatedColumnError(f"named more than once: {', '.join(repeated)}")
    require_columns(frame, names)
    # One selection and one copy: column by column costs a pandas look-up for each of 200 indicators.
    selected = frame[list(names)]
    kinds = selected.dtypes
    if text := [name for name in names if not pd.api.types.is_numeric_dtype(kinds[name])]:
        raise NotNumericError(
            f"not numbers: {', '.join(text)}",
            hint="make 0/1 columns of a categorical covariate, or name it as strata",
        )
    values = np.asarray(selected.to_numpy(dtype=np.float64, na_value=np.nan))
    if not np.isfinite(values.sum()):  # one pass over the data in the ordinary case that nothing is missing
        unusable = (~np.isfinite(values)).sum(axis=0)
        _refuse_missing({name: int(count) for name, count in zip(names, unusable, strict=True)}, len(frame))
    return values


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """One column as floats, shape (n,). Raises what `matrix` raises."""
    return matrix(frame, [name])[:, 0]


def flag(frame: pd.DataFrame, name: str) -> Booleans:
    """A 0/1 (or boolean) column as booleans, shape (n,). Raises NotBinaryError for any other value."""
    values = numbers(frame, name)
    other = np.unique(values[(values != 0) & (values != 1)])
    if other.size:
        shown = ", ".join(f"{value:g}" for value in other[:5])
        raise NotBinaryError(f"column {name!r} must hold 0 and 1 only, and holds {shown}")
    return np.asarray(values == 1)


def labels(frame: pd.DataFrame, name: str) -> tuple[Integers, list[object]]:
    """Group codes 0..m-1, shape (n,), and the m distinct values in sorted order. Raises MissingValueError."""
    require_columns(frame, [name])
    codes, levels = pd.factorize(frame[name], sort=True)
    if missing := int((codes < 0).sum()):
        _refuse_missing({name: missing}, len(frame))
    return codes.astype(np.int64), list(levels)


def renumber(codes: Integers) -> tuple[Integers, Integers]:
    """Codes of zero or more, renumbered to 0..m-1 without gaps, and the m old codes in rising order.

    The same as `np.unique(codes, return_inverse=True)` in time proportional to the codes' range instead of a sort.
    """
    if not codes.size or int(codes.max()) > 4 * len(codes) + 1000:
        present, renumbered = np.unique(codes, return_inverse=True)
        return renumbered.astype(np.int64), present
    here = np.zeros(int(codes.max()) + 1, dtype=bool)
    here[codes] = True
    return (np.cumsum(here) - 1)[codes], np.flatnonzero(here)


def stable_order(values: Integers, largest: int) -> Integers:
    """A stable order of whole numbers 0..largest; NumPy sorts 16-bit numbers by counting, without comparing them."""
    small = values.astype(np.uint16) if largest < 2**16 else values
    return np.argsort(small, kind="stable")


def _refuse_missing(count_by_name: dict[str, int], rows: int) -> None:
    found = ", ".join(f"{name} ({count} of {rows} rows)" for name, count in count_by_name.items() if count)
    if found:
        raise MissingValueError(
            f"missing or infinite values: {found}",
            hint="leave the rows out or fill them in before the call, so that the report can say how many",
        )
