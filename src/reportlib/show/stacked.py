"""Shares that together are everybody, as one bar a row: how answers are spread, and who went up, down or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportlib.danish import NBSP, decapitalise, list_text, number_text, sums_as_printed
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import AT_LEAST_TWO, with_count
from reportlib.prose.estimate_text import fewer_than
from reportlib.prose.titles import differences_title, extremes_title, found_title
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    between,
    find,
    level_at,
    persons,
    shown,
    some_of,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.row_chart import PER_CENT, Bar, Frame, Key, RowPlan, draw_rows, row
from reportlib.show.style import said
from reportlib.show.texts import joined, stop
from reportlib.text.origin import Origin, count_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import Scales
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial, compare_of, computed_as, parts_of, scales_of

# Fill and the colour of the text on it, from the best answer to the worst, by the number of categories. An odd scale
# has a middle and two directions from it, of which the worse is hatched: in grey its fills are those of the better.
# An even one is more or less of one thing, darkest where it is most.
_HATCHED = frozenset({"orange", "orange-mid"})
_COLOURS: dict[int, tuple[tuple[str, str], ...]] = {
    2: (("teal", "paper"), ("line", "ink")),
    3: (("teal", "paper"), ("line", "ink"), ("orange", "paper")),
    4: (("navy", "paper"), ("teal", "paper"), ("teal-mid", "ink"), ("line", "ink")),
    5: (("teal", "paper"), ("teal-mid", "ink"), ("line", "ink"), ("orange-mid", "ink"), ("orange", "paper")),
}
_BAR = 13.0
_ROOM_FOR_NUMBER = 5.0
"""Per cent of the bar that a number of two digits needs."""

MOVES = {"rose": "Fremgang", "same": "Uændret", "fell": "Tilbagegang"}
"""From first to last measurement, by the name in the statistic."""

Bars = Sequence[tuple[str, Sequence[Estimate | None]]]
"""The bars of a figure: name and rows, one for each category."""


def stacked(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    label: str,
    categories: Sequence[str],
    bars: Bars,
    note: str = "",
    finding: str = "",
) -> Chart:
    """A bar of 100 pct. a row, its parts in the order of the key, numbers inside and n to the right.

    Raises:
        NothingToShowError: there is one bar only.
    """
    if len(bars) < 2:
        raise NothingToShowError("one bar is a few numbers and no figure", hint="say them in the text")
    colours = _COLOURS[len(categories)]
    drawn, told, hidden, apart, unnumbered = [], [], [], False, False
    for name, found in bars:
        values = complete([shown(part) for part in found])
        count = next((persons(part) for part in found if persons(part) is not None), None)
        parts: list[Bar | Frame] = []
        left = 0.0
        for value, (fill, ink) in zip(values, colours, strict=False):
            number = said(number_text(value, 0)) if value >= _ROOM_FOR_NUMBER else None
            unnumbered = unnumbered or (number is None and value > 0)
            hatched = fill in _HATCHED
            parts.append(Bar(left, left + value, fill, "paper", _BAR, number, ink, hatched=hatched, value=value))
            left += value
        if values:
            parts.append(Frame(0.0, left, _BAR))
        drawn.append(row(name, parts, "skjult" if count is None else number_text(count), share=0.45))
        if values:
            shares = zip(categories, values, strict=True)
            told.append(f"{name}: {', '.join(f'{part} {number_text(value, 0)}{NBSP}pct.' for part, value in shares)}")
            apart = apart or not sums_as_printed(values, 100)
        else:
            hidden.append(name)
    few = fewer_than(trial.disclosure.threshold)
    asked = label if label.endswith("?") else f"{label}:"  # a question keeps its mark
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=PER_CENT,
            axis=said(AXIS_TEXTS[Unit.PCT]),
            right_heading="Antal",
            keys=tuple(
                Key("s", fill, said(name), hatched=fill in _HATCHED)
                for (fill, _), name in zip(colours, categories, strict=True)
            ),
            row_height=20.0,
            key_colour="ink",
        ),
        draw=draw_rows,
        alt=joined(
            f"Stablet søjlediagram. {asked} {list_text(categories)}.",
            stop("; ".join(told)) if told else "",
            f"Skjult af hensyn til anonymitet: {'; '.join(hidden)}." if hidden else "",
        ),
        finding=finding,
        caption=label,
        sources=sources_of(ledger, measures),
        notes=[
            note,
            f"En søjle er skjult, når en af dens dele hviler på {few}" if hidden else "",
            _ROUNDED if apart else "",
            "Dele, der er for smalle til et tal, står uden" if unnumbered else "",
        ],
    )


_ROUNDED = (
    "På grund af afrunding giver tallene i en række ikke altid hundrede, og lagt sammen kan de afvige med én fra "
    "tallet i teksten"
)


def complete(values: Sequence[float | None]) -> list[float]:
    """The values, or none of them where one is missing: a gap in a bar would give the missing one back."""
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else []


def answers_figure(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    by: str | None = None,
    names: Sequence[str] = (),
    reverse: bool = False,
    ranked: Sequence[str] = (),
) -> Chart:
    """How answers are spread, a bar a question; with `by` (the id of a division) a bar a question and subgroup.

    `names` are short names of the subgroups, for figures of several questions: `med praktik`. Colours run from the best
    answer to the worst: `reverse` turns a scale that begins with the worst. `ranked` are the shares that say which
    question is answered best, for the title; with `by` it says what the tests of the subgroups found.

    Raises:
        NothingToShowError: the measures have no common scale.
        MissingAnalysisError: no `compare` analysis holds them.
    """
    scale = scale_of(trial, measures)
    scale = dict(reversed(list(scale.items()))) if reverse else scale
    bars = []
    for measure in measures:
        question = ledger.measure(measure).label
        for at, (group, subgroup, name) in enumerate(_parts(trial, measure, by)):
            keys = [":".join(part for part in (subgroup, f"svar-{answer}") if part) for answer in scale]
            found = [find(ledger, measure, group=group, subgroup=key) for key in keys]
            some_of(found, f"answers to {measure}", "add it to a `compare`")
            part = names[at] if names else decapitalise(name)
            bars.append((f"{question}, {part}" if by and len(measures) > 1 else name or question, found))
    label = ledger.measure(measures[0]).label if by and len(measures) == 1 else "Svarmuligheder"
    if by:
        tests = [between(ledger, one, "test", subgroup=by) for one in measures]
        finding = differences_title(trial, tests)
    else:
        shares = [(ledger.measure(one).label, level_at(ledger, trial, one)) for one in ranked]
        finding = extremes_title([(label, row) for label, row in shares if row is not None])
    return stacked(ledger, trial, measures, label, list(scale.values()), bars, finding=finding)


def scale_of(trial: Trial, measures: Sequence[str]) -> Mapping[str, str]:
    """Answer -> label of the one scale the measures share.

    Raises:
        NothingToShowError: a measure is no `survey_answers`, or they have several scales.
    """
    scales = []
    for measure in measures:
        computed = trial.measure_by_id[measure].computed
        if not isinstance(computed, SurveyAnswers):
            raise NothingToShowError(f"{measure} is no `survey_answers`", hint="use `compared` for shares")
        scales.append(computed.answers)
    if any(list(scale.items()) != list(scales[0].items()) for scale in scales):
        raise NothingToShowError("the questions have several scales", hint="make a figure for each")
    return scales[0]


def _parts(trial: Trial, measure: str, by: str | None) -> list[tuple[str, str, str]]:
    """Group, subgroup and name of each bar of a question; no name where the question itself names it."""
    parts = parts_of(compare_of(trial, measure, by)) or [(trial.groups.treated.id, "", "")]
    return [(group, subgroup, name[:1].upper() + name[1:]) for group, subgroup, name in parts]


def moves(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Chart:
    """Who went up, down or neither from first to last: one measure by number of measurements, or several in all."""
    spec = scales_of(trial, measures[0])
    survey, alone = trial.group_of(measures[0]), len(measures) == 1
    numbers = list(numbering(trial, spec).values())
    places = [*map(with_count, range(2, len(numbers) + 1)), AT_LEAST_TWO] if alone else [AT_LEAST_TWO]
    bars = []
    for measure in measures:
        for place in places:
            parts = [find(ledger, measure, statistic=f"share_{way}", group=survey, subgroup=place) for way in MOVES]
            bars.append((filled_in(place, parts, numbers) if alone else ledger.measure(measure).label, parts))
    about = f"{ledger.measure(measures[0]).label}: fra" if alone else "Fra"
    note = "Rækkerne er delt efter, hvor mange målinger der er udfyldt" if alone else ""
    found = [find(ledger, one, statistic="sign_test", group=survey, subgroup=AT_LEAST_TWO) for one in measures]
    rose, _, fell = (0.0 if row is None else row.value or 0.0 for row in parts)  # those of the last bar: everybody
    finding = found_title(trial, "moves", found[0], up=rose > fell) if alone else differences_title(trial, found)
    label = f"{about} første til seneste måling"
    return stacked(ledger, trial, measures, label, list(MOVES.values()), bars, note, finding)


def filled_in(subgroup: str, parts: Sequence[Estimate | None], numbers: Sequence[str]) -> str:
    """The name of the row of those with so many measurements; the number is the rows' own, or counts `numbers`."""
    number = subgroup.removeprefix("antal")
    if not number.isdecimal():
        return "Alle med mindst to målinger"
    row = next((row for row in parts if row is not None), None)
    known = count_of(numbers[: int(number)]) if row is None else with_origin(int(number), Origin(row.key, "subgroup"))
    return f"{number_text(known)}{NBSP}målinger"


def numbering(trial: Trial, spec: Scales) -> Mapping[str, str]:
    """Number -> name of each measurement."""
    return computed_as(spec.counts, trial.measure_by_id[spec.counts].computed, SurveyAnswers).answers
