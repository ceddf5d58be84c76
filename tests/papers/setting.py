"""Sets the parts of a paper as PDF, text, Markdown, HTML and DOCX, the same bytes each time."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx import Document
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

HIDDEN = "Entwurfsfassung des Absatzes, nicht zur Veröffentlichung bestimmt."
EPOCH = (2020, 1, 1, 0, 0, 0)
LEFT, RIGHT, TOP, FOOT = 62, 533, 770, 90


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


class _Page:
    """Writes lines down the pages of a PDF, with a head and a page number on each."""

    def __init__(self, title: str) -> None:
        self.made, self.places = io.BytesIO(), dict[int, int]()
        self._canvas = Canvas(self.made, pagesize=(595, 842), invariant=1)
        self._title, self._y = title, float(TOP)
        self._frame()

    def _frame(self) -> None:
        self._canvas.setFont("Helvetica", 8)
        self._canvas.drawString(LEFT, 810, self._title)
        self._canvas.drawCentredString(297, 40, f"Seite {self._canvas.getPageNumber()}")

    def turn(self) -> None:
        self._canvas.showPage()
        self._y = float(TOP)
        self._frame()

    def text(
        self, text: str, size: float = 10, bold: bool = False, x: float = LEFT, right: float = RIGHT
    ) -> None:
        font = "Helvetica-Bold" if bold else "Helvetica"
        lines = simpleSplit(text, font, size, right - x)
        if self._y - 1.3 * size * len(lines) < FOOT:
            self.turn()
        self._canvas.setFont(font, size)
        for line in lines:
            self._y -= 1.3 * size
            self._canvas.drawString(x, self._y, line)
        self._y -= 0.6 * size

    def row(self, cells: Sequence[str], xs: Sequence[float], bold: Sequence[bool]) -> None:
        """Write texts side by side into boxes that are drawn."""
        fonts = ["Helvetica-Bold" if item else "Helvetica" for item in bold]
        texts = [
            simpleSplit(cell, font, 9, end - x - 8)
            for cell, font, x, end in zip(cells, fonts, xs, xs[1:], strict=False)
        ]
        height = 12 * max(map(len, texts)) + 6
        if self._y - height < FOOT:
            self.turn()
        for lines, font, x, end in zip(texts, fonts, xs, xs[1:], strict=False):
            self._canvas.rect(x, self._y - height, end - x, height)
            self._canvas.setFont(font, 9)
            for number, line in enumerate(lines):
                self._canvas.drawString(x + 4, self._y - 12 * (number + 1), line)
        self._y -= height

    def finish(self) -> Made:
        self._canvas.save()
        return self.made.getvalue(), self.places

    def begin(self, record: int) -> None:
        self.places.setdefault(record, self._canvas.getPageNumber())


def set_pdf(parts: Sequence[Part], title: str) -> Made:
    page, rows = _Page(title), 0
    for part in parts:
        match part:
            case str() if part.startswith("#"):
                page.text(
                    part.lstrip("# "), {1: 20.0, 2: 15.0, 3: 13.0}[part.count("#")], bold=True
                )
            case str():
                page.text(part)
            case Sheet():
                page.turn()
                page.places[part.record] = page._canvas.getPageNumber()
            case Field(boxed=True):
                page.row((part.label, part.text), (LEFT, 190, RIGHT), (True, False))
            case Field():
                page.text(part.label, bold=True)
                page.text(part.text)
            case Row():
                page.row(part.cells, (LEFT, 110, 300, 430, RIGHT), (part.head,) * len(part.cells))
                if not part.head:
                    page.begin(rows)
                    rows += 1
    return page.finish()


SETTERS: dict[str, Callable[[Sequence[Part], str], Made]] = {
    "pdf": set_pdf, "txt": set_text, "md": set_markdown, "html": set_html, "docx": set_docx,
}  # fmt: skip
