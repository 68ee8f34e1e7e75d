"""How the numbers are made, in words that follow the settings they were made with."""

from __future__ import annotations

from reportlib.danish import (
    confidence_name,
    confidence_text,
    count_text,
    date_text,
    list_text,
    number_text,
    on_date,
    value_text,
)
from reportlib.ledger import Ledger
from reportlib.prose.estimate_text import fewer_than
from reportlib.prose.sections.common import fill, groups_of, paragraphs
from reportlib.prose.trial_words import site_noun
from reportlib.text.markup import escape
from reportlib.text.origin import Kind, Origin, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import SiteEffects, Weekly
from reportlib.trial.measures import Run
from reportlib.trial.model import Trial


def effects(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How effects are estimated, which intervals are drawn, and when a difference is called lasting.

    Raises:
        NoComparisonError: the trial has no comparison group, so there is no difference to explain.
    """
    groups_of(trial)
    weekly = [spec for spec in trial.analyses if isinstance(spec, Weekly)]
    sites = site_noun(trial)
    return fill(
        "method_effects",
        random_allocation=trial.design.random_allocation,
        groups=list_text([group.label for group in trial.all_groups]),
        clustered=any(spec.correction == "CR2" for spec in weekly),
        site=sites.one,
        sites=sites.many_definite,
        interval=confidence_name(trial.design.level),
        confidence=confidence_text(trial.design.level),
        by_site=any(isinstance(spec, SiteEffects) for spec in trial.analyses),
        enough=count_text(trial.follow_up.enough, "person"),
    )


def follow_up(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What a week is, who is followed, and how hours become weekly."""
    runs = [measure.computed for measure in trial.measures if isinstance(measure.computed, Run)]
    return fill(
        "method_follow_up",
        last_day=date_text(trial.follow_up.last_day),
        undertaking=trial.design.undertaking,
        hours=trial.extracts.paid_hours is not None,
        run=value_text(runs[0].weeks, Unit.WEEKS) if runs else "",
        gap=count_text(runs[0].gap, "uge") if runs and runs[0].gap else "",
    )


def disclosure(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What is hidden and why."""
    zero = "" if not trial.disclosure.show_zero else "; er tallet nul, vises det dog"
    one = "ét" if trial.sites.noun.gender == "et" else "én"
    few = fewer_than(trial.disclosure.threshold)
    return fill("method_disclosure", few=few, zero=zero, site=site_noun(trial).one, one=one)


def read_and_dropped(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Which files the numbers come from, how many rows they hold, and how many were not used and why."""
    told = []
    for file in ledger.header["files"]:
        origin = Origin(file["name"], kind=Kind.FILE)
        left_out = list_text(
            f"{number_text(with_origin(rows, origin))} {_why(reason)}"
            for reason, rows in file["dropped"].items()
            if rows
        )
        tail = f", heraf {left_out}, som ikke er brugt" if left_out else ""
        told.append(f"{escape(file['name'])} ({number_text(with_origin(file['rows'], origin))} rækker{tail})")
    return paragraphs(f"Udtrækkene er fra {on_date(trial.data_date)}: {list_text(told)}.")


# How the readers' reasons for leaving rows out begin, and what they are called here.
_REASONS = {
    "records of persons who do not take part": "om personer, der ikke er med",
    "records of months outside the follow-up": "om måneder uden for opfølgningen",
    "records that stand twice": "der står to gange",
    "events before entry": "fra før start",
    "events after": "fra efter opfølgningens slutning",
}


def _why(reason: str) -> str:
    return next((text for start, text in _REASONS.items() if reason.startswith(start)), "af andre grunde")


def synthetic_notice(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """The plain notice that the data is made up; empty for real data."""
    return fill("synthetic_notice") if trial.synthetic else ""
