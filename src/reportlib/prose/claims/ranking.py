"""Which place or item is highest: decided on what the reader sees, so ties are kept and named."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from reportlib.danish import capitalise, count_text, list_text, noun_of, round_half_up, value_text
from reportlib.danish.quantities import default_decimals
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.hidden import left_out
from reportlib.prose.estimate_text import exact_value
from reportlib.prose.words import TrialWords
from reportlib.text.markup import escape
from reportlib.text.origin import count_of
from reportlib.text.units import UnitMismatchError

Named = tuple[str, Estimate]
"""A label as it is printed (`Aarhus`, `Kontakt til mentor`) and its row."""

MOST = WordingTable(
    "most",
    Wording("spread", "the highest and the lowest print differently", "{Noun} er højest {top} og lavest {bottom}."),
    Wording("alike", "all print alike", "{Noun} er {value} {everywhere}."),
    Wording("only", "only one may be shown", "{Noun} kan kun vises {only}."),
    Wording("none", "none may be shown", "{Noun} kan ikke vises for nogen af {sites}."),
)
RANKING = WordingTable(
    "ranking",
    Wording(
        "leads",
        "something comes after the first place, which may be shared",
        "{Noun} er højest for {first}, fulgt af {rest}.",
    ),
    Wording("first-only", "one label, or a tie that fills the ranking", "{Noun} er højest for {first}."),
    Wording("alike", "all print alike", "{Noun} er {value} for {labels}."),
    Wording("none", "none may be shown", "{Noun} kan ikke vises."),
)


def most(rows: Sequence[Named], *, noun: str, words: TrialWords) -> Claim:
    """Where a number is highest and lowest among sites: `højest i Aarhus (83 pct.) og lavest i Nyborg (41 pct.)`.

    The sentence orders the estimates; it claims no significant difference. Hidden sites are counted, not named.

    Raises:
        UnitMismatchError: the rows have different units.
    """
    estimates = [row for _, row in rows]
    groups = tied_groups(rows)
    hidden = left_out(sum(row.hidden for row in estimates), words)
    site = noun_of(words.site)
    shown = count_of([row for group in groups for _, row in group])
    if not groups:
        return MOST.choose("none", estimates, Noun=capitalise(noun), sites=site.many_definite or site.many)
    if shown == 1:
        return MOST.choose("only", estimates, Noun=capitalise(noun), only=_in(groups[0])).then(hidden)
    if len(groups) == 1:
        everywhere = f"i begge {site.many}" if shown == 2 else f"i alle {count_text(shown, site)}"
        value = _value(groups[0][0])
        return MOST.choose("alike", estimates, Noun=capitalise(noun), value=value, everywhere=everywhere).then(hidden)
    return MOST.choose("spread", estimates, Noun=capitalise(noun), top=_in(groups[0]), bottom=_in(groups[-1])).then(
        hidden
    )


def ranking(rows: Sequence[Named], *, noun: str, top: int = 3) -> Claim:
    """The `top` highest of several items in order, with all that tie with the last of them.

    `noun` says what is ranked (`den gennemsnitlige betydning`).

    Raises:
        UnitMismatchError: the rows have different units.
    """
    estimates = [row for _, row in rows]
    groups = tied_groups(rows)
    if not groups:
        return RANKING.choose("none", estimates, Noun=capitalise(noun))
    first, rest, taken = groups[0], [], len(groups[0])
    for group in groups[1:]:
        if taken >= top:
            break
        rest.extend(group)
        taken += len(group)
    return RANKING.choose(
        "leads" if rest else "alike" if len(groups) == 1 < len(first) else "first-only",
        estimates,
        Noun=capitalise(noun),
        first=_together(first),
        rest=list_text([f"{escape(label)} ({_value((label, row))})" for label, row in rest]),
        value=_value(first[0]),
        labels=list_text([escape(label) for label, _ in first]),
    )


def tied_groups(rows: Sequence[Named]) -> list[list[Named]]:
    """The rows with a value, highest first, those that print alike together (in the order given).

    Raises:
        UnitMismatchError: the rows have different units.
    """
    if len({row.unit for _, row in rows}) > 1:
        raise UnitMismatchError("rows of different units cannot be ranked", hint="rank one measure at a time")
    shown = [named for named in rows if named[1].value is not None]
    ordered = sorted(shown, key=_printed, reverse=True)
    return [list(group) for _, group in groupby(ordered, key=_printed)]


def _printed(named: Named) -> Decimal:
    row = named[1]
    return round_half_up(exact_value(row), default_decimals(row.unit))


def _value(named: Named) -> str:
    return value_text(exact_value(named[1]), named[1].unit)


def _in(group: Sequence[Named]) -> str:
    return f"i {_together(group)}"


def _together(group: Sequence[Named]) -> str:
    """`Aarhus (83 pct.)`, `Aarhus og Kolding (begge 83 pct.)`, `A, B og C (alle 83 pct.)`."""
    shared = "" if len(group) == 1 else "begge " if len(group) == 2 else "alle "
    return f"{list_text([escape(label) for label, _ in group])} ({shared}{_value(group[0])})"
