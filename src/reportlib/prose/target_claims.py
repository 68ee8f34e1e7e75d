"""A share held against its target: traffic light, reached or not, how many sites are below, how many of each colour."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    capitalise,
    count_text,
    default_decimals,
    list_text,
    noun_of,
    out_of_text,
    value_text,
)
from reportlib.ledger import Estimate
from reportlib.prose.estimate_text import exact_value
from reportlib.prose.site_claims import Named
from reportlib.prose.wording import Claim, Wording, WordingTable, not_computed
from reportlib.prose.words import TrialWords
from reportlib.text.markup import escape
from reportlib.text.origin import count_of
from reportlib.text.units import Unit, UnitMismatchError
from reportlib.trial.analyses import Light, Target, honest_decimals, light

_LIGHTS: dict[Light, tuple[str, str]] = {
    Light.GREEN: ("Grøn", "groen"),
    Light.YELLOW: ("Gul", "gul"),
    Light.RED: ("Rød", "roed"),
    Light.UNKNOWN: ("Ikke opgjort", "graa"),
}
"""What a light is called, and the theme's class for it."""
SITES_BELOW = WordingTable(
    "sites-below",
    Wording("none", "every site shown reaches the target", "{All}{told} når målet."),
    Wording("some", "some sites are below", "Målet er ikke nået i {some}{told_last}{names}."),
    Wording("all", "every site shown is below", "Ingen af de {all}{told} når målet."),
    Wording("hidden", "no site may be shown", "Det kan ikke vises, hvor mange {sites} der når målet."),
)
MOST_NAMED = 6


def fidelity_level(share: Estimate, target: Target) -> Light:
    """The traffic light of a share; a hidden one has no colour.

    Raises:
        UnitMismatchError: the row is no share.
    """
    _check_share(share)
    return light(None if share.value is None else float(exact_value(share)), target)


def light_text(level: Light) -> str:
    """The light as Markdown for the theme: `[Grøn]{.lys .groen}`."""
    word, kind = _LIGHTS[level]
    return f"[{word}]{{.lys .{kind}}}"


def target_text(target: Target) -> str:
    """`80 pct.`"""
    return value_text(target.green, Unit.PCT, _target_decimals(target))


def _target_decimals(target: Target) -> int:
    return default_decimals(Unit.PCT) if float(target.green).is_integer() else 1


def count_sites_below(rows: Sequence[Named], target: Target, *, words: TrialWords) -> Claim:
    """How many sites are below the target; named with their share, lowest first, when they are few.

    The target itself is not told again: the sentence follows one that has. Where some are hidden it speaks of those
    that may be shown; that and why the others may not is said once, in the method section.

    Raises:
        UnitMismatchError: a row is no share.
    """
    for _, row in rows:
        _check_share(row)
    estimates = [row for _, row in rows]
    shown = [named for named in rows if named[1].value is not None]
    below = sorted((named for named in shown if exact_value(named[1]) < target.green), key=lambda n: n[1].number)
    site, total = noun_of(words.site), count_of([row for _, row in shown])
    if not shown:
        wording = "hidden"
    elif not below:
        wording = "none"
    else:
        wording = "all" if len(below) == total > 1 else "some"
    names = list_text([f"{escape(label)} {share_against(row, target)}" for label, row in below])
    hidden = sum(row.hidden for row in estimates)
    told = ", der kan vises" if hidden else ""
    claim = SITES_BELOW.choose(
        wording,
        estimates,
        All=capitalise(out_of_text(total, total, site)),
        all=count_text(total, site),
        some=out_of_text(count_of([row for _, row in below]), total, site),
        names=f" ({names})" if len(below) <= MOST_NAMED else "",
        sites=site.many,
        told=told and f"{told},",
        told_last=told,
    )
    return claim.then(not_computed(len(rows) - len(shown) - hidden, words))


def share_against(share: Estimate, target: Target) -> str:
    """`89,8 pct.`, or `knap 90 pct.`: with the decimals, one at most, that give the share the light it has."""
    value, usual = exact_value(share), _target_decimals(target)
    decimals = honest_decimals(float(value), target, most=2)
    if decimals == 2:
        return f"knap {value_text(value, Unit.PCT, usual)}"
    return value_text(value, Unit.PCT, max(decimals, usual))


def _check_share(row: Estimate) -> None:
    if row.unit is not Unit.PCT:
        raise UnitMismatchError(f"{row.key} is in {row.unit}; a target is a share")
