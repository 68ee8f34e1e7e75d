"""What respondents answer: what matters most to them, and whether one kind of thing matters more than another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportlib.danish import (
    Noun,
    capitalise,
    count_text,
    decapitalise,
    default_decimals,
    list_text,
    number_text,
    round_half_up,
)
from reportlib.ledger import Estimate, Ledger
from reportlib.prose.claims import WordingTable, ranking
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.ranking import tied_groups
from reportlib.prose.estimate_text import exact_value, tal
from reportlib.prose.sections.common import level, measure_of
from reportlib.prose.sections.populations import counted
from reportlib.text.markup import escape
from reportlib.text.origin import count_of, origin_of, with_origin
from reportlib.trial.lookup import computed_as
from reportlib.trial.model import Trial
from reportlib.trial.surveys import SurveyMean

CONTRAST = WordingTable(
    "contrast",
    Wording(
        "above",
        "every item of the first kind prints above every one of the second",
        "{First} ligger {span_first} og dermed over {second}, som ligger {span_second}.",
    ),
    Wording(
        "below",
        "every item of the first kind prints below every one of the second",
        "{First} ligger {span_first} og dermed under {second}, som ligger {span_second}.",
    ),
    Wording(
        "mixed",
        "the two kinds overlap",
        "{First} ligger {span_first} og {second} {span_second}, så der er ikke noget klart skel mellem dem.",
    ),
    Wording("hidden", "items of one kind may not be shown", "{First} kan ikke sammenlignes med {second}."),
)
FORHOLD = Noun("forhold", "forhold", "et")
_NAMED_LAST = 2


def importance(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None, top: int = 3) -> str:
    """The highest means of several items on one scale, the two lowest, and how many have answered."""
    found = [measure_of(trial, measure_id) for measure_id in measures]
    first = computed_as(found[0].id, found[0].computed, SurveyMean)
    rows = [(decapitalise(measure.label), level(ledger, trial, measure)) for measure in found]
    subjects = count_text(count_of(measures), FORHOLD)
    scale = (
        f"{capitalise(counted(found[0], trial).many)} har vurderet betydningen af {subjects} på "
        f"en skala fra {number_text(first.low)} ({decapitalise(first.low_label)}) til {number_text(first.high)} "
        f"({decapitalise(first.high_label)})."
    )
    counts = [row.n for _, row in rows if row.n is not None]
    answered = (
        f"Antallet af svar varierer fra {number_text(min(counts))} til {number_text(max(counts))}." if counts else ""
    )
    leading = ranking(rows, noun="den gennemsnitlige betydning", top=top)
    return " ".join(part for part in (scale, str(leading), _lowest(rows, top), answered) if part) + "\n"


def contrast(
    ledger: Ledger,
    trial: Trial,
    first: Sequence[str],
    second: Sequence[str],
    *,
    names: tuple[str, str],
    site: str | None,
) -> str:
    """Whether all items of one kind are rated above (or below) all of another, decided on the printed means."""
    rows = [[level(ledger, trial, measure_of(trial, measure_id)) for measure_id in kind] for kind in (first, second)]
    parts = {"First": capitalise(names[0]), "second": names[1]}
    every = [row for kind in rows for row in kind]
    if any(row.value is None for row in every):
        return CONTRAST.choose("hidden", every, **parts, span_first="", span_second="").text + "\n"
    one, two = ([_printed(row) for row in kind] for kind in rows)
    wording = "above" if min(one) > max(two) else "below" if max(one) < min(two) else "mixed"
    return CONTRAST.choose(wording, every, **parts, span_first=_span(one), span_second=_span(two)).text + "\n"


def _lowest(rows: Sequence[tuple[str, Estimate]], top: int) -> str:
    """The two lowest, lowest first, with all that tie with them; empty where they could be among the highest."""
    groups = tied_groups(rows)
    last = list(groups.pop()) if groups else []
    if groups and len(last) < _NAMED_LAST:
        last += groups.pop()
    if sum(len(group) for group in groups) < top:
        return ""
    return f"Lavest ligger {list_text([f'{escape(label)} ({tal(row)})' for label, row in last])}."


def _printed(row: Estimate) -> Decimal:
    return with_origin(round_half_up(exact_value(row), default_decimals(row.unit)), origin_of(row.value))


def _span(values: Sequence[Decimal]) -> str:
    low, high = min(values), max(values)
    decimals = max(0, -int(low.as_tuple().exponent))
    if low == high:
        return f"på {number_text(low, decimals)}"
    return f"mellem {number_text(low, decimals)} og {number_text(high, decimals)}"
