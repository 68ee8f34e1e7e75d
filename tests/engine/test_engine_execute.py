"""Cells and inline expressions run in order, in a process left as it was."""

from __future__ import annotations

import gc
import os
import random
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest

from reportlib.engine.execute import Assembly, CellFailedError, PictureNotPlacedError, execute
from reportlib.engine.outputs import InlineValueMissingError
from reportlib.engine.qmd import UnsupportedFeatureError, read_document
from reportlib.errors import ReportlibError

Run = Callable[..., Assembly]


class _NamedError(ReportlibError):
    """Stands for any error of the library."""


@pytest.fixture
def run(write: Callable[..., Path]) -> Run:
    def run_text(text: str, **environment: str) -> Assembly:
        path = write(text)
        assembly = Assembly()
        execute(read_document(path), folder=path.parent, environment=environment, assembly=assembly)
        return assembly

    return run_text


def cell(source: str, *options: str) -> str:
    head = "".join(f"#| {option}\n" for option in options)
    return f"```{{python}}\n{head}{source}\n```\n"


def paragraphs(assembly: Assembly) -> list[str]:
    return [line.text for line in assembly.lines if line.text]


def test_asis_output_becomes_markdown(run: Run) -> None:
    assert paragraphs(run(cell('print("**fed**")', "output: asis"))) == ["**fed**"]


def test_other_printed_text_becomes_a_code_block_that_it_cannot_leave(run: Run) -> None:
    assert paragraphs(run(cell('print("```")'))) == ["````", "```", "````"]


def test_a_value_with_markdown_is_shown_as_markdown(run: Run) -> None:
    source = "class V:\n    def _repr_markdown_(self):\n        return '*v*'\nV()"
    assert paragraphs(run(cell(source))) == ["*v*"]


def test_printed_and_displayed_output_keep_their_order(run: Run) -> None:
    source = "from IPython.display import Markdown, display\nprint('en')\ndisplay(Markdown('to'))\nprint('tre')"
    assert paragraphs(run(cell(source, "output: asis"))) == ["en", "to", "tre"]


def test_include_false_runs_the_cell_and_shows_nothing(run: Run) -> None:
    assert paragraphs(run(cell("x = 2\nprint(x)", "include: false") + "\n`{python} x`\n")) == ["2"]


def test_inline_text_prints_as_it_is_whatever_it_holds(run: Run) -> None:
    assert paragraphs(run("`{python} '*a* [b](c) #'`")) == [r"\*a\* \[b\]\(c\) \#"]


def test_what_a_cell_in_a_list_item_prints_belongs_to_the_item(run: Run) -> None:
    text = '- Punkt\n\n    ```{python}\n    #| output: asis\n    print("En\\n\\nTo")\n    ```\n'
    assert paragraphs(run(text)) == ["- Punkt", "    En", "    To"]


def test_an_inline_value_in_a_text_with_equations_is_marked_as_a_value(run: Run) -> None:
    assert paragraphs(run("$x = `{python} '12,5'`$")) == ["$x = \ufde012\\,5\ufde1$"]


def test_an_inline_value_with_markdown_is_not_escaped(run: Run) -> None:
    source = "class V:\n    def _repr_markdown_(self):\n        return '[12 pct.]{.tal}'\nv = V()"
    assert paragraphs(run(cell(source) + "\nI alt `{python} v`.")) == ["I alt [12 pct.]{.tal}."]


def test_inline_code_in_a_shown_code_block_is_not_run(run: Run) -> None:
    assert "`{python} 1 / 0`" in paragraphs(run("```\n`{python} 1 / 0`\n```\n"))


def test_an_escaped_inline_expression_is_not_run(run: Run) -> None:
    assert paragraphs(run("Skriv ``{python} 1 / 0``.")) == ["Skriv ``{python} 1 / 0``."]


def test_an_inline_expression_without_a_value_is_an_error(run: Run) -> None:
    with pytest.raises(InlineValueMissingError, match=r"dokument\.qmd:2: `print\(1\)` gives nothing"):
        run("\n`{python} print(1)`")


def test_an_inline_expression_over_two_lines_is_refused(run: Run) -> None:
    with pytest.raises(UnsupportedFeatureError, match=r"dokument\.qmd:1: .*not closed on its own line"):
        run("`{python} max(1,\n2)`")


def test_output_remembers_the_cell_and_the_line_it_printed(run: Run) -> None:
    assembly = run("A\n\n" + cell('print("en\\nto")', "output: asis"))
    place = next(line.place for line in assembly.lines if line.text == "to")
    assert str(place) == "dokument.qmd:3 (line 2 of what the cell prints)"


def test_an_exception_names_the_document_s_line(run: Run) -> None:
    with pytest.raises(CellFailedError, match=r"^dokument\.qmd:5: ZeroDivisionError: division by zero"):
        run("\n" + cell("x = 1\n1 / 0", "output: asis"))


def test_an_exception_shows_the_code_and_nothing_of_ipython(run: Run) -> None:
    with pytest.raises(CellFailedError) as caught:
        run(cell("import json\njson.loads('{')"))
    message = str(caught.value)
    assert "json.loads('{')" in message
    assert "IPython" not in message and "\x1b[" not in message


def test_an_exception_in_a_function_of_an_earlier_cell_names_that_cell_s_line(run: Run) -> None:
    with pytest.raises(CellFailedError, match=r"^dokument\.qmd:3: KeyError"):
        run(cell("def f():\n    return {}['a']") + "\nTekst\n\n" + cell("f()"))


def test_an_exception_in_an_inline_expression_names_its_line(run: Run) -> None:
    with pytest.raises(CellFailedError, match=r"^dokument\.qmd:3: NameError: name 'ukendt'"):
        run("A\n\n`{python} ukendt`")


def test_code_that_is_not_python_names_its_line(run: Run) -> None:
    with pytest.raises(CellFailedError, match=r"^dokument\.qmd:3: not Python: "):
        run(cell("x = 1\ny = = 2"))


def test_an_error_of_the_library_keeps_its_message_and_hint_without_a_traceback(run: Run) -> None:
    source = "from test_engine_execute import _NamedError\nraise _NamedError('no such key', hint='did you mean a?')"
    with pytest.raises(CellFailedError) as caught:
        run(cell(source))
    assert str(caught.value) == "dokument.qmd:3: no such key\n  hint: did you mean a?"


def test_what_was_assembled_before_the_failure_is_kept(write: Callable[..., Path]) -> None:
    path, assembly = write("Før\n\n" + cell("1 / 0")), Assembly()
    with pytest.raises(CellFailedError):
        execute(read_document(path), folder=path.parent, environment={}, assembly=assembly)
    assert paragraphs(assembly) == ["Før"]


@pytest.mark.parametrize("option", ["echo: true", "eval: false", "layout-ncol: 2", "fig-subcap: Figur"])
def test_an_option_that_is_not_followed_is_refused_before_anything_runs(run: Run, option: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=option.split(":")[0]):
        run(cell("1 / 0") + cell("x = 1", option))


def test_a_picture_shown_by_a_cell_is_refused(run: Run) -> None:
    source = "class P:\n    def _repr_png_(self):\n        return b'x'\nP()"
    with pytest.raises(UnsupportedFeatureError, match="image/png"):
        run(cell(source))


def test_a_matplotlib_figure_left_open_is_an_error(run: Run) -> None:
    with pytest.raises(PictureNotPlacedError, match=r"dokument\.qmd:1"):
        run(cell("import matplotlib.pyplot as plt\nplt.figure();"))
    assert not sys.modules["matplotlib.pyplot"].get_fignums()


def test_a_matplotlib_figure_with_words_is_placed(run: Run) -> None:
    drawn = cell(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
        "label: fig-a",
        'fig-cap: "En *kurve*"',
        "fig-alt: Den stiger",
    )
    assert paragraphs(run(drawn)) == ['![En *kurve*](figs/fig-a-1.svg){#fig-a fig-alt="Den stiger"}']


def test_two_matplotlib_figures_with_the_words_of_one_are_an_error(run: Run) -> None:
    with pytest.raises(UnsupportedFeatureError, match="draws 2"):
        run(cell("import matplotlib.pyplot as plt\nplt.figure()\nplt.figure();", "fig-cap: Et"))


def test_several_figures_with_words_of_their_own_are_the_parts_of_one(run: Run) -> None:
    drawn = cell(
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nplt.plot([2])\nplt.show()",
        "label: fig-a",
        "fig-cap: Begge",
        "fig-subcap: [Et, To]",
        "layout-ncol: 2",
    )
    parts = [
        "::: {#fig-a layout-ncol=2}",
        "![Et](figs/fig-a-1.svg){#fig-a-1 }",
        "![To](figs/fig-a-2.svg){#fig-a-2 }",
        "Begge",
        ":::",
    ]
    assert paragraphs(run(drawn)) == parts


def test_a_frame_is_placed_as_a_table(run: Run) -> None:
    text = "\n".join(paragraphs(run(cell("import pandas as pd\npd.DataFrame({'Sted': ['Køge'], 'Antal': [12]})"))))
    assert text.startswith("```{=html}") and "<td>Køge</td>" in text
    drawn = cell("import pandas as pd\npd.DataFrame({'Sted': ['Køge']})", "label: tbl-a", "tbl-cap: Steder")
    found = paragraphs(run(drawn))
    assert (found[0], found[-2:]) == ("::: {#tbl-a}", ["Steder", ":::"])


def test_warnings_are_reported_and_not_printed_in_the_report(run: Run) -> None:
    assembly = run(cell("import warnings\nwarnings.warn('gammelt')\nprint('ok')", "output: asis"))
    assert paragraphs(assembly) == ["ok"]
    assert assembly.warnings == ["dokument.qmd:4: UserWarning: gammelt"]


def test_the_environment_is_the_documents_own_and_restored(run: Run) -> None:
    source = "import os\nprint(os.environ['REPORTLIB_LEDGER'])\nos.environ['EFTERLADT'] = '1'"
    assert paragraphs(run(cell(source, "output: asis"), REPORTLIB_LEDGER="sti")) == ["sti"]
    assert "EFTERLADT" not in os.environ and "REPORTLIB_LEDGER" not in os.environ


def test_the_working_folder_is_the_document_s_and_restored(run: Run) -> None:
    before = Path.cwd()
    assembly = run(cell("from pathlib import Path\nprint(Path.cwd().name)", "output: asis"))
    assert paragraphs(assembly) == ["kilde"]
    assert Path.cwd() == before


def test_a_failed_document_leaves_the_process_as_it_was(run: Run) -> None:
    folder, path, main = Path.cwd(), list(sys.path), sys.modules["__main__"]
    with pytest.raises(CellFailedError):
        run(cell("import sys\nsys.path.append('x')\n1 / 0"))
    assert (Path.cwd(), sys.path) == (folder, path)
    assert sys.modules["__main__"] is main


def test_names_do_not_reach_the_next_document(run: Run) -> None:
    run(cell("hemmelig = 1"))
    with pytest.raises(CellFailedError, match="hemmelig"):
        run("`{python} hemmelig`")


def test_modules_beside_a_document_do_not_reach_the_next_one(run: Run, write: Callable[..., Path]) -> None:
    write("navn = 'første'", "nabo.py")
    assert paragraphs(run(cell("import nabo") + "\n`{python} nabo.navn`")) == ["første"]
    write("navn = 'anden, længere'", "nabo.py")
    assert paragraphs(run(cell("import nabo") + "\n`{python} nabo.navn`")) == [r"anden\, længere"]


def test_matplotlib_settings_do_not_reach_the_next_document(run: Run) -> None:
    before = mpl.rcParams["font.size"]
    run(cell("import matplotlib\nmatplotlib.rcParams['font.size'] = 31.0"))
    assert mpl.rcParams["font.size"] == before


def test_unseeded_draws_are_the_same_in_every_run_and_leave_no_trace(run: Run) -> None:
    random.seed(5)
    state = random.getstate()
    source = cell("import random\nimport numpy as np\nprint(random.random(), np.random.rand())", "output: asis")
    assert paragraphs(run(source)) == paragraphs(run(source))
    assert random.getstate() == state


def test_a_document_s_variables_are_released(run: Run) -> None:
    class Large:
        """Stands for a data frame of some size."""

    kept: list[weakref.ref[Large]] = []

    def make() -> Large:
        large = Large()
        kept.append(weakref.ref(large))
        return large

    sys.modules["lager"] = type(sys)("lager")
    sys.modules["lager"].make = make  # type: ignore[attr-defined]
    try:
        run(cell("import lager\nstor = lager.make()"))
    finally:
        del sys.modules["lager"]
    gc.collect()
    assert kept and kept[0]() is None


def test_the_shell_a_caller_sits_in_is_given_back(run: Run) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    mine = InteractiveShell.instance()
    try:
        run(cell("assert get_ipython() is not None"))
        assert InteractiveShell.instance() is mine
    finally:
        InteractiveShell.clear_instance()


def test_nothing_is_written_in_the_user_s_home(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "hjem"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    run(cell("x = 1"))
    assert not list(home.iterdir())
