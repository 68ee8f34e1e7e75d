"""What documents call for figures of shares that together are everybody: answers, and measures that divide persons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlib.ledger import Ledger
from reportlib.ledger.keys import EVERYONE
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, persons, shown
from reportlib.show.palette import Palette
from reportlib.show.stacked import StackedPlan, complete, hidden_bars_note, rounded_note
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.trial.analyses import Compare
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial


def answers(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    by: str | None = None,
    names: Sequence[str] = (),
    reverse: bool = False,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """How answers are spread, a bar a question; with `by` (the id of a division) a bar a question and subgroup.

    `names` are short names of the subgroups, for figures of several questions: `med praktik`. Colours run from the best
    answer to the worst: `reverse` turns a scale that begins with the worst.

    Raises:
        NothingToShowError: the measures have no common scale, or no `compare` analysis holds them.
    """
    computed = [trial.measure_by_id[measure].computed for measure in measures]
    scales = {tuple(part.answers.items()) for part in computed if isinstance(part, SurveyAnswers)}
    if len(scales) != 1 or not all(isinstance(part, SurveyAnswers) for part in computed):
        raise NothingToShowError("the questions of one figure must be `survey_answers` on one scale")
    scale = dict(reversed(scales.pop()) if reverse else scales.pop())
    rows, values, counts = [], [], []
    for measure in measures:
        for at, (group, subgroup, name) in enumerate(_parts(trial, measure, by)):
            keys = [":".join(part for part in (subgroup, f"svar-{answer}") if part) for answer in scale]
            found = [find(ledger, measure, group=group, subgroup=key) for key in keys]
            if all(row is None for row in found):
                raise NothingToShowError(f"the ledger has no answers to {measure}", hint="add it to a `compare`")
            question = ledger.measure(measure).label
            part = names[at] if names else lower_first(name)
            rows.append(f"{question}, {part}" if by and len(measures) > 1 else name or question)
            values.append(complete([shown(row) for row in found]))
            counts.append(next((persons(row) for row in found if persons(row) is not None), None))
    label = ledger.measure(measures[0]).label if by and len(measures) == 1 else "Svarmuligheder"
    plan = StackedPlan(label, tuple(scale.values()), tuple(rows), tuple(values), tuple(counts))
    return figure_block(
        plan,
        id=id,
        caption=caption or label,
        sources=sources_of(ledger, measures),
        notes=[hidden_bars_note(plan, trial.disclosure.threshold), rounded_note(plan), whole_trial_note(site)],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _parts(trial: Trial, measure: str, by: str | None) -> list[tuple[str, str, str]]:
    """Group, subgroup and name of each bar of a question; no name where the question itself names it."""
    for spec in trial.analyses:
        if isinstance(spec, Compare) and measure in spec.measures and (spec.by.id if spec.by else None) == by:
            if spec.by is None:
                return [(trial.groups.treated.id, "", "")]
            group = spec.group or EVERYONE
            return [(group, f"{spec.by.id}:{value}", _short(name)) for value, name in spec.by.values.items()]
    raise NothingToShowError(f"no `compare` analysis of {trial.id} holds {measure} by {by}")


def _short(name: str) -> str:
    """`besvarelser om borgere i første fase` as the name of a row."""
    return name[:1].upper() + name[1:]


def whole(
    ledger: Ledger,
    trial: Trial,
    rows: dict[str, Sequence[str]],
    categories: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Shares that together are everybody, a measure each: `rows` is name -> measures in the categories' order."""
    found = {
        name: [find(ledger, measure, group=component_group(trial, measure)) for measure in measures]
        for name, measures in rows.items()
    }
    plan = StackedPlan(
        caption,
        tuple(categories),
        tuple(found),
        tuple(complete([shown(row) for row in parts]) for parts in found.values()),
        tuple(persons(parts[0]) for parts in found.values()),
    )
    measures = [measure for parts in rows.values() for measure in parts]
    return figure_block(
        plan,
        id=id,
        caption=caption,
        sources=sources_of(ledger, measures),
        notes=[hidden_bars_note(plan, trial.disclosure.threshold), rounded_note(plan), whole_trial_note(site)],
        folder=folder,
        palette=palette,
        cache=cache,
    )
