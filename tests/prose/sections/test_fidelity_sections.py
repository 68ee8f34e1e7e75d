"""Elements against their targets, in the whole trial and in a site's version."""

from __future__ import annotations

from typing import Any

import pytest
from section_rows import rows, sites, with_intervals
from section_trial import plain, section_trial

from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.prose import implementation, key_shares, summary
from reportlib.prose.sureness import FindingFlippedError
from reportlib.trial.model import Trial

TRIAL = section_trial()


def ledger(samtale: int = 34, plan: int = 30, mentor: int = 40, strategi: int = 30) -> Ledger:
    """Each share has the same k of 40 at every site."""
    made = rows()
    for measure, k in (("samtale", samtale), ("plan", plan), ("mentor", mentor)):
        sites(measure, k, k, k, k, into=made)
    return sites("strategi", *[strategi] * 4, group="medarbejdere", into=made).ledger()


def element(name: str, of: Ledger, site: str | None = None) -> str:
    return plain(implementation.element(of, TRIAL, name, site=site))


def test_an_element_begins_with_what_it_is_for() -> None:
    text = element("start", ledger())
    assert text.startswith(
        '::: {.boks title="Kort fortalt: God start" tal=""}\n**Planen.** En god start.\n\n**Det skete.** Én af to'
    )
    assert "- **" not in text.partition(":::\n")[0]


def test_a_target_that_all_components_share_is_told_once() -> None:
    text = element("start", ledger())
    assert "Målet er 80 pct. for begge." in text
    assert text.count("80 pct.") == 1
    assert "Målet er" not in element("stoette", ledger()).split("- **")[0]  # 90 and 50: told line by line


@pytest.mark.parametrize(
    ("samtale", "plan", "said"),
    [
        (34, 36, "Begge delkomponenter når målet."),
        (34, 30, "Én af to delkomponenter når målet, og én ligger tæt på."),
        (34, 10, "Én af to delkomponenter når målet, og én ligger langt fra."),
        (30, 10, "Ingen af de to delkomponenter når målet, én ligger tæt på, og én ligger langt fra."),
        (30, 31, "Ingen af de to delkomponenter når målet, og begge ligger tæt på."),
    ],
)
def test_the_conclusion_counts_the_lights(samtale: int, plan: int, said: str) -> None:
    assert said in element("start", ledger(samtale, plan))


@pytest.mark.parametrize(
    ("samtale", "plan", "said"),
    [
        (3, 2, "kan ingen af de to delkomponenter vises."),  # of fewer than five
        (30, 2, "ligger én af to delkomponenter tæt på målet, og én kan ikke vises."),
        (34, 2, "når én af to delkomponenter målet, og én kan ikke vises."),
    ],
)
def test_of_what_is_hidden_nobody_says_that_it_falls_short(samtale: int, plan: int, said: str) -> None:
    assert f"I Åby {said}" in element("start", ledger(samtale, plan), "Åby")


def test_a_component_has_its_light_counts_and_population() -> None:
    text = element("stoette", ledger(mentor=40))
    assert (
        "- **Mentor** (Grøn): 100 pct. (160 af 160) af de deltagere, der har været i praktik, mod et mål på 90 pct., "
        "og alle fire kommuner når målet."
    ) in text


def test_the_sites_below_are_named() -> None:
    made = sites("samtale", 34, 20, 35, 33)
    sites("plan", 34, 34, 34, 34, into=made)
    assert "og målet er ikke nået i én af fire kommuner (Bøgelund 50 pct.)." in element("start", made.ledger())


def test_a_note_says_that_who_came_too_late_for_the_time_limit_is_not_counted() -> None:
    """`1.721 af 1.721` of 1,742 participants: the others could not be followed for the four weeks."""
    text = element("start", ledger()).replace("\N{NO-BREAK SPACE}", " ")
    assert "Anm.: Kun borgere, der kan følges i fire uger, er talt med i *" in text


def test_a_population_cut_by_the_day_of_entry_stands_in_the_note() -> None:
    text = element("start", ledger())
    assert "Kun deltagere, der er udtrukket før den 1. oktober 2016, er talt med i *MinPlan hver måned*." in text
    assert "af deltagerne, der er udtrukket" not in text
    assert "Anm." not in element("stoette", ledger())


def test_an_element_with_one_component_is_a_line_and_no_list() -> None:
    text = element("alene", ledger())
    assert "- **" not in text and "delkomponent" not in text
    assert "**Samtale inden fire uger** (Grøn): 85 pct." in text


def test_an_element_without_components_is_its_intention() -> None:
    assert element("tom", ledger()).strip().endswith("**Planen.** Ingen dele.\n\n:::")


def lessons(**more: Any) -> Trial:
    """The trial whose first element says what worked and what was hard."""
    first, *rest = [one.model_dump(mode="json") for one in section_trial().elements]
    return section_trial(elements=[{**first, "worked": "Møderne.", "hard": "Planen.", **more}, *rest])


def test_what_worked_and_what_was_hard_stand_last_in_the_box() -> None:
    box = plain(implementation.element(ledger(), lessons(), "start", site=None)).partition("- **")[0]
    assert "**Det virkede.** Møderne.\n\n**Det var svært.** Planen.\n\n:::" in box


def test_what_worked_is_the_whole_trials_where_what_happened_is_one_places() -> None:
    """Åby reaches every target here: that something was hard there is not what the words say."""
    made = with_intervals("samtale", (40, 40), (300, 400))
    with_intervals("plan", (40, 40), (300, 400), into=made)
    box = plain(implementation.element(made.ledger(), lessons(), "start", site="Åby")).partition("- **")[0]
    assert "**Det skete.** I Åby når begge delkomponenter målet." in box
    assert "**Det virkede i forsøget.** Møderne.\n\n**Svært i forsøget.** Planen." in box


def test_words_about_an_element_stop_the_report_when_their_finding_flips() -> None:
    trial = lessons(bears={"samtale": "green"})
    assert "Møderne" in implementation.element(ledger(samtale=34), trial, "start", site=None)
    with pytest.raises(FindingFlippedError, match="the element start rests on samtale being green; now it is red"):
        implementation.element(ledger(samtale=10), trial, "start", site=None)


def test_an_element_in_short_shows_its_measures() -> None:
    trial = lessons(shows=["samtale", "plan"])
    text = plain(implementation.in_short(ledger(34, 30), trial, "start", site=None))
    assert "**Det skete.** 85 pct. af deltagerne (136 af 160) har haft en samtale inden fire uger. 75 pct." in text


def test_an_unknown_element_is_told_with_the_nearest() -> None:
    with pytest.raises(ReportlibError, match="no element 'stat'") as caught:
        implementation.element(ledger(), TRIAL, "stat", site=None)
    assert "start" in str(caught.value.hint)


# A site's version


def test_a_site_reads_its_own_number_beside_the_others() -> None:
    made = with_intervals("samtale", (30, 40), (300, 400))
    with_intervals("plan", (35, 40), (300, 400), into=made)
    text = element("start", made.ledger(), "Åby")
    assert "I Åby når én af to delkomponenter målet, og én ligger tæt på. Målet er 80 pct. for begge." in text
    alike = (
        "- Når der tages højde for usikkerheden, kan Åby ikke skelnes fra de øvrige kommuner her: **Samtale inden fire "
        "uger** (Gul) 75 pct. af deltagerne (30 af 40) mod 75 pct."
    )
    assert alike in text and text.index("**MinPlan hver måned**") < text.index("**Samtale inden")  # what differs first


def test_what_says_the_same_of_a_site_is_said_once() -> None:
    made = with_intervals("samtale", (30, 40), (300, 400))
    with_intervals("plan", (31, 40), (290, 400), into=made)
    text = element("start", made.ledger(), "Åby")
    assert text.count("ikke skelnes") == 1 and "- **" not in text
    assert "(30 af 40) mod 75 pct. og **MinPlan hver måned** (Gul) 78 pct. af deltagerne (31 af 40) mod 73 pct." in text
    hidden = with_intervals("samtale", (3, 40), (300, 400))
    with_intervals("plan", (2, 40), (290, 400), into=hidden)
    text = element("start", hidden.ledger(), "Åby")
    assert "Tallene for Åby vises ikke: **Samtale inden fire uger** (i hele forsøget 69 pct.) og **MinPlan" in text
    assert text.count("i hele forsøget") == 1


def test_only_a_difference_beyond_the_uncertainty_is_called_larger() -> None:
    def said(k: int) -> str:
        made = with_intervals("samtale", (k, 40), (300, 400))
        text = element("alene", made.ledger(), "Åby")
        return "under" if "Åby ligger under de øvrige" in text else "over" if "Åby ligger over" in text else ""

    assert said(10) == "under"
    assert said(40) == "over"
    assert said(30) == ""


def test_a_site_too_small_to_show_has_neither_number_nor_light() -> None:
    text = element("alene", with_intervals("samtale", (3, 40), (300, 400)).ledger(), "Åby")
    assert "**Samtale inden fire uger**: Tallet for Åby vises ikke." in text
    assert "I hele forsøget er det 69 pct." in text
    assert "øvrige" not in text  # would give the site back


def test_a_sites_note_names_every_narrower_population() -> None:
    made = with_intervals("mentor", (30, 40), (300, 400))
    with_intervals("strategi", (30, 40), (300, 400), group="medarbejdere", into=made)
    text = element("stoette", made.ledger(), "Åby")
    assert "Kun deltagere, der har været i praktik, er talt med i *Mentor*." in text
    assert "**Mentor** (Gul) 75 pct. (30 af 40) mod 75 pct. (mål 90 pct.) og" in text
    assert "75 pct. af medarbejderne (30 af 40) mod" in text


# The overview


def test_the_overview_counts_all_and_names_the_red() -> None:
    text = plain(implementation.overview(ledger(34, 10, 40, 10), TRIAL, site=None))
    assert "når tre af fem delkomponenter målet (grøn), og to ligger langt fra (rød)." in text
    assert "De røde er *MinPlan hver måned* og *Strategi*." in text


def test_nothing_red_is_named_where_nothing_is() -> None:
    assert "ød" not in plain(implementation.overview(ledger(34, 34, 40, 30), TRIAL, site=None)).replace("Grød", "")


# One share


def test_a_share_of_staff_reads_with_its_clause() -> None:
    text = plain(key_shares.in_all(ledger(strategi=27), TRIAL, "strategi", site=None))
    assert text.strip() == "I hele forsøget siger 68 pct. af medarbejderne (108 af 160), at der er en strategi."


def test_the_spread_is_told_in_the_whole_trial_only() -> None:
    made = sites("samtale", 34, 20, 33, 35)
    whole = plain(key_shares.in_all(made.ledger(), TRIAL, "samtale", site=None, spread=True))
    assert whole.strip().endswith("Andelen er højest i Dalby (88 pct.) og lavest i Bøgelund (50 pct.).")
    own = plain(key_shares.in_all(made.ledger(), TRIAL, "samtale", site="Åby", spread=True))
    assert "Dalby" not in own and "I Åby er det 85 pct." in own


def test_a_sentence_alone_names_its_population() -> None:
    text = plain(key_shares.in_all(ledger(plan=30), TRIAL, "plan", site=None))
    assert "75 pct. (120 af 160) af de deltagere, der er udtrukket før den 1. oktober 2016, brugt MinPlan" in text


# Own numbers in the summary


def test_the_whole_trials_summary_has_no_own_numbers() -> None:
    assert summary.own_numbers(ledger(), TRIAL, ["samtale"], site=None) == ""


def test_an_own_share_of_others_than_the_persons_says_of_whom() -> None:
    made = with_intervals("samtale", (30, 40), (300, 400))
    with_intervals("strategi", (12, 20), (300, 400), group="medarbejdere", into=made)
    lines = plain(summary.own_lines(made.ledger(), TRIAL, ["samtale", "strategi"], site="Åby", week=None))
    assert "75 pct. (30 af 40) mod 75 pct. i de øvrige kommuner" in lines
    assert "60 pct. af medarbejderne (12 af 20) mod 75 pct. i de øvrige kommuner" in lines


def test_a_hidden_own_number_is_left_out() -> None:
    made = with_intervals("samtale", (3, 40), (300, 400)).ledger()
    assert summary.own_lines(made, TRIAL, ["samtale"], site="Åby", week=None).strip() == ""
