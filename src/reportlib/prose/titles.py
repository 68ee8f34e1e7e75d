"""What a figure or a main table found, as the title it begins with; measure and population follow as its caption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from reportlib.danish import NBSP, Noun, capitalise, count_text, list_text, number_text, out_of_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.section_parts import interactions, last_week_shown, lasting_week, measure_of, weekly_rows
from reportlib.prose.site_claims import Named, may_be_ranked, tied_groups
from reportlib.prose.sureness import finds_of
from reportlib.prose.target_claims import fidelity_level
from reportlib.prose.week_claims import band_holds
from reportlib.prose.wording import Verdict, Wording, WordingTable, turned, verdict
from reportlib.prose.words import outcome_noun, site_noun
from reportlib.text.origin import count_of
from reportlib.text.units import null_value
from reportlib.trial.analyses import Light, Subgroups, Target
from reportlib.trial.model import Trial

FOUND_TITLE = WordingTable(
    "found-title",
    Wording("higher-from", "the difference lasts, treated above", "{Noun} er højere fra uge{nb}{week}"),
    Wording("lower-from", "the difference lasts, treated below", "{Noun} er lavere fra uge{nb}{week}"),
    *turned(
        ("most-weeks-up", "significant in more than half of the weeks, treated above"),
        ("most-weeks-down", "treated below"),
        "{Noun} er [højere|lavere] i de fleste uger",
    ),
    *turned(
        ("some-weeks-up", "significant in fewer weeks, treated above"),
        ("some-weeks-down", "treated below"),
        "Kun i nogle uger er {noun} [højere|lavere]",
    ),
    *turned(
        ("one-week-up", "significant in one week, treated above"),
        ("one-week-down", "treated below"),
        "Kun i en enkelt uge er {noun} [højere|lavere]",
    ),
    Wording("both-sides", "above in some weeks, below in others", "{Noun} er højere i nogle uger og lavere i andre"),
    Wording(
        "by-chance",
        "significant in some weeks, but in none when all are tested together",
        "Forskellen i {noun} kan være tilfældig",
    ),
    Wording("no-week", "significant in no week", "Ingen sikker forskel i {noun}"),
    Wording("several", "so many of several differences are significant", "{Told} er sikre"),
    Wording("single", "one of several is", "{Told} er sikker"),
    Wording("one-sure", "there is one, and it is significant", "Forskellen er sikker"),
    Wording("one-open", "there is one, and it is not", "Forskellen er ikke sikker"),
    Wording("by-site", "so many sites stand after the correction", "I {told} er forskellen sikker for sig"),
    Wording("start-sure", "the joint test of the background rejects", "Grupperne er ikke ens før start"),
    Wording("start-open", "it does not", "Ingen sikker forskel på grupperne før start"),
    Wording("sites-sure", "the test of all sites rejects", "Der er sikker forskel på {sites}"),
    Wording("sites-open", "it does not", "Ingen sikker forskel på {sites}"),
    Wording(
        "sites-shown",
        "a site is hidden, and so is the test; the first and the last of the others are apart",
        "Blandt de {shown}, der kan vises, ligger {top} højest og {bottom} lavest",
    ),
    Wording("target", "sites or components are held against a target", "{Told} når målet"),
    Wording("ways-agree", "every way of computing gives the same verdict", "Alle beregninger siger det samme"),
    Wording("ways-differ", "they do not", "Beregningerne siger ikke det samme"),
    Wording("rate-up", "a ratio of rates, significantly above one", "{Noun} er højere"),
    Wording("rate-down", "a ratio of rates, significantly below one", "{Noun} er lavere"),
    Wording("rate-open", "a ratio of rates, not significant", "Ingen sikker forskel i {noun}"),
    Wording("change-up", "from first to last, significantly up", "{Noun} er steget"),
    Wording("change-down", "from first to last, significantly down", "{Noun} er faldet"),
    Wording("change-open", "from first to last, not significant", "Ingen sikker ændring i {noun}"),
    Wording("moves-up", "significantly more up than down", "Flere er gået frem end tilbage"),
    Wording("moves-down", "significantly more down than up", "Flere er gået tilbage end frem"),
    Wording("moves-open", "neither", "Ingen sikker overvægt af frem- eller tilbagegang"),
    Wording("depends", "some interactions stand after the correction", "Forskellen afhænger af {labels}"),
    Wording("depends-not", "none does", "Det er ikke vist, at forskellen afhænger af {labels}"),
    Wording("extremes", "the first and the last are apart", "Højest ligger {top}, lavest {bottom}"),
    Wording("near", "they are not", "Forskellene er ikke større end den statistiske usikkerhed"),
    Wording("months-above", "monthly counts, above in every month", "I {place} er {noun} højere fra {months}"),
    Wording("months-below", "below in every month", "I {place} er {noun} lavere fra {months}"),
    Wording("matched", "every background is within the limit", "Efter matchningen ligner grupperne hinanden"),
    Wording("matched-not", "some are not", "Efter matchningen er der stadig forskel på {labels}"),
    Wording("net-up", "society's result, significantly above zero", "Samfundet får et overskud"),
    Wording("net-down", "significantly below zero", "Samfundet får et underskud"),
    Wording("net-open", "not significant", "Det er ikke afgjort, om samfundet får et overskud"),
    Wording("turns", "assumptions alone turn the sign", "Fortegnet afhænger af {labels}"),
    Wording("turns-not", "none does", "Ingen forudsætning ændrer fortegnet alene"),
    Wording("reaching", "forecasts held against what a study needs", "{Told} når behovet"),
)


def found_title(
    trial: Trial, about: str, row: Estimate | None, *, noun: str = "", up: bool | None = None, **parts: str
) -> str:
    """What one test found, of a rate or a change with its direction; empty without a test.

    `up` is the direction of a test whose own row has none.
    """
    if row is None or (row.p is None and (row.value is None or row.ci_low is None)):
        return ""
    if up is None and f"{about}-up" in FOUND_TITLE:
        up = row.number > null_value(row.unit)
    sure = "sure" if up is None else "up" if up else "down"
    wording = f"{about}-{sure if _is_sure(row, trial) else 'open'}"
    return title_of(wording, [row], noun=noun, Noun=capitalise(noun), **parts)


def target_title(held: Iterable[tuple[Estimate | None, Target]], noun: Noun) -> str:
    """How many of the sites or components that may be shown reach their target; empty where none may."""
    rows = [(row, target) for row, target in held if row is not None]
    known = [row for row, _ in rows if row.value is not None]
    reached = [row for row, target in rows if fidelity_level(row, target) is Light.GREEN]
    told = capitalise(_out_of_shown(reached, known, [row for row, _ in rows], noun))
    return title_of("target", known, Told=told) if known else ""


def _out_of_shown(
    some: Sequence[Estimate], shown: Sequence[Estimate], rows: Iterable[Estimate], noun: Noun | str
) -> str:
    """`to af fem kommuner`, or `to af fem kommuner, der kan vises,` where one is hidden: there are more than five."""
    told = out_of_text(count_of(some), count_of(shown), noun)
    return f"{told}, der kan vises," if any(row.hidden for row in rows) else told


def ways_title(trial: Trial, ways: Iterable[Iterable[Estimate]]) -> str:
    """Whether each measure's verdict is the same in all the ways it was computed; empty with one way only."""
    verdicts = [[finds_of(row, trial) for row in rows if row.value is not None] for rows in ways]
    if not any(len(found) > 1 for found in verdicts):
        return ""
    return title_of("ways-agree" if all(len(set(found)) < 2 for found in verdicts) else "ways-differ")


def divisions_title(ledger: Ledger, trial: Trial, spec: Subgroups) -> str:
    """On which divisions the difference depends, when one allows for their number; empty without a test."""
    rows = interactions(ledger, spec)
    standing = [label for label, row in rows.items() if _is_sure(row, trial)]
    labels = list_text(standing) if standing else list_text(list(rows), last="eller")
    wording = "depends" if standing else "depends-not"
    return title_of(wording, list(rows.values()), labels=labels) if rows else ""


def extremes_title(rows: Sequence[Named]) -> str:
    """Which of several is highest and which lowest, where the two are apart by more than the uncertainty."""
    groups = tied_groups(rows)
    if len(groups) < 2:
        return ""
    if not may_be_ranked(groups):
        return title_of("near")
    top, bottom = (list_text([f"”{label}”" for label, _ in group]) for group in (groups[0], groups[-1]))
    return title_of("extremes", top=top, bottom=bottom)


def spread_title(ledger: Ledger, trial: Trial, measure_id: str) -> str:
    """Whether the sites differ in a share: by the test of them all or, where a hidden site takes the test away, by the
    highest and the lowest of those that may be shown; empty where neither says it."""
    group = trial.group_of(measure_id)
    test = ledger.get(make_key(measure_id, statistic="heterogeneity", group=group))
    if told := found_title(trial, "sites", test, sites=trial.sites.noun.many_definite):
        return told
    found = {
        site: ledger.get(make_key(measure_id, statistic="share", group=group, site=site)) for site in trial.sites.names
    }
    rows = [(site, row) for site, row in found.items() if row is not None]
    groups = tied_groups(rows)
    if len(groups) < 2 or not any(row.hidden for _, row in rows):
        return ""
    known = [row for group in groups for _, row in group]
    if not may_be_ranked(groups):
        return title_of("near", known)
    top, bottom = (list_text([site for site, _ in group]) for group in (groups[0], groups[-1]))
    return title_of("sites-shown", known, shown=count_text(count_of(known), site_noun(trial)), top=top, bottom=bottom)


def sites_title(ledger: Ledger, trial: Trial, measure_id: str, week: int) -> str:
    """In how many sites the difference stands when one allows for having tested them all; empty where none may be
    shown."""
    key = partial(make_key, measure_id, statistic="p_holm", group=DIFFERENCE, time=week_label(week))
    rows = [row for name in trial.sites.names if (row := ledger.get(key(site=name))) is not None]
    tested = [row for row in rows if row.value is not None]
    if not tested:
        return ""
    sure = [row for row in tested if row.number < trial.design.level]
    return title_of("by-site", tested, told=_out_of_shown(sure, tested, rows, site_noun(trial)))


def curve_title(ledger: Ledger, trial: Trial, measure_id: str) -> str:
    """From which week the difference of a weekly measure lasts, or that none is sure; empty without a weekly test."""
    rows = [row for row in weekly_rows(ledger, measure_id, "difference") if row.value is not None]
    last = last_week_shown(ledger, trial, measure_id)
    tested = [row for row in rows if row.p is not None or row.ci_low is not None]
    if not tested:
        return ""
    noun = outcome_noun(measure_of(trial, measure_id))
    first = lasting_week(ledger, trial, measure_id)
    after = [row for row in rows if first is not None and (row.week or 0) >= first.number]
    if first is not None and after:
        wording, week = ("higher-from" if after[0].number > 0 else "lower-from"), number_text(first.number)
    else:
        counted = [row for row in tested if not last or (row.week or 0) <= last]
        band = weekly_rows(ledger, measure_id, "uniform_band")
        wording, week = _by_weeks([verdict(row, trial.design.level) for row in counted], counted, band), ""
    return title_of(wording, tested[:1], Noun=capitalise(noun), noun=noun, week=week, nb=NBSP)


def _by_weeks(found: Sequence[Verdict], rows: Sequence[Estimate], band: Iterable[Estimate]) -> str:
    """The wording for weekly verdicts that last from no week on; the text below the title has the same order."""
    hits = [each for each in found if each.significant]
    if not hits:
        return "no-week"
    if band_holds(band, {row.week for row in rows}) is False:
        return "by-chance"
    if len(set(hits)) > 1:
        return "both-sides"
    many = "most-weeks" if 2 * len(hits) > len(found) else "one-week" if len(hits) == 1 else "some-weeks"
    return f"{many}-{hits[0].value}"


def differences_title(trial: Trial, rows: Sequence[Estimate | None]) -> str:
    """How many of the tested differences of a table or figure are sure; empty where none is tested.

    A test without a difference of its own (of more than two groups) counts by its p-value.
    """
    found = [row for row in rows if row is not None]
    tested = [row for row in found if row.p is not None or row.ci_low is not None]
    sure = [row for row in tested if _is_sure(row, trial)]
    if not tested:
        return ""
    alone = len(tested) == 1 and not any(row.hidden for row in found)
    wording = ("one-sure" if sure else "one-open") if alone else "single" if len(sure) == 1 else "several"
    return title_of(wording, tested, Told=capitalise(_out_of_shown(sure, tested, found, "forskel")))


def _is_sure(row: Estimate, trial: Trial) -> bool:
    if row.value is None:
        return row.p is not None and row.p < trial.design.level
    return finds_of(row, trial).sure


def title_of(wording: str, rows: Sequence[Estimate] = (), **parts: str) -> str:
    """The wording without the full stop that `choose` ends a sentence with."""
    return FOUND_TITLE.choose(wording, rows, **parts).text.removesuffix(".").removesuffix(",")
