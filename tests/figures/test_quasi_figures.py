"""Figures of places and years say what is plotted: order of curves, ends of series, balance after matching."""

from __future__ import annotations

import pytest
from drawings import Drawing, layout_faults

from reportlib.show.balances import love_story, matched_title
from reportlib.show.curves import Line
from reportlib.show.exits import Curve, SurvivalPlan, draw_survival, drawn_rate, survival_story
from reportlib.show.monthly import SeriesPlan, draw_series, series_story
from reportlib.show.pictures import figure_bytes
from reportlib.show.style import find_palette
from reportlib.text.units import Unit


def curve(name: str, *survival: tuple[int, float]) -> Curve:
    return Curve(name, "deltager", "solid", survival, ((2.5, 4.0),), ((1, 40.0), (9, None)))


def survival(lower: float, upper: float) -> SurvivalPlan:
    return SurvivalPlan("Andel", (curve("nordgruppen", (1, 90), (9, lower)), curve("sydgruppen", (1, 95), (9, upper))))


def test_the_lowest_curve_is_named_whichever_it_is() -> None:
    assert "færrest tilbage i nordgruppen" in survival_story(survival(40, 60))
    assert "færrest tilbage i sydgruppen" in survival_story(survival(60, 40))


def test_half_is_said_to_have_left_only_where_the_curve_reaches_it() -> None:
    told = survival_story(survival(40, 60))
    assert told.count("halvdelen er gået videre") == 1


def test_a_rate_that_rests_on_nobody_has_no_point_of_its_own() -> None:
    assert [drawn_rate(rate) for rate in (2.5, 0.0, None)] == [2.5, None, None]


def test_a_hidden_number_at_risk_is_a_dot() -> None:
    assert "·" in figure_bytes(survival(40, 60), draw_survival, palette=find_palette()).decode()


def series(*gap: float) -> SeriesPlan:
    months = ("2018-01", "2018-02", "2018-03")
    line = Line("nord", "deltager", (1, 2, 3), (18.0, 17.0, 16.5))
    return SeriesPlan("Andel", Unit.PCT, months, (line,), Line("forskellen", "teal", (1, 2, 3), gap))


def test_a_series_is_told_by_its_ends_and_the_range_of_the_difference() -> None:
    told = series_story(series(-0.5, -0.1, -0.3))
    assert "fra 18,0\xa0pct. til 16,5\xa0pct." in told
    assert "mellem −0,50\xa0procentpoint og −0,10\xa0procentpoint" in told


def test_the_months_of_a_series_are_marked_by_half_years_and_nothing_overlaps() -> None:
    months = tuple(f"{year}-{month:02}" for year in (2017, 2018) for month in range(1, 13))
    at, values = tuple(range(1, 25)), tuple(18 - number / 10 for number in range(24))
    lines = (Line("nord", "deltager", at, values), Line("syd", "neutral", at, tuple(value + 3 for value in values)))
    plan = SeriesPlan("Andel", Unit.PCT, months, lines, Line("forskellen", "teal", at, (-3.0,) * 24))
    found = Drawing(figure_bytes(plan, draw_series, palette=find_palette()).decode())
    marked = [one.text for one in found.texts if one.text.startswith(("jan", "juli"))]
    assert marked[:4] == ["jan. 2017", "juli", "jan. 2018", "juli"] and set(marked[4:]) <= set(marked[:4])
    assert layout_faults(found) == []


def test_in_curves_of_those_who_stay_nothing_overlaps() -> None:
    assert layout_faults(Drawing(figure_bytes(survival(40, 60), draw_survival, palette=find_palette()).decode())) == []


def test_the_same_plan_gives_the_same_picture() -> None:
    assert figure_bytes(series(1, 2, 3), draw_series, palette=find_palette()) == figure_bytes(
        series(1, 2, 3), draw_series, palette=find_palette()
    )


@pytest.mark.parametrize(
    ("after", "says"), [(0.05, "ligner grupperne hinanden"), (-0.3, "stadig forskel på alder"), (None, "")]
)
def test_covariates_outside_the_limit_after_matching_are_named(after: float | None, says: str) -> None:
    told = matched_title([("Alder", 0.8, after), ("Køn", 0.1, 0.02)])
    assert told.endswith(says) and bool(told) == bool(says)


def test_the_largest_difference_is_told_before_and_after_matching() -> None:
    assert "0,80 før og 0,30 efter" in love_story([("Alder", 0.8, -0.3), ("Køn", 0.1, 0.02)])
