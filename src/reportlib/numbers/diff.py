"""What changed between two ledgers, two reports or two Word files, verdicts or numbers first; as data and as a page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import IntEnum
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from reportlib.errors import ReportlibError
from reportlib.files.reading import FileKind
from reportlib.ledger import Estimate, LedgerFileError, Measure
from reportlib.ledger.digits import is_share, value_decimals
from reportlib.ledger.file import MadeBy, load_ledger, made_by
from reportlib.numbers.account import Account, load_account
from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.describe import what, where
from reportlib.numbers.read_word import Remark, WordReading, read_word
from reportlib.numbers.tokens import tokens
from reportlib.prose.estimate_text import NOT_ESTIMATED, tal
from reportlib.prose.wording import Verdict, verdict
from reportlib.text.units import Unit
from reportlib.trial.dependencies import SECTIONS

# Row by row: numbers, verdicts and definitions of two ledgers or two reports' accounts.


_WHAT, _HINT = "a ledger or an account of numbers", "name two ledger.json, or the .tal.json beside two reports"


class NothingToCompareError(ReportlibError):
    """A file that is neither a ledger nor an account of a report's numbers."""


class Weight(IntEnum):
    """How much a change matters, the least first."""

    REMARK = 0
    WORDING = 1
    NUMBER = 2
    GONE = 3
    NEW = 4
    HIDDEN = 5
    VERDICT = 6


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: what it is called, how it printed, its verdicts, and how large the change is.

    `size` is the change in parts of the larger of the two values (verdicts: how far the p-value moved), for ordering.
    `causes` is what the number is made of and is another, in Danish; empty where nothing is known of that.
    """

    weight: Weight
    key: str
    label: str
    before: str
    after: str
    verdict_before: str = ""
    verdict_after: str = ""
    size: float = 0.0
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One of the two: its name, rows, measures and level, and what its ledger says of itself, if that is at hand."""

    name: str
    rows: Mapping[str, Estimate]
    measures: Mapping[str, Measure]
    level: float
    header: Mapping[str, Any] | None = None
    code: MadeBy | None = None


def read_side(path: Path) -> Side:
    """A ledger, or an account of a report's numbers.

    Raises:
        NothingToCompareError: the file is neither.
        LedgerFileError, AccountFileError: it is one that cannot be used.
    """
    document = FileKind(NothingToCompareError, _WHAT, _HINT).read_json(path)
    if "numbers" in document:
        account: Account = load_account(path)
        made_of = _of_ledger_beside(path, account)
        return Side(path.name, account.rows, account.measures, account.level, *made_of)
    if "columns" in document:
        ledger = load_ledger(path)
        rows = {row.key: row for row in ledger}
        return Side(
            path.name, rows, ledger.measures, float(ledger.header["level"]), ledger.header, made_by(path, ledger)
        )
    raise NothingToCompareError(f"{path} is neither a ledger nor an account of numbers", hint=_HINT)


def _of_ledger_beside(path: Path, account: Account) -> tuple[Mapping[str, Any] | None, MadeBy | None]:
    """Header and code of the ledger that lies beside a report, if it is the one the report was made of."""
    place = path.with_name("ledger.json")
    try:
        ledger = load_ledger(place)
    except LedgerFileError:
        return None, None
    same = ledger.hash == account.header["ledger"]
    return (ledger.header, made_by(place, ledger)) if same else (None, None)


def differences(old: Side, new: Side) -> Differences | None:
    """What is different in what the two were made of; None where that is not at hand."""
    if old.header is None or new.header is None:
        return None
    return Differences(old.header, new.header, old.code, new.code)


def compare(old: Side, new: Side) -> list[Change]:
    """Every change with its causes, verdicts first, each kind with the largest change first."""
    changes = [change for key in {**old.rows, **new.rows} if (change := _change(key, old, new)) is not None]
    if (made_of := differences(old, new)) is not None:
        changes = [replace(change, causes=_causes(change, old, new, made_of)) for change in changes]
    changes += _wordings(old, new)
    return sorted(changes, key=lambda change: (-change.weight, -change.size, change.key))


def _change(key: str, old: Side, new: Side) -> Change | None:
    one, two = old.rows.get(key), new.rows.get(key)
    if one is None or two is None:
        row = one or two
        assert row is not None
        side, weight = (old, Weight.GONE) if two is None else (new, Weight.NEW)
        shown = tal(row)
        return Change(weight, key, label_of(row, side), shown if two is None else "", "" if two is None else shown)
    label, before, after = label_of(two, new), _shown(one), _shown(two)
    if one.hidden != two.hidden:
        return Change(Weight.HIDDEN, key, label, before, after)
    first, second = _verdict(one, old.level), _verdict(two, new.level)
    if first != second:
        moved = abs((one.p or 0.0) - (two.p or 0.0))
        return Change(Weight.VERDICT, key, label, before, after, first, second, moved)
    others = [name for name in _BESIDE if _moved(getattr(one, name), getattr(two, name))]
    size = _moved(one.value, two.value)
    if size or before != after or others:
        if not size and before == after:  # the value stays: what changed is beside it
            before, after = (f"{_shown(row)}; {_beside(row, others)}" for row in (one, two))
        return Change(Weight.NUMBER, key, label, before, after, first, second, size)
    return None


def _causes(change: Change, old: Side, new: Side, made_of: Differences) -> tuple[str, ...]:
    sides = [side.rows[change.key] for side in (old, new) if change.key in side.rows]
    hides = change.weight is not Weight.NUMBER and any(row.hidden for row in sides)
    return made_of.causes(sides[-1], hides=hides, verdict=change.weight is Weight.VERDICT)


def _wordings(old: Side, new: Side) -> list[Change]:
    changes = []
    for name, measure in new.measures.items():
        was = old.measures.get(name)
        for part in ("label", "definition", "source"):
            if was is not None and getattr(was, part) != getattr(measure, part):
                before, after = getattr(was, part), getattr(measure, part)
                changes.append(Change(Weight.WORDING, name, f"{measure.label} ({part})", before, after))
    return changes


def _shown(row: Estimate) -> str:
    """The number as it prints, with one decimal more than usual, and the counts behind it."""
    if row.value is None:
        return tal(row) if row.hidden else NOT_ESTIMATED
    counts = f" ({row.k} af {row.n})" if row.k is not None and row.n is not None and row.unit is Unit.PCT else ""
    return tal(row, 1 if is_share(row) else min(1, value_decimals(row))) + counts


def label_of(row: Estimate, side: Side) -> str:
    """What the number is, of whom and when, as the account says it."""
    return ", ".join(part for part in (what(row, side.measures[row.measure]), where(row)) if part)


def _verdict(row: Estimate, level: float) -> str:
    if row.value is None or (row.p is None and row.group != "forskel"):
        return ""
    found = verdict(row, level)
    return "" if found is Verdict.UNTESTED else found.value


_BESIDE = {
    "k": "antal",
    "n": "personer",
    "se": "standardfejl",
    "ci_low": "nedre grænse",
    "ci_high": "øvre grænse",
    "p": "p-værdi",
    "df": "frihedsgrader",
}
"""What a row holds beside its value, and what a reader calls it."""


def _beside(row: Estimate, names: Sequence[str]) -> str:
    """`nedre grænse 0,951, p-værdi 0,15`: with the digits that are needed to see the change."""
    told = []
    for name in names:
        value = getattr(row, name)
        told.append(f"{_BESIDE[name]} {'mangler' if value is None else format(value, '.6g').replace('.', ',')}")
    return ", ".join(told)


def _moved(first: float | None, second: float | None) -> float:
    if (first is None) != (second is None):
        return 1.0
    if first is None or second is None or math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12):
        return 0.0
    return abs(second - first) / max(abs(first), abs(second))


# The comparison as one HTML page: the two versions beside each other, what matters most first.


HEADINGS = {
    Weight.VERDICT: "Andre konklusioner",
    Weight.HIDDEN: "Skjult i den ene og vist i den anden",
    Weight.NEW: "Nye tal",
    Weight.GONE: "Tal, der er væk",
    Weight.NUMBER: "Andre tal",
    Weight.WORDING: "Andre ord",
    Weight.REMARK: "Kommentarer",
}
VERDICTS = {
    "up": "signifikant højere",
    "down": "signifikant lavere",
    "not_significant": "ikke signifikant",
    "untested": "ikke testet",
    "": "",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1b2a33}"
    "table{border-collapse:collapse;width:100%;margin-bottom:2rem}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #c3cdd5}"
    "thead th{border-bottom:2px solid #0b2e4f}code{font-size:.85em;color:#555f69;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}"
    "table{table-layout:fixed}thead th:first-child{width:36%}"
    "th,td{overflow-wrap:anywhere}"
    "@media(max-width:40rem){th,td{padding:.4rem .3rem;font-size:.9rem}}"
)


def comparison_page(changes: Sequence[Change], *, old: str, new: str) -> str:
    """A page of its own, without script and without anything fetched."""
    parts = [
        '<!DOCTYPE html>\n<html lang="da">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(f'{old} og {new}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Hvad er ændret fra {escape(old)} til {escape(new)}?</h1>\n"
    ]
    if not changes:
        parts.append("<p>Intet er ændret.</p>\n")
    for weight, heading in HEADINGS.items():
        found = [change for change in changes if change.weight is weight]
        if found:
            parts.append(_table(f"{heading} ({len(found)})", found, old, new))
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)


def _table(caption: str, changes: Sequence[Change], old: str, new: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(change.label)}<br><code>{escape(change.key)}</code></th>'
        f"<td>{_cell(change.before, change.verdict_before)}</td>"
        f"<td>{_cell(change.after, change.verdict_after)}</td>"
        f"<td>{'<br>'.join(map(escape, change.causes))}</td></tr>\n"
        for change in changes
    )
    return (
        f'<table>\n<caption>{escape(caption)}</caption>\n<thead><tr><th scope="col">Tal</th>'
        f'<th scope="col">{escape(old)}</th><th scope="col">{escape(new)}</th><th scope="col">Årsag</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _cell(shown: str, verdict: str) -> str:
    said = VERDICTS.get(verdict, verdict)
    return escape(shown) + (f"<br>{escape(said)}" if said else "")


_WORDS_AROUND = 4
_PLACES = {Role.CELL: "tabel", Role.HEADER: "tabel", Role.CAPTION: "billedtekst", Role.ALT: "alternativ tekst",
           Role.NOTE: "fodnote", Role.HEADING: "overskrift", Role.COVER: "forside"}  # fmt: skip


def compare_word(old: Path, new: Path) -> list[Change]:
    """Every change from one Word file to the other: numbers first, each kind in the order of the text.

    The report is held against the edited file with its tracked changes rejected (what was changed without a track), and
    that against the same file with them accepted (what was changed with one, and by whom).

    Raises:
        WordFileError
    """
    before, rejected, accepted = read_word(old), read_word(new, accepted=False), read_word(new)
    made = [*_changes(before, rejected, tracked=False), *_changes(rejected, accepted, tracked=True)]
    known = {(remark.author, remark.text, remark.at) for remark in before.remarks}
    made += [
        _comment(remark, accepted)
        for remark in accepted.remarks
        if (remark.author, remark.text, remark.at) not in known
    ]
    return sorted(made, key=lambda change: -change.weight)  # which keeps the order of the text


def _changes(old: WordReading, new: WordReading, *, tracked: bool) -> Iterator[Change]:
    before, after = old.reading.blocks, new.reading.blocks
    keys = [[(block.role, block.text) for block in side] for side in (before, after)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for one, two in _pairs(before[first:last], range(first, last), after[start:end], range(start, end)):
            text, changed = ("" if one is None else before[one].text), ("" if two is None else after[two].text)
            authors = (() if one is None else old.authors.get(one, ())) or (
                () if two is None else new.authors.get(two, ())
            )
            block, titles = (after[two], new) if two is not None else (before[one or 0], old)
            how = f"sporet ændring af {', '.join(authors) or 'en uden navn'}" if tracked else "ikke sporet"
            weight = Weight.NUMBER if _numbers(text) != _numbers(changed) else Weight.WORDING
            label = ", ".join(filter(None, (_place(block.chapter, titles), _PLACES.get(block.role, ""), how)))
            text, changed = _stretches(text, changed)
            yield Change(weight, key="", label=label, before=text, after=changed)


def _pairs(
    before: Sequence[Block], first: range, after: Sequence[Block], start: range
) -> Iterator[tuple[int | None, int | None]]:
    """The places of blocks that became one another: of as many on both sides each its own, otherwise those alike."""
    if len(before) == len(after):
        yield from zip(first, start, strict=True)
        return
    left = list(zip(start, after, strict=True))
    for place, block in zip(first, before, strict=True):
        alike = next((at for at, one in enumerate(left) if _alike(block, one[1])), None)
        if alike is None:
            yield place, None
        else:
            yield from ((None, number) for number, _ in left[:alike])
            yield place, left[alike][0]
            left = left[alike + 1 :]
    yield from ((None, number) for number, _ in left)


def _alike(one: Block, two: Block) -> bool:
    return one.role is two.role and SequenceMatcher(None, one.text.split(), two.text.split()).ratio() > 0.5


def _numbers(text: str) -> Counter[tuple[str, str]]:
    return Counter((token.text, token.after) for token in tokens(text))


def _stretches(before: str, after: str) -> tuple[str, str]:
    """The two texts from some words before the first difference to some words after the last."""
    one, two = before.split(" "), after.split(" ")
    first = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest = min(len(one), len(two)) - first
    last = next((at for at in range(rest) if one[-1 - at] != two[-1 - at]), rest)
    return _cut(one, first, last), _cut(two, first, last)


def _cut(words: Sequence[str], first: int, last: int) -> str:
    start, end = max(0, first - _WORDS_AROUND), min(len(words), len(words) - last + _WORDS_AROUND)
    return ("… " if start else "") + " ".join(words[start:end]) + (" …" if end < len(words) else "")


def _comment(remark: Remark, reading: WordReading) -> Change:
    told = f"kommentar af {remark.author or 'en uden navn'}"
    label = ", ".join(filter(None, (_place(remark.chapter, reading), told)))
    return Change(Weight.REMARK, key="", label=label, before=remark.at, after=remark.text)


def _place(chapter: int, reading: WordReading) -> str:
    titles = reading.reading.chapter_titles()
    return titles[chapter - 1] if 0 < chapter <= len(titles) else ""


# Why a number is another in a later ledger: which extract, setting or code it is made of is another.
#
# Both ledgers say in their header what they were made of (`made_of`): extracts by hash and rows, settings by place, and
# which part of trial.yml is made of which. A cause is named for a number only if the number can depend on it. What
# nothing of that explains is the doing of the rules of hiding, or of the code: a ledger is made of nothing else. Which
# modules those are says the file beside the ledger (`reportlib.ledger.file`), where it is at hand.


HIDING = "reglerne for skjulte tal: andre tal er ændret"
CODE = "koden eller en pakke: udtræk og indstillinger er de samme"
NOT_TOLD = "ukendt: en af de to siger ikke, hvad den er lavet af"
_MOST_MODULES = 3
_LEVEL, _SEED = "design.level", "design.seed"
_OF_TESTS = (_LEVEL, _SEED)


@dataclass(frozen=True)
class Differences:
    """What is different in what two ledgers were made of: their headers, and by which code, where that is known."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    old_code: MadeBy | None = None
    new_code: MadeBy | None = None

    @property
    def told(self) -> bool:
        """False when one of the two is of a time when ledgers did not say it."""
        return bool(self.old.get("made_of") and self.new.get("made_of"))

    def causes(self, row: Estimate, *, hides: bool, verdict: bool) -> tuple[str, ...]:
        """The causes of a change of `row`; `hides`: it came into sight or out of it, `verdict`: its verdict turned."""
        if not self.told:
            return (NOT_TOLD,)
        own, beside = self._parts_of(row.measure)
        if row.subgroup:
            own = own | beside
        own = own | {"disclosure"} if hides else own
        found = self._texts(own, verdict=verdict) or self._texts(beside, verdict=verdict)
        if not found and hides and self.changed:
            return (HIDING,)
        return tuple(found) or self._of_few() or self.code or (CODE,)

    def _parts_of(self, measure: str) -> tuple[set[str], set[str]]:
        """What a measure's numbers are made of, and what else the analyses that name it are made of."""
        if measure not in self._known:
            own = self._reached([f"measures.{measure}"])
            naming = [place for place, of in self._edges.items() if f"measures.{measure}" in of]
            if not own:  # a measure that neither knows: anything may be behind it
                own = set(self.changed)
            analyses = {place for place in naming if place.startswith("analyses.")}
            self._known[measure] = own | analyses, self._reached(naming)
        return self._known[measure]

    @cached_property
    def _known(self) -> dict[str, tuple[set[str], set[str]]]:
        return {}

    @cached_property
    def changed(self) -> Mapping[str, list[tuple[str, str]]]:
        """Part of trial.yml -> (place, what is told of it) of the settings and extracts of it that differ."""
        found: dict[str, list[tuple[str, str]]] = {}
        for place, text in (*self._files(), *self._settings()):
            found.setdefault(self._part_of(place), []).append((place, text))
        return found

    @cached_property
    def code(self) -> tuple[str, ...]:
        """What is different in the code: version, modules, packages. Said of the whole comparison, too."""
        told = []
        if self.old.get("reportlib") != self.new.get("reportlib"):
            told.append(f"reportlib {self.old.get('reportlib')} → {self.new.get('reportlib')}")
        if self.old_code is None or self.new_code is None:
            return tuple(told)
        if modules := _different(self.old_code.code, self.new_code.code):
            more = f" og {len(modules) - _MOST_MODULES} til" if len(modules) > _MOST_MODULES else ""
            told.append(f"koden {', '.join(modules[:_MOST_MODULES])}{more}")
        packages = self.old_code.packages, self.new_code.packages
        told += [
            f"pakken {name} {packages[0].get(name, '-')} → {packages[1].get(name, '-')}"
            for name in _different(*packages)
        ]
        return tuple(told)

    def _texts(self, parts: set[str], *, verdict: bool) -> list[str]:
        return [
            text
            for part, changes in self.changed.items()
            if part in parts
            for place, text in changes
            if place != _SEED and (place != _LEVEL or verdict)
        ]

    def _of_few(self) -> tuple[str, ...]:
        """What moves few numbers, those that a test counts or draws, or that are of the shown ones alone."""
        settings = [*self.changed.get("design", []), *self.changed.get("disclosure", [])]
        return tuple(text for place, text in settings if place in _OF_TESTS or place.startswith("disclosure."))

    @cached_property
    def _edges(self) -> Mapping[str, list[str]]:
        both: dict[str, list[str]] = {}
        for header in (self.old, self.new):
            for part, of in header["made_of"]["parts"].items():
                both[part] = [*both.get(part, []), *of]
        return both

    def _reached(self, parts: Iterable[str]) -> set[str]:
        """The parts and all they are made of, and the design; nothing of parts that neither ledger has."""
        reached: set[str] = set()
        pending = [part for part in parts if part in self._edges]
        while pending:
            part = pending.pop()
            if part not in reached:
                reached.add(part)
                pending += self._edges.get(part, [])
        return reached | {"design"} if reached else reached

    def _part_of(self, place: str) -> str:
        section = place.partition(".")[0]
        if section in SECTIONS:
            return section
        while place not in self._edges and "." in place:
            place = place.rpartition(".")[0]
        return place

    def _settings(self) -> Iterator[tuple[str, str]]:
        old, new = (header["made_of"]["settings"] for header in (self.old, self.new))
        for place in _different(old, new):
            yield place, f"indstillingen {place}{_values(old, new, place)}"

    def _files(self) -> Iterator[tuple[str, str]]:
        old, new = (_files_by_place(header) for header in (self.old, self.new))
        for place in sorted(old.keys() & new.keys()):
            one, two = old[place], new[place]
            if one["sha256"] != two["sha256"]:
                yield f"extracts.{place}", f"udtrækket {two['name']}: {_rows(two['rows'] - one['rows'])}"


def _files_by_place(header: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    by_name = {file["name"]: file for file in header["files"]}
    return {place: by_name[name] for place, name in header["made_of"]["extracts"].items() if name in by_name}


def _rows(more: int) -> str:
    if not more:
        return "lige så mange rækker, andet indhold"
    rows = "række" if abs(more) == 1 else "rækker"
    return f"{abs(more)} {rows} {'flere' if more > 0 else 'færre'}"


def _values(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> str:
    """` (52 → 60)` where both are plain values, or that it came or went."""
    if place not in old:
        return " (ny)"
    if place not in new:
        return " (væk)"
    values = [header[place] for header in (old, new)]
    if any(isinstance(value, str) and not _is_day(value) for value in values):
        return ""
    return f" ({_setting_text(values[0])} → {_setting_text(values[1])})"


def _setting_text(value: Any) -> str:
    return {None: "ingen", True: "ja", False: "nej"}[value] if value is None or isinstance(value, bool) else str(value)


def _is_day(text: str) -> bool:
    return len(text) == len("2017-01-31") and text[4] == "-"


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name, ...) != new.get(name, ...))
