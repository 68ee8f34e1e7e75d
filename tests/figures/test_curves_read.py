"""Where curves, bands, bars and marks stand, read back from the numbers printed on the axes of the finished picture.

Every expected place is a number of the made-up data or worked out from it by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from drawings import Box, Drawing, Line, layout_faults
from drawn import drawn
from made_up import Rows, add_distribution, trial

from reportlib.ledger.keys import week_label
from reportlib.show import curves, figures
from reportlib.show.exits import Curve, SurvivalPlan, draw_survival
from reportlib.show.forecasts import RecruitmentPlan, draw_recruitment
from reportlib.show.kroner import tornado_plan
from reportlib.show.monthly import SeriesPlan, draw_series
from reportlib.show.part import Chart
from reportlib.show.pictures import figure_bytes
from reportlib.show.repeated import MeasurementsPlan, draw_measurements
from reportlib.show.row_chart import draw_rows
from reportlib.show.style import find_palette
from reportlib.text.units import Unit

TRIAL = trial()
Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """A panel of a drawing, in the numbers of its own axes: `x` and `y` read a place, `half` is half a point."""

    drawing: Drawing
    box: Box
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, place: float) -> float:
        return (place - self.across[1]) / self.across[0]

    def y(self, place: float) -> float:
        return (place - self.up[1]) / self.up[0]

    @property
    def half(self) -> tuple[float, float]:
        return 0.5 / self.across[0], 0.5 / -self.up[0]

    def read(self, line: Line) -> Points:
        return [(self.x(x), self.y(y)) for x, y in line.points]

    def inside(self, line: Line) -> bool:
        return self.drawing.panels.get(line.clip) == self.box

    def curves(self, colour: str, *, wide: float = 1.7) -> list[Line]:
        """The curves of a colour, from left to right."""
        found = [
            one for one in self.drawing.lines
            if self.inside(one) and one.stroke == colour and one.fill == "none" and one.wide == wide
        ]  # fmt: skip
        return sorted(found, key=lambda line: line.points[0])

    def fields(self) -> dict[str, Line]:
        """What is filled, by its colour, but for the paper under names."""
        return {
            one.fill: one for one in self.drawing.lines if self.inside(one) and one.fill not in ("none", "", "#ffffff")
        }

    def dots(self) -> Points:
        inside = [(x, y) for x, y in self.drawing.marks if self.box.left <= x <= self.box.right]
        return sorted((self.x(x), self.y(y)) for x, y in inside if self.box.top <= y <= self.box.bottom)

    def same(self, found: Points, wanted: Points) -> bool:
        wide, high = self.half
        return len(found) == len(wanted) and all(
            abs(x - wanted_x) <= wide and abs(y - wanted_y) <= high
            for (x, y), (wanted_x, wanted_y) in zip(found, wanted, strict=True)
        )

    def ends(self) -> tuple[float, float, float, float]:
        """What the panel's left, right, lower and upper edges are on its axes."""
        return self.x(self.box.left), self.x(self.box.right), self.y(self.box.bottom), self.y(self.box.top)


def panels(drawing: Drawing) -> list[Panel]:
    """The panels from left to right; one without numbers across takes those of the first axis below it."""
    made = []
    for box in sorted(drawing.distinct_panels(), key=lambda box: box.left):
        across, up = drawing.axis(box, "x"), drawing.axis(box, "y")
        assert up is not None
        made.append(Panel(drawing, box, across or (1.0, 0.0), up))
    return made


def read(made: Chart | Any, draw: Callable[..., Any] | None = None) -> Drawing:
    content = drawn(made) if isinstance(made, Chart) else figure_bytes(made, draw, palette=find_palette())  # type: ignore[arg-type]
    drawing = Drawing(content.decode())
    assert layout_faults(drawing) == []
    return drawing


def colour_of(drawing: Drawing, name: str) -> str:
    (found,) = {one.colour for one in drawing.texts if one.text == name}
    return found


def ticks(drawing: Drawing, panel: Panel) -> tuple[list[str], list[str]]:
    """The numbers below the panel and those to its left, in reading order."""
    numbers = [one for one in drawing.texts if any(source.startswith("akse:") for source in one.sources)]
    below = [one for one in numbers if panel.box.bottom < one.y < panel.box.bottom + 20]
    below = [one for one in below if panel.box.left < one.x < panel.box.right]
    left = [one for one in numbers if panel.box.left - 30 < one.x < panel.box.left and one not in below]
    return [one.text for one in sorted(below, key=lambda one: one.x)], [one.text for one in left]


# -- levels


def shares(counts: dict[int, tuple[int, int]], group: str, rows: Rows) -> Rows:
    for week, (k, n) in counts.items():
        rows.share("i-job", k, n, group=group, time=week_label(week))
    return rows


TREATED = {1: (50, 500), 2: (100, 500), 3: (2, 500), 4: (150, 500), 5: (3, 500), 6: (200, 500), 7: (210, 500)} | {
    8: (225, 500), 9: (20, 40), 10: (18, 40), 11: (16, 40), 12: (10, 40),
}  # fmt: skip
CONTROL = {week: (n // 10, n) for week, (_, n) in TREATED.items() if week < 9} | {9: (8, 40), 10: (8, 40), 11: (8, 40)}


def levels() -> Drawing:
    ledger = shares(CONTROL, "kontrol", shares(TREATED, "deltager", Rows())).ledger()
    return read(figures.levels(ledger, TRIAL, "i-job"))


def test_a_curve_is_unbroken_only_where_its_weeks_are_shown_and_dotted_where_few_are_followed() -> None:
    """Weeks 3 and 5 are hidden, week 4 stands alone, and from week 9 on fewer than 50 are followed."""
    drawing = levels()
    (panel,) = panels(drawing)
    first, middle, last = panel.curves(colour_of(drawing, "Deltagergruppen"))
    assert panel.same(panel.read(first), [(1, 10), (2, 20)]) and first.dash == ""
    assert panel.same(panel.read(middle), [(6, 40), (7, 42), (8, 45)]) and middle.dash == ""
    assert panel.same(panel.read(last), [(8, 45), (9, 50), (10, 45), (11, 40), (12, 25)])
    assert panel.same(panel.dots(), [(4, 30)])
    dashed, dotted = panel.curves(colour_of(drawing, "Kontrolgruppen"))
    assert panel.same(panel.read(dashed), [(week, 10) for week in range(1, 9)])
    assert panel.same(panel.read(dotted), [(8, 10), (9, 20), (10, 20), (11, 20)])
    assert last.dash == dotted.dash and dashed.dash not in ("", dotted.dash)


def test_the_grey_field_begins_half_a_week_before_the_first_week_with_few_and_ends_with_the_panel() -> None:
    (panel,) = panels(levels())
    (field,) = panel.fields().values()
    places = panel.read(field)
    assert min(x for x, _ in places) == pytest.approx(8.5, abs=panel.half[0])
    assert max(x for x, _ in places) == pytest.approx(12.5, abs=panel.half[0])
    assert (field.box.top, field.box.bottom) == pytest.approx((panel.box.top, panel.box.bottom), abs=0.1)


def test_levels_stand_on_zero_with_a_tenth_of_their_span_free_above() -> None:
    drawing = levels()
    (panel,) = panels(drawing)
    assert panel.ends() == pytest.approx((0.5, 12.5, 0, 55), abs=0.3)
    assert ticks(drawing, panel) == (["1", "2", "4", "6", "8", "10", "12"], ["0", "10", "20", "30", "40", "50"])
    grid = [one for one in drawing.lines if not one.clip and len(one.points) == 2 and one.wide in (0.5, 0.9)]
    heights = {round(panel.y(one.points[0][1])): one.wide for one in grid}
    assert heights == {0: 0.9, 10: 0.5, 20: 0.5, 30: 0.5, 40: 0.5, 50: 0.5}  # a stronger line at nought


@pytest.mark.parametrize(
    ("last", "printed"),
    [
        (1, "1"), (8, "1 2 3 4 5 6 7 8"), (9, "1 2 4 6 8"), (16, "1 2 4 6 8 10 12 14 16"), (17, "1 5 10 15"),
        (32, "1 5 10 15 20 25 30"), (33, "1 10 20 30"), (80, "1 10 20 30 40 50 60 70 80"), (81, "1 26 52 78"),
        (200, "1 26 52 78 104 130 156 182"), (201, "1 52 104 156"),
    ],
)  # fmt: skip
def test_weeks_are_numbered_in_steps_that_grow_with_the_follow_up(last: int, printed: str) -> None:
    counts = dict.fromkeys(range(1, last + 1), (50, 500))
    drawing = read(figures.levels(shares(counts, "deltager", Rows()).ledger(), TRIAL, "i-job"))
    (box,) = drawing.distinct_panels()
    numbers = [one for one in drawing.texts if box.bottom < one.y < box.bottom + 20 and one.x > box.left]
    assert " ".join(one.text for one in sorted(numbers, key=lambda one: one.x)) == printed


def test_those_who_are_followed_are_drawn_as_steps_around_each_week() -> None:
    rows = Rows()
    for group, counts in (("deltager", (40, 30, 20)), ("kontrol", (50, 50, 10))):
        for week, count in enumerate(counts, start=1):
            rows.count("fulgt", count, group=group, time=week_label(week))
    drawing = read(figures.followed(rows.ledger(), TRIAL))
    (panel,) = panels(drawing)
    (line,) = panel.curves(colour_of(drawing, "Deltagergruppen"))
    steps = [(1, 40), (1.5, 40), (1.5, 30), (2.5, 30), (2.5, 20), (3, 20)]
    assert panel.same([each for each in panel.read(line) if each in panel.read(line)], steps)


# -- two panels

DIFFERENCES = {1: -2.0, 2: 0.0, 3: 3.0, 4: 4.0, 5: 5.0, **dict.fromkeys(range(6, 41), 6.0)}


def two_panel(lasting: int | None = 3) -> Drawing:
    rows = Rows()
    for week, value in DIFFERENCES.items():
        time = week_label(week)
        rows.mean("timer", 10 + value, 500, group="deltager", time=time).mean(
            "timer", 10, 500, group="kontrol", time=time
        )
        rows.difference("timer", value, 0.5, time=time)
        rows.difference("timer", value, 0.5, statistic="uniform_band", width=3.0, p=1.0, time=time)
    rows.builder.add(
        measure="timer", statistic="first_lasting_week", unit=Unit.WEEKS, group="forskel", value=lasting,
        population="alle",
    )  # fmt: skip
    return read(figures.two_panel(rows.ledger(), TRIAL, "timer"))


def test_the_difference_stands_with_its_interval_and_its_band() -> None:
    """The interval is 1.96 of the error 0.5 to either side, the band three of it."""
    drawing = two_panel()
    left, right = panels(drawing)
    (line,) = left.curves(colour_of(drawing, "Deltagergruppen"))
    assert left.same(left.read(line), [(week, 10 + value) for week, value in DIFFERENCES.items()])
    (teal,) = {one.stroke for one in drawing.lines if right.inside(one) and one.wide == 1.7}
    (line,) = right.curves(teal)
    assert right.same(right.read(line), [(float(week), value) for week, value in DIFFERENCES.items()])
    edges = right.curves(teal, wide=0.7)
    for dashed, room in ((False, 0.98), (True, 1.5)):
        low, high = sorted(
            (right.read(one) for one in edges if bool(one.dash) == dashed), key=lambda points: points[0][1]
        )
        assert right.same(low, [(week, value - room) for week, value in DIFFERENCES.items()])
        assert right.same(high, [(week, value + room) for week, value in DIFFERENCES.items()])
    reach = sorted(max(y for _, y in right.read(field)) for field in right.fields().values())
    assert reach == pytest.approx([6.98, 7.5], abs=right.half[1])
    pale, dark = (one.fill for one in drawing.lines if right.inside(one) and one.fill in right.fields())
    assert int(pale[1:3], 16) > int(dark[1:3], 16)  # the band is behind the interval and paler


def test_a_difference_that_lasts_is_marked_at_its_week_from_the_foot_to_the_top() -> None:
    drawing = two_panel()
    _, right = panels(drawing)
    (mark,) = [one for one in drawing.lines if right.inside(one) and one.wide == 0.8]
    (x, low), (other, high) = sorted(right.read(mark), key=lambda point: point[1])
    assert (x, other) == pytest.approx((3, 3), abs=right.half[0]) and mark.dash
    assert (low, high) == pytest.approx(right.ends()[2:], abs=right.half[1])
    (words,) = [one for one in drawing.texts if one.text.replace("\u00a0", " ") == "fra uge 3"]
    assert right.x(words.box.left - 3) == pytest.approx(3, abs=2 * right.half[0])
    unmarked = two_panel(None)
    assert not [one for one in unmarked.lines if panels(unmarked)[1].inside(one) and one.wide == 0.8]


def test_a_mark_near_the_right_edge_has_its_words_to_the_left() -> None:
    drawing = two_panel(36)
    _, right = panels(drawing)
    (words,) = [one for one in drawing.texts if one.text.replace("\u00a0", " ") == "fra uge 36"]
    assert right.x(words.box.right + 3) == pytest.approx(36, abs=2 * right.half[0])


# -- distributions


def bars(*bands: tuple[str, int, int]) -> tuple[Drawing, dict[str, list[Line]]]:
    """The drawing and the bars of each group, by the colour of their edge."""
    ledger = add_distribution(Rows(), "timer", 35, bands).ledger()
    drawing = read(figures.distribution(ledger, TRIAL, "timer", 35))
    (box,) = drawing.distinct_panels()
    found: dict[str, list[Line]] = {}
    for one in drawing.lines:
        if drawing.panels.get(one.clip) == box and one.wide == 0.8 and one.fill != "none":
            found.setdefault(one.stroke, []).append(one)
    return drawing, {colour: sorted(lines, key=lambda one: one.box.left) for colour, lines in found.items()}


def area(line: Line) -> float:
    return (line.box.right - line.box.left) * (line.box.bottom - line.box.top)


def test_the_area_of_a_bar_is_its_share_and_its_number_stands_over_its_middle() -> None:
    drawing, found = bars(("0-5", 10, 20), ("5-20", 60, 40), ("20-37", 30, 40))
    (box,) = drawing.distinct_panels()
    first, second = found.values()
    each = area(first[0]) / 10
    assert [area(one) for one in (*first, *second)] == pytest.approx(
        [each * share for share in (10, 60, 30, 20, 40, 40)], rel=0.01
    )
    wide = [one.box.right - one.box.left for one in first]
    assert wide == pytest.approx([wide[0], 3 * wide[0], 17 / 5 * wide[0]], rel=0.01)
    for one, printed in zip((*first, *second), ("10", "60", "30", "20", "40", "40"), strict=True):
        assert one.box.bottom == pytest.approx(box.bottom, abs=0.1)
        middle = (one.box.left + one.box.right) / 2
        (number,) = [word for word in drawing.texts if abs(word.x - middle) < 0.6 and word.y < one.box.top < word.y + 6]
        assert number.text == printed
    for at, band in enumerate(
        ("0–5", "5–20", "20–37")
    ):  # the two bars of a band stand beside each other around its middle
        (words,) = [one for one in drawing.texts if one.text == band]
        assert words.x == pytest.approx((first[at].box.left + second[at].box.right) / 2, abs=0.6)
        assert first[at].box.right < second[at].box.left


def test_bands_that_are_too_narrow_for_their_numbers_are_drawn_alike_and_by_height() -> None:
    _, found = bars(("0-1", 10, 20), ("1-37", 90, 80))
    first, second = found.values()
    tall = [one.box.bottom - one.box.top for one in (*first, *second)]
    assert tall == pytest.approx([tall[0], 9 * tall[0], 2 * tall[0], 8 * tall[0]], rel=0.01)
    wide = [one.box.right - one.box.left for one in (*first, *second)]
    assert wide == pytest.approx([wide[0]] * 4, abs=0.1)


def test_each_groups_bars_are_keyed_by_a_square_in_its_colours_and_the_number_of_its_persons() -> None:
    drawing, found = bars(("0-5", 10, 20), ("5-37", 90, 80))
    squares = [one for one in drawing.lines if not one.clip and one.wide == 0.8]
    assert [one.stroke for one in squares] == list(found)
    assert [one.fill for one in squares] == [lines[0].fill for lines in found.values()]
    names = ["Deltagergruppen (n = 100)", "Kontrolgruppen (n = 100)"]
    for square, name in zip(squares, names, strict=True):
        (words,) = [one for one in drawing.texts if one.text.replace("\u00a0", " ") == name]
        assert (words.colour, words.x) == (square.stroke, pytest.approx(square.box.right + 3.5, abs=0.6))


# -- what hangs on assumptions


def test_the_bars_of_an_assumption_go_from_the_result_to_both_its_ends() -> None:
    drawing = read(tornado_plan([("Timer", -400.0, 900.0), ("Pris", 500.0, 150.0)], 200.0), draw_rows)
    (box,) = drawing.distinct_panels()
    axis = drawing.axis(box, "x")
    assert axis is not None
    filled = [one for one in drawing.lines if drawing.panels.get(one.clip) == box and one.fill not in ("none", "")]
    ends = [[(place - axis[1]) / axis[0] for place in (one.box.left, one.box.right)] for one in filled]
    half = 0.5 / axis[0]
    assert ends == [pytest.approx(pair, abs=half) for pair in ([-400, 200], [200, 900], [200, 500], [150, 200])]
    hollow, full = ([one.fill for one in filled][at::2] for at in (0, 1))
    assert set(hollow) == {"#ffffff"} and len(set(full)) == 1 and full[0] != "#ffffff"
    uprights = [one for one in drawing.lines if drawing.panels.get(one.clip) == box and one.box.left == one.box.right]
    found = {round((one.box.left - axis[1]) / axis[0]): bool(one.dash) for one in uprights}
    assert found == {0: False, 200: True}
    assert [one.text for one in drawing.texts if " / " in one.text] == ["−400 / 900", "500 / 150", "Lav / høj"]


# -- places and years


def survival() -> Drawing:
    rates = ((2.5, 4.0), (6.5, 2.0), (10.5, None), (14.5, 1.0))
    curves = tuple(
        Curve(name, colour, line, ((4, last + 20.0), (16, last)), rates, ((1, 40.0), (9, None)))
        for name, colour, line, last in (("nord", "deltager", "solid", 60.0), ("syd", "kontrol", "long", 40.0))
    )
    return read(SurvivalPlan("Andel", curves), draw_survival)


def test_curves_of_those_who_stay_begin_with_everybody_and_fall_at_their_weeks() -> None:
    drawing = survival()
    left, right = panels(drawing)
    for name, last in (("Nord", 60), ("Syd", 40)):
        (line,) = right.curves(colour_of(drawing, name))
        assert right.same(right.read(line), [(1, 100), (4, 100), (4, last + 20), (16, last + 20), (16, last)])
        (rate, *others) = left.curves(colour_of(drawing, name))
        assert left.same([point for one in (rate, *others) for point in left.read(one)][:2], [(2.5, 4), (6.5, 2)])
    assert len(left.dots()) == 6 and left.same(left.dots()[::2], [(2.5, 4), (6.5, 2), (14.5, 1)])
    assert right.ends()[2:] == pytest.approx((0, 104), abs=0.3)
    assert ticks(drawing, right)[1] == ["0", "20", "40", "60", "80", "100"]


def test_those_at_risk_stand_below_their_week_each_in_the_row_of_its_curve() -> None:
    drawing = survival()
    _, right = panels(drawing)
    for name, row in (("Nord", 0), ("Syd", 1)):
        (words,) = [one for one in drawing.texts if one.text == name]
        across = sorted((one for one in drawing.texts if one.y == words.y and one is not words), key=lambda one: one.x)
        assert [one.text for one in across] == ["40", "·"] and {one.colour for one in across} == {words.colour}
        assert [right.x(one.x) for one in across] == pytest.approx([1, 9], abs=right.half[0])
        samples = [one for one in drawing.lines if not one.clip and one.stroke == words.colour]
        assert len(samples) == 2 and all(abs(one.points[0][1] - words.y + 3) < 0.1 for one in samples), row
    heads = [one for one in drawing.texts if one.text.replace("\u00a0", " ") in ("uge 1", "uge 9")]
    assert [right.x(one.x) for one in heads] == pytest.approx([1, 9], abs=right.half[0])


def test_months_and_their_difference_stand_where_the_axes_say() -> None:
    months = tuple(f"2018-{month:02}" for month in range(1, 13))
    at = tuple(range(1, 13))
    north = (18.0, 18.5, 19.0, None, *(19.5,) * 8)
    south = (20.0,) * 12
    gaps = (-2.0, -1.5, -1.0, None, *(-0.5,) * 8)
    lines = (curves.Line("nord", "deltager", at, north), curves.Line("syd", "kontrol", at, south))
    plan = SeriesPlan("Andel", Unit.PCT, months, lines, curves.Line("forskellen", "teal", at, gaps))
    drawing = read(plan, draw_series)
    boxes = sorted(drawing.distinct_panels(), key=lambda box: box.left)
    for box, colour, values in (
        (boxes[0], colour_of(drawing, "Nord"), north),
        (boxes[0], colour_of(drawing, "Syd"), south),
        (boxes[1], None, gaps),
    ):
        up = drawing.axis(box, "y")
        named = {one.text: one.x for one in drawing.texts if one.y > box.bottom and box.left < one.x < box.right}
        january, july = named["jan. 2018"], named["juli"]
        assert up is not None
        panel = Panel(drawing, box, ((july - january) / 6, january - (july - january) / 6), up)
        found = [
            one for one in drawing.lines
            if panel.inside(one) and one.wide == 1.7 and one.fill == "none" and colour in (None, one.stroke)
        ]  # fmt: skip
        points = [point for one in sorted(found, key=lambda one: one.points[0]) for point in panel.read(one)]
        assert panel.same(points, [(month, value) for month, value in enumerate(values, 1) if value is not None])


# -- measurements and recruitment


def measurements(reference: float | None) -> Drawing:
    lines = (
        curves.Line("alle målte", "deltager", (1, 2, 3), (10.0, 11.0, 12.0)),
        curves.Line("de samme hele vejen", "orange", (1, 2, 3), (9.5, 10.5, 13.0)),
    )
    plan = MeasurementsPlan(
        label="Trivsel", lines=lines, low=(9.0, 10.0, None), high=(11.0, 12.0, None), ticks=("Først", "Midt", "Sidst"),
        counts=((40, 30, 20), (15, None, 15)), reference=reference, reference_name="Befolkningen",
    )  # fmt: skip
    return read(plan, draw_measurements)


def test_means_and_their_intervals_stand_over_their_measurement_with_their_persons_below() -> None:
    drawing = measurements(14.0)
    (box,) = drawing.distinct_panels()
    up = drawing.axis(box, "y")
    middles = [next(one.x for one in drawing.texts if one.text == name) for name in ("Først", "Midt", "Sidst")]
    assert up is not None and middles[2] - middles[1] == pytest.approx(middles[1] - middles[0], abs=0.1)
    panel = Panel(drawing, box, (middles[1] - middles[0], 2 * middles[0] - middles[1]), up)
    everybody, same = (colour_of(drawing, name) for name in ("Alle målte", "De samme hele vejen"))
    (solid,) = panel.curves(everybody)
    (dotted,) = panel.curves(same)
    assert panel.same(panel.read(solid), [(1, 10), (2, 11), (3, 12)]) and not solid.dash
    assert panel.same(panel.read(dotted), [(1, 9.5), (2, 10.5), (3, 13)]) and dotted.dash
    intervals = panel.curves(everybody, wide=1.1)
    assert [sorted(panel.read(one)) for one in intervals] == [
        [(pytest.approx(at, abs=0.05), pytest.approx(end, abs=panel.half[1])) for end in ends]
        for at, ends in ((1, (9, 11)), (2, (10, 12)))
    ]
    assert panel.same(panel.dots(), [(1, 9.5), (1, 10), (2, 10.5), (2, 11), (3, 12), (3, 13)])
    for name, colour, counts in (
        ("Antal, alle målte", everybody, ["40", "30", "20"]),
        ("Antal, de samme hele vejen", same, ["15", "·", "15"]),
    ):
        (words,) = [one for one in drawing.texts if one.text == name]
        row = sorted((one for one in drawing.texts if one.y == words.y and one is not words), key=lambda one: one.x)
        assert [one.text for one in row] == counts and {one.colour for one in (words, *row)} == {colour}
        assert [one.x for one in row] == pytest.approx(middles, abs=0.1)


@pytest.mark.parametrize(("reference", "right"), [(14.0, False), (12.5, False), (8.0, True), (None, None)])
def test_what_measurements_are_held_against_is_a_line_named_where_there_is_most_room(
    reference: float | None, right: bool | None
) -> None:
    """At the first measurement everything lies from 9 to 11, at the last from 12 to 13."""
    drawing = measurements(reference)
    (box,) = drawing.distinct_panels()
    up = drawing.axis(box, "y")
    assert up is not None
    across = [one for one in drawing.lines if one.clip and one.wide == 0.9 and one.dash]
    named = [one for one in drawing.texts if one.text.startswith("Befolkningen")]
    assert len(across) == len(named) == (reference is not None)
    for line, words in zip(across, named, strict=True):
        assert (line.box.top - up[1]) / up[0] == pytest.approx(reference, abs=0.5 / -up[0])
        assert words.y == pytest.approx(line.box.top - 3, abs=0.1)
        assert words.text == f"Befolkningen: {reference}".replace(".", ",")
        assert (words.box.left == pytest.approx(box.left + 4, abs=0.5)) is not right


def recruitment() -> RecruitmentPlan:
    weeks = tuple(range(1, 11))
    ahead = (10, 11, 12, 13, 14)
    paths = tuple(
        curves.Line(name, colour, ahead, tuple(50.0 + pace * at for at in range(5)))
        for name, colour, pace in (
            ("forsigtig", "neutral", 2),
            ("realistisk", "navy", 5),
            ("optimistisk", "series-3", 8),
        )
    )
    return RecruitmentPlan(
        label="Begyndt", persons="borgere",
        past=curves.Line("indtil nu", "deltager", weeks, tuple(5.0 * at for at in weeks)),
        paths=paths, low=(50.0, 51, 52, 53, 54), high=(50.0, 60, 70, 80, 90), across=(("Milepæl", 65), ("Behov", 100)),
        days=(date(2026, 1, 5), date(2026, 3, 9), date(2026, 4, 6)), end=None,
    )  # fmt: skip


def test_recruitment_and_its_paths_stand_where_the_axis_and_the_days_say() -> None:
    """Monday of week 1 is 5 January, so 9 March is the Monday of week 10, and the field is between the paths' ends."""
    drawing = read(recruitment(), draw_recruitment)
    (box,) = drawing.distinct_panels()
    up = drawing.axis(box, "y")
    (now,) = [one for one in drawing.texts if one.text.replace("\u00a0", " ") == "9. marts 2026"]
    assert up is not None
    week = (now.x - box.left) / 9.5  # half a week is left free
    panel = Panel(drawing, box, (week, box.left - 0.5 * week), up)
    assert panel.ends()[:3] == pytest.approx((0.5, 14.5, 0), abs=panel.half[1])
    solid = [one for one in drawing.lines if panel.inside(one) and one.wide == 1.7 and one.fill == "none"]
    past, *paths = sorted(solid, key=lambda one: (one.points[0][0], -one.points[-1][1]))
    assert panel.same(panel.read(past), [(at, 5 * at) for at in range(1, 11)])
    assert len({one.dash for one in solid}) == 4
    for line, pace, name in zip(paths, (2, 5, 8), ("Forsigtig 58", "Realistisk 70", "Optimistisk 82"), strict=True):
        assert panel.same(panel.read(line), [(10 + at, 50 + pace * at) for at in range(5)])
        (words,) = [one for one in drawing.texts if one.text == name]
        assert words.colour == line.stroke and words.box.left > box.right
        assert panel.y(words.y - 3) == pytest.approx(50 + 4 * pace, abs=2 * panel.half[1])
    (field,) = panel.fields().values()
    assert sorted({round(y) for x, y in panel.read(field) if abs(x - 14) < 0.1}) == [54, 90]
    for name, value, dashed in (("Milepæl: 65", 65, True), ("Behov: 100", 100, False)):
        (words,) = [one for one in drawing.texts if one.text == name]
        (line,) = [one for one in drawing.lines if one.clip and one.wide == 0.9 and one.stroke == words.colour]
        assert panel.y(line.box.top) == pytest.approx(value, abs=panel.half[1]) and bool(line.dash) == dashed


def test_the_ends_of_paths_that_lie_close_are_named_apart() -> None:
    plan = recruitment()
    close = tuple(replace(line, values=tuple(50.0 + at for at in range(5))) for line in plan.paths)
    drawing = read(replace(plan, paths=close), draw_recruitment)
    heights = sorted(one.y for one in drawing.texts if one.text.endswith(" 54"))
    assert [low - high for high, low in pairwise(heights)] == pytest.approx([12, 12], abs=0.1)
