"""Sections are tested on ledgers made with the rows of the figures' tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "figures"))
