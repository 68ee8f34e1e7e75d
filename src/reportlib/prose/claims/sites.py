"""Effects site by site: which stand when one allows for having tested them all, and whether they differ at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlib.danish import NBSP, capitalise, count_text, list_text, noun_of, out_of_text, p_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.chance import expected_by_chance
from reportlib.prose.claims.hidden import left_out, not_computed
from reportlib.prose.claims.lead import comparative
from reportlib.prose.claims.printing import print_difference
from reportlib.prose.claims.verdict import verdict
from reportlib.prose.words import TrialWords
from reportlib.text.marks import marked, unmarked
from reportlib.text.markup import escape
from reportlib.text.origin import count_of

EFFECTS_BY_SITE = WordingTable(
    "sites",
    Wording(
        "none",
        "no site's effect is significant after the correction",
        "{Effect} er ikke statistisk signifikant i {any_site}, når der tages højde for, at der er foretaget {tests}.",
    ),
    Wording(
        "some",
        "some sites' effects are significant after the correction",
        "{Effect} er statistisk signifikant i {some} ({names}), når der tages højde for, at der er foretaget {tests}.",
    ),
    Wording("untested", "no site could be tested", "{Effect} kan ikke testes {per_site}."),
)
SITES_THAT_DIFFER = WordingTable(
    "sites-that-differ",
    Wording(
        "none",
        "no site differs from the others after the correction",
        "{None_of_them} skiller sig statistisk signifikant ud fra de øvrige, når der tages højde for, at der er "
        "foretaget {tests}.",
    ),
    Wording(
        "some",
        "some sites differ from the others after the correction",
        "Fra de øvrige skiller {some} sig statistisk signifikant ud ({names}), når der tages højde for, at der er "
        "foretaget {tests}.",
    ),
    Wording("untested", "no site could be tested", "Det kan ikke testes, om nogen {site} skiller sig ud."),
)
UNCORRECTED = WordingTable(
    "uncorrected",
    Wording(
        "effects",
        "more sites' effects are significant one by one than after the correction",
        "Uden den korrektion ville {effect} {also}være signifikant i {count} ({names}), men af {tests} vil i "
        "gennemsnit {expected} være signifikante ved et rent tilfælde.",
    ),
    Wording(
        "sites",
        "more sites differ from the others one by one than after the correction",
        "Uden den korrektion ville {also}{count} skille sig ud ({names}), men af {tests} vil i gennemsnit {expected} "
        "være signifikante ved et rent tilfælde.",
    ),
)
HETEROGENEITY = WordingTable(
    "heterogeneity",
    Wording(
        "differ",
        "the joint test is significant",
        "En samlet test viser, at {effect} varierer statistisk signifikant mellem {sites} ({p}).",
    ),
    Wording(
        "alike",
        "the joint test is not significant",
        "En samlet test viser ikke, at {effect} varierer mellem {sites} ({p}).",
    ),
    Wording(
        "alike-though-some",
        "the joint test is not significant although single sites are",
        "En samlet test viser ikke, at {effect} varierer mellem {sites} ({p}). Det er derfor ikke vist, at {effect} er "
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
    claim = _choose(EFFECTS_BY_SITE, found, words)
    if heterogeneity is None or heterogeneity.p is None:
        return claim
    site = noun_of(words.site)
    wording = "alike-though-some" if found.standing else "alike"
    joint = HETEROGENEITY.choose(
        "differ" if heterogeneity.p < words.level else wording,
        [heterogeneity],
        effect=words.design.effect_word,
        sites=site.many_definite or site.many,
        sites_bare=site.many,
        p=p_text(heterogeneity.p, level=words.level),
    )
    return claim.then(joint)


def sites_that_differ(tests: Sequence[SiteTest], *, words: TrialWords, made: int | None = None) -> Claim:
    """Which sites differ from all other sites after correction for the number of tests (`made`, as above)."""
    found = _split(tests, words, made)
    return _choose(SITES_THAT_DIFFER, found, words)


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


def _choose(table: WordingTable, found: _Split, words: TrialWords) -> Claim:
    site = noun_of(words.site)
    total = _count_of(found.tested)
    some = out_of_text(_count_of(found.standing), total, site) if found.standing else ""
    claim = table.choose(
        "untested" if not total else "some" if found.standing else "none",
        [test.difference for test in found.tested],
        Effect=capitalise(words.design.effect_word),
        any_site=f"nogen af de {count_text(total, site)}" if total > 1 else out_of_text(total, total, site),
        None_of_them=capitalise(out_of_text(0, total, site)),
        tests=count_text(found.made, "test"),
        some=some,
        names=_names(found.standing, words),
        site=site.one,
        per_site=f"{site.one} for {site.one}",
    )
    more = _uncorrected("effects" if table is EFFECTS_BY_SITE else "sites", found, words)
    return claim.then(more, left_out(found.hidden, words), not_computed(found.missing, words))


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


def _uncorrected(wording: str, found: _Split, words: TrialWords) -> str:
    if not found.lost:
        return ""
    more = UNCORRECTED.choose(
        wording,
        (),
        effect=words.design.effect_word,
        also="også " if found.standing else "",
        count=count_text(_count_of(found.lost), noun_of(words.site)),
        names=_names(found.lost, words),
        tests=count_text(found.made, "test"),
        expected=expected_by_chance(found.made, words.level),
    )
    return more.text
