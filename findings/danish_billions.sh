#!/usr/bin/env bash
# humanize: in Danish, a thousand million and a million million are both "1.0 billion".
#
# The words for large numbers differ between languages: 10^9 is an English billion and a Danish milliard, and a Danish billion is 10^12.
# `intword` of humanize, with its Danish translation on, leaves 10^9 as "1.0 billion", so a budget of 3.2 milliarder is told as
# "3.2 billioner", a thousand times as much to a Danish reader, and cannot be told from 10^12. The German, Swedish and Norwegian
# translations of the same package have a word for each. Marks stay English too (1,234,567.5, where Danish writes 1.234.567,5),
# and 3rd is "3:e", which is Swedish.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install humanize==4.17.0
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import humanize

told = {}
for language in ("da_DK", "de_DE", "sv_SE", "nb"):
    humanize.i18n.activate(language)
    told[language] = [humanize.intword(n) for n in (10**9, 3_200_000_000, 10**12)]
    if language == "da_DK":
        marks = [humanize.intcomma(1234567.5), humanize.ordinal(3)]
print("humanize", version("humanize"))
for language, words in told.items():
    print(language, words)
print("Danish marks:", marks)
danish, *others = told.values()
stays = danish == ["1.0 billion", "3.2 billioner", "1.0 billion"] and marks == ["1,234,567.5", "3:e"] and all(w[0] != w[2] for w in others)
raise SystemExit(0 if stays else 1)
PY
