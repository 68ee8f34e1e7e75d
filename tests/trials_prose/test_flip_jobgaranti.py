"""Jobgaranti: where the data are turned round, what the document says of them turns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flipping import (
    RULE_BOOK,
    Flip,
    Turn,
    check,
    complement_of,
    exchanged,
    listen,
    overlap_turned,
    own_nouns,
    ranks_turned,
    set_to,
    summary_turns,
    swapped,
    turned_extracts,
    unproven,
    verdicts_turned,
)

from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, others_than

TRIAL, SITE = "jobgaranti", "Roskilde"
GROUP = "visiterede"


def benchmark_turned(ledger: Ledger) -> Ledger:
    """Every share lies as far on the other side of its benchmark."""

    def change(row: Estimate) -> Estimate | None:
        if row.statistic == "over_benchmark" and row.value is not None:
            return _mirrored(row, 0.0)
        key = make_key(row.measure, statistic="over_benchmark", group=DIFFERENCE, site=row.site)
        over = ledger.get(key) if row.group == GROUP and row.statistic == "share" else None
        if over is None or over.value is None or row.value is None or row.n is None:
            return None
        turned = _mirrored(row, row.number - over.number)
        return replace(turned, k=max(0, round(turned.number * row.n / 100)))

    return set_to(change)(ledger)


def _mirrored(row: Estimate, middle: float) -> Estimate:
    assert row.ci_low is not None and row.ci_high is not None
    low, high = 2 * middle - row.ci_high, 2 * middle - row.ci_low
    return replace(row, value=2 * middle - row.number, ci_low=low, ci_high=high)


def rests_on_one(row: Estimate) -> Estimate | None:
    """Without Fredericia, or without Roskilde, the shares lie below their benchmarks."""
    if row.statistic == "over_benchmark" and row.site in (others_than("Roskilde"), others_than("Fredericia")):
        return replace(row, value=-9.0, ci_low=-12.0, ci_high=-6.0) if row.value is not None else None
    return None


def answers_turned(row: Estimate) -> Estimate | None:
    """Every yes of the project managers is a no, and the other way round."""
    if row.statistic != "sites_yes" or row.value is None:
        return None
    return replace(row, value=(row.n or 0) - row.number if not row.site else 1 - row.number)


VERDICTS: tuple[Flip, ...] = (verdicts_turned,)
BENCHMARK: tuple[Flip, ...] = (benchmark_turned,)
ONE: tuple[Flip, ...] = (set_to(rests_on_one),)
RANKS: tuple[Flip, ...] = (ranks_turned("site"),)
SITES: tuple[Flip, ...] = (ranks_turned("site"), verdicts_turned)
ANSWERS: tuple[Flip, ...] = (set_to(answers_turned),)
COMPLEMENT: tuple[Flip, ...] = (complement_of("boligorg-job"),)
PLACES: tuple[Flip, ...] = (swapped("boligorg-forloeb", "boligorg-job", column="measure"),)
APART: tuple[Flip, ...] = (overlap_turned(SITE),)
CANNOT, CAN = "forskellen er større end den", "forskellen er ikke større end den"
BY_CHANCE, NOT_BY_CHANCE = "forskellene er ikke større end", "Forskellene er større end"
WITHIN, LARGER = f"kan {SITE} ikke skelnes", "også når der tages højde for usikkerheden"

TURNS = [
    # The summary and what rests on it
    Turn(
        "status.key_shares(['aktiv', 'ordinaere-timer', 'selvforsoergelse', 'praktik'])",
        VERDICTS,
        "I Flere Skal Med er det 11 pct. *Sikker forskel.*",
        "I Flere Skal Med er det 11 pct. *Ikke sikker forskel.*",
    ),
    *summary_turns(
        TRIAL,
        ("Flere med ordinære timer end", "Om der er flere med ordinære timer end"),
        "Brug gruppeforløb",
    ),
    Turn(
        "status.against_benchmark('ordinaere-timer')",
        BENCHMARK,
        "Det er 4 procentpoint mere end de 11 pct.",
        "Det er 4 procentpoint mindre end de 11 pct.",
    ),
    Turn(
        "status.against_benchmark('ordinaere-timer')",
        BENCHMARK,
        "Uden Odense er andelen 8 pct. (28 af 361), altså under de 11 pct.",
        "altså over de 11 pct.",
    ),
    Turn("status.against_benchmark('selvforsoergelse')", BENCHMARK, "mere end de 7 pct.", "mindre end de 7 pct."),
    Turn(
        "status.against_benchmark('selvforsoergelse')", ONE, "Det samme gælder, når man ser bort fra", "Uden Roskilde"
    ),
    Turn("status.against_benchmark('praktik')", BENCHMARK, "mere end de 25 pct.", "mindre end de 25 pct."),
    Turn("status.against_benchmark('praktik')", ONE, "en hvilken som helst af kommunerne", "altså under de 25 pct."),
    Turn("status.against_benchmark('ordinaere-timer')", VERDICTS, CANNOT, CAN),
    Turn(
        "status.against_benchmark('ordinaere-timer')",
        VERDICTS,
        "4 procentpoint mere end",
        "3 procentpoint mindre end",
        SITE,
    ),
    Turn("status.against_benchmark('selvforsoergelse')", VERDICTS, CANNOT, CAN),
    Turn("status.site_answers('samarbejde')", ANSWERS, "Fire af fem kommuner", "Det gør Roskilde, Fredericia, Kolding"),
    Turn("status.site_answers('samarbejde')", ANSWERS, f"{SITE} samarbejder", f"{SITE} svarer nej", SITE),
    Turn("status.spread('aktiv')", RANKS, "lavest i Fredericia (27 pct.)", "højest i Odense og Fredericia (begge 100"),
    Turn("status.spread('aktiv')", SITES, NOT_BY_CHANCE, BY_CHANCE),
    Turn("status.spread('aktiv')", APART, LARGER, WITHIN, SITE),
    Turn("status.spread('cv')", RANKS, "højest i Odense (90 pct.)", "højest i Høje Taastrup (90 pct.)"),
    Turn("status.spread('cv')", SITES, NOT_BY_CHANCE, BY_CHANCE),
    Turn("status.spread('cv')", APART, WITHIN, LARGER, SITE),
    Turn("status.spread('praktik')", RANKS, "højest i Odense (51 pct.)", "højest i Fredericia (51 pct.)"),
    Turn("status.spread('praktik')", SITES, NOT_BY_CHANCE, BY_CHANCE),
    Turn("status.spread('praktik')", APART, WITHIN, LARGER, SITE),
    Turn("status.spread('ordinaere-timer')", SITES, "lavest i Roskilde (8 pct.)", "højest i Roskilde (51 pct.)"),
    Turn("status.spread('ordinaere-timer')", APART, LARGER, WITHIN, SITE),
    Turn("status.spread('selvforsoergelse')", SITES, "lavest i Roskilde (9 pct.)", "højest i Roskilde (40 pct.)"),
    Turn("status.spread('selvforsoergelse')", APART, WITHIN, LARGER, SITE),
    Turn("status.how_many('boligorg-forloeb', 'boligorg-job')", COMPLEMENT, "Ingen af de borgere", "Alle de borgere"),
    Turn(
        "status.how_many('boligorg-forloeb', 'boligorg-job')",
        PLACES,
        "Ingen af de borgere, der modtager en aktiv indsats, er ansat i et job",
        "Ingen af de borgere, der modtager en aktiv indsats, er i et forløb",
    ),
    Turn(
        "site_front.front()",
        APART,
        "over de øvrige kommuner for *Andel, der modtager en aktiv indsats*",
        "under de øvrige kommuner for *Andel med selvforsørgelse*",
        SITE,
    ),
]
STEADY = {**RULE_BOOK, "beside.hidden": "a number that may not be shown has no direction"}


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_the_words_turn_with_the_data(turn: Turn) -> None:
    check(TRIAL, turn)


def test_every_claim_of_the_document_is_turned() -> None:
    assert unproven(TRIAL, TURNS, steady=STEADY, versions=["Alle", SITE]) == []


def test_municipalities_that_change_places_in_the_extract_change_places_in_the_text() -> None:
    turned = turned_extracts(
        TRIAL,
        ("borgere.csv", exchanged("Odense", "Roskilde")),
        ("projektledere.csv", exchanged("Odense", "Roskilde")),
    )
    said = listen(TRIAL, turned).calls
    assert "højest i Roskilde (51 pct.) og lavest i Odense (8 pct.)" in said["status.spread('ordinaere-timer')"].text
    assert "Uden Roskilde er andelen 8 pct." in said["status.against_benchmark('ordinaere-timer')"].text
    assert "Det gør Roskilde ikke." in said["status.site_answers('samarbejde')"].text


def test_fewer_with_hours_in_the_extract_bring_their_share_below_its_benchmark() -> None:
    def fewer(text: str) -> str:
        lines, seen = [], 0
        for line in text.splitlines(keepends=True):
            hours = ";ordinaere-timer;" in line
            seen += hours
            if not hours or seen % 4 == 0:
                lines.append(line)
        return "".join(lines)

    said = listen(TRIAL, turned_extracts(TRIAL, ("forloeb.csv", fewer))).calls
    assert "mindre end de 11 pct." in said["status.against_benchmark('ordinaere-timer')"].text


@pytest.mark.parametrize("version", ["Alle", SITE])
def test_every_noun_is_the_trials_own(version: str) -> None:
    assert own_nouns(TRIAL, version) == []
