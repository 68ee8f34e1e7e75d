"""How often the tests reject what is true and the intervals hold what is true, by simulation.

    python benchmarks/simulations.py          # the long version: some minutes
    python benchmarks/simulations.py --short  # what the tests run

Every number is a share of replications with its own simulation error; seeds are fixed. tests/estimators/
test_simulations.py runs the short versions and holds them to their limits.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm

from reportlib.estimators.diff_in_diff import did
from reportlib.estimators.many_comparisons import empirical_bayes, uniform_band
from reportlib.estimators.regression import ols
from reportlib.estimators.week_by_week import accumulated_difference, weekly_difference

LEVEL = 0.05


@dataclass(frozen=True)
class Outcome:
    """`share` of `replications`, with its simulation error."""

    share: float
    replications: int

    @property
    def error(self) -> float:
        return (self.share * (1 - self.share) / self.replications) ** 0.5


def cluster_sizes(count: int, ratio: float) -> np.ndarray:
    """Sizes from 10 persons up to `ratio` times as many, evenly spaced on a log scale."""
    return np.round(np.geomspace(10, 10 * ratio, count)).astype(int)


def _cr1(y: np.ndarray, columns: list[np.ndarray], clusters: np.ndarray) -> float:
    """The p-value of the last column with statsmodels' clustered errors (CR1, t on clusters - 1 degrees of freedom)."""
    X = np.column_stack([np.ones(len(y)), *columns])
    return float(sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True).pvalues[-1])


def rejected_within_sites(clusters: int, replications: int, seed: int, correction: str, ratio: float = 4) -> Outcome:
    """No difference on average; persons are randomised within sites whose levels and differences vary."""
    rng = np.random.default_rng(seed)
    site = np.repeat(np.arange(clusters), cluster_sizes(clusters, ratio))
    rejected = 0
    for _ in range(replications):
        treated = rng.integers(0, 2, len(site))
        level, slope = rng.normal(0, 0.3, clusters), rng.normal(0, 0.2, clusters)
        y = rng.normal(size=len(site)) + level[site] + slope[site] * treated
        p = ols(y, {"treated": treated}, clusters=site).p[1] if correction == "CR2" else _cr1(y, [treated], site)
        rejected += bool(p < LEVEL)
    return Outcome(rejected / replications, replications)


def rejected_did(clusters: int, replications: int, seed: int, correction: str, ratio: float = 4) -> Outcome:
    """No difference in differences; half the municipalities take part, each moves by itself between the periods."""
    rng = np.random.default_rng(seed)
    kommune = np.repeat(np.arange(clusters), rng.permutation(cluster_sizes(clusters, ratio)))
    takes_part = kommune % 2
    rejected = 0
    for _ in range(replications):
        after = rng.integers(0, 2, len(kommune))
        level, moves = rng.normal(0, 0.3, clusters), rng.normal(0, 0.2, (clusters, 2))
        y = rng.normal(size=len(kommune)) + level[kommune] + moves[kommune, after]
        columns = [after, takes_part, after * takes_part]
        p = did(y, after, takes_part, clusters=kommune).p if correction == "CR2" else _cr1(y, columns, kommune)
        rejected += bool(p < LEVEL)
    return Outcome(rejected / replications, replications)


def curve_coverage(
    replications: int, seed: int, *, persons: int = 300, weeks: int = 16, sites: int = 0
) -> tuple[Outcome, Outcome, Outcome]:
    """(one week's interval, the uniform band over the weeks, the accumulated difference in the last week).

    Hours are skewed, often low, and follow the person from week to week; the difference grows and varies between
    persons; follow-up is staggered, so that the last weeks rest on a fraction. With `sites` > 0 persons are randomised
    within sites that have their own level and slope, and errors are clustered.
    """
    rng = np.random.default_rng(seed)
    true = np.linspace(0, 1.0, weeks)
    held = np.zeros(3)
    for _ in range(replications):
        treated = rng.permutation(np.arange(persons) % 2)
        values = rng.exponential(2.0, (persons, 1)) + np.cumsum(rng.normal(0, 0.5, (persons, weeks)), axis=1)
        values += treated[:, None] * true * rng.exponential(1.0, (persons, 1))
        site = None
        if sites:
            site = rng.integers(0, sites, persons)
            values += rng.normal(0, 0.3, (sites, 1))[site]
            values += treated[:, None] * (rng.normal(0, 0.2, (sites, 1)) * true)[site]
        last = rng.integers(weeks // 2, weeks + 1, (persons, 1))
        values[np.arange(weeks) >= last] = np.nan
        result = weekly_difference(values, treated, clusters=site, level=LEVEL)
        band = uniform_band(result, draws=4_000, seed=seed)
        total = accumulated_difference(result)
        held += (
            result.ci_low[-1] <= true[-1] <= result.ci_high[-1],
            bool(((band.ci_low <= true) & (true <= band.ci_high)).all()),
            total.ci_low[-1] <= true.sum() <= total.ci_high[-1],
        )
    one, band_held, total_held = (Outcome(float(share), replications) for share in held / replications)
    return one, band_held, total_held


def shrunken_coverage(replications: int, seed: int, *, spread: float, sites: int = 12) -> tuple[Outcome, float]:
    """How often a site's shrunken interval holds its true difference, and its mean length beside the plain one's."""
    rng = np.random.default_rng(seed)
    se = np.geomspace(0.5, 2.0, sites)
    held, length = 0, 0.0
    for _ in range(replications):
        true = rng.normal(1, spread, sites)
        drawn = empirical_bayes(true + rng.normal(0, se), se, level=LEVEL)
        held += int(((drawn.ci_low <= true) & (true <= drawn.ci_high)).sum())
        length += float(np.mean((drawn.ci_high - drawn.ci_low) / (2 * 1.959964 * se)))
    return Outcome(held / replications / sites, replications * sites), length / replications


def _print(name: str, limits: str, outcome: Outcome, seconds: float) -> None:
    print(
        f"{name:<58} {100 * outcome.share:6.2f} ± {196 * outcome.error:4.2f} pct.  {limits:<12} {seconds:6.1f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a tenth of the replications")
    tenth = 10 if parser.parse_args().short else 1
    print("Share of true null hypotheses rejected at the 5 pct. level")
    for name, design in (
        ("randomised within sites", rejected_within_sites),
        ("difference in differences", rejected_did),
    ):
        for ratio in (4, 8):
            for clusters in (6, 10, 20):
                for correction in ("CR1", "CR2"):
                    start = time.perf_counter()
                    outcome = design(clusters, 40_000 // tenth, 1, correction, ratio)
                    label = f"{name}, {clusters} clusters 1:{ratio}, {correction}"
                    limits = "4 to 6" if correction == "CR2" and ratio == 4 else ""
                    _print(label, limits, outcome, time.perf_counter() - start)
    print("\nShare of 95 pct. intervals that hold the truth")
    for sites in (0, 15):
        start = time.perf_counter()
        where = f"clustered on {sites} sites" if sites else "persons"
        found = curve_coverage(10_000 // tenth, 1, sites=sites)
        seconds = time.perf_counter() - start
        for name, outcome in zip(("one week", "uniform band, 16 weeks", "accumulated difference"), found, strict=True):
            _print(f"{name}, {where}", "93.5 to 96.5", outcome, seconds)
            seconds = 0.0
    for spread in (0.0, 0.5, 1.0, 2.0):
        start = time.perf_counter()
        outcome, length = shrunken_coverage(20_000 // tenth, 1, spread=spread)
        label = f"shrunken site, spread {spread:g}, {length:.2f} of the plain length"
        _print(label, "", outcome, time.perf_counter() - start)


if __name__ == "__main__":
    main()
