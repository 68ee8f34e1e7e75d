"""Who is compared with whom, where and when; what was planned; what the parts of the effort are called."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from reportlib.ledger.keys import MISSING_TEXTS, OTHERS, WHOLE_TRIAL
from reportlib.trial.base import Identifier, MeasureId, Name, Record, Text, Week
from reportlib.trial.municipality import EVERY_SITE, AmbiguousFileNameError, file_names, folded

_LONGEST_NAME = 100


class Kind(StrEnum):
    """The design, which decides what may be called an effect."""

    RANDOMISED = "randomised"
    QUASI_EXPERIMENT = "quasi_experiment"
    BEFORE_AFTER = "before_after"
    STATUS = "status"


class Design(Record):
    """The trial's design and its level of significance.

    A waiting list is `randomised`, with `follow_up.weeks` no longer than those who wait have waited. Where places begin
    one after another (a stepped wedge) no analysis compares them as such.
    """

    kind: Kind = Field(description="decides what may be called kontrolgruppe and effekt")
    level: float = Field(0.05, gt=0, lt=0.5, description="level of significance; 0.05 gives 95 pct. intervals")
    drawn: Literal["persons", "sites"] = Field(
        "persons", description="of what lots were drawn in a randomised design; `sites` makes errors clustered"
    )
    seed: int = Field(20170531, ge=0, lt=2**63, description="seed of every simulation in the analysis (sup-t bands)")

    @property
    def random_allocation(self) -> bool:
        """True when only chance decided the group: the condition for the words kontrolgruppe and effekt."""
        return self.kind is Kind.RANDOMISED

    @property
    def clustered(self) -> bool:
        """True when whole sites came into one group or the other: persons of a site are then no independent draws."""
        return not self.random_allocation or self.drawn == "sites"

    @property
    def undertaking(self) -> str:
        """`forsøget`, or `projektet` where nobody drew lots: what a report calls the whole of it."""
        return "forsøget" if self.random_allocation else "projektet"


class Group(Record):
    """One group of persons: its id in keys, its value in the participants extract, and its Danish names."""

    id: Identifier = Field(description="in ledger keys: deltager, kontrol")
    value: Name = Field(min_length=1, description="how the group is written in the participants extract")
    label: Text = Field(description="definite singular, also after i: deltagergruppen")
    many: Text = Field(description="definite plural: deltagerne")
    one: Text = Field("deltager", description="singular: deltager")
    some: Text = Field("deltagere", description="plural without an article: deltagere")


class Groups(Record):
    """The treated group and, unless the design has none, the group it is compared with."""

    treated: Group = Field(description="those who get the effort")
    comparison: Group | None = Field(None, description="those they are compared with")
    treated_before: Group | None = Field(
        None, description="those who would have got the effort in the period before it, in the same places"
    )
    comparison_before: Group | None = Field(None, description="the comparison group of the period before")

    @model_validator(mode="after")
    def _both_before(self) -> Groups:
        if (self.treated_before is None) != (self.comparison_before is None):
            raise ValueError("give both treated_before and comparison_before, or neither")
        return self

    @property
    def before(self) -> tuple[Group, ...]:
        """The groups of the period before, the treated's first; empty when there is no such period."""
        return tuple(group for group in (self.treated_before, self.comparison_before) if group is not None)


class Noun(Record):
    """A Danish noun: en kommune, flere kommuner, alle kommunerne."""

    one: Text = Field(description="kommune")
    many: Text = Field(description="kommuner")
    many_definite: Text = Field(description="kommunerne")
    gender: Literal["en", "et"] = Field("en", description="en or et")


class OwnNumbers(Record):
    """The numbers a site's version of the report begins with, beside those of all other sites."""

    results: tuple[MeasureId, ...] = Field((), description="ids of measures of what has come of the effort")
    effort: tuple[MeasureId, ...] = Field(min_length=1, description="ids of measures of the effort itself")
    week: Week | None = Field(None, ge=1, description="event week of those that have a value week by week")

    @property
    def measures(self) -> tuple[str, ...]:
        """Results first."""
        return (*self.results, *self.effort)


class Sites(Record):
    """The places (municipalities, jobcentres) that take part."""

    noun: Noun = Field(
        Noun(one="kommune", many="kommuner", many_definite="kommunerne"), description="what a site is called"
    )
    names: tuple[Name, ...] = Field(min_length=1, description="as in the participants extract, in the order of tables")
    elsewhere: tuple[Name, ...] = Field(
        (), description="places that only the comparison comes from: clusters for errors, but no version of the report"
    )
    written: dict[Name, tuple[Name, ...]] = Field(
        default_factory=dict, description="site -> what extracts also call it: '0851', 'Aalborg Kommune'"
    )
    own: OwnNumbers | None = Field(None, description="the numbers that a site's version begins with")

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Every place a person may come from."""
        return (*self.names, *self.elsewhere)

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """Every way an extract may write a site, without case and blanks, and the site."""
        also = {folded(way): name for name, ways in self.written.items() for way in ways}
        return also | {folded(name): name for name in self.everywhere}

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Sites:
        folds = [folded(name) for name in self.everywhere]
        if twice := {name for name, fold in zip(self.everywhere, folds, strict=True) if folds.count(fold) > 1}:
            raise ValueError(f"named twice: {', '.join(sorted(twice))}")
        if strange := [name for name in self.written if name not in self.everywhere]:
            raise ValueError(f"written: {strange[0]!r} is no site")
        ways = [*folds, *(folded(way) for ways in self.written.values() for way in ways)]
        if twice := {way for way in ways if ways.count(way) > 1}:
            raise ValueError(f"written: two sites, or one twice, are called {', '.join(map(repr, sorted(twice)))}")
        for name, fold in zip(self.everywhere, folds, strict=True):
            if fold == WHOLE_TRIAL.casefold():
                raise ValueError("'Alle' is the name of the whole trial and cannot be a site")
            if fold == EVERY_SITE or fold.startswith(OTHERS):
                raise ValueError(f"{name!r} has a meaning of its own and cannot be a site")
            if name in MISSING_TEXTS:
                raise ValueError(f"{name!r} means a missing value in extracts and cannot be a site")
            if len(name) > _LONGEST_NAME:
                raise ValueError(f"{name[:20]}… is longer than {_LONGEST_NAME} characters, too long for a file name")
        try:
            file_names(self.names)
        except AmbiguousFileNameError as error:
            raise ValueError(f"{error.message}; {error.hint}") from None
        return self


class Period(Record):
    """First and last day on which a person could enter the trial."""

    first: date = Field(description="first day of entry")
    last: date = Field(description="last day of entry")
    before_first: date | None = Field(None, description="first day of entry of the groups of the period before")
    before_last: date | None = Field(None, description="last day of entry of the groups of the period before")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.last < self.first:
            raise ValueError(f"the period ends ({self.last}) before it begins ({self.first})")
        if (self.before_first is None) != (self.before_last is None):
            raise ValueError("give both before_first and before_last, or neither")
        if self.before_first and self.before_last and not self.before_first <= self.before_last < self.first:
            raise ValueError("the period before must lie before the period")
        return self


class FollowUp(Record):
    """How long persons are followed, in event weeks: week 1 is the ISO week of entry."""

    last_day: date = Field(description="last day the extracts cover")
    before_last_day: date | None = Field(
        None, description="the same day for the groups of the period before, so that both are followed alike"
    )
    weeks: int = Field(ge=1, le=520, description="event weeks of the analysis")
    weeks_before: int = Field(104, ge=0, le=1040, description="weeks of DREAM before entry")
    enough: int = Field(
        50, ge=2, description="persons each group must have in a week before the week counts in a verdict"
    )


class Disclosure(Record):
    """The smallest number of persons a printed number may rest on."""

    threshold: int = Field(5, ge=3, le=50, description="fewer persons than this are never shown")
    show_zero: bool = Field(True, description="whether zero (and all) may be shown")


class PlannedResult(Record):
    """One result that was decided on, and what it is called whichever way it falls.

    `more` and `less` are what there is more of, as it stands after "giver": *flere i arbejde*, *færre i arbejde*.
    """

    measure: MeasureId = Field(description="id of the measure whose difference is the result")
    week: Week | None = Field(None, ge=1, description="event week of a measure that has a value week by week")
    family: Text = Field(description="Danish: the question the result answers")
    more: Text = Field(description="Danish: what there is when the difference is positive: flere i arbejde")
    less: Text = Field(description="Danish: what there is when it is negative: færre i arbejde")
    margin: float | None = Field(
        None, gt=0, description="a difference below this does not matter; without it no report says that there is none"
    )


class Planned(Record):
    """The planned results of a trial. Everything else it shows is exploratory."""

    decided: date | None = Field(None, description="the day the results were decided on; empty where nobody knows")
    source: Identifier | None = Field(None, description="id of the source that says so")
    primary: tuple[PlannedResult, ...] = Field(min_length=1, description="what the trial is judged by")
    secondary: tuple[PlannedResult, ...] = Field((), description="what is looked at next")

    @property
    def results(self) -> tuple[PlannedResult, ...]:
        """Primary results first."""
        return (*self.primary, *self.secondary)

    @property
    def families(self) -> dict[str, list[PlannedResult]]:
        """The results that answer one question, by the question."""
        named = dict.fromkeys(result.family for result in self.results)
        return {family: [result for result in self.results if result.family == family] for family in named}

    @model_validator(mode="after")
    def _told_once(self) -> Planned:
        named = [(result.measure, result.week) for result in self.results]
        for measure, week in named:
            if named.count((measure, week)) > 1:
                raise ValueError(
                    f"{measure} stands twice among the planned results" + (f" in week {week}" if week else "")
                )
        if self.decided is not None and self.source is None:
            raise ValueError(
                "`decided` needs a `source`: where it can be read that the results were decided on that day"
            )
        return self


Bears = Literal["up", "down", "open", "green", "yellow", "red"]
"""What a finding must say to bear a recommendation: a difference's verdict, or the light of a share with a target."""


class Recommendation(Record):
    """What the evaluator recommends, and what bears it: a finding that says something else one day stops the report."""

    title: Text = Field(description="Danish, an imperative without a full stop: Få borgeren med til møderne")
    to: Text | None = Field(None, description="Danish, who is to do it: kommunerne, Styrelsen for ...")
    text: Text = Field(description="Danish: one to three sentences")
    bears: dict[Name, Bears] = Field(
        default_factory=dict,
        description="key of a difference -> `up`, `down` or `open` (not significant); id of an element's measure -> "
        "its light: `green`, `yellow` or `red`",
    )
    rests: Text | None = Field(None, description="Danish, what else it rests on: interview med medarbejdere")
    section: Name | None = Field(
        None, pattern="^sec-[a-z0-9-]+$", description="the section that shows it: sec-effekter"
    )

    @model_validator(mode="after")
    def _rests_on_something(self) -> Recommendation:
        if not self.bears and self.rests is None:
            raise ValueError(f"the recommendation {self.title!r} rests on nothing; give `bears` or `rests`")
        return self


class Hypothesis(Record):
    """What was expected beforehand, and the findings that answer it: `prose/hypotheses.py` says what came of it."""

    expected: Text = Field(description="Danish, a full sentence: Deltagerne kommer hurtigere på en arbejdsplads")
    bears: dict[Name, Bears] = Field(
        default_factory=dict,
        description="as in `recommendations`: what each number says if it is met; empty where nothing measures it",
    )
    experience: Text | None = Field(None, description="Danish: what interviews say of it")

    @model_validator(mode="after")
    def _answered(self) -> Hypothesis:
        if not self.bears and self.experience is None:
            raise ValueError(f"nothing answers {self.expected!r}; give `bears` or `experience`")
        return self


class Phase(Record):
    """One phase of the effort, as the model figure draws it."""

    name: Text = Field(description="Danish, short: Opstart")
    steps: tuple[Text, ...] = Field(min_length=1, max_length=6, description="what happens in it, a few words each")


class Glossary(Record):
    """The words of a report where others could stand for the same thing; `reportlib check` finds the others."""

    element: Noun = Field(
        Noun(one="element", many="elementer", many_definite="elementerne", gender="et"),
        description="what an element of the effort is called",
    )
    component: Noun = Field(
        Noun(one="delkomponent", many="delkomponenter", many_definite="delkomponenterne"),
        description="what a part of an element with a target is called",
    )
    avoid: dict[Name, Name] = Field(
        default_factory=dict,
        description="word that is not to stand -> the one to write; `randomiser*` is every word that begins so, and "
        "capitals are told apart where there are any: `CV: cv`",
    )

    @model_validator(mode="after")
    def _no_circle(self) -> Glossary:
        for word in self.avoid.values():
            if word in self.avoid:
                raise ValueError(f"glossary: {word!r} is both to be avoided and to be written")
        return self
