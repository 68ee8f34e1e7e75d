"""A trial of your own from a few answers: trial.yml, a document that renders at once, a folder that git leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import jinja2

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.trial.base import ID_PATTERN
from reportlib.trial.design import Kind

DESIGNS: Mapping[Kind, str] = {
    Kind.RANDOMISED: "persons drawn at random into two groups: balance, effects week by week, cost-benefit",
    Kind.QUASI_EXPERIMENT: "places with and without the effort, before and after it: difference in differences",
    Kind.BEFORE_AFTER: "the same persons before and after they began, with nobody to compare with",
    Kind.STATUS: "where an effort stands: shares by site, spread between sites, costs per person",
}
SOURCES: Mapping[str, str] = {
    "dream": "DREAM: weekly benefit codes",
    "timer": "paid hours by month (eIndkomst)",
    "sager": "casework: talks, plans, other registrations",
    "survey": "a questionnaire to the citizens",
}
_LONGEST = 52
_LOOK = 26
GITIGNORE = "# Extracts hold persons: only what describes them is ever committed.\n*\n!.gitignore\n!trial.yml\n"


class NewTrialError(ReportlibError):
    """What was answered does not make a trial."""


def check_id(name: str | None) -> str:
    """The name, if it can be a trial's id.

    Raises:
        NewTrialError
    """
    if name is None or not re.fullmatch(ID_PATTERN, name):
        raise NewTrialError(
            f"{name!r} cannot be a trial's id", hint="lower-case letters a-z, digits and single hyphens"
        )
    return name


def check_sources(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, if they are sources.

    Raises:
        NewTrialError
    """
    for name in names:
        if name not in SOURCES:
            raise NewTrialError(f"no source is called {name!r}", hint=did_you_mean(name, SOURCES) or str([*SOURCES]))
    return names


@dataclass(frozen=True)
class NewTrial:
    """What a new trial is made of.

    Attributes:
        id: folder and document are called so; lower-case letters, digits, single hyphens.
        sites: the municipalities that take part.
        first, last: first and last day on which persons come in.
        last_day: the last day the extracts will cover.
        sources: which of `SOURCES` there will be.
    """

    id: str
    title: str
    commissioner: str
    evaluator: str
    design: Kind
    sites: tuple[str, ...]
    first: date
    last: date
    last_day: date
    sources: tuple[str, ...] = tuple(SOURCES)

    def __post_init__(self) -> None:
        check_id(self.id)
        check_sources(self.sources)
        if not self.first <= self.last < self.last_day:
            raise NewTrialError(
                f"persons come in from {self.first} to {self.last}, and the extracts end {self.last_day}",
                hint="the last day must lie after the last entry",
            )
        if self._sure < 4:
            raise NewTrialError(
                f"the last who come in are followed for {self._sure} weeks only",
                hint="let the extracts end at least 5 weeks after the last entry",
            )
        if self.design is Kind.QUASI_EXPERIMENT and (self.last - self.first).days >= 365:
            raise NewTrialError(
                "the year before would overlap the period itself", hint="let persons come in for less than a year"
            )

    @property
    def _sure(self) -> int:
        """Whole weeks that everybody can be followed."""
        return (self.last_day - self.last).days // 7

    def files(self) -> dict[Path, str]:
        """Path in the project -> content of every file of the trial."""
        values = self._values()
        return {
            Path("data", self.id, ".gitignore"): GITIGNORE,
            Path("data", self.id, "trial.yml"): _filled("trial.yml.j2", values),
            Path("reports", f"{self.id}.qmd"): _filled("document.qmd.j2", values),
        }

    def _values(self) -> dict[str, object]:
        has = set(self.sources)
        weekly = [*(["ordinaere-timer-andel", "ordinaere-timer"] if "timer" in has else ())]
        weekly += ["praktik"] if "dream" in has else []
        afters = [*(["job-efter"] if "timer" in has else ()), *(["praktik-efter"] if "dream" in has else ())]
        persons = afters + (["foerste-samtale", "plan"] if "sager" in has else [])
        shares = persons + (["tilfreds"] if "survey" in has else [])
        if not shares:
            raise NewTrialError("a trial without any source has nothing to report", hint=f"name one of {[*SOURCES]}")
        planned = {Kind.BEFORE_AFTER: afters, Kind.STATUS: []}.get(self.design, weekly)
        year = timedelta(days=364)  # whole weeks, so that both periods begin on the same day of the week
        return {
            **vars(self),
            "design": self.design.value,
            "seed": int(self.last_day.strftime("%Y%m%d")),
            "report_date": self.last_day + timedelta(days=90),
            "weeks": min(_LONGEST, (self.last_day - self.first).days // 7),
            "look": min(_LOOK, self._sure),
            "before_first": self.first - year,
            "before_last": self.last - year,
            "before_last_day": self.last_day - year,
            "weekly": weekly,
            "planned": planned,
            "afters": afters,
            "pairs": [name.removesuffix("-efter") for name in afters],
            "persons": persons,
            "shares": shares,
        }


def _filled(template: str, values: Mapping[str, object]) -> str:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        comment_start_string="<#",  # `{#` begins an identifier in a document
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["text"] = lambda text: json.dumps(text, ensure_ascii=False)  # a JSON text is YAML, and inert
    environment.filters["pylist"] = lambda names: json.dumps(list(names), ensure_ascii=False)
    source = files("reportlib.files").joinpath("new", template).read_text(encoding="utf-8")
    return environment.from_string(source).render(values)
