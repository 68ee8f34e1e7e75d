"""How many persons are still followed, week by week."""

from __future__ import annotations

from reportlib.ledger import Ledger
from reportlib.ledger.keys import FOLLOWED
from reportlib.show.curves import line_of
from reportlib.show.ledger_rows import NothingToShowError, by_week
from reportlib.show.week_curves import COMPARISON, TREATED, LevelsPlan
from reportlib.trial.model import Trial


def plan_followed(ledger: Ledger, trial: Trial) -> LevelsPlan:
    """The number followed in each group and week, drawn as steps.

    Raises:
        NothingToShowError: the ledger has no counts.
    """
    rows = {
        group.id: by_week(ledger.select(measure=FOLLOWED, group=group.id, statistic="count", site=""))
        for group in trial.all_groups
    }
    if not any(rows.values()):
        raise NothingToShowError("the ledger does not say how many are followed", hint="run `reportlib analyse` again")
    entry = ledger.measure(FOLLOWED)
    lines = tuple(
        line_of(group.label, colour, rows[group.id])
        for group, colour in zip(trial.all_groups, (TREATED, COMPARISON), strict=False)
    )
    return LevelsPlan(label=entry.label, unit=entry.unit, lines=lines, step=True)
