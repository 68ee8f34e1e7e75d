"""A report's tables, and the numbers behind its figures, as one workbook (.xlsx), one sheet each.

The workbook follows the rules of Britain's statistical service for spreadsheets that all can read, as `gptables` keeps
them: a cover, contents, notes, one table a sheet that begins in column A under its title, no merged and no empty cells,
`[c]` for what is confidential. Numbers are numbers, as they are printed; a cell that prints a number with its interval
becomes three columns. What hides in the report is not in the workbook: its cell holds `[c]` and nothing else.
The same report gives the same bytes. Source: gptables.readthedocs.io; analysisfunction.civilservice.gov.uk, "Releasing
statistics in spreadsheets".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

from reportlib.danish import capitalise, date_text, sentence
from reportlib.ledger import Estimate, Ledger
from reportlib.numbers.describe import subgroup_names, what
from reportlib.show.ledger_rows import AXIS_TEXTS
from reportlib.show.part import Shown
from reportlib.show.pipe_table import Table, WordColumn
from reportlib.show.table_cells import HIDDEN, NOT_ESTIMABLE
from reportlib.text.inert import plain
from reportlib.text.marks import unmarked
from reportlib.text.units import RULES
from reportlib.trial.model import Trial

CONFIDENTIAL, UNAVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SIGNS: Mapping[str, str] = {
    CONFIDENTIAL: "Fortroligt: Tallet hviler på for få personer eller ville røbe et, der gør det, og vises ikke.",
    UNAVAILABLE: "Ikke opgjort: Tallet findes ikke, eller der var ingen at opgøre det for.",
    NOT_APPLICABLE: "Ikke relevant: Cellen er en overskrift eller har intet tal.",
}
COVER, CONTENTS, NOTES = "Forside", "Indhold", "Noter"
"""The sheets before those of tables and figures."""

SYNTHETIC = "Syntetiske data: Tallene er beregnet på konstruerede data. De beskriver ikke virkelige personer."

_NUMBER = r"[-+\u2212]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[-+\u2212]?\d+(?:,\d+)?"
_LIGHT = r"Grøn|Gul|Rød|Ikke opgjort"
_WIDEST = 60
_SPANS = re.compile(r"\[([^\[\]]*)\]\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

Value = float | str


@dataclass(frozen=True)
class Form:
    """How the cells of a column print their numbers: the heads of the columns it becomes, `{}` its own head."""

    pattern: re.Pattern[str]
    heads: tuple[str, ...]


_FORMS = (
    Form(re.compile(f"({_NUMBER})(?: pct\\.)?"), ("{}",)),
    Form(re.compile(f"({_NUMBER}) til ({_NUMBER})"), ("{}, nedre grænse", "{}, øvre grænse")),
    Form(
        re.compile(f"({_NUMBER}) \\(({_NUMBER}) til ({_NUMBER})\\)"),
        ("{}", "{}, nedre grænse", "{}, øvre grænse"),
    ),
    Form(re.compile(f"({_NUMBER}) af ({_NUMBER})"), ("{}, antal", "{}, ud af")),
    Form(re.compile(f"({_NUMBER})(?: pct\\.)? \\(({_NUMBER}) af ({_NUMBER})\\)"), ("{}", "{}, antal", "{}, ud af")),
    Form(re.compile(f"({_LIGHT}) ({_NUMBER})"), ("{}, farve", "{}")),
)


@dataclass(frozen=True)
class Sheet:
    """A table as cells: its name in the workbook, its title, the words above it, heads and rows; decimals by column."""

    name: str
    title: str
    words: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    decimals: Sequence[int]


@dataclass(frozen=True)
class _Column:
    head: str
    values: list[Value]
    decimals: int = 0


def workbook(
    shown: Sequence[Shown], labels: Mapping[str, str], *, ledger: Ledger, trial: Trial, kommune: str, stamp: str
) -> bytes:
    """The workbook of what a report shows; `labels` is what its figures and tables are called: `Tabel 1`."""
    sheets = [
        _of_table(one, one.made, labels[one.id])
        if isinstance(one.made, Table)
        else _of_rows(one, labels[one.id], ledger, trial)
        for one in shown
        if one.id in labels
    ]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        writer = _Writer(book)
        midnight = datetime.combine(trial.report_date, datetime.min.time())
        about = {
            "title": _plain(trial.title),
            "author": _plain(trial.evaluator),
            "keywords": stamp,
            "created": midnight,
        }
        book.set_properties(about)
        writer.lines(COVER, _cover(trial, kommune, stamp))
        contents = [(f"internal:'{sheet.name}'!A1", sheet.name, sheet.title) for sheet in sheets]
        writer.contents(CONTENTS, [(f"internal:'{NOTES}'!A1", NOTES, "Tegn og forbehold"), *contents])
        writer.table(Sheet(NOTES, NOTES, _ABOUT_SIGNS, ("Tegn", "Betydning"), [*SIGNS.items()], (0, 0)))
        for sheet in sheets:
            writer.table(sheet)
    return out.getvalue()


_ABOUT_SIGNS = (
    "Tallene er som i rapporten og afrundet på samme måde.",
    "Under en figur står de tal fra rapportens regnskab, som figuren er lavet af.",
)


def _cover(trial: Trial, kommune: str, stamp: str) -> list[str]:
    lines = [
        f"{trial.title}: tabeller og tal bag figurer",
        trial.subtitle,
        kommune,
        SYNTHETIC if trial.synthetic else "",
        f"Til: {trial.commissioner}",
        f"Udarbejdet af: {trial.evaluator}",
        f"Rapportens dato: {date_text(trial.report_date)}",
        f"Data er opgjort: {date_text(trial.data_date)}",
        f"Identitet: {stamp}",
        "Hvert ark efter noterne indeholder én tabel. Arkene er nævnt i indholdsfortegnelsen.",
    ]
    return [_plain(line) for line in lines if line]


# A table of the report as columns of values.


def _of_table(shown: Shown, made: Table, label: str) -> Sheet:
    heads = [
        made.head or "Række",
        *(column.title if isinstance(column, WordColumn) else column for column in made.columns),
    ]
    columns = [
        one for place, head in enumerate(heads) for one in _columns(head, [row[place] for row in made.rows], place)
    ]
    return _sheet(label, shown, columns)


def _columns(head: str, cells: Sequence[str], place: int) -> Iterator[_Column]:
    texts = [_text(cell) for cell in cells]
    signs = {str(HIDDEN): CONFIDENTIAL, str(NOT_ESTIMABLE): UNAVAILABLE, "": NOT_APPLICABLE}
    told = [text for text in texts if text not in signs]
    form = next((one for one in _FORMS if told and all(one.pattern.fullmatch(text) for text in told)), None)
    if place == 0 or form is None:
        values = [signs[text] if text in signs else text if place == 0 else _value(text) for text in texts]
        yield _Column(head, values, _decimals([text for text in told if isinstance(_value(text), float)]))
        return
    for part, name in enumerate(form.heads, start=1):
        of_part = [form.pattern.fullmatch(text) for text in texts]
        words = [found[part] if found else "" for found in of_part]
        values = [_value(word) if word else signs[text] for word, text in zip(words, texts, strict=True)]
        yield _Column(name.format(head), values, _decimals([word for word in words if word]))


def _value(text: str) -> Value:
    if not re.fullmatch(_NUMBER, text):
        return text
    return float(text.replace(".", "").replace(",", ".").replace("\u2212", "-"))


def _decimals(words: Sequence[str]) -> int:
    return max((len(word.partition(",")[2]) for word in words if re.fullmatch(_NUMBER, word)), default=0)


# The rows of the ledger that a figure is made of.


def _of_rows(shown: Shown, label: str, ledger: Ledger, trial: Trial) -> Sheet:
    rows = [ledger[key] for key in dict.fromkeys(shown.keys) if key in ledger]
    named = subgroup_names(rows, ledger.measures, trial)
    words = {
        "Mål": [what(row, ledger.measure(row.measure)) for row in rows],
        "Personer": [row.population for row in rows],
        "Periode": [row.window for row in rows],
        "Sted": [row.site for row in rows],
        "Del": [named.get(row.key, row.subgroup) for row in rows],
        "Enhed": [AXIS_TEXTS.get(row.unit, "") for row in rows],
    }
    columns = [
        _Column(name, [_plain(text) or NOT_APPLICABLE for text in texts]) for name, texts in words.items() if any(texts)
    ]
    for name, part in (
        ("Værdi", "value"),
        ("Nedre grænse", "ci_low"),
        ("Øvre grænse", "ci_high"),
        ("Antal personer", "n"),
    ):
        values = [_of_row(row, part) for row in rows]
        if any(value not in (UNAVAILABLE, NOT_APPLICABLE) for value in values):
            columns.append(_Column(name, values, 0 if part == "n" else max(RULES[row.unit].most for row in rows)))
    columns.append(_Column("Nøgle", [row.key for row in rows]))
    return _sheet(label, shown, columns)


def _of_row(row: Estimate, part: str) -> Value:
    value = getattr(row, part)
    if row.hidden:
        return CONFIDENTIAL
    if value is None:
        return UNAVAILABLE if part == "value" else NOT_APPLICABLE
    return float(value)


def _sheet(label: str, shown: Shown, columns: Sequence[_Column]) -> Sheet:
    return Sheet(
        label,
        sentence(f"{label}: {_plain(shown.caption)}").rstrip("."),
        ["Dette ark indeholder én tabel.", *(_with_signs(_text(line)) for line in shown.words)],
        _distinct([_text(column.head) for column in columns]),
        list(zip(*(column.values for column in columns), strict=True)),
        [column.decimals for column in columns],
    )


def _with_signs(note: str) -> str:
    """A note whose signs are those of the workbook."""
    return note.replace(f"{HIDDEN} betyder", f"{CONFIDENTIAL} betyder").replace(
        f"{NOT_ESTIMABLE} Tallet", f"{UNAVAILABLE} Tallet"
    )


def _distinct(heads: Sequence[str]) -> list[str]:
    """The heads, each another: a spreadsheet tells its columns apart by them, without case."""
    seen: dict[str, int] = {}
    out = []
    for head in heads:
        count = seen[head.casefold()] = seen.get(head.casefold(), 0) + 1
        out.append(capitalise(head or "Kolonne") if count == 1 else f"{capitalise(head or 'Kolonne')} ({count})")
    return out


def _text(markdown: str) -> str:
    """A cell's words: no emphasis, no classes, no marks of origin."""
    words = _SPANS.sub(r"\1", unmarked(markdown)).replace("**", "").replace("&#124;", "|").replace("<br>", " ")
    return " ".join(plain(_ESCAPED.sub(r"\1", words)).replace("\u00a0", " ").split())


def _plain(text: str) -> str:
    return " ".join(plain(unmarked(text)).replace("\u00a0", " ").split())


# Cells to a file.


@dataclass
class _Writer:
    book: Any
    _formats: dict[str, Any] = field(default_factory=dict)

    def _format(self, name: str, **look: Any) -> Any:
        if name not in self._formats:
            self._formats[name] = self.book.add_format(look)
        return self._formats[name]

    def _begin(self, name: str, lines: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(name)
        for number, line in enumerate(lines):
            look = self._format("title", bold=True, font_size=14) if number == 0 else self._format("words")
            sheet.write_string(number, 0, line, look)  # never a formula, whatever it begins with
        return sheet

    def lines(self, name: str, lines: Sequence[str]) -> None:
        """A sheet of words, one a row."""
        self._begin(name, lines).set_column(0, 0, _WIDEST)

    def contents(self, name: str, targets: Sequence[tuple[str, str, str]]) -> None:
        """A sheet that leads to the others: address, name and title of each."""
        sheet = self._begin(name, [name, "Dette ark indeholder én tabel."])
        for row, (address, of_sheet, title) in enumerate(targets, start=3):
            sheet.write_url(row, 0, address, self._format("link", font_color="blue", underline=1), of_sheet)
            sheet.write_string(row, 1, title)
        self._frame(sheet, 2, ("Ark", "Titel"), len(targets), name)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, _WIDEST)

    def table(self, made: Sheet) -> None:
        """A sheet with one table under its title."""
        lines = [made.title, *made.words]
        sheet = self._begin(made.name, lines)
        head = len(lines)
        for place, row in enumerate(made.rows, start=head + 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value)
                else:
                    sheet.write_number(place, column, value, self._number(made.decimals[column]))
        self._frame(sheet, head, made.heads, len(made.rows), made.name)
        for column, name in enumerate(made.heads):
            widths = [len(str(value)) for value in (name, *(row[column] for row in made.rows))]
            sheet.set_column(column, column, min(max(widths) + 2, _WIDEST))

    def _number(self, decimals: int) -> Any:
        shape = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._format(shape, num_format=shape)

    def _frame(self, sheet: Any, head: int, heads: Sequence[str], rows: int, name: str) -> None:
        """The cells as a table of the spreadsheet: screen readers tell its heads."""
        columns = [{"header": text, "header_format": self._format("head", bold=True, text_wrap=True)} for text in heads]
        look = {"columns": columns, "autofilter": False, "style": None, "name": re.sub(r"\W", "_", name)}
        sheet.add_table(head, 0, head + max(rows, 1), len(heads) - 1, look)
