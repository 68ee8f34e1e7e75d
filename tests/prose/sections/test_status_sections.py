"""What is said of a status follows the data: the benchmark, the sites, their answers and the budget, either way."""

from __future__ import annotations

import pytest
from status_trial import PLAIN, SITES, status_ledger, status_trial

from reportlib.prose import status
from reportlib.prose.method import persons
from reportlib.prose.words import DesignWords, check_causal_words, check_control_words
from reportlib.trial.design import Kind
from reportlib.trial.model import MissingAnalysisError

Counts = dict[str, tuple[int, int, int]]

ALIKE: Counts = dict.fromkeys(SITES, (60, 50, 11))  # 22 pct. of 150
ALMOST: Counts = {"Nord": (60, 50, 14), "Syd": (60, 50, 11), "Vest": (60, 50, 9)}
BELOW: Counts = dict.fromkeys(SITES, (60, 50, 5))  # 10 pct.
ONE_CARRIES: Counts = {"Nord": (60, 50, 40), "Syd": (60, 50, 6), "Vest": (60, 50, 6)}


def told(counts: Counts = PLAIN, site: str | None = None) -> str:
    trial, ledger = status_ledger(counts)
    return status.against_benchmark(ledger, trial, "job", site=site).replace("\xa0", " ")


def test_a_share_above_the_benchmark_is_said_to_be_above() -> None:
    text = told()
    assert "35 pct. (49 af 140) af de borgere, der er aktive, har fået job." in text
    assert "15 procentpoint mere end de 20 pct. i Andet Sted" in text
    assert "og forskellen er større end den statistiske usikkerhed" in text


def test_a_share_below_the_benchmark_is_said_to_be_below() -> None:
    assert "10 procentpoint mindre end de 20 pct." in told(BELOW)


def test_a_share_whose_interval_holds_the_benchmark_is_neither() -> None:
    text = told(ALIKE)
    assert "forskellen er ikke større end den statistiske usikkerhed" in text
    assert "mere end" not in text


def test_the_site_that_carries_the_result_is_named() -> None:
    text = told(ONE_CARRIES)
    assert "Uden Nord er andelen 12 pct. (12 af 100), altså under de 20 pct. i Andet Sted." in text
    for counts, sites in ((ONE_CARRIES, ["Nord"]), (PLAIN, [])):
        trial, ledger = status_ledger(counts)
        assert status.rests_on(ledger, trial, "job") == sites
    assert "Uden Syd" not in text


def test_without_the_site_that_pulls_down_the_share_cannot_be_told_apart() -> None:
    text = told({"Nord": (60, 60, 5), "Syd": (60, 50, 8), "Vest": (60, 50, 8)})
    assert "Uden Nord er andelen 16 pct. (16 af 100), altså ikke til at skelne fra de 20 pct. i Andet Sted." in text


def test_a_result_that_stands_without_any_site_is_said_to_stand() -> None:
    assert "Det samme gælder, når man ser bort fra en hvilken som helst af kommunerne." in told()


def test_a_site_that_may_not_be_left_out_is_not_spoken_for() -> None:
    text = told({"Nord": (60, 50, 40), "Syd": (60, 50, 2), "Vest": (60, 50, 3)})
    assert "hvilken som helst" not in text
    assert "Uden Syd" not in text


def test_a_site_reads_its_own_share_beside_the_benchmark() -> None:
    text = told(ONE_CARRIES, site="Syd")
    assert "12 pct. (6 af 50) af de borgere, der er aktive i Syd, har fået job." in text


def test_a_measure_without_benchmark_is_told() -> None:
    trial, ledger = status_ledger()
    with pytest.raises(MissingAnalysisError, match="no benchmark analysis of aktiv"):
        status.against_benchmark(ledger, trial, "aktiv", site=None)


@pytest.mark.parametrize(
    ("counts", "wording"),
    [
        pytest.param(ONE_CARRIES, "Forskellene er større end den statistiske usikkerhed", id="unequal"),
        pytest.param(ALMOST, "men forskellene er ikke større end den statistiske usikkerhed", id="near"),
        pytest.param(ALIKE, "22 pct. i alle tre kommuner", id="alike"),
    ],
)
def test_sites_are_said_to_differ_only_when_their_test_says_so(counts: Counts, wording: str) -> None:
    trial, ledger = status_ledger(counts)
    assert wording in status.spread(ledger, trial, "job", site=None).replace("\xa0", " ")


def test_a_card_holds_share_and_persons() -> None:
    trial, ledger = status_ledger()
    text = status.key_shares(ledger, trial, ["aktiv", "job"], site=None).replace("\xa0", " ")
    assert "- **35 pct.** har fået job: 49 af 140 borgere, der er aktive." in text


def test_a_sites_card_holds_its_own_beside_the_others() -> None:
    trial, ledger = status_ledger()
    text = status.key_shares(ledger, trial, ["job"], site="Nord").replace("\xa0", " ")
    assert "- **40 pct.** i Nord har fået job: 20 af 50 borgere, der er aktive. I de øvrige" in text
    assert "kommuner er det 32 pct." in text


def test_a_hidden_card_becomes_a_sentence() -> None:
    trial, ledger = status_ledger({**PLAIN, "Nord": (60, 50, 3)})
    text = status.key_shares(ledger, trial, ["job"], site="Nord")
    assert "::: {.noegletal}" not in text
    assert "I Nord kan andelen fået job ikke vises, fordi tallet hviler på færre end fem personer" in text


def test_cards_hidden_for_one_reason_become_one_sentence() -> None:
    trial, ledger = status_ledger({**PLAIN, "Nord": (60, 3, 3)})
    text = status.key_shares(ledger, trial, ["aktiv", "job"], site="Nord")
    assert text.count("ikke vises") == 1 and ",," not in text
    assert "ikke vises, fordi tallene hviler på færre end fem personer" in text


@pytest.mark.parametrize(
    ("answers", "site", "wording"),
    [
        pytest.param(
            ("Ja", "Ja", "Nej"), None, "To af tre kommuner samarbejder med nogen. Det gør Vest ikke.", id="some"
        ),
        pytest.param(("Ja", "Ja", "Ja"), None, "Alle tre kommuner samarbejder med nogen.", id="all"),
        pytest.param(("Nej", "Nej", "Nej"), None, "Ingen af kommunerne samarbejder med nogen.", id="none"),
        pytest.param(("Ja", "Ja", "Nej"), "Vest", "Vest svarer nej til, at indsatsen samarbejder med nogen.", id="no"),
        pytest.param(("Ja", "Ja", "Nej"), "Nord", "Nord samarbejder med nogen.", id="yes"),
        pytest.param(("Ja", "Ja", None), "Vest", "Spørgsmålet er ikke besvaret.", id="silent"),
    ],
)
def test_what_sites_say_of_themselves(answers: tuple[str | None, ...], site: str | None, wording: str) -> None:
    trial, ledger = status_ledger(answers=dict(zip(SITES, answers, strict=True)))
    assert status.site_answers(ledger, trial, "samarbejde", site=site).strip() == wording


def test_the_budget_is_told_per_person() -> None:
    trial, ledger = status_ledger()
    text = status.unit_costs(ledger, trial, ["job"], site=None).replace("\xa0", " ")
    assert text.strip() == "Bevillingen på 1 mio. kr. svarer til 20.400 kr. pr. borger, der har fået job."


def test_a_budget_without_anybody_is_not_told() -> None:
    trial, ledger = status_ledger(dict.fromkeys(SITES, (50, 40, 0)))
    assert status.unit_costs(ledger, trial, ["job"], site=None) == ""


def test_nothing_said_of_a_status_speaks_of_effects_or_control_groups() -> None:
    trial, ledger = status_ledger(ONE_CARRIES)
    design = DesignWords(kind=Kind.STATUS)
    for site in (None, "Syd"):
        parts = [
            status.against_benchmark(ledger, trial, "job", site=site),
            status.spread(ledger, trial, "job", site=site),
            status.key_shares(ledger, trial, ["aktiv", "job"], site=site),
            status.site_answers(ledger, trial, "samarbejde", site=site),
            status.unit_costs(ledger, trial, ["job"], site=site),
            status.no_verdict(ledger, trial, site=site),
            status.method_status(ledger, trial, site=site),
            persons(ledger, trial, site=site),
        ]
        for text in parts:
            check_causal_words(text, design)
            check_control_words(text, design)


def test_persons_of_one_group_are_counted_once() -> None:
    trial, ledger = status_ledger()
    assert persons(ledger, trial, site="Nord").startswith(
        "Analysen omfatter 160 personer fra tre kommuner. De er kommet med"
    )


def test_the_wordings_of_a_status_are_all_reachable() -> None:
    """Each wording above is asked for by the evidence that chooses it; this names those of each table."""
    assert set(status.BENCHMARK) == {"above", "below", "alike"}
    assert set(status.SPREAD) == {"differs"}
    assert set(status.WITHOUT_ONE) == {"stands", "stands-shown", "falls"}
    assert status_trial().groups.comparison is None


@pytest.mark.parametrize(
    ("jobs", "site", "wording"),
    [
        (7, None, "14 pct. (21 af 150) af de borgere, der er aktive, har fået job."),
        (0, None, "Ingen af de borgere, der er aktive, har fået job."),
        (50, None, "Alle de borgere, der er aktive, har fået job."),
        (0, "Nord", "I hele projektet har ingen af de borgere, der er aktive, fået job."),
        (7, "Nord", "I Nord er det 14 pct. (7 af 50) mod 14 pct. i de øvrige kommuner."),
    ],
)
def test_none_and_all_are_said_in_words(jobs: int, site: str | None, wording: str) -> None:
    trial, ledger = status_ledger(dict.fromkeys(SITES, (60, 50, jobs)))
    assert wording in status.how_many(ledger, trial, "job", site=site).replace("\xa0", " ")
