"""Days that stand in no calendar of the trial: counted in whole weeks from one that does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from reportlib.numbers.account import Account
from reportlib.text.origin import Kind, Origin, parts_of

DAY = "dag"
"""How such a day is made, in its origin: `udledt:dag(trial:... + first row#time + second row#time)`."""

_WEEK = re.compile(r"\d+$")


def counted_days(account: Account) -> Iterator[date]:
    """The days that the account's numbers count forward to."""
    for origin in dict.fromkeys(printed.origin for printed in account.numbers):
        if (day := counted_day(origin, account)) is not None:
            yield day


def counted_day(origin: Origin, account: Account) -> date | None:
    """The setting's day and as many weeks as lie between the weeks of two rows; None for any other origin."""
    if origin.kind is not Kind.DERIVED:
        return None
    how, parts = parts_of(origin)
    if how != DAY or len(parts) != 3 or parts[0].kind is not Kind.SETTING:
        return None
    start = account.settings.get(parts[0].ref)
    weeks = [_week(part, account) for part in parts[1:]]
    if not isinstance(start, str) or weeks[0] is None or weeks[1] is None:
        return None
    return date.fromisoformat(start) + timedelta(weeks=weeks[1] - weeks[0])


def _week(origin: Origin, account: Account) -> int | None:
    row = account.row_of(origin)
    found = None if row is None else _WEEK.search(row.time)
    return None if found is None else int(found[0])
