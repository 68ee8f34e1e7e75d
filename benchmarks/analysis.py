"""What the analysis of a trial of the whole country costs: from arrays in memory to the finished ledger.

    python benchmarks/analysis.py --persons 200000 --sites 98

Persons, groups, sites, DREAM codes and hours are drawn from a fixed seed; nothing is read from disk. Everything is on:
levels by week of every group, of every site and of all other sites, differences with a uniform band and accumulated,
a week by itself, the differences of each site, and the background. CPU seconds and peak memory are those of this
process, its start included.
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import Any

import reportlib  # noqa: F401  (before NumPy, as the command line does: it says how NumPy takes memory and cores)

# isort: split
import numpy as np
import pandas as pd

from reportlib.analysis.run import header, run_analyses
from reportlib.analysis.share_rows import threshold_of
from reportlib.registers.codebook import load_codebook
from reportlib.registers.data import Panel, TrialData
from reportlib.trial.model import Trial

SEED = 20161003
WEEKS = 52


def trial_of(sites: int) -> Trial:
    """A randomised trial with a share and a mean by week."""
    words = ("title", "subtitle", "description", "document_type", "commissioner", "evaluator")
    common = {"source": "alt", "definition": "Måling"}
    analyses: list[dict[str, Any]] = [
        {"kind": "weekly", "measures": ["job", "timer"], "by_site": True, "uniform_band": True, "accumulate": True},
        {"kind": "at_week", "measures": ["job", "timer"], "week": 35},
        {"kind": "site_effects", "measure": "job", "week": 35},
        {"kind": "site_effects", "measure": "timer", "week": 35},
        {"kind": "balance", "columns": ["alder", "kvinde"]},
    ]
    return Trial.model_validate(
        {
            "id": "land",
            **dict.fromkeys(words, "Måling"),
            "report_date": "2019-03-01",
            "data_date": "2019-01-15",
            "synthetic": True,
            "design": {"kind": "randomised"},
            "groups": {
                "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
                "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
            },
            "sites": {"names": [f"Kommune {number:02d}" for number in range(sites)]},
            "period": {"first": "2016-01-01", "last": "2016-12-31"},
            "follow_up": {"last_day": "2017-06-30", "weeks": WEEKS},
            "extracts": {
                "participants": {"file": "d.csv", "background": {"alder": "Alder", "kvinde": "Kvinder"}},
                "dream": {"file": "dream.parquet"},
                "paid_hours": {"file": "timer.csv"},
            },
            "sources": {"alt": {"text": "Alt"}},
            "measures": [
                {
                    "id": "job",
                    "label": "Job",
                    "unit": "pct",
                    **common,
                    "from": {"kind": "paid_hours", "value": "any"},
                },
                {
                    "id": "timer",
                    "label": "Timer",
                    "unit": "hours_per_week",
                    **common,
                    "from": {"kind": "paid_hours"},
                },
            ],
            "analyses": analyses,
        }
    )


def data_of(trial: Trial, persons: int) -> TrialData:
    """The trial's persons: sites of unlike size, some of whom leave before the last week."""
    draw = np.random.default_rng(SEED)
    sites = np.array(trial.sites.names)
    size = draw.dirichlet(np.full(len(sites), 2.0))
    site, treated = draw.choice(len(sites), persons, p=size), draw.integers(0, 2, persons)
    last = np.where(draw.random(persons) < 0.2, draw.integers(1, WEEKS + 1, persons), WEEKS)
    followed = np.arange(WEEKS) < last[:, None]
    begins = draw.geometric(0.01 + 0.004 * treated + 0.0001 * (site % 7))
    job = np.arange(WEEKS) >= begins[:, None]
    hours = np.where(job, np.round(draw.gamma(4, 6, (persons, 1)) + draw.normal(0, 2, (persons, WEEKS)).clip(-2), 2), 0)
    frame = pd.DataFrame(
        {
            "person": np.arange(persons).astype(str),
            "site": sites[site],
            "group": np.where(treated == 1, "deltager", "kontrol"),
            "start": np.datetime64("2016-01-04", "ns"),
            "weeks_followed": last,
            "alder": draw.normal(42, 11, persons).round(),
            "kvinde": (draw.random(persons) < 0.5).astype(float),
        }
    )
    panel = Panel(
        followed=followed,
        dream=np.where(followed, np.where(job, 0, 730), -1).astype(np.int32),
        hours=np.where(followed, hours.clip(0), np.nan),
    )
    return TrialData(trial, frame, panel, load_codebook(None), None, {}, ())


def main() -> None:
    """Make the data, analyse them, print what each step took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--sites", type=int, default=98)
    given = parser.parse_args()
    trial = trial_of(given.sites)
    data = data_of(trial, given.persons)
    marks = [time.process_time()]
    before = peak_mb()
    context = run_analyses(trial, data)
    marks.append(time.process_time())
    ledger = context.ledger.build(header(trial, data), threshold=threshold_of(context), asked_weeks={35})
    marks.append(time.process_time())
    steps = zip(("start and data", "analyses", "disclosure"), np.diff([0.0, *marks]), strict=True)
    hidden = sum(map(bool, ledger.columns["suppressed"]))
    print(f"{given.persons:,} persons, {given.sites} sites: {len(ledger.columns['key']):,} rows, {hidden} hidden")
    print("; ".join(f"{name} {seconds:.1f} CPU s" for name, seconds in steps))
    print(f"{before:.0f} MB before the analyses, {peak_mb():.0f} MB at the peak")


def peak_mb() -> float:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
