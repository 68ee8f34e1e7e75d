"""Every printed number worked out again from what it comes from, and rows held against each other.

That no row contradicts itself is tested where the account is read (`numbers.account`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportlib.danish import (
    NBSP,
    NotANumberError,
    as_decimal,
    date_text,
    p_text,
    parse_number,
    round_half_up,
)
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.digits import rounded_outward, rounding_of, usual_decimals
from reportlib.ledger.keys import DIFFERENCE_IN_DIFFERENCES, PERSONS
from reportlib.numbers.account import Account
from reportlib.numbers.breaks import Break, Kind
from reportlib.numbers.collect import Printed
from reportlib.numbers.match import DAY, counted_day
from reportlib.numbers.tokens import tokens
from reportlib.prose.estimate_text import exact_value
from reportlib.text.origin import Kind as OriginKind
from reportlib.text.origin import Origin, parts_of

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MILLIONS = "mio"
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class _Told:
    """A printed number as a reader takes it: its value and how many decimals it has (-6: whole millions)."""

    value: Decimal
    decimals: int


def check_numbers(account: Account) -> tuple[int, list[Break]]:
    """How many printed numbers were worked out again, and those that came out otherwise."""
    done, breaks = 0, []
    for printed in account.numbers:
        if not printed.has_digits or printed.origin.kind in (OriginKind.TEXT, OriginKind.REFERENCE):
            continue
        wanted = _again(printed, account)
        if wanted is None:
            continue
        done += 1
        if not wanted:
            chapters = ["", *account.chapters]
            breaks.append(
                Break(
                    Kind.RECOMPUTED,
                    f"{printed.text} is not what {printed.origin} gives",
                    printed.page,
                    chapters[printed.chapter],
                    key=str(printed.origin),
                )
            )
    breaks += [Break(Kind.RECOMPUTED, message, key=key) for key, message in _check_together(account)]
    return done, breaks


def _again(printed: Printed, account: Account) -> bool | None:
    """Whether a printed number is what its origin gives; None where that cannot be told from the account alone."""
    origin = printed.origin
    match origin.kind:
        case OriginKind.ROW:
            row = account.row_of(origin)
            return (
                None
                if row is None
                else row_again(printed.text, row, origin.part, account.level, like=_summed_in(row, account))
            )
        case OriginKind.FACT:
            fact = account.facts.get(origin.ref)
            return None if fact is None else fact_again(printed.text, fact["value"])
        case OriginKind.SETTING:
            value = account.settings.get(origin.ref)
            if isinstance(value, float) and 0 < value < 1:  # in per cent too; the level as how sure its intervals are
                told = 1 - as_decimal(value) if origin.ref == "design.level" else as_decimal(value)
                return _says(printed.text, as_decimal(value)) or _says(printed.text, 100 * told)
            return value is not None and fact_again(printed.text, value)
        case OriginKind.DERIVED:
            return _derived_again(printed, account)
        case _:
            return None


def fact_again(text: str, value: object) -> bool:
    """A fact or a setting is a number, or a date (ISO) of which day, month or year is printed."""
    if isinstance(value, str):
        return any(_says(text, as_decimal(int(part))) for part in value.split("-"))
    return _says(text, as_decimal(float(str(value))))


def _summed_in(row: Estimate, account: Account) -> Estimate:
    """The row whose digits a row prints with: what adds up to a result in kroner prints as the result does."""
    of = {"contribution": row.subgroup.partition(":")[0], "net_low": "samfund", "net_high": "samfund"}.get(
        row.statistic
    )
    if of is None:
        return row
    return account.rows.get(make_key(row.measure, statistic="net", group=row.group, subgroup=of), row)


def row_again(text: str, row: Estimate, part: str, level: float, *, like: Estimate | None = None) -> bool | None:
    if part == "time":
        return row.week is not None and _says(text, as_decimal(row.week))
    if part == "p" or (part == "value" and row.statistic in ("p_holm", "p_bh")):
        p = row.p if part == "p" else row.value
        return p is not None and text == p_text(p, level=level).removeprefix(f"p{NBSP}").removeprefix(f"={NBSP}")
    if part == "subgroup":  # `30-50`, `antal3`
        return any(_says(text, as_decimal(float(limit))) for limit in _NUMBER.findall(row.subgroup))
    if part == "value":
        value = None if row.value is None else as_decimal(exact_value(row))
    else:
        found = getattr(row, part)
        value = None if found is None else as_decimal(found)
    if value is None:
        return False
    return _says(text, value, at_most=usual_decimals(like or row))


def _derived_again(printed: Printed, account: Account) -> bool | None:
    how, parts = parts_of(printed.origin)
    if how == DAY:
        day = counted_day(printed.origin, account)
        return None if day is None else printed.text == date_text(day)
    values = [_value(part, account) for part in parts]
    if not values or any(value is None for value in values) or "…" in printed.origin.ref:
        return None
    known = [value for value in values if value is not None]
    told = _told(printed.text)
    if told is None:
        return False
    match how, known:
        case "relativt", [first]:
            return _says(printed.text, abs(first - 1) * 100)
        case "relativt", [first, second]:
            return second != 0 and _says(printed.text, abs(first / second - 1) * 100)
        case "forhold", [first, second]:
            return second != 0 and _says(printed.text, first / second)
        case "grænse", [end]:
            row = account.row_of(parts[0])
            if row is None:
                return None
            places = min(usual_decimals(row), 0) or told.decimals
            return told.value == rounded_outward(end, row.unit, places)
        case "sum", _:
            return _says(printed.text, sum(known, Decimal(0)))
        case "eksempel", [first]:
            row = account.row_of(parts[0])
            return row is not None and told.value == 1000 * round_half_up(first, usual_decimals(row))
        case "resten", [first]:
            return told.value == 100 - round_half_up(first, told.decimals)
        case "afstand", [first, second]:
            return told.value == abs(round_half_up(first, told.decimals) - round_half_up(second, told.decimals))
        case _:
            return None


def _value(origin: Origin, account: Account) -> Decimal | None:
    if origin.kind is OriginKind.ROW:
        row = account.row_of(origin)
        if row is None or row.value is None:
            return None
        return as_decimal(exact_value(row) if origin.part == "value" else getattr(row, origin.part))
    if origin.kind is OriginKind.SETTING:
        value = account.settings.get(origin.ref)
        return None if value is None or isinstance(value, str) else as_decimal(float(value))
    return None


def _says(text: str, value: Decimal, *, at_most: int = 0) -> bool:
    """True when the text gives the value, with or without its sign, to the decimals it has, or to whole tens, hundreds
    and so on where `at_most` is below zero."""
    told = _told(text)
    return (
        told is not None
        and abs(told.value) == abs(round_half_up(value, min(told.decimals, at_most) if at_most < 0 else told.decimals))
        and (told.value >= 0 or value <= 0)
    )


def _told(text: str) -> _Told | None:
    found = tokens(text)
    if not found:
        return None
    try:
        value = parse_number(found[0].text)
    except NotANumberError:
        return None
    decimals = max(0, -int(value.as_tuple().exponent))
    if found[0].after == _MILLIONS:
        return _Told(value.scaleb(6), decimals - 6)
    return _Told(value, decimals)


def _check_together(account: Account) -> Iterator[tuple[str, str]]:
    """Differences are what their two levels give, and sites add up to the whole."""
    levels: dict[tuple[str, str, str, str], list[Estimate]] = {}
    for row in account.rows.values():
        if row.statistic in ("share", "mean") and row.value is not None:
            levels.setdefault((row.measure, row.site, row.subgroup, row.time), []).append(row)
    for row in account.rows.values():
        pair = levels.get((row.measure, row.site, row.subgroup, row.time), [])
        of_levels = "adjust" not in row.method.lower() and not row.method.startswith(DIFFERENCE_IN_DIFFERENCES)
        plain = row.statistic == "difference" and row.value is not None and of_levels
        if plain and len(pair) == 2 and pair[0].population != pair[1].population and row.value is not None:
            gap = abs(float(exact_value(pair[0])) - float(exact_value(pair[1])))
            rounding = float(sum(rounding_of(one) for one in (row, *pair)))
            if not math.isclose(abs(row.value), gap, rel_tol=_SLACK, abs_tol=rounding + _SLACK):
                yield row.key, f"{row.key}: {row.value:.6g} is not the difference of {pair[0].key} and {pair[1].key}"
    yield from _check_totals(account)


def _check_totals(account: Account) -> Iterator[tuple[str, str]]:
    sites = set(account.header["sites"])
    by_group: dict[str, dict[str, Estimate]] = {}
    for row in account.rows.values():
        if row.measure == PERSONS and row.statistic == "count" and not row.time and not row.subgroup:
            by_group.setdefault(row.group, {})[row.site] = row
    for group, rows in by_group.items():
        if "" in rows and sites <= rows.keys() and all(row.value is not None for row in rows.values()):
            total = sum(float(rows[site].value or 0) for site in sites)
            if total == 0 and account.header.get("elsewhere"):
                continue  # a comparison group none of whose members come from the trial's own sites
            if not math.isclose(total, float(rows[""].value or 0), abs_tol=_SLACK):
                yield rows[""].key, f"{group}: the sites add up to {total:g}, not {rows[''].value:g}"
