"""What every section of the five documents says where the numbers or the trial are not as they are: as last read.

The ledger of each trial is made odd in six ways and the trial in two, and each section that the trial's document asks
for is written of it, for the whole trial and for its first municipality. Kept are the sentences, without their numbers,
that the real ledger does not give; and of each a mark of all its words with their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

import pytest
from odd_ledgers import ODD, TRIALS, calls
from sentences import HOW, kept_beside, kept_of
from whole_ledgers import ROOT, ledgers

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.marks import unmarked
from reportlib.text.units import null_value
from reportlib.trial.design import Kind
from reportlib.trial.model import Trial

_NUMBER = re.compile(r"−?\d[\d.,]*")
_SENTENCE_ENDS = re.compile(r"(?<=[.:])\s+(?=[A-ZÆØÅ*-])|\n+")


def touching(row: Estimate) -> Estimate:
    """Every interval of a difference ends where there is none."""
    if row.group != DIFFERENCE or row.value is None or row.ci_low is None or row.ci_high is None:
        return row
    none, p = null_value(row.unit), None if row.p is None else 0.05
    return replace(row, ci_low=none, p=p) if row.value > none else replace(row, ci_high=none, p=p)


def alike(row: Estimate) -> Estimate:
    """No difference at all, and every share a half."""
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return row
    if row.group == DIFFERENCE:
        none = null_value(row.unit)
        return replace(row, value=none, ci_low=none - 0.9, ci_high=none + 0.9, p=None if row.p is None else 1.0)
    k = None if row.k is None or row.n is None else row.n // 2
    return replace(row, value=50.0, k=k, ci_low=45.0, ci_high=55.0) if row.statistic == "share" else row


def other_lots(trial: Trial) -> Trial:
    """Lots drawn among sites where they were drawn among persons, and among persons where nobody drew any."""
    drawn = "sites" if trial.design.random_allocation else "persons"
    design = trial.design.model_copy(update={"kind": Kind.RANDOMISED, "drawn": drawn})
    return trial.model_copy(update={"design": design})


def other_settings(trial: Trial) -> Trial:
    """Without paid hours, and the rest that only words rest on the other way round."""
    noun = trial.sites.noun
    sites = trial.sites.model_copy(
        update={"noun": noun.model_copy(update={"gender": "en" if noun.gender == "et" else "et"})}
    )
    disclosure = trial.disclosure.model_copy(update={"show_zero": not trial.disclosure.show_zero, "threshold": 4})
    extracts = trial.extracts.model_copy(update={"paid_hours": None})
    return trial.model_copy(update={"sites": sites, "disclosure": disclosure, "extracts": extracts})


def said(trial_id: str) -> Iterator[str]:
    trial, _, ledger = ledgers(ROOT / "data" / trial_id / "trial.yml")
    usual = {form for text in _told(trial_id, trial, ledger) for form in _forms(text)}
    odd = [
        (change.__name__, trial, ledger_of(map(change, ledger), header=ledger.header, measures=ledger.measures))
        for change in (*ODD.values(), touching, alike)
    ]
    odd += [(change.__name__, change(trial), ledger) for change in (other_lots, other_settings)]
    for name, its_trial, its_ledger in odd:
        told = list(_told(trial_id, its_trial, its_ledger))
        new = {form for text in told for form in _forms(text)} - usual
        yield f"== {trial_id}, {name}: {len(told)} texts, mark {crc32(chr(0).join(told).encode()):08x}"
        yield from sorted(new)


def _told(trial_id: str, trial: Trial, ledger: Ledger) -> Iterator[str]:
    for site in (None, trial.sites.names[0]):
        for call in calls(trial_id, "prose"):
            try:
                yield unmarked(call.made(ledger, trial, site))
            except ReportlibError as error:
                yield f"refused: {error}"


def _forms(text: str) -> list[str]:
    return [" ".join(_NUMBER.sub("#", part).split()) for part in _SENTENCE_ENDS.split(text)]


@pytest.mark.parametrize("trial_id", TRIALS)
def test_every_section_says_of_odd_numbers_what_it_said_when_last_read(trial_id: str) -> None:
    assert "\n".join(said(trial_id)) + "\n" == kept_of(__file__, trial_id), HOW.format(__file__)


if __name__ == "__main__":
    text = "\n".join(line for trial_id in TRIALS for line in said(trial_id)) + "\n"
    kept_beside(__file__).write_text(text, encoding="utf-8")
