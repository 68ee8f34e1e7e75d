#!/usr/bin/env bash
# Pandoc's Typst writer and Typst's markup: text that begins a footnote, a link or a table cell is not kept as text.
#
# Pandoc (pypandoc_binary 1.17) escapes signs of lists and headings where a paragraph begins, but not where a footnote, the text of a
# link or a list item begins; a hyphen before a digit is not escaped anywhere. Typst (0.15.2) therefore sets "+ 2 flere" in a link as
# item 1 of a list, a footnote "1. januar" as a list too, and "-5" as U+2212 and 5: the text that went in is not what comes out.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pypandoc_binary==1.17 typst==0.15.2 pypdf==6.1.1
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
import pypandoc, pypdf, typst

source = r"Se [\+ 2 flere](https://example.org) nu, -5 grader. Note^[1. januar 2020.]"
written = pypandoc.convert_text(source, "typst", format="markdown", extra_args=["--wrap=none"])
print("pandoc", pypandoc.get_pandoc_version(), "writes:", written.strip())
pdf = typst.compile(written.encode())
text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
print("typst sets:", repr(text))
link_is_list = "[+ 2 flere]" in written and "+ 2 flere" not in text
note_is_bare = "#footnote[1. januar" in written
minus = "\u22125" in text and "-5" in written
print("link text became a list:", link_is_list, "- footnote not escaped:", note_is_bare, "- hyphen became a minus:", minus)
raise SystemExit(0 if link_is_list and note_is_bare and minus else 1)
PY
