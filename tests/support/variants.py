"""Made-up variants of the trials: other persons, sites and rules, for attacks on what would be released of them.

A variant is made in memory of the extracts of a trial as they are read: a sample of the persons, sites of 1 to 8
persons, persons dealt anew to the sites, another threshold, zeros hidden. The same seed gives the same variant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.registers.data import Panel, TrialData
from reportlib.trial.design import Disclosure
from reportlib.trial.model import Trial

TRIALS = ("jobfirst", "jobgaranti", "paa-rette-vej", "social-stoette", "udvikling-i-fleksjob")
_MOST_AT_SMALL_SITE = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """How a trial is varied.

    Attributes:
        trial: the folder of the trial under data/.
        seed: of everything that is drawn.
        sample: the share of the persons that is kept.
        small_sites: the share of the sites that is cut to 1 to 8 persons of each group.
        dealt: whether the persons of a group are dealt anew to its sites.
        threshold, show_zero: the rules of disclosure control; None leaves the trial's own.
    """

    trial: str
    seed: int
    sample: float = 1.0
    small_sites: float = 0.0
    dealt: bool = False
    threshold: int | None = None
    show_zero: bool | None = None

    @property
    def name(self) -> str:
        """`jobfirst-3-sample0.2-T10`."""
        parts = [self.trial, str(self.seed)]
        parts += [f"sample{self.sample:g}"] if self.sample < 1 else []
        parts += [f"small{self.small_sites:g}"] if self.small_sites else []
        parts += ["dealt"] if self.dealt else []
        parts += [f"T{self.threshold}"] if self.threshold is not None else []
        parts += ["zeros-hidden"] if self.show_zero is False else []
        return "-".join(parts)


_PLANS: tuple[Mapping[str, Any], ...] = (
    {"sample": 0.1},
    {"sample": 0.2},
    {"sample": 0.35},
    {"sample": 0.5},
    {"small_sites": 0.3},
    {"small_sites": 0.6},
    {"small_sites": 1.0},
    {"dealt": True},
    {"dealt": True, "sample": 0.3},
    {"threshold": 3},
    {"threshold": 10},
    {"threshold": 3, "sample": 0.3},
    {"threshold": 10, "small_sites": 0.5},
    {"show_zero": False},
    {"show_zero": False, "sample": 0.4, "small_sites": 0.3},
)


def variants(trials: Sequence[str] = TRIALS) -> Iterator[Variant]:
    """Fifteen variants of each trial."""
    for trial in trials:
        for seed, plan in enumerate(_PLANS, start=1):
            yield Variant(trial, seed, **plan)


def vary(variant: Variant, trial: Trial, data: TrialData) -> tuple[Trial, TrialData]:
    """The trial and its extracts as the variant has them; what was read stays as it was."""
    draw = np.random.default_rng(variant.seed)
    rules = trial.disclosure
    trial = trial.model_copy(
        update={
            "disclosure": Disclosure(
                threshold=rules.threshold if variant.threshold is None else variant.threshold,
                show_zero=rules.show_zero if variant.show_zero is None else variant.show_zero,
            )
        }
    )
    if variant.dealt:
        data = _dealt(data, draw)
    if variant.sample < 1:
        data = _only(data, np.flatnonzero(draw.random(len(data.persons)) < variant.sample), variant.sample, draw)
    if variant.small_sites:
        data = _only(data, _with_small_sites(trial, data, variant.small_sites, draw), 1.0, draw)
    return trial, replace(data, trial=trial)


def before_and_after(trial: Trial, data: TrialData) -> tuple[Ledger, Ledger]:
    """Both ledgers of a variant, without the analyses that nobody is left for."""
    while True:
        try:
            return analyse_before_and_after_disclosure(trial, data)
        except ReportlibError as error:
            found = re.match(r"trial\.yml, analysis (\d+)", error.message)
            if found is None or len(trial.analyses) == 1:
                raise
            left = [spec for place, spec in enumerate(trial.analyses, start=1) if place != int(found.group(1))]
            trial = trial.model_copy(update={"analyses": tuple(left)})
            data = replace(data, trial=trial)


def _dealt(data: TrialData, draw: np.random.Generator) -> TrialData:
    persons = data.persons.copy()
    for _, rows in persons.groupby("group").groups.items():
        persons.loc[rows, "site"] = draw.permutation(persons.loc[rows, "site"].to_numpy())
    surveys = {}
    for name, sheets in data.surveys.items():
        sheets = sheets.copy()
        known = sheets["row"].to_numpy() >= 0
        sheets.loc[known, "site"] = persons["site"].to_numpy()[sheets.loc[known, "row"]]
        sheets.loc[~known, "site"] = draw.permutation(sheets.loc[~known, "site"].to_numpy())
        surveys[name] = sheets
    return replace(data, persons=persons, surveys=surveys)


def _with_small_sites(trial: Trial, data: TrialData, share: float, draw: np.random.Generator) -> npt.NDArray[np.int64]:
    """The rows of persons that are kept when so many of the sites are cut to 1 to 8 persons of each group."""
    sites = draw.permutation(np.array(trial.sites.names))[: max(1, round(share * len(trial.sites.names)))]
    out: set[int] = set()
    for (_, site), rows in data.persons.groupby(["group", "site"]).indices.items():
        if site in set(sites):
            kept = int(draw.integers(1, _MOST_AT_SMALL_SITE, endpoint=True))
            out.update(draw.permutation(rows)[kept:].tolist())
    return np.array([row for row in range(len(data.persons)) if row not in out], dtype=np.int64)


def _only(data: TrialData, kept: npt.NDArray[np.int64], sheets: float, draw: np.random.Generator) -> TrialData:
    """The extracts of the persons in these rows, and of as many answer sheets that are nobody's."""
    place = np.full(len(data.persons) + 1, -1, dtype=np.int64)  # the last for sheets of nobody
    place[kept] = np.arange(len(kept))
    casework = data.casework
    if casework is not None:
        casework = casework[place[casework["row"].to_numpy()] >= 0].reset_index(drop=True)
        casework["row"] = place[casework["row"].to_numpy()]
    return replace(
        data,
        persons=data.persons.iloc[kept].reset_index(drop=True),
        panel=_panel(data.panel, kept),
        casework=casework,
        surveys={name: _sheets(frame, place, sheets, draw) for name, frame in data.surveys.items()},
    )


def _sheets(frame: pd.DataFrame, place: npt.NDArray[np.int64], share: float, draw: np.random.Generator) -> pd.DataFrame:
    row = frame["row"].to_numpy()
    nobody = row < 0
    inside = np.where(nobody, draw.random(len(frame)) < share, place[row] >= 0)
    found = frame[inside].reset_index(drop=True)
    found["row"] = np.where(nobody, -1, place[row])[inside]
    return found


def _panel(panel: Panel, kept: npt.NDArray[np.int64]) -> Panel:
    def of(array: Any) -> Any:
        return None if array is None else array[kept]

    return Panel(
        followed=panel.followed[kept],
        dream=of(panel.dream),
        dream_before=of(panel.dream_before),
        hours=of(panel.hours),
        hours_before=of(panel.hours_before),
        recorded={name: values[kept] for name, values in panel.recorded.items()},
    )
