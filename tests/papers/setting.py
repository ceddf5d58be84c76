"""Sets the parts of a paper as PDF, text, Markdown, HTML and DOCX, the same bytes each time."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx import Document
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Table,
)

HIDDEN = "Entwurfsfassung des Absatzes, nicht zur Veröffentlichung bestimmt."
EPOCH = (2020, 1, 1, 0, 0, 0)
BOLD = "Helvetica-Bold"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Here the sheet of a record begins, on a new page where there are pages."""

    record: int


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value: in one line, or as a row of two boxes."""

    label: str
    text: str
    boxed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or its head."""

    cells: tuple[str, ...]
    head: bool = False


Part = str | Sheet | Field | Row  # a text is a paragraph, or a heading with its "#"
Made = tuple[bytes, dict[int, int]]  # a file, and the page from 1 on which each record begins


def set_markdown(parts: Sequence[Part], title: str) -> Made:
    lines: list[str] = []
    for part in parts:
        match part:
            case str():
                lines += [part, ""]
            case Field():
                lines += [
                    f"**{part.label}**" if part.label.endswith("?") else f"**{part.label}:**",
                    "",
                    part.text,
                    "",
                ]
            case Row():
                lines += [
                    f"| {' | '.join(part.cells)} |",
                    *["|" + "---|" * len(part.cells)] * part.head,
                ]
    return "\n".join(lines).encode(), {}


def set_text(parts: Sequence[Part], title: str) -> Made:
    """Set it as text with form feeds."""
    pages: list[list[str]] = [[]]
    places: dict[int, int] = {}
    for part in parts:
        match part:
            case str():
                pages[-1] += [part.lstrip("# "), ""]
            case Sheet():
                pages.append([])
                places[part.record] = len(pages)
            case Field():
                pages[-1] += [f"{part.label.rstrip('?')}: {part.text}", ""]
            case Row():
                pages[-1].append("\t".join(part.cells))
                places.update({} if part.head else {len(places): 1})
    return "\f".join("\n".join(page) for page in pages).encode(), places


def set_html(parts: Sequence[Part], title: str) -> Made:
    lines = [f"<!DOCTYPE html><html lang=de><meta charset=utf-8><title>{title}</title><body><main>"]
    lines.append(f"<p hidden>{HIDDEN}</p>")
    for part in parts:
        match part:
            case str() if part.startswith("#"):
                level = part.count("#")
                lines.append(f"<h{level}>{html.escape(part.lstrip('# '))}</h{level}>")
            case str():
                lines.append(f"<p>{html.escape(part)}</p>")
            case Field():
                lines.append(
                    f"<dl><dt>{html.escape(part.label)}</dt><dd>{html.escape(part.text)}</dd></dl>"
                )
            case Row():
                mark = "th" if part.head else "td"
                cells = "".join(f"<{mark}>{html.escape(cell)}</{mark}>" for cell in part.cells)
                lines.append(f"{'<table>' * part.head}<tr>{cells}</tr>")
    return "\n".join((*lines, "</main></body></html>")).encode(), {}


def set_docx(parts: Sequence[Part], title: str) -> Made:
    document = Document()
    table = None
    for part in parts:
        match part:
            case str() if part.startswith("#"):
                document.add_heading(part.lstrip("# "), part.count("#"))
            case str():
                document.add_paragraph(part)
            case Field():
                document.add_paragraph().add_run(part.label).bold = True
                document.add_paragraph(part.text)
            case Row():
                table = (
                    document.add_table(0, len(part.cells)) if part.head or table is None else table
                )
                for cell, text in zip(table.add_row().cells, part.cells, strict=True):
                    cell.text = text
    buffer, timeless = io.BytesIO(), io.BytesIO()
    document.save(buffer)
    with (
        zipfile.ZipFile(buffer) as old,
        zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return timeless.getvalue(), {}


class _Place(Flowable):
    """Takes no room, and notes the page on which a record is, the last time that it is."""

    def __init__(self, places: dict[int, int], record: int) -> None:
        super().__init__()
        self._places, self._record = places, record

    def draw(self) -> None:
        self._places[self._record] = self.canv.getPageNumber()


def _frame(canvas: Canvas, _: object) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(62, 810, canvas._doc.info.title)
    canvas.drawCentredString(297, 40, f"Seite {canvas.getPageNumber()}")


def _text(text: str, size: float = 10, font: str = "Helvetica") -> Flowable:
    style = ParagraphStyle("", fontName=font, fontSize=size, leading=1.3 * size, spaceAfter=6)
    return Paragraph(html.escape(text), style)


def _boxes(texts: Sequence[str], widths: Sequence[int], bold: int) -> Flowable:
    """Return texts side by side in boxes that are drawn, the first of them bold."""
    cells = [_text(text, 9, BOLD if n < bold else "Helvetica") for n, text in enumerate(texts)]
    return Table([cells], widths, style=[("GRID", (0, 0), (-1, -1), 1, "black")])


def set_pdf(parts: Sequence[Part], title: str) -> Made:
    """Set it with a head and a page number on each page, and each sheet on a page of its own."""
    places: dict[int, int] = {}
    flow: list[Flowable] = []
    rows = 0
    for part in parts:
        match part:
            case str() if part.startswith("#"):
                flow.append(_text(part.lstrip("# "), 22 - 3 * part.count("#"), BOLD))
            case str():
                flow.append(_text(part))
            case Sheet():
                flow += [PageBreak(), _Place(places, part.record)]
            case Field(boxed=True):
                flow.append(_boxes((part.label, part.text), (128, 343), 1))
            case Field():
                flow += [_text(part.label, font=BOLD), _text(part.text)]
            case Row():
                flow.append(_boxes(part.cells, (48, 190, 130, 103), len(part.cells) * part.head))
                if not part.head:
                    flow.append(_Place(places, rows))
                    rows += 1
    made = io.BytesIO()
    document = SimpleDocTemplate(made, pagesize=(595, 842), title=title, invariant=1)
    document.build(flow, _frame, _frame)
    return made.getvalue(), places


SETTERS: dict[str, Callable[[Sequence[Part], str], Made]] = {
    "pdf": set_pdf, "txt": set_text, "md": set_markdown, "html": set_html, "docx": set_docx,
}  # fmt: skip
