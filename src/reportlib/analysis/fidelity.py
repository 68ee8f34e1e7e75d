"""Fidelity: every component of every element in all and by site, and how many sites are green, yellow and red.

A site whose share is hidden has no colour: a colour at a small n would give the share back.
"""

from __future__ import annotations

from reportlib.analysis.context import Context
from reportlib.analysis.share_rows import add_person, add_survey, shown_sites
from reportlib.disclosure.register import Setting
from reportlib.text.units import Unit
from reportlib.trial.analyses import Component, Fidelity, Light, light


def run_fidelity(spec: Fidelity, context: Context) -> None:
    """Add shares and counts of sites for every component in the trial's elements."""
    for element in context.trial.elements:
        for component in element.components:
            _add_component(component, context)


def _add_component(component: Component, context: Context) -> None:
    measure = context.trial.measure_by_id[component.measure]
    group = context.trial.group_of(measure.id)
    if measure.is_survey:
        add_survey(measure, context, by_site=True)
    else:
        add_person(measure, context, group=group, by_site=True)
    counts = dict.fromkeys(Light, 0)
    for row in shown_sites(measure, context, group):
        counts[light(row.value, component.target)] += 1
    for name, count in counts.items():
        context.ledger.add(
            Setting("sites by colour"),
            measure=measure.id,
            statistic=f"sites_{name}",
            unit=Unit.COUNT,
            group=group,
            value=count,
            n=len(context.trial.sites.names),
            method=f"green from {component.target.green:g} pct., yellow from {component.target.yellow:g} pct.",
            **context.common(measure, group, ""),
        )
