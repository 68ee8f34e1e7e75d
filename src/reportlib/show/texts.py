"""Danish phrases shared by captions, notes and alternative texts of figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlib.danish import event_week, list_text, number_text, value_text, weeks_text
from reportlib.show.curves import Line, parts
from reportlib.text.marks import unmarked
from reportlib.text.units import Unit

IN_STEPS = (
    "Kurverne er tegnet i trin: Et nyt niveau vises først, når så mange er kommet til siden det forrige, at ingen kan "
    "genkendes."
)
"""Said of curves that cannot fall and whose weeks wait."""

HIDDEN_IN_ALT = "Skjult af hensyn til anonymitet"
"""How the sentence of an alternative text begins that says what the picture leaves out."""

HIDDEN_NOTE = "Tal, der ikke kan vises af hensyn til anonymiteten, er udeladt"


def level_text(value: float, unit: Unit) -> str:
    """A level as an alternative text reads it: none has a decimal from a hundred on, nor shares from two per cent."""
    return value_text(value, unit, 0 if abs(value) >= 100 else 1 if unit is Unit.PCT and 0 < abs(value) < 2 else None)


def difference_text(value: float, unit: Unit) -> str:
    """A difference with one decimal, so that its sign is not rounded away."""
    return value_text(value, unit, 1)


def line_story(line: Line, unit: Unit) -> str:
    """What a curve does, from its own numbers: where it begins, its highest point, where it ends.

    `Deltagergruppen: 3 pct. i uge 1, højest 35 pct. i uge 24, 21 pct. i uge 44.`
    """
    known = line.known
    if not known:
        return f"{line.heading}: alle uger er skjult."
    (first_week, first), (last_week, last) = known[0], known[-1]
    top_week, top = max(known, key=lambda point: point[1])
    if first_week == last_week:
        return f"{line.heading}: {level_text(first, unit)} i {event_week(first_week)}."
    start, highest, end = (unmarked(level_text(value, unit)) for value in (first, top, last))
    if len({unmarked(level_text(value, unit)) for _, value in known}) == 1:
        weeks = f"fra {event_week(first_week)} til {event_week(last_week)}"
        return f"{line.heading}: uændret {level_text(first, unit)} {weeks}."
    story = [f"{level_text(first, unit)} i {event_week(first_week)}"]
    if highest not in (start, end):
        story.append(f"højest {level_text(top, unit)} i {event_week(top_week)}")
    story.append(f"{level_text(last, unit)} i {event_week(last_week)}")
    return f"{line.heading}: {', '.join(story)}."


def hidden_story(lines: Sequence[Line]) -> str:
    """Which weeks are hidden, by line, or that lines are told in steps; empty when none is."""
    stories = [f"{line.heading}: {weeks_text(line.hidden)}" for line in lines if line.hidden and not line.steps]
    return joined(
        f"{HIDDEN_IN_ALT}: {'; '.join(stories)}." if stories else "",
        steps_note(lines),
    )


def gap_note(lines: Sequence[Line]) -> str:
    """Why a curve has gaps, and what a dot beside it is; empty when it has none."""
    broken = [line for line in lines if line.hidden and not line.steps]
    alone = any(len(part) == 1 for line in broken for part in parts(line))
    return joined(
        "Uger, hvor tallet ikke kan vises af hensyn til anonymiteten, er udeladt." if broken else "",
        "En prik er en enkelt uge, hvor ugerne ved siden af er udeladt." if alone else "",
    )


def ends_note(lines: Sequence[Line]) -> str:
    """Which curve stops before the others because its last weeks are hidden; empty when none does."""
    last = max((line.known[-1][0] for line in lines if line.known), default=0)
    short = [line for line in lines if line.known and not line.steps and line.known[-1][0] < last and line.hidden]
    return joined(
        *(
            f"Kurven for {line.name} slutter i {event_week(line.known[-1][0])}, fordi tallene derefter ikke kan vises "
            "af hensyn til anonymiteten."
            for line in short
            if max(line.hidden) > line.known[-1][0]
        )
    )


def no_interval_note(points: Iterable[tuple[float | None, float | None]]) -> str:
    """Said where a number of (value, end of its interval) stands without its interval; empty when none does.

    The mean of few has none in a finished ledger: with it the answers could be worked out.
    """
    alone = any(value is not None and end is None for value, end in points)
    return "Intervallet vises ikke, hvor kun få har svaret" if alone else ""


def steps_note(lines: Sequence[Line]) -> str:
    """Why a curve has steps; empty when it has none."""
    return IN_STEPS if any(line.steps for line in lines) else ""


def thin_note(week: int | None, enough: int, *, groups: int) -> str:
    """What the grey field and the dotted line mean for so many groups; empty when there is none."""
    if week is None:
        return ""
    where = " i mindst én af grupperne" if groups > 1 else ""
    few = f"færre end {number_text(enough)} personer følges{where}"
    return f"Gråt felt (fra {event_week(week)}): {few}."


def stop(text: str) -> str:
    """The text with one full stop: that of an abbreviation is enough."""
    return text if text.endswith(".") else f"{text}."


def whole_trial_note(site: str | None) -> str:
    """Said in a municipality's version where the numbers are the whole trial's."""
    return f"Tallene dækker hele undersøgelsen, ikke kun {site}." if site else ""


def hidden_names(names: Sequence[str]) -> str:
    """Said in an alternative text of what cannot be shown; empty when all can."""
    return f"{HIDDEN_IN_ALT}: {list_text(names)}." if names else ""


def joined(*sentences: str) -> str:
    """The sentences that have something to say, with a space between."""
    return " ".join(sentence for sentence in sentences if sentence)
