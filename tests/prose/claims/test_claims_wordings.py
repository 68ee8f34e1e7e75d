"""Every wording of every claim is chosen by the evidence that asks for it, and each prints as clean Danish."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from string import Formatter

import pytest
from claim_rows import (
    BEFORE_AFTER,
    HOURS_MEAN,
    HOURS_SHARE,
    QUASI,
    RANDOMISED,
    STATUS,
    band,
    difference,
    first_week,
    gap,
    hidden,
    joint_test,
    mean,
    share,
    weekly,
    without_test,
)
from sentences import HOW, as_read, kept_beside
from wordings import places, tables

from reportlib.danish import NBSP
from reportlib.ledger import Estimate
from reportlib.prose.effect_claims import (
    balance_verdict,
    effect_at,
    hazard_rate,
)
from reportlib.prose.site_claims import (
    SiteTest,
    effects_by_site,
    most,
    own_against_others,
    ranking,
)
from reportlib.prose.target_claims import count_sites_below
from reportlib.prose.week_claims import lasting_from, significant_in_periods
from reportlib.prose.wording import Claim, Compared, told_together
from reportlib.prose.words import TrialWords, check_causal_words, check_control_words
from reportlib.text.units import Unit
from reportlib.trial.analyses import Target

ALL_WORDINGS = [table for claim, table in tables().items() if places()[claim].endswith(("_claims.py", "wording.py"))]


HIGH, LOW = share(83, 690), share(48, 690, group="kontrol")
TARGET = Target(green=80, yellow=60)


def effect(first: Estimate, second: Estimate, se: float, words: TrialWords = RANDOMISED, shift: float = 0) -> Claim:
    row = difference(first.number - second.number + shift, se)
    return effect_at(first, second, row, outcome=HOURS_SHARE, words=words)


def relative(k: int, other: int, se: float = 0.5) -> Claim:
    first, second = share(k, 1000), share(other, 1000, group="kontrol")
    row = gap(first, second, se)
    return effect_at(first, second, row, outcome=HOURS_SHARE, words=RANDOMISED, relative=True)


def lasting(week: float, last: int = 44) -> Claim:
    return lasting_from(first_week(week), "positive", outcome=HOURS_SHARE, words=RANDOMISED, last_week=last)


def periods(rows: list[Estimate], over_all: list[Estimate] | None = None) -> Claim:
    return significant_in_periods(rows, outcome=HOURS_SHARE, words=RANDOMISED, band=over_all or [])


def site_test(site: str, value: float, p_adjusted: float | None, se: float = 2.0) -> SiteTest:
    return SiteTest(site, difference(value, se, site=site), p_adjusted)


def by_site(tests: list[SiteTest], p: float | None = None) -> Claim:
    return effects_by_site(tests, words=RANDOMISED, heterogeneity=joint_test(p))


def named(**percents: int | None) -> list[tuple[str, Estimate]]:
    rows = []
    for site, percent in percents.items():
        row = share(percent or 0, 100, site=site)
        rows.append((site, hidden(row) if percent is None else row))
    return rows


def own(own_row: Estimate, other: Estimate) -> Claim:
    return own_against_others(own_row, other, site="Aarhus", outcome=HOURS_SHARE, words=RANDOMISED)


def with_interval(row: Estimate, low: float, high: float) -> Estimate:
    return replace(row, ci_low=low, ci_high=high)


def hazard(value: float, low: float | None, high: float | None) -> Claim:
    row = replace(joint_test(None), unit=Unit.HAZARD_RATIO, value=value, ci_low=low, ci_high=high)
    return hazard_rate(row, rate="afgangsraten til fleksjob", words=QUASI)


def near() -> list[tuple[str, Estimate]]:
    (one, high), (other, low) = named(Aarhus=83, Faxe=69)
    return [(one, with_interval(high, 70, 90)), (other, with_interval(low, 55, 71))]


def together(*significant: bool | None, rows: tuple[Estimate, ...] = ()) -> Claim:
    text = told_together(
        [
            Compared(f"{10 + at}~pct. har job mod 5~pct.".replace("~", NBSP), one, rows)
            for at, one in enumerate(significant)
        ]
    )
    return Claim(text, f"verdicts.{'untested' if significant[0] is None else 'told'}", ())


FLAT = [site_test(f"By{letter}", 1, 1.0) for letter in "ABCDEFGHIJKLM"]
STRONG = site_test("Jammerbugt", 12, 0.001)
WEAK = site_test("Nyborg", 5, 0.2)

CASES: dict[str, Callable[[], Claim]] = {
    "effect.effect-up": lambda: effect(HIGH, LOW, 1.5),
    "effect.effect-down": lambda: effect(LOW, HIGH, 1.5),
    "effect.assumed-up": lambda: effect(HIGH, LOW, 1.5, QUASI),
    "effect.assumed-down": lambda: effect(LOW, HIGH, 1.5, QUASI),
    "effect.difference-up": lambda: effect(HIGH, LOW, 1.5, BEFORE_AFTER),
    "effect.difference-down": lambda: effect(LOW, HIGH, 1.5, STATUS),
    "effect.not-significant": lambda: effect(HIGH, LOW, 3.5),
    "effect.alike": lambda: effect(HIGH, HIGH, 1.5),
    "effect.untested": lambda: effect_at(
        HIGH, LOW, without_test(gap(HIGH, LOW, 1)), outcome=HOURS_SHARE, words=RANDOMISED
    ),
    "effect.adjusted-effect": lambda: effect(HIGH, LOW, 1.5, shift=-1),
    "effect.adjusted-assumed": lambda: effect(HIGH, LOW, 1.5, QUASI, shift=-1),
    "effect.adjusted-difference": lambda: effect(HIGH, LOW, 1.5, STATUS, shift=-1),
    "effect.adjusted-not-significant": lambda: effect(HIGH, LOW, 3.5, shift=-1),
    "relative.more": lambda: relative(120, 70),
    "relative.less": lambda: relative(70, 120),
    "relative.double": lambda: relative(140, 70),
    "relative.half": lambda: relative(70, 140),
    "relative.times": lambda: relative(210, 70),
    "lasting.lasts": lambda: lasting(15),
    "weeks.none": lambda: periods(weekly()),
    "weeks.every": lambda: periods(weekly(range(1, 45))),
    "weeks.from": lambda: periods(weekly(range(15, 45))),
    "weeks.single": lambda: periods(weekly((12, 20))),
    "weeks.one": lambda: periods(weekly((12,))),
    "weeks.short": lambda: periods(weekly((12, 13, 20, 33, 34, 35))),
    "weeks.some": lambda: periods(weekly(range(5, 20))),
    "weeks.both-sides": lambda: periods(weekly((1, 2, 3), down=(40, 41, 42))),
    "weeks.no-weeks": lambda: periods(weekly(hide=range(1, 45))),
    "band.fails": lambda: periods(weekly((12, 20)), band()),
    "band.chance": lambda: periods(weekly((12, 20))),
    "sites.none": lambda: by_site([*FLAT, WEAK]),
    "sites.some": lambda: by_site([*FLAT, STRONG]),
    "sites.untested": lambda: by_site([SiteTest("Nyborg", hidden(difference(1, 1)), None)]),
    "uncorrected.effects": lambda: by_site([*FLAT, WEAK]),
    "heterogeneity.differ": lambda: by_site(FLAT, p=0.01),
    "heterogeneity.alike": lambda: by_site(FLAT, p=0.4),
    "heterogeneity.alike-though-some": lambda: by_site([*FLAT, STRONG], p=0.4),
    "most.spread": lambda: most(named(Aarhus=83, Faxe=69), noun="andelen", words=RANDOMISED),
    "most.spread-shown": lambda: most(named(Aarhus=83, Faxe=69, Ribe=None), noun="andelen", words=RANDOMISED),
    "most.near": lambda: most(near(), noun="andelen", words=RANDOMISED),
    "most.alike": lambda: most(named(Aarhus=83, Faxe=83), noun="andelen", words=RANDOMISED),
    "most.only": lambda: most(named(Aarhus=83, Faxe=None), noun="andelen", words=RANDOMISED),
    "most.none": lambda: most(named(Faxe=None), noun="andelen", words=RANDOMISED),
    "ranking.leads": lambda: ranking(named(klarhed=74, mentor=69), noun="betydningen"),
    "ranking.first-only": lambda: ranking(named(klarhed=74), noun="betydningen"),
    "ranking.alike": lambda: ranking(named(klarhed=74, mentor=74), noun="betydningen"),
    "ranking.none": lambda: ranking(named(klarhed=None), noun="betydningen"),
    "sites-below.none": lambda: count_sites_below(named(Aarhus=83), TARGET, words=RANDOMISED),
    "sites-below.some": lambda: count_sites_below(named(Aarhus=83, Faxe=69), TARGET, words=RANDOMISED),
    "sites-below.all": lambda: count_sites_below(named(Nyborg=71, Faxe=69), TARGET, words=RANDOMISED),
    "sites-below.hidden": lambda: count_sites_below(named(Faxe=None), TARGET, words=RANDOMISED),
    "own.apart": lambda: own(with_interval(HIGH, 10, 15), with_interval(LOW, 5, 9)),
    "own.overlap": lambda: own(with_interval(HIGH, 8, 15), with_interval(LOW, 5, 9)),
    "own.uncertain": lambda: own(HIGH, LOW),
    "balance.alike-random": lambda: balance_verdict(joint_test(0.43), 14, words=RANDOMISED),
    "balance.alike": lambda: balance_verdict(joint_test(0.43), 14, words=QUASI),
    "balance.differ-random": lambda: balance_verdict(joint_test(0.01), 14, words=RANDOMISED),
    "balance.differ": lambda: balance_verdict(joint_test(0.01), 14, words=QUASI),
    "balance.untested": lambda: balance_verdict(joint_test(None), 14, words=QUASI),
    "balance-single.some": lambda: balance_verdict(joint_test(0.4), 14, words=QUASI, different=["køn", "alder"]),
    "hazard.significant": lambda: hazard(1.327, 1.13, 1.56),
    "hazard.not-significant": lambda: hazard(1.147, 0.98, 1.34),
    "hazard.untested": lambda: hazard(1.147, None, None),
    "verdicts.one-differ": lambda: together(True),
    "verdicts.one-alike": lambda: together(False, rows=(HIGH, LOW)),
    "verdicts.one-equal": lambda: together(False, rows=(LOW, LOW)),
    "verdicts.two-differ": lambda: together(True, True),
    "verdicts.two-alike": lambda: together(False, False, True),
    "verdicts.all-differ": lambda: together(True, False, True, True),
    "verdicts.all-alike": lambda: together(False, False, False),
    "verdicts.untested": lambda: together(None),
    "hidden.hidden": lambda: effect_at(
        hidden(HIGH), LOW, hidden(gap(HIGH, LOW, 1)), outcome=HOURS_SHARE, words=RANDOMISED
    ),
    "hidden.missing": lambda: own(replace(HIGH, value=None), LOW),
}


FOLLOWING = {"relative", "band", "uncorrected", "heterogeneity", "balance-single", "hidden"}
"""Claims that are told after another in one text, whose wording is the text's."""


def pattern(template: str) -> re.Pattern[str]:
    """The template as a pattern: each slot is some text."""
    parts = []
    for literal, slot, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if slot:
            parts.append(".*?")
    return re.compile("".join(parts).removesuffix(re.escape(".")))


def test_every_wording_has_a_case() -> None:
    assert set(CASES) == {f"{table.claim}.{wording}" for table in ALL_WORDINGS for wording in table}


@pytest.mark.parametrize("case", CASES)
def test_the_evidence_chooses_the_wording(case: str) -> None:
    claim, wording = case.split(".")
    table = next(table for table in ALL_WORDINGS if table.claim == claim)
    found = CASES[case]()
    assert pattern(table[wording].text).search(found.text), found.text
    assert found.wording == case or claim == "verdicts" or (claim in FOLLOWING and found.wording in CASES)


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_clean(case: str) -> None:
    text = CASES[case]().text
    assert text[0].isupper() or text[0].isdigit()
    assert text.endswith((".", ")"))
    for flaw in ("..", "  ", " .", " ,", "{", "}", "()", "−0 ", "None", "nan", " )", "( "):
        assert flaw not in text, text
    assert not re.search(r"\d (pct|procentpoint|kr|timer|uger)", text), "a plain space before a unit"


@pytest.mark.parametrize("table", ALL_WORDINGS, ids=lambda table: table.claim)
def test_no_number_is_typed_in_a_template(table: dict[str, object]) -> None:
    for wording in table.values():
        assert not re.search(r"\d", wording.text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", [BEFORE_AFTER, STATUS])
@pytest.mark.parametrize(("se", "shift"), [(1.5, 0), (3.5, 0), (1.5, -1), (3.5, -1)])
def test_designs_that_show_no_effects_never_say_effect(words: TrialWords, se: float, shift: float) -> None:
    for first, second in ((HIGH, LOW), (LOW, HIGH)):
        check_causal_words(effect(first, second, se, words, shift).text, words.design)


@pytest.mark.parametrize("words", [QUASI, BEFORE_AFTER, STATUS])
def test_control_group_is_never_said_without_random_allocation(words: TrialWords) -> None:
    for se in (1.5, 3.5):
        check_control_words(effect(HIGH, LOW, se, words).text, words.design)


def test_a_mean_says_that_it_is_one() -> None:
    first, second = mean(2.1), mean(1.3, group="kontrol")
    claim = effect_at(first, second, gap(first, second, 0.2), outcome=HOURS_MEAN, words=RANDOMISED)
    assert "arbejder deltagerne i gennemsnit 2,1 timer om ugen" in claim.text.replace(NBSP, " ")


def read() -> str:
    return as_read({case: CASES[case]().text for case in CASES})


def test_every_sentence_reads_as_it_was_last_read() -> None:
    assert kept_beside(__file__).read_text(encoding="utf-8") == read(), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(read(), encoding="utf-8")
