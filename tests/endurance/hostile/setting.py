"""Lines set as a plain file of any format: a tab parts cells, a hash leads a heading."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINES_OF_A_PAGE = 60


def set_lines(lines: Sequence[str], form: str) -> bytes:
    """Return a file of a format with one paragraph, row or heading a line."""
    if form == "pdf":
        return pdf_of(lines)
    if form == "html":
        return ("<!DOCTYPE html><meta charset=utf-8><body>" + "\n".join(map(_element, lines))).encode(errors="replace")
    if form == "docx":
        return docx_of("".join(map(_paragraph, lines)))
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _element(line: str) -> str:
    text = html.escape(line)
    if line.startswith("# "):
        return f"<h2>{text[2:]}</h2>"
    cells = text.split("\t")
    return f"<p>{text}</p>" if len(cells) == 1 else f"<table><tr><td>{'<td>'.join(cells)}</table>"


def _paragraph(line: str) -> str:
    text = html.escape(_NO_XML.sub("", line))
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if line.startswith("# ") else ""
    if "\t" not in text:
        return f'<w:p>{style}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    cells = (f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in text.split("\t"))
    return f"<w:tbl><w:tr>{''.join(cells)}</w:tr></w:tbl>"


def docx_of(body: str, head: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return a Word file with this inside its body; `head` stands before the document, `parts` are further ones."""
    document = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{WORD}" xmlns:r="{_OFFICE}">'
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f"{document}<w:body>{body}</w:body></w:document>",
    }
    return zipped({name: text.encode() for name, text in (members | dict(parts or {})).items()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of members by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def pdf_of(lines: Sequence[str]) -> bytes:
    """Return a PDF with the lines below one another, sixty a page."""
    pages = [lines[start : start + _LINES_OF_A_PAGE] for start in range(0, len(lines), _LINES_OF_A_PAGE)] or [()]
    streams = []
    for page in pages:
        shown = (f"({_escaped(line)}) Tj T*" for line in page)
        streams.append(f"BT /F1 9 Tf 11 TL 40 800 Td {' '.join(shown)} ET".encode("cp1252", "replace"))
    return pdf_with(streams)


def _escaped(text: str) -> str:
    return re.sub(r"([()\\])", r"\\\1", text.replace("\t", "    "))


def pdf_with(
    streams: Sequence[bytes],
    dictionary: bytes = b"",
    page: bytes = b"",
    root: bytes = b"",
    more: Sequence[bytes] = (),
    font: bytes = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
) -> bytes:
    """Return a PDF of pages with these contents.

    Objects: 1 root, 2 tree, 3 font, 4 and on a page and its content each, then `more`. `dictionary`, `page` and `root`
    stand inside of the dictionaries of contents, pages and root.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(streams)))
    objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % root, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(streams), kids)]
    objects.append(font)
    for number, stream in enumerate(streams):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>"
            b"/XObject<</X %d 0 R>>>>%s>>" % (5 + 2 * number, 4 + 2 * len(streams), page)
        )
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), dictionary, stream))
    return _numbered([*objects, *more])


def _numbered(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
