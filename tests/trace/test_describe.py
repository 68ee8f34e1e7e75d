"""What is said of a number: its statistic and subgroup in words, and of a number that no ledger row holds."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from reportlib.ledger import PLAIN_STATISTICS, Estimate, Measure
from reportlib.numbers.describe import STATISTICS, counts, other_text, subgroup_words, where
from reportlib.text.origin import derived, setting
from reportlib.text.units import Unit
from reportlib.trial.model import Trial
from reportlib.trial.project import find_project

ROOT = Path(__file__).parents[2]
ANALYSES = sorted((ROOT / "src" / "reportlib" / "analysis").glob("*.py"))


@dataclass(frozen=True)
class Nothing:
    """An account without rows and facts."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, Estimate] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    subgroups: dict[str, str] = field(default_factory=dict)


def row(measure: str, subgroup: str, *, population: str = "deltagerne") -> Estimate:
    return Estimate(
        key=f"{measure}.{subgroup}", measure=measure, statistic="mean", unit=Unit.COUNT, group="deltager",
        subgroup=subgroup, population=population, value=1.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trials() -> dict[str, Trial]:
    project = find_project(ROOT)
    names = ("jobfirst", "jobgaranti", "paa-rette-vej", "social-stoette", "udvikling-i-fleksjob")
    return {name: project.trial(name) for name in names}


def test_a_setting_is_told_in_words() -> None:
    text = other_text(setting("design.level"), Nothing())
    assert text == "Fastlagt i rapportens opsætning: signifikansniveau."


def test_a_setting_without_words_is_told_with_its_place() -> None:
    assert other_text(setting("noget.andet"), Nothing()) == "Fastlagt i rapportens opsætning: noget.andet."


def test_every_statistic_that_an_analysis_writes_has_danish_words() -> None:
    said = re.compile(r'(?:statistic=|accounts\.add\(\s*|self\._add\(\s*)"([a-z_]+)"')
    written = {name for source in ANALYSES for name in said.findall(source.read_text("utf-8"))}
    assert {"accumulated", "contrast", "net", "break_even"} <= written
    assert written - set(STATISTICS) - PLAIN_STATISTICS == set()


def test_no_statistic_has_words_that_no_analysis_writes() -> None:
    """`sites_red` is written as `f"sites_{light}"`: what stands in braces may be any word."""
    nodes = [node for source in ANALYSES for node in ast.walk(ast.parse(source.read_text("utf-8")))]
    names = {node.value for node in nodes if isinstance(node, ast.Constant)}
    forms = {
        "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in node.values)
        for node in nodes
        if isinstance(node, ast.JoinedStr)
    }
    made = re.compile("|".join(form for form in forms if re.match(r"[a-z]+_", form)))
    assert [name for name in STATISTICS if name not in names and not made.fullmatch(name)] == []


def test_every_way_of_making_a_number_has_danish_words() -> None:
    sources = (ROOT / "src" / "reportlib").rglob("*.py")
    ways = {name for source in sources for name in re.findall(r'derived\("([a-z]+)"', source.read_text("utf-8"))}
    assert "relativt" in ways
    assert all(other_text(derived(way, ["a"]), Nothing())[0].isupper() for way in ways)
    assert not [way for way in ways if other_text(derived(way, ["a"]), Nothing()).lower() == f"{way}."]


@pytest.mark.parametrize(
    ("trial", "measure", "subgroup", "words"),
    [
        ("jobfirst", "baggrund", "job_seneste_aar", "personer med ordinære timer i det seneste år"),
        ("jobfirst", "ordinaere-timer", "25-37", "25–37"),
        ("jobgaranti", "aktiv", "tilskrevet:25", "25\u00a0pct. tilskrevet indsatsen"),
        ("paa-rette-vej", "timer-ialt", "koen:Mand", "mændene"),
        ("paa-rette-vej", "timer-ialt", "koen", "delt efter kønnet"),
        ("paa-rette-vej", "baggrund", "koen:Mand", "køn: mand"),
        ("paa-rette-vej", "cost-benefit", "tax_distortion", "skatteforvridningen"),
        ("paa-rette-vej", "cost-benefit", "stat:skat", "staten, skat af arbejdet"),
        ("paa-rette-vej", "glad", "praktik:Ja:svar-4", "svaret ”i høj grad”"),
        ("social-stoette", "trivsel", "antal3", "tre målinger"),
        ("social-stoette", "trivsel", "mindst-to", "mindst to målinger"),
        ("social-stoette", "varighed", "fase:1:svar-30", "svaret ”under en time”"),
        ("social-stoette", "kontakt", "fase:1:svar-30", "svaret ”sjældnere”"),
        ("udvikling-i-fleksjob", "afgang-2", "uden-kontrol", "uden kontrol for baggrund"),
        (
            "udvikling-i-fleksjob", "timeaendring-uge26-3a", "foer:mand",
            "sammenlignet med deltagende jobcentre året før, mænd",
        ),
    ],
)  # fmt: skip
def test_a_subgroup_is_called_what_the_trial_calls_it(
    trials: dict[str, Trial], trial: str, measure: str, subgroup: str, words: str
) -> None:
    assert subgroup_words(row(measure, subgroup), {}, trials[trial]) == words


@pytest.mark.parametrize(
    ("trial", "measure", "subgroup"),
    [
        ("social-stoette", "kontakt", "fase:1"),
        ("social-stoette", "personer", "i-dream"),
        ("udvikling-i-fleksjob", "personer", "maalgruppe-1a"),
    ],
)
def test_a_subgroup_that_the_population_names_is_not_named_again(
    trials: dict[str, Trial], trial: str, measure: str, subgroup: str
) -> None:
    assert subgroup_words(row(measure, subgroup), {}, trials[trial]) == ""


def test_a_count_is_told_only_where_the_number_is_its_share() -> None:
    asked = Estimate(
        key="krav.deltager",
        measure="krav",
        statistic="share",
        unit=Unit.PCT,
        group="deltager",
        value=25.0,
        k=5,
        n=20,
        population="",
    )
    assert counts(asked) == "5\u00a0af\u00a020"
    mean_of_shares = replace(asked, statistic="mean", value=94.0)
    assert counts(mean_of_shares) == "n\u00a0=\u00a020"


def test_a_subgroups_id_is_told_only_where_nobody_has_named_it() -> None:
    one = row("timer", "koen:Mand")
    assert where(one, {one.key: "mændene"}) == "deltagerne, mændene"
    assert where(one, {}) == "deltagerne"
    assert where(one) == "deltagerne, koen:Mand"
