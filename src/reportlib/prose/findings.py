"""What a trial found of what it set out to find: the headline, the planned results, and what bears a recommendation.

Every text is chosen by the verdicts on the results that `planned` in trial.yml names. A result that is not significant
says what its interval rules out; that there is no difference is said only where the interval lies inside its margin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reportlib.danish import capitalise, count_text, list_text, noun_of, number_word, round_half_up, value_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.digits import usual_decimals
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE_IN_DIFFERENCES, week_label
from reportlib.ledger.table import corrected_key, tested_row
from reportlib.prose.estimate_text import print_comparison, print_difference, print_limits, relative_text, tal
from reportlib.prose.implementation import reached
from reportlib.prose.section_parts import cautioned, level, measure_of, paragraphs
from reportlib.prose.site_front import stands_out
from reportlib.prose.status import benchmark_of, benchmark_text, rests_on
from reportlib.prose.sureness import Finds, bearing, finds_of, judged, sure
from reportlib.prose.wording import (
    OUT_OF_REGARD,
    Claim,
    Wording,
    WordingTable,
    comparative,
    list_of_nouns,
    tested,
    turned,
)
from reportlib.prose.words import Cause, in_week, outcome_noun, trial_words
from reportlib.text.marks import unmarked
from reportlib.text.markup import escape
from reportlib.text.origin import count_of
from reportlib.text.units import Unit
from reportlib.trial.design import PlannedResult
from reportlib.trial.model import MissingAnalysisError, Trial


class NothingPlannedError(ReportlibError):
    """A text about planned results was asked of a trial that names none."""


class PlannedResultMissingError(ReportlibError):
    """A planned result has no tested difference in the ledger: no analysis computes it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A planned result: its tested difference, the two levels it lies between (where it has any), its verdict."""

    result: PlannedResult
    row: Estimate
    levels: tuple[Estimate, Estimate] | None
    finds: Finds


# From trial.yml to the rows that answer it.


def result_row(ledger: Ledger, trial: Trial, result: PlannedResult, site: str = "") -> Estimate:
    """The row whose verdict is the result, of the whole trial or of one site.

    Raises:
        PlannedResultMissingError: the ledger holds none.
    """
    time = week_label(result.week) if result.week is not None else ""
    group = trial.group_of(result.measure)
    if (row := tested_row(ledger.get, result.measure, group=group, site=site, time=time)) is not None:
        return row
    raise PlannedResultMissingError(
        f"planned result {result.measure}"
        + (f" in week {result.week}" if result.week else "")
        + " is computed nowhere",
        hint="add an analysis that compares the groups, or take the result out of `planned` in trial.yml",
    )


def levels(ledger: Ledger, trial: Trial, row: Estimate) -> tuple[Estimate, Estimate] | None:
    """The two levels whose difference the row is; None where it is no difference between two levels."""
    if row.statistic != "difference" or row.method.startswith(DIFFERENCE_IN_DIFFERENCES):
        return None
    sides = [(AFTER, BEFORE)]
    if trial.groups.comparison is not None:
        sides.insert(0, (trial.groups.treated.id, trial.groups.comparison.id))
    for groups in sides:
        found = [
            ledger.get(make_key(row.measure, statistic="mean", group=group, site=row.site, time=row.time))
            for group in groups
        ]
        if all(one is not None and one.value is not None for one in found):
            first, second = (one for one in found if one is not None)
            return first, second
    return None


def finding(ledger: Ledger, trial: Trial, result: PlannedResult) -> Finding:
    """What the ledger says of a planned result.

    Raises:
        PlannedResultMissingError: it holds no tested difference of it.
    """
    row = result_row(ledger, trial, result)
    together = trial.planned.families[result.family] if trial.planned is not None else []
    if len(together) > 1 and row.value is not None and corrected_key(row) not in ledger:
        raise PlannedResultMissingError(
            f"planned result {result.measure} has no p-value that allows for the others of its family",
            hint="the ledger was made by an earlier version; run the analysis again",
        )
    if row.hidden:  # what the text says of it is a verdict too
        tested(row)
    return Finding(result, row, levels(ledger, trial, row), judged(ledger, trial, row, result.margin))


def planned_findings(ledger: Ledger, trial: Trial) -> list[Finding]:
    """Every planned result in order, primary first.

    Raises:
        NothingPlannedError: trial.yml names none.
    """
    if trial.planned is None:
        raise NothingPlannedError(
            f"trial.yml of {trial.id} names no planned results", hint="add `planned:` with at least one primary result"
        )
    return [finding(ledger, trial, result) for result in trial.planned.results]


def primary_findings(ledger: Ledger, trial: Trial) -> list[Finding]:
    """The planned results that the trial is judged by."""
    found = planned_findings(ledger, trial)
    return found[: len(trial.planned.primary)] if trial.planned is not None else found


# The two sides of a result in few words: `12 pct. mod 7 pct. i uge 35`.


def sides(ledger: Ledger, trial: Trial, found: Finding) -> str:
    """The numbers of a result: its two levels, or how much more or less there is."""
    row, words = found.row, trial_words(trial)
    measure = measure_of(trial, row.measure)
    when = f" {in_week(measure, row.week)}" if row.week is not None else ""
    if found.levels is not None:
        printed = print_comparison(*found.levels, row, level=words.level)
        if unmarked(printed.treated) == unmarked(printed.comparison) and trial.groups.comparison is not None:
            return f"{printed.treated} i begge grupper{when}"
        place = f" {words.groups.place}" if row.site and trial.groups.comparison is not None else ""
        return f"{printed.treated} mod {printed.comparison}{place}{when}"
    if row.unit is Unit.HAZARD_RATIO:
        many = _apart(relative_text(row), Unit.COUNT, round_half_up((row.number - 1) * 100))
        return f"af dem, der er tilbage, går {many} videre hver uge end ellers"
    if row.statistic == "over_benchmark":
        _, part = benchmark_of(trial, row.measure)
        return f"{tal(level(ledger, trial, measure, row.site or None))} mod {benchmark_text(trial, part)}"
    _, size, _ = print_difference(row, level=words.level)
    return f"{_apart(size, row.unit, round_half_up(row.number, usual_decimals(row)))}{when}"


def _apart(size: str, unit: Unit, change: Decimal) -> str:
    """`1,0 time mere`, or `hverken mere eller mindre` where the change prints as none."""
    more, less = (comparative(unit, up=up) for up in (True, False))
    return f"hverken {more} eller {less}" if change.is_zero() else f"{size} {more if change > 0 else less}"


HEADLINE = WordingTable(
    "headline",
    Wording("effect-up", "randomised, significantly more", "{More} med {title}: {sides}."),
    Wording("effect-down", "randomised, significantly less", "{Less} med {title}: {sides}."),
    *turned(
        ("assumed-up", "quasi-experiment, significantly more"),
        ("assumed-down", "quasi-experiment, significantly less"),
        "Sammenligningen tyder på [{more}:|{less}:] {sides}.",
    ),
    Wording("difference-up", "before/after or status, significantly more", "{More} end {before}: {sides}."),
    Wording("difference-down", "before/after or status, significantly less", "{Less} end {before}: {sides}."),
    Wording(
        "open", "a comparison of two groups, not significant", "Om indsatsen giver {more}, er ikke afgjort: {sides}."
    ),
    Wording(
        "difference-open",
        "before/after or status, not significant",
        "Om der er {more} end {before}, er ikke afgjort: {sides}.",
    ),
    Wording(
        "alike",
        "not significant, and the interval lies inside the declared margin",
        "Hverken {more} eller {less} af betydning: {sides}.",
    ),
    Wording("untested", "no test and no interval", "Der er ikke regnet usikkerhed på {noun}: {sides}."),
    Wording("hidden", "the difference may not be shown", "Resultatet for {noun} vises ikke {why}."),
)
# What a headline of a design that shows no effects ends with.
CAVEAT = WordingTable(
    "caveat",
    Wording(
        "assumed",
        "quasi-experiment with a significant result",
        "Sammenligningen forudsætter, at udviklingen ellers ville have været den samme.",
    ),
    Wording("before-after", "the same persons before and after", "Om det skyldes indsatsen, kan tallene ikke vise."),
    Wording("status", "a status without a comparison", "Hvad indsatsen har betydet, kan tallene ikke vise."),
)


def told(ledger: Ledger, trial: Trial, found: Finding) -> Claim:
    """A planned result in one short sentence with its numbers."""
    cause, result = trial_words(trial).design.cause, found.result
    prefix = {Cause.EFFECT: "effect", Cause.ASSUMED: "assumed", Cause.NONE: "difference"}[cause]
    finds = found.finds
    wording = f"{prefix}-{finds}" if finds.sure else finds.value
    if finds is Finds.OPEN and cause is Cause.NONE:
        wording = "difference-open"
    return HEADLINE.choose(
        wording,
        [found.row, *(found.levels or ())],
        More=capitalise(result.more),
        Less=capitalise(result.less),
        more=result.more,
        less=result.less,
        title=_set_apart(trial.title),
        before=_before(trial, found),
        sides="" if finds is Finds.HIDDEN else sides(ledger, trial, found),
        noun=outcome_noun(measure_of(trial, result.measure)),
        why=OUT_OF_REGARD,
    )


def _set_apart(name: str) -> str:
    """A name of several words in italics: a reader sees where the name ends and the sentence goes on."""
    return f"*{name}*" if " " in name else name


def _before(trial: Trial, found: Finding) -> str:
    """What a difference of a design without a comparison group is held against: `før start`, `i Flere Skal Med`."""
    try:
        return f"i {_set_apart(escape(benchmark_of(trial, found.row.measure)[0].name))}"
    except MissingAnalysisError:
        return "ved første måling" if found.row.statistic == "change" else "før start"


def headline(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The answer: what the primary results show, what is not settled, and what the design cannot show."""
    found = sorted(primary_findings(ledger, trial), key=lambda one: not one.finds.settled)
    claims = [told(ledger, trial, one).then(_rests_on_one(ledger, trial, one)) for one in found]
    cause = trial_words(trial).design.cause
    caveat: Claim | str = ""
    if cause is Cause.NONE:
        caveat = CAVEAT.choose(trial.design.kind.value.replace("_", "-"), [one.row for one in found])
    elif cause is Cause.ASSUMED and any(one.finds.sure for one in found):
        caveat = CAVEAT.choose("assumed", [one.row for one in found])
    return claims[0].then(*claims[1:], caveat).text


def own_findings(ledger: Ledger, trial: Trial, site: str) -> list[Finding]:
    """The primary results that one site has numbers of its own for, what is settled first.

    A difference that stands before but not after the correction for having tested every site is not settled.
    """
    found = []
    for result in trial.planned.primary if trial.planned is not None else ():
        try:
            row = result_row(ledger, trial, result, site)
        except PlannedResultMissingError:
            continue
        if row.value is None:
            continue
        found.append(Finding(result, row, levels(ledger, trial, row), judged(ledger, trial, row, result.margin)))
    return sorted(found, key=lambda one: not one.finds.settled)


def own_headline(ledger: Ledger, trial: Trial, site: str) -> str:
    """What the site's own numbers say: its own primary results, its targets, and where it is apart from all others.

    Empty where trial.yml asks for no numbers of its own.
    """
    found = own_findings(ledger, trial, site)
    told_of = [told(ledger, trial, one).text for one in found]
    targets = reached(ledger, trial, site) if any(element.components for element in trial.elements) else ""
    out = stands_out(ledger, trial, site, [one.row.measure for one in found])
    return " ".join(part for part in (*told_of, targets, "" if out is None else out.text) if part)


def answer(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The headline as the cover has it: in a site's version its own first, then the whole trial's, each by name."""
    whole = headline(ledger, trial, site=site)
    if site is None:
        return whole
    own, name = own_headline(ledger, trial, site), escape(site)
    where = f"**Hele {trial.design.undertaking}:** {whole}"
    named = f"**{name}**{own.removeprefix(name)}" if own.startswith(f"{name} ") else f"**{name}:** {own}"
    return f"{named}\\\n{where}" if own else where


def headline_box(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The headline as the resume begins with it; a site's version has its own first, then the whole trial's."""
    told_first = answer(ledger, trial, site=site) if site else f"**{headline(ledger, trial, site=site)}**"
    return f'::: {{.boks .fremhaev title="Hovedresultat"}}\n{told_first}\n:::\n'


# What the interval says of a result, in words a reader can use.


OPPOSITE = WordingTable(
    "opposite",
    Wording("opposite", "significant, to the other side than an expectation says", "Man ventede det modsatte."),
)
RULES_OUT = WordingTable(
    "rules-out",
    Wording(
        "both",
        "not significant: how large a rise and how large a fall the interval rules out",
        "Tallene udelukker et fald på mere end {down} og en stigning på mere end {up}.",
    ),
    Wording(
        "rate",
        "not significant, a ratio of rates",
        "Tallene udelukker, at det er mere end {down} færre eller {up} flere.",
    ),
    Wording(
        "benchmark",
        "not significant, beside a benchmark: nothing has risen or fallen",
        "Tallene udelukker, at det er mere end {down} under eller {up} over.",
    ),
    Wording(
        "family",
        "significant, but not among the results that answer the same question",
        "Forskellen er sikker for sig, men ikke vist sikker, når der tages højde for, at flere resultater svarer "
        "på det samme.",
    ),
    Wording(
        "one-site",
        "a distance to a benchmark that is not the same without one of these sites",
        "Forskellen holder ikke uden {sites}.",
    ),
    Wording(
        "margin",
        "inside the margin",
        "Forskellen er højst {margin} til begge sider, og under den grænse betyder den ikke noget.",
    ),
)


def rules_out(ledger: Ledger, trial: Trial, found: Finding) -> str:
    """What the numbers rule out where a result is not significant; of one that is, the site it rests on."""
    row = found.row
    if resting := _rests_on_one(ledger, trial, found):
        return resting
    if found.finds is Finds.OPEN and finds_of(row, trial).sure:
        return RULES_OUT.choose("family", [row]).text
    if found.finds is Finds.ALIKE and found.result.margin is not None:
        margin = value_text(found.result.margin, row.unit)
        return RULES_OUT.choose("margin", [row], margin=margin).text
    if found.finds is not Finds.OPEN or row.ci_low is None or row.ci_high is None:
        return ""
    down, up = print_limits(row)
    wording = "rate" if row.unit is Unit.HAZARD_RATIO else "benchmark" if row.statistic == "over_benchmark" else "both"
    return RULES_OUT.choose(wording, [row], down=down, up=up).text


def _rests_on_one(ledger: Ledger, trial: Trial, found: Finding) -> str:
    """That a sure distance to a benchmark is not there without one of the sites; the headline says it too."""
    if not found.finds.sure or found.row.statistic != "over_benchmark":
        return ""
    sites = [escape(site) for site in rests_on(ledger, trial, found.row.measure)]
    return RULES_OUT.choose("one-site", [found.row], sites=list_text(sites, last="eller")).text if sites else ""


def planned(ledger: Ledger, trial: Trial, *families: str, site: str | None, most: int | None = None) -> str:
    """The planned results as a list, each with its verdict and what it rules out; what is primary is in bold.

    Args:
        families: only the results of these, for the end of a chapter.
        most: so many at most, from the first.
    """
    found = [one for one in planned_findings(ledger, trial) if not families or one.result.family in families][:most]
    primary = trial.planned.primary if trial.planned is not None else ()
    lines = []
    for one in found:
        text = told(ledger, trial, one).text
        label = sure(one.finds).text.removesuffix(".")
        verdict = "" if one.finds is Finds.HIDDEN else f"*{label}.*"  # which the text says itself
        caution = "" if one.finds is Finds.HIDDEN else cautioned(measure_of(trial, one.row.measure))
        told_first = f"**{text}**" if one.result in primary else text
        parts = [told_first, verdict, _against_expected(trial, one), rules_out(ledger, trial, one), caution]
        lines.append("- " + " ".join(part for part in parts if part))
    return "\n".join(lines) + "\n"


def _against_expected(trial: Trial, found: Finding) -> str:
    """That a sure result goes against what trial.yml says was expected of it; empty where it does not."""
    expected = {one.bears[found.row.key] for one in trial.hypotheses if found.row.key in one.bears}
    against = found.finds.sure and {Finds.UP: Finds.DOWN, Finds.DOWN: Finds.UP}[found.finds] in expected
    return OPPOSITE.choose("opposite", [found.row]).text if against else ""


# What a recommendation rests on.


def holds(ledger: Ledger, trial: Trial, bears: Mapping[str, str], *, site: str | None) -> str:
    """Nothing: written before prose that rests on findings (as in `recommendations`), it stops a report without them.

    Raises:
        FindingFlippedError: a finding says something else now.
    """
    bearing(ledger, trial, "what the document says", bears)
    return ""


def recommendations(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The evaluator's recommendations, each with what it rests on; one whose findings have flipped stops the report."""
    told = []
    for one in trial.recommendations:
        rests = bearing(ledger, trial, f"the recommendation {one.title!r}", one.bears, site)
        rests += [one.rests] if one.rests else []
        where = f" (@{one.section})" if one.section else ""
        on = list_of_nouns(list(dict.fromkeys(rests))).rstrip(",")
        comma = "," if on.startswith("at ") else ""
        title = f"{capitalise(one.to)}: {one.title}" if one.to else one.title
        told.append(f"**{title}.** {one.text} *Bygger på{comma} {on}*{where}.")
    return paragraphs(*told)


def recommended(ledger: Ledger, trial: Trial, *, site: str | None, most: int | None = None) -> str:
    """The recommendations' titles as a list by those they are to, for the summary; stops as `recommendations` does."""
    recommendations(ledger, trial, site=site)
    by_whom: dict[str, list[str]] = {}
    for one in trial.recommendations[:most]:
        by_whom.setdefault(one.to or "", []).append(f"{one.title}.")
    lines = []
    for to, titles in by_whom.items():
        lines += [f"**{capitalise(to)}:** {' '.join(titles)}"] if to else titles
    return "\n".join(f"- {line}" for line in lines) + "\n"


def exploratory_note(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Which results are planned and that everything else is exploratory, with the families that are tested together."""
    found = [one.row for one in planned_findings(ledger, trial)]
    asked = trial.planned.families if trial.planned is not None else {}
    families = [
        f"{number_word(count_of([one.measure for one in results]), noun_of('resultat').gender)} om {family}"
        for family, results in asked.items()
    ]
    them = "det" if len(found) == 1 else "dem"
    return paragraphs(
        f"{capitalise(count_text(count_of(found), 'resultat'))} er udpeget som {them}, {trial.design.undertaking} "
        f"bedømmes på, og resumeet begynder med {them}: {list_text(families)}. Alt andet er eksplorativt. Det kan "
        "give ideer til, hvad der skal undersøges næste gang, men når man ser på mange tal, vil nogle skille sig ud "
        "ved et tilfælde."
    )
