"""Every wording of every section is chosen by the rows that ask for it, and each prints as clean Danish."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter

import pytest
from section_rows import (
    WEEK,
    activity,
    answers,
    extra,
    hide_row,
    rows,
    sites,
    total,
    variants,
    with_intervals,
)
from section_trial import plain, section_trial
from sentences import HOW, as_read, kept_beside

from reportlib.ledger.keys import others_than, week_label
from reportlib.prose import costs, effects, implementation, key_shares, summary
from reportlib.prose.costs import ACTIVITY
from reportlib.prose.effects import ACCUMULATED, ROBUST
from reportlib.prose.implementation import ITEM, RED, SEVERAL
from reportlib.prose.key_shares import CONTRAST, REACHED
from reportlib.prose.section_parts import BESIDE
from reportlib.prose.summary import OWN_LIST
from reportlib.text.units import Unit
from reportlib.trial.analyses import Component, Target

SECTION_WORDINGS = (ACCUMULATED, ACTIVITY, BESIDE, CONTRAST, ITEM, OWN_LIST, REACHED, RED, ROBUST, SEVERAL)


TRIAL = section_trial()
TALK = Component(measure="samtale", target=Target(green=80, yellow=60))
FIRM, LOOSE = (10.0, 1.0), (1.0, 1.0)


def item(made, site: str | None = None) -> str:
    return implementation.component(TALK, made.ledger(), TRIAL, site=site)


def several(counts: tuple[int, int]) -> str:
    made = rows()
    for measure, k in zip(("samtale", "plan"), counts, strict=True):
        with_intervals(measure, (k, 40), (300, 400), into=made)
    return implementation.element(made.ledger(), TRIAL, "start", site="Åby").split(":::")[2]


def red(*counts: int, site: str | None = None) -> str:
    made = rows()
    for measure, k, group in zip(
        ("samtale", "plan", "mentor", "strategi"),
        counts,
        ("deltager", "deltager", "deltager", "medarbejdere"),
        strict=True,
    ):
        sites(measure, k, k, k, k, group=group, into=made)
    if site is not None:
        return implementation.far_from_target(made.ledger(), TRIAL, site)
    return implementation.overview(made.ledger(), TRIAL, site=None)


def own(*measures: tuple[str, tuple[int, int], tuple[int, int]]) -> str:
    made = rows()
    for measure, at_site, others in measures:
        with_intervals(measure, at_site, others, into=made)
    return summary.own_lines(made.ledger(), TRIAL, [name for name, _, _ in measures], site="Åby", week=None)


def beside(at_site: tuple[int, int], others: tuple[int, int], half: float = 5.0) -> str:
    made = with_intervals("samtale", at_site, others, half=half)
    return key_shares.in_all(made.ledger(), TRIAL, "samtale", site="Åby")


def beside_untested() -> str:
    return key_shares.in_all(sites("samtale", 30, 30, 30, 30).ledger(), TRIAL, "samtale", site="Åby")


def beside_missing() -> str:
    made = rows().share("samtale", 300, 400, group="deltager")
    for site in ("Åby", others_than("Åby")):
        made.builder.add(
            measure="samtale", statistic="share", unit=Unit.PCT, group="deltager", site=site, value=None, k=0, n=0,
            population="personer",
        )  # fmt: skip
    return key_shares.in_all(made.ledger(), TRIAL, "samtale", site="Åby")


def reached(k: int) -> str:
    ledger = rows().share("i-job", k, 200, group="deltager", time=week_label(WEEK))
    ledger.share("i-job", 50, 200, group="kontrol", time=week_label(WEEK))
    ledger.difference("i-job", 1.0, 1.0, time=week_label(WEEK))
    return key_shares.reached_by(ledger.ledger(), TRIAL, "i-job", WEEK, site=None)


def without_others():
    return hide_row(with_intervals("samtale", (30, 40), (300, 400)).ledger(), "samtale.deltager.oevrige=Åby")


def contrast(stoette: float | None, hjaelp: float, cv: float, minplan: float) -> str:
    ledger = answers(stoette=stoette, hjaelp=hjaelp, cv=cv, minplan=minplan)
    return key_shares.contrast(
        ledger, TRIAL, ["stoette", "hjaelp"], ["cv", "minplan"], names=("mennesker", "papirer"), site=None
    )


def costs_of(**found: tuple[float, float]) -> str:
    return costs.activity(activity(**found).ledger(), TRIAL, list(found), site=None)


def hidden_activity() -> str:
    made = rows().difference("samtaler", 5.0, 1.0, n=3)
    return costs.activity(made.ledger(), TRIAL, ["samtaler"], site=None)


def robust(**found: tuple[float, float]) -> str:
    return effects.robustness(variants("i-job", **found).ledger(), TRIAL, ["i-job"], WEEK, site=None)


def accumulated(value: float, se: float, measure: str = "timer", unit: Unit = Unit.HOURS) -> str:
    return effects.accumulated(
        total(rows(), value, se, measure=measure, unit=unit).ledger(), TRIAL, measure, WEEK, site=None
    )


CASES: dict[str, Callable[[], str]] = {
    "component.whole": lambda: item(sites("samtale", 34, 30, 32, 36)),
    "component.own": lambda: item(with_intervals("samtale", (30, 40), (300, 400)), "Åby"),
    "component.own-apart": lambda: item(with_intervals("samtale", (12, 40), (300, 400)), "Åby"),
    "component.own-only": lambda: implementation.component(TALK, without_others(), TRIAL, site="Åby"),
    "component.own-hidden": lambda: item(with_intervals("samtale", (3, 40), (300, 400)), "Åby"),
    "component.hidden": lambda: item(sites("samtale", 0, 1, 1, 1)),
    "component.missing": lambda: implementation.component(TALK, _nobody().ledger(), TRIAL, site=None),
    "components.alike": lambda: several((30, 31)),
    "components.hidden": lambda: several((3, 2)),
    "red.one": lambda: red(36, 10, 38, 30),
    "red.many": lambda: red(10, 10, 38, 30),
    "red.far": lambda: red(10, 10, 38, 30, site="Åby"),
    "beside.apart": lambda: beside((12, 40), (300, 400)),
    "beside.within": lambda: beside((30, 40), (300, 400)),
    "beside.untested": beside_untested,
    "beside.own-only": lambda: key_shares.in_all(without_others(), TRIAL, "samtale", site="Åby"),
    "beside.hidden": lambda: beside((3, 40), (300, 400)),
    "beside.missing": beside_missing,
    "own-list.only-within": lambda: own(("samtale", (30, 40), (300, 400))),
    "own-list.all-within": lambda: own(("samtale", (30, 40), (300, 400)), ("plan", (30, 40), (300, 400))),
    "own-list.apart": lambda: own(("samtale", (10, 40), (300, 400)), ("plan", (30, 40), (300, 400))),
    "reached.all": lambda: reached(200),
    "reached.some": lambda: reached(66),
    "reached.none": lambda: reached(0),
    "contrast.above": lambda: contrast(7, 6, 4, 3),
    "contrast.below": lambda: contrast(3, 4, 6, 7),
    "contrast.mixed": lambda: contrast(7, 4, 5, 3),
    "contrast.hidden": lambda: contrast(None, 4, 5, 3),
    "activity.more": lambda: costs_of(samtaler=FIRM),
    "activity.fewer": lambda: costs_of(samtaler=(-10.0, 1.0)),
    "activity.alike": lambda: costs_of(samtaler=LOOSE),
    "activity.hidden": hidden_activity,
    "robust.stands": lambda: robust(difference=FIRM, adjusted=FIRM, clustered=FIRM),
    "robust.depends": lambda: robust(difference=FIRM, adjusted=FIRM, clustered=LOOSE),
    "accumulated.weeks-up": lambda: accumulated(2.0, 0.5, "i-job", Unit.WEEKS),
    "accumulated.weeks-down": lambda: accumulated(-2.0, 0.5, "i-job", Unit.WEEKS),
    "accumulated.sum-up": lambda: accumulated(16.0, 4.0),
    "accumulated.sum-down": lambda: accumulated(-16.0, 4.0),
    "accumulated.not-significant": lambda: accumulated(3.0, 4.0),
    "accumulated.alike": lambda: accumulated(-0.01, 4.0),
}  # fmt: skip


def _nobody():
    made = rows()
    made.builder.add(
        measure="samtale", statistic="share", unit=Unit.PCT, group="deltager", value=None, k=0, n=0, population="ingen"
    )
    return made


def pattern(template: str) -> re.Pattern[str]:
    """The template as a pattern: each slot is some text."""
    parts = []
    for literal, slot, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if slot:
            parts.append(".*?")
    return re.compile("".join(parts).removesuffix(re.escape(".")))


def test_every_wording_has_a_case() -> None:
    assert set(CASES) == {f"{table.claim}.{wording}" for table in SECTION_WORDINGS for wording in table}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_choose_the_wording(case: str) -> None:
    claim, wording = case.split(".")
    table = next(table for table in SECTION_WORDINGS if table.claim == claim)
    text = CASES[case]()
    assert pattern(table[wording].text).search(text), text


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_clean(case: str) -> None:
    text = CASES[case]().strip()
    for flaw in ("..", "  ", " .", " ,", ",,", "{}", "()", "−0 ", "None", "nan", " )", "( "):
        assert flaw not in re.sub(r"\{\.\w+[^}]*\}", "", text), text
    for line in (line for line in text.splitlines() if line and line[0] not in "-:*"):
        assert not line[0].isdigit(), "a sentence begins with a digit"
        assert line.endswith((".", ")")), line


@pytest.mark.parametrize("table", SECTION_WORDINGS, ids=lambda table: table.claim)
def test_no_number_is_typed_in_a_wording(table) -> None:
    assert not any(re.search(r"\d", wording.text) for wording in table.values())


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ((5.1, 6.0, 5.0, 4.0), "dermed over"),
        ((5.0, 6.0, 5.0, 4.0), "ikke noget klart skel"),  # one of these is as one of those
        ((5.04, 6.0, 4.96, 4.0), "ikke noget klart skel"),  # and prints as it does
        ((4.9, 4.0, 5.0, 6.0), "dermed under"),
        ((5.0, 4.0, 5.0, 6.0), "ikke noget klart skel"),
        ((3.0, 6.0, 5.0, 4.0), "ikke noget klart skel"),  # the highest is above, the lowest is below
        ((7.0, 4.0, 5.0, 6.0), "ikke noget klart skel"),
        ((5.0, 5.0, 4.0, 4.0), "på 5,0 og dermed over papirer, som ligger på 4,0"),
    ],
)
def test_all_of_these_are_above_all_of_those_or_it_is_not_said(means: tuple[float, ...], told: str) -> None:
    assert told in plain(contrast(*means))


def test_prints_read_as_danish() -> None:
    read = {case: plain(CASES[case]()).strip() for case in CASES}
    assert read["component.whole"].startswith(
        "**Samtale inden fire uger** (Grøn): 83 pct. af deltagerne (132 af 160) mod et mål på 80 pct."
    )
    assert read["component.own-hidden"] == (
        "**Samtale inden fire uger**: Tallet for Åby vises ikke. I hele forsøget er det 69 pct. Målet er 80 pct."
    )
    assert read["beside.within"] == (
        "I hele forsøget har 75 pct. af deltagerne (330 af 440) haft en samtale inden fire uger. I Åby er det 75 pct. "
        "(30 af 40) mod 75 pct. i de øvrige kommuner. Når der tages højde for usikkerheden, kan Åby ikke skelnes fra "
        "de øvrige kommuner."
    )
    assert read["reached.some"].startswith("I uge 35 er 33 pct. af deltagerne i job. De øvrige 67 pct. er ikke nået")
    assert read["robust.depends"] == (
        "Konklusionen om andelen i job afhænger af beregningen: Forskellen er sikker, når grupperne "
        "sammenlignes direkte, og når der justeres for baggrund, men ikke når usikkerheden beregnes mellem kommunerne."
    )
    assert read["accumulated.weeks-up"].startswith(
        "Lagt sammen fra uge 1 til uge 35 er deltagerne i gennemsnit i job i 2,0 uger mere end kontrolpersonerne"
    )


def test_extra_units_reach_the_price() -> None:
    made = extra(total(activity(samtaler=FIRM), 16.0, 4.0), "samtaler", 0.3)
    text = plain(costs.price_of_gain(made.ledger(), TRIAL, ["samtaler"], "timer", WEEK, table="tbl-a", site=None))
    assert "Gevinsten fra uge 1 til uge 35 er 16,0 timer pr. person" in text
    assert "Den sidste kolonne i @tbl-a viser" in text


def read() -> str:
    return as_read({case: plain(CASES[case]()) for case in CASES})


def test_every_sentence_reads_as_it_was_last_read() -> None:
    assert kept_beside(__file__).read_text(encoding="utf-8") == read(), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(read(), encoding="utf-8")
