"""The kinds of files that are read. Who adds one writes its reader and a line here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file: the endings of its names in lower case, and its reader as "module:function".

    A reader takes the bytes and the limits of reading and returns a layout. `media_type` is what
    browsers save it as; "" for one that is sent as plain text.
    """

    suffixes: tuple[str, ...]
    reader: str
    media_type: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILE_FORMATS = (
    FileFormat((".pdf",), "ingest.layout.pdf:read_pdf", "application/pdf"),
    FileFormat((".docx",), "ingest.layout.docx:read_docx", _OFFICE),
    FileFormat((".odt",), "ingest.layout.odt:read_odt", "application/vnd.oasis.opendocument.text"),
    FileFormat((".html", ".htm"), "ingest.layout.html:read_html"),
    FileFormat((".md", ".markdown"), "ingest.layout.html:read_markdown"),
    FileFormat((".txt",), "ingest.layout.text:read_text"),
)
FORMATS_BY_SUFFIX: dict[str, FileFormat] = {}
for _known in FILE_FORMATS:
    FORMATS_BY_SUFFIX |= dict.fromkeys(_known.suffixes, _known)
