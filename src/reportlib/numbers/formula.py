"""A formula in Markdown as its digits print: in both formats sign stands after sign, above and below the line too."""

from __future__ import annotations

import re

_TEX = r"(?:[^$\\]|\\.)"
_FORMULA = re.compile(
    rf"(?<!\\)\$\$({_TEX}*)(?:\$\$(?:\s*\{{#[^{{}}]*\}})?|$)"
    rf"|(?<![\\$])\$(?![\s$])({_TEX}+?)(?<!\s)\$(?![\d$])"
)
_SPACE = re.compile(r"\\(?:[,;:! ]|q?quad\b)|~")
_TEXT = re.compile(r"\\text\{([^{}]*)\}")  # whose spaces print
_UNSEEN = re.compile(r"\\(?:begin|end)\{\w+\*?\}(?:\{[clr|]*\})?|\\mathbb\{\d\}")  # the last is a letter
_COMMAND = re.compile(r"\\([a-zA-Z]+)\*?|[\\{}_^&]|\s+")
_LAYOUT = frozenset({
    "frac", "dfrac", "tfrac", "text", "mathrm", "mathbf", "mathit", "operatorname", "left", "right", "hat", "bar",
    "overline", "sqrt", "limits",
})  # fmt: skip
_SIGNS = frozenset({
    "cdot", "times", "div", "pm", "mp", "le", "ge", "leq", "geq", "lt", "gt", "ne", "neq", "approx", "sim", "to", "in",
    "sum", "prod", "int", "infty", "ldots", "dots", "mid",
})  # fmt: skip


def printed_formulas(markdown: str) -> str:
    """The line with its formulas (in `$`, in `$$`, or from `$$` on) as they print.

    >>> printed_formulas(r"Da $x_{15} = 3{,}5 \\cdot 2$ er")
    'Da x15=3,5·2 er'
    """
    return _FORMULA.sub(_printed, markdown) if "$" in markdown else markdown


def _printed(match: re.Match[str]) -> str:
    tex = _TEXT.sub(lambda words: words[1].replace(" ", "\0"), _UNSEEN.sub("", match[1] or match[2] or ""))
    return _COMMAND.sub(_sign, _SPACE.sub(" ", tex)).replace("\0", " ")


def _sign(command: re.Match[str]) -> str:
    if command[1] is None or command[1] in _LAYOUT:
        return ""
    return "·" if command[1] in _SIGNS else "x"  # most others are letters or words
