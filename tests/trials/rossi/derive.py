"""Make the two extracts of this folder from tests/golden: python tests/trials/rossi/derive.py

The public data have no dates and no places. Everybody gets one constant day of release, and the eighteen sites are the
ones that the golden data derive from the person's number (id mod 18); both are only there because a trial has them.
Nothing else is made.
"""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).parent
GOLDEN = HERE.parents[1] / "golden"
RELEASED = "1971-01-04"

PARTICIPANTS = {
    "person": lambda row: f"R{int(row['id']):03d}",
    "sted": lambda row: f"Sted {row['site']}",
    "gruppe": lambda row: "støtte" if row["fin"] == "1" else "ingen støtte",
    "loesladt": lambda row: RELEASED,
    "alder": lambda row: row["age"],
    "sort": lambda row: row["race"],
    "erhvervserfaring": lambda row: row["wexp"],
    "gift": lambda row: row["mar"],
    "proeveloesladt": lambda row: row["paro"],
    "tidligere_domme": lambda row: row["prio"],
}


def participants() -> list[list[str]]:
    """Header and one row per person."""
    return [list(PARTICIPANTS), *([make(row) for make in PARTICIPANTS.values()] for row in _golden("rossi.csv"))]


def employment() -> list[list[str]]:
    """Header and one row per person: employed in each week, empty from the week after arrest."""
    rows = _golden("rossi_weekly.csv")
    weeks = [name for name in rows[0] if name.startswith("emp_")]
    header = ["person", *(name.replace("emp_", "uge_") for name in weeks)]
    return [header, *([f"R{int(row['id']):03d}", *(row[week] for week in weeks)] for row in rows)]


def _golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[list[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    write(participants(), HERE / "deltagere.csv")
    write(employment(), HERE / "beskaeftigelse.csv")
