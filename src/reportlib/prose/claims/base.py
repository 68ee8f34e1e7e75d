"""What every claim is made of: a table of wordings, and the chosen sentence with the rows it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from reportlib.danish import sentence
from reportlib.ledger import Estimate

_DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording a claim can choose: its id, the evidence that chooses it (for the docs), and the Danish template."""

    id: str
    when: str
    text: str

    @property
    def slots(self) -> frozenset[str]:
        """The names that the template is filled with."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)


class WordingTable(Mapping[str, Wording]):
    """The wordings of one claim by id: what docs list and what tests must have seen chosen."""

    def __init__(self, claim: str, *wordings: Wording) -> None:
        self.claim = claim
        self._by_id = {wording.id: wording for wording in wordings}
        if len(self._by_id) != len(wordings):
            raise ValueError(f"two wordings of {claim} have one id")

    def __getitem__(self, wording_id: str) -> Wording:
        return self._by_id[wording_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def choose(self, wording_id: str, rows: Iterable[Estimate], /, **parts: str) -> Claim:
        """The filled-in wording as a claim about `rows`."""
        filled = self._by_id[wording_id].text.format(**parts)
        # "80 pct." at the end of a sentence brings its full stop with it.
        text = sentence(_DOUBLE_STOP.sub(".", filled))
        return Claim(text=text, wording=f"{self.claim}.{wording_id}", keys=tuple(row.key for row in rows))


@dataclass(frozen=True, slots=True)
class Claim:
    """A Danish text chosen by the evidence. Prints as its text; `wording` and `keys` say why and from which rows."""

    text: str
    wording: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return self.text

    def then(self, *more: Claim | str) -> Claim:
        """This claim followed by others or by plain sentences, empty ones left out; its wording names the whole."""
        texts, keys = [self.text], list(self.keys)
        for part in more:
            if isinstance(part, Claim):
                keys.extend(key for key in part.keys if key not in keys)
            texts.append(str(part))
        return Claim(text=" ".join(text for text in texts if text), wording=self.wording, keys=tuple(keys))
