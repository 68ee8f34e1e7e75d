"""The order to Danmarks Statistik: registers, variables, weeks and population, from trial.yml alone, in Danish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reportlib.danish import NBSP, capitalise, date_text, list_text, month_range, number_text
from reportlib.registers.casework import event_kinds
from reportlib.trial.measures import Before, DreamShare, HoursPerWeek, RecordedWeekly
from reportlib.trial.model import Trial
from reportlib.trial.references import measures_in

DREAM_HINT = "én kode pr. person og uge, tom uden ydelse"
HOURS_VARIABLES = (
    ("AJO_LOENTIMER", "betalte timer efter korrektion og imputation"),
    ("AJO_INDBERETTEDE_LOENTIMER", "betalte timer som indberettet"),
    ("AJO_LOENTIME_KODE", "om og hvordan timerne er imputeret"),
)
"""Variables of BFL as Danmarks Statistik documents them (dst.dk, TIMES, beskæftigelse for lønmodtagere)."""

_TO_CONFIRM = "(navnet skal bekræftes ved bestillingen)"


def data_order(trial: Trial) -> str:
    """The order as Markdown: who, which registers with variables and periods, and what is not ordered there."""
    parts = [
        f"# Bestilling af registerdata til {trial.title}",
        f"Bestiller: {trial.evaluator}. Opdragsgiver: {trial.commissioner}.",
        "## Population",
        *_population(trial),
        *_dream(trial),
        *_hours(trial),
        *_background(trial),
        *_elsewhere(trial),
        "## Hjemtagelse",
        f"Kun tal om mindst {number_text(trial.disclosure.threshold)} personer tages hjem; tal, som andre kan udledes "
        "af, skjules også. Ingen mikrodata forlader forskermaskinen.",
    ]
    return "\n\n".join(parts) + "\n"


def _population(trial: Trial) -> Iterator[str]:
    period, sites = trial.period, trial.sites
    lines = [_entered(trial, period.first, period.last, [group.many for group in trial.all_groups])]
    if trial.groups.before and period.before_first and period.before_last:
        many = [group.many for group in trial.groups.before]
        lines.append(_entered(trial, period.before_first, period.before_last, many))
    lines.append(f"{capitalise(sites.noun.many)}: {list_text(sites.names)}.")
    if sites.elsewhere:
        lines.append(f"Kun til sammenligning: {list_text(sites.elsewhere)}.")
    yield "\n".join(f"- {line}" for line in lines)
    own = trial.extracts.participants
    yield (
        "Populationen leveres som en fil med én række pr. person og kolonnerne "
        f"{list_text([own.person, own.site, own.group, own.start])}. Personnummeret erstattes af den samme nøgle i "
        "alle udtræk."
    )


def _entered(trial: Trial, first: date, last: date, many: list[str]) -> str:
    return f"{capitalise(list_text(many))}, der er begyndt fra {date_text(first)} til {date_text(last)}."


def first_entry(trial: Trial) -> date:
    """The first day on which anybody could enter."""
    return min(day for day in (trial.period.first, trial.period.before_first) if day is not None)


def _dream(trial: Trial) -> Iterator[str]:
    spec = trial.extracts.dream
    if spec is None:
        return
    first = _monday(first_entry(trial)) - timedelta(weeks=trial.follow_up.weeks_before)
    last = _monday(trial.follow_up.last_day)
    weeks = (last - first).days // 7 + 1
    counted = [measure.computed for measure in trial.measures if isinstance(measure.computed, DreamShare)]
    groups = sorted({group for computed in counted for group in computed.groups})
    yield "## DREAM"
    lines = [
        f"`{spec.person}`",
        f"`{_column(spec.weeks, first)}` til `{_column(spec.weeks, last)}`: {DREAM_HINT}, "
        f"{_week(first)} til {_week(last)}, {number_text(weeks)} uger",
    ]
    yield "\n".join(f"- {line}" for line in lines)
    yield (
        f"{number_text(trial.follow_up.weeks_before)} uger før den første begyndelse er med. Uger efter "
        f"{date_text(trial.follow_up.last_day)} bruges ikke."
    )
    if groups:
        yield f"Koder, der tælles (grupper i kodebogen): {list_text(groups)}. Alle koder leveres."


def _hours(trial: Trial) -> Iterator[str]:
    spec = trial.extracts.paid_hours
    if spec is None:
        return
    thursday = timedelta(days=3)  # a week's hours are those of the month of its Thursday
    first = _monday(first_entry(trial)) - timedelta(weeks=hours_before(trial)) + thursday
    last = _monday(trial.follow_up.last_day) + thursday
    yield "## Beskæftigelse for lønmodtagere (BFL)"
    lines = [f"`{spec.person}`", "måneden, og ansættelsens start- og slutdato " + _TO_CONFIRM]
    lines += [f"`{name}`: {what}" for name, what in HOURS_VARIABLES]
    yield "\n".join(f"- {line}" for line in lines)
    yield (
        f"Måneder: {month_range(first, last)}. Én række pr. person, ansættelse og måned; "
        f"analysen lægger timerne sammen til kolonnerne {list_text([spec.person, spec.month, spec.hours])}. De nyeste "
        "måneder er foreløbige: oplys, hvornår der er trukket."
    )


def hours_before(trial: Trial) -> int:
    """Weeks before entry whose paid hours a measure looks at."""
    most = trial.follow_up.weeks_before
    looks = [measure.computed for measure in trial.measures if isinstance(measure.computed, Before)]
    of_hours = [one for one in looks if any(_of_hours(trial, part) for part in one.of)]
    return max((min(one.weeks or most, most) for one in of_hours), default=0)


def _of_hours(trial: Trial, name: str) -> bool:
    measure = trial.measure_by_id[name]
    parts = measures_in(measure.computed)
    return isinstance(measure.computed, HoursPerWeek) or any(_of_hours(trial, part) for part in parts)


def _background(trial: Trial) -> Iterator[str]:
    own = trial.extracts.participants
    if not own.background:
        return
    yield "## Baggrund ved begyndelsen"
    yield "\n".join(f"- `{column}`: {label}" for column, label in own.background.items())
    yield "Registret bag hver oplysning aftales ved bestillingen: trial.yml siger det ikke."


def _elsewhere(trial: Trial) -> Iterator[str]:
    """What the trial reads and Danmarks Statistik does not deliver."""
    lines = []
    extracts = trial.extracts
    if extracts.casework is not None:
        lines.append(f"sagsbehandling (`{extracts.casework.file}`): {list_text(event_kinds(trial))}")
    lines += [f"spørgeskema (`{survey.file}`): {survey.respondents}" for survey in extracts.surveys.values()]
    for extract, weekly in extracts.weekly.items():
        computed = [(one.computed, one.label) for one in trial.measures]
        labels = [label for one, label in computed if isinstance(one, RecordedWeekly) and one.extract == extract]
        lines.append(f"tal uge for uge (`{weekly.file}`): {list_text(labels)}")
    for series in extracts.series.values():
        table = f": {series.fetch.bank}, tabel {series.fetch.table}" if series.fetch is not None else ""
        lines.append(f"offentlig statistik (`{series.file}`){table}")
    if lines:
        yield "## Leveres af andre"
        yield "\n".join(f"- {line}" for line in lines)
        yield "Skal de kobles til registrene, sendes de til Danmarks Statistik og får den samme nøgle."


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _column(pattern: str, monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return pattern.replace("{YY}", f"{year % 100:02d}").replace("{WW}", f"{week:02d}")


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"uge{NBSP}{week}{NBSP}{year}"
