"""`reportlib verify`."""

from __future__ import annotations

from pathlib import Path

from reportlib.batch.verify import verify_all
from reportlib.cli import printing
from reportlib.cli.printing import print_json
from reportlib.trial.project import find_project


def verify_files(paths: tuple[Path, ...], data_dir: Path | None, ledger: Path | None, *, as_json: bool) -> bool:
    """Make each report again and compare; False when one differs."""
    project = find_project(data_dir=data_dir)
    results = list(verify_all(paths, project, ledger=ledger))
    if as_json:
        print_json(
            [
                {"file": str(one.file), "same": one.same, "ledger": one.ledger, "changed": list(one.changed)}
                for one in results
            ]
        )
    else:
        console = printing.console()
        for one in results:
            verdict = "the same bytes" if one.same else "not the same"
            why = f" (changed since: {', '.join(one.changed)})" if one.changed else ""
            console.print(f"{one.file}: {verdict}{why}", soft_wrap=True)
    return all(one.same for one in results)
