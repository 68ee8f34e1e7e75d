"""What a finished PDF of the theme holds: tags, language, alternative text, identity, and a page that reads well."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from theme_pages import SAMPLE, Pdf, compile_typst, cover, elements, pandoc, read_pdf

from reportlib.engine import typst_pdf

STAMP = "reportlib:1;trial=proeve;kommune=Nørre;ledger=" + "0123456789abcdef" * 4
KOMMUNE = 'Nørre "Å" & Søn <b> $x$ #set *ø*'
HOSTILE = [
    'Sted "med" anførsel', "a\\b", "#set text(red)", "$x$", "<script>alert(1)</script>", "*fed* _skrå_", "`kode`",
    '"); #panic("ude"', "[ ] {k}", "@fig-timer", "~ ' / //", "&amp; &lt;", "= 1. -",
    'x\\"); #panic("ude"', "slut\\",
]  # fmt: skip


def test_declares_pdf_ua_1_and_pdf_a_3a(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_the_engine_sets_theme_and_body_apart_and_the_pdf_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[list[str]] = []
    compile_once = typst_pdf.compile_once

    def counted(parts: Mapping[str, str], *rest: Any) -> Any:
        files.append(sorted(parts))
        return compile_once(parts, *rest)

    monkeypatch.setattr(typst_pdf, "compile_once", counted)
    source = pandoc(SAMPLE, "typst", tmp_path)
    made = typst_pdf.compile_document(source, [], root=tmp_path, date=datetime(2017, 5, 31, tzinfo=UTC)).pdf
    assert files == [["_reportlib-rapport.typ", "_reportlib-tema.typ", "_reportlib.typ"]]
    assert made == compile_typst(source, tmp_path)


def test_a_report_that_fails_in_parts_is_set_in_one_file_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pandoc(f"{cover()}# Et\n\nOrd.\n", "typst", tmp_path)
    whole = typst_pdf.parts_of
    monkeypatch.setattr(typst_pdf, "parts_of", lambda source: whole(source) | {"_reportlib.typ": "#fejl"})
    made = typst_pdf.compile_document(source, [], root=tmp_path, date=datetime(2017, 5, 31, tzinfo=UTC))
    assert len(made.told) == 1 and "fejl" in made.told[0] and len(read_pdf(made.pdf).pages) > 1


def test_reports_of_two_municipalities_differ_in_one_file_only(tmp_path: Path) -> None:
    # What stands elsewhere has a place in a file, which moves with the words before it: Typst would know nothing again.
    covers = (cover(kommune="Aalborg"), cover(kommune="Herning", hovedresultat="**Herning** er *over*."))
    one, other = (typst_pdf.parts_of(pandoc(f"{first}# Resume\n", "typst", tmp_path)) for first in covers)
    assert [name for name in one if one[name] != other[name]] == ["_reportlib-rapport.typ"]


def test_language_is_danish(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        assert str(pdf.Root.Lang) == "da-DK"


ENGLISH = (
    cover().replace("lang: da", "lang: da\nenglish: [hazard ratio]")
    + "# Forholdet (hazard ratio)\n\nEt Hazard Ratio, også hazard og ratio.\n\n"
    + "| Model (hazard ratio) | Tal |\n|---|--:|\n| A | 1 |\n\n: Forhold, hazard ratio {#tbl-a}\n"
)


def test_english_words_are_marked_wherever_they_stand(
    make_pdf: Callable[[str], Pdf], make_html: Callable[[str], str]
) -> None:
    marked = re.findall(r'<span lang="en">(.*?)</span>', make_html(ENGLISH).partition("<main")[2])
    assert [words.lower().strip("(),") for words in marked] == ["hazard ratio"] * 4
    with make_pdf(ENGLISH).open() as pdf:
        languages = re.findall(rb"/Lang\((.*?)\)", b"".join(page.Contents.read_bytes() for page in pdf.pages))
        assert languages.count(b"en") >= 4  # each of its words can be told apart


def test_title_is_shown_instead_of_the_file_name(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        assert str(pdf.docinfo["/Title"]) == "Prøveforsøget"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_author_description_and_date_come_from_the_cover(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        assert str(pdf.docinfo["/Author"]) == "Evalueringskontoret"
        assert str(pdf.docinfo["/Subject"]).startswith("En prøverapport, der bruger hele ordforrådet.")
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20170531")


def test_keywords_carry_the_stamp_unbroken(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        assert str(pdf.docinfo["/Keywords"]).split(", ")[-1] == STAMP


def test_a_figures_alternative_text_is_the_documents_own(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        alts = [str(node.Alt) for tag, node in elements(pdf) if tag == "/Figure"]
    assert alts == re.findall(r'fig-alt="([^"]+)"', SAMPLE)


def test_every_equation_has_words(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        alts = [str(node.Alt) for tag, node in elements(pdf) if tag == "/Formula"]
    assert alts[:3] == [
        "y streg indeks 1", "tau hat er lig med y streg indeks 1 minus y streg indeks 0", "s i anden"
    ] and all(alts)  # fmt: skip


def test_every_table_has_one_row_of_column_headers(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        tables = [node for tag, node in elements(pdf) if tag == "/Table"]
        columns = []
        for table in tables:
            heads = [child for child in table.K if isinstance(child, pikepdf.Dictionary) and child.S == "/THead"]
            (head,) = heads
            (row,) = [child for child in head.K if isinstance(child, pikepdf.Dictionary)]
            scopes = {str(part.Scope) for cell in row.K for part in cell.A if "/Scope" in part}
            assert scopes == {"/Column"}
            columns.append([str(cell.S) for cell in row.K])
    assert columns == [["/TH"] * 4, ["/TH"] * 8, ["/TH"] * 4]


def test_headings_are_tagged_by_level(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        tags = [(tag, str(node.T)) for tag, node in elements(pdf) if re.fullmatch(r"/H\d", tag)]
    assert tags == [
        ("/H1", "Indhold"), ("/H1", "Resume"), ("/H1", "Effekter"), ("/H2", "Ordinære timer"),
        ("/H3", "Et underafsnit på tredje niveau"), ("/H4", "Et fjerde niveau uden nummer"), ("/H1", "Fidelitet"),
        ("/H1", "Bilag"),
    ]  # fmt: skip


def test_cover_decoration_is_left_out_of_the_reading_order(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        content = b"\n".join(
            bytes(stream) if isinstance(stream, bytes) else stream.read_bytes() for stream in [pdf.pages[0].Contents]
        )
    before_first_artifact = content.split(b"/Artifact", 1)
    assert len(before_first_artifact) == 2
    painted = re.findall(rb"\bre\b|\bf\b", before_first_artifact[0])
    assert painted == []


def test_bookmarks_follow_the_headings(sample_pdf: Pdf) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sample_pdf.data))

    def flat(entries: list[object]) -> list[str]:
        return [
            title
            for entry in entries
            for title in (flat(entry) if isinstance(entry, list) else [str(entry.title)])  # type: ignore[attr-defined]
        ]

    titles = [re.sub(r"^[\d.]+\s*", "", title) for title in flat(reader.outline)]
    assert [title for title in titles if title != "Indhold"] == [
        "Resume", "Effekter", "Ordinære timer", "Et underafsnit på tredje niveau", "Et fjerde niveau uden nummer",
        "Fidelitet", "Bilag",
    ]  # fmt: skip


def test_contents_go_to_the_second_level(sample_pdf: Pdf) -> None:
    contents = sample_pdf.pages[1]
    assert "Ordinære timer" in contents
    assert "tredje niveau" not in contents


def test_chapters_are_numbered_and_an_unnumbered_one_is_not(sample_pdf: Pdf) -> None:
    contents = re.sub(r"[ .]{3,}", " ", sample_pdf.pages[1])
    assert "1 Resume" in contents
    assert "2.1 Ordinære timer" in contents
    assert "3 Fidelitet" in contents
    assert not re.search(r"\b4 Bilag", contents)


def test_references_name_figure_table_and_section(sample_pdf: Pdf) -> None:
    text = sample_pdf.pages[2].replace("\u00a0", " ")
    assert "jf. Figur 1, og" in text
    assert "beskrevet i Afsnit 2." in text
    assert "står i Tabel 1." in text


def test_every_page_after_the_cover_counts_itself(sample_pdf: Pdf) -> None:
    total = len(sample_pdf.pages)
    for number, page in enumerate(sample_pdf.pages, 1):
        assert (f"Side {number} af {total}" in page) == (number > 1)


def test_every_page_after_the_cover_names_the_municipality(sample_pdf: Pdf) -> None:
    assert all(KOMMUNE in page for page in sample_pdf.pages)


def test_the_whole_trial_is_named_when_there_is_no_municipality(make_pdf: Callable[[str], Pdf]) -> None:
    pdf = make_pdf(cover() + "# Et\n\nTekst.\n")
    assert "Samlet rapport" not in pdf.pages[0]
    assert all("Samlet rapport" in page for page in pdf.pages[1:])


def test_synthetic_data_is_said_on_every_page(sample_pdf: Pdf) -> None:
    assert all("Syntetiske data" in page for page in sample_pdf.pages)


def test_real_data_is_never_called_synthetic(make_pdf: Callable[[str], Pdf]) -> None:
    pdf = make_pdf(cover(description="Rapport.", keywords="job") + "# Et\n\nTekst.\n")
    assert not any("Syntetisk" in page for page in pdf.pages)
    with pdf.open() as opened:
        assert "yntetisk" not in str(opened.docinfo["/Keywords"]) + str(opened.docinfo["/Subject"])


def test_running_header_names_the_chapter_of_the_page(sample_pdf: Pdf) -> None:
    page = sample_pdf.pages[sample_pdf.page_of("Et fjerde niveau uden nummer") - 1]
    assert page.startswith("Prøveforsøget 2 Effekter")


def test_the_first_chapter_starts_a_page(sample_pdf: Pdf) -> None:
    assert sample_pdf.page_of("Rapporten viser") == 3


@pytest.mark.parametrize(("lines", "page"), [(8, 3), (32, 4)])
def test_a_chapter_starts_a_page_where_that_leaves_none_half_empty(
    make_pdf: Callable[[str], Pdf], lines: int, page: int
) -> None:
    filler = "\n\n".join(f"Fyldlinje {number}." for number in range(lines))
    pdf = make_pdf(f"{cover()}# Et\n\n{filler}\n\n# To\n\nAndet kapitel.\n")
    assert pdf.page_of("Andet kapitel.") == page
    assert pdf.page_of(f"Fyldlinje {lines - 1}.") == 3


def test_a_compound_breaks_between_its_parts_a_range_and_a_name_never(make_pdf: Callable[[str], Pdf]) -> None:
    words = ("ledighedsydelsen", "boligorganisationen", "midtvejsevalueringen", "ressourceforløbsydelse")
    filler = [
        f"{'i ' * count}{word} eller Arbejdsmarkedsstyrelsen uge 100–590 (p-værdi)"
        for word in words
        for count in range(45)
    ]
    pdf = make_pdf(f"{cover()}# Et\n\n" + "\n\n".join(f"{line} {line}" for line in filler) + "\n")
    lines = [line for page in pypdf.PdfReader(io.BytesIO(pdf.data)).pages for line in page.extract_text().split("\n")]
    broken = {line.split()[-1] for line in lines if line and line[-1] in "-\u00ad\u2010"}
    begins = {word.rstrip("-\u00ad\u2010") for word in broken}
    assert begins == {"ledigheds", "bolig", "midtvejs", "ressource", "ressourceforløbs"}
    assert not any(line.rstrip().endswith("100–") for line in lines)


def test_a_light_stands_nearer_to_its_own_number_than_to_the_one_before(make_pdf: Callable[[str], Pdf]) -> None:
    light = "[Grøn]{.lys .groen}"
    rows = "".join(f"| Sted {row} | 11 | {light} 22 | {light} 33 |\n" for row in range(3))
    pdf = make_pdf(f"{cover()}# Et\n\n| Sted | Mål | Første | Anden |\n|---|--:|---|---|\n{rows}\n: Lys {{#tbl-lys}}\n")
    places: dict[str, list[float]] = {}

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        places.setdefault(text.strip(), []).append(round(cm[4], 2))

    pypdf.PdfReader(io.BytesIO(pdf.data)).pages[2].extract_text(visitor_text=visit)
    first, second = sorted(set(places["Grøn"]))
    (before,), (own,), (next_own,) = set(places["11"]), set(places["22"]), set(places["33"])
    assert 20 < own - first < second - own
    assert next_own - second == pytest.approx(own - first, abs=0.02)
    assert first - before > 20  # the light's shape stands between


def test_a_long_word_of_a_cell_breaks_between_its_parts(tmp_path: Path) -> None:
    table = (
        "| Virksomhedsforløbet | Snuseaktiviteterne, |\n|---|---|\n| Aarhus Nordlysforeningen | 2 |\n\n: A {#tbl-a}\n"
    )
    source = pandoc(f"{cover()}# Et\n\n{table}", "typst", tmp_path)
    assert "Virksomheds#led;forløbet" in source
    assert "Snuse#led;aktiviteterne," in source
    assert "#text(hyphenate: true)[Nordlysforeningen];" in source


def test_a_long_table_repeats_its_header(sample_pdf: Pdf) -> None:
    first, last = sample_pdf.page_of("Uge 1 3,2"), sample_pdf.page_of("Uge 60")
    assert last > first
    assert all("Kontrolgruppe, pct." in sample_pdf.pages[number - 1] for number in range(first, last + 1))


def test_a_table_higher_than_half_a_page_breaks_without_being_asked(make_pdf: Callable[[str], Pdf]) -> None:
    rows = "\n".join(f"| Række {number} | {number} |" for number in range(36))
    filler = "\n\n".join(["Fyldlinje."] * 18)
    table = f"::: {{.tabelblok}}\n| A | Antal |\n|:--|--:|\n{rows}\n\n: Høj tabel {{#tbl-a}}\n:::\n"
    pdf = make_pdf(cover() + f"# Et\n\n{filler}\n\n{table}")
    assert pdf.page_of("Høj tabel") < pdf.page_of("Række 35")
    assert all("A Antal" in page for page in pdf.pages[2:4])


def test_source_line_stays_with_a_long_tables_end(sample_pdf: Pdf) -> None:
    assert sample_pdf.pages[sample_pdf.page_of("Uge 60") - 1].find("Kilde: Syntetiske") > 0


def test_boxes_are_numbered_in_order(sample_pdf: Pdf) -> None:
    text = " ".join(sample_pdf.pages)
    assert re.findall(r"Boks (\d): (\w+)", text) == [("1", "De"), ("2", "Anbefalinger"), *[("3", "En")] * 2]


def test_a_long_box_breaks_and_has_its_title_above_text_on_each_page(sample_pdf: Pdf) -> None:
    last = sample_pdf.page_of("Boks 3: En lang boks")
    for page in sample_pdf.pages[last - 2 : last]:
        assert "Boks 3: En lang boks, der må brydes Boksens tekst" in page


@pytest.fixture(scope="module")
def fillers(make_pdf: Callable[[str], Pdf]) -> list[Pdf]:
    """The same heading, box and table pushed line by line over the foot of a page."""
    documents = []
    for count in range(24, 36):
        filler = "\n\n".join(f"Fyldlinje {number}." for number in range(count))
        documents.append(
            make_pdf(
                cover()
                + f"""# Et

{filler}

## Overskrift

Første linje efter overskriften.

**Mellemrubrik**

Linjen varsler:

- Første punkt.

::: {{.boks title="Kort boks"}}
Boksens første linje.

Boksens sidste linje.
:::

::: {{.tabelblok}}
| A | B |
|:--|--:|
| Første | 1 |
| Sidste | 2 |

: Kort tabel {{#tbl-kort}}

::: {{.kilde}}
Kilde: Prøven.
:::
:::
"""
            )
        )
    return documents


def test_a_heading_is_never_alone_at_a_page_foot(fillers: list[Pdf]) -> None:
    for pdf in fillers:
        assert pdf.page_of("1.1 Overskrift") == pdf.page_of("Første linje efter overskriften")
    assert len({pdf.page_of("Første linje efter overskriften") for pdf in fillers}) > 1


@pytest.mark.parametrize(
    "below",
    [
        '::: {.boks title="Boks"}\nFørste ord.\n\nAndre ord.\n:::\n',
        """::: {.tabelblok}
| A | B |
|:--|--:|
| Første ord. | 1 |
| To | 2 |

: Tabel {#tbl-a}
:::
""",
    ],
)
def test_a_heading_stays_with_a_block_right_below_it(below: str, make_pdf: Callable[[str], Pdf]) -> None:
    pages = []
    for count in range(26, 35):
        filler = "\n\n".join(["Fyldlinje."] * count)
        pdf = make_pdf(cover() + f"# Et\n\n{filler}\n\n## Overskrift\n\n{below}")
        assert pdf.page_of("1.1 Overskrift") == pdf.page_of("Første ord.")
        pages.append(pdf.page_of("Første ord."))
    assert len(set(pages)) > 1


def test_the_head_names_the_chapter_in_which_the_page_begins(make_pdf: Callable[[str], Pdf]) -> None:
    lines = "\n\n".join(["Fyldlinje."] * 40)
    pdf = make_pdf(cover() + f"# Et\n\nKort.\n\n# To\n\n{lines}\n\n# Tre\n\n{lines}")
    begins = pdf.pages[pdf.page_of("Fyldlinje. 3 Tre") - 1]
    assert "Prøve 1 Et" in pdf.pages[2] and "Prøve 2 To" in begins and "Prøve 3 Tre" not in begins


def test_a_line_that_announces_what_follows_stays_with_it(fillers: list[Pdf]) -> None:
    for pdf in fillers:
        assert pdf.page_of("Mellemrubrik") == pdf.page_of("Linjen varsler:") == pdf.page_of("Første punkt.")
    assert len({pdf.page_of("Mellemrubrik") for pdf in fillers}) > 1


def test_a_short_box_is_never_split(fillers: list[Pdf]) -> None:
    for pdf in fillers:
        assert pdf.page_of("Boks 1: Kort boks") == pdf.page_of("Boksens sidste linje")
    assert len({pdf.page_of("Boksens sidste linje") for pdf in fillers}) > 1


def test_a_short_table_keeps_caption_and_source_line(fillers: list[Pdf]) -> None:
    for pdf in fillers:
        assert pdf.page_of("Kort tabel") == pdf.page_of("Kilde: Prøven.")


@pytest.fixture(scope="module")
def heights(sample_pdf: Pdf) -> dict[str, float]:
    """Points above the foot of the page with the first figure and table, by the first words of the text."""
    found: dict[str, float] = {}

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            found.setdefault(" ".join(text.split())[:12], tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

    page = sample_pdf.page_of("Tabel 1:") - 1
    pypdf.PdfReader(io.BytesIO(sample_pdf.data)).pages[page].extract_text(visitor_text=visit)
    return found


def height(heights: dict[str, float], start: str) -> float:
    (value,) = [y for text, y in heights.items() if text.startswith(start)]
    return value


def test_a_figures_caption_stands_below_it(heights: dict[str, float]) -> None:
    assert heights["U"] > height(heights, "Figur")  # what the picture's axis counts, letter by letter


def test_a_tables_caption_stands_above_it(heights: dict[str, float]) -> None:
    assert 0 < height(heights, "Tabel") - height(heights, "13 uger") < 90


def test_only_the_packages_typeface_sets_text(sample_pdf: Pdf) -> None:
    with sample_pdf.open() as pdf:
        names = {
            str(font.BaseFont).split("+")[-1]
            for page in pdf.pages
            for font in page.get("/Resources", {}).get("/Font", {}).values()
        }
    assert {name.split("-")[0] for name in names} == {"SourceSansPro", "NewCMMath", "DejaVuSansMono"}


def test_row_labels_that_look_like_list_numbers_stay_text(sample_pdf: Pdf) -> None:
    assert "1. kvartal, pct. 4,1" in " ".join(sample_pdf.pages)


def test_a_cover_of_long_words_is_one_page(make_pdf: Callable[[str], Pdf]) -> None:
    long = "Beskæftigelsesforanstaltningernes tilrettelæggelse i de deltagende kommuner og deres virksomhedsnetværk"
    fields = dict.fromkeys(("title", "subtitle", "kommune", "til", "udarbejdet-af", "dokumenttype"), long)
    pdf = make_pdf(cover(**fields, dato="31. maj 2017", synthetic="true") + "# Et\n\nTekst.\n")
    unbroken = re.sub("[- \\u00ad]", "", pdf.pages[0])
    assert unbroken.count(long.replace(" ", "")) == len(fields)
    assert "Indhold" in pdf.pages[1]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_from_data_prints_as_it_is(value: str, make_pdf: Callable[[str], Pdf]) -> None:
    pdf = make_pdf(cover(kommune=value, til=value, title=value, stamp=value) + "# Et\n\nTekst.\n")
    with pdf.open() as opened:
        assert str(opened.docinfo["/Title"]) == value
        assert str(opened.docinfo["/Keywords"]) == value
    assert value in pdf.pages[1]


def test_a_box_title_from_data_prints_as_it_is(make_pdf: Callable[[str], Pdf]) -> None:
    pdf = make_pdf(cover() + '# Et\n\n::: {.boks title="5 \\"#x\\" $y$ <b> @fig-a"}\nTekst.\n:::\n')
    assert 'Boks 1: 5 "#x" $y$ <b> @fig-a' in pdf.pages[2]


def test_two_compilations_give_the_same_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("twice")
    first, second = (compile_typst(pandoc(SAMPLE, "typst", folder), folder) for _ in range(2))
    assert first == second
