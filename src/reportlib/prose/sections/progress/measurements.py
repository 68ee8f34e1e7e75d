"""Repeated measurements in words: how many have each, the first, and the change to the last."""

from __future__ import annotations

from reportlib.danish import capitalise, count_text, decapitalise, number_text, p_text, value_text
from reportlib.ledger import Ledger, make_key
from reportlib.ledger.keys import others_than
from reportlib.prose.claims import OUT_OF_REGARD, Verdict, WordingTable, hidden_claim, verdict
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.printing import print_difference
from reportlib.prose.estimate_text import andel_med_antal, interval, tal
from reportlib.prose.sections.beside import beside
from reportlib.prose.sections.common import group_of, measure_of, paragraphs
from reportlib.prose.trial_words import trial_words
from reportlib.show.blocks_measurements import scales_of
from reportlib.text.origin import fact as fact_origin
from reportlib.text.origin import with_origin
from reportlib.trial.lookup import computed_as
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveyAnswers

PROGRESS = WordingTable(
    "progress",
    Wording(
        "rose",
        "the mean change is significant and above zero",
        "Blandt de {n} borgere med mindst to målinger er {noun} i gennemsnit steget med {size} fra den første til den "
        "seneste måling ({evidence}).",
    ),
    Wording(
        "fell",
        "the mean change is significant and below zero",
        "Blandt de {n} borgere med mindst to målinger er {noun} i gennemsnit faldet med {size} fra den første til den "
        "seneste måling ({evidence}).",
    ),
    Wording(
        "level",
        "the mean change is not significant",
        "Blandt de {n} borgere med mindst to målinger har {noun} i gennemsnit ændret sig med {size} fra den første til "
        "den seneste måling, og ændringen er ikke statistisk signifikant ({evidence}).",
    ),
    Wording("hidden", "hidden", "Udviklingen i {noun} vises ikke {why}."),
)
AGAINST = WordingTable(
    "against-reference",
    Wording("below", "the interval lies below", "Det er lavere end befolkningens gennemsnit på {reference}."),
    Wording("above", "the interval lies above", "Det er højere end befolkningens gennemsnit på {reference}."),
    Wording(
        "level",
        "the interval holds the reference",
        "Forskellen til befolkningens gennemsnit på {reference} er ikke større, end usikkerheden kan forklare.",
    ),
)
MIXED = WordingTable(
    "mixed",
    Wording(
        "more-up",
        "more rose than fell, and the sign test is significant",
        "Flere er gået frem end tilbage: {rose} mod {fell}. Forskellen er statistisk signifikant ({p}).",
    ),
    Wording(
        "more-down",
        "more fell than rose, and the sign test is significant",
        "Flere er gået tilbage end frem: {fell} mod {rose}. Forskellen er statistisk signifikant ({p}).",
    ),
    Wording(
        "chance-up",
        "more rose than fell, and the test is not significant",
        "Det er gået frem for {rose} og tilbage for {fell}. Forskellen kan være tilfældig ({p}).",
    ),
    Wording(
        "chance-down",
        "more fell than rose, and the test is not significant",
        "Det er gået tilbage for {fell} og frem for {rose}. Forskellen kan være tilfældig ({p}).",
    ),
    Wording("even", "as many", "Lige mange er gået frem og tilbage: {rose}."),
    Wording("untested", "there is no test", "Det er gået frem for {rose} og tilbage for {fell}."),
    Wording("hidden", "hidden", "Hvor mange der er gået frem og tilbage, vises ikke {why}."),
)


def shrinking(ledger: Ledger, trial: Trial, counts: str, *, site: str | None) -> str:
    """How many have each measurement: the group that gets smaller and smaller."""
    scales_of(trial, counts)
    measure = measure_of(trial, counts)
    computed = computed_as(counts, measure.computed, SurveyAnswers)
    survey = group_of(measure, trial)
    persons = ledger[make_key(counts, statistic="count", group=survey)]
    without = ledger[make_key(counts, statistic="without_first", group=survey)]
    rows = [ledger[make_key(counts, statistic="count", group=survey, time=f"maaling{at}")] for at in computed.answers]
    shown = [row for row in rows if row.value is not None]
    if persons.value is None or len(shown) < 2:
        return ""
    first, last = shown[0], shown[-1]
    missing = f" {capitalise(count_text(int(without.number), 'borger'))} mangler den første." if without.value else ""
    return paragraphs(
        f"Af de {number_text(persons.number)} borgere, der har udfyldt mindst én måling, har "
        f"{number_text(first.number)} den første og {number_text(last.number)} den sidste.{missing}"
    )


def first_measurement(
    ledger: Ledger, trial: Trial, measure_id: str, *, reference: str | None = None, site: str | None
) -> str:
    """The mean score at the start, beside the population's where a fact gives it, and a site's own."""
    measure = measure_of(trial, measure_id)
    survey = group_of(measure, trial)
    row = ledger[make_key(measure_id, statistic="mean", group=survey, time="maaling1")]
    noun = measure.noun or decapitalise(measure.label)
    hidden = hidden_claim(noun, [row], trial_words(trial))
    if hidden is not None:
        return paragraphs(hidden)
    told = f"Ved den første måling er {noun} i gennemsnit {tal(row)} ({interval(row, level=trial.design.level)})."
    fact = trial.facts[reference] if reference else None
    if fact is not None and isinstance(fact.value, int | float) and row.ci_low is not None and row.ci_high is not None:
        value = with_origin(float(fact.value), fact_origin(reference or ""))
        wording = "below" if row.ci_high < value else "above" if row.ci_low > value else "level"
        told += f" {AGAINST.choose(wording, [row], reference=value_text(value, fact.unit, 1))}"
    if site is not None:
        key = make_key(measure_id, statistic="mean", group=survey, site=site, time="maaling1")
        if key in ledger:
            rest = ledger[make_key(measure_id, statistic="mean", group=survey, site=others_than(site), time="maaling1")]
            told += f" {beside(ledger[key], rest, site, trial)}"
    return paragraphs(told)


def first_to_last(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The mean change from first to last with its test, and how many rose and fell."""
    measure = measure_of(trial, measure_id)
    survey, noun = group_of(measure, trial), measure.noun or decapitalise(measure.label)
    change = ledger.get(make_key(measure_id, statistic="change", group=survey, subgroup="mindst-to"))
    if change is None or change.value is None:
        return paragraphs(PROGRESS.choose("hidden", [], noun=noun, why=OUT_OF_REGARD))
    found = verdict(change, trial.design.level)
    signed, size, limits = print_difference(change, level=trial.design.level)
    text = PROGRESS.choose(
        {Verdict.UP: "rose", Verdict.DOWN: "fell"}.get(found, "level"),
        [change],
        n=number_text(change.n or 0),
        noun=noun,
        size=size if found.significant else signed,
        evidence=limits,
    )
    return paragraphs(f"{text} {mixed(ledger, trial, measure_id, 'mindst-to')}")


def mixed(ledger: Ledger, trial: Trial, measure_id: str, subgroup: str) -> str:
    """Whether more went up or down among those with so many measurements."""
    survey = group_of(measure_of(trial, measure_id), trial)
    rose, fell = (
        ledger[make_key(measure_id, statistic=f"share_{way}", group=survey, subgroup=subgroup)]
        for way in ("rose", "fell")
    )
    if rose.value is None or fell.value is None:
        return str(MIXED.choose("hidden", [rose, fell], why=OUT_OF_REGARD))
    test = ledger.get(make_key(measure_id, statistic="sign_test", group=survey, subgroup=subgroup))
    p = None if test is None else test.p
    way = "up" if (rose.k or 0) > (fell.k or 0) else "down"
    strength = "untested" if p is None else f"more-{way}" if p < trial.design.level else f"chance-{way}"
    wording = "even" if rose.k == fell.k else strength
    return str(
        MIXED.choose(
            wording,
            [rose, fell, *([] if test is None else [test])],
            rose=andel_med_antal(rose),
            fell=andel_med_antal(fell),
            p="" if p is None else p_text(p, level=trial.design.level),
        )
    )


def furthest(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The same for those with every measurement, and how few they are."""
    spec = scales_of(trial, measure_id)
    computed = computed_as(spec.counts, measure_of(trial, spec.counts).computed, SurveyAnswers)
    most = len(computed.answers)
    survey = group_of(measure_of(trial, measure_id), trial)
    subgroup = f"antal{most}"
    row = ledger.get(make_key(measure_id, statistic="share_rose", group=survey, subgroup=subgroup))
    if row is None or row.n is None:
        return ""
    told = f"I alt har {number_text(row.n)} borgere alle målinger. {mixed(ledger, trial, measure_id, subgroup)}"
    few = " Gruppen er så lille, at enkelte borgere flytter tallene meget." if row.n < trial.follow_up.enough else ""
    return paragraphs(told + few)
