"""The pages of a PDF: upright, landscape, turned or in two columns, with heads, feet, notes and line numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from tests.papers.blocks import Book, Form, Geometry, Side
from tests.papers.setting.faces import FACES

GAP = 18.0


def size(form: Form) -> tuple[float, float]:
    width, height = float(A4[0]), float(A4[1])
    return (height, width) if form in {"landscape", "rotated"} else (width, height)


def line_width(geometry: Geometry, form: Form) -> float:
    full = size(form)[0] - geometry.left - geometry.right
    return (full - GAP) / 2 if form == "columns" else full


class Told(Canvas):  # type: ignore[misc]
    """A canvas that collects what flowables tell their page."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.told: list[tuple[str, str]] = []


class Sheets(BaseDocTemplate):  # type: ignore[misc]
    """A document whose pages bear the head and foot of the book; `total` is the number of pages, as known."""

    def __init__(self, stream: BinaryIO, book: Book, total: int) -> None:
        super().__init__(stream, pagesize=A4, title=book.title, author="", invariant=1)
        self.book, self.total, self.running = book, total, book.head
        forms: tuple[Form, ...] = ("portrait", "landscape", "rotated", "columns")
        first = (book.form, *(form for form in forms if form != book.form))
        self.addPageTemplates([self.template(form) for form in first])

    def canvas_maker(self) -> Callable[..., Canvas]:
        return Told

    def template(self, form: Form) -> PageTemplate:
        width, height = size(form)
        columns = 2 if form == "columns" else 1
        room = self.book.geometry
        line, high = line_width(room, form), height - room.top - room.bottom
        frames = [
            Frame(room.left + column * (line + GAP), room.bottom, line, high, 0, 0, 0, 0) for column in range(columns)
        ]
        paper = A4 if form == "rotated" else (width, height)
        page = PageTemplate(form, frames, onPage=self.begun, onPageEnd=self.ended, pagesize=paper)
        page.rotation = 90 if form == "rotated" else 0
        return page

    def begun(self, canvas: Canvas, document: Any) -> None:
        form = document.pageTemplate.id
        if form == "rotated":
            canvas.rotate(90)
            canvas.translate(0, -A4[0])
        if self.book.line_numbers:
            canvas.setFont(FACES[self.book.face][0], 6.5)
            for number in range(1, 49):
                room = self.book.geometry
                canvas.drawRightString(room.left - 14, size(form)[1] - room.top - 13.86 * number + 3, str(number))

    def ended(self, canvas: Any, document: Any) -> None:
        told, canvas.told = canvas.told, []
        self.running = next((text for kind, text in reversed(told) if kind == "head"), self.running)
        width, height = size(document.pageTemplate.id)
        room = self.book.geometry
        plain = FACES[self.book.face][0]
        for number, note in enumerate([text for kind, text in told if kind == "note"]):
            canvas.setFont(plain, 7)
            canvas.drawString(room.left, room.bottom - 14 - 9 * number, note)
        if document.page <= self.book.offset:
            return
        canvas.setFont(plain, 8)
        canvas.setFillGray(0.3)
        if self.running:
            self.outside(canvas, self.running, width, height - 46, room.head_at)
            canvas.setStrokeGray(0.6)
            if room.ruled:
                canvas.line(room.left, height - 52, width - room.right, height - 52)
        foot = self.book.foot.format(n=document.page - self.book.offset, m=max(self.total - self.book.offset, 1))
        self.outside(canvas, foot, width, 38, room.foot_at)

    def outside(self, canvas: Any, text: str, width: float, height: float, side: Side) -> None:
        room = self.book.geometry
        if room.by_turns and self.page % 2 == 0:
            side = "left"
        match side:
            case "left":
                canvas.drawString(room.left, height, text)
            case "centre":
                canvas.drawCentredString(width / 2, height, text)
            case "right":
                canvas.drawRightString(width - room.right, height, text)
