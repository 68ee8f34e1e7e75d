"""One word for each thing: what the parts of the effort are called, and words that a report does not use."""

from __future__ import annotations

from pydantic import Field, model_validator

from reportlib.trial.base import Name, Record
from reportlib.trial.design import Noun


class Glossary(Record):
    """The words of a report where others could stand for the same thing; `reportlib check` finds the others."""

    element: Noun = Field(
        Noun(one="element", many="elementer", many_definite="elementerne", gender="et"),
        description="what an element of the effort is called",
    )
    component: Noun = Field(
        Noun(one="delkomponent", many="delkomponenter", many_definite="delkomponenterne"),
        description="what a part of an element with a target is called",
    )
    avoid: dict[Name, Name] = Field(
        default_factory=dict,
        description="word that is not to stand -> the one to write; `randomiser*` is every word that begins so, and "
        "capitals are told apart where there are any: `CV: cv`",
    )

    @model_validator(mode="after")
    def _no_circle(self) -> Glossary:
        for word in self.avoid.values():
            if word in self.avoid:
                raise ValueError(f"glossary: {word!r} is both to be avoided and to be written")
        return self
