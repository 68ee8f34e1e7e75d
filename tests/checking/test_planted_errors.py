"""Wrong digits planted in finished reports: every one is found, and a report without any is clean."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import Finished

from reportlib.checking.allowed import Allowed, covering
from reportlib.checking.blocks import Block, Reading, Role
from reportlib.checking.breaks import Break, sentence_around
from reportlib.checking.finished import check_file, check_reading
from reportlib.trace.tokens import Token, tokens

pytestmark = pytest.mark.slow

Plant = Callable[[str, Token, random.Random], str | None]


def change_a_digit(text: str, token: Token, chance: random.Random) -> str | None:
    places = [place for place in range(token.start, token.end) if text[place].isdigit()]
    place = chance.choice(places)
    if place == places[0] and len(places) > 1:
        place = places[-1]  # a leading zero would be another kind of error
    digit = chance.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def swap_the_unit(text: str, token: Token, chance: random.Random) -> str | None:
    for unit, other in (("procentpoint", "pct."), ("pct.", "procentpoint"), ("timer", "uger"), ("uger", "timer")):
        found = re.compile(rf"[ \u00a0]{re.escape(unit)}").match(text, token.end)
        if found:
            return text[: token.end] + f"\u00a0{other}" + text[found.end() :]
    return None


def lose_the_sign(text: str, token: Token, chance: random.Random) -> str | None:
    return text[: token.start] + text[token.start + 1 :] if text[token.start] == "\u2212" else None


def exchange_two(text: str, token: Token, chance: random.Random) -> str | None:
    later = [other for other in tokens(text) if other.start > token.end and other.text != token.text]
    if not later:
        return None
    other = later[0]
    between = text[token.end : other.start]
    return text[: token.start] + other.text + between + token.text + text[other.end :]


PLANTS: dict[str, tuple[Plant, int]] = {
    "a digit": (change_a_digit, 260),
    "a unit": (swap_the_unit, 80),
    "a sign": (lose_the_sign, 60),
    "two numbers": (exchange_two, 120),
}


def candidates(reading: Reading, account_allowed: Allowed) -> list[tuple[int, Token]]:
    """Every number of the report's body, with its block; the cover and the account at the end are left out."""
    last = len(reading.chapter_titles())
    return [
        (place, token)
        for place, block in enumerate(reading.blocks)
        if block.role is not Role.COVER and not (reading.kind == "pdf" and block.chapter == last)
        for token in tokens(block.text)
    ]


def is_told(block: Block, at: int, breaks: list[Break]) -> bool:
    """True when some break is about the sentence the error was planted in."""
    places = [at, *(token.start for token in tokens(block.text))]
    near = {sentence_around(block.text, place) for place in places}
    return any(found.sentence in near for found in breaks if found.sentence)


@pytest.mark.parametrize("kind", PLANTS)
@pytest.mark.parametrize("form", ["pdf", "html"])
def test_planted_errors_are_all_found(kind: str, form: str, reports: dict[str, Finished]) -> None:
    plant, wanted = PLANTS[kind]
    chance = random.Random(f"{kind} {form}")
    planted = 0
    missed: list[str] = []
    while planted < wanted:
        finished = reports[chance.choice(sorted(reports))]
        reading: Reading = getattr(finished, form)
        places = candidates(reading, Allowed.of(finished.account))
        blocks, done = list(reading.blocks), {}
        for place, token in chance.sample(places, len(places)):
            if place in done or len(done) == 20:
                continue
            changed = plant(blocks[place].text, token, chance)
            if changed is not None and changed != blocks[place].text:
                blocks[place] = replace(blocks[place], text=changed)
                done[place] = token.start
        assert done, f"nowhere to plant {kind}"
        result = check_reading(Reading(reading.kind, blocks), finished.account)
        breaks = list(result.breaks)
        for place, at in done.items():
            if not is_told(blocks[place], at, breaks):
                missed.append(
                    f"{reading.blocks[place].text[max(0, at - 60) : at + 30]} -> {blocks[place].text[at:][:40]}"
                )
        planted += len(done)
    assert missed == []


@pytest.mark.parametrize("site", ["Alle", "Aarhus"])
@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_a_report_as_it_was_made_has_no_breaks(site: str, suffix: str, reports: dict[str, Finished]) -> None:
    result = check_file(reports[site].path(suffix))
    assert result.breaks == ()
    assert result.share == 100.0
    assert result.numbers > 1000
    assert result.recomputed > 800


def test_a_name_with_a_digit_needs_no_row(reports: dict[str, Finished]) -> None:
    allowed = Allowed.of(reports["Alle"].account)
    text = "Projektkommune 12 har 12 pct."
    first, second = tokens(text)
    assert covering(allowed.spans(text), first.start, first.end) is not None
    assert covering(allowed.spans(text), second.start, second.end) is None
