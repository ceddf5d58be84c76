"""OpenDocument texts: what is printed is read, notes stay apart, and no file does harm."""

from __future__ import annotations

import pytest

from ingest.errors import Reason
from ingest.layout.runs import RunRole
from ingest.stream import Layout
from tests.ingest.archives import replaced, with_parts
from tests.ingest.cases import cases
from tests.ingest.papers import layout_of, lines_of, read_bytes, reason_of
from tests.ingest.streams import render

PROSE = "Der Kreis Quonau baut bis 2027 zwölf Radwege und eine Fähre."
NAMES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
    }.items()
)
MANIFEST = "<manifest:manifest xmlns:manifest='urn:x'></manifest:manifest>"


def odt(*blocks: str, styles: str = "", second: str = "") -> bytes:
    """Return a text with these blocks; `styles` are in its first part, `second` is its second."""
    body = f"<office:body><office:text>{''.join(blocks)}</office:text></office:body>"
    own = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    parts = {
        "META-INF/manifest.xml": MANIFEST,
        "content.xml": f"<office:document-content{NAMES}>{own}{body}</office:document-content>",
        "styles.xml": f"<office:document-styles{NAMES}>{second}</office:document-styles>",
    }
    return with_parts(b"", {name: part.encode() for name, part in parts.items()})


def heading(level: int, text: str) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def paragraph(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def text_style(name: str, properties: str, more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="text"{more}>'
        f"<style:text-properties {properties}/></style:style>"
    )


def begun(*blocks: str, **styles: str) -> bytes:
    return odt(heading(1, "Aktionsplan Quonau"), paragraph(PROSE), *blocks, **styles)


def read(*blocks: str, **styles: str) -> Layout:
    """Return the layout of a text that begins with a heading and a sentence."""
    layout = layout_of(begun(*blocks, **styles), "a.odt")
    assert lines_of(layout)[:2] == ["Aktionsplan Quonau", PROSE]
    return layout


def test_headings_paragraphs_and_frames_are_read() -> None:
    frame = f"<draw:frame><draw:text-box>{paragraph('zwei Boote')}</draw:text-box></draw:frame>"
    layout = read(
        paragraph(f"Im Rahmen:{frame} immer"),
        heading(2, "1.1 Fähre &lt;b&gt; * _neu_"),
        paragraph('Ende<text:s text:c="3"/>im<text:line-break/>Juni'),
    )
    printed = "Im Rahmen: immer|zwei Boote|1.1 Fähre <b> * _neu_|Ende im|Juni"
    assert lines_of(layout)[2:] == printed.split("|")
    assert [line.style.level for line in layout.lines][:5] == [1, 0, 0, 0, 2]


def test_lists_and_headings_have_the_numbers_that_are_printed() -> None:
    def level(number: int, form: str, more: str) -> str:
        return f'<text:list-level-style-number text:level="{number}" style:num-format="{form}" {more}/>'

    def points(*texts: str, more: str = "") -> str:
        inner = "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)
        return f"<text:list{more}>{inner}</text:list>"

    levels = level(1, "a", 'style:num-suffix=")"')
    levels += level(2, "1", 'style:num-prefix="M " text:display-levels="1" text:start-value="4"')
    style = f'<text:list-style style:name="L">{levels}</text:list-style>'
    named = ' text:style-name="L"'
    outline = (
        '<text:outline-style><text:outline-level-style text:level="2" style:num-format="1"/>'
        '<text:outline-level-style text:level="3" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style>"
    )
    inner = points(paragraph("Steg"), paragraph("Damm"))
    layout = read(
        heading(2, "Ufer"),
        heading(3, "Boote"),
        points(paragraph("Plan") + paragraph("dazu"), paragraph("Bau") + inner, more=named),
        points(paragraph("Abnahme"), more=f'{named} text:continue-numbering="true"'),
        points(paragraph("Neubeginn"), more=named),
        points(paragraph("ohne Zahl")),
        styles=style,
        second=outline,
    )
    printed = "1 Ufer|1.1 Boote|a) Plan|dazu|b) Bau|M 4 Steg|M 5 Damm|c) Abnahme|a) Neubeginn"
    assert lines_of(layout)[2:] == [*printed.split("|"), "ohne Zahl"]
    assert [line.text for line in layout.lines if line.bullet] == ["ohne Zahl"]


def test_tables_keep_their_cells() -> None:
    def row(*texts: str) -> str:
        cells = (f"<table:table-cell>{paragraph(text)}</table:table-cell>" for text in texts)
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    head = f"<table:table-header-rows>{row('Nr.', 'Projekt|Ort')}</table:table-header-rows>"
    layout = read(f"<table:table>{head}{row('1.1', 'Fähre')}</table:table>")
    assert render(layout.lines[2:]) == [("**Nr.**", "**Projekt|Ort**"), ("1.1", "Fähre")]


def test_notes_comments_and_struck_text_are_no_part_of_a_sentence() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        f"{paragraph('Ohne Flöße.')}</text:note-body></text:note>"
    )
    comment = f"<office:annotation>{paragraph('geheim')}</office:annotation>"
    layout = read(
        paragraph(f"Es sind 12{note} Boote{comment}, davon {span('durch', 'drei alte')}"),
        styles=text_style("durch", 'style:text-line-through-style="solid"'),
    )
    assert lines_of(layout)[2:] == ["Es sind 12 Boote, davon", "Ohne Flöße."]
    roles = {run.text: run.role for run in layout.runs}
    assert roles == {
        "1": RunRole.NOTE_MARK,
        "geheim": RunRole.HIDDEN,
        "drei alte": RunRole.STRUCK,
    }


def test_typed_marks_of_notes_and_powers_are_told_apart() -> None:
    layout = read(
        paragraph(f"Es sind 37{span('hoch', '2')} Boote auf 12 km{span('hoch', '2')}."),
        paragraph(f"{span('hoch', '2')} Zählung 2025"),
        styles=text_style("hoch", 'style:text-position="super 58%"'),
    )
    assert lines_of(layout)[2:] == ["Es sind 37 Boote auf 12 km2.", "Zählung 2025"]
    assert [run.text for run in layout.runs] == ["2", "2"]


STYLES = "".join(
    (
        text_style("weg", 'text:display="none"'),
        text_style("erbt", 'fo:color="#123456"', ' style:parent-style-name="weg"'),
        text_style("weiss", 'fo:color="#ffffff"'),
        text_style("klein", 'fo:font-size="1pt"'),
    )
)


@cases("block")
def test_hidden_text_is_no_text(block: str) -> None:
    layout = read(block, styles=STYLES)
    assert lines_of(layout)[2:] == []
    assert [(run.text, run.role) for run in layout.runs] == [("geheim", RunRole.HIDDEN)]


def test_heads_of_pages_are_furniture() -> None:
    layout = read(second=f"<style:header>{paragraph('Kreis Quonau')}</style:header>")
    assert [line.text for line in layout.furniture] == ["Kreis Quonau"]


def test_tracked_deletions_are_struck_out() -> None:
    layout = read(
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion>'
        f"{paragraph('geheim')}</text:deletion></text:changed-region></text:tracked-changes>",
        paragraph('Es sind <text:change text:change-id="c"/>zwölf.'),
    )
    assert lines_of(layout)[2:] == ["Es sind zwölf."]
    assert [(run.text, run.role) for run in layout.runs] == [("geheim", RunRole.STRUCK)]


def test_a_file_becomes_a_document_with_its_sections() -> None:
    blocks = []
    for number, title in enumerate(("Fähre", "Steg", "Bürgerbus"), start=1):
        blocks.append(heading(2, f"{number} {title}"))
        blocks.append(paragraph(f"Das Vorhaben {title} beginnt im Jahr 2027."))
    parsed = read_bytes(begun(*blocks), "papier.odt")
    assert [item.title for item in parsed.items][-3:] == ["Fähre", "Steg", "Bürgerbus"]
    assert parsed.document.title == "Aktionsplan Quonau"


# Files made to harm


TYPED = '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)


def with_part(name: str, data: bytes) -> bytes:
    return with_parts(begun(), {name: data})


def with_text(name: str, before: str, text: str) -> bytes:
    """Return a file with a text before another one in a part."""
    return replaced(begun(), name, before, text + before)


HOSTILE: dict[str, tuple[bytes, Reason]] = {
    "encrypted": (
        with_text("META-INF/manifest.xml", "</manifest:", "<manifest:encryption-data/>"),
        Reason.ENCRYPTED,
    ),
    "macros": (with_part("Basic/Standard/Modul.xml", b"<x/>"), Reason.MACROS),
    "a document type": (
        with_text("content.xml", "<office:document-content", TYPED),
        Reason.ARCHIVE,
    ),
    "packed too tightly": (with_part("Pictures/a.bin", bytes(20_000_000)), Reason.ARCHIVE),
    "no archive": (b"Aktionsplan", Reason.DAMAGED),
    "no text": (odt(), Reason.NO_TEXT),
    "an older format": (OLE, Reason.UNSUPPORTED),
    "a part is missing": (with_parts(b"", {"mimetype": b"x"}), Reason.DAMAGED),
}


@pytest.mark.parametrize(("content", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_no_file_does_harm(content: bytes, reason: Reason) -> None:
    assert reason_of(content, "a.odt") is reason
