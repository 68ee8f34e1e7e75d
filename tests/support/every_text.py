"""Every text of a trial replaced by one that is full of markup, so that a test can see whether any of it is read.

The texts are found by walking the model of trial.yml, not by a list. Each gets a tail of its own behind the words it
has: a mark (`w17w`) and, in turn, signs to which Markdown, Typst, HTML or Quarto give a meaning. The tails are
harmless: what they would make, if something read them, is a box, an emphasis, an empty tag, a footnote.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.trial.base import is_printed
from reportlib.trial.model import Trial
from reportlib.trial.project import Project, find_project

ROOT = Path(__file__).parents[2]
# Each text gets one of them: column headings have room for no more.
SIGNS = (
    " <b>f</b> *x* _y_",
    " `k `{=html} #b[t]",
    " `t `{=typst} $m$",
    " [a](b){.l} @fig-a",
    " [^n] ^[n] ~s~ | x",
    " {{< i >}} ::: {.b}",
    " # 1. -- ... \"c\" 'd'",
    " \\ &amp; <!-- q -->",
    " // /* == + ::: (a)",
)
PLAIN = (" ord ord",)


@dataclass
class Tails:
    """The tails given out, by mark; equal texts get one, because some must stay equal."""

    signs: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)

    def on(self, text: str, place: str) -> str:
        """The text with a tail: its mark and signs."""
        if text not in self._made:
            number = len(self.given)
            self.given[f"w{number}w"] = place
            self._made[text] = f"{text} w{number}w{self.after(number)}"
        return self._made[text]

    def after(self, number: int) -> str:
        """What stands behind the mark of this number."""
        return self.signs[number % len(self.signs)]


def with_tails(record: BaseModel, tails: Tails) -> BaseModel:
    """The record with a tail on every text that a report prints."""
    return _changed(record, lambda text, place: tails.on(text, place), "")


def _changed(record: BaseModel, change: Callable[[str, str], str], place: str) -> Any:
    def one(value: Any, printed: bool, where: str) -> Any:
        if isinstance(value, BaseModel):
            return _changed(value, change, where)
        if isinstance(value, tuple):
            return tuple(one(part, printed, f"{where}[{number}]") for number, part in enumerate(value))
        if isinstance(value, dict):
            return {key: one(part, printed, f"{where}[{key}]") for key, part in value.items()}
        return change(value, where) if printed and isinstance(value, str) else value

    kind = type(record)
    values = {
        name: one(getattr(record, name), is_printed(kind, name), f"{place}.{name}".lstrip("."))
        for name in kind.model_fields
    }
    return record.model_copy(update=values)


def leaves(record: BaseModel) -> Iterator[str]:
    """The places of all texts that a report may print."""
    found: list[str] = []
    _changed(record, lambda text, place: found.append(place) or text, "")
    return iter(found)


def project_with_tails(folder: Path, trial_id: str, ledger: Ledger, tails: Tails) -> tuple[Project, Path]:
    """A copy of the project's documents with one trial whose texts, sites and values of background carry tails; and
    the ledger that belongs to it."""
    source = find_project(ROOT)
    trial = source.trial(trial_id)
    changed = with_tails(trial, tails)
    values = yaml.safe_load(changed.model_dump_json(by_alias=True, exclude_none=True))
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "_quarto.yml", folder)
    shutil.copytree(ROOT / "reports", folder / "reports")
    home = folder / "data" / trial_id
    home.mkdir(parents=True)
    document = json.loads(ledger.to_bytes())
    assert isinstance(changed, Trial)
    for entry in document["measures"]:
        if (measure := changed.measure_by_id.get(entry["id"])) is not None:
            entry["label"], entry["definition"] = measure.label, measure.definition
            entry["source"] = changed.sources[measure.source].text
    made, written = json.dumps(document, ensure_ascii=False), json.dumps(values, ensure_ascii=False)
    for name in trial.sites.names:
        tailed = json.dumps(tails.on(name, f"site {name}"), ensure_ascii=False)[1:-1]
        for before, after in (('"', '"'), ("site=", '"'), ("site=", "."), ("oevrige=", '"'), ("oevrige=", "."),
                              ("øvrige:", '"')):  # fmt: skip
            made = made.replace(f"{before}{name}{after}", f"{before}{tailed}{after}")
        written = written.replace(f'"{name}"', f'"{tailed}"')
    (home / "trial.yml").write_text(written, encoding="utf-8")
    path = folder / "ledger.json"
    path.write_text(made, encoding="utf-8")
    load_ledger(path).save(path)
    return find_project(folder), path
