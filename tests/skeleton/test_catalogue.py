"""The catalogue of parts: what a document calls by name, and the commands that show parts and keys."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from catalogue_examples import PICTURES, example, made, picture, report_of
from catalogue_page import EXAMPLES, page
from command_line import run
from small_trial import make_trial
from valid_files import HIDDEN, small_ledger
from whole_ledgers import ledger_of

from reportlib.catalogue import UnknownPartError, described, names, part
from reportlib.document import Report
from reportlib.ledger import HiddenValueError, UnknownKeyError
from reportlib.prose.section_parts import accumulated_to
from reportlib.show.part import Chart

ROOT = Path(__file__).parents[2]


def test_every_part_that_the_five_documents_ask_for_is_in_the_catalogue() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "reports").rglob("*.qmd")))
    asked = set(re.findall(r"r\.(?:vis|skriv)\(\"?(\w+\.\w+)", text))
    assert len(asked) > 60
    assert asked <= set(names())


def test_every_part_says_in_a_sentence_what_it_writes() -> None:
    for name in names():
        assert described(name).says.endswith((".", "?")), name


def test_a_call_shows_what_is_to_be_given_and_nothing_that_the_report_gives() -> None:
    assert described("effects.lasting").call == 'r.skriv("effects.lasting", measure_id)'


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("effects.efect", "did you mean effects.effect"),
        ("figurs.two_panel", "did you mean figures.two_panel"),
        ("nothing_like_it", "`reportlib show` lists every part"),
        ("effects.Ledger", "no part is called"),
    ],
)
def test_an_unknown_part_gets_the_nearest_names(asked: str, says: str) -> None:
    with pytest.raises(UnknownPartError, match=r"no part is called") as error:
        part(asked)
    assert says in str(error.value)


def test_show_lists_the_parts_that_hold_a_pattern() -> None:
    told = json.loads(run(["show", "two_panel", "--json"]).out)
    assert [entry["name"] for entry in told] == ["figures.two_panel"]
    assert run(["show"]).out.count("r.skriv(") == len(names())


def test_the_page_is_up_to_date_and_holds_every_part() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert text == page(), "run: python tools/catalogue_page.py docs/catalogue.md"
    assert all(described(name).call in text for name in names())


def test_every_part_has_an_example_and_those_of_a_whole_report_are_what_it_writes() -> None:
    kept = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert set(kept) == set(names())
    drawn = {f"figures.{path.stem}": path.read_bytes() for path in PICTURES.iterdir()}
    assert set(drawn) == {name for name in names() if name.startswith("figures.")}
    assert sum(map(len, drawn.values())) < 600_000
    ledger = ledger_of("jobgaranti")
    asked = [(name, one) for name, one in kept.items() if one["trial"] == "jobgaranti"]
    assert len(asked) > 10
    for name, one in asked:
        report = report_of(ROOT / "data" / "jobgaranti" / "trial.yml", ledger, one["site"] or "Alle")
        shown = made(report, name, tuple(one["given"]), one["options"])
        assert example(shown) == one["says"], name
        assert not isinstance(shown, Chart) or picture(shown) == drawn[name], name


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("job.forskel.uge5.clustered", "kind at_week"),
        ("job.forskel.uge5.site=Nord", "kind site_effects"),
        ("job.forskel.uge5.site=Nord.p_holm", "kind site_effects"),
        ("job.forskel.uge5.p_holm", "`planned` with job and others in one family"),
        ("job.deltager.site=Nord", "kind shares, with `by_site: true`"),
        ("job.deltager.uge5", "kind weekly"),
        ("job.deltager.oevrige=Nord", "kind shares, with `by_site: true`"),
        ("job.deltager.subgroup=alder:1", "kind subgroups (or `compare`) with"),
        ("job.deltager", "kind shares with"),
        ("job.forskel.uge5.accumulated", "kind weekly, with `accumulate: true`, with"),
        ("job.forskel.uniform_band", "kind weekly with"),
        ("job.forskel.first_lasting_week", "kind weekly with"),
        ("job.forskel.adjusted", "kind at_week, with `adjust_for`, with"),
        ("job.forskel.stratified", "kind at_week with"),
        ("job.deltager.mean_among_positive", "kind at_week with"),
        ("job.forskel.shrunken", "kind site_effects with"),
        ("job.forskel.hazard_ratio", "kind cox with"),
        ("job.deltager.left", "kind survival with"),
        ("job.forskel.matched", "kind matching with"),
        ("job.deltager.cost_per_unit", "kind unit_cost with"),
    ],
)
def test_a_number_that_is_not_there_names_the_analysis_that_would_make_it(key: str, told: str) -> None:
    report = Report(trial=make_trial(), ledger=small_ledger(), kommune="Alle")
    with pytest.raises(UnknownKeyError) as missing:
        report[key]
    assert told in str(missing.value.hint)
    with pytest.raises(UnknownKeyError) as unknown:
        report["findes-ikke.deltager"]
    assert "an analysis of kind" not in str(unknown.value.hint)


def test_a_number_that_hides_says_why_and_what_to_do() -> None:
    with pytest.raises(HiddenValueError, match="is hidden") as hidden:
        _ = HIDDEN.number
    assert "fewer persons than the threshold" in str(hidden.value.hint)
    assert "docs/disclosure.md" in str(hidden.value.hint)


def test_a_sum_over_weeks_that_too_few_are_followed_in_is_none_and_one_that_nobody_asked_for_an_error() -> None:
    asked, not_asked = (
        make_trial(analyses=[{"kind": "weekly", "measures": ["job"], "accumulate": accumulate}])
        for accumulate in (True, False)
    )
    assert accumulated_to(small_ledger(), asked, "job", 5) is None
    with pytest.raises(UnknownKeyError):
        accumulated_to(small_ledger(), not_asked, "job", 5)
