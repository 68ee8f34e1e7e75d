"""Recruitment against its milestone: week by week, three paths ahead, and what so many persons can show.

How many persons there are, by group, site and population, and how many are still followed week by week.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from reportlib.analysis.context import Context, week_window
from reportlib.analysis.measure_values import days_to_event, last_day
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person
from reportlib.disclosure.register import Counted, Members, Setting
from reportlib.estimators.errors import UndetectableError
from reportlib.estimators.recruitment_plan import (
    RecruitmentForecast,
    detectable_share,
    needed_for_shares,
    recruitment_forecast,
)
from reportlib.estimators.shares_and_means import share
from reportlib.ledger import Measure, make_key
from reportlib.ledger.keys import BACKGROUND, EVERYONE, FOLLOWED, PERSONS, week_label
from reportlib.registers.data import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import PopulationCounts, Recruitment
from reportlib.trial.measures import EventEver, MeasureSpec


def built_in_measures(source: str, undertaking: str) -> list[Measure]:
    """The measures every ledger has.

    `source` is the printed source of the participants, `undertaking` what the report calls the whole of it: forsøget.
    """
    return [
        Measure(
            id=PERSONS,
            label="Personer",
            unit=Unit.COUNT,
            definition="Antal personer, der indgår i analysen",
            source=source,
        ),
        Measure(
            id=FOLLOWED,
            label="Personer, der følges",
            unit=Unit.COUNT,
            definition="Antal personer, der stadig følges i den pågældende uge efter start",
            source=source,
        ),
        Measure(
            id=BACKGROUND,
            label="Baggrund",
            unit=Unit.PCT,
            definition=f"Kendetegn ved personerne, før de indgår i {undertaking}",
            source=source,
        ),
    ]


def run_follow_up(context: Context) -> None:
    """Add the counts. They are always computed: every share in the report rests on them."""
    everyone = np.ones(context.persons, dtype=np.bool_)
    _count(context, everyone, group=EVERYONE)
    for group in context.trial.every_group:
        inside = context.in_group(group.id)
        _count(context, inside, group=group.id)
        for site, who in context.sites_of(inside):
            _count(context, who, group=group.id, site=site)
        for week in range(1, context.data.panel.weeks + 1):
            there = inside & context.data.panel.followed[:, week - 1]
            followed = int(there.sum())
            context.ledger.add(
                Counted(k=there),
                measure=FOLLOWED,
                statistic="count",
                group=group.id,
                time=week_label(week),
                value=followed,
                k=followed,
                population=group.many,
                window=week_window(week),
            )


def run_population_counts(spec: PopulationCounts, context: Context) -> None:
    """Add a count per population and group; also by site for the treated where asked."""
    for population_id in spec.populations:
        members = context.members(population_id)
        for group in context.trial.every_group:
            inside = members & context.in_group(group.id)
            _count(context, inside, group=group.id, population=population_id)
            if spec.by_site and group == context.trial.groups.treated:
                for site, who in context.sites_of(inside):
                    _count(context, who, group=group.id, site=site, population=population_id)


def _count(context: Context, inside: BoolArray | Members, *, group: str, site: str = "", population: str = "") -> None:
    count = inside.count if isinstance(inside, Members) else int(inside.sum())
    names = {known.id: known.many for known in context.trial.every_group}
    of_group = names.get(group, "alle personer i analysen")
    context.ledger.add(
        Counted(k=inside),
        measure=PERSONS,
        statistic="count",
        group=group,
        site=site,
        subgroup=population,
        value=count,
        k=count,
        population=context.trial.population_by_id[population].label if population else of_group,
    )


PATHS = ("cautious", "realistic", "optimistic")
"""The paths ahead as they stand in statistics: `forecast_cautious`."""

END = "slut"
"""The time of a forecast's last week."""

RISES = (5, 10, 15, 20)
"""Rises in points that the needed number of persons is given for."""


def project_week(week: int) -> str:
    """The time column of a week of the project, counted from its first: `projektuge12`."""
    return f"projektuge{week}"


def run_recruitment(spec: Recruitment, context: Context) -> None:
    """Add counts, milestone, paths, probability and power."""
    measure = context.trial.measure_by_id[spec.measure]
    group = context.trial.groups.treated.id
    add_person(measure, context, group=group, by_site=spec.by_site)
    recruited_in = _recruited_in(measure, context)
    recruits = np.bincount(recruited_in[recruited_in >= 0], minlength=_project_weeks(context))
    begun = Counted(n=recruited_in >= 0)
    common = {"group": group, "window": WHOLE_FOLLOW_UP}
    for week, total in enumerate(np.cumsum(recruits).tolist(), start=1):
        so_far = Counted(k=(recruited_in >= 0) & (recruited_in < week))
        told = {"unit": Unit.COUNT, "time": project_week(week), "value": total, "k": total}
        context.add(measure, "recruited", so_far, **told, **common)
    milestone, needed = (int(context.trial.number(fact)) for fact in (spec.milestone, spec.needed))
    reached = share(min(int(recruits.sum()), milestone), milestone)
    all_told = reached.k == int(recruits.sum())
    context.add(
        measure,
        "share_of_milestone",
        Counted(n=Setting("a milestone"), k=recruited_in >= 0 if all_told else Setting("the milestone is passed")),
        unit=Unit.PCT,
        value=100 * reached.k / reached.n,
        k=reached.k,
        n=reached.n,
        method=f"of the fact {spec.milestone}",
        **common,
    )
    ahead = int((np.datetime64(spec.until, "D") - last_day(context.data)).astype(int)) // 7
    if ahead < 1:
        return
    found = recruitment_forecast(recruits.tolist(), weeks=ahead, target=needed, latest=spec.latest, level=context.level)
    _add_paths(found, len(recruits), begun, measure, context)
    if spec.outcome:
        # half up, as the ends are printed: 312.5 is told as 313
        ends = [int(float(found.table[path].iloc[-1]) + 0.5) for path in PATHS]
        _add_power(spec, [int(recruits.sum()), needed, *ends], context)


def _project_weeks(context: Context) -> int:
    """How many weeks of the project there are up to the last day, a part of a week counted as one."""
    return int((last_day(context.data) - np.datetime64(context.trial.period.first, "D")).astype(int)) // 7 + 1


def _recruited_in(measure: MeasureSpec, context: Context) -> npt.NDArray[np.int64]:
    """(n,) the week of the project, from 0, of each person's first event, -1 without one; the last week ends on the
    last day."""
    computed = measure.computed
    assert isinstance(computed, EventEver)  # what trial.yml may name
    values = context.person_measure(measure)
    days = days_to_event(computed.events, context.data)
    start = context.data.persons["start"].to_numpy().astype("datetime64[D]")
    inside = (values == 1) & context.treated & ~np.isnan(days)
    day = start[inside] + days[inside].astype(np.int64).astype("timedelta64[D]")
    back = (last_day(context.data) - day).astype(np.int64) // 7
    week = np.full(context.persons, -1, dtype=np.int64)
    week[inside] = _project_weeks(context) - 1 - back
    return week


def _add_paths(found: RecruitmentForecast, weeks: int, begun: Counted, measure: MeasureSpec, context: Context) -> None:
    of_all = {"group": context.trial.groups.treated.id, "window": WHOLE_FOLLOW_UP, "n": found.recruited}

    def add(statistic: str, unit: Unit, value: float | None, time: str = "", **row: Any) -> None:
        context.add(measure, statistic, begun, unit=unit, time=time, value=value, **of_all, **row)

    for at in found.table.to_dict("records"):
        week, likely = int(at["week"]), at["realistic"]
        around = {"ci_low": min(at["ci_low"], likely), "ci_high": max(at["ci_high"], likely)}
        for time in (project_week(weeks + week), *([END] if week == len(found.table) else [])):
            for path in PATHS:
                add(f"forecast_{path}", Unit.COUNT, at[path], time)
            add("forecast_interval", Unit.COUNT, likely, time, **around, method="negative binomial, gamma-Poisson")
    add("pace", Unit.PER_PERSON, found.pace["realistic"], method=f"the latest {found.weeks_used} weeks")
    if found.probability is not None:
        add("probability", Unit.PCT, 100 * found.probability, END)
    for path, further in found.weeks_to_target.items():
        add(f"weeks_{path}", Unit.WEEKS, further)


def _add_power(spec: Recruitment, sizes: list[int], context: Context) -> None:
    """The least rise found with so many persons and as many to compare with, and the persons a rise needs."""
    outcome = context.trial.measure_by_id[spec.outcome or ""]
    values = np.where(context.treated, context.person_measure(outcome), np.nan)
    known = values[~np.isnan(values)]
    if not len(known):
        return
    base, level = float(known.mean()), context.level
    key = make_key(outcome.id, statistic="share", group=context.trial.groups.treated.id)
    base_row = (key,) if key in context.ledger else ()  # whose share it is, `method` and the value tell
    common = {
        "population": context.population_text(outcome, context.trial.groups.treated.id),
        "window": WHOLE_FOLLOW_UP,
        "method": f"two equal groups, power {spec.power:g}, level {level:g}",
    }
    for n in dict.fromkeys(sizes):
        try:
            reached = detectable_share(base, n, n, power=spec.power, level=level)
        except UndetectableError:
            continue
        size = Counted(n=Setting("a size that is thought of"), made_of=base_row)
        told = {"unit": Unit.PCT_POINT, "subgroup": f"n{n}", "value": 100 * (reached - base), "n": n}
        context.add(outcome, "detectable", size, **told, **common)
    for rise in RISES:
        if base + rise / 100 >= 1:
            continue
        needed = needed_for_shares(base, base + rise / 100, power=spec.power, level=level).n_treated
        told = {"unit": Unit.COUNT, "subgroup": f"stigning{rise}", "value": needed, "n": len(known)}
        context.add(outcome, "needed", Counted(n=~np.isnan(values), made_of=base_row), **told, **common)
