"""A clean trial damaged in the ways deliveries are: refused, or the same numbers, and never others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from clean_trial import clean_trial, numbers_of
from four_persons import SmallTrial
from sentences import HOW, as_read, kept_beside

from reportlib.registers.errors import ExtractError

Damage = Callable[[SmallTrial, np.random.Generator], None]

IDS = {"participants": "person", "dream": "PNR", "hours": "person", "casework": "person", "citizens": "person"}
DATES = {"participants": "visitationsdato", "casework": "dato"}


def some(frame: pd.DataFrame, rng: np.random.Generator, share: float = 1 / 3) -> np.ndarray:
    """(records,) about a share of the records, at least one."""
    chosen = rng.random(len(frame)) < share
    chosen[rng.integers(0, len(frame))] = True
    return chosen


def ids_written(frame: str, way: Callable[[str], str]) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        persons = table[IDS[frame]].unique()
        changed = {one: way(one) for one in persons[rng.random(len(persons)) < 0.4]}
        table[IDS[frame]] = table[IDS[frame]].map(lambda one: changed.get(one, one))

    return damage


def cell(frame: str, column: str, text: str) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        table.loc[rng.integers(0, len(table)), column] = text

    return damage


def dates_written(frame: str, form: str) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table, column = getattr(small, frame), DATES[frame]
        chosen = some(table, rng)
        days = pd.to_datetime(table[column])
        table.loc[chosen, column] = days[chosen].dt.strftime(form)

    return damage


def as_instants(frame: str, form: str = "%Y-%m-%dT%H:%M:%SZ") -> Damage:
    """Midnight in Denmark, told in Greenwich's time: the day before, by the letters."""

    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table, column = getattr(small, frame), DATES[frame]
        midnight = pd.to_datetime(table[column]).dt.tz_localize("Europe/Copenhagen").dt.tz_convert("UTC")
        table[column] = midnight.dt.strftime(form)

    return damage


def month_lost(small: SmallTrial, rng: np.random.Generator) -> None:
    lost = rng.choice(["2016-09", "2016-10", "2016-11"])
    small.hours = small.hours[small.hours["maaned"] != lost].reset_index(drop=True)


def month_of_a_site_lost(small: SmallTrial, rng: np.random.Generator) -> None:
    site = small.participants.set_index("person")["kommune"]
    gone = (small.hours["maaned"] == "2016-11") & (small.hours["person"].map(site) == "Køge")
    small.hours = small.hours[~gone].reset_index(drop=True)


def month_of_noughts(small: SmallTrial, rng: np.random.Generator) -> None:
    small.hours.loc[small.hours["maaned"] == "2016-11", "loentimer"] = "0"


def month_nearly_lost(small: SmallTrial, rng: np.random.Generator) -> None:
    lost = np.flatnonzero(small.hours["maaned"] == "2016-11")[2:]
    small.hours = small.hours.drop(index=lost).reset_index(drop=True)


def week_nearly_emptied(small: SmallTrial, rng: np.random.Generator) -> None:
    small.dream.loc[3:, f"y_16{rng.integers(36, 50)}"] = ""


def week_lost(small: SmallTrial, rng: np.random.Generator) -> None:
    small.dream.drop(columns=[f"y_16{rng.integers(36, 50)}"], inplace=True)


def week_emptied(small: SmallTrial, rng: np.random.Generator) -> None:
    small.dream[f"y_16{rng.integers(36, 50)}"] = ""


def week_of_a_site_emptied(small: SmallTrial, rng: np.random.Generator) -> None:
    small.dream.loc[(small.participants["kommune"] == "Køge").to_numpy(), f"y_16{rng.integers(36, 50)}"] = ""


def weeks_of_casework_lost(small: SmallTrial, rng: np.random.Generator) -> None:
    days = pd.to_datetime(small.casework["dato"])
    small.casework = small.casework[~days.between("2016-11-14", "2016-12-04")].reset_index(drop=True)


def twice(frame: str) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        setattr(small, frame, pd.concat([table, table[some(table, rng)]], ignore_index=True))

    return damage


def another_extract(frame: str) -> Damage:
    """The extract of another trial, in which hardly anybody takes part in this one."""

    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        known = table[IDS[frame]].unique()[:1]
        table[IDS[frame]] = table[IDS[frame]].where(
            table[IDS[frame]].isin(known), "9" + table[IDS[frame]].str[1:] + "9"
        )
        small.spec["extracts"][{"hours": "paid_hours"}.get(frame, frame)] |= {"coverage": 0.05}

    return damage


def turned_by_a_spreadsheet(frame: str) -> Damage:
    """11-04-2016 becomes 4 November, and 14-04-2016 stays a text."""

    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table, column = getattr(small, frame), DATES[frame]
        days = pd.to_datetime(table[column])
        small_days = days.dt.day <= 12
        table[column] = np.where(small_days, days.dt.strftime("%Y-%d-%m"), days.dt.strftime("%d-%m-%Y"))

    return damage


def debts_written(form: Callable[[float], str]) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        values = small.participants["gaeld"].str.replace(",", ".").astype(float)
        chosen = some(small.participants, rng)
        small.participants.loc[chosen, "gaeld"] = [form(value) for value in values[chosen]]

    return damage


def danish(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def renamed(frame: str, column: str, *names: str) -> Damage:
    """The column under these names instead, as often as there are names."""

    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        others = table.drop(columns=column)
        setattr(small, frame, others.assign(**dict.fromkeys(names, table[column])))

    return damage


def written(frame: str, column: str, *texts: str) -> Damage:
    """These texts one after the other, over and over."""

    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        table = getattr(small, frame)
        table[column] = np.resize(np.array(texts), len(table))

    return damage


def emptied(frame: str) -> Damage:
    def damage(small: SmallTrial, rng: np.random.Generator) -> None:
        setattr(small, frame, getattr(small, frame).iloc[:0])

    return damage


WAYS: dict[str, Callable[[str], str]] = {
    "leading zero lost": lambda one: one.lstrip("0") if one.startswith("0") else f"0{one}",
    "hyphen": lambda one: f"{one[:6]}-{one[6:]}",
    "blank": lambda one: f"{one[:6]} {one[6:]}",
    "decimal ending": lambda one: f"{one}.0",
    "rounded": lambda one: f"{int(one):.2E}".replace(".", ","),
}
DAMAGES: dict[str, Damage] = {
    **{f"{frame}: {name}": ids_written(frame, way) for frame in IDS for name, way in WAYS.items()},
    **{f"{frame}: day without century": dates_written(frame, "%d-%m-%y") for frame in DATES},
    **{f"{frame}: month first": dates_written(frame, "%m/%d/%Y") for frame in DATES},
    **{f"{frame}: day first": dates_written(frame, "%d/%m/%Y") for frame in DATES},
    **{f"{frame}: instants": as_instants(frame) for frame in DATES},
    **{f"{frame}: times without zone": as_instants(frame, "%Y-%m-%d %H:%M:%S") for frame in DATES},
    **{f"{frame}: days turned": turned_by_a_spreadsheet(frame) for frame in DATES},
    "a month lost": month_lost,
    "a month of a site lost": month_of_a_site_lost,
    "a month nearly lost": month_nearly_lost,
    "a week nearly emptied": week_nearly_emptied,
    "a month of noughts": month_of_noughts,
    "a week's column lost": week_lost,
    "a week emptied": week_emptied,
    "a week of a site emptied": week_of_a_site_emptied,
    "weeks of casework lost": weeks_of_casework_lost,
    **{f"{frame}: records twice": twice(frame) for frame in IDS},
    **{f"{frame}: another trial's": another_extract(frame) for frame in ("hours", "casework")},
    "thousands in some cells": debts_written(danish),
    "decimal point in some cells": debts_written(lambda value: f"{value:.2f}"),
    "English thousands": debts_written(lambda value: f"{value:,.2f}"),
    "whole thousands": debts_written(lambda value: f"{value:,.0f}".replace(",", ".")),
    "a word among numbers": cell("participants", "alder", "ukendt"),
    "a code for unknown among ages": cell("participants", "alder", "999"),
    "a negative code among ages": cell("participants", "alder", "-1"),
    "a code among yes and no": cell("participants", "kvinde", "9"),
    "a two among yes and no": cell("participants", "kvinde", "2"),
    "a letter among yes and no": cell("participants", "kvinde", "K"),
    "a note among categories": cell("participants", "udd", "se sagen"),
    "a number among categories": cell("participants", "udd", "9"),
    "an unknown code": cell("dream", "y_1640", "abc"),
    "a word among answers": cell("citizens", "mening", "ved ikke"),
    "an answer off the scale": cell("citizens", "mening", "9"),
    "a word among hours": cell("hours", "loentimer", "mangler"),
    "a negative number of hours": cell("hours", "loentimer", "-5,00"),
    "a month that is none": cell("hours", "maaned", "2016-13"),
    "a site misspelt": cell("participants", "kommune", "Århus C"),
}
ONCE: dict[str, Damage] = {
    **{f"{frame}: no record": emptied(frame) for frame in IDS},
    **{f"{frame}: its persons' column lost": renamed(frame, IDS[frame]) for frame in IDS},
    "a column twice in other letters": renamed("participants", "kvinde", "Kvinde", "KVINDE"),
    "a column by nearly its name": renamed("participants", "alder", "aldre"),
    "the column of sites lost": renamed("participants", "kommune"),
    "the column of the kind lost": renamed("casework", "haendelse"),
    "the answers' column lost": renamed("citizens", "mening"),
    "the month's column lost": renamed("hours", "maaned"),
    "ones and twos": written("participants", "kvinde", "1", "2"),
    "few slips among yes and no": written("participants", "kvinde", *"0101" * 10, "3"),
    "counts from nought": written("participants", "kvinde", "0", "1", "2", "3"),
    "codes that begin with nought": written("participants", "udd", "0101", "0851", "1147"),
    "a code that begins with nought among numbers": written("participants", "udd", "31", "045", "52"),
    "days as background": written("participants", "udd", "2016-01-04", "2015-02-05"),
    "an unknown group": cell("participants", "gruppe", "Andre"),
    "no id": cell("participants", "person", ""),
    "no start": cell("participants", "visitationsdato", ""),
    "a start long after": cell("participants", "visitationsdato", "2031-01-01"),
    "an unknown kind of event": cell("casework", "haendelse", "Samtalen"),
    "an event without a day": cell("casework", "dato", ""),
    "an answer between two": cell("citizens", "mening", "3,5"),
    "nobody's answer": cell("citizens", "person", ""),
    "hours of a whole year": cell("hours", "loentimer", "1924,00"),
}
"""Little of these is left to chance."""
OF_OTHER_VALUES = {"counts from nought", "codes that begin with nought", "an answer between two"}
"""Not damaged, but filled in anew, and read as what they may be: a mean of answers lies between two."""
SAME, OTHERS = "the same numbers", "other numbers"
CASES = [*((name, seed) for name in DAMAGES for seed in (1, 2)), *((name, 1) for name in ONCE)]
TOLD_AS_THE_SAME = {"participants: day first", "casework: day first", "participants: instants", "casework: instants"}


@cache
def clean_numbers() -> str:
    with TemporaryDirectory() as folder:
        return numbers_of(clean_trial(Path(folder)))


def told(small: SmallTrial) -> str:
    """What the analysis refuses the trial for, or whether it gives the numbers of the undamaged one."""
    try:
        found = numbers_of(small)
    except ExtractError as fault:
        return str(fault)
    return SAME if found == clean_numbers() else OTHERS


@cache
def kept() -> str:
    return kept_beside(__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_damage_is_refused_as_it_was_last_read_or_changes_no_number(tmp_path: Path, name: str, seed: int) -> None:
    small = clean_trial(tmp_path)
    (DAMAGES | ONCE)[name](small, np.random.default_rng(seed))
    outcome = told(small)
    assert outcome == SAME or name not in TOLD_AS_THE_SAME, f"refused: {outcome}"
    assert outcome != OTHERS or name in OF_OTHER_VALUES
    line = as_read({f"{name}, {seed}": outcome})
    assert line in kept(), f"{line}{HOW.format(Path(__file__).name)}"


if __name__ == "__main__":
    outcomes = {}
    for name, seed in CASES:
        with TemporaryDirectory() as folder:
            small = clean_trial(Path(folder))
            (DAMAGES | ONCE)[name](small, np.random.default_rng(seed))
            outcomes[f"{name}, {seed}"] = told(small)
    kept_beside(__file__).write_text(as_read(outcomes), encoding="utf-8")
