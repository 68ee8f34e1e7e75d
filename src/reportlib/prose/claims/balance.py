"""Are the groups alike at entry? One joint test decides; single differences are counted against chance."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import count_text, list_text, number_text, p_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.chance import expected_by_chance
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.words import TrialWords
from reportlib.text.origin import count_of

BALANCE = WordingTable(
    "balance",
    Wording(
        "alike-random",
        "randomised, joint test not significant",
        "En samlet test af {tests} viser ingen statistisk signifikant forskel mellem grupperne ved start ({p}). Det "
        "er, hvad man må vente, når der er trukket lod.",
    ),
    Wording(
        "alike",
        "not randomised, joint test not significant",
        "En samlet test af {tests} viser ingen statistisk signifikant forskel mellem grupperne ved start ({p}). "
        "Grupperne kan dog stadig være forskellige på forhold, der ikke er målt.",
    ),
    Wording(
        "differ-random",
        "randomised, joint test significant",
        "En samlet test af {tests} viser en statistisk signifikant forskel mellem grupperne ved start ({p}). Selv om "
        "der er trukket lod, er grupperne altså ikke helt ens.",
    ),
    Wording(
        "differ",
        "not randomised, joint test significant",
        "En samlet test af {tests} viser en statistisk signifikant forskel mellem grupperne ved start ({p}). En "
        "sammenligning af grupperne skal derfor tage højde for deres baggrund.",
    ),
    Wording("untested", "there is no joint p-value", "Det er ikke testet, om grupperne er ens ved start."),
)
SINGLE = WordingTable(
    "balance-single",
    Wording(
        "some",
        "single tests are significant",
        "Enkeltvis er {count} statistisk signifikant{plural} ({names}). Af {tests} test vil i gennemsnit {expected} "
        "være det ved et rent tilfælde.",
    ),
)


def balance_verdict(joint: Estimate, tests: int, *, words: TrialWords, different: Sequence[str] = ()) -> Claim:
    """The verdict of the joint test of `tests` background variables; `different` names those significant one by one."""
    hidden = hidden_claim("balancen mellem grupperne", [joint], words) if joint.hidden else None
    if hidden is not None:
        return hidden
    what = count_text(tests, "baggrundsforhold")
    if joint.p is None:
        return BALANCE.choose("untested", [joint])
    wording = "differ" if joint.p < words.level else "alike"
    claim = BALANCE.choose(
        f"{wording}-random" if words.design.random_allocation else wording,
        [joint],
        tests=what,
        p=p_text(joint.p, level=words.level),
    )
    if not different:
        return claim
    single = SINGLE.choose(
        "some",
        (),
        count=count_text(count_of(different), "forskel"),
        plural="e" if len(different) > 1 else "",
        names=list_text(different),
        tests=number_text(tests),
        expected=expected_by_chance(tests, words.level),
    )
    return claim.then(single)
