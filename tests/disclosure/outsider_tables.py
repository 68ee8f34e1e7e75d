"""What the rows themselves tell an outsider: bounds, tables that add up, the same persons, weeks, digits of a share.

Every relation is said with its kind, as it is counted in the report of an attack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from outsider_rows import ALL_OF_THEM, COMPARED, NOT_HERE, Row
from outsider_system import System, total

_TOGETHER = (
    ("share_rose", "share_same", "share_fell"),
    ("share_relevant_rose", "share_relevant_same", "share_relevant_fell"),
)
_LEVELS = frozenset({"share", "mean"})


def add_rows(system: System, rows: Sequence[Row], threshold: int, *, zeros_are_shown: bool) -> None:
    """An unknown for every k and n of the rows, with the bounds that follow from what a row is."""
    for row in rows:
        if not row.counts_persons and row.statistic != "difference":
            continue
        for role in row.roles:
            true, released = getattr(row, f"true_{role}"), getattr(row, role)
            exact = released is not None and released == true
            system.add((row.key, role), true, released if exact else None)
            if released is not None and not exact:  # rounded to whole tens or fives, the reader knows to what
                half = 5 if released % 10 == 0 else 2.5
                system.say({(row.key, role): 1}, released - half, released + half, "bounds")
        if row.roles == ["k", "n"] and row.statistic != "count":
            k, n = (row.key, "k"), (row.key, "n")
            system.say({n: 1, k: -1}, 0, np.inf, "bounds")
            if row.value is not None and row.k is None and row.statistic.startswith("share") and system.is_known(n):
                half = _half(row.value)
                persons = (system.known(n) or 0) / 100
                system.say({k: 1}, persons * (row.value - half), persons * (row.value + half), "digits of a share")
        if row.hidden and zeros_are_shown:
            many = row.true_n is None or row.true_n >= threshold
            if "k" in row.roles and many:  # nobody would be shown, and so would everybody
                system.say({(row.key, "k"): 1}, 1, np.inf, "bounds")
                if row.is_share and "n" in row.roles:
                    system.say({(row.key, "n"): 1, (row.key, "k"): -1}, 1, np.inf, "bounds")
        if row.hidden and "n" in row.roles and zeros_are_shown:  # else a row of nobody hides too
            system.say({(row.key, "n"): 1}, 1, np.inf, "bounds")


def _half(value: float) -> float:
    """Half a unit of the last decimal that is told."""
    decimals = len(repr(value).partition(".")[2]) if value != round(value) else 0
    return 0.5 * 10.0**-decimals + 1e-9 if decimals < 6 else 1e-9


def say_tables(system: System, rows: Sequence[Row]) -> None:
    """Sites, others, groups, divisions, answers, measurements, before and after: what adds up."""
    by: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if not row.counts_persons:
            continue
        m, s, g, p, d, t = row.measure, row.statistic, row.group, row.site, row.subgroup, row.time
        by["sites", m, s, g, d, t][p] = row
        by["groups", m, s, p, d, t][g] = row
        if d:
            head = d.rpartition(":")[0]
            by["parts", m, s, g, p, t, head][d] = row
        if d.startswith("antal") or d == "mindst-to":
            by["measurements", m, s, g, p, t][d] = row
        by["place", m, g, p, d, t][s] = row
    at = {(row.measure, row.statistic, *row.place): row for row in rows if row.counts_persons}
    overlapping = _overlapping(by, at)
    for (kind, *_), cells in by.items():
        if kind == "sites" and "" in cells:
            _sites(system, cells)
        elif kind == "groups" and ALL_OF_THEM in cells:
            for role in ("k", "n"):
                _sum(
                    system,
                    [row for group, row in cells.items() if group != ALL_OF_THEM],
                    cells[ALL_OF_THEM],
                    role,
                    "groups",
                )
        elif kind == "parts" and len(cells) > 1:
            first = next(iter(cells.values()))
            whole = at.get((first.measure, first.statistic, first.group, first.site, "", first.time))
            for role in ("k", "n"):
                if whole is not None:
                    more, fewer = overlapping.get((_division(first), role), (False, False))
                    low, high = -np.inf if fewer else 0.0, np.inf if more else 0.0
                    _sum(system, cells.values(), whole, role, "divisions", ends=(low, high))
            if first.is_share and len({row.true_n for row in cells.values()}) == 1:
                for row in cells.values():
                    _sum(system, cells.values(), row, "k", "answers", of="n")
        elif kind == "measurements" and "mindst-to" in cells:
            for role in ("k", "n"):
                _sum(
                    system,
                    [row for d, row in cells.items() if d != "mindst-to"],
                    cells["mindst-to"],
                    role,
                    "measurements",
                )
        elif kind == "place":
            _of_one_place(system, cells)


def _overlapping(
    by: Mapping[tuple[str, ...], dict[str, Row]], at: Mapping[tuple[str, ...], Row]
) -> dict[Any, tuple[bool, bool]]:
    """Divisions whose parts add up to more than all, or to fewer, at a place where all is shown.

    Nobody counts elsewhere on the sum; but where parts overlap and leave nobody out, it is at least all of them.
    """
    found: dict[Any, tuple[bool, bool]] = {}
    for (kind, *_), cells in by.items():
        first = next(iter(cells.values()))
        whole = at.get((first.measure, first.statistic, first.group, first.site, "", first.time))
        if kind == "parts" and whole is not None:
            for role in ("k", "n"):
                parts, together = [getattr(row, role) for row in cells.values()], getattr(whole, role)
                if None not in (*parts, together) and sum(parts) != together:
                    more, fewer = found.get((_division(first), role), (False, False))
                    found[_division(first), role] = more or sum(parts) > together, fewer or sum(parts) < together
    return found


def _division(row: Row) -> tuple[str, ...]:
    return row.measure, row.statistic, row.subgroup.rpartition(":")[0]


def _sites(system: System, cells: dict[str, Row]) -> None:
    whole = cells[""]
    sites = [row for site, row in cells.items() if site and not site.startswith(NOT_HERE)]
    for role in ("k", "n"):
        if sites:
            _sum(system, sites, whole, role, "sites")
        for row in sites:
            if NOT_HERE + row.site in cells:
                _sum(system, [row, cells[NOT_HERE + row.site]], whole, role, "sites")


def _of_one_place(system: System, cells: dict[str, Row]) -> None:
    """Rises, falls and neither; bands among all and among those above zero; before and after; matched and not."""
    for family in _TOGETHER:
        parts = [cells[name] for name in family if name in cells]
        if len(parts) == len(family):
            for row in parts:
                _sum(system, parts, row, "k", "rises and falls", of="n")
    for first, second in (("share_of_all", "share_of_positive"), ("share_relevant_rose", "share_rose")):
        if first in cells and second in cells and first == "share_of_all":
            system.same((cells[first].key, "k"), (cells[second].key, "k"), "divisions")
        elif first in cells and second in cells:
            system.say({(cells[second].key, "k"): 1, (cells[first].key, "k"): -1}, 0, np.inf, "orders")
    if "share_relevant_fell" in cells and "share_fell" in cells:
        terms = {(cells["share_fell"].key, "k"): 1, (cells["share_relevant_fell"].key, "k"): -1}
        system.say(terms, 0, np.inf, "orders")
    if "mean_among_positive" in cells and "mean" in cells:
        system.same((cells["mean_among_positive"].key, "n"), (cells["mean"].key, "k"), "n is a k elsewhere")


def _sum(
    system: System,
    parts: Iterable[Row],
    whole: Row,
    role: str,
    kind: str,
    of: str = "",
    ends: tuple[float, float] = (0, 0),
) -> None:
    terms = total((part.key, role) for part in parts)
    name = (whole.key, of or role)
    terms[name] = terms.get(name, 0.0) - 1.0
    system.say(terms, *ends, kind)


def say_same_persons(system: System, rows: Sequence[Row], sheets: frozenset[str]) -> None:
    """Rows about one population at one place have one n; of a survey only rows of the same item (measure)."""
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if row.counts_persons and "n" in row.roles and row.true_n is not None:
            item = row.measure if row.measure in sheets else ""
            same = first.setdefault((item, row.population, row.place, row.true_n), row)
            system.same((same.key, "n"), (row.key, "n"), "same persons")
    counted = {
        (row.population, row.place): row for row in rows if row.statistic == "count" and row.measure == "personer"
    }
    for row in rows:
        told = counted.get((row.population, (row.group, row.site, "", "")))
        if told is not None and row.counts_persons and "n" in row.roles and not row.time and row.measure not in sheets:
            system.same((row.key, "n"), (told.key, "k"), "n is a k elsewhere")


def say_differences(system: System, rows: Sequence[Row]) -> None:
    """The n of a comparison is that of its groups; a shown difference, ratio or running sum of them gives a level."""
    levels: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic in _LEVELS and row.group not in (COMPARED, ALL_OF_THEM):
            levels[row.measure, row.site, row.subgroup, row.time].append(row)
    for row in rows:
        pair = levels.get((row.measure, row.site, row.subgroup, row.time), [])
        if row.group != COMPARED or len(pair) < 2:
            continue
        if row.statistic == "difference" and "n" in row.roles:
            terms = total((level.key, "n") for level in pair)
            terms[row.key, "n"] = -1.0
            system.say(terms, 0, 0, "n of comparisons")
        if row.value is None or len(pair) != 2 or any(level.statistic != "share" for level in pair):
            continue
        n = [system.known((level.key, "n")) for level in pair]
        if not all(n):
            continue
        for one, other in ((0, 1), (1, 0)):
            terms = {(pair[one].key, "k"): 100 / n[one], (pair[other].key, "k"): -100 / n[other]}
            if row.statistic == "difference":
                half = _half(row.value)
                if system.say(terms, row.value - half, row.value + half, "differences"):
                    break
            if row.statistic == "relative_change":
                half, factor = _half(row.value), 1 + row.value / 100
                terms = {(pair[one].key, "k"): 1.0, (pair[other].key, "k"): -factor * n[one] / n[other]}
                slack = half / 100 * n[one]
                if system.say(terms, -slack, slack, "differences"):
                    break
    _running_sums(system, rows, levels)


def _running_sums(system: System, rows: Sequence[Row], levels: dict[tuple[str, ...], list[Row]]) -> None:
    sums: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        if row.statistic == "accumulated" and row.week is not None and row.value is not None:
            sums[row.measure][row.week] = row
    for measure, by_week in sums.items():
        for first, last in pairwise([0, *sorted(by_week)]):
            between = [levels.get((measure, "", "", f"uge{week}"), []) for week in range(first + 1, last + 1)]
            if any(len(pair) != 2 or any(level.statistic != "share" for level in pair) for pair in between):
                continue
            n = [[system.known((level.key, "n")) for level in pair] for pair in between]
            if not all(all(pair) for pair in n):
                continue
            before = by_week[first].value or 0.0 if first else 0.0
            gained = (by_week[last].value or 0.0) - before
            half = _half(by_week[last].value or 0.0) + (_half(before) if first else 0.0)
            for sign in (1.0, -1.0):
                terms: dict[tuple[str, str], float] = {}
                for (one, other), (n_one, n_other) in zip(between, n, strict=True):
                    terms[one.key, "k"] = sign / n_one
                    terms[other.key, "k"] = -sign / n_other
                if system.say(terms, gained - half, gained + half, "running sums"):
                    break


def say_weeks(system: System, rows: Sequence[Row], cumulative: frozenset[str]) -> None:
    """Who is followed only falls; of a measure that nobody leaves, those who have not got there only fall."""
    curves: dict[tuple[str, ...], dict[int, Row]] = defaultdict(dict)
    for row in rows:
        if row.counts_persons and row.week is not None and row.statistic in ("share", "mean", "count", "recruited"):
            curves[row.measure, row.statistic, row.group, row.site, row.subgroup][row.week] = row
    for (measure, statistic, *_), by_week in curves.items():
        for week, later in pairwise(sorted(by_week)):
            now, then = by_week[week], by_week[later]
            if "n" in now.roles and measure not in ("recruited",):
                system.say({(now.key, "n"): 1, (then.key, "n"): -1}, 0, np.inf, "n that only falls")
            if measure == "fulgt":
                system.say({(now.key, "k"): 1, (then.key, "k"): -1}, 0, np.inf, "n that only falls")
            if statistic == "recruited":
                system.say({(then.key, "k"): 1, (now.key, "k"): -1}, 0, np.inf, "cannot fall")
            elif measure in cumulative and now.roles == ["k", "n"]:
                terms = {(now.key, "n"): 1, (now.key, "k"): -1, (then.key, "n"): -1, (then.key, "k"): 1}
                system.say(terms, 0, np.inf, "cannot fall")


def say_measurements(system: System, rows: Sequence[Row]) -> None:
    """How many have each measurement, how many stop at it, and how many lack the first."""
    of: dict[tuple[str, str], dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        of[row.measure, row.group][row.statistic][row.time] = row
    for by in of.values():
        if "last_reached" not in by:
            continue
        everybody = by["count"].get("")
        parts = by["last_reached"]
        if everybody is not None:
            _sum(system, parts.values(), everybody, "k", "measurements")
            without = by["without_first"].get("")
            first = by["count"].get("maaling1")
            if without is not None and first is not None:
                _sum(system, [without, first], everybody, "k", "without the first")
        times = sorted(parts)
        for at, time in enumerate(times):
            here = by["count"].get(time)
            if here is None:
                continue
            system.say({(here.key, "k"): 1, (parts[time].key, "k"): -1}, 0, np.inf, "orders")
            terms = total((parts[later].key, "k") for later in times[at:])
            terms[here.key, "k"] = -1.0
            system.say(terms, 0, np.inf, "orders")
        if times and by["count"].get(times[-1]) is not None:
            system.same((by["count"][times[-1]].key, "k"), (parts[times[-1]].key, "k"), "measurements")


def say_matched(system: System, rows: Sequence[Row]) -> None:
    """The matched are some of the treated of the same population, who are counted elsewhere."""
    told = [row for row in rows if row.counts_persons and not row.site and not row.subgroup and not row.time]
    for row in (row for row in rows if row.statistic == "matched_treated"):
        for other in told:
            if other.population == row.population or other.measure == row.measure:
                for role in other.roles:
                    system.say({(row.key, "k"): 1.0, (other.key, role): -1.0}, -np.inf, 0, "orders")


def say_exits(system: System, rows: Sequence[Row]) -> list[tuple[str, str, int, int]]:
    """Points of curves, rates, numbers at risk and hazards are sums of who leaves in which week.

    Gives the spans of weeks of which a few may have left: (measure, group, first week, last week).
    """
    curves: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic in ("survival", "exit_rate", "at_risk"):
            curves[row.measure, row.group].append(row)
    spans: list[tuple[str, str, int, int]] = []
    for (measure, group), of_curve in curves.items():
        last = max(_span(row)[1] for row in of_curve)
        for week in range(1, last + 2):
            system.add(("left", measure, group, week), None)
            system.add(("risk", measure, group, week), None)

        def left(first: int, until: int, of: tuple[str, str] = (measure, group)) -> dict:
            return {("left", *of, week): 1.0 for week in range(first, until + 1)}

        def risk(week: int, of: tuple[str, str] = (measure, group)) -> tuple:
            return ("risk", *of, week)

        for week in range(1, last + 1):
            terms = {risk(week): 1.0, ("left", measure, group, week): -1.0, risk(week + 1): -1.0}
            system.say(terms, 0, np.inf, "weeks of curves")
        since = 0
        points = sorted((_span(row)[0], row.key, row) for row in of_curve if row.statistic == "survival")
        for week, _, row in points:
            system.say({risk(week): 1.0, (row.key, "n"): -1.0}, 0, 0, "weeks of curves")
            if not row.hidden:
                system.say({**left(since + 1, week), (row.key, "k"): -1.0}, 0, 0, "weeks of curves")
                spans += [(measure, group, inside, inside) for inside in range(since + 1, week + 1)]
                since = week
        for row in of_curve:
            first, until = _span(row)
            if row.statistic == "at_risk":
                system.say({risk(first): 1.0, (row.key, "k"): -1.0}, 0, 0, "weeks of curves")
            if row.statistic == "exit_rate":
                system.say({**left(first, until), (row.key, "k"): -1.0}, 0, 0, "weeks of curves")
                system.say({risk(first): 1.0, (row.key, "n"): -1.0}, 0, 0, "weeks of curves")
                if row.value and row.k:
                    half = _half(row.value)
                    at_risk = {risk(week): 1.0 for week in range(first, until + 1)}
                    low, high = 100 * row.k / (row.value + half), 100 * row.k / max(row.value - half, 1e-9)
                    system.say(at_risk, low, high, "weeks of curves")
    _hazards(system, rows, curves)
    return spans


def _hazards(system: System, rows: Sequence[Row], curves: dict[tuple[str, str], list[Row]]) -> None:
    hazards: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic == "hazard_ratio" and row.true_k is not None:
            system.add((row.key, "k"), row.true_k, row.k)
            hazards[row.measure].append(row)
    for measure, of_measure in hazards.items():
        whole = next((row for row in of_measure if not row.time and not row.subgroup), None)
        parts = [row for row in of_measure if row.time]
        if whole is not None and parts:
            _sum(system, parts, whole, "k", "hazards")
        for row in of_measure:
            for (of, _), curve in curves.items():
                rates = [rate for rate in curve if rate.statistic == "exit_rate"]
                if of != measure or not rates:
                    continue
                first, until = _span(row) if row.time else (1, 10**6)
                inside = [rate for rate in rates if first <= _span(rate)[0] and _span(rate)[1] <= until]
                _sum(system, inside, row, "k", "hazards")


def _span(row: Row) -> tuple[int, int]:
    first, dash, last = row.time.removeprefix("uge").partition("-")
    return int(first), int(last) if last else (10**6 if dash else int(first))
