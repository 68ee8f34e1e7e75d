"""Before and after, recruitment and repeated measurements, counted by hand on twelve persons."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from progress_trial import PERSONS, WEEKS, WEEKS_BEFORE, progress_data, progress_trial
from pydantic import ValidationError

from reportlib.analysis.before_after_rows import RepeatedSurveyError
from reportlib.analysis.measure_values import NothingBeforeError, person_values, weeks_before
from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.ledger import Ledger


def ledger(**data: object) -> Ledger:
    """With all its digits."""
    trial = progress_trial()
    return analyse_before_and_after_disclosure(trial, progress_data(trial, **data))[0]  # type: ignore[arg-type]


def test_before_counts_only_the_weeks_asked_for() -> None:
    trial = progress_trial()
    hours = np.zeros((PERSONS, WEEKS_BEFORE))
    hours[0, 0] = hours[1, -6] = hours[2, -1] = 5.0
    data = progress_data(trial, before=hours)
    assert person_values(trial.measure_by_id["i-job-foer"], data)[:3].tolist() == [0.0, 1.0, 1.0]


def test_hours_a_month_before_average_all_weeks_also_those_without() -> None:
    trial = progress_trial()
    hours = np.zeros((PERSONS, WEEKS_BEFORE))
    hours[0, :5] = 6.0
    found = person_values(trial.measure_by_id["timer-foer"], progress_data(trial, before=hours))
    assert found[0] == pytest.approx(3.0 * 52 / 12)


def test_weeks_before_a_day_do_not_count_with_since() -> None:
    trial = progress_trial()
    earlier = weeks_before(progress_data(trial), since=date(2020, 12, 28), who="m")
    assert earlier.panel.followed[0].tolist() == [False] * (WEEKS_BEFORE - 1) + [True]


def test_measure_of_weeks_before_without_any_is_refused() -> None:
    trial = progress_trial()
    data = progress_data(trial, before=np.zeros((PERSONS, 0)))
    with pytest.raises(NothingBeforeError, match="m looks at the weeks before entry"):
        weeks_before(data, who="m")


def test_hours_rose_and_fell_from_first_to_last_week_with_hours() -> None:
    trial = progress_trial()
    hours = np.zeros((PERSONS, WEEKS))
    hours[0, [1, 6]] = [5, 9]
    hours[1, [1, 6]] = [9, 5]
    hours[2, [1, 6]] = [7, 7]
    data = progress_data(trial, after=hours)
    rose, fell = (person_values(trial.measure_by_id[way], data) for way in ("gaaet-op", "gaaet-ned"))
    assert rose[:3].tolist() == [1.0, 0.0, 0.0]
    assert fell[:3].tolist() == [0.0, 1.0, 0.0]
    assert np.isnan(rose[3])


def test_days_to_the_first_event_and_nothing_without_one() -> None:
    trial = progress_trial()
    days = person_values(trial.measure_by_id["ventetid"], progress_data(trial, starts={4: 9}))
    assert days[4] == 9
    assert np.isnan(days[0])


def test_change_in_shares_is_the_discordant_pairs() -> None:
    found = ledger()
    assert (found["i-job.foer"].k, found["i-job.efter"].k) == (3, 9)
    assert found["i-job.forskel"].value == pytest.approx(50.0)
    assert found["i-job.forskel"].ci_low > 0


def test_change_flips_with_the_data() -> None:
    before, after = np.zeros((PERSONS, WEEKS_BEFORE)), np.zeros((PERSONS, WEEKS))
    before[:9, -1] = after[:3, 0] = 10.0
    assert ledger(before=before, after=after)["i-job.forskel"].value == pytest.approx(-50.0)


def test_change_in_means_is_paired() -> None:
    found = ledger()["timer.forskel"]
    assert found.method == "paired t"
    assert found.value == pytest.approx((9 * 13.0 / 2 - 3 * 10.0 * 2 / 10) / 12 * 52 / 12)


def test_recruitment_counts_up_week_by_week_and_holds_it_against_the_milestone() -> None:
    found = ledger(starts=dict.fromkeys(range(4), 6) | dict.fromkeys(range(4, 9), 48))
    assert found["begyndt.deltager.projektuge8.recruited"].value == 9
    assert found["begyndt.deltager.projektuge7.recruited"].value == 9
    assert found["begyndt.deltager.projektuge6.recruited"].value == 4
    assert (found["begyndt.deltager.share_of_milestone"].k, found["begyndt.deltager.share_of_milestone"].n) == (9, 20)


def test_forecast_carries_the_pace_on() -> None:
    found = ledger()
    cautious, realistic, optimistic = (
        found[f"begyndt.deltager.slut.forecast_{path}"].number for path in ("cautious", "realistic", "optimistic")
    )
    assert realistic == pytest.approx(9 + 12 * 9 / 8)  # twelve whole weeks to 23 May
    assert cautious < realistic < optimistic


def test_measurements_shrink_and_the_panel_stays() -> None:
    found = ledger()
    assert [found[f"runde.maal.maaling{at}"].value for at in (1, 2, 3)] == [12, 8, 5]
    assert [found[f"runde.maal.maaling{at}.last_reached"].value for at in (1, 2, 3)] == [4, 3, 5]
    assert [found[f"score.maal.maaling{at}.panel_mean"].n for at in (1, 2, 3)] == [5, 5, 5]
    assert [found[f"score.maal.maaling{at}"].n for at in (1, 2, 3)] == [12, 8, 5]


def test_everybody_with_two_measurements_is_counted_up_down_or_neither() -> None:
    found = ledger()
    assert (
        found["score.maal.subgroup=mindst-to.share_rose"].k,
        found["score.maal.subgroup=mindst-to.share_rose"].n,
    ) == (8, 8)
    assert found["score.maal.subgroup=mindst-to.share_fell"].k == 0
    assert found["score.maal.subgroup=mindst-to.change"].value == pytest.approx((5 * 2 + 3 * 1) / 8)


def test_person_without_the_first_measurement_goes_from_the_second() -> None:
    sheets = [(row, at, 5.0 + at) for row in range(6) for at in (2, 3)]
    found = ledger(sheets=sheets)
    assert found["runde.maal.without_first"].value == 6
    assert found["score.maal.subgroup=mindst-to.share_rose"].k == 6


def test_two_sheets_with_one_number_are_refused() -> None:
    with pytest.raises(RepeatedSurveyError, match=r"m\.csv: a person has two sheets with one number, 1"):
        ledger(sheets=[(0, 1, 5.0), (0, 1, 6.0)])


def test_fewer_items_than_wanted_cannot_be_asked_for() -> None:
    computed = {"kind": "survey_at_least", "survey": "maal", "items": ["score"], "answers": [1], "at_least": 2}
    entry = {"id": "m", "label": "M", "unit": "pct", "definition": "M.", "source": "register", "from": computed}
    with pytest.raises(ValidationError, match="at least 2 of 1 items cannot be reached"):
        progress_trial(measures=[entry], analyses=[])
