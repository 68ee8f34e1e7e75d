"""The effect site by site: raw differences with intervals beside the shrunken ones, as figure and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlib.danish import capitalise, confidence_name, decapitalise, event_week, list_text, number_text, p_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import week_label
from reportlib.prose.estimate_text import tal
from reportlib.prose.titles import sites_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    between,
    counted,
    known_site,
    shown,
    site_by_site,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import MANY_ROWS, Key, Row, RowPlan, Upright, draw_rows, mark, row, stretch
from reportlib.show.style import said, value_scale
from reportlib.show.texts import HIDDEN_NOTE, hidden_names, joined
from reportlib.text.marks import unmarked
from reportlib.text.origin import count_of
from reportlib.trial.model import Trial


@dataclass(frozen=True, slots=True)
class SiteEffect:
    """One site's rows in one week: the raw difference, the shrunken one, and the p-values that allow for all sites."""

    site: str
    raw: Estimate
    shrunken: Estimate | None
    p_holm: Estimate | None
    p_bh: Estimate | None


def site_effects_of(ledger: Ledger, trial: Trial, measure: str, week: int) -> list[SiteEffect]:
    """The rows of a `site_effects` analysis, in the trial's order.

    Raises:
        NothingToShowError: the ledger has no differences of the measure by site in that week.
    """
    effects = []
    for site in trial.sites.names:
        raw, shrunken, holm, bh = (
            between(ledger, measure, statistic, site=site, time=week_label(week))
            for statistic in ("difference", "shrunken", "p_holm", "p_bh")
        )
        if raw is not None:
            effects.append(SiteEffect(site, raw, shrunken, holm, bh))
    if not effects:
        raise NothingToShowError(
            f"the ledger has no {measure} by site in week {week}", hint="add a `site_effects` analysis to trial.yml"
        )
    return effects


def site_effects_figure(
    ledger: Ledger, trial: Trial, measure: str, week: int, *, site: str | None = None, explained: bool = False
) -> Chart:
    """The difference in one week site by site, highest first, with the common difference as a dashed line.

    `explained` leaves out the measure's definition, which the document has given beside an earlier figure.

    Raises:
        NothingToShowError: the ledger has no site effects of the measure in that week, or all are hidden.
    """
    effects, entry = site_effects_of(ledger, trial, measure, week), ledger.measure(measure)
    drawn = [effect for effect in effects if not effect.raw.hidden]
    if not drawn:
        raise NothingToShowError(
            f"every site's {measure} in week {week} is hidden", hint="choose an earlier week, or leave the figure out"
        )
    drawn.sort(key=lambda effect: (shown(effect.raw) is None, -(shown(effect.raw) or 0.0)))
    whole = between(ledger, measure, time=week_label(week))
    common = shown(whole)
    ends = [
        end
        for effect in drawn
        for part in (effect.raw, effect.shrunken)
        if part is not None and not part.hidden
        for end in (part.ci_low, part.ci_high, part.value)
        if end is not None
    ]
    ends += [] if common is None else [common]
    hidden = [effect.site for effect in effects if effect.raw.hidden]
    unit, many = effects[0].raw.unit, trial.sites.noun.many
    return Chart(
        plan=RowPlan(
            rows=tuple(_drawn(effect, strong=effect.site == site) for effect in drawn),
            scale=value_scale(ends, from_zero=False, headroom=0.03, most_ticks=7),
            axis=said(f"Forskel, {decapitalise(AXIS_TEXTS[unit])}"),
            right_heading="Målt / afdæmpet (n)",
            keys=(
                Key("o", "neutral", said("Målt forskel"), filled=False),
                Key("D", "teal", said("Afdæmpet forskel")),
            ),
            uprights=() if common is None else (Upright(common, "teal"),),
            row_height=19.0 if len(drawn) <= MANY_ROWS else 16.5,
        ),
        draw=draw_rows,
        alt=joined(
            f"Punktdiagram over forskellen i {decapitalise(entry.label)} i {event_week(week)} for "
            f"{number_text(count_of([effect.site for effect in drawn]))} {many}, med "
            f"{confidence_name(trial.design.level)}.",
            *_story(drawn, None if common is None else whole),
            hidden_names(hidden),
        ),
        finding=sites_title(ledger, trial, measure, week),
        caption=f"{entry.label}: forskellen i {event_week(week)}, {site_by_site(trial)}",
        sources=[entry.source],
        notes=[
            "" if explained else entry.definition,
            "Stregerne viser den statistiske usikkerhed",
            f"De afdæmpede tal er trukket mod den fælles forskel, mest i {many} med få personer, fordi store udsving "
            "dér ofte er tilfældige",
            "Den stiplede linje er den fælles forskel" if common is not None else "",
            f"{HIDDEN_NOTE}: {list_text(hidden)}" if hidden else "",
        ],
    )


def _drawn(effect: SiteEffect, *, strong: bool) -> Row:
    """Two marks: raw above, shrunken below."""
    raw, shrunken = shown(effect.raw), shown(effect.shrunken)
    parts = []
    if raw is not None:
        parts.append(stretch(effect.raw.ci_low, effect.raw.ci_high, "neutral", width=1.0, up=3.0))
    if effect.shrunken is not None and shrunken is not None:
        parts.append(stretch(effect.shrunken.ci_low, effect.shrunken.ci_high, "teal", width=1.6, up=-3.0))
    marks = [
        mark(raw, "o", "neutral", filled=False, size=5.0, up=3.0),
        mark(shrunken, "D", "teal", size=4.5, up=-3.0),
    ]
    printed = ("–" if shown(one) is None else cells.estimate(one) for one in (effect.raw, effect.shrunken))
    told = counted(" / ".join(printed), effect.raw)
    return row(effect.site, [*parts, *marks], told, share=0.3, strong=strong)


def _extremes(rows: Sequence[Estimate]) -> list[Estimate]:
    return [end(rows, key=lambda row: row.number) for end in (min, max)] if rows else []


def _story(drawn: Sequence[SiteEffect], common: Estimate | None) -> list[str]:
    """The spread of the raw and the shrunken differences, and which sites' intervals exclude zero."""
    raw = [effect.raw for effect in drawn if shown(effect.raw) is not None]
    shrunken = [row for effect in drawn if (row := effect.shrunken) is not None and shown(row) is not None]
    clear = [
        effect.site
        for effect in drawn
        if effect.raw.ci_low is not None
        and effect.raw.ci_high is not None
        and not effect.raw.ci_low <= 0 <= effect.raw.ci_high
    ]
    none = "Alle målte intervaller rummer nul." if raw else ""
    return [
        _spread("De målte forskelle", raw, sites=True),
        _spread("Trukket mod den fælles forskel", shrunken, verb=" de"),
        f"Den fælles forskel er {tal(common)}." if common is not None else "",
        f"Intervallet rummer ikke nul i {list_text(clear)}." if clear else none,
    ]


def _spread(what: str, rows: Sequence[Estimate], *, verb: str = "", sites: bool = False) -> str:
    """From the lowest to the highest, or what all print as; empty without any. `verb` ends the verb: `går de`."""
    if not rows:
        return ""
    ends = _extremes(rows)
    if len({unmarked(tal(row)) for row in ends}) == 1:
        return f"{what} er{verb} {tal(ends[0])}."
    low, high = (f"{tal(row)} ({row.site})" if sites else tal(row) for row in ends)
    return f"{what} går{verb} fra {low} til {high}."


def site_effects_table(ledger: Ledger, trial: Trial, measure: str, week: int, *, site: str | None = None) -> Table:
    """One row per site: raw difference with interval, p raw, after Holm and after Benjamini-Hochberg, and shrunken.

    Raises:
        NothingToShowError: the ledger has no site effects of the measure in that week, or no such site.
    """
    entry, level = ledger.measure(measure), trial.design.level
    effects = site_effects_of(ledger, trial, measure, week)
    unit = decapitalise(AXIS_TEXTS[effects[0].raw.unit])
    own = known_site(trial, site) if site else ""
    heterogeneity = between(ledger, measure, "heterogeneity", time=week_label(week))
    every = "hvert" if trial.sites.noun.gender == "et" else "hver"
    return Table(
        finding=sites_title(ledger, trial, measure, week),
        caption=f"{entry.label}: forskellen i {event_week(week)} ({unit}), {site_by_site(trial)}",
        head=capitalise(trial.sites.noun.one),
        columns=[
            "Forskel",
            cells.INTERVAL,
            "p-værdi",
            "p, korrigeret",
            "p, mildere korrigeret",
            "Afdæmpet forskel",
        ],
        rows=[
            [
                cells.text(effect.site, strong=effect.site == own),
                *cells.tested(effect.raw, level),
                cells.p_value(effect.p_holm, level=level, value=shown(effect.p_holm)),
                cells.p_value(effect.p_bh, level=level, value=shown(effect.p_bh)),
                cells.estimate(effect.shrunken),
            ]
            for effect in sorted(effects, key=lambda effect: effect.site != own)
        ],
        sources=[entry.source],
        notes=[
            entry.definition,
            f"De korrigerede p-værdier tager højde for, at der er én test for {every} {trial.sites.noun.one}",
            "Den afdæmpede forskel er trukket mod den fælles, mest hvor der er få personer",
            _heterogeneity_note(heterogeneity, trial),
        ],
        wide=True,
    )


def _heterogeneity_note(row: Estimate | None, trial: Trial) -> str:
    """Whether the sites differ more than chance would have it."""
    if row is None or row.hidden or row.p is None:
        return ""
    level = trial.design.level
    verdict = "viser" if row.p < level else "viser ikke"
    sites = trial.sites.noun.many_definite
    return f"En samlet test {verdict}, at forskellen varierer mellem {sites} ({p_text(row.p, level=level)})"
