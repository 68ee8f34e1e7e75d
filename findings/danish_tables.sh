#!/usr/bin/env bash
# Great Tables: `locale="da"` gives Danish marks and month names, but not the Danish way of putting them together.
#
# Numbers are right (1.234.567,9). Dates keep the English order of the style ("januar 5, 2025"; the style with the day first lacks the full
# stop that makes it an ordinal), the currency stands before the amount and without a space ("kr.1.234,50"), and per cent has no space.
# The Unicode locale data, here by Babel, say "5. januar 2025", "1.234,50 kr." and "12,5 %". A frame formatted with the locale looks
# translated, and has to be put right cell by cell.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install great-tables==1.1.0 pandas==3.1.1 babel==2.18.0
"$work/venv/bin/python" -W ignore - <<'PY'
import datetime
from importlib.metadata import version

from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from great_tables import vals

day = datetime.date(2025, 1, 5)
theirs = [
    *vals.fmt_date([day.isoformat()], date_style="month_day_year", locale="da"),
    *vals.fmt_date([day.isoformat()], date_style="day_month_year", locale="da"),
    *vals.fmt_currency([1234.5], currency="DKK", locale="da"),
    *vals.fmt_percent([0.125], decimals=1, locale="da"),
]
danish = [
    format_date(day, "long", locale="da"),
    format_date(day, "long", locale="da"),
    format_currency(1234.5, "DKK", locale="da").replace("\u00a0", " "),
    format_percent(0.125, "#,##0.0 %", locale="da").replace("\u00a0", " "),
]
print("great-tables", version("great-tables"), theirs)
print("babel", version("babel"), danish)
seen = ["januar 5, 2025", "5 januar 2025", "kr.1.234,50", "12,5%"]
raise SystemExit(0 if theirs == seen and danish[1:3] == ["5. januar 2025", "1.234,50 kr."] else 1)
PY
