"""Numbers that no trial of ours has had: what the reports say of them is Danish, true, and counts who is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flipping import Flip, each, ledger_of, trial_of

from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.prose import certainty, implementation, method, site_front
from reportlib.show import figures
from reportlib.text.marks import Recording, recording, unmarked

PAA_RETTE_VEJ, FLEKSJOB = "paa-rette-vej", "udvikling-i-fleksjob"


def spaced(text: object) -> str:
    return unmarked(str(text)).replace("\u00a0", " ")


def nobody_at(*sites: str) -> Flip:
    """Sites without persons: their counts are nought, and there is nothing to measure."""
    nothing = dict.fromkeys(("value", "k", "ci_low", "ci_high", "p", "se", "df", "suppressed"))

    def empty(row: Estimate) -> Estimate:
        if row.site not in sites:
            return row
        return replace(row, value=0.0, suppressed=None) if row.statistic == "count" else replace(row, **nothing, n=0)

    return each(empty)


def test_sites_without_persons_are_not_counted_among_those_the_persons_come_from() -> None:
    trial = trial_of(PAA_RETTE_VEJ)
    first = trial.sites.names[1]
    told = [
        spaced(method.persons(made, trial, site=None))
        for made in (ledger_of(PAA_RETTE_VEJ), nobody_at(first)(ledger_of(PAA_RETTE_VEJ)))
    ]
    assert "personer fra 18 jobcentre" in told[0]
    assert "personer fra 17 jobcentre" in told[1]
    quasi, ledger = trial_of(FLEKSJOB), ledger_of(FLEKSJOB)
    gone = nobody_at(*quasi.sites.names[1:4])(ledger)
    assert "personer fra 98 jobcentre" in spaced(certainty.page(ledger, quasi, site=None))
    assert "personer fra 95 jobcentre" in spaced(certainty.page(gone, quasi, site=None))


def test_sites_without_persons_are_not_left_out_for_the_sake_of_anonymity() -> None:
    trial, ledger = trial_of(FLEKSJOB), ledger_of(FLEKSJOB)
    gone = nobody_at(*trial.sites.names[1:4])(ledger)
    told = spaced(implementation.element(gone, trial, "naar-fleksjobbet-skal-findes", site=None))
    line = next(line for line in told.splitlines() if "Alle krav i fase 3" in line)
    assert "ingen af de 16 jobcentre når målet." in line
    assert "Tre jobcentre er udeladt, fordi deres tal ikke kan beregnes." in line
    assert "anonymiteten" not in line


def test_that_chance_may_be_behind_it_is_said_of_one_number_that_stands_out_and_not_of_ten() -> None:
    trial, ledger = trial_of(FLEKSJOB), ledger_of(FLEKSJOB)

    def apart(row: Estimate) -> Estimate:
        """Every own share ten points above the others', both without doubt."""
        if row.statistic != "share" or row.value is None or row.site not in ("Odense", others_than("Odense")):
            return row
        value = 70.0 if row.site == "Odense" else 60.0
        return replace(row, value=value, k=None, ci_low=value - 1, ci_high=value + 1)

    one, every = (site_front.discuss(made, trial, "Odense")[0] for made in (ledger, each(apart)(ledger)))
    assert "ved et tilfælde" in one
    assert "ved et tilfælde" not in every


def steady(value: float) -> Callable[[Estimate], Estimate]:
    """The same share in every week, but for less than print shows."""

    def change(row: Estimate) -> Estimate:
        if row.week is None or row.value is None or row.statistic != "share":
            return row
        return replace(row, value=value + row.week / 1000, k=None, ci_low=None, ci_high=None)

    return change


def test_a_curve_that_prints_alike_in_every_week_has_no_highest_week() -> None:
    ledger = each(steady(20.0))(ledger_of(PAA_RETTE_VEJ))
    with recording(Recording()):  # as in a report, where each number has its mark
        told = spaced(figures.two_panel(ledger, trial_of(PAA_RETTE_VEJ), "afgang-beskaeftigelse").alt)
    assert "Deltagergruppen: uændret 20 pct. fra uge 1" in told
    assert "højest 20" not in told


def test_differences_that_print_alike_everywhere_go_from_nothing_to_nothing() -> None:
    def none(row: Estimate) -> Estimate:
        there = row.site and row.group == DIFFERENCE and row.measure == "timer-ialt" and row.value is not None
        return replace(row, value=0.0, ci_low=-1.0, ci_high=1.0) if there and row.ci_low is not None else row

    trial = trial_of(PAA_RETTE_VEJ)
    told = spaced(figures.site_effects(each(none)(ledger_of(PAA_RETTE_VEJ)), trial, "timer-ialt", 64).alt)
    assert "De målte forskelle er 0,0 timer." in told
    as_is = spaced(figures.site_effects(ledger_of(PAA_RETTE_VEJ), trial, "timer-ialt", 64).alt)
    assert "De målte forskelle går fra" in as_is
