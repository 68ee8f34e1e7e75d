"""Whether a PDF is what it says it is: the standards it claims, tried by an independent checker (package `page`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf

from reportlib.numbers.breaks import Break, FileCheck, Kind


def with_standards(result: FileCheck, path: Path) -> FileCheck:
    """What was found in a file, and what its standards find in it when it is a PDF."""
    if path.suffix.lower() != ".pdf":
        return result
    standards = claimed_standards(path)
    breaks = (*result.breaks, *check_standards(path, standards))
    return replace(result, breaks=breaks, standards=tuple(standards))


def claimed_standards(path: Path) -> dict[str, str]:
    """The standards that a PDF's metadata claim, as people write them -> as the checker calls them."""
    with pikepdf.open(path) as pdf:
        return claims_of(pdf)


def claims_of(pdf: pikepdf.Pdf) -> dict[str, str]:
    """The same of an open PDF."""
    metadata = pdf.open_metadata()  # no `with`: that would write it back
    accessible = str(metadata.get("pdfuaid:part", ""))
    part, level = (str(metadata.get(f"pdfaid:{name}", "")) for name in ("part", "conformance"))
    claims = {f"PDF/UA-{accessible}": f"ua{accessible}"} if accessible else {}
    return {**claims, f"PDF/A-{part}{level.lower()}": f"{part}{level.lower()}"} if part else claims


def check_standards(path: Path, standards: dict[str, str]) -> Iterator[Break]:
    """What the PDF fails of the standards it claims; that it claims none."""
    import page

    if not standards:
        yield Break(Kind.STANDARD, "the PDF says of no standard that it follows it")
    for name, profile in standards.items():
        for failure in page.validate_pdf(path, profile=profile).failures:
            yield Break(Kind.STANDARD, f"{name}: {failure.message}", key=failure.rule_id)
