"""OpenDocument texts: what is printed is read, notes stay apart, and no file does harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from odfdo import Document, Frame, Header, List, Paragraph, Span, Style, Table

from ingest import ReadingLimits, Rejected
from ingest.errors import Reason
from ingest.layout.odt import read_odt
from ingest.layout.runs import RunRole
from ingest.stream import Layout
from tests.ingest.papers import read_bytes

LIMITS = ReadingLimits()
PROSE = "Der Kreis Quonau baut bis 2027 zwölf Radwege und eine Fähre."


def begun(*paragraphs: Paragraph) -> Document:
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, "Aktionsplan Quonau"))
    for paragraph in (Paragraph(PROSE), *paragraphs):
        document.body.append(paragraph)
    return document


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read(document: Document) -> Layout:
    return read_odt(saved(document), LIMITS)


def lines_of(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def test_headings_paragraphs_lists_and_frames_are_read() -> None:
    frame = Paragraph("Im Rahmen: ")
    frame.append(Frame.text_frame("zwei Boote", size=("5cm", "2cm")))
    document = begun(frame)
    document.body.append(Header(2, "1.1 Fähre <b> * _neu_"))
    document.body.append(List(["Erster Punkt", "Zweiter Punkt"]))
    layout = read(document)
    assert lines_of(layout) == [
        "Aktionsplan Quonau",
        PROSE,
        "Im Rahmen: zwei Boote",
        "1.1 Fähre <b> * _neu_",
        "Erster Punkt",
        "Zweiter Punkt",
    ]
    assert [line.style.level for line in layout.lines][:4] == [1, 0, 0, 2]


def test_tables_keep_their_cells() -> None:
    document, table = begun(), Table("Liste", width=2, height=2)
    for row, values in enumerate((("Nr.", "Projekt|Ort"), ("1.1", "Fähre"))):
        for column, value in enumerate(values):
            table.set_value((column, row), value)
    document.body.append(table)
    cells = [line for line in read(document).lines if line.cell is not None]
    places = [(line.cell.row, line.cell.column) for line in cells if line.cell]
    assert [line.text for line in cells] == ["Nr.", "Projekt|Ort", "1.1", "Fähre"]
    assert places == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_notes_comments_and_struck_text_are_no_part_of_a_sentence() -> None:
    paragraph = Paragraph("Es sind 12 Boote, davon ")
    struck = Style("text", name="durch")
    struck.set_properties({"style:text-line-through-style": "solid"})
    paragraph.append(Span("drei alte", style="durch"))
    paragraph.insert_note(after="12", note_id="n1", citation="1", body="Ohne Flöße.")
    paragraph.insert_annotation(after="Boote", body="geheim", creator="A")
    document = begun(paragraph)
    document.insert_style(struck, automatic=True)
    layout = read(document)
    assert lines_of(layout)[2:] == ["Es sind 12 Boote, davon", "Ohne Flöße."]
    roles = {run.text: run.role for run in layout.runs}
    assert roles == {"1": RunRole.NOTE_MARK, "drei alte": RunRole.STRUCK}


def test_tracked_deletions_are_left_out() -> None:
    document = begun()
    content = changed(
        saved(document),
        "content.xml",
        b"<text:h",
        b'<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>geheim'
        b"</text:p></text:deletion></text:changed-region></text:tracked-changes><text:h",
    )
    assert "geheim" not in " ".join(lines_of(read_odt(content, LIMITS)))


def test_a_file_becomes_a_document_with_its_sections() -> None:
    document = begun()
    for number, title in enumerate(("Fähre", "Steg", "Bürgerbus"), start=1):
        document.body.append(Header(2, f"{number} {title}"))
        document.body.append(Paragraph(f"Das Vorhaben {title} beginnt im Jahr 2027."))
    parsed = read_bytes(saved(document), "papier.odt")
    assert [item.title for item in parsed.items][-3:] == ["Fähre", "Steg", "Bürgerbus"]
    assert parsed.document.title == "Aktionsplan Quonau"


# Files made to harm


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return an archive with the first `old` in a part replaced by `new`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new, 1)
            target.writestr(name, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(saved(begun()))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def repeated() -> bytes:
    table = b'<table:table><table:table-row table:number-rows-repeated="900000"/></table:table>'
    return changed(saved(begun()), "content.xml", b"<text:h", table + b"<text:h")


HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "encrypted": (
        lambda: changed(
            saved(begun()),
            "META-INF/manifest.xml",
            b"</manifest:manifest>",
            b"<manifest:encryption-data/></manifest:manifest>",
        ),
        Reason.ENCRYPTED,
    ),
    "macros": (lambda: with_part("Basic/Standard/Modul.xml", b"<x/>"), Reason.MACROS),
    "a document type": (
        lambda: changed(
            saved(begun()),
            "content.xml",
            b"<office:document-content",
            b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]><office:document-content',
        ),
        Reason.ARCHIVE,
    ),
    "packed too tightly": (lambda: with_part("Pictures/a.bin", bytes(20_000_000)), Reason.ARCHIVE),
    "rows without end": (repeated, Reason.ARCHIVE),
    "no archive": (lambda: b"Aktionsplan", Reason.DAMAGED),
    "no text": (lambda: saved(emptied()), Reason.NO_TEXT),
    "an older format": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
        Reason.UNSUPPORTED,
    ),
    "a part is missing": (lambda: archive_of("mimetype"), Reason.DAMAGED),
}


def emptied() -> Document:
    document = Document("text")
    document.body.clear()
    return document


def archive_of(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_does_harm(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(Rejected) as caught:
        read_odt(make(), LIMITS)
    assert caught.value.code is reason and caught.value.reason.endswith(".")
