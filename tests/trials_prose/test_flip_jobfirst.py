"""JobFirst: where the data are turned round, what the document says of them turns."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from flipping import (
    PROJECT,
    RULE_BOOK,
    Flip,
    Turn,
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
    turned_extracts,
    unproven,
    verdicts_turned,
)

from reportlib.ledger import Estimate

TRIAL, SITE = "jobfirst", "Aalborg"


def scores_mirrored(row: Estimate) -> Estimate | None:
    """What matters most to the citizens matters least: scores on the scale from 1 to 10 are turned round."""
    if not row.measure.startswith("betydning-") or row.value is None:
        return None
    ends = (None, None) if row.ci_low is None or row.ci_high is None else (11 - row.ci_high, 11 - row.ci_low)
    return replace(row, value=11 - row.number, ci_low=ends[0], ci_high=ends[1])


def nobody_so_far(row: Estimate) -> Estimate | None:
    """Nobody has reached what the plan says everybody has by then."""
    there = row.measure == "sammenhaengende" and row.group == "deltager" and not row.site and row.time == "uge26"
    return replace(row, value=0.0, k=0, ci_low=0.0) if there else None


def everybody(row: Estimate) -> Estimate | None:
    """Everybody has made MinVurdering in time, everywhere."""
    there = row.measure.startswith("minvurdering") and row.value is not None and row.n is not None
    return replace(row, value=100.0, k=row.n, ci_low=99.0, ci_high=100.0) if there else None


GROUPS: tuple[Flip, ...] = (swapped("deltager", "kontrol"), negated)
VERDICTS: tuple[Flip, ...] = (verdicts_turned,)
SITES: tuple[Flip, ...] = (ranks_turned("site"),)
SHARES: tuple[Flip, ...] = (complement_of(""),)
SCORES: tuple[Flip, ...] = (set_to(scores_mirrored),)
NOBODY: tuple[Flip, ...] = (set_to(nobody_so_far),)
EVERYBODY: tuple[Flip, ...] = (set_to(everybody),)
APART: tuple[Flip, ...] = (overlap_turned(SITE),)


def hours_fall(row: Estimate) -> Estimate | None:
    """Hours that rose fall."""
    if row.measure != "timer-progression" or row.value is None:
        return None
    return replace(row, value=-row.value, ci_low=-(row.ci_high or 0), ci_high=-(row.ci_low or 0))


WITHIN, LARGER = f"kan {SITE} ikke skelnes", "også når der tages højde for usikkerheden"
RESULTS = "['ordinaere-timer-andel', 'ordinaere-timer', 'sammenhaengende'], 35"
ACTIVITIES = (
    "['antal-samtaler', 'antal-snuseaktiviteter', 'antal-mentorforloeb', 'uger-i-praktik', 'uger-i-loentilskud']"
)
MATTERS = (
    "['betydning-klarhed', 'betydning-mentor', 'betydning-kontaktperson', 'betydning-opfoelgning', "
    "'betydning-konsulent', 'betydning-arbejdsaftale', 'betydning-faser', 'betydning-justering', "
    "'betydning-ordinaere-timer', 'betydning-jobmaal', 'betydning-snuseperiode', 'betydning-minplan-efter', "
    "'betydning-minplan', 'betydning-cv', 'betydning-progression']"
)
CONTRAST = (
    "key_shares.contrast(['betydning-mentor', 'betydning-kontaktperson', 'betydning-konsulent'], ['betydning-minplan', "
    "'betydning-minplan-efter', 'betydning-cv', 'betydning-progression'], names=('mentorens, kontaktpersonens og "
    "virksomhedskonsulentens indsats', 'MinPlan, cv og progressionsværktøjet'))"
)


def element(name: str) -> str:
    return f"implementation.element('{name}')"


GUIDE = "effects.reading_guide('praktik', 'loentilskud', 'sammenhaengende', 'ordinaere-timer-andel', 'ordinaere-timer')"
SHARE = "effects.effect('ordinaere-timer-andel', 35, relative=True)"
HOURS = "effects.effect('ordinaere-timer', 35)"
IN_A_ROW = "effects.effect('sammenhaengende', 35)"
BY_SITE = "effects.site_by_site('sammenhaengende', 26)"

CARDS = f"summary.key_figures({RESULTS})"
BREAK_EVEN = f"costs.price_of_gain({ACTIVITIES}, 'ordinaere-timer', 35, table='tbl-aktivitet')"
OWN_LIST = "site_front.front()"
NONE = "ingen af de 15 kommuner når målet"
LIGHTS = [
    ("klar-rollefordeling", "Første samtale inden fire uger", "Grøn", "Rød"),
    ("jobmaal-saetter-kursen", "Jobmål i MinPlan", "Grøn", "Rød"),
    ("snuseperioden", "Aktivitetsplan inden fire uger", "Grøn", "Rød"),
    ("loebende-justering", "Justeringen af jobmål har haft betydning", "Grøn", "Rød"),
    ("match-og-arbejdsaftale", "Arbejdsaftaler ifølge medarbejderne", "Gul", "Rød"),
    ("fastholdelsesstoette", "Mentor i virksomhedsforløbet", "Gul", "Rød"),
    ("praktik-og-ordinaere-timer", "Ordinære timer i virksomhedsforløbet", "Rød", "Grøn"),
    ("minplan-for-job", "Cv opdateret efter virksomhedsforløbet", "Grøn", "Rød"),
]
BELOW = {
    "snuseperioden": "alle 15 kommuner når målet",
    "loebende-justering": "målet er ikke nået i fire af 15 kommuner",
    "match-og-arbejdsaftale": "målet er ikke nået i seks af 15 kommuner",
}
TARGET = "Målet er 60 pct"
OTHERS = "i de øvrige kommuner"
OVER, UNDER = f"{SITE} ligger over", f"{SITE} ligger under"
# An element, a number where the site cannot be told from the others and where it stands apart; which is so of the data.
PLACES = [
    (
        "klar-rollefordeling",
        "59 pct. af medarbejderne (16 af 27) mod 79 pct. og",
        f"59 pct. af medarbejderne i Aalborg (16 af 27) mod 79 pct. {OTHERS}. {UNDER}",
        True,
    ),
    (
        "klar-rollefordeling",
        "94 pct. af deltagerne (204 af 217) mod 83 pct.",
        f"94 pct. af deltagerne i Aalborg (204 af 217) mod 83 pct. {OTHERS}. {OVER}",
        False,
    ),
    (
        "snuseperioden",
        "75 pct. af deltagerne (163 af 217) mod 65 pct. (mål 60 pct.)",
        f"75 pct. af deltagerne i Aalborg (163 af 217) mod 65 pct. {OTHERS}. {TARGET}. {OVER}",
        False,
    ),
    (
        "match-og-arbejdsaftale",
        "78 pct. af medarbejderne (21 af 27) mod 80 pct.",
        f"78 pct. af medarbejderne i Aalborg (21 af 27) mod 80 pct. {OTHERS}. {UNDER}",
        True,
    ),
    (
        "fastholdelsesstoette",
        "100 pct. (195 af 195) mod 76 pct.",
        f"100 pct. i Aalborg (195 af 195) mod 76 pct. {OTHERS}. {OVER}",
        False,
    ),
]

TURNS = [
    Turn(
        "method.evidence_bank()",
        VERDICTS,
        "er andelen med ordinære timer (beskæftigelse, nettoeffekt): *Positiv*",
        "er andelen med ordinære timer (beskæftigelse, nettoeffekt): *Ingen*",
    ),
    # The summary and what rests on it
    *summary_turns(
        TRIAL,
        ("Flere i arbejde med JobFirst", "Om indsatsen giver flere i arbejde, er ikke afgjort"),
        "Tænk løntimer ind",
    ),
    # Effects
    Turn(GUIDE, VERDICTS, "En lodret linje viser, fra hvilken uge", "sikker i den uge. På grå bund"),
    Turn(SHARE, GROUPS, "5 procentpoint flere, og effekten", "5 procentpoint færre, og effekten"),
    Turn(SHARE, GROUPS, "Relativt svarer det til 72 pct. flere", "Relativt svarer det til 42 pct. færre"),
    Turn(SHARE, GROUPS, "varigt højere i deltagergruppen", "varigt lavere i deltagergruppen"),
    Turn(SHARE, VERDICTS, "effekten er sikker", "ikke sikker"),
    Turn(HOURS, GROUPS, "højere i deltagergruppen", "lavere i deltagergruppen"),
    Turn(HOURS, VERDICTS, "Forskellen på 0,8 time er ikke", "0,8 time mere, og effekten er sikker"),
    Turn(IN_A_ROW, GROUPS, "25 procentpoint flere, og effekten", "25 procentpoint færre, og effekten"),
    Turn(IN_A_ROW, GROUPS, "varigt højere i deltagergruppen", "varigt lavere i deltagergruppen"),
    Turn(IN_A_ROW, VERDICTS, "effekten er sikker", "Forskellen på 25 procentpoint er ikke"),
    Turn("effects.lasting('praktik')", GROUPS, "varigt højere", "varigt lavere"),
    Turn("effects.lasting('praktik')", VERDICTS, "Fra uge 5 er andelen", "kontrolgruppen i uge 3 og 4 og lavere"),
    Turn("effects.lasting('loentilskud')", GROUPS, "højere i deltagergruppen", "lavere i deltagergruppen"),
    Turn("effects.lasting('loentilskud')", VERDICTS, "Kun i en enkelt uge", "og lavere i uge 1"),
    Turn(BY_SITE, GROUPS, "procentpoint flere i Aalborg", "procentpoint færre i Aalborg"),
    Turn(BY_SITE, VERDICTS, "sikker i fire af seks", "sikker i to af seks"),
    Turn("effects.accumulated('ordinaere-timer-andel', 35)", GROUPS, "1,0 uge mere end", "1,0 uge mindre end"),
    Turn("effects.accumulated('ordinaere-timer', 35)", GROUPS, "15 timer mere", "15 timer mindre"),
    Turn(
        f"effects.robustness({RESULTS})",
        VERDICTS,
        "Konklusionen om det ugentlige antal ordinære timer er den samme i alle beregninger: Forskellen er ikke",
        "Konklusionen om det ugentlige antal ordinære timer er den samme i alle beregninger: Forskellen er sikker",
    ),
    Turn("method.balance()", VERDICTS, "viser ingen sikker", "viser en sikker"),
    Turn(
        f"costs.activity({ACTIVITIES})", GROUPS, "Pr. person er der flere samtaler", "Pr. person er der færre samtaler"
    ),
    Turn(f"costs.activity({ACTIVITIES})", VERDICTS, "For uger i løntilskud er der ingen", "For samtaler,"),
    Turn(BREAK_EVEN, GROUPS, "Gevinsten fra uge 1", "Der er altså ingen gevinst at holde prisen op imod"),
    Turn(CARDS, VERDICTS, "er det 7 pct. *Sikker forskel.*", "er det 7 pct. *Ikke sikker forskel.*"),
    Turn(CARDS, GROUPS, "**12 pct.** af deltagerne", "**7 pct.** af deltagerne"),
    # Fidelity
    Turn("implementation.overview()", SHARES, "ni af 20", "De røde er *Rollerne"),
    *(
        Turn(element(name), SHARES, f"*{part}** ([{light}]", f"*{part}** ([{turned}]")
        for name, part, light, turned in LIGHTS
    ),
    Turn(element("jobmaal-saetter-kursen"), EVERYBODY, NONE, "MinVurdering inden fire uger** ([Grøn]"),
    *(Turn(element(name), SHARES, before, NONE) for name, before in BELOW.items()),
    *(
        Turn(element(name), APART, *((within, apart) if is_within else (apart, within)), SITE)
        for name, within, apart, is_within in PLACES
    ),
    Turn(
        "key_shares.in_all('strategi', spread=True)",
        SITES,
        "lavest i Viborg (25 pct.)",
        "lavest i Projektkommune 15 (25 pct.)",
    ),
    Turn("key_shares.in_all('strategi', spread=True)", APART, WITHIN, LARGER, SITE),
    Turn("key_shares.in_all('samme-arbejdsplads')", APART, WITHIN, LARGER, SITE),
    Turn("key_shares.reached_by('sammenhaengende', 26)", NOBODY, "De øvrige 67 pct.", "ingen"),
    # What matters
    Turn(
        f"key_shares.importance({MATTERS})",
        SCORES,
        "højest for klarhed om",
        "højest for arbejdet med progressionsværktøjet",
    ),
    Turn(CONTRAST, SCORES, "og dermed over MinPlan", "og dermed under MinPlan"),
    Turn(
        "key_shares.went('timer-progression', who='deltagere med ordinære timer i forløbet', "
        "span='om ugen fra den første til den sidste uge med timer')",
        (set_to(hours_fall),),
        "gået 4,2 timer op",
        "gået 4,2 timer ned",
    ),
    # A municipality
    Turn(
        OWN_LIST,
        APART,
        f"ligger {SITE} over de øvrige kommuner for *Samtale hver måned*",
        "for *Andel med 13 ugers",
        SITE,
    ),
    Turn("summary.own_numbers(['sammenhaengende'], week=35)", APART, WITHIN, LARGER, SITE),
    Turn("summary.own_numbers(['sammenhaengende'], week=26)", APART, WITHIN, LARGER, SITE),
]
STEADY = {
    **RULE_BOOK,
    "component.whole": "the light before it and the sites below the target turn",
    "component.own": "tells both shares; that they differ is `component.own-apart`",
}


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_the_words_turn_with_the_data(turn: Turn) -> None:
    check(TRIAL, turn)


def test_every_claim_of_the_document_is_turned() -> None:
    assert unproven(TRIAL, TURNS, steady=STEADY, versions=["Alle", SITE]) == []


def test_hours_that_change_groups_in_the_extract_turn_the_effect() -> None:
    """Each control gets the hours of a participant and the other way round; the other participants lose theirs."""
    folder = PROJECT.trial_folder(TRIAL)
    people = [line.split(";") for line in (folder / "deltagere.csv").read_text(encoding="utf-8").splitlines()[1:]]
    treated, controls = ([row[0] for row in people if row[2] == group] for group in ("deltager", "kontrol"))
    pairs = list(zip(treated, controls, strict=False))
    partner = dict(pairs) | {other: one for one, other in pairs}

    def exchange(text: str) -> str:
        head, *lines = text.splitlines()
        rows = [line.split(";") for line in lines]
        return "\n".join([head, *(";".join([partner[row[0]], *row[1:]]) for row in rows if row[0] in partner)]) + "\n"

    turned = listen(TRIAL, turned_extracts(TRIAL, ("timer.csv", exchange))).calls
    assert "flere, og effekten er sikker" in said(TRIAL).calls[SHARE].text
    assert "færre, og effekten er sikker" in turned[SHARE].text
    assert "timer mindre pr. person" in turned["effects.accumulated('ordinaere-timer', 35)"].text


def test_groups_drawn_anew_in_the_extract_leave_no_effect() -> None:
    """The same persons with their groups dealt out among them at random: what was an effect is gone."""

    def dealt(text: str) -> str:
        head, *lines = text.splitlines()
        groups = [line.split(";")[2] for line in lines]
        random.Random(7).shuffle(groups)
        rows = [line.split(";") for line in lines]
        return (
            "\n".join([head, *(";".join([*row[:2], g, *row[3:]]) for row, g in zip(rows, groups, strict=True))]) + "\n"
        )

    turned = listen(TRIAL, turned_extracts(TRIAL, ("deltagere.csv", dealt))).calls
    assert "effekten er sikker" in said(TRIAL).calls[IN_A_ROW].text
    assert "effekten er sikker" not in turned[IN_A_ROW].text
    assert "varigt" not in turned[IN_A_ROW].text.replace("er varig", "")


@pytest.mark.parametrize("version", ["Alle", SITE])
def test_every_noun_is_the_trials_own(version: str) -> None:
    assert own_nouns(TRIAL, version) == []
