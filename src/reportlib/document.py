"""What a document sees: `aabn(trial, kommune)` gives the `Report`, and everything printed is asked of it.

A document holds prose; numbers come from `r["key"]`, design facts from `r.fakta("id")`, and figures, tables and
statistical paragraphs from the report's methods, all of which read the ledger and nothing else.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from reportlib.danish import (
    Gender,
    Noun,
    capitalise,
    count_text,
    date_text,
    millions_text,
    month_text,
    number_text,
    number_word,
    on_date,
    value_text,
)
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.reading import kept
from reportlib.ledger import Estimate, Ledger, UnknownKeyError
from reportlib.ledger.file import load_ledger
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.prose import findings
from reportlib.prose.estimate_text import andel_med_antal, interval, tal
from reportlib.prose.words import element_noun, site_noun
from reportlib.show.part import QUARTO_RUNS, Chart, Part, asked_for, show
from reportlib.text.inert import Place, Words
from reportlib.text.marks import Recording, mark, recording
from reportlib.text.markup import attribute, escape, with_spans
from reportlib.text.origin import TracedInt, fact, setting, with_origin
from reportlib.text.units import Unit
from reportlib.trial.base import with_inert_words
from reportlib.trial.model import Fact, Trial, UnknownMeasureError, traced_settings
from reportlib.trial.municipality import resolve
from reportlib.trial.project import Project, check_belongs, find_project, load_trial

_ESCAPED_FACT = re.compile(escape("{") + r"([\w-]+)" + escape("}"))
_WEEK = re.compile(r"(\buge[ \u00a0])(\d+)\b")

LEDGER_VARIABLE = "REPORTLIB_LEDGER"
PROJECT_VARIABLE = "REPORTLIB_PROJECT"
DATA_VARIABLE = "REPORTLIB_DATA"


class UnknownFactError(ReportlibError):
    """A document asked for a design fact that trial.yml does not hold."""


class UnknownReservationError(ReportlibError):
    """A document asked for a reservation that trial.yml does not hold."""


def traced(write: Callable[[], str]) -> Words:
    """What `write` gives, as Markdown in which each number leads back to where it comes from."""
    with recording() as record:
        return Words(with_spans(write(), record))


@dataclass(frozen=True)
class Tal:
    """A number as it prints in running text. `str()` gives it with its unit, or says plainly that it is hidden.

    What it gives is Markdown: the number and, unseen by the reader, its key. `tekst` is the number alone.
    """

    estimate: Estimate
    threshold: int

    def __str__(self) -> str:
        return traced(lambda: tal(self.estimate, threshold=self.threshold))

    def _repr_markdown_(self) -> str:
        return str(self)

    @property
    def tekst(self) -> str:
        """The number as plain text, for where Markdown allows nothing else (a title): there it cannot be followed."""
        return tal(self.estimate, threshold=self.threshold)

    def decimaler(self, decimals: int) -> str:
        """The number with its unit and so many decimals."""
        return traced(lambda: tal(self.estimate, decimals, threshold=self.threshold))

    @property
    def med_antal(self) -> str:
        """A share with the persons behind it: 12 pct. (83 af 690)."""
        return traced(lambda: andel_med_antal(self.estimate, threshold=self.threshold))

    def hvis_vist(self, shown: str, hidden: str) -> str:
        """A sentence with the number in place of `{}`, as `med_antal` prints it; another where the number is hidden."""
        return hidden if self.estimate.hidden else shown.format(self.med_antal)

    @property
    def interval(self) -> str:
        """The confidence interval in words."""
        return traced(lambda: interval(self.estimate))


class Heltal(TracedInt):
    """A whole number of trial.yml: a number in code, and a number that can be followed where a document shows it."""

    def _repr_markdown_(self) -> str:
        return traced(lambda: number_text(self))


@dataclass(frozen=True)
class Report:
    """One version of one trial's report: the trial, its ledger, and the municipality (or the whole trial)."""

    trial: Trial
    ledger: Ledger
    kommune: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kommune", Place(self.kommune))  # inert wherever a document prints it

    def __getitem__(self, key: str) -> Tal:
        """The number `key` of the ledger.

        Raises:
            UnknownKeyError: with the nearest keys, and the analysis that would make it where trial.yml has the measure.
        """
        try:
            return Tal(self.ledger[key], self.trial.disclosure.threshold)
        except UnknownKeyError as error:
            made_by = _analysis_of(key, self.trial)
            raise UnknownKeyError(error.message, hint="; ".join(filter(None, (error.hint, made_by)))) from None

    @property
    def hele_forsoeget(self) -> bool:
        """True in the version that covers the whole trial."""
        return self.kommune == WHOLE_TRIAL

    @property
    def site(self) -> str | None:
        """The municipality of this version, None in the whole trial's."""
        return None if self.hele_forsoeget else str.__str__(self.kommune)

    @cached_property
    def stamp(self) -> str:
        """The identity stamp of the finished files."""
        return f"reportlib:1;trial={self.trial.id};kommune={self.site or WHOLE_TRIAL};ledger={self.ledger.hash}"

    def fakta(self, name: str) -> str:
        """A design fact of trial.yml with its unit: 35 uger, 75 pct.

        Raises:
            UnknownFactError: with the nearest names.
        """
        found = self._fact(name)
        value = found.value
        if isinstance(value, date):
            return Words(date_text(value))
        return traced(lambda: value_text(with_origin(value, fact(name)), found.unit))

    def fakta_tal(self, name: str, gender: Gender = "en") -> str:
        """A design fact without its unit: 35; a count in words up to ten: tre."""
        found = self._fact(name)
        value = found.value
        if isinstance(value, date):
            return Words(date_text(value))
        if found.unit is Unit.COUNT and isinstance(value, int):
            count = with_origin(value, fact(name))
            return traced(lambda: number_word(count, gender))
        return traced(lambda: number_text(with_origin(value, fact(name))))

    def fakta_aar(self, name: str) -> str:
        """The year of a date in trial.yml: 2020."""
        year = self.dag(name).year
        return traced(lambda: mark(str(year), fact(name)))

    def fakta_mio(self, name: str) -> str:
        """A large sum of trial.yml: 8 mio. kr."""
        value = self._typed(name, int | float, "a sum")
        return traced(lambda: millions_text(with_origin(value, fact(name))))

    def heltal(self, name: str) -> int:
        """A whole number of trial.yml for code: the week of a figure."""
        return Heltal(self._typed(name, int, "a whole number"), fact(name))

    def fakta_ord(self, name: str, one: str, many: str, gender: Gender = "en") -> str:
        """A count of trial.yml with its noun, in words up to ten: tre hypoteser, 15 kommuner."""
        count = with_origin(int(self._typed(name, int | float, "a count")), fact(name))
        return traced(lambda: count_text(count, Noun(one, many, gender)))

    def forbehold(self, name: str) -> str:
        """A reservation of trial.yml, its facts filled in, for the chapter it belongs to.

        Raises:
            UnknownReservationError: with the nearest names.
        """
        try:
            text = self.trial.reservations[name]
        except KeyError:
            raise UnknownReservationError(
                f"trial.yml of {self.trial.id} has no reservation {name!r}",
                hint=did_you_mean(name, self.trial.reservations),
            ) from None
        return Words(_ESCAPED_FACT.sub(lambda found: self.fakta(found[1]), escape(text)))

    @property
    def alle_forbehold(self) -> str:
        """Every reservation, for the summary: what a chapter takes back, the summary cannot leave standing."""
        count = with_origin(len(self.trial.reservations), setting("reservations"))
        many = traced(lambda: capitalise(count_text(count, Noun("forbehold", "forbehold", "et"))))
        return Words(" ".join([f"{many} hører med.", *(self.forbehold(name) for name in self.trial.reservations)]))

    @property
    def antal_steder(self) -> str:
        """How many sites take part, with their noun: 15 kommuner."""
        count = with_origin(len(self.trial.sites.names), setting("sites"))
        return traced(lambda: count_text(count, site_noun(self.trial)))

    def antal_elementer(self, one: str = "", many: str = "", gender: Gender = "en") -> str:
        """How many elements the effort has, with the glossary's noun or another: fire punkter."""
        count = with_origin(len(self.trial.elements), setting("elements"))
        noun = Noun(one, many, gender) if one else element_noun(self.trial)
        return traced(lambda: count_text(count, noun))

    def overskrift(self, text: str) -> str:
        """A box's title with {kommune}, {steder} and {hele} filled in: Aarhus og de øvrige kommuner.

        {hele} is empty in the whole trial's version, and elsewhere says that the numbers are not the municipality's:
        ` i hele forsøget`.
        """
        whole = f" i hele {self.trial.design.undertaking}" if self.site else ""
        return Words(attribute(text.format(kommune=self.kommune, steder=self.trial.sites.noun.many, hele=whole)))

    def med_stort(self, text: object) -> str:
        """The text with a capital first letter, for the beginning of a sentence."""
        written = str(text)
        # a number that can be followed stands in brackets
        return Words("[" + capitalise(written[1:]) if written.startswith("[") else capitalise(written))

    def dato(self, day: date | str) -> str:
        """A date, or the fact of that name, in running text: den 1. marts 2016."""
        return Words(on_date(self.dag(day) if isinstance(day, str) else day))

    def maaned(self, day: date | str) -> str:
        """The month of a date, or of the fact of that name: marts 2016."""
        return Words(month_text(self.dag(day) if isinstance(day, str) else day))

    def dag(self, name: str) -> date:
        """A date of trial.yml for code: where a table begins."""
        value: date = self._typed(name, date, "a date")
        return value

    def antal(self, number: int) -> str:
        """A whole number of trial.yml in running text: `r.antal(r.trial.follow_up.weeks)`."""
        return traced(lambda: number_text(number))

    def maal(self, begins: str, *ends: str) -> list[str]:
        """Measures by the beginning of their names: all of them, or those that end so, in that order."""
        if ends:
            return [self.trial.measure_by_id[begins + end].id for end in ends]
        found = [measure.id for measure in self.trial.measures if measure.id.startswith(begins)]
        if not found:
            raise UnknownMeasureError(
                f"no measure's name begins with {begins!r}",
                hint=did_you_mean(begins, [measure.id for measure in self.trial.measures]),
            )
        return found

    def befolkninger(self, uden: str = "") -> dict[str, str]:
        """What each population of trial.yml is called, by its name there; without the words `uden` it begins with."""
        return {name: one.label.removeprefix(uden) for name, one in self.trial.population_by_id.items()}

    def data(self, *measures: str, **wanted: str) -> Any:
        """The ledger's rows of measures as a pandas frame to plot: `r.data("job", statistic="share", site="")`.

        Names and numbers are as they print (`reportlib.show.plots.tidy_rows`); hidden rows have no value.
        """
        from reportlib.show.plots import tidy_rows  # with plotnine, which most documents do without

        return tidy_rows(self.ledger, self.trial, measures, self._plotted, wanted)

    def i_ord(self, frame: Any, *by: str) -> str:
        """What the rows of `r.data(...)` say, for their plot's alternative text; `by` are columns that name them."""
        from reportlib.show.plots import in_words

        with recording(self._plotted):
            return in_words(self.ledger, frame, by)

    @cached_property
    def _so_far(self) -> Recording:
        """What the parts gave a verdict on so far, in order (`tables.uncertainty` lists it), and said once."""
        return Recording()

    @cached_property
    def _plotted(self) -> Recording:
        """Where the numbers that may stand in the document's own plots come from."""
        return Recording(self._so_far)

    def _plot(self, plot: Any, options: dict[str, Any]) -> Part:
        """A plotnine plot as a figure like any other."""
        from reportlib.show.plots import plot_chart

        words = {name: options.pop(name, "") for name in ("alt", "note")} | {"caption": options.get("caption", "")}

        def own(ledger: Ledger, trial: Trial, *, site: str | None) -> Chart:
            return plot_chart(plot, ledger, trial, self._plotted, site=site, **words)

        return own

    def vis(self, part: Part, *args: Any, **options: Any) -> str:
        """The Markdown of a figure, table, section or plotnine plot for this version of the report."""
        plotted = type(part).__module__.partition(".")[0] == "plotnine"
        if plotted:
            part = self._plot(part, options)
        if "tested" in asked_for(part):
            options["tested"] = tuple(self._so_far.tested)
        with recording(self._plotted if plotted else Recording(self._so_far)):
            if isinstance(options.get("caption"), str):
                options["caption"] = self._with_weeks(options["caption"])
            text = traced(lambda: show(part, self.ledger, self.trial, *args, site=self.site, **options).strip())
        return f"\n{text}\n" if text else ""  # with print's own line end: a blank line before and after

    def skriv(self, what: Any, *args: Any, **options: Any) -> None:
        """Write a part into the document where it stands, by its name in the catalogue: `r.skriv("effects.effect", …)`.

        `r.skriv("forside")` is the cover; a plotnine plot is written as a figure. Works in any cell, as often as
        wanted, without `print`.

        Raises:
            UnknownPartError: with the nearest names.
        """
        from IPython.display import display

        try:
            text = self.forside() if what == "forside" else self.vis(_named(what), *args, **options)
        except ReportlibError as error:
            if QUARTO_RUNS not in os.environ:
                raise
            # Quarto also runs the cells of the other version's blocks, which the theme takes out before it tells
            text = f"::: {{.fejl}}\n{escape(f'{what}: {error}')}\n:::\n"
        publish: Any = display
        publish({"text/markdown": text}, raw=True)  # an object would be asked for ten other forms first

    def i_linjen(self, name: str, *args: Any, **options: Any) -> str:
        """A part's text within a paragraph of the document: an inline `r.i_linjen("effects.effect", …)`.

        Raises:
            UnknownPartError: with the nearest names.
        """
        return Words(self.vis(_named(name), *args, **options).strip())

    def forside(self) -> str:
        """The cover and the file's metadata, as the Div that the theme lifts out of the text.

        The Div holds the headline, where trial.yml names planned results.
        """
        trial = self.trial
        attributes = {
            "title": trial.title,
            "subtitle": trial.subtitle,
            "kommune": self.site or "",
            "til": trial.commissioner,
            "udarbejdet-af": trial.evaluator,
            "dokumenttype": trial.document_type,
            "dato": capitalise(month_text(trial.report_date)),
            "dato-iso": trial.report_date.isoformat(),
            "description": trial.description,
            "stamp": self.stamp,
        }
        if trial.synthetic:
            attributes["synthetic"] = "true"
        written = " ".join(f'{name}="{attribute(value)}"' for name, value in attributes.items())
        answer = self.vis(findings.answer) if trial.planned is not None else ""
        return f"::: {{.forside {written}}}\n{answer}:::\n"

    def _with_weeks(self, caption: str) -> str:
        """A caption whose weeks (`i uge {uge}`) lead back to the facts of trial.yml with their value."""
        weeks = {str(found.value): name for name, found in self.trial.facts.items() if found.unit is Unit.WEEKS}

        def one(found: re.Match[str]) -> str:
            name = weeks.get(found[2])
            return found[0] if name is None else found[1] + mark(found[2], fact(name))

        return _WEEK.sub(one, caption)

    def _typed(self, name: str, kind: Any, what: str) -> Any:
        value = self._fact(name).value
        if not isinstance(value, kind):
            raise UnknownFactError(f"the fact {name!r} is {value}, not {what}", hint="print it with fakta()")
        return value

    def _fact(self, name: str) -> Fact:
        try:
            return self.trial.facts[name]
        except KeyError:
            raise UnknownFactError(
                f"trial.yml of {self.trial.id} has no fact {name!r}", hint=did_you_mean(name, self.trial.facts)
            ) from None


_MADE_BY = {
    "accumulated": "weekly, with `accumulate: true`,",
    "uniform_band": "weekly",
    "first_lasting_week": "weekly",
    "adjusted": "at_week, with `adjust_for`,",
    "stratified": "at_week",
    "clustered": "at_week",
    "shrunken": "site_effects",
    "p_holm": "site_effects",
    "hazard_ratio": "cox",
    "left": "survival",
    "matched": "matching",
    "cost_per_unit": "unit_cost",
    "mean_among_positive": "at_week",
}
"""The last word of a key -> the kind of analysis that makes such a number."""


def _analysis_of(key: str, trial: Trial) -> str:
    """Which analysis in trial.yml would make the number of a key; empty for a measure that trial.yml does not have."""
    measure, *rest = key.split(".")
    if measure not in trial.measure_by_id:
        return ""
    last = rest[-1] if rest else ""
    of_site = any(part.startswith(("site=", "oevrige=")) for part in rest)
    if last == "p_holm" and not of_site:  # of the results that answer one question
        return f"`planned` with {measure} and others in one family would make it (docs/trial.md)"
    kind = _MADE_BY.get(last)
    if kind is None and any(part.startswith("subgroup=") for part in rest):
        kind = "subgroups (or `compare`)"
    if kind is None:
        weekly = any(part.startswith("uge") for part in rest)
        kind = "weekly" if weekly else "shares"
        if of_site:
            kind = "site_effects" if weekly else "shares, with `by_site: true`,"
    return f"an analysis of kind {kind} with {measure} among its measures would make it (docs/trial.md)"


def _named(what: Any) -> Any:
    from reportlib.catalogue import part

    return part(what) if isinstance(what, str) else what


def aabn(trial_id: str, kommune: str = WHOLE_TRIAL) -> Report:
    """Open the report of a trial for one municipality or for the whole trial ("Alle").

    The ledger is the file named by REPORTLIB_LEDGER (the engine sets it); without it, as in a plain `quarto render`,
    the extracts are read and analysed here.

    Raises:
        UnknownMunicipalityError: the trial has no such municipality.
        LedgerFileError: the named ledger cannot be read.
        LedgerMismatchError: it does not belong to this trial.yml.
        UnknownParameterError: Quarto was given a value for a parameter that the document does not have.
    """
    refuse_unknown_parameters()
    project = _project()
    trial = project.trial(trial_id)
    name = resolve(kommune, trial.sites.names, trial=trial_id)
    if path := os.environ.get(LEDGER_VARIABLE):
        ledger = load_ledger(Path(path))
        check_belongs(ledger, trial)
    else:
        from reportlib.analysis.run import compute_ledger  # statistics are imported only when no ledger is given

        try:
            ledger = compute_ledger(project, trial)
        except ReportlibError as error:  # what a cell of a document raises may be printed in it
            if error.fit_to_keep == error.message:
                raise
            raise ReportlibError(error.fit_to_keep, hint=f"reportlib analyse {trial_id} says more") from None
    traced_trial = kept(project.trial_file(trial_id), _traced_trial)
    return Report(trial=traced_trial, ledger=ledger, kommune=name)


def _traced_trial(path: Path) -> Trial:
    return with_inert_words(traced_settings(load_trial(path)))


def _project() -> Project:
    root, data = os.environ.get(PROJECT_VARIABLE), os.environ.get(DATA_VARIABLE)
    return find_project(Path(root) if root else None, data_dir=Path(data) if data else None)


# A document's parameters as the document itself sees them, whoever put the values in. The embedded engine refuses one
# that the document does not declare before it runs. Quarto and papermill pass over it in silence (`-P komune:Aarhus`
# gave the whole trial's report): they write the values into a cell of their own after the document's, which is read
# when a report is opened.
_INJECTED = ("# Injected Parameters", "# Parameters")
"""What Quarto and papermill write at the head of their cell."""


class UnknownParameterError(ReportlibError):
    """A name the parameters cell does not assign."""


def refuse_unknown_parameters(cells: Sequence[str] | None = None) -> None:
    """Refuse values that were put in for parameters the document does not declare.

    Args:
        cells: sources of the cells run so far; by default those of the IPython shell this runs in, if any.

    Raises:
        UnknownParameterError: with near names.
    """
    cells = _cells_run() if cells is None else cells
    for number, cell in enumerate(cells):
        if not any(line.startswith(_INJECTED) for line in cell.splitlines()):
            continue
        declared = {name for earlier in cells[:number] for name in _assigned(earlier)}
        for name in _assigned(cell):
            if name not in declared:
                raise UnknownParameterError(
                    f"the document has no parameter {name!r}", hint=did_you_mean(name, sorted(declared))
                )


def _cells_run() -> list[str]:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return [] if shell is None else [str(cell) for cell in shell.user_ns.get("In", [])]


def _assigned(source: str) -> Iterator[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a cell with IPython's own commands declares nothing
        return
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
