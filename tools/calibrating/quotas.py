"""Exact numbers of persons: who of a group does what, and who answers what, so that the counts come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from calibrating.errors import ImpossibleMeanError, ImpossibleQuotaError

# Quotas: exact counts, given out at random. A published share becomes the count that gives it, not the reverse.


Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


def exactly(rng: np.random.Generator, n: int, k: int) -> Booleans:
    """(n,) with exactly `k` true, at random.

    Raises:
        ImpossibleQuotaError: k is not between 0 and n.
    """
    if not 0 <= k <= n:
        raise ImpossibleQuotaError(f"{k} of {n} persons cannot be chosen")
    chosen = np.zeros(n, dtype=np.bool_)
    chosen[rng.permutation(n)[:k]] = True
    return chosen


def labels(rng: np.random.Generator, counts: Mapping[str, int]) -> npt.NDArray[np.object_]:
    """(sum of counts,) each label as often as its count says, in random order."""
    pool = np.array([label for label, count in counts.items() for _ in range(count)], dtype=object)
    shuffled: npt.NDArray[np.object_] = pool[rng.permutation(len(pool))]
    return shuffled


def spread(total: int, weights: Sequence[float]) -> Integers:
    """`total` split in proportion to `weights` by largest remainder (ties to the first), so that the parts sum to it.

    Raises:
        ImpossibleQuotaError: a weight is negative or all are nought.
    """
    share = np.asarray(weights, dtype=np.float64)
    if (share < 0).any() or not share.sum() > 0:
        raise ImpossibleQuotaError("weights must not be negative, and one must be above 0")
    exact = total * share / share.sum()
    parts: Integers = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def printed(k: int, n: int, decimals: int = 0) -> Decimal:
    """100 k / n as it is printed: rounded half up."""
    return (Decimal(100 * k) / Decimal(n)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def count_for(pct: float, n: int, decimals: int = 0) -> int:
    """The k nearest to `pct` per cent of `n` whose share prints as `pct`.

    Raises:
        ImpossibleQuotaError: no whole number of `n` persons gives that share.
    """
    wanted = Decimal(str(pct)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    nearest = round(n * pct / 100)
    for k in (nearest, nearest - 1, nearest + 1):
        if 0 <= k <= n and printed(k, n, decimals) == wanted:
            return k
    raise ImpossibleQuotaError(
        f"no whole number of {n} persons is {wanted} pct.", hint="choose another number of persons"
    )


def publishable(k: int, n: int, smallest: int = 5) -> bool:
    """True when neither `k` nor the rest is so small that the share would be hidden."""
    return all(part == 0 or part >= smallest for part in (k, n - k)) and (n == 0 or n >= smallest)


def publishable_counts(
    sizes: Mapping[str, int],
    shares: Mapping[str, float],
    *,
    total: int,
    fixed: Mapping[str, int] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    smallest: int = 5,
) -> dict[str, int]:
    """Counts per site near `shares` (per cent) of `sizes`, each publishable where its size allows, that sum to `total`.

    sizes   site -> n
    fixed   site -> k that may not move
    limits  site -> lowest and highest share in per cent; 0 and 100 where not given

    Raises:
        ImpossibleQuotaError: no such counts exist near the shares.
    """
    fixed, limits = dict(fixed or {}), dict(limits or {})
    choices = {
        site: [fixed[site]] if site in fixed else _choices(n, limits.get(site, (0.0, 100.0)), smallest)
        for site, n in sizes.items()
    }
    for site, found in choices.items():
        if not found:
            raise ImpossibleQuotaError(f"{site}: no publishable count of {sizes[site]} lies within {limits[site]} pct.")
    wanted = {site: sizes[site] * shares[site] / 100 for site in sizes}
    return _nearest_with_total(choices, wanted, total)


def given_out(
    rng: np.random.Generator,
    sites: npt.NDArray[np.object_],
    members: Booleans,
    counts: Mapping[str, int],
    *,
    surely: Booleans | None = None,
) -> Booleans:
    """(n,) true for exactly `counts` of the members at each site, at random; `surely` are among the chosen.

    Raises:
        ImpossibleQuotaError: a site has too few members, or more who are surely chosen than its count.
    """
    chosen = np.zeros(len(sites), dtype=np.bool_) if surely is None else members & surely
    for site, k in counts.items():
        here = members & (sites == site)
        open_to_choice = np.flatnonzero(here & ~chosen)
        left = k - int((here & chosen).sum())
        if not 0 <= left <= len(open_to_choice):
            raise ImpossibleQuotaError(f"{site}: {k} of {int(here.sum())} members cannot be chosen")
        chosen[open_to_choice[exactly(rng, len(open_to_choice), left)]] = True
    return chosen


def _nearest_with_total(choices: Mapping[str, list[int]], wanted: Mapping[str, float], total: int) -> dict[str, int]:
    """One count per site from its choices, summing to `total`, with the least relative squared distance to `wanted`.

    Dynamic programming over the sites: the cheapest way to each sum so far; equal costs go to the lower count.
    """
    cost = np.full(total + 1, np.inf)
    cost[0] = 0.0
    took: list[Integers] = []
    for site, counts in choices.items():
        best, chosen = np.full(total + 1, np.inf), np.full(total + 1, -1, dtype=np.int64)
        for k in counts:
            if k > total:
                continue
            reached = np.full(total + 1, np.inf)
            reached[k:] = cost[: total + 1 - k] + (k - wanted[site]) ** 2 / max(wanted[site], 1.0)
            cheaper = reached < best
            best[cheaper], chosen[cheaper] = reached[cheaper], k
        cost = best
        took.append(chosen)
    if not np.isfinite(cost[total]):
        least, most = (sum(pick(counts) for counts in choices.values()) for pick in (min, max))
        raise ImpossibleQuotaError(
            f"no publishable counts sum to {total}; the least is {least}, the most {most}",
            hint="change a share or a size",
        )
    found: dict[str, int] = {}
    left = total
    for site, chosen in zip(reversed(list(choices)), reversed(took), strict=True):
        found[site] = int(chosen[left])
        left -= found[site]
    return {site: found[site] for site in choices}


def _choices(n: int, limits: tuple[float, float], smallest: int) -> list[int]:
    low, high = limits
    inside = [k for k in range(n + 1) if low * n <= 100 * k <= high * n]
    return [k for k in inside if publishable(k, n, smallest)] or (inside if n < smallest else [])


# Answers on a scale that give an exact mean, and answer sheets with exactly so many answers to each question.


def scores_with_mean(
    rng: np.random.Generator,
    n: int,
    mean: float,
    *,
    low: int,
    high: int,
    at_low: int | None = None,
    spread: float = 0.3,
    decimals: int = 1,
) -> Integers:
    """(n,) whole answers from `low` to `high` whose mean prints as `mean` with `decimals` decimals.

    at_low  exactly so many answers are `low`; None leaves it to chance
    spread  standard deviation as a share of the scale's length, before the answers are cut to the scale

    Raises:
        ImpossibleMeanError: no such answers exist.
    """
    total = _total(n, mean, decimals)
    lowest = n if at_low is None else at_low
    rest = n - (0 if at_low is None else at_low)
    floor = low if at_low is None else low + 1
    base = 0 if at_low is None else lowest * low
    if not 0 <= rest <= n or not rest * floor <= total - base <= rest * high:
        raise ImpossibleMeanError(f"{n} answers from {low} to {high} cannot have the mean {mean}")
    answers = np.full(n, low, dtype=np.int64)
    free = np.flatnonzero(exactly(rng, n, rest))
    centre = (total - base) / max(rest, 1)
    drawn = np.rint(rng.normal(centre, spread * (high - low), rest)).astype(np.int64)
    answers[free] = np.clip(drawn, floor, high)
    while gap := total - int(answers.sum()):
        step = 1 if gap > 0 else -1
        movable = free[(answers[free] + step >= floor) & (answers[free] + step <= high)]
        chosen = rng.permutation(movable)[: abs(gap)]
        answers[chosen] += step
    return answers


def _total(n: int, mean: float, decimals: int) -> int:
    """The sum of `n` whole answers whose mean prints as `mean`."""
    unit = Decimal(1).scaleb(-decimals)
    wanted = Decimal(str(mean)).quantize(unit, rounding=ROUND_HALF_UP)
    nearest = int((wanted * n).to_integral_value(rounding=ROUND_HALF_UP))
    for total in (nearest, nearest - 1, nearest + 1):
        if (Decimal(total) / n).quantize(unit, rounding=ROUND_HALF_UP) == wanted:
            return total
    raise ImpossibleMeanError(f"{n} whole answers cannot have a mean that prints as {wanted}")
