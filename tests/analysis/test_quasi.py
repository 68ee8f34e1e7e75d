"""Time to an event, states before entry, requirements and monthly areas, counted by hand on eight persons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_trial import WEEKS, make_data, make_trial, person_measure

from reportlib.analysis.context import Context
from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.measure_values import person_values
from reportlib.analysis.run import catalogue
from reportlib.analysis.series_rows import NoSuchMonthError, run_series
from reportlib.analysis.survival_rows import episodes, run_survival
from reportlib.registers.data import TrialData

STATE = {
    "id": "ledig",
    "label": "Ledig",
    "unit": "pct",
    "definition": "Ledig",
    "source": "register",
    "from": {"kind": "weekly", "extract": "ledig"},
}
JOB = {**STATE, "id": "job", "from": {"kind": "weekly", "extract": "job"}}


def at_risk(paths: list[str], **how: Any) -> pd.DataFrame:
    """Episodes of persons whose weeks are written L (in the state), J (the event's state) or - (anything else)."""
    timed = {**STATE, "id": "tid", "from": {"kind": "time_to", "state": "ledig", "event": "job", **how}}
    trial = make_trial(
        measures=[STATE, JOB, timed],
        analyses=[],
        extracts={
            "participants": {"file": "p.csv"},
            "weekly": {"job": {"file": "w.csv"}, "ledig": {"file": "l.csv"}},
        },
    )
    data = make_data(trial)
    weeks = [list(path.ljust(WEEKS, "-")) for path in [*paths, *["-"] * (8 - len(paths))]]
    recorded = {
        name: np.where(data.panel.followed, np.array([[cell == sign for cell in row] for row in weeks]), np.nan)
        for name, sign in (("ledig", "L"), ("job", "J"))
    }
    data = replace(data, panel=replace(data.panel, recorded=recorded))
    return episodes(trial.measures[2], context_of(data))


def context_of(data: TrialData) -> Context:
    return Context(trial=data.trial, data=data, ledger=LedgerBuilder(catalogue(data.trial), level=0.05))


def test_the_event_is_the_week_after_the_state() -> None:
    found = at_risk(["LLLJ"])
    assert found[["stop", "event"]].values.tolist() == [[3, 1]]


def test_leaving_for_something_else_ends_the_watching_without_the_event() -> None:
    assert at_risk(["LL-J"])[["stop", "event"]].values.tolist() == [[2, 0]]


def test_a_state_that_lasts_to_the_end_is_censored_there() -> None:
    assert at_risk(["L" * WEEKS])[["stop", "event"]].values.tolist() == [[WEEKS, 0]]


def test_a_person_who_never_is_in_the_state_is_not_at_risk() -> None:
    assert at_risk(["L", "JJJ"])["row"].tolist() == [0]


def test_the_clock_can_start_at_the_first_week_in_the_state() -> None:
    found = at_risk(["--LLJ", "LJ"], begins="first")
    assert found["stop"].tolist() == [2, 1]
    assert at_risk(["--LLJ", "LJ"])["row"].tolist() == [1]


def met(*kinds: str, **computed: Any) -> float:
    trial = make_trial(measures=[person_measure(**computed)], analyses=[])
    data = make_data(trial, events=[(0, kind, 1, None, "") for kind in kinds])
    return float(person_values(trial.measures[0], data)[0])


def test_all_requirements_are_met_when_every_kind_is_registered() -> None:
    assert met("a", "b", kind="events_all", events=["a", "b"]) == 1
    assert met("a", "a", kind="events_all", events=["a", "b"]) == 0


def test_requirements_met_are_counted_by_kind_and_not_by_registration() -> None:
    assert met("a", "a", "c", kind="events_met", events=["a", "b", "c", "d"]) == 50


def test_requirements_met_are_no_share_of_persons() -> None:
    trial = make_trial(measures=[person_measure(kind="events_met", events=["a"])], analyses=[])
    assert not trial.measures[0].is_binary


def unbroken(before: list[int], **how: Any) -> float:
    """Weeks of code 740 without a break before week 1, for the first person; the rest have none."""
    state = {**STATE, "from": {"kind": "dream", "groups": ["ledighedsydelse"]}}
    trial = make_trial(
        measures=[state, person_measure(kind="unbroken_before", measure="ledig", **how)],
        analyses=[],
        extracts={"participants": {"file": "p.csv"}, "dream": {"file": "d.csv"}},
    )
    from reportlib.registers.codebook import load_codebook

    data = make_data(trial)
    codes = np.zeros((8, len(before)), dtype=np.int32)
    codes[0] = before
    panel = replace(data.panel, dream=np.zeros((8, WEEKS), dtype=np.int32), dream_before=codes)
    return float(person_values(trial.measures[1], replace(data, panel=panel, codebook=load_codebook(None)))[0])


@pytest.mark.parametrize(
    ("before", "weeks"),
    [([740, 0, 740, 740], 2), ([740, 740, 740, 740], 4), ([740, 740, 740, 0], 0)],
    ids=["after a break", "all weeks", "not at entry"],
)
def test_a_state_is_counted_back_from_entry_to_its_first_break(before: list[int], weeks: int) -> None:
    assert unbroken(before) == weeks


def test_a_state_begun_in_the_week_of_the_day_began_since_it() -> None:
    # Entry is 6 January 2020; two weeks earlier is the week that begins on 23 December.
    assert unbroken([0, 0, 740, 740], since="2019-12-29") == 1
    assert unbroken([0, 0, 740, 740], since="2019-12-30") == 0
    assert unbroken([0, 0, 740, 740], since="2019-12-30", opposite=True) == 1


def monthly(first: str = "2020-02-01", last: str = "2020-03-01", **more: str) -> Context:
    share = {**STATE, "id": "andel", "from": {"kind": "monthly", "extract": "m"}}
    trial = make_trial(
        measures=[share],
        analyses=[{"kind": "series", "measures": ["andel"], "first": first, "last": last, **more}],
        sites={"names": ["Nord", "Syd"], "elsewhere": ["Øst"]},
        extracts={"participants": {"file": "p.csv"}, "series": {"m": {"file": "m.csv"}}},
    )
    rows = [
        (month, area, count, 100.0)
        for month, counts in (("2020-01", (10, 30, 25)), ("2020-02", (20, 20, 40)), ("2020-03", (30, 20, 10)))
        for area, count in zip(("Nord", "Syd", "Øst"), counts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["month", "area", "count", "base"])
    context = context_of(replace(make_data(trial), series={"m": frame}))
    run_series(trial.analyses[0], context)
    return context


def test_areas_are_summed_before_they_are_divided() -> None:
    found = monthly()
    assert found.ledger["andel.deltager.2020-02.monthly"].value == 20
    assert found.ledger["andel.alle.2020-02.monthly"].value == pytest.approx(80 / 3)


def test_a_monthly_number_says_which_places_it_is_about() -> None:
    found = monthly()
    many = found.trial.sites.noun.many
    told = {"deltager": "de deltagende", "alle": "alle", "forskel": "deltagende og øvrige"}
    rows = [found.ledger[f"andel.{group}.2020-02.monthly"] for group in told]
    assert [row.population for row in rows] == [f"{which} {many}" for which in told.values()]


def test_the_range_of_the_difference_is_that_of_the_window() -> None:
    found = monthly()
    assert [found.ledger[f"andel.forskel.{end}"].value for end in ("minimum", "maximum")] == [-20, 15]


def test_a_window_outside_the_series_is_refused() -> None:
    with pytest.raises(NoSuchMonthError):
        monthly(last="2020-04-01")


def test_a_point_of_a_curve_waits_until_enough_have_left() -> None:
    """Two leave in week 1, three in week 2: no point after week 1, one after week 2 that rests on five."""
    timed = {**STATE, "id": "tid", "from": {"kind": "time_to", "state": "ledig", "event": "job"}}
    trial = make_trial(
        measures=[STATE, JOB, timed],
        analyses=[{"kind": "survival", "measures": ["tid"], "weeks": 4}],
        extracts={
            "participants": {"file": "p.csv"},
            "weekly": {"job": {"file": "w.csv"}, "ledig": {"file": "l.csv"}},
        },
    )
    data = make_data(trial)
    paths = ["LJ", "LJ", "LLJ", "LLJ", "LLJ", "LLLLLLLL", "LLLLLLLL", "LLLLLLLL"]
    cells = np.array([list(path.ljust(WEEKS, "J" if "J" in path else "L")) for path in paths])
    everybody = np.ones((8, WEEKS), dtype=bool)
    recorded = {"ledig": (cells == "L").astype(float), "job": (cells == "J").astype(float)}
    persons = data.persons.assign(group="deltager")
    data = replace(data, persons=persons, panel=replace(data.panel, followed=everybody, recorded=recorded))
    context = context_of(data)
    run_survival(trial.analyses[0], context)
    assert "tid.deltager.uge1.survival" not in context.ledger
    assert context.ledger["tid.deltager.uge2.survival"].value == pytest.approx(100 * 3 / 8)
    assert context.ledger["tid.deltager.uge2.survival"].k == 5


def test_a_change_from_a_month_outside_the_series_is_refused() -> None:
    assert monthly(change_from="2020-02-01").ledger
    with pytest.raises(NoSuchMonthError, match="the series of andel has no month 2019-12") as caught:
        monthly(change_from="2019-12-01")
    assert "order more of the series" in str(caught.value.hint)
