"""What a file holds, as few lines: for each place in it how often, and its numbers added up or its words.

A place is a path through JSON, an attribute of HTML or an element of XML, without the numbers of repeated parts. What
differs between machines, versions and builds is left out or written `#`.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zlib import crc32

Place = tuple[str, str | int | float | bool | None]
_KINDS = 4
"""So many different words of a place are named; of more only that they are the same, in the same order."""
_LONGEST = 60
_MANY = 12
"""A JSON object within another that has more keys than this is a list whose items have names."""
_LEFT_OUT = {"seconds", "code", "packages", "programs", "python", "version", "softwareVersion", "contentSize"}
_MADE = re.compile(r"\bsha256-[\w+/]+=*|\b[0-9a-f]{8,}\b|(?<=T)(?!00:00:00)\d\d:\d\d:\d\d\S*|(?<=#)\d[\d.]+")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def masked(text: str) -> str:
    """The text with hashes, versions and times of day written `#`: another build has others."""
    return _MADE.sub("#", text)


def shape(places: Iterable[Place]) -> Iterator[str]:
    """A line for each place, in the order in which it first comes."""
    found: dict[str, list[Any]] = defaultdict(list)
    for place, value in places:
        found[place].append(value)
    for place, values in found.items():
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        words = [str(value) for value in values if isinstance(value, str | bool)]
        told = [f"{count} none"] if (count := len(values) - len(numbers) - len(words)) else []
        if numbers:  # `turned` changes when two of them change places
            turned = sum(number * (1 + at % 7) for at, number in enumerate(numbers))
            told.append(f"{len(numbers)} numbers: {sum(numbers):.6g}, turned {turned:.6g}")
        if words:
            kinds = dict.fromkeys(map(masked, words))
            short = len(kinds) <= _KINDS and all(len(kind) <= _LONGEST for kind in kinds)
            mark = f"mark {crc32(chr(0).join(map(masked, words)).encode()):08x}"
            told.append(f"{len(words)} words: {' | '.join(kinds) if short else f'{len(kinds)} different, {mark}'}")
        yield f"{place}: {'; '.join(told)}"


def of_json(document: Any, path: str = "") -> Iterator[Place]:
    """The places of a JSON document."""
    if isinstance(document, dict):
        named = path and len(document) > _MANY
        if named:
            yield from ((f"{path}{{}}", name) for name in document)
        for name, value in document.items():
            if name not in _LEFT_OUT:
                yield from of_json(value, f"{path}.{'*' if named else name}")
    elif isinstance(document, list):
        for at, value in enumerate(document):
            yield from of_json(value, f"{path}[{at if path.endswith('[]') else ''}]")
    else:
        yield path, document


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self.within = 0  # elements of the words behind a number

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places.append((tag, True))
        if self.within or "om" in (dict(attrs).get("class") or "").split():
            self.within += 1
        self.places += [place for name, value in attrs for place in _attribute(f"{tag}@{name}", value or "")]

    def handle_endtag(self, tag: str) -> None:
        self.within -= bool(self.within)

    def handle_data(self, data: str) -> None:
        if self.within:
            self.places.append(("behind a number", data))


def of_page(page: str) -> Iterator[Place]:
    """The elements and attributes of an HTML page, and the words behind its numbers; its text is told elsewhere."""
    reader = _Page()
    reader.feed(re.sub(r"(<(style|script)\b[^>]*>).*?</\2>", r"\1</\2>", page, flags=re.DOTALL))
    return iter(sorted(reader.places, key=lambda place: place[0]))


def of_package(content: bytes) -> Iterator[Place]:
    """The parts of a file of Word or Excel, each with its elements, attributes and texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not name.endswith((".xml", ".rels")):
                yield name, True
            elif name not in _NOT_OURS:
                like = re.sub(r"\d+(?=\.xml)", "*", name)
                yield from sorted(_of_xml(like, ElementTree.fromstring(package.read(name))), key=lambda one: one[0])


_NOT_OURS = {
    "word/styles.xml",
    "word/theme/theme1.xml",
    "word/settings.xml",
    "word/fontTable.xml",
    "xl/theme/theme1.xml",
}


def _of_xml(part: str, root: ElementTree.Element) -> Iterator[Place]:
    for element in root.iter():
        name = f"{part} {element.tag.rpartition('}')[2]}"
        if element.text and element.text.strip():
            yield from _attribute(name, element.text)
        for attribute, value in element.attrib.items():
            yield from _attribute(f"{name}@{attribute.rpartition('}')[2]}", value)


def _attribute(place: str, value: str) -> Iterator[Place]:
    """Paths and places of a drawing as their numbers, anything else as it is."""
    if place.endswith(("@d", "@x", "@y", "@x1", "@x2", "@y1", "@y2", "@width", "@height", "@transform", "@points")):
        yield from ((place, float(number)) for number in _NUMBERS.findall(value))
    elif _NUMBERS.fullmatch(value):
        yield place, float(value)
    elif value.startswith("data:"):
        yield place, value.partition(",")[0]
    else:
        yield place, value


def of_bytes(name: str, content: bytes) -> Iterator[Place]:
    """The places of a file, by the ending of its name."""
    ending = name.rpartition(".")[2]
    if ending == "json":
        return of_json(json.loads(content))
    return of_page(content.decode("utf-8")) if ending == "html" else of_package(content)
