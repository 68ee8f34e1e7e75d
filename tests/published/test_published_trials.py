"""Every published number of every trial comes out of the project's own extracts, or is accounted for."""

from __future__ import annotations

import pytest

from reportlib.cli.publishing import check
from reportlib.published import published_trials
from reportlib.trial.project import find_project

PROJECT = find_project()


@pytest.mark.parametrize("trial_id", published_trials(PROJECT.published_dir))
def test_no_published_number_deviates(trial_id: str) -> None:
    done = check(PROJECT, trial_id)
    assert not done.deviations
    assert done.rows == done.reproduced + done.facts + done.left_out
