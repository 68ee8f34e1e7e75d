"""Time to an event in words: how fast people leave a state, whether that changes over time, what control does to it."""

from __future__ import annotations

from reportlib.danish import NBSP, count_text, list_text, number_text, round_half_up
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.effect_claims import hazard_rate, rates_assume
from reportlib.prose.estimate_text import relative_text, tal
from reportlib.prose.section_parts import few_places, measure_of, paragraphs
from reportlib.prose.wording import Wording, WordingTable, tested, turned, verdict
from reportlib.prose.words import named_population, site_noun, trial_words
from reportlib.text.marks import once
from reportlib.text.markup import escape
from reportlib.text.origin import derived, with_origin
from reportlib.trial.analyses import Cox
from reportlib.trial.model import Trial


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How the time to an event is compared, and what the errors allow for."""
    sites = site_noun(trial)
    errors = (
        f"fejlene er klynget på {sites.many}: modellen er beregnet uden {'hvert' if sites.gender == 'et' else 'hver'} "
        f"{sites.one} for sig "
        "(jackknife), med Satterthwaites frihedsgrader, fordi de kan være få og ulige store"
        if trial.design.clustered
        else "fejlene er modellens, fordi der er trukket lod mellem personer"
    )
    return paragraphs(
        "Tiden, til en person går videre, er beskrevet med Kaplan-Meier-kurver og Cox' model (Efron). Resultatet er et "
        "forhold mellem rater (hazard ratio) og siger ikke direkte, hvor mange flere der går videre. Ved intervallerne "
        f"gælder, at {errors}."
    )


PROPORTIONAL = WordingTable(
    "proportional",
    Wording(
        "holds",
        "the test does not reject",
        "Der er ikke tegn på, at forskellen mellem grupperne ændrer sig over tid.",
    ),
    Wording(
        "fails",
        "the test rejects",
        "Forskellen mellem grupperne ændrer sig over tid, så et gennemsnit dækker over forskelle.",
    ),
)
SPLIT = WordingTable(
    "split",
    Wording("differ", "early and late differ", "Den er en anden efter uge {week} end før."),
    Wording("alike", "they do not", "Det kan ikke afvises, at den er den samme før og efter uge {week}."),
)
CONTROL = WordingTable(
    "control",
    *turned(
        ("less", "the ratio is smaller with control"),
        ("more", "the ratio is larger with control"),
        "Uden kontrol ville forskellen have set [større|mindre] ud: {raw} mod {adjusted} med kontrol.",
    ),
    Wording("same", "they print alike", "Med og uden kontrol er forskellen den samme, {adjusted}."),
    Wording("none", "both print as none", "Med og uden kontrol er afgangsraten den samme i grupperne."),
)


def rates(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The ratio of rates over all weeks as a rate that is higher or lower; its parts are told after it, never alone."""
    row = ledger[make_key(measure_id, statistic="hazard_ratio", group=DIFFERENCE)]
    noun = measure_of(trial, measure_id).noun or "afgangsraten"
    claim = hazard_rate(row, rate=noun, words=trial_words(trial))
    return paragraphs(claim.then("" if row.value is None else _year_before(trial), few_places(trial)))


def _year_before(trial: Trial) -> str:
    """That the comparisons allow for the year before, the first time in a report."""
    return (
        once("Alle forskelle i afgangsrater tager højde for forskellen mellem grupperne året før.")
        if trial.groups.before
        else ""
    )


def rates_in_parts(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The ratio over all weeks first, and then in the two parts, so that no part is told without the whole."""
    words, noun = trial_words(trial), measure_of(trial, measure_id).noun or "afgangsraten"
    found = ledger.select(measure=measure_id, statistic="hazard_ratio", group=DIFFERENCE, subgroup="")
    told, assumed = [], False
    if all(row.value is None for row in found):  # that the whole hides says enough
        found = [row for row in found if not row.time]
    for row in sorted(found, key=lambda row: (bool(row.time), row.time)):
        rate = f"{noun.split()[0]}{_when(row)}" if row.time else noun
        told.append(hazard_rate(row, rate=rate, words=words, assumption=False).text)
        assumed = assumed or (row.value is not None and verdict(row, words.level).significant)
    any_shown = any(row.value is not None for row in found)
    told += [rates_assume(words) if assumed else "", _year_before(trial) if any_shown else "", few_places(trial)]
    return paragraphs(" ".join(text for text in told if text))


def _when(row: Estimate) -> str:
    return f" fra {weeks_of(row)}" if row.time else ""


def weeks_of(row: Estimate) -> str:
    """The weeks of a row whose time is `uge1-8` or `uge9-`: `uge 1 til 8`, `uge 9 og frem`."""
    weeks = row.time.removeprefix("uge").partition("-")
    first, last = (number_text(with_origin(int(week), derived("uger", [row]))) if week else "" for week in weeks[::2])
    return f"uge{NBSP}{first}{f' til {last}' if last else ' og frem'}"


def proportional(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """Whether the ratio changes over time, by the test of proportional hazards and the split, where there is one."""
    row = ledger[make_key(measure_id, statistic="proportional_hazards", group=DIFFERENCE)]
    level = trial.design.level
    told = []
    if row.p is not None:
        told.append(PROPORTIONAL.choose("fails" if row.p < level else "holds", [tested(row)]).text)
    change = ledger.get(make_key(measure_id, statistic="hazard_ratio_change", group=DIFFERENCE))
    split = next(
        (spec.split_week for spec in trial.analyses if isinstance(spec, Cox) and spec.measure == measure_id), None
    )
    if change is not None and change.p is not None and split is not None:
        wording = "differ" if change.p < level else "alike"
        told.append(SPLIT.choose(wording, [tested(change)], week=number_text(split)).text)
    return paragraphs(" ".join(told))


def control(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """What the control for background and earlier duration does to the ratio."""
    adjusted = ledger[make_key(measure_id, statistic="hazard_ratio", group=DIFFERENCE)]
    raw = ledger[make_key(measure_id, statistic="hazard_ratio", group=DIFFERENCE, subgroup="uden-kontrol")]
    if adjusted.value is None or raw.value is None:
        return ""
    # the numbers as they print decide, never the texts: these carry marks of where they come from
    pct = [round_half_up((row.number - 1) * 100) for row in (raw, adjusted)]
    shown = [
        f"{relative_text(row)} {'højere' if change > 0 else 'lavere'} afgangsrate" if change else "samme afgangsrate"
        for row, change in zip((raw, adjusted), pct, strict=True)
    ]
    further = abs(raw.number - 1) - abs(adjusted.number - 1)
    alike = "same" if pct[0] else "none"
    wording = alike if pct[0] == pct[1] else "less" if further > 0 else "more"
    return paragraphs(CONTROL.choose(wording, [adjusted, raw], raw=shown[0], adjusted=shown[1]))


def left_by(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """How many of each group have left by a week, where the week's number may be shown."""
    parts = []
    for group in trial.every_group:
        row = ledger.get(make_key(measure_id, statistic="left", group=group.id, time=week_label(week)))
        if row is not None and row.value is not None:
            parts.append(f"{tal(row)} af {group.many}")
    if not parts:
        return ""
    where = escape(named_population(measure_of(trial, measure_id).label, trial))
    return f"Efter {count_text(week, 'uge')} er {list_text(parts)} gået videre{f' ({where})' if where else ''}.\n"
