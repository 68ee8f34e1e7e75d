"""A project's folders, and trial.yml from a disk: found, read within bounds and tested; each fault is told with its
line.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.own_files import PROJECT_FILE
from reportlib.files.reading import LOADER, FileKind, YamlBoundsError, check_bounds, kept
from reportlib.ledger import Ledger
from reportlib.trial.base import ID_PATTERN, printed_texts
from reportlib.trial.model import Trial

# Which characters the report's typeface can show; PDF/A allows no box in place of one it cannot.


_SURELY = range(0x20, 0x180)  # Latin letters and punctuation: no need to open the font


def without_glyph(text: str) -> set[str]:
    """The characters of `text` that the typeface does not have; white space and soft hyphens are not drawn."""
    rare = {sign for sign in text if ord(sign) not in _SURELY and not sign.isspace()}
    return {sign for sign in rare if ord(sign) not in _characters()} if rare else set()


@cache
def _characters() -> frozenset[int]:
    import font_source_sans_pro  # most trials need neither

    fonts: Any = importlib.import_module("fontTools.ttLib")
    with fonts.TTFont(font_source_sans_pro.font_files_ttf["SourceSansPro"], lazy=True) as font:
        return frozenset(font.getBestCmap())


# Reading trial.yml: finding it, parsing it, and turning what is wrong with it into lines a person can act on.


FILE_NAME = "trial.yml"


class TrialFileError(ReportlibError):
    """trial.yml is missing, or does not describe a trial."""


class TrialEncodingError(TrialFileError):
    """trial.yml is not UTF-8 text."""


class TrialSyntaxError(TrialFileError):
    """trial.yml is not YAML, or has a date that does not exist."""


class RepeatedKeyError(TrialFileError):
    """A key stands twice in one place of trial.yml, so that one of them would be lost."""


class ExtractOutsideError(TrialFileError):
    """An extract lies outside the data folder, by its name or by a link, and trial.yml does not say that it may."""


class OtherTrialError(TrialFileError):
    """The trial.yml in a trial's folder says that it is of another trial."""


class UnprintableCharacterError(TrialFileError):
    """A text of trial.yml has a character that the report's typeface cannot show, such as a picture."""


class HiddenCharacterError(TrialFileError):
    """A text of trial.yml has control or invisible characters, which would travel into the report."""


def list_trials(data_dir: Path) -> list[str]:
    """The ids of the trials below `data_dir`, sorted."""
    return sorted(path.parent.name for path in data_dir.glob(f"*/{FILE_NAME}") if path.is_file())


def find_trial(data_dir: Path, trial_id: str) -> Path:
    """The trial.yml of `trial_id`.

    Raises:
        TrialFileError: there is none; the hint names the nearest.
    """
    path = data_dir / trial_id / FILE_NAME
    if not re.fullmatch(ID_PATTERN, trial_id) or not path.is_file():
        raise TrialFileError(
            f"no trial {trial_id!r} in {data_dir}",
            hint=did_you_mean(trial_id, list_trials(data_dir)) or f"expected {path}",
        )
    return path


def load_trial(path: Path) -> Trial:
    """The trial described by the file at `path`; read once for as long as the file stays the same.

    Raises:
        TrialFileError: with one line per fault: where in the file, what is wrong, what was probably meant.
    """
    return kept(path, _read_trial)


def _read_trial(path: Path) -> Trial:
    content = FileKind(TrialFileError, "a trial.yml").read_bytes(path)
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))  # an å is one character, whoever typed it
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TrialEncodingError(f"{path}, line {line}: not UTF-8 text", hint="save the file as UTF-8") from None
    raw = _parse(text, path)
    if not isinstance(raw, dict):
        raise TrialFileError(f"{path} must hold keys and values", hint="docs/trial.md lists every key")
    if hidden := list(_hidden(raw, ())):
        raise HiddenCharacterError(f"{path}:\n" + "\n".join(f"  {line}" for line in hidden), hint="retype the text")
    try:
        trial = Trial.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"  {_place(fault['loc'], raw)}{line}" for fault in error.errors() for line in _what(fault).splitlines()
        ]
        raise TrialFileError(
            f"{path} does not describe a trial:\n" + "\n".join(lines), hint="docs/trial.md lists every key"
        ) from None
    _check_places(trial, path)
    _check_glyphs(trial, path)
    return trial


def _check_glyphs(trial: Trial, path: Path) -> None:
    """The typeface can show every text that a report prints, and every site's name.

    Raises:
        UnprintableCharacterError
    """
    names = ((f"sites.names.{number}", name) for number, name in enumerate(trial.sites.names))
    faults = [
        f"  {place}: {text!r} has {', '.join(f'U+{ord(sign):04X}' for sign in sorted(missing))}"
        for place, text in (*printed_texts(trial), *names)
        if (missing := without_glyph(text))
    ]
    if faults:
        raise UnprintableCharacterError(
            f"{path}: the report's typeface does not have every character:\n" + "\n".join(faults),
            hint="write it with other characters",
        )


def _check_places(trial: Trial, path: Path) -> None:
    """The extracts lie in the data folder, which holds the folder of each trial, unless trial.yml says otherwise.

    Raises:
        ExtractOutsideError
    """
    if trial.extracts.outside_data_folder:
        return
    folder = path.absolute().parent
    allowed = (folder.parent.resolve(), folder.resolve().parent)  # the trial's folder may be a link, its files may not
    for place, name in trial.extracts.files():
        found = (folder / name).resolve()
        if not any(found.is_relative_to(one) for one in allowed):
            raise ExtractOutsideError(
                f"{path}: extracts.{place}: {name} lies outside the data folder ({found})",
                hint="move it there, or set `extracts: outside_data_folder: true`",
            )


def _parse(text: str, path: Path) -> Any:
    """The YAML as dictionaries and lists.

    Raises:
        TrialSyntaxError: it is not YAML, or more of it than a trial has. RepeatedKeyError: a key stands twice.
    """
    loader = None
    try:
        check_bounds(text)
        loader = LOADER(text)
        node = loader.get_single_node()
        twice = list(_repeated(node, set()))
        if not twice:
            return loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        line = text.splitlines()[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
        if isinstance(error, YamlBoundsError):
            raise TrialSyntaxError(f"{where}: {error.problem}", hint=error.hint) from None
        problem = str(error.problem)
        raise TrialSyntaxError(f"{where}: not valid YAML: {problem}", hint=_remedy(line, problem)) from None
    except yaml.reader.ReaderError as error:
        number = text.count("\n", 0, error.position) + 1
        sign = f"a text cannot hold the character U+{ord(text[error.position]):04X}"
        raise TrialSyntaxError(f"{path}, line {number}: not valid YAML: {sign}", hint="retype the line") from None
    finally:
        if loader is not None:
            loader.dispose()
    raise RepeatedKeyError(f"{path}: " + "; ".join(twice), hint="keep one of them")


def _remedy(line: str, problem: str) -> str | None:
    """What is probably wrong with a line that is not YAML."""
    if "constructor for the tag" in problem:
        return "a text that begins with ! must stand in quotation marks"
    if "another document" in problem:
        return "delete the line ---: the file is one document"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "the line is indented with a tab; use spaces"
    if line.count(": ") > 1 and "{" not in line:
        return "a text with a colon in it must stand in quotation marks"
    return "are brackets and quotation marks closed, and is the line indented like its neighbours?"


def _nodes(node: Any, seen: set[int]) -> Iterator[Any]:
    """The node and all below it, each once."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    children = node.value if isinstance(node, yaml.CollectionNode) else ()
    for child in children:
        for part in child if isinstance(child, tuple) else (child,):
            yield from _nodes(part, seen)


def _repeated(node: Any, seen: set[int]) -> Iterator[str]:
    """Keys that stand twice in one mapping; a key that overrides one merged in by `<<` does not."""
    for mapping in _nodes(node, seen):
        if isinstance(mapping, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, _ in mapping.value:
                line = key.start_mark.line + 1
                if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, line) != line:
                    yield f"the key {key.value!r} stands in line {first[key.value]} and again in line {line}"


def _hidden(value: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """Where a text holds characters that nobody can see; line breaks and soft hyphens are allowed."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _hidden(part, (*location, str(key)))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _hidden(part, (*location, position))
    elif isinstance(value, str):
        unseen = {sign for sign in value if unicodedata.category(sign) in _UNSEEN and sign not in "\n\xad"}
        if unseen or ("names" in location and "\n" in value):
            codes = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(unseen or {"\n"}))
            yield f"{_joined(location)}: invisible characters ({codes})"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _place(location: tuple[int | str, ...], raw: Any) -> str:
    """Where a fault is, with the id or kind of the list's entry: `measures.2 (timer).unit: `; empty for the whole."""
    parts: list[int | str] = []
    for part in location:
        raw = raw[part] if (isinstance(raw, dict) and part in raw) or _is_entry(raw, part) else None
        name = (raw.get("id") or raw.get("kind")) if isinstance(part, int) and isinstance(raw, dict) else None
        parts.append(f"{part} ({name})" if isinstance(name, str) else part)
    return f"{_joined(tuple(parts))}: " if parts else ""


def _is_entry(raw: Any, part: int | str) -> bool:
    return isinstance(raw, list) and isinstance(part, int) and part < len(raw)


def _joined(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _what(fault: Any) -> str:
    given = fault.get("input")
    match fault["type"]:
        case "extra_forbidden":
            key = str(fault["loc"][-1])
            hint = did_you_mean(key, _known_keys())
            return f"unknown key {key!r}" + (f" ({hint})" if hint and hint.startswith("did you mean") else "")
        case "missing":
            return "this key is missing"
        case "union_tag_not_found":
            return "the key 'kind' is missing"
        case "union_tag_invalid":
            known = [name.strip(" '") for name in fault["ctx"]["expected_tags"].split(",")]
            return f"unknown kind {fault['ctx']['tag']!r} ({did_you_mean(fault['ctx']['tag'], known)})"
        case "string_pattern_mismatch":
            return f"{given!r} must be lower-case letters a-z, digits and single hyphens, for example antal-timer"
        case "string_too_short":
            return "this text is empty"
        case "string_type" if isinstance(given, int | float | bool) or hasattr(given, "isoformat"):
            return f"{given} must be a text: put it in quotation marks"
        case str() as kind if kind.startswith("date"):
            return f"{given!s:.40} is not a date; write 2022-06-01"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def _known_keys() -> list[str]:
    """Every key a trial.yml may hold anywhere, for near-miss hints."""
    keys: set[str] = set()
    pending: list[type[BaseModel]] = [BaseModel]
    while pending:
        model = pending.pop()
        for subclass in model.__subclasses__():
            if subclass.__module__.startswith("reportlib.trial"):
                keys.update(field.alias or name for name, field in subclass.model_fields.items())
            if subclass.__module__.startswith("reportlib.trial"):
                pending.append(subclass)
    return sorted(keys)


MARKER = PROJECT_FILE


class NoProjectError(ReportlibError):
    """No project folder was found at or above the working folder."""


class NoDocumentError(ReportlibError):
    """A trial has no document in `reports/`."""


class LedgerMismatchError(ReportlibError):
    """A ledger and a trial.yml that do not belong together."""


@dataclass(frozen=True)
class Project:
    """A project folder. `data_dir` may lie elsewhere (real extracts outside the repository)."""

    root: Path
    data_dir: Path

    @property
    def reports_dir(self) -> Path:
        return self.root / "reports"

    @property
    def out_dir(self) -> Path:
        return self.root / "_output"

    def trials(self) -> list[str]:
        """The ids of all trials, sorted."""
        return list_trials(self.data_dir)

    def trial_folder(self, trial_id: str) -> Path:
        """The folder that holds the trial's trial.yml and extracts."""
        return find_trial(self.data_dir, trial_id).parent

    def trial_file(self, trial_id: str) -> Path:
        """The trial's trial.yml."""
        return find_trial(self.data_dir, trial_id)

    def trial(self, trial_id: str) -> Trial:
        """The trial described by its trial.yml.

        Raises:
            OtherTrialError: it says that it is another trial than its folder: documents and outputs would be mixed up.
        """
        path = self.trial_file(trial_id)
        trial = load_trial(path)
        if trial.id != trial_id:
            raise OtherTrialError(
                f"{path}: id is {trial.id}, and the folder is called {trial_id}", hint="call both the same"
            )
        return trial

    def document_path(self, trial_id: str) -> Path:
        """Where the trial's document lies, or would."""
        return self.reports_dir / f"{trial_id}.qmd"

    def document(self, trial_id: str) -> Path:
        """The trial's document.

        Raises:
            NoDocumentError: `reports/<trial>.qmd` does not exist.
        """
        path = self.document_path(trial_id)
        if not path.is_file():
            raise NoDocumentError(f"{trial_id} has no document", hint=f"write {path}")
        return path


def find_project(start: Path | None = None, *, data_dir: Path | None = None) -> Project:
    """The project at or above `start` (default: the working folder).

    Raises:
        NoProjectError: no folder on the way up holds `_quarto.yml`.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return Project(root=folder, data_dir=(data_dir or folder / "data").resolve())
    raise NoProjectError(
        f"{here} is not inside a reportlib project",
        hint=f"go to the folder that holds {MARKER}, or begin one with `reportlib init DIR`",
    )


def check_belongs(ledger: Ledger, trial: Trial, *, name: str = "the ledger") -> None:
    """What a ledger and trial.yml both say must be the same, and the ledger must hide at least as much.

    Raises:
        LedgerMismatchError
    """
    header = ledger.header
    again = "analyse again with this trial.yml, or use the trial.yml that the ledger was made with"
    if header["trial"] != trial.id:
        raise LedgerMismatchError(f"{name} is of the trial {header['trial']}, not of {trial.id}", hint=again)
    if header["threshold"] < trial.disclosure.threshold:
        raise LedgerMismatchError(
            f"{name} hides numbers on fewer than {header['threshold']} persons; trial.yml asks for "
            f"{trial.disclosure.threshold}",
            hint=again,
        )
    said = {"level": trial.design.level, "synthetic": trial.synthetic, "data_date": trial.data_date.isoformat()}
    for key, wanted in said.items():
        if header[key] != wanted:
            raise LedgerMismatchError(f"{name} says {key}: {header[key]}, trial.yml {wanted}", hint=again)
