"""Comparisons between places and years in words: differences in differences, matching, months."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    NBSP,
    as_decimal,
    capitalise,
    decapitalise,
    event_week,
    event_weeks,
    list_text,
    month_text,
    number_text,
    out_of_text,
    round_half_up,
    value_text,
    weeks_text,
)
from reportlib.ledger import Ledger, make_key
from reportlib.ledger.digits import usual_decimals
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose import survival
from reportlib.prose.estimate_text import hidden_text, is_zero, moved, tal, telling_decimals
from reportlib.prose.method import background_label
from reportlib.prose.section_parts import (
    accumulated_to,
    few_places,
    last_week_shown,
    lasting_week,
    measure_of,
    paragraphs,
    weekly_rows,
)
from reportlib.prose.titles import title_of
from reportlib.prose.week_claims import BAND, band_holds, left_out_weeks
from reportlib.prose.wording import Verdict, Wording, WordingTable, hidden_claim, tested, turned, verdict
from reportlib.prose.words import named_population, outcome_words, trial_words
from reportlib.text.markup import escape
from reportlib.text.origin import count_of, derived, with_origin
from reportlib.text.origin import method as of_method
from reportlib.text.units import Unit
from reportlib.trial.analyses import SeriesAnalysis
from reportlib.trial.model import Trial, analysis_of

# How places and years are compared, in words.


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How places and years are compared, in words that follow the settings."""
    sites, kinds = trial.sites.noun, {spec.kind for spec in trial.analyses}
    first = (
        f"Med fire grupper kan udviklingen i de deltagende {sites.many} holdes op mod udviklingen i de øvrige. "
        "Estimatet er koefficienten til produktet af to variable, der siger, om personen er registreret i indsatsåret, "
        f"og om personen bor i {sites.gender} deltagende {sites.one}. Det forudsætter, at udviklingen uden indsatsen "
        "ville have været den samme."
    )
    third = (
        "Det, der måles uge for uge, er sammenlignet med lineær regression. Fejlene er klynget (CR2) med "
        f"Satterthwaites frihedsgrader, fordi {sites.many_definite} kan være få. Andre konventioner giver fejl, der er "
        "nogle procent større eller mindre."
    )
    return paragraphs(
        first if trial.groups.before else "",
        survival.method(ledger, trial, site=site).strip() if kinds & {"survival", "cox"} else "",
        third if "did" in kinds else "",
    )


# Monthly numbers of areas in words: where they are lower or higher, and how they have moved.


SERIES = WordingTable(
    "series",
    *turned(
        ("below", "lower in every month of the window"),
        ("above", "higher in every month of the window"),
        "{Noun} har i hver måned fra {months} været [lavere|højere] i de deltagende {sites} end i de øvrige: mellem "
        "{low} og {high}.",
    ),
    Wording(
        "mixed",
        "lower in some months and higher in others",
        "Fra {months} har {noun} snart været lavere og snart højere i de deltagende {sites} end i de øvrige: "
        "fra {lowest} til {highest}.",
    ),
)


def months(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Whether the areas that take part lay lower or higher than the others, over the months of the analysis."""
    spec = _series(trial, measure_id)
    low, high = (
        ledger[make_key(measure_id, statistic=statistic, group=DIFFERENCE)] for statistic in ("minimum", "maximum")
    )
    noun = measure_of(trial, measure_id).noun or measure_of(trial, measure_id).label
    if low.value is None or high.value is None:
        return ""
    wording = "below" if high.number < 0 else "above" if low.number > 0 else "mixed"
    sizes = sorted((low, high), key=lambda row: abs(row.number))
    decimals = telling_decimals([low, high])
    return paragraphs(
        SERIES.choose(
            wording,
            [low, high],
            Noun=capitalise(noun),
            noun=noun,
            months=f"{month_text(spec.first)} til {month_text(spec.last)}",
            sites=trial.sites.noun.many,
            low=number_text(abs(sizes[0].number), decimals),
            high=value_text(abs(sizes[1].number), high.unit, decimals),
            lowest=value_text(low.number, low.unit, decimals),
            highest=value_text(high.number, high.unit, decimals),
        )
    )


def series_title(ledger: Ledger, trial: Trial, measure_id: str) -> str:
    """Where the areas that take part lay below or above the others in every month of the analysis; empty elsewhere."""
    spec = _series(trial, measure_id)
    low, high = (ledger.get(make_key(measure_id, statistic=name, group=DIFFERENCE)) for name in ("minimum", "maximum"))
    if low is None or high is None or low.value is None or high.value is None or low.number <= 0 <= high.number:
        return ""
    measure = measure_of(trial, measure_id)
    return title_of(
        "months-above" if low.number > 0 else "months-below",
        [low, high],
        place=f"de deltagende {trial.sites.noun.many}",
        noun=measure.noun or decapitalise(measure.label),
        months=f"{month_text(spec.first)} til {month_text(spec.last)}",
    )


def _series(trial: Trial, measure_id: str) -> SeriesAnalysis:
    return analysis_of(trial, SeriesAnalysis, measure_id, lambda spec: measure_id in spec.measures)


def change(ledger: Ledger, trial: Trial, *measures: str, site: str | None) -> str:
    """How much numbers have moved over their window, where the effort took place, elsewhere, and in all.

    Of several with the same window the first names its months, and the others share a sentence.
    """
    windows: dict[str, list[tuple[str, str]]] = {}
    for measure_id in measures:
        spec, measure = _series(trial, measure_id), measure_of(trial, measure_id)
        if how := _moved_where(ledger, trial, measure_id):
            window = f"Fra {month_text(spec.change_from or spec.first)} til {month_text(spec.last)}"
            windows.setdefault(window, []).append((measure.noun or measure.label, how))
    told = []
    for window, ((noun, how), *others) in windows.items():
        told.append(f"{window} er {noun} {how}.")
        if others:
            (noun, how), *rest = others
            *more, last = [f"I samme periode er {noun} {how}", *(f"{noun} er {how}" for noun, how in rest)]
            told.append(f"{', '.join(more)}, og {last}." if more else f"{last}.")
    return " ".join(told) + "\n"


def _moved_where(ledger: Ledger, trial: Trial, measure_id: str) -> str:
    """`faldet med 2,3 procentpoint i de deltagende jobcentre og 1,7 på landsplan`; empty where every number hides."""
    comparison = trial.groups.comparison
    sides = [(trial.groups.treated.id, f"i de deltagende {trial.sites.noun.many}")]
    sides += [(comparison.id, "i de øvrige")] if comparison is not None else []
    sides += [("alle", "på landsplan")]
    rows = [ledger[make_key(measure_id, statistic="change", group=group)] for group, _ in sides]
    decimals = telling_decimals(rows)
    parts, before = [], ""
    for row, (_, place) in zip(rows, sides, strict=True):
        if row.value is not None:
            verb, size = moved(row.number, value_text(abs(row.number), row.unit, decimals))
            parts.append(" ".join(word for word in ("" if verb == before else verb, size, place) if word))
            before = verb
    return list_text(parts)


# Differences in differences in words: in one week, and in which weeks.


DID = WordingTable(
    "did",
    *turned(
        ("up", "significant and positive"),
        ("down", "significant and negative"),
        "I uge{nb}{week} har {noun} udviklet sig {size} [mere|mindre] i de deltagende {sites} end i de øvrige. "
        "Forskellen er sikker, men den forudsætter, at udviklingen ellers ville have været den samme.",
    ),
    Wording(
        "not-significant",
        "not significant",
        "I uge{nb}{week} er der ingen sikker forskel på, hvordan {noun} har udviklet sig i de deltagende {sites} og i "
        "de øvrige.",
    ),
)
DID_LASTS = WordingTable(
    "did-lasts",
    Wording(
        "lasts",
        "from some week every week is significant",
        "Fra uge{nb}{week} er forskellen sikker i alle uger med nok personer.",
    ),
)
DID_WEEKS = WordingTable(
    "did-weeks",
    Wording("none", "no week is significant", "Forskellen i {noun} er ikke sikker i nogen af de {n} uger."),
    *turned(
        ("every-more", "every week is, on the side of the treated"),
        ("every-less", "every week is, on the other side"),
        "{Noun} har i alle {n} uger udviklet sig [mere|mindre] i de deltagende {sites} end i de øvrige, og forskellen "
        "er sikker.",
    ),
    *turned(
        ("more", "one week or more is, always on the side of the treated"),
        ("less", "one week or more is, always on the other side"),
        "{Noun} har i {weeks} udviklet sig [mere|mindre] i de deltagende {sites} end i de øvrige; i resten af de {n} "
        "uger er forskellen ikke sikker.",
    ),
    Wording(
        "both",
        "some weeks on each side",
        "{Noun} har i {weeks} udviklet sig mere og i {weeks_less} mindre i de deltagende {sites} end i de øvrige; i "
        "resten af de {n} uger er forskellen ikke sikker.",
    ),
    Wording(
        "every-both",
        "every week is, some on each side",
        "{Noun} har i {weeks} udviklet sig mere og i {weeks_less} mindre i de deltagende {sites} end i de øvrige, og "
        "forskellen er sikker i alle {n} uger.",
    ),
    Wording("no-weeks", "no week can be shown", "Forskellen i {noun} kan ikke vises uge for uge."),
)


def did(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """The difference in differences of one week, and what its test lets be said."""
    row = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, time=week_label(week))]
    noun = outcome_words(measure_of(trial, measure_id)).noun
    if (hidden := hidden_claim(f"forskellen i {noun} i {event_week(week)}", [row], trial_words(trial))) is not None:
        return f"{hidden.text}\n"
    found = verdict(tested(row), trial.design.level)
    wording = found.value if found.significant else "not-significant"
    claim = DID.choose(
        wording,
        [row],
        nb=NBSP,
        week=number_text(week),
        noun=noun,
        sites=trial.sites.noun.many,
        size=value_text(abs(row.number), row.unit, usual_decimals(row)),
    )
    if (first := lasting_week(ledger, trial, measure_id)) is not None:
        claim = claim.then(DID_LASTS.choose("lasts", [first], nb=NBSP, week=number_text(first.number)))
    return f"{claim.then(few_places(trial)).text}\n"


def did_weeks(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """In which weeks the difference in differences is significant."""
    noun = outcome_words(measure_of(trial, measure_id)).noun
    level = trial.design.level
    enough = last_week_shown(ledger, trial, measure_id)  # 0 where nobody counts who is followed
    told_of = [row for row in weekly_rows(ledger, measure_id, "difference") if not enough or (row.week or 0) <= enough]
    rows = [row for row in told_of if row.value is not None]
    up, down = (
        [row.week or 0 for row in rows if verdict(row, level) is wanted] for wanted in (Verdict.UP, Verdict.DOWN)
    )
    told = "both" if up and down else "more" if up else "less" if down else "none" if rows else "no-weeks"
    every = bool(rows) and len(up) + len(down) == len(rows)
    claim = DID_WEEKS.choose(
        f"every-{told}" if every else told,
        rows,
        noun=noun,
        Noun=capitalise(noun),
        n=number_text(count_of(rows)),
        weeks=weeks_text(up or down),
        weeks_less=weeks_text(down),
        sites=trial.sites.noun.many,
    )
    band = weekly_rows(ledger, measure_id, "uniform_band")
    by_chance = (up or down) and band_holds(band, {row.week for row in rows}) is False
    hidden = left_out_weeks([row.week or 0 for row in told_of if row.hidden] if rows else [])
    return f"{claim.then(BAND.choose('fails', band) if by_chance else '', hidden).text}\n"


# What the weekly differences add up to in words, and the price at which that is earned back.


GAIN = WordingTable(
    "gain",
    *turned(
        ("up", "significantly above zero"),
        ("down", "significantly below zero"),
        "Lagt sammen fra {span} bliver forskellen i {noun} til {size} [mere|mindre] pr. {one}, og den er sikker.",
    ),
    Wording(
        "not-significant",
        "not significant",
        "Lagt sammen fra {span} er forskellen i {noun} {size} {more} pr. {one}, men den er ikke sikker.",
    ),
    Wording(
        "alike",
        "not significant, and the sum prints as zero",
        "Lagt sammen fra {span} er der hverken mere eller mindre pr. {one}, men det er ikke sikkert.",
    ),
)
BREAK_EVEN = WordingTable(
    "quasi-break-even",
    Wording(
        "up",
        "the gain is significantly above zero",
        "Koster indsatsen fx {cost} mere pr. {one} end det, de øvrige {sites} gør, koster hver ekstra time {price}, "
        "og det er tjent ind, hvis en ekstra time er mindst så meget værd. Bag hver ekstra time ligger der {units} "
        "{name} pr. {one}, hvoraf nogle også ville være holdt uden projektet.",
    ),
    Wording(
        "no-gain",
        "the gain is not significantly above zero",
        "Der er ikke vist nogen gevinst, og der er derfor ikke noget at holde en pris op imod.",
    ),
)


EXAMPLE_PRICE = 1000
"""The price of one more hour, in kr., that the break-even is shown with."""


def gain(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """What the weekly differences in differences add up to per treated person."""
    row = accumulated_to(ledger, trial, measure_id, week)
    if row is None or row.value is None:
        return ""
    found = verdict(tested(row), trial.design.level)
    wording = found.value if found.significant else "alike" if is_zero(row) else "not-significant"
    return paragraphs(
        GAIN.choose(
            wording,
            [row],
            one=trial.groups.treated.one,
            noun=outcome_words(measure_of(trial, measure_id)).noun.rstrip(","),
            span=event_weeks(week),
            size=value_text(abs(row.number), row.unit, usual_decimals(row)),
            more="mere" if row.number > 0 else "mindre",
        )
    )


def break_even(ledger: Ledger, trial: Trial, measure_id: str, week: int, units: str, *, site: str | None) -> str:
    """How the price of one more hour follows from the extra cost per person; nothing where a number is not shown."""
    row = accumulated_to(ledger, trial, measure_id, week)
    done = ledger[make_key(units, statistic="mean", group=trial.groups.treated.id)]
    if row is None or row.value is None or done.value is None:
        return ""
    if not verdict(row, trial.design.level).significant or row.value <= 0:
        return paragraphs(BREAK_EVEN.choose("no-gain", [row]))
    ratio = with_origin(done.number / row.number, derived("forhold", [done, row]))
    example = EXAMPLE_PRICE * round_half_up(
        as_decimal(row.number), usual_decimals(row)
    )  # what a reader who divides gets back
    return paragraphs(
        BREAK_EVEN.choose(
            "up",
            [row, done],
            one=trial.groups.treated.one,
            sites=trial.sites.noun.many,
            cost=value_text(with_origin(example, derived("eksempel", [row])), Unit.KR, 0),
            price=value_text(with_origin(EXAMPLE_PRICE, of_method("eksempelpris")), Unit.KR, 0),
            units=value_text(ratio, Unit.RATIO, 1),
            name=measure_of(trial, units).label.lower(),
        )
    )


# Matched comparisons in words: which of them show a difference.


MATCHED = WordingTable(
    "matched",
    Wording("none", "no matching is significant", "{Some} viser en sikker forskel."),
    Wording("some", "some are", "{Some} viser en sikker forskel, nemlig {which}."),
    Wording("all", "all are", "{Some} viser en sikker forskel: {which}."),
)


def matchings(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Which of the matchings show a significant difference."""
    names = {group.id: group.label for group in trial.every_group}
    rows = [row for one in measures for row in ledger.select(measure=one, group=DIFFERENCE, statistic="matched")]
    found = [row for row in rows if row.value is not None]
    if not found:
        return paragraphs(hidden_claim("resultaterne af matchningerne", rows, trial_words(trial), several=True) or "")
    sure, told = [row for row in found if verdict(row, trial.design.level).significant], []
    for row in sure:
        label = measure_of(trial, row.measure).label
        group = escape(named_population(label, trial) or decapitalise(label))
        size = value_text(row.number, row.unit, telling_decimals([row]))
        told.append(f"{group} mod {names.get(row.subgroup, row.subgroup)} ({size})")
    wording = "none" if not sure else "all" if len(sure) == len(found) else "some"
    some = capitalise(out_of_text(count_of(sure), count_of(found), "matchning"))
    if len(found) < len(rows):
        some += ", der kan vises,"
    return paragraphs(MATCHED.choose(wording, found, Some=some, which=list_text(told)))


MATCHED_ALIKE = WordingTable(
    "matched-alike",
    Wording(
        "alike",
        "all characteristics lie under the limit after matching",
        "Efter matchningen ligger alle kendetegn inden for grænsen {limit}: På det, der er målt, ligner grupperne "
        "hinanden.",
    ),
    Wording(
        "alike-shown",
        "all that may be shown do",
        "Efter matchningen ligger alle kendetegn, der kan vises, inden for grænsen {limit}.",
    ),
    Wording(
        "apart",
        "some do not",
        "Efter matchningen ligger {which} stadig uden for grænsen {limit}. Dér er grupperne ikke blevet ens, og "
        "resultatet skal læses med forsigtighed.",
    ),
)


def covariate_label(ledger: Ledger, trial: Trial, name: str) -> str:
    """A background column's label, or a measure's."""
    return ledger.measures[name].label if name in ledger.measures else background_label(trial, name)


LIMIT_MATCHED = with_origin(0.1, of_method("balance-efter-matchning"))
"""A standardised difference under this is usually taken for balance (Austin 2009)."""


def matched_alike(ledger: Ledger, trial: Trial, measure_id: str, against: str, *, site: str | None) -> str:
    """Whether a matching made the groups alike, by the limit that its figure draws.

    Raises:
        UnknownKeyError: the measure is not matched with that group.
    """
    matched = ledger[make_key(measure_id, statistic="matched", group=DIFFERENCE, subgroup=against)]
    rows = [
        one
        for one in ledger.select(measure=measure_id, group=DIFFERENCE, statistic="standardised_after")
        if one.subgroup.startswith(f"{matched.subgroup}:")
    ]
    shown = [one for one in rows if one.value is not None]
    if not shown:
        return paragraphs(hidden_claim("balancen efter matchningen", rows, trial_words(trial), several=True) or "")
    apart = [one for one in shown if abs(one.number) > LIMIT_MATCHED]
    names = [covariate_label(ledger, trial, one.subgroup.partition(":")[2]) for one in apart]
    wording = "apart" if apart else "alike" if len(shown) == len(rows) else "alike-shown"
    which = list_text(decapitalise(escape(name)) for name in names)
    return paragraphs(MATCHED_ALIKE.choose(wording, shown, which=which, limit=number_text(LIMIT_MATCHED, 1)))


# The treated in words: the requirements met for them, phase by phase.


def per_phase(
    ledger: Ledger, trial: Trial, of_persons: Sequence[str], of_requirements: Sequence[str], *, site: str | None
) -> str:
    """Two lines kept apart, in the same order: participants with all requirements met, and requirements met."""
    group = trial.groups.treated.id
    titles = [decapitalise(escape(_phase(trial, measure_id))) for measure_id in of_persons]
    lines = []
    for head, measures in (
        (f"Andel af *{trial.groups.treated.many}*, hvor alle krav er opfyldt", of_persons),
        ("Andel af *kravene*, der er opfyldt", of_requirements),
    ):
        rows = [ledger[make_key(measure_id, statistic="mean", group=group)] for measure_id in measures]
        told = [
            f"{title} {hidden_text(row)}" if row.value is None else f"{title} ({tal(row)})"
            for title, row in zip(titles, rows, strict=True)
        ]
        lines.append(f"- {head}: {list_text(told)}.")
    return paragraphs("\n".join(lines))


def _phase(trial: Trial, measure_id: str) -> str:
    """The element that the measure is a component of, or the measure's own label."""
    for element in trial.elements:
        if any(part.measure == measure_id for part in element.components):
            return element.title
    return measure_of(trial, measure_id).label
