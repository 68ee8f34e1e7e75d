"""What the sites answer about themselves: one sheet a site, yes or no."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context
from reportlib.analysis.survey_measures import survey_of, survey_values
from reportlib.disclosure.register import Setting
from reportlib.errors import ReportlibError
from reportlib.text.units import Unit
from reportlib.trial.analyses import SiteAnswers
from reportlib.trial.measures import MeasureSpec

YES = "sites_yes"
"""The statistic of the rows: how many sites say yes, of those that answered. Rows about sites are never hidden."""


class SeveralSheetsError(ReportlibError):
    """A site has more than one sheet, so its answers are persons' answers and not the site's."""


def run_site_answers(spec: SiteAnswers, context: Context) -> None:
    """Add a row per site (1, 0, or no value where it did not answer) and one for all sites together.

    Raises:
        SeveralSheetsError: a site has more than one sheet.
    """
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
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
        data_date=context.trial.data_date.isoformat(),
    )
