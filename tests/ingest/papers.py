"""Small papers written for tests, each with one difficulty: of text, or of what is drawn on the
pages of a PDF.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from ingest import Choices, Look, ReadingLimits, RecordExample, load_source, read_source
from ingest.choices import NO_CHOICES
from ingest.layout.pdf import read_pdf
from ingest.register import RegisterEntry
from ingest.sources import Source
from ingest.stream import Layout
from vectorstore.records import DocumentKind, Item, ItemKind, ParsedDocument

Draw = Callable[[Canvas], object]
PROSE = "Der Kreis stellt mit seinen Gemeinden sicher, dass alle Menschen gut leben können und niemand zurückbleibt."
RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT, ItemKind.GOAL)


def read_document(entry: RegisterEntry, *, prefer_text: bool = False) -> ParsedDocument:
    """Read one document from its file, without processes and edition; raises Rejected where it
    cannot be one.
    """
    return read_source(entry, load_source(entry.file_to_read(prefer_text)))


def read_bytes(
    content: bytes, name: str = "a.pdf", choices: Choices = NO_CHOICES
) -> ParsedDocument:
    """Read the contents of a file of which nothing else is known."""
    return read_source(RegisterEntry("papier", Path(name), choices=choices), Source(name, content))


def said(*names: str) -> Choices:
    """Return the choice that what looks like these records are measures."""
    examples = tuple(RecordExample(name=name) for name in names)
    return Choices(looks=(Look(kind="measure", examples=examples),))


def read_text(
    folder: Path, text: str, kind: DocumentKind = DocumentKind.STRATEGY, name: str = "papier.txt",
    choices: Choices = NO_CHOICES,
) -> ParsedDocument:  # fmt: skip
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(RegisterEntry("papier", path, title="Papier", kind=kind, choices=choices))


def pdf(*pages: Draw) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842), invariant=1)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def at(*texts: tuple[float, float, str, float]) -> Draw:
    """Return a page of texts with their place and size; sizes below zero are bold."""

    def draw(canvas: Canvas) -> None:
        for x, y, text, size in texts:
            canvas.setFont("Helvetica-Bold" if size < 0 else "Helvetica", abs(size))
            canvas.drawString(x, y, text)

    return draw


def operators(code: str) -> Draw:
    """Return a page of these operators of PDF; F1 is Helvetica."""
    return lambda canvas: canvas._code.append(code)


def pdf_lines(path: Path) -> Layout:
    """Return the lines of a PDF as reading finds them, before anything is made of them."""
    return read_pdf(path.read_bytes(), ReadingLimits())


def records(document: ParsedDocument) -> list[Item]:
    return [item for item in document.items if item.kind in RECORDS]


def layout_of(content: bytes) -> Layout:
    """Return the lines of a PDF."""
    return read_pdf(content, ReadingLimits())


def lines_of(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def text_of(layout: Layout) -> str:
    return " ".join(lines_of(layout))
