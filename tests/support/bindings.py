"""Every number of a finished report replaced in turn by another, and whether `reportlib check` tells of it.

A number is found here by its digits, not as the check finds it. What it is replaced with could stand there: the next
number of its form, its digits exchanged, or another number of the same block.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Reading
from reportlib.numbers.finished import check_reading

# Digits with what stands between them (`31.1.2017`, `1.101`, `3,18`); those of a name (`WHO-5`, `1A`) are letters.
_NUMBER = re.compile(r"(?<!\w)(?<![^\W\d_][-\u2010])\d+(?:[.,]\d+)*(?!\w)")


AMONG = ("blocks", "contents", "cards")


@dataclass(frozen=True, slots=True)
class Binding:
    """A number that stands in a text of a report, and where: `among` is a field of `Reading`, `place` which of it."""

    among: str
    place: int
    around: str
    start: int
    text: str

    def written(self, number: str) -> str:
        """The text with another number here."""
        return self.around[: self.start] + number + self.around[self.start + len(self.text) :]


def bindings(reading: Reading) -> Iterator[Binding]:
    """The numbers of a report: of its text, its contents, and the words behind its numbers."""
    for among in AMONG:
        for place, text in _texts(reading, among):
            for match in _NUMBER.finditer(text):
                yield Binding(among, place, text, match.start(), match[0])


def another(binding: Binding, chance: random.Random) -> str:
    """A number that could stand in its place and is another."""
    beside = _NUMBER.findall(binding.around)
    text = binding.text
    likely = [_next(text, chance), text[:-2] + text[:-3:-1], *chance.sample(beside, min(2, len(beside)))]
    fit = [one for one in likely if one != text and _form(one) == _form(text) and not (one[0] == "0" != text[0])]
    return chance.choice(fit or [_next(text, chance)])


def _next(text: str, chance: random.Random) -> str:
    last = int(text[-1])
    return text[:-1] + str(chance.choice([digit for digit in ((last + 1) % 10, (last - 1) % 10) if digit != last]))


def _form(text: str) -> str:
    return re.sub(r"\d", "1", text)


def untold(changes: Mapping[Binding, str], reading: Reading, account: Account) -> list[Binding]:
    """The numbers, each in a text of its own, that can be replaced by these without a break that shows them."""
    texts = {among: dict(_texts(reading, among)) for among in AMONG}
    for binding, number in changes.items():
        texts[binding.among][binding.place] = binding.written(number)
    blocks = [replace(block, text=text) for block, text in zip(reading.blocks, texts["blocks"].values(), strict=True)]
    wrong = replace(reading, blocks=blocks, contents=list(texts["contents"].values()), cards=texts["cards"])
    shown = [found.sentence.removesuffix("…") for found in check_reading(wrong, account).breaks if found.sentence]
    return [
        binding
        for binding, number in changes.items()
        if not any(sentence in binding.written(number) and number in sentence for sentence in shown)
    ]


def _texts(reading: Reading, among: str) -> Iterator[tuple[int, str]]:
    if among == "blocks":
        return ((place, block.text) for place, block in enumerate(reading.blocks))
    return iter(reading.cards.items()) if among == "cards" else enumerate(reading.contents)
