"""A share told in words where its size bears one, always with the per cent beside it."""

from __future__ import annotations

from reportlib.danish import Noun, fraction_of, fraction_words
from reportlib.ledger import Estimate
from reportlib.prose.estimate_text import DEFAULT_THRESHOLD, exact_value, hidden_text, tal
from reportlib.text.units import Unit, UnitMismatchError


def share_words(estimate: Estimate, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """`knap hver tredje (32 pct.)`, or `38 pct.` where no word is allowed; or the hidden text.

    Raises:
        UnitMismatchError: the row is no share.
    """
    _check_share(estimate)
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    words = fraction_words(exact_value(estimate))
    return f"{words} ({tal(estimate)})" if words else tal(estimate)


def share_of(estimate: Estimate, noun: Noun | str, definite: str, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """The share with the people: `knap hver tredje deltager (32 pct.)`, `38 pct. af deltagerne`; or the hidden text.

    `definite` is the plural with its article.

    Raises:
        UnitMismatchError: the row is no share.
        UnknownNounError: `noun` is text that the noun table does not hold.
    """
    _check_share(estimate)
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    words = fraction_of(exact_value(estimate), noun, definite)
    return f"{words} ({tal(estimate)})" if words else f"{tal(estimate)} af {definite}"


def _check_share(estimate: Estimate) -> None:
    if estimate.unit is not Unit.PCT:
        raise UnitMismatchError(f"{estimate.key} is in {estimate.unit}; only shares have words")
