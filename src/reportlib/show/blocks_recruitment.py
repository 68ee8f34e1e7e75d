"""What documents call for the figure of recruitment: so far, and the paths ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from reportlib.danish import confidence_name, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.curves import Line
from reportlib.show.forecasts import RecruitmentPlan
from reportlib.show.ledger_rows import NothingToShowError, interval, shown
from reportlib.show.palette import Palette
from reportlib.show.texts import gap_note, steps_note, whole_trial_note
from reportlib.text.origin import Origin, derived, setting, with_origin
from reportlib.text.origin import fact as fact_origin
from reportlib.trial.analyses import Recruitment
from reportlib.trial.model import Trial

PATHS = {"cautious": "Forsigtig", "realistic": "Realistisk", "optimistic": "Optimistisk"}
"""The paths ahead by the name in their statistic."""


def recruitment_of(trial: Trial) -> Recruitment:
    """The trial's recruitment analysis.

    Raises:
        NothingToShowError: it has none.
    """
    for spec in trial.analyses:
        if isinstance(spec, Recruitment):
            return spec
    raise NothingToShowError(f"{trial.id} has no recruitment", hint="add a `recruitment` analysis to trial.yml")


def recruitment(
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
    """Recruitment so far, the three paths ahead with the interval, and the milestone and needed number across."""
    spec = recruitment_of(trial)
    entry = ledger.measure(spec.measure)
    group = trial.groups.treated.id
    past = _by_project_week(ledger.select(measure=spec.measure, group=group, statistic="recruited"))
    ahead = {
        path: _by_project_week(ledger.select(measure=spec.measure, group=group, statistic=f"forecast_{path}"))
        for path in PATHS
    }
    future = _by_project_week(ledger.select(measure=spec.measure, group=group, statistic="forecast_interval"))
    facts = [(trial.facts[name], name) for name in (spec.milestone, spec.needed)]
    last = max(past)
    casework = trial.extracts.casework
    now, day_setting = trial.follow_up.last_day, setting("follow_up.last_day")
    if casework is not None and casework.last_day is not None:
        now, day_setting = casework.last_day, setting("extracts.casework.last_day")
    plan = RecruitmentPlan(
        label=entry.label,
        past=_line("indtil nu", "deltager", past, steps=ledger.tells_in_steps(spec.measure)),
        paths=tuple(
            _line(name.lower(), colour, {last: past[last], **ahead[path]})
            for (path, name), colour in zip(PATHS.items(), ("neutral", "navy", "series-3"), strict=True)
            if ahead[path]
        ),
        low=(shown(past[last]), *(interval(row)[0] for row in future.values())),
        high=(shown(past[last]), *(interval(row)[1] for row in future.values())),
        across=tuple(
            (name, with_origin(float(fact.value), fact_origin(fact_id)))
            for name, (fact, fact_id) in zip(("Milepæl", "Behov"), facts, strict=True)
            if isinstance(fact.value, int)
        ),
        days=(trial.period.first, now, now + timedelta(weeks=len(future))),
        end=derived("dag", [day_setting, *_ends(past, future)]),
    )
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{entry.label}: antal borgere indtil nu og tre fremskrivninger",
        sources=sources_of(ledger, [spec.measure]),
        notes=[
            f"Fremskrivningerne fører tempoet i de seneste {number_text(spec.latest)} uger videre; den forsigtige og "
            "den optimistiske bruger et tempo, som det sande tempo kun med ti procents sandsynlighed er lavere eller "
            "højere end",
            f"Feltet er et {confidence_name(trial.design.level)} for det antal, der bliver nået, hvis tempoet holder",
            gap_note([plan.past]),
            steps_note([plan.past]),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _by_project_week(rows: Sequence[Estimate]) -> dict[int, Estimate]:
    found = {int(row.time.removeprefix("projektuge")): row for row in rows if row.time.startswith("projektuge")}
    return dict(sorted(found.items()))


def _ends(past: dict[int, Estimate], future: dict[int, Estimate]) -> list[Origin]:
    """The last week so far and the last week ahead, as their rows name them."""
    return [Origin(rows[max(rows)].key, "time") for rows in (past, future) if rows]


def _line(name: str, colour: str, rows: dict[int, Estimate], *, steps: bool = False) -> Line:
    return Line(
        name=name,
        colour=colour,
        weeks=tuple(rows),
        values=tuple(shown(row) for row in rows.values()),
        hidden=(hidden := tuple(week for week, row in rows.items() if row.hidden)),
        steps=steps and bool(hidden),
    )
