"""Tables are tested on the made-up ledgers of the figures' tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "figures"))
