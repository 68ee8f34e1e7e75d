"""Citations: written out in text and in a list of references, with their years as text in the account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from engine_document import HEADER

from reportlib.engine.citations import CITATION, CitationError, Cited, cite
from reportlib.engine.qmd import Line, Place, UnsupportedFeatureError
from reportlib.engine.render import RenderJob, render

MakeJob = Callable[..., RenderJob]

BIBLIOGRAPHY = """\
@article{bilias2000, author={Bilias, Yannis}, title={Sequential testing of duration data},
  journal={Journal of Applied Econometrics}, volume={15}, year={2000}}
@book{holm2019, author={Holm, Anne and Berg, Bo}, title={Indsatser}, publisher={Forlaget}, year={2019}}
"""


@pytest.fixture
def cited(tmp_path: Path) -> Callable[..., Cited]:
    """Lines with their citations written out; the bibliography lies beside them."""
    (tmp_path / "kilder.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")

    def run(*lines: str, **metadata: object) -> Cited:
        placed = [Line(text, Place(Path("a.qmd"), number)) for number, text in enumerate(lines, 1)]
        known = {"lang": "da", "bibliography": "kilder.bib", **metadata}
        (tmp_path / "a.qmd").write_text("---\nlang: da\nbibliography: x\n---\n", encoding="utf-8")
        return cite(placed, known, folder=tmp_path, root=tmp_path, document=tmp_path / "a.qmd")

    return run


def texts(written: Cited) -> list[str]:
    return [line.text for line in written.lines]


def test_citations_are_written_in_danish_with_links_to_their_references(cited: Callable[..., Cited]) -> None:
    written = cited("Det fandt @holm2019 [s. 3], og andre [se @bilias2000; @holm2019].")
    assert texts(written)[0] == (
        "Det fandt Holm og Berg ([2019, 3](#ref-holm2019)), "
        "og andre (se [Bilias 2000](#ref-bilias2000); [Holm og Berg 2019](#ref-holm2019))."
    )


NOTE = "Tekst.^[Se Holm og Berg ([2019](#ref-holm2019)) for mere.]"
BOTH = "Andre (se [Bilias 2000, 3](#ref-bilias2000); [Holm og Berg 2019](#ref-holm2019)) fandt det."


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Tekst.^[Se @holm2019 for mere.]", NOTE),
        ("Tekst.^[Se\n@holm2019 for mere.]", NOTE.replace("Se ", "Se\n")),
        ("Andre [se @bilias2000, s. 3; @holm2019] fandt det.", BOTH),
        ("Andre [se @bilias2000, s. 3;\n@holm2019] fandt det.", BOTH),
        ("> Andre [se @bilias2000,\n> s. 3; @holm2019] fandt det.", f"> {BOTH}"),
        ("[Se @holm2019]{.aside} `[@holm2019` ]", "[Se Holm og Berg ([2019](#ref-holm2019))]{.aside} `[@holm2019` ]"),
        ("En [parentes\n\n@holm2019] mere", "En [parentes\n\nHolm og Berg ([2019](#ref-holm2019))] mere"),
    ],
)
def test_a_note_is_no_citation_and_a_citation_may_break_over_lines(
    cited: Callable[..., Cited], written: str, wanted: str
) -> None:
    assert "\n".join(texts(cited(*written.split("\n")))).startswith(wanted + "\n")


def test_references_stand_last_under_a_heading_in_alphabetical_order(cited: Callable[..., Cited]) -> None:
    assert texts(cited("[@holm2019; @bilias2000]", ""))[2:] == [
        "",
        "# Litteratur {.unnumbered}",
        "",
        "- [Bilias, Yannis. 2000. “Sequential testing of duration data”. *Journal of Applied Econometrics* 15."
        "]{#ref-bilias2000}",
        "- [Holm, Anne, og Bo Berg. 2019. *Indsatser*. Forlaget.]{#ref-holm2019}",
        "",
    ]


def test_references_stand_where_the_document_wants_them(cited: Callable[..., Cited]) -> None:
    written = texts(cited("[@holm2019]", "", "::: {#refs}", ":::", "", "Efter."))
    assert written[3].startswith("- [Holm, Anne") and written[-1] == "Efter."
    assert not any(text.startswith("#") for text in written)


def test_what_no_text_cites_is_listed_when_it_is_asked_for(cited: Callable[..., Cited]) -> None:
    assert sum(text.startswith("- [") for text in texts(cited("Tekst.", nocite="@*"))) == 2


def test_references_may_stand_in_the_document_itself(cited: Callable[..., Cited]) -> None:
    own = {"id": "egen", "type": "book", "title": "Egen bog", "issued": {"year": 2021}, "author": [{"family": "Lund"}]}
    assert texts(cited("[@egen]", bibliography=None, references=[own]))[0] == "([Lund 2021](#ref-egen))"


def test_without_a_bibliography_nothing_changes(cited: Callable[..., Cited]) -> None:
    assert texts(cited("Skriv til @holm2019", bibliography=None)) == ["Skriv til @holm2019"]


def test_code_references_and_addresses_are_no_citations(cited: Callable[..., Cited]) -> None:
    lines = ("`@holm2019` og @fig-timer, a@holm2019 og \\@holm2019", "```", "@holm2019", "```")
    assert texts(cited(*lines)) == list(lines)


@pytest.mark.parametrize("text", ["@a", "[@a]", "[-@a, s. 3]", "@a [s. 3]", "[se @a; jf. @b, kap. 2]"])
def test_a_citation_is_found_whole(text: str) -> None:
    found = CITATION.search(f"Ord {text}, ord")
    assert found is not None and found[0] == text


def test_a_key_that_no_bibliography_has_is_named_with_its_line_and_the_near_one(cited: Callable[..., Cited]) -> None:
    with pytest.raises(CitationError, match=r"a\.qmd:2: @holm2018 is in no bibliography") as error:
        cited("Tekst.", "Set før [@holm2018].")
    assert "holm2019" in (error.value.hint or "")


@pytest.mark.parametrize("name", ["../kilder.bib", "andre.bib"])
def test_a_bibliography_that_does_not_lie_beside_the_document_is_refused(
    cited: Callable[..., Cited], name: str
) -> None:
    with pytest.raises(CitationError, match=r"^a\.qmd:3: .* does not lie beside the document"):
        cited("[@holm2019]", bibliography=name)


def test_a_report_shows_citation_and_reference_in_both_formats(make_job: MakeJob) -> None:
    header = HEADER.replace("lang: da", "lang: da\nbibliography: kilder.bib")
    job = make_job("# Resume\n\nSet før [@bilias2000].\n", header=header)
    (job.document.parent / "kilder.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    paths = render(job).paths
    page = paths["html"].read_text(encoding="utf-8")
    assert '(<a href="#ref-bilias2000">Bilias 2000</a>)' in page and 'id="ref-bilias2000"' in page
    printed = " ".join(part.extract_text() for part in pypdf.PdfReader(paths["pdf"]).pages)
    assert "(Bilias 2000)" in printed and "Sequential testing" in printed


def test_the_project_s_own_file_names_no_bibliography(make_job: MakeJob, project: Path) -> None:
    with (project / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write("bibliography: kilder.bib\n")
    with pytest.raises(UnsupportedFeatureError, match="bibliography"):
        render(make_job())
