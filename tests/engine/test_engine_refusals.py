"""What a document or a project may not hold: each is refused by what is wrong, beside the nearest that is taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reportlib.engine.execute import Assembly, execute
from reportlib.engine.html import inline_svg
from reportlib.engine.parameters import find_parameters, inject
from reportlib.engine.qmd import Document, lifted, read_document
from reportlib.engine.settings import read_settings
from reportlib.errors import ReportlibError

PARAMETERS = "```{python}\n#| tags: [parameters]\nkort = False\n```\n"
DOCUMENTS = {
    "cell magic": ("```{python}\nx = 4 % 3\n```\n", "```{python}\n%%bash\nls\n```\n", "a cell magic (%%bash)"),
    "caption without label": (
        "```{python}\n#| label: tbl-a\n#| tbl-cap: Ord\nprint('a')\n```\n",
        "```{python}\n#| tbl-cap: Ord\nprint('a')\n```\n",
        "`tbl-cap` without a `label: tbl-...`",
    ),
    "a value among Markdown": (
        "```{python}\n#| output: asis\nx = 1\n```\n",
        "```{python}\n#| output: asis\n1\n```\n",
        "shows a value (int) among its Markdown",
    ),
    "front matter of two kinds": ("---\ntitle: A\n---\n", "---\n- A\n---\n", "must be `name: value` lines"),
    "front matter within": ("{{< include _del.qmd >}}\n", "{{< include _hoved.qmd >}}\n", "has its own front matter"),
    "a parameter twice": (
        PARAMETERS,
        PARAMETERS.replace("kort = False", "kort = False\nkort = True"),
        "the parameter 'kort' is assigned twice",
    ),
}
PROJECTS = {
    "a list": (r"\A.*\Z", "- a\n", "holds no settings"),
    "no YAML": (r"\A", "a: [\n", "cannot be read"),
    "no template": (r"(?m)^ *template-partials:.*\n(^ *- .*\n)+", "", "names no Typst template"),
    "a style sheet from elsewhere": (r"css: *.*", "css: _quarto.yml", "the style sheet _quarto.yml is not the theme's"),
}


def run(path: Path) -> None:
    document = read_document(path)
    find_parameters(document)
    execute(document, folder=path.parent, environment={}, assembly=Assembly())


@pytest.mark.parametrize(("taken", "refused", "told"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document(taken: str, refused: str, told: str, write: Callable[..., Path]) -> None:
    write("Tekst.\n", "_del.qmd")
    write("---\ntitle: B\n---\n", "_hoved.qmd")
    run(write(taken))
    with pytest.raises(ReportlibError, match=re.escape(told)):
        run(write(refused))


@pytest.mark.parametrize(("found", "instead", "told"), PROJECTS.values(), ids=PROJECTS)
def test_a_project_file(found: str, instead: str, told: str, project: Path) -> None:
    document = Document(project / "reports" / "a.qmd", lifted({}), (), ())
    read_settings(project, document)
    file = project / "_quarto.yml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(found, instead, text, count=1, flags=re.DOTALL if found.endswith("Z") else 0)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(ReportlibError, match=told):
        read_settings(project, document)


@pytest.mark.parametrize("text", ["ja", "1", ""])
def test_a_yes_or_no_is_true_or_false(text: str, write: Callable[..., Path]) -> None:
    found = find_parameters(read_document(write(PARAMETERS)))
    assert found is not None
    inject(read_document(write(PARAMETERS)), {"kort": "True"})
    with pytest.raises(ReportlibError, match="is neither true nor false"):
        inject(read_document(write(PARAMETERS)), {"kort": text})


@pytest.mark.parametrize(
    ("content", "told"), [(b"<html/>", "is not an SVG picture"), (b"<svg", "cannot be read"), (None, "cannot be read")]
)
def test_a_picture(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert "<svg" in inline_svg(path, alt="A", prefix="f-", attributes={})
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReportlibError, match=rf"a\.svg {told}"):
        inline_svg(path, alt="A", prefix="f-", attributes={})
