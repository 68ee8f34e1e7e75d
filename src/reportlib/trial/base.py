"""The base of every record in trial.yml: unknown keys are errors, and records never change after loading."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""Lower-case letters, digits and single hyphens: safe in keys, file names and cross-references."""


class Printed:
    """Marks the type of a text that a report prints."""


class Compared:
    """Marks the type of a text that is compared with what stands in an extract."""


Text = Annotated[str, StringConstraints(min_length=1), Printed()]
"""A text that a report prints: never empty. Documents meet it inert (`trial.words`): it cannot become markup."""

Name = Annotated[str, Compared()]
"""What is compared with an extract: a file, a column, a value, a place. Whoever prints one escapes it (`markup`)."""

FACT_IN_TEXT = re.compile(r"\{([\w-]+)\}")
"""A fact's id in a reservation: `Grænsen ved {delt-uge} er valgt bagefter.`"""


class Record(BaseModel):
    """A part of trial.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)
