"""What is said of a number: its statistic and subgroup in words, and of a number that no ledger row holds."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sentences import HOW, as_read, kept_beside

from reportlib.ledger import PLAIN_STATISTICS, Estimate, Measure
from reportlib.numbers import describe
from reportlib.numbers.describe import (
    DERIVED,
    METHODS,
    PARTS,
    STATISTICS,
    counts,
    other_text,
    row_text,
    setting_words,
    spread,
    subgroup_names,
    subgroup_words,
    what,
    where,
)
from reportlib.text.origin import AXIS, Kind, Origin, derived, setting
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


ASKED = Measure(id="krav", label="Krav nået", unit=Unit.PCT, definition="Andel, der når kravet", source="egne udtræk.")
SHARE = Estimate(
    key="krav.deltager.uge35", measure="krav", statistic="share", unit=Unit.PCT, group="deltager", time="uge35",
    population="deltagerne", window="uge 35 efter start", data_date="2026-03-02", value=25.0, k=5, n=20,
    ci_low=8.66, ci_high=49.1,
)  # fmt: skip


def text(row: Estimate, part: str = "value", **given: Any) -> str:
    return row_text(row, ASKED, part, level=0.05, **given).replace("\u00a0", " ")


def test_all_that_is_said_of_a_number_by_its_row() -> None:
    assert text(SHARE) == (
        "Krav nået. Andel, der når kravet. Gælder deltagerne, uge 35 efter start; 5 af 20; "
        "95 pct.-konfidensinterval 8,7–49,1. Kilde: Egne udtræk, opgjort 2.3.2026."
    )
    assert text(SHARE, "ci_low").startswith("Nedre grænse i konfidensintervallet: Krav nået. Andel")
    assert text(replace(SHARE, statistic="last_mean"), "n").startswith(
        "Antal i alt: Krav nået, gennemsnit ved den seneste måling. Andel"
    )


def test_what_a_row_does_not_have_is_not_said() -> None:
    bare = replace(SHARE, window="", data_date="", value=None, k=None, n=None, ci_low=None, ci_high=None)
    assert text(bare) == "Krav nået. Andel, der når kravet. Gælder deltagerne. Kilde: Egne udtræk."
    assert text(replace(bare, n=7)).split("Gælder ")[1] == "deltagerne; n = 7. Kilde: Egne udtræk."
    assert text(replace(bare, ci_low=1.0)) == text(bare)
    assert text(replace(bare, data_date="i foråret")).endswith("opgjort i foråret.")
    assert (
        text(replace(bare, site="øvrige:Ry", subgroup="ny"), named={})
        .split("Gælder ")[1]
        .startswith("deltagerne, de øvrige end Ry.")
    )
    assert (
        text(replace(bare, site="Ry", subgroup="ny"), named={bare.key: "de nye"})
        .split("Gælder ")[1]
        .startswith("deltagerne, Ry, de nye.")
    )


@pytest.mark.parametrize("statistic", sorted(PLAIN_STATISTICS - {"difference"}))
def test_a_share_a_mean_and_a_count_are_what_their_label_says(statistic: str) -> None:
    assert what(replace(SHARE, statistic=statistic), ASKED) == "Krav nået"
    assert what(replace(SHARE, statistic="ukendt"), ASKED) == "Krav nået, ukendt"


@pytest.mark.parametrize(
    ("unit", "printed"),
    [(Unit.PCT, "1,2–9,9"), (Unit.HOURS, "1,2–9,9"), (Unit.HAZARD_RATIO, "1,2–9,9"), (Unit.COUNT, "1–10")],
)
def test_an_interval_has_one_decimal_where_its_unit_has_any(unit: Unit, printed: str) -> None:
    assert spread(replace(SHARE, unit=unit, ci_low=1.231, ci_high=9.871)) == printed
    assert spread(replace(SHARE, ci_low=None)) == spread(replace(SHARE, ci_high=None)) == ""


def test_a_share_is_its_k_of_its_n_to_a_millionth_and_anything_else_is_not() -> None:
    third = replace(SHARE, k=1, n=3, value=100 / 3)
    assert counts(third) == counts(replace(third, value=100 / 3 + 5e-7)) == "1\u00a0af\u00a03"
    assert counts(replace(third, value=100 / 3 + 5e-6)) == counts(replace(third, unit=Unit.COUNT)) == "n\u00a0=\u00a03"
    assert counts(replace(third, k=None)) == counts(replace(third, value=None)) == "n\u00a0=\u00a03"
    assert counts(replace(third, n=None)) == "" and counts(replace(third, n=0)) == "n\u00a0=\u00a00"


def known() -> Nothing:
    rows = {
        f"krav.deltager.uge{week}": replace(SHARE, key=f"krav.deltager.uge{week}", window=f"uge {week}", site="Ry")
        for week in (1, 2, 3)
    }
    facts = {"behov": {"label": "Behov for personer", "source": "egen beregning"}, "navnløs": {"source": "egne tal"}}
    return Nothing(facts=facts, rows=rows, measures={"krav": ASKED})


@pytest.mark.parametrize(
    ("made_of", "said"),
    [
        (["krav.deltager.uge1"], "Sum af tal i regnskabet: Krav nået (deltagerne, uge 1, Ry)."),
        (
            ["krav.deltager.uge1", "krav.deltager.uge2"],
            "Sum af tal i regnskabet: Krav nået (deltagerne, uge 1, Ry); Krav nået (deltagerne, uge 2, Ry).",
        ),
        (
            ["krav.deltager.uge1", "krav.deltager.uge2", "krav.deltager.uge3"],
            "Sum af tal i regnskabet: Krav nået (deltagerne, uge 1, Ry) til Krav nået (deltagerne, uge 3, Ry).",
        ),
        (["krav.deltager.uge1"] * 3, "Sum af tal i regnskabet: Krav nået (deltagerne, uge 1, Ry)."),
        (["krav"], "Sum af tal i regnskabet: Krav nået."),
        (["noget"], "Sum af tal i regnskabet."),
    ],
)
def test_a_derived_number_tells_what_it_is_made_of(made_of: list[str], said: str) -> None:
    assert other_text(derived("sum", made_of), known()) == said


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin("behov", kind=Kind.FACT), "Behov for personer. Kilde: Egen beregning."),
        (Origin("navnløs", kind=Kind.FACT), "Navnløs. Kilde: Egne tal."),
        (Origin("deltagere.csv", kind=Kind.FILE), "Rækker i udtrækket deltagere.csv."),
        (AXIS, "Tal på en akse."),
        (Origin("x", kind=Kind.METHOD), "Fast tal i metoden (x)."),
        (Origin("x", kind=Kind.TEXT), ""),
        (Origin("x", kind=Kind.REFERENCE), ""),
    ],
)
def test_what_is_said_of_a_number_of_no_row(origin: Origin, said: str) -> None:
    assert other_text(origin, known()) == said


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("elements.jobmaal.components.jobmaal.target.green", "grænse for grønt"),
        ("prices.2.paid_by.kommune", "fordeling mellem kasserne"),
        ("due.2", "andel, der tilskrives indsatsen"),
        ("target", ""),
        ("paid_by.a.b", ""),
    ],
)
def test_a_setting_is_known_by_the_last_names_of_its_place(place: str, words: str) -> None:
    assert setting_words(place) == words


@pytest.mark.parametrize(
    ("subgroup", "words"),
    [
        ("samfund", "samfundet"),
        ("offentlig:praktik", "det offentlige, virksomhedspraktik"),
        ("kommune:samtaler", "kommunen, samtaler"),
        ("region", "regionen"),
        ("stat", "staten"),
        ("price:produktion", "prisen på værdien af arbejdet"),
        ("quantity:praktik", "forskellen i uger i virksomhedspraktik"),
        ("quantity:i-arbejde", "forskellen i andel i arbejde uden ydelse"),
        ("discount_rate", "diskonteringsrenten"),
        ("net_tax_factor", "nettoafgiftsfaktoren"),
        ("skat", "skat af arbejdet"),
        ("noget", ""),
    ],
)
def test_the_accounts_are_called_what_trial_yml_calls_them(trials: dict[str, Trial], subgroup: str, words: str) -> None:
    assert subgroup_words(row("cost-benefit", subgroup), {}, trials["paa-rette-vej"]) == words


@pytest.mark.parametrize(
    ("subgroup", "words"),
    [
        ("0-5", "0–5"), ("7.5-37.5", "7.5–37.5"), ("25-", ""), ("-5", ""), ("5", ""), ("a-5", ""),
        ("antal2", "to målinger"), ("antalx", ""),
    ],
)  # fmt: skip
def test_bands_and_numbers_of_measurements(trials: dict[str, Trial], subgroup: str, words: str) -> None:
    assert subgroup_words(row("trivsel", subgroup), {}, trials["social-stoette"]) == words


def test_a_group_is_compared_by_the_measure_that_is_compared(trials: dict[str, Trial]) -> None:
    trial = trials["udvikling-i-fleksjob"]
    said = subgroup_words(row("timer", "foer:krav"), {"krav": ASKED}, trial)
    assert said == "sammenlignet med deltagende jobcentre året før, krav nået"
    assert subgroup_words(row("timer", "foer"), {}, trial) == "sammenlignet med deltagende jobcentre året før"


def test_only_rows_with_a_subgroup_that_has_words_are_named(trials: dict[str, Trial]) -> None:
    rows = [row("timer-ialt", "koen:Mand"), row("timer-ialt", ""), row("timer-ialt", "ukendt")]
    assert subgroup_names(rows, {}, trials["paa-rette-vej"]) == {"timer-ialt.koen:Mand": "mændene"}


def read() -> str:
    """Everything there are words for, as they were last read."""
    said = {f"statistic {name}": what(replace(SHARE, statistic=name), ASKED) for name in STATISTICS}
    said |= {f"part {name}": text(SHARE, name).partition(": ")[0] for name in PARTS}
    said |= {f"derived {name}": other_text(derived(name, []), Nothing()) for name in DERIVED}
    said |= {f"method {name}": other_text(Origin(name, kind=Kind.METHOD), Nothing()) for name in METHODS}
    settings = sorted(name for name in re.findall(r'"([\w.]+)": "', Path(describe.__file__).read_text("utf-8")))
    return as_read(said | {f"setting {name}": words for name in settings if (words := setting_words(name))})


def test_everything_is_called_what_it_was_called_when_last_read() -> None:
    assert kept_beside(__file__).read_text(encoding="utf-8") == read(), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(read(), encoding="utf-8")
