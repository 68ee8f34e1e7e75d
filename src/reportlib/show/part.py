"""What a figure or a table is to a report: its function gives a record, and `show` makes the record's Markdown.

A function takes the ledger, the trial and what it is about. Whatever every figure and table has (identifier, a caption
of the document's own, folder, colours, cache, whose numbers they are) is added here, once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from inspect import signature
from pathlib import Path
from typing import Any

from reportlib.danish import capitalise, sentence
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.pictures import Draw, figure_bytes
from reportlib.show.pipe_table import Table, pipe_table
from reportlib.show.texts import HIDDEN_IN_ALT, whole_trial_note
from reportlib.text.marks import unmarked
from reportlib.text.markup import attribute, escape, origins_attribute, origins_in, read_origins
from reportlib.text.origin import keys_in, origin_of
from reportlib.trial.model import Trial

FOLDER = Path("figs")
KEYS = ".keys"
"""The suffix of the file beside a picture that names the ledger's rows in it."""
_DIGITS = 12
_NOTE = "Anm.:"
_ORIGINS = re.compile(rb' data-tal="[^"]*"')
QUARTO_RUNS = "QUARTO_FIG_WIDTH"
"""Set in a document's kernel by Quarto, whoever started it."""


class NotShownError(ReportlibError):
    """A figure or table has no identifier, or a paragraph was given one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure: what is plotted, how it is drawn, and the words around it.

    `plan` is a frozen record of the plotted numbers; equal plans are equal pictures. `alt` says in words what the
    picture shows. `caption` stands where the document gives none, without a full stop; `whose` ends any caption.
    `sources` follow `Kilde:`, `notes` (plain sentences, empty ones are left out) `Anm.:`. A picture that is not `kept`
    is drawn every time: its plan does not tell all that decides it. One that is `parted` is two panels beside each
    other, of half the width each: on a phone they stand below each other. `finding` says what it shows, where the rows
    tell: the caption and the alternative text begin with it. `keys` name the ledger's rows in it where the plan's
    numbers do not.
    """

    plan: object
    draw: Draw
    alt: str
    caption: str
    sources: Sequence[str]
    notes: Sequence[str] = ()
    whose: str = ""
    kept: bool = True
    parted: bool = False
    finding: str = ""
    keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure or table as a document showed it: identifier, caption, what it is, the keys of the ledger's rows that it
    was made of, in the order they were asked for, and its sources and notes in words."""

    id: str
    caption: str
    made: Chart | Table
    keys: Sequence[str]
    words: Sequence[str]


@dataclass(frozen=True)
class _Asked(Ledger):
    """A ledger that notes which rows it was asked for, and of which measures; its rows are those of the first."""

    keys: dict[str, str] = field(default_factory=dict)  # key -> its measure
    unanswered: list[object] = field(default_factory=list)

    @classmethod
    def of(cls, ledger: Ledger) -> _Asked:
        asked = cls(ledger.header, ledger.measures, ledger.columns)
        asked.__dict__.update({name: getattr(ledger, name) for name in ("_index", "_by_column", "_rows")})
        return asked

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        if not found:
            self.unanswered.append(key)
        return found

    def select(self, **wanted: str) -> list[Estimate]:
        found = super().select(**wanted)
        if not found:
            self.unanswered.append(wanted)
        return found

    def _row(self, index: int) -> Estimate:
        row = super()._row(index)
        self.keys[row.key] = row.measure
        return row


_SEEN: ContextVar[list[Shown] | None] = ContextVar("shown", default=None)


@contextmanager
def all_shown() -> Iterator[list[Shown]]:
    """Every figure and table shown until the block ends, in order."""
    seen: list[Shown] = []
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)


Part = Callable[..., str | Chart | Table]
"""A figure, table or section: a function of ledger, trial and more. One that takes `site` shows that site's numbers."""


@lru_cache(maxsize=256)  # to ask Python takes as long as a short sentence
def asked_for(part: Part) -> frozenset[str]:
    """What a part takes by name: `site` is the version's, `tested` what the text before gave a verdict on."""
    return frozenset(signature(part).parameters)


def show(
    part: Part,
    ledger: Ledger,
    trial: Trial,
    *args: Any,
    site: str | None = None,
    id: str = "",  # noqa: A002  the word of the documents
    caption: str = "",
    folder: Path = FOLDER,
    **options: Any,
) -> str:
    """The Markdown of a part in the version of one site (None: of the whole trial).

    Args:
        id: what the text refers to, with or without `fig-` or `tbl-`; also how a picture's file is called.
        caption: stands instead of the part's own; plain text without a full stop.
        folder: where pictures are written.

    Raises:
        NotShownError: a figure or table without `id`, or a section with one.
        NothingToShowError: a figure or table of which the ledger has no number, or none of a measure it names, or that
            is given an empty list.
        NoPaletteError: no theme was found.
    """
    takes_site = "site" in asked_for(part)
    if id and [] in args:
        raise NothingToShowError(f"{part.__name__} is given an empty list", hint="name at least one measure")
    asked = _Asked.of(ledger)
    made = part(asked, trial, *args, **({"site": site} if takes_site else {}), **options)
    if isinstance(made, str):
        if id or caption:
            raise NotShownError(f"{part.__name__} is text: it has no id and no caption", hint="leave them out")
        return made
    if not id:
        raise NotShownError(f"{part.__name__} has no id", hint='r.vis(..., id="fig-x") or id="tbl-x"')
    _check_told(part, asked, trial, args)
    has_numbers = bool(asked.keys or _keys_told(made))
    whole = "" if takes_site or not has_numbers else whole_trial_note(site)
    if isinstance(made, Table):
        made = made.without_hidden(trial.disclosure.threshold)
        lines = pipe_table(made, id=id.removeprefix("tbl-"), caption=titled(made.finding, caption or made.caption))
        notes = [*made.notes, whole, *made.signs(trial.disclosure.threshold)]
        block = made.instead if made.instead else _block(lines, made.sources, notes)
    else:
        lines = [_picture(made, id.removeprefix("fig-"), caption, folder)]
        notes = [*made.notes, whole]
        block = _block(["::: {.figurblok}", *lines], made.sources, notes)
    if (seen := _SEEN.get()) is not None and not getattr(made, "instead", ""):
        name = id if id.startswith(("fig-", "tbl-")) else f"{'tbl' if isinstance(made, Table) else 'fig'}-{id}"
        title = f"{caption or made.caption}{getattr(made, 'whose', '')}"
        seen.append(Shown(name, title, made, [*asked.keys, *_keys_told(made)], _words(made.sources, notes)))
    return block


def _check_told(part: Part, asked: _Asked, trial: Trial, given: Sequence[object]) -> None:
    """Every measure that the document names for a figure or table has a row there: signs alone say nothing."""
    if asked.unanswered and not asked.keys:
        raise NothingToShowError(
            f"{part.__name__} finds none of its numbers in the ledger",
            hint="ask for the analysis that makes them in trial.yml (docs/catalogue.md), and analyse again",
        )
    told_of = set(asked.keys.values())
    for name in _texts(given):
        if name in trial.measure_by_id and name not in told_of:
            raise NothingToShowError(
                f"{part.__name__} finds no number of {name} in the ledger",
                hint=f"add {name} to the analysis in trial.yml that makes them (docs/catalogue.md), and analyse again",
            )


def _texts(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        yield from _texts(list(given.values()))
    elif isinstance(given, Sequence):
        for each in given:
            yield from _texts(each)


def _picture(chart: Chart, name: str, caption: str, folder: Path) -> str:
    """Write the picture to `folder`; the Markdown that shows it."""
    drawn = figure_bytes(chart.plan, chart.draw, kept=chart.kept)
    if QUARTO_RUNS in os.environ:
        drawn = _ORIGINS.sub(b"", drawn)  # there nobody follows a number into a picture
    # The name says what is in the file: two versions of a report, drawn in one folder at once, never share a picture.
    path = folder / f"{name}-{hashlib.sha256(drawn).hexdigest()[:_DIGITS]}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)
    path.with_suffix(KEYS).write_text(
        json.dumps(list(dict.fromkeys([*chart.keys, *_keys(chart.plan)]))), encoding="utf-8"
    )
    # inline-svg: in a page the picture then uses the page's own font; an <img> may not.
    words = short_alt(chart.finding, chart.alt)
    alt = f'fig-alt="{attribute(words)}"{origins_attribute(words)}'
    title = escape(titled(chart.finding, f"{caption or chart.caption}{chart.whose}"))
    parted = " data-delt=to" if chart.parted else ""
    return f"![{title}]({path.as_posix()}){{#fig-{name} .inline-svg{parted} {alt}}}"


def titled(finding: str, caption: str) -> str:
    """`Ingen sikker forskel i beskæftigelsen. Andel i job, uge for uge`: what was found, then what is shown of whom."""
    return f"{finding}. {caption}" if finding else caption


MOST_ALT = 300
"""A screen reader reads an alternative text in one go; who wants each number finds it in the account."""
_MORE = "Hvert tal står i talregnskabet."
_NEW_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-ZÆØÅ])")
# A full stop inside a name: "58, 1. Afdeling", "St. Heddinge". That "og 12. Kurven" stays whole costs nothing.
_IN_A_NAME = re.compile(r"(?:(?:[:,(;]|\bog) \d{1,3}|(?:^|\W)[A-ZÆØÅ][a-zæøå]{0,3})\.$")


def short_alt(finding: str, alt: str) -> str:
    """The finding and as many whole sentences of the alternative text as have room, with where the rest stands.

    What the picture leaves out is always told: it stands in no other words.
    """
    sentences = [f"{finding}."] * bool(finding) + _sentences(alt)
    whole = " ".join(sentences)
    if len(unmarked(whole)) <= MOST_ALT:
        return whole
    left_out = [one for one in sentences if HIDDEN_IN_ALT in one]
    kept: list[str] = []
    for one in sentences:
        if kept and len(unmarked(" ".join([*kept, one, *left_out, _MORE]))) > MOST_ALT:
            break
        kept.append(one)
    told = [*kept, *(one for one in left_out if one not in kept)]
    return " ".join([*told, _MORE] if len(told) < len(sentences) else told)


def _sentences(text: str) -> list[str]:
    """The sentences of a text; a name that holds a full stop is never divided."""
    found: list[str] = []
    for piece in _NEW_SENTENCE.split(text):
        if found and _IN_A_NAME.search(unmarked(found[-1])):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return found


def _keys(value: Any) -> Iterator[str]:
    """The ledger keys of all numbers in a plan, in its order."""
    if (origin := origin_of(value)) is not None:
        yield from keys_in(origin)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _keys(getattr(value, part.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _keys(one)
    elif isinstance(value, dict):
        yield from _keys(tuple(value.values()))


def _block(lines: Sequence[str], sources: Sequence[str], notes: Iterable[str]) -> str:
    """The Div around a figure or table, with the `.kilde` and `.note` Divs in it; one without words is left out."""
    lines = [*lines, ""]
    for said in _words(sources, notes):
        kind = "note" if said.startswith(_NOTE) else "kilde"
        lines += [f"::: {{.{kind}}}", said, ":::", ""]
    return "\n".join([*lines, ":::", ""])


def _words(sources: Sequence[str], notes: Iterable[str]) -> list[str]:
    """The line of sources and that of notes; one without words is left out."""
    lines = []
    if distinct := [escape(source) for source in _together(sources)]:
        word = "Kilde" if len(distinct) == 1 else "Kilder"
        lines.append(f"{word}: {capitalise('; '.join(distinct))}.")
    if said := [escape(sentence(note)) for note in dict.fromkeys(notes) if note.strip()]:
        lines.append(f"{_NOTE} {' '.join(said)}")
    return lines


def _keys_told(made: Chart | Table) -> list[str]:
    """The rows that a figure's alternative text tells of: an evaluator's own plot asks the ledger for none."""
    named = read_origins(origins_in(made.alt)) if isinstance(made, Chart) else []
    return list(dict.fromkeys(key for one in named for key in keys_in(one.origin)))


def _together(sources: Sequence[str]) -> list[str]:
    """Each source once; those that end alike (`og egne beregninger`) as one list: `DREAM, eIndkomst og egne ...`."""
    parts = list(dict.fromkeys(source.strip(" .") for source in sources if source))
    last = " og egne beregninger"
    own = [part for part in parts if part.endswith(last)]
    names = dict.fromkeys(name for part in own for name in part.removesuffix(last).split(", "))
    together = f"{', '.join(names)}{last}"
    return list(dict.fromkeys(together if part in own else part for part in parts))
