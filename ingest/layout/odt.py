"""OpenDocument texts (ODT) as layouts: odfdo writes them as Markdown, which is read like a file.

Deleted text and comments are left out, notes follow their paragraph.
"""

from __future__ import annotations

import io
import re

from odfdo import Document, Span

from ingest.errors import Reason, Rejected
from ingest.layout.archives import PART_ERRORS, open_archive, reject_document_types
from ingest.layout.html import read_markdown
from ingest.limits import ReadingLimits
from ingest.stream import Layout
from prompts import say
from vectorstore.language import collapse_spaces

_NAME = "ODT"
_ENCRYPTED = b"encryption-data"
_MACROS = ("Basic/", "Scripts/")  # folders of an archive
_REPEATED = re.compile(rb'-repeated="\d{4,}"')  # of cells: a thousand times the same
_NOT_PRINTED = "//text:tracked-changes | //office:annotation | //office:annotation-end"


def read_odt(data: bytes, limits: ReadingLimits) -> Layout:
    """Return the layout of an OpenDocument text, which is not divided into pages: the file does not
    say where they end.

    Raises Rejected for files that are encrypted, damaged or packed too tightly, for files with
    macros or document types, and for files without text. A cell or row that stands for a thousand
    equal ones or more counts as packed too tightly, as it is written out that often.
    """
    with open_archive(data, _NAME) as archive:
        try:
            _reject_unsafe_parts(archive.namelist(), archive.read("META-INF/manifest.xml"))
            reject_document_types(archive, _NAME)
            if _REPEATED.search(archive.read("content.xml")):
                raise Rejected(say("layout.packed_too_tightly", name=_NAME), Reason.ARCHIVE)
            page = _write_markdown(Document(io.BytesIO(data)))
        except PART_ERRORS as error:
            raise Rejected(say("layout.damaged", name=_NAME)) from error
    return read_markdown(page.encode(), limits)


def _reject_unsafe_parts(names: list[str], manifest: bytes) -> None:
    """Raise Rejected for an encrypted file, which its manifest tells, and for macros. `names` are
    the names of its parts; a mere folder for macros is harmless.
    """
    if _ENCRYPTED in manifest:
        raise Rejected(say("layout.encrypted", name=_NAME), Reason.ENCRYPTED)
    if any(name.startswith(_MACROS) and not name.endswith("/") for name in names):
        raise Rejected(say("layout.macros", name=_NAME), Reason.MACROS)


def _write_markdown(document: Document) -> str:
    """Return a text as Markdown, its notes as "[^1]" with their texts at the end. Deleted text and
    comments are removed. Each "<" is written so that it stays text, as nothing of it is markup.
    """
    body = document.body
    for element in body.get_elements(_NOT_PRINTED):
        element.delete()
    notes = []
    for number, note in enumerate(body.get_elements("//text:note"), start=1):
        body_of_note, parent = note.get_element("text:note-body"), note.parent
        if body_of_note is None or parent is None:
            continue
        notes.append(f"[^{number}]: {collapse_spaces(body_of_note.inner_text)}")
        mark = Span(f"[^{number}]")
        # the text behind the note, which would be lost with it
        mark.tail = note.tail
        parent.replace_element(note, mark)
    text = str(document.to_markdown()).replace("<", "&lt;")  # nothing of it is markup of HTML
    return "\n\n".join((text, *notes))
