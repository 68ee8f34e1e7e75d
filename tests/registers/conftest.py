"""The trial of four persons and the clean one, fresh for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from clean_trial import clean_trial
from four_persons import SmallTrial


@pytest.fixture
def small(tmp_path: Path) -> SmallTrial:
    return SmallTrial(tmp_path)


@pytest.fixture
def clean(tmp_path: Path) -> SmallTrial:
    return clean_trial(tmp_path)
