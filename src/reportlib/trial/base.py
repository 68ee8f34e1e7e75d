"""The base of every record in trial.yml: unknown keys are errors, and records never change after loading."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower-case letters, digits and single hyphens: safe in keys, file names and cross-references."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""A text that a report prints: never empty."""

FACT_IN_TEXT = re.compile(r"\{([\w-]+)\}")
"""A fact's id in a reservation: `Grænsen ved {delt-uge} er valgt bagefter.`"""


class Record(BaseModel):
    """A part of trial.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
