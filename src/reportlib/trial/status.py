"""Analyses of where an effort stands, for designs without anybody to compare with: benchmark, spread, costs, sites."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reportlib.trial.base import Identifier, Record, Text


class BenchmarkPart(Record):
    """One measure and the number it is held against."""

    measure: Identifier = Field(description="id of a share among persons")
    fact: Identifier = Field(description="id of the fact that holds the benchmark, in pct.")
    definition: Text = Field(description="one Danish sentence: how the benchmark is counted, and where that differs")


class Benchmark(Record):
    """Shares held against published shares of another effort: a difference, never what the effort has meant.

    The interval is that of our own share; the benchmark counts as known. With `by_site` also every site, and all
    sites without one at a time, which shows how much a single site decides.
    """

    kind: Literal["benchmark"] = Field(description="this analysis")
    name: Text = Field(description="the other effort, as it stands in a sentence")
    against: tuple[BenchmarkPart, ...] = Field(min_length=1, description="measures and their benchmarks")
    by_site: bool = Field(True, description="also by site, and without one site at a time")

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures."""
        return tuple(part.measure for part in self.against)

    @property
    def facts_used(self) -> tuple[str, ...]:
        """The ids of the facts."""
        return tuple(part.fact for part in self.against)


class SiteSpread(Record):
    """Whether a share differs between the sites by more than chance: one test of all sites a measure."""

    kind: Literal["site_spread"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of shares among persons")


class SiteAnswers(Record):
    """What the sites answer about themselves: yes or no by site, and how many say yes.

    The survey has one sheet a site. The answers are about places and not about persons, so none is hidden.
    """

    kind: Literal["site_answers"] = Field(description="this analysis")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of survey shares")


class UnitCost(Record):
    """A sum of money over the persons who have reached something, under assumptions of how many are due to the effort.

    Without a comparison nobody knows that part; the table shows what each assumption would mean.
    """

    kind: Literal["unit_cost"] = Field(description="this analysis")
    cost: Identifier = Field(description="id of the fact that holds the sum, in kr.")
    measures: tuple[Identifier, ...] = Field(min_length=1, description="ids of shares among persons")
    due: tuple[float, ...] = Field((100.0,), description="pct. of the persons assumed due to the effort")

    @property
    def facts_used(self) -> tuple[str, ...]:
        """The id of the fact."""
        return (self.cost,)
