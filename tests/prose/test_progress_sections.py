"""Where the data say the opposite, the sentences about progress say the opposite."""

from __future__ import annotations

import numpy as np
import pytest
from progress_trial import PERSONS, WEEKS, WEEKS_BEFORE, progress_data, progress_trial

from reportlib.analysis.run import analyse
from reportlib.ledger import Ledger
from reportlib.prose import progress
from reportlib.trial.analyses import Recruitment
from reportlib.trial.model import Trial, analysis_of


def made(facts: dict[str, int] | None, **data: object) -> tuple[Ledger, Trial]:
    changes = {}
    if facts:
        changes["facts"] = {
            name: {"value": value, "unit": "count", "label": name, "source": "register"}
            for name, value in facts.items()
        }
    trial = progress_trial(**changes)
    return analyse(trial, progress_data(trial, **data)), trial  # type: ignore[arg-type]


def told(section: str, *args: str, facts: dict[str, int] | None = None, **data: object) -> str:
    ledger, trial = made(facts, **data)
    text: str = getattr(progress, section)(ledger, trial, *args, site=None)
    return text.replace("\u00a0", " ")


def test_more_after_than_before_is_told_with_the_caution() -> None:
    text = told("before_after", "i-job")
    assert "flere, og forskellen er sikker" in text
    assert "kan også skyldes andre forhold" in text


def test_fewer_after_than_before_is_told_as_fewer() -> None:
    before, after = np.zeros((PERSONS, WEEKS_BEFORE)), np.zeros((PERSONS, WEEKS))
    before[:9, -1] = after[:3, 0] = 10.0
    assert "færre" in told("before_after", "i-job", before=before, after=after)


def test_nobody_says_effect_of_a_before_after_design() -> None:
    assert "effekt" not in told("before_after", "i-job").lower()


def test_milestone_missed_and_reached() -> None:
    assert "ikke nået" in told("recruitment", facts={"plan": 20, "behov": 15})
    assert "den er nået" in told("recruitment", facts={"plan": 9, "behov": 15})


@pytest.mark.parametrize(
    ("needed", "wording"),
    [(500, "Ingen af de tre"), (10, "Alle tre fremskrivninger"), (22, "den forsigtige gør det ikke")],
)
def test_paths_are_named_by_whether_they_reach_the_needed_number(needed: int, wording: str) -> None:
    assert wording in told("forecast", facts={"plan": 20, "behov": needed})


@pytest.mark.parametrize(("needed", "says"), [(500, "Ingen af de tre"), (10, "Alle tre"), (22, "To af tre")])
def test_the_title_counts_the_paths_that_reach_the_needed_number(needed: int, says: str) -> None:
    ledger, trial = made({"plan": 20, "behov": needed})
    title = progress.reaching_title(ledger, trial, analysis_of(trial, Recruitment))
    assert title == f"{says} fremskrivninger når behovet"


def test_scores_that_rise_and_fall_are_told_so() -> None:
    falling = [(row, at, 9.0 - at - row % 2 * at / 2) for row in range(8) for at in (1, 2)]
    assert "steget med" in told("first_to_last", "score")
    text = told("first_to_last", "score", sheets=falling)
    assert "faldet med" in text
    assert "Flere er gået tilbage end frem" in text


def test_a_few_more_who_rose_are_not_told_as_more() -> None:
    few_more = [(row, at, 5.0 + (at == 2) * (1 if row < 5 else -1)) for row in range(8) for at in (1, 2)]
    text = told("first_to_last", "score", sheets=few_more)
    assert "Det er gået frem for" in text
    assert "så forskellen kan være tilfældig" in text
    assert "Flere er gået" not in text


def test_scores_that_do_not_move_are_told_as_not_significant() -> None:
    noise = [(row, at, 5.0 + (at == 2) * (1 if row % 2 else -1)) for row in range(8) for at in (1, 2)]
    text = told("first_to_last", "score", sheets=noise)
    assert "men udviklingen er ikke sikker" in text
    assert "Lige mange er gået frem og tilbage" in text


def test_where_nobody_moves_nothing_is_unsure() -> None:
    text = told("first_to_last", "score", sheets=[(row, at, 5.0) for row in range(8) for at in (1, 2)])
    assert text.strip().endswith(
        "i gennemsnit uændret fra den første til den seneste måling. Ingen er gået frem eller tilbage."
    )


def test_shrinking_group_is_told_with_both_ends() -> None:
    text = told("shrinking", "runde")
    assert "Af de 12 borgere, der har udfyldt mindst én måling, har 12 den første og 5 den sidste." in text
