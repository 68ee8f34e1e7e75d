"""Files that are ZIP packages of XML (Word's, for one): written without a clock, read within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from reportlib.errors import ReportlibError
from reportlib.files.reading import read_bytes

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # that a ZIP file can name
_UNIX = 3
_MOST_PARTS = 5_000
_LARGEST = 64 * 1024 * 1024  # bytes of one part
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY")  # which no office file holds


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package without a clock and an order of chance; the list of what they are comes first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX  # on whatever system it is made
            package.writestr(entry, parts[name])
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of a package that was made here."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}


class Package:
    """A package that others may have changed. Its parts are read when they are asked for, each as XML.

    Raises:
        error: the file cannot be read, is no package, or a part is too large, damaged or no XML.
    """

    def __init__(self, path: Path, *, error: type[ReportlibError], what: str, hint: str | None = None) -> None:
        self._path, self._error, self._what, self._hint = path, error, what, hint
        content = read_bytes(path, error=error, what=what, hint=hint)
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise self._wrong("it is damaged, has a password, or is no such file") from None
        self.names = self._file.namelist()
        if len(self.names) > _MOST_PARTS:
            raise self._wrong(f"it holds more than {_MOST_PARTS} parts")

    def xml(self, name: str) -> ElementTree.Element | None:
        """The root element of a part; None where there is no such part."""
        if name not in self.names:
            return None
        try:
            with self._file.open(name) as part:
                content = part.read(_LARGEST + 1)
            if len(content) > _LARGEST:
                raise self._wrong(f"its part {name} is larger than {_LARGEST // 1024**2} MB")
            if any(sign in content for sign in _DECLARES):
                raise self._wrong(f"its part {name} declares a document type")
            return ElementTree.fromstring(content)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise self._wrong(f"its part {name} is damaged") from None
        except ElementTree.ParseError as problem:
            raise self._wrong(f"its part {name} cannot be read ({problem})") from None

    def _wrong(self, why: str) -> ReportlibError:
        return self._error(f"{self._path} is not {self._what}: {why}", hint=self._hint)
