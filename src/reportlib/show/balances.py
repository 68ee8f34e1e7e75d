"""Are the groups alike before entry, and after matching? Differences of the background, as figures and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportlib.danish import decapitalise, list_text, number_text, p_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import BACKGROUND, DIFFERENCE
from reportlib.prose.method import background_label
from reportlib.prose.quasi import LIMIT_MATCHED, covariate_label
from reportlib.prose.titles import differences_title, found_title, title_of
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    NothingToShowError,
    between,
    definitions_of,
    find,
    headings,
    model_name,
    shown,
    sources_of,
    unit_name,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import Key, RowPlan, Upright, around_zero, draw_rows, mark, row
from reportlib.show.style import said
from reportlib.show.texts import HIDDEN_NOTE, hidden_names, joined
from reportlib.text.origin import count_of, method, with_origin
from reportlib.trial.model import Trial

LIMIT = with_origin(0.25, method("balance-graense"))
"""Normalised differences beyond this call for care (Imbens and Rubin)."""

_METHOD = "Den normaliserede forskel er forskellen i gennemsnit delt med den typiske spredning i de to grupper"


def told_once(rows: Sequence[Estimate]) -> list[Estimate]:
    """The rows without the second of a category that has two values: its share is what the first leaves of hundred."""
    by_column: dict[str, list[Estimate]] = {}
    for one in rows:
        by_column.setdefault(one.subgroup.partition(":")[0], []).append(one)
    second = {pair[1].key for pair in by_column.values() if len(pair) == 2 and _opposite(*pair)}
    return [one for one in rows if one.key not in second]


def _opposite(first: Estimate, second: Estimate) -> bool:
    return (
        first.value is not None and second.value is not None and math.isclose(first.value, -second.value, abs_tol=1e-9)
    )


def balance_figure(ledger: Ledger, trial: Trial) -> Chart:
    """Normalised differences of the background before entry: a dot per characteristic, the limits as dashed lines.

    Raises:
        NothingToShowError: the ledger has no balance, or the trial has no comparison group.
    """
    rows = told_once(ledger.select(measure=BACKGROUND, group=DIFFERENCE, statistic="normalised_difference"))
    if not rows or trial.groups.comparison is None:
        raise NothingToShowError("the ledger has no balance", hint="add a `balance` analysis to trial.yml")
    found = [(background_label(trial, row.subgroup), shown(row)) for row in rows]
    hidden = [background_label(trial, row.subgroup) for row in rows if row.hidden]
    groups = (trial.groups.treated.label, trial.groups.comparison.label)
    drawn = []
    for name, value in found:
        beyond = value is not None and abs(value) > LIMIT
        dot = mark(value, "s" if beyond else "o", "orange" if beyond else "teal")
        drawn.append(row(name, [dot], "skjult" if value is None else number_text(value, 2), share=0.45))
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=around_zero([value for _, value in found], LIMIT),
            axis=said("Normaliseret forskel"),
            uprights=tuple(Upright(limit, "orange", width=0.9) for limit in (-LIMIT, LIMIT)),
        ),
        draw=draw_rows,
        alt=_balance_story(found, groups, hidden),
        finding=_start(ledger, trial),
        caption=f"Forskelle mellem {groups[0]} og {groups[1]} før start",
        sources=sources_of(ledger, [BACKGROUND]),
        notes=[
            _METHOD,
            f"De stiplede linjer står ved ±{number_text(LIMIT, 2)}; forskelle uden for dem er store",
            HIDDEN_NOTE if hidden else "",
        ],
    )


def _balance_story(found: Sequence[tuple[str, float | None]], groups: tuple[str, str], hidden: Sequence[str]) -> str:
    """How far the groups are apart at most, in which direction, and which characteristics lie beyond the limit."""
    known = [(value, label) for label, value in found if value is not None]
    beyond = [label for value, label in known if abs(value) > LIMIT]
    limit = number_text(LIMIT, 2)
    story = ""
    if known:
        value, label = max(known, key=lambda found: abs(found[0]))
        story = f"Den største forskel er {number_text(value, 2)} ({label})."
    return joined(
        f"Punktdiagram over normaliserede forskelle mellem {groups[0]} og {groups[1]} i "
        f"{number_text(count_of([label for label, _ in found]))} kendetegn før start; positive tal betyder højest i "
        f"{groups[0]}.",
        story,
        f"Uden for grænsen på {limit} ligger {list_text(beyond)}."
        if beyond
        else f"Alle viste ligger inden for {limit}.",
        hidden_names(hidden),
    )


def balance_table(ledger: Ledger, trial: Trial) -> Table:
    """One row per characteristic: level in each group, normalised difference, p-value; the joint test in the note.

    Raises:
        NothingToShowError: the ledger has no `balance` analysis.
    """
    differences = told_once(ledger.select(measure=BACKGROUND, group=DIFFERENCE, statistic="difference"))
    if not differences:
        raise NothingToShowError("the ledger has no balance", hint="add a `balance` analysis to trial.yml")
    return Table(
        finding=_start(ledger, trial),
        caption=f"Baggrund før start i {list_text(group.label for group in trial.all_groups)}",
        head="Kendetegn",
        columns=[*headings(trial), "Normaliseret forskel", "p-værdi"],
        rows=[_balance_row(ledger, trial, row) for row in differences],
        sources=sources_of(ledger, [BACKGROUND]),
        notes=[_joint_note(ledger, trial), _METHOD],
        long=True,
    )


def _balance_row(ledger: Ledger, trial: Trial, difference: Estimate) -> list[str]:
    column = difference.subgroup
    levels = [find(ledger, BACKGROUND, group=group.id, subgroup=column) for group in trial.all_groups]
    label = background_label(trial, column)
    unit = next((unit_name(level.unit) for level in levels if level is not None), "")
    return [
        f"{label} ({unit})" if unit else label,
        *cells.levels(levels, difference, trial.design.level),
        cells.estimate(between(ledger, BACKGROUND, "normalised_difference", subgroup=column), 2),
        cells.p_value(difference, level=trial.design.level),
    ]


def _start(ledger: Ledger, trial: Trial) -> str:
    return found_title(trial, "start", _joint(ledger))


def _joint(ledger: Ledger) -> Estimate | None:
    return between(ledger, BACKGROUND, "joint_test")


def _joint_note(ledger: Ledger, trial: Trial) -> str:
    """The joint test over all characteristics, in words that fit its verdict."""
    row = _joint(ledger)
    if row is None or row.hidden or row.p is None:
        return ""
    level = trial.design.level
    verdict = "er der en" if row.p < level else "er der ingen"
    return f"Samlet set {verdict} sikker forskel på grupperne ({p_text(row.p, level=level)})"


def love_plot(ledger: Ledger, trial: Trial, measure: str, against: str) -> Chart:
    """The standardised difference of every covariate before and after matching against a group, the worst first.

    Raises:
        NothingToShowError: the ledger has no such matching.
    """
    before, after = (
        {
            row.subgroup.partition(":")[2]: shown(row)
            for row in ledger.select(measure=measure, group=DIFFERENCE, statistic=statistic)
            if row.subgroup.startswith(f"{against}:")
        }
        for statistic in ("standardised_before", "standardised_after")
    )
    if not before:
        raise NothingToShowError(f"the ledger has no matching of {measure} against {against}")
    found = [
        (covariate_label(ledger, trial, name), before[name], after.get(name))
        for name in sorted(before, key=lambda name: -abs(before[name] or 0.0))
    ]
    drawn = [
        row(
            name,
            [mark(one, "o", "orange", filled=False), mark(two, "o", "teal")],
            "skjult" if two is None else number_text(two, 2),
            share=0.45,
        )
        for name, one, two in found
    ]
    name = next((group.label for group in trial.every_group if group.id == against), against)
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=around_zero([value for _, *both in found for value in both], LIMIT_MATCHED),
            axis=said("Standardiseret forskel"),
            right_heading="Efter",
            keys=(
                Key("o", "orange", said("før matchning"), filled=False),
                Key("o", "teal", said("efter matchning")),
            ),
            uprights=tuple(Upright(limit, "rule", width=0.9) for limit in (-LIMIT_MATCHED, LIMIT_MATCHED)),
        ),
        draw=draw_rows,
        alt=love_story(found),
        finding=matched_title(found),
        caption=f"Balance før og efter matchning med {name}",
        sources=sources_of(ledger, [measure]),
        notes=[
            f"De stiplede linjer viser grænsen {number_text(LIMIT_MATCHED, 1)}",
            "Forskellen er målt i den typiske spredning før matchningen",
        ],
    )


def love_story(found: Sequence[tuple[str, float | None, float | None]]) -> str:
    """The largest differences before and after; `found` is name, before and after."""
    before = [abs(value) for _, value, _ in found if value is not None]
    after = [abs(value) for _, _, value in found if value is not None]
    return joined(
        "Punktdiagram over standardiserede forskelle før og efter matchning.",
        f"Den største forskel er {number_text(max(before, default=0.0), 2)} før og "
        f"{number_text(max(after, default=0.0), 2)} efter.",
    )


def matched_title(found: Sequence[tuple[str, float | None, float | None]]) -> str:
    """On which covariates the matched still differ by more than the limit; empty where one hides."""
    apart = [decapitalise(label) for label, _, value in found if value is not None and abs(value) > LIMIT_MATCHED]
    known = all(value is not None for *_, value in found)
    return title_of("matched-not" if apart else "matched", labels=list_text(apart)) if apart or known else ""


def matched(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """One row per matching: the difference among the matched, and how many could be matched."""
    names = {group.id: group.label for group in trial.every_group}
    rows, matchings = [], []
    for measure in measures:
        for found in ledger.select(measure=measure, group=DIFFERENCE, statistic="matched"):
            matchings.append(found)
            counts = [
                between(ledger, measure, statistic, subgroup=found.subgroup)
                for statistic in ("matched_treated", "matched_others")
            ]
            rows.append(
                [
                    f"{model_name(ledger, trial, measure)} mod {names.get(found.subgroup, found.subgroup)}",
                    *cells.tested(found, trial.design.level),
                    *(cells.estimate(count) for count in counts),
                ]
            )
    return Table(
        finding=differences_title(trial, matchings),
        caption=f"Matchede {trial.groups.treated.some} og andre",
        head="Mål og sammenligning",
        columns=["Forskel", cells.INTERVAL, "p-værdi", f"Matchede {trial.groups.treated.some}", "Andre"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[
            *definitions_of(ledger, measures),
            "Alle er holdt op mod den, der ligner mest; den samme kan bruges flere gange",
        ],
    )
