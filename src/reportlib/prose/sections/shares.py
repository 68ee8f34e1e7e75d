"""Single shares in a sentence: in the whole trial, where they are highest and lowest, how far persons have come."""

from __future__ import annotations

from reportlib.danish import capitalise, event_week, round_half_up, sentence, value_text
from reportlib.ledger import Ledger, make_key
from reportlib.prose.claims import WordingTable, most
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import joined, with_when
from reportlib.prose.estimate_text import antal, exact_value, tal
from reportlib.prose.sections.beside import beside
from reportlib.prose.sections.common import at_week, by_site, level, measure_of, others, paragraphs
from reportlib.prose.sections.populations import counted
from reportlib.prose.trial_words import outcome_words, trial_words
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

REACHED = WordingTable(
    "reached",
    Wording("all", "everybody", "{When} har alle {many} nået det, planen forudsætter."),
    Wording("some", "some", "{When} {told}. De øvrige {left} er ikke nået så langt, som planen forudsætter."),
    Wording("none", "nobody", "{When} er ingen af {many} nået så langt, som planen forudsætter."),
)


def in_all(ledger: Ledger, trial: Trial, *measures: str, site: str | None, spread: bool = False) -> str:
    """A sentence about each share in the whole trial, with its counts; in a site's version also the site's own.

    With `spread`, the whole trial's version also says where the share is highest and lowest.
    """
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        row, outcome = level(ledger, trial, measure), outcome_words(measure)
        hidden = hidden_claim(outcome.noun, [row], trial_words(trial))
        if hidden is not None:
            told.append(hidden.text)
            continue
        subject = f"{tal(row)} ({antal(row)}) af {_who(measure, trial)}"
        told.append(sentence(joined([f"i hele {trial.design.undertaking}", outcome.verb, subject, outcome.rest])))
        if site is not None and make_key(measure.id, statistic="mean", group=row.group, site=site) in ledger:
            told.append(
                beside(level(ledger, trial, measure, site), others(ledger, trial, measure, site), site, trial).text
            )
        if site is None and spread:
            told.append(most(by_site(ledger, trial, measure), noun="andelen", words=trial_words(trial)).text)
    return paragraphs(" ".join(told))


def reached_by(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """How many have reached by a week what the plan says everybody should have reached by then."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    row, many = at_week(ledger, trial, measure_id, week)[0], words.groups.treated_many
    when = f"i {event_week(week)}"
    if (hidden := hidden_claim(with_when(outcome.noun, when), [row], words)) is not None:
        return paragraphs(hidden)
    share = exact_value(row)
    decimals = next((places for places in range(3) if 0 < round_half_up(share, places) < 100), 0)
    found = REACHED.choose(
        "some" if 0 < share < 100 else "all" if share else "none",
        [row],
        When=capitalise(when),
        told=joined([outcome.verb, f"{tal(row, decimals)} af {many}", outcome.rest]),
        left=value_text(
            with_origin(100 - round_half_up(share, decimals), derived("resten", [row])), Unit.PCT, decimals
        ),
        many=many,
    )
    return paragraphs(found)


def _who(measure: MeasureSpec, trial: Trial) -> str:
    """The persons a measure counts, also where a note would say it: a sentence alone has no note."""
    found = counted(measure, trial)
    return f"de {found.population}," if found.population and not found.told else found.many
