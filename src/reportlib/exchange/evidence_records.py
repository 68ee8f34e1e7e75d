"""Results as records for Jobeffekter.dk: one line a result, in the bank's own words, the main result first."""

from __future__ import annotations

import csv
import io

from reportlib.danish import list_text, p_text, value_text
from reportlib.ledger import Ledger
from reportlib.ledger.digits import end_decimals, value_decimals
from reportlib.prose.evidence_bank import (
    NOT_COUNTED,
    BankEntry,
    bank_entries,
    evidence_of,
    weighing,
    weight,
    weight_text,
)
from reportlib.trial.jobeffekter import DENMARK, PRIMARY
from reportlib.trial.model import Trial


def bank_records(ledger: Ledger, trial: Trial) -> list[dict[str, str]]:
    """A record for each result, keys in Danish; the weight is told with what it is made of.

    Raises:
        NoEvidenceError, ResultWithoutDirectionError, UnknownKeyError
    """
    evidence, factors, total = evidence_of(trial), weighing(trial), weight(trial)
    product = " × ".join(f"{weight_text(factor.weight)} ({factor.name}: {factor.value})" for factor in factors)
    method = next((factor.value for factor in factors if factor.name == "metode"), "Kvantitativ evaluering")
    return [
        {
            "studie": trial.title,
            "forfatter": trial.evaluator,
            "år": str(trial.report_date.year),
            "hovedresultat": "nej" if place else "ja",
            "målgruppe": list_text(evidence.target_groups),
            "indsats": list_text(evidence.interventions),
            "effektmål": entry.spec.outcome,
            "effektmålets art": "primært" if entry.spec.outcome in PRIMARY else "sekundært",
            "effekttype": entry.spec.effect_type,
            "effektretning": entry.direction,
            "resultat": entry.noun,
            **_numbers(entry),
            "analysemetode": method,
            "geografi": DENMARK,
            "kvalitetsvurdering": f"{evidence.quality} (egen vurdering)",
            "tidsskrift": evidence.journal,
            "kombination": evidence.combination,
            "vægt": NOT_COUNTED if total is None else weight_text(total),
            "vægtens led": product,
            "forbehold": evidence.limits,
            "data": "syntetiske: må ikke indtastes" if trial.synthetic else "som i rapporten",
            "nøgle": entry.row.key,
        }
        for place, entry in enumerate(bank_entries(ledger, trial))
    ]


def _numbers(entry: BankEntry) -> dict[str, str]:
    row = entry.row
    ends = [value_text(end, row.unit, end_decimals(row)) for end in (row.ci_low, row.ci_high) if end is not None]
    return {
        "forskel": "" if row.value is None else value_text(row.value, row.unit, value_decimals(row)),
        "interval": " til ".join(ends) if len(ends) == 2 else "",
        "p": "" if row.p is None else p_text(row.p),
        "personer": "" if row.n is None else str(row.n),
        "vindue": row.window,
    }


def as_csv(records: list[dict[str, str]]) -> bytes:
    """The records as CSV with semicolons, for whoever enters them in the bank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: value.replace("\u00a0", " ") for name, value in record.items()} for record in records)
    return text.getvalue().encode("utf-8-sig")
