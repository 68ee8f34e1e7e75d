"""What every claim is made of: wordings, verdict, two levels in one sentence, and what hidden rows say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from reportlib.danish import (
    as_decimal,
    capitalise,
    count_text,
    event_week,
    noun_of,
    number_word,
    put_in,
    round_half_up,
    sentence,
)
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.prose.estimate_text import tal, why_hidden
from reportlib.prose.words import OutcomeWords, OutcomeWordsError, TrialWords
from reportlib.text.marks import active_recording, unmarked
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit, null_value

# What every claim is made of: a table of wordings, and the chosen sentence with the rows it stands on.


_DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
_TURNING = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording a claim can choose: its id, the evidence that chooses it (for the docs), and the Danish template."""

    id: str
    when: str
    text: str

    @property
    def slots(self) -> frozenset[str]:
        """The names that the template is filled with."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)


def turned(one: tuple[str, str], other: tuple[str, str], text: str) -> tuple[Wording, Wording]:
    """Two wordings, each with its id and evidence, that differ in a word or two: `[mere|mindre]` in their template."""
    first, second = (_TURNING.sub(rf"\{place}", text) for place in (1, 2))
    return Wording(*one, first), Wording(*other, second)


class WordingTable(Mapping[str, Wording]):
    """The wordings of one claim by id: what docs list and what tests must have seen chosen."""

    def __init__(self, claim: str, *wordings: Wording) -> None:
        self.claim = claim
        self._by_id = {wording.id: wording for wording in wordings}
        if len(self._by_id) != len(wordings):
            raise ValueError(f"two wordings of {claim} have one id")

    def __getitem__(self, wording_id: str) -> Wording:
        return self._by_id[wording_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def choose(self, wording_id: str, rows: Iterable[Estimate], /, **parts: str) -> Claim:
        """The filled-in wording as a claim about `rows`."""
        filled = self._by_id[wording_id].text.format(**parts)
        # "80 pct." at the end of a sentence brings its full stop with it.
        text = sentence(_DOUBLE_STOP.sub(".", filled))
        return Claim(text=text, wording=f"{self.claim}.{wording_id}", keys=tuple(row.key for row in rows))


@dataclass(frozen=True, slots=True)
class Claim:
    """A Danish text chosen by the evidence. Prints as its text; `wording` and `keys` say why and from which rows."""

    text: str
    wording: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return self.text

    def then(self, *more: Claim | str) -> Claim:
        """This claim followed by others or by plain sentences, empty ones left out; its wording names the whole."""
        texts, keys = [self.text], list(self.keys)
        for part in more:
            if isinstance(part, Claim):
                keys.extend(key for key in part.keys if key not in keys)
            texts.append(str(part))
        return Claim(text=" ".join(text for text in texts if text), wording=self.wording, keys=tuple(keys))


# The verdict of a test: significantly up or down, not significant, or never tested.


# A p-value this close to the level may fall on the other side of it than the interval, for numerical reasons only.
_ON_THE_EDGE = 1e-6


class ContradictoryVerdictError(ReportlibError):
    """A p-value and an interval of one row give different verdicts."""


class Verdict(StrEnum):
    """What the evidence supports."""

    UP = "up"
    DOWN = "down"
    NOT_SIGNIFICANT = "not_significant"
    UNTESTED = "untested"

    @property
    def significant(self) -> bool:
        return self in {Verdict.UP, Verdict.DOWN}


def tested(row: Estimate) -> Estimate:
    """The row itself, noted as one that the text gives a verdict on: the table of uncertainty lists it."""
    active = active_recording()
    if active is not None:
        active.tested[row.key] = None
    return row


def verdict(difference: Estimate, level: float) -> Verdict:
    """The verdict of a row at `level`, from its p-value or, if it has none, its interval.

    Raises:
        ContradictoryVerdictError: the two disagree (more than numerically).
        HiddenValueError: the row has no value.
    """
    value, null = difference.number, null_value(difference.unit)
    low, high, p = difference.ci_low, difference.ci_high, difference.p
    excluded = None if low is None or high is None else low > null or high < null
    by_p = None if p is None else p < level
    if by_p is not None and excluded is not None and by_p != excluded and abs((p or 0) - level) > _ON_THE_EDGE:
        raise ContradictoryVerdictError(
            f"{difference.key}: p = {p:.4g} and the interval {low:.4g} to {high:.4g} disagree at level {level:g}",
            hint="the interval must have the level of the claim",
        )
    significant = excluded if by_p is None else by_p
    if significant is None:
        return Verdict.UNTESTED
    if not significant or value == null:
        return Verdict.NOT_SIGNIFICANT
    return Verdict.UP if value > null else Verdict.DOWN


# Several comparisons told together: the significant first, each kind with one verdict.


VERDICTS = WordingTable(
    "verdicts",
    Wording("one-differ", "one comparison, significant", "{told}, og {difference} er sikker."),
    Wording("one-alike", "one comparison, not significant", "{told}, men {difference} er ikke sikker."),
    Wording("one-equal", "the same, and the two numbers print alike", "{told}. Der er ingen sikker {one}."),
    Wording("two-differ", "two comparisons, both significant", "{told}. Begge {differences} er sikre."),
    Wording("two-alike", "two comparisons, neither significant", "{told}. Ingen af de to {differences} er sikre."),
    Wording("all-differ", "three or more comparisons, all significant", "{told}. Alle {count} er sikre."),
    Wording("all-alike", "three or more comparisons, none significant", "{told}. Ingen af de {count} er sikre."),
    Wording("untested", "comparisons without a test", "{told}. Der er ikke regnet usikkerhed på tallene."),
)
_ABBREVIATED = ("pct.", "kr.")


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison to be told with others: its words without a verdict, whether its test rejects (None: untested).

    `again` are its words after another comparison of the same groups; empty where they are the same.
    """

    text: str
    significant: bool | None
    rows: tuple[Estimate, ...] = ()
    again: str = ""


def told_together(found: Sequence[Compared], *, noun: str = "forskel", definite: str = "forskellen") -> str:
    """The comparisons in sentences, the significant ones first, with one verdict for each kind."""
    told: list[str] = []
    for significant in (True, False, None):
        part = [one for one in found if one.significant is significant]
        if not part:
            continue
        texts = [one.again or one.text if told or place else one.text for place, one in enumerate(part)]
        number = {1: "one", 2: "two"}.get(len(part), "all")
        equal = number == "one" and len({unmarked(tal(row)) for row in part[0].rows[:2]}) == 1
        alike = "equal" if equal else "alike"
        wording = "untested" if significant is None else f"{number}-{'differ' if significant else alike}"
        told.append(
            VERDICTS.choose(
                wording,
                [row for one in part for row in one.rows],
                told=". ".join(_without_stop(text) for text in texts),
                difference=definite,
                differences=noun_of(noun).many,
                one=noun,
                count=count_text(len(part), noun),
            ).text
        )
    return " ".join(told)


def _without_stop(text: str) -> str:
    """The sentence without its full stop; that of an abbreviation stays."""
    return text if unmarked(text).endswith(_ABBREVIATED) else text.removesuffix(".")


# Sentences for numbers that disclosure control has taken away, or that could not be computed.


HIDDEN = WordingTable(
    "hidden",
    Wording(
        "hidden",
        "a number the sentence needs rests on too few persons or would give away one that does",
        "{what} ikke vises, fordi {number} {why}",
    ),
    Wording("missing", "there was nobody to measure", "{what} ikke opgjort"),
)


def hidden_claim(
    what: str, rows: Sequence[Estimate], words: TrialWords, *, place: str = "", several: bool = False
) -> Claim | None:
    """The sentence for `what` (`andelen med ordinære timer i uge 35`) if any of the rows has no value, else None.

    `place` (`i Aarhus`) opens the sentence; `several`: `what` names more than one number.
    """
    without = [row for row in rows if row.value is None]
    if not without:
        return None
    wording = "hidden" if any(row.hidden for row in without) else "missing"
    verb = "er" if wording == "missing" else "kan"
    return HIDDEN.choose(
        wording,
        rows,
        what=capitalise(f"{place} {verb} {what}" if place else f"{what} {verb}"),
        number="tallene" if several else "tallet",
        why=why_hidden(words.threshold),
    )


OUT_OF_REGARD = "af hensyn til anonymiteten"
"""Why numbers are left out, in few words: the method section gives the threshold and the rule."""


def left_out(count: int, words: TrialWords) -> str:
    """The sentence about sites whose numbers are hidden; empty when there are none."""
    return f"{capitalise(count_text(_left(count), noun_of(words.site)))} er udeladt {OUT_OF_REGARD}." if count else ""


def not_computed(count: int, words: TrialWords) -> str:
    """The sentence about sites whose numbers could not be computed; empty when there are none."""
    if not count:
        return ""
    site = noun_of(words.site)
    pronoun = "deres" if count > 1 else "dens" if site.gender == "en" else "dets"
    return f"{capitalise(count_text(_left(count), site))} er udeladt, fordi {pronoun} tal ikke kan beregnes."


def _left(count: int) -> int:
    return with_origin(count, derived("udeladt", ["steder"]))


# Two levels in one sentence: `I uge 35 har 12 pct. af deltagerne ordinære timer mod 7 pct. i kontrolgruppen.`


PER_PERSON = re.compile(r"[ \u00a0]pr\.[ \u00a0]person")
_COMMAS = re.compile(r"\s*,(?:\s+,)*(?=\s|$)")

# How "more" and "less" are said of a difference; everything else is higher or lower.
_COUNTED = (Unit.PCT, Unit.PCT_POINT, Unit.COUNT, Unit.PER_PERSON)
_TIME = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
_AMOUNTS = (Unit.HOURS, Unit.HOURS_PER_WEEK, Unit.KR, Unit.KR_PER_HOUR)
_HIGH = ("højere", "lavere")
COMPARATIVES: dict[Unit, tuple[str, str]] = {
    **dict.fromkeys((*_COUNTED, *_TIME), ("flere", "færre")),
    **dict.fromkeys(_AMOUNTS, ("mere", "mindre")),
}


def comparative(unit: Unit, *, up: bool) -> str:
    """`flere`/`færre` of persons and weeks, `mere`/`mindre` of hours and kroner, `højere`/`lavere` of scores."""
    return COMPARATIVES.get(unit, _HIGH)[0 if up else 1]


def higher(*, up: bool) -> str:
    """`højere` or `lavere`, of the outcome's noun."""
    return _HIGH[0 if up else 1]


def when_of(row: Estimate, when: str | None, outcome: OutcomeWords) -> str:
    """The words given, or `i uge 35` (`til og med uge 35`) from the row's event week, or nothing."""
    if when is not None:
        return when
    return "" if row.week is None else f"{outcome.at} {event_week(row.week)}"


def with_when(what: str, when: str) -> str:
    """`andelen med ordinære timer i uge 35`."""
    return f"{what} {when}".rstrip()


def statement(row: Estimate, text: str, outcome: OutcomeWords, many: str) -> tuple[str, str, str]:
    """Verb, subject and rest for a level printed as `text`: (`har`, `12 pct. af deltagerne`, `ordinære timer`).

    Without `many` the share stands alone: `12 pct.`, after a sentence that has named the persons.

    Raises:
        OutcomeWordsError: the outcome's words fit a share and the row is a mean, or the other way round.
    """
    has_slot = "{value}" in outcome.rest
    if row.unit is Unit.PCT:
        if has_slot:
            raise OutcomeWordsError(f"{row.key} is a share: the words {outcome.rest!r} must not hold {{value}}")
        return outcome.verb, f"{text} af {many}" if many else text, outcome.rest
    if not has_slot:
        raise OutcomeWordsError(f"{row.key} is a mean: the words {outcome.rest!r} must hold {{value}}")
    return outcome.verb, many, "i gennemsnit " + put_in(outcome.rest, "{value}", text)


def mean_of(text: str, outcome: OutcomeWords, many: str) -> str:
    """A mean, also one in per cent, as a clause: `deltagerne har i gennemsnit haft samtale i 82 pct. af ugerne`."""
    return joined([many, outcome.verb, "i gennemsnit", put_in(outcome.rest, "{value}", PER_PERSON.sub("", text))])


def lead(
    row: Estimate,
    text: str,
    outcome: OutcomeWords,
    *,
    many: str,
    opening: str,
    against: str,
    place: str,
    tail: str = "",
    named: bool = True,
) -> str:
    """The whole sentence. `opening` stands first (`i uge 35`, may be empty), `tail` before `mod`.

    `against` is the other level and `place` where it stands: `7 pct.`, `i kontrolgruppen`; without `named` the sentence
    before has told where. Two levels that print alike are said to, with the place: they are not set against each other.
    """
    if row.unit is Unit.PER_PERSON:  # the clause says whose: `har deltagerne i gennemsnit haft 6,4 samtaler`
        text, against = PER_PERSON.sub("", text), PER_PERSON.sub("", against)
    verb, subject, rest = statement(row, text, outcome, many)
    words = [opening, verb, subject, rest] if opening else [subject, verb, rest]
    told = capitalise(joined([*words, tail] if tail else words))
    if unmarked(text) == unmarked(against):
        return sentence(f"{told}, og {place} er det også {against}")
    # A clause ("siger, at ...", "er enige i, at ...") ends with a comma before what it is held against.
    comma = "," if ", " in rest else ""
    return sentence(f"{told}{comma} mod {against}{f' {place}' if named else ''}")


def joined(words: Sequence[str]) -> str:
    """The words with spaces, each comma once and close to the word before it: `medarbejderne, at ...`."""
    return _COMMAS.sub(",", " ".join(words))


def list_of_nouns(nouns: Sequence[str]) -> str:
    """The nouns as a list; one with a clause ends with a comma, which stays before `og` and at the end."""
    if len(nouns) == 1:
        return nouns[0]
    first = ", ".join(noun.rstrip(",") for noun in nouns[:-1])
    return f"{first}{',' if nouns[-2].endswith(',') else ''} og {nouns[-1]}"


def clauses(told: Sequence[str], last: str = "og") -> str:
    """`når A, når B, og når C`: whole clauses have a comma before `og` too."""
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])}, {last} {told[-1]}"


# How many tests come out significant by chance alone.


def expected_by_chance(tests: int, level: float) -> str:
    """How many of `tests` true nulls come out significant: `omkring to`, `under én` where it is none."""
    whole = int(round_half_up(as_decimal(tests * level)))
    told = number_word(with_origin(max(whole, 1), derived("tilfaeldigt", [tests, level])))
    return f"{'omkring' if whole else 'under'} {told}"
