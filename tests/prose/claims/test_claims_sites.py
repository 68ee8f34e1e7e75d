"""Places side by side: multiplicity, ties, targets, and one municipality beside the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claim_rows import HOURS_SHARE, QUASI, RANDOMISED, difference, hidden, joint_test, share
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import NBSP
from reportlib.ledger import Estimate
from reportlib.prose.effect_claims import balance_verdict
from reportlib.prose.site_claims import SiteTest, effects_by_site, most, own_against_others, ranking
from reportlib.prose.target_claims import count_sites_below, fidelity_level, light_text, share_against
from reportlib.text.inert import inert
from reportlib.text.units import UnitMismatchError
from reportlib.trial.analyses import Light, Target

TARGET = Target(green=80, yellow=60)


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def test_of(site: str, value: float, p_adjusted: float | None) -> SiteTest:
    return SiteTest(site, difference(value, 2, site=site), p_adjusted)


test_of.__test__ = False  # type: ignore[attr-defined]
FLAT = [test_of(f"By{letter}", 1, 1.0) for letter in "ABCDEFGHIJKLMNOP"]


def named(**percents: float | None) -> list[tuple[str, Estimate]]:
    rows = []
    for site, percent in percents.items():
        row = share(round(10 * (percent or 0)), 1000, site=site)
        rows.append((site, hidden(row) if percent is None else row))
    return rows


def test_sites_significant_only_one_by_one_are_told_as_such() -> None:
    # På rette vej, kap. 1: two of 18 jobcentres "have a significant effect", without any correction
    tests = [*FLAT, test_of("Jammerbugt", 5, 0.2), test_of("Skjern", 4.5, 0.3)]
    text = spaced(effects_by_site(tests, words=RANDOMISED, heterogeneity=joint_test(0.4)).text)
    assert text.startswith("Effekten er ikke sikker i nogen af de 18 kommuner, når der tages højde for")
    assert "Uden den korrektion ville effekten være sikker i to kommuner" in text
    assert "(5 procentpoint flere i Jammerbugt og 5 i Skjern)" in text
    assert "af 18 test vil i gennemsnit omkring én vise en forskel ved et rent tilfælde" in text
    assert text.endswith("En samlet test viser ikke, at effekten varierer mellem kommunerne.")


def test_sites_that_stand_are_named_with_their_direction() -> None:
    tests = [*FLAT, test_of("Aarhus", 12, 0.001), test_of("Kolding", -8, 0.01)]
    text = spaced(effects_by_site(tests, words=RANDOMISED).text)
    assert text.startswith("Effekten er sikker i to af 18 kommuner")
    assert "(12 procentpoint flere i Aarhus og 8 procentpoint færre i Kolding)" in text


def test_the_correction_counts_the_tests_that_were_made_not_those_that_are_shown() -> None:
    tests = [*FLAT, SiteTest("Nyborg", hidden(difference(1, 1)), None)]
    text = spaced(effects_by_site(tests, words=RANDOMISED, made=17).text)
    assert "nogen af de 16 kommuner" in text
    assert "foretaget 17 test" in text
    assert "Én kommune er udeladt af hensyn til anonymiteten." in text


def test_sites_on_one_side_share_the_unit() -> None:
    tests = [*FLAT, test_of("Aarhus", 12, 0.001), test_of("Nyborg", 9.4, 0.001), test_of("Faxe", 11, 0.001)]
    text = spaced(effects_by_site(tests, words=RANDOMISED).text)
    assert "(12 procentpoint flere i Aarhus, 9 i Nyborg og 11 i Faxe)" in text


def test_quasi_experiments_estimate_effects_by_site() -> None:
    assert effects_by_site(FLAT, words=QUASI).text.startswith("Den estimerede effekt er ikke")


def test_ties_are_decided_on_what_the_reader_sees() -> None:
    text = spaced(most(named(Aarhus=83.4, Kolding=82.6, Faxe=69), noun="andelen", words=RANDOMISED).text)
    assert text == "Andelen er højest i Aarhus og Kolding (begge 83 pct.) og lavest i Faxe (69 pct.)."


def test_a_ranking_keeps_all_that_tie_with_the_last() -> None:
    # JobFirst, Figur 10: "the three most important" although a fourth had the same mean
    rows = named(klarhed=74, kontaktperson=69, mentor=63, jobkonsulent=63, snusepraktik=50)
    text = spaced(ranking(rows, noun="betydningen", top=3).text)
    assert text == (
        "Betydningen er højest for klarhed (74 pct.), fulgt af kontaktperson (69 pct.), mentor (63 pct.) og "
        "jobkonsulent (63 pct.)."
    )


def test_a_tie_at_the_top_fills_the_ranking() -> None:
    text = spaced(ranking(named(a=74, b=74, c=74, d=50), noun="betydningen", top=3).text)
    assert text == "Betydningen er højest for a, b og c (alle 74 pct.)."


@given(st.lists(st.integers(0, 100), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_decide_who_is_highest(percents: list[int], random: object) -> None:
    rows = [(f"By{index}", share(percent, 100, site=f"By{index}")) for index, percent in enumerate(percents)]
    text = most(rows, noun="andelen", words=RANDOMISED).text
    top = [label for label, row in rows if row.k == max(percents)]
    if "højest" in text:
        said = text.split(" og lavest i ")[0]
        assert all(label in said for label in top)
        assert sum(f"{label} " in said.replace(",", " ") for label, _ in rows) == len(top)


def test_units_cannot_be_ranked_against_each_other() -> None:
    with pytest.raises(UnitMismatchError):
        ranking([("a", share(1, 10)), ("b", difference(1, 1))], noun="andelen")


def test_names_are_data_and_cannot_become_markup() -> None:
    rows = [("*By*", share(80, 100)), ("[By](x)", share(70, 100))]
    assert inert("*By*") in most(rows, noun="andelen", words=RANDOMISED).text
    assert inert("[By](x)") in most(rows, noun="andelen", words=RANDOMISED).text


@pytest.mark.parametrize(
    ("k", "level"), [(800, Light.GREEN), (799, Light.YELLOW), (600, Light.YELLOW), (599, Light.RED)]
)
def test_the_light_is_the_unrounded_shares(k: int, level: Light) -> None:
    assert fidelity_level(share(k, 1000), TARGET) is level


def test_a_share_that_is_exactly_the_target_is_green_whatever_floats_do() -> None:
    row = replace(share(29, 50), value=100 * (29 / 50))  # 57.99999999999999
    assert fidelity_level(row, Target(green=58, yellow=50)) is Light.GREEN


def test_a_hidden_share_has_no_colour() -> None:
    assert light_text(fidelity_level(hidden(share(3, 90)), TARGET)) == "[Ikke opgjort]{.lys .graa}"


def test_few_sites_below_are_named_and_hidden_ones_counted() -> None:
    text = spaced(count_sites_below(named(Aarhus=83, Faxe=69, Nyborg=79.7, Ribe=None), TARGET, words=RANDOMISED).text)
    assert text == "Målet er ikke nået i to af tre kommuner, der kan vises (Faxe 69 pct. og Nyborg 79,7 pct.)."


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({"Aarhus": 83, "Faxe": 90, "Ribe": None}, "Begge kommuner, der kan vises, når målet."),
        ({"Aarhus": 69, "Faxe": 60, "Ribe": None}, "Ingen af de to kommuner, der kan vises, når målet."),
    ],
)
def test_all_and_none_are_said_of_the_sites_that_may_be_shown(shares: dict[str, float | None], says: str) -> None:
    assert spaced(count_sites_below(named(**shares), TARGET, words=RANDOMISED).text) == says


def test_the_highest_and_lowest_are_those_of_the_sites_that_may_be_shown() -> None:
    """A hidden site may be higher or lower."""
    text = spaced(most(named(Aarhus=83, Faxe=69, Ribe=None), noun="andelen", words=RANDOMISED).text)
    assert text == (
        "Blandt de to kommuner, der kan vises, er andelen højest i Aarhus (83 pct.) og lavest i Faxe (69 pct.). "
        "Én kommune er udeladt af hensyn til anonymiteten."
    )


def test_many_sites_below_are_only_counted() -> None:
    rows = named(**{f"By{letter}": 50.0 for letter in "ABCDEFGH"}, Aarhus=90)
    assert spaced(count_sites_below(rows, TARGET, words=RANDOMISED).text) == "Målet er ikke nået i otte af ni kommuner."


def own(first: Estimate, second: Estimate) -> str:
    return spaced(own_against_others(first, second, site="Aarhus", outcome=HOURS_SHARE, words=RANDOMISED).text)


def test_a_municipality_reads_its_own_number_first() -> None:
    first, second = replace(share(12, 100), ci_low=6, ci_high=18), replace(share(60, 700), ci_low=7, ci_high=11)
    assert own(first, second) == (
        "I Aarhus har 12 pct. af deltagerne ordinære timer i uge 35 mod 9 pct. i de øvrige kommuner. Når der tages "
        "højde for usikkerheden, kan Aarhus ikke skelnes fra de øvrige kommuner."
    )


@pytest.mark.parametrize(("low", "apart"), [(11.1, True), (10.9, False)])
def test_without_a_test_the_intervals_must_be_apart(low: float, apart: bool) -> None:
    first = replace(share(20, 100), ci_low=low, ci_high=30.0)
    second = replace(share(60, 700), ci_low=7.0, ci_high=11.0)
    assert ("Aarhus ligger over de øvrige kommuner" in own(first, second)) is apart
    assert ("ikke skelnes fra" in own(first, second)) is not apart


def test_a_municipality_too_small_to_show_is_told_so() -> None:
    assert own(hidden(share(3, 90)), share(60, 700)) == (
        "I Aarhus kan andelen med ordinære timer i uge 35 ikke vises, fordi tallet hviler på færre end fem personer "
        "eller kan afsløre et tal, der gør det."
    )


def test_a_municipality_that_would_give_others_away_is_told_so() -> None:
    text = own(share(12, 100), hidden(share(60, 700), "secondary"))
    assert "eller kan afsløre et tal, der gør det" in text
    assert "12" not in text


def test_balance_counts_single_differences_against_chance() -> None:
    text = spaced(balance_verdict(joint_test(0.43), 14, words=RANDOMISED, different=["køn", "alder"]).text)
    assert text == (
        "En samlet test af 14 baggrundsforhold viser ingen sikker forskel mellem grupperne ved start. Det er, hvad "
        "man må vente, når der er trukket lod. Enkeltvis er to forskelle sikre (køn og alder). Af 14 test vil i "
        "gennemsnit omkring én være det ved et rent tilfælde."
    )


def test_balance_without_lots_drawn_does_not_speak_of_lots() -> None:
    for p in (0.01, 0.4):
        assert "lod" not in balance_verdict(joint_test(p), 14, words=QUASI).text.split()


def test_a_site_that_is_less_than_one_below_is_told_as_fewer() -> None:
    tests = [*FLAT, test_of("Aarhus", 0.7, 0.001), test_of("Kolding", -0.7, 0.01)]
    text = spaced(effects_by_site(tests, words=RANDOMISED).text)
    assert "(1 procentpoint flere i Aarhus og 1 procentpoint færre i Kolding)" in text


@pytest.mark.parametrize(
    ("k", "n", "says"),
    [(900, 1000, "90 pct."), (898, 1000, "89,8 pct."), (8999, 10000, "knap 90 pct."), (85, 100, "85 pct.")],
)
def test_a_share_is_never_rounded_up_to_its_target(k: int, n: int, says: str) -> None:
    assert share_against(share(k, n), Target(green=90, yellow=60)).replace(NBSP, " ") == says
