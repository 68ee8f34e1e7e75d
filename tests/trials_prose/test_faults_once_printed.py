"""The sixteen faults that a commissioner once circled in the five reports, each planted again in the data it came from.

A fault is a sample of its kind: where the numbers that made it come again, the report says what they bear, or the
author is refused, or `reportlib check` finds it in the finished report.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from flipping import Flip, each, hidden, ledger_of, set_to, trial_of, verdicts_turned
from made_report import MadeReport, row

from reportlib.document import Report
from reportlib.ledger import Ledger
from reportlib.numbers.blocks import Role
from reportlib.numbers.finished import check_reading
from reportlib.prose import effects, findings, progress, quasi, summary, survival
from reportlib.show import figures, tables
from reportlib.show.pipe_table import Table
from reportlib.text.marks import unmarked
from reportlib.trial.model import Trial

JOBFIRST, GARANTI, PAA_RETTE_VEJ = "jobfirst", "jobgaranti", "paa-rette-vej"
SOCIAL, FLEKSJOB = "social-stoette", "udvikling-i-fleksjob"

Changes = dict[str, dict[str, Any]]


def changed(trial_id: str, changes: Changes) -> tuple[Ledger, Trial]:
    """A trial's ledger with the numbers of some rows changed."""
    ledger = ledger_of(trial_id)
    assert changes.keys() <= {row.key for row in ledger}
    flip = each(lambda row: replace(row, **changes.get(row.key, {})))
    return flip(ledger), trial_of(trial_id)


def spaced(text: str) -> str:
    return unmarked(text).replace("\u00a0", " ")


def cells_of(table: Table) -> list[list[str]]:
    return [[spaced(cell) for cell in row] for row in table.rows]


# 1. The part of the weeks that was cut after the curves, told without the whole.


def test_a_part_of_the_weeks_is_told_after_the_whole_and_never_in_its_place() -> None:
    ledger, trial = ledger_of(FLEKSJOB), trial_of(FLEKSJOB)
    told = spaced(survival.rates_in_parts(ledger, trial, "afgang-1a", site=None))
    assert told.index("ingen sikker forskel i afgangsraten til fleksjob") < told.index("68 pct. højere")
    for summary_part in (findings.headline, findings.planned):
        assert "68" not in spaced(summary_part(ledger, trial, site=None))
    with pytest.raises(TypeError, match="time"):
        survival.rates(ledger, trial, "afgang-1a", site=None, time="uge9-")  # type: ignore[call-arg]


# 2. A line "fra uge 40" and an alternative text that says it lasts, where the text refuses.


def test_a_week_that_the_text_refuses_is_in_no_mark_title_or_alternative_text() -> None:
    ledger, trial = changed(JOBFIRST, {"ordinaere-timer.forskel.first_lasting_week": {"value": 40.0}})
    assert effects.MAY_NOT_LAST in effects.lasting(ledger, trial, "ordinaere-timer", site=None)
    chart = figures.two_panel(ledger, trial, "ordinaere-timer")
    assert chart.plan.difference.lasting is None
    assert "fra uge 40" not in spaced(f"{chart.alt} {chart.finding} {chart.notes}").lower()
    early, _ = changed(JOBFIRST, {"ordinaere-timer.forskel.first_lasting_week": {"value": 20.0}})
    assert "fra uge 20" in spaced(figures.two_panel(early, trial, "ordinaere-timer").finding)


# 3. A note that explains another denominator than its column's.


def as_report(table: Table) -> MadeReport:
    """The table as a reader of the finished report has it."""
    heads = ["Mål", *table.columns]
    rows = [cell for row in cells_of(table) for cell in row]
    notes = [(Role.TEXT, f"Anm.: {spaced(note)}.") for note in table.notes if note]
    cells = [*((Role.HEADER, head) for head in heads), *((Role.CELL, cell) for cell in rows)]
    blocks = ((Role.HEADING, "1 Tal"), (Role.TEXT, "Se Tabel 1."), (Role.CAPTION, "Tabel 1: Tal"), *cells, *notes)
    return MadeReport(blocks=blocks)


def told_of(report: MadeReport, *words: str) -> list[str]:
    """What `check` says of the report in which one of these words stands."""
    return [
        found.message
        for found in check_reading(*report.report()).breaks
        if any(word in found.message for word in words)
    ]


def test_a_note_that_gives_another_denominator_than_its_column_is_found() -> None:
    ledger, trial = ledger_of(JOBFIRST), trial_of(JOBFIRST)
    asked = [one.measure for one in ledger.select(statistic="units_per_gain")]
    table = tables.activity(ledger, trial, list(dict.fromkeys(asked)))
    assert told_of(as_report(table), "divided by") == []
    old = replace(table, notes=[f"{table.columns[-1]}: forskellen delt med 14,5 timer"])
    assert told_of(as_report(old), "divided by") != []


# 4. A tile with a number that is not significant.


@pytest.mark.parametrize("trial_id", [JOBFIRST, PAA_RETTE_VEJ])
def test_a_tile_says_whether_its_difference_is_sure(trial_id: str) -> None:
    trial, ledger = trial_of(trial_id), ledger_of(trial_id)
    first = findings.primary_findings(ledger, trial)[0]
    measure, week = first.result.measure, first.row.week
    assert week is not None
    told = [
        spaced(summary.key_figures(one, trial, [measure], week, site=None)) for one in (ledger, verdicts_turned(ledger))
    ]
    assert sorted("*Ikke sikker forskel.*" in one for one in told) == [False, True]
    assert sorted("*Sikker forskel.*" in one for one in told) == [False, True]


# 5. A tile that follows partly from how its group is defined, which only a later chapter said.


def test_a_number_that_follows_from_whom_it_counts_says_so_wherever_the_summary_shows_it() -> None:
    ledger, trial = ledger_of(SOCIAL), trial_of(SOCIAL)
    caution = trial.measure_by_id["virksomhedsrettet"].caution
    assert caution is not None
    assert caution in spaced(progress.cards(ledger, trial, ["virksomhedsrettet"], site=None))
    assert caution in spaced(findings.planned(ledger, trial, site=None))
    assert caution not in spaced(progress.cards(ledger, trial, ["ordinaere-timer"], site=None))


def test_a_card_before_and_after_is_a_places_own_where_both_its_levels_may_be_shown() -> None:
    """6 of the 22 before and 10 of the 22 after, from the ledger's k; Brøndby's level before hides."""
    ledger, trial = ledger_of(SOCIAL), trial_of(SOCIAL)
    keys = [f"ordinaere-timer.{time}.site=Projektkommune 2" for time in ("foer", "efter")]
    assert [(ledger[key].k, ledger[key].n) for key in keys] == [(6, 22), (10, 22)]
    own, other = (
        spaced(progress.cards(ledger, trial, ["ordinaere-timer"], site=site))
        for site in ("Projektkommune 2", "Brøndby")
    )
    assert "efter start i Projektkommune 2 (10 af 22). Før start var det 27 pct. (6 af 22). I hele" in own
    assert "I hele projektet er det 34 pct. mod 20 pct. før start: *sikker forskel.*" in own
    assert "**34 pct.** af" in other and "efter start (hele projektet). Før start var det 20 pct. *Sikker" in other


# 6. A figure of shares without n, and bands of 5, 5, 5, 10 and 12 hours drawn equally wide.


def test_a_distribution_says_of_how_many_and_is_as_wide_as_its_bands() -> None:
    chart = figures.distribution(ledger_of(JOBFIRST), trial_of(JOBFIRST), "ordinaere-timer", 35)
    for name, count in zip(chart.plan.names(), chart.plan.counts, strict=True):
        assert count is not None
        assert spaced(name).endswith(f"(n = {count})")
        assert f"(n = {count})" in spaced(chart.alt)
    assert chart.plan.to_scale
    assert any("bredde" in note for note in chart.notes)
    narrow = replace(chart.plan, bands=((0.0, 0.1), *((float(at), at + 30.0) for at in (1, 31, 61, 91))))
    assert not narrow.to_scale


# 7. "Hvor mærkerne efter matchningen stadig ligger uden for": none does.


@pytest.mark.parametrize(
    ("size", "says", "says_not"), [(0.05, "inden for", "uden for"), (0.4, "uden for", "inden for")]
)
def test_marks_are_said_to_lie_outside_only_where_some_do(size: float, says: str, says_not: str) -> None:
    after = set_to(lambda one: replace(one, value=size) if one.statistic == "standardised_after" else None)
    ledger, trial = after(ledger_of(FLEKSJOB)), trial_of(FLEKSJOB)
    asked = ("timeaendring-uge26-3a", "sammenligning")
    told = spaced(quasi.matched_alike(ledger, trial, *asked, site=None))
    chart = figures.love_plot(ledger, trial, *asked)
    assert says in told
    assert says_not not in told
    assert ("lige" in spaced(chart.finding) or "ligner" in spaced(chart.finding)) or says == "uden for"


# 8. Age 48, 48, 48 and 48 with p = 0,007.


def test_levels_that_a_test_calls_different_are_not_printed_alike_and_a_row_has_one_number_of_digits() -> None:
    table = tables.group_levels(ledger_of(FLEKSJOB), trial_of(FLEKSJOB), ["alder-2", "maend-2", "alder-3"])
    for line in cells_of(table):
        levels = line[1:5]
        assert levels[0] != levels[1]
        assert len({len(level.partition(",")[2]) for level in levels}) == 1


# 9. A sign explained twice, two ways.


def test_a_table_explains_a_sign_once_and_a_second_explanation_is_found() -> None:
    def report(*notes: str) -> MadeReport:
        blocks = [(Role.HEADING, "1 Tal"), (Role.TEXT, "Se Tabel 1."), (Role.CAPTION, "Tabel 1: Tal")]
        blocks += [(Role.HEADER, "Mål"), (Role.HEADER, "Tal"), (Role.CELL, "Pris"), (Role.CELL, "–")]
        return MadeReport(blocks=(*blocks, *((Role.TEXT, f"Anm.: {note}") for note in notes)))

    once, twice = "– Tallet er ikke opgjort.", "– betyder, at der ikke er nogen pris."
    assert told_of(report(once), "explained twice") == []
    assert told_of(report(f"{once} {twice}"), "explained twice") != []
    assert told_of(report(once, twice), "explained twice") != []


# 10. Hours in per cent, and one row twice.


@pytest.mark.parametrize(
    "label",
    [
        "Lønnede timer i det seneste år (pct.)",
        "Løntimer i det seneste år (pct.)",
        "Antal uger i job (pct.)",
        "Timer pr. uge (pct.)",
        "Udbetalte kroner (pct.)",
    ],
)
def test_a_label_that_counts_stands_over_no_per_cent(label: str) -> None:
    def report(name: str) -> MadeReport:
        cells = [(Role.HEADER, "Kendetegn"), (Role.HEADER, "Tal"), (Role.CELL, name), (Role.CELL, "12")]
        start = [(Role.HEADING, "1 Tal"), (Role.TEXT, "Se Tabel 1."), (Role.CAPTION, "Tabel 1: Tal")]
        return MadeReport(blocks=(*start, *cells), texts=("12",))

    assert told_of(report(label), "is no share") != []
    for right in ("Har haft lønnede timer i det seneste år (pct.)", "Andel med løntimer (pct.)", "Mænd (pct.)"):
        assert told_of(report(right), "is no share") == []


@pytest.mark.parametrize("trial_id", [JOBFIRST, PAA_RETTE_VEJ])
def test_no_row_of_the_balance_is_what_another_leaves_of_hundred(trial_id: str) -> None:
    table = tables.balance(ledger_of(trial_id), trial_of(trial_id))
    rows = [(line[0].partition(":")[0], line[1:3]) for line in cells_of(table)]
    for (one, first), (other, second) in pairwise(rows):
        if one == other and all(cell.isdigit() for cell in (*first, *second)):
            assert [int(a) + int(b) for a, b in zip(first, second, strict=True)] != [100, 100]


# 11. 21,9 weeks and 20,7 weeks of meetings, unexplained.


def test_two_numbers_of_one_name_from_two_sources_are_found() -> None:
    one, other = row("moeder.deltager", 21.9), row("samtaler.deltager", 20.7)
    rows = (replace(one, population="alle"), replace(other, population="alle"))
    trial = trial_of(PAA_RETTE_VEJ)
    names = {name: trial.measure_by_id[name] for name in ("moede-andel", "samtaler-andel")}
    assert len({measure.source for measure in names.values()}) == 2
    assert len({measure.label for measure in names.values()}) == 2
    text = "De har {22 pct|moeder.deltager}. og {21 pct|samtaler.deltager}."
    from made_report import measure

    def report(label: str) -> MadeReport:
        both = (measure("moeder", label="Uger med møde", source="DREAM"), measure("samtaler", label=label))
        return MadeReport(blocks=((Role.HEADING, "1 Tal"), (Role.TEXT, text)), rows=rows, measures=both)

    assert told_of(report("Uger med møde"), "means two things") != []
    assert told_of(report("Uger med samtale (registreringssystemet)"), "means two things") == []


RANKED = {"most": "Flest er enige i", "least": "færrest i"}


# 12. "Flest … (begge 81 pct.), og færrest … (80 pct.)" with n = 127.


def test_the_most_and_the_fewest_are_named_only_where_the_uncertainty_allows() -> None:
    asked = ["enig-aftale-med", "enig-aftale-timer", "enig-aftale-holder"]
    ledger, trial = ledger_of(SOCIAL), trial_of(SOCIAL)
    assert "Flest" not in progress.ranked(ledger, trial, asked, **RANKED, site=None)
    key = next(one.key for one in ledger.select(measure=asked[0], statistic="share", site="", subgroup=""))
    n = ledger[key].n or 0
    low = {"value": 100 * 12 / n, "k": 12, "ci_low": 5.0, "ci_high": 16.0}
    apart, _ = changed(SOCIAL, {key: low})
    told = spaced(progress.ranked(apart, trial, asked, **RANKED, site=None))
    assert "lest" in told and "færrest" in told


# 13. 89 in the text, 49 and 39 in the figure; slices without labels that nothing explains.


def test_a_stacked_figure_explains_sums_that_are_rounded_apart_and_slices_without_a_number() -> None:
    asked = ["svar-hoert", "svar-egne-maal", "svar-klar-plan", "svar-klart-jobmaal"]
    chart = figures.answers(ledger_of(SOCIAL), trial_of(SOCIAL), asked)
    for bar in chart.plan.rows:
        parts = [part for part in bar.parts if hasattr(part, "left")]
        unnumbered = [part for part in parts if part.text is None and (part.value or 0) > 0]
        assert not unnumbered or any("for smalle" in note for note in chart.notes)
        values = [part.value for part in parts if part.value is not None]
        if values and sum(round(value) for value in values) != 100:
            assert any("afrunding" in note for note in chart.notes)


# 14. "ni grundelementer", eight shown.


@pytest.mark.parametrize("trial_id", [JOBFIRST, PAA_RETTE_VEJ, SOCIAL, FLEKSJOB])
def test_elements_are_counted_and_never_typed(trial_id: str) -> None:
    trial = trial_of(trial_id)
    fewer = trial.model_copy(update={"elements": trial.elements[:-1]})
    whole, less = (spaced(Report(one, ledger_of(trial_id), "Alle").antal_elementer()) for one in (trial, fewer))
    assert whole != less


# 15. A control line that stops at week 37 without a word.


def test_a_curve_that_stops_before_the_others_says_why() -> None:
    keys = [f"ordinaere-timer-andel.kontrol.uge{week}" for week in range(38, 45)]
    trial = trial_of(JOBFIRST)
    flip: Flip = hidden(*keys)
    chart = figures.two_panel(flip(ledger_of(JOBFIRST)), trial, "ordinaere-timer-andel", explained=True)
    assert "Kurven for kontrolgruppen slutter i uge 37" in spaced(" ".join(chart.notes))


# 16. A box that explains a line and a grey ground that no figure has.


def test_a_reading_guide_explains_what_the_figures_show_and_no_more() -> None:
    trial = trial_of(PAA_RETTE_VEJ)
    ledger = ledger_of(PAA_RETTE_VEJ)
    measures = list(dict.fromkeys(one.measure for one in ledger.select(statistic="first_lasting_week")))
    none = set_to(lambda one: replace(one, value=None) if one.statistic == "first_lasting_week" else None)
    for asked in (measures, []):
        assert "lodret linje" not in effects.reading_guide(none(ledger), trial, *asked, site=None)
    some = set_to(lambda one: replace(one, value=2.0) if one.statistic == "first_lasting_week" else None)
    assert "lodret linje" in effects.reading_guide(some(ledger), trial, *measures, site=None)


def guide(text: str, *drawn: str) -> MadeReport:
    blocks = [(Role.HEADING, "1 Tal"), (Role.TEXT, text), (Role.TEXT, "Se Figur 1. Fra uge 5 er den højere.")]
    pictures = [(Role.ALT, "Kurver."), *((Role.DRAWN, one) for one in drawn), (Role.CAPTION, "Figur 1: Tal")]
    return MadeReport(blocks=(*blocks, *pictures), texts=("Fra uge 5 er", "fra uge 5"))


LINE = "En lodret linje viser, fra hvilken uge forskellen er varig."


@pytest.mark.parametrize(
    ("report", "found"),
    [
        (guide(LINE, "fra uge 5"), False),
        (guide(LINE), True),
        (guide("Herfra er forskellen varig."), False),
    ],
)
def test_a_guide_that_explains_what_no_figure_shows_is_found(report: MadeReport, found: bool) -> None:
    assert bool(told_of(report, "no figure")) is found
