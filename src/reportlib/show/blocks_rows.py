"""What documents call for charts with one row or bar per question, site, characteristic or band."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlib.danish import NBSP, confidence_name, event_week, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import BACKGROUND
from reportlib.show.balances import LIMIT, plan_balance
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.forest import plan_forest
from reportlib.show.histogram import Among, plan_distribution
from reportlib.show.palette import Palette
from reportlib.show.site_shares import plan_shares_by_site
from reportlib.show.survey_dots import SurveyPlan, plan_survey
from reportlib.show.texts import HIDDEN_SIGN, no_interval_note, whole_trial_note
from reportlib.text.units import Unit
from reportlib.trial.measures import SurveyMean, SurveyShare
from reportlib.trial.model import Trial


def survey_means(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    sort: bool = True,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Means (or shares) of several answers as dots with intervals, highest first; with `site` beside all other sites.

    A site that can show fewer than half of its answers gets the whole trial's figure, and is told why. A given
    `caption` is followed by the names of the site and the others.

    Raises:
        NothingToShowError: no rows, several units or scales, or no such site.
    """
    plan = plan_survey(ledger, trial, measures, site=site, sort=sort)
    too_few = ""
    if site and 2 * sum(points[0].hidden for points in plan.points) > len(plan.points):
        too_few = f"Svarene fra {site} er for få til at blive vist; tallene gælder hele {trial.design.undertaking}"
        plan, site = plan_survey(ledger, trial, measures, sort=sort), None
    kind = "Andel" if plan.unit is Unit.PCT else "Gennemsnit"
    what = caption or f"{kind} af svarene fra {list_text(_respondents(trial, measures))}"
    return figure_block(
        plan,
        id=id,
        caption=f"{what}: {site} og øvrige {trial.sites.noun.many}" if site else what,
        sources=sources_of(ledger, measures),
        notes=[
            f"Den vandrette streg er et {confidence_name(trial.design.level)}",
            f"Tallene til højre er antallet af svar: {site} / øvrige {trial.sites.noun.many}"
            if site
            else "Tallet i parentes er antallet af svar",
            no_interval_note((point.value, point.low) for points in plan.points for point in points),
            _survey_hidden(plan),
            too_few,
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _respondents(trial: Trial, measures: Sequence[str]) -> list[str]:
    names = dict.fromkeys(
        trial.extracts.surveys[part.survey].respondents
        for measure in measures
        if isinstance(part := trial.measure_by_id[measure].computed, SurveyMean | SurveyShare)
    )
    return list(names)


def _survey_hidden(plan: SurveyPlan) -> str:
    if not any(point.hidden for points in plan.points for point in points):
        return ""
    beside = any(len(points) > 1 for points in plan.points)
    return f"{HIDDEN_NOTE} ({HIDDEN_SIGN})" if beside else HIDDEN_NOTE


HIDDEN_NOTE = "Tal, der ikke kan vises af hensyn til anonymiteten, er udeladt"


def shares_by_site(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """A share by site, against its target if it is a component; the version's own site comes first.

    Raises:
        NothingToShowError: the ledger has no rows of the measure by site, or no such site.
    """
    plan = plan_shares_by_site(ledger, trial, measure, site=site)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{plan.label}, {trial.sites.noun.one} for {trial.sites.noun.one}",
        sources=sources_of(ledger, [measure]),
        notes=[
            ledger.measure(measure).definition,
            f"De lodrette linjer viser grænserne for grøn ({number_text(plan.target.green)}{NBSP}pct.) og gul "
            f"({number_text(plan.target.yellow)}{NBSP}pct.)"
            if plan.target
            else "",
            "Den stiplede linje viser andelen i alt" if plan.overall is not None and not plan.target else "",
            HIDDEN_NOTE if None in plan.values else "",
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def site_effects(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
    explained: bool = False,
) -> str:
    """The difference in one week site by site, raw and shrunken, with the common difference as a dashed line.

    `explained` leaves out the measure's definition, which the document has given beside an earlier figure.

    Raises:
        NothingToShowError: the ledger has no site effects of the measure in that week.
    """
    each = f"{trial.sites.noun.one} for {trial.sites.noun.one}"
    plan = plan_forest(ledger, trial, measure, week, site=site)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{plan.label}: forskellen i {event_week(week)}, {each}",
        sources=sources_of(ledger, [measure]),
        notes=[
            "" if explained else ledger.measure(measure).definition,
            f"Stregerne er {confidence_name(plan.level)}ler",
            f"De krympede tal er trukket mod den fælles forskel, mest i {trial.sites.noun.many} med få personer, fordi "
            "store udsving dér ofte er tilfældige",
            "Den stiplede linje er den fælles forskel" if plan.common is not None else "",
            f"{HIDDEN_NOTE}: {list_text(plan.hidden)}" if plan.hidden else "",
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def balance(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Normalised differences of the background before entry.

    Raises:
        NothingToShowError: the ledger has no balance.
    """
    plan = plan_balance(ledger, trial)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"Forskelle mellem {plan.groups[0]} og {plan.groups[1]} før start",
        sources=sources_of(ledger, [BACKGROUND]),
        notes=[
            "Den normaliserede forskel er forskellen i gennemsnit delt med den typiske spredning i de to grupper",
            f"De stiplede linjer står ved ±{number_text(LIMIT, 2)}; forskelle uden for dem er store",
            HIDDEN_NOTE if plan.hidden else "",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def distribution(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    among: Among = "positive",
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """The measure in bands in one week, by group, among those above zero or among all followed.

    Raises:
        NothingToShowError: the ledger has no such distribution.
    """
    plan = plan_distribution(ledger, trial, measure, week, among=among)
    who = "blandt personer med et tal over nul" if among == "positive" else "blandt alle, der følges"
    hidden = any(value is None for shares in plan.shares for value in shares)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{plan.label}: fordelingen i {event_week(week)} {who}",
        sources=sources_of(ledger, [measure]),
        notes=[
            # The definition speaks of an average for all; a share of those above zero needs none.
            "" if among == "positive" else ledger.measure(measure).definition,
            "Et bånd begynder lige over sin nedre grænse og går til og med sin øvre",
            "· viser, at søjlen er udeladt af hensyn til anonymiteten" if hidden else "",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )
