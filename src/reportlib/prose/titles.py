"""What a figure or a main table found, as the title it begins with; measure and population follow as its caption."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportlib.danish import NBSP, capitalise, number_text, out_of_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.section_parts import last_week_shown, lasting_week, measure_of, weekly_rows
from reportlib.prose.sureness import Finds, finds_of
from reportlib.prose.wording import FORSKEL, Wording, WordingTable, verdict
from reportlib.prose.words import outcome_noun, site_noun
from reportlib.text.origin import count_of
from reportlib.trial.model import Trial

CURVE_TITLE = WordingTable(
    "curve-title",
    Wording("higher-from", "the difference lasts, treated above", "{Noun} er højere fra uge{nb}{week}"),
    Wording("lower-from", "the difference lasts, treated below", "{Noun} er lavere fra uge{nb}{week}"),
    Wording("some-weeks", "significant in some weeks", "Kun i nogle uger er der sikker forskel i {noun}"),
    Wording("none", "significant in no week", "Ingen sikker forskel i {noun}"),
)
DIFFERENCES_TITLE = WordingTable(
    "differences-title",
    Wording("all", "every difference is significant", "{Told} er sikre"),
    Wording("some", "some are", "{Told} er sikre"),
    Wording("single", "one of several is", "{Told} er sikker"),
    Wording("none", "none is", "{Told} er sikker"),
    Wording("one-sure", "there is one, and it is significant", "Forskellen er sikker"),
    Wording("one-open", "there is one, and it is not", "Forskellen er ikke sikker"),
)

SITES_TITLE = WordingTable(
    "sites-title",
    Wording("none", "no site's difference stands after the correction", "I {none} er forskellen sikker for sig"),
    Wording("some", "some do", "I {some} er forskellen sikker for sig"),
)


def sites_title(ledger: Ledger, trial: Trial, measure_id: str, week: int) -> str:
    """In how many sites the difference stands when one allows for having tested them all; empty where none may be
    shown."""
    key = partial(make_key, measure_id, statistic="p_holm", group=DIFFERENCE, time=week_label(week))
    rows = [ledger.get(key(site=name)) for name in trial.sites.names]
    tested = [row for row in rows if row is not None and row.value is not None]
    if not tested:
        return ""
    sure = [row for row in tested if row.number < trial.design.level]
    told = out_of_text(count_of(sure), count_of(tested), site_noun(trial))
    return _title(SITES_TITLE, "some" if sure else "none", tested, none=told, some=told)


def curve_title(ledger: Ledger, trial: Trial, measure_id: str) -> str:
    """From which week the difference of a weekly measure lasts, or that none is sure; empty without a weekly test."""
    rows = [row for row in weekly_rows(ledger, measure_id, "difference") if row.value is not None]
    last = last_week_shown(ledger, trial, measure_id)
    tested = [row for row in rows if row.p is not None or row.ci_low is not None]
    if not tested:
        return ""
    noun = outcome_noun(measure_of(trial, measure_id)).rstrip(",")
    first = lasting_week(ledger, trial, measure_id)
    after = [row for row in rows if first is not None and (row.week or 0) >= first.number]
    if first is not None and after:
        wording, week = ("higher-from" if after[0].number > 0 else "lower-from"), number_text(first.number)
    else:
        counted = [row for row in tested if not last or (row.week or 0) <= last]
        some = any(verdict(row, trial.design.level).significant for row in counted)
        wording, week = ("some-weeks" if some else "none"), ""
    return _title(CURVE_TITLE, wording, tested[:1], Noun=capitalise(noun), noun=noun, week=week, nb=NBSP)


def differences_title(trial: Trial, rows: Sequence[Estimate | None]) -> str:
    """How many of the tested differences of a table or figure are sure; empty where none is tested.

    A test without a difference of its own (of more than two groups) counts by its p-value.
    """
    tested = [row for row in rows if row is not None and (row.p is not None or row.ci_low is not None)]
    sure = [row for row in tested if _is_sure(row, trial)]
    if not tested:
        return ""
    if len(tested) == 1:
        wording = "one-sure" if sure else "one-open"
    else:
        wording = "none" if not sure else "all" if len(sure) == len(tested) else "some" if len(sure) > 1 else "single"
    told = capitalise(out_of_text(count_of(sure), count_of(tested), FORSKEL))
    return _title(DIFFERENCES_TITLE, wording, tested, Told=told)


def _is_sure(row: Estimate, trial: Trial) -> bool:
    if row.value is None:
        return row.p is not None and row.p < trial.design.level
    return finds_of(row, trial) in {Finds.UP, Finds.DOWN}


def _title(table: WordingTable, wording: str, rows: Sequence[Estimate], **parts: str) -> str:
    """The wording without the full stop that `choose` ends a sentence with."""
    return table.choose(wording, rows, **parts).text.removesuffix(".")
