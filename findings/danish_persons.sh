#!/usr/bin/env bash
# Faker: a Danish "ssn" is an American one; not a single one has the form of a Danish CPR number.
#
# Who builds a register pipeline outside the closed server makes persons up first. Faker has a Danish provider (names, addresses, firms),
# and `Faker("da_DK").ssn()` answers, but from the American default: three, two and four digits with two hyphens (ddd-dd-dddd), where a
# CPR number is a day of birth and four digits (DDMMYY-SSSS). None of 1,000 can be read as a CPR number, and written without hyphens,
# with nine digits, they look like numbers that have lost a leading nought in a spreadsheet: a reader that mends those makes persons of
# them, of whom most are born on a day that is none. The Norwegian, Swedish and Finnish providers of the same release give numbers that
# python-stdnum finds right, so nothing warns that the Danish one is of another country.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install Faker==40.63.0 python-stdnum==2.2
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import re
from datetime import datetime
from importlib.metadata import version

from faker import Faker
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

Faker.seed(20261201)
NUMBERS = {"da_DK": cpr, "no_NO": fodselsnummer, "sv_SE": personnummer, "fi_FI": hetu}
print("Faker", version("Faker"), "python-stdnum", version("python-stdnum"))
right, made = {}, {}
for locale, number in NUMBERS.items():
    fake = Faker(locale)
    made[locale] = [fake.ssn() for _ in range(1000)]
    right[locale] = sum(number.is_valid(one) for one in made[locale])
    print(f"{locale}: {right[locale]} of 1000 valid, written {re.sub('[0-9]', 'd', made[locale][0])}")


def is_a_day(digits: str) -> bool:
    """Whether the first six of ten digits are a day of this century or the last."""
    try:
        return bool(datetime.strptime(digits[:6], "%d%m%y"))
    except ValueError:
        return False


american = sum(bool(re.fullmatch(r"\d{3}-\d{2}-\d{4}", one)) for one in made["da_DK"])
days = sum(is_a_day(one.replace("-", "").zfill(10)) for one in made["da_DK"])
print(f"da_DK: {american} of 1000 written 3-2-4; with a nought before them {days} begin with a day")
raise SystemExit(0 if right["da_DK"] == 0 and american == 1000 and days < 500 and min(right[one] for one in ("no_NO", "sv_SE", "fi_FI")) > 900 else 1)
PY
