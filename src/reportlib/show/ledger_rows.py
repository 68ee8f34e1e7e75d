"""Ledger rows as shown numbers, and the words for what they count. Every plotted value goes through `shown`: what is
hidden becomes None and stays None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reportlib.danish import capitalise, decapitalise, number_text
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, FOLLOWED, others_than
from reportlib.prose.words import named_population
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

AXIS_TEXTS: dict[Unit, str] = {
    Unit.PCT: "Pct.",
    Unit.PCT_POINT: "Procentpoint",
    Unit.HOURS_PER_WEEK: "Timer pr. uge",
    Unit.HOURS: "Timer",
    Unit.KR: "Kr.",
    Unit.KR_PER_HOUR: "Kr. pr. time",
    Unit.COUNT: "Antal",
    Unit.PER_PERSON: "Antal pr. person",
    Unit.DAYS: "Dage",
    Unit.WEEKS: "Uger",
    Unit.MONTHS: "Måneder",
    Unit.YEARS: "År",
    Unit.SCORE: "Score",
    Unit.RATIO: "Forhold",
    Unit.RATE: "Rate",
    Unit.HAZARD_RATIO: "Hazard ratio",
    Unit.COEFFICIENT: "Koefficient",
}
"""What an axis of a unit is called."""

LEVEL_STATISTICS = ("share", "mean")


class NothingToShowError(ReportlibError):
    """The ledger has no rows of the kind that a figure or table is made of."""

    usual_hint = "`reportlib keys TRIAL` lists the numbers there are"


def shown(row: Estimate | None) -> float | None:
    """The value that may be printed, or None: the row is missing, hidden, or could not be estimated."""
    return None if row is None or row.hidden else row.value


def interval(row: Estimate | None) -> tuple[float | None, float | None]:
    """The interval that may be printed."""
    return (None, None) if row is None or row.hidden else (row.ci_low, row.ci_high)


def persons(row: Estimate | None) -> int | None:
    """The n that may be printed."""
    return None if row is None or row.hidden else row.n


def absent(row: Estimate | None) -> str:
    """What a figure writes where a row has no number: `skjult`, or `–` where there was nobody to measure."""
    return "skjult" if row is not None and row.hidden else "–"


def counted(told: str, row: Estimate | None) -> str:
    """`51 (70)`: what a row of a figure tells, and the persons behind it, where their number may be shown."""
    count = persons(row)
    return told if count is None else f"{told} ({number_text(count)})"


def find(
    ledger: Ledger,
    measure: str,
    *,
    statistic: str = "share",
    group: str = "",
    site: str = "",
    subgroup: str = "",
    time: str = "",
) -> Estimate | None:
    """The row, or None where the analysis did not make it. Share, mean and count have one key: any of them is found."""
    key = make_key(measure, statistic=statistic, group=group, site=site, subgroup=subgroup, time=time)
    if key not in ledger:
        return None
    return ledger[key]


def level_at(ledger: Ledger, trial: Trial, measure: str, site: str = "") -> Estimate | None:
    """The share or mean of a person or survey measure, in all or at a place."""
    return find(ledger, measure, group=trial.group_of(measure), site=site)


def between(ledger: Ledger, measure: str, statistic: str = "difference", **where: str) -> Estimate | None:
    """The row of a comparison of the groups: their difference, or another statistic of it."""
    return find(ledger, measure, statistic=statistic, group=DIFFERENCE, **where)


def places_of(trial: Trial, site: str | None, total: str) -> list[tuple[str, str]]:
    """The rows of a table by site, each with its name: every site or, in a site's version, it and all others; `total`.

    Raises:
        NothingToShowError: the trial has no such site.
    """
    places = [(name, name) for name in trial.sites.names]
    if site:
        places = [(known_site(trial, site), site), (others_heading(trial), others_than(site))]
    return [*places, (total, "")]


def some_of(rows: Sequence[Estimate | None], what: str, hint: str) -> list[Estimate | None]:
    """The rows, of which the ledger has one at least.

    Raises:
        NothingToShowError: it has none; `what` says of what, `hint` which analysis makes them.
    """
    if all(row is None for row in rows):
        raise NothingToShowError(f"the ledger has no {what}", hint=hint)
    return list(rows)


def by_week(rows: Iterable[Estimate]) -> dict[int, Estimate]:
    """Week -> row, ascending, of the rows that belong to a week."""
    found = {row.week: row for row in rows if row.week is not None}
    return dict(sorted(found.items()))


def level_rows(ledger: Ledger, measure: str, group: str, *, site: str = "") -> dict[int, Estimate]:
    """The weekly levels of a measure in a group, week -> row."""
    rows = ledger.select(measure=measure, group=group, site=site, subgroup="")
    return by_week(row for row in rows if row.statistic in LEVEL_STATISTICS)


def difference_rows(ledger: Ledger, measure: str, statistic: str) -> dict[int, Estimate]:
    """The weekly rows of the comparison of the two groups, week -> row."""
    return by_week(ledger.select(measure=measure, group=DIFFERENCE, statistic=statistic, site="", subgroup=""))


def thin_from(ledger: Ledger, rows: Mapping[str, Mapping[int, Estimate]], *, enough: int) -> int | None:
    """The first week from which some group always has fewer than `enough` persons, or None.

    `rows` holds the weekly levels by group. A hidden level tells no n; the number still followed stands in for it.
    """
    first: int | None = None
    for group, levels in rows.items():
        followed = by_week(ledger.select(measure=FOLLOWED, group=group, statistic="count", site=""))
        for week in sorted(levels, reverse=True):
            count = persons(levels[week]) or shown(followed.get(week))
            if count is not None and count >= enough:
                break
            first = week if first is None else min(first, week)
    return first


def known_site(trial: Trial, site: str) -> str:
    """`site` itself.

    Raises:
        NothingToShowError: the trial has no such site.
    """
    if site not in trial.sites.names:
        raise NothingToShowError(f"{site} is not a site of {trial.id}", hint=did_you_mean(site, trial.sites.names))
    return site


def sources_of(ledger: Ledger, measures: Iterable[str]) -> list[str]:
    """The printed sources of measures, each once, in order."""
    return list(dict.fromkeys(ledger.measure(measure).source for measure in measures))


def definitions_of(ledger: Ledger, measures: Iterable[str]) -> list[str]:
    """The definitions of measures, each once, in order."""
    return list(dict.fromkeys(ledger.measure(measure).definition for measure in measures))


def row_name(ledger: Ledger, measure: str) -> str:
    """A measure as a row header, with its unit unless the label says it: `Andel i job (pct.)`."""
    entry = ledger.measure(measure)
    unit = unit_name(entry.unit)
    said = not unit or entry.label.casefold().endswith(unit)
    return entry.label if said else f"{entry.label} ({unit})"


def row_names(ledger: Ledger, measures: Sequence[str], head: str) -> tuple[str, dict[str, str]]:
    """The header of a column of measures, and each one's name; a unit they share stands in the header alone."""
    units = {ledger.measure(measure).unit for measure in measures}
    labels = {measure: ledger.measure(measure).label for measure in measures}
    names = {measure: row_name(ledger, measure) for measure in measures}
    if len(units) > 1 or any(names[measure] == label for measure, label in labels.items()):
        return head, names
    return f"{head} ({unit_name(units.pop())})", labels


def model_name(ledger: Ledger, trial: Trial, measure: str) -> str:
    """What a model of a measure is called: by its population where its label ends with one, else by the whole label."""
    label = ledger.measure(measure).label
    return capitalise(named_population(label, trial) or label)


def unit_name(unit: Unit) -> str:
    """The unit as it stands in a header: `pct.`, `timer pr. uge`; empty for numbers without a unit."""
    return "" if unit in (Unit.COUNT, Unit.RATIO, Unit.SCORE, Unit.RATE) else decapitalise(AXIS_TEXTS[unit])


def headings(trial: Trial) -> list[str]:
    """The groups' names as column headers."""
    return [capitalise(group.label) for group in trial.all_groups]


def others_heading(trial: Trial) -> str:
    """`Øvrige kommuner`."""
    return f"Øvrige {trial.sites.noun.many}"


def site_by_site(trial: Trial) -> str:
    """`kommune for kommune`."""
    return f"{trial.sites.noun.one} for {trial.sites.noun.one}"


def site_pair(
    ledger: Ledger, measure: str, group: str, site: str, *, time: str = ""
) -> tuple[Estimate | None, Estimate | None]:
    """The row of a site and the row of all other sites."""
    return (
        find(ledger, measure, group=group, site=site, time=time),
        find(ledger, measure, group=group, site=others_than(site), time=time),
    )
