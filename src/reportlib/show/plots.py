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

from reportlib.danish import capitalise, event_week, number_text, value_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, OTHERS
from reportlib.show.curves import Line
from reportlib.show.ledger_rows import NothingToShowError, definitions_of, interval, persons, shown, sources_of
from reportlib.show.palette import Palette, find_palette
from reportlib.show.part import Chart
from reportlib.show.style import FAMILY, PAGE_WIDTH, TEXT, register
from reportlib.show.texts import HIDDEN_NOTE, hidden_names, line_story, stop, whole_trial_note
from reportlib.show.tidy_svg import ORIGINS
from reportlib.text.inert import plain
from reportlib.text.marks import Recording, recording, unmarked
from reportlib.text.origin import AXIS, with_origin
from reportlib.text.spans import origins_in
from reportlib.text.units import RULES, Unit
from reportlib.trial.model import Trial

plotnine: Any = untyped_plotnine

_COLOURS = ("deltager", "kontrol", "neutral", "orange", "series-3", "navy")
_NAMES = ("label", "group", "site", "subgroup")
"""What tells the rows of a frame apart in words."""


class PlotWordsError(ReportlibError):
    """A plot has no alternative text, or no caption."""


def theme_reportlib(height: float = 6.0) -> list[Any]:
    """What makes a plot look like the report's figures: page width, `height` (cm), typeface, grid and colours."""
    palette = find_palette()
    colours = [palette[name] for name in _COLOURS]
    line, ink, muted = (palette[name] for name in ("line", "ink", "muted"))
    theme = plotnine.theme_minimal(base_size=TEXT, base_family=FAMILY) + plotnine.theme(
        figure_size=(PAGE_WIDTH / 72, height / 2.54),
        dpi=72,
        legend_position="top",
        legend_title=plotnine.element_blank(),
        panel_grid_minor=plotnine.element_blank(),
        panel_grid_major=plotnine.element_line(color=line, size=0.5),
        axis_text=plotnine.element_text(color=muted),
        axis_title=plotnine.element_text(color=ink),
        strip_text=plotnine.element_text(color=ink),
        plot_background=plotnine.element_rect(fill=palette["paper"], color=palette["paper"]),
    )
    return [theme, plotnine.scale_color_manual(values=colours), plotnine.scale_fill_manual(values=colours)]


def tidy_rows(ledger: Ledger, trial: Trial, measures: Sequence[str], record: Recording, wanted: dict[str, str]) -> Any:
    """Ledger rows as a tidy frame, one row each, in ledger order.

    Columns: `key`, `measure`, `label`, `unit`, `statistic`, `group`, `site`, `subgroup`, `time` and `week`; `value`,
    `low`, `high`, `n` and `hidden`; and `text`, the value as it prints, which can be followed into a picture. Groups,
    sites and measures have their Danish names. A hidden row has no value, ends, n or text.

    Raises:
        NothingToShowError: the ledger has no such rows.
    """
    rows = [row for measure in measures for row in ledger.select(measure=measure, **wanted)]
    if not rows:
        known = sorted({row.statistic for measure in measures for row in ledger.select(measure=measure)})
        raise NothingToShowError(
            f"the ledger has no rows of {', '.join(measures)} with {wanted}",
            hint=f"its statistics are {', '.join(known)}" if known else "name a measure of trial.yml",
        )
    groups = {group.id: capitalise(group.label) for group in trial.every_group} | {DIFFERENCE: "Forskel"}
    with recording(record):
        return pd.DataFrame([_tidy(ledger, trial, row, groups) for row in rows])


def _tidy(ledger: Ledger, trial: Trial, row: Estimate, groups: dict[str, str]) -> dict[str, object]:
    value, (low, high) = shown(row), interval(row)
    others = f"Øvrige {trial.sites.noun.many}"
    names = {"group": groups.get(row.group, row.group), "site": others if row.site.startswith(OTHERS) else row.site}
    words = {"label": ledger.measure(row.measure).label, **names, "subgroup": row.subgroup.rpartition(":")[2]}
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
        "text": "" if value is None else number_text(value, RULES[row.unit].decimals),
    }


def in_words(ledger: Ledger, frame: Any) -> str:
    """What a frame's rows say, for an alternative text: curves by their ends and highest point, others one by one."""
    apart = [name for name in _NAMES if frame[name].nunique() > 1]
    rows = [(ledger[key], ", ".join(names)) for key, *names in frame[["key", *apart]].itertuples(index=False)]
    if frame["week"].notna().all() and frame["week"].nunique() > 2:
        curves: dict[tuple[str, Unit], dict[int, Estimate]] = {}
        for row, name in rows:
            curves.setdefault((name, row.unit), {})[row.week or 0] = row
        stories = []
        for (name, unit), found in curves.items():
            weeks = tuple(sorted(found))
            label = name or plain(ledger.measure(found[weeks[0]].measure).label)
            stories.append(line_story(Line(label, "", weeks, tuple(shown(found[week]) for week in weeks)), unit))
        return " ".join(stories)
    told = [_told(row, name) for row, name in rows if not row.hidden]
    hidden = hidden_names([name for row, name in rows if row.hidden])
    return " ".join(part for part in (stop("; ".join(told)) if told else "", hidden) if part)


def _told(row: Estimate, name: str) -> str:
    printed = "ikke opgjort" if row.value is None else value_text(row.value, row.unit)
    week = f" i {event_week(row.week)}" if row.week is not None and not name else ""
    return f"{name}: {printed}" if name else f"{printed}{week}"


@dataclass(frozen=True)
class PlotPlan:
    """A plot; `content` names it by everything it is made of, and is empty where that cannot be told."""

    plot: Any = field(repr=False)
    record: Recording = field(repr=False)
    content: str


def plot_chart(
    plot: Any, ledger: Ledger, record: Recording, *, site: str | None, caption: str, alt: str, note: str = ""
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
        kept=bool(plan.content),
        draw=draw_plot,
        alt=alt,
        caption=caption,
        sources=sources_of(ledger, measures),
        notes=[
            *definitions_of(ledger, measures),
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


def _content(plot: Any, record: Recording) -> str:
    """A hash of all that decides the picture; empty where it looks beyond its own data, or holds a document's code."""
    digest = hashlib.sha256(f"{plotnine.__version__} {type(plot).__name__} {record.origins!r}".encode())
    for part in _plots(plot):
        columns = set(part.data) if isinstance(part.data, pd.DataFrame) else set()
        mapped = {value for layer in (part, *part.layers) for value in layer.mapping.values() if isinstance(value, str)}
        alone = copy.copy(part)
        alone.environment = None
        try:
            digest.update(pickle.dumps(alone))
        except Exception:  # whatever a plot holds that pickle does not know
            return ""
        if not mapped <= columns:
            return ""
    return digest.hexdigest()


def draw_plot(plan: PlotPlan, palette: Palette) -> Figure:
    """The plot as plotnine draws it, with Danish axes; its own figure is closed, so that no engine shows it again."""
    register()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*missing values.*")  # hidden rows have none
        warnings.filterwarnings("ignore", "Cannot generate legend")  # the theme brings colours that not all plots use
        figure: Figure = copy.deepcopy(plan.plot).draw()  # drawing changes a plot
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
