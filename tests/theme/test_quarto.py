"""The theme as Quarto 1.7 uses it: filters loaded its way, its own figures and tables, its own HTML template.

Quarto itself is not needed: the parts it is known to write stand here as text.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypandoc
import pytest
import yaml
from theme_pages import HERE, ROOT, SAMPLE, THEME, Pdf, compile_typst, cover, read_pdf

FIGURE = """```{=typst}
#figure([
#box(image("figs/timer.svg"))
], caption: figure.caption(
position: bottom,
[
Andel med timer
]),
kind: "quarto-float-fig",
supplement: "Figur",
)
<fig-timer>
```"""
TABLE = """```{=typst}
#figure([
#table(
  columns: 2,
  align: (left,right,),
  table.header([Gruppe], [Andel],),
  table.hline(),
  [Deltagere], [12,0],
)
], caption: figure.caption(
position: top,
[
Andel
]),
kind: "quarto-float-tbl",
supplement: "Tabel",
)
<tbl-andel>
```"""
BODY = f"""# Resume {{#sec-resume}}

jf. `#ref(<fig-timer>, supplement: [Figur])`{{=typst}} og `#ref(<sec-resume>, supplement: [Afsnit])`{{=typst}}

::: {{.noegletal}}
- **12 pct.** har timer.
- **7 pct.** har ikke.
:::

::: {{.boks title="Boksen"}}
Tekst med [Grøn]{{.lys .groen}} og [12]{{.tal key="a"}}.
:::

::: {{.figurblok}}
{FIGURE}

::: {{.kilde}}
Kilde: Prøven.
:::
:::

::: {{.tabelblok .bred}}
{TABLE}
:::
"""


def quarto_filters() -> list[str]:
    names = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["filters"]
    return [str(ROOT / name) for name in names if name != "quarto"]


def run(markdown: str, to: str, template: str, folder: Path) -> str:
    shutil.copytree(HERE / "figs", folder / "figs", dirs_exist_ok=True)
    shutil.copytree(THEME, folder, dirs_exist_ok=True)
    (folder / "quarto-like.tpl").write_text(template, encoding="utf-8")
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", to, "--standalone", "--wrap=none"]
    command += ["--template", "quarto-like.tpl", "-M", f"shim-filters={';'.join(quarto_filters())}"]
    command += ["--lua-filter", str(HERE / "quarto_shim.lua"), "-M", "toc-title=Indhold"]
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    folder = tmp_path_factory.mktemp("quarto")
    template = '$typst-template.typ()$\n\n#set page(paper: "a4")\n\n$typst-show.typ()$\n\n$body$\n'
    source = run(cover(synthetic="true", kommune="Nørre") + BODY, "typst", template, folder)
    return read_pdf(compile_typst(source, folder, pdf_standards=[]))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("quarto")
    template = "<title>$pagetitle$</title>\n$in-header$\n$body$\n"
    return run(SAMPLE, "html", template, folder)


def test_references_and_captions_agree_in_typst(pdf: Pdf) -> None:
    text = " ".join(pdf.pages)
    assert "jf. Figur 1 og Afsnit 1" in text
    assert "Figur 1: Andel med timer" in text
    assert "Tabel 1: Andel" in text


def test_boxes_lights_and_cards_are_the_themes_in_typst(pdf: Pdf) -> None:
    text = " ".join(pdf.pages)
    assert "Boks 1: Boksen" in text
    assert "Tekst med Grøn og 12." in text
    assert "12 pct. har timer. 7 pct. har ikke." in text


def test_what_begins_like_a_list_is_no_list_in_quartos_tables(tmp_path: Path) -> None:
    source = run("| 1. måling | Dag |\n|--:|--:|\n| 2,6 | 1. maj |\n", "typst", "$body$\n", tmp_path)
    assert "[1\\. måling]" in source and "[1\\. maj]" in source


def test_cover_and_footer_are_the_themes_in_typst(pdf: Pdf) -> None:
    assert pdf.pages[0].startswith("Prøve Nørre Syntetiske data")
    assert "Nørre Syntetiske data Side 3 af 3" in pdf.pages[2]


def test_figures_and_tables_are_left_to_quarto_in_html(page: str) -> None:
    assert 'data-fig-alt="To diagrammer.' in page
    assert '<figure class="tabel"' not in page
    assert '<h1 id="sec-resume">' in page


def test_boxes_and_lights_are_the_themes_in_html(page: str) -> None:
    assert '<span class="nr">Boks 1:</span> De vigtigste resultater' in page
    assert '<span class="lys groen"><svg' in page


def test_no_marks_of_numbers_are_left_in_quartos_page(page: str, tmp_path: Path) -> None:
    assert 'class="tal"' not in page
    headline = '::: {.forside title="A"}\n**Kort:** [12]{.tal key="a"} flere.\n:::\n'
    assert "<strong>Kort:</strong> 12 flere." in run(headline, "html", "$body$", tmp_path)


def test_stamp_and_colours_reach_the_head_of_quartos_page(page: str) -> None:
    assert '<meta name="reportlib-stamp" content="reportlib:1;trial=proeve;' in page
    assert "--teal:#" in page


def test_the_cover_reaches_quartos_page_escaped(page: str) -> None:
    assert "Styrelsen for Eksempler" in page
    assert '<header class="forside">' in page
    assert "<strong>Syntetiske data</strong> Rapportens tal er beregnet på konstruerede data." in page
    assert "&amp; Søn &lt;b&gt; $x$" in page


def test_the_project_file_names_files_that_exist() -> None:
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    formats = settings["format"]
    named = [name for name in settings["filters"] if name != "quarto"]
    named += [formats["html"]["css"], *formats["typst"]["template-partials"]]
    assert [name for name in named if not (ROOT / name).is_file()] == []
