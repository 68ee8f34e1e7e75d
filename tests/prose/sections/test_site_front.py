"""A site's front page is chosen by the site's own verdicts: on each side of what decides, the words are others."""

from __future__ import annotations

from typing import Any

import pytest
from section_rows import hide_row, rows, with_intervals
from section_trial import plain, section_trial

from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.prose import findings, site_front
from reportlib.prose.site_front import DISTANCE, RARE, STANDS_OUT, UNTOLD
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

OWN = {"effort": ["samtale"]}
HIDDEN = ("samtale.deltager.site=Åby", "samtale.deltager.oevrige=Åby")
TWO = ("samtale", "mentor", "plan", "strategi")


def trial(*, elements: list[dict[str, Any]] | None = None, own: dict[str, Any] | None = OWN, **changes: Any) -> Trial:
    sites = {"names": ["Åby", "Bøgelund", "Cæsarsholm", "Dalby"], "own": own}
    return section_trial(sites=sites, elements=elements or [], **changes)


def ledger(**own: tuple[int, int]) -> Ledger:
    """Shares at Åby of 40 and elsewhere of 400, given as (persons here, persons elsewhere)."""
    made = rows()
    for name, (here, elsewhere) in own.items():
        with_intervals(name, (here, 40), (elsewhere, 400), into=made)
    return made.ledger()


def things(made: Ledger, **changes: Any) -> list[str]:
    return [plain(text) for text in site_front.discuss(made, trial(**changes), "Åby")]


def out(made: Ledger, **changes: Any) -> str:
    claim = site_front.stands_out(made, trial(**changes), "Åby")
    return "" if claim is None else plain(claim.text)


def hidden() -> Ledger:
    made = ledger(samtale=(30, 300))
    keys = [row.key for row in made if row.site]
    for key in keys:
        made = hide_row(made, key)
    return made


def of_persons() -> Ledger:
    made = with_intervals("samtale", (30, 40), (300, 400), into=rows())
    made.count("personer", 1600, group="deltager")
    made.count("personer", 40, group="deltager", site="Åby")
    return made.ledger()


def nobody() -> Ledger:
    """Nobody comes from Åby, and nothing hides: the share has no value there."""
    made = rows()
    for site, k, n in (("Åby", 0, 0), (others_than("Åby"), 300, 400), ("", 300, 400)):
        made.builder.add(
            measure="samtale", statistic="share", unit=Unit.PCT, group="deltager", site=site, k=k, n=n,
            value=100 * k / n if n else None, population="personer",
        )  # fmt: skip
    return made.ledger()


GOAL = [
    {
        "id": "start",
        "number": 1,
        "title": "Start",
        "intention": "Start.",
        "components": [{"measure": "samtale", "target": {"green": 90, "yellow": 60}}],
    }
]
CASES = {
    "stands-out.apart": lambda: out(ledger(samtale=(10, 300), mentor=(34, 100)), own={"effort": ["samtale", "mentor"]}),
    "stands-out.none": lambda: out(ledger(samtale=(30, 300))),
    "stands-out.hidden": lambda: out(hidden()),
    "stands-out.missing": lambda: out(nobody()),
    "discuss-distance.apart": lambda: things(ledger(samtale=(10, 300)))[0],
    "discuss-distance.goal": lambda: things(ledger(samtale=(30, 300)), elements=GOAL)[0],
    "discuss-distance.none": lambda: things(ledger(samtale=(30, 300)))[0],
    "discuss-distance.hidden": lambda: things(hidden())[0],
    "discuss-rare.rare": lambda: things(ledger(samtale=(30, 300), mentor=(10, 100)), own={"effort": TWO[:2]})[1],
    "discuss-rare.never": lambda: things(ledger(samtale=(30, 300), mentor=(0, 20)), own={"effort": TWO[:2]})[1],
    "discuss-rare.none": lambda: things(ledger(samtale=(30, 300)))[1],
    "discuss-rare.hidden": lambda: things(hidden())[1],
    "discuss-untold.named": lambda: things(hidden())[2],
    "discuss-untold.effect": lambda: things(ledger(samtale=(30, 300)))[2],
    "discuss-untold.none": lambda: things(
        ledger(samtale=(30, 300)), design={"kind": "status"},
        groups={"treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"}},
        analyses=[],
    )[2],
}  # fmt: skip
SAYS = {
    "stands-out.apart": "Åby skiller sig ud på begge tal: over de øvrige kommuner på *Mentor* (85 pct. mod 25 pct.) og "
    "under på *Samtale inden fire uger* (25 pct. mod 75 pct.).",
    "stands-out.none": "Åby skiller sig ikke ud fra de øvrige kommuner på det tal, der kan sammenlignes, når der tages",
    "stands-out.hidden": "Tallene for Åby vises ikke af hensyn til anonymiteten.",
    "stands-out.missing": "Tallene for Åby er ikke opgjort.",
    "discuss-distance.apart": "**Samtale inden fire uger: 25 pct. mod 75 pct. i de øvrige kommuner.** Åby ligger under",
    "discuss-distance.goal": "**Samtale inden fire uger: 75 pct. mod et mål på 90 pct.** Målet er ikke nået",
    "discuss-distance.none": "Ingen af dem er større end den statistiske usikkerhed",
    "discuss-rare.rare": "**Under halvdelen: Mentor, 25 pct.** Det gælder også, når der tages højde for usikkerheden.",
    "discuss-rare.never": "**Slet ikke: Mentor, 0 pct.** I de øvrige kommuner er det 5 pct. Er det et valg",
    "discuss-distance.hidden": "**Forskellene til de øvrige kommuner.** Dem kan rapporten ikke vise.",
    "discuss-rare.none": "Ingen af de dele, der kan vises for Åby, ligger under halvdelen",
    "discuss-rare.hidden": "Det kan ikke vises for Åby.",
    "discuss-untold.named": "**Det kan rapporten ikke vise: Samtale inden fire uger.** Tallet for Åby er udeladt",
    "discuss-untold.effect": "**Om indsatsen har virket bedre eller dårligere i Åby end andre steder.**",
    "discuss-untold.none": "Det kan tallene ikke vise, for der er ingen sammenligningsgruppe.",
}


@pytest.mark.parametrize("wording", CASES)
def test_the_rows_choose_the_wording(wording: str) -> None:
    assert SAYS[wording] in CASES[wording]()


def test_the_front_page_says_how_many_come_from_the_place() -> None:
    text = plain(site_front.front(of_persons(), trial(), site="Åby"))
    assert "Fra Åby kommer 40 af 1.600 personer i deltagergruppen.\n\n- *Samtale" in text
    assert "personer" not in plain(site_front.front(ledger(samtale=(30, 300)), trial(), site="Åby"))  # nothing counted


def test_every_wording_is_chosen_here() -> None:
    known = {f"{table.claim}.{name}" for table in (STANDS_OUT, DISTANCE, RARE, UNTOLD) for name in table}
    assert known - set(CASES) == {"discuss-distance.chance", "discuss-untold.counted", "stands-out.many"}


@pytest.mark.parametrize(("k", "said"), [(24, "ligger under de øvrige"), (29, "Ingen af dem"), (35, "ligger over")])
def test_a_distance_is_one_only_where_the_intervals_are_apart(k: int, said: str) -> None:
    """Intervals of five points to either side of 75 per cent: 60 and 87.5 are apart from it, 72.5 is not."""
    assert said in things(ledger(samtale=(k, 300)))[0]


def test_what_there_should_be_less_of_is_not_asked_about_because_it_is_rare() -> None:
    wanted = {"hypotheses": [{"expected": "Færre får en mentor", "bears": {"mentor.forskel": "down"}}]}
    found = [
        things(ledger(samtale=(30, 300), mentor=(10, 100)), own={"effort": TWO[:2]}, **more)[1] for more in ({}, wanted)
    ]
    assert ["Under halvdelen: Mentor" in text for text in found] == [True, False]


@pytest.mark.parametrize(("k", "rare"), [(17, True), (18, False)])
def test_rare_is_below_the_half_with_its_whole_interval(k: int, rare: bool) -> None:
    """42.5 per cent and five points are under 50; 45 and five points reach it."""
    found = things(ledger(samtale=(30, 300), mentor=(k, 10 * k)), own={"effort": TWO[:2]})[1]
    assert ("Under halvdelen: Mentor" in found) is rare


def test_what_is_hidden_is_told_once_on_the_front_page() -> None:
    text = plain(site_front.front(hidden(), trial(), site="Åby"))
    assert text.count("af hensyn til anonymiteten") == 1
    assert "pct." not in text


def test_a_site_where_nobody_comes_from_is_not_said_to_be_hidden() -> None:
    """The same report says that 0 persons come from it: that anything is left out for their sake is false."""
    assert "anonymiteten" not in out(nobody()) + plain(site_front.front(nobody(), trial(), site="Åby"))


def test_the_whole_trial_has_no_such_page() -> None:
    assert site_front.front(ledger(), trial(), site=None) == ""


PLANNED = {
    "primary": [
        {"measure": "samtale", "family": "samtaler", "more": "flere samtaler", "less": "færre samtaler"},
    ]
}


def with_own_test(p_holm: float) -> Ledger:
    """Samtale is 75 against 50 per cent in all and at Åby, there significant before the correction."""
    made = rows()
    for site in ("", "Åby"):
        for group, k in (("deltager", 30), ("kontrol", 20)):
            made.builder.add(
                measure="samtale", statistic="share", unit=Unit.PCT, group=group, site=site, value=2.5 * k, k=k, n=40,
                ci_low=2.5 * k - 5, ci_high=2.5 * k + 5, population="personer",
            )  # fmt: skip
        made.builder.add(
            measure="samtale", statistic="difference", unit=Unit.PCT_POINT, group=DIFFERENCE, site=site, value=25.0,
            n=80, ci_low=5.0, ci_high=45.0, p=0.01, population="personer",
        )  # fmt: skip
    made.builder.add(
        measure="samtale", statistic="p_holm", unit=Unit.COEFFICIENT, group=DIFFERENCE, site="Åby", value=p_holm,
        p=p_holm, population="personer",
    )  # fmt: skip
    return made.ledger()


@pytest.mark.parametrize(
    ("p_holm", "said"), [(0.04, "**Åby:** Flere samtaler med Prøve"), (0.06, "Om indsatsen giver flere samtaler, er")]
)
def test_a_sites_own_result_is_settled_only_after_the_correction_for_all_sites(p_holm: float, said: str) -> None:
    text = plain(findings.answer(with_own_test(p_holm), trial(planned=PLANNED, own=None), site="Åby"))
    assert said in text
    assert "**Hele forsøget:** Flere samtaler med Prøve: 75 pct. mod 50 pct." in text


def test_a_site_without_numbers_of_its_own_reads_the_whole_trials_answer_as_such() -> None:
    text = plain(findings.answer(with_own_test(0.04), trial(planned=PLANNED, own=None), site="Dalby"))
    assert text.startswith("**Hele forsøget:**")


@pytest.mark.parametrize(
    ("own", "fault"),
    [({"effort": ["samtalen"]}, "unknown measure 'samtalen'"), ({"effort": ["i-job"]}, "say in which `week`")],
)
def test_a_fault_in_the_list_of_own_numbers_is_named(own: dict[str, Any], fault: str) -> None:
    with pytest.raises(Exception, match=fault):
        trial(own=own)
