"""Recruitment in words: the milestone, the three paths ahead, and the difference so many persons could show."""

from __future__ import annotations

from reportlib.danish import capitalise, count_text, list_text, number_text, on_date, value_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.claims import WordingTable, hidden_claim
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.lead import joined
from reportlib.prose.estimate_text import andel_med_antal, tal
from reportlib.prose.sections.beside import beside
from reportlib.prose.sections.common import level, measure_of, others, paragraphs
from reportlib.prose.sections.populations import counted
from reportlib.prose.trial_words import outcome_words, trial_words
from reportlib.show.blocks_recruitment import PATHS, recruitment_of
from reportlib.text.origin import derived, setting, with_origin
from reportlib.text.origin import fact as fact_origin
from reportlib.trial.model import Trial

MILESTONE = WordingTable(
    "milestone",
    Wording(
        "reached", "as many as planned or more", "Milepælen er {milestone} borgere, og den er nået: {k} er begyndt."
    ),
    Wording(
        "missed",
        "fewer than planned",
        "Milepælen er {milestone} borgere, og den er ikke nået: {k} borgere svarer til {share} af den.",
    ),
)
FORECAST = WordingTable(
    "forecast",
    Wording(
        "all",
        "every path reaches the needed number",
        "Alle tre fremskrivninger når de {needed} borgere, et effektstudie kræver.",
    ),
    Wording(
        "some",
        "some paths reach it",
        "{Reaching} fremskrivning når de {needed} borgere, et effektstudie kræver; {missing} gør det ikke.",
    ),
    Wording(
        "none",
        "no path reaches it",
        "Ingen af de tre fremskrivninger når de {needed} borgere, et effektstudie kræver.",
    ),
)


def recruitment(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many have reached the event, and how that stands against the milestone; a site's own beside all others."""
    spec = recruitment_of(trial)
    measure, group = measure_of(trial, spec.measure), trial.groups.treated.id
    row = level(ledger, trial, measure)
    against = ledger[make_key(spec.measure, statistic="share_of_milestone", group=group)]
    outcome = outcome_words(measure)
    hidden = hidden_claim(outcome.noun, [row, against], trial_words(trial))
    if hidden is not None:
        return paragraphs(hidden)
    told = capitalise(joined([f"{andel_med_antal(row)} af {counted(measure, trial).many}", outcome.verb, outcome.rest]))
    value = against.n if against.n is not None else 0
    found = MILESTONE.choose(
        "reached" if against.k == against.n else "missed",
        [row, against],
        milestone=number_text(value),
        k=number_text(row.k or 0),
        share=tal(against),
    )
    own = ""
    if site is not None:
        own = beside(level(ledger, trial, measure, site), others(ledger, trial, measure, site), site, trial).text
    return paragraphs(f"{told}. {own}".strip(), found)


def forecast(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Where the three paths end, which of them reach the needed number, and how likely it is."""
    spec = recruitment_of(trial)
    group = trial.groups.treated.id
    ends = {
        path: ledger.get(make_key(spec.measure, statistic=f"forecast_{path}", group=group, time="slut"))
        for path in PATHS
    }
    if any(row is None or row.value is None for row in ends.values()):
        return ""
    rows = [row for row in ends.values() if row is not None]
    cautious, *others_told = [(PATHS[path].lower(), tal(row)) for path, row in ends.items() if row is not None]
    told = list_text(
        [
            f"{cautious[1]} i den {cautious[0]}e fremskrivning",
            *(f"{count} i den {name}e" for name, count in others_told),
        ]
    )
    pace = f"Fører vi tempoet i de seneste {pace_weeks(spec.latest)} videre til {on_date(spec.until)}"
    opening = f"{pace}, ender antallet på {told}."
    needed = trial.facts[spec.needed].value
    assert isinstance(needed, int)
    reaching = [PATHS[path].lower() for path, row in ends.items() if row is not None and row.number >= needed]
    missing = [name.lower() for name in PATHS.values() if name.lower() not in reaching]
    found = FORECAST.choose(
        "all" if not missing else "some" if reaching else "none",
        rows,
        needed=number_text(with_origin(needed, fact_origin(spec.needed))),
        Reaching=capitalise(list_text([f"den {name}e" for name in reaching])),
        missing=list_text([f"den {name}e" for name in missing]),
    )
    likely = ledger.get(make_key(spec.measure, statistic="probability", group=group, time="slut"))
    chance = (
        f"Sandsynligheden for at nå dem er {tal(likely)}, hvis tempoet holder."
        if likely is not None and likely.value is not None
        else ""
    )
    return paragraphs(opening, " ".join(part for part in (str(found), chance) if part))


def pace_weeks(weeks: int) -> str:
    """`8 uger`: the weeks whose pace the forecast carries on, as the trial sets them."""
    return count_text(with_origin(weeks, setting("analyses.recruitment.latest")), "uge")


def power(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How large a difference the persons so far could show, and the persons some rises need."""
    spec = recruitment_of(trial)
    if spec.outcome is None:
        return ""
    group = trial.groups.treated.id
    reached = ledger[make_key(spec.measure, statistic="share", group=group)]
    row = ledger.get(make_key(spec.outcome, statistic="detectable", group=DIFFERENCE, subgroup=f"n{reached.k}"))
    needed = [row for row in ledger.select(measure=spec.outcome, statistic="needed") if row.value is not None]
    parts = []
    if row is not None and row.value is not None:
        parts.append(
            f"Med {number_text(reached.k or 0)} borgere og lige så mange at sammenligne med kan et effektstudie ventes "
            f"at finde en forskel på mindst {value_text(row.number, row.unit, 1)} i "
            f"{outcome_words(measure_of(trial, spec.outcome)).noun.rstrip(',')}."
        )
    if needed:
        told = list_text(f"{number_text(rise.number)} ved {_rise(rise)} procentpoint" for rise in needed)
        parts.append(f"Så mange borgere kræver det at finde en stigning: {told}.")
    return paragraphs(" ".join(parts))


def _rise(row: Estimate) -> str:
    points = int(row.subgroup.removeprefix("stigning"))
    return number_text(with_origin(points, derived("stigning", [row])))
