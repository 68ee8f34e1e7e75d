"""Reading trial.yml: finding it, parsing it, and turning what is wrong with it into lines a person can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.kept import kept
from reportlib.trial.model import Trial

FILE_NAME = "trial.yml"


class TrialFileError(ReportlibError):
    """trial.yml is missing, is not YAML, or does not describe a trial."""


def list_trials(data_dir: Path) -> list[str]:
    """The ids of the trials below `data_dir`, sorted."""
    return sorted(path.parent.name for path in data_dir.glob(f"*/{FILE_NAME}"))


def find_trial(data_dir: Path, trial_id: str) -> Path:
    """The trial.yml of `trial_id`.

    Raises:
        TrialFileError: there is none; the hint names the nearest.
    """
    path = data_dir / trial_id / FILE_NAME
    if not path.is_file():
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
    try:
        raw = _parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TrialFileError(f"{path} does not exist") from None
    except yaml.YAMLError as error:
        raise TrialFileError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(raw, dict):
        raise TrialFileError(f"{path} must hold keys and values, see docs/trial.md")
    try:
        return Trial.model_validate(raw)
    except ValidationError as error:
        lines = [f"  {_place(fault['loc'])}: {_what(fault)}" for fault in error.errors()]
        raise TrialFileError(
            f"{path} does not describe a trial:\n" + "\n".join(lines), hint="docs/trial.md lists every key"
        ) from None


def _parse(text: str) -> Any:
    """The YAML, by the fast parser where there is one; the other one's messages are the clearer."""
    if hasattr(yaml, "CSafeLoader"):
        try:
            return yaml.load(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            pass
    return yaml.safe_load(text)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _what(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        key = str(fault["loc"][-1])
        hint = did_you_mean(key, _known_keys())
        return f"unknown key {key!r}" + (f" ({hint})" if hint and hint.startswith("did you mean") else "")
    if fault["type"] == "missing":
        return "this key is missing"
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
