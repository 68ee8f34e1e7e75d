"""From trial.yml to the words that claims are made of."""

from __future__ import annotations

from reportlib.danish import Noun, decapitalise
from reportlib.errors import ReportlibError
from reportlib.prose.words import DesignWords, GroupWords, OutcomeWords, TrialWords
from reportlib.text.inert import inert
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

_SLOT = "{value}"
_INERT_SLOT = inert(_SLOT)  # a clause's place for its number is no markup


class NoClauseError(ReportlibError):
    """A sentence was asked for about a measure whose catalogue entry does not say how it reads."""


def trial_words(trial: Trial) -> TrialWords:
    """The groups, design, level, threshold and noun for sites of a trial.

    A trial without a comparison group has no words for one; claims that compare groups cannot be made about it.
    """
    comparison = trial.groups.comparison
    return TrialWords(
        groups=GroupWords(
            treated=trial.groups.treated.label,
            comparison=comparison.label if comparison else "",
            treated_many=trial.groups.treated.many,
            comparison_many=comparison.many if comparison else "",
        ),
        design=DesignWords(kind=trial.design.kind),
        level=trial.design.level,
        threshold=trial.disclosure.threshold,
        site=site_noun(trial),
    )


def outcome_words(measure: MeasureSpec) -> OutcomeWords:
    """How the measure reads in a sentence.

    Raises:
        NoClauseError: trial.yml gives the measure no `clause`.
    """
    if not measure.clause or " " not in measure.clause:
        raise NoClauseError(
            f"measure {measure.id} has no clause of a verb and more",
            hint="add clause: 'har ordinære timer' in trial.yml",
        )
    verb, rest = measure.clause.replace(_INERT_SLOT, _SLOT).split(" ", 1)
    if verb.endswith(","):  # siger, at ...: the comma stands after the persons
        verb, rest = verb.removesuffix(","), f", {rest}"
    return OutcomeWords(noun=measure.noun or _noun(measure), verb=verb, rest=rest, minutes=measure.minutes)


def site_noun(trial: Trial) -> Noun:
    """The noun for a site: en kommune, flere kommuner, kommunerne."""
    noun = trial.sites.noun
    return Noun(noun.one, noun.many, "et" if noun.gender == "et" else "en", noun.many_definite)


def _noun(measure: MeasureSpec) -> str:
    """`Andel med ordinære timer` -> `andelen med ordinære timer`; other shares by their clause; else the label."""
    label = decapitalise(measure.label)
    if label.startswith("andel "):
        return "andelen" + label.removeprefix("andel")
    return f"andelen, der {measure.clause}," if measure.unit is Unit.PCT else label
