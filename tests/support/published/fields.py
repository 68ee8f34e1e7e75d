"""Places in trial.yml that a published number can be: `follow_up.weeks`, `sites.names`, `measures.x.from.weeks`.

A place is a path of names. Lists of records are entered by id (`measures`, `populations`, `elements`), analyses by kind
(`analyses.at_week.week`, which must be the same in all of that kind), targets by measure (`targets.mentor.yellow`). A
list stands for its length. Beside the file's own keys there are `design.confidence` (95 at level 0.05) and
`period.months` (months from the first day to the last, both counted).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.trial.base import Record
from reportlib.trial.model import Trial


class UnknownFieldError(ReportlibError):
    """A map names a place that trial.yml does not have, or one that holds no number."""


def field_value(trial: Trial, path: str) -> Decimal | date:
    """The number or date at a place of trial.yml.

    Raises:
        UnknownFieldError: there is no such place, or no number in it.
    """
    found: Any = trial
    walked: list[str] = []
    for name in path.split("."):
        found = _step(found, name, trial, ".".join(walked))
        walked.append(name)
    if isinstance(found, date):
        return found
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal | Sequence) or isinstance(found, str):
        raise UnknownFieldError(f"{path} of {trial.id} holds no number")
    return Decimal(len(found)) if isinstance(found, Sequence) else Decimal(str(found))


def _step(found: Any, name: str, trial: Trial, walked: str) -> Any:
    made = _MADE.get(f"{walked}.{name}" if walked else name)
    if made is not None:
        return made(trial)
    if isinstance(found, Record):
        by_key = {field.alias or key: key for key, field in type(found).model_fields.items()}
        if name in by_key:
            value = getattr(found, by_key[name])
            return _by_kind(value) if walked == "" and name == "analyses" else value
        raise _unknown(trial, walked, name, list(by_key))
    if isinstance(found, Mapping):
        known = {str(key): value for key, value in found.items()}
    elif isinstance(found, Sequence) and not isinstance(found, str) and all(hasattr(part, "id") for part in found):
        known = {part.id: part for part in found}
    elif isinstance(found, _Alike):
        return found.common(name, trial, walked)
    else:
        known = {}
    if name not in known:
        raise _unknown(trial, walked, name, list(known))
    return known[name]


class _Alike:
    """The analyses of one kind: a name is looked up in all of them and must give one value."""

    def __init__(self, analyses: list[Any]) -> None:
        self._analyses = analyses

    def common(self, name: str, trial: Trial, walked: str) -> Any:
        values = [_step(analysis, name, trial, walked) for analysis in self._analyses]
        if any(value != values[0] for value in values):
            raise UnknownFieldError(f"{walked}.{name} of {trial.id} is not one number but {values}")
        return values[0]


def _by_kind(analyses: Sequence[Any]) -> dict[str, _Alike]:
    kinds: dict[str, list[Any]] = {}
    for analysis in analyses:
        kinds.setdefault(analysis.kind, []).append(analysis)
    return {kind: _Alike(members) for kind, members in kinds.items()}


def _targets(trial: Trial) -> dict[str, Any]:
    return {part.measure: part.target for element in trial.elements for part in element.components}


def _confidence(trial: Trial) -> Decimal:
    return (1 - Decimal(repr(trial.design.level))) * 100


def _months(trial: Trial) -> int:
    first, last = trial.period.first, trial.period.last
    return 12 * (last.year - first.year) + last.month - first.month + 1


_MADE = {"targets": _targets, "design.confidence": _confidence, "period.months": _months}


def _unknown(trial: Trial, walked: str, name: str, known: list[str]) -> UnknownFieldError:
    where = f"{walked} of {trial.id}" if walked else f"trial.yml of {trial.id}"
    return UnknownFieldError(f"{where} has no {name!r}", hint=did_you_mean(name, known))
