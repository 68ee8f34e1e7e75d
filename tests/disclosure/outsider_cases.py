"""Small ledgers by hand, as columns, with rows hidden by hand: what an attack must find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outsider import Attack, attack
from outsider_labels import Catalogue

COLUMNS = [
    "key",
    "measure",
    "statistic",
    "population",
    "group",
    "site",
    "subgroup",
    "time",
    "value",
    "k",
    "n",
    "se",
    "ci_low",
    "ci_high",
    "p",
    "method",
    "suppressed",
]
Record = dict[str, Any]


def row(measure: str, *, k: int | None = None, n: int | None = None, **more: Any) -> Record:
    """A row; a share has its value from k and n."""
    found = dict.fromkeys(COLUMNS) | {
        "measure": measure,
        "statistic": "share",
        "population": "alle",
        "group": "deltager",
        "site": "",
        "subgroup": "",
        "time": "",
        "method": "",
        "suppressed": "",
        "k": k,
        "n": n,
        **more,
    }
    if found["value"] is None and found["statistic"] == "share" and k is not None and n:
        found["value"] = 100 * k / n
    names = ("measure", "statistic", "group", "site", "subgroup", "time")
    return found | {"key": ".".join(str(found[name]) for name in names if found[name])}


def hidden(record: Record) -> Record:
    """The row as it is released when it hides."""
    nothing = dict.fromkeys(("value", "k", "n", "se", "ci_low", "ci_high", "p"))
    return record | nothing | {"suppressed": "hidden", "method": ""}


def without(record: Record, *names: str) -> Record:
    """The row as it is released without some of its columns."""
    return record | dict.fromkeys(names)


def outcome(
    true: Sequence[Record], released: Sequence[Record], *, measures: Sequence[Record] = (), **more: Any
) -> Attack:
    """The attack on the released rows."""
    catalogue = Catalogue({of["id"]: of for of in measures}, {of["id"]: of for of in more.pop("populations", ())})
    threshold, zeros = more.pop("threshold", 5), more.pop("zeros_are_shown", True)
    return attack(columns(released), columns(true), catalogue, threshold=threshold, zeros_are_shown=zeros, **more)


def columns(records: Sequence[Record]) -> dict[str, list[Any]]:
    return {name: [record[name] for record in records] for name in COLUMNS}


def taken(found: Attack) -> list[tuple[str, str, int, int]]:
    """Kind, key and what, lowest and highest value, of what was taken."""
    return [(each.kind, f"{each.key} {each.what}", each.low, each.high) for each in found.taken]
