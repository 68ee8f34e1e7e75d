"""Where an effort stands, without anybody to compare with: shares in cards, a benchmark, the sites, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlib.danish import (
    capitalise,
    list_text,
    millions_text,
    number_text,
    out_of_text,
    sentence,
    value_text,
)
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, DUE, others_than
from reportlib.prose.estimate_text import andel_med_antal, share_of, tal
from reportlib.prose.section_parts import (
    as_cards,
    by_site,
    counted,
    fill,
    level,
    measure_of,
    number_fact,
    others,
    own_beside,
    paragraphs,
    words_about,
)
from reportlib.prose.site_claims import most, own_against_others
from reportlib.prose.sureness import sure_in_card
from reportlib.prose.wording import (
    Claim,
    Wording,
    WordingTable,
    clauses,
    hidden_claim,
    joined,
    list_of_nouns,
    tested,
    turned,
)
from reportlib.prose.words import outcome_words, person_noun, site_noun, trial_words
from reportlib.text.markup import escape
from reportlib.text.units import Unit
from reportlib.trial.analyses import Benchmark, BenchmarkPart, SiteSpread, UnitCost
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial, analysis_of

BENCHMARK = WordingTable(
    "benchmark",
    *turned(
        ("above", "the interval of the share lies above the benchmark"),
        ("below", "the interval of the share lies below the benchmark"),
        "{lead} Det er {size} [mere|mindre] end de {benchmark} i {name}, og forskellen er større end den statistiske "
        "usikkerhed.",
    ),
    Wording(
        "alike",
        "the interval of the share holds the benchmark",
        "{lead} I {name} er andelen {benchmark}, men forskellen er ikke større end den statistiske usikkerhed.",
    ),
)
WITHOUT_ONE = WordingTable(
    "without-one",
    Wording(
        "stands",
        "the verdict is the same whichever site is left out",
        "Det samme gælder, når man ser bort fra en hvilken som helst af {sites}.",
    ),
    Wording(
        "stands-shown",
        "as above for the sites that may be left out one at a time without giving hidden numbers away",
        "Det samme gælder, når man ser bort fra {shown} hver for sig.",
    ),
    Wording("falls", "the verdict changes without a site", "Uden {site} er andelen {share}, altså {verdict}."),
)
# What a share is called when a site is left out; it follows "altså".
VERDICTS = {
    "above": "stadig over de {benchmark} i {name}",
    "below": "under de {benchmark} i {name}",
    "alike": "ikke til at skelne fra de {benchmark} i {name}",
}
VERDICTS_FROM = {("below", "above"): "over de {benchmark} i {name}", ("alike", "above"): "over de {benchmark} i {name}"}
SPREAD = WordingTable(
    "spread",
    Wording("differs", "the test of all sites is significant", "Forskellene er større end den statistiske usikkerhed."),
)
SITES_SAY = WordingTable(
    "sites-say",
    Wording("all", "every site that answered says yes", "{Share} {clause}."),
    Wording("some", "some say no", "{Share} {clause}. Det gør {no} ikke."),
    Wording("none", "none says yes", "Ingen af {sites} {clause}."),
    Wording("own-yes", "a site's version: it says yes", "{site} {clause}."),
    Wording("own-no", "a site's version: it says no", "{site} svarer nej til, at indsatsen {clause}."),
    Wording("missing", "no answer", "Spørgsmålet er ikke besvaret."),
)

HOW_MANY = WordingTable(
    "how-many",
    Wording("some", "some have it and some have not", "{before}{share} {after}"),
    Wording("none", "nobody has it", "{before}ingen af {many} {after}"),
    Wording("all", "everybody has it", "{before}alle {many} {after}"),
)


def key_shares(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """A card per share with its persons, its benchmark if any and whether the two differ for sure.

    In a site's version it stands beside all others. What is hidden is told in a sentence, unless the site's front page
    has told it (`municipality.front`).
    """
    lines: list[str] = []
    hidden: list[tuple[str, Estimate]] = []
    words, place = trial_words(trial), f"i {escape(site)}" if site else ""
    told_before = trial.sites.own.measures if site is not None and trial.sites.own is not None else ()
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        row = level(ledger, trial, measure, site)
        if row.hidden and measure_id in told_before:
            continue
        if row.value is None:
            hidden.append((outcome_words(measure).noun, row))
            continue
        lines.append(_card(ledger, trial, measure, row, site))
    told = []
    for reason in dict.fromkeys(row.suppressed for _, row in hidden):
        alike = [(noun, row) for noun, row in hidden if row.suppressed == reason]
        what, rows = list_of_nouns([noun for noun, _ in alike]), [row for _, row in alike]
        told.append(str(hidden_claim(what, rows, words, place=place, several=len(alike) > 1)))
    return paragraphs(as_cards(lines), " ".join(told))


def _card(ledger: Ledger, trial: Trial, measure: MeasureSpec, row: Estimate, site: str | None) -> str:
    outcome = outcome_words(measure)
    many = counted(measure, trial).many.rstrip(",")
    people = many.removeprefix("de ") if many.startswith("de ") else "personer"  # not: 31 af 83 deltagerne
    where = f" i {escape(site)}" if site else ""
    text = f"- **{tal(row)}**{where} {outcome.verb} {outcome.rest}: {_count(row.k)} af {_count(row.n)} {people}."
    over = ledger.get(make_key(measure.id, statistic="over_benchmark", group=DIFFERENCE))
    if site is None and over is not None and over.value is not None:
        spec, part = benchmark_of(trial, measure.id)
        beside = sentence(f"I {escape(spec.name)} er det {benchmark_text(trial, part)}")
        return f"{text} {beside} {sure_in_card(ledger, trial, over)}"
    if site is None:
        return text
    rest = others(ledger, trial, measure, site)
    return text if rest.value is None else sentence(f"{text} I de øvrige {site_noun(trial).many} er det {tal(rest)}")


def how_many(ledger: Ledger, trial: Trial, *measures: str, site: str | None) -> str:
    """Each share of the whole trial in a sentence with its persons; none and all are said in words.

    A site's version says that it is the whole trial, and gives the site's own where there is something to give.
    """
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        row, outcome = level(ledger, trial, measure), outcome_words(measure)
        hidden = hidden_claim(outcome.noun, [row], trial_words(trial))
        if hidden is not None:
            told.append(str(hidden))
            continue
        wording = "none" if not row.k else "all" if row.k == row.n else "some"
        many = counted(measure, trial).many
        whole = f"i hele {trial.design.undertaking}"
        claim = HOW_MANY.choose(
            wording,
            [row],
            share=share_of(row, many),
            many=many,
            before="" if site is None else f"{whole} {outcome.verb} ",
            after=joined([outcome.verb, outcome.rest] if site is None else [outcome.rest]),
        )
        told.append(capitalise(claim.text))
        if site is not None and wording == "some":
            told.append(own_beside(ledger, trial, measure, site).text)
    return paragraphs(" ".join(told))


def _count(persons: int | None) -> str:
    return number_text(persons or 0)


def against_benchmark(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """A share beside its benchmark, whether the verdict stands without any one site, and a site's own share."""
    spec, part = benchmark_of(trial, measure_id)
    measure = measure_of(trial, measure_id)
    whole = _over(ledger, measure_id)
    text = str(_benchmark_claim(level(ledger, trial, measure), whole, trial, spec, part))
    if whole.value is not None:
        text = f"{text} {_without_one(ledger, trial, spec, part, _wording(whole))}"
    own = ""
    if site is not None and spec.by_site:
        row, over = level(ledger, trial, measure, site), _over(ledger, measure_id, site)
        own = str(_benchmark_claim(row, over, trial, spec, part, site=site)) if over.value is not None else ""
    return paragraphs(text, own)


def benchmark_of(trial: Trial, measure_id: str) -> tuple[Benchmark, BenchmarkPart]:
    """The benchmark of a measure.

    Raises:
        MissingAnalysisError: trial.yml gives it none.
    """
    spec = analysis_of(trial, Benchmark, measure_id, lambda spec: measure_id in spec.measures)
    return spec, next(part for part in spec.against if part.measure == measure_id)


def _over(ledger: Ledger, measure_id: str, site: str = "") -> Estimate:
    return ledger[make_key(measure_id, statistic="over_benchmark", group=DIFFERENCE, site=site)]


def _wording(over: Estimate) -> str:
    assert over.ci_low is not None and over.ci_high is not None
    if over.ci_low > 0:
        return "above"
    return "below" if over.ci_high < 0 else "alike"


def _benchmark_claim(
    row: Estimate, over: Estimate, trial: Trial, spec: Benchmark, part: BenchmarkPart, *, site: str = ""
) -> Claim:
    measure = measure_of(trial, part.measure)
    outcome, words = outcome_words(measure), trial_words(trial)
    hidden = hidden_claim(outcome.noun, [row, over], words, place=f"i {escape(site)}" if site else "")
    if hidden is not None:
        return hidden
    many = counted(measure, trial).many
    place = f" i {escape(site)}" if site else ""
    subject = f"{andel_med_antal(row)} af {many.rstrip(',')}{place}{',' if many.endswith(',') else ''}"
    return BENCHMARK.choose(
        _wording(over),
        [tested(row), over],
        lead=f"{subject} {outcome.verb} {outcome.rest}.",
        size=value_text(abs(over.number), Unit.PCT_POINT),
        benchmark=benchmark_text(trial, part),
        name=escape(spec.name),
    )


def benchmark_text(trial: Trial, part: BenchmarkPart) -> str:
    """The benchmark's per cent: `45 pct.`"""
    return value_text(number_fact(trial, part.fact), Unit.PCT)


def _without_one(ledger: Ledger, trial: Trial, spec: Benchmark, part: BenchmarkPart, whole: str) -> str:
    """Which sites the verdict rests on: all others than a site, one site at a time, where that may be shown."""
    if not spec.by_site:
        return ""
    shown = _all_but_one(ledger, trial, part.measure)
    found = _without_each(ledger, part.measure, shown)
    fallen = [site for site, wording in found.items() if wording != whole]
    names = {"benchmark": benchmark_text(trial, part), "name": escape(spec.name)}
    told = [
        WITHOUT_ONE.choose(
            "falls",
            [shown[site]],
            site=escape(site),
            share=andel_med_antal(shown[site]),
            verdict=_new_verdict(whole, found[site]).format(**names),
        ).text
        for site in fallen
    ]
    if fallen or not shown:
        return " ".join(told)
    every = len(shown) == len(trial.sites.names)
    return WITHOUT_ONE.choose(
        "stands" if every else "stands-shown",
        list(shown.values()),
        sites=site_noun(trial).many_definite,
        shown=list_text([escape(site) for site in shown]),
    ).text


def _all_but_one(ledger: Ledger, trial: Trial, measure_id: str) -> dict[str, Estimate]:
    """The share of all others than a site, for each site where it may be shown."""
    rest = {site: others(ledger, trial, measure_of(trial, measure_id), site) for site in trial.sites.names}
    return {site: row for site, row in rest.items() if row.value is not None}


def _without_each(ledger: Ledger, measure_id: str, sites: Iterable[str]) -> dict[str, str]:
    return {site: _wording(_over(ledger, measure_id, others_than(site))) for site in sites}


def rests_on(ledger: Ledger, trial: Trial, measure_id: str) -> list[str]:
    """The sites without any one of which the share no longer lies on the same side of its benchmark."""
    whole = _over(ledger, measure_id)
    if whole.value is None or not benchmark_of(trial, measure_id)[0].by_site:
        return []
    found = _without_each(ledger, measure_id, _all_but_one(ledger, trial, measure_id))
    return [site for site, wording in found.items() if wording != _wording(whole)]


def _new_verdict(whole: str, without: str) -> str:
    return VERDICTS_FROM.get((whole, without), VERDICTS[without])


def spread(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Where a share is highest and lowest, and whether sites differ by more than chance; or a site beside others."""
    measure = measure_of(trial, measure_id)
    words = trial_words(trial)
    if site is not None:
        own, rest = level(ledger, trial, measure, site), others(ledger, trial, measure, site)
        told = own_against_others(
            own, rest, site=site, outcome=outcome_words(measure), words=words_about(measure, trial)
        )
        return paragraphs(told)
    noun = outcome_words(measure).noun
    key = make_key(measure_id, statistic="heterogeneity", group=trial.groups.treated.id)
    test = ledger.get(key)
    apart = None if test is None or test.p is None else (tested(test).p or 0.0) < words.level
    where = most(by_site(ledger, trial, measure), noun=noun, words=words, apart=apart)
    return paragraphs(where.then(SPREAD.choose("differs", [test] if test else [])) if apart else where)


def site_answers(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """How many sites say yes and which say no; in a site's version its own answer."""
    measure = measure_of(trial, measure_id)
    group = measure.computed.survey if measure.is_survey else ""  # type: ignore[union-attr]
    rows = {
        name: ledger[make_key(measure_id, statistic="sites_yes", group=group, site=name)]
        for name in ("", *trial.sites.names)
    }
    outcome, noun = outcome_words(measure), site_noun(trial)
    clause = f"{outcome.verb} {outcome.rest}"
    own = rows[site or ""]
    if own.value is None:
        return paragraphs(SITES_SAY.choose("missing", [own]))
    if site is not None:
        wording = "own-yes" if own.value else "own-no"
        return paragraphs(SITES_SAY.choose(wording, [own], site=escape(site), clause=clause))
    no = [escape(name) for name, row in rows.items() if name and row.value == 0]
    wording = "all" if not no else "some" if own.value else "none"
    return paragraphs(
        SITES_SAY.choose(
            wording,
            list(rows.values()),
            Share=capitalise(out_of_text(int(own.number), own.n or 0, noun)),
            clause=clause,
            no=list_text(no, last="og"),
            sites=noun.many_definite,
        )
    )


def unit_costs(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """The budget over the persons of each measure, as an average and not as what one more would cost."""
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        row = unit_cost_row(ledger, trial, measure_id, 100)
        if row.value is None:
            continue
        outcome = outcome_words(measure)
        told.append(f"{tal(row)} pr. {trial.persons.one}, der {outcome.verb} {outcome.rest}")
    if not told:
        return ""
    return paragraphs(f"{capitalise(budget(trial))} svarer til {clauses(told)}.")


def unit_cost_row(ledger: Ledger, trial: Trial, measure_id: str, due: float) -> Estimate:
    """The budget per person of a measure when `due` pct. of them are due to the effort."""
    key = make_key(measure_id, statistic="cost_per_unit", group=trial.groups.treated.id, subgroup=f"{DUE}{due:g}")
    return ledger[key]


def budget(trial: Trial) -> str:
    spec = analysis_of(trial, UnitCost)
    """`bevillingen på 8 mio. kr.`"""
    return f"bevillingen på {millions_text(number_fact(trial, spec.cost))}"


def no_verdict(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Why a report without anybody to compare with does not say what the effort has meant."""
    benchmarks = [spec.name for spec in trial.analyses if isinstance(spec, Benchmark)]
    return fill(
        "no_verdict",
        many=trial.groups.treated.many,
        person=person_noun(trial),
        sites=site_noun(trial),
        benchmarks=list_text([escape(name) for name in benchmarks]),
    )


def method_status(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How the intervals and the tests of a status are made, and what the benchmark's difference leaves out."""
    return fill(
        "method_status",
        sites=site_noun(trial),
        spread=any(isinstance(spec, SiteSpread) for spec in trial.analyses),
        benchmarks=list_text([escape(spec.name) for spec in trial.analyses if isinstance(spec, Benchmark)]),
    )
