#!/usr/bin/env bash
# roc-validator: an absolute URI that does not begin with http is refused as the id of a tool, and the finding names the class, not the tool.
#
# Process Run Crate 0.5 recommends that the @id of a SoftwareApplication be an absolute URI. roc-validator 0.13.0 tests whether it begins
# with "http": "urn:sha256:...", an absolute URI by RFC 3986, and the right name for a tool that is known by the hash of its code, is
# reported. The shape targets the class itself, so the entity that the finding names is http://schema.org/SoftwareApplication: with
# several tools there is one finding for each, all alike, and none says which. The crate is valid in everything else; its context is
# written in, so that nothing is fetched.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install roc-validator==0.13.0
cat > "$work/try.py" <<'PY'
import json, subprocess, sys
from importlib.metadata import version
from pathlib import Path

work = Path(sys.argv[1])


def crate(*tools):
    return [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
         "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset", "name": "Made up", "description": "Made up", "datePublished": "2020-01-01",
         "license": {"@id": "#terms"}, "author": {"@id": "https://example.org/"}, "publisher": {"@id": "https://example.org/"},
         "conformsTo": {"@id": "https://w3id.org/ro/wfrun/process/0.5"}, "hasPart": {"@id": "a.csv"}, "mentions": {"@id": "#run"}},
        {"@id": "https://w3id.org/ro/wfrun/process/0.5", "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "https://example.org/", "@type": "Organization", "name": "Example", "url": "https://example.org/"},
        {"@id": "#terms", "@type": "CreativeWork", "name": "Terms", "description": "Made up"},
        *({"@id": tool, "@type": "SoftwareApplication", "name": tool, "version": "1", "url": "https://example.org/"} for tool in tools),
        {"@id": "a.csv", "@type": "File", "name": "a.csv", "encodingFormat": "text/csv"},
        {"@id": "#run", "@type": "CreateAction", "name": "Run", "description": "Made up", "endTime": "2020-01-01T00:00:00+00:00",
         "agent": {"@id": "https://example.org/"}, "result": {"@id": "a.csv"},
         "instrument": [{"@id": tool} for tool in tools] if len(tools) > 1 else {"@id": tools[0]}},
    ]


def findings(name, graph):
    folder = work / name
    folder.mkdir()
    (folder / "a.csv").write_text("a\n1\n")
    terms = {key for entity in graph for key in (*entity, entity["@type"]) if not key.startswith("@")}
    context = {term: "http://schema.org/" + term for term in terms}
    context |= {"File": "http://schema.org/MediaObject", "conformsTo": "http://purl.org/dc/terms/conformsTo"}
    (folder / "ro-crate-metadata.json").write_text(json.dumps({"@context": context, "@graph": graph}))
    report = work / f"{name}.json"
    subprocess.run([work / "venv/bin/rocrate-validator", "-y", "validate", "--offline", "-p", "process-run-crate", "-l", "recommended",
                    "-f", "json", "-o", report, folder], capture_output=True)
    return [(issue["message"], issue.get("violatingEntity")) for issue in json.loads(report.read_text())["issues"]]


plain = findings("plain", crate("https://example.org/tool"))
urns = findings("urns", crate("urn:sha256:" + "0" * 64, "urn:sha256:" + "1" * 64))
print("roc-validator", version("roc-validator"))
print("a tool whose id begins with https:", plain)
print("two tools with urn: ids:", urns)
same = len(urns) == 2 and len(set(urns)) == 1 and urns[0][1] == "http://schema.org/SoftwareApplication"
raise SystemExit(0 if not plain and same and "absolute URI" in urns[0][0] else 1)
PY
"$work/venv/bin/python" "$work/try.py" "$work"
