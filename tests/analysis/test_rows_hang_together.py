"""Every row of whole trials against the rows it comes from: differences, sums, extremes, shares of sites, adjusted p.

The trials of this repository, before anything is hidden. What a row should be is worked out here from other rows, by
the definition in docs/trial.md; those other rows are held against published numbers (tests/published) and against R.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from whole_ledgers import ledgers

from reportlib.ledger import Estimate, make_key
from reportlib.ledger.contradictions import contradictions
from reportlib.ledger.keys import BACKGROUND, COST_BENEFIT
from reportlib.text.units import Unit
from reportlib.trial.references import measures_in

DATA = Path(__file__).parents[2] / "data"
TRIALS = ("jobfirst", "jobgaranti", "paa-rette-vej", "social-stoette", "udvikling-i-fleksjob")
Place = tuple[str, str, str, str]


class Whole:
    """The rows of a trial by what they say."""

    def __init__(self, name: str) -> None:
        self.trial, whole, _ = ledgers(DATA / name / "trial.yml")
        self.rows = list(whole)
        self.by_key = {row.key: row for row in self.rows}

    def of(self, *statistics: str, group: str | None = None) -> list[Estimate]:
        return [row for row in self.rows if row.statistic in statistics and group in (None, row.group)]

    def get(self, row: Estimate, **other: str) -> Estimate | None:
        """The row that differs from this one in what is named."""
        names = ("measure", "statistic", "group", "site", "subgroup", "time")
        place = {name: getattr(row, name) for name in names} | other
        return self.by_key.get(make_key(place.pop("measure"), **place))

    def level(self, row: Estimate, group: str) -> Estimate | None:
        return self.get(row, group=group, statistic="share")

    def pair(self, row: Estimate) -> tuple[Estimate, Estimate] | None:
        """The two levels of a trial's groups at the place of a row, where both are there."""
        if self.trial.groups.comparison is None or self.trial.groups.before:
            return None
        ids = (self.trial.groups.treated.id, self.trial.groups.comparison.id)
        treated, other = (self.level(row, group) for group in ids)
        return None if treated is None or other is None or None in (treated.value, other.value) else (treated, other)

    def weeks(self, statistic: str) -> Iterator[tuple[str, list[Estimate]]]:
        """The rows of the differences of a measure, week by week."""
        found: dict[str, list[Estimate]] = defaultdict(list)
        for row in self.of(statistic, group="forskel"):
            if row.week is not None and not row.site and not row.subgroup and row.value is not None:
                found[row.measure].append(row)
        for measure, rows in found.items():
            yield measure, sorted(rows, key=lambda row: row.week or 0)


@cache
def whole_of(name: str) -> Whole:
    return Whole(name)


@pytest.fixture(params=TRIALS)
def whole(request: pytest.FixtureRequest) -> Whole:
    return whole_of(request.param)


def near(value: float | None, wanted: float) -> bool:
    return value is not None and math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-9)


MADE = {
    "activity": "units_per_gain",
    "balance": "difference normalised_difference joint_test",
    "before_after": "share difference share_only_before share_only_after",
    "benchmark": "over_benchmark",
    "cost_benefit": "net contribution chance_of_gain parameter",
    "cox": "hazard_ratio proportional_hazards",
    "did": "difference unadjusted two_way uniform_band first_significant_week last_significant_week",
    "distribution": "share_of_all share_of_positive",
    "matching": "matched matched_mean_treated matched_mean_other matched_treated matched_others "
    "standardised_before standardised_after",
    "recruitment": "recruited pace share_of_milestone probability forecast_realistic forecast_cautious "
    "forecast_optimistic forecast_interval weeks_realistic weeks_cautious weeks_optimistic detectable needed",
    "scales": "first_mean last_mean change sign_test share_rose share_same share_fell share_relevant_rose "
    "share_relevant_same share_relevant_fell panel_mean",
    "series": "monthly mean_of_months minimum maximum change",
    "site_answers": "sites_yes",
    "site_effects": "difference heterogeneity shrunken p_holm p_bh sites_significant sites_significant_unadjusted",
    "site_spread": "highest_site lowest_site heterogeneity",
    "subgroups": "contrast interaction interaction_holm",
    "survival": "survival left at_risk events exit_rate median_weeks",
    "unit_cost": "cost_per_unit",
    "weekly": "maximum maximum_week",
}
"""The statistics that an analysis of each kind adds, whatever its settings (docs/trial.md)."""


def test_each_analysis_adds_all_its_rows(whole: Whole) -> None:
    of_measure: dict[str, set[str]] = defaultdict(set)
    for row in whole.rows:
        of_measure[row.measure].add(row.statistic)
    for spec in whole.trial.analyses:
        if spec.kind in MADE:
            named = [*measures_in(spec)]
            named += {"balance": [BACKGROUND], "cost_benefit": [COST_BENEFIT]}.get(spec.kind, [])
            assert set(MADE[spec.kind].split()) <= set().union(*(of_measure[name] for name in named)), spec.kind


def test_of_a_matching_only_what_reports_print_is_there(whole: Whole) -> None:
    """Who has no match is nowhere printed: beside the matched and all of them, how many these are would be told."""
    found = {row.statistic for row in whole.rows if row.subgroup and "matched" in row.statistic}
    assert found <= {statistic for statistic in MADE["matching"].split() if statistic.startswith("matched")}


def test_each_background_column_has_levels_a_difference_and_a_normalised_one(whole: Whole) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for row in whole.rows:
        if row.measure == BACKGROUND and row.subgroup:
            found[row.subgroup].append(row.statistic)
    for column, statistics in found.items():
        assert sorted(statistics) in (
            ["difference", "mean", "mean", "normalised_difference"],
            ["difference", "normalised_difference", "share", "share"],
        ), column


def test_no_row_contradicts_itself(whole: Whole) -> None:
    assert [text for row in whole.rows for text in contradictions(row, whole.trial.design.level, rounded=False)] == []


def test_a_difference_is_that_of_its_levels_and_counts_their_persons(whole: Whole) -> None:
    checked = 0
    for row in whole.of("difference", "clustered", "uniform_band"):
        pair = whole.pair(row)
        if row.value is None or pair is None or "adjust" in row.method:
            continue
        treated, other = pair
        assert near(row.value, treated.number - other.number), row.key
        assert row.n in (None, (treated.n or 0) + (other.n or 0)), row.key
        assert row.unit is (Unit.PCT_POINT if treated.unit is Unit.PCT else treated.unit), row.key
        checked += 1
    assert checked > 100 or whole.pair(whole.rows[0]) is None


def test_a_difference_in_differences_counts_the_persons_of_all_four_groups(whole: Whole) -> None:
    levels = [group.id for group in whole.trial.every_group]
    for row in whole.of("difference", "unadjusted", "two_way") if len(levels) == 4 else []:
        found = [whole.by_key.get(make_key(row.measure, statistic="share", group=g, time=row.time)) for g in levels]
        if row.time and not row.site and not row.subgroup and row.n is not None and all(found):
            assert row.n == sum(level.n or 0 for level in found if level is not None), row.key


def test_a_change_in_per_cent_is_that_of_its_levels(whole: Whole) -> None:
    for row in whole.of("relative_change"):
        treated, other = whole.pair(row) or (row, row)
        assert near(row.value, 100 * (treated.number / other.number - 1)), row.key
        # The delta method: on the logarithmic scale the interval is symmetric, and its half the errors' hypotenuse.
        low, middle, high = (math.log(1 + (end or 0) / 100) for end in (row.ci_low, row.value, row.ci_high))
        errors = [
            (one.se if one.se is not None else math.sqrt(one.number * (100 - one.number) / (one.n or 0))) / one.number
            for one in (treated, other)
        ]
        assert near(high - middle, middle - low), row.key
        assert near((high - middle) / math.hypot(*errors), stats.norm.isf(whole.trial.design.level / 2)), row.key


def test_a_band_lies_round_its_difference_wider_than_the_interval_of_its_week(whole: Whole) -> None:
    for row in whole.of("uniform_band"):
        alone = whole.get(row, statistic="difference")
        assert alone is not None and None not in (row.ci_low, row.ci_high, alone.ci_low, alone.ci_high), row.key
        assert near(row.value, alone.number) and near(row.se, alone.se or 0) and row.unit is alone.unit
        low, high = row.number - (row.ci_low or 0), (row.ci_high or 0) - row.number
        assert near(low, high), row.key
        half = (alone.ci_high or 0) - alone.number
        assert half < low < 2.5 * half, row.key


def test_a_band_is_drawn_in_the_weeks_with_enough_persons_and_in_no_other(whole: Whole) -> None:
    bands = dict(whole.weeks("uniform_band"))
    for measure, rows in whole.weeks("difference"):
        if measure in bands and whole.pair(rows[0]):
            wanted = {row.key for row in rows if row.se and enough(whole, row)}
            assert {row.key.removesuffix(".uniform_band") for row in bands[measure]} == wanted, measure


def enough(whole: Whole, row: Estimate) -> bool:
    return all((level.n or 0) >= whole.trial.follow_up.enough for level in whole.pair(row) or ())


def test_a_running_sum_is_the_sum_of_the_weeks_before_it(whole: Whole) -> None:
    differences = dict(whole.weeks("difference"))
    for measure, rows in whole.weeks("accumulated"):
        scale = 100 if differences[measure][0].unit is Unit.PCT_POINT else 1
        for row in rows:
            wanted = sum(one.number for one in differences[measure] if (one.week or 0) <= (row.week or 0)) / scale
            assert near(row.value, wanted), row.key
            assert near(row.number - (row.ci_low or 0), (row.ci_high or 0) - row.number), row.key
            assert 1.9 < ((row.ci_high or 0) - row.number) / (row.se or 1) < 2.7 or not row.se, row.key
        assert len(rows) == max(row.week or 0 for row in rows), measure


def test_a_running_sum_errs_as_its_own_first_week_does(whole: Whole) -> None:
    for row in whole.of("accumulated"):
        alone = whole.get(row, statistic="difference")
        if row.week == 1 and alone is not None:
            scale = 100 if alone.unit is Unit.PCT_POINT else 1
            for name in ("value", "se", "ci_low", "ci_high"):
                one = getattr(alone, name)
                assert one is None or near(getattr(row, name), one / scale), row.key


def test_the_extremes_of_a_group_are_those_of_its_weeks_with_enough_persons(whole: Whole) -> None:
    levels: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in whole.of("share", "mean"):
        if row.week is not None and not row.site and not row.subgroup and (row.n or 0) >= whole.trial.follow_up.enough:
            levels[row.measure, row.group].append(row)
    found = list(whole.of("maximum_week"))
    for row in found:
        top, rows = whole.get(row, statistic="maximum"), levels[row.measure, row.group]
        assert top is not None
        best = max(rows, key=lambda one: (one.number, -(one.week or 0)))
        assert (top.value, top.k, top.n) == (best.value, best.k, best.n), row.key
        assert (row.value, row.n, row.unit) == (best.week, best.n, Unit.WEEKS), row.key


def test_the_verdicts_of_a_curve_are_those_of_its_weeks(whole: Whole) -> None:
    curves = dict(whole.weeks("difference"))
    for row in whole.of("significant_weeks"):
        rows = curves[row.measure]
        if not whole.pair(rows[0]):
            continue
        counting = [one for one in rows if enough(whole, one) and one.se is not None]
        found = [one.week for one in counting if (one.ci_low or 0) > 0 or (one.ci_high or 0) < 0]
        assert (row.value, row.n) == (len(found), len(counting)), row.key
        lasting = [
            one.week
            for one in counting
            if all(later.week in found for later in counting if (later.week or 0) >= (one.week or 0))
        ]
        first = whole.get(row, statistic="first_lasting_week")
        assert first is not None and first.value == (min(lasting, key=lambda week: week or 0) if lasting else None)


def test_the_range_of_a_difference_begins_where_its_method_says(whole: Whole) -> None:
    curves = dict(whole.weeks("difference"))
    for statistic, pick in (("minimum", min), ("maximum", max)):
        for row in whole.of(statistic, group="forskel"):
            if not row.method.startswith("from week ") or not whole.pair(curves[row.measure][0]):
                continue
            start = int(row.method.removeprefix("from week "))
            values = [one.number for one in curves[row.measure] if (one.week or 0) >= start and enough(whole, one)]
            assert near(row.value, pick(values)), row.key


def test_a_site_and_all_others_are_everybody(whole: Whole) -> None:
    checked = 0
    for row in whole.of("share", "mean", "count"):
        if not row.site.startswith("øvrige:") or row.subgroup:
            continue
        own, everybody = whole.get(row, site=row.site.removeprefix("øvrige:")), whole.get(row, site="")
        if own is None or everybody is None:
            continue
        if row.unit is Unit.COUNT:
            assert near(row.number + own.number, everybody.number), row.key
        elif own.n is not None and row.n is not None and everybody.n is not None:
            assert own.n + row.n == everybody.n, row.key
            if own.k is not None:
                assert (own.k or 0) + (row.k or 0) == everybody.k, row.key
            whole_sum = (own.value or 0) * own.n + (row.value or 0) * row.n
            assert near(everybody.value, whole_sum / everybody.n), row.key
        checked += 1
    assert checked or whole.trial.id == "social-stoette"


def test_the_lowest_and_the_highest_are_sites(whole: Whole) -> None:
    sites: dict[Place, list[Estimate]] = defaultdict(list)
    for row in whole.of("share", "mean"):
        if row.site and not row.site.startswith("øvrige:"):
            sites[row.measure, row.group, row.subgroup, row.time].append(row)
    for statistic, pick in (("lowest_site", min), ("highest_site", max)):
        for row in whole.of(statistic):
            told = [one for one in sites[row.measure, row.group, row.subgroup, row.time] if one.value is not None]
            among = int(row.method.split()[1])
            assert among <= len(told), row.key
            assert any((one.value, one.k, one.n) == (row.value, row.k, row.n) for one in told), row.key
            if among == len(told):
                assert row.value == pick(one.number for one in told), row.key


def test_the_colours_of_sites_are_those_of_the_target(whole: Whole) -> None:
    colours = ("green", "yellow", "red", "unknown")
    targets = {one.measure: one.target for element in whole.trial.elements for one in element.components}
    for row in whole.of("sites_green"):
        counts = {colour: whole.get(row, statistic=f"sites_{colour}") for colour in colours}
        values = {colour: int(one.number) for colour, one in counts.items() if one is not None}
        assert sum(values.values()) == row.n == len(whole.trial.sites.names), row.key
        target, found = targets[row.measure], dict.fromkeys(colours, 0)
        for site in whole.trial.sites.names:
            one = whole.get(row, site=site, statistic="share")
            share = None if one is None or one.value is None else one.value
            least = whole.trial.disclosure.threshold
            small = one is None or share is None or (0 < (one.k or 0) < least) or (one.n or 0) < least
            colour = "green" if (share or 0) >= target.green else "yellow" if (share or 0) >= target.yellow else "red"
            found["unknown" if small else colour] += 1
        assert all(values[colour] <= found[colour] for colour in colours[:3]), row.key  # others may hide with them
        assert values["unknown"] >= found["unknown"], row.key


def test_the_bands_of_a_distribution_are_parts_of_those_with_hours_and_of_all(whole: Whole) -> None:
    of_positive: dict[Place, list[Estimate]] = defaultdict(list)
    for row in whole.of("share_of_positive"):
        of_positive[row.measure, row.group, row.site, row.time].append(row)
        of_all = whole.get(row, statistic="share_of_all")
        assert of_all is not None and of_all.k == row.k, row.key
    for (_, _, _, _), rows in of_positive.items():
        [n] = {row.n for row in rows}
        assert sum(row.k or 0 for row in rows) == n
        positive = whole.get(rows[0], subgroup="", statistic="mean_among_positive")
        assert positive is None or (positive.k, positive.n) == (n, n)
        everybody = whole.get(rows[0], subgroup="", statistic="mean")
        assert everybody is None or everybody.k == n
    for row in whole.of("share_of_all", group="forskel"):
        parts = [whole.get(row, group=group) for group in (g.id for g in whole.trial.all_groups)]
        first, second = (one for one in parts if one is not None)
        assert near(row.value, first.number - second.number), row.key
        assert row.n == (first.n or 0) + (second.n or 0), row.key


def test_those_above_nought_have_all_there_is(whole: Whole) -> None:
    for row in whole.of("mean_among_positive"):
        everybody = whole.level(row, row.group)
        assert everybody is not None and near(row.number * (row.n or 0), everybody.number * (everybody.n or 0))


def test_p_values_of_many_sites_are_holm_s_and_benjamini_and_hochberg_s(whole: Whole) -> None:
    families: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in whole.of("difference"):
        if row.site and row.p is not None and whole.get(row, statistic="p_holm"):
            families[row.measure, row.time].append(row)
    for rows in families.values():
        told = [row for row in rows if (found := whole.get(row, statistic="p_holm")) and found.value is not None]
        p = [row.p if row in told else 1.0 for row in rows]  # a site that hides counts as one that found nothing
        order = np.argsort(p, kind="stable")
        holm = np.maximum.accumulate([(len(p) - at) * (p[one] or 0) for at, one in enumerate(order)])
        bh = np.minimum.accumulate([len(p) * (p[one] or 0) / (at + 1) for at, one in enumerate(order)][::-1])[::-1]
        for statistic, values in (("p_holm", holm), ("p_bh", bh)):
            for at, one in enumerate(order):
                found = whole.get(rows[one], statistic=statistic)
                assert found is not None
                if rows[one] in told:
                    assert near(found.value, min(1.0, values[at])) and found.p == found.value, found.key
        together = whole.get(rows[0], site="", statistic="sites_significant")
        alone = whole.get(rows[0], site="", statistic="sites_significant_unadjusted")
        level = whole.trial.design.level
        assert together is not None and alone is not None
        assert together.value == sum(1 for value in holm if value < level) and near(together.p, min(1.0, holm[0]))
        assert alone.value == sum(1 for row in told if (row.p or 0) < level)
        assert together.n == alone.n == len(whole.trial.sites.names) or len(rows) < len(whole.trial.sites.names)


def test_a_shrunken_difference_lies_between_the_sites_own_and_the_common(whole: Whole) -> None:
    for row in whole.of("shrunken"):
        own = whole.get(row, statistic="difference")
        if row.value is None or own is None:
            continue
        told = [one for one in whole.of("shrunken") if (one.measure, one.time) == (row.measure, row.time)]
        values = [one.number for one in told if one.value is not None]
        assert min(values) <= row.number <= max(values)
        assert (row.ci_low or 0) < row.number < (row.ci_high or 0)
        wide = (row.ci_high or 0) - (row.ci_low or 0)
        assert 0.2 < wide / ((own.ci_high or 0) - (own.ci_low or 0)) < 1.5, row.key
        everything = [whole.get(one, statistic="difference") for one in told if one.value is not None]
        raw = [one.number for one in everything if one is not None]
        assert max(values) - min(values) <= max(raw) - min(raw)


def test_a_normalised_difference_is_over_the_pooled_deviation(whole: Whole) -> None:
    for row in whole.of("normalised_difference"):
        pair = whole.pair(row)
        if pair is None or pair[0].unit is not Unit.PCT:
            continue
        shares = [(one.k or 0) / (one.n or 1) for one in pair]
        # Sample variances, as Imbens and Rubin (2015, 14.2) define them.
        spread = [
            share * (1 - share) * n / (n - 1) for share, n in zip(shares, (one.n or 0 for one in pair), strict=True)
        ]
        wanted = (shares[0] - shares[1]) / math.sqrt(sum(spread) / 2)
        assert row.value == pytest.approx(wanted, rel=2e-3), row.key


def test_answers_that_rose_fell_and_stayed_are_all_answers(whole: Whole) -> None:
    for kind in ("share", "share_relevant"):
        for row in whole.of(f"{kind}_rose"):
            fell, same = (whole.get(row, statistic=f"{kind}_{name}") for name in ("fell", "same"))
            assert fell is not None and same is not None
            assert (row.k or 0) + (fell.k or 0) + (same.k or 0) == row.n == fell.n == same.n, row.key
            if kind == "share":
                change, first, last = (whole.get(row, statistic=name) for name in ("change", "first_mean", "last_mean"))
                assert change is not None and first is not None and last is not None
                assert near(change.value, last.number - first.number) and change.n == first.n == last.n == row.n
                sign = whole.get(row, statistic="sign_test")
                assert sign is not None and sign.value == (row.k or 0) - (fell.k or 0) and sign.n == row.n
                moved, most = (row.k or 0) + (fell.k or 0), max(row.k or 0, fell.k or 0)
                mid = 2 * (stats.binom.sf(most, moved, 0.5) + stats.binom.pmf(most, moved, 0.5) / 2)
                assert sign.p == pytest.approx(min(1.0, mid), abs=1e-9), row.key


def test_the_mid_p_of_those_with_it_only_before_or_only_after(whole: Whole) -> None:
    for row in whole.of("share_only_after"):
        before, change = (whole.get(row, statistic=name) for name in ("share_only_before", "difference"))
        assert before is not None and change is not None
        assert near(change.value, row.number - before.number) and change.n == row.n == before.n


def test_a_total_of_answers_is_the_sum_of_its_sites(whole: Whole) -> None:
    for row in whole.of("sites_yes"):
        if not row.site:
            parts = [one for site in whole.trial.sites.names if (one := whole.get(row, site=site)) is not None]
            assert row.value == sum(one.number for one in parts) and row.n == sum(one.n or 0 for one in parts)


def test_what_is_above_a_benchmark_is_the_level_less_the_benchmark(whole: Whole) -> None:
    for row in whole.of("over_benchmark"):
        level = whole.level(row, whole.trial.groups.treated.id)
        assert level is not None and row.n == level.n
        [away] = {round(getattr(level, name) - getattr(row, name), 9) for name in ("value", "ci_low", "ci_high")}
        assert f"benchmark of {away:g} pct." in row.method, row.key


def test_money_by_the_number_of_persons_it_is_shared_by(whole: Whole) -> None:
    rows = whole.of("cost_per_unit")
    budgets = {
        round(row.number * (row.k or 0) * float((row.subgroup or "tilskrevet:100").rpartition(":")[2]) / 100, 4)
        for row in rows
    }
    facts = {float(one.value) for one in whole.trial.facts.values() if isinstance(one.value, int | float)}
    assert all(any(math.isclose(budget, fact, rel_tol=1e-9) for fact in facts) for budget in budgets)


def test_a_net_result_is_what_its_items_give_and_lies_in_its_interval(whole: Whole) -> None:
    for row in whole.of("net"):
        parts = [one for one in whole.of("contribution") if one.subgroup.split(":")[0] == row.subgroup]
        assert near(sum(one.number for one in parts), row.number), row.key
        chance = whole.get(row, statistic="chance_of_gain")
        assert chance is not None and row.se is not None
        assert chance.number == pytest.approx(100 * stats.norm.cdf(row.number / row.se), abs=2.5), row.key
        assert (row.ci_high or 0) - (row.ci_low or 0) == pytest.approx(2 * 1.96 * row.se, rel=0.05), row.key


def test_assumptions_of_a_calculation_are_shares_of_a_whole_and_prices_near_their_own(whole: Whole) -> None:
    for row in whole.of("parameter"):
        low, high = (whole.get(row, statistic=f"assumption_{end}") for end in ("low", "high"))
        assert 0 <= row.number <= 100 or "factor" in row.subgroup, row.key
        if low is not None and high is not None:
            assert low.number <= row.number <= high.number and low.unit is high.unit is row.unit, row.key
            ends = [whole.get(row, statistic=f"net_{end}") for end in ("low", "high")]
            society = next(one for one in whole.of("net") if one.subgroup == "samfund")
            values = [one.number for one in ends if one is not None]
            assert min(values) - 1e-6 <= society.number <= max(values) + 1e-6, row.key


def test_a_curve_of_those_who_stay_falls_from_those_at_risk(whole: Whole) -> None:
    curves: dict[Place, list[Estimate]] = defaultdict(list)
    for row in whole.of("survival"):
        if row.value is not None and row.week is not None:
            curves[row.measure, row.group, row.site, row.subgroup].append(row)
            left = whole.get(row, statistic="left")
            assert left is not None and near(left.value, 100 - row.number), row.key
            assert near(left.ci_low, 100 - (row.ci_high or 0)) and near(left.ci_high, 100 - (row.ci_low or 0)), row.key
    for rows in curves.values():
        rows.sort(key=lambda row: row.week or 0)
        assert all(later.number <= row.number for row, later in itertools.pairwise(rows))
        for row, later in itertools.pairwise(rows):  # Kaplan and Meier's product, where no week waits for the next
            if later.week == (row.week or 0) + 1:
                assert near(later.value, row.number * (1 - (later.k or 0) / (later.n or 1))), later.key
        median = whole.get(rows[0], statistic="median_weeks", time="")
        if median is not None and median.value is not None:
            above = max((row.week or 0 for row in rows if row.number > 50), default=0)
            below = min((row.week or 0 for row in rows if row.number <= 50), default=math.inf)
            assert above < median.value <= below, rows[0].key


def test_a_matched_difference_is_that_of_its_means(whole: Whole) -> None:
    for row in whole.of("matched"):
        treated, other = (whole.get(row, statistic=f"matched_mean_{name}") for name in ("treated", "other"))
        count = whole.get(row, statistic="matched_treated")
        assert treated is not None and other is not None and count is not None
        assert near(row.value, treated.number - other.number) and row.n == treated.n == other.n == count.value


def test_the_numbers_of_areas_over_a_window_are_those_of_its_months(whole: Whole) -> None:
    months: dict[Place, dict[str, float]] = defaultdict(dict)
    for row in whole.of("monthly"):
        months[row.measure, row.group, row.site, row.subgroup][row.time] = row.number
    words = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
             "december")  # fmt: skip
    for row in whole.of("minimum", "maximum", "mean_of_months", "change"):
        own = months.get((row.measure, row.group, row.site, row.subgroup))
        if own is None:
            continue
        first, last = (
            f"{end.split()[1]}-{words.index(end.split()[0]) + 1:02}"
            for end in (row.window if row.window.count("20") > 1 else row.window.replace(" til", " 2018 til")).split(
                " til "
            )
        )
        inside = [value for month, value in sorted(own.items()) if first <= month <= last]
        wanted = {
            "minimum": min(inside), "maximum": max(inside), "mean_of_months": sum(inside) / len(inside),
            "change": inside[-1] - inside[0],
        }  # fmt: skip
        assert near(row.value, wanted[row.statistic]), row.key


def test_recruitment_counts_up_and_goes_on_at_its_pace(whole: Whole) -> None:
    series: dict[Place, list[Estimate]] = defaultdict(list)
    for row in whole.of("recruited"):
        series[row.measure, row.group, row.site, row.subgroup].append(row)
    for rows in series.values():
        rows.sort(key=lambda row: int(row.time.removeprefix("projektuge")))
        counts = [int(row.number) for row in rows]
        assert counts == sorted(counts) and all(row.k == row.value for row in rows)
        pace = whole.get(rows[0], statistic="pace", time="")
        forecast = [one for one in whole.of("forecast_realistic") if one.measure == rows[0].measure]
        forecast = [one for one in forecast if one.time.startswith("projektuge")]
        forecast.sort(key=lambda row: int(row.time.removeprefix("projektuge")))
        if pace is not None:
            latest = int(pace.method.split()[2])
            assert near(pace.value, (counts[-1] - counts[-1 - latest]) / latest)
            assert near(forecast[0].value, counts[-1] + pace.number)
            assert near(forecast[-1].number - forecast[-2].number, pace.number)
            for at in forecast:
                ends = [whole.get(at, statistic=f"forecast_{name}") for name in ("cautious", "optimistic", "interval")]
                cautious, optimistic, drawn = (one for one in ends if one is not None)
                assert cautious.number < at.number < optimistic.number
                assert (drawn.ci_low or 0) <= at.number <= (drawn.ci_high or 0) and near(drawn.value, at.number)


def persons_needed(base: float, rise: float, level: float, power: float) -> float:
    """In each of two groups, to find a rise from one share to another (Fleiss, Levin and Paik 2003, 4.14)."""
    other, mean = base + rise, base + rise / 2
    of_null = stats.norm.isf(level / 2) * math.sqrt(2 * mean * (1 - mean))
    of_rise = stats.norm.isf(1 - power) * math.sqrt(base * (1 - base) + other * (1 - other))
    return ((of_null + of_rise) / rise) ** 2


def test_the_rise_that_is_found_and_the_persons_it_needs_belong_together(whole: Whole) -> None:
    for row in whole.of("detectable", "needed"):
        base = whole.by_key.get(f"{row.measure.removesuffix('-foer')}.foer")  # the share of the time before
        assert base is not None and "power 0.8" in row.method
        rise = row.number if row.statistic == "detectable" else float(row.subgroup.removeprefix("stigning"))
        persons = (row.n or 0) if row.statistic == "detectable" else row.number
        wanted = persons_needed(base.number / 100, rise / 100, whole.trial.design.level, 0.8)
        assert persons == pytest.approx(wanted, rel=0.03), row.key


def test_the_parameters_of_a_calculation_are_the_guideline_s() -> None:
    """The Ministry of Finance's of 2013: 4 pct. in the first years, a distortion of 20 pct., a factor of 1.325."""
    rows = {row.subgroup: row for row in whole_of("paa-rette-vej").of("parameter")}
    told = {name: (row.number, row.unit) for name, row in rows.items()}
    assert told["discount_rate"] == (pytest.approx(4.0), Unit.PCT)
    assert told["tax_distortion"] == (pytest.approx(20.0), Unit.PCT)
    assert told["net_tax_factor"] == (pytest.approx(1.325), Unit.RATIO)


def test_every_row_says_whom_it_counts_and_when_its_data_is_from(whole: Whole) -> None:
    names = {name: survey.respondents for name, survey in whole.trial.extracts.surveys.items()}
    names |= {group.id: group.many for group in whole.trial.every_group}
    both = " og ".join(group.many for group in whole.trial.all_groups)
    for row in whole.rows:
        assert row.population and row.data_date == whole.trial.data_date.isoformat(), row.key
        measure = whole.trial.measure_by_id.get(row.measure)
        if row.measure == "cost-benefit":
            assert row.population == both, row.key
        elif measure is not None and measure.population:
            label = whole.trial.population_by_id[measure.population].label
            assert row.population in (label, names.get(row.group), both) or row.subgroup, row.key
        elif row.group in names and not row.subgroup and row.statistic != "monthly" and "area" not in row.method:
            assert row.population == names[row.group], row.key
