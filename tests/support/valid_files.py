"""The smallest ledger, account and record of provenance that are whole, for tests that damage them."""

from __future__ import annotations

from datetime import date
from typing import Any

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.ledger.keys import DIFFERENCE
from reportlib.numbers.account import Account
from reportlib.numbers.collect import Printed
from reportlib.text.origin import Origin
from reportlib.text.units import Unit

HASH = "0123456789abcdef" * 4

LEDGER_HEADER: dict[str, Any] = {
    "trial": "lille",
    "synthetic": True,
    "data_date": "2017-01-31",
    "level": 0.05,
    "seed": 1,
    "threshold": 5,
    "reportlib": "0.1.0",
    "sites": ["Nord", "Syd"],
    "files": [{"name": "a.csv", "sha256": HASH, "rows": 3, "dropped": {}, "notes": []}],
}
"""What a ledger says about itself."""

ACCOUNT_HEADER: dict[str, Any] = {
    "stamp": f"reportlib:1;trial=lille;kommune=Nord;ledger={HASH}",
    "trial": "lille",
    "kommune": "Nord",
    "ledger": HASH,
    "title": "Lille",
    "document_type": "Slutrapport",
    "report_date": "2017-05-31",
    "data_date": "2017-01-31",
    "design": "randomised",
    "level": 0.05,
    "threshold": 5,
    "synthetic": True,
    "sites": ["Nord", "Syd"],
    "chapters": ["Resume"],
    "figures": [],
    "floats": {},
    "subgroups": {},
}
"""What an account says about its report."""

MEASURE = Measure(id="timer", label="Ordinære timer", unit=Unit.PCT, definition="Har timer", source="eIndkomst")

SHARE = Estimate(
    key="timer.deltager.uge35", measure="timer", statistic="share", unit=Unit.PCT, population="alle", group="deltager",
    time="uge35", value=12.0, k=12, n=100, se=3.2, ci_low=6.4, ci_high=20.0,
)  # fmt: skip
DIFFERENCE_ROW = Estimate(
    key=f"timer.{DIFFERENCE}.uge35", measure="timer", statistic="difference", unit=Unit.PCT_POINT, population="alle",
    group=DIFFERENCE, time="uge35", value=6.0, n=200, se=2.0, ci_low=2.056, ci_high=9.944, p=0.00305, df=198.0,
)  # fmt: skip
HIDDEN = Estimate(
    key="timer.kontrol.uge35", measure="timer", statistic="share", unit=Unit.PCT, population="alle", group="kontrol",
    time="uge35", suppressed="hidden",
)  # fmt: skip


def small_ledger(*rows: Estimate, **header: Any) -> Ledger:
    """A ledger of these rows (without any: a share, a difference and a hidden row)."""
    kept = rows or (SHARE, DIFFERENCE_ROW, HIDDEN)
    return ledger_of(kept, header={**LEDGER_HEADER, **header}, measures={"timer": MEASURE})


def small_account() -> Account:
    """An account of one printed number."""
    return Account(
        header=ACCOUNT_HEADER,
        numbers=[Printed(text="12 pct.", origin=Origin(SHARE.key), place="text", chapter=1, nr=1)],
        rows={SHARE.key: SHARE, HIDDEN.key: HIDDEN},
        measures={"timer": MEASURE},
        facts={"uge": {"value": 35, "unit": "weeks", "label": "uge", "source": "kilde"}},
        settings={"design.level": 0.05},
        texts=["13 uger"],
        dates=[date(2017, 1, 31)],
        pages={"fig-a": 7},
    )
