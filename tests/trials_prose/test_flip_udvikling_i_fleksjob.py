"""Udvikling i fleksjob: where the data are turned round, what the document says of them turns."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from flipping import (
    PROJECT,
    ROOT,
    RULE_BOOK,
    Flip,
    Turn,
    check,
    complement_of,
    negated,
    overlap_turned,
    own_nouns,
    set_to,
    summary_turns,
    swapped,
    trial_of,
    unproven,
    verdicts_turned,
)

from reportlib.analysis.run import compute_ledger
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose import quasi
from reportlib.trial.analyses import Did, SeriesAnalysis
from reportlib.trial.model import Trial
from reportlib.trial.project import Project

TRIAL, SITE = "udvikling-i-fleksjob", "Aalborg"


def counted_weeks_turned(row: Estimate) -> Estimate | None:
    """Where no week was significant weeks 5 to 7 are; where some were none is."""
    if not row.statistic.endswith(("significant_weeks", "significant_week")):
        return None
    none = row.measure == "timeaendring-3"
    told = {"significant_weeks": 3, "first_significant_week": 5, "last_significant_week": 7}[row.statistic]
    return replace(row, value=float(told) if none else 0.0 if row.statistic == "significant_weeks" else None)


def months_turned(ledger: Ledger) -> Ledger:
    """The areas that take part lie as far above the others as they lay below."""
    other = {"minimum": "maximum", "maximum": "minimum"}

    def change(row: Estimate) -> Estimate | None:
        if row.group != DIFFERENCE or row.statistic not in other or row.value is None:
            return None
        key = make_key(row.measure, statistic=other[row.statistic], group=DIFFERENCE, site=row.site)
        return replace(row, value=-ledger[key].number)

    return set_to(change)(ledger)


def months_cross(row: Estimate) -> Estimate | None:
    """In one month they lie above."""
    turned = row.group == DIFFERENCE and row.statistic == "maximum" and row.value is not None
    return replace(row, value=0.2) if turned else None


ALIKE = "quasi.matched_alike('timeaendring-uge26-3a', 'sammenligning')"


def matched_apart(row: Estimate) -> Estimate | None:
    """After matching every characteristic lies beyond the limit."""
    return replace(row, value=0.3) if row.statistic == "standardised_after" and row.value is not None else None


def control_turned(ledger: Ledger) -> Ledger:
    """The ratio is larger with control than without."""

    def change(row: Estimate) -> Estimate | None:
        if row.measure != "afgang-2" or row.statistic != "hazard_ratio":
            return None
        other = "" if row.subgroup else "uden-kontrol"
        found = ledger[make_key(row.measure, statistic="hazard_ratio", group=DIFFERENCE, subgroup=other)]
        return replace(row, value=found.value, ci_low=found.ci_low, ci_high=found.ci_high, p=found.p)

    return set_to(change)(ledger)


def control_alike(row: Estimate) -> Estimate | None:
    """The ratio is the same with and without control."""
    turned = row.measure == "afgang-2" and row.statistic == "hazard_ratio"
    return replace(row, value=1.5, ci_low=1.2, ci_high=1.9, p=0.001) if turned else None


def all_reached(row: Estimate) -> Estimate | None:
    """Every participant everywhere has what the third phase asks for."""
    turned = row.measure.startswith("fase3") and row.statistic in ("share", "mean") and row.value is not None
    return replace(row, value=100.0, k=row.n) if turned else None


def one_matching(row: Estimate) -> Estimate | None:
    """Two of the matchings are significant."""
    if row.statistic != "matched" or row.subgroup != "foer":
        return None
    return replace(row, value=-1.5, ci_low=-2.0, ci_high=-1.0, p=0.001)


OPPOSITE: tuple[Flip, ...] = (negated,)
VERDICTS: tuple[Flip, ...] = (verdicts_turned,)
BOTH: tuple[Flip, ...] = (verdicts_turned, negated)
WEEKS: tuple[Flip, ...] = (set_to(counted_weeks_turned),)
MONTHS: tuple[Flip, ...] = (months_turned,)
CROSS: tuple[Flip, ...] = (set_to(months_cross),)
CONTROL: tuple[Flip, ...] = (control_turned,)
SAME: tuple[Flip, ...] = (set_to(control_alike),)
REACHED: tuple[Flip, ...] = (set_to(all_reached),)
MATCHED: tuple[Flip, ...] = (set_to(one_matching),)
COMPLEMENT: tuple[Flip, ...] = (complement_of("fase", "krav"),)
APART: tuple[Flip, ...] = (overlap_turned(SITE),)
YEARS: tuple[Flip, ...] = (swapped("deltager", "sammenligning"), swapped("foer", "sammenligning-foer"))

LARGER, WITHIN = "også når der tages højde for usikkerheden", f"kan {SITE} ikke skelnes"
IS, IS_NOT = "forskellen er sikker", "ingen sikker forskel"
MATCHINGS = "quasi.matchings(['timeaendring-uge26-3', 'timeaendring-uge26-3a'])"
PHASES = "quasi.per_phase(['fase1-alle', 'fase2-alle', 'fase3-alle'], ['krav-fase1', 'krav-fase2', 'krav-fase3'])"
COUNTS = "quasi.change('fleksjobordningen', 'fleksjob-antal', 'ly-uger')"
PRICE = "quasi.break_even('timer-2', 15, 'antal-samtaler')"
OWN = "site_front.front()"


def rate(where: str, higher: str, lower: str) -> list[Turn]:
    """A rate that is significantly higher: lower where it is turned over, and nothing where it is not significant."""
    call = f"survival.rates({where})"
    return [Turn(call, OPPOSITE, higher, lower), Turn(call, VERDICTS, IS, IS_NOT)]


def element(name: str, reached: str, none: str, within: str = f"kan {SITE} ikke skelnes") -> list[Turn]:
    """The requirements of a phase: none reaches its target where what was met is not, in all and in one site."""
    call = f"implementation.element('{name}')"
    return [
        Turn(call, COMPLEMENT, reached, none),
        Turn(call, COMPLEMENT, "{.lys .groen}", "[Rød]{.lys .roed}"),
        Turn(call, APART, within, LARGER, SITE),
    ]


TURNS = [
    Turn(
        "method.evidence_bank()",
        VERDICTS,
        "målgruppe 1A (beskæftigelse, nettoeffekt): *Ingen*",
        "målgruppe 1A (beskæftigelse, nettoeffekt): *Positiv*",
    ),
    # The summary and what rests on it
    *(
        Turn(f"findings.{call}()", OPPOSITE, "en hurtigere vej til fleksjob for nye", "en langsommere vej til")
        for call in ("answer", "headline_box")
    ),
    *(
        Turn(f"findings.{call}()", BOTH, "går 15 pct. flere videre hver uge", "går 17 pct. færre videre hver uge")
        for call in ("answer", "headline_box")
    ),
    *summary_turns(
        TRIAL,
        (
            "for borgere fra rehabiliteringsteamet (målgruppe 1A), er ikke afgjort",
            "Sammenligningen tyder på en hurtigere vej til fleksjob for borgere fra",
        ),
        "Bevar den tætte kontakt",
    ),
    # from ledighedsydelse to fleksjob
    Turn("survival.rates_in_parts('afgang-1a')", OPPOSITE, "68 pct. højere", "41 pct. lavere"),
    Turn("survival.rates_in_parts('afgang-1a')", VERDICTS, "68 pct. højere", "15 pct. højere i deltagergruppen"),
    Turn("survival.rates_in_parts('afgang-1a')", BOTH, "68 pct. højere", "13 pct. lavere i deltagergruppen"),
    *rate("'afgang-2a'", "20 pct. højere", "17 pct. lavere"),
    *rate("'afgang-2'", "33 pct. højere", "25 pct. lavere"),
    Turn("survival.proportional('afgang-1a')", VERDICTS, "ændrer sig over tid, så et gennemsnit", "ikke tegn på"),
    Turn("survival.proportional('afgang-1a')", VERDICTS, "er en anden efter uge 8", "Det kan ikke afvises"),
    Turn("survival.proportional('afgang-2a')", VERDICTS, "ikke tegn på", "ændrer sig over tid, så et gennemsnit"),
    Turn("survival.control('afgang-2')", CONTROL, "have set større ud", "have set mindre ud"),
    Turn("survival.control('afgang-2')", OPPOSITE, "33 pct. højere afgangsrate", "25 pct. lavere afgangsrate"),
    Turn("survival.control('afgang-2')", SAME, "have set større ud", "er forskellen den samme"),
    Turn("survival.left_by('afgang-2', 15)", YEARS, "34 pct. af deltagerne", "34 pct. af personerne"),
    Turn("quasi.did('i-fleksjob-2', 15)", OPPOSITE, "8 procentpoint mere", "8 procentpoint mindre"),
    Turn("quasi.did('i-fleksjob-2', 15)", VERDICTS, "Forskellen er sikker", IS_NOT),
    # hours
    Turn("quasi.did('i-fleksjob-2', 15)", VERDICTS, "Fra uge 8 er forskellen sikker", IS_NOT),
    Turn(
        "quasi.matched_alike('timeaendring-uge26-3a', 'sammenligning')",
        (set_to(matched_apart),),
        "alle kendetegn inden",
        "stadig uden for",
    ),
    Turn("quasi.did('timer-2', 15)", OPPOSITE, "0,4 time mere", "0,4 time mindre"),
    Turn("quasi.did('timer-2', 15)", VERDICTS, "Forskellen er sikker", IS_NOT),
    Turn("quasi.did_weeks('timer-2')", OPPOSITE, "udviklet sig mere", "udviklet sig mindre"),
    Turn("quasi.did_weeks('timer-2')", VERDICTS, "har i uge 10–15", "har i uge 2–9"),
    Turn("quasi.did_weeks('timer-2a')", OPPOSITE, "udviklet sig mere", "udviklet sig mindre"),
    Turn("quasi.did_weeks('timer-2a')", VERDICTS, "har i uge 14 og 15", "har i uge 2–13"),
    Turn("quasi.did('timeaendring-3a', 26)", VERDICTS, IS_NOT, "0,2 time mere"),
    Turn("quasi.did('timeaendring-3a', 26)", BOTH, IS_NOT, "0,2 time mindre"),
    Turn("quasi.did_weeks('timeaendring-3a')", OPPOSITE, "udviklet sig mere", "udviklet sig mindre"),
    Turn("quasi.did_weeks('timeaendring-3a')", VERDICTS, "har i uge 11 og 17", "udviklet sig mere og i"),
    Turn("quasi.did_weeks('timeaendring-3')", VERDICTS, "i nogen af de", "udviklet sig"),
    Turn(MATCHINGS, VERDICTS, "Ingen af de fire", "Alle fire matchninger viser"),
    Turn(MATCHINGS, MATCHED, "Ingen af de fire", "målgruppe 3A mod deltagende jobcentre året før (−1,5 time)"),
    Turn("quasi.gain('timer-2', 15)", OPPOSITE, "3,2 timer mere", "3,2 timer mindre"),
    Turn("quasi.gain('timer-2', 15)", VERDICTS, "til 3,2 timer mere", "men den er ikke sikker"),
    Turn(PRICE, OPPOSITE, "fx 3.200 kr. mere", "ikke vist nogen gevinst"),
    Turn(PRICE, VERDICTS, "fx 3.200 kr. mere", "ikke vist nogen gevinst"),
    # months
    Turn("quasi.months('ly-andel')", MONTHS, "været lavere", "været højere"),
    Turn("quasi.months('ly-andel')", CROSS, "i hver måned", "snart været lavere og snart højere"),
    Turn("quasi.months('progression')", MONTHS, "været lavere", "været højere"),
    Turn("quasi.months('progression')", CROSS, "i hver måned", "snart været lavere og snart højere"),
    Turn(
        "quasi.change('ly-andel')",
        OPPOSITE,
        "faldet med 2,3 procentpoint i",
        "steget med 2,3 procentpoint",
    ),
    Turn(COUNTS, OPPOSITE, "steget med 1.677 i", "faldet med 1.677 i"),
    Turn(COUNTS, OPPOSITE, "steget med 1.807 i", "faldet med 1.807 i"),
    Turn(COUNTS, OPPOSITE, "faldet med 0,13 uge i", "steget med 0,13 uge i"),
    # requirements
    Turn(
        PHASES, COMPLEMENT, "før mødet i rehabiliteringsteamet (86 pct.)", "før mødet i rehabiliteringsteamet (14 pct.)"
    ),
    Turn("implementation.overview()", COMPLEMENT, "når otte af 13", "når ingen af de 13"),
    Turn("implementation.overview()", COMPLEMENT, "Rød er *Alle krav i fase 3", "De røde er"),
    *element("foer-moedet", "To af fire krav når", "Ingen af de fire krav når"),
    *element("paa-moedet", "Alle fire krav når", "Ingen af de fire krav når"),
    *element("naar-fleksjobbet-skal-findes", "To af fem krav når", "Ingen af de fem krav når")[::2],
    Turn(
        "implementation.element('naar-fleksjobbet-skal-findes')",
        REACHED,
        "ingen af de 19 jobcentre når",
        "alle 19 jobcentre når",
    ),
    Turn(
        "implementation.element('naar-fleksjobbet-skal-findes')",
        REACHED,
        "ingen af de 16 jobcentre, der kan vises, når",
        "alle 16 jobcentre, der kan vises, når",
    ),
    Turn(OWN, APART, "Ingen af forskellene", "for *Alle krav i fase 1 er opfyldt*", SITE),
    Turn("summary.own_numbers(['aftale-paa-forhaand'])", APART, WITHIN, LARGER, SITE),
    Turn("summary.own_numbers(['antal-samtaler'])", APART, WITHIN, LARGER, SITE),
]
STEADY = {
    **RULE_BOOK,
    "component.own-hidden": "that the site's number hides is disclosure control's; the whole trial's light is turned",
    "component.whole": "a share with its counts: the light before it, which the element turns, says what they mean",
}


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_the_words_turn_with_the_data(turn: Turn) -> None:
    check(TRIAL, turn)


def test_every_claim_of_the_document_is_turned() -> None:
    assert unproven(TRIAL, TURNS, steady=STEADY, versions=["Alle", SITE]) == []


def turned_ledger(folder: Path, measure: str) -> tuple[Trial, Ledger]:
    """The trial with only one measure over weeks or months, and its ledger from the changed extracts."""
    trial = trial_of(TRIAL)
    wanted = [spec for spec in trial.analyses if isinstance(spec, Did | SeriesAnalysis) and measure in spec.measures]
    part = trial.model_copy(update={"analyses": tuple(s.model_copy(update={"measures": (measure,)}) for s in wanted)})
    return part, compute_ledger(Project(root=ROOT, data_dir=folder), part)


@pytest.fixture(scope="module")
def turned_extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts in which participants have no paid hours, and the areas that take part twice as many without a job."""
    folder = tmp_path_factory.mktemp("vendt")
    shutil.copytree(PROJECT.trial_folder(TRIAL), folder / TRIAL, ignore=shutil.ignore_patterns("__pycache__"))
    persons = pd.read_parquet(folder / TRIAL / "deltagere.parquet")
    hours = pd.read_parquet(folder / TRIAL / "timer.parquet").set_index("person")
    treated = persons.loc[persons["gruppe"] == "deltager", "person"]
    hours.loc[hours.index.isin(treated)] = hours.loc[hours.index.isin(treated)].clip(upper=0.0)
    hours.reset_index().to_parquet(folder / TRIAL / "timer.parquet", index=False)
    months = pd.read_csv(folder / TRIAL / "ledighedsydelse.csv", sep=";")
    inside = months["omraade"].isin(trial_of(TRIAL).sites.names)
    months.loc[inside, "antal"] *= 2
    months.to_csv(folder / TRIAL / "ledighedsydelse.csv", sep=";", index=False)
    return folder


def test_participants_without_hours_in_the_extract_have_fewer_of_them_in_the_text(turned_extracts: Path) -> None:
    trial, ledger = turned_ledger(turned_extracts, "timer-2")
    text = quasi.did(ledger, trial, "timer-2", 15, site=None)
    assert "mindre i de deltagende jobcentre" in text
    assert "Forskellen er sikker" in text
    assert "udviklet sig mindre" in quasi.did_weeks(ledger, trial, "timer-2", site=None)


def test_areas_with_more_on_ledighedsydelse_in_the_extract_lie_above_the_others(turned_extracts: Path) -> None:
    trial, ledger = turned_ledger(turned_extracts, "ly-andel")
    assert "været højere i de deltagende jobcentre" in quasi.months(ledger, trial, "ly-andel", site=None)


@pytest.mark.parametrize("version", ["Alle", SITE])
def test_every_noun_is_the_trials_own(version: str) -> None:
    assert own_nouns(TRIAL, version) == []
