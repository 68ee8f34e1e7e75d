"""From a trial's files to TrialData: the one way in for microdata."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reportlib.registers.casework import read_casework
from reportlib.registers.codebook import Codebook, load_codebook
from reportlib.registers.data import Panel, ReadFile, TrialData
from reportlib.registers.dream import DreamWeeks, read_dream
from reportlib.registers.errors import NoFollowUpError
from reportlib.registers.event_weeks import Calendar, make_calendar
from reportlib.registers.paid_hours import read_paid_hours
from reportlib.registers.participants import read_participants
from reportlib.registers.recorded_series import read_series, read_weekly
from reportlib.registers.survey import read_survey
from reportlib.text.units import Unit
from reportlib.trial.measures import Before, DreamShare, HoursPerWeek, RecordedWeekly
from reportlib.trial.model import Trial
from reportlib.trial.project import FILE_NAME
from reportlib.trial.references import measures_in


def read_trial(trial: Trial, folder: Path) -> TrialData:
    """Read and check every extract of `trial`; file names in trial.yml are relative to `folder`.

    Nothing is written, and nothing is returned unless all files are without faults.

    Raises:
        ExtractError: what is wrong with the first file that has faults, all its faults at once.
    """
    codebook = _codebook(trial, folder)
    if codebook is not None:
        _check_groups(trial, codebook)
    files: list[ReadFile] = []

    people, read = read_participants(trial, folder)
    files.append(read)
    before = people.frame["group"].isin([group.id for group in trial.groups.before]).to_numpy()
    calendar = make_calendar(people.mondays, trial.follow_up, before)
    if not calendar.covered.any():
        what = f"nobody is followed for a whole week before follow_up.last_day ({trial.follow_up.last_day})"
        raise NoFollowUpError(FILE_NAME, what)

    dream: DreamWeeks | None = None
    if trial.extracts.dream is not None and codebook is not None:
        dream, read = read_dream(trial.extracts.dream, folder, people, calendar, codebook)
        files.append(read)

    hours: npt.NDArray[np.float64] | None = None
    hours_before: npt.NDArray[np.float64] | None = None
    if trial.extracts.paid_hours is not None:
        spec = trial.extracts.paid_hours
        weeks_before = _weeks_of_hours_before(trial)
        without_pay = _weeks_in(spec.not_ordinary, dream, calendar, codebook, weeks_before)
        hours, read = read_paid_hours(spec, folder, people, calendar, without_pay, weeks_before)
        hours_before, hours = (hours[:, :weeks_before], hours[:, weeks_before:]) if weeks_before else (None, hours)
        files.append(read)

    recorded: dict[str, npt.NDArray[np.float64]] = {}
    for name, weekly in trial.extracts.weekly.items():
        recorded[name], read = read_weekly(weekly, folder, people, calendar.weeks, _units_of(name, trial))
        files.append(read)

    casework = None
    if trial.extracts.casework is not None:
        casework, read = read_casework(trial, folder, people)
        files.append(read)

    surveys = {}
    for name, survey in trial.extracts.surveys.items():
        surveys[name], read = read_survey(name, survey, trial, folder, people)
        files.append(read)

    series = {}
    for name, monthly in trial.extracts.series.items():
        series[name], read = read_series(monthly, trial, folder)
        files.append(read)

    panel = replace(build_panel(calendar, dream, hours, recorded), hours_before=hours_before)
    persons = people.frame.assign(weeks_followed=panel.followed.sum(axis=1))
    return TrialData(trial, persons, panel, codebook, casework, surveys, tuple(files), series, people.rows)


def _units_of(weekly: str, trial: Trial) -> set[Unit]:
    """The units of the measures made of a weekly extract."""
    made = [(measure, measure.computed) for measure in trial.measures]
    return {measure.unit for measure, one in made if isinstance(one, RecordedWeekly) and one.extract == weekly}


def build_panel(
    calendar: Calendar,
    dream: DreamWeeks | None,
    hours: npt.NDArray[np.float64] | None,
    recorded: dict[str, npt.NDArray[np.float64]],
) -> Panel:
    """Put the sources together: one `followed` for all, and nothing known outside it.

    A person is followed in the weeks covered, up to a censoring code in DREAM. Where weekly outcomes are all there
    is, a person is followed up to the last week in which any of them is recorded.
    """
    followed = dream.followed if dream is not None else calendar.followed
    if recorded and dream is None and hours is None:
        any_value = np.logical_or.reduce([~np.isnan(values) for values in recorded.values()])
        followed = followed & np.logical_or.accumulate(any_value[:, ::-1], axis=1)[:, ::-1]
    return Panel(
        followed=followed,
        dream=dream.codes if dream is not None else None,
        dream_before=dream.before if dream is not None else None,
        hours=np.where(followed, hours, np.nan) if hours is not None else None,
        recorded={name: np.where(followed, values, np.nan) for name, values in recorded.items()},
    )


def _codebook(trial: Trial, folder: Path) -> Codebook | None:
    dream = trial.extracts.dream
    if dream is None:
        return None
    return load_codebook(folder / dream.codebook if dream.codebook else None)


def _check_groups(trial: Trial, codebook: Codebook) -> None:
    """Every group of codes that trial.yml names is in the code book."""
    for measure in trial.measures:
        if isinstance(measure.computed, DreamShare):
            codebook.check_groups(measure.computed.groups, place=f"{FILE_NAME}, measure {measure.id}")
    if (hours := trial.extracts.paid_hours) is not None:
        codebook.check_groups(hours.not_ordinary, place=f"{FILE_NAME}, extracts.paid_hours.not_ordinary")


def _weeks_of_hours_before(trial: Trial) -> int:
    """Weeks before entry whose paid hours a measure looks at: a year, or all of follow_up.weeks_before; 0 for none."""
    most = trial.follow_up.weeks_before
    windows = [
        min(measure.computed.weeks or most, most)
        for measure in trial.measures
        if isinstance(measure.computed, Before) and any(_of_hours(trial, part) for part in measure.computed.of)
    ]
    return max(windows, default=0)


def _of_hours(trial: Trial, measure: str) -> bool:
    """True when the panel measure is made of paid hours, itself or through others."""
    computed = trial.measure_by_id[measure].computed
    return isinstance(computed, HoursPerWeek) or any(_of_hours(trial, part) for part in measures_in(computed))


def _weeks_in(
    groups: tuple[str, ...],
    dream: DreamWeeks | None,
    calendar: Calendar,
    codebook: Codebook | None,
    weeks_before: int = 0,
) -> npt.NDArray[np.bool_] | None:
    """(n, weeks_before + weeks) whether the person is in one of the DREAM groups in the week; None without groups."""
    if not groups or dream is None or codebook is None:
        return None
    inside = codebook.in_groups(dream.codes, calendar.mondays, groups)
    if not weeks_before:
        return inside
    earlier = codebook.in_groups(dream.before[:, -weeks_before:], calendar.mondays_before[:, -weeks_before:], groups)
    return np.hstack([earlier, inside])
