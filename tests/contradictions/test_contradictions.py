"""Contradictions of published reports replayed: each is refused by the library or reported by the check."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
import yaml
from claim_rows import HOURS_SHARE, RANDOMISED, difference, gap, share

from reportlib.analysis.ledger_builder import InconsistentRowError, LedgerBuilder
from reportlib.danish import (
    WordNotAllowedError,
    about_text,
    number_text,
    parse_number,
    round_half_up,
    sums_as_printed,
)
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.contradictions import contradictions
from reportlib.ledger.digits import decimals_apart
from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import check_labels, check_structure, wrong_words
from reportlib.prose.effect_claims import effect_at
from reportlib.prose.estimate_text import exact_value
from reportlib.prose.site_claims import SiteTest, effects_by_site, ranking, tied_groups
from reportlib.prose.wording import verdict
from reportlib.prose.words import ControlGroupWordError, DesignWords, GroupWords, check_group_words
from reportlib.text.units import Unit, UnitMismatchError, unit_of_difference
from reportlib.trial.design import Kind

CASES = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))


def decimals(text: str) -> int:
    return len(text.partition(",")[2])


def score(value: str, key: str) -> Estimate:
    return Estimate(
        key=key,
        measure=key,
        statistic="mean",
        unit=Unit.SCORE,
        population="alle",
        value=float(parse_number(value)),
        n=99,
    )


def rounds(case: dict[str, Any]) -> bool:
    """The value that prints as `fine` does not print as `coarse`: a report prints one stored value."""
    return round_half_up(parse_number(case["fine"]), decimals(case["coarse"])) != parse_number(case["coarse"])


def same(case: dict[str, Any]) -> bool:
    """Two prints of one row are one text, because both come from `exact_value`."""
    row = score(case["first"], "a")
    return round_half_up(exact_value(row)) != parse_number(case["second"])


def mixed(case: dict[str, Any]) -> bool:
    """Numbers in one comparison get one number of decimals."""
    rows = [score(case[side], side) for side in ("first", "second")]
    return decimals(case["first"]) != decimals(case["second"]) and len(set(decimals_apart(rows, None, level=0.05))) == 1


def whole_number_of(case: dict[str, Any]) -> bool:
    """No whole number of persons (or not the one counted) gives the printed per cent."""
    printed, n = parse_number(case["printed"]), case["n"]
    possible = [k for k in range(n + 1) if round_half_up(Decimal(100 * k) / n, decimals(case["printed"])) == printed]
    return not possible or ("k" in case and case["k"] not in possible)


def refused_by_ledger(case: dict[str, Any]) -> bool:
    builder = LedgerBuilder([Measure(id="m", label="M", unit=Unit.PCT, definition="d", source="s")])
    with pytest.raises(InconsistentRowError):
        builder.add(
            measure="m",
            statistic="share",
            population="alle",
            value=100 * case["k"] / case["n"],
            k=case["k"],
            n=case["n"],
        )
    return True


def wrong_difference(case: dict[str, Any]) -> bool:
    first, second = parse_number(case["first"]), parse_number(case["second"])
    return first - second != parse_number(case["printed"])


def wrong_relative(case: dict[str, Any]) -> bool:
    ratio = parse_number(case["first"]) / parse_number(case["second"])
    return round_half_up(abs(ratio - 1) * 100) != parse_number(case["printed"])


def wrong_ratio(case: dict[str, Any]) -> bool:
    ratio = parse_number(case["first"]) / parse_number(case["second"])
    return round_half_up(ratio, decimals(case["printed"])) != parse_number(case["printed"])


def wrong_sum(case: dict[str, Any]) -> bool:
    return not sums_as_printed(case["parts"], case["printed"])


def wrong_total(case: dict[str, Any]) -> bool:
    """A whole lies between the least and the greatest of its parts."""
    parts = [parse_number(part) for part in case["parts"]]
    return not min(parts) <= parse_number(case["printed"]) <= max(parts)


def wrong_word(case: dict[str, Any]) -> bool:
    told = f"{case['phrase']} af deltagerne ({number_text(case['share'], 1)} pct.)"
    return [why for _, why in wrong_words(told, None)] != []


def wrong_about(case: dict[str, Any]) -> bool:
    with pytest.raises(WordNotAllowedError):
        about_text(case["value"], case["round"], Unit.PCT)
    return True


def wrong_unit(case: dict[str, Any]) -> bool:
    with pytest.raises(UnitMismatchError):
        unit_of_difference(Unit(case["one"]), Unit(case["two"]))
    return True


def two_meanings(case: dict[str, Any]) -> bool:
    common = {"population": "alle", "window": "hele perioden", "data_date": "2019-01-31"}
    texts = {"definition": "d", "source": "s"}
    rows, measures = {}, {}
    for name, changed in (("a", case["one"]), ("b", case["two"])):
        row = {**common, **{key: value for key, value in changed.items() if key in common}}
        text = {**texts, **{key: value for key, value in changed.items() if key in texts}}
        rows[name] = Estimate(key=name, measure=name, statistic="share", unit=Unit.PCT, value=1.0, **row)
        measures[name] = Measure(id=name, label=case["label"], unit=Unit.PCT, **text)
    account = Account(
        header={"level": 0.05, "sites": []}, numbers=[], rows=rows, measures=measures, facts={}, settings={}, texts=[],
        dates=[],
    )  # fmt: skip
    return len(list(check_labels(account))) == 1


def wrong_evidence(case: dict[str, Any]) -> bool:
    half = NormalDist().inv_cdf(0.975) * case["se"]
    value = case["value"]
    row = difference(value, case["se"])
    row = Estimate(**{**{f: getattr(row, f) for f in row.__dataclass_fields__}, "p": case["p"], "df": 1e6})
    assert row.ci_high == pytest.approx(value + half)
    return any("gives p" in message for message in contradictions(row, 0.05, rounded=True))


def not_called_an_effect(case: dict[str, Any]) -> bool:
    row = difference(case["value"], case["se"])
    if "tests" in case:
        tests = [
            SiteTest(f"K{n}", row, p_adjusted=min(1.0, (row.p or 0) * case["tests"])) for n in range(case["tests"])
        ]
        return "ikke sikker" in effects_by_site(tests, words=RANDOMISED).text
    treated, comparison = share(40, 200), share(39, 200, group="kontrol")
    claim = effect_at(treated, comparison, gap(treated, comparison, case["se"]), outcome=HOURS_SHARE, words=RANDOMISED)
    return not verdict(row, 0.05).significant and ("ikke sikker" in claim.text or "ingen sikker" in claim.text)


def called_an_effect(case: dict[str, Any]) -> bool:
    """A significant difference is not told as none."""
    return verdict(difference(case["value"], case["se"]), 0.05).value == "down"


def wrong_order(case: dict[str, Any]) -> bool:
    rows = [("Den ene", score(case["more"], "a")), ("Den anden", score(case["less"], "b"))]
    return tied_groups(rows)[0][0][0] == "Den anden"


def tie_is_told(case: dict[str, Any]) -> bool:
    rows = [(f"Punkt {place}", score(value, str(place))) for place, value in enumerate(case["values"])]
    text = ranking(rows, noun="betydningen").text
    return "Punkt 0" in text and "Punkt 1" in text


def overlapping(case: dict[str, Any]) -> bool:
    (_, first_high), (second_low, _) = case["bands"]
    return second_low < first_high


def no_control_group(case: dict[str, Any]) -> bool:
    with pytest.raises(ControlGroupWordError):
        check_group_words(
            GroupWords("deltagergruppen", case["group"], "deltagerne", "personerne"), DesignWords(Kind.QUASI_EXPERIMENT)
        )
    return True


def wrong_number_of_part(case: dict[str, Any]) -> bool:
    return bool(list(check_structure([Block(Role.CAPTION, text, 1) for text in case["parts"]], ["Kapitel"])))


RULES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "rounds": rounds, "same": same, "mixed": mixed, "share": whole_number_of, "ledger": refused_by_ledger,
    "difference": wrong_difference, "relative": wrong_relative, "ratio": wrong_ratio, "sum": wrong_sum,
    "total": wrong_total, "word": wrong_word, "about": wrong_about, "unit": wrong_unit, "meaning": two_meanings,
    "evidence": wrong_evidence, "verdict": not_called_an_effect, "verdict-missed": called_an_effect,
    "order-of": wrong_order, "tie": tie_is_told, "bands": overlapping, "control": no_control_group,
    "order": wrong_number_of_part,
}  # fmt: skip


def test_at_least_sixty_are_replayed() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_published_contradiction_is_refused_or_reported(case: dict[str, Any]) -> None:
    assert RULES[case["rule"]](case)
