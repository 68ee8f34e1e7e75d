"""How sure a trial's result is: five questions, each with its answer, its rule and where the rule comes from.

Everything is worked out from trial.yml and the ledger. A question gets 0 to 5 points by a fixed rule, and the whole is
rated as its lowest answer: a trial is no surer than its weakest part. (The Education Endowment Foundation, whose bands
some rules take, begins with the lowest of design, power and losses, and lets other threats lower it.) A question that
cannot be answered from the ledger is told as such and does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt
from statistics import NormalDist

from reportlib.danish import NBSP, count_text, date_text, decapitalise, number_text, value_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import BACKGROUND, BEFORE, DIFFERENCE, FOLLOWED, PERSONS, week_label
from reportlib.ledger.table import standard_error
from reportlib.prose.estimate_text import difference_text
from reportlib.prose.findings import Finding, primary_findings
from reportlib.prose.method import background_label
from reportlib.prose.section_parts import measure_of, sites_with_persons
from reportlib.prose.wording import Wording, WordingTable, list_of_nouns
from reportlib.prose.words import outcome_noun, site_noun
from reportlib.text.markup import escape
from reportlib.text.origin import derived, with_origin
from reportlib.text.origin import method as of_method
from reportlib.text.units import Unit
from reportlib.trial.analyses import AtWeek, Cox, Did
from reportlib.trial.design import Kind
from reportlib.trial.measures import SurveySource
from reportlib.trial.model import Trial

BEST = 5
POWER = 0.8

# The rules: pure functions of what was found, each 0 to 5 points.


@dataclass(frozen=True, slots=True)
class Design:
    """How the groups came about, as the Maryland scale asks.

    year_before: both groups were also seen before the effort. several: more than one place on either side. controlled:
    the estimate controls for background.
    """

    kind: Kind
    compared: bool
    year_before: bool = False
    several: bool = False
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class Losses:
    """Persons of each group who should have been measured, and who were."""

    expected: tuple[int, ...]
    measured: tuple[int, ...]

    @property
    def overall(self) -> float:
        """Per cent of all persons who are lost."""
        return 100 * (1 - sum(self.measured) / sum(self.expected))

    @property
    def differential(self) -> float:
        """Percentage points between the groups' losses; 0 where there is one group."""
        kept = [100 * got / wanted for got, wanted in zip(self.measured, self.expected, strict=True)]
        return max(kept) - min(kept)


def design_points(design: Design) -> int:
    """The level on the Maryland Scientific Methods Scale (Sherman et al. 1998; Farrington et al. 2002), 1 to 5.

    5: random allocation. 4: before and after in several places with and without the effort, controlled for background.
    3: before and after with a comparison. 2: before and after without one, or a comparison without a before. 1: one
    group at one time. (The What Works Centre for Local Economic Growth has adapted the scale: there 4 asks for
    something that draws lots by accident, differences in differences are a 3, and a 2 asks for control variables.)
    """
    if design.kind is Kind.RANDOMISED:
        return 5
    if design.kind is Kind.STATUS or (design.kind is Kind.QUASI_EXPERIMENT and not design.compared):
        return 1
    if design.kind is Kind.BEFORE_AFTER or not design.year_before:
        return 2
    return 4 if design.several and design.controlled else 3


_EFFECT_BANDS = (0.2, 0.3, 0.4, 0.5, 0.6)
_LOSS_BANDS = (10, 20, 30, 40, 50)


def precision_points(detectable: float) -> int:
    """Points for the smallest effect that could be found, in standard deviations: below 0,2 five, 0,6 and more none.

    The bands of the Education Endowment Foundation's classification of security.
    """
    return BEST - sum(detectable >= band for band in _EFFECT_BANDS)


# The conservative ("cautious") boundary of What Works Clearinghouse (Standards Handbook 4.1, Table II.1): so many
# percentage points between the groups' losses are still low at 0, 1, 2, ... 57 per cent lost in all.
# From 58 on none are; between whole per cents the lines are straight.
# fmt: off
_BOUNDARY = (
    5.7, 5.8, 5.9, 5.9, 6.0, 6.1, 6.2, 6.3, 6.3, 6.3,
    6.3, 6.2, 6.2, 6.1, 6.0, 5.9, 5.9, 5.8, 5.7, 5.5,
    5.4, 5.3, 5.2, 5.1, 4.9, 4.8, 4.7, 4.5, 4.4, 4.3,
    4.1, 4.0, 3.8, 3.6, 3.5, 3.3, 3.2, 3.1, 2.9, 2.8,
    2.6, 2.5, 2.3, 2.1, 2.0, 1.8, 1.6, 1.5, 1.3, 1.2,
    1.0, 0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.0,
)
# fmt: on


def tolerable_difference(overall: float) -> float:
    """The largest tolerable difference between the groups' losses (points) where `overall` per cent are lost in all."""
    whole = int(overall)
    if whole >= len(_BOUNDARY) - 1:
        return 0.0
    low, high = _BOUNDARY[whole : whole + 2]
    return low + (high - low) * (overall - whole)


_LOST_UNEQUALLY = 2


def loss_points(losses: Losses) -> int:
    """Points for the share lost in all (EEF's bands: 10 per cent and less five, over 50 none).

    Losses that differ more between groups than WWC tolerates give two at most.
    """
    overall = round(losses.overall, 6)
    points = BEST - sum(overall > band for band in _LOSS_BANDS)
    unequal = len(losses.expected) > 1 and losses.differential > tolerable_difference(overall)
    return min(points, _LOST_UNEQUALLY) if unequal else points


_ALIKE, _ADJUSTABLE = 0.05, 0.25


def balance_points(largest: float | None, *, adjusted: bool) -> int:
    """Points for the largest difference at the start, in standard deviations, by the bands of WWC.

    At most 0,05: five. At most 0,25: four where the result is also computed with control for background, else three.
    More, or not shown (None) where no lots were drawn: two.
    """
    if largest is None:
        return 2
    size = abs(largest)
    if size <= _ALIKE:
        return 5
    if size <= _ADJUSTABLE:
        return 4 if adjusted else 3
    return 2


def planned_points(*, before_data: bool) -> int:
    """Five for results that are known to be decided on before the data were drawn; else three."""
    return 5 if before_data else 3


# From trial.yml and the ledger to what the rules ask for.


@dataclass(frozen=True, slots=True)
class Judged:
    """One question of the page: its answer in words, the points (None: cannot be answered), the rule and its source."""

    question: str
    answer: str
    points: int | None
    rule: str


def design_of(trial: Trial) -> Design:
    """The trial's design as the scale asks for it."""
    controlled = any(isinstance(spec, Cox | Did) and spec.adjust_for for spec in trial.analyses)
    return Design(
        kind=trial.design.kind,
        compared=trial.groups.comparison is not None,
        year_before=bool(trial.groups.before),
        several=len(trial.sites.names) > 1 and len(trial.sites.elsewhere) > 1,
        controlled=controlled,
    )


def detectable(found: Finding, level: float) -> float | None:
    """The smallest difference that would have been found with 80 per cent probability, in the row's unit (Bloom 1995).

    The interval gives the standard error; of a ratio of rates the difference is that of the logarithms.
    """
    error = standard_error(found.row, level)
    normal = NormalDist().inv_cdf
    return None if error is None else (normal(1 - level / 2) + normal(POWER)) * error


_GUMBEL_SD = pi / sqrt(6)
"""The standard deviation of the logarithm of a time whose rate is constant: what a log ratio of rates is divided by."""


def spread_of(ledger: Ledger, trial: Trial, found: Finding) -> float | None:
    """The standard deviation that the smallest difference is divided by, in the unit of `detectable`."""
    row = found.row
    if row.unit is Unit.HAZARD_RATIO:
        return _GUMBEL_SD
    levels = list(found.levels or ())[::-1] or [
        one
        for group in _groups(trial, row)
        if (one := ledger.get(make_key(row.measure, statistic="mean", group=group, time=row.time))) is not None
    ]
    if row.statistic == "change":
        levels = ledger.select(measure=row.measure, statistic="mean", group=row.group, site="", subgroup="")
    for one in levels:
        if one.value is None or one.n is None:
            continue
        if one.unit is Unit.PCT and one.statistic == "share":
            spread = sqrt(one.value * (100 - one.value))
        else:
            spread = (standard_error(one, trial.design.level) or 0.0) * sqrt(one.n)
        if spread:  # where all are alike there is none, and the other group's is as good
            return spread
    return None


def _groups(trial: Trial, row: Estimate) -> tuple[str, ...]:
    comparison = trial.groups.comparison
    own = trial.group_of(row.measure)
    return (comparison.id, own) if comparison is not None else (BEFORE, own)


def losses(ledger: Ledger, trial: Trial, found: Finding) -> Losses | None:
    """Who should have been measured and was; None where the ledger does not say who should have been.

    Who cannot be followed so long yet is no loss: the date of entry decides that, and not the person (WWC). So a weekly
    result is held against those whose follow-up reaches the week.
    """
    row, measure = found.row, measure_of(trial, found.result.measure)
    if row.statistic == "change":
        first = ledger.select(measure=row.measure, statistic="mean", group=row.group, site="", subgroup="")
        return Losses((first[0].n,), (row.n,)) if first and first[0].n and row.n else None
    if found.levels is None or measure.population or trial.groups.comparison is None:
        return None
    if isinstance(measure.computed, SurveySource):
        return None
    expected = []
    for one in found.levels:
        key = (
            make_key(FOLLOWED, statistic="count", group=one.group, time=week_label(one.week))
            if one.week is not None
            else make_key(PERSONS, statistic="count", group=one.group)
        )
        expected.append(ledger.get(key))
    measured = [one.n for one in found.levels]
    if any(one is None or not one.value for one in expected) or any(not n for n in measured):
        return None
    return Losses(tuple(int(one.number) for one in expected if one is not None), tuple(n or 0 for n in measured))


def largest_difference(ledger: Ledger) -> Estimate | None:
    """The background row in which the groups differed most at the start, in standard deviations."""
    rows = [
        row
        for row in ledger.select(measure=BACKGROUND, statistic="normalised_difference", group=DIFFERENCE, site="")
        if row.value is not None
    ]
    return max(rows, key=lambda row: abs(row.number), default=None)


# The page.


CERTAIN = WordingTable(
    "certain",
    Wording(
        "high",
        "the lowest answer has four or five points",
        "Som svar på, om indsatsen virker, er resultatet sikkert: {points} af {best} point.",
    ),
    Wording(
        "some",
        "three points",
        "Som svar på, om indsatsen virker, er resultatet nogenlunde sikkert: {points} af {best} point.",
    ),
    Wording(
        "low",
        "one or two points",
        "Som svar på, om indsatsen virker, er resultatet usikkert: {points} af {best} point.",
    ),
    Wording(
        "none", "no points", "Som svar på, om indsatsen virker, er resultatet meget usikkert: {points} af {best} point."
    ),
)
_DESIGN_SAID = {
    Kind.RANDOMISED: "Grupperne er dannet ved lodtrækning",
    Kind.QUASI_EXPERIMENT: "Grupperne er ikke dannet ved lodtrækning, men {where} er sammenlignet med {others}{before}",
    Kind.BEFORE_AFTER: "De samme personer er målt før og efter, og der er ingen sammenligningsgruppe",
    Kind.STATUS: "Der er målt én gang, og der er ingen sammenligningsgruppe",
}


def judged(ledger: Ledger, trial: Trial) -> list[Judged]:
    """The five questions answered for the trial.

    Raises:
        NothingPlannedError: trial.yml names no planned result, and there is nothing to be sure of.
    """
    found = primary_findings(ledger, trial)
    return [
        _judged_design(trial),
        _judged_precision(ledger, trial, found),
        _judged_losses(ledger, trial, found),
        _judged_balance(ledger, trial),
        _judged_planned(trial),
    ]


def rating(judgements: Sequence[Judged]) -> int:
    """The points of the whole: those of its lowest answer."""
    return min(one.points for one in judgements if one.points is not None)


def _judged_design(trial: Trial) -> Judged:
    design, noun = design_of(trial), site_noun(trial)
    said = _DESIGN_SAID[trial.design.kind].format(
        where=f"de deltagende {noun.many}",
        others="de øvrige",
        before=", også i året før" if design.year_before else "",
    )
    points = design_points(design)
    return Judged(
        "Kan forskellen tilskrives indsatsen?",
        f"{said}. Det er niveau {_points(points)} på Maryland-skalaen.",
        points,
        "Maryland Scientific Methods Scale (Sherman m.fl.)",
    )


def _judged_precision(ledger: Ledger, trial: Trial, found: Sequence[Finding]) -> Judged:
    told, sizes = [], []
    for one in found:
        smallest, spread = detectable(one, trial.design.level), spread_of(ledger, trial, one)
        if smallest is None or not spread:
            continue
        size = smallest / spread
        sizes.append(size)
        noun = outcome_noun(measure_of(trial, one.result.measure))
        comma = "," if noun.endswith(",") else ""  # the clause ends behind the parenthesis
        told.append(f"{_smallest(one, smallest)} i {noun.removesuffix(',')} ({_in_sd(size, one.row)}){comma}")
    who, power = _who(ledger, trial, found), _said(100 * POWER)
    return Judged(
        "Kunne en forskel være fundet?",
        f"{who} bliver en virkelig forskel på {list_of_nouns(told)} fundet med {power} pct. sandsynlighed. En mindre "
        "bliver sjældnere fundet."
        if told
        else "Det kan ikke beregnes.",
        precision_points(max(sizes)) if sizes else None,
        "Den mindste forskel (Bloom) i Education Endowment Foundations bånd",
    )


def _smallest(found: Finding, smallest: float) -> str:
    row = found.row
    if row.unit is Unit.HAZARD_RATIO:
        ratio = with_origin((2.718281828459045**smallest - 1) * 100, derived("mindste forskel", [row]))
        return value_text(ratio, Unit.PCT)
    decimals = 0 if row.unit is Unit.HOURS and smallest >= 10 else 1
    return difference_text(with_origin(smallest, derived("mindste forskel", [row])), row.unit, decimals)


def _in_sd(size: float, row: Estimate) -> str:
    return f"{number_text(with_origin(size, derived('mindste forskel', [row])), 2)}{NBSP}standardafvigelse"


def _who(ledger: Ledger, trial: Trial, found: Sequence[Finding]) -> str:
    row = next((one.row for one in found if one.row.n), None)
    persons = f"Med {number_text(row.n or 0)} personer" if row is not None else "Med de personer, der er målt,"
    if not trial.design.clustered or trial.groups.comparison is None:
        return persons
    sites = len(sites_with_persons(ledger, trial.sites.everywhere))
    return f"{persons} fra {count_text(with_origin(sites, derived('steder', ['sites'])), site_noun(trial))}"


def _judged_losses(ledger: Ledger, trial: Trial, found: Sequence[Finding]) -> Judged:
    counted = [(one, lost) for one in found if (lost := losses(ledger, trial, one)) is not None]
    question, rule = "Mangler der nogen?", "Education Endowment Foundations bånd; What Works Clearinghouses grænse"
    if not counted:
        return Judged(question, "Tallene siger ikke, hvem der burde have været målt.", None, rule)
    one, worst = min(counted, key=lambda pair: (loss_points(pair[1]), -pair[1].overall))
    rows = [one.row, *(one.levels or ())]
    if not worst.overall:
        text = f"Alle, der kunne være målt, er med i {_of(trial, one)}."
    else:
        overall = value_text(with_origin(worst.overall, derived("frafald", rows)), Unit.PCT)
        text = f"Af dem, der kunne være målt, mangler {overall} i {_of(trial, one)}."
    if worst.overall and len(worst.expected) > 1:
        apart = value_text(with_origin(worst.differential, derived("frafald", rows)), Unit.PCT_POINT, 1)
        text = f"{text} Forskellen mellem grupperne er {apart}."
    if one.row.week is not None:
        text = f"{text} De, der er kommet ind for sent til at kunne følges så længe, er ikke regnet som frafald."
    return Judged(question, text, loss_points(worst), rule)


def _of(trial: Trial, found: Finding) -> str:
    return f"resultatet for {outcome_noun(measure_of(trial, found.result.measure)).rstrip(',')}"


def _judged_balance(ledger: Ledger, trial: Trial) -> Judged:
    question = "Var grupperne ens fra start?"
    ends = [_said(end, 2) for end in (_ALIKE, _ADJUSTABLE)]
    rule = (
        f"What Works Clearinghouse: højst {ends[0]} standardafvigelse er ens, højst {ends[1]} kan der tages højde for"
    )
    row = largest_difference(ledger)
    if trial.groups.comparison is None:
        return Judged(question, "Der er kun én gruppe.", None, rule)
    if row is None:
        points = None if trial.design.random_allocation else balance_points(None, adjusted=False)
        told = "Grupperne er ikke holdt op mod hinanden på den skala, som reglen bruger."
        return Judged(question, told, points, rule)
    size = number_text(with_origin(abs(row.number), derived("størst", [row])), 2)
    name = escape(decapitalise(background_label(trial, row.subgroup)))
    adjusted = any(isinstance(spec, AtWeek) and spec.adjust_for for spec in trial.analyses)
    told = ", og der er også regnet med kontrol for baggrund" if adjusted and abs(row.number) > _ALIKE else ""
    return Judged(
        question,
        f"Den største forskel er {size}{NBSP}standardafvigelse ({name}){told}.",
        balance_points(row.number, adjusted=adjusted),
        rule,
    )


def _judged_planned(trial: Trial) -> Judged:
    plan = trial.planned
    decided = plan.decided if plan is not None else None
    before = decided is not None and decided < trial.data_date
    if decided is None:
        answer = (
            "Det er ikke oplyst, om de resultater, indsatsen bedømmes på, blev valgt, før tallene var kendt. De regnes "
            "derfor som valgt bagefter."
        )
    elif before:
        answer = f"Resultaterne blev valgt den {date_text(decided)}, før data blev trukket."
    else:
        answer = f"Resultaterne blev valgt den {date_text(decided)}, efter at data var trukket."
    return Judged(
        "Var resultaterne valgt på forhånd?",
        answer,
        planned_points(before_data=before),
        f"Valgt før data: {_said(BEST)}, ellers højst {_said(planned_points(before_data=False))}",
    )


def _given(points: int | None) -> str:
    return "Her gives ikke point" if points is None else f"Point: {_points(points)}"


def _points(points: int) -> str:
    return f"{_said(points)} af {_said(BEST)}"


def _said(number: float, decimals: int = 0) -> str:
    """A number of the rules, or points that they give."""
    return number_text(with_origin(number, of_method("sikkerhed")), decimals)


def in_short(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How sure the result is in one sentence, and what holds it down."""
    answers = judged(ledger, trial)
    weakest = [one.answer for one in answers if one.points == rating(answers) < BEST]
    return f"{' '.join([_whole(answers), *weakest[:1]])}\n"


def _whole(answers: Sequence[Judged]) -> str:
    whole = rating(answers)
    wording = "high" if whole >= 4 else "some" if whole == 3 else "low" if whole else "none"
    return CERTAIN.choose(wording, [], points=_said(whole), best=_said(BEST)).text


def page(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The five questions with their answers, points, rules and sources, and the points of the whole."""
    answers = judged(ledger, trial)
    lines = [f"- **{one.question}** {one.answer} *{_given(one.points)}. {one.rule}.*" for one in answers]
    return f"{_whole(answers)}\n\n" + "\n".join(lines) + "\n"
