"""Every reason for which a reader leaves rows out has words of its own in the report's chapter on method."""

from __future__ import annotations

import pandas as pd
from four_persons import SmallTrial, file_of

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.prose.method import read_and_dropped


def test_what_is_left_out_is_told_with_why(small: SmallTrial) -> None:
    """Of each extract one or more rows are left out for each reason there is; x9 takes part in nothing."""
    small.spec["extracts"]["casework"]["duplicates"] = "drop"
    small.casework = pd.DataFrame(
        [
            ("p1", "2016-10-10"), ("p1", "2016-10-10"), ("p1", "2016-10-01"), ("p1", "2017-01-02"),
            ("p2", "2017-01-03"), ("x9", "2016-10-10"),
        ],
        columns=["person", "dato"],
    ).assign(haendelse="samtale", slutdato="", sted="")  # fmt: skip
    more = pd.DataFrame([("p1", "2017-03", "9"), ("x9", "2016-10", "9")], columns=["person", "maaned", "loentimer"])
    small.hours = pd.concat([small.hours, more])
    stranger = pd.DataFrame([("x9", "Køge", "4")], columns=["person", "kommune", "mening"])
    small.citizens = pd.concat([small.citizens, stranger])
    data = small.read()
    files = [file_of(data, name).as_counts(5) for name in ("sager.csv", "timer.csv", "borgere.csv")]
    told = read_and_dropped(ledger_of([], header={"files": files}, measures={}), data.trial, site=None)
    assert told.replace("\xa0", " ") == (
        "Udtrækkene er fra den 15. januar 2017: sager.csv (6 rækker, heraf 1 om personer, der ikke er med, 1 fra før "
        "start, 2 fra efter opfølgningens slutning og 1 der står to gange, som ikke er brugt), timer.csv (5 rækker, "
        "heraf 1 om personer, der ikke er med, og 1 om måneder uden for opfølgningen, som ikke er brugt) og "
        "borgere.csv (3 rækker, heraf 1 fra personer, der ikke er med, som ikke er brugt).\n"
    )
