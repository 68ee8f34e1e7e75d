"""What a site's version is about: its own numbers beside all others', where it stands apart, three things to discuss.

Everything is chosen by the site's own verdicts: its interval against that of all others, against a target, against the
half. What its numbers cannot say, or may not show, is said once, as the third of the things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reportlib.danish import list_text, out_of_text, sentence
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import PERSONS
from reportlib.prose.estimate_text import tal
from reportlib.prose.implementation import far_from_target
from reportlib.prose.section_parts import measure_of, paragraphs
from reportlib.prose.site_claims import stands_apart
from reportlib.prose.summary import own_and_rest, own_lines
from reportlib.prose.sureness import Finds
from reportlib.prose.target_claims import share_against, target_text
from reportlib.prose.wording import OUT_OF_REGARD, Claim, Wording, WordingTable
from reportlib.prose.words import Cause, in_week, site_noun, trial_words
from reportlib.text.markup import escape, titled
from reportlib.text.origin import count_of
from reportlib.text.units import Unit
from reportlib.trial.analyses import Target
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

HALF = 50.0
"""Per cent: below this, with its whole interval, a part of the effort is called rare."""
_MOST_NAMED = 5
_MANY = 10
"""Of more numbers than these one may stand out by chance."""

STANDS_OUT = WordingTable(
    "stands-out",
    Wording(
        "apart",
        "numbers of the site are apart from those of all others, told by the side they are on",
        "{Site} skiller sig ud på {some}: {sides}.",
    ),
    Wording(
        "many",
        "so many are that only the furthest is told",
        "{Site} skiller sig ud på {some}, blandt andet *{label}*, {own} mod {rest} i de øvrige {sites}.",
    ),
    Wording(
        "none",
        "every interval of the site overlaps with that of all others",
        "{Site} skiller sig ikke ud fra de øvrige {sites} på {any} når der tages højde for usikkerheden.",
    ),
    Wording("hidden", "no number of the site may be shown", "Tallene for {Site} vises ikke {why}."),
    Wording("missing", "the site has nobody to measure, and nothing hides", "Tallene for {Site} er ikke opgjort."),
)
DISTANCE = WordingTable(
    "discuss-distance",
    Wording(
        "apart",
        "a number of the site is apart from that of all others",
        "**{Label}: {own} mod {rest} i de øvrige {sites}.** {Site} ligger {over} de øvrige, også når der tages højde "
        "for usikkerheden. Hvad gør {Site} anderledes?",
    ),
    Wording(
        "goal",
        "none is, and a share lies below its target with its whole interval",
        "**{Label}: {own} mod et mål på {target}.** Målet er ikke nået, heller ikke når der tages højde for "
        "usikkerheden. Hvad står i vejen?",
    ),
    Wording(
        "none",
        "neither",
        "**Forskellene til de øvrige {sites}.** Ingen af dem er større end den statistiske usikkerhed, så tallene "
        "peger ikke på ét sted at begynde. Hvor ser I selv noget at rette op på?",
    ),
    Wording(
        "hidden",
        "nothing of the site can be shown beside all others",
        "**Forskellene til de øvrige {sites}.** Dem kan rapporten ikke vise. Hvor tror I selv, at I skiller jer ud?",
    ),
    Wording(
        "chance",
        "more than ten comparisons, and no more stand out than chance makes",
        "Blandt {n} kan et enkelt skille sig ud ved et tilfælde.",
    ),
)
RARE = WordingTable(
    "discuss-rare",
    Wording(
        "rare",
        "a part of the effort lies below the half with its whole interval",
        "**Under halvdelen: {label}, {own}{goal}.** Det gælder også, når der tages højde for usikkerheden. "
        "{beside}Er det et valg, eller er der noget i vejen?",
    ),
    Wording(
        "never",
        "as above, and nobody has it",
        "**Slet ikke: {label}, {own}{goal}.** {beside}Er det et valg, eller er der noget i vejen?",
    ),
    Wording(
        "none",
        "no part does",
        "**Hvor udbredte er indsatsens dele?** Ingen af de dele, der kan vises for {Site}, ligger under halvdelen, når "
        "der tages højde for usikkerheden. Er der noget, I gerne vil gøre oftere?",
    ),
    Wording(
        "hidden",
        "no share of the effort may be shown",
        "**Hvor udbredte er indsatsens dele?** Det kan ikke vises for {Site}. Hvad siger jeres egne opgørelser?",
    ),
)
UNTOLD = WordingTable(
    "discuss-untold",
    Wording(
        "named",
        "few numbers are hidden",
        "**Det kan rapporten ikke vise: {labels}.** {Numbers} for {Site} er udeladt {why}. Hvad ved I selv om det?",
    ),
    Wording(
        "counted",
        "many are",
        "**Det kan rapporten ikke vise: {some}.** De er udeladt for {Site} {why}. Hvad ved I selv om det?",
    ),
    Wording(
        "effect",
        "none is hidden; randomised or quasi-experiment",
        "**Om indsatsen har virket bedre eller dårligere i {Site} end andre steder.** Det kan tallene fra {Site} ikke "
        "vise: Resultatet gælder {undertaking} som helhed. Hvad taler for, at det er anderledes hos jer?",
    ),
    Wording(
        "none",
        "none is hidden; nobody to compare with",
        "**Hvad indsatsen har betydet i {Site}.** Det kan tallene ikke vise, for der er ingen sammenligningsgruppe. "
        "Hvad ser I selv?",
    ),
)


@dataclass(frozen=True, slots=True)
class Own:
    """One number of a site beside that of all others; `effort` is a part of the effort, `target` its target if any."""

    measure: MeasureSpec
    row: Estimate
    rest: Estimate
    label: str
    effort: bool
    target: Target | None = None

    @property
    def known(self) -> bool:
        """True when both numbers may be shown."""
        return self.row.value is not None and self.rest.value is not None

    @property
    def apart(self) -> bool:
        """True when both may be shown and their intervals do not overlap."""
        return self.known and stands_apart(self.row, self.rest)

    def text(self, row: Estimate) -> str:
        """The site's number or the others', on its side of the target."""
        return tal(row) if self.target is None else share_against(row, self.target)

    def below(self, limit: float) -> bool:
        """True when the site's share lies below with its whole interval."""
        return self.row.unit is Unit.PCT and self.row.ci_high is not None and self.row.ci_high < limit


def own_numbers_of(ledger: Ledger, trial: Trial, site: str) -> list[Own]:
    """The site's numbers as `sites.own` in trial.yml lists them, and the elements' components; each once."""
    listed, targets = trial.sites.own, trial.targets
    results, week = ((), None) if listed is None else (listed.results, listed.week)
    found = []
    for name in dict.fromkeys([*(() if listed is None else listed.measures), *targets]):
        measure = measure_of(trial, name)
        row, rest = own_and_rest(ledger, trial, name, site, week)
        moment = f" {in_week(measure, week)}" if measure.is_panel and week is not None else ""
        label = f"{escape(measure.label)}{moment}"
        found.append(Own(measure, row, rest, label, effort=name not in results, target=targets.get(name)))
    return found


def _widest(found: Sequence[Own], gap: dict[str, float]) -> Own:
    """Of the shares the one with the largest gap; of other units, which cannot be ranked together, the first."""
    shares = [one for one in found if one.row.unit is Unit.PCT]
    return max(shares, key=lambda one: gap[one.measure.id]) if shares else found[0]


def _furthest_apart(found: Sequence[Own]) -> Own | None:
    """What is apart from all others by most, results before the effort; None where nothing is."""
    apart = [one for one in found if one.apart]
    first = [one for one in apart if not one.effort] or apart
    return _widest(first, {one.measure.id: abs(one.row.number - one.rest.number) for one in first}) if first else None


def stands_out(ledger: Ledger, trial: Trial, site: str, told: Sequence[str] = ()) -> Claim | None:
    """On how many of its numbers the site is apart from all others; None where trial.yml names none.

    The one that stands with its numbers is, where it can be, of another measure than those `told` before.
    """
    found = own_numbers_of(ledger, trial, site)
    if not found:
        return None
    known = [one for one in found if one.known]
    apart = [one for one in known if one.apart]
    words: dict[str, str] = {"Site": escape(site), "sites": site_noun(trial).many, "why": OUT_OF_REGARD}
    if not known:
        hides = any(row.hidden for one in found for row in (one.row, one.rest))
        return STANDS_OUT.choose("hidden" if hides else "missing", [one.row for one in found], **words)
    rows = [row for one in known for row in (one.row, one.rest)]
    n, k = (count_of([one.row for one in some]) for some in (known, apart))
    first = _furthest_apart([one for one in known if one.measure.id not in told]) or _furthest_apart(known)
    if first is None:
        any_of = f"nogen af de {number_of(n)}, der kan sammenlignes," if n > 1 else "det tal, der kan sammenlignes,"
        return STANDS_OUT.choose("none", rows, any=any_of, **words)
    return STANDS_OUT.choose(
        "apart" if len(apart) <= _MOST_NAMED else "many",
        rows,
        some=out_of_text(k, n, "tal"),
        sides=_by_side(apart, words["sites"]),
        label=first.label,
        own=first.text(first.row),
        rest=first.text(first.rest),
        **words,
    )


def _by_side(apart: Sequence[Own], sites: str) -> str:
    """`over de øvrige kommuner på *A* (100 pct. mod 76 pct.) og under på *B* (83 pct. mod 91 pct.)`."""
    told: list[str] = []
    for side, above in (("over", True), ("under", False)):
        found = [one for one in apart if (one.row.number > one.rest.number) is above]
        where = f"{side} de øvrige {sites}" if not told else side
        named = [f"*{one.label}* ({one.text(one.row)} mod {one.text(one.rest)})" for one in found]
        told += [f"{where} på {list_text(named)}"] if named else []
    return ", og ".join(told) if any(" og " in one for one in told) else list_text(told)


def number_of(count: int) -> str:
    """`fem tal`, `23 tal`."""
    return out_of_text(count, count, "tal").removeprefix("alle ").removeprefix("begge ")


def front(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """A site's own numbers beside all others', and three things to discuss; empty for the whole trial.

    The numbers are those that `sites.own` in trial.yml lists.
    """
    if site is None:
        return ""
    listed = trial.sites.own
    numbers = "" if listed is None else own_lines(ledger, trial, listed.measures, site=site, week=listed.week)
    things = [f"{place}. {text}" for place, text in enumerate(discuss(ledger, trial, site), start=1)]
    return paragraphs(
        f"::: {{.boks .fremhaev {titled(f'{site} og de øvrige {site_noun(trial).many}')}}}",
        _from(ledger, trial, site),
        numbers,
        far_from_target(ledger, trial, site),
        ":::",
        "## Tre ting at drøfte {.unnumbered .unlisted}",
        "\n".join(things),
        f"Hvor {escape(site)} ikke er nævnt, gælder tallene i rapporten hele {trial.design.undertaking}.",
    )


def _from(ledger: Ledger, trial: Trial, site: str) -> str:
    """`Fra Aarhus kommer 260 af 1.742 personer i deltagergruppen.` Empty where it hides: the chapter on data tells."""
    group = trial.groups.treated
    own, whole = (ledger.get(make_key(PERSONS, statistic="count", group=group.id, site=place)) for place in (site, ""))
    if own is None or whole is None or own.value is None or whole.value is None:
        return ""
    where = f" i {group.label}" if len(trial.every_group) > 1 else ""
    return f"Fra {escape(site)} kommer {tal(own)} af {tal(whole)} personer{where}."


def discuss(ledger: Ledger, trial: Trial, site: str) -> list[str]:
    """Three things the site's numbers raise: a distance, a part of the effort that is rare, what cannot be told."""
    found = own_numbers_of(ledger, trial, site)
    words: dict[str, str] = {"Site": escape(site), "sites": site_noun(trial).many}
    first = _furthest_apart([one for one in found if one.known])
    distance = _distance(found, first, words, trial.design.level)
    unwanted = _expected_rare(trial)
    rare = [one for one in found if one is not first and one.measure.id not in unwanted]
    return [distance, _rare(rare, words), _untold(found, trial, words)]


def _expected_rare(trial: Trial) -> set[str]:
    """The measures that an expectation in trial.yml says there should be less of: that they are rare is no question."""
    bears = [pair for one in trial.hypotheses for pair in one.bears.items()]
    return {name.split(".")[0] for name, wanted in bears if wanted == Finds.DOWN.value}


def _distance(found: Sequence[Own], first: Own | None, words: dict[str, str], level: float) -> str:
    known = [one for one in found if one.known]
    if first is not None:
        over = "over" if first.row.number > first.rest.number else "under"
        claim = DISTANCE.choose(
            "apart",
            [first.row, first.rest],
            Label=first.label,
            own=first.text(first.row),
            rest=first.text(first.rest),
            over=over,
            **words,
        )
        n = count_of([one.row for one in known])
        if n > _MANY and sum(one.apart for one in known) <= ceil(n * level):
            claim = claim.then(DISTANCE.choose("chance", (), n=number_of(n)))
        return claim.text
    short = [
        one for one in found if one.target is not None and one.row.value is not None and one.below(one.target.green)
    ]
    if short:
        far = _widest(short, {one.measure.id: one.target.green - one.row.number for one in short if one.target})
        assert far.target is not None
        return DISTANCE.choose(
            "goal", [far.row], Label=far.label, own=far.text(far.row), target=target_text(far.target)
        ).text
    return DISTANCE.choose("none" if known else "hidden", [one.row for one in known or found], **words).text


def _rare(found: Sequence[Own], words: dict[str, str]) -> str:
    parts = [one for one in found if one.effort and one.row.unit is Unit.PCT and one.row.value is not None]
    rare = [one for one in parts if one.below(HALF)]
    if not rare:
        return RARE.choose("none" if parts else "hidden", [one.row for one in parts], **words).text
    least = min(rare, key=lambda one: one.row.number)
    goal = f" mod et mål på {target_text(least.target)}" if least.target is not None else ""
    beside = (
        sentence(f"I de øvrige {words['sites']} er det {least.text(least.rest)}")
        if least.rest.value is not None
        else ""
    )
    return RARE.choose(
        "rare" if least.row.number else "never",
        [least.row],
        label=least.label,
        own=least.text(least.row),
        goal=goal,
        beside=beside and f"{beside} ",
    ).text


def _untold(found: Sequence[Own], trial: Trial, words: dict[str, str]) -> str:
    hidden = [one for one in found if one.row.hidden]
    if not hidden:
        cause = trial_words(trial).design.cause
        wording = "none" if cause is Cause.NONE else "effect"
        return UNTOLD.choose(wording, (), undertaking=trial.design.undertaking, **words).text
    rows = [one.row for one in hidden]
    labels = list_text([one.label for one in hidden])
    some = out_of_text(count_of(rows), count_of([one.row for one in found]), "tal")
    wording = "named" if len(hidden) <= _MOST_NAMED else "counted"
    numbers = "Tallet" if len(hidden) == 1 else "Tallene"
    return UNTOLD.choose(wording, rows, labels=labels, some=some, Numbers=numbers, why=OUT_OF_REGARD, **words).text
