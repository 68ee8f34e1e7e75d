"""Results in the words of Jobeffekter.dk: direction from the test, weight as the bank's page works it out."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from claim_rows import difference, hidden
from command_line import run
from pydantic import ValidationError
from section_trial import plain, section_trial

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.exchange.results_data import as_csv, bank_records
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.numbers.describe import METHODS
from reportlib.prose import method
from reportlib.prose.evidence_bank import NoEvidenceError, ResultWithoutDirectionError, weight
from reportlib.prose.words import DesignWords, check_causal_words
from reportlib.text.units import Unit

ROW = "timer.forskel.uge35"
TWO = ["Samtaler", "Ydelser"]
SAID: dict[str, Any] = {
    "target_groups": ["Borgere langt fra arbejdsmarkedet"],
    "interventions": ["Samtaler"],
    "quality": "Tilfredsstillende",
    "limits": "Effekten er målt i ét år.",
    "results": [{"row": ROW, "outcome": "Beskæftigelse"}],
}


def trial(kind: str = "randomised", **changes: Any) -> Any:
    return section_trial(design={"kind": kind}, jobeffekter={**SAID, **changes})


def ledger(*rows: Estimate) -> Ledger:
    measure = Measure(id="timer", label="Andel i job", unit=Unit.PCT, definition="I job", source="Register")
    return ledger_of(rows, header={"trial": "t"}, measures={"timer": measure})


def measured(value: float, se: float = 1.0, **more: Any) -> Estimate:
    return replace(difference(value, se), key=ROW, measure="timer", group="forskel", time="uge35", **more)


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("quasi_experiment", {}, 0.2),  # the example of the bank's own page: 0.5 x 0.8 x 1 x 0.5 x 1
        ("randomised", {"quality": "God", "journal": "Højest rangerede"}, 1.0),  # the highest there is
        ("randomised", {"quality": "Ikke tilfredsstillende"}, 0.125),
        ("randomised", {"interventions": TWO}, 0.125),
        ("randomised", {"interventions": TWO, "target_groups": ["Sygemeldte", "Arbejdsmarkedsparate ledige"]}, 0.0625),
    ],
)  # fmt: skip
def test_the_weight_is_the_product_of_the_five(kind: str, changes: dict[str, Any], expected: float) -> None:
    assert weight(trial(kind, **changes)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "better", "expected"),
    [(5.0, "higher", "Positiv"), (-5.0, "higher", "Negativ"), (-5.0, "lower", "Positiv"), (0.5, "higher", "Ingen")],
)
def test_the_direction_is_the_verdict_of_the_test(value: float, better: str, expected: str) -> None:
    said = trial(results=[{"row": ROW, "outcome": "Ledighed", "better": better}])
    [record] = bank_records(ledger(measured(value)), said)
    assert record["effektretning"] == expected


def test_a_study_without_a_comparison_has_neither_direction_nor_weight() -> None:
    treated = {"id": "deltager", "value": "D", "label": "gruppen", "many": "borgerne"}
    said = section_trial(
        design={"kind": "before_after"}, groups={"treated": treated},
        jobeffekter=SAID, elements=[], prices=[], analyses=[{"kind": "shares", "measures": ["samtale"]}],
    )  # fmt: skip
    [record] = bank_records(ledger(measured(5.0)), said)
    assert (record["effektretning"], record["vægt"], record["analysemetode"]) == (
        "Medregnes ikke", "Medregnes ikke", "Kvantitativ evaluering",
    )  # fmt: skip
    text = plain(method.evidence_bank(ledger(measured(5.0)), said, site=None))
    assert "effekt" not in text.replace("Jobeffekter", "").replace(SAID["limits"], "").casefold()
    check_causal_words(text.replace(SAID["limits"], ""), DesignWords(said.design.kind))


def test_a_record_says_all_that_is_entered_the_main_result_first() -> None:
    other = replace(measured(-5.0), key="timer.forskel.uge52", time="uge52")
    said = trial(
        results=[{"row": other.key, "outcome": "Progression", "effect_type": "Programeffekt"}, *SAID["results"]]
    )
    content = as_csv(bank_records(ledger(measured(5.0, n=700), other), said)).decode("utf-8-sig")
    first, second = csv.DictReader(StringIO(content), delimiter=";")
    assert [(row["hovedresultat"], row["nøgle"]) for row in (first, second)] == [("ja", other.key), ("nej", ROW)]
    assert (first["effektmålets art"], first["effekttype"]) == ("sekundært", "Programeffekt")
    assert (second["effektmålets art"], second["effekttype"], second["personer"]) == ("primært", "Nettoeffekt", "700")
    assert second["vægt"] == "0,25"
    assert second["vægtens led"] == (
        "0,5 (kvalitet: Tilfredsstillende) × 1 (metode: Randomiseret kontrolleret forsøg) × 1 (geografi: Danmark) × "
        "0,5 (tidsskrift: Nej) × 1 (kombination: ingen)"
    )
    assert (second["forskel"], second["forbehold"]) == ("5,0 procentpoint", SAID["limits"])


def test_the_box_in_metode_tells_direction_weight_and_limits() -> None:
    text = plain(method.evidence_bank(ledger(measured(5.0)), trial(), site=None))
    assert "målgruppen borgere langt fra arbejdsmarkedet og indsatsen samtaler" in text
    assert "Hovedresultatet er det ugentlige antal timer (beskæftigelse, nettoeffekt): *Positiv*." in text
    assert "vil få vægten 0,25: kvalitet 0,5 (tilfredsstillende), metode 1" in text
    assert SAID["limits"] in text
    assert "syntetiske og må ikke indtastes" in text and "tæller hvert mindre" not in text
    several = trial(interventions=TWO, results=[*SAID["results"], *SAID["results"]])
    text = plain(method.evidence_bank(ledger(measured(5.0)), several, site=None))
    assert "indsatserne samtaler og ydelser" in text and "tæller hvert mindre" in text
    assert {f"jobeffekter-{name}" for name in ("kvalitet", "metode", "geografi", "tidsskrift", "kombination")} <= set(
        METHODS
    )


@pytest.mark.parametrize(
    ("changes", "near"),
    [
        ({"target_groups": ["Sygemeldt"]}, "Sygemeldte"),
        ({"interventions": ["Samtale"]}, "Samtaler"),
        ({"quality": "Godt"}, "God"),
        ({"journal": "Ja"}, "Nej"),
        ({"results": [{"row": ROW, "outcome": "Beskæftigelsen"}]}, "Beskæftigelse"),
        ({"results": [{"row": ROW, "outcome": "Ledighed", "effect_type": "Netto"}]}, "Nettoeffekt"),
    ],
)
def test_a_word_that_is_not_on_the_banks_list_gets_the_nearest(changes: dict[str, Any], near: str) -> None:
    with pytest.raises(ValidationError, match=rf"Jobeffekter\.dk has no .*{near}"):
        trial(**changes)


def test_a_result_that_hides_stays_out_and_the_box_says_so() -> None:
    """One small group must not take the box, and with it the report, from everybody else."""
    other = replace(measured(5.0), key="timer.forskel.uge52", time="uge52")
    said = trial(results=[*SAID["results"], {"row": other.key, "outcome": "Progression"}])
    gone = ledger(hidden(measured(5.0)), other)
    text = plain(method.evidence_bank(gone, said, site=None))
    assert "Hovedresultatet er det ugentlige antal timer (beskæftigelse, nettoeffekt): *Vises ikke*." in text
    assert "Et resultat, der ikke vises, kan ikke tages med i vidensbanken." in text
    assert "(progression, nettoeffekt): *Positiv*" in text
    [record] = bank_records(gone, said)
    assert (record["hovedresultat"], record["nøgle"]) == ("nej", other.key)
    assert "vises" not in plain(method.evidence_bank(ledger(measured(5.0), other), said, site=None))


def test_results_that_all_hide_or_were_not_tested_are_refused() -> None:
    with pytest.raises(ResultWithoutDirectionError, match="no result of .* may be shown"):
        bank_records(ledger(hidden(measured(5.0))), trial())
    with pytest.raises(ResultWithoutDirectionError, match="is no difference"):
        bank_records(ledger(replace(measured(5.0), group="deltager")), trial())
    untested = replace(measured(5.0), p=None, ci_low=None, ci_high=None, se=None)
    with pytest.raises(ResultWithoutDirectionError, match="never tested"):
        bank_records(ledger(untested), trial())


def test_a_trial_that_says_nothing_of_the_bank_is_told_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(NoEvidenceError, match="has no `jobeffekter`"):
        bank_records(ledger(measured(5.0)), section_trial())
    assert "reportlib analyse jobfirst" in run(["jobeffekter", "jobfirst", "--out", tmp_path]).error
