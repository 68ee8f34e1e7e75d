"""Looking things up in a trial for a document: what is not there, or is of another kind, is told by name."""

from __future__ import annotations

from typing import TypeVar

from reportlib.errors import ReportlibError, did_you_mean

Entry = TypeVar("Entry")
Wanted = TypeVar("Wanted")


class UnknownMeasureError(ReportlibError):
    """A document names a measure that trial.yml does not have."""


class MissingAnalysisError(ReportlibError):
    """A document tells of an analysis that trial.yml does not ask for."""


class WrongMeasureError(ReportlibError):
    """A document asks of a measure what only a measure of another kind can tell."""


class Catalogue(dict[str, Entry]):
    """Entries by id; an unknown id is told with the nearest."""

    def __missing__(self, name: str) -> Entry:
        raise UnknownMeasureError(f"trial.yml has no measure {name!r}", hint=did_you_mean(name, self))


def analysis_of(analyses: tuple[object, ...], kind: type[Wanted], measure: str = "") -> Wanted:
    """The first analysis of a kind, among those that name `measure` if one is given.

    Raises:
        MissingAnalysisError: there is none.
    """
    for spec in analyses:
        if isinstance(spec, kind) and (not measure or measure in getattr(spec, "measures", ())):
            return spec
    name = getattr(kind, "model_fields")["kind"].annotation.__args__[0]  # noqa: B009 (any record with a kind)
    about = f" of {measure}" if measure else ""
    raise MissingAnalysisError(
        f"trial.yml has no {name} analysis{about}",
        hint=f"add one under `analyses` (kind: {name}), or leave this part out of the document",
    )


def computed_as(measure_id: str, computed: object, kind: type[Wanted]) -> Wanted:
    """How a measure is computed, when it is of `kind`.

    Raises:
        WrongMeasureError: it is of another.
    """
    if isinstance(computed, kind):
        return computed
    wanted = getattr(kind, "model_fields")["kind"].annotation.__args__[0]  # noqa: B009
    raise WrongMeasureError(
        f"{measure_id} is of kind {getattr(computed, 'kind', '?')}, and this part needs one of kind {wanted}",
        hint="name another measure, or leave this part out of the document",
    )
