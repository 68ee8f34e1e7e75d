"""The assembled Markdown: its metadata header, what it may not contain, and the way back from a message to a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from reportlib.engine.document import USE_QUARTO, Line, Place, UnsupportedFeatureError

_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_SHORTCODE = re.compile(r"\{\{<\s*(?P<name>[\w-]+)")
_DIV = re.compile(r"^\s*:{3,}\s*(?P<attributes>\S.*)$")
_ATTRIBUTES = re.compile(r"\{(?P<attributes>[^{}]*)\}")

# Classes and attributes with a meaning in Quarto that Pandoc alone would pass over in silence.
_CLASSES = re.compile(
    r"\.(callout-[\w-]+|panel-[\w-]+|column-[\w-]+|content-visible|content-hidden|aside|incremental|landscape|grid"
    r"|proof|theorem|unnumbered-figure)\b"
)
_KEYS = re.compile(r"\b(layout(?:-\w+)*|when-format|unless-format|when-meta|unless-meta|fig-cap-location)\s*=")


def with_metadata(markdown: str, metadata: Mapping[str, Any]) -> str:
    """The Markdown with a YAML header Pandoc reads as it reads a document's own."""
    header = yaml.safe_dump(dict(metadata), allow_unicode=True, sort_keys=True, width=10_000)
    return f"---\n{header}---\n\n{markdown}"


def check_markdown(lines: Iterable[Line]) -> None:
    """Refuse what Quarto would act on and Pandoc alone would print or drop: shortcodes, callouts, panels, conditions.

    Raises: UnsupportedFeatureError with file and line.
    """
    for line in _outside_code(lines):
        text = _CODE_SPAN.sub("", line.text)
        if shortcode := _SHORTCODE.search(text):
            hint = "put an include on a line of its own" if shortcode["name"] == "include" else USE_QUARTO
            raise UnsupportedFeatureError(f"{line.place}: the shortcode {{{{< {shortcode['name']} >}}}}", hint=hint)
        for attributes in _attributes(text):
            if (found := _CLASSES.search(attributes)) or (found := _KEYS.search(attributes)):
                raise UnsupportedFeatureError(f"{line.place}: `{found[0]}` is Quarto's own", hint=USE_QUARTO)


def find_places(lines: Iterable[Line], text: str) -> list[Place]:
    """The lines on which `text` stands as a word of its own (`@fig-a` is not found in `@fig-ab`)."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
    return [line.place for line in lines if pattern.search(line.text)]


def _attributes(text: str) -> list[str]:
    found = [match["attributes"] for match in _ATTRIBUTES.finditer(text)]
    if (div := _DIV.match(text)) and "{" not in text:
        found.append(f".{div['attributes']}")  # `::: callout-note`, a class without braces
    return found


def _outside_code(lines: Iterable[Line]) -> Iterable[Line]:
    fence = ""
    for line in lines:
        mark = _FENCE.match(line.text)
        if fence:
            if mark and mark["fence"].startswith(fence) and not line.text.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark["fence"]
        else:
            yield line
