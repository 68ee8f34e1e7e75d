#!/usr/bin/env bash
# num2words: in Danish, 12.5 kroner are twelve kroner and five øre, and a million is plural.
#
# `num2words(12.5, lang="da", to="currency")` says "tolv kr og fem øre", the same as for 12.05: the digits after the point are read as a
# whole number, so that 0.1 is one øre and 99.9 has nine. Norwegian and English of the same package say fifty. A price written out in a
# cost-benefit is wrong by a factor of ten in its øre, without a word, for every price with one decimal (pandas drops the nought of 12.50).
# Amounts given in whole øre (1250) come out right.
# Whole numbers: 1,000,000 is "en millioner" (Danish: en million), and so on upwards; 30th is "tredivete" (tredivte in the
# dictionary); 3rd in digits is "3ende" (Danish writes "3.").
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install num2words==0.5.14
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

from num2words import num2words

amounts = {v: [num2words(v, lang=lang, to="currency") for lang in ("da", "no", "en")] for v in (12.5, 12.05, 1250)}
whole = [num2words(1_000_000, lang="da"), num2words(30, lang="da", to="ordinal"), num2words(3, lang="da", to="ordinal_num")]
print("num2words", version("num2words"))
for amount, words in amounts.items():
    print(amount, words)
print(whole)
stays = (
    amounts[12.5][0] == amounts[12.05][0] == "tolv kr og fem øre"
    and amounts[1250][0] == "tolv kr og halvtreds øre"
    and "femti" in amounts[12.5][1]
    and "fifty" in amounts[12.5][2]
    and whole == ["en millioner", "tredivete", "3ende"]
)
raise SystemExit(0 if stays else 1)
PY
