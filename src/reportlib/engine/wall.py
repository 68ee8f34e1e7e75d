"""The second wall: what a finished page may hold, checked on the page itself, whatever made it.

Texts cannot become markup (`reportlib.text.inert`); should one do so all the same, the page is refused before it is
moved into place, and the policy it carries (a Content-Security-Policy) lets a browser run and fetch nothing but what
was there when it was made: no script but those named by their hash, nothing from anywhere else, no form, no frame.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from reportlib.errors import ReportlibError

POLICY_MARK = "<!--reportlib:policy-->"

_POLICY_PLACE = re.compile(rf'{POLICY_MARK}|<meta http-equiv="Content-Security-Policy" content="[^"]*">')
_POLICY = "content-security-policy"
# What runs, embeds, sends or takes the reader away; and what browsers and parsers read differently, behind which it
# could hide.
_FORBIDDEN = frozenset(
    {
        "iframe",
        "frame",
        "frameset",
        "fencedframe",
        "portal",
        "object",
        "embed",
        "applet",
        "param",
        "base",
        "form",
        "link",
        "animate",
        "animatecolor",
        "animatemotion",
        "animatetransform",
        "set",
        "foreignobject",
        "noscript",
        "noembed",
        "noframes",
        "xmp",
        "plaintext",
        "template",
        "textarea",
        "listing",
    }
)
_FORBIDDEN_ATTRIBUTES = frozenset(
    {
        "srcdoc",
        "srcset",
        "imagesrcset",
        "action",
        "formaction",
        "ping",
        "background",
        "poster",
        "data",
        "manifest",
        "codebase",
        "classid",
        "archive",
    }
)
_LINKS = frozenset({"a", "area"})
_REFERENCES = frozenset({"href", "xlink:href"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_PICTURE = re.compile(r"data:image/", re.IGNORECASE)
_CODE = re.compile(r"(?:java|vb)script:", re.IGNORECASE)
# A tag as this library, Pandoc and Matplotlib write it, of an element whose content is read as tags and text.
_PLAIN_TAG = re.compile(
    r"/?(?!(?i:script|style|title|textarea|xmp|plaintext|listing|template|iframe|no\w+)\b)[a-zA-Z][a-zA-Z0-9]*"
    r"(?: [a-zA-Z][\w:-]*(?:=\"[^\"<>]*\")?)* ?/?"
)
# Attributes of no account whatever they hold, as long as it is numbers, commands of a path or a name on the page.
_OF_NO_ACCOUNT = re.compile(
    r" (?:id|for|d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox|transform|points|scope|class)="
    r'"(?![^"]*(?i:url))[\w .,()#-]*"'
    r'|(?<=^a) href="#[\w.-]*"|(?<=^use) href="#[\w.-]*"'
)
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_CSS_FETCH = re.compile(
    r"url\(\s*['\"]?(?!#|data:font/|data:image/)|@import|image-set\(|\bsrc\(|expression\(", re.IGNORECASE
)
_CSS_TAG = re.compile(r"<[a-z!/?]", re.IGNORECASE)


class UnsafePageError(ReportlibError):
    """A finished page holds what no report may hold: a script, a form, a frame, or something fetched from elsewhere."""


def with_policy(page: str, *, connect: bool = False) -> str:
    """The page with the policy of its own scripts and styles, at its mark or in place of the one it had.

    With `connect` a script may ask the page's own server.
    """
    written = html.escape(_policy(_Page(_once(page)).inline, connect=connect))
    return _POLICY_PLACE.sub(f'<meta http-equiv="Content-Security-Policy" content="{written}">', page, count=1)


def check_page(page: str, *, name: str, scripts: Collection[str] = (), connect: bool = False) -> None:
    """Refuse a page that holds what no report may hold; `scripts` are the texts of those that belong to it.

    Raises:
        UnsafePageError: naming the element and its line.
    """
    found = _Page(_once(page))
    if found.faults:
        found = _Page(page)  # with the lines they stand on
    faults = [
        *found.faults,
        *(f"a script that is not ours: {_short(one)}" for one in found.inline.scripts if one not in scripts),
    ]
    if not faults and found.policies != [_policy(found.inline, connect=connect)]:
        faults.append("it does not carry the policy of its own scripts and styles, once")
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise UnsafePageError(
            f"{name} is not written: {faults[0]}{more}",
            hint="a report has no scripts, forms or frames and fetches nothing: look for raw HTML in the document",
        )


def scripts_of(page: str) -> tuple[str, ...]:
    """The texts of the scripts in a page."""
    return tuple(_Page(page).inline.scripts)


def _once(page: str) -> str:
    """The page with each tag of its body once, without its text, numbers and names: to look at one of a kind is to look
    at all, and thousands of them took half of what a finished file costs.

    Only what every parser reads alike is left out: tags of plain attributes in double quotes, in a body without
    anything in which a tag is no tag. Any other page is given back as it is.
    """
    head, end, body = page.partition("</head>")
    first, *rest = body.split("<")
    distinct = dict.fromkeys(piece.partition(">")[0] for piece in rest)
    tags = dict.fromkeys(map(_plain_tag, distinct))
    if not end or ">" in first or None in tags:
        return page
    return f"{head}{end}{''.join(f'<{tag}>' for tag in tags)}"


@lru_cache(maxsize=50_000)  # the reports of a trial share most of them
def _plain_tag(tag: str) -> str | None:
    """The tag without its numbers and names; None of one that parsers may read differently."""
    left = _OF_NO_ACCOUNT.sub("", tag)
    return left if _PLAIN_TAG.fullmatch(left) else None


def _policy(page: _Inline, *, connect: bool) -> str:
    styles = [_source(style) for style in page.styles]
    if page.attributes:
        styles += ["'unsafe-hashes'", *map(_source, page.attributes)]
    rules = {
        "default-src": ["'none'"],
        "img-src": ["data:"],
        "font-src": ["data:"],
        "style-src": styles or ["'none'"],
        "script-src": [_source(script) for script in page.scripts] or ["'none'"],
        "connect-src": ["'self'" if connect else "'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(sources))}" for name, sources in rules.items())


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


@dataclass
class _Inline:
    """The texts of a page's scripts, style sheets and style attributes."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """What a page has of its own, its policies, and what is wrong with it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.faults: list[str] = []
        self.inline = _Inline()
        self.policies: list[str] = []
        self._within: list[str] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = {"script": self.inline.scripts, "style": self.inline.styles}.get(tag)
        if self._within is not None:
            self._within.append("")
        if tag == "script" and attrs:
            self._fault(f"<script {attrs[0][0]}>: a script has no attributes")
        if tag in _FORBIDDEN:
            self._fault(f"<{tag}>")
        for name, value in attrs:
            if not self._is_harmless(tag, name, value or "", attrs):
                self._fault(f'<{tag} {name}="{_short(value or "")}">')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._within is not None:
            self._fault(f"<{tag}/>: parsers read it differently")
            self._within = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "style" and self._within is self.inline.styles:
            self._css(self.inline.styles[-1], "a style sheet")
        self._within = None

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self._within[-1] += data

    def handle_comment(self, data: str) -> None:
        if "<" in data or ">" in data or data.startswith("-"):
            self._fault(f"a comment that parsers read differently: {_short(data)}")

    def unknown_decl(self, data: str) -> None:
        self._fault(f"<![{_short(data)}")

    def handle_pi(self, data: str) -> None:
        self._fault(f"<?{_short(data)}")

    def _is_harmless(self, tag: str, name: str, value: str, attrs: list[tuple[str, str | None]]) -> bool:
        if name in _FORBIDDEN_ATTRIBUTES or name.startswith("on"):
            return False
        if name == "style":
            self.inline.attributes.append(value)
            self._css(value, f"<{tag} style>")
            return True
        if name == "http-equiv":
            self.policies.append(dict(attrs).get("content") or "")
            return tag == "meta" and value.lower() == _POLICY
        if name == "src":
            return tag == "img" and _PICTURE.match(value) is not None
        if ":" not in value and name not in _REFERENCES:  # most attributes
            return "url(" not in value.lower() or _CSS_FETCH.search(value) is None
        target = _UNSEEN.sub("", value)
        if name in _REFERENCES:
            scheme = _SCHEME.match(target)
            allowed = scheme is None or scheme[1].lower() in _SCHEMES
            return target.startswith("#") or (tag in _LINKS and allowed)
        return _CODE.match(target) is None and ("url(" not in value.lower() or _CSS_FETCH.search(value) is None)

    def _css(self, css: str, where: str) -> None:
        for fault in _faults_of(css):
            self._fault(f"{where} {fault}")

    def _fault(self, what: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {what}")


@lru_cache(maxsize=64)  # a page is read twice, and its sisters have its style sheets
def _faults_of(css: str) -> tuple[str, ...]:
    read = _CSS_ESCAPE.sub(_unescaped, css) if "\\" in css else css
    faults = []
    if (fetched := _CSS_FETCH.search(read)) is not None:
        faults.append(f"fetches from elsewhere: {_short(read[fetched.start() :])}")
    if (tag := _CSS_TAG.search(css)) is not None:  # in a picture a style sheet's tags are tags
        faults.append(f"holds a tag: {_short(css[tag.start() :])}")
    return tuple(faults)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    return found[2] or (chr(code) if 0 < code < 0x110000 else "\ufffd")


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 60 else f"{one_line[:60]}…"
