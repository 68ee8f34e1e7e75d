"""Two groups, or the subgroups of a division, side by side in sentences that the tests choose."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, decapitalise, list_text, p_text, value_text
from reportlib.ledger import Estimate, Ledger, UnknownKeyError, make_key
from reportlib.ledger.digits import decimals_beside
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, week_label
from reportlib.prose.estimate_text import antal, exact_value, p_vaerdi, tal
from reportlib.prose.section_parts import beside, by_site, level, measure_of, others, paragraphs
from reportlib.prose.site_claims import most
from reportlib.prose.target_claims import count_sites_below
from reportlib.prose.wording import Claim, Verdict, Wording, WordingTable, hidden_claim, lead, verdict
from reportlib.prose.words import outcome_words, trial_words
from reportlib.text.markup import escape
from reportlib.text.units import Unit
from reportlib.trial.analyses import Compare, Division, Subgroups
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

COMPARED = WordingTable(
    "compared",
    Wording("differs", "the test is significant", "{lead} Forskellen er statistisk signifikant ({p})."),
    Wording("alike", "the test is not significant", "{lead} Forskellen er ikke statistisk signifikant ({p})."),
    Wording("untested", "there is no test", "{lead} Forskellen er ikke testet."),
)
MEANS = WordingTable(
    "compared-means",
    Wording(
        "differs",
        "significant",
        "{Noun} er {first} {here} mod {second} {there}. Forskellen er statistisk signifikant ({p}).",
    ),
    Wording(
        "alike",
        "not",
        "{Noun} er {first} {here} mod {second} {there}. Forskellen er ikke statistisk signifikant ({p}).",
    ),
)
AGAINST_TARGET = WordingTable(
    "against-target",
    Wording("above", "the whole trial reaches the target", "Det når målet på {target} for hele {undertaking}."),
    Wording("below", "it does not", "Det når ikke målet på {target} for hele {undertaking}."),
)
COUNTS = WordingTable(
    "counts",
    Wording("all", "every share may be shown", "Fra det hyppigste til det sjældneste er svarene: {told}."),
    Wording("hidden", "some may not", "Andelene kan ikke alle vises."),
)
SPREAD = WordingTable(
    "spread",
    Wording(
        "differs",
        "the test of the whole spread is significant",
        "Svarene på *{label}* fordeler sig forskelligt ({p}): {told}.",
    ),
    Wording(
        "alike",
        "it is not",
        "Svarene på *{label}* fordeler sig ikke statistisk signifikant forskelligt ({p}): {told}.",
    ),
    Wording(
        "several-alike",
        "several questions, none of them significant",
        "Svarene fordeler sig ikke statistisk signifikant forskelligt på {labels}.",
    ),
    Wording("hidden", "a number may not be shown", "Svarene på *{label}* kan ikke vises for begge grupper."),
)
INTERACTION = WordingTable(
    "interaction",
    Wording(
        "one-differs",
        "one division, the test is significant",
        "{Effect} på {noun} afhænger af {labels} ({p}).",
    ),
    Wording(
        "one-alike",
        "one division, the test is not significant",
        "Det er ikke vist, at {effect} på {noun} afhænger af {labels} ({p}).",
    ),
    Wording(
        "none",
        "several divisions, none significant after the correction for their number",
        "Det er ikke vist, at {effect} på {noun} afhænger af {labels}, når der tages højde for antallet af test "
        "(mindste {p}).",
    ),
    Wording(
        "some",
        "several divisions, some significant after the correction",
        "Når der tages højde for antallet af test, afhænger {effect} på {noun} af {labels} (mindste {p}).",
    ),
)
CONTRAST = WordingTable(
    "contrast",
    Wording(
        "up",
        "the first subgroup significantly above the second",
        "{Place} er {noun} {first} blandt {one} mod {second} blandt {other}. Forskellen er statistisk signifikant "
        "({p}).",
    ),
    Wording(
        "down",
        "the first subgroup significantly below the second",
        "{Place} er {noun} {first} blandt {one} mod {second} blandt {other}. Forskellen er statistisk signifikant "
        "({p}).",
    ),
    Wording(
        "alike",
        "not significant",
        "{Place} er {noun} {first} blandt {one} mod {second} blandt {other}. Forskellen er ikke statistisk signifikant "
        "({p}).",
    ),
)


def compared(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None, site: str | None) -> str:
    """A sentence about each measure: the two levels and whether their difference is significant."""
    return paragraphs(" ".join(_sentence(ledger, trial, measure_id, by) for measure_id in measures))


def _sentence(ledger: Ledger, trial: Trial, measure_id: str, by: str | None) -> str:
    measure, words = measure_of(trial, measure_id), trial_words(trial)
    spec = _spec(trial, measure_id, by)
    first, second = _parts(spec, trial)[:2]
    if not measure.is_binary:
        return _means(ledger, trial, measure, spec)
    outcome = outcome_words(measure)
    rows = [ledger[make_key(measure_id, statistic="share", group=g, subgroup=s)] for g, s, _ in (first, second)]
    whole = spec.by.id if spec.by else ""
    difference = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, subgroup=whole)]
    if (hidden := hidden_claim(outcome.noun, [*rows, difference], words)) is not None:
        return hidden.text
    test = ledger.get(make_key(measure_id, statistic="test", group=DIFFERENCE, subgroup=whole)) or difference
    many, place = _words(first, second, spec, trial, is_survey=measure.is_survey)
    told = lead(rows[0], tal(rows[0]), outcome, many=many, opening="", against=f"{tal(rows[1])} {place}")
    wording = "untested" if test.p is None else "differs" if test.p < words.level else "alike"
    p = "" if test.p is None else p_text(test.p, level=words.level)
    return COMPARED.choose(wording, [*rows, test], lead=told, p=p).text


def _means(ledger: Ledger, trial: Trial, measure: MeasureSpec, spec: Compare) -> str:
    """The sentence about means, told by the measure's noun: `den gennemsnitlige andel af ugerne med samtale`."""
    words = trial_words(trial)
    noun = measure.noun or decapitalise(measure.label)
    first, second = _parts(spec, trial)[:2]
    rows = [ledger[make_key(measure.id, statistic="mean", group=g, subgroup=s)] for g, s, _ in (first, second)]
    whole = spec.by.id if spec.by else ""
    difference = ledger[make_key(measure.id, statistic="difference", group=DIFFERENCE, subgroup=whole)]
    if (hidden := hidden_claim(noun, [*rows, difference], words)) is not None:
        return hidden.text
    groups = words.groups
    here, there = (
        (groups.treated_place, groups.place) if spec.by is None else (f"blandt {first[2]}", f"blandt {second[2]}")
    )
    return MEANS.choose(
        "differs" if verdict(difference, words.level).significant else "alike",
        [*rows, difference],
        Noun=capitalise(escape(noun)),
        first=tal(rows[0], decimals_beside(rows)),
        second=tal(rows[1], decimals_beside(rows)),
        here=here,
        there=there,
        p=p_vaerdi(difference, level=words.level),
    ).text


def sites_against_target(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Whether the whole trial reaches a component's target, which sites do not, and the site beside the others."""
    measure, words = measure_of(trial, measure_id), trial_words(trial)
    targets = [part.target for element in trial.elements for part in element.components if part.measure == measure_id]
    row, rows = level(ledger, trial, measure), by_site(ledger, trial, measure)
    told = []
    if targets and row.value is not None:
        target = value_text(targets[0].green, Unit.PCT, 0)
        told.append(
            AGAINST_TARGET.choose(
                "above" if row.number >= targets[0].green else "below",
                [row],
                target=target,
                undertaking=trial.design.undertaking,
            )
        )
    if site is not None:
        told += [_own(ledger, trial, measure, site)]
        return paragraphs(" ".join(claim.text for claim in told))
    if targets:
        told.append(count_sites_below(rows, targets[0], words=words))
    told.append(most(rows, noun="andelen", words=words))
    return paragraphs(" ".join(claim.text for claim in told))


def _own(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str) -> Claim:
    return beside(level(ledger, trial, measure, site), others(ledger, trial, measure, site), site, trial)


def counts(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Several shares of one survey in a sentence, the highest first, each with its counts."""
    found = [
        (measure_of(trial, measure_id), level(ledger, trial, measure_of(trial, measure_id))) for measure_id in measures
    ]
    rows = [row for _, row in found]
    if any(row.value is None for row in rows):
        return COUNTS.choose("hidden", rows).text + "\n"
    ordered = sorted(found, key=lambda one: -one[1].number)
    told = list_text([f"{decapitalise(escape(measure.label))} ({tal(row)}, {antal(row)})" for measure, row in ordered])
    return COUNTS.choose("all", rows, told=told).text + "\n"


def _words(
    first: tuple[str, str, str], second: tuple[str, str, str], spec: Compare, trial: Trial, *, is_survey: bool
) -> tuple[str, str]:
    """Who the first level counts, and where the second stands."""
    if spec.by is not None:
        return first[2], f"af {second[2]}"
    groups = trial_words(trial).groups
    return (f"svarpersonerne i {groups.treated}" if is_survey else groups.treated_many), groups.place


def spread(ledger: Ledger, trial: Trial, measure_id: str, *, by: str | None = None, site: str | None) -> str:
    """Whether two parts answer differently, with the share of the two highest answers in each."""
    measure, words, spec = measure_of(trial, measure_id), trial_words(trial), _spec(trial, measure_id, by)
    test = ledger[make_key(measure_id, statistic="test", group=DIFFERENCE, subgroup=spec.by.id if spec.by else "")]
    told, used = [], [test]
    for group, subgroup, name in _parts(spec, trial):
        rows = [
            row
            for row in ledger.select(measure=measure_id, group=group, statistic="share")
            if row.subgroup.startswith(f"{subgroup}:svar-" if subgroup else "svar-")
        ][-1:]
        used += rows
        told += [f"{tal(row)} af {name}" for row in rows]
    label = escape(measure.label)
    if test.p is None or any(row.value is None for row in used[1:]):
        return SPREAD.choose("hidden", used, label=label).text + "\n"
    highest = list(measure.computed.answers.values())[-1]  # type: ignore[union-attr]
    return (
        SPREAD.choose(
            "differs" if test.p < words.level else "alike",
            used,
            label=label,
            p=p_text(test.p, level=words.level),
            told=f"{list_text(told)} svarer *{escape(highest[0].lower() + highest[1:])}*",
        ).text
        + "\n"
    )


def spreads(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None, site: str | None) -> str:
    """Several questions: one sentence for those answered alike, and `spread` for each of the others."""
    part = _spec(trial, measures[0], by)
    whole = part.by.id if part.by else ""
    tests = [ledger[make_key(one, statistic="test", group=DIFFERENCE, subgroup=whole)] for one in measures]
    level = trial.design.level
    found = list(zip(measures, tests, strict=True))
    alike = [(one, test) for one, test in found if test.p is not None and test.p >= level]
    told = [spread(ledger, trial, one, by=by, site=site) for one, test in found if (one, test) not in alike]
    if len(alike) == 1:
        told.append(spread(ledger, trial, alike[0][0], by=by, site=site))
    elif alike:
        labels = [
            f"*{escape(measure_of(trial, one).label)}* ({p_text(test.p or 0.0, level=level)})" for one, test in alike
        ]
        rows = [test for _, test in alike]
        told.append(SPREAD.choose("several-alike", rows, labels=list_text(labels)).text)
    return paragraphs(" ".join(text.strip() for text in told))


def interaction(ledger: Ledger, trial: Trial, measure_id: str, week: int | None = None, *, site: str | None) -> str:
    """Whether the difference between the groups differs between subgroups; the p-values allow for their number."""
    words, outcome = trial_words(trial), outcome_words(measure_of(trial, measure_id))
    divisions = _divisions(trial, measure_id, week)
    rows = {
        division.label: row
        for division in divisions
        if (row := _interaction(ledger, measure_id, division, week)) is not None and row.p is not None
    }
    if not rows:
        return ""
    standing = [label for label, row in rows.items() if (row.p or 0.0) < words.level]
    smallest = min(rows.values(), key=lambda row: row.p or 0.0)
    one = len(rows) == 1
    wording = ("one-differs" if standing else "one-alike") if one else "some" if standing else "none"
    return (
        INTERACTION.choose(
            wording,
            list(rows.values()),
            Effect=capitalise(words.design.effect_word),
            effect=words.design.effect_word,
            noun=outcome.noun,
            labels=list_text(standing) if standing else _either(list(rows)),
            p=p_vaerdi(smallest, level=words.level),
        ).text
        + "\n"
    )


def contrast(
    ledger: Ledger, trial: Trial, measure_id: str, division_id: str, week: int | None = None, *, site: str | None
) -> str:
    """Within each group, the first subgroup of a division beside the second, and whether they differ."""
    words, outcome = trial_words(trial), outcome_words(measure_of(trial, measure_id))
    division = next(one for one in _divisions(trial, measure_id, week) if one.id == division_id)
    time = week_label(week) if week else ""
    told = []
    places = (words.groups.treated_place, words.groups.place)
    (value_one, one), (value_other, other) = list(division.values.items())[:2]
    for group, place in zip(trial.all_groups, places, strict=False):
        first, second = (
            ledger[
                make_key(measure_id, statistic="share", group=group.id, subgroup=f"{division.id}:{value}", time=time)
            ]
            for value in (value_one, value_other)
        )
        row = ledger[make_key(measure_id, statistic="contrast", group=group.id, subgroup=division.id, time=time)]
        if (hidden := hidden_claim(f"{outcome.noun} {place}", [first, second, row], words)) is not None:
            told.append(hidden.text)
            continue
        found = verdict(row, words.level)
        told.append(
            CONTRAST.choose(
                {Verdict.UP: "up", Verdict.DOWN: "down"}.get(found, "alike"),
                [first, second, row],
                Place=capitalise(place),
                noun=outcome.noun,
                first=_level(first),
                second=_level(second),
                one=one,
                other=other,
                p=p_vaerdi(row, level=words.level),
            ).text
        )
    return paragraphs(" ".join(told))


def _level(row: Estimate) -> str:
    exact_value(row)  # a hidden row stops here, not in the middle of a sentence
    return tal(row)


def _spec(trial: Trial, measure_id: str, by: str | None) -> Compare:
    for spec in trial.analyses:
        if isinstance(spec, Compare) and measure_id in spec.measures and (spec.by.id if spec.by else None) == by:
            return spec
    raise UnknownKeyError(
        f"{trial.id} does not compare {measure_id}" + (f" by {by}" if by else ""),
        hint="add it to a `compare` analysis",
    )


def _parts(spec: Compare, trial: Trial) -> list[tuple[str, str, str]]:
    if spec.by is None:
        return [(group.id, "", group.many) for group in trial.all_groups]
    return [(spec.group or EVERYONE, f"{spec.by.id}:{value}", name) for value, name in spec.by.values.items()]


def _divisions(trial: Trial, measure_id: str, week: int | None) -> tuple[Division, ...]:
    for spec in trial.analyses:
        if isinstance(spec, Subgroups) and spec.measure == measure_id and spec.week == week:
            return spec.by
    raise UnknownKeyError(
        f"{trial.id} has no subgroups of {measure_id}" + (f" in week{NBSP}{week}" if week else ""),
        hint="add a `subgroups` analysis",
    )


def _interaction(ledger: Ledger, measure_id: str, division: Division, week: int | None) -> Estimate | None:
    time = week_label(week) if week else ""
    return ledger.get(
        make_key(measure_id, statistic="interaction_holm", group=DIFFERENCE, subgroup=division.id, time=time)
    )


def _either(labels: list[str]) -> str:
    """`kønnet eller alderen`."""
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} eller {labels[-1]}"
