"""Who takes part, whether the groups are alike, who is followed, and how it was measured."""

from __future__ import annotations

from collections import Counter
from datetime import date

from reportlib.danish import (
    confidence_name,
    confidence_text,
    count_text,
    date_text,
    decapitalise,
    event_weeks,
    list_text,
    number_text,
    on_date,
    value_text,
)
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import BACKGROUND, DIFFERENCE, EVERYONE, FOLLOWED, PERSONS, week_label
from reportlib.prose.effect_claims import balance_verdict
from reportlib.prose.estimate_text import fewer_than, hidden_text, tal
from reportlib.prose.evidence_bank import box
from reportlib.prose.section_parts import fill, groups_of, last_week_with_enough, paragraphs, sites_with_persons
from reportlib.prose.wording import list_of_nouns
from reportlib.prose.words import site_noun, trial_words
from reportlib.text.markup import escape
from reportlib.text.origin import Kind, Origin, count_of, derived, setting, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import SiteEffects, Weekly
from reportlib.trial.measures import Run
from reportlib.trial.model import Trial

# How the numbers are made, in words that follow the settings they were made with.


def effects(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How effects are estimated, which intervals are drawn, and when a difference is called lasting.

    Raises:
        NoComparisonError: the trial has no comparison group, so there is no difference to explain.
    """
    groups_of(trial)
    weekly = [spec for spec in trial.analyses if isinstance(spec, Weekly)]
    sites = site_noun(trial)
    return fill(
        "method_effects",
        random_allocation=trial.design.random_allocation,
        groups=list_text([group.label for group in trial.all_groups]),
        clustered=any(spec.correction == "CR2" for spec in weekly),
        site=sites.one,
        sites=sites.many_definite,
        confidence=confidence_text(trial.design.level),
        by_site=any(isinstance(spec, SiteEffects) for spec in trial.analyses),
        own=escape(site or ""),
        enough=count_text(trial.follow_up.enough, "person"),
    )


def certainty(ledger: Ledger, trial: Trial, *, table: str, site: str | None) -> str:
    """What a difference is called that the uncertainty does not allow, and where intervals and p-values stand.

    `table` is the id of the document's `uncertainty.table`.
    """
    level = with_origin(trial.design.level, setting("design.level"))
    interval = confidence_name(trial.design.level)
    together = trial.planned is not None and any(len(results) > 1 for results in trial.planned.families.values())
    return fill("method_certainty", interval=interval, level=number_text(level, 2), table=table, together=together)


def follow_up(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What a week is, who is followed, and how hours become weekly."""
    runs = [measure.computed for measure in trial.measures if isinstance(measure.computed, Run)]
    return fill(
        "method_follow_up",
        last_day=date_text(trial.follow_up.last_day),
        undertaking=trial.design.undertaking,
        hours=trial.extracts.paid_hours is not None,
        run=value_text(runs[0].weeks, Unit.WEEKS) if runs else "",
        gap=count_text(runs[0].gap, "uge") if runs and runs[0].gap else "",
    )


def disclosure(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What is hidden and why."""
    zero = "" if not trial.disclosure.show_zero else "; er tallet nul, vises det dog"
    one = "ét" if trial.sites.noun.gender == "et" else "én"
    few = fewer_than(trial.disclosure.threshold)
    return fill("method_disclosure", few=few, zero=zero, site=site_noun(trial).one, one=one)


def read_and_dropped(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Which files the numbers come from, how many rows they hold, and how many were not used and why."""
    told = []
    for file in ledger.header["files"]:
        origin = Origin(file["name"], kind=Kind.FILE)
        left_out = [
            f"{number_text(with_origin(rows, origin))} {_why(reason)}"
            for reason, rows in file["dropped"].items()
            if rows
        ]
        tail = f", heraf {list_of_nouns(left_out).rstrip(',')}, som ikke er brugt" if left_out else ""
        told.append(f"{escape(file['name'])} ({number_text(with_origin(file['rows'], origin))} rækker{tail})")
    return paragraphs(f"Udtrækkene er fra {on_date(trial.data_date)}: {list_text(told)}.")


# How the readers' reasons for leaving rows out begin, and what they are called here.
_REASONS = {
    "records of persons who do not take part": "om personer, der ikke er med,",
    "sheets of persons who do not take part": "fra personer, der ikke er med,",
    "records of months outside the follow-up": "om måneder uden for opfølgningen",
    "records that stand twice": "der står to gange,",
    "events before entry": "fra før start",
    "events after": "fra efter opfølgningens slutning",
}


def _why(reason: str) -> str:
    return next((text for start, text in _REASONS.items() if reason.startswith(start)), "af andre grunde")


def synthetic_notice(ledger: Ledger, trial: Trial, *, site: str | None, published: bool = True) -> str:
    """The plain notice that the data is made up, after a `published` evaluation or not; empty for real data."""
    return fill("synthetic_notice", published=published) if trial.synthetic else ""


def evidence_bank(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What the trial adds to Jobeffekter.dk: direction and weight of its results, in the bank's words."""
    return box(ledger, trial)


# Who takes part: how many, how long they are followed, and whether the groups were alike before entry.


def persons(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many persons there are in each group, in how many sites, and since when."""
    found = sites_with_persons(ledger, trial.sites.names)
    origin = setting("sites") if len(found) == len(trial.sites.names) else derived("steder", ["sites"])
    sites = count_text(with_origin(len(found), origin), site_noun(trial))
    elsewhere, total = trial.sites.elsewhere, _count(ledger, EVERYONE)
    groups = f": {_by_group(ledger, trial)}" if len(trial.every_group) > 1 else ""
    came = "kommet ind i forsøget" if trial.design.random_allocation else "kommet med"
    first, last = trial.period.before_first, trial.period.before_last
    before = f", og grupperne fra tiden før {_entered(first, last)}" if trial.groups.before and first and last else ""
    text = f"Analysen omfatter {_text(total)} personer{'' if elsewhere else f' fra {sites}'}{groups}. "
    text += f"De er {came} {_entered(trial.period.first, trial.period.last)}{before}."
    if site is not None:
        text += f" Fra {escape(site)} kommer {_by_group(ledger, trial, site)}."
    return text + "\n"


def _by_group(ledger: Ledger, trial: Trial, site: str = "") -> str:
    """Each group's persons; at a site without the groups that come from elsewhere."""
    if len(trial.every_group) == 1:
        return _text(_count(ledger, trial.groups.treated.id, site))
    counts = [(_count(ledger, group.id, site), group.label) for group in trial.every_group]
    if site and trial.sites.elsewhere:
        counts = [(row, label) for row, label in counts if row.value != 0]
    return list_text([f"{_text(row)} i {label}" for row, label in counts])


def followed(ledger: Ledger, trial: Trial, *weeks: int, site: str | None) -> str:
    """How many can be followed for so many weeks, and up to which week a verdict is given."""
    told = []
    for week in sorted(weeks):
        rows = [
            ledger[make_key(FOLLOWED, statistic="count", group=g.id, time=week_label(week))] for g in trial.all_groups
        ]
        if all(row.value is not None for row in rows):
            told.append(f"{number_text(_sum(rows))} personer i mindst {value_text(week, Unit.WEEKS)}")
    last = last_week_with_enough(ledger, trial)
    weeks_text = value_text(trial.follow_up.weeks, Unit.WEEKS)
    longest = f"Personerne følges i op til {weeks_text}, regnet fra den uge, de kom ind i {trial.design.undertaking}."
    thin = f" Vi kan følge {list_text(told)}." if told else ""
    many = f"begge grupper har mindst {count_text(trial.follow_up.enough, 'person')}"
    enough = (
        f" Konklusioner om varige forskelle bygger på {event_weeks(last)}, hvor {many}. "
        "Derefter er tallene for usikre til konklusioner."
        if last
        else f" Der er ingen uge, hvor {many}, og rapporten drager derfor ingen konklusioner om varige forskelle."
    )
    return longest + thin + (enough if last < trial.follow_up.weeks else "") + "\n"


def preliminary(ledger: Ledger, trial: Trial, week: int, *, site: str | None) -> str:
    """That results are preliminary: how many of all can be followed for so many weeks."""
    total = _count(ledger, EVERYONE)
    rows = [ledger[make_key(FOLLOWED, statistic="count", group=g.id, time=week_label(week))] for g in trial.all_groups]
    if total.value is None or any(row.value is None for row in rows):
        return "Resultaterne er foreløbige.\n"
    return (
        f"Resultaterne er foreløbige. Af {trial.design.undertaking}s {tal(total)} personer kan "
        f"{number_text(_sum(rows))} følges i mindst {count_text(week, 'uge')}, og jo længere tid "
        "der går efter start, desto færre personer bygger tallene på.\n"
    )


def balance(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The verdict of the joint test of background, and which kendetegn differ one by one."""
    words = trial_words(trial)
    rows = ledger.select(measure=BACKGROUND, group=DIFFERENCE, statistic="difference")
    answers = Counter(_column(row) for row in rows)
    # The shares of two answers that sum to a hundred are one test, told by the name of the question.
    tests = {row.subgroup if answers[_column(row)] > 2 else _column(row): row for row in rows}
    different = [
        decapitalise(escape(background_label(trial, name)))
        for name, row in tests.items()
        if row.p is not None and row.p < words.level
    ]
    joint = ledger[make_key(BACKGROUND, statistic="joint_test", group=DIFFERENCE)]
    return balance_verdict(joint, count_of(list(tests.values())), words=words, different=different).text + "\n"


def _sum(rows: list[Estimate]) -> float:
    return with_origin(sum(row.number for row in rows), derived("sum", rows))


def _column(row: Estimate) -> str:
    """`ydelse` of `ydelse:Kontanthjælp`."""
    return row.subgroup.partition(":")[0]


def background_label(trial: Trial, covariate: str) -> str:
    """The Danish label of a background column, or of one of its categories: `Ydelse ved visitation: kontanthjælp`."""
    column, _, value = covariate.partition(":")
    label = trial.extracts.participants.background.get(column, column)
    return f"{label}: {value}" if value else label


def _entered(first: date, last: date) -> str:
    """When people entered: a span, or the one day."""
    return on_date(first) if first == last else f"fra {on_date(first)} til {on_date(last)}"


def _count(ledger: Ledger, group: str, site: str = "") -> Estimate:
    return ledger[make_key(PERSONS, statistic="count", group=group, site=site)]


def _text(row: Estimate) -> str:
    return hidden_text(row) if row.value is None else tal(row)
