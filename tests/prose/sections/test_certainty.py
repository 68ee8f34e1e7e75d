"""Thirty made-up trials with known faults get the points of the rules, and the whole those of its weakest answer.

The rules are quoted beside each case: the Maryland scale, the bands of the Education Endowment Foundation (EEF), the
boundary and the bands of What Works Clearinghouse (WWC).
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import pytest
from section_rows import rows
from section_trial import plain, section_trial

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose import certainty
from reportlib.prose.certainty import Losses, judged, rating
from reportlib.prose.findings import NothingPlannedError
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

GROUPS = {
    "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
    "comparison": {"id": "kontrol", "value": "K", "label": "sammenligningsgruppen", "many": "de andre"},
}
BEFORE = {
    **GROUPS,
    "treated_before": {"id": "foer", "value": "F", "label": "de tidligere", "many": "de tidligere"},
    "comparison_before": {"id": "andre-foer", "value": "A", "label": "de andre før", "many": "de andre før"},
}
YEAR_BEFORE = {"first": "2016-03-01", "last": "2016-12-31", "before_first": "2015-03-01", "before_last": "2015-12-31"}
RESULT = {"measure": "i-job", "week": 35, "family": "job", "more": "flere i arbejde", "less": "færre i arbejde"}
WEEKLY = {"kind": "weekly", "measures": ["i-job", "timer"]}
CONTROLLED = {"kind": "did", "measures": ["i-job"], "weeks": 30, "adjust_for": ["alder"]}
ADJUSTED = {"kind": "at_week", "measures": ["i-job"], "week": 35, "adjust_for": ["alder"]}


def trial(
    kind: str = "randomised",
    *,
    decided: str | None = "2016-01-01",
    groups: dict[str, Any] | None = None,
    analyses: tuple[dict[str, Any], ...] = (),
    elsewhere: tuple[str, ...] = (),
) -> Trial:
    planned: dict[str, Any] = {"primary": [RESULT]}
    if decided is not None:
        planned |= {"decided": decided, "source": "reg"}
    changes: dict[str, Any] = {"design": {"kind": kind}, "planned": planned, "analyses": [WEEKLY, *analyses]}
    if groups is not None:
        changes["groups"] = groups
        if "treated_before" in groups:
            changes["period"] = YEAR_BEFORE
    elif kind != "randomised":
        changes["groups"] = GROUPS
    if elsewhere:
        changes["sites"] = {"names": ["Åby", "Bøgelund", "Cæsarsholm", "Dalby"], "elsewhere": list(elsewhere)}
    return section_trial(**changes)


def ledger(
    *, detectable: float = 0.1, lost: tuple[float, float] = (0.0, 0.0), imbalance: float | None = 0.01, n: int = 1000
) -> Ledger:
    """A trial with 20 per cent in job: so small a smallest effect (standard deviations), so many per cent lost."""
    made = rows()
    measured = [round(n * (100 - share) / 100) for share in lost]
    for group, left in zip(("deltager", "kontrol"), measured, strict=True):
        made.builder.add(
            measure="fulgt", statistic="count", unit=Unit.COUNT, group=group, time="uge35", value=n, n=n, k=n,
            population="personer",
        )  # fmt: skip
        made.builder.add(
            measure="i-job", statistic="share", unit=Unit.PCT, group=group, time="uge35", k=left // 5, n=left,
            value=100 * (left // 5) / left, ci_low=0.0, ci_high=99.0, population="personer",
        )  # fmt: skip
    # the interval is 1.96 errors wide to each side, and 2.80 errors are found with 80 per cent: Bloom's multiplier
    half = detectable * 100 * sqrt(0.2 * 0.8) / 2.8016 * 1.96
    made.builder.add(
        measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time="uge35", n=sum(measured),
        value=0.0, ci_low=-half, ci_high=half, p=1.0, population="personer",
    )  # fmt: skip
    if imbalance is not None:
        made.builder.add(
            measure="baggrund", statistic="normalised_difference", unit=Unit.COEFFICIENT, group=DIFFERENCE,
            subgroup="alder", value=imbalance, n=2 * n, population="personer",
        )  # fmt: skip
    return made.ledger()


QUASI, DRAWN, NOBODY = "quasi_experiment", "randomised", None
TWO_PLACES = ("Elby", "Fjord")

# (what is wrong, the rule, trial.yml, ledger, the points of the whole)
CASES: list[tuple[str, dict[str, Any], dict[str, Any], int]] = [
    ("nothing: lots, small effects found, nobody lost, alike, planned", {}, {}, 5),
    # Maryland scale: 5 random allocation
    ("no lots, a year before in several places, controlled: level 4",
     {"kind": QUASI, "groups": BEFORE, "analyses": (CONTROLLED,), "elsewhere": TWO_PLACES}, {}, 4),
    ("the same without control: level 3", {"kind": QUASI, "groups": BEFORE, "elsewhere": TWO_PLACES}, {}, 3),
    ("the same with one place elsewhere: level 3",
     {"kind": QUASI, "groups": BEFORE, "analyses": (CONTROLLED,), "elsewhere": ("Elby",)}, {}, 3),
    ("no lots, no year before: level 2", {"kind": QUASI}, {}, 2),
    ("the same persons before and after: level 2", {"kind": "before_after"}, {}, 2),
    ("one measurement: level 1", {"kind": "status"}, {}, 1),
    # EEF: the smallest detectable effect, 0.2 to 0.6 standard deviations
    ("finds 0,19", {}, {"detectable": 0.19}, 5),
    ("finds 0,21", {}, {"detectable": 0.21}, 4),
    ("finds 0,31", {}, {"detectable": 0.31}, 3),
    ("finds 0,41", {}, {"detectable": 0.41}, 2),
    ("finds 0,51", {}, {"detectable": 0.51}, 1),
    ("finds 0,61", {}, {"detectable": 0.61}, 0),
    # EEF: losses of 10, 20, 30, 40, 50 per cent
    ("10 per cent lost", {}, {"lost": (10, 10)}, 5),
    ("11 per cent lost", {}, {"lost": (11, 11)}, 4),
    ("21 per cent lost", {}, {"lost": (21, 21)}, 3),
    ("31 per cent lost", {}, {"lost": (31, 31)}, 2),
    ("41 per cent lost", {}, {"lost": (41, 41)}, 1),
    ("51 per cent lost", {}, {"lost": (51, 51)}, 0),
    # WWC: at 10 per cent in all, 6.3 points between the groups are tolerable; at 20 per cent 5.4
    ("10 per cent lost, 6 points apart", {}, {"lost": (13, 7)}, 5),
    ("10 per cent lost, 7 points apart", {}, {"lost": (13.5, 6.5)}, 2),
    ("20 per cent lost, 5 points apart", {}, {"lost": (22.5, 17.5)}, 4),
    ("20 per cent lost, 6 points apart", {}, {"lost": (17, 23)}, 2),
    # WWC: differences at the start of 0.05 and 0.25 standard deviations
    ("0,05 apart at the start", {}, {"imbalance": 0.05}, 5),
    ("0,06 apart, with control for background", {"analyses": (ADJUSTED,)}, {"imbalance": -0.06}, 4),
    ("0,06 apart, without", {}, {"imbalance": -0.06}, 3),
    ("0,26 apart", {"analyses": (ADJUSTED,)}, {"imbalance": 0.26}, 2),
    ("the start is not shown, and no lots were drawn",
     {"kind": QUASI, "groups": BEFORE, "analyses": (CONTROLLED,), "elsewhere": TWO_PLACES}, {"imbalance": NOBODY}, 2),
    # planned: decided before the data were drawn (2017-01-31)
    ("decided on the day the data were drawn", {"decided": "2017-01-31"}, {}, 3),
    ("nobody knows when it was decided", {"decided": NOBODY}, {}, 3),
    # the lowest decides
    ("several faults at once", {"decided": NOBODY}, {"detectable": 0.35, "lost": (41, 41), "imbalance": 0.3}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "found", "points"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_trial_gets_the_points_of_the_rule_book(setting: dict[str, Any], found: dict[str, Any], points: int) -> None:
    assert rating(judged(ledger(**found), trial(**setting))) == points


@pytest.mark.parametrize(("control", "treated", "points"), [(0, 200, 5), (200, 200, 5), (0, 0, None), (1000, 0, None)])
def test_where_all_are_alike_the_other_group_gives_the_standard_deviation(
    control: int, treated: int, points: int | None
) -> None:
    made = [
        replace(row, k=k, value=k / 10) if row.measure == "i-job" and row.group in ("deltager", "kontrol") else row
        for row in ledger()
        for k in [control if row.group == "kontrol" else treated]
    ]
    found = judged(ledger_of(made, header=ledger().header, measures=ledger().measures), trial())[1]
    assert (found.points, "15." in found.answer) == (points, False)


# WWC Standards Handbook 4.1, Table II.1, the cautious column
@pytest.mark.parametrize(
    ("overall", "tolerable"),
    [
        (0, 5.7),
        (5, 6.1),
        (7, 6.3),
        (10, 6.3),
        (15, 5.9),
        (20, 5.4),
        (25, 4.8),
        (35, 3.3),
        (45, 1.8),
        (53, 0.6),
        (57, 0.0),
    ],
)
def test_the_boundary_of_losses_is_the_published_table(overall: float, tolerable: float) -> None:
    assert certainty.tolerable_difference(overall) == pytest.approx(tolerable)


def test_between_whole_per_cents_the_boundary_is_straight_and_beyond_the_table_nothing_is_tolerable() -> None:
    assert certainty.tolerable_difference(4.5) == pytest.approx(6.05)
    assert certainty.tolerable_difference(58) == 0.0
    assert certainty.tolerable_difference(100) == 0.0


def test_losses_are_counted_over_both_groups() -> None:
    lost = Losses(expected=(100, 300), measured=(80, 270))
    assert lost.overall == pytest.approx(12.5)
    assert lost.differential == pytest.approx(10.0)
    assert Losses(expected=(100,), measured=(80,)).differential == 0


@pytest.mark.parametrize(
    ("setting", "found", "says"),
    [
        ({}, {}, "sikkert: 5 af 5 point."),
        (
            {},
            {"imbalance": 0.1},
            "nogenlunde sikkert: 3 af 5 point. Den største forskel er 0,10 standardafvigelse",
        ),
        (
            {"kind": "before_after"},
            {},
            "usikkert: 2 af 5 point. De samme personer er målt før og efter",
        ),
        (
            {},
            {"lost": (51, 51)},
            "meget usikkert: 0 af 5 point. Af dem, der kunne være målt, mangler 51 pct. i",
        ),
    ],
)
def test_the_short_answer_names_what_is_weakest(setting: dict[str, Any], found: dict[str, Any], says: str) -> None:
    told = plain(certainty.in_short(ledger(**found), trial(**setting), site=None))
    assert told.startswith(f"Som svar på, om indsatsen virker, er resultatet {says}")


def test_the_page_has_every_question_with_its_rule() -> None:
    told = plain(certainty.page(ledger(lost=(20, 20)), trial(), site=None))
    assert told.count("\n- **") == 5
    assert "Af dem, der kunne være målt, mangler 20 pct. i resultatet for andelen i job." in told
    assert "forskel på 4,0 procentpoint i andelen i job (0,10 standardafvigelse)" in told
    assert "Resultaterne blev valgt den 1. januar 2016, før data blev trukket." in told
    assert "Alle, der kunne være målt, er med" in plain(certainty.page(ledger(), trial(), site=None))


@pytest.mark.parametrize(
    ("decided", "says"),
    [
        ("2030-01-01", "Resultaterne blev valgt den 1. januar 2030, efter at data var trukket."),
        (
            None,
            "Det er ikke oplyst, om de resultater, indsatsen bedømmes på, blev valgt, før tallene var kendt. De regnes "
            "derfor som valgt bagefter.",
        ),
    ],
)
def test_results_chosen_late_or_at_no_known_day_are_told_as_such(decided: str | None, says: str) -> None:
    told = plain(certainty.page(ledger(), trial(decided=decided), site=None))
    assert told.count(says) == 1  # the weakest answer stands at its own question only


def test_a_trial_that_planned_nothing_has_nothing_to_be_sure_of() -> None:
    with pytest.raises(NothingPlannedError):
        certainty.page(ledger(), section_trial(), site=None)
