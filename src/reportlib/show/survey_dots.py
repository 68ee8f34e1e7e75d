"""Answers to a survey: dots on their scale with intervals, and tables with k and n; one site beside all others."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import others_than
from reportlib.prose.estimate_text import HIDDEN_SIGN
from reportlib.prose.titles import extremes_title
from reportlib.prose.wording import OUT_OF_REGARD
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    absent,
    find,
    interval,
    known_site,
    others_heading,
    persons,
    shown,
    site_pair,
    some_of,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import PER_CENT, Key, Mark, Row, RowPlan, Stretch, draw_rows, mark, row, stretch
from reportlib.show.style import Scale, said, value_scale
from reportlib.show.texts import HIDDEN_NOTE, joined, level_text, no_interval_note, stop
from reportlib.text.markup import escape
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import RULES, Unit
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import Trial

_SERIES = (("o", "deltager", True, 6.0), ("D", "neutral", False, 5.0))
"""Marker, colour, filling and size of the first and the second series."""

_Answer = tuple[str, tuple[Estimate | None, ...]]
"""A question and its rows: in all, or of a site and all others."""


def survey_means(
    ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None, sort: bool = True
) -> Chart:
    """Means (or shares) of several answers as dots with intervals, highest first; with `site` beside all other sites.

    A site that can show fewer than half of its answers gets the whole trial's figure, and is told why.

    Raises:
        NothingToShowError: no rows, several units or scales, or no such site.
    """
    answers, too_few = _answers(ledger, trial, measures, site), ""
    if site and 2 * sum(rows[0] is not None and rows[0].hidden for _, rows in answers) > len(answers):
        whole = f"her står tallene for hele {trial.design.undertaking}"
        too_few = f"De fleste af tallene for {site} vises ikke {OUT_OF_REGARD}; {whole}"
        answers, site = _answers(ledger, trial, measures, None), None
    if sort:
        answers.sort(key=lambda answer: _order(answer[1]))
    units = {ledger.measure(measure).unit for measure in measures}
    scales = {_scale(trial, measure) for measure in measures}
    if len(units) != 1 or len(scales) != 1:
        raise NothingToShowError(
            "the measures of a survey figure must have one unit and one scale", hint="make a figure for each scale"
        )
    unit, (low, low_label, high, high_label) = units.pop(), scales.pop()
    scale, axis, others = _axis(unit, low, high), AXIS_TEXTS[unit], f"øvrige {trial.sites.noun.many}"
    if low_label:
        axis = f"{number_text(low)} = {low_label}, {number_text(high)} = {high_label}"
    names = (site, others) if site else ()
    kind = "Pct." if unit is Unit.PCT else "Gennemsnit"
    rows = [row for _, rows in answers for row in rows]
    return Chart(
        plan=RowPlan(
            rows=tuple(_drawn(label, rows, unit, scale) for label, rows in answers),
            scale=scale,
            axis=said(axis),
            right_heading="Svar (n)" if site else f"{kind} (n)",
            keys=tuple(
                Key(marker, colour, said(capitalise(name)), filled=filled)
                for name, (marker, colour, filled, _) in zip(names, _SERIES, strict=False)
            ),
            row_height=18.0 if site else 16.0,
        ),
        draw=draw_rows,
        alt=_story(answers, unit, names, f"{number_text(low)} ({low_label}) til {number_text(high)} ({high_label})"),
        finding="" if site else extremes_title([(label, row) for label, (row,) in answers if row is not None]),
        caption=_caption(trial, measures, unit),
        whose=f": {site} og {others}" if site else "",
        sources=sources_of(ledger, measures),
        notes=[
            "Den vandrette streg viser den statistiske usikkerhed",
            f"Tallene til højre er antallet af svar: {site} / {others}"
            if site
            else "Tallet i parentes er antallet af svar",
            no_interval_note((shown(row), interval(row)[0]) for row in rows),
            _hidden_note(rows, beside=bool(site)),
            too_few,
        ],
    )


def _answers(ledger: Ledger, trial: Trial, measures: Sequence[str], site: str | None) -> list[_Answer]:
    places = (known_site(trial, site), others_than(site)) if site else ("",)
    answers = []
    for measure in measures:
        group = trial.group_of(measure)
        rows = tuple(find(ledger, measure, group=group, site=place) for place in places)
        some_of(rows, f"answers to {measure}", "add it to a `shares` analysis")
        answers.append((ledger.measure(measure).label, rows))
    return answers


def _order(rows: Sequence[Estimate | None]) -> tuple[bool, float]:
    first = next((value for row in rows if (value := shown(row)) is not None), None)
    return (first is None, -(first or 0.0))


def _scale(trial: Trial, measure: str) -> tuple[float, str, float, str]:
    computed = trial.measure_by_id[measure].computed
    if isinstance(computed, SurveyMean):
        low, high = (with_origin(float(end), origin_of(end)) for end in (computed.low, computed.high))
        return low, computed.low_label, high, computed.high_label
    return 0.0, "", 100.0, ""


def _axis(unit: Unit, low: float, high: float) -> Scale:
    if unit is Unit.PCT:
        return PER_CENT
    span = high - low
    if span <= 12 and span == int(span):
        return Scale(low, high, tuple(low + step for step in range(int(span) + 1)), 0)
    inside = value_scale([low, high], from_zero=False, headroom=0.0)
    return Scale(low, high, tuple(tick for tick in inside.ticks if low <= tick <= high), inside.decimals)


def _drawn(label: str, rows: Sequence[Estimate | None], unit: Unit, scale: Scale) -> Row:
    """The first series above the second, each with its interval; value and n to the right, or both n: `24 / 290`."""
    parts: list[Mark | Stretch | None] = []
    for answer, up, (marker, colour, filled, size) in zip(
        rows, (4.0, -4.0) if len(rows) > 1 else (0.0,), _SERIES, strict=False
    ):
        low, high = interval(answer)
        if shown(answer) is not None and low is not None and high is not None:
            parts.append(stretch(max(low, scale.low), min(high, scale.high), colour, up=up))
        parts.append(mark(shown(answer), marker, colour, filled=filled, size=size, up=up))
    counts = [persons(answer) for answer in rows]
    if len(rows) > 1:
        right = " / ".join(HIDDEN_SIGN if count is None else number_text(count) for count in counts)
    elif (value := shown(rows[0])) is None:
        right = absent(rows[0])
    else:
        count = "–" if counts[0] is None else number_text(counts[0])
        right = f"{number_text(value, RULES[unit].decimals)} ({count})"
    return row(label, parts, right, share=0.42)


def _caption(trial: Trial, measures: Sequence[str], unit: Unit) -> str:
    """`Andel af svarene fra borgerne`; only what the numbers are where they are no answers."""
    surveys, kind = trial.extracts.surveys, "Andel" if unit is Unit.PCT else "Gennemsnit"
    groups = dict.fromkeys(trial.group_of(measure) for measure in measures)
    asked = [surveys[group].respondents for group in groups if group in surveys]
    return f"{kind} af svarene fra {list_text(asked)}" if asked else kind


def _hidden_note(rows: Sequence[Estimate | None], *, beside: bool) -> str:
    if not any(row is not None and row.hidden for row in rows):
        return ""
    return f"{HIDDEN_NOTE} ({HIDDEN_SIGN})" if beside else HIDDEN_NOTE


def _story(answers: Sequence[_Answer], unit: Unit, names: Sequence[str], ends: str) -> str:
    """Every answer with its value as ordered in the figure, and the hidden ones by name."""
    places = [_order(rows) for _, rows in answers]
    ordered = ", ordnet med det højeste først" if places == sorted(places) else ""
    what = "andele i procent" if unit is Unit.PCT else f"gennemsnit på en skala fra {ends}"
    beside = f" for {names[0]} og {names[1]}" if names else ""
    told, hidden = [], []
    for label, rows in answers:
        values = [shown(row) for row in rows]
        if all(value is None for value in values):
            hidden.append(label)
        else:
            words = ["skjult" if value is None else level_text(value, unit) for value in values]
            told.append(f"{label}: {' mod '.join(words)}")
    return joined(
        f"Punktdiagram over {what}{beside}{ordered}.",
        stop("; ".join(told)) if told else "",
        f"Skjult af hensyn til anonymitet: {'; '.join(hidden)}." if hidden else "",
    )


def survey_answers(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """One row per answer: share in per cent with k and n, or mean with n; all measures must have one unit.

    With `site`, the site stands beside all other sites (value and n). Questions of which neither can be shown are named
    in the note; a sentence stands instead of a table without any.

    Raises:
        NothingToShowError: the measures have several units, or the ledger lacks one, or no such site.
    """
    units = {ledger.measure(measure).unit for measure in measures}
    if len(units) != 1:
        raise NothingToShowError(
            f"the measures {list_text(measures, last='og')} have not one unit", hint="make a table for each unit"
        )
    share = units == {Unit.PCT}
    if site:
        names, unit = (known_site(trial, site), others_heading(trial)), " (pct.)" if share else ""
        columns = [f"{name}{part}" for name in names for part in (unit, ", svar")]
    else:
        columns = ["Andel (pct.)", "Antal", "Svar i alt"] if share else ["Gennemsnit", "Svar"]
    rows, hidden, kept = [], [], []
    for measure in measures:
        group, label = trial.group_of(measure), ledger.measure(measure).label
        found: tuple[Estimate | None, ...] = (
            site_pair(ledger, measure, group, site) if site else (find(ledger, measure, group=group),)
        )
        some_of(found, f"answers to {measure}", "add it to a `shares` analysis")
        if site and all(row is not None and row.hidden for row in found):
            hidden.append(label)
            continue
        kept.append(measure)
        counted = share and not site
        rows.append([label, *(cell for answer in found for cell in _cells(answer, counted=counted))])
    left_out = f"Spørgsmål, hvor svarene ikke kan vises {OUT_OF_REGARD}, er udeladt: {'; '.join(hidden)}"
    return Table(
        caption=_caption(trial, measures, units.pop()),
        head="Spørgsmål",
        columns=columns,
        rows=rows,
        sources=sources_of(ledger, kept),
        notes=[_scale_note(trial, kept), left_out if hidden else ""],
        instead="" if rows else f"Svarene fra {escape(site or '')} kan ikke vises {OUT_OF_REGARD}.\n",
    )


def _cells(answer: Estimate | None, *, counted: bool) -> list[cells.Cell]:
    k = [cells.persons(answer, part="k")] if counted else []
    return [cells.estimate(answer), *k, cells.persons(answer)]


def _scale_note(trial: Trial, measures: Sequence[str]) -> str:
    """The scale the means are on, once."""
    scales = {
        (part.low, part.low_label, part.high, part.high_label)
        for measure in measures
        if isinstance(part := trial.measure_by_id[measure].computed, SurveyMean)
    }
    if len(scales) != 1:
        return ""
    low, low_label, high, high_label = scales.pop()
    return f"Skala fra {low} ({low_label}) til {high} ({high_label})"
