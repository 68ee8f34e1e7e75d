"""Turns a trial's numbers round and listens to what its document then says.

`said` runs the cells of a document against a ledger and notes, for every section the document asks for, the plain text
and the claims chosen on the way. The flips below make the ledger that the opposite data would have given. A trial's
test lists what each call says before and after (`Turn`); `unproven` finds the claims nobody listed, so a new claim in a
document or in a shared section fails the test until somebody has turned it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from pathlib import Path
from typing import Any
from unittest import mock

from pydantic import BaseModel
from whole_ledgers import ledger_of

from reportlib import document as document_module
from reportlib.analysis.run import compute_ledger
from reportlib.danish import decapitalise
from reportlib.disclosure import PRIMARY
from reportlib.engine.execute import INLINE_CODE
from reportlib.engine.parameters import of_version
from reportlib.engine.qmd import Cell, read_document
from reportlib.ledger import COLUMNS, Estimate, Ledger, make_key
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, OTHERS, WHOLE_TRIAL
from reportlib.prose import implementation
from reportlib.prose.sureness import FindingFlippedError
from reportlib.prose.wording import Claim, WordingTable
from reportlib.text.marks import unmarked
from reportlib.text.units import Unit
from reportlib.trial.base import is_printed
from reportlib.trial.model import Trial, traced_settings
from reportlib.trial.project import Project

ROOT = Path(__file__).parents[2]
PROJECT = Project(root=ROOT, data_dir=ROOT / "data")
SECTIONS = "reportlib.prose."

Flip = Callable[[Ledger], Ledger]

_NUMBERS = ("value", "k", "n", "se", "ci_low", "ci_high", "p", "df", "suppressed")
_ORIGIN = re.compile("«[^»]*»")  # what a traced number's repr adds
_DIGITS = re.compile(r"−?\d[\d.,]*")


# What a document says


@dataclass(frozen=True)
class Said:
    """What one call of a section printed, as plain text, and the claims chosen on the way."""

    call: str
    text: str
    claims: tuple[Claim, ...]

    @property
    def tables(self) -> frozenset[str]:
        """The claims' names: `effect`, `lasting`."""
        return frozenset(claim.wording.partition(".")[0] for claim in self.claims)

    def words_of(self, table: str) -> list[str]:
        """The sentences of one claim, without their numbers."""
        return [words(claim.text) for claim in self.claims if claim.wording.partition(".")[0] == table]


@dataclass(frozen=True)
class Spoken:
    """All that a document's version says: by call, and what its cells print of their own."""

    calls: dict[str, Said]
    own: str


def words(text: str) -> str:
    """The text without its numbers: what the evidence has chosen and not what it has filled in."""
    return " ".join(_DIGITS.sub("#", text).split())


@cache
def trial_of(trial_id: str) -> Trial:
    """The trial as trial.yml has it."""
    return PROJECT.trial(trial_id)


@cache
def said(trial_id: str, flips: tuple[Flip, ...] = (), kommune: str = WHOLE_TRIAL) -> Spoken:
    """What the document of the trial says of its ledger after the flips."""
    turned = reduce(lambda ledger, flip: flip(ledger), flips, ledger_of(trial_id))
    return listen(trial_id, turned, kommune)


def listen(trial_id: str, ledger: Ledger, kommune: str = WHOLE_TRIAL) -> Spoken:
    """What the document of the trial says of this ledger; figures and tables are left out."""
    trial = traced_settings(trial_of(trial_id))
    report = document_module.Report(trial=trial, ledger=ledger, kommune=kommune)
    heard: dict[str, Said] = {}
    noted: list[Claim] = []
    choose = WordingTable.choose

    def noting(table: WordingTable, wording: str, rows: Iterable[Estimate], /, **parts: str) -> Claim:
        claim = choose(table, wording, rows, **parts)
        noted.append(claim)
        return claim

    def vis(self: document_module.Report, part: Any, *args: Any, **options: Any) -> str:
        if not part.__module__.startswith(SECTIONS):
            return ""
        noted.clear()
        try:
            made = part(self.ledger, self.trial, *args, site=self.site, **options)
        except FindingFlippedError as error:  # what rests on a finding refuses the opposite one
            noted.clear()
            made = f"{REFUSED}: {error.message.partition(' rests on ')[2]}"
        text = " ".join(made.replace("\u00a0", " ").split())
        found = Said(_name(part, args, options), text, tuple(_plain(claim) for claim in noted if claim.text))
        heard[found.call] = found
        return ""

    with (
        mock.patch.object(WordingTable, "choose", noting),
        mock.patch.object(document_module.Report, "vis", vis),
        mock.patch.object(document_module, "aabn", lambda *_: report),
        # an element's claims are heard although its evaluator's words no longer stand (test_fidelity_sections.py)
        mock.patch.object(implementation, "bearing", lambda *_: []),
    ):
        own = list(_run(trial_id, kommune))
    return Spoken(heard, "\n".join(own).replace(ledger.hash, ""))


def _plain(claim: Claim) -> Claim:
    return replace(claim, text=claim.text.replace("\u00a0", " "))


def _name(part: Any, args: Sequence[Any], options: dict[str, Any]) -> str:
    """`effects.effect('timer', 35)`: a call as the document has it."""
    parts = [_ORIGIN.sub("", text) for text in (*map(repr, args), *(f"{n}={value!r}" for n, value in options.items()))]
    section = part.__module__.removeprefix(SECTIONS)
    return f"{section}.{part.__name__}({', '.join(parts)})"


def _run(trial_id: str, kommune: str) -> Iterator[str]:
    """What the cells and the inline code print themselves, cell by cell."""
    names: dict[str, Any] = {}
    document = of_version(read_document(PROJECT.document(trial_id)), whole=kommune == WHOLE_TRIAL)
    for part in document.parts:
        if isinstance(part, Cell):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(part.source, str(part.place), "exec"), names)
            if "parameters" in part.tags:
                names["kommune"] = kommune
            yield printed.getvalue()
        else:
            for line in part.lines:
                for expression in INLINE_CODE.findall(line.text):
                    eval(expression.strip(), names)  # it must still be there to print


# What it must say


REFUSED = "afvist"
"""What a call says that stops the report, because a finding has flipped."""

RULE_BOOK = {
    "certain": "the points follow from the rules, which test_certainty.py holds to thirty trials",
    "rules-out": "how far the interval goes to both sides; the verdict before it turns",
    "caveat": "what the design cannot show, whatever the numbers say",
    "stands-out": "test_site_front.py has it on both sides of what decides",
    "discuss-distance": "as above",
    "discuss-rare": "as above",
    "discuss-untold": "as above",
    "red.far": "the lights behind it are turned in the chapter",
    "came.unmeasured": "an expectation that no number answers",
}
"""Steady claims of every trial's summary."""


def summary_turns(trial_id: str, told: tuple[str, str], title: str) -> list[Turn]:
    """The summary's turns with its verdicts: its headline, its planned results, and what rests on them.

    `told` is how a planned result reads before and after, `title` begins the recommendations, which are refused then.
    """
    flip: tuple[Flip, ...] = (verdicts_turned,)
    conclusion = (PROJECT.document(trial_id).parent / trial_id / "_konklusion.qmd").read_text(encoding="utf-8")
    rests = ast.literal_eval(conclusion.partition('"findings.holds", ')[2].partition(")\n")[0])
    first = f"1. **{trial_of(trial_id).hypotheses[0].expected}.**"
    calls = ["answer()", "headline_box()", "planned(most=3)"]
    return [
        *(Turn(f"findings.{call}", flip, *told) for call in calls),
        *(Turn(f"findings.{call}", flip, title, REFUSED) for call in ("recommendations()", "recommended(most=5)")),
        Turn(f"findings.holds({rests!r})", flip, "", REFUSED),
        Turn("hypotheses.answered()", flip, f"{first} *Det holdt.*", f"{first} *Det er ikke afgjort.*"),
    ]


@dataclass(frozen=True)
class Turn:
    """One call, and what it says of the data as they are (`before`) and of the data turned round (`after`)."""

    call: str
    flip: tuple[Flip, ...]
    before: str
    after: str
    kommune: str = WHOLE_TRIAL

    def __str__(self) -> str:
        return f"{self.call}: {self.before} | {self.after}"


def check(trial_id: str, turn: Turn) -> None:
    """The wording turns with the data: each of the two is said of its data and not of the other's."""
    as_is = said(trial_id, (), turn.kommune).calls[turn.call].text
    turned = said(trial_id, turn.flip, turn.kommune).calls[turn.call].text
    assert turn.before in as_is, as_is
    assert turn.after in turned, turned
    assert turn.after not in as_is, f"already said of the data as they are: {as_is}"
    assert not turn.before or turn.before not in turned, f"still said of the opposite data: {turned}"


def unproven(trial_id: str, turns: Sequence[Turn], *, steady: dict[str, str], versions: Sequence[str]) -> list[str]:
    """Every claim of the document's versions that no turn turns: `call: claim (wording)`.

    A claim is proven when one of its call's turns gives it other words, in this version of the document too. `steady`
    names claims whose words do not hang on a direction (`changed.told`), with the reason. A call without a claim and
    without a turn may not change its words in any flip.
    """
    missing = []
    flips = {turn.flip for turn in turns}
    for kommune in versions:
        plain = said(trial_id, (), kommune)
        for call, now in plain.calls.items():
            own = {turn.flip for turn in turns if turn.call == call}
            other = [said(trial_id, flip, kommune).calls.get(call) for flip in own]
            for table in now.tables:
                said_of = [None if found is None else found.words_of(table) for found in other]
                for place, claim in enumerate(claim for claim in now.claims if claim.wording.startswith(f"{table}.")):
                    if claim.wording in steady or table in steady:
                        continue
                    # the claims of a call have an order: the third is the third of the turned data's
                    if all(heard is not None and heard[place : place + 1] == [words(claim.text)] for heard in said_of):
                        missing.append(f"{kommune}: {call}: {claim.wording}: {claim.text}")
            if not own and not now.claims and now.text:  # `findings.holds` says nothing, or refuses
                everywhere = {words(said(trial_id, flip, kommune).calls[call].text) for flip in flips}
                if changed := everywhere - {words(now.text)}:
                    missing.append(f"{kommune}: {call}: the data choose words in it: {now.text} | {changed}")
        for flip in flips:
            if words(said(trial_id, flip, kommune).own) != words(plain.own):
                missing.append(f"{kommune}: what the cells print themselves changes with the data")
    return missing


# Ways to turn a ledger round


def _rebuilt(ledger: Ledger, rows: Iterable[Estimate]) -> Ledger:
    kept = list(rows)
    return Ledger(
        header=ledger.header,
        measures=ledger.measures,
        columns={name: [getattr(row, name) for row in kept] for name in COLUMNS},
    )


def each(change: Callable[[Estimate], Estimate]) -> Flip:
    """A flip that changes rows one by one."""
    return lambda ledger: _rebuilt(ledger, map(change, ledger))


def _with_numbers_of(row: Estimate, other: Estimate) -> Estimate:
    return replace(row, **{name: getattr(other, name) for name in _NUMBERS})


def _key(row: Estimate) -> str:
    return make_key(
        row.measure,
        statistic=row.statistic,
        group=row.group,
        site=row.site,
        subgroup=row.subgroup,
        time=row.time,
    )


def swapped(one: str, other: str, *, column: str = "group") -> Flip:
    """Two groups (or times, or subgroups) change places: each row takes the other's numbers."""
    partner = {one: other, other: one}

    def flip(ledger: Ledger) -> Ledger:
        def change(row: Estimate) -> Estimate:
            if getattr(row, column) not in partner:
                return row
            found = ledger.get(_key(replace(row, **{column: partner[getattr(row, column)]})))
            return row if found is None else _with_numbers_of(row, found)

        return _rebuilt(ledger, map(change, ledger))

    return flip


TESTS = frozenset({"heterogeneity", "test", "joint_test", "sign_test", "interaction", "proportional_hazards"})
"""Statistics that are a test and nothing else."""

SIGNED = frozenset(
    {
        "difference",
        "adjusted",
        "stratified",
        "clustered",
        "accumulated",
        "uniform_band",
        "relative_change",
        "over_benchmark",
        "change",
        "contrast",
        "shrunken",
        "net",
        "total_units",
        "matched",
        "two_way",
        "unadjusted",
        "monthly",
        "mean_of_months",
    }
)
"""Statistics with a sign: their opposite is their negative. Ratios (`hazard_ratio`) turn into their reciprocal."""


def _signed(row: Estimate) -> bool:
    return row.statistic in SIGNED and (row.group == DIFFERENCE or row.statistic in ("change", "contrast"))


@each
def negated(row: Estimate) -> Estimate:
    """Every estimate with a sign and its interval get the other sign; a ratio becomes its reciprocal."""
    if row.value is None:
        return row
    low, high = row.ci_low, row.ci_high
    if row.unit is Unit.HAZARD_RATIO:
        ends = (None, None) if low is None or high is None else (1 / high, 1 / low)
        return replace(row, value=1 / row.number, ci_low=ends[0], ci_high=ends[1])
    if not _signed(row):
        return row
    ends = (None, None) if low is None or high is None else (-high, -low)
    return replace(row, value=-row.number, ci_low=ends[0], ci_high=ends[1])


before_and_after_swapped: tuple[Flip, ...] = (swapped(BEFORE, AFTER), negated)
"""The same persons with their time turned round."""


@each
def complement(row: Estimate) -> Estimate:
    """Every share becomes the share of those it did not hold for."""
    return _complement(row)


def complement_of(*starts: str) -> Flip:
    """The same for the measures whose id begins so, and not for their weeks."""
    return each(lambda row: _complement(row) if row.measure.startswith(starts) and not row.time else row)


def _complement(row: Estimate) -> Estimate:
    if row.unit is not Unit.PCT or row.value is None or row.k is None or row.n is None:
        return row
    ends = (None, None) if row.ci_low is None or row.ci_high is None else (100 - row.ci_high, 100 - row.ci_low)
    return replace(row, value=100 - row.number, k=row.n - row.k, ci_low=ends[0], ci_high=ends[1])


def ranks_turned(column: str = "site") -> Flip:
    """Among the sites (or a division's parts) of each number the highest changes places with the lowest, and so on."""

    def flip(ledger: Ledger) -> Ledger:
        family: dict[tuple[str, ...], list[Estimate]] = {}
        for row in ledger:
            if row.value is not None and (place := _family(row, column)) is not None:
                family.setdefault(place, []).append(row)
        taken: dict[str, Estimate] = {}
        for rows in family.values():
            ordered = sorted(rows, key=lambda row: row.number)
            for row, other in zip(ordered, reversed(ordered), strict=True):
                taken[row.key] = other
                if column == "site":  # all others than a site go with it
                    rest, from_rest = (
                        ledger.get(_key(replace(found, site=OTHERS + found.site))) for found in (row, other)
                    )
                    if rest is not None and from_rest is not None:
                        taken[rest.key] = from_rest
        return _rebuilt(ledger, (_with_numbers_of(row, taken.get(row.key, row)) for row in ledger))

    return flip


def _family(row: Estimate, column: str) -> tuple[str, ...] | None:
    """The rows a row is ranked among; None for one that is not."""
    place = getattr(row, column)
    if column == "site":
        if not place or place.startswith(OTHERS):
            return None
        return (row.measure, row.statistic, row.group, row.time, row.subgroup)
    division, _, _ = place.rpartition(":")
    return (row.measure, row.statistic, row.group, row.time, row.site, division) if division else None


@each
def verdicts_turned(row: Estimate) -> Estimate:
    """What is significant is not, and what is not is: p-values and the intervals of differences and tests."""
    signed = _signed(row) or row.unit is Unit.HAZARD_RATIO
    if row.statistic in ("p_holm", "p_bh") and row.value is not None:
        return replace(row, value=0.4 if row.number < 0.05 else 0.0001)
    if row.statistic == "first_lasting_week":
        return replace(row, value=None)
    if not (signed or row.statistic in TESTS):
        return row
    null = 1.0 if row.unit is Unit.HAZARD_RATIO else 0.0
    if row.value is not None and row.ci_low is not None and row.ci_high is not None:
        gap = abs(row.number - null) or 1.0
        significant = row.ci_low > null or row.ci_high < null
        if row.number == null:  # no difference at all is never significant
            return row
        half = 2 * gap if significant else gap / 4
        low = row.number - half if null == 0 else max(row.number - half, 0.01)
        return replace(row, ci_low=low, ci_high=row.number + half, p=0.4 if significant else 0.0001)
    if row.p is None:
        return row
    return replace(row, p=0.4 if row.p < 0.05 else 0.0001)


def without_uncertainty(row: Estimate) -> Estimate | None:
    """A level whose interval is the level itself, as if everybody in the world had been counted."""
    if row.statistic not in ("share", "mean") or row.value is None or row.ci_low is None:
        return None
    return replace(row, ci_low=row.value, ci_high=row.value)


def overlap_turned(site: str) -> Flip:
    """A site's intervals that overlap with all others' are drawn apart, and those that are apart are drawn together."""

    def flip(ledger: Ledger) -> Ledger:
        def change(row: Estimate) -> Estimate:
            if row.site not in (site, OTHERS + site):
                return row
            partner = site if row.site.startswith(OTHERS) else OTHERS + site
            other = ledger.get(_key(replace(row, site=partner)))
            if other is None or None in (row.ci_low, row.ci_high, other.ci_low, other.ci_high):
                return row
            assert row.ci_low is not None and row.ci_high is not None
            assert other.ci_low is not None and other.ci_high is not None
            gap = abs(row.number - other.number) or 1.0
            overlap = row.ci_low <= other.ci_high and other.ci_low <= row.ci_high
            half = gap / 4 if overlap else 2 * gap
            return replace(row, ci_low=row.number - half, ci_high=row.number + half)

        return _rebuilt(ledger, map(change, ledger))

    return flip


def turned_extracts(trial_id: str, *changes: tuple[str, Callable[[str], str]]) -> Ledger:
    """The ledger of the trial's extracts with files changed: a file's name and what is done to its text."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / trial_id
        shutil.copytree(PROJECT.trial_folder(trial_id), copy, ignore=shutil.ignore_patterns("__pycache__"))
        for name, change in changes:
            text = (copy / name).read_text(encoding="utf-8")
            turned = change(text)
            assert turned != text, f"nothing changed in {name}"
            (copy / name).write_text(turned, encoding="utf-8", newline="\n")
        return compute_ledger(Project(root=ROOT, data_dir=Path(folder)), trial_of(trial_id))


def exchanged(one: str, other: str) -> Callable[[str], str]:
    """Two words of a file change places."""
    return lambda text: text.replace(one, "\0").replace(other, one).replace("\0", other)


def set_to(change: Callable[[Estimate], Estimate | None]) -> Flip:
    """A flip for what only one claim reads: None leaves a row as it is."""
    return each(lambda row: change(row) or row)


def hidden(*keys: str) -> Flip:
    """Rows taken away by disclosure control."""

    def change(row: Estimate) -> Estimate:
        if row.key not in keys:
            return row
        empty = dict.fromkeys(_NUMBERS)
        return replace(row, **{**empty, "suppressed": PRIMARY})

    return each(change)


# What it must not say of its own


ODD = {
    "deltag": "zebr",
    "kontrol": "gnu",
    "kommun": "galaks",
    "jobcent": "planet",
    "borger": "kursist",
    "områd": "hjørn",
}
"""Stems of nouns -> those of nouns that no library would think of."""

OWN = re.compile("(?i:deltager|jobcent|borger|områd|kontrolg)|(?<!Heraf )kommune")
"""A payer of the accounts is called Kommune, whatever the places are."""


_KEYS = re.compile(r' (?:key|tal)="(?:[^"\\]|\\.)*"|\]\([^()]*\)|#(?:fig|tbl)-[\w-]+')


def _odd(text: str) -> str:
    for usual, odd in ODD.items():
        text = text.replace(usual, odd).replace(usual.capitalize(), odd.capitalize())
    return text


def _odd_arguments(value: Any) -> Any:
    """The author's own words in a call, which hold a blank."""
    match value:
        case str():
            return _odd(value) if " " in value else value
        case tuple() | list():
            return type(value)(_odd_arguments(part) for part in value)
        case dict():
            return {_odd_arguments(name): _odd_arguments(part) for name, part in value.items()}
        case _:
            return value


def with_odd_words(record: Any) -> Any:
    """The record with other nouns in every text that a report prints."""

    def odd(value: Any, printed: bool) -> Any:
        match value:
            case BaseModel():
                return with_odd_words(value)
            case tuple():
                return tuple(odd(part, printed) for part in value)
            case dict():
                return {name: odd(part, printed) for name, part in value.items()}
            case str() if printed:
                return _odd(value)
            case _:
                return value

    fields = type(record).model_fields
    return record.model_copy(
        update={name: odd(getattr(record, name), is_printed(type(record), name)) for name in fields}
    )


def own_nouns(trial_id: str, kommune: str = WHOLE_TRIAL) -> list[str]:
    """What the library's parts call persons, groups and places of its own accord: every noun of trial.yml and of the
    ledger's words is another, so whatever of the usual ones is left comes from nowhere else."""
    ledger, trial = ledger_of(trial_id), with_odd_words(traced_settings(trial_of(trial_id)))
    columns = {name: [_odd(cell) for cell in ledger.columns[name]] for name in ("population", "window")}
    measures = {
        name: replace(one, **{part: _odd(getattr(one, part)) for part in ("label", "definition", "source")})
        for name, one in ledger.measures.items()
    }
    report = document_module.Report(
        trial=trial, ledger=replace(ledger, columns={**ledger.columns, **columns}, measures=measures), kommune=kommune
    )
    told: list[str] = []
    names = [*trial.sites.names, *(file for _, file in trial.extracts.files())]
    if trial.jobeffekter:  # what the evidence bank calls persons, on its closed list
        names += map(decapitalise, trial.jobeffekter.target_groups)
    written = document_module.Report.vis

    def vis(self: document_module.Report, part: Any, *args: Any, **options: Any) -> str:
        if getattr(part, "__module__", "").startswith("reportlib."):
            options.pop("caption", None)
            args, options = _odd_arguments(args), _odd_arguments(options)
            if "id" in options:
                options["folder"] = pictures
            text = _KEYS.sub("", unmarked(written(self, part, *args, **options)))
            for name in names:
                text = text.replace(name, "")
            told.extend(
                f"{part.__name__}: {text[max(0, at.start() - 40) : at.end() + 20]}" for at in OWN.finditer(text)
            )
        return ""

    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(document_module.Report, "vis", vis),
        mock.patch.object(document_module, "aabn", lambda *_: report),
    ):
        pictures = Path(folder)
        list(_run(trial_id, kommune))
    return sorted({line.replace("\n", " ") for line in told})
