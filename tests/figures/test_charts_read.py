"""Every word of each kind of figure, in the picture and around it, as it was last read by somebody; and its layout."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from drawings import Drawing, layout_faults
from drawn import drawn
from made_up import (
    Rows,
    add_balance,
    add_distribution,
    add_site_effects,
    add_sites,
    rising,
    trial,
)
from sentences import HOW, as_read, kept_beside
from status_trial import status_ledger

from reportlib.show import figures
from reportlib.show.part import Chart

TRIAL = trial()


def answers() -> Rows:
    rows = Rows().mean("mentor", 6.9, 314, group="borgere").mean("cv", 3.8, 303, group="borgere")
    for measure, own, others in (("mentor", 7.2, 6.8), ("cv", 3.1, 3.9)):
        rows.mean(measure, own, 24, group="borgere", site="Åby")
        rows.mean(measure, others, 280, group="borgere", site="øvrige:Åby")
    return rows


def shares(last: int) -> Rows:
    return add_sites(Rows(), "samtale", zip(TRIAL.sites.names, (30, 34, 35, last), (40,) * 4, strict=True))


def effects() -> Rows:
    rows = Rows().difference("timer", 0.8, 0.2, time="uge35")
    return add_site_effects(rows, "timer", 35, [("Åby", 2.0, 0.5), ("Bøgelund", 0.3, 0.6), ("Dalby", -0.4, 0.5)])


def weekly(measure: str, first: float, last: float) -> Rows:
    rows = Rows().weekly(measure, rising(first, last), rising(first, first + 1), lasting=15)
    return (
        rows.sites_weekly(measure, rising(first, last), rising(first, first + 2), site="Åby")
        if measure == "i-job"
        else rows
    )


def status(make: Callable[..., Chart], *given: object, site: str | None = None) -> Chart:
    made, ledger = status_ledger()
    return make(ledger, made, *given, site=site)


BANDS = [("0-5", 10, 20), ("5-20", 60, 40), ("20-37", 30, 40)]
CHARTS: dict[str, Callable[[], Chart]] = {
    "survey-means": lambda: figures.survey_means(answers().ledger(), TRIAL, ["cv", "mentor"]),
    "survey-means-site": lambda: figures.survey_means(answers().ledger(), TRIAL, ["cv", "mentor"], site="Åby"),
    "shares-by-site": lambda: figures.shares_by_site(shares(20).ledger(), TRIAL, "samtale"),
    "shares-by-site-hidden": lambda: figures.shares_by_site(shares(3).ledger(), TRIAL, "samtale", site="Åby"),
    "site-effects": lambda: figures.site_effects(effects().ledger(), TRIAL, "timer", 35),
    "balance": lambda: figures.balance(
        add_balance(Rows(), [("alder", 200, 210, -0.05), ("koen", 180, 100, 0.42)]).ledger(), TRIAL
    ),
    "distribution": lambda: figures.distribution(
        add_distribution(Rows(), "timer", 35, BANDS).ledger(), TRIAL, "timer", 35
    ),
    "levels": lambda: figures.levels(weekly("i-job", 10, 40).ledger(), TRIAL, "i-job"),
    "levels-site": lambda: figures.levels(weekly("i-job", 10, 40).ledger(), TRIAL, "i-job", site="Åby"),
    "two-panel": lambda: figures.two_panel(weekly("timer", 1, 4).ledger(), TRIAL, "timer"),
    "benchmark": lambda: status(figures.benchmark),
    "benchmark-site": lambda: status(figures.benchmark, site="Nord"),
    "status-shares": lambda: status(figures.shares_by_site, "job"),
}


def words(chart: Chart) -> str:
    found = Drawing(drawn(chart).decode())
    inside = " / ".join(one.text for one in found.texts)
    return f"{chart.caption} | {chart.alt} | {inside} | {' '.join(chart.notes)} | {chart.whose}"


def read() -> str:
    return as_read({name: words(make()) for name, make in CHARTS.items()})


def test_every_figure_reads_as_it_was_last_read() -> None:
    assert kept_beside(__file__).read_text(encoding="utf-8") == read(), HOW.format(__file__)


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_in_it_overlaps_or_leaves_the_page(name: str) -> None:
    assert layout_faults(Drawing(drawn(CHARTS[name]()).decode())) == []


# Where marks and lines stand, read back from the numbers printed on the axis: worked out by hand from the made-up data.
# A mean has 2 * 0.1 to either side, an effect 1.96 of its standard error, a share Wilson's interval.

PLACES: dict[str, tuple[list[float], list[tuple[float, float]]]] = {
    "survey-means": ([6.9, 3.8], [(6.7, 7.1), (3.6, 4.0)]),
    "survey-means-site": ([7.2, 6.8, 3.1, 3.9], [(7.0, 7.4), (6.6, 7.0), (2.9, 3.3), (3.7, 4.1)]),
    "shares-by-site": ([87.5, 85, 75, 50], [(0, 87.5), (0, 85), (0, 75), (0, 50), (80, 80), (60, 60)]),
    "shares-by-site-hidden": ([87.5, 85], [(0, 87.5), (0, 85), (80, 80), (60, 60)]),
    "site-effects": (
        [2, 1, 0.3, 0.15, -0.4, -0.2],
        [(0.8, 0.8), (1.02, 2.98), (0.51, 1.49), (-0.876, 1.476), (-0.438, 0.738), (-1.38, 0.58), (-0.69, 0.29)],
    ),
    "balance": ([-0.05, 0.42], [(-0.25, -0.25), (0.25, 0.25)]),
    "benchmark": ([35, 20], [(27.6, 43.2)]),  # 49 of 140
    "benchmark-site": ([40, 20], [(27.6, 53.8)]),  # 20 of 50
    "status-shares": ([40, 35, 30], [(0, 40), (0, 35), (0, 30), (35, 35)]),
}


def places(chart: Chart) -> tuple[list[float], list[tuple[float, float]], float]:
    """What the marks say and where the lines in the panel begin and end, downwards; and what half a point is worth."""
    drawing = Drawing(drawn(chart).decode())
    (panel,) = drawing.distinct_panels()
    axis = drawing.axis(panel, "x")
    assert axis is not None
    slope, start = axis
    marks = [(x - start) / slope for x, y in drawing.marks if panel.top <= y <= panel.bottom]
    lines = [one.box for one in drawing.lines if one.clip]
    return marks, [((box.left - start) / slope, (box.right - start) / slope) for box in lines], 0.5 / slope


@pytest.mark.parametrize("name", PLACES)
def test_marks_and_intervals_stand_where_the_numbers_of_the_axis_say(name: str) -> None:
    marks, lines, half = places(CHARTS[name]())
    assert marks == pytest.approx(PLACES[name][0], abs=half)
    assert len(lines) == len(PLACES[name][1])
    for found, wanted in zip(lines, PLACES[name][1], strict=True):
        assert found == pytest.approx(wanted, abs=half)


def test_an_interval_is_cut_where_the_scale_of_the_answers_ends() -> None:
    made = Rows().mean("mentor", 9.9, 314, group="borgere").mean("cv", 1.1, 303, group="borgere").ledger()
    marks, lines, half = places(figures.survey_means(made, TRIAL, ["cv", "mentor"]))
    assert marks == pytest.approx([9.9, 1.1], abs=half)
    assert lines[0] == pytest.approx((9.7, 10), abs=half)
    assert lines[1] == pytest.approx((1, 1.3), abs=half)


if __name__ == "__main__":
    kept_beside(__file__).write_text(read(), encoding="utf-8")
