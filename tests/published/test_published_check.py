"""The check of published numbers, on eight made-up persons whose shares are counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from published.fields import UnknownFieldError, field_value
from small_trial import make_data, make_trial, person_measure

from published import Check, PublishedFileError, PublishedMapError, check_trial, read_mapping, read_rows
from published import account as publishing
from reportlib.trial import Trial

HEADER = "id,section,what,group,site,value,unit,n,p_value,where,note"
# Two of the four treated have had a talk: 50 pct., and with a threshold of 3 that share is hidden.
TALKS = [(0, "samtale", 3, None, ""), (1, "samtale", 3, None, "")]
MEASURES = [person_measure(kind="event_ever", events=["samtale"])]
FACTS = {
    "uger": {"value": 13, "unit": "weeks", "label": "Uger", "source": "register"},
    "halvdelen": {"value": 50, "unit": "pct", "label": "Halvdelen", "source": "register"},
    "start": {"value": "2018-11-01", "unit": "date", "label": "Start", "source": "register"},
}


def small_trial() -> Trial:
    made = {"kind": "shares", "measures": ["maal"], "groups": ["deltager", "kontrol"]}
    return make_trial(measures=MEASURES, analyses=[made], facts=FACTS, disclosure={"threshold": 3})


def check(folder: Path, value: str, entry: dict[str, Any], *, unit: str = "pct", n: str = "", p: str = "") -> Check:
    """The check of one published number against the small trial."""
    lines = [HEADER, f"tal,resume,Et tal,,,{value},{unit},{n},{p},kap. 1,"]
    (folder / "lille.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    (folder / "lille.yml").write_text(yaml.safe_dump({"tolerance": 0.02, "rows": {"tal": entry}}), encoding="utf-8")
    trial = small_trial()
    return check_trial(trial, make_data(trial, events=TALKS), folder)


HIDDEN = {"key": "maal.deltager", "hidden": True}


def test_a_share_that_prints_as_published_is_reproduced(tmp_path: Path) -> None:
    done = check(tmp_path, "50", {**HIDDEN, "as": "share"}, n="4")
    assert (done.reproduced, done.hidden, done.deviations) == (1, 1, ())


def test_zero_of_four_is_shown_and_reproduced(tmp_path: Path) -> None:
    assert check(tmp_path, "0", {"key": "maal.kontrol", "as": "count"}, unit="antal").reproduced == 1


@pytest.mark.parametrize(
    ("value", "n", "entry"),
    [
        pytest.param("51", "", {"key": "maal.kontrol", "as": "share"}, id="another share"),
        pytest.param("0", "5", {"key": "maal.kontrol", "as": "share"}, id="another n"),
        pytest.param("1", "", {"key": "maal.kontrol", "as": "count"}, id="another count"),
        pytest.param("50", "", {"key": "maal.deltager", "as": "share"}, id="a number that reports hide"),
        pytest.param("0", "", {"key": "maal.kontrol", "as": "share", "hidden": True}, id="marked hidden but shown"),
        pytest.param("0", "", {"key": "maal.nobody", "as": "share"}, id="a key the ledger lacks"),
        pytest.param("1", "", {"key": "maal.kontrol", "as": "near"}, id="far from it"),
    ],
)
def test_a_number_that_is_not_the_published_one_deviates(
    tmp_path: Path, value: str, n: str, entry: dict[str, Any]
) -> None:
    done = check(tmp_path, value, entry, n=n)
    assert done.reproduced == 0
    assert [one.id for one in done.deviations] == ["tal"]


def test_a_deviation_does_not_tell_a_hidden_number(tmp_path: Path) -> None:
    (deviation,) = check(tmp_path, "75", {**HIDDEN, "as": "share"}).deviations
    assert deviation.ours == "another number"


def test_one_person_more_changes_the_outcome(tmp_path: Path) -> None:
    assert not check(tmp_path, "50", {**HIDDEN, "as": "share"}).deviations
    trial = small_trial()
    talks = [*TALKS, (4, "samtale", 3, None, "")]
    assert check_trial(trial, make_data(trial, events=talks), tmp_path).deviations


@pytest.mark.parametrize(
    ("value", "unit", "entry"),
    [
        pytest.param("13", "uger", {"fact": "uger"}, id="a fact"),
        pytest.param("0.5", "andel", {"fact": "halvdelen"}, id="a share of one as per cent"),
        pytest.param("20181101", "dato", {"fact": "start"}, id="a day"),
        pytest.param("201811", "dato", {"fact": "start"}, id="a month"),
        pytest.param("2018", "dato", {"fact": "start"}, id="a year"),
        pytest.param("2", "antal", {"field": "sites.names"}, id="the length of a list"),
        pytest.param("202001", "dato", {"field": "period.first"}, id="a date of the file"),
    ],
)
def test_a_fact_with_the_published_number_is_a_fact(
    tmp_path: Path, value: str, unit: str, entry: dict[str, Any]
) -> None:
    assert check(tmp_path, value, entry, unit=unit).facts == 1


def test_a_fact_with_another_number_deviates(tmp_path: Path) -> None:
    assert check(tmp_path, "14", {"fact": "uger"}, unit="uger").deviations[0].ours == "13 in trial.yml"


def test_a_fact_and_a_field_must_both_agree(tmp_path: Path) -> None:
    assert check(tmp_path, "13", {"fact": "uger", "field": "follow_up.weeks"}, unit="uger").deviations


def test_a_row_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    assert check(tmp_path, "7", {"left_out": "judgement", "why": "a rating"}).left_out == 1


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"key": "maal.kontrol"}, id="a key without how"),
        pytest.param({"key": "maal.kontrol", "as": "share", "fact": "uger"}, id="two sources"),
        pytest.param({"left_out": "judgement"}, id="left out without why"),
        pytest.param({"left_out": "tired", "why": "late"}, id="a reason that is none"),
        pytest.param({"key": "maal.kontrol", "as": "sharp"}, id="a comparison that is none"),
        pytest.param({"kee": "maal.kontrol", "as": "share"}, id="a mistyped word"),
    ],
)
def test_an_entry_that_says_too_little_or_too_much_is_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(PublishedMapError, match="tal"):
        check(tmp_path, "1", entry)


def test_every_row_needs_an_entry_and_every_entry_a_row(tmp_path: Path) -> None:
    check(tmp_path, "13", {"fact": "uger"}, unit="uger")
    rows = read_rows(tmp_path, "lille")
    with pytest.raises(PublishedMapError, match="no published row is called tal"):
        read_mapping(tmp_path, "lille", [])
    (tmp_path / "lille.yml").write_text("tolerance: 0.02\nrows: {}\n", encoding="utf-8")
    with pytest.raises(PublishedMapError, match="no entry for tal"):
        read_mapping(tmp_path, "lille", rows)


def test_a_cell_that_is_no_number_is_told_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(PublishedFileError, match="row 2"):
        check(tmp_path, "femten", {"fact": "uger"})


def test_a_published_p_value_asks_for_its_own_verdict(tmp_path: Path) -> None:
    (deviation,) = check(tmp_path, "0", {"key": "maal.kontrol", "as": "share"}, p="0.001").deviations
    assert "significant" in deviation.ours


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("follow_up.weeks", 10),
        ("measures.maal.from.events", 1),
        ("design.confidence", 95),
        ("period.months", 2),
        ("analyses.shares.measures", 1),
    ],
)
def test_a_field_is_found_by_its_path(path: str, value: int) -> None:
    assert field_value(small_trial(), path) == value


@pytest.mark.parametrize("path", ["follow_up.week", "measures.mål", "title", "design", "analyses.weekly.range_from"])
def test_a_path_without_a_number_is_refused(path: str) -> None:
    with pytest.raises(UnknownFieldError):
        field_value(small_trial(), path)


def test_the_command_fails_on_a_deviation_and_prints_the_five_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = check(tmp_path, "14", {"fact": "uger"}, unit="uger")
    monkeypatch.setattr(publishing, "check", lambda project, trial_id: done)
    assert not publishing.print_published(("lille",), None, as_json=True)
    found = json.loads(capsys.readouterr().out)["lille"]
    assert list(found) == ["rows", "reproduced", "facts", "left_out", "deviations"]
    assert [one["id"] for one in found["deviations"]] == ["tal"]
