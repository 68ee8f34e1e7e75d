"""`make published`: holds every number of the published reports against what our extracts give."""

from __future__ import annotations

import argparse
from pathlib import Path

from published.account import print_published

parser = argparse.ArgumentParser(prog="published", description=__doc__)
parser.add_argument("trials", nargs="*", help="trials to check; none means all")
parser.add_argument("--data", type=Path, help="folder with one folder per trial")
parser.add_argument("--json", action="store_true", help="print JSON")
given = parser.parse_args()
raise SystemExit(not print_published(tuple(given.trials), given.data, as_json=given.json))
