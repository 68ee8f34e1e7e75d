"""What `roc-validator` says of output folders that are crates, offline, at the required and recommended levels.

    PATH=$PATH:DIR/bin python -m crate_findings FOLDER...      # or: make crate-check

The validator needs rich below 14 and the library 15: it lives in an environment of its own. Offline it passes what it
could not read, so the context is written into a copy of each crate, and a crate that is broken on purpose is tried
beside it. Let through is what an evaluator without `evaluator_url` cannot have: an address, and a tool's id under it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reportlib.exchange.run_crate import METADATA, NAMELESS

NO_ADDRESS = {"The organization SHOULD have a URL.", "The SoftwareApplication id SHOULD be an absolute URI"}
_TYPES = {
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
    "sha256": "https://w3id.org/ro/terms/workflow-run#sha256",
}

Entity = Mapping[str, Any]


def crate_findings(folder: Path, graph: Iterable[Entity]) -> list[tuple[str, str]]:
    """Severity and message of each finding, for the folder's files with this graph as their metadata."""
    entities = list(graph)
    names = {name for entity in entities for name in (*entity, entity["@type"]) if not name.startswith("@")}
    context = {name: f"http://schema.org/{name}" for name in names} | _TYPES
    with tempfile.TemporaryDirectory() as temporary:
        place, report = Path(temporary, "crate"), Path(temporary, "report.json")
        place.mkdir()
        for path in folder.iterdir():
            if path.is_file() and path.name != METADATA:
                (place / path.name).symlink_to(path.resolve())
        (place / METADATA).write_text(json.dumps({"@context": context, "@graph": entities}), encoding="utf-8")
        subprocess.run(
            ["rocrate-validator", "-y", "validate", "--offline", "-p", "process-run-crate", "-l", "recommended",
             "-f", "json", "-o", str(report), str(place)],
            check=False, capture_output=True,
        )  # fmt: skip
        return [(issue["severity"], issue["message"]) for issue in json.loads(report.read_text("utf-8"))["issues"]]


def main(folders: Iterable[str]) -> int:
    failed = False
    for folder in map(Path, folders):
        graph = json.loads((folder / METADATA).read_text(encoding="utf-8"))["@graph"]
        found = crate_findings(folder, graph)
        for severity, message in found:
            print(f"{folder}: {severity}: {message}")
        toolless = [{name: value for name, value in entity.items() if name != "instrument"} for entity in graph]
        broken = crate_findings(folder, toolless)
        nameless = any(entity["@id"] == NAMELESS for entity in graph)
        wrong = [message for _, message in found if not (nameless and message in NO_ADDRESS)]
        failed |= bool(wrong) or not any(severity == "REQUIRED" for severity, _ in broken)
        print(f"{folder}: {len(found)} findings; {len(broken)} where the tools are taken away")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
