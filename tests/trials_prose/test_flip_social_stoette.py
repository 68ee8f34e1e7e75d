"""Social støtte: where the data are turned round, what the document says of them turns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flipping import (
    RULE_BOOK,
    Flip,
    Turn,
    before_and_after_swapped,
    check,
    complement_of,
    listen,
    negated,
    overlap_turned,
    own_nouns,
    ranks_turned,
    said,
    set_to,
    summary_turns,
    swapped,
    trial_of,
    turned_extracts,
    unproven,
    verdicts_turned,
    without_uncertainty,
)

from reportlib.ledger import Estimate

TRIAL, SITE = "social-stoette", "Brøndby"


def milestone_reached(row: Estimate) -> Estimate | None:
    """As many have begun as were planned."""
    return replace(row, value=100.0, k=row.n) if row.statistic == "share_of_milestone" else None


def paths(factor: float) -> Flip:
    """Every path ends at so many times the persons."""

    def change(row: Estimate) -> Estimate | None:
        ahead = row.statistic.startswith("forecast_") and row.value is not None
        return replace(row, value=factor * row.number) if ahead else None

    return set_to(change)


def first_scores(row: Estimate) -> Estimate | None:
    """At the first measurement everybody is as far above the population as they were below it."""
    known = {"trivsel": "who5-befolkning", "handleevne": "gse-befolkning"}.get(row.measure)
    if known is None or row.time != "maaling1" or row.statistic != "mean" or row.ci_low is None:
        return None
    population = trial_of(TRIAL).facts[known].value
    assert isinstance(population, float)
    low, high = 2 * population - (row.ci_high or 0), 2 * population - row.ci_low
    return replace(row, value=2 * population - row.number, ci_low=low, ci_high=high)


def three_times(row: Estimate) -> Estimate | None:
    """The change from first to last is three times what it is."""
    if row.statistic != "change" or row.value is None or row.ci_low is None or row.ci_high is None:
        return None
    return replace(row, value=3 * row.value, ci_low=3 * row.ci_low, ci_high=3 * row.ci_high)


MILESTONE: tuple[Flip, ...] = (set_to(milestone_reached),)
MORE: tuple[Flip, ...] = (paths(2.0),)
FEWER: tuple[Flip, ...] = (paths(0.5),)
TIME: tuple[Flip, ...] = (
    *before_and_after_swapped,
    swapped("share_only_before", "share_only_after", column="statistic"),
)
TIME_AND_VERDICT: tuple[Flip, ...] = (*TIME, verdicts_turned)
SCORES: tuple[Flip, ...] = (set_to(first_scores),)
PROGRESS: tuple[Flip, ...] = (negated, swapped("share_rose", "share_fell", column="statistic"))
PROGRESS_AND_VERDICT: tuple[Flip, ...] = (*PROGRESS, verdicts_turned)
LARGE: tuple[Flip, ...] = (set_to(three_times),)
SITES: tuple[Flip, ...] = (ranks_turned("site"),)
PARTS: tuple[Flip, ...] = (ranks_turned("subgroup"), verdicts_turned)
ANSWERS: tuple[Flip, ...] = (complement_of("enig-", "opstart-"),)
CERTAIN: tuple[Flip, ...] = (set_to(without_uncertainty),)
APART: tuple[Flip, ...] = (overlap_turned(SITE),)

SIGNIFICANT, NOT = ", og forskellen er sikker", ", men forskellen er ikke sikker"
WITHIN, LARGER = f"kan {SITE} ikke skelnes", "også når der tages højde for usikkerheden"
ENIGE = "most='Flest borgere er enige eller helt enige i, at de', least='færrest i, at de', again='at de'"
MOEDER = "['opstart-cti', 'opstart-beskaeftigelse', 'opstart-konsulent', 'opstart-social', 'opstart-andre']"
THIRD, SHORT = "70 pct. for borgere i tredje fase", "63 pct. for borgere i tredje fase"
TRIN = "progress.across('aar-timer', 'aar-virksomhedsrettet', 'dansk', by='trin')"
RUNDE = "progress.across('mindshift-viden', 'mindshift-samarbejde', 'mindshift-kan', 'mindshift-tro', by='runde')"
FASE = "progress.across('ugentlig-kontakt', 'kort-kontakt', by='fase')"
WHO5 = "progress.first_measurement('trivsel', reference='who5-befolkning')"
GSE = "progress.first_measurement('handleevne', reference='gse-befolkning')"

TURNS = [
    # The summary and what rests on it
    Turn(
        "progress.cards(['ordinaere-timer', 'virksomhedsrettet'])",
        (verdicts_turned,),
        "*Sikker forskel.*",
        "*Ikke sikker forskel.*",
    ),
    *summary_turns(
        TRIAL,
        ("Flere med ordinære timer end", "Om der er flere med ordinære timer end"),
        "Sæt fart på",
    ),
    # Recruitment
    Turn("progress.recruitment()", MILESTONE, "den er ikke nået", "den er nået"),
    Turn("progress.recruitment()", APART, WITHIN, LARGER, SITE),
    Turn("progress.forecast()", MORE, "den forsigtige gør det ikke", "Alle tre fremskrivninger når"),
    Turn("progress.forecast()", FEWER, "Den realistiske og den optimistiske", "Ingen af de tre fremskrivninger når"),
    Turn(
        "key_shares.in_all('bevilget-sel', spread=True)",
        SITES,
        "højest i Brøndby (74 pct.)",
        "og lavest i Brøndby",
    ),
    Turn("key_shares.in_all('bevilget-sel', spread=True)", APART, LARGER, WITHIN, SITE),
    # What is done, and what they say of it
    Turn(
        f"progress.ranked({MOEDER}, most='Flest opstartsmøder', least='færrest')",
        ANSWERS,
        "Flest opstartsmøder havde en CTI-medarbejder med",
        "Flest opstartsmøder havde andre fagpersoner med",
    ),
    Turn("key_shares.in_all('opstart-fagligheder')", APART, WITHIN, LARGER, SITE),
    Turn(
        f"progress.ranked(['enig-hoert', 'enig-egne-maal', 'enig-klar-plan', 'enig-klart-jobmaal'], {ENIGE})",
        ANSWERS,
        "Flest borgere er enige eller helt enige i, at de bliver hørt",
        "Flest borgere er enige eller helt enige i, at de har et klart jobmål",
    ),
    Turn(
        f"progress.ranked(['enig-passer', 'enig-naermere', 'enig-motiveret'], {ENIGE})",
        CERTAIN,
        "Andelene ligger mellem 69 pct. og 83 pct.",
        "færrest i, at de oplever, at forløbet har bragt dem nærmere jobmålet",
    ),
    Turn(
        f"progress.ranked(['enig-aftale-med', 'enig-aftale-timer', 'enig-aftale-holder'], {ENIGE})",
        CERTAIN,
        "Andelene ligger mellem 80 pct. og 81 pct.",
        "færrest i, at de var med til at lave arbejdsaftalen",
    ),
    Turn(
        f"progress.ranked(['enig-plan-aendret', 'enig-hoert-undervejs'], {ENIGE})",
        CERTAIN,
        "Andelene ligger mellem 71 pct. og 78 pct.",
        "færrest i, at de oplever, at planen er ændret",
    ),
    Turn(
        "progress.most_given('kontakt', by='fase')",
        PARTS,
        "*en gang om ugen* for borgere i første fase (50",
        "*sjældnere*",
    ),
    Turn(FASE, PARTS, "70 pct. for borgere i første fase", "37 pct. for borgere i første fase"),
    Turn(FASE, PARTS, "37 pct. for borgere i tredje fase, og", f"{THIRD}, men"),
    Turn(FASE, PARTS, f"{SHORT}, men", "40 pct. for borgere i tredje fase, og"),
    Turn(RUNDE, PARTS, "er steget fra 3,1 før start til 3,7 midtvejs", "er faldet fra 3,7 til 3,1"),
    Turn(
        RUNDE,
        PARTS,
        "er faldet fra 4,3 til 4,1, men ændringen er ikke",
        "er steget fra 4,1 før start til 4,3 midtvejs, og",
    ),
    # Before and after
    Turn("progress.before_after('virksomhedsrettet')", TIME, "41 procentpoint flere", "41 procentpoint færre"),
    Turn("progress.before_after('ordinaere-timer')", TIME, "13 procentpoint flere", "13 procentpoint færre"),
    Turn("progress.before_after('mentor')", TIME, "15 procentpoint færre", "15 procentpoint flere"),
    Turn(
        "progress.before_after('timer-maaned')",
        TIME_AND_VERDICT,
        "Forskellen på 1,8 time er ikke sikker",
        "1,8 time mindre, og forskellen er sikker",
    ),
    Turn(
        "progress.across('timer-maaned', by='maengde')",
        PARTS,
        "9,9 timer for borgerne med meget",
        "9,9 timer for borgerne med noget",
    ),
    Turn("progress.across('timer-maaned', by='maengde')", PARTS, SIGNIFICANT, NOT),
    # Who they are
    Turn(TRIN, PARTS, "10 pct. for borgerne med kun opstartssamtale", "30 pct. for borgerne med kun opstartssamtale"),
    Turn(
        TRIN,
        PARTS,
        "30 pct. for borgerne med meget CTI, og",
        "10 pct. for borgerne med meget CTI, men",
    ),
    Turn("site_front.front()", APART, "Ingen af forskellene", "Når der tages højde for usikkerheden, ligger", SITE),
    # Well-being and progression
    Turn(WHO5, SCORES, "lavere end befolkningens", "højere end befolkningens"),
    Turn(WHO5, APART, WITHIN, LARGER, SITE),
    Turn(GSE, SCORES, "lavere end befolkningens", "højere end befolkningens"),
    Turn(GSE, APART, WITHIN, LARGER, SITE),
    Turn("progress.noticeable('trivsel', 'who5-maerkbar')", LARGE, "Ændringen er mindre", "Så stor er ændringen"),
    Turn("progress.first_to_last('trivsel')", PROGRESS, "steget med 6,2 point", "faldet med 6,2 point"),
    Turn(
        "progress.first_to_last('trivsel')",
        PROGRESS,
        "Flere er gået frem end tilbage",
        "Flere er gået tilbage end frem",
    ),
    Turn("progress.first_to_last('handleevne')", PROGRESS, "steget med 1,3 point", "faldet med 1,3 point"),
    Turn(
        "progress.first_to_last('handleevne')",
        PROGRESS,
        "Gennemsnittet er altså steget",
        "Gennemsnittet er altså faldet",
    ),
    Turn(
        "progress.first_to_last('handleevne')",
        PROGRESS,
        "Det er gået frem for 45 pct.",
        "Det er gået tilbage for 45 pct.",
    ),
    Turn(
        "progress.first_to_last('bip-job')",
        PROGRESS_AND_VERDICT,
        "er ikke sikker",
        "steget med 0,1 point",
    ),
    Turn(
        "progress.first_to_last('bip-job')", PROGRESS, "Det er gået tilbage for 30 pct.", "Det er gået frem for 30 pct."
    ),
    Turn("progress.furthest('trivsel')", PROGRESS, "Det er gået frem for 63 pct.", "Det er gået tilbage for 63 pct."),
    Turn(
        "progress.furthest('handleevne')", PROGRESS, "Det er gået tilbage for 63 pct.", "Det er gået frem for 63 pct."
    ),
]
STEADY = {**RULE_BOOK, "changed.told": "says how many have it only before and only after, whichever is more"}


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_the_words_turn_with_the_data(turn: Turn) -> None:
    check(TRIAL, turn)


def test_every_claim_of_the_document_is_turned() -> None:
    assert unproven(TRIAL, TURNS, steady=STEADY, versions=["Alle", SITE]) == []


def test_progression_with_its_sheets_in_the_opposite_order_falls_where_it_rose() -> None:
    """The extract's measurements numbered backwards: the last sheet is the first."""

    def backwards(text: str) -> str:
        head, *lines = text.splitlines()
        at = head.split(";").index("maaling")
        rows = [line.split(";") for line in lines]
        return "\n".join([head, *(";".join([*row[:at], str(6 - int(row[at])), *row[at + 1 :]]) for row in rows)]) + "\n"

    call = "progress.first_to_last('trivsel')"
    turned = listen(TRIAL, turned_extracts(TRIAL, ("progression.csv", backwards))).calls[call].text
    assert "steget med" in said(TRIAL).calls[call].text
    assert "faldet med" in turned
    assert "Flere er gået tilbage end frem" in turned


def test_meetings_answered_the_other_way_round_turn_the_order_of_the_professions() -> None:
    """Who came to a first meeting did not, and the other way round."""

    def others_came(text: str) -> str:
        head, *lines = text.splitlines()
        turn = {"0": "1", "1": "0"}
        columns = head.split(";")
        at = {columns.index(name) for name in ("cti", "andre")}
        return "\n".join([head, *(_with(line, at, turn) for line in lines)]) + "\n"

    call = f"progress.ranked({MOEDER}, most='Flest opstartsmøder', least='færrest')"
    turned = listen(TRIAL, turned_extracts(TRIAL, ("opstartsmoeder.csv", others_came))).calls[call].text
    assert "færrest havde en CTI-medarbejder med" in turned


def _with(line: str, at: set[int], turn: dict[str, str]) -> str:
    cells = line.split(";")
    return ";".join(turn.get(cell, cell) if place in at else cell for place, cell in enumerate(cells))


@pytest.mark.parametrize("version", ["Alle", SITE])
def test_every_noun_is_the_trials_own(version: str) -> None:
    assert own_nouns(TRIAL, version) == []
