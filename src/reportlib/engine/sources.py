"""Checking a document before it is rendered: typed digits, keys and facts that do not exist, references to nothing; and
what a run of it, without setting it, shows that nobody meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportlib.engine.citations import CITATION
from reportlib.engine.execute import INLINE_CODE, Assembly, execute
from reportlib.engine.parameters import find_parameters, of_version
from reportlib.engine.qmd import Cell, Document, Line, Prose, read_document
from reportlib.engine.workspace import open_workspace
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Ledger
from reportlib.numbers.breaks import Break, Kind, unwanted_words, wrong_words
from reportlib.numbers.collect import REFERENCE, REFERENCE_KINDS, bare
from reportlib.numbers.tokens import tokens
from reportlib.trial.model import Trial

_IDENTIFIER = re.compile(rf"#((?:{REFERENCE_KINDS})-[\w-]*\w)")
_NO_PROSE = re.compile(r"^\s*(?::{3,}|\{\{<)")
_FACTS = frozenset({"fakta", "fakta_tal", "fakta_aar", "fakta_mio", "fakta_ord", "heltal"})
_ALL_RESERVATIONS = "alle_forbehold"
_REPORT = "r"


@dataclass
class _Code:
    """What a document's code asks for, with the place of each."""

    keys: list[tuple[str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    printed: list[tuple[str, str]] = field(default_factory=list)
    reservations: bool = False


def check_document(document: Document, *, trial: Trial, ledger: Ledger | None) -> list[Break]:
    """What is wrong in a document's own sources, each with file and line; keys are looked up if a ledger is given."""
    code = _Code()
    defined: set[str] = set()
    references: list[tuple[str, str]] = []
    breaks: list[Break] = []
    chapter = ""
    for part in document.parts:
        if isinstance(part, Cell):
            if "parameters" not in part.tags:
                _read_code(part.source, code, part.place.path.as_posix(), part.first_line)
            continue
        for first, text in _paragraphs(part):
            chapter = first.text.removeprefix("# ") if first.text.startswith("# ") else chapter
            unwanted = unwanted_words(text, chapter=chapter, avoid=trial.glossary.avoid)
            wrong = [*wrong_words(text, trial.design.kind), *unwanted]
            breaks += [_at(Kind.WORD, str(first.place), why, text) for _, why in wrong]
        for line in _prose_lines(part):
            defined |= set(_IDENTIFIER.findall(line.text))
            for expression in INLINE_CODE.findall(line.text):
                _read_code(expression, code, line.place.path.as_posix(), line.place.line)
            text = INLINE_CODE.sub(" ", line.text)
            references += [(name, str(line.place)) for name in REFERENCE.findall(text)]
            breaks += _typed(line, text)
    breaks += [
        _at(Kind.UNTRACED, place, f"a digit is typed in what a cell prints: {text.strip()[:60]!r}", text)
        for text, place in code.printed
    ]
    breaks += _unknown_facts(code, trial)
    if trial.reservations and not code.reservations:
        why = f"trial.yml has reservations, and the summary does not print them: `{{python}} r.{_ALL_RESERVATIONS}`"
        breaks.append(_at(Kind.MISSING, document.path.as_posix(), why, ""))
    if ledger is not None:
        breaks += _unknown_keys(code, ledger)
    breaks += _lost_references(references, defined, code)
    return sorted(breaks, key=lambda found: found.place)


def _prose_lines(part: Prose) -> Iterator[Line]:
    return (line for number, line in enumerate(part.lines) if number not in part.code)


def _paragraphs(part: Prose) -> Iterator[tuple[Line, str]]:
    """Each paragraph's first line and its words on one line: a sentence is more than the line it begins on."""
    lines: list[Line] = []
    for line in [*_prose_lines(part), None]:
        if line is not None and line.text.strip() and not _NO_PROSE.match(line.text):
            lines.append(line)
        elif lines:
            yield lines[0], bare(" ".join(INLINE_CODE.sub(" ", one.text).strip() for one in lines))
            lines = []


def _typed(line: Line, text: str) -> Iterator[Break]:
    if _NO_PROSE.match(text):
        return
    words = bare(CITATION.sub(" ", REFERENCE.sub(" ", text)))
    for token in tokens(words):
        hint = "print it from the ledger, or make it a fact in trial.yml"
        yield _at(Kind.UNTRACED, str(line.place), f"{token.text} is typed; {hint}", words)


def parsed(source: str) -> ast.Module:
    """A cell or an inline expression as a tree; empty where it is no Python, which running it tells with the place."""
    try:
        return ast.parse(source.strip() if "\n" not in source else source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _read_code(source: str, code: _Code, file: str, first_line: int) -> None:
    for node in ast.walk(parsed(source)):
        place = f"{file}:{first_line + getattr(node, 'lineno', 1) - 1}"
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=key) if name == _REPORT:
                if (pattern := _pattern(key)) is not None:
                    code.keys.append((pattern, place))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[first, *_]) if (
                name == _REPORT and method in _FACTS
            ):
                if isinstance(first, ast.Constant):
                    code.facts.append((str(first.value), place))
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == _REPORT and attr == _ALL_RESERVATIONS:
                code.reservations = True
            case ast.keyword(arg="id", value=value):
                if (pattern := _pattern(value)) is not None:
                    code.identifiers.append(pattern)
            case ast.Call(func=ast.Name(id="print"), args=printed):
                prose = (text for text in _literals(printed) if not _NO_PROSE.match(text))
                code.printed += [(text, place) for text in prose if tokens(bare(text))]
            case _:
                pass


def _literals(printed: list[ast.expr]) -> Iterator[str]:
    """The literal text that a call prints itself, not what it hands to a function."""
    for node in printed:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (
                str(part.value)
                for part in node.values
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def _pattern(node: ast.expr) -> str | None:
    """The text of a literal as a regular expression; what an f-string fills in may be anything."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+?" for part in node.values)
    return None


def _unknown_facts(code: _Code, trial: Trial) -> Iterator[Break]:
    for name, place in code.facts:
        if name not in trial.facts:
            hint = did_you_mean(name, trial.facts) or ""
            yield _at(Kind.UNKNOWN, place, f"trial.yml has no fact {name!r}; {hint}", "")


def _unknown_keys(code: _Code, ledger: Ledger) -> Iterator[Break]:
    keys = list(ledger.columns["key"])
    for pattern, place in code.keys:
        wanted = re.compile(pattern)
        if not any(wanted.fullmatch(key) for key in keys):
            shown = re.sub(r"\\(.)", r"\1", pattern)
            hint = did_you_mean(shown, [key for key in keys if key.split(".")[0] == shown.split(".")[0]] or keys[:40])
            yield _at(Kind.UNKNOWN, place, f"the ledger has no number {shown!r}; {hint or ''}", "")


def _lost_references(references: list[tuple[str, str]], defined: set[str], code: _Code) -> Iterator[Break]:
    patterns = [re.compile(pattern) for pattern in code.identifiers]
    for name, place in references:
        bare_name = name.split("-", 1)[1]
        made = any(pattern.fullmatch(name) or pattern.fullmatch(bare_name) for pattern in patterns)
        if name not in defined and not made:
            hint = did_you_mean(name, sorted(defined)) or ""
            yield _at(Kind.REFERENCE, place, f"@{name} refers to nothing; {hint}", "")


def _at(kind: Kind, place: str, message: str, sentence: str) -> Break:
    return Break(kind, message.rstrip("; "), place=place, sentence=sentence.strip())


# Running a document without setting it.


_DEFINED = re.compile(r"\{[^{}]*?#((?:fig|tbl|sec|eq|lst)-[\w-]*\w)")
_PRINTERS = frozenset({"vis", "forside", "i_linjen"})


def run_document(path: Path, project: Path, *, environment: Mapping[str, str]) -> list[Break]:
    """Run the whole trial's version of a document in a private folder and tell what is wrong, with file and line.

    A wrong function, a missing import or a wrong key ends the run and is told as rendering would tell it. Also told: a
    figure, table or section that is asked for and not printed, an identifier that stands twice, and a parameter that no
    code reads.
    """
    with open_workspace(path, project) as workspace:
        document = read_document(workspace.document, root=workspace.root)
        assembly = Assembly()
        breaks = [*_not_printed(document), *_unread_parameters(document)]
        try:
            execute(
                of_version(document, whole=True), folder=workspace.folder, environment=environment, assembly=assembly
            )
        except ReportlibError as error:
            told = f"{error.message} ({error.hint})" if error.hint else error.message
            return [*breaks, Break(Kind.FAILED, told)]
    return [*breaks, *_twice(assembly.lines)]


def _not_printed(document: Document) -> Iterator[Break]:
    """`r.vis(...)` alone on a line: what it gives is text, and goes nowhere without `print`."""
    for cell in document.cells:
        for node in ast.walk(parsed(cell.source)):
            match node:
                case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _PRINTERS:
                    place = f"{cell.place.path.as_posix()}:{cell.first_line + node.lineno - 1}"
                    yield Break(Kind.MISSING, f"what `{name}` gives is not printed: write print(…)", place=place)
                case _:
                    pass


def _unread_parameters(document: Document) -> Iterator[Break]:
    parameters = find_parameters(document)
    if parameters is None:
        return
    read: set[str] = set()
    for part in document.parts:
        if isinstance(part, Cell):
            sources = [part.source]
        else:
            sources = [code for line in part.lines for code in INLINE_CODE.findall(line.text)]
        for source in sources:
            names = (node for node in ast.walk(parsed(source)) if isinstance(node, ast.Name))
            read |= {node.id for node in names if isinstance(node.ctx, ast.Load)}
    for name in parameters.defaults:
        if name not in read:
            why = f"the parameter {name!r} is read by no code: every value gives the same report"
            yield Break(Kind.UNKNOWN, why, place=str(parameters.cell.place))


def _twice(lines: list[Line]) -> Iterator[Break]:
    first: dict[str, Line] = {}
    for line in lines:
        for name in _DEFINED.findall(line.text):
            if name in first:
                why = f"#{name} stands twice: first at {first[name].place}"
                yield Break(Kind.REFERENCE, why, place=str(line.place))
            first.setdefault(name, line)
