"""A trial.yml that is not what its author thinks: each fault has a name, a line and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from small_trial import trial_file

from reportlib.trial import TrialFileError, load_trial
from reportlib.trial.project import HiddenCharacterError, RepeatedKeyError, TrialEncodingError, TrialSyntaxError

TEXT = yaml.safe_dump(trial_file(), allow_unicode=True, sort_keys=False)


def load(folder: Path, text: str | bytes) -> object:
    path = folder / "trial.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_trial(path)


def test_a_key_that_stands_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    line = TEXT.count("\n") + 1
    with pytest.raises(RepeatedKeyError, match=f"the key 'title' stands in line 2 and again in line {line}"):
        load(tmp_path, TEXT + "title: Et andet\n")


def test_a_key_may_override_one_that_is_merged_in(tmp_path: Path) -> None:
    second = "- <<: *job\n  id: job2\n"
    text = TEXT.replace("- id: job\n", "- &job\n  id: job\n").replace("analyses:\n", second + "analyses:\n")
    assert set(load(tmp_path, text).measure_by_id) == {"job", "job2"}  # type: ignore[attr-defined]


def test_an_impossible_day_is_refused_with_its_line(tmp_path: Path) -> None:
    text = "period: {first: 2017-01-01, last: 2017-02-30}\n"
    with pytest.raises(TrialSyntaxError, match="line 1, column 35: there is no day 2017-02-30"):
        load(tmp_path, text)


def test_a_tab_is_named_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match=r"line 2, column 1(.|\n)*use spaces"):
        load(tmp_path, "design:\n\tkind: randomised\n")


def test_a_colon_in_a_text_is_named_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match=r"line 1(.|\n)*quotation marks"):
        load(tmp_path, "title: Et forsøg: en rapport\n")


def test_a_question_mark_inside_brackets_is_no_fault_of_another_line(tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match="line 2"):
        load(tmp_path, "items: {q: Hvordan går det?, r: Godt?}\ntitle: a: b\n")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_than_utf8_is_named(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(TrialEncodingError, match="save the file as UTF-8"):
        load(tmp_path, TEXT.encode(encoding))


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + TEXT.encode())


def test_invisible_characters_are_refused_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(HiddenCharacterError, match=r"groups\.treated\.label: invisible characters \(U\+202E\)"):
        load(tmp_path, TEXT.replace("deltagergruppen", '"a\\u202eb"'))


def test_a_line_break_in_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HiddenCharacterError, match=r"sites\.names\.0"):
        load(tmp_path, TEXT.replace("- Nord", '- "No\\nrd"'))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: weekly\n  measures", "kind: weekl\n  measures", "unknown kind 'weekl'.*did you mean weekly"),
        ("kind: weekly\n  measures", "knd: weekly\n  measures", "the key 'kind' is missing"),
        ("title: Lille forsøg", "title: 2017", "2017 must be a text"),
        ("title: Lille forsøg", "title: ''", "title: this text is empty"),
        ("id: lille", "id: Lille", "'Lille' must be lower-case letters"),
        ("last: '2020-02-01'", "last: 01-02-2020", r"period\.last: 01-02-2020 is not a date"),
        ("unit: pct", "unit: procent", r"measures\.0 \(job\)\.unit"),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_is_wanted(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in TEXT
    with pytest.raises(TrialFileError, match=fault):
        load(tmp_path, TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("title: !vigtigt Lille\n", "a text that begins with ! must stand in quotation marks"),
        ("title: Lille\n---\ndesign: {}\n", "delete the line ---"),
    ],
    ids=["a tag", "two documents"],
)
def test_more_of_yaml_than_a_trial_has_is_named_as_what_it_is(line: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match=f"trial.yml, line [12], column (.|\n)*{hint}"):
        load(tmp_path, line)
    assert load(tmp_path, TEXT.replace("title: Lille forsøg", 'title: "!vigtigt"', 1))


def test_a_character_that_no_text_holds_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TrialSyntaxError, match=r"trial\.yml, line 2: .* the character U\+0007") as caught:
        load(tmp_path, "id: lille\ntitle: Lille\x07\n")
    assert caught.value.hint == "retype the line"
