"""Each way a number is made is worked out again, and rows that belong together are held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from reportlib.ledger import Estimate
from reportlib.numbers.account import Account
from reportlib.numbers.collect import Printed
from reportlib.numbers.recompute import check_numbers, fact_again, row_again
from reportlib.text.origin import Kind, Origin, derived, fact, setting
from reportlib.text.units import Unit


def row(
    key: str, value: float | None, unit: Unit = Unit.HOURS_PER_WEEK, statistic: str = "mean", **more: object
) -> Estimate:
    given = {"population": "alle", "group": key.split(".")[1], **more}
    return Estimate(key=key, measure=key.split(".")[0], statistic=statistic, unit=unit, value=value, **given)  # type: ignore[arg-type]


def pct(key: str, k: int, n: int, **more: object) -> Estimate:
    return row(key, 100 * k / n, Unit.PCT, "share", k=k, n=n, **more)


def account(
    rows: Iterable[Estimate], printed: Sequence[tuple[str, Origin]] = (), *, sites: Sequence[str] = ()
) -> Account:
    numbers = [Printed(text=text, origin=origin, place="text", chapter=1, page=3) for text, origin in printed]
    return Account(
        header={"level": 0.05, "chapters": ["Et kapitel"], "sites": list(sites), "figures": [], "floats": {}},
        numbers=numbers,
        rows={one.key: one for one in rows},
        measures={},
        facts={"betalt": {"value": 1250}},
        settings={"follow_up.enough": 50, "design.seed": "2019-03-20", "design.level": 0.05, "jobs.power": 0.8},
        texts=[],
        dates=[date(2019, 3, 20)],
    )


HOURS, OTHER = row("timer.deltager", 7.46), row("timer.kontrol", 6.2)
SHARE, SHARE2 = pct("andel.deltager", 61, 200), pct("andel.kontrol", 50, 200)
RATIO = row("hazard.forskel", 0.82, Unit.HAZARD_RATIO, "hazard_ratio", ci_low=0.7, ci_high=0.96)
KRONER = row("kroner.forskel", 1499.0, Unit.KR, "net", ci_low=-6777.0, ci_high=9774.0)
WEEK = row("timer.deltager.uge35", 7.46, time="uge35", subgroup="30-50")
DATED = row("dato.deltager", 3.0, p=0.0312, n=77, k=12)
ALL = (HOURS, OTHER, SHARE, SHARE2, RATIO, KRONER, WEEK, DATED)

# What a number is made of, what it must print as, and what it must not.
MADE = {
    "row": (Origin(HOURS.key), ["7,5", "7,46", "7", "−7,5"][:3], ["7,4", "7,47", "8", "−7,5"]),
    "kroner in hundreds": (Origin(KRONER.key), ["1.500"], ["1.499", "1.400", "1.510", "2.000"]),
    "an end in hundreds": (Origin(KRONER.key, "ci_low"), ["−6.800"], ["−6.777", "−6.700"]),
    "k": (Origin(DATED.key, "k"), ["12"], ["77", "13"]),
    "n": (Origin(DATED.key, "n"), ["77"], ["12", "78"]),
    "p": (Origin(DATED.key, "p"), ["0,03"], ["0,04", "0,031", "0,0", "<\u00a00,03"]),
    "interval": (Origin(RATIO.key, "ci_high"), ["0,96", "1,0"], ["0,95", "0,70"]),
    "week": (Origin(WEEK.key, "time"), ["35"], ["34", "36"]),
    "no week": (Origin(HOURS.key, "time"), [], ["35"]),
    "limits of a band": (Origin(WEEK.key, "subgroup"), ["30", "50"], ["31", "35"]),
    "fact": (fact("betalt"), ["1.250"], ["1.251", "−1.250"]),
    "setting": (setting("follow_up.enough"), ["50"], ["51"]),
    "share": (setting("jobs.power"), ["80", "0,8"], ["8", "20", "81"]),
    "level": (setting("design.level"), ["95"], ["5", "94", "95,1"]),
    "change of a ratio": (derived("relativt", [RATIO]), ["18"], ["82", "17"]),
    "limit": (derived("grænse", [Origin(KRONER.key, "ci_low")]), ["6.800"], ["6.777", "6.700", "9.800"]),
    "limit of a ratio": (derived("grænse", [Origin(RATIO.key, "ci_high")]), ["4"], ["5", "96", "18"]),
    "change": (derived("relativt", [SHARE, SHARE2]), ["22"], ["18", "122"]),
    "times": (derived("forhold", [SHARE, SHARE2]), ["1,22", "1,2"], ["1,3", "0,8"]),
    "sum": (derived("sum", [HOURS, OTHER]), ["13,7", "14"], ["1,3", "13,6"]),
    "rest": (derived("resten", [SHARE]), ["69", "69,5"], ["31", "70"]),
    "distance": (derived("afstand", [SHARE, SHARE2]), ["6", "5,5"], ["5", "56"]),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in MADE for text in MADE[name][1]])
def test_a_number_that_is_what_it_was_made_of_passes(name: str, text: str) -> None:
    assert check_numbers(account(ALL, [(text, MADE[name][0])])) == (1, [])


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in MADE for text in MADE[name][2]])
def test_another_number_is_found_with_its_origin_its_page_and_its_chapter(name: str, text: str) -> None:
    origin = MADE[name][0]
    done, [found] = check_numbers(account(ALL, [(text, origin)]))
    assert (done, found.key, found.page, found.place) == (1, str(origin), 3, "Et kapitel")
    assert text in found.message


@pytest.mark.parametrize(
    "origin",
    [
        Origin("findes.ikke"),
        fact("findes-ikke"),
        derived("forhold", [Origin("findes.ikke"), SHARE]),
        derived("sum", [fact("betalt")]),
        derived("sum", [setting("design.seed")]),
        derived("noget andet", [SHARE]),
        derived("sum", [Origin(f"timer{number}.deltager") for number in range(9)]),
        Origin("x", kind=Kind.METHOD),
    ],
)
def test_what_the_account_cannot_tell_is_not_counted_as_worked_out(origin: Origin) -> None:
    assert check_numbers(account(ALL, [("12", origin)])) == (0, [])


def test_a_setting_that_trial_yml_does_not_have_is_found() -> None:
    _, [found] = check_numbers(account(ALL, [("12", setting("findes.ikke"))]))
    assert found.key == "trial:findes.ikke"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.REFERENCE])
def test_texts_and_references_are_no_numbers(kind: Kind) -> None:
    assert check_numbers(account(ALL, [("12", Origin("x", kind=kind))])) == (0, [])


def test_a_number_of_a_hidden_row_is_found() -> None:
    hidden = replace(HOURS, value=None, suppressed="hidden")
    assert row_again("7,5", hidden, "value", 0.05) is False
    assert row_again("7", hidden, "n", 0.05) is False


def test_a_corrected_p_values_persons_are_persons_and_no_p_value() -> None:
    corrected = row("x.forskel.p_holm", 0.31, statistic="p_holm", unit=Unit.COEFFICIENT, p=0.31, n=92)
    assert row_again("92", corrected, "n", 0.05) and not row_again("91", corrected, "n", 0.05)
    assert row_again("0,31", corrected, "value", 0.05) and not row_again("0,13", corrected, "value", 0.05)


def test_a_ratio_to_nothing_is_found() -> None:
    nothing = row("timer.ingen", 0.0)
    for how in ("forhold", "relativt"):
        done, [found] = check_numbers(account([HOURS, nothing], [("12", derived(how, [HOURS, nothing]))]))
        assert done == 1 and "is not what" in found.message


def test_a_date_is_its_day_its_month_and_its_year() -> None:
    assert [fact_again(text, "2019-03-20") for text in ("20", "3", "2019", "19", "4")] == [True] * 3 + [False] * 2


def test_a_minus_may_be_left_out_and_not_be_put_in() -> None:
    assert fact_again("5", -5) and fact_again("−5", -5)
    assert not fact_again("−5", 5)


# --- rows that belong together -------------------------------------------------------------------


def levels(unit: str) -> tuple[Estimate, Estimate]:
    if unit == "share":
        return pct("a.deltager", 61, 200, population="i forsøget"), pct("a.kontrol", 50, 200, population="uden for det")
    return row("a.deltager", 7.46, population="i forsøget"), row("a.kontrol", 6.2, population="uden for det")


def gap(value: float, unit: str, **more: object) -> Estimate:
    return row("a.forskel", value, Unit.PCT_POINT if unit == "share" else Unit.HOURS_PER_WEEK, "difference", **more)


@pytest.mark.parametrize(("unit", "value"), [("share", 5.5), ("mean", 1.26), ("mean", 1.25), ("share", -5.5)])
def test_a_difference_that_is_what_its_levels_give_passes(unit: str, value: float) -> None:
    assert check_numbers(account([*levels(unit), gap(value, unit)])) == (0, [])


@pytest.mark.parametrize(("unit", "value"), [("share", 5.7), ("share", 5.3), ("mean", 1.36), ("mean", 1.16)])
def test_a_difference_that_is_not_what_its_levels_give_is_found(unit: str, value: float) -> None:
    _, [found] = check_numbers(account([*levels(unit), gap(value, unit)]))
    assert found.key == "a.forskel"
    assert "a.deltager" in found.message and "a.kontrol" in found.message


def test_an_adjusted_difference_is_not_that_of_its_levels() -> None:
    adjusted = gap(9.9, "share", method="OLS adjusted for age")
    assert check_numbers(account([*levels("share"), adjusted])) == (0, [])


@pytest.mark.parametrize("where", ["site", "subgroup", "time"])
def test_levels_of_another_place_or_time_are_not_those_of_the_difference(where: str) -> None:
    assert check_numbers(account([*levels("share"), gap(9.9, "share", **{where: "andet"})])) == (0, [])


def persons(group: str, counts: dict[str, int | None]) -> list[Estimate]:
    return [
        row(f"personer.{group}.{site}", value, Unit.COUNT, "count", group=group, site=site)
        for site, value in counts.items()
    ]


def test_sites_that_add_up_to_the_whole_pass() -> None:
    rows = persons("deltager", {"": 30, "Nyborg": 10, "Skive": 20}) + persons(
        "kontrol", {"": 9, "Nyborg": 4, "Skive": 5}
    )
    assert check_numbers(account(rows, sites=["Nyborg", "Skive"])) == (0, [])


@pytest.mark.parametrize("skive", [19, 21])
def test_sites_that_do_not_add_up_to_the_whole_are_found(skive: int) -> None:
    rows = persons("deltager", {"": 30, "Nyborg": 10, "Skive": skive})
    _, [found] = check_numbers(account(rows, sites=["Nyborg", "Skive"]))
    assert found.key == "personer.deltager." and f"{10 + skive}" in found.message and "30" in found.message


@pytest.mark.parametrize(
    "counts", [{"": 30, "Nyborg": 10}, {"": 30, "Nyborg": 10, "Skive": None}, {"Nyborg": 1, "Skive": 2}]
)
def test_sites_of_which_one_is_not_known_are_not_added_up(counts: dict[str, int | None]) -> None:
    assert check_numbers(account(persons("deltager", counts), sites=["Nyborg", "Skive"])) == (0, [])
