"""The comparison as one HTML page: the two versions beside each other, what matters most first."""

from __future__ import annotations

import html
from collections.abc import Sequence

from reportlib.numbers.diff import Change, Weight

HEADINGS = {
    Weight.VERDICT: "Andre konklusioner",
    Weight.HIDDEN: "Skjult i den ene og vist i den anden",
    Weight.NEW: "Nye tal",
    Weight.GONE: "Tal, der er væk",
    Weight.NUMBER: "Andre tal",
    Weight.WORDING: "Andre ord",
}
VERDICTS = {
    "up": "signifikant højere",
    "down": "signifikant lavere",
    "not_significant": "ikke signifikant",
    "untested": "ikke testet",
    "": "",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1b2a33}"
    "table{border-collapse:collapse;width:100%;margin-bottom:2rem}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #c3cdd5}"
    "thead th{border-bottom:2px solid #0b2e4f}code{font-size:.85em;color:#555f69;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}"
    "table{table-layout:fixed}thead th:first-child{width:44%}"
    "th,td{overflow-wrap:anywhere}"
    "@media(max-width:40rem){th,td{padding:.4rem .3rem;font-size:.9rem}}"
)


def comparison_page(changes: Sequence[Change], *, old: str, new: str) -> str:
    """A page of its own, without script and without anything fetched."""
    parts = [
        '<!DOCTYPE html>\n<html lang="da">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(f'{old} og {new}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Hvad er ændret fra {_text(old)} til {_text(new)}?</h1>\n"
    ]
    if not changes:
        parts.append("<p>Intet er ændret.</p>\n")
    for weight, heading in HEADINGS.items():
        found = [change for change in changes if change.weight is weight]
        if found:
            parts.append(_table(f"{heading} ({len(found)})", found, old, new))
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)


def _table(caption: str, changes: Sequence[Change], old: str, new: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(change.label)}<br><code>{_text(change.key)}</code></th>'
        f"<td>{_cell(change.before, change.verdict_before)}</td>"
        f"<td>{_cell(change.after, change.verdict_after)}</td></tr>\n"
        for change in changes
    )
    return (
        f'<table>\n<caption>{_text(caption)}</caption>\n<thead><tr><th scope="col">Tal</th>'
        f'<th scope="col">{_text(old)}</th><th scope="col">{_text(new)}</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _cell(shown: str, verdict: str) -> str:
    said = VERDICTS.get(verdict, verdict)
    return _text(shown) + (f"<br>{_text(said)}" if said else "")


def _text(value: str) -> str:
    return html.escape(value)
