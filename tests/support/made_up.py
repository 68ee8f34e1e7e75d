"""A made-up trial and ledgers for tests of figures and tables: rows through the real builder, numbers chosen here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from reportlib.analysis.ledger_builder import LedgerBuilder, ledger_of
from reportlib.disclosure import Threshold
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.ledger.keys import DIFFERENCE, others_than, week_label
from reportlib.text.units import RULES, Unit
from reportlib.trial.model import Trial

Curve = Callable[[int], float]

MEASURES = (
    Measure(id="i-job", label="Andel i job", unit=Unit.PCT, definition="Personer med løntimer i ugen", source="DREAM"),
    Measure(
        id="timer",
        label="Ordinære timer",
        unit=Unit.HOURS_PER_WEEK,
        definition="Løntimer i gennemsnit pr. uge",
        source="eIndkomst",
    ),
    Measure(id="samtale", label="Samtale", unit=Unit.PCT, definition="Samtale inden fire uger", source="Registrering"),
    Measure(id="plan", label="Plan", unit=Unit.PCT, definition="Plan inden fire uger", source="Registrering"),
    Measure(
        id="mentor", label="Mentorens støtte", unit=Unit.SCORE, definition="Gennemsnit af svarene", source="Survey"
    ),
    Measure(id="cv", label="Arbejdet med CV", unit=Unit.SCORE, definition="Gennemsnit af svarene", source="Survey"),
    Measure(id="tilfreds", label="Tilfreds", unit=Unit.PCT, definition="Svarer ja", source="Survey"),
    Measure(id="samtaler", label="Samtaler", unit=Unit.PER_PERSON, definition="Antal samtaler", source="Registrering"),
    Measure(id="personer", label="Personer", unit=Unit.COUNT, definition="Antal personer", source="Registrering"),
    Measure(id="fulgt", label="Personer, der følges", unit=Unit.COUNT, definition="Antal, der følges", source="DREAM"),
    Measure(id="baggrund", label="Baggrund", unit=Unit.PCT, definition="Kendetegn før start", source="Registrering"),
)

SITES = ("Åby", "Bøgelund", "Cæsarsholm", "Dalby")


def trial(*, sites: Iterable[str] = SITES, enough: int = 50) -> Trial:
    """A trial with two groups, the measures above and two elements."""

    def survey(item: str, unit: str) -> dict[str, object]:
        if unit == "pct":
            return {"kind": "survey_share", "survey": "borgere", "item": item, "answers": [1]}
        return {"kind": "survey_mean", "survey": "borgere", "item": item, "low": 1, "high": 10,
                "low_label": "Ingen betydning", "high_label": "Stor betydning"}  # fmt: skip

    computed: dict[str, dict[str, object]] = {
        "i-job": {"kind": "paid_hours", "value": "any"},
        "timer": {"kind": "paid_hours"},
        "samtale": {"kind": "event_within", "events": ["samtale"], "weeks": 4},
        "plan": {"kind": "event_within", "events": ["plan"], "weeks": 4},
        "mentor": survey("q1", "score"),
        "cv": survey("q2", "score"),
        "tilfreds": survey("q3", "pct"),
        "samtaler": {"kind": "event_count", "events": ["samtale"]},
    }
    return Trial.model_validate(
        {
            "id": "proeve",
            "title": "Prøve",
            "subtitle": "Et forsøg",
            "description": "Et opdigtet forsøg",
            "document_type": "Evaluering",
            "commissioner": "Styrelsen",
            "evaluator": "Evaluator",
            "report_date": "2017-05-31",
            "data_date": "2017-01-31",
            "synthetic": True,
            "design": {"kind": "randomised"},
            "groups": {
                "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
                "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
            },
            "sites": {"names": list(sites)},
            "period": {"first": "2016-03-01", "last": "2016-12-31"},
            "follow_up": {"last_day": "2016-12-31", "weeks": 44, "enough": enough},
            "extracts": {
                "paid_hours": {"file": "timer.csv"},
                "casework": {"file": "samtaler.csv"},
                "participants": {
                    "file": "personer.csv",
                    "background": {"alder": "Alder", "koen": "Køn", "ydelse": "Ydelse"},
                    "background_units": {"alder": "years"},
                },
                "surveys": {
                    "borgere": {"file": "s.csv", "respondents": "borgerne", "items": {"q1": "?", "q2": "?", "q3": "?"}}
                },
            },
            "sources": {"reg": {"text": "Registreringer"}},
            "measures": [
                {"id": m.id, "label": m.label, "unit": str(m.unit), "definition": m.definition, "source": "reg",
                 "from": computed[m.id]}
                for m in MEASURES if m.id in computed
            ],
            "elements": [
                {"id": "start", "number": 1, "title": "God start", "intention": "En god start.", "components": [
                    {"measure": "samtale", "target": {"green": 80, "yellow": 60}},
                    {"measure": "plan", "target": {"green": 90, "yellow": 75}},
                ]},
                {"id": "tilfredshed", "number": 2, "title": "Tilfredshed", "intention": "Tilfredse borgere.",
                 "components": [{"measure": "tilfreds", "target": {"green": 80, "yellow": 60}}]},
            ],
            "analyses": [
                {"kind": "weekly", "measures": ["i-job", "timer"]},
                {"kind": "at_week", "measures": ["i-job", "timer"], "week": 35},
                {"kind": "balance", "columns": ["alder", "koen", "ydelse"]},
                {"kind": "site_effects", "measure": "timer", "week": 35},
                {"kind": "fidelity"},
            ],
        }
    )  # fmt: skip


class Rows:
    """Adds made-up rows through the real builder."""

    def __init__(self, measures: Iterable[Measure] = MEASURES) -> None:
        self.builder = LedgerBuilder(measures)
        self.units = {measure.id: measure.unit for measure in measures}

    def share(self, measure: str, k: int, n: int, **where: str) -> Rows:
        self.builder.add(
            measure=measure, statistic="share", value=100 * k / n, k=k, n=n, population="personer", **where
        )
        return self

    def mean(self, measure: str, value: float, n: int, *, k: int | None = None, se: float = 0.1, **where: str) -> Rows:
        self.builder.add(
            measure=measure, statistic="mean", value=value, k=n if k is None else k, n=n, se=se,
            ci_low=value - 2 * se, ci_high=value + 2 * se, population="personer", **where,
        )  # fmt: skip
        return self

    def count(self, measure: str, value: int, **where: str) -> Rows:
        self.builder.add(measure=measure, statistic="count", value=value, k=value, population="personer", **where)
        return self

    def difference(
        self, measure: str, value: float, se: float, *, statistic: str = "difference", p: float | None = None,
        width: float = 1.96, unit: Unit | None = None, n: int | None = 800, **where: str,
    ) -> Rows:  # fmt: skip
        self.builder.add(
            measure=measure, statistic=statistic, unit=unit or RULES[self.units[measure]].difference,
            group=DIFFERENCE, value=value, se=se, ci_low=value - width * se, ci_high=value + width * se, n=n,
            p=math.erfc(abs(value / se) / math.sqrt(2)) if p is None else p, population="alle", **where,
        )  # fmt: skip
        return self

    def weekly(
        self, measure: str, treated: Curve, control: Curve, *, weeks: int = 44, people: Curve = lambda t: 500 - 11 * t,
        se: float = 1.0, lasting: int | None = None, width: float = 1.96,
    ) -> Rows:  # fmt: skip
        for week in range(1, weeks + 1):
            n, time = max(2, round(people(week))), week_label(week)
            values = []
            for group, curve in (("deltager", treated), ("kontrol", control)):
                if self.units[measure] is Unit.PCT:
                    k = round(curve(week) / 100 * n)
                    self.share(measure, k, n, group=group, time=time)
                    values.append(100 * k / n)
                else:
                    self.mean(measure, curve(week), n, group=group, time=time)
                    values.append(curve(week))
            error = se * math.sqrt(500 / n)
            self.difference(measure, values[0] - values[1], error, time=time, n=2 * n)
            self.difference(
                measure, values[0] - values[1], error, statistic="uniform_band", p=1.0, width=width * 1.5, time=time
            )
        self.builder.add(
            measure=measure, statistic="first_lasting_week", unit=Unit.WEEKS, group=DIFFERENCE, value=lasting,
            population="alle",
        )  # fmt: skip
        return self

    def sites_weekly(self, measure: str, own: Curve, others: Curve, *, site: str, n: int = 40, weeks: int = 44) -> Rows:
        for week in range(1, weeks + 1):
            k = round(own(week) / 100 * n)
            self.share(measure, k, n, group="deltager", site=site, time=week_label(week))
            k = round(others(week) / 100 * 400)
            self.share(measure, k, 400, group="deltager", site=others_than(site), time=week_label(week))
        return self

    def ledger(self, threshold: int = 5) -> Ledger:
        return self.builder.build({"trial": "proeve", "level": 0.05}, threshold=Threshold(persons=threshold))


def with_leak(ledger: Ledger, key: str, value: float) -> Ledger:
    """A faulty ledger: the row is marked as suppressed but still carries `value` everywhere a number can stand."""
    rows = [
        replace(row, suppressed="primary", value=value, k=int(value), n=int(value), se=value, ci_low=value,
                ci_high=value, p=0.0)
        if row.key == key else row
        for row in ledger
    ]  # fmt: skip
    assert any(row.suppressed and row.key == key for row in rows)
    return ledger_of(rows, header=ledger.header, measures=ledger.measures)


def rising(start: float, end: float, *, weeks: int = 44) -> Curve:
    return lambda week: start + (end - start) * (week - 1) / (weeks - 1)


def as_rows(ledger: Ledger) -> list[Estimate]:
    return list(ledger)


def add_sites(rows: Rows, measure: str, counts: Iterable[tuple[str, int, int]], *, group: str = "deltager") -> Rows:
    """A share in all, at each site and among all other sites, from (site, k, n)."""
    counts = list(counts)
    k_all, n_all = sum(k for _, k, _ in counts), sum(n for _, _, n in counts)
    rows.share(measure, k_all, n_all, group=group)
    for site, k, n in counts:
        rows.share(measure, k, n, group=group, site=site)
        rows.share(measure, k_all - k, n_all - n, group=group, site=others_than(site))
    return rows


def add_site_effects(rows: Rows, measure: str, week: int, effects: Iterable[tuple[str, float, float]]) -> Rows:
    """Raw and shrunken differences with p-values, from (site, difference, standard error)."""
    for site, value, se in effects:
        where = {"site": site, "time": week_label(week)}
        rows.difference(measure, value, se, n=60, **where)
        rows.difference(measure, value / 2, se / 2, statistic="shrunken", p=1.0, n=60, **where)
        p = min(1.0, 4 * math.erfc(abs(value / se) / math.sqrt(2)))
        for statistic in ("p_holm", "p_bh"):
            rows.builder.add(
                measure=measure, statistic=statistic, unit=Unit.COEFFICIENT, group=DIFFERENCE, value=p, p=p, n=60,
                population="alle", **where,
            )  # fmt: skip
    return rows


def add_balance(rows: Rows, found: Iterable[tuple[str, int, int, float]], *, n: int = 400, p: float = 0.4) -> Rows:
    """Background shares from (subgroup, k treated, k comparison, normalised difference), and the joint test."""
    for subgroup, treated, control, normalised in found:
        rows.share("baggrund", treated, n, group="deltager", subgroup=subgroup)
        rows.share("baggrund", control, n, group="kontrol", subgroup=subgroup)
        common = {"measure": "baggrund", "group": DIFFERENCE, "subgroup": subgroup, "population": "alle", "n": 2 * n}
        rows.builder.add(
            statistic="difference", unit=Unit.PCT_POINT, value=100 * (treated - control) / n, p=p, **common
        )
        rows.builder.add(statistic="normalised_difference", unit=Unit.COEFFICIENT, value=normalised, **common)
    rows.builder.add(
        measure="baggrund", statistic="joint_test", unit=Unit.COEFFICIENT, group=DIFFERENCE, value=1.1, df=3, p=p,
        n=2 * n, population="alle",
    )  # fmt: skip
    return rows


def add_distribution(rows: Rows, measure: str, week: int, bands: Iterable[tuple[str, int, int]]) -> Rows:
    """Persons per band from (band, k treated, k comparison), of 100 with a positive value and 1,000 followed."""
    for band, treated, control in bands:
        for group, k in (("deltager", treated), ("kontrol", control)):
            for statistic, n in (("share_of_positive", 100), ("share_of_all", 1000)):
                rows.builder.add(
                    measure=measure, statistic=statistic, unit=Unit.PCT, group=group, subgroup=band,
                    time=week_label(week), value=100 * k / n, k=k, n=n, population="personer",
                )  # fmt: skip
    return rows
