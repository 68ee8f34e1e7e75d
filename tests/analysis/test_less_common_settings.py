"""Settings that none of the five trials has, and what is left when nobody is there to count: worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from progress_trial import PERSONS, WEEKS_BEFORE, progress_data, progress_file, progress_trial
from small_trial import WEEKS, make_data, make_trial, person_measure
from test_compare_and_accounts import EVER, JOB, grown, many

from reportlib.analysis.context import EmptyPopulationError
from reportlib.analysis.cost_benefit import account_measure
from reportlib.analysis.measure_values import person_values
from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.ledger import Ledger
from reportlib.registers.data import TrialData
from reportlib.trial.model import Trial

GENDER = {"id": "koen", "label": "kønnet", "column": "koen", "values": {"k": "kvinderne", "m": "mændene"}}
WITH_GENDER = {
    "participants": {"file": "p.csv", "background": {"koen": "Køn"}},
    "weekly": {"job": {"file": "w.csv"}},
    "surveys": {"borgere": {"file": "b.csv", "respondents": "borgerne", "person": "p", "items": {"q": "Q"}}},
}


def digits(trial: Trial, data: TrialData) -> Ledger:
    return analyse_before_and_after_disclosure(trial, data)[0]


# Weeks


@pytest.mark.parametrize(("enough", "week", "share"), [(2, 9, 100.0), (3, 4, 25.0), (4, 4, 25.0), (5, None, None)])
def test_the_highest_level_is_of_a_week_with_enough_persons(enough: int, week: int | None, share: float | None) -> None:
    """Of four controls one works in week 4; both who are left in weeks 9 and 10 do. Of two alike the first is told."""
    job = np.zeros((8, WEEKS))
    job[2, 3] = 1
    job[[2, 3], 8:] = 1
    trial = make_trial(follow_up={"last_day": "2020-03-15", "weeks": WEEKS, "enough": enough})
    found = digits(trial, make_data(trial, job=job))
    if week is None:
        assert not {row.statistic for row in found} & {"maximum", "maximum_week"}
        return
    assert found["job.kontrol.maximum_week"].value == week
    assert (found["job.kontrol.maximum"].value, found["job.kontrol.maximum"].n) == (share, 2 if week == 9 else 4)
    assert found["job.deltager.maximum_week"].value == 1  # nobody works in any week


def test_a_week_in_which_a_group_has_nobody_has_no_difference() -> None:
    trial = make_trial()
    data = make_data(trial, job=np.tile([[0, 1] * 5], (8, 1)))
    followed = data.panel.followed.copy()
    followed[[2, 3, 6, 7], 7:] = False
    data = replace(data, panel=replace(data.panel, followed=followed))
    data.panel.recorded["job"][~followed] = np.nan
    found = digits(trial, data)
    told = [row.week for row in found.select(measure="job", group="forskel", statistic="difference")]
    assert told == list(range(1, 8))


def test_a_value_in_a_week_that_nobody_is_followed_to_is_not_known() -> None:
    measure = person_measure(kind="value_in_week", measure="job", week=10)
    late = {**measure, "id": "sent", "from": {**measure["from"], "week": 11}}
    follow_up = {"last_day": "2020-03-15", "weeks": 20, "enough": 2}  # longer than anybody can be followed
    trial = make_trial(measures=[JOB, measure, late], analyses=[], follow_up=follow_up)
    job = np.zeros((8, WEEKS))
    job[0, 9] = 1
    data = make_data(trial, job=job)
    assert person_values(trial.measures[1], data)[:2].tolist() == [1.0, 0.0]
    assert np.isnan(person_values(trial.measures[1], data)[6:]).all()
    assert np.isnan(person_values(trial.measures[2], data)).all()


def test_a_population_without_members_is_refused_by_name() -> None:
    nobody = {"id": "tidlige", "label": "de tidlige", "group": "deltager", "started_before": "2019-01-01"}
    measure = {**person_measure(kind="ever", of=["job"]), "population": "tidlige"}
    trial = make_trial(
        measures=[JOB, measure], populations=[nobody], analyses=[{"kind": "shares", "measures": ["maal"]}]
    )
    with pytest.raises(EmptyPopulationError, match="population tidlige of lille has no members"):
        digits(trial, make_data(trial))


# Subgroups


def by_gender(trial: Trial, women_of: Any, answers: list[Any] | None = None, without: int = 0) -> Ledger:
    """80 persons of whom every second is a woman, and `women_of(row)` says who has ever had a job."""
    _, job = many(10, lambda row: 3 if women_of(row) else 0)
    data = grown(trial, job, answers)
    data.persons["koen"] = ["k" if row % 2 == 0 else "m" for row in range(80)]
    if without:
        data.surveys["borgere"].loc[: without - 1, "row"] = -1
    return digits(trial, data)


def test_a_measure_of_persons_is_divided_like_one_of_a_week() -> None:
    """Rows 0, 1, 4 and 5 of eight are treated; of their women row 0 of eight works, of the men nobody."""
    trial = make_trial(
        measures=[JOB, EVER],
        analyses=[{"kind": "subgroups", "measure": "nogensinde", "by": [GENDER]}],
        extracts=WITH_GENDER,
    )
    found = by_gender(trial, lambda row: row % 8 == 0)
    women, men = (found[f"nogensinde.deltager.subgroup=koen:{value}"] for value in "km")
    assert (women.k, women.n, men.k, men.n) == (10, 20, 0, 20)
    assert found["nogensinde.forskel.subgroup=koen:k"].value == pytest.approx(50)
    assert found["nogensinde.deltager.subgroup=koen.contrast"].value == pytest.approx(50)
    assert found["nogensinde.forskel.subgroup=koen:k"].window == "hele opfølgningen"


@pytest.mark.parametrize(("men", "contrast"), [(1, False), (2, True)])
def test_one_person_is_no_subgroup_to_compare_with(men: int, contrast: bool) -> None:
    trial = make_trial(
        measures=[JOB, EVER],
        analyses=[{"kind": "subgroups", "measure": "nogensinde", "by": [GENDER]}],
        extracts=WITH_GENDER,
    )
    _, job = many(2, lambda row: row % 3)
    data = grown(trial, job)
    treated = [row for row in range(16) if row % 8 in (0, 1, 4, 5)]
    data.persons["koen"] = ["m" if row in treated[:men] or row in (2, 3) else "k" for row in range(16)]
    found = digits(trial, data)
    assert ("nogensinde.deltager.subgroup=koen.contrast" in found) is contrast
    assert "nogensinde.kontrol.subgroup=koen.contrast" in found


def test_answer_sheets_are_divided_by_who_gave_them() -> None:
    """Every fourth answers yes, all of them treated women; the first eight sheets (two yes) are of nobody known."""
    measure = person_measure(kind="survey_share", survey="borgere", item="q", answers=["ja"])
    trial = make_trial(
        measures=[JOB, {**measure, "clause": "svarer ja"}],
        analyses=[{"kind": "compare", "measures": ["maal"], "by": GENDER, "group": "deltager"}],
        extracts=WITH_GENDER,
    )
    answers = ["ja" if row % 4 == 0 else "nej" for row in range(80)]
    found = by_gender(trial, lambda row: False, answers, without=8)
    women, men = (found[f"maal.deltager.subgroup=koen:{value}"] for value in "km")
    assert (women.k, women.n, men.k, men.n) == (18, 18, 0, 18)


# Costs


def accounts(**changes: Any) -> Ledger:
    """Treated six weeks in job, controls two, of 40 each with some noise; 100 kr. made and 10 kr. spent a week."""
    common = {"measure": "job", "year": 2012, "level": "2012-priser", "source": "register", "unit": "uge"}
    trial = make_trial(
        measures=[JOB],
        analyses=[{"kind": "cost_benefit", "weeks": WEEKS, "parameters": "2013", **changes}],
        prices=[
            {**common, "id": "vaerdi", "kind": "production", "kr": 100},
            {**common, "id": "drift", "kr": 10, "paid_by": {"kommune": 1.0}},
        ],
    )
    noise = np.random.default_rng(1).integers(0, 2, 80)
    _, job = many(10, lambda row: (6 if row % 8 in (0, 1, 4, 5) else 2) + (noise[row] - noise[row - 2]))
    return digits(trial, grown(trial, job))


def ends(found: Ledger, name: str) -> tuple[float, ...]:
    return tuple(
        found[f"cost-benefit.forskel.subgroup={name}.{statistic}"].number
        for statistic in ("assumption_low", "assumption_high", "net_low", "net_high")
    )


def test_each_assumption_is_tried_at_both_ends_of_its_range() -> None:
    """Society's result is weeks * (factor * (100 - 10) - distortion * 10); the usual factor and distortion are 1.325
    and 0.2. Within one year nothing is discounted.
    """
    found = accounts(tax_distortion=[0.1, 0.3], net_tax_factor=[1.0, 1.5], discount_rate=[0.0, 0.06], price_range=0.5)
    weeks = found["job.forskel.total_units"]
    gain = weeks.number

    def net(made: float = 100, spent: float = 10, factor: float = 1.325, distortion: float = 0.2) -> float:
        return gain * (factor * (made - spent) - distortion * spent)

    assert ends(found, "tax_distortion") == pytest.approx((10, 30, net(distortion=0.1), net(distortion=0.3)))
    assert ends(found, "net_tax_factor") == pytest.approx((1.0, 1.5, net(factor=1.0), net(factor=1.5)))
    assert ends(found, "discount_rate") == pytest.approx((0, 6, net(), net()))
    assert ends(found, "price:vaerdi") == pytest.approx((50, 150, net(made=50), net(made=150)))
    assert ends(found, "price:drift") == pytest.approx((5, 15, net(spent=5), net(spent=15)))
    assert weeks.ci_low is not None and weeks.ci_high is not None
    low, high = (net() * end / gain for end in (weeks.ci_low, weeks.ci_high))
    assert ends(found, "quantity:job") == pytest.approx((weeks.ci_low, weeks.ci_high, low, high))


def test_the_sources_of_prices_are_told_each_once_in_the_order_of_the_prices() -> None:
    price = {"measure": "job", "year": 2012, "level": "2012-priser", "unit": "uge", "kr": 10, "kind": "production"}
    trial = make_trial(
        sources={name: {"text": text} for name, text in (("register", "Registret"), ("loen", "Lønstatistikken"))},
        prices=[
            {**price, "id": name, "source": source}
            for name, source in zip("abc", ("loen", "register", "loen"), strict=True)
        ],
    )
    assert account_measure(trial).source == "Lønstatistikken; Registret"


def test_what_no_range_is_given_for_is_not_tried() -> None:
    found = accounts()
    tried = {row.subgroup for row in found.select(measure="cost-benefit", statistic="net_low")}
    assert tried == {"price:vaerdi", "price:drift", "quantity:job"}
    assert ends(found, "price:vaerdi")[:2] == pytest.approx((75, 125))


# Recruitment and before and after


def recruited(until: str, **data: Any) -> Ledger:
    specs = [
        {**spec, "until": until} if spec["kind"] == "recruitment" else spec for spec in progress_file()["analyses"]
    ]
    trial = progress_trial(analyses=specs)
    return digits(trial, progress_data(trial, **data))


@pytest.mark.parametrize(("until", "forecast"), [("2021-03-06", False), ("2021-03-07", True)])
def test_there_is_a_forecast_from_one_whole_week_ahead_on(until: str, forecast: bool) -> None:
    """The extracts end on Sunday 28 February 2021."""
    found = recruited(until)
    assert ("begyndt.deltager.slut.forecast_realistic" in found) is forecast
    assert "begyndt.deltager.share_of_milestone" in found
    if forecast:
        assert found["begyndt.deltager.slut.forecast_realistic"].number == pytest.approx(9 + 9 / 8)


@pytest.mark.parametrize(("working", "needed"), [(12, []), (11, [5]), (10, [5, 10, 15]), (9, [5, 10, 15, 20])])
def test_a_rise_to_everybody_needs_no_persons(working: int, needed: list[int]) -> None:
    """Of twelve 11 are 91.7 per cent and 10 are 83.3: 8.3 and 16.7 points are left."""
    before = np.zeros((PERSONS, WEEKS_BEFORE))
    before[:working, -1] = 10.0
    found = recruited("2021-05-23", before=before)
    rises = [row.subgroup for row in found.select(measure="i-job-foer", statistic="needed")]
    assert rises == [f"stigning{rise}" for rise in needed]


def test_one_person_with_both_is_no_change_to_test() -> None:
    """A score that is asked for before and after is known of one person both times: no difference, and no error."""
    waits = {"id": "ventetid-igen", "label": "Igen", "unit": "days", "definition": "D.", "source": "register",
             "from": {"kind": "days_to_event", "events": ["slut"]}}  # fmt: skip
    trial = progress_trial(
        measures=[*progress_file()["measures"], waits],
        analyses=[
            {
                "kind": "before_after",
                "pairs": [{"before": "ventetid", "after": "ventetid-igen"}],
                "before_window": "før",
                "after_window": "efter",
            }
        ],
    )
    for both in (1, 3):
        data = progress_data(trial)
        assert data.casework is not None
        more = data.casework.iloc[:both].assign(kind="slut")
        data = replace(data, casework=data.casework._append(more).sort_values(["row", "start"]).reset_index(drop=True))
        found = digits(trial, data)
        assert ("ventetid-igen.forskel" in found) is (both > 1)
