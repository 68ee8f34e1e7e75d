"""Tables of a status: every number is the ledger's, hidden ones are dots, a municipality's version begins with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from status_trial import PLAIN, status_ledger

from reportlib.show import tables
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import show
from reportlib.trial.model import MissingAnalysisError


def lines(text: str) -> list[str]:
    return [line.replace("\xa0", " ") for line in text.splitlines() if line.startswith("|")]


def test_shares_by_site_show_the_persons_behind_them() -> None:
    trial, ledger = status_ledger()
    rows = lines(show(tables.shares_by_site, ledger, trial, ["job"], id="x"))
    assert rows[2] == "| Nord | 40 (20 af 50) |"
    assert rows[-1] == "| **Alle kommuner** | 35 (49 af 140) |"


def test_a_hidden_share_shows_no_persons_either() -> None:
    trial, ledger = status_ledger({**PLAIN, "Nord": (60, 50, 3)})
    rows = lines(show(tables.shares_by_site, ledger, trial, ["aktiv", "job"], id="x"))
    assert "| Nord | 83 (50 af 60) | · |" in rows


def test_a_municipality_comes_first_with_all_others_beside_it() -> None:
    trial, ledger = status_ledger()
    rows = lines(show(tables.shares_by_site, ledger, trial, ["job"], id="x", site="Vest"))
    assert rows[2:5] == [
        "| **Vest** | 35 (14 af 40) |",
        "| Øvrige kommuner | 35 (35 af 100) |",
        "| Nord | 40 (20 af 50) |",
    ]


def test_persons_and_share_take_the_share_of_its_own_population() -> None:
    trial, ledger = status_ledger()
    rows = lines(show(tables.persons_and_share, ledger, trial, "job", id="x"))
    assert rows[0].startswith("| Kommune | Borgere, der er aktive |")
    assert rows[2] == "| Nord | 50 | 20 | 40 |"
    assert lines(show(tables.persons_and_share, ledger, trial, "aktiv", id="x"))[2] == "| Nord | 60 | 50 | 83 |"


@pytest.mark.parametrize(
    ("label", "heading"),
    [
        ("Andel med cv", "Heraf med cv"),
        ("Andel, der modtager en aktiv indsats", "Heraf borgere, der modtager en aktiv indsats"),
        ("Fået job", "Heraf fået job"),
    ],
)
def test_a_column_of_persons_is_not_called_a_share_of_them(label: str, heading: str) -> None:
    trial, ledger = status_ledger()
    measures = {**ledger.measures, "aktiv": replace(ledger.measure("aktiv"), label=label)}
    ledger = replace(ledger, measures=measures)
    rows = lines(show(tables.persons_and_share, ledger, trial, "aktiv", id="x"))
    assert rows[0].split("|")[3].strip() == heading


def test_the_benchmark_stands_beside_the_share() -> None:
    trial, ledger = status_ledger()
    text = show(tables.benchmark, ledger, trial, id="x")
    assert lines(text)[2] == "| Andel fået job | 35 | 49 af 140 | 27,6 til 43,2 | 20 | 15 |"
    assert "Andel fået job i Andet Sted: andel med job" in text


def test_the_shares_without_one_site_end_with_the_benchmark() -> None:
    trial, ledger = status_ledger()
    rows = lines(show(tables.without_one, ledger, trial, id="x"))
    assert rows[2] == "| Ingen | 35 (27,6 til 43,2) |"
    assert rows[3].startswith("| Nord | 32 (")
    assert rows[-1] == "| **Pejlemærke: Andet Sted** | 20 |"


def test_what_sites_answer_stands_beside_the_persons() -> None:
    trial, ledger = status_ledger(answers={"Nord": "Ja", "Syd": "Nej", "Vest": None})
    rows = lines(show(tables.site_answers, ledger, trial, ["samarbejde"], ["job"], id="x"))
    assert rows[2:] == [
        "| Nord | Ja | 20 |",
        "| Syd | Nej | 15 |",
        "| Vest | – | 14 |",
        "| **Alle kommuner** | 1 af 2 | 49 |",
    ]


def test_the_budget_is_divided_by_each_assumption() -> None:
    trial, ledger = status_ledger()
    rows = lines(show(tables.unit_costs, ledger, trial, ["job"], id="x"))
    assert rows[0] == "| Resultat | Borgere | 100 pct. | 50 pct. |"
    assert rows[2] == "| Fået job | 49 | 20.400 | 40.800 |"


@pytest.mark.parametrize("make", [tables.benchmark, tables.without_one])
def test_a_trial_without_benchmark_has_no_such_table(make: object) -> None:
    trial, ledger = status_ledger()
    bare = trial.model_copy(update={"analyses": trial.analyses[:1]})
    with pytest.raises(MissingAnalysisError, match="has no benchmark analysis"):
        make(ledger, bare)  # type: ignore[operator]


def test_a_table_of_an_empty_list_says_what_to_name() -> None:
    trial, ledger = status_ledger()
    with pytest.raises(NothingToShowError, match="given an empty list"):
        show(tables.shares_by_site, ledger, trial, [], id="x")
