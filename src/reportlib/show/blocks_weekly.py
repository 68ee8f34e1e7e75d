"""What documents call for figures over event weeks."""

from __future__ import annotations

from pathlib import Path

from reportlib.danish import confidence_name, confidence_text, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import FOLLOWED
from reportlib.show.block import figure_block, sources_of
from reportlib.show.followed import plan_followed
from reportlib.show.palette import Palette
from reportlib.show.texts import gap_note, steps_note, thin_note, whole_trial_note
from reportlib.show.two_panel import TwoPanelPlan, plan_two_panel
from reportlib.show.week_curves import LevelsPlan, plan_levels, plan_site_levels
from reportlib.trial.model import Trial

FOLDER = Path("figs")


def two_panel(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
    explained: bool = False,
    accumulated: bool = False,
) -> str:
    """Levels to the left, difference with pointwise interval and uniform band to the right.

    `accumulated` sums the difference from week 1 instead; its interval knows that the same persons stand behind all.

    `site` changes nothing in the picture (the effect is the trial's); a note says so in a municipality's version.
    `explained` leaves out what the document's reading guide says once for all such figures.

    Raises:
        NothingToShowError: the ledger has no weekly rows of the measure.
    """
    plan = plan_two_panel(ledger, trial, measure, accumulated=accumulated)
    names = ", ".join(line.name for line in plan.levels.lines)
    return figure_block(
        plan,
        id=id,
        caption=caption
        or f"{plan.levels.label}: {names} og forskellen mellem dem, {'lagt sammen ' if accumulated else ''}uge for uge",
        sources=sources_of(ledger, [measure]),
        notes=[
            ledger.measure(measure).definition,
            *(() if explained else _how_to_read(plan, trial)),
            steps_note(plan.levels.lines),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def levels(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """The weekly levels by group or, with `site`, of the treated at that site beside those at all others.

    Raises:
        NothingToShowError: the ledger has no weekly rows of the measure (by site).
    """
    plan = plan_site_levels(ledger, trial, measure, site) if site else plan_levels(ledger, trial, measure)
    return figure_block(
        plan,
        id=id,
        caption=caption or _levels_caption(plan),
        sources=sources_of(ledger, [measure]),
        notes=[
            ledger.measure(measure).definition,
            f"Figuren omfatter kun {trial.groups.treated.many}." if site else "",
            thin_note(plan.thin, trial.follow_up.enough, groups=len(plan.lines)),
            gap_note(plan.lines),
            steps_note(plan.lines),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def followed(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """How many persons of each group are still followed, week by week.

    Raises:
        NothingToShowError: the ledger has no counts.
    """
    plan = plan_followed(ledger, trial)
    names = list_text(line.name for line in plan.lines)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"Personer, der stadig følges: {names}, uge for uge",
        sources=sources_of(ledger, [FOLLOWED]),
        notes=[
            ledger.measure(FOLLOWED).definition,
            gap_note(plan.lines),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _levels_caption(plan: LevelsPlan) -> str:
    names = list_text(line.name for line in plan.lines)
    return f"{plan.label}: {names}, uge for uge"


def _how_to_read(plan: TwoPanelPlan, trial: Trial) -> tuple[str, ...]:
    return (
        _band_note(plan),
        _lasting_note(plan, trial),
        thin_note(plan.levels.thin, trial.follow_up.enough, groups=len(plan.levels.lines)),
        gap_note(plan.levels.lines),
    )


def _band_note(plan: TwoPanelPlan) -> str:
    difference = plan.difference
    note = f"Mørkt felt: {confidence_name(difference.level)} for hver uge."
    if difference.uniform is None:
        return note
    sure = confidence_text(difference.level)
    return f"{note} Lyst felt: bånd, der med {sure} sikkerhed rummer hele kurven."


def _lasting_note(plan: TwoPanelPlan, trial: Trial) -> str:
    if plan.difference.lasting is None:
        return ""
    enough = number_text(trial.follow_up.enough)
    return f"Lodret linje: herfra rummer intervallet ikke nul i nogen uge med mindst {enough} personer i hver gruppe."
