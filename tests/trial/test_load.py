"""Loading trial.yml: what is right loads, what is wrong says where and what was probably meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from small_trial import person_measure, trial_file

from reportlib.trial import TrialFileError, find_trial, load_trial


def load(folder: Path, **changes: Any) -> Any:
    path = folder / "trial.yml"
    path.write_text(yaml.safe_dump(trial_file(**changes)), encoding="utf-8")
    return load_trial(path)


def test_a_valid_file_loads(tmp_path: Path) -> None:
    assert load(tmp_path).measure_by_id["job"].is_panel


def test_a_typo_in_a_key_names_the_place_and_the_nearest_key(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match=r"design\.levle.*did you mean level"):
        load(tmp_path, design={"kind": "randomised", "levle": 0.05})


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match=r"design\.kind: this key is missing"):
        load(tmp_path, design={})


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError) as raised:
        load(tmp_path, design={"kind": "randomised", "levle": 1}, title=None)
    assert "levle" in str(raised.value)
    assert "title" in str(raised.value)


def test_an_analysis_of_an_unknown_measure_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match="unknown measure 'jbo'.*did you mean job"):
        load(tmp_path, analyses=[{"kind": "weekly", "measures": ["jbo"]}])


def test_a_measure_of_an_unknown_survey_item_is_refused(tmp_path: Path) -> None:
    measure = person_measure(kind="survey_share", survey="borgere", item="qq", answers=[1])
    with pytest.raises(TrialFileError, match="unknown item 'qq'"):
        load(tmp_path, measures=[measure], analyses=[])


def test_two_measures_of_one_id_are_refused(tmp_path: Path) -> None:
    measure = person_measure(kind="event_ever", events=["x"])
    with pytest.raises(TrialFileError, match="measure defined twice: maal"):
        load(tmp_path, measures=[measure, measure], analyses=[])


def test_a_randomised_trial_needs_a_comparison_group(tmp_path: Path) -> None:
    groups = {"treated": trial_file()["groups"]["treated"]}
    with pytest.raises(TrialFileError, match=r"needs groups\.comparison"):
        load(tmp_path, groups=groups)


def test_a_site_called_alle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match="whole trial"):
        load(tmp_path, sites={"names": ["Nord", "alle"]})


def test_a_price_without_a_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrialFileError, match=r"prices\.0\.level: this key is missing"):
        load(tmp_path, prices=[{"measure": "job", "kr": 100, "year": 2017, "source": "register"}])


def test_a_file_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trial.yml"
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(TrialFileError, match=r"trial\.yml, line 2, column 1: not valid YAML"):
        load_trial(path)


def test_an_unknown_trial_suggests_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "eksempel").mkdir()
    (tmp_path / "eksempel" / "trial.yml").touch()
    with pytest.raises(TrialFileError, match="did you mean eksempel"):
        find_trial(tmp_path, "eksmpel")
