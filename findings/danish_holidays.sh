#!/usr/bin/env bash
# workalendar: Store Bededag is a Danish holiday in 2024 and later, and 24 December in every year.
#
# Denmark abolished Store Bededag as a public holiday from 2024. workalendar 17.0.0 keeps it for all years; `holidays` stops it after 2023.
# Who turns paid hours into working days (or expected hours: 37 a week is 7.4 a day) with workalendar counts one day too few in April or
# May: April 2024 has 20 working days after workalendar and 21 by law, so 155.4 paid hours, a full month, read as 105 per cent of one.
# workalendar also counts 24 December, which is a day off by agreement and no public holiday: December 2024 has 19 working days and not 20.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install workalendar==17.0.0 holidays==0.109
"$work/venv/bin/python" - <<'PY'
from datetime import date, timedelta
from importlib.metadata import version

import holidays
from workalendar.europe import Denmark

calendar, law = Denmark(), holidays.Denmark(years=range(2023, 2027))


def working_days(year: int, month: int) -> tuple[int, int]:
    days = [date(year, month, 1) + timedelta(days=at) for at in range(31)]
    days = [day for day in days if day.month == month]
    weekdays = [day for day in days if day.weekday() < 5]
    return sum(calendar.is_working_day(day) for day in days), sum(day not in law for day in weekdays)


found = {month: working_days(*month) for month in [(2023, 5), (2024, 4), (2025, 5), (2026, 5), (2024, 12)]}
print("workalendar", version("workalendar"), "holidays", version("holidays"))
for (year, month), (by_workalendar, by_law) in found.items():
    print(f"{year}-{month:02d}: working days {by_workalendar} (workalendar), {by_law} (holidays)")
bededag = {year: any("Bededag" in name for _, name in calendar.holidays(year)) for year in (2023, 2024, 2026)}
print("Store Bededag in workalendar:", bededag)
same_before = found[2023, 5][0] == found[2023, 5][1]
differ = all(found[month][0] == found[month][1] - 1 for month in [(2024, 4), (2025, 5), (2026, 5), (2024, 12)])
raise SystemExit(0 if same_before and differ and all(bededag.values()) and found[2024, 4] == (20, 21) else 1)
PY
