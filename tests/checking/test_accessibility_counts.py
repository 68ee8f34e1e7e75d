"""What is counted in a PDF for those who cannot see it: in a file made by hand, where each thing once is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reportlib.numbers.accessibility import accessibility


def tag(kind: str, *kids: Any, **more: Any) -> Any:
    return Dictionary(S=Name(f"/{kind}"), K=Array(list(kids)), **more)


ROW, HEADED = tag("TR", tag("TD")), tag("TR", tag("TH"), tag("TD"))
TAGS: dict[str, tuple[Any, dict[str, Any]]] = {
    "headings in order": (tag("Sect", tag("H1"), tag("H2"), tag("H3"), tag("H1")), {"headings": 4}),
    "a level skipped": (tag("Sect", tag("H1"), tag("H3")), {"headings": 2, "levels_skipped": 1}),
    "a figure without words": (tag("Sect", tag("Figure"), tag("Figure", Alt=" ")), {"figures": 2}),
    "a figure": (tag("Figure", Alt="En kurve"), {"figures": 1, "figures_described": 1}),
    "a bare table": (tag("Table", tag("TBody", ROW, HEADED)), {"tables": 1, "bare_rows": 1}),
    "a table": (
        tag("Table", tag("THead", HEADED), tag("TBody", HEADED), A=Dictionary(O=Name.Table, Summary="Tabel")),
        {"tables": 1, "tables_with_column_heads": 1, "tables_summarised": 1},
    ),
    "read as painted": (tag("P", 0, tag("Span", 1), 2), {}),
    "painted otherwise": (tag("P", 0, 2, 1), {"pages_otherwise": 1}),
}
NOTHING = {
    "pages": 2, "headings": 0, "levels_skipped": 0, "figures": 0, "figures_described": 0, "tables": 0,
    "tables_with_column_heads": 0, "tables_summarised": 0, "bare_rows": 0, "pages_otherwise": 0, "claims": (),
    "title": "Prøve", "author": "Kontoret", "language": "da-DK",
}  # fmt: skip


@pytest.mark.parametrize(("tree", "counted"), TAGS.values(), ids=TAGS)
def test_each_thing_is_counted_where_it_is_and_where_it_is_missing(
    tree: Any, counted: dict[str, Any], tmp_path: Path
) -> None:
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page()
    tree = pdf.make_indirect(tree)
    tree.Pg = pdf.pages[1].obj
    pdf.Root.StructTreeRoot = Dictionary(K=tree)
    pdf.Root.Lang = "da-DK"
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = "Prøve", "Kontoret"
    pdf.save(tmp_path / "a.pdf")
    found = accessibility(tmp_path / "a.pdf")
    assert {name: getattr(found, name) for name in NOTHING} == {**NOTHING, **counted}
