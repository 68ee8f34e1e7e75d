"""The reference part of docs/trial.md, made from the records themselves so that it cannot fall behind them.

`python tools/trial_reference.py docs/trial.md` renews the part below the marker; a test tells when it is due.
"""

from __future__ import annotations

import enum
import inspect
import sys
import types
import typing
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reportlib.trial import analyses, design, extracts, jobeffekter, measures, model

MARKER = "<!-- Below this line: made by `python tools/trial_reference.py docs/trial.md`. -->"

SECTIONS: tuple[tuple[str, tuple[type[BaseModel], ...]], ...] = (
    ("The file", (model.Trial,)),
    (
        "Design, groups, sites and time",
        (
            design.Design,
            design.Groups,
            design.Group,
            design.Sites,
            design.Noun,
            design.Period,
            design.FollowUp,
            design.Disclosure,
        ),
    ),
    (
        "Extracts",
        (
            extracts.Extracts,
            extracts.Source,
            extracts.Gap,
            extracts.Participants,
            extracts.Dream,
            extracts.PaidHours,
            extracts.Casework,
            extracts.WeeklyOutcome,
            extracts.Survey,
            extracts.MonthlySeries,
            extracts.Jobindsats,
            extracts.Statbank,
        ),
    ),
    ("Measures", (measures.MeasureSpec, measures.Population)),
    ("How a measure is computed (`from`)", typing.get_args(measures.Source)[0].__args__),
    ("Elements and targets", (analyses.Element, analyses.Component, analyses.Target)),
    (
        "Analyses",
        (
            *typing.get_args(analyses.AnalysisSpec)[0].__args__,
            analyses.Division,
            analyses.BenchmarkPart,
            analyses.BeforeAfterPair,
        ),
    ),
    (
        "Planned results, recommendations and the model of the effort",
        (design.Planned, design.PlannedResult, design.Recommendation, design.Phase),
    ),
    ("Facts, prices and sources", (model.Fact, model.Price, model.SourceText)),
    ("Jobeffekter.dk", (jobeffekter.EvidenceBank, jobeffekter.BankResult)),
)


def reference() -> str:
    """All records as Markdown: one heading and one table each."""
    blocks = []
    for title, records in SECTIONS:
        blocks.append(f"## {title}")
        blocks += [_record(record) for record in records]
    return "\n\n".join(blocks) + "\n"


def renewed(text: str) -> str:
    """`text` with everything below the marker made anew."""
    head, _, _ = text.partition(MARKER)
    return f"{head}{MARKER}\n\n{reference()}"


def _record(record: type[BaseModel]) -> str:
    lines = [f"### {_title(record)}", "", inspect.cleandoc(record.__doc__ or "")]
    shared = (
        extracts.Source.model_fields if issubclass(record, extracts.Source) and record is not extracts.Source else {}
    )
    if shared:
        lines += ["", "The keys of Source, and"]
    if record.model_fields:
        lines += ["", "| key | type | default | meaning |", "| --- | --- | --- | --- |"]
        own = {name: field for name, field in record.model_fields.items() if name not in shared}
        lines += [_row(field.alias or name, field) for name, field in own.items()]
    return "\n".join(lines)


def _title(record: type[BaseModel]) -> str:
    kind = record.model_fields.get("kind")
    if kind is not None and typing.get_origin(kind.annotation) is typing.Literal:
        return f"`kind: {typing.get_args(kind.annotation)[0]}`"
    return record.__name__


def _row(name: str, field: FieldInfo) -> str:
    default = "**required**" if field.is_required() else f"`{_value(field.get_default(call_default_factory=True))}`"
    meaning = (field.description or "").replace("|", "\\|")
    return f"| `{name}` | {_type(field.annotation)}{_limits(field.metadata)} | {default} | {meaning} |"


def _limits(metadata: typing.Iterable[object]) -> str:
    """`, from 1 to 520`, `, above 0`: what a value may be at least and at most; empty for none."""
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below", "min_length": "at least"}
    found = [one for each in metadata for one in (each.metadata if isinstance(each, FieldInfo) else [each])]
    values = [(word, getattr(one, name, None)) for name, word in words.items() for one in found]
    told = " ".join(f"{word} {value}" for word, value in values if value is not None)
    return f", {told.replace('at least 1', 'not empty')}" if told else ""


def _value(value: object) -> str:
    if isinstance(value, BaseModel):
        return "see there"
    if value is None or value in ((), {}):
        return "empty"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(annotation: object) -> str:
    """A type in words a person who does not write Python understands."""
    plain = {str: "text", int: "whole number", float: "number", bool: "true/false"}
    if annotation in plain:
        return plain[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0]) + _limits(arguments[1:])
    if origin is typing.Literal:
        return " or ".join(f"`{argument}`" for argument in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(part) for part in arguments if part is not type(None)))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[0])} → {_type(arguments[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, enum.Enum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    return getattr(annotation, "__name__", str(annotation))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
