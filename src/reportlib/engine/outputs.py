"""What a cell or an inline expression gave, and how that becomes Markdown.

The rules are Quarto's: `output: asis` is Markdown as printed, other printed text is a code block, a value that knows
how to be Markdown (`_repr_markdown_`) is Markdown, any other inline value is text with its Markdown characters escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportlib.engine.qmd import USE_QUARTO, Cell, Place, UnsupportedFeatureError
from reportlib.errors import ReportlibError
from reportlib.text.markup import attribute

CELL_OPTIONS: Mapping[str, tuple[Any, ...] | None] = {
    "tags": None,
    "label": None,
    "output": ("asis", True, False),
    "echo": (False,),
    "include": (True, False),
    "warning": (False,),
    "message": (False,),
    "fig-cap": None,
    "fig-alt": None,
    "fig-subcap": None,
    "layout-ncol": None,
    "fig-pos": None,
    "tbl-cap": None,
    "classes": ("plain", "striped", "hover", "bordered", "borderless", "sm"),
    "export": None,
    "column": tuple(where + side for where in ("body", "page", "screen") for side in ("", "-inset", "-outset")),
}
_OF_PARTS = ("fig-subcap", "layout-ncol")  # of several figures in one cell

INLINE_FORMS = ("text/markdown", "text/plain")
"""The forms of a value that can stand in a line."""

VALUE_SIGNS = ("\ufde0", "\ufde1")
"""Around an inline value that may stand in an equation, where Markdown's escapes would be TeX (pandoc_forms.lua)."""

_OF_A_FIGURE = re.compile(r"matplotlib|<Figure|Text\(")  # what a cell's last line shows of the figure it draws
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class InlineValueMissingError(ReportlibError):
    """An inline expression that gives nothing."""


@dataclass(frozen=True)
class Printed:
    """Text written to standard output."""

    text: str


@dataclass(frozen=True)
class Shown:
    """A value shown by `display(...)` or as a cell's last line, in the forms it offers (media type -> content)."""

    forms: Mapping[str, Any]
    value_type: str


def check_options(cell: Cell) -> None:
    """Refuse options the embedded engine does not follow.

    Raises: UnsupportedFeatureError.
    """
    of_parts = isinstance(cell.options.get("fig-subcap"), list)
    for name, value in cell.options.items():
        allowed = () if name in _OF_PARTS and not of_parts else CELL_OPTIONS.get(name, ())
        if allowed is not None and value not in allowed:
            shown = str(value).lower() if isinstance(value, bool) else value
            raise UnsupportedFeatureError(
                f"{cell.place}: the cell option `{name}: {shown}` is not supported", hint=USE_QUARTO
            )


def cell_markdown(cell: Cell, outputs: Sequence[Printed | Shown]) -> str:
    """The Markdown of a cell's outputs; empty when the cell is not to be seen.

    Raises: UnsupportedFeatureError when a value has no Markdown form (a picture, an HTML table).
    """
    if cell.options.get("include", True) is False or cell.options.get("output", True) is False:
        return ""
    asis = cell.options.get("output") == "asis"
    pieces = [_piece(output, asis, cell.place) for output in _joined(outputs)]
    markdown = "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())
    if (caption := cell.options.get("tbl-cap")) is None:
        return markdown
    label = str(cell.options.get("label") or "")
    if not label.startswith("tbl-"):
        raise UnsupportedFeatureError(f"{cell.place}: `tbl-cap` without a `label: tbl-...`", hint="give the cell both")
    return f"::: {{#{label}}}\n\n{markdown}\n\n{caption}\n\n:::"


def figure_markdown(cell: Cell, files: Sequence[str]) -> str:
    """The Markdown of the figures a cell drew, in `files`, with the words its options give them.

    Raises: UnsupportedFeatureError for several figures with one caption and no words of their own (`fig-subcap`).
    """
    words = {name: cell.options.get(name) for name in ("label", "fig-cap", "fig-alt", "fig-subcap", "layout-ncol")}
    parts: list[str] | None = words["fig-subcap"]
    alts = words["fig-alt"]
    right = len(files) == (1 if parts is None else len(parts))
    if isinstance(alts, list) and (parts is None or len(alts) != len(files)):
        right = False
    if not right or any(not isinstance(words[name], str | None) for name in ("label", "fig-cap")):
        raise UnsupportedFeatureError(
            f"{cell.place}: the cell draws {len(files)} figures, but its words are of another number", hint=USE_QUARTO
        )
    label = words["label"] or ""
    identifier = f"#{label} " if label.startswith("fig-") else ""
    if parts is None:
        return _figure(words["fig-cap"], files[0], identifier, alts)
    each = alts if isinstance(alts, list) else [alts] * len(files)
    own = [f"#{label}-{number} " if identifier else "" for number in range(1, len(files) + 1)]
    pictures = [_figure(*words) for words in zip(parts, files, own, each, strict=True)]
    columns = f"layout-ncol={words['layout-ncol'] or 1}"
    return "\n\n".join([f"::: {{{identifier}{columns}}}", *pictures, words["fig-cap"] or "", ":::"])


def _figure(caption: str | None, file: str, identifier: str, alt: str | None) -> str:
    words = f'fig-alt="{attribute(alt)}"' if alt is not None else ""
    return f"![{caption or ''}]({file}){{{identifier}{words}}}".removesuffix("{}")


def without_drawing(outputs: Sequence[Printed | Shown]) -> list[Printed | Shown]:
    """The outputs but for what the drawing functions gave back."""
    return [
        output
        for output in outputs
        if isinstance(output, Printed) or not _OF_A_FIGURE.search(str(output.forms.get("text/plain", "")))
    ]


def inline_markdown(forms: Mapping[str, Any], value: object, place: Place, expression: str) -> str:
    """The Markdown of an inline expression's value.

    Raises: InlineValueMissingError when the value is None.
    """
    if value is None:
        raise InlineValueMissingError(
            f"{place}: `{expression}` gives nothing",
            hint="an inline expression must give a value; use a cell for `print`",
        )
    if "text/markdown" in forms:
        return str(forms["text/markdown"])
    text = value if isinstance(value, str) else _unquoted(str(forms.get("text/plain", value)))
    return escape_markdown(" ".join(text.split("\n")))


def escape_markdown(text: str) -> str:
    """Text that Pandoc's Markdown reads back as exactly these characters."""
    return _PUNCTUATION.sub(r"\\\1", text)


def _joined(outputs: Sequence[Printed | Shown]) -> list[Printed | Shown]:
    joined: list[Printed | Shown] = []
    for output in outputs:
        if isinstance(output, Printed) and joined and isinstance(joined[-1], Printed):
            joined[-1] = Printed(joined[-1].text + output.text)
        else:
            joined.append(output)
    return joined


def _piece(output: Printed | Shown, asis: bool, place: Place) -> str:
    if isinstance(output, Printed):
        return output.text if asis else _code_block(output.text)
    if "text/markdown" in output.forms:
        return str(output.forms["text/markdown"])
    if "<table" in (html := str(output.forms.get("text/html", ""))) and "```" not in html:
        return f"```{{=html}}\n{html.strip()}\n```"
    if set(output.forms) <= {"text/plain"}:
        if asis:
            raise UnsupportedFeatureError(
                f"{place}: the cell's last line shows a value ({output.value_type}) among its Markdown",
                hint="assign the value to a name, or print it as Markdown",
            )
        return _code_block(str(output.forms.get("text/plain", "")))
    kinds = ", ".join(sorted(kind for kind in output.forms if kind != "text/plain"))
    raise UnsupportedFeatureError(
        f"{place}: the cell shows a {output.value_type} as {kinds}, which the embedded engine does not place",
        hint="print Markdown (pictures saved under figs/, tables as pipe tables), or render with --engine quarto",
    )


def _code_block(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}" if text.strip() else ""


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text
