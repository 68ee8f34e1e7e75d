"""Monthly numbers of areas in words: where they are lower or higher, and how they have moved."""

from __future__ import annotations

from datetime import date

from reportlib.danish import capitalise, list_text, month_text, number_text, value_text
from reportlib.ledger import Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.claims import WordingTable
from reportlib.prose.claims.base import Wording
from reportlib.prose.sections.common import measure_of
from reportlib.text.units import Unit
from reportlib.trial.lookup import analysis_of
from reportlib.trial.model import Trial
from reportlib.trial.quasi import SeriesAnalysis

SERIES = WordingTable(
    "series",
    Wording(
        "below",
        "lower in every month of the window",
        "{Noun} har i hver måned fra {months} været lavere i de deltagende {sites} end i de øvrige: mellem "
        "{low} og {high}.",
    ),
    Wording(
        "above",
        "higher in every month of the window",
        "{Noun} har i hver måned fra {months} været højere i de deltagende {sites} end i de øvrige: mellem "
        "{low} og {high}.",
    ),
    Wording(
        "mixed",
        "lower in some months and higher in others",
        "Fra {months} har {noun} snart været lavere og snart højere i de deltagende {sites} end i de øvrige: "
        "fra {lowest} til {highest}.",
    ),
)


def months(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Whether the areas that take part lay lower or higher than the others, over the months of the analysis."""
    spec = _series(trial, measure_id)
    low, high = (
        ledger[make_key(measure_id, statistic=statistic, group=DIFFERENCE)] for statistic in ("minimum", "maximum")
    )
    noun = measure_of(trial, measure_id).noun or measure_of(trial, measure_id).label
    if low.value is None or high.value is None:
        return ""
    wording = "below" if high.number < 0 else "above" if low.number > 0 else "mixed"
    sizes = sorted((low, high), key=lambda row: abs(row.number))
    return (
        SERIES.choose(
            wording,
            [low, high],
            Noun=capitalise(noun),
            noun=noun,
            months=f"{month_text(spec.first)} til {month_text(spec.last)}",
            sites=trial.sites.noun.many,
            low=number_text(abs(sizes[0].number), 2),
            high=value_text(abs(sizes[1].number), high.unit, 2),
            lowest=value_text(low.number, low.unit, 2),
            highest=value_text(high.number, high.unit, 2),
        ).text
        + "\n"
    )


def _series(trial: Trial, measure_id: str) -> SeriesAnalysis:
    return analysis_of(trial.analyses, SeriesAnalysis, measure_id)


def change(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None, same_months: bool = False) -> str:
    """How much the number has moved over the window, where the effort took place, elsewhere, and in all.

    `same_months` for a sentence that follows one about the same window.
    """
    spec = _series(trial, measure_id)
    comparison = trial.groups.comparison
    sides = [(trial.groups.treated.id, f"i de deltagende {trial.sites.noun.many}")]
    sides += [(comparison.id, "i de øvrige")] if comparison is not None else []
    sides += [("alle", "på landsplan")]
    rows = [ledger[make_key(measure_id, statistic="change", group=group)] for group, _ in sides]
    noun = measure_of(trial, measure_id).noun or measure_of(trial, measure_id).label
    decimals = 2 if rows[0].unit in (Unit.PCT_POINT, Unit.WEEKS) else 0
    parts = [
        f"{value_text(row.number, row.unit, decimals)} {place}"
        for row, (_, place) in zip(rows, sides, strict=True)
        if row.value is not None
    ]
    start: date = spec.change_from or spec.first
    when = "I samme periode" if same_months else f"Fra {month_text(start)} til {month_text(spec.last)}"
    return f"{when} har {noun} ændret sig med {list_text(parts)}.\n"
