"""What to compute: the analyses the library knows, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reportlib.trial.base import Identifier, Record


class Weekly(Record):
    """Week by week: share or mean in each group, the difference, and when it begins to last.

    `correction` names the errors of the difference: HC2 (Neyman), or CR2 by site with Satterthwaite degrees of freedom.
    """

    kind: Literal["weekly"]
    measures: tuple[Identifier, ...] = Field(min_length=1)
    correction: Literal["HC2", "CR2"] = "HC2"
    uniform_band: bool = True
    accumulate: bool = False
    by_site: bool = False
    range_from: int = Field(1, ge=1, description="first week of 'between x and y': the smallest and largest difference")


class AtWeek(Record):
    """One week looked at closely: adjusted and stratified differences and the mean among those above zero."""

    kind: Literal["at_week"]
    measures: tuple[Identifier, ...] = Field(min_length=1)
    week: int = Field(ge=1)
    adjust_for: tuple[str, ...] = Field((), description="background columns of the Lin-adjusted difference")


class Distribution(Record):
    """The distribution of a positive weekly measure in one week, in bands [from, to)."""

    kind: Literal["distribution"]
    measure: Identifier
    week: int = Field(ge=1)
    bands: tuple[float, ...] = Field(min_length=3, description="limits, ascending")


class Balance(Record):
    """Are the groups alike before entry? Background by group, normalised differences and a joint test."""

    kind: Literal["balance"]
    columns: tuple[str, ...] = Field(min_length=1)


class SiteEffects(Record):
    """The difference in one week, site by site, with multiplicity and shrinkage."""

    kind: Literal["site_effects"]
    measure: Identifier
    week: int = Field(ge=1)


class Shares(Record):
    """Shares and means of person and survey measures, by group where both are recorded, and by site where asked."""

    kind: Literal["shares"]
    measures: tuple[Identifier, ...] = Field(min_length=1)
    groups: tuple[Identifier, ...] = Field((), description="groups to show; empty is the treated group")
    by_site: bool = False
    by_background: str | None = Field(None, description="a column whose values split the treated group")


class Fidelity(Record):
    """Every component of every element against its target, in all and by site, with green, yellow and red."""

    kind: Literal["fidelity"]


class Activity(Record):
    """Units of activity per person by group, for the cost-benefit chapter, and the break-even price per unit gained."""

    kind: Literal["activity"]
    measures: tuple[Identifier, ...] = Field(min_length=1, description="person measures that count units of activity")
    gain: Identifier = Field(description="panel measure whose accumulated difference is the gain (ordinary hours)")
    weeks: int = Field(ge=1, description="weeks the gain and the activity are counted over")


AnalysisSpec = Annotated[
    Weekly | AtWeek | Distribution | Balance | SiteEffects | Shares | Fidelity | Activity, Field(discriminator="kind")
]


class Target(Record):
    """From how many per cent a component is green, and from how many yellow; below is red."""

    green: float = Field(gt=0, le=100)
    yellow: float = Field(ge=0, le=100)


class Component(Record):
    """One part of an element: a share and its target."""

    measure: Identifier
    target: Target


class Element(Record):
    """An element of the intervention whose fidelity is judged."""

    id: Identifier
    number: int
    title: str
    intention: str = Field(description="one or two Danish sentences: what the element is meant to do")
    components: tuple[Component, ...] = ()
