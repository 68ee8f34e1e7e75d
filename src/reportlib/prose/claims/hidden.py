"""Sentences for numbers that disclosure control has taken away, or that could not be computed."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, count_text, noun_of
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.estimate_text import why_hidden
from reportlib.prose.words import TrialWords
from reportlib.text.origin import derived, with_origin

HIDDEN = WordingTable(
    "hidden",
    Wording(
        "hidden",
        "a number the sentence needs rests on too few persons or would give away one that does",
        "{what} ikke vises, fordi {number} {why}",
    ),
    Wording("missing", "there was nobody to measure", "{what} ikke opgjort"),
)


def hidden_claim(
    what: str, rows: Sequence[Estimate], words: TrialWords, *, place: str = "", several: bool = False
) -> Claim | None:
    """The sentence for `what` (`andelen med ordinære timer i uge 35`) if any of the rows has no value, else None.

    `place` (`i Aarhus`) opens the sentence; `several`: `what` names more than one number.
    """
    without = [row for row in rows if row.value is None]
    if not without:
        return None
    wording = "hidden" if any(row.hidden for row in without) else "missing"
    verb = "er" if wording == "missing" else "kan"
    return HIDDEN.choose(
        wording,
        rows,
        what=capitalise(f"{place} {verb} {what}" if place else f"{what} {verb}"),
        number="tallene" if several else "tallet",
        why=why_hidden(words.threshold),
    )


OUT_OF_REGARD = "af hensyn til anonymiteten"
"""Why numbers are left out, in few words: the method section gives the threshold and the rule."""


def left_out(count: int, words: TrialWords) -> str:
    """The sentence about sites whose numbers are hidden; empty when there are none."""
    return f"{capitalise(count_text(_left(count), noun_of(words.site)))} er udeladt {OUT_OF_REGARD}." if count else ""


def not_computed(count: int, words: TrialWords) -> str:
    """The sentence about sites whose numbers could not be computed; empty when there are none."""
    if not count:
        return ""
    site = noun_of(words.site)
    pronoun = "deres" if count > 1 else "dens" if site.gender == "en" else "dets"
    return f"{capitalise(count_text(_left(count), site))} er udeladt, fordi {pronoun} tal ikke kan beregnes."


def _left(count: int) -> int:
    return with_origin(count, derived("udeladt", ["steder"]))
