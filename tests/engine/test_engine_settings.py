"""`_quarto.yml` and front matter are merged; what the engine does not do is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportlib.engine.front_matter import ALREADY, COVER, FOLLOWED, LOOKS, OTHER_FORMATS, QUARTO_ONLY, RUNNING
from reportlib.engine.qmd import Document, Line, Place, Prose, UnsupportedFeatureError, lifted
from reportlib.engine.settings import ProjectFileError, Settings, read_settings


def settings(project: Path, **front: Any) -> Settings:
    return read_settings(project, Document(project / "reports" / "a.qmd", lifted(front), (), ()))


def change(project: Path, **values: Any) -> None:
    path = project / "_quarto.yml"
    merged = {**yaml.safe_load(path.read_text(encoding="utf-8")), **values}
    path.write_text(yaml.safe_dump(merged, allow_unicode=True), encoding="utf-8")


def test_the_document_s_metadata_wins_over_the_project_s(project: Path) -> None:
    assert settings(project, lang="da-DK", til="Styrelsen").metadata["lang"] == "da-DK"
    assert settings(project).metadata["lang"] == "da"


def test_own_metadata_passes_on_and_quarto_s_running_options_do_not(project: Path) -> None:
    metadata = settings(project, til="Styrelsen", jupyter="python3").metadata
    assert metadata["til"] == "Styrelsen"
    assert not {"jupyter", "execute", "filters", "format", "project"} & set(metadata)


def test_words_for_references_come_from_the_project(project: Path) -> None:
    words = settings(project).metadata["crossref"]
    assert (words["fig-prefix"], words["tbl-title"], words["sec-prefix"]) == ("Figur", "Tabel", "Afsnit")


def test_cross_references_run_where_quarto_s_own_work_stands(project: Path, tmp_path: Path) -> None:
    names = [Path(name).name for name in settings(project).copy_theme(tmp_path / "privat").filters]
    assert names.index("forside.lua") < names.index("crossref.lua") < names.index("finish.lua")


def test_the_theme_is_copied_to_its_place_in_the_private_folder(project: Path, tmp_path: Path) -> None:
    theme = settings(project).copy_theme(tmp_path / "privat")
    for name in (*theme.filters, *theme.templates.values()):
        assert (tmp_path / "privat" / name).is_file()
        assert not Path(name).is_absolute()


def test_a_project_without_its_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match=r"no _quarto\.yml in"):
        settings(tmp_path)


def test_a_filter_that_does_not_exist_is_named(project: Path) -> None:
    change(project, filters=["reports/_theme/nej.lua"])
    with pytest.raises(ProjectFileError, match=r"reports/_theme/nej\.lua"):
        settings(project)


def test_a_theme_without_the_engine_s_templates_is_named(project: Path, tmp_path: Path) -> None:
    (project / "reports" / "_theme" / "html-template.html").unlink()
    with pytest.raises(ProjectFileError, match=r"has no html-template\.html"):
        settings(project).copy_theme(tmp_path / "privat")


@pytest.mark.parametrize(
    "front",
    [
        {"include-in-header": "a.html"}, {"format": "docx"}, {"format": {"docx": {}}}, {"execute": {"cache": True}},
        {"lang": "en"}, {"date": "today"}, {"date": "2/8/2022"}, {"toc-depth": 5}, {"toc": "nej"}, {"titel": 1},
        {"author": [{"name": "A", "affiliations": [{"ref": "b"}]}]}, {"format": {"html": {"toc": False}, "typst": {}}},
        {"format": {"html": {"lof": True}}}, {"code-annotations": "hover"},
        {"filters": [{"path": "a.lua", "at": "pre-ast"}]},
    ],
)  # fmt: skip
def test_what_the_engine_does_not_do_is_refused_by_name(project: Path, front: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFeatureError, match=r"a\.qmd: ") as caught:
        settings(project, **front)
    assert "--engine quarto" in str(caught.value)


def test_one_format_may_say_what_the_document_says(project: Path) -> None:
    found = settings(project, format={"html": {"toc": True, "number-sections": True}, "typst": {}})
    assert found.toc and found.number_sections


def test_a_project_that_shows_code_is_refused(project: Path) -> None:
    change(project, execute={"echo": True})
    with pytest.raises(UnsupportedFeatureError, match="echo"):
        settings(project)


@pytest.mark.parametrize("text", ["Rapport `{python} 1 + 1`", "Rapport {{< meta navn >}}"])
def test_code_in_a_title_is_refused_with_its_line(project: Path, text: str) -> None:
    document = project / "reports" / "a.qmd"
    document.write_text(f"---\nlang: da\ntitle: '{text}'\n---\n\nTekst\n", encoding="utf-8")
    with pytest.raises(UnsupportedFeatureError, match=r"^a\.qmd:3: code or a shortcode in `title:`"):
        settings(project, title=text)


@pytest.mark.parametrize(
    ("key", "good", "wrong"),
    [
        ("abstract", "Kort sagt", ["Kort sagt"]),
        ("author", "Ane", 7),
        ("date", "2026-03-01", "03-04-2026"),
        ("lang", "da", "en"),
        ("english", ["fidelity"], "fidelity"),
        ("toc", False, "nej"),
        ("number-sections", False, 1),
        ("toc-depth", 4, 5),
        ("papersize", "a4", "a44"),
        ("categories", ["a", 1], [["a"]]),
    ],
)
def test_a_key_is_taken_in_the_form_that_is_followed_and_in_no_other(
    project: Path, key: str, good: object, wrong: object
) -> None:
    settings(project, **{key: good})
    with pytest.raises(UnsupportedFeatureError) as refused:
        settings(project, **{key: wrong})
    assert str(refused.value.hint).startswith(f"{key}: {FOLLOWED[key]}; ")


def test_a_key_that_is_misspelt_gets_the_nearest(project: Path) -> None:
    with pytest.raises(UnsupportedFeatureError, match="toc-depth"):
        settings(project, toc_depth=2)


def test_a_key_that_the_project_s_own_filter_reads_passes(project: Path) -> None:
    (project / "egen.lua").write_text("return { { Meta = function(m) return m['egen-noegle'] end } }", encoding="utf-8")
    assert settings(project, filters=["egen.lua"], **{"egen-noegle": 1}).metadata["egen-noegle"] == 1


def test_a_document_s_own_filters_come_last_and_are_its_own_fault(project: Path, tmp_path: Path) -> None:
    (project / "egen.lua").write_text("return {}", encoding="utf-8")
    names = settings(project, filters=["egen.lua"]).copy_theme(tmp_path / "privat").filters
    assert names[-1] == "egen.lua"
    with pytest.raises(ProjectFileError, match=r"^a\.qmd names nej\.lua"):
        settings(project, filters=["nej.lua"])
    with pytest.raises(UnsupportedFeatureError, match=r"^a\.qmd: `filters:` names `quarto`"):
        settings(project, filters=["quarto"])


def test_author_and_date_are_the_cover_s(project: Path) -> None:
    cover = settings(project, author=["A B", {"name": "C D"}], date="2024-05-01").metadata
    assert (cover["udarbejdet-af"], cover["dato"], cover["dato-iso"]) == (
        "A B og C D",
        "1.\u00a0maj 2024",
        "2024-05-01",
    )


def test_the_documentation_shows_what_is_done_with_each_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "writing.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \|$", text, re.MULTILINE))
    assert table == dict(FOLLOWED)
    shown = " ".join(text.split())
    for names in (COVER, RUNNING, OTHER_FORMATS, LOOKS, QUARTO_ONLY):
        assert ", ".join(f"`{name}`" for name in names) in shown
    for name, values in ALREADY.items():
        assert f"`{name}: {' or '.join(str(value).lower() for value in values)}`" in shown


@pytest.mark.parametrize(
    "front",
    [
        {"format": {"html": {"embed-resources": True}, "typst": {"keep-typ": True}, "revealjs": {"theme": "x"}}},
        {"pdf-standard": ["ua-1", "a-3a"], "comments": False, "output-file": "x"},
    ],
)
def test_what_is_about_other_files_or_always_done_passes(project: Path, front: dict[str, Any]) -> None:
    settings(project, **front)


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ({"brand": {"color": {"primary": "#000"}}}, "`brand:` is passed over: the theme decides that"),
        ({"format": {"html": {"css": "egen.css"}, "typst": {}}}, "`css:` is passed over"),
        ({"tbl-cap-location": "bottom"}, "`tbl-cap-location:` is passed over"),
        ({"citation": True}, "`citation:` is passed over"),
        ({"about": {"template": "jolla", "links": []}}, "its picture and its place are passed over"),
        ({"egen-noegle": 1}, "nothing reads `egen-noegle:`"),
        ({"author": [{"name": "A", "email": "a@b.dk"}]}, "the cover has names and affiliations; passed over: email"),
    ],
)
def test_of_what_is_passed_over_the_writer_is_told(project: Path, front: dict[str, Any], told: str) -> None:
    (line,) = settings(project, **front).passed_over
    assert line.startswith("a.qmd: ") and told in line


def test_what_the_only_format_says_of_itself_holds_for_the_document(project: Path) -> None:
    found = settings(project, format={"html": {"toc": False, "toc-title": "Oversigt"}})
    assert (found.toc, found.metadata["toc-title"]) == (False, "Oversigt")
    both = {"html": {"number-sections": False}, "typst": {"number-sections": False, "papersize": "a4"}}
    assert not settings(project, format=both).number_sections


@pytest.mark.parametrize(
    ("written", "day"), [("26/2/2009", "2009-02-26"), ("2.26.2009", "2009-02-26"), ("10-10-2019", "2019-10-10")]
)
def test_a_date_that_can_be_one_day_only_is_that_day(project: Path, written: str, day: str) -> None:
    assert settings(project, date=written).metadata["dato-iso"] == day


def test_affiliations_stand_behind_the_names(project: Path) -> None:
    authors = [
        {"name": {"given": "A", "family": "B"}, "affiliation": "SFI"},
        {"name": "C", "affiliations": [{"name": "D"}, "E"]},
    ]
    assert settings(project, author=authors).metadata["udarbejdet-af"] == "A B (SFI) og C (D, E)"


def test_paper_and_categories_are_the_cover_s_and_the_pdf_s(project: Path) -> None:
    front = {"format": {"typst": {"papersize": "us-letter"}}, "categories": ["Løn", "Timer"]}
    metadata = settings(project, **front).metadata
    assert (metadata["papersize"], metadata["emner"]) == ("us-letter", "Løn, Timer")


def test_a_key_that_the_document_prints_passes(project: Path) -> None:
    line = Line("Se {{< meta egen.noegle >}}.", Place(Path("a.qmd"), 1))
    found = Document(project / "reports" / "a.qmd", {"egen": {"noegle": "x"}}, (Prose((line,)),), ())
    assert read_settings(project, found).metadata["egen"] == {"noegle": "x"}


def test_a_filter_that_waits_for_quarto_s_nodes_is_refused(project: Path) -> None:
    (project / "reports" / "egen.lua").write_text("function Callout(c) end\n", encoding="utf-8")
    with pytest.raises(UnsupportedFeatureError, match="only Quarto has"):
        settings(project, filters=["egen.lua"])


def test_the_project_s_variables_are_texts(project: Path) -> None:
    (project / "_variables.yml").write_text("antal: 12\nsted:\n  aaben: true\n  navne: [Køge, 7]\n", encoding="utf-8")
    assert settings(project).variables == {"antal": "12", "sted": {"aaben": "true", "navne": ["Køge", "7"]}}


GIVEN: dict[str, Any] = {
    "author": "A B", "date": "2024-05-01", "abstract": "Kort.", "abstract-title": "Kort fortalt", "categories": ["a"],
    "license": "CC BY", "copyright": "Os", "about": {"links": [{"text": "a", "href": "https://a.dk"}]},
    "execute": {"echo": False}, "format": {"html": {}}, "filters": [], "references": [], "pdf-standard": "ua-1",
    "title": "T", "subtitle": "U", "lang": "da", "til": "Os", "jupyter": "python3", "geometry": "a", "fontsize": "12pt",
}  # fmt: skip
"""A value of each key that the engine does something with itself, and of some that it hands on or passes over."""


def test_what_the_engine_follows_itself_is_not_handed_on_to_be_printed_again(project: Path) -> None:
    found = settings(project, **GIVEN).metadata
    handed = {name for name in GIVEN if found.get(name) == GIVEN[name]}
    assert handed == {"title", "subtitle", "lang", "til"}
