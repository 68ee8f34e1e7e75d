"""What every section needs: rows by measure and week, templates, whom a number counts, a site beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reportlib.danish import count_text, list_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import AT_LEAST_TWO, DIFFERENCE, FOLLOWED, PERSONS, others_than, week_label
from reportlib.prose.estimate_text import tal, with_counts
from reportlib.prose.site_claims import stands_apart
from reportlib.prose.week_claims import LONGEST_SHORT_RUN
from reportlib.prose.wording import Claim, Wording, WordingTable
from reportlib.prose.words import TrialWords, site_noun, trial_words
from reportlib.text.marks import once, unmarked
from reportlib.text.markup import escape
from reportlib.text.origin import fact, with_origin
from reportlib.trial.analyses import Subgroups
from reportlib.trial.measures import EventWithin, MeasureSpec, Population, SurveySource
from reportlib.trial.model import Trial

# What every section needs: rows by measure and week, the words of a measure, and templates.


class NoComparisonError(ReportlibError):
    """A section about two groups was asked of a trial with one."""


class NoNumberFactError(ReportlibError):
    """A number was wanted of a fact that is a date."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reportlib.prose"),
        undefined=StrictUndefined,
        autoescape=False,  # the output is Markdown; names from data are escaped where they enter
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, **values: Any) -> str:
    """The template of that name, filled in."""
    return _environment().get_template(f"{template}.md.j2").render(**values)


def few_places(trial: Trial) -> str:
    """That errors are computed between few places, where the design has them so; once in a report."""
    if not trial.few_places or not trial.design.clustered:
        return ""
    many = trial.sites.noun.many
    return once(f"Der er så få {many}, at usikkerheden, som er beregnet mellem dem, selv er usikker.")


def paragraphs(*parts: object) -> str:
    """Texts as Markdown paragraphs, empty ones left out."""
    return "\n\n".join(text for part in parts if (text := str(part).strip())) + "\n"


def as_cards(lines: Sequence[str]) -> str:
    """Key numbers as a list of cards; empty without any."""
    return "::: {.noegletal}\n" + "\n".join(lines) + "\n:::\n" if lines else ""


def number_fact(trial: Trial, name: str) -> float:
    """A fact of trial.yml that is a number, which remembers where it comes from.

    Raises:
        NoNumberFactError: it is a date.
    """
    value = trial.facts[name].value
    if not isinstance(value, int | float):
        raise NoNumberFactError(f"the fact {name} of {trial.id} is no number", hint="name another fact in trial.yml")
    return with_origin(value, fact(name))


def measure_of(trial: Trial, measure_id: str) -> MeasureSpec:
    """The catalogue entry; an unknown id is told with the nearest."""
    return trial.measure_by_id[measure_id]


def cautioned(measure: MeasureSpec) -> str:
    """What a summary says beside the measure's number wherever it shows it; empty where trial.yml says nothing."""
    return escape(measure.caution or "")


def sites_with_persons(ledger: Ledger, sites: Sequence[str]) -> list[str]:
    """The sites without those that the ledger counts nobody in; one whose count hides has somebody."""
    counts = ledger.select(measure=PERSONS, statistic="count", subgroup="")
    inhabited = {row.site for row in counts if row.value != 0}
    return [site for site in sites if site in inhabited or not any(row.site == site for row in counts)]


def groups_of(trial: Trial) -> tuple[str, str]:
    """The ids of the treated and the comparison group.

    Raises:
        NoComparisonError: the trial has no comparison group.
    """
    if trial.groups.comparison is None:
        raise NoComparisonError(f"{trial.id} has no comparison group", hint="leave the section out of the document")
    return trial.groups.treated.id, trial.groups.comparison.id


def at_week(ledger: Ledger, trial: Trial, measure_id: str, week: int | None) -> tuple[Estimate, Estimate, Estimate]:
    """The two levels and their difference in one week, or of what is measured once."""
    time = "" if week is None else week_label(week)
    treated, comparison = groups_of(trial)
    return (
        ledger[make_key(measure_id, statistic="mean", group=treated, time=time)],
        ledger[make_key(measure_id, statistic="mean", group=comparison, time=time)],
        ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, time=time)],
    )


def accumulated_to(ledger: Ledger, trial: Trial, measure_id: str, week: int) -> Estimate | None:
    """The weekly differences added up to a week; None where the analysis is asked for, and so few were followed that
    no sum reaches the week.

    Raises:
        UnknownKeyError: no analysis of trial.yml adds the measure up.
    """
    asked = any(
        getattr(spec, "accumulate", False) and measure_id in getattr(spec, "measures", ()) for spec in trial.analyses
    )
    key = make_key(measure_id, statistic="accumulated", group=DIFFERENCE, time=week_label(week))
    return ledger.get(key) if asked else ledger[key]


def weekly_rows(ledger: Ledger, measure_id: str, statistic: str) -> list[Estimate]:
    """The rows of a weekly statistic of the difference for the whole trial, by week."""
    rows = [
        row
        for row in ledger.select(measure=measure_id, group=DIFFERENCE, statistic=statistic, site="", subgroup="")
        if row.week is not None
    ]
    return sorted(rows, key=lambda row: row.week or 0)


def last_week_with_enough(ledger: Ledger, trial: Trial) -> int:
    """The last event week in which every group has enough persons for a verdict; 0 when there is none."""
    enough = trial.follow_up.enough
    by_week: dict[int, list[float]] = {}
    for row in ledger.select(measure=FOLLOWED):
        if row.week is not None:
            by_week.setdefault(row.week, []).append(row.value or 0)
    return max((week for week, counts in by_week.items() if min(counts) >= enough), default=0)


def last_week_shown(ledger: Ledger, trial: Trial, measure_id: str) -> int:
    """The last event week with enough persons whose difference may be shown; 0 when there is none."""
    enough = last_week_with_enough(ledger, trial)
    weeks = [row.week or 0 for row in weekly_rows(ledger, measure_id, "difference") if row.value is not None]
    return max((week for week in weeks if week <= enough), default=0)


def lasting_week(ledger: Ledger, trial: Trial, measure_id: str) -> Estimate | None:
    """The row of the first week from which a difference lasts; None where there is none.

    A difference that is seen in the last few weeks only may or may not last: that is no such week either.
    """
    rows = ledger.select(measure=measure_id, group=DIFFERENCE, statistic="first_lasting_week", site="", subgroup="")
    first = rows[0].value if rows else None
    weeks = [row.week or 0 for row in weekly_rows(ledger, measure_id, "difference") if row.value is not None]
    last = last_week_shown(ledger, trial, measure_id) or max(weeks, default=0)  # where nobody counts who is followed
    return None if first is None or last - first < LONGEST_SHORT_RUN else rows[0]


def change_of(ledger: Ledger, trial: Trial, measure_id: str) -> Estimate | None:
    """How a score has changed from the first measurement to the last, of those who have two or more."""
    group = trial.group_of(measure_id)
    return ledger.get(make_key(measure_id, statistic="change", group=group, subgroup=AT_LEAST_TWO))


def interactions(ledger: Ledger, spec: Subgroups) -> dict[str, Estimate]:
    """Each division's label and the test of whether the difference depends on it, which allows for their number."""
    time = week_label(spec.week) if spec.week else ""
    key = partial(make_key, spec.measure, statistic="interaction_holm", group=DIFFERENCE, time=time)
    rows = {division.label: ledger.get(key(subgroup=division.id)) for division in spec.by}
    return {label: row for label, row in rows.items() if row is not None and row.p is not None}


def level(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str | None = None) -> Estimate:
    """The share or mean of a person or survey measure, in all or in one site."""
    group = trial.group_of(measure.id)
    return ledger[make_key(measure.id, statistic="mean", group=group, site=site or "")]


def others(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str) -> Estimate:
    """The same number for all other sites."""
    return ledger[make_key(measure.id, statistic="mean", group=trial.group_of(measure.id), site=others_than(site))]


def by_site(ledger: Ledger, trial: Trial, measure: MeasureSpec) -> list[tuple[str, Estimate]]:
    """Every site with its row, in the trial's order."""
    return [(site, level(ledger, trial, measure, site)) for site in trial.sites.names]


# A site's own number beside that of all other sites, after a sentence that has said what the number is.


BESIDE = WordingTable(
    "beside",
    Wording(
        "apart",
        "both may be shown, and their intervals do not overlap",
        "I {site} er det {own} mod {others} i de øvrige {sites}. {site} ligger {over} de øvrige, også når der tages "
        "højde for usikkerheden.",
    ),
    Wording(
        "within",
        "both may be shown, and their intervals overlap",
        "I {site} er det {own} mod {others} i de øvrige {sites}. Når der tages højde for usikkerheden, kan {site} "
        "ikke skelnes fra de øvrige {sites}.",
    ),
    Wording(
        "untested",
        "both may be shown, and one has no interval",
        "I {site} er det {own} mod {others} i de øvrige {sites}. Usikkerheden er ikke beregnet, så forskellen kan ikke "
        "fortolkes.",
    ),
    Wording(
        "own-only",
        "the number of the others is hidden",
        "I {site} er det {own}. Tallet for de øvrige {sites} vises ikke.",
    ),
    Wording("hidden", "the site's number is hidden", "Tallet for {site} vises ikke."),
    Wording("missing", "the site has nobody to measure", "For {site} er tallet ikke opgjort."),
)


def beside(own: Estimate, others: Estimate, site: str, trial: Trial) -> Claim:
    """`I Aarhus er det 41 pct. mod 48 pct. i de øvrige kommuner. ...`: `det` is what the sentence before told."""
    return BESIDE.choose(
        against_others(own, others),
        [own, others],
        site=escape(site),
        own="" if own.value is None else with_counts(own),
        others="" if others.value is None else tal(others),
        sites=site_noun(trial).many,
        over="" if None in (own.value, others.value) else "over" if own.number > others.number else "under",
    )


def own_beside(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str) -> Claim:
    """A site's share or mean of a measure beside that of all other sites."""
    return beside(level(ledger, trial, measure, site), others(ledger, trial, measure, site), site, trial)


def against_others(own: Estimate, others: Estimate) -> str:
    """Which of the wordings of `BESIDE` fits a site's number and that of the others."""
    if own.value is None:
        return "hidden" if own.hidden else "missing"
    if others.value is None:
        return "own-only"
    if None in (own.ci_low, own.ci_high, others.ci_low, others.ci_high):
        return "untested"
    return "apart" if stands_apart(own, others) else "within"


# Whom a number counts, in words: in the sentence where it says what they have done, else in a note.


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
        who = found.population if all_narrower or not found.told else ""
        if isinstance(measure.computed, EventWithin) and not found.population:  # who came too late is not counted
            who = f"{trial.persons.many}, der kan følges i {count_text(measure.computed.weeks, 'uge')}"
        if who:
            same = next((told for told in by_population if unmarked(told) == unmarked(who)), who)
            by_population.setdefault(same, []).append(f"*{escape(measure.label)}*")
    if not by_population:
        return ""
    sentences = []
    for who, labels in by_population.items():
        inside = "" if len(labels) == len(measures) > 1 else f" i {list_text(labels)}"
        comma = "," if ", der " in who else ""
        sentences.append(f"Kun {who}{comma} er talt med{inside}.")
    return f"::: {{.note .fri}}\nAnm.: {' '.join(sentences)}\n:::"
