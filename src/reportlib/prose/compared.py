"""Two groups, or the subgroups of a division, side by side in sentences that the tests choose."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, decapitalise, list_text, sentence, value_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.digits import decimals_apart
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.estimate_text import antal, exact_value, tal
from reportlib.prose.section_parts import by_site, interactions, level, measure_of, own_beside, paragraphs
from reportlib.prose.site_claims import most, stands_apart
from reportlib.prose.target_claims import count_sites_below
from reportlib.prose.wording import (
    PER_PERSON,
    Compared,
    Wording,
    WordingTable,
    hidden_claim,
    lead,
    mean_of,
    tested,
    told_together,
    verdict,
)
from reportlib.prose.words import outcome_words, trial_words
from reportlib.text.marks import unmarked
from reportlib.text.markup import escape
from reportlib.text.units import Unit
from reportlib.trial.analyses import Compare
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial, compare_of, parts_of, subgroups_of

AGAINST_TARGET = WordingTable(
    "against-target",
    Wording(
        "above",
        "the whole trial reaches the target",
        "Målet på {target} er dermed nået for {undertaking} som helhed.",
    ),
    Wording("below", "it does not", "Målet på {target} er dermed ikke nået for {undertaking} som helhed."),
)
COUNTS = WordingTable(
    "counts",
    Wording("all", "every share may be shown", "Fra det hyppigste til det sjældneste er svarene: {told}."),
    Wording("hidden", "some may not", "Andelene kan ikke alle vises."),
)
ANSWERS = WordingTable(
    "answers-spread",
    Wording(
        "differs",
        "the test of the whole spread is significant",
        "Svarene på *{label}* fordeler sig forskelligt: {told}.",
    ),
    Wording(
        "alike",
        "it is not",
        "Der er ingen sikker forskel på, hvordan svarene på *{label}* fordeler sig: {told}.",
    ),
    Wording(
        "several-alike",
        "several questions, none of them significant",
        "Der er ingen sikker forskel på, hvordan svarene fordeler sig på {labels}.",
    ),
    Wording("hidden", "a number may not be shown", "Svarene på *{label}* kan ikke vises for begge grupper."),
)
INTERACTION = WordingTable(
    "interaction",
    Wording(
        "one-differs",
        "one division, the test is significant",
        "{Effect} på {noun} afhænger af {labels}.",
    ),
    Wording(
        "one-alike",
        "one division, the test is not significant",
        "Det er ikke vist, at {effect} på {noun} afhænger af {labels}.",
    ),
    Wording(
        "none",
        "several divisions, none significant after the correction for their number",
        "Det er ikke vist, at {effect} på {noun} afhænger af {labels}.",
    ),
    Wording(
        "some",
        "several divisions, some significant after the correction",
        "Når der tages højde for antallet af test, afhænger {effect} på {noun} af {labels}.",
    ),
)


def compared(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None, site: str | None) -> str:
    """A sentence about each measure, the two levels; and one about those whose difference is significant or not."""
    found: list[Compared] = []
    hidden = []
    for measure_id in measures:
        made = _sentence(ledger, trial, measure_id, by)
        if isinstance(made, str):
            hidden.append(made)
        else:
            found.append(made)
    return paragraphs(" ".join([told_together(found), *hidden]).strip())


POINTS = WordingTable(
    "points",
    Wording("wanted", "significant differences, all to the wanted side", "{Sure} den vej, indsatsen skulle trække."),
    Wording("opposite", "significant differences, all to the other side", "{Sure} den modsatte vej."),
    Wording("both", "significant differences to both sides", "De sikre forskelle går hver sin vej."),
    Wording("nowhere", "no significant difference", "Svarene viser ikke, at den har gjort det."),
    Wording(
        "nowhere-shown",
        "none of those that may be shown is significant",
        "De svar, der kan vises, viser ikke, at den har gjort det.",
    ),
    Wording("hidden", "no difference may be shown", "Om den har gjort det, kan ikke vises."),
)


def points(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Whether the significant differences between the groups point where more of each answer was wanted."""
    level, up, rows, hidden = trial.design.level, [], [], False
    for measure_id in measures:
        difference = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        test = ledger.get(make_key(measure_id, statistic="test", group=DIFFERENCE)) or difference
        hidden = hidden or difference.hidden
        if difference.value is not None and test.p is not None:
            rows.append(difference)
            up += [difference.number > 0] if test.p < level else []
    nowhere = "nowhere" if not hidden else "nowhere-shown" if rows else "hidden"
    wording = nowhere if not up else "wanted" if all(up) else "both" if any(up) else "opposite"
    sure = "Den sikre forskel går" if len(up) == 1 else "De sikre forskelle går"
    return paragraphs(POINTS.choose(wording, rows, Sure=sure))


EXPECTED = WordingTable(
    "expected",
    Wording("more", "the interval of the expected lies above", "Flere regnede altså med det, end der har nået det."),
    Wording("fewer", "the expected interval lies below", "Flere har altså nået det, end der regnede med det."),
    Wording("as-many", "the intervals overlap", "Det svarer nogenlunde til det, de regnede med."),
)


def expected(ledger: Ledger, trial: Trial, measure_id: str, outcome: str, week: int, *, site: str | None) -> str:
    """Whether as many of the treated have reached something in the registers as expected it in the survey."""
    group = trial.groups.treated.id
    answer = ledger[make_key(measure_id, statistic="share", group=group)]
    found = ledger[make_key(outcome, statistic="mean", group=group, time=week_label(week))]
    if (hidden := hidden_claim("om forventningen holdt,", [answer, found], trial_words(trial))) is not None:
        return paragraphs(hidden)
    apart = stands_apart(answer, found)
    wording = "as-many" if not apart else "more" if answer.number > found.number else "fewer"
    return paragraphs(EXPECTED.choose(wording, [answer, found]))


def _sentence(ledger: Ledger, trial: Trial, measure_id: str, by: str | None) -> Compared | str:
    """The comparison, or why it cannot be made."""
    measure, words = measure_of(trial, measure_id), trial_words(trial)
    spec = compare_of(trial, measure_id, by)
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
    told, again = (
        lead(rows[0], tal(rows[0]), outcome, many=who, opening="", against=tal(rows[1]), place=place, named=bool(who))
        for who in (many, "")
    )
    significant = None if test.p is None else tested(test).p < words.level  # type: ignore[operator]
    return Compared(told, significant, (*rows, test), again)


def _means(ledger: Ledger, trial: Trial, measure: MeasureSpec, spec: Compare) -> Compared | str:
    """The sentence about means, told by the measure's noun: `andelen af ugerne med samtale`."""
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
    fine = decimals_apart(rows, difference, level=words.level)
    one, other = (tal(row, places) for row, places in zip(rows, fine, strict=True))
    alike, other = unmarked(one) == unmarked(other), PER_PERSON.sub("", other)
    against = f", og {there} er det også {other}" if alike else f" mod {other} {there}"
    if measure.clause and spec.by is None:
        told = f"{mean_of(one, outcome_words(measure), groups.treated_many)}{against}"
    else:
        told = f"{escape(noun)} er {one} {here}{against}"
    told = sentence(capitalise(told))
    return Compared(told, verdict(tested(difference), words.level).significant, (*rows, difference))


def sites_against_target(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Whether the whole trial reaches a component's target, which sites do not, and the site beside the others."""
    measure, words = measure_of(trial, measure_id), trial_words(trial)
    target, row, rows = trial.targets.get(measure_id), level(ledger, trial, measure), by_site(ledger, trial, measure)
    told = []
    if target is not None and row.value is not None:
        told.append(
            AGAINST_TARGET.choose(
                "above" if row.number >= target.green else "below",
                [row],
                target=value_text(target.green, Unit.PCT, 0),
                undertaking=trial.design.undertaking,
            )
        )
    if site is not None:
        told.append(own_beside(ledger, trial, measure, site))
        return paragraphs(" ".join(claim.text for claim in told))
    if target is not None:
        told.append(count_sites_below(rows, target, words=words))
    told.append(most(rows, noun="andelen", words=words))
    return paragraphs(" ".join(claim.text for claim in told))


def counts(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Several shares of one survey in a sentence, the highest first, each with its counts."""
    found = [
        (measure_of(trial, measure_id), level(ledger, trial, measure_of(trial, measure_id))) for measure_id in measures
    ]
    rows = [row for _, row in found]
    if any(row.value is None for row in rows):
        return paragraphs(COUNTS.choose("hidden", rows))
    ordered = sorted(found, key=lambda one: -one[1].number)
    told = list_text([f"{decapitalise(escape(measure.label))} ({tal(row)}, {antal(row)})" for measure, row in ordered])
    return paragraphs(COUNTS.choose("all", rows, told=told))


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
    measure, words, spec = measure_of(trial, measure_id), trial_words(trial), compare_of(trial, measure_id, by)
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
        return paragraphs(ANSWERS.choose("hidden", used, label=label))
    highest = list(measure.computed.answers.values())[-1]  # type: ignore[union-attr]
    return paragraphs(
        ANSWERS.choose(
            "differs" if (tested(test).p or 0.0) < words.level else "alike",
            used,
            label=label,
            told=f"{list_text(told)} svarer *{escape(highest[0].lower() + highest[1:])}*",
        )
    )


def spreads(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None, site: str | None) -> str:
    """Several questions: one sentence for those answered alike, and `spread` for each of the others."""
    part = compare_of(trial, measures[0], by)
    whole = part.by.id if part.by else ""
    tests = [ledger[make_key(one, statistic="test", group=DIFFERENCE, subgroup=whole)] for one in measures]
    level = trial.design.level
    found = list(zip(measures, tests, strict=True))
    alike = [(one, test) for one, test in found if test.p is not None and test.p >= level]
    told = [spread(ledger, trial, one, by=by, site=site) for one, test in found if (one, test) not in alike]
    if len(alike) == 1:
        told.append(spread(ledger, trial, alike[0][0], by=by, site=site))
    elif alike:
        labels = [f"*{escape(measure_of(trial, one).label)}*" for one, _ in alike]
        rows = [tested(test) for _, test in alike]
        told.append(ANSWERS.choose("several-alike", rows, labels=list_text(labels)).text)
    return paragraphs(" ".join(text.strip() for text in told))


def interaction(ledger: Ledger, trial: Trial, measure_id: str, week: int | None = None, *, site: str | None) -> str:
    """Whether the difference between the groups differs between subgroups; the p-values allow for their number."""
    words, outcome = trial_words(trial), outcome_words(measure_of(trial, measure_id))
    rows = interactions(ledger, subgroups_of(trial, measure_id, week))
    if not rows:
        return ""
    standing = [label for label, row in rows.items() if (row.p or 0.0) < words.level]
    one = len(rows) == 1
    wording = ("one-differs" if standing else "one-alike") if one else "some" if standing else "none"
    return paragraphs(
        INTERACTION.choose(
            wording,
            [tested(row) for row in rows.values()],
            Effect=capitalise(words.design.effect_word),
            effect=words.design.effect_word,
            noun=outcome.noun,
            labels=list_text(standing) if standing else list_text(list(rows), last="eller"),
        )
    )


def contrast(
    ledger: Ledger, trial: Trial, measure_id: str, division_id: str, week: int | None = None, *, site: str | None
) -> str:
    """Within each group, the first subgroup of a division beside the second, and whether they differ."""
    words, outcome = trial_words(trial), outcome_words(measure_of(trial, measure_id))
    division = next(one for one in subgroups_of(trial, measure_id, week).by if one.id == division_id)
    time = week_label(week) if week else ""
    found: list[Compared] = []
    hidden_told = []
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
            hidden_told.append(hidden.text)
            continue
        here = capitalise(place)
        told = f"{here} er {outcome.noun} {_level(first)} blandt {one} mod {_level(second)} blandt {other}."
        again = f"{here} er det {_level(first)} mod {_level(second)}."
        found.append(Compared(told, verdict(tested(row), words.level).significant, (first, second, row), again))
    return paragraphs(" ".join([told_together(found), *hidden_told]).strip())


def _level(row: Estimate) -> str:
    exact_value(row)  # a hidden row stops here, not in the middle of a sentence
    return tal(row)


def _parts(spec: Compare, trial: Trial) -> list[tuple[str, str, str]]:
    return parts_of(spec) or [(group.id, "", group.many) for group in trial.all_groups]
