"""An evaluator's own figures: ledger rows as a tidy frame, and a plotnine plot of them as a figure of the report.

What a plotnine plot writes itself is made the report's on the way to the file: Danish numbers on the axes, and numbers
of the frame's `text` column that can be followed. A plot takes 0.1 to 0.4 s to draw, so it is kept by content too.
"""

from __future__ import annotations

import copy
import hashlib
import pickle
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotnine as untyped_plotnine
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text

from reportlib.danish import capitalise, number_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.digits import usual_decimals
from reportlib.ledger.keys import DIFFERENCE, OTHERS
from reportlib.prose.estimate_text import tal
from reportlib.show.curves import Line
from reportlib.show.ledger_rows import NothingToShowError, definitions_of, interval, persons, shown, sources_of
from reportlib.show.part import Chart
from reportlib.show.style import FAMILY, ORIGINS, PAGE_WIDTH, TEXT, Palette, find_palette, register
from reportlib.show.texts import HIDDEN_NOTE, hidden_names, joined, line_story, stop, whole_trial_note
from reportlib.text.inert import plain
from reportlib.text.marks import Recording, recording, unmarked
from reportlib.text.markup import origins_in
from reportlib.text.origin import AXIS, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import Division
from reportlib.trial.model import Trial

plotnine: Any = untyped_plotnine

_COLOURS = ("deltager", "kontrol", "neutral", "orange", "series-3", "navy")
_NAMES = ("label", "group", "site", "subgroup")
"""What tells the rows of a frame apart in words."""


class PlotWordsError(ReportlibError):
    """A plot has no alternative text, or no caption."""


def theme_reportlib(height: float = 6.0) -> Any:
    """What makes a plot look like the report's figures: page width, `height` (cm), typeface and grid."""
    line, ink, muted, paper = (colour(name) for name in ("line", "ink", "muted", "paper"))
    return plotnine.theme_minimal(base_size=TEXT, base_family=FAMILY) + plotnine.theme(
        figure_size=(PAGE_WIDTH / 72, height / 2.54),
        dpi=72,
        legend_position="top",
        legend_title=plotnine.element_blank(),
        panel_grid_minor=plotnine.element_blank(),
        panel_grid_major=plotnine.element_line(color=line, size=0.5),
        axis_text=plotnine.element_text(color=muted, size=TEXT),
        axis_title=plotnine.element_text(color=ink, size=TEXT),
        strip_text=plotnine.element_text(color=ink, size=TEXT),
        plot_background=plotnine.element_rect(fill=paper, color=paper),
    )


def colour(name: str) -> str:
    """A colour of the theme (`colours.json`): `geom_point(color=colour("teal"))`."""
    return find_palette()[name]


def tidy_rows(ledger: Ledger, trial: Trial, measures: Sequence[str], record: Recording, wanted: dict[str, str]) -> Any:
    """Ledger rows as a tidy frame, one row each, in ledger order; subgroups stand as trial.yml has them.

    Columns: `key`, `measure`, `label`, `unit`, `statistic`, `group`, `site`, `subgroup`, `time` and `week`; `value`,
    `low`, `high`, `n` and `hidden`; and `text`, the value as it prints, which can be followed into a picture. Groups,
    sites and measures have their Danish names, in the ledger's order. A hidden row has no value, ends, n or text.

    Raises:
        NothingToShowError: the ledger has no such rows.
    """
    divisions = _division_names(trial)
    place = {subgroup: number for number, subgroup in enumerate(divisions)}
    rows = [
        row
        for measure in measures
        for row in sorted(ledger.select(measure=measure, **wanted), key=lambda row: place.get(row.subgroup, -1))
    ]
    if not rows:
        known = sorted({row.statistic for measure in measures for row in ledger.select(measure=measure)})
        raise NothingToShowError(
            f"the ledger has no rows of {', '.join(measures)} with {wanted}",
            hint=f"its statistics are {', '.join(known)}" if known else "name a measure of trial.yml",
        )
    names = {group.id: capitalise(group.label) for group in trial.every_group} | {DIFFERENCE: "Forskel"}
    names |= divisions
    with recording(record):
        frame = pd.DataFrame([_tidy(ledger, trial, row, names) for row in rows])
    for name in _NAMES:  # in the order of the ledger, and not of the alphabet
        frame[name] = pd.Categorical(frame[name], list(dict.fromkeys(frame[name])))
    return frame


def _division_names(trial: Trial) -> dict[str, str]:
    """`alder:30-44` -> `30 til 44 år`, of every division that an analysis compares."""
    divisions: list[Division] = []
    for spec in trial.analyses:
        by = getattr(spec, "by", None)
        divisions += [part for part in (by if isinstance(by, tuple) else (by,)) if isinstance(part, Division)]
    return {f"{part.id}:{value}": capitalise(name) for part in divisions for value, name in part.values.items()}


def _tidy(ledger: Ledger, trial: Trial, row: Estimate, names: dict[str, str]) -> dict[str, object]:
    value, (low, high) = shown(row), interval(row)
    others = f"Øvrige {trial.sites.noun.many}"
    words = {
        "label": ledger.measure(row.measure).label,
        "group": names.get(row.group, row.group),
        "site": others if row.site.startswith(OTHERS) else row.site,
        "subgroup": names.get(row.subgroup, row.subgroup),
    }
    return {
        "key": row.key,
        "measure": row.measure,
        **{name: plain(word) for name, word in words.items()},
        "unit": str(row.unit),
        "statistic": row.statistic,
        "time": row.time,
        "week": row.week,
        "value": None if value is None else float(value),
        "low": None if low is None else float(low),
        "high": None if high is None else float(high),
        "n": persons(row),
        "hidden": row.hidden,
        "text": "" if value is None else number_text(value, usual_decimals(row)),
    }


def in_words(ledger: Ledger, frame: Any, by: Sequence[str] = ()) -> str:
    """What a frame's rows say, for an alternative text: curves by their ends and highest point, others one by one.

    `by` are the columns that name a row; without them those names that differ.
    """
    apart = list(by) or [name for name in _NAMES if frame[name].nunique() > 1]
    found = [(ledger[key], *names) for key, *names in frame[["key", *apart]].itertuples(index=False)]
    if frame["week"].notna().all() and frame["week"].nunique() > 2:
        curves: dict[tuple[str, Unit], dict[int, Estimate]] = {}
        for row, *names in found:
            curves.setdefault((", ".join(names), row.unit), {})[row.week or 0] = row
        stories = []
        for (name, unit), weekly in curves.items():
            weeks = tuple(sorted(weekly))
            label = name or plain(ledger.measure(weekly[weeks[0]].measure).label)
            stories.append(line_story(Line(label, "", weeks, tuple(shown(weekly[week]) for week in weeks)), unit))
        return " ".join(stories)
    alone = len({tuple(names) for _, *names in found}) == len(found)
    told: dict[str, list[str]] = {}
    for row, *names in found:
        if not row.hidden:
            printed = tal(row)
            parts = told.setdefault(", ".join(names[:-1] if alone else names), [])
            parts.append(" ".join([*names[-1:], printed]) if alone else printed)
    stories = [f"{name}: {', '.join(parts)}" if name else ", ".join(parts) for name, parts in told.items()]
    return joined(
        stop("; ".join(stories)) if stories else "",
        hidden_names([", ".join(names) for row, *names in found if row.hidden]),
    )


@dataclass(frozen=True)
class PlotPlan:
    """A plot; `content` names it by everything it is made of, and is empty where that cannot be told."""

    plot: Any = field(repr=False)
    record: Recording = field(repr=False)
    content: str


def plot_chart(
    plot: Any,
    ledger: Ledger,
    trial: Trial,
    record: Recording,
    *,
    site: str | None,
    caption: str,
    alt: str,
    note: str = "",
) -> Chart:
    """The figure of a plotnine plot or composition whose data are frames of `tidy_rows`.

    Sources and definitions are those of the rows that are plotted. `alt` says in words what the picture shows.

    Raises:
        PlotWordsError: no caption or no alternative text.
    """
    frames = [part.data for part in _plots(plot) if isinstance(part.data, pd.DataFrame) and "key" in part.data]
    keys = list(dict.fromkeys(key for frame in frames for key in frame["key"]))
    if not alt.strip() or not caption.strip():
        with recording(record):
            offered = unmarked(" ".join(in_words(ledger, frame) for frame in frames))
        raise PlotWordsError(
            f"a plot needs {'an alternative text' if caption else 'a caption'}",
            hint=f'alt=f"Figuren viser ... {{r.i_ord(data)}}"; its rows say: {offered}'
            if caption
            else 'caption="..." in r.vis(...)',
        )
    rows = [ledger[key] for key in keys]
    measures = list(dict.fromkeys(row.measure for row in rows))
    elsewhere = site is not None and all(row.site != site for row in rows)
    return Chart(
        plan=(plan := PlotPlan(plot, record, _content(plot, record))),
        keys=keys,
        kept=bool(plan.content),
        draw=draw_plot,
        alt=alt,
        caption=caption,
        sources=sources_of(ledger, measures),
        notes=[
            *definitions_of(ledger, measures),
            "Stregerne viser den statistiske usikkerhed" if _mapped(plot) & {"low", "high"} else "",
            note,
            HIDDEN_NOTE if any(row.hidden for row in rows) else "",
            whole_trial_note(site) if elsewhere else "",
        ],
    )


def _plots(plot: Any) -> Iterator[Any]:
    """The plots of a composition, or the plot itself."""
    if isinstance(plot, plotnine.ggplot):
        yield plot
    else:
        for part in plot:
            yield from _plots(part)


def _mapped(plot: Any) -> set[str]:
    """The columns, or expressions of them, that aesthetics are mapped to."""
    layers = (layer for part in _plots(plot) for layer in (part, *part.layers))
    return {value for layer in layers for value in layer.mapping.values() if isinstance(value, str)}


def _content(plot: Any, record: Recording) -> str:
    """A hash of all that decides the picture; empty where it looks beyond its own data, or holds a document's code."""
    digest = hashlib.sha256(f"{plotnine.__version__} {type(plot).__name__} {record.origins!r}".encode())
    for part in _plots(plot):
        frames = (
            frame for frame in (part.data, *(layer._data for layer in part.layers)) if isinstance(frame, pd.DataFrame)
        )
        columns = {name for frame in frames for name in frame}  # a line across brings a frame of its own
        alone = copy.copy(part)
        alone.environment = None
        try:
            digest.update(pickle.dumps(alone))
        except Exception:  # whatever a plot holds that pickle does not know
            return ""
        if not _mapped(part) <= columns:
            return ""
    return digest.hexdigest()


def draw_plot(plan: PlotPlan, palette: Palette) -> Figure:
    """The plot as plotnine draws it, with Danish axes; its own figure is closed, so that no engine shows it again."""
    register()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*missing values.*")  # hidden rows have none
        plot = copy.deepcopy(plan.plot)  # drawing changes a plot
        for part in _plots(plot):
            _take_colours(part, palette)
        figure: Figure = plot.draw()
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                _danish_ticks(axis)
        for text in figure.findobj(Text):
            written = text.get_text()
            if origins := origins_in(written, plan.record):
                text.set_gid(ORIGINS + origins)
            text.set_text(plain(unmarked(written)))
            text.set_parse_math(False)
    return figure


def _take_colours(plot: Any, palette: Palette) -> None:
    """Groups in the theme's colours, unless the plot has a scale for them."""
    scales = {"color": plotnine.scale_color_manual, "fill": plotnine.scale_fill_manual}
    for layer in (plot, *plot.layers):
        for name in scales.keys() & layer.mapping.keys():
            column = plot.data.get(layer.mapping[name]) if isinstance(plot.data, pd.DataFrame) else None
            free = not any(name in scale.aesthetics for scale in plot.scales)
            if free and column is not None and not pd.api.types.is_numeric_dtype(column):
                plot += scales[name](values=[palette[colour] for colour in _COLOURS])


def _danish_ticks(axis: Axis) -> None:
    """Numbers on an axis in Danish; words, and labels of the evaluator's own, stay."""
    formatter: Any = axis.get_major_formatter()
    labels = list(getattr(formatter, "seq", ()))
    if not labels or not all(_is(label, place) for label, place in zip(labels, axis.get_majorticklocs(), strict=False)):
        return
    decimals = max(len(label.partition(".")[2]) for label in labels)
    printed = [number_text(with_origin(float(label), AXIS), decimals) for label in labels]
    formatter.seq = [unmarked(text) for text in printed]
    for tick, text in zip(axis.get_ticklabels(), printed, strict=False):
        tick.set_gid(ORIGINS + origins_in(text))


def _is(label: str, place: float) -> bool:
    try:
        return abs(float(label) - place) < 1e-9 * max(1.0, abs(place))
    except ValueError:
        return False
