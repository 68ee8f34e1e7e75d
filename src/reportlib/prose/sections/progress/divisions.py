"""Measures in each part of a division in words, with the test of them all."""

from __future__ import annotations

from reportlib.danish import capitalise, decapitalise, list_text, p_text
from reportlib.ledger import Ledger, UnknownKeyError, make_key
from reportlib.ledger.keys import DIFFERENCE, EVERYONE
from reportlib.prose.claims import WordingTable
from reportlib.prose.claims.base import Wording
from reportlib.prose.estimate_text import tal
from reportlib.prose.sections.common import measure_of, paragraphs
from reportlib.prose.trial_words import outcome_words
from reportlib.text.markup import escape
from reportlib.trial.analyses import Compare
from reportlib.trial.lookup import computed_as
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveyAnswers

ACROSS = WordingTable(
    "across",
    Wording("differs", "the test is significant", "{Noun} er {told}. Forskellen er statistisk signifikant ({p})."),
    Wording("alike", "it is not", "{Noun} er {told}. Forskellen er ikke statistisk signifikant ({p})."),
    Wording("untested", "there is no test", "{Noun} er {told}. Forskellen er ikke testet."),
    Wording("hidden", "a number may not be shown", "{Noun} kan ikke vises for alle grupperne."),
)


def across(ledger: Ledger, trial: Trial, *measures: str, by: str, site: str | None) -> str:
    """Each measure in every part of a division, in the division's order, with the test of them all."""
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        spec = _comparison(trial, measure_id, by)
        assert spec.by is not None
        group = spec.group or EVERYONE
        rows = [
            ledger[make_key(measure_id, statistic="mean", group=group, subgroup=f"{by}:{value}")]
            for value in spec.by.values
        ]
        noun = measure.noun or outcome_words(measure).noun
        if any(row.value is None for row in rows):
            told.append(str(ACROSS.choose("hidden", rows, Noun=capitalise(noun))))
            continue
        p = _p(ledger, measure_id, by)
        parts = [f"{tal(row)} {_placed(name)}" for row, name in zip(rows, spec.by.values.values(), strict=True)]
        wording = "untested" if p is None else "differs" if p < trial.design.level else "alike"
        told.append(
            str(
                ACROSS.choose(
                    wording,
                    rows,
                    Noun=capitalise(noun),
                    told=list_text(parts),
                    p="" if p is None else p_text(p, level=trial.design.level),
                )
            )
        )
    return paragraphs(" ".join(told))


def _placed(name: str) -> str:
    """`for borgere i første fase`; a name that is a place or a time stands alone: `ved den første måling`."""
    return escape(name) if name.startswith(_PLACES) else f"for {escape(name)}"


_PLACES = ("før ", "efter ", "ved ", "midtvejs", "i ")


def _p(ledger: Ledger, measure_id: str, by: str) -> float | None:
    for statistic in ("test", "difference"):
        row = ledger.get(make_key(measure_id, statistic=statistic, group=DIFFERENCE, subgroup=by))
        if row is not None and row.p is not None:
            return row.p
    return None


def _comparison(trial: Trial, measure_id: str, by: str) -> Compare:
    for spec in trial.analyses:
        if isinstance(spec, Compare) and measure_id in spec.measures and spec.by is not None and spec.by.id == by:
            return spec
    raise UnknownKeyError(f"no `compare` analysis of {trial.id} holds {measure_id} by {by}")


def most_given(ledger: Ledger, trial: Trial, measure_id: str, *, by: str, site: str | None) -> str:
    """The answer most give in each part of a division, with its share."""
    measure, spec = measure_of(trial, measure_id), _comparison(trial, measure_id, by)
    assert spec.by is not None
    computed = computed_as(measure_id, measure.computed, SurveyAnswers)
    group, told = spec.group or EVERYONE, []
    for value, name in spec.by.values.items():
        found = {
            label: ledger[make_key(measure_id, statistic="share", group=group, subgroup=f"{by}:{value}:svar-{answer}")]
            for answer, label in computed.answers.items()
        }
        shown = {label: row for label, row in found.items() if row.value is not None}
        if not shown:
            continue
        label, row = max(shown.items(), key=lambda pair: pair[1].number)
        told.append(f"*{escape(decapitalise(label))}* ({tal(row)}) {_placed(name)}")
    return paragraphs(f"Det hyppigste svar er {list_text(told)}.") if told else ""
