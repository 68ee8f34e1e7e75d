"""Each rule of `reportlib check` has a small report that it alone finds wrong, and no rule is without one.

A report here is what a reader reads and its account, in memory (`made_report`). The last test finds every place in the
code where something is told to be wrong and asks that a case of this file came by it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from kept_refusals import tell
from made_report import MadeReport, measure, row, written

import reportlib.numbers
from reportlib.danish import NBSP
from reportlib.ledger import Estimate
from reportlib.ledger.keys import PERSONS
from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Reading, Role
from reportlib.numbers.breaks import Break, Kind
from reportlib.numbers.finished import check_reading
from reportlib.text.units import Unit

DIFFERENCE = row(
    "job.forskel.uge5", 20, statistic="difference", unit=Unit.PCT_POINT, ci_low=6.4, ci_high=33.6, p=0.004
)  # fmt: skip
ROWS = (row("job.deltager.uge5", 60), row("job.kontrol.uge5", 40), DIFFERENCE)
TEXT = (
    "I uge {5|job.deltager.uge5#time} har {60 pct|job.deltager.uge5}. job mod {40 pct|job.kontrol.uge5}. i "
    "kontrolgruppen, og effekten er {20|job.forskel.uge5} procentpoint i {to|udledt:antal(Nord + Syd)} kommuner."
)
RIGHT = MadeReport(
    blocks=(
        (Role.COVER, "Prøve, maj 2019"),
        (Role.HEADING, "1 Resultater"),
        (Role.TEXT, TEXT),
        (Role.TEXT, "Det gælder {13|} uger i træk fra den {1|}. maj {2019|}."),
        (Role.HEADING, "1.1 Forløbet"),
        (Role.TEXT, "Figur {1|henvisning:fig-1} viser det."),
        (Role.ALT, "Andelen er {60 pct|job.deltager.uge5}."),
        (Role.DRAWN, "{60|job.deltager.uge5}"),
        (Role.CAPTION, "Figur 1: Andel i job"),
    ),
    rows=ROWS,
    texts=("13 uger i træk",),
    dates=(date(2019, 5, 1),),
)


def said(text: str, *rows: Estimate, **given: object) -> MadeReport:
    """A report that says this and nothing else."""
    blocks = ((Role.HEADING, "1 Resultater"), (Role.TEXT, text))
    return MadeReport(blocks=blocks, rows=rows or ROWS, **given)  # type: ignore[arg-type]


def rewritten(old: str, new: str) -> tuple[Reading, Account]:
    """The right report with a text written otherwise after it was accounted for."""
    reading, account = RIGHT.report()
    return written(reading, old, new), account


def another(**changes: object) -> tuple[Reading, Account]:
    """The right report made of something else."""
    return replace(RIGHT, **changes).report()  # type: ignore[arg-type]


def beside(**changes: object) -> tuple[Reading, Account]:
    """The right report with something else around its text."""
    reading, account = RIGHT.report()
    return replace(reading, **changes), account  # type: ignore[arg-type]


def with_block(role: Role, text: str) -> tuple[Reading, Account]:
    """The right report with one more block at its beginning."""
    return another(blocks=((role, text), *RIGHT.blocks))


def table(cell: str, note: str) -> tuple[Reading, Account]:
    return another(
        blocks=(*RIGHT.blocks, (Role.CELL, cell.replace("3", "{3|}")), (Role.TEXT, note)),
        texts=("– og 3", *RIGHT.texts),
    )


SEXES: dict[str, Any] = {
    "first": "Køn: Kvinde (pct.)",
    "second": "Køn: Mand (pct.)",
    "heads": ("Kendetegn", "Deltagergruppen", "Kontrolgruppen"),
}


def rows_of(
    one: str,
    two: str,
    three: str = "1,0",
    four: str = "0,10",
    *,
    first: str = "Samtaler",
    second: str = "Kurser",
    heads: tuple[str, ...] = ("Aktivitet", "Forskel", "Pr. ekstra time"),
) -> tuple[Reading, Account]:
    """A table of two rows whose note says that its last column is the difference divided by one amount."""
    cells = (first, one, two, second, three, four)
    blocks = [
        *((Role.HEADER, head) for head in heads),
        *((Role.CELL, re.sub(r"^\d[\d,]*$", r"{\g<0>|}", cell)) for cell in cells),
        (Role.TEXT, "Anm.: Pr. ekstra time: forskellen delt med det samme."),
    ]
    return another(blocks=(*RIGHT.blocks, *blocks), texts=(*RIGHT.texts, *cells))


def hours(text: str) -> tuple[Reading, Account]:
    value = row("timer.deltager.uge5", 2.5, statistic="mean", unit=Unit.HOURS_PER_WEEK, k=None)
    return said(
        f"De arbejder {{{text}|timer.deltager.uge5}}.", value, measures=(measure("timer", unit=Unit.HOURS),)
    ).report()


OF_BOTH = "job.deltager.uge5 + job.kontrol.uge5"


def made_of(text: str, how: str) -> tuple[Reading, Account]:
    return said(f"Det er {{{text}|udledt:{how}}} i alt.", settings={"follow_up.weeks": 52}).report()


def persons(whole: int, north: int = 40, south: int = 60) -> tuple[Reading, Account]:
    rows = [
        replace(
            row(f"{PERSONS}.deltager", count, statistic="count", unit=Unit.COUNT, k=None, n=None), site=site, key=key
        )
        for key, site, count in (("a", "", whole), ("b", "Nord", north), ("c", "Syd", south))
    ]
    return said(f"Der er {{{north}|b}} i Nord.", *rows, measures=(measure(PERSONS, unit=Unit.COUNT),)).report()


def counted(day: str) -> tuple[Reading, Account]:
    last = "extracts.casework.last_day"
    rows = [row("mentor.deltager.projektuge3", 40), row("mentor.deltager.projektuge5", 50)]
    origin = f"udledt:dag(trial:{last} + {rows[0].key}#time + {rows[1].key}#time)"
    return said(
        f"Den {{{day}|{origin}}} er alle i gang.", *rows, settings={last: "2019-05-01"}, dates=(date(2019, 5, 16),)
    ).report()


def twins() -> tuple[Reading, Account]:
    twin = replace(row("arbejde.deltager.uge5", 61), population=ROWS[0].population)
    text = "Det er {60 pct|job.deltager.uge5}. og {61 pct|arbejde.deltager.uge5}."
    return said(
        text, ROWS[0], twin, measures=(measure("job"), measure("arbejde", label="Job", definition="Andet"))
    ).report()


def not_its_levels() -> tuple[Reading, Account]:
    return another(
        rows=(*ROWS[:2], replace(DIFFERENCE, value=22.0, ci_high=37.6)),
        blocks=tuple((role, text.replace("{20|", "{22|")) for role, text in RIGHT.blocks),
    )


CASES: dict[str, tuple[Kind, str, Callable[[], tuple[Reading, Account]]]] = {
    "another number": (Kind.CHANGED, "61 stands where 60", lambda: rewritten("60 pct", "61 pct")),
    "another number in a picture": (
        Kind.CHANGED,
        "61 stands where 60",
        lambda: (written(RIGHT.report()[0], "Andelen er 60", "Andelen er 61"), RIGHT.report()[1]),
    ),
    "another unit": (Kind.UNIT, "followed by 'pct'", lambda: rewritten("20 procentpoint", "20 pct.")),
    "a number too many": (
        Kind.UNKNOWN,
        "7 is not in the account",
        lambda: rewritten("to kommuner", "to kommuner og 7 byer"),
    ),
    "a number too few": (Kind.MISSING, "20 is not there", lambda: rewritten("er 20 procentpoint", "er stor")),
    "a typed number": (Kind.UNTRACED, "9 is typed", lambda: with_block(Role.TEXT, "Der er {9|} dage.")),
    "no day of the trial": (Kind.DATE, "is no day", lambda: with_block(Role.TEXT, "Den {2|}. maj {2019|} sker intet.")),
    "no day of the trial in figures": (
        Kind.DATE,
        "is no day",
        lambda: with_block(Role.TEXT, "Den {2|}.5.2019 sker intet."),
    ),
    "a number on the cover": (Kind.UNKNOWN, "7 on the cover", lambda: with_block(Role.COVER, "Prøve 7")),
    "another day on the cover": (
        Kind.DATE,
        "is no day",
        lambda: another(
            blocks=((Role.COVER, "Prøve, april 2019"), *RIGHT.blocks[1:]), dates=(date(2019, 5, 1), date(2019, 4, 1))
        ),
    ),
    "a method's name outside its section": (
        Kind.WORD,
        "is a word of the method section",
        lambda: said("Tallene er korrigeret efter Holm.").report(),
    ),
    "a word that the glossary avoids": (
        Kind.WORD,
        "'Deltagersurveyen' is not this report's word: write 'spørgeskemaet'",
        lambda: said("Deltagersurveyen viser det.", header={"avoid": {"deltagersurvey*": "spørgeskemaet"}}).report(),
    ),
    "a count in words": (Kind.WORD, "'to' stands fewer", lambda: rewritten("to kommuner", "fire kommuner")),
    "a control group without lots": (
        Kind.WORD,
        "random allocation",
        lambda: said("De er flere end i kontrolgruppen.", header={"design": "quasi_experiment"}).report(),
    ),
    "that there is no effect": (
        Kind.WORD,
        "is shown by no interval",
        lambda: said("Indsatsen har ingen effekt.").report(),
    ),
    "an effect that the design does not show": (
        Kind.WORD,
        "shows no effects",
        lambda: said("Effekten er stor.", header={"design": "before_after"}).report(),
    ),
    "a word that the share does not bear": (
        Kind.WORD,
        "is not what 60 pct",
        lambda: said("Det gælder halvdelen ({60 pct|job.deltager.uge5}.) af dem.").report(),
    ),
    "a heading out of order": (
        Kind.REFERENCE,
        "numbered 1.2",
        lambda: another(blocks=tuple((role, text.replace("1.1 ", "1.2 ")) for role, text in RIGHT.blocks)),
    ),
    "a heading with no number": (
        Kind.REFERENCE,
        "no heading's number",
        lambda: another(blocks=(*RIGHT.blocks, (Role.HEADING, "{1,5|} Mere")), texts=("1,5 Mere", *RIGHT.texts)),
    ),
    "a figure out of order": (
        Kind.REFERENCE,
        "Figur 2 is where 1",
        lambda: another(
            blocks=tuple(
                (role, text.replace("Figur 1:", "Figur 2:").replace("{1|henvisning", "{2|henvisning"))
                for role, text in RIGHT.blocks
            )
        ),
    ),
    "a figure that no text mentions": (
        Kind.REFERENCE,
        "no text mentions Figur 1",
        lambda: another(blocks=tuple(block for block in RIGHT.blocks if "viser det" not in block[1])),
    ),
    "a mark without a sentence": (
        Kind.WORD,
        "the mark 'fra uge 5'",
        lambda: another(blocks=(*RIGHT.blocks, (Role.DRAWN, "fra uge {5|job.deltager.uge5#time}"))),
    ),
    "a line explained that no figure has": (
        Kind.WORD,
        "'lodret linje' is explained",
        lambda: with_block(Role.TEXT, "En lodret linje viser, fra hvilken uge forskellen varer."),
    ),
    "a sign that no cell holds": (
        Kind.WORD,
        "no cell holds the sign '·'",
        lambda: table("– og mere", "Anm.: – betyder nul. · betyder skjult."),
    ),
    "a sign explained twice": (
        Kind.WORD,
        "'–' is explained twice",
        lambda: table("–", "Anm.: – betyder nul. – Tallet er ikke opgjort."),
    ),
    "a note that does not give its column": (
        Kind.RECOMPUTED,
        "'Pr. ekstra time' is not the difference divided by one amount",
        lambda: rows_of("2,0", "0,40"),
    ),
    "hours in per cent": (Kind.UNIT, "is no share", lambda: rows_of("2,0", "0,20", first="Timer i året (pct.)")),
    "one row twice": (
        Kind.LABEL,
        "is the row before it once more",
        lambda: rows_of("60", "55", "40", "45", **SEXES),
    ),
    "contents that name no heading": (
        Kind.REFERENCE,
        "contents",
        lambda: beside(contents=["1 Resultater", "1.3 Forløbet"]),
    ),
    "words behind a number": (
        Kind.APPENDIX,
        "the words behind",
        lambda: beside(cards={**RIGHT.report()[0].cards, 2: "Job. Gælder 61 af 100."}),
    ),
    "a table behind a figure": (
        Kind.APPENDIX,
        "the table is not the account's",
        lambda: beside(kind="html", data=["Tal bag Figur 1 Hvad Tal"]),
    ),
    "a row's value": (Kind.RECOMPUTED, "61 pct is not", lambda: said("Det er {61 pct|job.deltager.uge5}.").report()),
    "a row's week": (Kind.RECOMPUTED, "6 is not", lambda: said("I uge {6|job.deltager.uge5#time} er det så.").report()),
    "a row's persons": (
        Kind.RECOMPUTED,
        "99 is not",
        lambda: said("Det er {99|job.deltager.uge5#n} personer.").report(),
    ),
    "a row's p-value": (Kind.RECOMPUTED, "0,006 is not", lambda: said("p er {0,006|job.forskel.uge5#p} her.").report()),
    "a row's subgroup": (
        Kind.RECOMPUTED,
        "40 is not",
        lambda: said(
            "I båndet fra {40|job.deltager.uge5#subgroup} er de.", replace(ROWS[0], subgroup="30-50")
        ).report(),
    ),
    "a row without the number": (
        Kind.RECOMPUTED,
        "1 is not",
        lambda: said("Fra {1|job.deltager.uge5#ci_low} og op.").report(),
    ),
    "hours": (Kind.RECOMPUTED, f"2,6{NBSP}timer", lambda: hours(f"2,6{NBSP}timer")),
    "a fact": (
        Kind.RECOMPUTED,
        "4 is not",
        lambda: said(
            "I {4|fakta:byer} byer.",
            facts={"byer": {"value": 3, "unit": "count", "label": "Byer", "source": "Aftalen"}},
        ).report(),
    ),
    "a year of a fact": (
        Kind.RECOMPUTED,
        "2018 is not",
        lambda: said(
            "Fra {2018|fakta:start} og frem.",
            facts={"start": {"value": "2019-05-01", "unit": "count", "label": "Start", "source": "Aftalen"}},
        ).report(),
    ),
    "a setting": (
        Kind.RECOMPUTED,
        "51 is not",
        lambda: said("I {51|trial:follow_up.weeks} uger.", settings={"follow_up.weeks": 52}).report(),
    ),
    "the level": (Kind.RECOMPUTED, "90 is not", lambda: said("Sikkerheden er {90|trial:design.level} pct.").report()),
    "a day counted forward": (Kind.RECOMPUTED, f"16.{NBSP}maj", lambda: counted(f"16.{NBSP}maj 2019")),
    "a relative difference": (Kind.RECOMPUTED, "49 is not", lambda: made_of("49", f"relativt({OF_BOTH})")),
    "a relative change": (Kind.RECOMPUTED, "49 is not", lambda: made_of("49", "relativt(trial:follow_up.weeks)")),
    "a ratio": (Kind.RECOMPUTED, "1,4 is not", lambda: made_of("1,4", f"forhold({OF_BOTH})")),
    "a sum": (Kind.RECOMPUTED, "99 is not", lambda: made_of("99", f"sum({OF_BOTH})")),
    "the rest": (Kind.RECOMPUTED, "41 is not", lambda: made_of("41", "resten(job.deltager.uge5)")),
    "a distance": (Kind.RECOMPUTED, "21 is not", lambda: made_of("21", f"afstand({OF_BOTH})")),
    "a difference that its levels do not give": (Kind.RECOMPUTED, "is not the difference of", not_its_levels),
    "sites that do not add up": (Kind.RECOMPUTED, "the sites add up to 100, not 101", lambda: persons(101)),
    "one label for two things": (Kind.LABEL, "'Job' means two things", twins),
}


def test_the_right_report_and_its_parts_have_no_breaks() -> None:
    right = [
        RIGHT.report(),
        rows_of("2,0", "0,20"),
        rows_of("60", "55", "30", "45", **SEXES),
        table("–", "Anm.: – betyder nul."),
        another(
            blocks=(
                *RIGHT.blocks,
                (Role.DRAWN, "fra uge {5|job.deltager.uge5#time}"),
                (Role.TEXT, "Fra uge {5|job.deltager.uge5#time} er den højere."),
            )
        ),
        persons(100),
        hours(f"2,5{NBSP}timer"),
        counted(f"15.{NBSP}maj 2019"),
        made_of("50", f"relativt({OF_BOTH})"),
        made_of("1,5", f"forhold({OF_BOTH})"),
        made_of("5.100", "relativt(trial:follow_up.weeks)"),
        made_of("100", f"sum({OF_BOTH})"),
        made_of("40", "resten(job.deltager.uge5)"),
        made_of("20", f"afstand({OF_BOTH})"),
    ]
    assert [check_reading(*report).breaks for report in right] == [()] * len(right)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_alone_finds_its_report_wrong(name: str) -> None:
    kind, words, report = CASES[name]
    (found,) = check_reading(*report()).breaks
    assert found.kind is kind
    assert words in found.message
    tell(f"{found.kind}: {found.message}")


ELSEWHERE = {"check_file", "check_standards", "check_attached"}
"""Where it takes a file to be wrong: in `test_planted_errors` and `test_table_tags`."""


def test_no_rule_is_without_such_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: set[tuple[str, int]] = set()
    made = Break.__init__

    def told(self: Break, *given: object, **named: object) -> None:
        frame = sys._getframe(1)
        while frame is not None:
            reached.add((frame.f_code.co_filename, frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment]
        made(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Break, "__init__", told)
    for _, _, report in CASES.values():
        check_reading(*report())
    missed = [
        f"{path.name}:{first} in {inside}"
        for path in sorted(Path(reportlib.numbers.__file__).parent.glob("*.py"))
        for inside, first, last in _tellings(path)
        if inside not in ELSEWHERE and not any((str(path), line) in reached for line in range(first, last + 1))
    ]
    assert missed == []


def _tellings(path: Path) -> Iterator[tuple[str, int, int]]:
    """Where a module says that something is wrong: in which function, from which line to which."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id="Break" | "at_block")) | ast.Call(func=ast.Attribute(attr="_at")):
                    yield function.name, node.lineno, node.end_lineno or node.lineno
                case _:
                    pass


@pytest.mark.parametrize(("elsewhere", "found"), [(["Ude"], 0), ([], 1)])
def test_a_group_from_elsewhere_is_in_none_of_the_sites(elsewhere: list[str], found: int) -> None:
    reading, account = persons(300, 0, 0)
    account = replace(account, header={**account.header, "elsewhere": elsewhere})
    assert len(check_reading(reading, account).breaks) == found
