"""Every published number of every trial comes out of the project's own extracts, or is accounted for."""

from __future__ import annotations

import pytest
from published.account import PUBLISHED, check

from published import published_trials
from reportlib.trial.project import find_project

PROJECT = find_project()


@pytest.mark.parametrize("trial_id", published_trials(PUBLISHED))
def test_no_published_number_deviates(trial_id: str) -> None:
    done = check(PROJECT, trial_id)
    assert not done.deviations
    assert done.rows == done.reproduced + done.facts + done.left_out
