"""The parts of trial.yml must agree: names that exist, measures that fit their use, weeks within follow-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from small_trial import WEEKS, person_measure, trial_file

from reportlib.trial import TrialFileError, load_trial

COUNT = {**person_measure(kind="event_count", events=["samtale"]), "id": "antal", "unit": "count"}
EVER = {**person_measure(kind="event_ever", events=["samtale"]), "id": "talt"}
SCORE = {
    **person_measure(kind="survey_mean", survey="borgere", item="q", low=1, high=5, low_label="a", high_label="b"),
    "id": "score",
    "unit": "score",
}
ANSWERS = {**person_measure(kind="survey_answers", survey="borgere", item="q", answers={"1": "En"}), "id": "svar"}
JOB = trial_file()["measures"][0]
FACTS = {
    name: {"value": value, "unit": unit, "label": "x", "source": "register"}
    for name, value, unit in (("penge", 100, "kr"), ("andel", 15, "pct"), ("plan", 20, "count"))
}
RECRUITMENT = {"kind": "recruitment", "measure": "talt", "milestone": "plan", "needed": "plan", "until": "2021-05-23"}
SCALES = {"kind": "scales", "counts": "svar", "measures": ["score"]}


def against(measure: str, fact: str) -> dict[str, Any]:
    return {"kind": "benchmark", "name": "X", "against": [{"measure": measure, "fact": fact, "definition": "x"}]}


def load(folder: Path, **changes: Any) -> Any:
    path = folder / "trial.yml"
    spec = trial_file(**{"measures": [JOB, COUNT, EVER, SCORE, ANSWERS], "analyses": [], **changes})
    path.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    return load_trial(path)


def division(**changes: Any) -> dict[str, Any]:
    return {"id": "d", "label": "d", "values": {"1": "a", "0": "b"}, **changes}


@pytest.mark.parametrize(
    ("analysis", "fault"),
    [
        ({"kind": "balance", "columns": ["aldr"]}, "unknown background column 'aldr'.*did you mean alder"),
        ({"kind": "at_week", "measures": ["job"], "week": 3, "adjust_for": ["aldr"]}, "unknown background column"),
        ({"kind": "population_counts", "populations": ["nogle"]}, "unknown population 'nogle'"),
        ({"kind": "weekly", "measures": ["antal"]}, "antal has no value week by week"),
        ({"kind": "site_effects", "measure": "score", "week": 3}, "score has no value week by week"),
        ({"kind": "distribution", "measure": "job", "week": 3, "bands": [0, 5, 9]}, "job is not an amount"),
        ({"kind": "shares", "measures": ["svar"]}, "svar is not one share or mean"),
        ({"kind": "compare", "measures": ["job"]}, "job is neither a value per person nor an answer"),
        ({"kind": "at_week", "measures": ["job"], "week": WEEKS + 1}, r"week is 11, but follow_up\.weeks is 10"),
        ({"kind": "cost_benefit", "weeks": WEEKS + 1, "parameters": "2023"}, r"weeks is 11, but follow_up\.weeks"),
        ({"kind": "fidelity"}, "no elements to judge"),
        ({"kind": "cost_benefit", "weeks": 4, "parameters": "2023"}, "there are no prices"),
        (against("talt", "penge"), "the fact penge is 100 .kr.*in the unit pct is needed"),
        (against("job", "andel"), "job is not a share among persons"),
        ({"kind": "site_spread", "measures": ["score"]}, "score is not a share among persons"),
        ({"kind": "site_answers", "measures": ["talt"]}, "talt is no answer to a survey"),
        ({"kind": "unit_cost", "cost": "andel", "measures": ["talt"]}, "in the unit kr is needed"),
        ({"kind": "unit_cost", "cost": "penge", "measures": ["antal"]}, "antal is not a share among persons"),
        ({**RECRUITMENT, "measure": "antal"}, "antal is not of kind event_ever"),
        ({**RECRUITMENT, "milestone": "andel"}, "a whole number in the unit count is needed"),
        ({**RECRUITMENT, "outcome": "score"}, "score is not a share among persons"),
        ({**SCALES, "measures": ["antal"]}, "antal is no answer to a survey"),
        ({**SCALES, "counts": "score"}, "score does not number sheets"),
        (SCALES, "the survey borgere does not say whose a sheet is"),
        ({"kind": "activity", "measures": ["antal"], "gain": "job", "weeks": 5}, "accumulate: true"),
        ({"kind": "compare", "measures": ["score"], "by": division(item="qq")}, "unknown item 'qq'"),
        ({"kind": "subgroups", "measure": "talt", "by": [division(item="q")]}, "an item divides answer sheets"),
        ({"kind": "subgroups", "measure": "job", "by": [division(column="alder")]}, "job has no value per person"),
    ],
)
def test_an_analysis_that_cannot_run_is_refused(tmp_path: Path, analysis: dict[str, Any], fault: str) -> None:
    with pytest.raises(TrialFileError, match=rf"analysis 1 \({analysis['kind']}\).*{fault}"):
        load(tmp_path, analyses=[analysis], facts=FACTS)


def test_answers_that_number_sheets_rise_from_one(tmp_path: Path) -> None:
    counts = {**ANSWERS, "from": {**ANSWERS["from"], "answers": {"1": "En", "3": "Tre"}}}
    with pytest.raises(TrialFileError, match="the answers of svar must be 1, 2"):
        load(tmp_path, measures=[SCORE, counts], analyses=[SCALES])


def test_answers_on_other_sheets_have_no_number(tmp_path: Path) -> None:
    surveys = {"tidligere": {**trial_file()["extracts"]["surveys"]["borgere"], "file": "t.csv"}}
    extracts = trial_file()["extracts"]
    extracts["surveys"] |= surveys
    earlier = {**SCORE, "from": {**SCORE["from"], "survey": "tidligere"}}
    with pytest.raises(TrialFileError, match="score and svar are of different surveys"):
        load(tmp_path, measures=[earlier, ANSWERS], analyses=[SCALES], extracts=extracts)


@pytest.mark.parametrize(
    ("computed", "extract"),
    [
        ({"kind": "dream", "groups": ["fleksjob"]}, "dream"),
        ({"kind": "paid_hours", "value": "any"}, "paid_hours"),
        ({"kind": "event_ever", "events": ["samtale"]}, "casework"),
        ({"kind": "events_all", "events": ["samtale"]}, "casework"),
    ],
)
def test_a_measure_without_its_extract_is_refused(tmp_path: Path, computed: dict[str, Any], extract: str) -> None:
    extracts = {name: given for name, given in trial_file()["extracts"].items() if name != "casework"}
    with pytest.raises(TrialFileError, match=rf"measure maal: .*extracts\.{extract} is not given"):
        load(tmp_path, measures=[person_measure(**computed)], extracts=extracts)


def test_groups_that_are_not_ordinary_need_dream(tmp_path: Path) -> None:
    extracts = {**trial_file()["extracts"], "paid_hours": {"file": "h.csv", "not_ordinary": ["loentilskud"]}}
    with pytest.raises(TrialFileError, match=r"not_ordinary: .*extracts\.dream is not given"):
        load(tmp_path, extracts=extracts)


@pytest.mark.parametrize(
    ("measure", "fault"),
    [
        ({**COUNT, "unit": "pct"}, "its unit cannot be pct"),
        ({**EVER, "unit": "count"}, "its unit is pct"),
        (person_measure(kind="combined", of=["antal"]), "antal has no value week by week"),
        (person_measure(kind="combined"), "name measures in `of` or `without`"),
        (person_measure(kind="combined", of=["maal"]), "is made of itself"),
        (person_measure(kind="background", column="aldr", equals="1"), "unknown background column 'aldr'"),
        ({**EVER, "id": "personer"}, "the library's own"),
    ],
)
def test_a_measure_that_cannot_be_computed_is_refused(tmp_path: Path, measure: dict[str, Any], fault: str) -> None:
    others = [one for one in (JOB, COUNT) if one["id"] != measure["id"]]
    with pytest.raises(TrialFileError, match=fault):
        load(tmp_path, measures=[*others, measure])


@pytest.mark.parametrize(
    ("conditions", "fault"),
    [
        ({"background": {"aldr": "30"}}, "unknown background column 'aldr'"),
        ({"having": "job"}, "job has no value per person"),
        ({"without": "antal"}, "antal is not 0 or 1"),
        ({"started_before": "forår"}, "forår is not a date"),
    ],
)
def test_a_population_that_cannot_be_found_is_refused(tmp_path: Path, conditions: dict[str, Any], fault: str) -> None:
    with pytest.raises(TrialFileError, match=fault):
        load(tmp_path, populations=[{"id": "nogle", "label": "nogle", **conditions}])


def test_the_groups_need_ids_and_values_of_their_own(tmp_path: Path) -> None:
    treated = trial_file()["groups"]["treated"]
    with pytest.raises(TrialFileError, match="group defined twice: deltager") as raised:
        load(tmp_path, groups={"treated": treated, "comparison": treated})
    assert "value of a group defined twice: d" in str(raised.value)


def test_an_id_that_keys_use_themselves_is_no_group(tmp_path: Path) -> None:
    groups = trial_file()["groups"]
    with pytest.raises(TrialFileError, match="group forskel: this id is the library's own"):
        load(tmp_path, groups={**groups, "comparison": {**groups["comparison"], "id": "forskel"}})


def test_without_a_comparison_nothing_is_compared(tmp_path: Path) -> None:
    groups = {"treated": trial_file()["groups"]["treated"]}
    with pytest.raises(TrialFileError, match=r"analysis 1 \(balance\): compares groups"):
        load(
            tmp_path,
            design={"kind": "status"},
            groups=groups,
            analyses=[{"kind": "balance", "columns": ["alder"]}],
        )


def test_data_cannot_be_drawn_before_the_last_day_they_cover(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match=r"data_date \(2020-01-31\) lies before follow_up\.last_day"):
        load(tmp_path, data_date="2020-01-31")


@pytest.mark.parametrize(
    ("value", "unit", "fault"),
    [(15, "date", "a date has the unit date"), (float("nan"), "kr", "nan is neither"), (True, "kr", "True is neither")],
)
def test_a_fact_is_a_number_or_a_date_with_its_unit(tmp_path: Path, value: Any, unit: str, fault: str) -> None:
    with pytest.raises(TrialFileError, match=fault):
        load(tmp_path, facts={"uge": {"value": value, "unit": unit, "label": "Uge", "source": "register"}})


def test_everything_between_the_parts_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError) as raised:
        load(tmp_path, analyses=[{"kind": "weekly", "measures": ["jb"]}, {"kind": "balance", "columns": ["x"]}])
    assert "unknown measure 'jb'" in str(raised.value)
    assert "unknown background column 'x'" in str(raised.value)


@pytest.mark.parametrize("name", ["alle-kommuner", "øvrige:Nord", ".", "L" * 101])
def test_a_site_that_could_be_taken_for_something_else_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrialFileError, match="cannot be a site|too long for a file name"):
        load(tmp_path, sites={"names": ["Nord", name]})


@pytest.mark.parametrize("names", [["Ærø", "Aeroe"], ["Ny By", "Ny-By"]])
def test_two_sites_of_one_file_name_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(TrialFileError, match="would both be written to"):
        load(tmp_path, sites={"names": names})


@pytest.mark.parametrize("kinds", [["transfer"], ["transfer", "tax"]])
def test_a_cost_benefit_of_transfers_alone_says_which_price_is_needed(tmp_path: Path, kinds: list[str]) -> None:
    price = {"measure": "antal", "kr": 100, "year": 2020, "level": "2020-priser", "source": "register"}
    prices = [{**price, "id": kind, "kind": kind, "paid_by": {"kommune": 1}} for kind in kinds]
    analysis = {"kind": "cost_benefit", "weeks": 5, "parameters": "2023"}
    with pytest.raises(TrialFileError, match=r"analysis 1 \(cost_benefit\).*price of an operation"):
        load(tmp_path, analyses=[analysis], prices=prices)
    load(tmp_path, analyses=[analysis], prices=[*prices, {**price, "id": "drift"}])
