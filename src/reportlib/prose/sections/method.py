"""How the numbers are made, in words that follow the settings they were made with."""

from __future__ import annotations

from reportlib.danish import count_text, date_text, list_text, number_text, value_text
from reportlib.ledger import Ledger
from reportlib.markup import escape
from reportlib.prose.estimate_text import fewer_than
from reportlib.prose.sections.common import fill, last_week_with_enough, paragraphs
from reportlib.prose.trial_words import site_noun
from reportlib.trial.analyses import Weekly
from reportlib.trial.measures import Run
from reportlib.trial.model import Trial
from reportlib.units import Unit


def effects(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How effects are estimated, which intervals are drawn, and when a difference is called lasting."""
    weekly = [spec for spec in trial.analyses if isinstance(spec, Weekly)]
    sites = site_noun(trial)
    return fill(
        "method_effects",
        random_allocation=trial.design.random_allocation,
        groups=list_text([group.label for group in trial.all_groups]),
        clustered=any(spec.correction == "CR2" for spec in weekly),
        site=sites.one,
        sites=sites.many_definite,
        confidence=value_text(100 * (1 - trial.design.level), Unit.PCT, 0),
        enough=count_text(trial.follow_up.enough, "person"),
        last=last_week_with_enough(ledger, trial),
    )


def follow_up(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What a week is, who is followed, and how hours become weekly."""
    runs = [measure.computed for measure in trial.measures if isinstance(measure.computed, Run)]
    return fill(
        "method_follow_up",
        last_day=date_text(trial.follow_up.last_day),
        hours=trial.extracts.paid_hours is not None,
        run=runs[0] if runs else None,
        gap=count_text(runs[0].gap, "uge") if runs else "",
    )


def disclosure(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What is hidden and why."""
    return fill("method_disclosure", few=fewer_than(trial.disclosure.threshold))


def read_and_dropped(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Which files the numbers come from and how many rows were left out, as a list."""
    lines = []
    for file in ledger.header["files"]:
        dropped = sum(file["dropped"].values())
        left_out = f"; {number_text(dropped)} rækker er udeladt" if dropped else ""
        lines.append(f"- {escape(file['name'])}: {number_text(file['rows'])} rækker{left_out}")
    return paragraphs(f"Udtrækkene er fra {date_text(trial.data_date)}.", "\n".join(lines))


def synthetic_notice(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The plain notice that the data is made up; empty for real data."""
    return fill("synthetic_notice") if trial.synthetic else ""
