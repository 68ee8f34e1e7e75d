"""Wrong numbers in the files of finished reports: every one is found, and a report without any is clean.

`make test` plants a sample in every trial; `pytest tests/checking/test_planted_errors.py --planted 500` plants 500 in
each, also in more municipalities.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bindings import Binding, another, bindings
from bindings import untold as not_told
from finished_reports import Finished
from planting import changed_blocks, places_in_markdown, places_in_page, plant, untold

from reportlib.numbers.breaks import Kind
from reportlib.numbers.finished import check_file, read_report
from reportlib.numbers.match import Allowed, covering
from reportlib.numbers.provenance import read_stamp
from reportlib.numbers.tokens import tokens

pytestmark = pytest.mark.slow

SAMPLE = 30
AT_ONCE = 25
"""So many in one file: few enough for each to stand alone."""
REPLACED = 10
"""So many in each file of each trial: a hundred in all."""
WRITTEN = 0.7
"""The share that is written wrong; the rest is changed in the finished page."""


@pytest.fixture
def wanted(request: pytest.FixtureRequest) -> int:
    """How many to plant in a trial's reports."""
    return request.config.getoption("--planted", default=None) or SAMPLE


def test_a_report_as_it_was_made_has_no_breaks(trial: str, finished: Callable[[str], dict[str, Finished]]) -> None:
    for report in finished(trial).values():
        for suffix in (".pdf", ".html"):
            result = check_file(report.path(suffix))
            assert result.breaks == ()
            assert result.share == 100.0
            assert result.numbers > 300
            assert result.recomputed > 200


def test_the_same_markdown_set_again_is_the_same_report(
    trial: str, finished: Callable[[str], dict[str, Finished]], tmp_path: Path
) -> None:
    report = finished(trial)["Alle"]
    for path in report.written_otherwise(tmp_path, report.conversion.markdown, report.pictures):
        assert path.read_bytes() == report.path(path.suffix).read_bytes()


def test_numbers_written_wrong_are_all_found_in_both_files(
    trial: str, wanted: int, finished: Callable[[str], dict[str, Finished]], tmp_path: Path
) -> None:
    chance = random.Random(f"written {trial}")
    planted: Counter[str] = Counter()
    for at, report in enumerate(_again_and_again(finished(trial), round(wanted * WRITTEN))):
        sources = {"": report.conversion.markdown, **report.pictures}
        places = places_in_markdown(report.conversion.markdown, report.pictures)
        wrong, done = plant(sources, places, min(AT_ONCE, round(wanted * WRITTEN) - planted.total()), chance)
        pictures = {name: wrong[name] for name in report.pictures}
        for path in report.written_otherwise(tmp_path / str(at), wrong[""], pictures):
            _expect_told(path, report, done)
        planted += done
        if planted.total() >= round(wanted * WRITTEN):
            break
    print(trial, "written wrong:", dict(planted))


def test_numbers_changed_in_the_finished_page_are_all_found(
    trial: str, wanted: int, finished: Callable[[str], dict[str, Finished]], tmp_path: Path
) -> None:
    chance = random.Random(f"changed {trial}")
    planted: Counter[str] = Counter()
    asked = wanted - round(wanted * WRITTEN)
    for at, report in enumerate(_again_and_again(finished(trial), asked)):
        page = report.path(".html").read_text(encoding="utf-8")
        wrong, done = plant({"": page}, places_in_page(page), min(AT_ONCE, asked - planted.total()), chance)
        path = tmp_path / str(at) / report.path(".html").name
        path.parent.mkdir()
        path.write_text(wrong[""], encoding="utf-8", newline="\n")
        _expect_told(path, report, done)
        planted += done
        if planted.total() >= asked:
            break
    print(trial, "changed in the page:", dict(planted))


def test_numbers_replaced_by_others_are_each_told(trial: str, finished: Callable[[str], dict[str, Finished]]) -> None:
    """At once, and in texts of their own; `benchmarks/bindings.py` takes every number in turn."""
    chance = random.Random(f"replaced {trial}")
    report = finished(trial)["Alle"]
    for reading in (report.pdf, report.html):
        by_text: dict[tuple[str, int], list[Binding]] = {}
        for binding in bindings(reading):
            by_text.setdefault((binding.among, binding.place), []).append(binding)
        chosen = [chance.choice(by_text[text]) for text in chance.sample(sorted(by_text), REPLACED)]
        assert not_told({binding: another(binding, chance) for binding in chosen}, reading, report.account) == []


def _again_and_again(reports: Mapping[str, Finished], wanted: int) -> list[Finished]:
    """The reports in turn, more often than can be needed."""
    return list(reports.values()) * (2 + wanted // AT_ONCE)


def _expect_told(path: Path, report: Finished, planted: Counter[str]) -> None:
    right = report.pdf if path.suffix == ".pdf" else report.html
    changed = changed_blocks(right, read_report(path))
    assert planted.total() > 0
    assert len(changed) >= planted.total(), "a planted error does not reach the finished file"
    result = check_file(path, report.account)
    assert untold(changed, result.breaks) == []


def test_a_name_with_a_digit_needs_no_row(reports: dict[str, Finished]) -> None:
    allowed = Allowed.of(reports["Alle"].account)
    text = "Projektkommune 12 har 12 pct."
    first, second = tokens(text)
    assert covering(allowed.spans(text), first.start, first.end) is not None
    assert covering(allowed.spans(text), second.start, second.end) is None


def test_a_file_of_another_rendering_is_told(reports: dict[str, Finished], tmp_path: Path) -> None:
    page = reports["Alle"].path(".html").read_text(encoding="utf-8")
    stamp = str(read_stamp(reports["Alle"].path(".html")))
    other = tmp_path / "alle.html"
    other.write_text(page.replace(stamp, stamp.replace("jobfirst", "jobsidst")), encoding="utf-8")
    (found,) = check_file(other, reports["Alle"].account).breaks
    assert found.kind is Kind.STAMP
