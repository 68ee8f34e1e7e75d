"""A planned result that no chapter shows stops the report: printing it in the summary alone is not enough."""

from __future__ import annotations

import pytest
from made_up import Rows
from section_trial import MEASURES, section_trial

from reportlib.engine.accounting import PlannedResultNotShownError, check_planned
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.numbers.collect import collect
from reportlib.text.units import Unit

TRIAL = section_trial(
    planned={
        "primary": [
            {"measure": "i-job", "week": 35, "family": "job", "more": "flere i arbejde", "less": "færre i arbejde"}
        ]
    }
)
SUMMARY = "# Resume", '[5]{.tal key="i-job.forskel.uge35"} procentpoint'
CHAPTER = "# Effekter", '[5]{.tal key="i-job.forskel.uge35"} procentpoint'
OTHER = "# Metode", '[12 pct]{.tal key="i-job.deltager.uge35"}.'


def ledger(value: float | None = 5.0) -> Ledger:
    made = Rows(MEASURES)
    found: dict[str, float] = (
        {} if value is None else {"value": value, "n": 100, "ci_low": 1.0, "ci_high": 9.0, "p": 0.01}
    )
    made.builder.add(
        measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time="uge35",
        population="personer", **found,
    )  # fmt: skip
    return made.ledger()


def check(*lines: str, value: float | None = 5.0) -> None:
    check_planned(collect((line, str(number)) for number, line in enumerate(lines)), ledger(value), TRIAL)


@pytest.mark.parametrize("lines", [SUMMARY, (*SUMMARY, *CHAPTER), (*OTHER, *CHAPTER)])
def test_a_result_in_a_chapter_or_in_a_document_of_one_is_shown(lines: tuple[str, ...]) -> None:
    check(*lines)


@pytest.mark.parametrize("lines", [(*SUMMARY, *OTHER), OTHER, ("# Resume",)])
def test_a_result_in_the_summary_alone_or_nowhere_stops_the_report(lines: tuple[str, ...]) -> None:
    with pytest.raises(PlannedResultNotShownError, match="no chapter shows the planned result i-job.forskel.uge35"):
        check(*lines)


def test_a_hidden_result_cannot_be_shown() -> None:
    check(*OTHER, value=None)
