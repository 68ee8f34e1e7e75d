"""Figures and tables of progress: what they say in words is what the ledger holds, and what is hidden stays hidden."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from drawn import picture
from progress_trial import PERSONS, WEEKS, WEEKS_BEFORE, progress_data, progress_trial

from reportlib.analysis.run import analyse
from reportlib.disclosure import hide
from reportlib.ledger import Estimate, Ledger
from reportlib.show import figures, tables
from reportlib.show.forecasts import RecruitmentPlan
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import Chart, show
from reportlib.show.stacked import complete, filled_in, stacked
from reportlib.text.marks import recording
from reportlib.text.markup import origins_in
from reportlib.text.units import Unit
from reportlib.trial.analyses import Recruitment
from reportlib.trial.model import MissingAnalysisError, Trial, analysis_of
from reportlib.trial.references import facts_in


def made(**data: object) -> tuple[Ledger, Trial]:
    trial = progress_trial()
    return analyse(trial, progress_data(trial, **data)), trial  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_recruitment_names_the_ends_and_what_they_are_held_against(tmp_path: Path) -> None:
    text = plain(show(figures.recruitment, *made(), id="r", folder=tmp_path))
    assert "slutter på 9" in text
    assert "Milepæl 20" in text
    assert "Behov 15" in text
    assert picture(tmp_path, "r").stat().st_size > 1000


def test_recruitment_says_where_its_lines_and_its_last_day_come_from(tmp_path: Path) -> None:
    ledger, trial = made()
    with recording():
        text = show(figures.recruitment, ledger, trial, id="r", folder=tmp_path)
    drawn = picture(tmp_path, "r").read_text(encoding="utf-8")
    spec = analysis_of(trial, Recruitment)
    for fact in facts_in(spec):
        assert f"@ fakta:{fact}" in text and f"@ fakta:{fact}" in drawn
    (end,) = re.findall(r'data-tal="([^"]*@ udledt:dag[^"]*)"[^>]*>([^<]*)<', drawn)
    assert end[0].startswith(end[1])


def test_the_paths_ahead_begin_where_the_past_ends() -> None:
    plan = figures.recruitment(*made()).plan
    assert isinstance(plan, RecruitmentPlan) and len(plan.paths) == 3
    assert {line.known[0] for line in plan.paths} == {plan.past.known[-1]} == {(max(plan.past.weeks), 9.0)}
    assert plan.low[0] == plan.high[0] == 9.0 and len(plan.low) == len(plan.high) == len(plan.paths[0].weeks)


def test_rows_by_number_of_measurements_take_the_number_from_the_ledger(tmp_path: Path) -> None:
    ledger, trial = made()
    with recording():
        text = show(figures.moves, ledger, trial, ["score"], id="v", folder=tmp_path)
    drawn = picture(tmp_path, "v").read_text(encoding="utf-8")
    for content in (text, drawn):
        assert re.search(r"2 @ udledt:antal", content)  # on so few persons the ledger has no rows of them


def test_rows_by_number_of_measurements_are_named_after_the_ledger_s_rows() -> None:
    row = Estimate(
        key="score.maal.subgroup=antal3.share_rose", measure="score", statistic="share_rose", population="alle",
        subgroup="antal3", unit=Unit.PCT, value=50.0,
    )  # fmt: skip
    with recording():
        assert origins_in(filled_in("antal3", [None, row], [])) == f"3 @ {row.key}#subgroup"


def test_measurements_tell_both_groups_with_their_persons(tmp_path: Path) -> None:
    text = plain(show(figures.measurements, *made(), "score", id="m", folder=tmp_path))
    assert "(12 personer)" in text
    assert "De samme hele vejen" in text
    assert text.count("(5 personer)") == 4  # everybody's last, and the panel's three


def test_the_lines_are_told_apart_without_their_colours(tmp_path: Path) -> None:
    show(figures.measurements, *made(), "score", id="m", folder=tmp_path)
    (drawn,) = tmp_path.glob("m-*.svg")
    dotted = re.findall(r"stroke-dasharray", drawn.read_text(encoding="utf-8"))
    assert len(dotted) == 2  # the second line, and its line beside its name


def test_a_mean_of_few_stands_without_its_interval_and_says_so(tmp_path: Path) -> None:
    text = show(figures.measurements, *made(), "score", id="m", folder=tmp_path)
    assert "Intervallet vises ikke, hvor kun få har svaret" in plain(text)


def test_before_and_after_stand_in_one_row(tmp_path: Path) -> None:
    text = plain(show(figures.before_after, *made(), ["i-job"], id="b", folder=tmp_path))
    assert "I-job: 25 pct. før, 75 pct. efter" in text


def test_level_on_too_few_persons_is_hidden_in_the_figure(tmp_path: Path) -> None:
    before, after = np.zeros((PERSONS, WEEKS_BEFORE)), np.zeros((PERSONS, WEEKS))
    before[0, -1] = after[:6, 0] = 10.0
    text = plain(show(figures.before_after, *made(before=before, after=after), ["i-job"], id="b", folder=tmp_path))
    assert "skjult før, 50 pct. efter" in text


def bars(*values: tuple[float | None, ...]) -> Chart:
    """A bar for each tuple of shares; None is hidden."""
    rows = [(f"Bar {at}", [share(value) for value in found]) for at, found in enumerate(values, start=1)]
    ledger, trial = made()
    return stacked(ledger, trial, ["score"], "Svar", ["Ja", "Måske", "Nej"][: len(values[0])], rows)


def share(value: float | None) -> Estimate:
    row = Estimate(key="svar", measure="svar", statistic="share", population="alle", unit=Unit.PCT, value=value, n=10)
    return row if value is not None else hide(row, "hidden")


def test_bar_with_a_hidden_part_is_hidden_whole() -> None:
    assert complete([40.0, None, 40.0]) == []
    chart = bars((60.0, 40.0), (50.0, None))
    assert "Bar 1: Ja 60 pct., Måske 40 pct." in plain(chart.alt)
    assert "Skjult af hensyn til anonymitet: Bar 2." in chart.alt
    assert "50" not in chart.alt and not chart.plan.rows[1].parts


@pytest.mark.parametrize(
    ("values", "said"), [((50.6, 17.0, 31.4), True), ((38.0, 46.0, 16.0), False), ((None, 46.4, 16.4), False)]
)
def test_shown_parts_that_are_rounded_apart_from_a_hundred_get_the_note(
    values: tuple[float | None, ...], said: bool
) -> None:
    assert any("afrunding" in note for note in bars(values, values).notes) is said


def test_one_bar_is_refused_as_a_figure() -> None:
    with pytest.raises(NothingToShowError, match="a few numbers and no figure"):
        bars((60.0, 40.0))


def test_moves_are_told_for_everybody_with_two_measurements(tmp_path: Path) -> None:
    ledger, trial = made()
    text = plain(show(figures.moves, ledger, trial, ["score", "score"], id="v", folder=tmp_path))
    assert "Fremgang 100 pct." in text


def test_measure_without_before_and_after_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingAnalysisError, match="no before_after analysis"):
        show(figures.before_after, *made(), ["begyndt"], id="b", folder=tmp_path)


def test_table_of_measurements_counts_sheets_and_persons() -> None:
    text = plain(show(tables.measurements, *made(), "runde", id="t"))
    assert "| **I alt** | 25 | 12 |" in text
    assert "| Sidst | 5 | 5 |" in text


def test_table_before_and_after_gives_change_interval_and_persons() -> None:
    text = plain(show(tables.before_after, *made(), ["i-job"], id="t"))
    assert "| I-job (pct.) | 25 | 75 | 50 (10 til 75) | 0,02 |" in text
    assert "| 12 |" in text
