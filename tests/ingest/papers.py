"""Small papers written for tests, each with one difficulty."""

from __future__ import annotations

from pathlib import Path

from ingest.layout.lines import RawDocument
from ingest.layout.pdf import read_pdf
from ingest.limits import ReadingLimits
from ingest.reading import read_source
from ingest.register import RegisterEntry
from ingest.sources import load_source
from vectorstore.records import DocumentKind, Item, ParsedDocument


def read_document(entry: RegisterEntry, *, prefer_text: bool = False) -> ParsedDocument:
    """Read one document from its file, without processes and edition; raises Rejected where it cannot be one."""
    return read_source(entry, load_source(entry.rendering(prefer_text)))


def read_text(
    folder: Path, text: str, kind: DocumentKind = DocumentKind.STRATEGY, name: str = "papier.txt"
) -> ParsedDocument:
    """Write a text and read it as a document."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(RegisterEntry("papier", path, title="Papier", kind=kind))


def pdf_lines(path: Path) -> RawDocument:
    """Return the lines of a PDF as reading finds them, before anything is made of them."""
    return read_pdf(path.read_bytes(), ReadingLimits())


def by_ref(document: ParsedDocument) -> dict[str, Item]:
    """Return the items by ref."""
    return {item.ref: item for item in document.items}


PROSE = "Der Kreis stellt mit seinen Gemeinden sicher, dass alle Menschen gut leben können und niemand zurückbleibt."
