"""The field's packages, called as an evaluator would call them, to be held against R's answers beside our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import statsmodels.api as sm


def least_squares(outcome: Any, columns: Mapping[str, Any], errors: str, clusters: Any = None) -> Any:
    """statsmodels' least squares on a constant and the columns, the last of them first in its answer.

    `errors` is "nonrobust", "HC0", "HC1", "HC2", "HC3", or "cluster" (CR1, Stata's factor).
    """
    X = np.column_stack([*reversed([np.asarray(c, dtype=float) for _, c in columns.items()]), np.ones(len(outcome))])
    options = {"cov_kwds": {"groups": np.unique(clusters, return_inverse=True)[1]}} if errors == "cluster" else {}
    return sm.OLS(np.asarray(outcome, dtype=float), X).fit(cov_type=errors, use_t=True, **options)


def did(outcome: Any, efter: Any, delt_komm: Any, errors: str, clusters: Any = None) -> Any:
    """statsmodels' difference in differences; its first coefficient is the estimate."""
    after, taking_part = np.asarray(efter), np.asarray(delt_komm)
    columns = {"efter": after, "delt_komm": taking_part, "deltager": after * taking_part}
    return least_squares(outcome, columns, errors, clusters)
