"""På rette vej: where the data are turned round, what the document says of them turns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flipping import (
    PROJECT,
    RULE_BOOK,
    Flip,
    Turn,
    check,
    complement_of,
    exchanged,
    listen,
    negated,
    overlap_turned,
    own_nouns,
    ranks_turned,
    set_to,
    summary_turns,
    swapped,
    turned_extracts,
    unproven,
    verdicts_turned,
    without_uncertainty,
)

from reportlib.ledger import Estimate
from reportlib.ledger.keys import COST_BENEFIT

TRIAL, SITE = "paa-rette-vej", "Struer"
DATA = PROJECT.trial_folder(TRIAL)


def interactions_turned(row: Estimate) -> Estimate | None:
    """What is not shown to depend on anything does, also after the correction."""
    return replace(row, p=0.001) if row.statistic == "interaction_holm" else None


def costs_turned(row: Estimate) -> Estimate | None:
    """No price is low enough."""
    turned = row.measure == COST_BENEFIT and row.statistic == "break_even" and row.value is not None
    return replace(row, value=-row.number) if turned else None


def one_sided(row: Estimate) -> Estimate | None:
    """No assumption alone gives a deficit."""
    turned = row.measure == COST_BENEFIT and row.statistic in ("net_low", "net_high") and row.value is not None
    return replace(row, value=abs(row.number)) if turned else None


def bands_turned(row: Estimate) -> Estimate | None:
    """No week stands out when all weeks are seen as one."""
    turned = row.statistic == "uniform_band" and row.value is not None
    return replace(row, ci_low=row.number - 999, ci_high=row.number + 999) if turned else None


def all_in_work(row: Estimate) -> Estimate | None:
    """Nearly all participants have found a job or an education."""
    reached = row.measure == "afgang-job-uddannelse" and row.group == "deltager" and row.time == "uge64"
    return replace(row, value=90.0, ci_low=88.0, ci_high=92.0) if reached else None


def chance_turned(row: Estimate) -> Estimate | None:
    """A gain is as likely as a loss was."""
    return replace(row, value=100 - row.number) if row.statistic == "chance_of_gain" and row.value is not None else None


def practice_up(row: Estimate) -> Estimate | None:
    """In no week are fewer participants in practice."""
    weekly = row.measure == "praktik" and row.statistic in ("difference", "uniform_band") and (row.value or 0) < 0
    return replace(row, value=-row.number, ci_low=-(row.ci_high or 0), ci_high=-(row.ci_low or 0)) if weekly else None


def clustered_turned(row: Estimate) -> Estimate | None:
    """One way of computing finds what the others do not."""
    if row.statistic != "clustered" or row.value is None:
        return None
    return replace(row, ci_low=row.number / 2, ci_high=row.number * 1.5, p=0.001)


GROUPS = (swapped("deltager", "kontrol"), negated)
VERDICTS: tuple[Flip, ...] = (verdicts_turned,)
OPPOSITE: tuple[Flip, ...] = (verdicts_turned, *GROUPS)
PRACTICE: tuple[Flip, ...] = (swapped("praktik:Ja", "praktik:Nej", column="subgroup"), negated)
LAST_ANSWER: tuple[Flip, ...] = (swapped("praktik:Ja:svar-4", "praktik:Nej:svar-4", column="subgroup"),)
WELL: tuple[Flip, ...] = (swapped("velbefindende:1", "velbefindende:0", column="subgroup"), negated)
SITES: tuple[Flip, ...] = (ranks_turned("site"),)
COMPLEMENT: tuple[Flip, ...] = (complement_of("virksomhedsrettet"),)
TALKS: tuple[Flip, ...] = (
    set_to(
        lambda row: (
            replace(row, value=100 - row.number) if row.measure == "samtaler-andel" and row.value is not None else None
        )
    ),
)
TOPICS: tuple[Flip, ...] = (swapped("emne-opgaver", "emne-uddannelse", column="measure"),)
INTERACTIONS: tuple[Flip, ...] = (set_to(interactions_turned),)
COSTS: tuple[Flip, ...] = (set_to(costs_turned),)
ONE_SIDED: tuple[Flip, ...] = (set_to(one_sided),)
APART: tuple[Flip, ...] = (overlap_turned(SITE),)
BANDS: tuple[Flip, ...] = (set_to(bands_turned),)
PRACTICE_UP: tuple[Flip, ...] = (set_to(practice_up),)
CHANCE: tuple[Flip, ...] = (set_to(chance_turned),)
CLUSTERED: tuple[Flip, ...] = (set_to(clustered_turned),)

YES, NO = ", og forskellen er sikker", ", men forskellen er ikke sikker"
BOTH_YES, BOTH_NO = "Begge forskelle er sikre", "Ingen af de to forskelle er sikre"
ALL_YES, ALL_NO = "Alle tre forskelle er sikre", "Ingen af de tre forskelle er sikre"


def both_ways(call: str, verdict: tuple[str, str], levels: tuple[str, str]) -> list[Turn]:
    """A call that compares the groups: another verdict, and the groups in each other's places."""
    return [Turn(call, VERDICTS, *verdict), Turn(call, GROUPS, *levels)]


def effect(measure: str, as_is: str, up: str, down: str) -> list[Turn]:
    """An effect that is not significant: told as more where it is, and as less where the groups change places too."""
    call = f"effects.effect('{measure}', 64)"
    return [Turn(call, VERDICTS, as_is, up), Turn(call, OPPOSITE, as_is, down)]


EVERY_WEEK = "i alle uger fra uge 1 til uge 64"
NO_WEEK = "ikke sikker i nogen uge"
HELP, MOTIVATION = (
    "['koordinering-hjaelp', 'koordinering-behov']",
    "['arbejde-vigtigt', 'foretraekker-arbejde', 'soegende']",
)
TOPICS_CALL = "compared.compared(['emne-virksomhed', 'emne-hvilket-job', 'emne-hvad-skal-til'], by='praktik')"
SPREADS = "compared.spreads(['glad', 'lyttet', 'opfulgt', 'kontrol'], by='praktik')"
RANKED = "compared.counts(['emne-opgaver', 'emne-timer', 'emne-job', 'emne-uddannelse'])"
TALK_SITES, WORK_SITES = (
    f"compared.sites_against_target('{name}')" for name in ("samtaler-andel", "virksomhedsrettet")
)
CARDS = "summary.key_figures(['afgang-beskaeftigelse', 'timer-ialt', 'virksomhedsrettet'], 64)"
ROBUST = "effects.robustness(['afgang-beskaeftigelse', 'afgang-job-uddannelse', 'timer-ialt'], 64)"
BY_SITE = "effects.site_by_site('timer-ialt', 64)"
CONTRAST = "compared.contrast('afgang-selvforsoergelse', 'velbefindende', 64)"
OWN = "site_front.front()"

TURNS = [
    Turn(
        "method.evidence_bank()",
        VERDICTS,
        "er andelen, der er gået i beskæftigelse (beskæftigelse, nettoeffekt): *Ingen*",
        "er andelen, der er gået i beskæftigelse (beskæftigelse, nettoeffekt): *Positiv*",
    ),
    # The summary and what rests on it
    Turn(CARDS, VERDICTS, "85 timer. *Ikke sikker forskel.*", "85 timer. *Sikker forskel.*"),
    *summary_turns(
        TRIAL,
        ("Om indsatsen giver flere i beskæftigelse, er ikke afgjort", "Flere i beskæftigelse med"),
        "Udbred ikke indsatsen",
    ),
    Turn(CARDS, GROUPS, "**107 timer**", "I kontrolgruppen er det 107 timer"),
    # the effort
    *both_ways(
        "compared.compared(['samtaler-andel'])",
        (YES, NO),
        ("samtale i 82 pct. af ugerne mod 14 pct.", "samtale i 14 pct. af ugerne mod 82 pct."),
    ),
    Turn(TALK_SITES, TALKS, "Målet på 80 pct. er dermed nået", "Målet på 80 pct. er dermed ikke nået"),
    Turn(TALK_SITES, TALKS, "Målet er ikke nået i fem af 18", "Ingen af de 18 jobcentre når målet"),
    Turn(TALK_SITES, SITES, "højest i Nyborg (94 pct.)", "højest i Næstved (94 pct.)"),
    Turn(TALK_SITES, TALKS, "Målet på 80 pct. er dermed nået", "Målet på 80 pct. er dermed ikke nået", SITE),
    Turn(TALK_SITES, APART, f"{SITE} ligger over de øvrige", f"kan {SITE} ikke skelnes", SITE),
    *both_ways(
        "compared.compared(['moede-andel'])",
        (YES, NO),
        ("møde i 46 pct. af ugerne mod 10 pct.", "møde i 10 pct. af ugerne mod 46 pct."),
    ),
    *both_ways(
        "effects.accumulated('moede', 64)",
        ("21,9 uger mere end", "forskellen er ikke sikker"),
        ("21,9 uger mere end", "21,9 uger mindre end"),
    ),
    *both_ways(
        "effects.lasting('moede')",
        ("I 61 af 64 uger", "Kun i korte perioder"),
        ("højere i deltagergruppen", "lavere i deltagergruppen"),
    ),
    *both_ways(
        "compared.compared(['virksomhedsrettet', 'uger-praktik'])",
        (BOTH_YES, BOTH_NO),
        ("46 pct. af deltagerne", "22 pct. af deltagerne"),
    ),
    Turn(
        "compared.compared(['virksomhedsrettet', 'uger-praktik'])",
        GROUPS,
        "8,5 uger i virksomhedspraktik mod",
        "2,5 uger i virksomhedspraktik mod",
    ),
    *both_ways(
        "compared.compared(['virksomhedsrettet'])", (YES, NO), ("46 pct. af deltagerne", "22 pct. af deltagerne")
    ),
    Turn(WORK_SITES, GROUPS, "Målet på 40 pct. er dermed nået", "Målet på 40 pct. er dermed ikke nået"),
    Turn(WORK_SITES, COMPLEMENT, "Målet er ikke nået i to af 18", "Alle 18 jobcentre når målet"),
    Turn(
        WORK_SITES,
        (set_to(without_uncertainty),),
        "ligger mellem 37 pct. og 55 pct.",
        "lavest i Ringkøbing-Skjern (37 pct.)",
    ),
    Turn(WORK_SITES, GROUPS, "Målet på 40 pct. er dermed nået", "Målet på 40 pct. er dermed ikke nået", SITE),
    Turn(WORK_SITES, APART, f"kan {SITE} ikke skelnes", f"{SITE} ligger under de øvrige", SITE),
    Turn(
        OWN,
        APART,
        f"ligger {SITE} over de øvrige jobcentre for *Andel af ugerne med samtale",
        "øvrige jobcentre for *Andel af ugerne med møde",
        SITE,
    ),
    *both_ways(
        "compared.compared(['uger-praktik'])",
        (YES, NO),
        ("8,5 uger i virksomhedspraktik mod", "2,5 uger i virksomhedspraktik mod"),
    ),
    *both_ways(
        "effects.lasting('praktik')",
        ("lavere i uge 45–54", "lavere i uge 42–44"),
        ("højere i deltagergruppen end i kontrolgruppen i uge 5–38", "lavere i uge 5–38"),
    ),
    Turn(
        "effects.lasting('praktik')",
        PRACTICE_UP,
        "og lavere i uge 45–54",
        "I 44 af 51 uger",
    ),
    Turn("effects.lasting('praktik')", BANDS, "er forskellen sikker. Uge", "kan forskellen dog være tilfældig"),
    Turn("compared.compared(['uger-loentilskud'])", VERDICTS, "Der er ingen sikker forskel", YES),
    *both_ways("compared.compared(['mentor'])", (YES, NO), ("24 pct. af deltagerne", "5 pct. af deltagerne")),
    # what they say
    *both_ways(
        f"compared.compared({HELP})", (BOTH_YES, BOTH_NO), ("39 pct. af svarpersonerne", "mod 39 pct. i kontrolgruppen")
    ),
    Turn(f"compared.compared({HELP})", GROUPS, "19 pct. har manglet", "29 pct. har manglet"),
    *both_ways(
        "compared.compared(['tilfreds', 'yderpunkt'])",
        ("meget dårlig mod 14 pct. i kontrolgruppen, og", "meget dårlig mod 14 pct., men"),
        ("41 pct. vurderer", "33 pct. vurderer"),
    ),
    Turn("compared.compared(['tilfreds'], by='velbefindende')", VERDICTS, YES, NO),
    Turn(
        "compared.compared(['tilfreds'], by='velbefindende')",
        WELL,
        "50 pct. af personerne med godt velbefindende",
        "50 pct. af personerne med dårligt velbefindende",
    ),
    *both_ways(
        f"compared.compared({MOTIVATION})",
        ("98 pct. i kontrolgruppen, og", "98 pct., men"),
        ("89 pct. af svarpersonerne", "mod 89 pct. i kontrolgruppen"),
    ),
    Turn(
        f"compared.points({MOTIVATION})",
        GROUPS,
        "Den sikre forskel går den modsatte vej",
        "Den sikre forskel går den vej",
    ),
    Turn(
        "compared.expected('fremtid', 'afgang-job-uddannelse', 64)",
        (set_to(all_in_work),),
        "Flere regnede",
        "Flere har altså nået det",
    ),
    *both_ways(
        "compared.compared(['arbejdsevne', 'jobmulighed', 'fremtid'])",
        (ALL_NO, ALL_YES),
        ("29 pct. af svarpersonerne", "mod 29 pct. i kontrolgruppen"),
    ),
    *both_ways(
        "compared.compared(['velbefindende', 'godt-velbefindende'])",
        (BOTH_NO, BOTH_YES),
        ("49,4 i deltagergruppen", "49,4 i kontrolgruppen"),
    ),
    Turn(TOPICS_CALL, VERDICTS, ALL_YES, ALL_NO),
    Turn(
        TOPICS_CALL,
        PRACTICE,
        "85 pct. af deltagerne med virksomhedspraktik",
        "85 pct. af deltagerne uden virksomhedspraktik",
    ),
    Turn("compared.compared(['motiverende'], by='praktik')", VERDICTS, YES, NO),
    Turn(
        "compared.compared(['motiverende'], by='praktik')",
        PRACTICE,
        "70 pct. af deltagerne med virksomhedspraktik",
        "70 pct. af deltagerne uden virksomhedspraktik",
    ),
    Turn(RANKED, TOPICS, "svarene: hvordan opgaverne bliver løst", "svarene: at begynde på en uddannelse"),
    Turn(
        SPREADS,
        VERDICTS,
        "*Der blev fulgt op på de aftaler, vi havde lavet* fordeler sig forskelligt",
        "*Jeg har været glad for samtalerne* fordeler sig forskelligt",
    ),
    Turn(
        SPREADS,
        LAST_ANSWER,
        "42 pct. af deltagerne med virksomhedspraktik og 25",
        "25 pct. af deltagerne med virksomhedspraktik og 42",
    ),
    # the effects
    *effect(
        "afgang-beskaeftigelse",
        "Der er ingen sikker forskel",
        "0,1 procentpoint flere",
        "0,1 procentpoint færre",
    ),
    *effect(
        "afgang-uddannelse",
        "Der er ingen sikker forskel",
        "0,1 procentpoint flere",
        "0,1 procentpoint færre",
    ),
    *effect(
        "afgang-job-uddannelse",
        "Der er ingen sikker forskel",
        "0,2 procentpoint flere",
        "0,2 procentpoint færre",
    ),
    *effect(
        "timer-ialt",
        "Forskellen på 22 timer er ikke",
        "21,9 timer mere, og effekten er",
        "21,9 timer mindre, og effekten er",
    ),
    *effect(
        "timer-ialt",
        NO_WEEK,
        f"højere i deltagergruppen end i kontrolgruppen, og forskellen er sikker {EVERY_WEEK}",
        f"lavere i deltagergruppen end i kontrolgruppen, og forskellen er sikker {EVERY_WEEK}",
    ),
    Turn(
        "effects.lasting('timer')",
        GROUPS,
        "højere i deltagergruppen",
        "lavere i deltagergruppen",
    ),
    Turn(
        "effects.lasting('timer')",
        VERDICTS,
        "Kun i en enkelt uge",
        "højere i deltagergruppen end i kontrolgruppen i uge 1–7",
    ),
    Turn("effects.lasting('timer-andel')", VERDICTS, NO_WEEK, "i uge 1–6, 19–45"),
    Turn("effects.lasting('timer-andel')", OPPOSITE, NO_WEEK, "lavere i uge 1–6, 19–45"),
    Turn(ROBUST, VERDICTS, "Forskellen er ikke sikker", "Forskellen er sikker"),
    Turn(ROBUST, CLUSTERED, "er den samme i alle beregninger", "men ikke når grupperne sammenlignes direkte"),
    Turn(BY_SITE, VERDICTS, "ikke sikker i nogen af de 18", "sikker i alle 18"),
    Turn(BY_SITE, VERDICTS, "viser ikke, at effekten varierer", "viser, at effekten varierer"),
    Turn(BY_SITE, GROUPS, "166 timer mere i Jammerbugt", "166 timer mindre i Jammerbugt"),
    Turn("compared.interaction('afgang-beskaeftigelse', 64)", INTERACTIONS, "Det er ikke vist", "afhænger effekten på"),
    Turn("compared.interaction('timer-ialt', 64)", INTERACTIONS, "Det er ikke vist", "afhænger effekten på"),
    Turn(
        "compared.interaction('afgang-selvforsoergelse', 64)", INTERACTIONS, "Det er ikke vist", "Effekten på andelen"
    ),
    Turn(CONTRAST, VERDICTS, BOTH_YES, BOTH_NO),
    Turn(CONTRAST, WELL, "15 pct. blandt personerne med godt", "15 pct. blandt personerne med dårligt"),
    # background and costs
    Turn(
        "method.balance()",
        VERDICTS,
        "viser ingen sikker forskel",
        "grupperne altså ikke helt ens",
    ),
    Turn(
        "method.balance()",
        VERDICTS,
        "én forskel sikker (alder)",
        "syv forskelle sikre (køn",
    ),
    *both_ways(
        "costs.result()",
        ("overskud på 1.500 kr. pr. person, men", "er der et overskud på 1.500 kr."),
        ("giver regnestykket et overskud", "giver regnestykket et underskud"),
    ),
    Turn("costs.result()", VERDICTS, "som ikke er sikker", "som er sikker"),
    Turn("costs.result()", OPPOSITE, "giver regnestykket et overskud", "er der et underskud på 1.500 kr."),
    *both_ways(
        "costs.public()",
        ("underskud på 2.200 kr. pr. person, men", "er der et underskud på 2.250 kr."),
        ("giver regnestykket et underskud", "giver regnestykket et overskud"),
    ),
    Turn("costs.public()", CHANCE, "samfundet er 64 pct.", "samfundet er 36 pct."),
    Turn("costs.break_even()", COSTS, "Samtaler må højst koste 148 kr.", "Ingen pris på samtaler er lav nok"),
    Turn("costs.break_even()", COSTS, "en forskel på 16,6 timer", "en forskel på −16,6 timer"),
    Turn("costs.sensitivity()", ONE_SIDED, "Fortegnet skifter", "Ingen af forudsætningerne kan alene"),
]
STEADY = {**RULE_BOOK, "break-even.units": "a number of hours: what it is turns its sign and no word"}


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_the_words_turn_with_the_data(turn: Turn) -> None:
    check(TRIAL, turn)


def test_every_claim_of_the_document_is_turned() -> None:
    assert unproven(TRIAL, TURNS, steady=STEADY, versions=["Alle", SITE]) == []


def test_persons_who_change_groups_in_the_extract_turn_the_effects() -> None:
    asked = {line.split(";")[1] for line in (DATA / "deltagersurvey.csv").read_text(encoding="utf-8").splitlines()}
    change = exchanged(";deltager;", ";kontrol;")

    def others(text: str) -> str:  # those who have answered stay: only participants are asked about their practice
        return "".join(line if line.split(";")[0] in asked else change(line) for line in text.splitlines(True))

    said = listen(TRIAL, turned_extracts(TRIAL, ("deltagere.csv", others))).calls
    assert "uger mindre end" in said["effects.accumulated('moede', 64)"].text
    assert "Målet på 40 pct. er dermed ikke nået" in said[WORK_SITES].text
    assert "lavere i deltagergruppen" in said["effects.lasting('moede')"].text
    assert "et overskud på" in said["costs.public()"].text


def test_those_who_did_not_practise_answer_as_those_who_did() -> None:
    def change(text: str) -> str:
        head, *rows = text.splitlines(keepends=True)
        place = head.split(";").index("i_praktik")
        turned = []
        for row in rows:
            cells = row.split(";")
            cells[place] = {"1": "0", "0": "1", "Ja": "Nej", "Nej": "Ja"}.get(cells[place], cells[place])
            turned.append(";".join(cells))
        return head + "".join(turned)

    said = listen(TRIAL, turned_extracts(TRIAL, ("deltagersurvey.csv", change))).calls
    assert "53 pct. af deltagerne med" in said["compared.compared(['motiverende'], by='praktik')"].text


@pytest.mark.parametrize("version", ["Alle", SITE])
def test_every_noun_is_the_trials_own(version: str) -> None:
    assert own_nouns(TRIAL, version) == []
