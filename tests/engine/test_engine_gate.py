"""What a writer may write is decided on the tree: all else is refused with its file and line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportlib.engine.pandoc import Converted, MarkdownProblemError
from reportlib.engine.qmd import UnsupportedFeatureError
from reportlib.text.marks import number_mark

Convert = Callable[[str], Converted]


def refusal(converted: Convert, markdown: str) -> str:
    with pytest.raises(UnsupportedFeatureError) as caught:
        converted(markdown)
    assert "--engine quarto" in str(caught.value)
    return caught.value.message


@pytest.mark.parametrize(
    ("markdown", "line", "named"),
    [
        ("A {{< pagebreak >}}", 1, "pagebreak"),
        ('::: {.content-hidden\nwhen-profile="x"}\nhemmelig\n:::', 1, "content-hidden"),
        (f'::: {{.content-visible when-format="html"}}\n{number_mark("12", 1)}\n:::', 1, "number that can be followed"),
        ("Tekst\n\n{{< meta mangler >}} og", 3, "meta mangler"),
        ("Et ord-navn\n\n{{< meta ord-navn >}} og ord", 3, "ord-navn"),
        ("Windows\n\nA {{< kbd amiga=Shift-Command-O >}}", 3, "kbd"),
        ("A\n\n```\n{{< video a.mp4 >}}\n```", 4, "{{{<"),
        ('A\n\n[x]{alt="{{< meta mangler >}}"}', 3, "meta mangler"),
        ("A\n\n::: {layout-ncol=x}\nA\n:::", 3, "layout-ncol"),
        ('A\n\n::: {layout="[[1,-1,1]]"}\nA\n\nB\n:::', 3, "layout"),
        ("A\n\n![](figs/{{< var intet >}}.svg)", 3, "shortcode"),
        ("A\n\n::: {.boxs}\nA\n:::", 3, "was .boks meant"),
        ("A\n\n::: {.nøgletal}\nA\n:::", 3, "was .noegletal meant"),
        ('A\n\n::: {.boks titel="T"}\nA\n:::', 3, "was title= meant"),
        ('A\n\n[x]{style="display:none"}', 3, "style="),
        ("A\n\n::: {.d-none}\nA\n:::", 3, "d-none"),
        ("A\n\n::: {.callout-tip}\n## Om $x$\nA\n:::", 3, "callout-tip"),
        ("A\n\n`x`{=rtf}", 3, "rtf"),
        ("A\n\n```{=typst}\n#pagebreak()\n```", 4, "typst"),
        ("A\n\n\\newpage", 3, "newpage"),
        ("A\n\n<details><summary>Mere</summary>B</details>", 3, "details"),
        ("A\n\n<video src='a.mp4'></video>", 3, "video"),
        ("A\n\n> ```{python}\n> 1 + 1\n> ```", 3, "python"),
        ('A\n\n::: {.boks title= "x"}\nHej\n:::', 3, "boks"),
        ("A\n\nTekst {#her .klasse}", 3, "#her"),
        ('A\n\n![T](https://example.org/a.png){#fig-a fig-alt="x"}', 3, "fetched"),
        ('A\n\n![T](figs/a.svg){#fig-a fig-alt="x" width=stor}', 3, "stor"),
        ("# A\n\n### B", 3, '"B"'),
        ("# A\n\n# {.unnumbered}\n\nx", 3, "without words"),
        ("# A\n\n#\n\nx", 3, "without words"),
        ("Tekst\n\n# Ord^[En note.]", 3, "footnote"),
        ('# A\n\n::: {.boks title="T"}\n\n# Kapitel\n:::', 5, "Kapitel"),
        ("# A\n\n> # Kapitel", 3, "Kapitel"),
    ],
)
def test_what_the_engine_cannot_set_is_refused_with_its_line(
    converted: Convert, markdown: str, line: int, named: str
) -> None:
    message = refusal(converted, markdown)
    assert message.startswith(f"a.qmd:{line}: ")
    assert named in message


@pytest.mark.parametrize(
    ("markdown", "line", "named"),
    [
        ("Før\n\n- [x]{.boks-nej}", 3, "boks-nej"),
        ("A\n\n::: {.knaldhat}\nx\n:::", 3, "knaldhat"),
        ('A\n\n[x]{style="color:red"}', 3, "style="),
        ("A\n\n`x`{.python .knaldhat}", 3, "knaldhat"),
        ("A\n\n```{.python .knaldhat}\nx\n```", 3, "knaldhat"),
        ("A\n\n| A |\n|---|\n| x |\n\n: T {#tbl-a .stribet}", 7, "stribet"),
        ('A\n\n| A |\n|---|\n| x |\n\n: T {#tbl-a tbl-colwidths="[50]"}', 7, "tbl-colwidths"),
        ("A\n\n[x](knaldhat.qmd)", 3, "knaldhat"),
        ('A\n\n[x](https://www.dst.dk){knaldhat="y"}', 3, "knaldhat"),
    ],
)
def test_what_says_only_how_words_look_is_told_with_its_line_and_is_in_no_format(
    converted: Convert, markdown: str, line: int, named: str
) -> None:
    done = converted(markdown)
    (told,) = done.passed_over
    assert told.startswith(f"a.qmd:{line}: ")
    assert named in told
    assert all("x" in text and named not in text for text in done.texts.values())


def test_every_refusal_is_told_at_once(converted: Convert) -> None:
    found = refusal(converted, "[a]{.notes}\n\nTekst\n\n[b]{.hidden}").split("\n")
    assert [line.partition(": ")[0] for line in found] == ["a.qmd:1", "a.qmd:5"]


def test_a_word_that_also_stands_elsewhere_is_not_taken_for_the_place(converted: Convert) -> None:
    text = "Her er notes et ord.\n\n```\n[x]{.notes}\n```\n\nOg `notes` her.\n\n[bemærkning]{.notes}\n"
    assert refusal(converted, text).startswith("a.qmd:9: ")


def test_of_two_places_both_are_named(converted: Convert) -> None:
    assert refusal(converted, "[a]{.notes} i notes\n\nnotes\n\n[b]{.notes}").startswith("a.qmd:1, a.qmd:5: ")


def test_a_place_that_is_not_certain_is_left_out(converted: Convert) -> None:
    text = "\n\n".join(f"[{number}]{{.notes}}" for number in range(20))
    assert refusal(converted, text).startswith("the class .notes")


@pytest.mark.parametrize(
    "markdown",
    ["```\n{{{< pagebreak >}}}\n```", "Skriv `{{{< pagebreak >}}}`.", "~~~\n::: {.aside}\n~~~", "`{.a}` og `:::`"],
)
def test_code_that_shows_them_passes(converted: Convert, markdown: str) -> None:
    converted(markdown)


def test_what_a_filter_says_is_not_dropped(converted: Convert, filters: Callable[[str], str]) -> None:
    own = filters("function Pandoc(doc) io.stderr:write('noget er galt\\n') end")
    with pytest.raises(MarkdownProblemError, match="noget er galt"):
        converted("Tekst.", filters=(own,))


def test_what_a_filter_prints_does_not_spoil_the_report(converted: Convert, filters: Callable[[str], str]) -> None:
    own = filters("function Pandoc(doc) print('hej') end")
    with pytest.raises(MarkdownProblemError, match="hej"):
        converted("Tekst.", filters=(own,))


def test_tex_that_cannot_be_read_is_an_error_with_its_line(converted: Convert) -> None:
    with pytest.raises(MarkdownProblemError, match=r"^a\.qmd:3: .*TeX"):
        converted("A $x$\n\nB $\\ukendtkommando{x}$\n")
