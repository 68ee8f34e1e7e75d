"""The difference in one week site by site: raw, with p-values for many sites, and shrunken towards the common one.

What is told of a site and rests on the others rests on those that are told. A site that hides counts as a test that
found nothing (p = 1), so that the correction still allows for all tests, and it has no part in the common difference:
otherwise the adjusted p-values and the shrunken differences of the shown sites would be equations for the hidden ones.
After it one test of whether a share differs between sites, and what sites answer about themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Column, Context, Side, test_columns, week_window, welch_columns
from reportlib.analysis.measure_values import in_print_unit, survey_of, survey_values
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person, shown_sites, threshold_of
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.proposals import suppress
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators import shares_and_means as shares
from reportlib.estimators.by_part import NAN, SiteDifferences, SiteRow, site_differences
from reportlib.estimators.many_comparisons import benjamini_hochberg, holm
from reportlib.ledger import make_key
from reportlib.ledger.keys import week_label
from reportlib.registers.data import FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import SiteAnswers, SiteEffects, SiteSpread
from reportlib.trial.measures import MeasureSpec


def run_site_effects(spec: SiteEffects, context: Context) -> None:
    """Add the levels and differences of every site, what multiplicity and shrinkage make of them, and the test."""
    measure = context.trial.measure_by_id[spec.measure]
    values = context.panel_measure(measure)[:, spec.week - 1].copy()  # a column of the panel lies far apart
    sites = context.data.persons["site"].to_numpy()
    found = site_differences(in_print_unit(values, measure.unit), context.treated, sites, level=context.level)
    groups = [Column(group, week_label(spec.week), week_window(spec.week)) for group in context.group_ids]
    by_group = np.column_stack([np.where(context.in_group(group.group), values, np.nan) for group in groups])
    places = [Side(context.trial.sites.names.index(row.site), site=row.site) for row in found.rows]
    context.add_columns(measure, by_group, context.site_of_persons, places, groups)
    told = _told(found, measure, context, spec.week)
    found = _among(told, found, in_print_unit(values, measure.unit), sites, context)
    family = tuple(
        key
        for site in (row.site for row in found.rows if row.site in told)
        for key in context.level_keys(measure, context.group_ids, site=site, time=week_label(spec.week))
    )
    there = dict(context.sites_of(~np.isnan(values)))
    for row in found.rows:
        if row.estimable:
            _add_site(row, Counted(n=there[row.site], made_of=family), measure, context, spec.week)
    _add_together(found, told, family, measure, context, spec.week)


def _told(found: SiteDifferences, measure: MeasureSpec, context: Context, week: int) -> frozenset[str]:
    """The sites of which the finished ledger will show both groups."""
    places = ("", *(row.site for row in found.rows))
    hidden = set()
    for group in context.trial.all_groups:
        keys = (make_key(measure.id, statistic="mean", group=group.id, site=at, time=week_label(week)) for at in places)
        levels = [row for key in keys if (row := context.ledger.get(key)) is not None]
        hidden |= {row.site for row in suppress(levels, threshold_of(context)) if row.hidden}
    return frozenset(row.site for row in found.rows if row.site not in hidden)


def _among(
    told: frozenset[str], found: SiteDifferences, values: FloatArray, sites: np.ndarray, context: Context
) -> SiteDifferences:
    """`found` with what rests on all sites made of the told ones only; of the others only what is their own is left."""
    if len(told) == len(found.rows):
        return found
    places, names = pd.factorize(sites)
    inside = np.array([name in told for name in names])[places]
    shown = {
        row.site: row
        for row in site_differences(values[inside], context.treated[inside], sites[inside], level=context.level).rows
    }
    p = np.array([row.p if row.site in told else 1.0 if np.isfinite(row.p) else np.nan for row in found.rows])
    rows = [
        replace(
            shown.get(row.site, replace(row, shrunken=NAN, shrunken_low=NAN, shrunken_high=NAN)),
            p_holm=strict if row.site in told else NAN,
            p_bh=lenient if row.site in told else NAN,
        )
        for row, strict, lenient in zip(found.rows, holm(p).tolist(), benjamini_hochberg(p).tolist(), strict=True)
    ]
    return replace(found, rows=tuple(rows))


def _add_site(row: SiteRow, of_family: Counted, measure: MeasureSpec, context: Context, week: int) -> None:
    common = {"week": week, "site": row.site, "n": row.n_treated + row.n_control}
    points = difference_unit(measure)
    levels = context.level_keys(measure, context.group_ids, site=row.site, time=week_label(week))
    context.add(measure, "difference", made_of(*levels), unit=points, **welch_columns(row), **common)
    shrunken = {"value": row.shrunken, "ci_low": row.shrunken_low, "ci_high": row.shrunken_high}
    how = "empirical Bayes (Paule-Mandel, Morris)"
    context.add(measure, "shrunken", of_family, unit=points, method=how, **shrunken, **common)
    for statistic, p in (("p_holm", row.p_holm), ("p_bh", row.p_bh)):
        context.add(measure, statistic, of_family, unit=Unit.COEFFICIENT, value=p, p=p, **common)


def _add_together(
    found: SiteDifferences,
    told: frozenset[str],
    family: tuple[str, ...],
    measure: MeasureSpec,
    context: Context,
    week: int,
) -> None:
    sites = Counted(n=Setting("sites"), made_of=family)
    smallest = min((row.p_holm for row in found.rows if row.estimable and np.isfinite(row.p_holm)), default=np.nan)
    significant = sum(row.p_holm < context.level for row in found.rows if row.estimable)
    plain = sum(row.p < context.level for row in found.rows if row.site in told and row.estimable)

    def add(statistic: str, unit: Unit, value: float, method: str, **row: Any) -> None:
        told = {"week": week, "unit": unit, "value": value, "n": found.n_estimable, "method": method}
        context.add(measure, statistic, sites, **told, **row)

    add("sites_significant", Unit.COUNT, significant, "Holm", p=smallest)
    add("sites_significant_unadjusted", Unit.COUNT, plain, "not adjusted for the number of sites")
    if (test := found.heterogeneity) is not None:
        add("heterogeneity", Unit.COEFFICIENT, test.q, "Cochran's Q", df=test.df, p=test.p)


def run_site_spread(spec: SiteSpread, context: Context) -> None:
    """Add a `heterogeneity` row per measure: chi-square, or an exact test where the expected counts are small.

    `n` is the persons counted. With fewer than two parts to compare there is nothing to test and no row.
    """
    group = context.trial.groups.treated.id
    for measure in context.measures(spec.measures):
        add_person(measure, context, group=group, by_site=True)
        parts, pooled, shown = [], (0, 0), [make_key(measure.id, statistic="share", group=group)]
        for row in shown_sites(measure, context, group):
            site = context.ledger[make_key(measure.id, statistic="share", group=group, site=row.site)]
            counts = (site.k or 0, site.n or 0)
            if row.hidden:
                pooled = (pooled[0] + counts[0], pooled[1] + counts[1])
            elif counts[1]:
                parts.append(counts)
                shown.append(site.key)
        parts += [pooled] if pooled[1] else []
        if len(parts) < 2:
            continue
        k, n = zip(*parts, strict=True)
        found = shares.test_shares(k, n, seed=context.trial.design.seed)
        how = f"{found.name}{', hidden sites as one' if pooled[1] else ''}"
        columns = {**test_columns(found), "n": sum(n), "method": how}
        context.add(measure, "heterogeneity", made_of(*shown), group=group, window=WHOLE_FOLLOW_UP, **columns)


YES = "sites_yes"
"""The statistic of the rows: how many sites say yes, of those that answered. Rows about sites are never hidden."""


class SeveralSheetsError(ReportlibError):
    """A site has more than one sheet, so its answers are persons' answers and not the site's."""


def run_site_answers(spec: SiteAnswers, context: Context) -> None:
    """Add a row per site (1, 0, or no value where it did not answer) and one for all sites together.

    Raises:
        SeveralSheetsError: a site has more than one sheet.
    """
    for measure in context.measures(spec.measures):
        survey = survey_of(measure)
        sites = context.data.surveys[survey]["site"].to_numpy()
        answers = survey_values(measure, context.data)
        yes = answered = 0
        for site in context.trial.sites.names:
            own = answers[sites == site]
            if len(own) > 1:
                raise SeveralSheetsError(
                    f"{site} has {len(own)} sheets in the survey {survey}, and site_answers takes one a site",
                    hint="use `shares` for answers of persons",
                )
            known = own[~np.isnan(own)]
            _add(measure, context, survey, int(known.sum()), len(known), site=site)
            yes, answered = yes + int(known.sum()), answered + len(known)
        _add(measure, context, survey, yes, answered)


def _add(measure: MeasureSpec, context: Context, survey: str, yes: int, answered: int, site: str = "") -> None:
    context.ledger.add(
        Setting("sites, not persons"),
        measure=measure.id,
        statistic=YES,
        unit=Unit.COUNT,
        group=survey,
        site=site,
        value=yes if answered else None,
        n=answered,
        method="answers of sites",
        population=context.trial.extracts.surveys[survey].respondents,
    )
