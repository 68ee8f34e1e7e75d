"""What a ledger or a trial does not hold is no figure and no table: each is refused by what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from made_up import Rows
from made_up import trial as made_up

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.ledger import Ledger, Measure
from reportlib.prose.section_parts import NoNumberFactError, number_fact
from reportlib.show import figures, tables
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.stacked import scale_of
from reportlib.show.style import NoPaletteError, find_palette
from reportlib.show.week_curves import plan_site_levels
from reportlib.trial.analyses import Benchmark, Recruitment
from reportlib.trial.base import Record
from reportlib.trial.model import Trial
from reportlib.trial.project import find_project


@cache
def trial_of(name: str) -> Trial:
    return find_project(Path(__file__).parent).trial(name) if name else made_up()


def empty(trial: Trial) -> Ledger:
    measures = {
        one.id: Measure(id=one.id, label=one.label, unit=one.unit, definition=one.definition, source=one.source)
        for one in trial.measures
    }
    return ledger_of((), header=Rows().ledger().header, measures=measures)


def without(trial: Trial, kind: type[Record], **changes: object) -> Trial:
    """The trial with something else in its analyses of a kind."""
    changed = (one.model_copy(update=changes) if isinstance(one, kind) else one for one in trial.analyses)
    return trial.model_copy(update={"analyses": tuple(changed)})


SOCIAL, BENCHMARKED = "social-stoette", "jobgaranti"
CASES: dict[str, tuple[str, Callable[[Ledger, Trial], object], str]] = {
    "balance": ("", figures.balance, "the ledger has no balance"),
    "matching": ("", lambda ledger, trial: figures.love_plot(ledger, trial, "timer", "kontrol"), "no matching of"),
    "survival": ("", lambda ledger, trial: figures.survival(ledger, trial, "timer"), "no survival curve of timer"),
    "cox": ("", lambda ledger, trial: tables.hazard_ratios(ledger, trial, ["timer"]), "no hazard ratio of timer"),
    "months": ("", lambda ledger, trial: figures.series(ledger, trial, "timer"), "no monthly numbers of timer"),
    "one month": (
        "",
        lambda ledger, trial: tables.months(ledger, trial, ["timer"], [date(2016, 10, 1)]),
        "the ledger has no timer in 2016-10",
    ),
    "weeks of a site": ("", lambda ledger, trial: plan_site_levels(ledger, trial, "timer", "Dalby"), "by site"),
    "weekly differences": (
        "",
        lambda ledger, trial: figures.two_panel(
            Rows().mean("timer", 2.0, 90, group="deltager", time="uge1").mean("timer", 3.0, 80, group="deltager",
            time="uge2").ledger(), trial, "timer"
        ),
        "no weekly differences of timer",
    ),
    "two units": (
        "",
        lambda ledger, trial: tables.survey_answers(ledger, trial, ["mentor", "tilfreds"]),
        "have not one unit",
    ),
    "no answers": ("", lambda ledger, trial: scale_of(trial, ["mentor"]), "mentor is no `survey_answers`"),
    "two scales": (SOCIAL, lambda ledger, trial: scale_of(trial, ["varighed", "svar-hoert"]), "several scales"),
    "no elements": (
        "",
        lambda ledger, trial: tables.fidelity(ledger, trial.model_copy(update={"elements": ()})),
        "has no elements with components",
    ),
    "population": (
        "jobgaranti",
        lambda ledger, trial: tables.populations(ledger, trial, [next(iter(trial.population_by_id))]),
        "is not counted",
    ),
    "before and after by site": (
        SOCIAL,
        lambda ledger, trial: tables.before_after(ledger, trial, ["mentor"], site=trial.sites.names[0]),
        "by site",
    ),
    "outcome of recruitment": (
        SOCIAL,
        lambda ledger, trial: tables.power(ledger, without(trial, Recruitment, outcome=None)),
        "recruitment has no outcome",
    ),
    "benchmark by site": (
        BENCHMARKED,
        lambda ledger, trial: tables.without_one(ledger, without(trial, Benchmark, by_site=False)),
        "is not by site",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "shown", "told"), CASES.values(), ids=CASES)
def test_what_is_missing_is_told(name: str, shown: Callable[[Ledger, Trial], object], told: str) -> None:
    trial = trial_of(name)
    with pytest.raises(NothingToShowError, match=told):
        shown(empty(trial), trial)


def test_a_fact_that_is_a_day_is_no_number() -> None:
    trial = trial_of(BENCHMARKED)
    names = [name for name, fact in trial.facts.items() if not isinstance(fact.value, int | float)]
    with pytest.raises(NoNumberFactError, match=f"the fact {names[0]} of {trial.id} is no number"):
        number_fact(trial, names[0])


def test_a_colour_the_palette_does_not_have_is_told_with_the_nearest() -> None:
    with pytest.raises(NoPaletteError, match="no colour 'teel'") as caught:
        find_palette(Path(__file__).parent)["teel"]
    assert "teal" in (caught.value.hint or "")
