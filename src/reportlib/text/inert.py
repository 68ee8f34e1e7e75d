"""Words that no markup can read: each sign that means something in Markdown, Typst, HTML or Quarto goes as another.

A text from data or trial.yml passes through f-strings, lists, templates, Pandoc and the theme before it is printed, and
each of those places could forget to escape it. So it is escaped once, where it enters (`markup.escape`, and for all of
trial.yml at once `trial.base`), in a way that needs no second thought: `<` becomes U+F003C, a character of a private
plane that means nothing to anybody, and comes back as itself only where a finished file is written, each format in its
own way. A stand-in is one character for one, so texts can be cut, joined, measured and escaped again.

What forgets to bring the words back shows boxes, which a test finds; it can never be read as markup.
"""

from __future__ import annotations

import html
import re

_PLANE = 0xF0000  # Supplementary Private Use Area A; trial.yml may not hold it, and `plain` brings it back from data
_STANDINS = re.compile("[\U000f0000-\U000f007f]+")
_MEANINGFUL = re.compile(
    r"[\\`*_{}\[\]<>$@^~|&\"'#!=]"
    r"|--+|\.\.\.+|::+|//+"  # dashes, ellipses, divisions, comments and addresses
    r"|^[-+.:%/(]"  # what begins a list, a title, a definition
    r"|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]|(?<=^\d{4})[.)]"  # 1. 2) ...
    r"|(?<=^[A-Za-z])[.)](?=\s)|(?<=^[ivxlcIVXLC]{2})[.)](?=\s)|(?<=^[ivxlcIVXLC]{3})[.)](?=\s)"  # a) iv. ...
)
_TO_STANDINS = {code: _PLANE + code for code in range(0x80)}
_TO_SIGNS = {_PLANE + code: chr(code) for code in range(0x80)}


class Words(str):
    """Inert words, as a document meets them in `r.trial`. Jupyter shows them as they are, without quotation marks."""

    def _repr_markdown_(self) -> str:
        return str(self)


class Place(str):
    """A name from data that is itself where it is compared or looked up, and inert where it is written into a text."""

    def __str__(self) -> str:
        return inert(self)

    def __format__(self, format_spec: str) -> str:
        return format(str(self), format_spec)

    def _repr_markdown_(self) -> str:
        return str(self)


def inert(text: str) -> Words:
    """The text with stand-ins for every sign that could mean something; inert words stay as they are."""
    return Words(_MEANINGFUL.sub(lambda found: found[0].translate(_TO_STANDINS), text))


def plain(text: str) -> str:
    """The words as they were written, for where nothing is markup: pictures, file metadata, errors.

    >>> inert('a*b') == 'a*b', plain(inert('a*b')) == 'a*b'
    (False, True)
    """
    return text.translate(_TO_SIGNS) if _STANDINS.search(text) else text


def has_standins(value: object) -> bool:
    """True when a record, a list or a text holds inert words anywhere: its `repr` writes them as codes."""
    return "\\U000f00" in repr(value)


def as_html(page: str) -> str:
    """An HTML page with the words as HTML, right between tags and inside a quoted attribute."""
    return _STANDINS.sub(lambda found: html.escape(plain(found[0])), page)


def as_typst(source: str) -> str:
    """Typst source with the words as Typst's own escapes, which are the same in text and in a string literal."""
    return _STANDINS.sub(lambda found: "".join(f"\\u{{{ord(sign):x}}}" for sign in plain(found[0])), source)
