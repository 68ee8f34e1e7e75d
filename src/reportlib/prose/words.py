"""The words of a trial and its outcomes as sentences need them: groups, nouns, verbs."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, field
from enum import StrEnum

from reportlib.danish import NOUNS, Noun, capitalise, decapitalise, event_week
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.text.inert import inert
from reportlib.text.units import Unit
from reportlib.trial.design import Kind
from reportlib.trial.design import Noun as TrialNoun
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

# The words of a trial that claims are made of: groups, design, outcomes. `trial.yml` fills these records.
#
# Two rules are enforced here, because the published reports break them: "kontrolgruppe" is said only after random
# allocation, and words of cause only where the design carries them.


class ControlGroupWordError(ReportlibError):
    """A group that chance did not make was called a control group."""


class CausalWordError(ReportlibError):
    """A text speaks of effects although its design cannot show any."""


class OutcomeWordsError(ReportlibError):
    """The words of an outcome do not fit its unit: a mean needs `{value}` in its words, a share must not have it."""

    usual_hint = "correct the measure's `clause` in trial.yml"


class Cause(StrEnum):
    """How far a design lets a difference be called an effect."""

    EFFECT = "effect"
    ASSUMED = "assumed"
    NONE = "none"


_CAUSE = {
    Kind.RANDOMISED: Cause.EFFECT,
    Kind.QUASI_EXPERIMENT: Cause.ASSUMED,
    Kind.BEFORE_AFTER: Cause.NONE,
    Kind.STATUS: Cause.NONE,
}

# What must be said with a difference that is no effect. It avoids the word "effekt", which texts are checked for.
CAUTION: dict[Kind, str] = {
    Kind.BEFORE_AFTER: "Udviklingen kan også skyldes andre forhold end indsatsen.",
    Kind.STATUS: "Forskellen siger ikke noget om, hvad indsatsen har betydet.",
}

_CONTROL = re.compile(r"\bkontrol(gruppe|person|deltager|borger|kommune)\w*", re.IGNORECASE)
# the evidence bank's name is no claim
_CAUSAL = re.compile(
    r"\b(?!jobeffekter\.dk\b)(\w*effekt(en|er|erne|s)?\b|før(er|te) til|skyldes indsatsen|som følge af indsatsen"
    r"|takket være|indsatsen (har )?(øge[rt]|mindske[rt]|forbedre[rt]|virke[rt]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GroupWords:
    """The groups' Danish names: definite singular, definite plural of the persons, and how the second one is placed.

    `comparison_place` is what stands after "mod 7 pct." and after "end": by default "i " and the comparison group's
    name; before/after designs say "før indsatsen". `own_place` is its counterpart: "i deltagergruppen".
    """

    treated: str
    comparison: str
    treated_many: str
    comparison_many: str
    comparison_place: str = ""
    own_place: str = ""

    @property
    def place(self) -> str:
        """`i kontrolgruppen`, or the words given."""
        return self.comparison_place or f"i {self.comparison}"

    @property
    def treated_place(self) -> str:
        """`i deltagergruppen`, or the words given (`efter indsatsen`)."""
        return self.own_place or f"i {self.treated}"


@dataclass(frozen=True, slots=True)
class DesignWords:
    """The design, and for quasi-experiments what its estimate assumes, as a clause beginning with "at"."""

    kind: Kind
    assumption: str = "at grupperne er sammenlignelige, når der er taget højde for deres baggrund"

    @property
    def random_allocation(self) -> bool:
        """True when chance alone decided who came in which group."""
        return self.kind is Kind.RANDOMISED

    @property
    def cause(self) -> Cause:
        """How far a difference may be called an effect."""
        return _CAUSE[self.kind]

    @property
    def caution(self) -> str:
        """The sentence that must follow a difference which is no effect; empty for trials and quasi-experiments."""
        return CAUTION.get(self.kind, "")

    @property
    def effect_word(self) -> str:
        """`effekten`, `den estimerede effekt` or `forskellen`: what the difference may be called."""
        return {
            Cause.EFFECT: "effekten",
            Cause.ASSUMED: "den estimerede effekt",
            Cause.NONE: "forskellen",
        }[self.cause]


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How one outcome is told.

    noun: singular and definite, for "andelen med ordinære timer er højere": an adjective in the singular follows it.
    verb: "har", "arbejder".
    rest: what follows the persons. For a share: "ordinære timer". For a mean it holds `{value}`, which becomes number
        and unit: "{value} om ugen i ordinære job", "en WHO-5-score på {value}".
    at: what stands before a week: "i" or, of what is counted from the first week to this one, "til og med".
    """

    noun: str
    verb: str
    rest: str
    at: str = "i"


@dataclass(frozen=True, slots=True)
class TrialWords:
    """All words a trial gives to claims, its level of significance and its disclosure threshold (persons).

    Raises:
        ControlGroupWordError: a group is called kontrolgruppe although the allocation was not random.
    """

    groups: GroupWords
    design: DesignWords
    level: float = 0.05
    threshold: int = 5
    site: Noun = field(default=NOUNS["kommune"])

    def __post_init__(self) -> None:
        check_group_words(self.groups, self.design)


def check_group_words(groups: GroupWords, design: DesignWords) -> None:
    """Refuse "kontrolgruppe" and its relatives where allocation was not random.

    Raises:
        ControlGroupWordError: naming the word.
    """
    for words in astuple(groups):
        check_control_words(words, design)


def check_control_words(text: str, design: DesignWords) -> None:
    """Refuse a text that says "kontrolgruppe" (or -person, -deltager ...) where allocation was not random.

    Raises:
        ControlGroupWordError: naming the word.
    """
    found = _CONTROL.search(text)
    if found and not design.random_allocation:
        raise ControlGroupWordError(
            f"{found.group()!r} is said of a design without random allocation ({design.kind})",
            hint='say "sammenligningsgruppe", or "før"/"efter"',
        )


def check_causal_words(text: str, design: DesignWords) -> None:
    """Refuse a text that speaks of effects where the design can show none.

    Raises:
        CausalWordError: naming the word.
    """
    found = _CAUSAL.search(text)
    if found and design.cause is Cause.NONE:
        raise CausalWordError(
            f"{found.group()!r} is said of a design that shows no effects ({design.kind})",
            hint='say "forskel" or "udvikling"',
        )


# From trial.yml to the words that claims are made of.


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
    return OutcomeWords(noun=outcome_noun(measure), verb=verb, rest=rest, at=_at(measure))


_OF_RATES = frozenset({"hazard_ratio", "hazard_ratio_change", "proportional_hazards"})


def called(row: Estimate, measure: MeasureSpec) -> str:
    """The measure's label; of a ratio of rates its noun, for the label names the curve, which goes the other way."""
    return capitalise(outcome_noun(measure)) if row.statistic in _OF_RATES else measure.label


def _at(measure: MeasureSpec) -> str:
    return "til og med" if measure.counts_from_start else "i"


def in_week(measure: MeasureSpec, week: float) -> str:
    """`i uge 35`; `til og med uge 35` of what is counted from the first week to this one."""
    return f"{_at(measure)} {event_week(week)}"


def site_noun(trial: Trial) -> Noun:
    """The noun for a site: en kommune, flere kommuner, kommunerne."""
    return _declined(trial.sites.noun)


def person_noun(trial: Trial) -> Noun:
    """The noun for a person of the trial: en borger, flere borgere, borgerne."""
    return _declined(trial.persons)


def element_noun(trial: Trial) -> Noun:
    """The noun for an element of the effort: et grundelement, or en fase."""
    return _declined(trial.glossary.element)


def component_noun(trial: Trial) -> Noun:
    """The noun for a part of an element with a target: en delkomponent, or et krav."""
    return _declined(trial.glossary.component)


def named_population(label: str, trial: Trial) -> str:
    """Which population of trial.yml a measure's label ends with: `Fra ledig til job, trin 2` gives `trin 2`; or ""."""
    last = label.rpartition(", ")[2]
    return last if last != label and any(one.label.endswith(last) for one in trial.populations) else ""


def _declined(noun: TrialNoun) -> Noun:
    return Noun(noun.one, noun.many, "et" if noun.gender == "et" else "en", noun.many_definite)


def outcome_noun(measure: MeasureSpec) -> str:
    """The measure's noun; else `Andel med job` -> `andelen med job`, other shares by their clause, else the label."""
    if measure.noun:
        return measure.noun
    label = decapitalise(measure.label)
    if label.startswith("andel "):
        return "andelen" + label.removeprefix("andel")
    return f"andelen, der {measure.clause}," if measure.unit is Unit.PCT and measure.clause else label
