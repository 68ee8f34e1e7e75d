"""The tables that documents ask for: the right rows, the right notes, nothing hidden."""

from __future__ import annotations

import re

import pytest
from made_up import SITES, Rows, add_balance, add_site_effects, add_sites, trial, with_leak

from reportlib.ledger import Ledger
from reportlib.show import figures, tables
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.part import NotShownError, Part, show
from reportlib.text.inert import inert
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity

TRIAL = trial()
LEAK = 87654321.0


def rows_of(block: str) -> list[list[str]]:
    """The table's cells, header first."""
    lines = [line for line in block.splitlines() if line.startswith("| ")]
    return [[cell.strip().replace("\u00a0", " ") for cell in line.strip("|").split("|")] for line in lines]


def one_week() -> Rows:
    rows = Rows()
    rows.share("i-job", 48, 400, group="deltager", time="uge35").share("i-job", 28, 400, group="kontrol", time="uge35")
    rows.difference("i-job", 5.0, 2.0, time="uge35")
    rows.mean("timer", 2.1, 400, group="deltager", time="uge35").mean("timer", 1.3, 400, group="kontrol", time="uge35")
    return rows.difference("timer", 0.8, 0.5, time="uge35")


def components(*counts: int) -> Rows:
    rows = Rows()
    for measure in ("samtale", "plan"):
        add_sites(rows, measure, [(site, k, 40) for site, k in zip(SITES, counts, strict=True)])
    add_sites(rows, "tilfreds", [(site, 34, 40) for site in SITES], group="borgere")
    for measure, group in (("samtale", "deltager"), ("plan", "deltager"), ("tilfreds", "borgere")):
        for colour, count in (("green", 2), ("yellow", 1), ("red", 1), ("unknown", 0)):
            rows.builder.add(measure=measure, statistic=f"sites_{colour}", unit=Unit.COUNT, group=group, value=count,
                             n=4, population="alle")  # fmt: skip
    return rows


# One week


def test_a_measure_shows_both_levels_the_difference_its_interval_and_p() -> None:
    header, job, _ = rows_of(show(tables.at_week, one_week().ledger(), TRIAL, ["i-job", "timer"], 35, id="x"))
    assert header == [
        "Mål",
        "Deltagergruppen",
        "Kontrolgruppen",
        "Forskel",
        "Konfidensinterval",
        "[p-værdi]{.ubrudt}",
    ]
    assert job == ["Andel i job (pct.)", "12", "7", "5", "1,1 til 8,9", "0,01"]


def test_levels_that_do_not_give_the_difference_as_printed_have_a_note() -> None:
    rows = Rows().share("i-job", 114, 1000, group="deltager", time="uge35")
    rows.share("i-job", 85, 1000, group="kontrol", time="uge35").difference("i-job", 2.9, 2.0, time="uge35")
    block = show(tables.at_week, rows.ledger(), TRIAL, ["i-job"], 35, id="x").replace("\u00a0", " ")
    (_, job) = rows_of(block)
    assert job[1:4] == ["11", "9", "3"]  # 2.9 is 11.4 less 8.5
    assert "På grund af afrunding" in block


def test_the_note_of_one_week_says_how_many_are_followed() -> None:
    block = show(tables.at_week, one_week().ledger(), TRIAL, ["i-job"], 35, id="x").replace("\u00a0", " ")
    assert "I uge 35 følges 400 personer i deltagergruppen og 400 i kontrolgruppen." in block


def test_a_hidden_level_hides_in_the_table_of_one_week() -> None:
    faulty = with_leak(one_week().ledger(), "i-job.kontrol.uge35", LEAK)
    assert "87" not in show(tables.at_week, faulty, TRIAL, ["i-job"], 35, id="x")


def test_a_sites_version_keeps_the_trials_difference() -> None:
    rows = one_week().share("i-job", 20, 40, group="deltager", site="Åby", time="uge35")
    rows.share("i-job", 100, 360, group="deltager", site="øvrige:Åby", time="uge35")
    header, job = rows_of(show(tables.at_week, rows.ledger(), TRIAL, ["i-job"], 35, id="x", site="Åby"))
    assert header[1:4] == ["Åby", "Øvrige kommuner", "Forskel (hele forsøget)"]
    assert job[1:4] == ["50", "28", "5"]


def test_a_week_without_rows_is_an_error() -> None:
    with pytest.raises(NothingToShowError, match="week 36"):
        show(tables.at_week, one_week().ledger(), TRIAL, ["i-job"], 36, id="x")


# Robustness


def test_every_way_of_computing_the_difference_has_a_column() -> None:
    rows = one_week()
    for statistic, value in (("adjusted", 0.7), ("stratified", 0.9), ("clustered", 0.8)):
        rows.difference("timer", value, 0.1, statistic=statistic, time="uge35")
    header, timer = rows_of(show(tables.robustness, rows.ledger(), TRIAL, ["timer"], 35, id="x"))
    assert len(header) == 5
    assert [cell.split(" ")[0] for cell in timer[-4:]] == ["0,8", "0,7", "0,9", "0,8"]


def test_ways_that_were_not_computed_have_no_column() -> None:
    header, _ = rows_of(show(tables.robustness, one_week().ledger(), TRIAL, ["timer"], 35, id="x"))
    assert header == ["Mål", "Uden justering"]


@pytest.mark.parametrize(("low", "note"), [(-0.04, True), (-0.4, False), (0.04, True), (0.4, False)])
def test_an_interval_with_more_decimals_than_its_neighbours_says_why(low: float, note: bool) -> None:
    rows = one_week()
    rows.builder.add(measure="timer", statistic="adjusted", unit=Unit.HOURS, group="forskel", time="uge35", value=0.8,
                     ci_low=low, ci_high=1.6, p=0.06 if low < 0 else 0.04, n=800, population="alle")  # fmt: skip
    printed = show(tables.robustness, rows.ledger(), TRIAL, ["timer"], 35, id="x")
    assert ("ender tæt på nul, har flere decimaler" in printed) is note


# Fidelity


def test_an_element_is_a_heading_over_its_components() -> None:
    block = show(tables.fidelity, components(34, 34, 34, 34).ledger(), TRIAL, id="x")
    titles = [row for row in rows_of(block) if row[0].startswith("**")]
    assert [row[0] for row in titles] == ["**1 God start**", "**2 Tilfredshed**"]
    assert all(cell == "" for row in titles for cell in row[1:])


def test_a_component_has_its_limits_share_light_and_counts_of_sites() -> None:
    row = rows_of(show(tables.fidelity, components(34, 30, 32, 20).ledger(), TRIAL, id="x"))[2]
    assert row == ["Samtale", "80", "60", "[Gul]{.lys .gul} 73", "2", "1", "1"]


def test_a_hidden_site_has_no_colour_in_its_own_version() -> None:
    block = show(tables.fidelity, components(34, 30, 20, 2).ledger(), TRIAL, id="x", site="Dalby")
    assert rows_of(block)[2][4] == "·"


# Surveys


def test_a_share_of_answers_has_k_and_n() -> None:
    ledger = Rows().share("tilfreds", 120, 160, group="borgere").ledger()
    assert rows_of(show(tables.survey_answers, ledger, TRIAL, ["tilfreds"], id="x"))[1] == [
        "Tilfreds",
        "75",
        "120",
        "160",
    ]


def test_a_mean_of_answers_has_n_and_the_scale_in_the_note() -> None:
    ledger = Rows().mean("mentor", 6.94, 314, group="borgere").ledger()
    block = show(tables.survey_answers, ledger, TRIAL, ["mentor"], id="x")
    assert rows_of(block)[1] == ["Mentorens støtte", "6,9", "314"]
    assert "Skala fra 1 (Ingen betydning) til 10 (Stor betydning)." in block


def test_one_site_stands_beside_all_others() -> None:
    rows = Rows().mean("mentor", 7.2, 24, group="borgere", site="Åby")
    rows.mean("mentor", 6.8, 290, group="borgere", site="øvrige:Åby")
    block = show(tables.survey_answers, rows.ledger(), TRIAL, ["mentor"], id="x", site="Åby")
    assert rows_of(block)[1] == ["Mentorens støtte", "7,2", "24", "6,8", "290"]


def test_questions_that_hide_everywhere_are_named_in_the_note_and_have_no_row() -> None:
    rows = Rows().share("tilfreds", 20, 40, group="borgere", site="Åby")
    rows.share("tilfreds", 60, 120, group="borgere", site="øvrige:Åby")
    for site in ("Åby", "øvrige:Åby"):
        rows.share("samtale", 2, 40, group="deltager", site=site)
    asked = ["tilfreds", "samtale"]
    block = show(tables.survey_answers, rows.ledger(), TRIAL, asked, id="x", caption="Svar", site="Åby")
    assert [row[0] for row in rows_of(block)[1:]] == ["Tilfreds"]
    assert "hvor svarene ikke kan vises af hensyn til anonymiteten, er udeladt: Samtale" in block


def test_a_table_of_hidden_answers_only_is_a_sentence() -> None:
    rows = Rows()
    for site in ("Åby", "øvrige:Åby"):
        rows.share("tilfreds", 2, 40, group="borgere", site=site)
    block = show(tables.survey_answers, rows.ledger(), TRIAL, ["tilfreds"], id="x", site="Åby")
    assert block == "Svarene fra Åby kan ikke vises af hensyn til anonymiteten.\n"


# Sites


def test_site_effects_show_all_three_p_values_and_the_shrunken_difference() -> None:
    ledger = add_site_effects(Rows(), "timer", 35, [("Åby", 2.0, 0.5), ("Dalby", 0.2, 0.5)]).ledger()
    _, first, second = rows_of(show(tables.site_effects, ledger, TRIAL, "timer", 35, id="x"))
    assert first[0] == "Åby" and first[1] == "2,0" and first[-1] == "1,0"
    assert first[3:6] == [inert("< 0,001")] * 3
    assert second[3] == "0,69"


def test_persons_by_site_end_with_the_total() -> None:
    rows = Rows()
    for group in ("deltager", "kontrol"):
        rows.count("personer", 160, group=group)
        for site in SITES:
            rows.count("personer", 40, group=group, site=site)
    found = rows_of(show(tables.persons_by_site, rows.ledger(), TRIAL, id="x"))
    assert found[1] == ["Åby", "40", "40"] and found[-1] == ["**I alt**", "160", "160"]


def test_persons_in_a_sites_version_are_the_site_and_all_others() -> None:
    rows = Rows().count("personer", 160, group="deltager").count("personer", 40, group="deltager", site="Åby")
    rows.count("personer", 120, group="deltager", site="øvrige:Åby")
    found = rows_of(show(tables.persons_by_site, rows.ledger(), TRIAL, id="x", site="Åby"))
    assert [row[:2] for row in found[1:]] == [["**Åby**", "40"], ["Øvrige kommuner", "120"], ["**I alt**", "160"]]


# Balance


def test_balance_has_a_row_per_characteristic_with_label_and_unit() -> None:
    ledger = add_balance(Rows(), [("koen:Mand", 210, 190, 0.1)]).ledger()
    found = rows_of(show(tables.balance, ledger, TRIAL, id="x"))
    assert found[1] == ["Køn: Mand (pct.)", "53", "48", "0,10", "0,40"]


@pytest.mark.parametrize(("p", "said"), [(0.4, "er der ingen sikker"), (0.01, "er der en sikker")])
def test_the_note_of_balance_follows_the_joint_test(p: float, said: str) -> None:
    ledger = add_balance(Rows(), [("koen:Mand", 210, 190, 0.1)], p=p).ledger()
    assert f"Samlet set {said} forskel" in show(tables.balance, ledger, TRIAL, id="x")


def test_only_a_balance_with_a_hidden_characteristic_says_what_the_sign_means() -> None:
    ledger = add_balance(Rows(), [("koen:Mand", 210, 190, 0.1), ("koen:Kvinde", 190, 210, -0.1)]).ledger()
    key = next(row.key for row in ledger if row.statistic == "normalised_difference")
    for made, said in ((ledger, False), (with_leak(ledger, key, LEAK), True)):
        chart = figures.balance(made, TRIAL)
        assert any("anonymitet" in note for note in chart.notes) is said


# Activity


# Elements by site


def by_site(*counts: int, site: str | None = None) -> list[list[str]]:
    return rows_of(show(tables.components_by_site, components(*counts).ledger(), TRIAL, ["start"], id="x", site=site))


def test_the_components_of_an_element_share_a_table() -> None:
    header, first, *_ = by_site(34, 30, 24, 20)
    assert header == ["Kommune", "Samtale (mål: 80)", "Plan (mål: 90)"]
    assert first[1:] == ["[Grøn]{.lys .groen} 85", "[Gul]{.lys .gul} 85"]


def test_the_whole_trial_stands_last() -> None:
    assert [row[0] for row in by_site(34, 30, 24, 20)[1:]] == [*SITES, "**Alle kommuner**"]


def test_a_version_shows_its_site_beside_all_others_and_names_none_of_them() -> None:
    assert [row[0] for row in by_site(34, 30, 24, 20, site="Dalby")[1:]] == [
        "**Dalby**", "Øvrige kommuner", "**Alle kommuner**",
    ]  # fmt: skip


def test_elements_without_components_have_no_table() -> None:
    with pytest.raises(NothingToShowError, match="no components"):
        show(tables.components_by_site, components(34, 30, 24, 20).ledger(), TRIAL, ["findes-ikke"], id="x")


def activity_ledger(*, ratio: bool) -> Ledger:
    rows = Rows().mean("samtaler", 8.4, 400, group="deltager").mean("samtaler", 3.1, 400, group="kontrol")
    rows.difference("samtaler", 5.3, 0.2)
    if ratio:
        rows.builder.add(measure="samtaler", statistic="units_per_gain", unit=Unit.RATIO, group="forskel",
                         time="uge35", value=0.34, population="alle")  # fmt: skip
    return rows.ledger()


def test_activity_shows_units_per_person_and_the_difference() -> None:
    found = rows_of(show(tables.activity, activity_ledger(ratio=False), TRIAL, ["samtaler"], id="x"))
    assert found[1] == ["Samtaler", "8,4", "3,1", "5,3", "4,9 til 5,7"]


def test_extra_units_per_gain_are_shown_only_where_the_ledger_has_them() -> None:
    with_ratio = rows_of(show(tables.activity, activity_ledger(ratio=True), TRIAL, ["samtaler"], id="x"))
    assert with_ratio[1][-1] == "0,34" and len(with_ratio[0]) == 6


def test_an_activity_without_a_ratio_stands_beside_one_that_has_it() -> None:
    rows = Rows()
    for measure in ("samtaler", "timer"):
        rows.mean(measure, 8.4, 400, group="deltager").mean(measure, 3.1, 400, group="kontrol")
        rows.difference(measure, 5.3, 0.2)
    rows.builder.add(measure="timer", statistic="units_per_gain", unit=Unit.RATIO, group="forskel",
                     time="uge35", value=0.34, population="alle")  # fmt: skip
    found = rows_of(show(tables.activity, rows.ledger(), TRIAL, ["samtaler", "timer"], id="x"))
    assert [row[-1] for row in found[1:]] == ["–", "0,34"]


def test_activities_counted_over_one_time_share_a_note() -> None:
    rows = Rows()
    for group, value in (("deltager", 8.4), ("kontrol", 3.1)):
        rows.mean("samtaler", value, 400, group=group, window="hele opfølgningen")
    block = show(tables.activity, rows.difference("samtaler", 5.3, 0.2).ledger(), TRIAL, ["samtaler"], id="x")
    assert "Anm.: Antal pr. person i hele opfølgningen." in block
    assert "Anm.: Antal samtaler." in show(tables.activity, activity_ledger(ratio=False), TRIAL, ["samtaler"], id="x")


@pytest.mark.parametrize(
    ("gain", "unit", "called"),
    [("timer", "ekstra time", "ordinære timer"), ("i-job", "ekstra uge", "andel i job"),
     ("mentor", "ekstra enhed", "mentorens støtte")],
)  # fmt: skip
def test_what_the_last_column_divides_by_is_said_only_beneath_it(gain: str, unit: str, called: str) -> None:
    counted = Activity.model_construct(kind="activity", measures=("samtaler",), gain=gain, weeks=35)
    made = TRIAL.model_copy(update={"analyses": (counted,)})
    block = show(tables.activity, activity_ledger(ratio=True), made, ["samtaler"], id="x").replace("\u00a0", " ")
    assert rows_of(block)[0][-1] == f"Pr. {unit}"
    divided = f"forskellen i aktivitet fra uge 1 til uge 35 delt med forskellen i {called} i de samme uger"
    assert f"Pr. {unit}: {divided}" in block
    assert "Pr. ekstra" not in show(tables.activity, activity_ledger(ratio=False), made, ["samtaler"], id="x")


# All of them


def test_no_table_prints_what_a_hidden_row_still_holds() -> None:
    rows = components(34, 30, 20, 24)
    add_site_effects(rows, "timer", 35, [("Åby", 2.0, 0.5), ("Dalby", 0.2, 0.5)])
    ledger = rows.ledger()
    for key in ("samtale.deltager.site=Dalby", "samtale.deltager", "timer.forskel.uge35.site=Dalby",
                "timer.forskel.uge35.site=Dalby.shrunken", "timer.forskel.uge35.site=Dalby.p_holm"):  # fmt: skip
        ledger = with_leak(ledger, key, LEAK)
    printed = "".join(
        [
            show(tables.fidelity, ledger, TRIAL, id="x", site="Dalby"),
            show(tables.components_by_site, ledger, TRIAL, ["start"], id="x", site="Dalby"),
            show(tables.site_effects, ledger, TRIAL, "timer", 35, id="x"),
        ]
    )
    assert not re.search(r"8\.?7\.?6\.?5\.?4", printed)


def test_numbers_of_the_whole_trial_are_said_to_be_so_in_a_sites_version() -> None:
    """A part that does not take `site` cannot show that site's numbers."""
    note = "Tallene dækker hele undersøgelsen, ikke kun Åby."
    own = components(34, 30, 20, 24).ledger()
    assert note in show(tables.robustness, one_week().ledger(), TRIAL, ["timer"], 35, id="x", site="Åby")
    assert note not in show(tables.robustness, one_week().ledger(), TRIAL, ["timer"], 35, id="x")
    assert note not in show(tables.fidelity, own, TRIAL, id="x", site="Åby")


@pytest.mark.parametrize(("part", "name"), [(tables.at_week, ""), (lambda *_: "Et afsnit.", "tbl-x")])
def test_what_has_no_id_or_needs_none_is_refused(part: Part, name: str) -> None:
    with pytest.raises(NotShownError):
        show(part, one_week().ledger(), TRIAL, ["timer"], 35, id=name)
