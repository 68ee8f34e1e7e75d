"""Answers to surveys: shares with k and n, and means with n, in all or at one site beside all others."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import list_text
from reportlib.ledger import Estimate, Ledger
from reportlib.prose.claims import OUT_OF_REGARD
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import others_heading, site_pair
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site
from reportlib.show.pipe_table import Column, markdown, table, with_notes, with_row, with_sources
from reportlib.show.table_cells import Cell
from reportlib.text.markup import escape
from reportlib.text.units import Unit
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import Trial


def survey_answers(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
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
    value = "Andel (pct.)" if share else "Gennemsnit"
    if site:
        names = (known_site(trial, site), others_heading(trial))
        unit = " (pct.)" if share else ""
        columns = [Column(f"{name}{part}") for name in names for part in (unit, ", svar")]
    else:
        columns = [Column(value), *([Column("Antal")] if share else []), Column("Svar i alt" if share else "Svar")]
    made = table(
        id,
        caption or f"{'Andel' if share else 'Gennemsnit'} af svarene fra {list_text(_respondents(trial, measures))}",
        [Column("Spørgsmål", numbers=False), *columns],
        threshold=trial.disclosure.threshold,
    )
    hidden, shown = [], []
    for measure in measures:
        group = component_group(trial, measure)
        rows: tuple[Estimate | None, ...] = (
            site_pair(ledger, measure, group, site) if site else (find(ledger, measure, group=group),)
        )
        if all(row is None for row in rows):
            raise NothingToShowError(f"the ledger has no answers to {measure}", hint="add it to a `shares` analysis")
        if site and all(row is not None and row.hidden for row in rows):
            hidden.append(ledger.measure(measure).label)
            continue
        shown.append(measure)
        made = with_row(made, [cells.text(ledger.measure(measure).label), *_cells(rows, counted=share and not site)])
    if not made.rows:
        return f"Svarene fra {escape(site or '')} kan ikke vises {OUT_OF_REGARD}.\n"
    made = with_sources(made, sources_of(ledger, shown))
    left_out = (
        f"Spørgsmål, hvor svarene ikke kan vises {OUT_OF_REGARD}, er udeladt: {'; '.join(hidden)}" if hidden else ""
    )
    return markdown(with_notes(made, _scale_note(trial, shown), left_out))


def _cells(rows: Sequence[Estimate | None], *, counted: bool) -> list[Cell]:
    made = []
    for row in rows:
        made.append(cells.estimate(row))
        if counted:
            made.append(cells.persons(row, part="k"))
        made.append(cells.persons(row))
    return made


def _respondents(trial: Trial, measures: Sequence[str]) -> list[str]:
    for measure in measures:
        if component_group(trial, measure) not in trial.extracts.surveys:
            raise NothingToShowError(f"{measure} is not an answer to a survey", hint="show it in another table")
    surveys = dict.fromkeys(component_group(trial, measure) for measure in measures)
    return [trial.extracts.surveys[name].respondents for name in surveys]


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
