"""What trial.yml (and any report, in words) says of measures that count the same persons, some of them, or all of them.

The catalogue is read as plain YAML, as anybody would read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from outsider_rows import Row, half
from outsider_system import System

Record = Mapping[str, Any]

_CUMULATIVE = frozenset({"run", "running_total"})
_HAS_ANY = {  # how a number per person tells whether there is any: the share that says the same
    "weeks_with": "ever",
    "share_of_weeks": "ever",
    "mean_of_weeks": "ever",
    "event_count": "event_ever",
    "ever": "ever",
    "event_ever": "event_ever",
    "before": "before",
}


@dataclass(frozen=True)
class Catalogue:
    """Measures and populations by id."""

    measures: Mapping[str, Record]
    populations: Mapping[str, Record] = field(default_factory=dict)

    @property
    def sheets(self) -> frozenset[str]:
        """Measures of answer sheets, of which each lacks other answers."""
        return frozenset(name for name, of in self.measures.items() if str(_how(of).get("kind")).startswith("survey"))

    @property
    def cumulative(self) -> frozenset[str]:
        """Measures that nobody leaves who has got there."""
        return frozenset(name for name, of in self.measures.items() if _how(of).get("kind") in _CUMULATIVE)

    def codes(self, measure: str) -> frozenset[str]:
        """The code groups of a weekly share of them; whether there are hours."""
        how = _how(self.measures.get(measure, {}))
        if how.get("kind") == "dream":
            return frozenset(str(group) for group in how["groups"])
        if how.get("kind") == "paid_hours":
            return frozenset({"with hours"})
        if how.get("kind") == "running_total":
            return self.codes(how["measure"])
        return frozenset({f"measure {measure}"})

    def any_of(self, measure: str) -> tuple[tuple[Any, ...], frozenset[str]] | None:
        """Of a measure that says whether persons have any of something: in which frame, and of what."""
        of = self.measures.get(measure, {})
        how = _how(of)
        kind = _HAS_ANY.get(str(how.get("kind")))
        if kind is None:
            return None
        frame = (kind, *(str(how.get(name, "")) for name in ("weeks", "before", "since", "first_week")))
        if kind == "event_ever":
            things = frozenset(map(str, how["events"]))
        else:
            named = how.get("of") or how.get("measure")
            named = [named] if isinstance(named, str) else list(named)
            things = frozenset().union(*(self.codes(name) for name in named))
        return (frame, str(of.get("population") or "")), things


def _how(measure: Record) -> Record:
    return measure.get("from") or {}


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue of a trial.yml."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Catalogue(
        {of["id"]: of for of in document.get("measures", [])},
        {of["id"]: of for of in document.get("populations", None) or []},
    )


Places = Mapping[tuple[str, str], list[Row]]


def say_labels(system: System, rows: Sequence[Row], catalogue: Catalogue) -> None:
    """All that follows from how the measures are made."""
    of_measure: dict[str, dict[tuple[str, str], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.counts_persons:
            of_measure[row.measure][row.group, row.site].append(row)
    _populations(system, of_measure, catalogue)
    _anything(system, of_measure, catalogue)
    _weekly(system, of_measure, catalogue)
    _answers(system, of_measure, catalogue)
    _changes_of_hours(system, of_measure, catalogue)
    _before_and_after(system, rows)


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.subgroup and not row.time and row.statistic in ("share", "mean")]


def _populations(system: System, of_measure: Mapping[str, Places], catalogue: Catalogue) -> None:
    """Of whom one measure holds are the persons of another; and how many they are is counted too."""
    for name, population in catalogue.populations.items():
        counted = {
            (row.group, row.site): row
            for here in of_measure.get("personer", {}).values()
            for row in here
            if row.subgroup == name
        }
        members = [measure for measure, of in catalogue.measures.items() if of.get("population") == name]
        for condition, role in (("having", "k"), ("without", "n-k")):
            for place, told in of_measure.get(str(population.get(condition) or ""), {}).items():
                for share in _plain(told):
                    wanted = {(share.key, "k"): 1.0} if role == "k" else {(share.key, "n"): 1.0, (share.key, "k"): -1.0}
                    of_them = [
                        (row.key, "n") for m in members for row in of_measure.get(m, {}).get(place, []) if not row.time
                    ]
                    if place in counted:
                        of_them.append((counted[place].key, "k"))
                    for one in of_them:
                        system.say({**wanted, one: -1.0}, 0, 0, "n is a k elsewhere")
                        system.say({**wanted, one: -1.0}, 0, np.inf, "orders")
        for place, row in counted.items():
            for measure in members:
                for share in of_measure.get(measure, {}).get(place, []):
                    if "n" in share.roles and not share.time and not share.subgroup and measure not in catalogue.sheets:
                        system.same((row.key, "k"), (share.key, "n"), "n is a k elsewhere")
        for column, value in (population.get("background") or {}).items():
            for measure, of in catalogue.measures.items():
                how = _how(of)
                if how.get("kind") == "background" and (how.get("column"), how.get("equals")) == (column, value):
                    for place, row in counted.items():
                        for share in _plain(of_measure.get(measure, {}).get(place, [])):
                            system.same((row.key, "k"), (share.key, "k"), "n is a k elsewhere")


def _anything(system: System, of_measure: Mapping[str, Places], catalogue: Catalogue) -> None:
    """Measures that ask whether there is any: of the same, of less, of parts; and each week of it."""
    told = {name: found for name in catalogue.measures if (found := catalogue.any_of(name)) is not None}
    for one, (frame, things) in told.items():
        for other, (other_frame, other_things) in told.items():
            if one == other:
                continue
            same_frame = frame[0] == other_frame[0]
            for row, twin in _pairs(of_measure, one, other):
                if frame == other_frame and things == other_things:
                    system.same((row.key, "k"), (twin.key, "k"), "k of a mean or another measure")
                elif things == other_things and same_frame and not other_frame[1]:
                    system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")
                elif frame == other_frame and things < other_things:
                    system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")
                    rest = other_things - things
                    for third, (third_frame, third_things) in told.items():
                        if third_frame == frame and third_things == rest:
                            for _, last in _pairs(of_measure, one, third, of=row):
                                terms = {(row.key, "k"): 1, (last.key, "k"): 1, (twin.key, "k"): -1}
                                system.say(terms, 0, np.inf, "orders")
        if frame[0][0] == "ever":
            for weekly in catalogue.measures:  # of nobody who is not asked whether there ever was any
                asked_of_all = frame[1] in ("", _where(catalogue, weekly))
                if not asked_of_all or not catalogue.codes(weekly) <= things:
                    continue
                for place, ever in of_measure.get(one, {}).items():
                    for row in _plain(ever):
                        for week in of_measure.get(weekly, {}).get(place, []):
                            if week.week is not None and week.statistic in ("share", "mean") and "k" in row.roles:
                                system.say({(row.key, "k"): 1, (week.key, "k"): -1}, 0, np.inf, "orders")


def _pairs(of_measure: Mapping[str, Places], one: str, other: str, of: Row | None = None) -> list[tuple[Row, Row]]:
    """Rows of two measures at the same place."""
    found = []
    for place, rows in of_measure.get(one, {}).items():
        twins = {
            (row.subgroup, row.time): row
            for row in of_measure.get(other, {}).get(place, [])
            if "k" in row.roles and row.statistic in ("share", "mean")
        }
        for row in rows:
            twin = twins.get((row.subgroup, row.time))
            if (
                twin is not None
                and "k" in row.roles
                and row.statistic in ("share", "mean")
                and (of is None or row is of)
            ):
                found.append((row, twin))
    return found


def _weekly(system: System, of_measure: Mapping[str, Places], catalogue: Catalogue) -> None:
    """Weekly shares of code groups: of fewer codes, of parts; runs of them; what is combined; who is still there."""
    kinds = {name: _how(of) for name, of in catalogue.measures.items()}
    weekly = [name for name, how in kinds.items() if how.get("kind") in ("dream", "paid_hours")]
    for one in weekly:
        for other in weekly:
            mine, theirs = catalogue.codes(one), catalogue.codes(other)
            if one == other or not mine <= theirs:
                continue
            rest = [third for third in weekly if catalogue.codes(third) == theirs - mine]
            for row, twin in _pairs(of_measure, one, other):
                if mine == theirs:
                    system.same((row.key, "k"), (twin.key, "k"), "k of a mean or another measure")
                    continue
                system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")
                for third in rest:
                    for _, last in _pairs(of_measure, one, third, of=row):
                        terms = {(row.key, "k"): 1, (last.key, "k"): 1, (twin.key, "k"): -1}
                        system.say(terms, 0, 0, "sums of measures")
    for name, how in kinds.items():
        if how.get("kind") == "run":
            _runs(system, of_measure, kinds, name)
        if how.get("kind") == "combined":
            for other in how.get("of") or ():
                for row, twin in _pairs(of_measure, name, other):
                    system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")
            for other in how.get("without") or ():
                for row, twin in _pairs(of_measure, name, other):
                    terms = {(twin.key, "n"): 1, (twin.key, "k"): -1, (row.key, "k"): -1}
                    system.say(terms, 0, np.inf, "orders")
                    if not how.get("of") and len(how["without"]) == 1:
                        system.say(terms, 0, 0, "sums of measures")
        if how.get("among"):
            for row, twin in _pairs(of_measure, name, how["among"]):
                system.same((row.key, "n"), (twin.key, "k"), "n is a k elsewhere")


def _runs(system: System, of_measure: Mapping[str, Places], kinds: Mapping[str, Record], name: str) -> None:
    how = kinds[name]
    for other, theirs in kinds.items():
        if (
            other == name
            or theirs.get("kind") != "run"
            or (theirs.get("weeks"), theirs.get("gap")) != (how.get("weeks"), how.get("gap"))
        ):
            continue
        if set(how["of"]) < set(theirs["of"]):
            rest = set(theirs["of"]) - set(how["of"])
            thirds = [third for third, of in kinds.items() if of.get("kind") == "run" and set(of["of"]) == rest]
            for row, twin in _pairs(of_measure, name, other):
                system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")
                for third in thirds:
                    for _, last in _pairs(of_measure, name, third, of=row):
                        terms = {(row.key, "k"): 1, (last.key, "k"): 1, (twin.key, "k"): -1}
                        system.say(terms, 0, np.inf, "orders")


def _answers(system: System, of_measure: Mapping[str, Places], catalogue: Catalogue) -> None:
    """Answers counted one by one and together; of one answer and of several."""
    shares = {name: _how(of) for name, of in catalogue.measures.items() if _how(of).get("kind") == "survey_share"}
    spreads = {name: _how(of) for name, of in catalogue.measures.items() if _how(of).get("kind") == "survey_answers"}
    means = {name: _how(of) for name, of in catalogue.measures.items() if _how(of).get("kind") == "survey_mean"}
    for name, how in shares.items():
        wanted = {str(answer) for answer in how["answers"]}
        for mean, of in means.items():
            if (of["survey"], of["item"]) == (how["survey"], how["item"]):
                _sums_of_answers(system, of_measure, (name, mean), of, wanted)
        for spread, of in spreads.items():
            if (of["survey"], of["item"]) != (how["survey"], how["item"]):
                continue
            for place, rows in of_measure.get(name, {}).items():
                answers = [row for row in of_measure.get(spread, {}).get(place, []) if row.statistic == "share"]
                parts = {(row.key, "k"): 1.0 for row in answers if row.subgroup.removeprefix("svar-") in wanted}
                for row in rows:
                    if row.statistic == "share" and not row.subgroup and not row.time and parts:
                        system.say({**parts, (row.key, "k"): -1.0}, 0, 0, "sums of measures")
                        for answer in answers:
                            system.same((row.key, "n"), (answer.key, "n"), "same persons")
        for other, theirs in shares.items():
            same = (theirs["survey"], theirs["item"]) == (how["survey"], how["item"])
            if other == name or not same:
                continue
            mine = _where(catalogue, name)
            if wanted < {str(answer) for answer in theirs["answers"]} or (
                wanted <= {str(answer) for answer in theirs["answers"]} and mine and not _where(catalogue, other)
            ):
                for row, twin in _pairs(of_measure, name, other):
                    system.say({(twin.key, "k"): 1, (row.key, "k"): -1}, 0, np.inf, "orders")


def _sums_of_answers(
    system: System, of_measure: Mapping[str, Places], names: tuple[str, str], scale: Record, wanted: set[str]
) -> None:
    """A mean of n answers says how many of them a share of the same answers can count."""
    own, other = [], []
    for answer in range(scale["low"], scale["high"] + 1):
        (own if str(answer) in wanted else other).append(answer)
    for share, mean in _pairs(of_measure, *names) if own and other else ():
        if mean.value is None or not mean.n:
            continue
        slack, fit = half(mean.value), []
        for count in range(mean.n + 1):
            least = count * own[0] + (mean.n - count) * other[0]
            most = count * own[-1] + (mean.n - count) * other[-1]
            if least <= mean.n * (mean.value + slack) + 1e-6 and most >= mean.n * (mean.value - slack) - 1e-6:
                fit.append(count)
        if fit:
            system.say({(share.key, "k"): 1}, min(fit), max(fit), "a mean of the same answers")
            system.same((share.key, "n"), (mean.key, "n"), "same persons")


def _where(catalogue: Catalogue, measure: str) -> str:
    return str(catalogue.measures[measure].get("population") or "")


def _changes_of_hours(system: System, of_measure: Mapping[str, Places], catalogue: Catalogue) -> None:
    """More hours, as many, fewer: together all who have any."""
    ways: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, of in catalogue.measures.items():
        how = _how(of)
        if how.get("kind") == "hours_change":
            ways[str(how["measure"]), _where(catalogue, name)][str(how["direction"])] = name
    for names in ways.values():
        if len(names) != 3:
            continue
        one, *others = names.values()
        for place, rows in of_measure.get(one, {}).items():
            for row in _plain(rows):
                rest = [_plain(of_measure.get(other, {}).get(place, [])) for other in others]
                if all(rest):
                    terms = {(row.key, "k"): 1.0, **{(of[0].key, "k"): 1.0 for of in rest}, (row.key, "n"): -1.0}
                    system.say(terms, 0, 0, "rises and falls")


def _before_and_after(system: System, rows: Sequence[Row]) -> None:
    """Who changed from one and to the other, and who has it before and after, of the same persons."""
    changed: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row.statistic in ("share_only_before", "share_only_after"):
            changed[row.measure, row.site][row.statistic] = row
    levels: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row.statistic == "share" and row.group in ("foer", "efter"):
            levels[row.measure, row.site][row.group] = row
    for where, two in changed.items():
        if len(two) != 2:
            continue
        first, last = two["share_only_before"], two["share_only_after"]
        both = ("both", *where)
        system.add(both, None)
        pair = levels.get(where, {})
        for row, only in ((pair.get("foer"), first), (pair.get("efter"), last)):
            if row is not None:
                system.say({(row.key, "k"): 1, (only.key, "k"): -1, both: -1}, 0, 0, "before and after")
        one = pair.get("foer") or pair.get("efter")
        if one is not None:
            terms = {(one.key, "n"): 1, both: -1, (first.key, "k"): -1, (last.key, "k"): -1}
            system.say(terms, 0, np.inf, "before and after")
