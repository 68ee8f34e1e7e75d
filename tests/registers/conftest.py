"""The trial of four persons, fresh for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from four_persons import SmallTrial


@pytest.fixture
def small(tmp_path: Path) -> SmallTrial:
    return SmallTrial(tmp_path)
