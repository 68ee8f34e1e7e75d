"""What the sites support: which differ after correction, which is highest, and how one stands to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reportlib.danish import (
    NBSP,
    capitalise,
    count_text,
    list_text,
    noun_of,
    out_of_text,
    round_half_up,
    value_text,
)
from reportlib.ledger import Estimate
from reportlib.ledger.digits import usual_decimals
from reportlib.prose.estimate_text import exact_value, print_difference, tal
from reportlib.prose.wording import (
    Claim,
    Wording,
    WordingTable,
    comparative,
    expected_by_chance,
    hidden_claim,
    lead,
    left_out,
    not_computed,
    tested,
    turned,
    verdict,
    when_of,
    with_when,
)
from reportlib.prose.words import OutcomeWords, TrialWords
from reportlib.text.marks import marked, unmarked
from reportlib.text.markup import escape
from reportlib.text.origin import count_of
from reportlib.text.units import UnitMismatchError

# Effects site by site: which stand when one allows for having tested them all, and whether they differ at all.


EFFECTS_BY_SITE = WordingTable(
    "sites",
    Wording(
        "none",
        "no site's effect is significant after the correction",
        "{Effect} er ikke sikker i {any_site}, når der tages højde for, at der er foretaget {tests}.",
    ),
    Wording(
        "some",
        "some sites' effects are significant after the correction",
        "{Effect} er sikker i {some} ({names}), når der tages højde for, at der er foretaget {tests}.",
    ),
    Wording("untested", "no site could be tested", "{Effect} kan ikke testes {per_site}."),
)
UNCORRECTED = WordingTable(
    "uncorrected",
    Wording(
        "effects",
        "more sites' effects are significant one by one than after the correction",
        "Uden den korrektion ville {effect} {also}være sikker i {count} ({names}), men af {tests} vil i gennemsnit "
        "{expected} vise en forskel ved et rent tilfælde.",
    ),
)
HETEROGENEITY = WordingTable(
    "heterogeneity",
    *turned(
        ("differ", "the joint test is significant"),
        ("alike", "the joint test is not significant"),
        "En samlet test [viser,|viser ikke,] at {effect} varierer mellem {sites}.",
    ),
    Wording(
        "alike-though-some",
        "the joint test is not significant although single sites are",
        "En samlet test viser ikke, at {effect} varierer mellem {sites}. Det er derfor ikke vist, at {effect} er "
        "større dér end i de øvrige {sites_bare}.",
    ),
)


@dataclass(frozen=True, slots=True)
class SiteTest:
    """One site's difference (the site's effect, or its distance from the others) and its p-value after correction."""

    site: str
    difference: Estimate
    p_adjusted: float | None


def effects_by_site(
    tests: Sequence[SiteTest],
    *,
    words: TrialWords,
    made: int | None = None,
    heterogeneity: Estimate | None = None,
) -> Claim:
    """In which sites the effect is significant after correction for the number of tests; never by raw p-values alone.

    `made` is how many tests the correction allowed for, hidden sites included (default: those with a p-value);
    `heterogeneity` is a row whose p-value tests that the effect is the same everywhere.
    """
    found = _split(tests, words, made)
    claim = _corrected(found, words)
    if heterogeneity is None or heterogeneity.p is None:
        return claim
    site = noun_of(words.site)
    wording = "alike-though-some" if found.standing else "alike"
    joint = HETEROGENEITY.choose(
        "differ" if heterogeneity.p < words.level else wording,
        [tested(heterogeneity)],
        effect=words.design.effect_word,
        sites=site.many_definite or site.many,
        sites_bare=site.many,
    )
    return claim.then(joint)


@dataclass(frozen=True, slots=True)
class _Split:
    """The sites by what their tests say: `standing` after correction, `lost` only without it."""

    tested: list[SiteTest]
    standing: list[SiteTest]
    lost: list[SiteTest]
    hidden: int
    missing: int
    made: int


def _split(tests: Sequence[SiteTest], words: TrialWords, made: int | None) -> _Split:
    tested = [test for test in tests if test.difference.value is not None and test.p_adjusted is not None]
    standing = [test for test in tested if (test.p_adjusted or 0) < words.level]
    alone = [test for test in tested if verdict(test.difference, words.level).significant]
    hidden = sum(test.difference.hidden for test in tests)
    return _Split(
        tested=tested,
        standing=standing,
        lost=[test for test in alone if test not in standing],
        hidden=hidden,
        missing=len(tests) - len(tested) - hidden,
        made=_count_of(tested) if made is None else made,
    )


def _count_of(tests: Sequence[SiteTest]) -> int:
    return count_of([test.difference for test in tests])


def _corrected(found: _Split, words: TrialWords) -> Claim:
    site = noun_of(words.site)
    total = _count_of(found.tested)
    some = out_of_text(_count_of(found.standing), total, site) if found.standing else ""
    claim = EFFECTS_BY_SITE.choose(
        "untested" if not total else "some" if found.standing else "none",
        [test.difference for test in found.tested],
        Effect=capitalise(words.design.effect_word),
        any_site=f"nogen af de {count_text(total, site)}" if total > 1 else out_of_text(total, total, site),
        tests=count_text(found.made, "test"),
        some=some,
        names=_names(found.standing, words),
        per_site=f"{site.one} for {site.one}",
    )
    return claim.then(_uncorrected(found, words), left_out(found.hidden, words), not_computed(found.missing, words))


def _names(tests: Sequence[SiteTest], words: TrialWords) -> str:
    """`12 procentpoint flere i Aarhus, 9 i Nyborg og 8 procentpoint færre i Kolding`: the unit once a direction."""
    told: list[str] = []
    for up in (True, False):
        side = [test for test in tests if (test.difference.number > 0) is up]
        for place, test in enumerate(side):
            _, size, _ = print_difference(test.difference, level=words.level)
            number, _, unit = unmarked(size).partition(NBSP)
            short = place > 0 and unit and NBSP not in unit
            in_full = f"{size} {comparative(test.difference.unit, up=up)}"
            amount = marked(number, test.difference.value) if short else in_full
            told.append(f"{amount} i {escape(test.site)}")
    return list_text(told)


def _uncorrected(found: _Split, words: TrialWords) -> str:
    if not found.lost:
        return ""
    more = UNCORRECTED.choose(
        "effects",
        (),
        effect=words.design.effect_word,
        also="også " if found.standing else "",
        count=count_text(_count_of(found.lost), noun_of(words.site)),
        names=_names(found.lost, words),
        tests=count_text(found.made, "test"),
        expected=expected_by_chance(found.made, words.level),
    )
    return more.text


# Which place or item is highest: decided on what the reader sees, so ties are kept and named.


Named = tuple[str, Estimate]
"""A label as it is printed (`Aarhus`, `Kontakt til mentor`) and its row."""

MOST = WordingTable(
    "most",
    Wording(
        "spread",
        "the highest and the lowest differ by more than the uncertainty",
        "{Noun} er højest {top} og lavest {bottom}.",
    ),
    Wording(
        "spread-shown",
        "the same among those that may be shown: the highest or lowest of all may be hidden",
        "Blandt de {shown}, der kan vises, er {noun} højest {top} og lavest {bottom}.",
    ),
    Wording(
        "near",
        "they print differently, and the uncertainty allows the difference",
        "{Noun} ligger mellem {low} og {high} {everywhere}, men forskellene er ikke større end den statistiske "
        "usikkerhed.",
    ),
    Wording("alike", "all print alike", "{Noun} er {value} {everywhere}."),
    Wording("only", "only one may be shown", "{Noun} kan kun vises {only}."),
    Wording("none", "none may be shown", "{Noun} kan ikke vises for nogen af {sites}."),
)
RANKING = WordingTable(
    "ranking",
    Wording(
        "leads",
        "something comes after the first place, which may be shared",
        "{Noun} er højest for {first}, fulgt af {rest}.",
    ),
    Wording("first-only", "one label, or a tie that fills the ranking", "{Noun} er højest for {first}."),
    Wording("alike", "all print alike", "{Noun} er {value} for {labels}."),
    Wording("none", "none may be shown", "{Noun} kan ikke vises."),
)


def most(rows: Sequence[Named], *, noun: str, words: TrialWords, apart: bool | None = None) -> Claim:
    """Where a number is highest and lowest among sites: `højest i Aarhus (83 pct.) og lavest i Nyborg (41 pct.)`.

    Said only where the difference is larger than the uncertainty: by a test of all sites (`apart`) or, without one,
    where the two intervals do not overlap. Hidden sites are counted, not named.

    Raises:
        UnitMismatchError: the rows have different units.
    """
    estimates = [row for _, row in rows]
    groups = tied_groups(rows)
    hidden = left_out(sum(row.hidden for row in estimates), words)
    site = noun_of(words.site)
    shown = count_of([row for group in groups for _, row in group])
    if not groups:
        return MOST.choose("none", estimates, Noun=capitalise(noun), sites=site.many_definite or site.many)
    if shown == 1:
        return MOST.choose("only", estimates, Noun=capitalise(noun), only=_in(groups[0])).then(hidden)
    everywhere = f"i begge {site.many}" if shown == 2 else f"i alle {count_text(shown, site)}"
    everywhere += ", der kan vises" if hidden else ""
    if len(groups) == 1:
        value = _value(groups[0][0])
        return MOST.choose("alike", estimates, Noun=capitalise(noun), value=value, everywhere=everywhere).then(hidden)
    if not (may_be_ranked(groups) if apart is None else apart):
        low, high = _value(groups[-1][0]), _value(groups[0][0])
        where = f"i de {count_text(shown, site)}"
        return MOST.choose("near", estimates, Noun=capitalise(noun), low=low, high=high, everywhere=where).then(hidden)
    return MOST.choose(
        "spread-shown" if hidden else "spread",
        estimates,
        noun=noun,
        Noun=capitalise(noun),
        shown=count_text(shown, site),
        top=_in(groups[0]),
        bottom=_in(groups[-1]),
    ).then(hidden)


def may_be_ranked(groups: Sequence[Sequence[Named]]) -> bool:
    """Whether the first group lies above the last by more than the uncertainty; rows without intervals may be."""
    pairs = [(first, last) for _, first in groups[0] for _, last in groups[-1]]
    known = [pair for pair in pairs if all(None not in (row.ci_low, row.ci_high) for row in pair)]
    return not known or any(stands_apart(*pair) for pair in known)


def ranking(rows: Sequence[Named], *, noun: str, top: int = 3) -> Claim:
    """The `top` highest of several items in order, with all that tie with the last of them.

    `noun` says what is ranked (`den gennemsnitlige betydning`).

    Raises:
        UnitMismatchError: the rows have different units.
    """
    estimates = [row for _, row in rows]
    groups = tied_groups(rows)
    if not groups:
        return RANKING.choose("none", estimates, Noun=capitalise(noun))
    first, rest, taken = groups[0], [], len(groups[0])
    for group in groups[1:]:
        if taken >= top:
            break
        rest.extend(group)
        taken += len(group)
    return RANKING.choose(
        "leads" if rest else "alike" if len(groups) == 1 < len(first) else "first-only",
        estimates,
        Noun=capitalise(noun),
        first=_together(first),
        rest=list_text([f"{escape(label)} ({_value((label, row))})" for label, row in rest]),
        value=_value(first[0]),
        labels=list_text([escape(label) for label, _ in first]),
    )


def tied_groups(rows: Sequence[Named]) -> list[list[Named]]:
    """The rows with a value, highest first, those that print alike together (in the order given).

    Raises:
        UnitMismatchError: the rows have different units.
    """
    if len({row.unit for _, row in rows}) > 1:
        raise UnitMismatchError("rows of different units cannot be ranked", hint="rank one measure at a time")
    shown = [named for named in rows if named[1].value is not None]
    ordered = sorted(shown, key=_printed, reverse=True)
    return [list(group) for _, group in groupby(ordered, key=_printed)]


def _printed(named: Named) -> Decimal:
    row = named[1]
    return round_half_up(exact_value(row), usual_decimals(row))


def _value(named: Named) -> str:
    return value_text(exact_value(named[1]), named[1].unit)


def _in(group: Sequence[Named]) -> str:
    return f"i {_together(group)}"


def _together(group: Sequence[Named]) -> str:
    """`Aarhus (83 pct.)`, `Aarhus og Kolding (begge 83 pct.)`, `A, B og C (alle 83 pct.)`."""
    shared = "" if len(group) == 1 else "begge " if len(group) == 2 else "alle "
    return f"{list_text([escape(label) for label, _ in group])} ({shared}{_value(group[0])})"


# One municipality beside all others, told with care: its numbers are small.


OWN = WordingTable(
    "own",
    Wording(
        "apart",
        "the intervals do not overlap",
        "{lead} {site} ligger {over} de øvrige {sites}, også når der tages højde for usikkerheden.",
    ),
    Wording(
        "overlap",
        "the intervals overlap",
        "{lead} Når der tages højde for usikkerheden, kan {site} ikke skelnes fra de øvrige {sites}.",
    ),
    Wording(
        "uncertain",
        "one has no interval",
        "{lead} Usikkerheden er ikke beregnet, så forskellen kan ikke fortolkes.",
    ),
)


def own_against_others(
    own: Estimate, others: Estimate, *, site: str, outcome: OutcomeWords, words: TrialWords
) -> Claim:
    """A municipality's number beside that of all other municipalities.

    The two intervals must be apart before anything is called higher or lower: more cautious than a test. One
    municipality reads its own report, so nothing is corrected for the others.

    Raises:
        OutcomeWordsError: the outcome's words do not fit the unit.
    """
    moment, name, sites = when_of(own, None, outcome), escape(site), noun_of(words.site).many
    what, everywhere = with_when(outcome.noun, moment), f"i {name} og i de øvrige {sites}"
    hidden = hidden_claim(what, [own], words, place=f"i {name}") or hidden_claim(
        what, [others], words, place=everywhere
    )
    if hidden is not None:
        return hidden
    known = None not in (own.ci_low, own.ci_high, others.ci_low, others.ci_high)
    return OWN.choose(
        "uncertain" if not known else "apart" if stands_apart(own, others) else "overlap",
        (own, others),
        lead=lead(
            own,
            tal(own),
            outcome,
            many=words.groups.treated_many,
            opening=f"i {name}",
            tail=moment,
            against=tal(others),
            place=f"i de øvrige {sites}",
        ),
        over="over" if own.number > others.number else "under",
        site=name,
        sites=sites,
    )


def stands_apart(own: Estimate, others: Estimate) -> bool:
    """True when both numbers have an interval and the two do not overlap: more cautious than a test."""
    if own.ci_low is None or own.ci_high is None or others.ci_low is None or others.ci_high is None:
        return False
    return own.ci_low > others.ci_high or own.ci_high < others.ci_low
