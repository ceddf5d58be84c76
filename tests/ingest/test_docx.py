"""Word files: headings with their automatic numbers, lists, merged cells, what is hidden, and files
made to harm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import Reason
from ingest.layout.archives import MOST_BYTES, MOST_MEMBERS
from ingest.layout.runs import RunRole, TextRun
from ingest.stream import Layout
from tests.ingest.archives import parts_of, replaced, with_footnotes, with_parts
from tests.ingest.cases import cases
from tests.ingest.formats import save_docx
from tests.ingest.papers import layout_of, lines_of, reason_of
from tests.ingest.streams import count_lost, render

PROSE = "Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus."
NS = nsdecls("w")
MAIN, TYPES, RELATIONS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def begun() -> Any:
    document = docx.Document()
    document.add_paragraph(PROSE)
    return document


def read(document: Any) -> Layout:
    return layout_of(save_docx(document), "a.docx")


def rendered(document: Any) -> list[str | tuple[str, ...]]:
    """Return the lines of a document behind its first sentence."""
    layout = read(document)
    assert layout.lines[0].text == PROSE and count_lost(layout) == 0
    return render(layout.lines[1:])


def add(document: Any, xml: str) -> None:
    document.element.body.insert(-1, parse_xml(xml))


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p {NS}><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# What the text is


MARKUP = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


@cases("body", "expected")
def test_lines_of_a_document(body: str, expected: tuple[str | tuple[str, ...], ...]) -> None:
    document = begun()
    for style in ("Überschrift 2", "toc 1", "Maßnahmentitel"):
        document.styles.add_style(style, 1)
    document.styles["Maßnahmentitel"].base_style = document.styles["Heading 2"]
    for block in parse_xml(f"<w:body {NS} {MARKUP}>{body}</w:body>"):
        document.element.body.insert(-1, block)
    assert rendered(document) == list(expected)
    assert not read(document).hidden and read(document).page_count == 0


def test_lines_with_tabs_are_rows_of_one_table_until_other_text_follows() -> None:
    document = begun()
    for text in ("Amt\t66", "Zeit\t2026", "Text", "Amt\t67"):
        document.add_paragraph(text)
    cells = [line.cell for line in read(document).lines[1:]]
    assert cells == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), None, (1, 0, 0), (1, 0, 1)]


def numbered(document: Any, levels: str, nums: str = "") -> None:
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="90">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {NS} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    if nums:
        root.append(parse_xml(nums))


def level(place: int, form: str, text: str, more: str = "") -> str:
    form, start = f'<w:numFmt w:val="{form}"/>', '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{place}">{start}{form}{more}<w:lvlText w:val="{text}"/></w:lvl>'


def point(document: Any, text: str, place: int = 0, key: int = 90) -> None:
    numbers = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{key}"/></w:numPr>'
    add(document, paragraph(run(text), numbers))


def test_automatic_numbers_are_those_that_are_printed() -> None:
    document = begun()
    numbered(
        document,
        level(0, "upperRoman", "%1.")
        + level(1, "decimal", "M %1.%2")
        + level(2, "lowerLetter", "%3)"),
    )
    for text, place in zip("abcdefgh", (0, 1, 1, 2, 2, 0, 1, 2), strict=True):
        point(document, text, place)
    lines = "I. a|M I.1 b|M I.2 c|a) d|b) e|II. f|M II.1 g|a) h"
    assert rendered(document) == lines.split("|")


def test_a_list_may_take_its_numbers_from_a_style_of_lists() -> None:
    document = begun()
    numbered(
        document,
        '<w:styleLink w:val="Kapitel"/>' + level(0, "decimal", "M %1"),
        f'<w:num {NS} w:numId="91"><w:abstractNumId w:val="92"/></w:num>',
    )
    document.part.numbering_part.element.insert(
        0,
        parse_xml(
            f'<w:abstractNum {NS} w:abstractNumId="92"><w:numStyleLink w:val="Kapitel"/>'
            "</w:abstractNum>"
        ),
    )
    for text in "ab":
        point(document, text, key=91)
    assert rendered(document) == ["M 1 a", "M 2 b"]


def test_numbers_of_headings_stand_in_their_styles() -> None:
    document = begun()
    legal = level(1, "decimal", "%1.%2", '<w:pStyle w:val="Heading2"/><w:isLgl/>')
    numbered(document, level(0, "upperLetter", "Teil %1:", '<w:pStyle w:val="Heading1"/>') + legal)
    for name in ("Heading 1", "Heading 2"):
        number = parse_xml(f'<w:numPr {NS}><w:numId w:val="90"/></w:numPr>')
        document.styles[name].element.get_or_add_pPr().append(number)
    for text, depth in zip("abcde", (1, 2, 2, 1, 2), strict=True):
        document.add_heading(text, depth)
    lines = "# Teil A: a|## 1.1 b|## 1.2 c|# Teil B: d|## 2.1 e"
    assert rendered(document) == lines.split("|")


def test_a_list_may_begin_anew_and_a_paragraph_may_have_no_number() -> None:
    document = begun()
    again = (
        f'<w:num {NS} w:numId="91"><w:abstractNumId w:val="90"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    numbered(document, level(0, "decimalZero", "%1"), again)
    for text, key in (("a", 90), ("b", 90), ("c", 91), ("d", 91), ("e", 0)):
        point(document, text, 0, key)
    assert rendered(document) == ["01 a", "02 b", "05 c", "06 d", "e"]


def test_headers_and_footers_are_furniture() -> None:
    document = begun()
    document.sections[0].header.paragraphs[0].text = "Klimaplan"
    document.sections[0].footer.paragraphs[0].text = "Seite 1"
    layout = read(document)
    assert lines_of(layout) == [PROSE]
    assert [line.text for line in layout.furniture] == ["Klimaplan", "Seite 1"]


def test_notes_follow_their_paragraph_and_cut_no_sentence() -> None:
    document = begun()
    add(
        document,
        paragraph(
            run("Ein Satz") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" geht weiter.")
        ),
    )
    add(document, paragraph(run("Ende")))
    texts = ((1, "nie"), (2, "Quelle"))
    notes = "".join(
        f'<w:footnote w:id="{key}">{paragraph(run(text))}</w:footnote>' for key, text in texts
    )
    part = f"<w:footnotes {NS}>{notes}</w:footnotes>"
    layout = layout_of(with_footnotes(save_docx(document), part), "a.docx")
    assert lines_of(layout) == [
        PROSE, "Ein Satz geht weiter.", "Quelle", "Ende",
    ]  # fmt: skip
    assert layout.hidden[0] == len("nie") and TextRun("1", RunRole.NOTE_MARK) in layout.runs


# What is not to be seen


@cases("part")
def test_hidden_runs_are_counted_and_no_text(part: str) -> None:
    document = begun()
    add(document, paragraph(run("davor ") + part + run("danach")))
    add(document, paragraph(part))
    assert rendered(document) == ["davor danach"]
    assert read(document).hidden == {0: 2 * len("geheim")}


def test_a_style_may_hide_and_comments_are_hidden() -> None:
    document = begun()
    document.styles.add_style("Notiz", 1).font.hidden = True
    document.add_paragraph("geheim", style="Notiz")
    document.add_comment(document.paragraphs[0].runs, text="geheim", author="A", initials="A")
    layout = read(document)
    assert lines_of(layout) == [PROSE] and layout.hidden[0] == 2 * len("geheim")


# Files made to harm


def plain() -> bytes:
    return save_docx(begun())


def with_body(inner: str, before: str = "") -> bytes:
    return with_parts(
        plain(), {MAIN: f"{before}<w:document {NS}><w:body>{inner}</w:body></w:document>".encode()}
    )


def bomb() -> bytes:
    return with_parts(plain(), {MAIN: b"<a>" + b" " * 20_000_000})


def swarm() -> bytes:
    return with_parts(plain(), {f"word/{number}.bin": b"" for number in range(MOST_MEMBERS)})


def understated() -> bytes:
    """Return a bomb whose list of contents calls it small; what is read of it ends there."""
    content = bytearray(bomb())
    place = content.rfind(MAIN.encode()) - 46 + 24  # size unpacked, in the central directory
    content[place : place + 4] = (1_000).to_bytes(4, "little")
    return bytes(content)


def oversized() -> bytes:
    """Return a file whose list of contents tells of more than may be unpacked, a little in each of
    many parts.
    """
    size = 50_000_000
    parts = {f"word/media/{number}.png": b"\0" * 10_000 for number in range(MOST_BYTES // size + 1)}
    content = bytearray(with_parts(plain(), parts))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        if content[place + 46 :].startswith(b"word/media/"):
            content[place + 20 : place + 28] = size.to_bytes(4, "little") * 2
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def typed(declared: str, text: str) -> bytes:
    """Return a file with a document type, and a text that makes use of it."""
    return with_body(
        f"<w:p><w:r><w:t>{PROSE} {text}</w:t></w:r></w:p>", f"<!DOCTYPE x [{declared}]>"
    )


def locked() -> bytes:
    content = bytearray(plain())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


GROWN = "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "Kreis Quonau "}">' for n in range(10)
)
WORD, MACROS = (
    "openxmlformats-officedocument.wordprocessingml.document.main",
    "ms-word.document.macroEnabled.main",
)
WIDE = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000"/></w:tcPr></w:tc></w:tr>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000)

HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "packed too tightly": (bomb, Reason.ARCHIVE),
    "too many parts": (swarm, Reason.ARCHIVE),
    "too large": (oversized, Reason.ARCHIVE),
    "a size that lies": (understated, Reason.DAMAGED),
    "entities without end": (lambda: typed(GROWN, "&e9;"), Reason.ARCHIVE),
    "a file from outside": (lambda: typed('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"), Reason.ARCHIVE),
    "macros": (lambda: with_parts(plain(), {"word/vbaProject.bin": b"Sub AutoOpen()"}), Reason.MACROS),
    "macros by type": (lambda: replaced(plain(), TYPES, WORD, MACROS), Reason.MACROS),
    "encrypted": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    "encrypted members": (locked, Reason.ENCRYPTED),
    "a file of Word 97": (lambda: OLE, Reason.UNSUPPORTED),
    "no archive": (lambda: b"PK\x03\x04 nichts", Reason.DAMAGED),
    "no Word file": (lambda: with_parts(plain(), {TYPES: None}), Reason.DAMAGED),
    "a part that is missing": (lambda: with_parts(plain(), {MAIN: None}), Reason.DAMAGED),
    "no XML": (lambda: with_parts(plain(), {MAIN: b"Der Kreis plant."}), Reason.DAMAGED),
    "cut off": (lambda: plain()[:-500], Reason.DAMAGED),
    "tables without end": (lambda: with_body("<w:tbl><w:tr><w:tc>" * 90_000), Reason.DAMAGED),
    "cells without end": (lambda: with_body(f"<w:tbl>{WIDE * 300}</w:tbl>"), Reason.TOO_MANY_CELLS),
    "no text": (lambda: save_docx(docx.Document()), Reason.NO_TEXT),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_files_made_to_harm_are_refused_with_a_reason(name: str) -> None:
    make, reason = HOSTILE[name]
    assert reason_of(make(), "a.docx") is reason


def test_nested_tables_as_deep_as_xml_may_be_are_read() -> None:
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    layout = layout_of(with_body(opened * 80 + paragraph(run(PROSE)) + closed * 80), "a.docx")
    assert lines_of(layout) == [PROSE]


def test_styles_that_rest_on_each_other_end() -> None:
    document = begun()
    first, second = (document.styles.add_style(name, 1) for name in ("Eins", "Zwei"))
    first.base_style, second.base_style = second, first
    document.add_paragraph("im Kreis", style="Eins")
    assert rendered(document) == ["im Kreis"]


def test_what_lies_outside_the_file_is_not_fetched() -> None:
    place = 'Target="http://127.0.0.1:9/x.xml" TargetMode="External"'
    relation = f'<Relationship Id="rId98" Type="{RELATED}/header" {place}/></Relationships>'
    layout = layout_of(replaced(plain(), RELATIONS, "</Relationships>", relation), "a.docx")
    assert lines_of(layout) == [PROSE]


@pytest.mark.parametrize("name", [MAIN, "word/document.bin", "word/media.png"])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "UCS-4", "cp037"])
def test_a_document_type_is_refused_however_its_part_is_encoded_and_called(
    encoding: str, name: str
) -> None:
    parts = parts_of(plain())
    text = parts.pop(MAIN).decode().partition("?>")[2]
    typed = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY x "y">]>{text}'
    parts[name] = typed.encode({"UCS-4": "utf-32-be"}.get(encoding, encoding))
    for part in (TYPES, "_rels/.rels"):
        parts[part] = parts[part].replace(MAIN.encode(), name.encode())
    parts[f"word/_rels/{name.partition('/')[2]}.rels"] = parts.pop(RELATIONS)
    reason = reason_of(with_parts(b"", parts), "a.docx")
    unknown = encoding in ("cp037", "UCS-4")  # to the reader of XML
    assert reason is Reason.ARCHIVE or (unknown and reason is Reason.DAMAGED)


def test_fields_of_forms_have_their_values_and_boxes() -> None:
    def box(state: str) -> str:
        data = f"<w:ffData><w:checkBox>{state}</w:checkBox></w:ffData>"
        begin = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        return f'{begin}<w:r><w:fldChar w:fldCharType="end"/></w:r>'

    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Klicken Sie')}"
    value = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('750.000 Euro')}</w:sdtContent></w:sdt>"
    off = '<w:default w:val="1"/><w:checked w:val="0"/>'
    document = begun()
    add(document, paragraph(f"{run('Kosten: ')}{value}"))
    add(document, paragraph(f"{run('Amt: ')}{prompt}</w:sdtContent></w:sdt>"))
    add(document, paragraph(f"{box('<w:checked/>')}{run(' hoch ')}{box(off)}{run(' niedrig')}"))
    assert rendered(document) == ["Kosten: 750.000 Euro", "Amt:", "☒ hoch ☐ niedrig"]
    assert "Klicken Sie" in [part.text for part in read(document).runs]
