"""Whom a number counts, in words: in the sentence where it says what they have done, else in a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlib.danish import list_text
from reportlib.prose.sections.common import measure_of
from reportlib.prose.trial_words import trial_words
from reportlib.prose.words import TrialWords
from reportlib.text.markup import escape
from reportlib.trial.measures import MeasureSpec, Population
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveySource


@dataclass(frozen=True, slots=True)
class Counted:
    """The persons behind a number.

    many: what stands after "af": `medarbejderne`, `de deltagere, der har været i praktik,`.
    population: the label of a narrower population, or empty; `told` when `many` says it already.
    """

    many: str
    population: str = ""
    told: bool = False


def counted(measure: MeasureSpec, trial: Trial) -> Counted:
    """The persons a measure counts.

    A population cut only by the day of entry (long enough ago to be observed) is the group with a note. One cut by what
    persons have or have done is what the sentence is about: `de deltagere, der har været i praktik,`.
    """
    many = trial.groups.treated.many
    if isinstance(measure.computed, SurveySource):
        many = trial.extracts.surveys[measure.computed.survey].respondents
    if not measure.population:
        return Counted(many)
    population = trial.population_by_id[measure.population]
    label = escape(population.label)
    if _cut_by_entry_only(population):
        return Counted(many, label)
    who, _, rest = label.partition(" ")
    if ", der " not in label and who.endswith(("ere", "er")):  # `deltagere i fase 1` -> `deltagerne i fase 1`
        return Counted(f"{who.removesuffix('e')}ne {rest}".rstrip(), label, told=True)
    return Counted(f"de {label}," if ", der " in label else f"de {label}", label, told=True)


def _cut_by_entry_only(population: Population) -> bool:
    return bool(population.started_before) and not population.having and not population.background


def words_about(measure: MeasureSpec, trial: Trial) -> TrialWords:
    """The trial's words with the persons a measure counts in place of the whole treated group."""
    words = trial_words(trial)
    return replace(words, groups=replace(words.groups, treated_many=counted(measure, trial).many))


def population_note(trial: Trial, measures: Sequence[str], *, all_narrower: bool = False) -> str:
    """The note under a list of measures about those that count fewer persons than the list says; empty for none.

    With `all_narrower` it names every narrower population: for lists that do not say whom the numbers count.
    """
    by_population: dict[str, list[str]] = {}
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        found = counted(measure, trial)
        if found.population and (all_narrower or not found.told):
            by_population.setdefault(found.population, []).append(f"*{escape(measure.label)}*")
    if not by_population:
        return ""
    sentences = []
    for who, labels in by_population.items():
        inside = "" if len(labels) == len(measures) > 1 else f" i {list_text(labels)}"
        comma = "," if ", der " in who else ""
        sentences.append(f"Kun {who}{comma} er talt med{inside}.")
    return f"::: {{.note .fri}}\nAnm.: {' '.join(sentences)}\n:::"
