"""Sentences and tables of a status, whole, as they were last read by somebody."""

from __future__ import annotations

from collections.abc import Callable

from sentences import HOW, as_read, kept_beside
from status_trial import PLAIN, SITES, status_ledger

from reportlib.prose import method, status
from reportlib.show import tables
from reportlib.show.part import show

COUNTS = {
    "above": PLAIN,
    "alike": dict.fromkeys(SITES, (60, 50, 11)),
    "below": dict.fromkeys(SITES, (60, 50, 5)),
    "one-carries": {"Nord": (60, 50, 40), "Syd": (60, 50, 6), "Vest": (60, 50, 6)},
    "hidden": {**PLAIN, "Nord": (60, 50, 3)},
}
SECTIONS: dict[str, Callable[..., str]] = {
    "benchmark": lambda *given, site: status.against_benchmark(*given, "job", site=site),
    "spread": lambda *given, site: status.spread(*given, "job", site=site),
    "key-shares": lambda *given, site: status.key_shares(*given, ["aktiv", "job"], site=site),
    "answers": lambda *given, site: status.site_answers(*given, "samarbejde", site=site),
    "costs": lambda *given, site: status.unit_costs(*given, ["job"], site=site),
    "no-verdict": lambda *given, site: status.no_verdict(*given, site=site),
    "method": lambda *given, site: status.method_status(*given, site=site),
    "how-many": lambda *given, site: status.how_many(*given, "job", site=site),
    "persons": lambda *given, site: method.persons(*given, site=site),
}
TABLES: dict[str, Callable[..., str]] = {
    "shares-by-site": lambda *given, site: show(tables.shares_by_site, *given, ["aktiv", "job"], id="x", site=site),
    "persons-and-share": lambda *given, site: show(tables.persons_and_share, *given, "job", id="x", site=site),
    "benchmark": lambda *given, site: show(tables.benchmark, *given, id="x", site=site),
    "without-one": lambda *given, site: show(tables.without_one, *given, id="x", site=site),
}


ALIKE = {"no-verdict", "method", "persons"}
"""What says the same whatever the counts."""


def cases() -> dict[str, str]:
    found = {}
    for name, counts in COUNTS.items():
        trial, ledger = status_ledger(counts)
        for site in (None, "Syd"):
            for kind, parts in (("section", SECTIONS), ("table", TABLES)):
                for part, make in parts.items():
                    if counts is PLAIN or part not in ALIKE:
                        found[f"{kind}.{part}.{name}.{site or 'alle'}"] = make(ledger, trial, site=site)
    return found


def test_every_part_reads_as_it_was_last_read() -> None:
    assert kept_beside(__file__).read_text(encoding="utf-8") == as_read(cases()), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(as_read(cases()), encoding="utf-8")
