"""Small papers written for tests, each with one difficulty: of text, or of what is drawn on the
pages of a PDF.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest import Look, ReadingLimits, RecordExample, Rejected, load_source, read_source
from ingest.choices import NO_CHOICES, Choices
from ingest.errors import Reason
from ingest.layout.docx import read_docx
from ingest.layout.html import read_html, read_markdown
from ingest.layout.odt import read_odt
from ingest.layout.pdf import read_pdf
from ingest.layout.runs import RunRole
from ingest.layout.text import read_text as read_plain_text
from ingest.register import RegisterEntry
from ingest.sources import Source
from ingest.stream import Layout
from vectorstore.records import Document, DocumentKind, Item, ItemKind, ParsedDocument

Draw = Callable[[Canvas], object]
PROSE = "Der Kreis stellt mit seinen Gemeinden sicher, dass alle Menschen gut leben können und niemand zurückbleibt."
READERS: dict[str, Callable[[bytes, ReadingLimits], Layout]] = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".html": read_html,
    ".md": read_markdown,
    ".txt": read_plain_text,
}
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
    text: str,
    kind: DocumentKind = DocumentKind.STRATEGY,
    name: str = "papier.txt",
    choices: Choices = NO_CHOICES,
) -> ParsedDocument:
    """Read a text or Markdown of which the register knows the title and the kind."""
    entry = RegisterEntry("papier", Path(name), title="Papier", kind=kind, choices=choices)
    return read_source(entry, Source(name, text.encode()))


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


def drawn(page: str) -> Draw:
    """Return a page of lines "x y size text"; sizes below zero are bold."""
    rows = [line.split(" ", 3) for line in page.splitlines() if line]
    return at(*((float(x), float(y), text, float(size)) for x, y, size, text in rows))


def then(*draws: Draw) -> Draw:
    """Return a page on which one thing is drawn after the other."""

    def draw(canvas: Canvas) -> None:
        for draw_part in draws:
            draw_part(canvas)

    return draw


def operators(code: str) -> Draw:
    """Return a page of these operators of PDF; F1 is Helvetica."""
    return lambda canvas: canvas._code.append(code)


def records(document: ParsedDocument) -> list[Item]:
    return [item for item in document.items if item.kind in RECORDS]


def layout_of(content: bytes, name: str = "a.pdf") -> Layout:
    """Return the lines of a file as reading finds them, before anything is made of them."""
    return READERS[Path(name).suffix](content, ReadingLimits())


def reason_of(content: bytes, name: str) -> Reason:
    """Return why a file is not read; the reason is told in a sentence."""
    with pytest.raises(Rejected) as caught:
        layout_of(content, name)
    assert caught.value.reason.endswith(".") and "Error" not in caught.value.reason
    return caught.value.code


def lines_of(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def text_of(layout: Layout) -> str:
    return " ".join(lines_of(layout))


def runs_of(layout: Layout, role: RunRole) -> list[str]:
    return [run.text for run in layout.runs if run.role is role]


def is_whole(document: Document) -> bool:
    """Tell whether no letter of a file was lost."""
    return document.coverage is not None and document.coverage.lost == 0
