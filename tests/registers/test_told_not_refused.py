"""What may be right and may be wrong: the numbers stay, and the summary of the extract says what to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from four_persons import SmallTrial

from reportlib.registers.errors import AmbiguousDateError
from reportlib.registers.spelling import nearly


def notes(trial: SmallTrial) -> list[str]:
    return [str(note) for read in trial.read().files for note in read.notes]


def told(trial: SmallTrial, words: str) -> bool:
    return any(words in note for note in notes(trial))


def test_a_clean_trial_has_nothing_to_be_told(clean: SmallTrial) -> None:
    assert notes(clean) == []


def _times(factor: float) -> Callable[[SmallTrial], None]:
    def change(trial: SmallTrial) -> None:
        hours = trial.hours["loentimer"].str.replace(",", ".").astype(float) * factor
        trial.hours["loentimer"] = hours.map("{:.2f}".format).str.replace(".", ",")

    return change


def _dead_before_entry(trial: SmallTrial) -> None:
    trial.dream.loc[3, "y_1639"] = "999"


def _first_month_lost(trial: SmallTrial) -> None:
    first = trial.hours["maaned"] == "2016-10"
    trial.hours = trial.hours[~first | (trial.hours.index % 40 == 0)]


def _first_weeks_lost(trial: SmallTrial) -> None:
    trial.dream.loc[3:, [f"y_{week}" for week in range(1630, 1636)]] = ""


def _plural(trial: SmallTrial) -> None:
    talks = trial.casework.index[trial.casework["haendelse"] == "samtale"]
    trial.casework.loc[talks[::9], "haendelse"] = "samtaler"


def _months_as_days(trial: SmallTrial) -> None:
    trial.participants["visitationsdato"] = np.resize(["2016-10-01", "2016-11-01", "2016-12-01"], 80)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_times(12 / 52), "as few as those of a week"),
        (_times(3), "more than full time"),
        (_dead_before_entry, "before they enter: they are followed (1 persons)"),
        (_first_month_lost, "hardly any paid hours in 2016-10, and plenty after"),
        (_first_weeks_lost, "hardly any codes in 2016-W32 to 2016-W35, and plenty after"),
        (_plural, "written almost as 'samtale'"),
        (_months_as_days, "every entry is on the first of a month"),
    ],
)
def test_what_may_be_wrong_is_told(clean: SmallTrial, change: Callable[[SmallTrial], None], words: str) -> None:
    change(clean)
    assert told(clean, words)


@pytest.mark.parametrize(("answer", "expected"), [("8", True), ("7", False)])
def test_an_eight_above_the_answers_may_mean_do_not_know(clean: SmallTrial, answer: str, expected: bool) -> None:
    clean.spec["measures"] = [one for one in clean.spec["measures"] if one["from"]["kind"] != "survey_mean"]
    clean.measure(kind="survey_share", survey="borgere", item="mening", answers=[4, 5])
    clean.spec["analyses"] = []
    clean.citizens.loc[:4, "mening"] = answer
    assert told(clean, "does it mean 'do not know'") is expected


def _quarter(trial: SmallTrial) -> dict[str, Any]:
    """Needs W05 to W11 of one year, which twelve months cover by their names."""
    trial.without("paid_hours", "casework", "surveys")
    trial.participants["visitationsdato"] = "2016-02-29"
    trial.spec["period"] = {"first": "2016-01-01", "last": "2016-12-31"}
    trial.spec["follow_up"] = {"last_day": "2016-03-20", "weeks": 3, "weeks_before": 4}
    return {f"{number:02d}": "730" for number in range(1, 13)}


def test_columns_of_months_are_not_taken_for_weeks(small: SmallTrial) -> None:
    cells = _quarter(small)
    small.dream = pd.DataFrame({"PNR": small.participants["person"], **{f"y_16{n}": c for n, c in cells.items()}})
    with pytest.raises(AmbiguousDateError, match="are they weeks, or months"):
        small.read()
    small.dream.columns = [name.replace("y_16", "y_16W") for name in small.dream.columns]
    small.spec["extracts"]["dream"]["weeks"] = "y_{YY}W{WW}"
    assert small.read().panel.weeks == 3


def test_a_part_of_numbers_and_a_part_of_texts_are_one_column(clean: SmallTrial) -> None:
    """1.5 of the one is one and a half, and so is 1,5 of the other; 104.25 is not more than ten thousand."""
    whole = clean.read().panel.hours
    clean.spec["extracts"]["paid_hours"]["file"] = "timer"
    (clean.folder / "timer").mkdir()
    early = clean.hours["maaned"] < "2016-11"
    typed = clean.hours[early].assign(loentimer=clean.hours["loentimer"].str.replace(",", ".").astype(float))
    typed.to_parquet(clean.folder / "timer" / "a.parquet", index=False)
    clean.hours[~early].to_csv(clean.folder / "timer" / "b.csv", sep=";", index=False)
    assert whole is not None
    np.testing.assert_array_equal(clean.read().panel.hours, whole)


def test_places_in_other_case_are_one_place(small: SmallTrial) -> None:
    small.casework["sted"] = ["Bageriet ", "BAGERIET"]
    events = small.read().casework
    assert events is not None
    assert events["place"].nunique() == 1


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("samtaler", True),  # an ending
        ("smatale", True),  # two letters changed about
        ("samtle", True),  # a letter less
        ("samtqle", True),
        ("samtale2", False),  # another kind
        ("Samtale", False),  # the same
        ("telefonsamtale", False),
        ("omtale", False),
    ],
)
def test_a_slip_is_told_from_another_word(text: str, near: bool) -> None:
    assert bool(nearly(["samtale"], [text])) is near
