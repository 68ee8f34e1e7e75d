"""The twelve classes of error found in published reports: each is planted and seen refused or reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from claim_rows import HOURS_SHARE, RANDOMISED, difference, gap, share
from finished_reports import Finished

from reportlib.analysis.ledger_builder import InconsistentRowError, LedgerBuilder
from reportlib.engine.qmd import read_document
from reportlib.engine.sources import check_document
from reportlib.ledger import Ledger, Measure
from reportlib.ledger.contradictions import contradictions
from reportlib.numbers.blocks import Block, Reading, Role
from reportlib.numbers.breaks import Kind, check_labels, wrong_words
from reportlib.numbers.finished import check_reading
from reportlib.numbers.recompute import check_numbers
from reportlib.prose.effect_claims import effect_at
from reportlib.prose.words import (
    CausalWordError,
    ControlGroupWordError,
    DesignWords,
    check_causal_words,
    check_control_words,
)
from reportlib.text.origin import Origin
from reportlib.text.units import Unit, UnitMismatchError, unit_of_difference
from reportlib.trial.design import Kind as Design
from reportlib.trial.project import Project

pytestmark = pytest.mark.slow

KEY = "ordinaere-timer-andel.deltager.uge35"


def changed(finished: Finished, old: str, new: str, *, chapter: int) -> Reading:
    """The report with a text changed in one chapter."""
    done = False
    blocks: list[Block] = []
    for block in finished.html.blocks:
        if not done and block.chapter == chapter and block.role is Role.TEXT and old in block.text:
            block, done = replace(block, text=block.text.replace(old, new, 1)), True
        blocks.append(block)
    assert done
    return replace(finished.html, blocks=blocks)


def test_1_a_summary_with_another_number_than_its_chapter_is_reported(reports: dict[str, Finished]) -> None:
    finished = reports["Alle"]
    result = check_reading(changed(finished, "12\u00a0pct.", "13\u00a0pct.", chapter=1), finished.account)
    assert [found.kind for found in result.breaks] == [Kind.CHANGED]
    assert result.breaks[0].key == KEY


def test_2_a_share_that_is_not_its_k_of_n_is_refused() -> None:
    builder = LedgerBuilder([Measure(id="m", label="M", unit=Unit.PCT, definition="d", source="s")])
    with pytest.raises(InconsistentRowError, match="is not 115 of 540"):
        builder.add(measure="m", statistic="share", population="alle", value=22.0, k=115, n=540)


def test_3_a_numerator_outside_its_denominator_is_refused() -> None:
    builder = LedgerBuilder([Measure(id="m", label="M", unit=Unit.PCT, definition="d", source="s")])
    with pytest.raises(InconsistentRowError, match="not among"):
        builder.add(measure="m", statistic="share", population="alle", value=117.1, k=82, n=70)


def test_4_one_label_for_two_populations_is_reported(reports: dict[str, Finished]) -> None:
    account = reports["Alle"].account
    row = account.rows[KEY]
    twin = replace(row, key="tvilling.deltager.uge35", population="deltagere over 30 år")
    found = list(check_labels(replace(account, rows={**account.rows, twin.key: twin})))
    assert len(found) == 1 and "population" in found[0].message


def test_5_points_and_per_cent_cannot_be_mixed() -> None:
    with pytest.raises(UnitMismatchError):
        unit_of_difference(Unit.PCT, Unit.PCT_POINT)


def test_5_per_cent_printed_for_points_is_reported(reports: dict[str, Finished]) -> None:
    finished = reports["Alle"]
    result = check_reading(changed(finished, "5\u00a0procentpoint", "5\u00a0pct.", chapter=4), finished.account)
    assert [found.kind for found in result.breaks] == [Kind.UNIT]


def test_6_a_relative_change_that_its_numbers_do_not_give_is_reported(reports: dict[str, Finished]) -> None:
    account = reports["Alle"].account
    place = next(n for n, one in enumerate(account.numbers) if one.origin.ref.startswith("relativt("))
    numbers = list(account.numbers)
    numbers[place] = numbers[place]._replace(text="75\u00a0pct.")
    _, breaks = check_numbers(replace(account, numbers=numbers))
    assert [found.kind for found in breaks] == [Kind.RECOMPUTED]


def test_7_a_p_value_that_its_standard_error_does_not_give_is_reported() -> None:
    row = replace(difference(0.137, 0.081), p=0.942, df=1e6)
    assert any("gives p" in message for message in contradictions(row, 0.05, rounded=True))


def test_8_a_difference_that_may_be_nothing_is_not_told_as_an_effect() -> None:
    treated, comparison = share(40, 200), share(39, 200, group="kontrol")
    claim = effect_at(treated, comparison, gap(treated, comparison, 4.0), outcome=HOURS_SHARE, words=RANDOMISED)
    assert ("ikke sikker" in claim.text or "ingen sikker" in claim.text) and "effekten" not in claim.text


def test_8_causal_words_are_refused_where_the_design_shows_no_effects() -> None:
    with pytest.raises(CausalWordError):
        check_causal_words("Effekten er stor", DesignWords(Design.BEFORE_AFTER))


def test_9_two_definitions_of_one_label_are_reported(reports: dict[str, Finished]) -> None:
    account = reports["Alle"].account
    row, measure = account.rows[KEY], account.measures["ordinaere-timer-andel"]
    twin = replace(row, key="tvilling.deltager.uge35", measure="tvilling")
    other = replace(measure, id="tvilling", definition="Skala fra 1 (slet ikke)")
    wrong = replace(account, rows={**account.rows, twin.key: twin}, measures={**account.measures, "tvilling": other})
    assert ["definition" in found.message for found in check_labels(wrong)] == [True]


def test_10_typed_digits_unknown_keys_and_lost_references_are_told_with_file_and_line(
    project: Project, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("kilde") / "jobfirst.qmd"
    path.write_text(
        "# Resume\n\nDet er 12 pct. af dem.\n\n"
        '`{python} r["mentor.deltagr"]` og `{python} r.fakta("findes-ikke")`, jf. @fig-x.\n',
        encoding="utf-8",
    )
    found = check_document(read_document(path), trial=project.trial("jobfirst"), ledger=ledger)
    assert {(one.kind, one.place) for one in found} == {
        (Kind.UNTRACED, "jobfirst.qmd:3"), (Kind.UNKNOWN, "jobfirst.qmd:5"), (Kind.REFERENCE, "jobfirst.qmd:5"),
    }  # fmt: skip


def test_10_boxes_are_referred_to_as_figures_are(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "jobfirst.qmd"
    path.write_text(
        '# A\n\n::: {#boks-1 .boks title="T"}\nTekst\n:::\n\nSe @boks-1.\n\nSe @boks-2.\n', encoding="utf-8"
    )
    found = check_document(read_document(path), trial=project.trial("jobfirst"), ledger=None)
    lost = [(one.kind, one.place) for one in found if one.kind is not Kind.MISSING]
    assert lost == [(Kind.REFERENCE, "jobfirst.qmd:9")]


def test_10_the_report_s_own_sources_are_clean(project: Project, ledger: Ledger) -> None:
    document = read_document(project.document("jobfirst"), root=project.root)
    assert check_document(document, trial=project.trial("jobfirst"), ledger=ledger) == []


def test_10_a_reference_to_another_figure_is_reported(reports: dict[str, Finished]) -> None:
    finished = reports["Alle"]
    reference = next(one for one in finished.account.numbers if str(one.origin).startswith("henvisning:fig"))
    old = f"Figur\u00a0{reference.text}"
    result = check_reading(changed(finished, old, "Figur\u00a099", chapter=reference.chapter), finished.account)
    assert Kind.CHANGED in {found.kind for found in result.breaks}


def test_11_a_control_group_that_chance_did_not_make_is_refused() -> None:
    with pytest.raises(ControlGroupWordError):
        check_control_words("mod 7 pct. i kontrolgruppen", DesignWords(Design.QUASI_EXPERIMENT))


def test_12_a_word_that_the_share_does_not_bear_is_refused() -> None:
    assert [why for _, why in wrong_words("halvdelen af deltagerne (44,7 pct.)", None)]


def test_every_number_of_the_account_knows_where_it_is_from(reports: dict[str, Finished]) -> None:
    account = reports["Alle"].account
    rows = [one for one in account.numbers if account.row_of(one.origin) is not None]
    assert len(rows) > 800
    assert all(one.origin != Origin("") for one in account.numbers)
