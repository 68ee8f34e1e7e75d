"""The outsider finds what was left open on purpose, each kind on a ledger small enough to work out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from outsider_cases import Record, hidden, outcome, row, taken, without
from outsider_labels import Catalogue
from outsider_system import System


def hide(rows: list[Record], *keys: str) -> list[Record]:
    assert set(keys) <= {each["key"] for each in rows}
    return [hidden(each) if each["key"] in keys else each for each in rows]


def by_site(measure: str, *counts: tuple[int, int], **more: Any) -> list[Record]:
    sites = [row(measure, k=k, n=n, site=f"s{at}", **more) for at, (k, n) in enumerate(counts)]
    return [row(measure, k=sum(k for k, _ in counts), n=sum(n for _, n in counts), **more), *sites]


def test_a_small_cell_that_stands_there_is_taken() -> None:
    rows = [row("job", k=3, n=50)]
    assert taken(outcome(rows, rows)) == [("shown: k", "job.share.deltager k", 3, 3)]


def test_those_without_are_a_small_cell_of_a_mean_too() -> None:
    rows = [row("moeder", k=61, n=62, statistic="mean", value=4.2)]
    assert taken(outcome(rows, rows)) == [("shown: n - k of a mean", "moeder.mean.deltager n-k", 1, 1)]
    assert taken(outcome(rows, [without(rows[0], "k")])) == []


def test_a_single_hidden_site_is_the_total_less_the_others() -> None:
    rows = by_site("job", (3, 40), (20, 50), (30, 60))
    found = taken(outcome(rows, hide(rows, "job.share.deltager.s0")))
    assert ("tables", "job.share.deltager.s0 k", 3, 3) in found


def test_two_hidden_sites_with_room_between_them_are_not_taken() -> None:
    rows = by_site("job", (3, 40), (9, 50), (30, 60))
    assert taken(outcome(rows, hide(rows, "job.share.deltager.s0", "job.share.deltager.s1"))) == []


def weeks(measure: str, *counts: int, n: int = 100) -> list[Record]:
    return [row(measure, k=k, n=n, time=f"uge{week}") for week, k in enumerate(counts, start=1)]


def test_a_sum_of_measures_is_guessed_where_all_are_shown_and_used_where_one_hides() -> None:
    job, study = (5, 6, 8, 9, 12, 14, 15), (3, 5, 5, 6, 7, 9, 11)
    rows = [
        *weeks("job", *job),
        *weeks("studie", *study),
        *weeks("begge", *(a + b for a, b in zip(job, study, strict=True))),
    ]
    found = taken(outcome(rows, hide(rows, "studie.share.deltager.uge1")))
    assert found == [("guessed to add up", "studie.share.deltager.uge1 k", 3, 3)]


def test_a_sum_that_does_not_hold_everywhere_is_not_guessed() -> None:
    job, study, both = (5, 6, 8, 9, 12, 14, 15), (3, 5, 5, 6, 7, 9, 11), (8, 10, 13, 15, 19, 23, 26)
    rows = [*weeks("job", *job), *weeks("studie", *study), *weeks("begge", *both)]
    assert taken(outcome(rows, hide(rows, "studie.share.deltager.uge1"))) == []


def test_what_another_ledger_of_the_trial_taught_is_used() -> None:
    whole = [(5, 7, 12), (6, 9, 15), (8, 11, 19), (9, 20, 29), (7, 8, 15)]
    rows = [
        row(name, k=k, n=100, time=f"uge{week}")
        for week, counts in enumerate(whole, start=1)
        for name, k in zip(("a", "b", "c"), counts, strict=True)
    ]
    learned = outcome(rows, hide(rows, "a.share.deltager.uge1")).learned
    sample = [row(name, k=k, n=40, time="uge1") for name, k in (("a", 2), ("b", 6), ("c", 8))]
    few = [row(name, k=0, n=40, time=f"uge{week}") for name in "abc" for week in (2, 3, 4)]
    released = hide([*sample, *few], "a.share.deltager.uge1")
    assert taken(outcome([*sample, *few], released)) == []
    assert ("guessed to add up", "a.share.deltager.uge1 k", 2, 2) in taken(
        outcome([*sample, *few], released, learned=learned)
    )


def test_how_many_a_mean_rests_on_is_a_share_elsewhere() -> None:
    measures = [
        {"id": "i-uge", "from": {"kind": "dream", "groups": ["praktik"]}},
        {"id": "nogensinde", "from": {"kind": "ever", "of": ["i-uge"]}},
        {"id": "andel", "from": {"kind": "share_of_weeks", "measure": "i-uge"}},
    ]
    rows = [row("nogensinde", k=3, n=50), row("andel", k=3, n=50, statistic="mean", value=0.4)]
    released = [hidden(rows[0]), rows[1]]
    found = taken(outcome(rows, released, measures=measures))
    assert ("k of a mean or another measure", "nogensinde.share.deltager k", 3, 3) in found


def test_the_persons_of_a_population_are_those_of_whom_a_measure_holds() -> None:
    measures = [
        {"id": "aktiv", "from": {"kind": "event_ever", "events": ["a"]}},
        {"id": "cv", "from": {"kind": "event_ever", "events": ["cv"]}, "population": "aktive"},
    ]
    rows = [row("aktiv", k=46, n=50), row("cv", k=20, n=46, population="aktive")]
    found = taken(
        outcome(rows, [hidden(rows[0]), rows[1]], measures=measures, populations=[{"id": "aktive", "having": "aktiv"}])
    )
    assert found == []  # 46 have it, but of how many is not told
    rows.append(row("andet", k=25, n=50))
    found = taken(
        outcome(
            rows, [hidden(rows[0]), *rows[1:]], measures=measures, populations=[{"id": "aktive", "having": "aktiv"}]
        )
    )
    assert found == [("n is a k elsewhere", "aktiv.share.deltager n-k", 4, 4)]


def test_who_has_got_there_by_a_week_has_got_there_by_the_next() -> None:
    measures = [{"id": "afgang", "from": {"kind": "run", "of": ["job"]}}]
    rows = weeks("afgang", 5, 6, 7, 97, 98, 98, 99)
    released = hide(rows, *(f"afgang.share.deltager.uge{week}" for week in (4, 5, 6)))
    assert [key for *_, key, _, _ in taken(outcome(rows, released, measures=measures)) if "uge7" not in key] == []
    rows = weeks("afgang", 5, 6, 95, 96, 97)
    released = [*rows[:3], hidden(rows[3]), rows[4]]
    found = taken(outcome(rows, released, measures=measures))
    assert ("cannot fall", "afgang.share.deltager.uge4 n-k", 3, 5) in found


def test_who_had_it_before_and_after_says_who_changed() -> None:
    before, after = (row("job", k=k, n=60, group=group) for k, group in ((21, "foer"), (30, "efter")))
    lost, won = (
        row("job", k=k, n=60, group="forskel", statistic=f"share_only_{when}", value=k / 0.6)
        for k, when in ((3, "before"), (12, "after"))
    )
    found = taken(outcome([before, after, lost, won], [before, after, hidden(lost), won]))
    assert ("before and after", "job.share_only_before.forskel k", 3, 3) in found


def test_those_who_lack_the_first_measurement_are_all_less_those_who_have_it() -> None:
    counts = {"group": "progression", "n": 60, "value": 1}
    rows = [
        row("maal", k=60, statistic="count", **counts),
        row("maal", k=58, statistic="count", time="maaling1", **counts),
        row("maal", k=60, statistic="last_reached", time="maaling1", **counts),
        row("maal", k=2, statistic="without_first", **counts),
    ]
    found = taken(outcome(rows, [*rows[:3], hidden(rows[3])]))
    assert ("without the first", "maal.without_first.progression k", 2, 2) in found


def test_a_late_hazard_is_the_whole_less_the_early_one() -> None:
    whole, early, late = (
        row("tid", k=k, group="forskel", statistic="hazard_ratio", time=time, value=1.2)
        for k, time in ((60, ""), (57, "uge1-8"), (3, "uge9-"))
    )
    rate = row("tid", k=3, n=30, statistic="exit_rate", time="uge9-12", value=2.5)
    found = taken(outcome([whole, early, late, rate], [whole, early, hidden(late), hidden(rate)]))
    assert ("hazards", "tid.exit_rate.deltager.uge9-12 k", 3, 3) in found


def test_the_mean_and_the_error_of_seven_are_their_answers() -> None:
    answers = [1, 1, 2, 4, 5, 5, 5]
    mean = sum(answers) / 7
    error = (sum((each - mean) ** 2 for each in answers) / 6 / 7) ** 0.5
    measures = [{"id": "svar", "from": {"kind": "survey_mean", "low": 1, "high": 5}}]
    rows = [row("svar", k=7, n=7, statistic="mean", value=mean, se=error)]
    found = taken(outcome(rows, rows, measures=measures))
    assert {("svar.mean.deltager who answered 1", 2, 2), ("svar.mean.deltager who answered 5", 3, 3)} <= {
        (key, low, high) for _, key, low, high in found
    }
    rounded = [rows[0] | {"value": 3.3, "se": None}]
    assert taken(outcome(rows, rounded, measures=measures)) == []


def test_a_mean_bounds_who_gave_the_lowest_answer() -> None:
    """3 of 6 gave more than 1. A mean of 4.2 (1 to 10) is 19 more than six ones: 3 or more, and not all."""
    item = {"survey": "borgere", "item": "a"}
    measures = [
        {"id": "andel", "from": {"kind": "survey_share", **item, "answers": list(range(2, 11))}},
        {"id": "vurdering", "from": {"kind": "survey_mean", **item, "low": 1, "high": 10}},
    ]
    rows = [row("andel", k=3, n=6), row("vurdering", k=6, n=6, statistic="mean", value=4.2)]
    for mean, left in ((4.2, [(3, 5)]), (2.7, [])):
        shown = [hidden(rows[0]), without(rows[1], "k") | {"value": mean}]
        found = taken(outcome(rows, shown, measures=measures))
        assert [(low, high) for _, key, low, high in found if key == "andel.share.deltager k"] == left


@pytest.mark.parametrize("statistic", ["normalised_difference", "relative_change", "difference"])
def test_the_digits_of_a_comparison_are_the_counts_it_came_from(statistic: str) -> None:
    first, second = row("mand", k=3, n=40), row("mand", k=17, n=43, group="kontrol")
    p, q = 3 / 40, 17 / 43
    value = {
        "normalised_difference": (p - q) / ((p * (1 - p) * 40 / 39 + q * (1 - q) * 43 / 42) / 2) ** 0.5,
        "relative_change": 100 * (p / q - 1),
        "difference": 100 * (p - q),
    }[statistic]
    compared = row("mand", n=83, group="forskel", statistic=statistic, value=value)
    told = [row("alder", k=20, n=40), row("alder", k=21, n=43, group="kontrol")]
    found = taken(outcome([first, second, compared, *told], [hidden(first), second, compared, *told]))
    assert [(key, low, high) for _, key, low, high in found] == [("mand.share.deltager k", 3, 3)]
    coarse = compared | {"value": round(value, 0 if abs(value) > 1 else 1)}
    assert (
        taken(outcome([first, hidden(second), compared, *told], [hidden(first), hidden(second), coarse, *told])) == []
    )


def test_a_share_stands_in_the_words_of_a_method() -> None:
    base = row("job", k=4, n=100)
    power = row("job", group="forskel", statistic="detectable", n=300, value=9.9, method="power 0.8, base 4.0 pct.")
    found = taken(outcome([base, power], [hidden(base), power]))
    assert found == [("words of a method", "job.share.deltager k", 4, 4)]


def test_a_difference_that_is_missing_says_that_a_site_is_one_person() -> None:
    rows = [row("score", k=n, n=n, statistic="mean", value=3.0, site=f"s{at}") for at, n in enumerate((1, 9, 12))]
    rows += [row("score", n=n, statistic="change", value=1.0, site=f"s{at}") for at, n in ((1, 9), (2, 12))]
    found = taken(outcome(rows, hide(rows, "score.mean.deltager.s0")))
    assert ("absent change", "score.mean.deltager.s0 n", 1, 1) in found


def test_a_system_leaves_out_what_is_not_true_and_says_so() -> None:
    system = System()
    system.add("a", 3)
    system.add("b", 5, known=5)
    assert not system.say({"a": 1, "b": 1}, 9, 9, "guess")
    assert system.say({"a": 1, "b": 1}, 8, 8, "table")
    assert system.wrong == {"guess": 1}
    assert system.ranges({"a": {"a": 1.0}}, 4)["a"].values == 1


def test_kinds_of_knowledge_can_be_left_out() -> None:
    system = System()
    system.add("a", 3)
    system.say({"a": 1}, 0, 9, "bounds")
    system.say({"a": 1}, 3, 3, "guess")
    assert system.ranges({"a": {"a": 1.0}}, 4, frozenset({"bounds"}))["a"].values >= 4


def test_the_catalogue_knows_sheets_and_what_cannot_fall() -> None:
    catalogue = Catalogue({"q": {"from": {"kind": "survey_mean"}}, "r": {"from": {"kind": "run"}}})
    assert catalogue.sheets == {"q"}
    assert catalogue.cumulative == {"r"}
