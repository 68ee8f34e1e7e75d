"""What a row of weeks supports: from which week a difference lasts, and in which weeks it is significant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from reportlib.danish import NBSP, capitalise, count_text, number_text, out_of_text, runs, weeks_text
from reportlib.ledger import Estimate
from reportlib.prose.wording import (
    OUT_OF_REGARD,
    Claim,
    Verdict,
    Wording,
    WordingTable,
    expected_by_chance,
    higher,
    turned,
    verdict,
)
from reportlib.prose.words import OutcomeWords, TrialWords
from reportlib.text.origin import count_of

# From which week a difference lasts: the interval excludes zero then and in every later week with enough persons.


Direction = Literal["positive", "negative"]

LASTING = WordingTable(
    "lasting",
    Wording(
        "lasts",
        "there is such a week, four weeks or more before the end",
        "Fra {week} er {noun} varigt {higher} {treated} end {place}: {Effect} er sikker i alle uger {until}.",
    ),
)
LONGEST_SHORT_RUN = 4
"""Up to so many weeks in a row are a short period, and too few to call a difference lasting."""


def week_name(week: float) -> str:
    """`uge 15`."""
    return f"uge{NBSP}{number_text(week)}"


def lasting_from(
    first_week: Estimate, direction: Direction, *, outcome: OutcomeWords, words: TrialWords, last_week: int = 0
) -> Claim:
    """The sentence about when a difference begins to last.

    `first_week` is the row with statistic `first_lasting_week`, `direction` the side on which its intervals lie,
    `last_week` the last week with enough persons (0: not known).

    Raises:
        HiddenValueError: there is no such week.
    """
    return LASTING.choose(
        "lasts",
        [first_week],
        week=week_name(first_week.number),
        until=f"til og med {week_name(last_week)}" if last_week else "med nok personer at måle på",
        noun=outcome.noun,
        higher=higher(up=direction == "positive"),
        treated=words.groups.treated_place,
        place=words.groups.place,
        Effect=capitalise(words.design.effect_word),
    )


# In which weeks the pointwise interval excludes zero, and whether the band over all weeks agrees.


WEEKS = WordingTable(
    "weeks",
    Wording("none", "no week is significant", "Forskellen i {noun} er ikke sikker i nogen {week} {span}."),
    Wording(
        "every",
        "every week is significant on one side",
        "{Noun} er {higher} {treated} end {place}, og forskellen er sikker i alle {weeks_shown} {span}.",
    ),
    Wording(
        "from",
        "every week from some week on, and none before, on one side",
        "{Noun} er {higher} {treated} end {place} i alle {weeks_shown} fra {first_hit} til {last}, og forskellen er "
        "sikker. Det er den ikke før.",
    ),
    *turned(
        ("single", "no two neighbouring weeks"),
        ("one", "exactly one week"),
        "Kun i [enkelte uger|en enkelt uge] ({weeks}) er der en sikker forskel: Da er {noun} {higher} {treated} end "
        "{place}.",
    ),
    Wording(
        "short",
        "no run longer than four weeks, and fewer than half of the weeks",
        "Kun i korte perioder ({weeks}) er der en sikker forskel: Da er {noun} {higher} {treated} end {place}.",
    ),
    Wording(
        "some",
        "longer runs",
        "I {count} ({weeks}) er der en sikker forskel: Da er {noun} {higher} {treated} end {place}.",
    ),
    Wording(
        "both-sides",
        "some weeks above and some below",
        "{Noun} er højere {treated} end {place} i {weeks_up} og lavere i {weeks_down}; i de uger er forskellen sikker.",
    ),
    Wording("no-weeks", "no week can be shown", "Forskellen i {noun} kan ikke vises uge for uge."),
)
BAND = WordingTable(
    "band",
    Wording(
        "fails",
        "the uniform band includes zero in every week although single weeks exclude it",
        "Når der tages højde for, at mange uger er testet, kan forskellen dog være tilfældig.",
    ),
    Wording(
        "chance",
        "there is no band, and the significant weeks are few or on both sides",
        "Når {total} testes hver for sig, vil i gennemsnit {expected} af dem vise en forskel ved et rent tilfælde.",
    ),
)


# Wordings that leave room for chance, and those that a sentence about a lasting difference has already said.
_FEW = frozenset({"one", "single", "short", "both-sides"})
_TOLD_BY_LASTING = frozenset({"every", "from"})


def significant_in_periods(
    differences: Sequence[Estimate],
    *,
    outcome: OutcomeWords,
    words: TrialWords,
    band: Sequence[Estimate] = (),
    weeks: Collection[int] | None = None,
    after_lasting: bool = False,
    in_steps: bool = False,
) -> Claim:
    """In which weeks the difference is significant, week by week and over all weeks.

    `differences` are the weekly rows with pointwise intervals, `band` those with the sup-t band. Only `weeks` count, by
    default those of the band (the weeks with enough persons) or, without a band, all. With `after_lasting` the text
    follows `lasting_from`, and weeks that it has already told are not told again. With `in_steps` hidden weeks wait for
    more persons, as the note under the figure says, and are not named one by one.

    Raises:
        ContradictoryVerdictError: a row's p-value and interval disagree.
        ValueError: a row belongs to no week.
    """
    by_week = {_week(row): row for row in differences}
    counted = set(weeks) if weeks is not None else {_week(row) for row in band} or set(by_week)
    rows = {week: by_week[week] for week in sorted(by_week) if week in counted}
    shown = {week: row for week, row in rows.items() if row.value is not None}
    found = {week: verdict(row, words.level) for week, row in shown.items()}
    up = [week for week, each in found.items() if each is Verdict.UP]
    down = [week for week, each in found.items() if each is Verdict.DOWN]
    hits = sorted(up + down)
    wording = _wording(list(shown), up, down)
    hidden = [week for week, row in rows.items() if row.hidden]
    waiting = bool(hidden) and in_steps
    first, last = (week_name(min(shown)), week_name(max(shown))) if shown else ("", "")
    claim = WEEKS.choose(
        wording,
        rows.values(),
        noun=outcome.noun,
        Noun=capitalise(outcome.noun),
        higher=higher(up=bool(up)),
        treated=words.groups.treated_place,
        place=words.groups.place,
        span=f"fra {first} til {last}",
        week="af de viste uger" if waiting else "uge",
        weeks_shown="viste uger" if waiting else "uger",
        first_hit=week_name(hits[0]) if hits else "",
        last=last,
        weeks=weeks_text(hits),
        weeks_up=weeks_text(up),
        weeks_down=weeks_text(down),
        count=out_of_text(count_of([rows[week] for week in hits]), count_of(list(shown.values())), "uge"),
    )
    tested = count_of(list(shown.values()))
    over_all = _over_all_weeks(band, counted, hits, tested if wording in _FEW else 0, words)
    if after_lasting and wording in _TOLD_BY_LASTING:
        claim = replace(claim, text="")
    return claim.then(over_all, "" if waiting else left_out_weeks(hidden))


def _wording(weeks: list[int], up: list[int], down: list[int]) -> str:
    hits = sorted(up + down)
    if not weeks:
        return "no-weeks"
    if not hits:
        return "none"
    if up and down:
        return "both-sides"
    if len(hits) == len(weeks):
        return "every"
    longest = max(last - first + 1 for first, last in runs(hits))
    if len(hits) == 1:
        return "one"
    if longest == 1:
        return "single"
    if hits == weeks[-len(hits) :] and longest > LONGEST_SHORT_RUN:
        return "from"
    return "short" if longest <= LONGEST_SHORT_RUN and 2 * len(hits) < len(weeks) else "some"


def _over_all_weeks(
    band: Sequence[Estimate], counted: set[int], hits: list[int], total: int, words: TrialWords
) -> Claim | str:
    holds = band_holds(band, counted)
    if holds is not None:  # a band that says what the weeks said adds nothing
        return BAND.choose("fails", [row for row in band if row.week in counted]) if hits and not holds else ""
    if not total:
        return ""
    expected = expected_by_chance(total, words.level)
    return BAND.choose("chance", (), total=count_text(total, "uge"), expected=expected)


def band_holds(band: Iterable[Estimate], weeks: Collection[int | None]) -> bool | None:
    """Whether the band over all weeks excludes zero in one of these; None without a band there."""
    limits = [(row.ci_low, row.ci_high) for row in band if row.week in weeks]
    known = [(low, high) for low, high in limits if low is not None and high is not None]
    return any(low > 0 or high < 0 for low, high in known) if known else None


def left_out_weeks(hidden: list[int]) -> str:
    """The sentence about weeks whose numbers are hidden; empty when there are none."""
    return f"{capitalise(weeks_text(hidden))} er udeladt {OUT_OF_REGARD}." if hidden else ""


def _week(row: Estimate) -> int:
    if row.week is None:
        raise ValueError(f"{row.key} belongs to no week")
    return row.week
