"""What goes wrong in an analysis names the analysis; a trial of one place needs no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_trial import make_data, make_trial, person_measure, trial_file

from reportlib.analysis.balance_rows import TooManyValuesError, background_columns
from reportlib.analysis.measure_values import NotANumberError
from reportlib.analysis.run import analyse
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger

JOB = np.tile([[0, 1, 1, 0, 1, 1, 0, 1]], (10, 1)).T


def ledger(persons: dict[str, Any] | None = None, **changes: Any) -> Ledger:
    trial = make_trial(**changes)
    data = make_data(trial, job=JOB)
    return analyse(trial, replace(data, persons=data.persons.assign(**(persons or {}))))


def test_an_error_names_the_analysis_it_came_from() -> None:
    with pytest.raises(ReportlibError, match=r"^trial\.yml, analysis 2 \(balance\): "):
        ledger(
            {"alder": [float("nan")] * 7 + [30.0]},
            analyses=[{"kind": "weekly", "measures": ["job"]}, {"kind": "balance", "columns": ["alder"]}],
        )


def test_a_trial_of_one_place_has_no_differences_within_and_between_places() -> None:
    found = ledger(
        {"site": "Nord"},
        sites={"names": ["Nord"]},
        disclosure={"threshold": 3},
        analyses=[{"kind": "weekly", "measures": ["job"]}, {"kind": "at_week", "measures": ["job"], "week": 3}],
    )
    assert not {row.statistic for row in found} & {"stratified", "clustered"}


def test_a_background_column_of_ids_is_not_spread_over_the_ledger() -> None:
    persons = pd.DataFrame({"alder": [f"id{row}" for row in range(16)]})
    with pytest.raises(TooManyValuesError, match="alder has 16 different texts among 16 persons"):
        background_columns(persons, ("alder",))


@pytest.mark.parametrize(("values", "persons"), [(10, 11), (12, 60)])
def test_ten_values_or_one_for_every_five_persons_are_no_ids(values: int, persons: int) -> None:
    few = pd.DataFrame({"by": [f"by {row % values}" for row in range(persons)]})
    assert len(background_columns(few, ("by",))) == values
    with pytest.raises(TooManyValuesError):
        background_columns(few.assign(by=[f"by {row % (values + 1)}" for row in range(persons)]), ("by",))


def test_the_number_of_a_column_of_texts_is_refused() -> None:
    measure = {**person_measure(kind="background", column="alder"), "unit": "years"}
    with pytest.raises(NotANumberError, match="holds texts"):
        ledger({"alder": list("abcdefgh")}, measures=[measure], analyses=[{"kind": "shares", "measures": ["maal"]}])


def test_a_last_site_that_nobody_came_from_has_no_numbers() -> None:
    found = ledger(
        sites={"names": ["Nord", "Syd", "Vest"]},
        measures=[*trial_file()["measures"], person_measure(kind="ever", of=["job"], weeks=4)],
        analyses=[{"kind": "shares", "measures": ["maal"], "by_site": True}],
    )
    assert {row.site for row in found if row.measure == "maal"} >= {"Nord", "Syd"}
    assert not any(row.site == "Vest" and row.value for row in found)
