"""The parameter `kommune`: which version of a report, how its name is recognised, and what its file is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger.keys import WHOLE_TRIAL

EVERY_SITE = "alle-kommuner"
"""The argument of `--kommune` that means every municipality of the trial."""

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ß": "ss"})


class UnknownMunicipalityError(ReportlibError):
    """The trial has no such municipality."""


class AmbiguousFileNameError(ReportlibError):
    """Two municipalities of a trial would get the same file name."""


def resolve(name: str, sites: Sequence[str], *, trial: str) -> str:
    """The canonical name of `name` among `sites`, or `Alle`; case and surrounding blanks do not matter.

    Raises:
        UnknownMunicipalityError: with the nearest names.
    """
    wanted = folded(name)
    by_folded = {folded(site): site for site in (*sites, WHOLE_TRIAL)}
    if wanted not in by_folded:
        raise UnknownMunicipalityError(
            f"{name!r} is no municipality of {trial}", hint=did_you_mean(name.strip(), [*sites, WHOLE_TRIAL])
        )
    return by_folded[wanted]


def folded(name: str) -> str:
    """The name as it is compared: case, blanks (also no-break ones) and how a letter is encoded do not matter.

    An å may be one character, or an a and a ring, as on some disks and in some extracts.

    >>> folded('  ÅRHUS ') == folded('århus')
    True
    """
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def expand(names: Iterable[str], sites: Sequence[str], *, trial: str) -> list[str]:
    """The canonical names asked for, each once, in the order asked; `alle-kommuner` stands for every site."""
    wanted: dict[str, None] = {}
    for name in names:
        if name.strip().casefold() == EVERY_SITE:
            wanted.update(dict.fromkeys(sites))
        else:
            wanted[resolve(name, sites, trial=trial)] = None
    return list(wanted)


def slug(name: str) -> str:
    """A file name of `a-z`, `0-9` and hyphens (Høje-Taastrup -> hoeje-taastrup); never empty, never a reserved name.

    >>> slug('Høje-Taastrup'), slug('Con')
    ('hoeje-taastrup', 'kommune-con')
    """
    plain = (
        unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_DANISH))
        .encode("ascii", "ignore")
        .decode()
    )
    joined = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    # CON, NUL and the like cannot be files on Windows, whatever their suffix.
    reserved = re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)?", joined)
    return f"kommune-{joined}".rstrip("-") if reserved else joined


def file_names(sites: Sequence[str]) -> dict[str, str]:
    """Site -> slug for every version of a trial, the whole trial included.

    Raises:
        AmbiguousFileNameError: two sites have one slug.
    """
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for site in (WHOLE_TRIAL, *sites):
        name = slug(site)
        if name in taken:
            raise AmbiguousFileNameError(
                f"{site} and {taken[name]} would both be written to {name}", hint="spell one of the names differently"
            )
        taken[name] = site
        names[site] = name
    return names
