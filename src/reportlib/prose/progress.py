"""How it goes for the persons of an effort without anybody to compare with: sentences that the numbers choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from reportlib.danish import (
    NBSP,
    capitalise,
    count_text,
    decapitalise,
    list_text,
    number_text,
    on_date,
    out_of_text,
    sentence,
    value_text,
)
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import AFTER, AT_LEAST_TWO, BEFORE, DIFFERENCE, others_than, with_count
from reportlib.prose.effect_claims import effect_at
from reportlib.prose.estimate_text import (
    andel_med_antal,
    counts_of,
    moved,
    print_difference,
    share_of,
    tal,
    with_counts,
)
from reportlib.prose.section_parts import (
    as_cards,
    beside,
    cautioned,
    change_of,
    counted,
    fill,
    level,
    measure_of,
    number_fact,
    own_beside,
    paragraphs,
    words_about,
)
from reportlib.prose.site_claims import Named, may_be_ranked, tied_groups
from reportlib.prose.sureness import sure_in_card
from reportlib.prose.titles import title_of
from reportlib.prose.wording import (
    OUT_OF_REGARD,
    Claim,
    Compared,
    Verdict,
    Wording,
    WordingTable,
    clauses,
    hidden_claim,
    joined,
    tested,
    told_together,
    turned,
    verdict,
)
from reportlib.prose.words import TrialWords, outcome_words, person_noun, trial_words
from reportlib.text.marks import unmarked
from reportlib.text.markup import escape
from reportlib.text.origin import count_of, derived, with_origin
from reportlib.trial.analyses import Recruitment
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import (
    PATHS,
    Trial,
    analysis_of,
    before_after_of,
    compare_of,
    computed_as,
    parts_of,
    scales_of,
)

# Recruitment in words: the milestone, the three paths ahead, and the difference so many persons could show.


MILESTONE = WordingTable(
    "milestone",
    Wording(
        "reached", "as many as planned or more", "Milepælen er {milestone} {persons}, og den er nået: {k} er begyndt."
    ),
    Wording(
        "missed",
        "fewer than planned",
        "Milepælen er {milestone} {persons}, og den er ikke nået: {k} {persons} svarer til {share} af den.",
    ),
)
FORECAST = WordingTable(
    "forecast",
    Wording(
        "all",
        "every path reaches the needed number",
        "Alle tre fremskrivninger når de {needed} {persons}, et effektstudie kræver.",
    ),
    Wording(
        "some",
        "some paths reach it",
        "{Reaching} fremskrivning når de {needed} {persons}, et effektstudie kræver; {missing} gør det ikke.",
    ),
    Wording(
        "none",
        "no path reaches it",
        "Ingen af de tre fremskrivninger når de {needed} {persons}, et effektstudie kræver.",
    ),
)


def recruitment(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many have reached the event, and how that stands against the milestone; a site's own beside all others."""
    spec = analysis_of(trial, Recruitment)
    measure, group = measure_of(trial, spec.measure), trial.groups.treated.id
    row = level(ledger, trial, measure)
    against = ledger[make_key(spec.measure, statistic="share_of_milestone", group=group)]
    outcome = outcome_words(measure)
    hidden = hidden_claim(outcome.noun, [row, against], trial_words(trial))
    if hidden is not None:
        return paragraphs(hidden)
    told = capitalise(joined([share_of(row, counted(measure, trial).many), outcome.verb, outcome.rest]))
    value = against.n if against.n is not None else 0
    found = MILESTONE.choose(
        "reached" if against.k == against.n else "missed",
        [row, against],
        persons=trial.persons.many,
        milestone=number_text(value),
        k=number_text(row.k or 0),
        share=tal(against),
    )
    own = ""
    if site is not None:
        own = own_beside(ledger, trial, measure, site).text
    return paragraphs(f"{told}. {own}".strip(), found)


def forecast(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Where the three paths end, which of them reach the needed number, and how likely it is."""
    spec = analysis_of(trial, Recruitment)
    group = trial.groups.treated.id
    ends = {
        path: ledger.get(make_key(spec.measure, statistic=f"forecast_{path}", group=group, time="slut"))
        for path in PATHS
    }
    if any(row is None or row.value is None for row in ends.values()):
        return ""
    rows = [row for row in ends.values() if row is not None]
    cautious, *others_told = [(PATHS[path].lower(), tal(row)) for path, row in ends.items() if row is not None]
    told = list_text(
        [
            f"{cautious[1]} i den {cautious[0]}e fremskrivning",
            *(f"{count} i den {name}e" for name, count in others_told),
        ]
    )
    pace = f"Fører vi tempoet i de seneste {count_text(spec.latest, 'uge')} videre til {on_date(spec.until)}"
    opening = f"{pace}, ender antallet på {told}."
    needed = number_fact(trial, spec.needed)
    reaching = [PATHS[path].lower() for path, row in ends.items() if row is not None and row.number >= needed]
    missing = [name.lower() for name in PATHS.values() if name.lower() not in reaching]
    found = FORECAST.choose(
        "all" if not missing else "some" if reaching else "none",
        rows,
        persons=trial.persons.many,
        needed=number_text(needed),
        Reaching=capitalise(list_text([f"den {name}e" for name in reaching])),
        missing=list_text([f"den {name}e" for name in missing]),
    )
    likely = ledger.get(make_key(spec.measure, statistic="probability", group=group, time="slut"))
    chance = (
        f"Sandsynligheden for at nå dem er {tal(likely)}, hvis tempoet holder."
        if likely is not None and likely.value is not None
        else ""
    )
    return paragraphs(opening, " ".join(part for part in (str(found), chance) if part))


def reaching_title(ledger: Ledger, trial: Trial, spec: Recruitment) -> str:
    """How many of the paths reach the number that a study needs; empty where one of them hides."""
    key, needed = partial(make_key, spec.measure, group=trial.groups.treated.id, time="slut"), trial.facts[spec.needed]
    ends = [row for path in PATHS if (row := ledger.get(key(statistic=f"forecast_{path}"))) and row.value is not None]
    reaching = [row for row in ends if isinstance(needed.value, int) and row.number >= needed.value]
    told = capitalise(out_of_text(count_of(reaching), count_of(ends), "fremskrivning"))
    return title_of("reaching", ends, Told=told) if len(ends) == len(PATHS) else ""


def power(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How large a difference the persons so far could show, and the persons some rises need."""
    spec = analysis_of(trial, Recruitment)
    if spec.outcome is None:
        return ""
    group = trial.groups.treated.id
    reached = ledger[make_key(spec.measure, statistic="share", group=group)]
    row = ledger.get(make_key(spec.outcome, statistic="detectable", group=DIFFERENCE, subgroup=f"n{reached.k}"))
    needed = [row for row in ledger.select(measure=spec.outcome, statistic="needed") if row.value is not None]
    parts = []
    if row is not None and row.value is not None:
        parts.append(
            f"Med {number_text(reached.k or 0)} {trial.persons.many} og lige så mange at sammenligne med kan et "
            f"effektstudie ventes at finde en forskel på mindst {tal(row)} i "
            f"{outcome_words(measure_of(trial, spec.outcome)).noun.rstrip(',')}."
        )
    if needed:
        first, *more = needed
        told = [f"{number_text(first.number)} {trial.persons.many}"]
        told += [f"en på {_rise(rise)} procentpoint kræver {number_text(rise.number)}" for rise in more]
        parts.append(f"En stigning på {_rise(first)} procentpoint kræver {list_text(told)}.")
    return paragraphs(" ".join(parts))


def _rise(row: Estimate) -> str:
    points = int(row.subgroup.removeprefix("stigning"))
    return number_text(with_origin(points, derived("stigning", [row])))


# How before and after, repeated measurements, the forecast and the power are computed, in words.


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How before and after, repeated measurements, the forecast and the power are computed."""
    kinds = {spec.kind for spec in trial.analyses}
    return fill(
        "method_before_after",
        person=person_noun(trial),
        measured="scales" in kinds,
        latest=count_text(analysis_of(trial, Recruitment).latest, "uge") if "recruitment" in kinds else "",
    )


# The same persons before and after the start in words, and why that is no effect.


CHANGED = WordingTable(
    "changed",
    Wording("told", "both may be shown", "For {after} gælder det kun efter start, for {before} kun før."),
    Wording(
        "hidden",
        "either is hidden",
        "Hvor mange der kun har det før eller efter, vises ikke {why}.",
    ),
)


def before_after(ledger: Ledger, trial: Trial, *measures: str, site: str | None) -> str:
    """Levels before and after in the same persons, the change with its test, and the caution where it is significant.

    Shares also say how many have it only before and only after.
    """
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        before_after_of(trial, measure_id)
        before, after = (ledger[make_key(measure_id, statistic="mean", group=group)] for group in (BEFORE, AFTER))
        change = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        words = _moments(words_about(measure, trial))
        claim = effect_at(after, before, change, outcome=outcome_words(measure), words=words, when="efter start")
        told.append(f"{claim} {_changed(ledger, measure_id)}".rstrip())
    return paragraphs(*told)


def _moments(words: TrialWords) -> TrialWords:
    """The trial's words for one group at two times."""
    groups = replace(words.groups, comparison_place="før start", own_place="efter start")
    return replace(words, groups=groups)


def _changed(ledger: Ledger, measure_id: str) -> str:
    only = [
        ledger.get(make_key(measure_id, statistic=statistic, group=DIFFERENCE))
        for statistic in ("share_only_before", "share_only_after")
    ]
    rows = [row for row in only if row is not None]
    if len(rows) != 2:
        return ""
    before, after = rows
    if before.value is None or after.value is None:
        return str(CHANGED.choose("hidden", rows, why=OUT_OF_REGARD))
    return str(CHANGED.choose("told", rows, before=andel_med_antal(before), after=andel_med_antal(after)))


def cards(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """A card per measure before and after: the level after, the level before below it, and the verdict.

    In a site's version its own levels come first, where both may be shown.
    """
    lines = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        before, after = (ledger[make_key(measure_id, statistic="mean", group=group)] for group in (BEFORE, AFTER))
        if before.value is None or after.value is None:
            continue
        outcome = outcome_words(measure)
        rest = joined(["af", words_about(measure, trial).groups.treated_many, outcome.verb, outcome.rest])
        change = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        own = _own_levels(ledger, measure_id, site)
        verdict, where = sure_in_card(ledger, trial, change), f" (hele {trial.design.undertaking})" if site else ""
        if own is not None:
            whole = f"I hele {trial.design.undertaking} er det {tal(after)} mod {tal(before)} før start"
            verdict, where = sure_in_card(ledger, trial, change, whole), f" i {escape(site or '')}{counts_of(own[1])}"
            before, after = own
        earlier = tal(before) if own is None else with_counts(before)
        beside = f"{sentence(f'Før start var det {earlier}')} {verdict}"
        lines.append(f"- **{tal(after)}** {rest} efter start{where}. {beside} {cautioned(measure)}".rstrip())
    return as_cards(lines)


def _own_levels(ledger: Ledger, measure_id: str, site: str | None) -> tuple[Estimate, Estimate] | None:
    """A site's levels before and after; None for the whole trial, and where one of them may not be shown."""
    if site is None:
        return None
    rows = [ledger.get(make_key(measure_id, statistic="mean", group=group, site=site)) for group in (BEFORE, AFTER)]
    known = [row for row in rows if row is not None and row.value is not None]
    return (known[0], known[1]) if len(known) == len(rows) else None


def no_effect(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Why a comparison of the same persons at two times shows what has happened and not what the effort has meant."""
    return fill("no_effect", many=trial.groups.treated.many, person=person_noun(trial))


# Repeated measurements in words: how many have each, the first, and the change to the last.


PROGRESS = WordingTable(
    "progress",
    *turned(
        ("rose", "the mean change is significant and above zero"),
        ("fell", "the mean change is significant and below zero"),
        "Blandt de {n} {persons} med mindst to målinger er {noun} i gennemsnit [steget|faldet] med {size} fra den "
        "første til den seneste måling.",
    ),
    Wording(
        "level",
        "the mean change is not significant",
        "Blandt de {n} {persons} med mindst to målinger er {noun} i gennemsnit {size} fra den første til den seneste "
        "måling, men udviklingen er ikke sikker.",
    ),
    Wording(
        "same",
        "nobody has changed, so there is nothing to test",
        "Blandt de {n} {persons} med mindst to målinger er {noun} i gennemsnit uændret fra den første til den seneste "
        "måling.",
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
        "Forskellen til befolkningens gennemsnit på {reference} er ikke større end den statistiske usikkerhed.",
    ),
)
NOTICEABLE = WordingTable(
    "noticeable",
    Wording("less", "the change and its whole interval are smaller", "Ændringen er mindre."),
    Wording(
        "perhaps",
        "the change is smaller, but its interval reaches so far",
        "Ændringen er mindre, men usikkerheden rummer også en, der er mærkbar.",
    ),
    Wording(
        "mostly",
        "so large, but the interval reaches below",
        "Så stor er ændringen, men usikkerheden rummer også en mindre.",
    ),
    Wording(
        "more",
        "the change and its whole interval are so large",
        "Så stor er ændringen, også når der tages højde for usikkerheden.",
    ),
)
MIXED = WordingTable(
    "mixed",
    Wording(
        "more-up",
        "more rose than fell, and the sign test is significant",
        "Flere er gået frem end tilbage: {rose} mod {fell}.",
    ),
    Wording(
        "more-down",
        "more fell than rose, and the sign test is significant",
        "Flere er gået tilbage end frem: {fell} mod {rose}.",
    ),
    Wording(
        "chance-up",
        "more rose than fell, and the test is not significant",
        "Det er gået frem for {rose} og tilbage for {fell}, så forskellen kan være tilfældig.",
    ),
    Wording(
        "chance-down",
        "more fell than rose, and the test is not significant",
        "Det er gået tilbage for {fell} og frem for {rose}, så forskellen kan være tilfældig.",
    ),
    Wording("even", "as many", "Lige mange er gået frem og tilbage: {rose}."),
    Wording("nobody", "nobody moved", "Ingen er gået frem eller tilbage."),
    Wording("untested", "there is no test", "Det er gået frem for {rose} og tilbage for {fell}."),
    Wording("hidden", "hidden", "Hvor mange der er gået frem og tilbage, vises ikke {why}."),
)


MEAN_ALONE = WordingTable(
    "mean-alone",
    *turned(
        ("rose", "the mean has risen, and it is not shown that more rose than fell"),
        ("fell", "the mean has fallen, and it is not shown that more fell than rose"),
        "Gennemsnittet er altså [steget,|faldet,] selv om det ikke er vist, at flere er gået [frem|tilbage] end "
        "[tilbage.|frem.]",
    ),
)


def shrinking(ledger: Ledger, trial: Trial, counts: str, *, site: str | None) -> str:
    """How many have each measurement: the group that gets smaller and smaller."""
    scales_of(trial, counts)
    measure = measure_of(trial, counts)
    computed = computed_as(counts, measure.computed, SurveyAnswers)
    survey = trial.group_of(measure.id)
    persons = ledger[make_key(counts, statistic="count", group=survey)]
    without = ledger[make_key(counts, statistic="without_first", group=survey)]
    rows = [ledger[make_key(counts, statistic="count", group=survey, time=f"maaling{at}")] for at in computed.answers]
    shown = [row for row in rows if row.value is not None]
    if persons.value is None or len(shown) < 2:
        return ""
    first, last = shown[0], shown[-1]
    few = count_text(int(without.number), person_noun(trial)) if without.value else ""
    missing = f" {capitalise(few)} mangler den første." if few else ""
    return paragraphs(
        f"Af de {number_text(persons.number)} {trial.persons.many}, der har udfyldt mindst én måling, har "
        f"{number_text(first.number)} den første og {number_text(last.number)} den sidste.{missing}"
    )


def first_measurement(
    ledger: Ledger, trial: Trial, measure_id: str, *, reference: str | None = None, site: str | None
) -> str:
    """The mean score at the start, beside the population's where a fact gives it, and a site's own."""
    measure = measure_of(trial, measure_id)
    survey = trial.group_of(measure.id)
    row = ledger[make_key(measure_id, statistic="mean", group=survey, time="maaling1")]
    noun = measure.noun or decapitalise(measure.label)
    hidden = hidden_claim(noun, [row], trial_words(trial))
    if hidden is not None:
        return paragraphs(hidden)
    told = f"Ved den første måling er {noun} i gennemsnit {tal(tested(row))}."
    if reference and row.ci_low is not None and row.ci_high is not None:
        value, unit = number_fact(trial, reference), trial.facts[reference].unit
        wording = "below" if row.ci_high < value else "above" if row.ci_low > value else "level"
        told += f" {AGAINST.choose(wording, [row], reference=value_text(value, unit, 1))}"
    if site is not None:
        key = make_key(measure_id, statistic="mean", group=survey, site=site, time="maaling1")
        if key in ledger:
            rest = ledger[make_key(measure_id, statistic="mean", group=survey, site=others_than(site), time="maaling1")]
            told += f" {beside(ledger[key], rest, site, trial)}"
    return paragraphs(told)


def first_to_last(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The mean change from first to last with its test, and how many rose and fell."""
    measure = measure_of(trial, measure_id)
    noun = measure.noun or decapitalise(measure.label)
    change = change_of(ledger, trial, measure_id)
    if change is None or change.value is None:
        return paragraphs(PROGRESS.choose("hidden", [], noun=noun, why=OUT_OF_REGARD))
    found = verdict(tested(change), trial.design.level)
    _, size, _ = print_difference(change, level=trial.design.level)
    text = PROGRESS.choose(
        {Verdict.UP: "rose", Verdict.DOWN: "fell"}.get(
            found, "same" if found is Verdict.UNTESTED and not change.number else "level"
        ),
        [change],
        persons=trial.persons.many,
        n=number_text(change.n or 0),
        noun=noun,
        size=size if found.significant else " ".join(moved(change.number, size)).strip(),
    )
    persons = mixed(ledger, trial, measure_id, AT_LEAST_TWO)
    apart = ""
    if found.significant and not persons.wording.startswith("mixed.more"):
        apart = str(MEAN_ALONE.choose("rose" if found is Verdict.UP else "fell", [change]))
    return paragraphs(f"{text} {persons} {apart}".strip())


def noticeable(ledger: Ledger, trial: Trial, measure_id: str, limit: str, *, site: str | None) -> str:
    """How large a change is called noticeable (the fact `limit`), and whether that from first to last is."""
    value = number_fact(trial, limit)
    points = number_text(value, 0 if float(value).is_integer() else 1)
    text = f"En ændring på {points}{NBSP}point regnes for mærkbar."
    change = change_of(ledger, trial, measure_id)
    if change is None or change.value is None or change.ci_low is None or change.ci_high is None:
        return paragraphs(text)
    ends = sorted((abs(change.ci_low), abs(change.ci_high)))
    nearest = 0.0 if change.ci_low <= 0 <= change.ci_high else ends[0]
    if abs(change.value) < value:
        wording = "perhaps" if ends[1] >= value else "less"
    else:
        wording = "more" if nearest >= value else "mostly"
    return paragraphs(f"{text} {NOTICEABLE.choose(wording, [change])}")


def mixed(ledger: Ledger, trial: Trial, measure_id: str, subgroup: str) -> Claim:
    """Whether more went up or down among those with so many measurements."""
    survey = trial.group_of(measure_id)
    rose, fell = (
        ledger[make_key(measure_id, statistic=f"share_{way}", group=survey, subgroup=subgroup)]
        for way in ("rose", "fell")
    )
    if rose.value is None or fell.value is None:
        return MIXED.choose("hidden", [rose, fell], why=OUT_OF_REGARD)
    test = ledger.get(make_key(measure_id, statistic="sign_test", group=survey, subgroup=subgroup))
    p = None if test is None else tested(test).p
    way = "up" if (rose.k or 0) > (fell.k or 0) else "down"
    strength = "untested" if p is None else f"more-{way}" if p < trial.design.level else f"chance-{way}"
    wording = strength if rose.k != fell.k else "even" if rose.k else "nobody"
    return MIXED.choose(
        wording,
        [rose, fell, *([] if test is None else [test])],
        rose=andel_med_antal(rose),
        fell=andel_med_antal(fell),
    )


def furthest(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The same for those with every measurement, and how few they are."""
    spec = scales_of(trial, measure_id)
    computed = computed_as(spec.counts, measure_of(trial, spec.counts).computed, SurveyAnswers)
    most = len(computed.answers)
    survey = trial.group_of(measure_id)
    subgroup = with_count(most)
    row = ledger.get(make_key(measure_id, statistic="share_rose", group=survey, subgroup=subgroup))
    if row is None or row.n is None:
        return ""
    many = trial.persons.many
    told = f"I alt har {number_text(row.n)} {many} alle målinger. {mixed(ledger, trial, measure_id, subgroup)}"
    few = f" Gruppen er så lille, at enkelte {many} flytter tallene meget." if row.n < trial.follow_up.enough else ""
    return paragraphs(told + few)


# Measures in each part of a division in words, with the test of them all.


ACROSS = WordingTable(
    "across",
    Wording("rose", "two times, the mean is higher at the second", "{Noun} er steget fra {before} til {after}."),
    Wording("fell", "two times, the mean is lower at the second", "{Noun} er faldet fra {before} til {after}."),
    Wording("unmoved", "two times, the means print alike", "{Noun} er uændret {after}."),
    Wording("hidden", "a number may not be shown", "{Noun} kan ikke vises for alle grupperne."),
)


def across(ledger: Ledger, trial: Trial, *measures: str, by: str, site: str | None) -> str:
    """Each measure in every part of a division, in the division's order, with the test of them all.

    Two parts that are times are told as a rise or a fall, the earlier first.
    """
    found: list[Compared] = []
    hidden = []
    moving = False
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        parts = parts_of(compare_of(trial, measure_id, by))
        rows = [ledger[make_key(measure_id, statistic="mean", group=g, subgroup=part)] for g, part, _ in parts]
        noun = measure.noun or outcome_words(measure).noun
        if any(row.value is None for row in rows):
            hidden.append(str(ACROSS.choose("hidden", rows, Noun=capitalise(noun))))
            continue
        names = [name for _, _, name in parts]
        test = _test(ledger, measure_id, by)
        significant = None if test is None or test.p is None else (tested(test).p or 0.0) < trial.design.level
        moving = len(names) == 2 and all(name.startswith(_TIMES) for name in names)
        if moving:
            (before, first), (after, last) = sorted(zip(rows, names, strict=True), key=lambda pair: _is_later(pair[1]))
            alike = unmarked(tal(before)) == unmarked(tal(after))
            wording = "unmoved" if alike else "rose" if after.number > before.number else "fell"
            told, again = (
                ACROSS.choose(
                    wording,
                    rows,
                    Noun=capitalise(noun),
                    before=f"{tal(before)} {first if named else ''}".strip(),
                    after=f"{tal(after)} {last if named else ''}".strip(),
                ).text
                for named in (True, False)
            )
        else:
            placed = [f"{tal(row)} {_placed(name)}" for row, name in zip(rows, names, strict=True)]
            told, again = f"{capitalise(noun)} er {list_text(placed)}.", ""
        found.append(Compared(told, significant, tuple(rows), again))
    together = told_together(found, noun="ændring", definite="ændringen") if moving else told_together(found)
    return paragraphs(" ".join([together, *hidden]).strip())


_TIMES = ("før ", "efter ", "midtvejs", "ved ")


def _is_later(name: str) -> bool:
    return not name.startswith("før ")


def _placed(name: str) -> str:
    """`for borgere i første fase`; a name that is a place or a time stands alone: `ved den første måling`."""
    return escape(name) if name.startswith(_PLACES) else f"for {escape(name)}"


_PLACES = ("før ", "efter ", "ved ", "midtvejs", "i ")


def _test(ledger: Ledger, measure_id: str, by: str) -> Estimate | None:
    for statistic in ("test", "difference"):
        row = ledger.get(make_key(measure_id, statistic=statistic, group=DIFFERENCE, subgroup=by))
        if row is not None and row.p is not None:
            return row
    return None


def most_given(ledger: Ledger, trial: Trial, measure_id: str, *, by: str, site: str | None) -> str:
    """The answer most give in each part of a division, with its share; parts with the same answer stand together."""
    computed = computed_as(measure_id, measure_of(trial, measure_id).computed, SurveyAnswers)
    places: dict[str, list[str]] = {}
    for group, part, name in parts_of(compare_of(trial, measure_id, by)):
        found = {
            label: ledger[make_key(measure_id, statistic="share", group=group, subgroup=f"{part}:svar-{answer}")]
            for answer, label in computed.answers.items()
        }
        shown = {label: row for label, row in found.items() if row.value is not None}
        if not shown:
            continue
        label, row = max(shown.items(), key=lambda pair: pair[1].number)
        places.setdefault(f"*{escape(decapitalise(label))}*", []).append(f"{_placed(name)} ({tal(row)})")
    told = list_text([f"{answer} {list_text(parts)}" for answer, parts in places.items()])
    return paragraphs(f"Det hyppigste svar er {told}.") if told else ""


# Shares beside each other in words: which is highest and which lowest.


RANKED = WordingTable(
    "ranked",
    Wording(
        "spread",
        "the highest and the lowest differ by more than the uncertainty",
        "{most} {top}, og {least} {bottom}.",
    ),
    Wording(
        "near",
        "they print differently, and the uncertainty allows the difference",
        "Andelene ligger mellem {low} og {high}, og forskellene er ikke større end den statistiske usikkerhed.",
    ),
    Wording("alike", "all print alike", "Andelen er den samme for alle svarene: {value}."),
)


def ranked(
    ledger: Ledger, trial: Trial, measures: Sequence[str], *, most: str, least: str, again: str = "", site: str | None
) -> str:
    """Which share is highest and which lowest: `most` and `least` open the two clauses.

    `Flest er enige i, at de` and `færrest i, at de`; `again` (`at de`) is said again before each of several that tie.
    """
    found = [measure_of(trial, measure_id) for measure_id in measures]
    rows = [level(ledger, trial, measure) for measure in found]
    clause = {measure.label: str(measure.clause) for measure in found}
    groups = tied_groups([(measure.label, row) for measure, row in zip(found, rows, strict=True)])
    if len(groups) < 2:
        alike = groups and len(groups[0]) > 1
        return paragraphs(RANKED.choose("alike", rows, value=tal(groups[0][0][1]))) if alike else ""

    def told(group: Sequence[Named]) -> str:
        first, *more = [escape(clause[label]) for label, _ in group]
        shared = "" if not more else "begge " if len(more) == 1 else "alle "
        together = [first, *(f"{again} {text}" for text in more)]
        said = clauses(together) if again else list_text([first, *more])
        return f"{said} ({shared}{tal(group[0][1])})"

    if may_be_ranked(groups):
        claim = RANKED.choose("spread", rows, most=most, top=told(groups[0]), least=least, bottom=told(groups[-1]))
    else:
        claim = RANKED.choose("near", rows, low=tal(groups[-1][0][1]), high=tal(groups[0][0][1]))
    hidden = sum(row.hidden for row in rows)
    left_out = f"{capitalise(count_text(hidden, 'svar'))} er udeladt {OUT_OF_REGARD}." if hidden else ""
    return paragraphs(claim.then(left_out))
