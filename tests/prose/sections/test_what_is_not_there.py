"""What a section says where its trial or ledger lacks what it is about, or has one more thing than usual."""

from __future__ import annotations

from typing import Any

import pytest
from made_up import Rows
from progress_trial import progress_data, progress_file, progress_trial
from section_rows import WEEK, activity, hide_row, rows, sites, total, weekly
from section_trial import SITES, plain, section_trial
from status_trial import PLAIN, status_data, status_trial
from test_compared_sections import Made, accounts
from test_compared_sections import trial as compared_trial
from test_findings import JOB, KEY, ledger, trial

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.analysis.run import analyse, catalogue
from reportlib.danish import number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import COST_BENEFIT, DIFFERENCE
from reportlib.prose import (
    certainty,
    compared,
    costs,
    effects,
    findings,
    hypotheses,
    implementation,
    method,
    progress,
    status,
    survival,
    titles,
)
from reportlib.prose.findings import PlannedResultMissingError
from reportlib.prose.section_parts import NoNumberFactError, number_fact, weekly_rows
from reportlib.prose.sureness import FindingFlippedError
from reportlib.show import figures
from reportlib.text.units import Unit

TRIAL = section_trial()
GROUPS = {
    "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
    "comparison": {"id": "kontrol", "value": "K", "label": "sammenligningsgruppen", "many": "de andre"},
}


# How sure a result is


def test_where_nobody_counts_who_should_have_been_measured_no_losses_are_told() -> None:
    made = ledger()
    losses = certainty.judged(made, trial())[2]
    assert (losses.answer, losses.points) == ("Tallene siger ikke, hvem der burde have været målt.", None)
    assert "Her gives ikke point. Education Endowment" in certainty.page(made, trial(), site=None)


def test_who_has_not_answered_a_question_is_not_lost_from_the_registers() -> None:
    """A survey has its own losses, which a count of persons in the registers does not tell."""
    made = rows()
    for group, k in (("deltager", 60), ("kontrol", 40)):
        made.count("personer", 200, group=group)
        made.share("strategi", k, 100, group=group)
    made.difference("strategi", 20.0, 5.0)
    planned = {"primary": [{**JOB, "measure": "strategi", "week": None}]}
    result = findings.planned_findings(made.ledger(), trial(planned=planned))[0]
    assert result.levels is not None
    assert certainty.losses(made.ledger(), trial(planned=planned), result) is None
    talks = rows()
    for group, k in (("deltager", 60), ("kontrol", 40)):
        talks.count("personer", 200, group=group)
        talks.share("samtale", k, 100, group=group)
    talks.difference("samtale", 20.0, 5.0)
    planned = {"primary": [{**JOB, "measure": "samtale", "week": None}]}
    result = findings.planned_findings(talks.ledger(), trial(planned=planned))[0]
    found = certainty.losses(talks.ledger(), trial(planned=planned), result)
    assert found is not None and (found.overall, found.differential) == (50.0, 0.0)


def measured_twice(change: float = 1.0) -> Ledger:
    """A hundred with a mean of 5.5 at first, and 64 of them again, who are 1.0 higher."""
    made = Rows(catalogue(progress_trial()))
    for statistic, n, value, half, where in (
        ("mean", 100, 5.5, 0.4, {"time": "maaling1"}),
        ("change", 64, change, 0.49, {"subgroup": "mindst-to"}),
    ):
        made.builder.add(
            measure="score", statistic=statistic, unit=Unit.SCORE, group="maal", value=value, n=n, ci_low=value - half,
            ci_high=value + half, population="borgerne", **where,
        )  # fmt: skip
    return made.ledger()


def test_a_change_from_first_to_last_is_held_against_the_first_measurement() -> None:
    """Its error is 0.49 / 1.96 = 0.25, 2.8016 of which are found with 80 per cent: 0.70, and 0.34 of the first
    measurement's deviation, 0.4 / 1.96 * 10 = 2.04. EEF gives three points from 0.3 on. 36 of 100 are lost: two.
    """
    planned = {"primary": [{"measure": "score", "family": "score", "more": "højere score", "less": "lavere score"}]}
    found = certainty.judged(measured_twice(), progress_trial(planned=planned))
    precision, losses = plain(found[1].answer), plain(found[2].answer)
    assert precision.startswith(
        "Med 64 personer bliver en virkelig forskel på 0,7 point i scoren (0,34 standardafvigelse) fundet"
    )
    assert losses == "Af dem, der kunne være målt, mangler 36 pct. i resultatet for scoren."
    assert (found[1].points, found[2].points) == (3, 2)


LARGER, SMALLER = "men usikkerheden rummer også en, der er mærkbar", "men usikkerheden rummer også en mindre"


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (1.6, "Ændringen er mindre."),
        (1.4, f"Ændringen er mindre, {LARGER}."),
        (1.0, f"Så stor er ændringen, {SMALLER}."),
        (0.5, "Så stor er ændringen, også når der tages højde for usikkerheden."),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_change_of_0_51_to_1_49_is_held_against_what_is_called_noticeable(sign: int, limit: float, told: str) -> None:
    facts = {
        **progress_file()["facts"],
        "maerkbar": {"value": limit, "unit": "score", "label": "M", "source": "register"},
    }
    text = plain(
        progress.noticeable(measured_twice(1.0 * sign), progress_trial(facts=facts), "score", "maerkbar", site=None)
    )
    assert text.strip() == f"En ændring på {number_text(limit, 1).removesuffix(',0')} point regnes for mærkbar. {told}"


# Results


def test_inside_the_margin_the_margin_is_told() -> None:
    told = plain(findings.planned(ledger(0.5, 1.4), trial(margin=2.0), "beskæftigelse", site=None))
    assert "*Ingen forskel af betydning.* Forskellen er højst 2 procentpoint til begge sider, og under den" in told


def test_results_of_one_family_need_a_p_value_that_allows_for_each_other() -> None:
    both = {"primary": [JOB, {**JOB, "measure": "timer"}]}
    made = ledger(5.0)  # of a trial whose families have one result each
    with pytest.raises(PlannedResultMissingError, match="i-job has no p-value that allows for the others"):
        findings.planned_findings(made, trial(planned=both))


def test_words_of_a_document_that_no_longer_hold_are_named_as_the_documents() -> None:
    with pytest.raises(FindingFlippedError) as error:
        findings.holds(ledger(-5.0), trial(), {KEY: "up"}, site=None)
    assert error.value.message == f"what the document says rests on {KEY} being up; now it is down"


def test_an_expectation_of_a_target_is_answered_by_the_share_beside_it() -> None:
    asked = section_trial(hypotheses=[{"expected": "Alle får en samtale", "bears": {"samtale": "green"}}])
    made = sites("samtale", 34, 34, 34, 34).ledger()
    assert plain(hypotheses.answered(made, asked, site=None)) == (
        "1. **Alle får en samtale.** *Det holdt.* Samtale inden fire uger: 85 pct. (136 af 160) mod et mål på 80 pct.\n"
    )


@pytest.mark.parametrize(("p", "says"), [(0.049, "I alle fire kommuner"), (0.05, "I ingen af de fire kommuner")])
def test_a_corrected_p_value_at_the_level_itself_is_not_below_it(p: float, says: str) -> None:
    made = rows()
    for site in SITES:
        made.builder.add(
            measure="i-job", statistic="p_holm", unit=Unit.COEFFICIENT, group=DIFFERENCE, site=site, value=p, p=p,
            n=60, time=f"uge{WEEK}", population="alle",
        )  # fmt: skip
    title = titles.sites_title(made.ledger(), TRIAL, "i-job", WEEK)
    assert title == f"{says} er forskellen sikker for sig"


def test_a_curve_without_a_test_has_no_finding() -> None:
    made = rows()
    made.builder.add(
        measure="i-job", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, time="uge5", value=3.0, n=90,
        population="alle",
    )  # fmt: skip
    assert titles.curve_title(made.ledger(), TRIAL, "i-job") == ""


# Weeks and sites


def test_a_site_without_a_difference_of_its_own_is_no_test_among_the_sites() -> None:
    made = rows()
    for site in SITES[:3]:
        where = {"site": site, "time": f"uge{WEEK}"}
        made.difference("i-job", 1.0, 5.0, n=60, **where)
        made.builder.add(
            measure="i-job", statistic="p_holm", unit=Unit.COEFFICIENT, group=DIFFERENCE, value=1.0, p=1.0, n=60,
            population="alle", **where,
        )  # fmt: skip
    told = plain(effects.site_by_site(made.ledger(), TRIAL, "i-job", WEEK, site=None))
    assert "tre kommuner" in told and "fire" not in told


def test_a_whole_row_among_weekly_ones_is_no_week() -> None:
    made = weekly().ledger()
    whole = rows().difference("i-job", 1.0, 1.0).ledger()
    both = ledger_of([*made, *whole], header=made.header, measures=made.measures)
    assert [row.week for row in weekly_rows(both, "i-job", "difference")] == list(range(1, 45))


def test_a_trial_of_persons_has_errors_of_persons() -> None:
    told = survival.method(rows().ledger(), section_trial(design={"kind": "randomised"}), site=None)
    assert told.strip().endswith(
        "Ved intervallerne gælder, at fejlene er modellens, fordi der er trukket lod mellem personer."
    )
    drawn = survival.method(rows().ledger(), section_trial(design={"kind": "randomised", "drawn": "sites"}), site=None)
    assert "beregnet uden hver kommune for sig (jackknife)" in drawn


@pytest.mark.parametrize("hours", [True, False])
def test_how_hours_become_weekly_is_told_where_there_are_hours(hours: bool) -> None:
    extracts = {"participants": {"file": "p.csv"}, "dream": {"file": "d.csv"}, "casework": {"file": "c.csv"}}
    measure = {
        "id": "samtale", "label": "Samtale", "unit": "pct", "definition": "S.", "source": "reg", "clause": "har talt",
        "from": {"kind": "event_ever", "events": ["samtale"]},
    }  # fmt: skip
    more = {"paid_hours": {"file": "t.csv"}} if hours else {}
    asked = section_trial(extracts={**extracts, **more}, measures=[measure], populations=[], elements=[], analyses=[])
    assert ("En uges timer er månedens timer delt med" in method.follow_up(rows().ledger(), asked, site=None)) is hours


def test_a_group_from_elsewhere_is_not_counted_at_a_site() -> None:
    made = rows().count("personer", 70, group="alle")
    for group, here in (("deltager", 20), ("kontrol", 0)):
        made.count("personer", 20 if here else 50, group=group)
        made.count("personer", here, group=group, site="Åby")
    elsewhere = section_trial(
        design={"kind": "quasi_experiment"}, groups=GROUPS, sites={"names": list(SITES), "elsewhere": ["Elby"]}
    )
    assert plain(method.persons(made.ledger(), elsewhere, site="Åby")).endswith(
        "Fra Åby kommer 20 i deltagergruppen.\n"
    )
    drawn = plain(method.persons(made.ledger(), TRIAL, site="Åby"))
    assert drawn.endswith("Fra Åby kommer 20 i deltagergruppen og 0 i kontrolgruppen.\n")


# Shares and targets


def test_shares_at_sites_without_a_target_are_told_without_one() -> None:
    made = Made()
    for place, k in (("", 100), ("Åby", 70), ("Bøgelund", 30)):
        made.share(k, 200 if not place else 100, group="b", measure="emne", site=place)
    told = plain(compared.sites_against_target(made.ledger, compared_trial(), "emne", site=None))
    assert "Mål" not in told and "når" not in told
    assert told.startswith("Andelen")


def answers(*p: float) -> str:
    made, asked = Made(), compared_trial()
    for value in p:
        for group, k in (("deltager", 30), ("kontrol", 60)):
            made.share(100 - k, group=group, measure="svar", subgroup="svar-1")
            made.share(k, group=group, measure="svar", subgroup="svar-2")
        made.row("test", 1.0, measure="svar", unit=Unit.COEFFICIENT, p=value)
    return plain(compared.spreads(made.ledger, asked, ["svar"], site=None))


def test_one_question_that_is_answered_alike_is_told_by_itself() -> None:
    assert answers(0.4) == (
        "Der er ingen sikker forskel på, hvordan svarene på *Svar* fordeler sig: 30 pct. af deltagerne og 60 pct. af "
        "kontrolpersonerne svarer *i høj grad*.\n"
    )


def test_an_element_of_one_component_has_nothing_to_count() -> None:
    made = sites("samtale", 34, 34, 34, 34).ledger()
    assert implementation.element_conclusion(made, TRIAL, "alene", site=None) == ""


def test_a_number_without_a_clause_is_told_by_its_label() -> None:
    element = {
        "id": "vist", "number": 1, "title": "Vist", "intention": "Vis.", "shows": ["stoette", "samtale"],
    }  # fmt: skip
    made = sites("samtale", 34, 30, 32, 36).mean("stoette", 7.4, 200, group="borgere").ledger()
    told = plain(implementation.in_short(made, section_trial(elements=[element]), "vist", site=None))
    assert "**Det skete.** Mentorens støtte: 7,4. 83 pct. af deltagerne (132 af 160) har haft en samtale" in told


# Costs


def test_accounts_without_production_rest_on_nothing_that_is_produced() -> None:
    talks = compared_trial().prices[1]
    only = compared_trial().model_copy(update={"prices": (talks,)})
    assert plain(costs.result(accounts(1500, 100), only, site=None)) == (
        "For samfundet er der et overskud på 1.500 kr. pr. person.\n"
    )


@pytest.mark.parametrize(
    ("subgroup", "called"),
    [
        ("price:samtaler", "prisen på samtaler"),
        ("price:vaerdi", "prisen på arbejde"),
        ("quantity:uge", "forskellen i uger i job"),
        ("quantity:job", "forskellen i job"),
        ("tax_distortion", "skatteforvridningen"),
        ("net_tax_factor", "nettoafgiftsfaktoren"),
        ("discount_rate", "diskonteringsrenten"),
    ],
)
@pytest.mark.parametrize(
    ("ends", "turns"),
    [((-5.0, 5.0), True), ((5.0, -5.0), True), ((1.0, 9.0), False), ((-9.0, -1.0), False), ((0.0, 5.0), False),
     ((-5.0, 0.0), False)],
)  # fmt: skip
def test_an_assumption_turns_the_sign_where_one_end_is_a_surplus_and_the_other_a_deficit(
    subgroup: str, called: str, ends: tuple[float, float], turns: bool
) -> None:
    made = Made()
    for name, value in zip(("net_low", "net_high"), ends, strict=True):
        made.row(name, value, measure=COST_BENEFIT, subgroup=subgroup)
    assert costs.turning(made.ledger, compared_trial()) == ([called] if turns else [])


@pytest.mark.parametrize(
    ("hidden", "says", "title"),
    [
        ((), "Ingen af forudsætningerne kan alene ændre fortegnet", "Ingen forudsætning ændrer fortegnet alene"),
        (("job",), "Ingen af de forudsætninger, der kan vises, kan alene ændre fortegnet", ""),
        (("uge", "job"), "Om en forudsætning alene ændrer fortegnet, kan ikke vises.", ""),
    ],
)
def test_of_an_assumption_that_hides_nobody_says_that_it_keeps_the_sign(
    hidden: tuple[str, ...], says: str, title: str
) -> None:
    made = Made()
    made.row("net", 5.0, measure=COST_BENEFIT, subgroup="samfund", ci_low=1.0, ci_high=9.0)
    for name in ("uge", "job"):
        for statistic in ("net_low", "net_high"):
            made.row(statistic, 5.0, measure=COST_BENEFIT, subgroup=f"quantity:{name}")
    ledger = made.ledger
    for name in hidden:
        ledger = hide_row(ledger, f"{COST_BENEFIT}.forskel.subgroup=quantity:{name}.net_low")
    assert plain(costs.sensitivity(ledger, compared_trial(), site=None)).startswith(says)
    assert figures.tornado(ledger, compared_trial()).finding == title


def test_a_gain_that_no_activity_is_held_against_has_no_price() -> None:
    made = total(activity(samtaler=(5.0, 1.0)), 16.0, 4.0)
    ledger = made.ledger()
    assert costs.price_of_gain(ledger, TRIAL, ["samtaler"], "timer", WEEK, table="tbl-a", site=None) == ""
    loss = total(activity(samtaler=(5.0, 1.0)), -16.0, 4.0).ledger()
    assert "mindre pr. person" in costs.price_of_gain(loss, TRIAL, ["samtaler"], "timer", WEEK, table="x", site=None)


def test_a_fact_that_is_a_date_is_no_number() -> None:
    day = {"value": "2020-01-01", "unit": "date", "label": "Start", "source": "reg"}
    price = {"value": 1200, "unit": "kr", "label": "Pris", "source": "reg"}
    asked = section_trial(facts={"start": day, "pris": price})
    assert number_fact(asked, "pris") == 1200
    with pytest.raises(NoNumberFactError, match="the fact start of proeve is no number"):
        number_fact(asked, "start")


# Before and after


def test_a_forecast_without_an_outcome_says_nothing_of_power() -> None:
    spec = next(one for one in progress_file()["analyses"] if one["kind"] == "recruitment")
    asked = progress_trial(analyses=[{name: value for name, value in spec.items() if name != "outcome"}])
    assert progress.power(analyse(asked, progress_data(asked)), asked, site=None) == ""


REFERENCE = {"unit": "score", "label": "Norm", "source": "register"}


@pytest.mark.parametrize(
    ("norm", "says"),
    [
        (5.0, "Det er højere end befolkningens gennemsnit på 5,0."),
        (5.1, "Forskellen til befolkningens gennemsnit på 5,1 er ikke større end den statistiske usikkerhed."),
        (5.9, "Forskellen til befolkningens gennemsnit på 5,9 er ikke større end den statistiske usikkerhed."),
        (6.0, "Det er lavere end befolkningens gennemsnit på 6,0."),
    ],
)
def test_a_first_score_is_told_by_the_side_of_the_populations_its_interval_lies_on(norm: float, says: str) -> None:
    """An interval from 5.1 to 5.9, whose ends it holds."""
    facts = {**progress_file()["facts"], "norm": {**REFERENCE, "value": norm}}
    asked, made = progress_trial(facts=facts), measured_twice()
    told = plain(progress.first_measurement(made, asked, "score", reference="norm", site=None))
    assert told == f"Ved den første måling er scoren i gennemsnit 5,5. {says}\n"
    for site in (None, "Øst"):  # nothing of its own
        alone = plain(progress.first_measurement(made, asked, "score", site=site))
        assert alone == "Ved den første måling er scoren i gennemsnit 5,5.\n"


def hidden_only(key: str) -> str:
    asked = progress_trial()
    made = hide_row(analyse(asked, progress_data(asked)), key)
    return plain(progress.before_after(made, asked, "i-job", site=None))


@pytest.mark.parametrize("which", ["share_only_before", "share_only_after"])
def test_who_has_it_before_or_after_alone_is_told_by_both_or_not(which: str) -> None:
    told = hidden_only(f"i-job.forskel.{which}")
    assert told.rstrip().endswith("Hvor mange der kun har det før eller efter, vises ikke af hensyn til anonymiteten.")
    assert "gælder det kun" not in told


# A status


def test_a_benchmark_that_is_not_held_against_each_site_says_nothing_of_them() -> None:
    specs = [dict(one) for one in status_file_analyses()]
    for one in specs:
        if one["kind"] == "benchmark":
            one["by_site"] = False
    asked = status_trial(analyses=specs)
    made = analyse(asked, status_data(asked, {**PLAIN, "Nord": (60, 50, 40)}))
    told = plain(status.against_benchmark(made, asked, "job", site=None))
    assert "Andet Sted" in told and "Uden" not in told and "hvilken som helst" not in told
    assert status.rests_on(made, asked, "job") == []


def status_file_analyses() -> list[dict[str, Any]]:
    return [
        {"kind": "shares", "measures": ["aktiv", "job"], "by_site": True},
        {
            "kind": "benchmark",
            "name": "Andet Sted",
            "against": [{"measure": "job", "fact": "pejlemaerke", "definition": "Andel med job"}],
        },
    ]


@pytest.mark.parametrize(
    ("rows_of", "says"),
    [
        ({"job": (10.0, 0.01), "emne": (5.0, 0.4)}, "Den sikre forskel går den vej, indsatsen skulle trække."),
        ({"job": (-10.0, 0.01), "emne": (-5.0, 0.01)}, "De sikre forskelle går den modsatte vej."),
        ({"job": (-10.0, 0.01), "emne": (5.0, 0.01)}, "De sikre forskelle går hver sin vej."),
        ({"job": (-10.0, 0.05), "emne": (5.0, 0.4)}, "Svarene viser ikke, at den har gjort det."),
        ({"job": (10.0, 0.4), "emne": None}, "De svar, der kan vises, viser ikke, at den har gjort det."),
        ({"job": (10.0, 0.01), "emne": None}, "Den sikre forskel går den vej, indsatsen skulle trække."),
        ({"job": None, "emne": None}, "Om den har gjort det, kan ikke vises."),
    ],
)
def test_answers_that_hide_are_not_said_to_show_nothing(
    rows_of: dict[str, tuple[float, float] | None], says: str
) -> None:
    made = Made()
    for measure, found in rows_of.items():
        made.row("difference", found[0] if found else 1.0, measure=measure, unit=Unit.PCT_POINT, p=found and found[1])
    ledger = made.ledger
    for measure in (name for name, found in rows_of.items() if found is None):
        ledger = hide_row(ledger, f"{measure}.forskel")
    assert plain(compared.points(ledger, compared_trial(), list(rows_of), site=None)).strip() == says


def test_an_expectation_that_hides_is_told_as_a_clause() -> None:
    made = Made().share(30, group="deltager", measure="emne")
    made.row("mean", 40.0, group="deltager", time="uge5", k=40, n=100)
    hidden = hide_row(made.ledger, "emne.deltager")
    told = plain(compared.expected(hidden, compared_trial(), "emne", "job", 5, site=None))
    assert told.startswith("Om forventningen holdt, kan ikke vises, fordi tallet hviler på færre end fem personer")
