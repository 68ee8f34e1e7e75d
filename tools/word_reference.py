"""`reports/_theme/word-reference.docx`: the styles, margins and foot of reports in Word, in the theme's colours.

`python tools/word_reference.py reports/_theme/word-reference.docx` makes it again; a test tells when it is due. It may
also be opened and changed in Word: Pandoc takes over its styles, margins and foot.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reportlib.engine.word import SYNTHETIC_PLACE, TITLE_PLACE
from reportlib.files.reading import zipped

COLOURS = Path(__file__).parents[1] / "reports" / "_theme" / "colours.json"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FONT = "Calibri"  # on every machine with Word; the report's own is on few


def styles(colours: dict[str, str]) -> str:
    """`word/styles.xml`."""
    navy, teal, pale, ink, muted, line, orange = (
        colours[name].removeprefix("#") for name in ("navy", "teal", "teal-pale", "ink", "muted", "line", "orange")
    )
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{pale}"/>'
    edge = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{teal}"/></w:pBdr>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
        f'<w:color w:val="{ink}"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="da-DK" w:eastAsia="da-DK" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="288" '
        'w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    parts = [
        paragraph("Normal", "Normal", based="", default=True),
        paragraph("BodyText", "Body Text", spacing(0, 140)),
        paragraph("FirstParagraph", "First Paragraph", based="BodyText"),
        paragraph("Compact", "Compact", spacing(20, 20), based="BodyText"),
        paragraph("Title", "Title", spacing(600, 120), run(navy, 60, bold=True), then="Subtitle"),
        paragraph("Subtitle", "Subtitle", spacing(0, 120), run(navy, 32)),
        paragraph("Hovedresultat", "Hovedresultat", spacing(120, 240), run(teal, 26, bold=True)),
        paragraph("Forside", "Forside", spacing(0, 40)),
        paragraph("Syntetisk", "Syntetisk", border(orange) + spacing(240, 240), run(orange, 22, bold=True)),
        *(
            paragraph(
                f"Heading{level}",
                f"heading {level}",
                f"<w:keepNext/><w:keepLines/>{tabs(number, 'left')}{spacing(before, after)}"
                f'<w:outlineLvl w:val="{level - 1}"/>',
                run(navy, size, bold=True),
                then="BodyText",
            )
            for level, (size, before, after, number) in enumerate(
                [
                    (36, 480, 160, 480),
                    (28, 320, 120, 620),
                    (24, 240, 80, 760),
                    (22, 200, 60, 900),
                    (22, 160, 40, 1040),
                    (22, 160, 40, 1180),
                ],
                1,
            )
        ),
        paragraph("TOCHeading", "TOC Heading", "<w:keepNext/>" + spacing(360, 120), run(navy, 28, bold=True)),
        paragraph("TOC1", "toc 1", tabs(9240) + spacing(80, 20), run(bold=True)),
        paragraph("TOC2", "toc 2", tabs(9240) + spacing(0, 20) + '<w:ind w:left="340"/>'),
        paragraph("TOC3", "toc 3", tabs(9240) + spacing(0, 20) + '<w:ind w:left="680"/>'),
        paragraph("Caption", "caption", spacing(120, 60), run(ink, 22, bold=True)),
        paragraph("TableCaption", "Table Caption", "<w:keepNext/>" + spacing(240, 80), based="Caption"),
        paragraph("ImageCaption", "Image Caption", spacing(60, 80), based="Caption"),
        paragraph("Figure", "Figure", spacing(240, 0)),
        paragraph("CaptionedFigure", "Captioned Figure", "<w:keepNext/>", based="Figure"),
        paragraph("Kilde", "Kilde", spacing(40, 100), run(muted, 19)),
        paragraph(
            "Bokstitel",
            "Boks titel",
            f'<w:keepNext/>{edge}{fill}{spacing(240, 0)}<w:ind w:left="360"/>',
            run(teal, 22, bold=True),
            then="Boks",
        ),
        paragraph("Boks", "Boks", f'{edge}{fill}{spacing(0, 0, 300)}<w:ind w:left="360"/>'),
        paragraph("Boksslut", "Boks slut", f'{edge}{fill}{spacing(0, 240, 300)}<w:ind w:left="360"/>'),
        paragraph("Bokspunkt", "Boks punkt", f"{edge}{fill}{spacing(0, 0, 300)}"),
        paragraph("Bokspunktslut", "Boks punkt slut", f"{edge}{fill}{spacing(0, 240, 300)}"),
        paragraph("Ngletal", "Nøgletal", spacing(60, 100), run(navy, 24)),
        paragraph("BlockText", "Block Text", spacing(100, 100) + '<w:ind w:left="480" w:right="480"/>', "<w:i/>"),
        paragraph("SourceCode", "Source Code", spacing(60, 60), '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>'),
        paragraph("FootnoteText", "footnote text", spacing(0, 40), run(muted, 18)),
        paragraph("Footer", "footer", tabs(9240), run(muted, 18)),
        character("DefaultParagraphFont", "Default Paragraph Font", default=True),
        character("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
        character("Hyperlink", "Hyperlink", f'<w:color w:val="{teal}"/>'),
        character("SectionNumber", "Section Number", f'<w:color w:val="{teal}"/>'),
        character("VerbatimChar", "Verbatim Char", '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>'),
        *(
            character(f"Lys{name}", f"Lys {name}", run(colours[name].removeprefix("#"), bold=True))
            for name in ("groen", "gul", "roed", "graa")
        ),
        table(navy, line),
    ]
    return f'{DECLARATION}<w:styles xmlns:w="{W}">{defaults}{"".join(parts)}</w:styles>'


def paragraph(
    id: str,  # noqa: A002  Word's own word
    name: str,
    look: str = "",
    letters: str = "",
    *,
    based: str = "Normal",
    then: str = "",
    default: bool = False,
) -> str:
    """A paragraph style: `look` of the paragraph, `letters` of its runs."""
    custom = ' w:customStyle="1"' if name[0].isupper() and name not in BUILT_IN else ""
    first = ' w:default="1"' if default else ""
    parts = [
        f'<w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{based}"/>' if based else "",
        f'<w:next w:val="{then}"/>' if then else "",
        "<w:qFormat/>",
        f"<w:pPr>{look}</w:pPr>" if look else "",
        f"<w:rPr>{letters}</w:rPr>" if letters else "",
    ]
    return f'<w:style w:type="paragraph"{first}{custom} w:styleId="{id}">{"".join(parts)}</w:style>'


BUILT_IN = {"Normal", "Body Text", "Title", "Subtitle", "TOC Heading", "Block Text"}


def character(id: str, name: str, letters: str = "", *, default: bool = False) -> str:  # noqa: A002
    """A style of letters within a paragraph."""
    first = ' w:default="1"' if default else ""
    look = f"<w:rPr>{letters}</w:rPr>" if letters else ""
    return f'<w:style w:type="character"{first} w:styleId="{id}"><w:name w:val="{name}"/>{look}</w:style>'


def table(navy: str, line: str) -> str:
    """The style of every table: a heavy line above and under the head, light ones between rows."""
    heavy = f'w:val="single" w:sz="12" w:space="0" w:color="{navy}"'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:qFormat/>'
        '<w:pPr><w:spacing w:line="252" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="19"/></w:rPr>'
        f'<w:tblPr><w:tblBorders><w:top {heavy}/><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{navy}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{navy}"/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom {heavy}/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )


def run(colour: str = "", size: int = 0, *, bold: bool = False) -> str:
    """Weight, colour and size (half points) of letters, in the order Word wants them."""
    return (
        ("<w:b/>" if bold else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + (f'<w:sz w:val="{size}"/>' if size else "")
    )


def spacing(before: int, after: int, line: int = 0) -> str:
    """Room above and below, and the line's height (twentieths of a point; 240 is one line)."""
    high = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{high}/>'


def tabs(place: int, side: str = "right") -> str:
    """A tab, and which side of the text stands at it."""
    return f'<w:tabs><w:tab w:val="{side}" w:pos="{place}"/></w:tabs>'


def border(colour: str) -> str:
    """A frame around a paragraph."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="{colour}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:pBdr>{sides}</w:pBdr>"


def footer() -> str:
    """The foot of each page: the report, whether its data are made up, the page."""
    page = '<w:r><w:tab/></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return (
        f'{DECLARATION}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{TITLE_PLACE}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>'
        f'<w:t xml:space="preserve">{SYNTHETIC_PLACE}</w:t></w:r>{page}</w:p></w:ftr>'
    )


def document() -> str:
    """An empty A4 page, its text as wide as a report's figures (462 points)."""
    return (
        f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body><w:p/><w:sectPr>'
        '<w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1304" w:right="1333" w:bottom="1304" w:left="1333" w:header="624" w:footer="624" '
        'w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def settings() -> str:
    """`word/settings.xml`: Danish, and a comma between whole numbers and decimals."""
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="567"/><w:autoHyphenation w:val="true"/>'
        '<w:themeFontLang w:val="da-DK"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def relations(*entries: tuple[str, str, str]) -> str:
    """A part's relations: number, kind, target."""
    inside = "".join(
        f'<Relationship Id="{number}" Type="{R}/{kind}" Target="{target}"/>' for number, kind, target in entries
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def content_types() -> str:
    """What each part of the file is."""
    parts = {"document": "document.main", "styles": "styles", "footer1": "footer", "settings": "settings"}
    inside = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{OFFICE}.{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{inside}</Types>"
    )


def reference(colours: dict[str, str]) -> bytes:
    """The whole file."""
    return zipped(
        {
            "[Content_Types].xml": content_types().encode(),
            "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")).encode(),
            "word/_rels/document.xml.rels": relations(
                ("rId1", "styles", "styles.xml"),
                ("rId2", "footer", "footer1.xml"),
                ("rId3", "settings", "settings.xml"),
            ).encode(),
            "word/document.xml": document().encode(),
            "word/footer1.xml": footer().encode(),
            "word/settings.xml": settings().encode(),
            "word/styles.xml": styles(colours).encode(),
        }
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(reference(json.loads(COLOURS.read_text(encoding="utf-8"))))
