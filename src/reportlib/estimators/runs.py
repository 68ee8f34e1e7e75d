"""When a person has gathered a number of active weeks in one spell, short gaps allowed but not counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from reportlib.estimators.checked import Booleans, numbers
from reportlib.estimators.errors import BadCountError, LengthMismatchError


def reached_run(active: Any, followed: Any = None, *, weeks: int = 13, gap: int = 4) -> Booleans:
    """Whether each person has by each week gathered `weeks` active weeks in one spell: (n, n_weeks) booleans.

    active    (n, n_weeks) 0/1: active in the week; missing counts as not active
    followed  (n, n_weeks) 0/1: a week in which the person is not followed is not active, whatever `active` says
    gap       a spell goes on over at most this many weeks in a row without activity. They are not counted; one more
              ends the spell, and the count begins again at the next active week.

    Once reached it stays reached, also after the follow-up ends: leave out those not followed when counting shares.
    Raises LengthMismatchError when the shapes differ and BadCountError unless weeks >= 1 and gap >= 0.
    """
    on = np.nan_to_num(numbers(active, "active", ndim=2)) != 0
    if followed is not None:
        seen = np.nan_to_num(numbers(followed, "followed", ndim=2)) != 0
        if seen.shape != on.shape:
            raise LengthMismatchError(f"active has shape {on.shape}, followed {seen.shape}")
        on &= seen
    if weeks < 1 or gap < 0:
        raise BadCountError(f"weeks is {weeks} and gap is {gap}; weeks must be at least 1 and gap at least 0")
    count = np.zeros(len(on), dtype=np.int64)
    idle = np.zeros(len(on), dtype=np.int64)
    reached = np.zeros(on.shape, dtype=bool)
    done = np.zeros(len(on), dtype=bool)
    for week in range(on.shape[1]):
        now = on[:, week]
        count = np.where(now, np.where(idle > gap, 0, count) + 1, count)
        idle = np.where(now, 0, idle + 1)
        done |= count >= weeks
        reached[:, week] = done
    return reached
