"""Every family of what holds between numbers gives a cell away in a ledger small enough to work out by hand.

In each ledger one family alone tells the hidden cell: without it the audit finds nothing and repair hides nothing, and
with it the audit refuses what is proposed, and repair hides so much that the audit passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from reportlib.disclosure import repair
from reportlib.disclosure.audit import RELATIONS, DisclosedCellError, audit
from reportlib.disclosure.register import Counted, Register, made_of
from reportlib.disclosure.release import released
from reportlib.disclosure.repair import repaired
from reportlib.disclosure.system import FAMILIES
from reportlib.disclosure.threshold import HIDDEN, Threshold, hide
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, EVERYONE, others_than
from reportlib.text.units import Unit

FIVE = Threshold(5)
PERSONS = 400


@dataclass
class Made:
    """A made-up ledger: rows with the persons behind them, and which are hidden to begin with."""

    rows: list[Estimate] = field(default_factory=list)
    register: Register = field(default_factory=lambda: Register(PERSONS))
    hidden: set[str] = field(default_factory=set)

    def add(
        self, measure: str, k: object, n: object, *, statistic: str = "share", hidden: bool = False, **where: str
    ) -> str:
        """A row of the persons in `k` among those in `n`, as ranges or lists of persons."""
        inside, among = (np.isin(np.arange(PERSONS), list(part)) for part in (k, n))  # type: ignore[call-overload]
        share = statistic.startswith("share")
        counted = int(inside.sum())
        row = Estimate(
            key=make_key(measure, statistic=statistic, **where),
            measure=measure,
            statistic=statistic,
            unit=Unit.PCT if share else Unit.COUNT,
            population="alle",
            value=100 * counted / int(among.sum()) if share else counted,
            k=counted,
            n=int(among.sum()) if share else None,
            **where,
        )
        self.rows.append(row)
        self.register.add(row, Counted(n=among if share else None, k=inside))
        self.hidden |= {row.key} if hidden else set()
        return row.key

    def finished(self, hidden: set[str]) -> list[Estimate]:
        return [hide(row, HIDDEN) if row.key in hidden else released(row, level=0.05) for row in self.rows]


def rest() -> Made:
    """18 of 20 are told elsewhere to be in a job: two are not."""
    made = Made()
    made.add("personer", range(20), (), statistic="count", group="deltager")
    made.add("job", range(18), range(20), group="deltager", hidden=True)
    made.add("kopi", range(18), (), statistic="count", group="deltager")
    return made


def sites() -> Made:
    """53 in all, 20 and 30 at two sites: 3 at the third."""
    made = Made()
    made.add("job", [*range(3), *range(100, 120), *range(200, 230)], range(300), group="deltager")
    for site, first, count in (("a", 0, 3), ("b", 100, 20), ("c", 200, 30)):
        made.add("job", range(first, first + count), range(first, first + 100), group="deltager", site=site)
    made.hidden = {"job.deltager.site=a"}
    return made


def others() -> Made:
    """53 in all, and 50 at all other sites than one, which another measure of the same persons tells: 3 there."""
    made = Made()
    made.add("job", range(53), range(300), group="deltager")
    made.add("job", range(3, 53), range(40, 300), group="deltager", site=others_than("a"), hidden=True)
    made.add("kopi", range(3, 53), (), statistic="count", group="deltager", site=others_than("a"))
    made.add("job", range(3), range(40), group="deltager", site="a", hidden=True)
    return made


def groups() -> Made:
    """20 of everybody and 18 of the control group: 2 of the others."""
    made = Made()
    made.add("job", [*range(2), *range(100, 118)], (), statistic="count", group=EVERYONE)
    made.add("job", range(100, 118), (), statistic="count", group="kontrol")
    made.add("job", range(2), (), statistic="count", group="deltager", hidden=True)
    return made


def parts() -> Made:
    """60 answered: 20, 20 and 17 gave three of the answers, so 3 gave the last."""
    made = Made()
    for answer, first, last in (("1", 0, 3), ("2", 3, 23), ("3", 23, 43), ("4", 43, 60)):
        made.add("svar", range(first, last), range(60), group="deltager", subgroup=f"svar-{answer}")
    made.hidden = {"svar.deltager.subgroup=svar-1"}
    return made


def parts_of_an_answer() -> Made:
    """53 gave an answer, of whom 20 and 30 are of two towns: 3 are of the third. The answer is one part of the name."""
    made = Made()
    towns = {"a": range(3), "b": range(100, 120), "c": range(200, 230)}
    made.add("svar", [*towns["a"], *towns["b"], *towns["c"]], range(300), group="deltager", subgroup="svar-1")
    for town, those in towns.items():
        among = range(those.start, those.start + 100)
        made.add("svar", those, among, group="deltager", subgroup=f"svar-1:by:{town}")
    made.hidden = {"svar.deltager.subgroup=svar-1:by:a"}
    return made


def statistics() -> Made:
    """Of 60, 20 rose, 20 stayed where they were and of 17 nobody knows: 3 fell."""
    made = Made()
    for name, first, last in (("fell", 0, 3), ("rose", 3, 23), ("same", 23, 43), ("unknown", 43, 60)):
        made.add("score", range(first, last), range(60), group="deltager", statistic=f"share_{name}")
    made.hidden = {"score.deltager.share_fell"}
    return made


def measurements() -> Made:
    """63 were measured; the last measurement of 20 was the first and of 40 the second: of 3 it was the third."""
    made = Made()
    made.add("maalinger", range(63), (), group="deltager", statistic="count")
    for at, first, last in ((1, 3, 23), (2, 23, 63), (3, 0, 3)):
        made.add("maalinger", range(first, last), (), group="deltager", statistic="last_reached", time=f"maaling{at}")
    made.hidden = {"maalinger.deltager.maaling3.last_reached"}
    return made


def changes() -> Made:
    """30 before and 40 after, and 13 only after: 3 only before (30 + 13 = 40 + 3)."""
    made = Made()
    made.add("job", range(30), range(100), group=BEFORE)
    made.add("job", range(3, 43), range(100), group=AFTER)
    made.add("job", range(30, 43), range(100), group=DIFFERENCE, statistic="share_only_after")
    made.add("job", range(3), range(100), group=DIFFERENCE, statistic="share_only_before", hidden=True)
    return made


def pairs() -> Made:
    """23 left to a job or to school, and 20 of them to a job: 3 to school; among the controls likewise 12, 5 and 7."""
    made = Made()
    for group, at, job, school in (("deltager", 0, 20, 3), ("kontrol", 200, 5, 7)):
        everybody = range(at, at + 150)
        made.add("job", range(at, at + job), everybody, group=group)
        made.add("skole", range(at + job, at + job + school), everybody, group=group, hidden=group == "deltager")
        made.add("begge", range(at, at + job + school), everybody, group=group)
    return made


def whole() -> Made:
    """50 rose and 47 fell of 100: 3 stayed where they were, whose number is told as those who did not (97)."""
    made = Made()
    for group, at, rose, fell in (("deltager", 0, 50, 47), ("kontrol", 200, 50, 30)):
        everybody = range(at, at + 100)
        made.add("flere", range(at, at + rose), everybody, group=group)
        made.add("faerre", range(at + rose, at + rose + fell), everybody, group=group)
        made.add("samme", range(at + rose + fell, at + 100), everybody, group=group, hidden=group == "deltager")
    return made


def orders() -> Made:
    """25 at two hidden sites in week 2. What cannot fall was 20 at one of them the week before and is 22 the week
    after: it is 20 to 22, so 3 to 5 at the other, which is one value too few."""
    made = Made()
    for week, (one, other) in enumerate(((0, 20), (4, 21), (6, 22)), start=1):
        time = f"uge{week}"
        hidden = week == 2
        made.add("job", [*range(one), *range(100, 100 + other)], range(200), group="deltager", time=time)
        made.add("job", range(one), range(100), group="deltager", site="a", time=time, hidden=hidden)
        second = range(100, 100 + other)
        made.add("job", second, range(100, 200), group="deltager", site="b", time=time, hidden=hidden)
    return made


def orders_followed() -> Made:
    """30 are followed at two hidden sites in week 2: of one 5 the week before, of the other 26, and 25 the week after.
    Who is followed only falls, so 4 or 5 are left of it; that elsewhere somebody enters again changes nothing."""
    made = Made()
    for week, (one, other, third) in enumerate(((5, 26, 40), (4, 26, 41), (0, 25, 40)), start=1):
        time = f"uge{week}"
        places = {"a": range(one), "b": range(100, 100 + other), "c": range(200, 200 + third)}
        if week < 3:
            everybody = [person for followed in places.values() for person in followed]
            made.add("job", (), everybody, group="deltager", time=time)
        for site, followed in places.items():
            hidden = week == 2 and site in ("a", "b")
            if followed:
                made.add("job", (), followed, group="deltager", site=site, time=time, hidden=hidden)
    return made


def orders_stayed() -> Made:
    """2 of 40 left in weeks 5 to 8, and one is no longer followed: in week 10 there are 37, so no more than 3 left."""
    made = Made()
    made.add("afgang", range(2), range(40), group="deltager", time="uge5-8", hidden=True)
    made.add("afgang", range(40), (), statistic="at_risk", group="deltager", time="uge5")
    made.add("afgang", range(3, 40), (), statistic="at_risk", group="deltager", time="uge10")
    return made


def inside() -> Made:
    """50 of 52 ever had a job. 49 of 80 had it in week 3, who are all among them: one to three of the 52 never did."""
    made = Made()
    made.register.rests_on = {"har-haft": frozenset({"job", "start"}), "job": frozenset({"job"})}
    made.add("har-haft", range(50), range(52), group="deltager", hidden=True)
    made.add("fulgt", range(52), (), statistic="count", group="deltager")
    made.add("job", range(49), range(80), group="deltager", time="uge3")
    return made


def inside_measurements() -> Made:
    """Of 50 the last measurement of 10 was the first and of 20 the fourth. 37 have the third: with those 20 they are at
    least 37, so the last of 17 or more was the third, and of 3 or fewer the second."""
    made = Made()
    made.add("maalinger", range(50), (), group="deltager", statistic="count")
    made.add("maalinger", range(12, 49), (), group="deltager", statistic="count", time="maaling3")
    for at, first, last in ((1, 0, 10), (2, 10, 12), (3, 12, 30), (4, 30, 50)):
        made.add("maalinger", range(first, last), (), group="deltager", statistic="last_reached", time=f"maaling{at}")
    made.hidden = {f"maalinger.deltager.maaling{at}.last_reached" for at in (2, 3)}
    return made


def pairs_of_kin() -> Made:
    """Of 17 with hours 6 have more and 8 fewer than at first: 3 have as many. They are few, but all of one thing."""
    made = Made()
    made.register.rests_on = dict.fromkeys(("flere", "faerre", "samme"), frozenset({"timer"}))
    for name, first, last in (("flere", 0, 6), ("faerre", 6, 14), ("samme", 14, 17)):
        made.add(name, range(first, last), range(17), group="deltager", hidden=name == "samme")
    return made


def pairs_alike() -> Made:
    """4 and 196 are the 200 that 300 less 100 leave. Of each of the three another number counts the same persons here,
    and others at a site, where those do not add up: they are no numbers of this sum."""
    made = Made()
    for names, at_site in (("abc", (30, 160, 170)), ("xyz", (20, 150, 150))):
        starts = (0, 20, 0)
        for name, here, first, last in zip(names, (range(4), range(4, 200), range(200)), starts, at_site, strict=True):
            made.add(name, here, (), statistic="count", group="deltager", hidden=name not in "by")
            made.add(name, range(first, last), (), statistic="count", group="deltager", site="a")
    made.add("foer", range(300), (), statistic="count", group="deltager")
    made.add("senere", range(200, 300), (), statistic="count", group="deltager")
    return made


def pairs_across_groups() -> Made:
    """190 of the treated have a job, and with the controls in school they are 193: 3 of the controls are in school."""
    made = Made()
    made.add("job", range(190), (), statistic="count", group="deltager")
    made.add("skole", range(200, 203), (), statistic="count", group="kontrol", hidden=True)
    made.add("begge", [*range(190), *range(200, 203)], (), statistic="count", group=EVERYONE)
    return made


def pairs_of_a_week() -> Made:
    """As `pairs`, but who has a job is told once for all weeks, and school and both of week 5."""
    made = Made()
    for group, at, job, school in (("deltager", 0, 20, 3), ("kontrol", 200, 5, 7)):
        made.add("job", range(at, at + job), (), statistic="count", group=group)
        at_school, hidden = range(at + job, at + job + school), group == "deltager"
        made.add("skole", at_school, (), statistic="count", group=group, time="uge5", hidden=hidden)
        made.add("begge", range(at, at + job + school), (), statistic="count", group=group, time="uge5")
    return made


LEDGERS: dict[str, Callable[[], Made]] = {  # a family, or a kind of it after a blank
    "rest": rest,
    "sites": sites,
    "others": others,
    "groups": groups,
    "parts": parts,
    "parts of an answer": parts_of_an_answer,
    "statistics": statistics,
    "measurements": measurements,
    "changes": changes,
    "pairs": pairs,
    "pairs whole": whole,
    "pairs alike": pairs_alike,
    "pairs across groups": pairs_across_groups,
    "pairs of a week": pairs_of_a_week,
    "orders": orders,
    "orders followed": orders_followed,
    "orders stayed": orders_stayed,
    "inside": inside,
    "inside measurements": inside_measurements,
    "pairs of kin": pairs_of_kin,
}


def told(made: Made, hidden: set[str], relations: frozenset[str] | set[str] = frozenset(RELATIONS)) -> bool:
    """Whether the audit refuses the rows with these hidden."""
    try:
        audit(made.finished(hidden), made.register, FIVE, relations=relations)
    except DisclosedCellError:
        return True
    return False


def test_every_family_has_its_ledger() -> None:
    assert {name.split()[0] for name in LEDGERS} == set(FAMILIES) == set(RELATIONS)


@pytest.mark.parametrize("family", LEDGERS)
def test_the_audit_refuses_what_this_family_alone_tells(family: str) -> None:
    made = LEDGERS[family]()
    assert told(made, made.hidden)
    assert not told(made, made.hidden, set(RELATIONS) - {family.split()[0]})


@pytest.mark.parametrize("family", LEDGERS)
def test_repair_hides_enough_and_without_the_family_is_caught(family: str) -> None:
    made = LEDGERS[family]()
    hidden = repaired(made.rows, made.hidden, made.register, FIVE)
    assert hidden > made.hidden
    assert not told(made, hidden)
    mutant = repaired(made.rows, made.hidden, made.register, FIVE, families=FAMILIES - {family.split()[0]})
    assert told(made, mutant)


@pytest.mark.parametrize(
    ("family", "hides"),
    [
        ("sites", {"job.deltager.site=b"}),
        ("others", {"kopi.deltager.oevrige=a"}),
        ("changes", {"job.forskel.share_only_after"}),
        ("orders", {"job.deltager.uge1.site=a", "job.deltager.uge1.site=b"}),
    ],
)
def test_what_a_reader_misses_least_hides_a_site_before_all(family: str, hides: set[str]) -> None:
    made = LEDGERS[family]()
    assert repaired(made.rows, made.hidden, made.register, FIVE) - made.hidden == hides


@pytest.mark.parametrize("family", LEDGERS)
def test_equal_rows_and_sets_give_an_equal_pattern(family: str) -> None:
    one, other = (LEDGERS[family]() for _ in range(2))
    assert repaired(one.rows, one.hidden, one.register, FIVE) == repaired(
        other.rows, other.hidden, other.register, FIVE
    )


def test_a_small_cell_that_is_shown_is_refused_by_name_and_without_its_value() -> None:
    made = Made()
    made.add("job", range(3), range(50), group="deltager")
    with pytest.raises(DisclosedCellError, match=r"job\.deltager \(k\)") as error:
        audit(made.finished(set()), made.register, FIVE)
    assert "3" not in error.value.message


@pytest.mark.parametrize("persons", [20, 6])
def test_what_hangs_together_with_nothing_told_gives_nobody_away(monkeypatch: pytest.MonkeyPatch, persons: int) -> None:
    """One person at each site, and as many sites as persons: told how many there are in all, each site is one.

    Of 6 there are no more than 8, in whole bytes: no site can be of more than 3, where nothing is told either.
    """
    monkeypatch.setitem(globals(), "PERSONS", persons)
    made = Made()
    made.add("personer", range(PERSONS), (), statistic="count", group="deltager")
    for person in range(PERSONS):
        made.add("personer", [person], (), statistic="count", group="deltager", site=f"{person}", hidden=True)
    assert told(made, made.hidden)
    assert repaired(made.rows, made.hidden, made.register, FIVE) == {row.key for row in made.rows}
    assert not told(made, {row.key for row in made.rows})


@pytest.mark.parametrize("limit", ["MOST_OF_ALL", "_ANEW"])
@pytest.mark.parametrize("family", LEDGERS)
def test_when_its_work_has_come_to_its_limit_repair_hides_enough(
    family: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proofs are looked for, from the first cell on; or weeks hide with those around them from the second on."""
    monkeypatch.setattr(repair, limit, 0)
    made = LEDGERS[family]()
    assert not told(made, repaired(made.rows, made.hidden, made.register, FIVE))


def test_one_equal_set_is_chance_and_links_nothing() -> None:
    """3 of 50 in two measures that have nothing to do with each other, and everything else of them differs."""
    made = Made()
    for name, first, last in (("job", 3, 23), ("sport", 20, 47)):
        for answer, persons in (
            ("1", range(3)),
            ("2", range(first, last)),
            ("3", [*range(3, first), *range(last, 50)]),
        ):
            made.add(name, persons, range(50), group="deltager", subgroup=f"svar-{answer}", hidden=answer == "1")
    made.hidden |= {"job.deltager.subgroup=svar-2", "sport.deltager.subgroup=svar-2"}
    assert repaired(made.rows, made.hidden, made.register, FIVE) == made.hidden


@pytest.mark.parametrize("family", ["inside", "pairs of kin"])
def test_numbers_of_different_things_tell_nothing_of_each_other_where_they_are_few(family: str) -> None:
    made = LEDGERS[family]()
    made.register.rests_on = {}
    assert not told(made, made.hidden)
    assert repaired(made.rows, made.hidden, made.register, FIVE) == made.hidden


def test_a_row_hides_with_what_it_is_made_of() -> None:
    made = Made()
    key = made.add("job", range(3), range(50), group="deltager", hidden=True)
    row = Estimate(key="job.over", measure="job", statistic="over", unit=Unit.PCT_POINT, population="alle", value=1.0)
    made.rows.append(row)
    made.register.add(row, made_of(key))
    assert repaired(made.rows, made.hidden, made.register, FIVE) == {key, "job.over"}


def test_where_no_row_is_enough_alone_one_hides_for_each_proof() -> None:
    """3 at a site: all less the other sites, and its n less those without. One row of each must hide, and no more."""
    made = Made()
    made.add("job", [*range(3), *range(100, 120), *range(200, 230)], range(300), group="deltager")
    for site, first, count in (("a", 0, 3), ("b", 100, 20), ("c", 200, 30)):
        among = range(first, first + 100)
        made.add("job", range(first, first + count), among, group="deltager", site=site, hidden=site == "a")
        made.add("uden", range(first + count, first + 100), (), statistic="count", group="deltager", site=site)
        made.add("personer", among, (), statistic="count", group="deltager", site=site)
        made.add("fulgt", among, (), statistic="count", group="deltager", site=site)
    hidden = repaired(made.rows, made.hidden, made.register, FIVE)
    assert not told(made, hidden)
    more = {key.split(".")[0] for key in hidden - made.hidden}
    assert more == {"job", "uden"}
    assert len(hidden - made.hidden) <= 4  # a share hides with the number of those without it
