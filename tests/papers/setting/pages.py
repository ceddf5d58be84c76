"""The pages of a PDF and what is drawn on them: heads, feet, notes, line numbers, lights, plots, turned text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from tests.papers.blocks import BALLS, LIGHTS, Book, Form, Geometry, Placed, Side

FACES = {"sans": ("Helvetica", "Helvetica-Bold"), "serif": ("Times-Roman", "Times-Bold"), "vera": ("Vera", "VeraBd")}
GAP = 18.0
FORMS: tuple[Form, ...] = ("portrait", "landscape", "rotated", "columns")


def size(form: Form) -> tuple[float, float]:
    width, height = float(A4[0]), float(A4[1])
    return (height, width) if form in {"landscape", "rotated"} else (width, height)


def line_width(geometry: Geometry, form: Form) -> float:
    full = size(form)[0] - geometry.left - geometry.right
    return (full - GAP) / 2 if form == "columns" else full


class Told(Canvas):  # type: ignore[misc]
    """A canvas that collects what stands outside the text of its page: running head, notes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.told: list[tuple[str, str]] = []


class Sheets(BaseDocTemplate):  # type: ignore[misc]
    """A document whose pages bear the head and foot of the book; `total` is the number of pages, as known."""

    def __init__(self, stream: BinaryIO, book: Book, total: int) -> None:
        super().__init__(stream, pagesize=A4, title=book.title, author="", invariant=1)
        self.book, self.total, self.running = book, total, book.head
        self.addPageTemplates([self.template(form) for form in sorted(FORMS, key=lambda form: form != book.form)])

    def template(self, form: Form) -> PageTemplate:
        width, height = size(form)
        room = self.book.geometry
        line, high = line_width(room, form), height - room.top - room.bottom
        lefts = [room.left, room.left + line + GAP] if form == "columns" else [room.left]
        frames = [Frame(left, room.bottom, line, high, 0, 0, 0, 0) for left in lefts]
        paper = A4 if form == "rotated" else (width, height)
        page = PageTemplate(form, frames, onPage=self.begun, onPageEnd=self.ended, pagesize=paper)
        page.rotation = 90 if form == "rotated" else 0
        return page

    def begun(self, canvas: Canvas, document: Any) -> None:
        form, room = document.pageTemplate.id, self.book.geometry
        if form == "rotated":
            canvas.rotate(90)
            canvas.translate(0, -A4[0])
        if self.book.line_numbers:
            canvas.setFont(FACES[self.book.face][0], 6.5)
            for number in range(1, 49):
                canvas.drawRightString(room.left - 14, size(form)[1] - room.top - 13.86 * number + 3, str(number))

    def ended(self, canvas: Any, document: Any) -> None:
        told, canvas.told = canvas.told, []
        self.running = next((text for kind, text in reversed(told) if kind == "head"), self.running)
        width, height = size(document.pageTemplate.id)
        room = self.book.geometry
        plain = FACES[self.book.face][0]
        for number, note in enumerate([text for kind, text in told if kind == "foot"]):
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
        match "left" if room.by_turns and self.page % 2 == 0 else side:
            case "left":
                canvas.drawString(room.left, height, text)
            case "centre":
                canvas.drawCentredString(width / 2, height, text)
            case "right":
                canvas.drawRightString(width - room.right, height, text)


class Line(Paragraph):  # type: ignore[misc]
    """A paragraph that notes the page on which it, or a part of it, is drawn; fake bold is drawn twice."""

    placed: Placed | None = None
    owner: int | None = None
    twice = False

    def split(self, width: float, height: float) -> list[Any]:
        parts = super().split(width, height)
        for part in parts:
            part.placed, part.owner, part.twice = self.placed, self.owner, self.twice
        return list(parts)

    def draw(self) -> None:
        if self.placed is not None:
            self.placed.put(self.owner, self.canv.getPageNumber())
        super().draw()
        if self.twice:
            self.canv.saveState()
            self.canv.translate(0.25, 0)
            super().draw()
            self.canv.restoreState()


class Drawn(Flowable):  # type: ignore[misc]
    """Something that is drawn on the canvas by a function."""

    def __init__(self, width: float, height: float, shape: Callable[[Any], None]) -> None:
        super().__init__()
        self.width, self.height, self.shape = width, height, shape

    def draw(self) -> None:
        self.canv.saveState()
        self.shape(self.canv)
        self.canv.restoreState()


def told(kind: str, text: str) -> Drawn:
    """Return nothing to see: it hands a text on to the page."""
    return Drawn(0, 0, lambda canvas: canvas.told.append((kind, text)))


def mark(name: str) -> Drawn:
    """Return a coloured light or a circle filled by quarters: a status or rating without text."""

    def light(canvas: Canvas) -> None:
        canvas.setFillColor(HexColor(LIGHTS[name]))
        canvas.circle(5, 5, 4, stroke=0, fill=1)

    def ball(canvas: Canvas) -> None:
        canvas.setFillGray(0.15)
        canvas.setStrokeGray(0.15)
        part = list(BALLS).index(name) * 90
        canvas.circle(5, 5, 4.5, stroke=int(part < 360), fill=int(part == 360))
        if 0 < part < 360:
            canvas.wedge(0.5, 0.5, 9.5, 9.5, 90 - part, part, stroke=0, fill=1)

    return Drawn(9, 10, light) if name in LIGHTS else Drawn(11, 11, ball)


def aside(text: str, font: str) -> Drawn:
    """Return a few words in the left margin, level with what follows."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 6.5)
        canvas.setFillGray(0.35)
        for number, line in enumerate(text.split("\n")):
            canvas.drawString(-50, -9 - 8 * number, line)

    return Drawn(0, 0, draw)


def turned(text: str, font: str) -> Drawn:
    """Return text that runs upwards, from the foot of its cell; long ones in two lines."""
    lines, words = [text], text.split()
    if stringWidth(text, font, 8) > 150 and len(words) > 1:
        half = (len(words) + 1) // 2
        lines = [" ".join(words[:half]), " ".join(words[half:])]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 8)
        canvas.rotate(90)
        for number, line in enumerate(lines):
            canvas.drawString(2, -8 - 10 * number, line)

    return Drawn(10.0 * len(lines), max(stringWidth(line, font, 8) for line in lines) + 4, draw)


def plot(values: tuple[tuple[str, int], ...], accent: str, font: str, width: float) -> Drawn:
    """Return bars with their values and what stands below them."""
    most, width = max(value for _, value in values), min(400.0, width)
    step = width / len(values)

    def draw(canvas: Canvas) -> None:
        for number, (name, value) in enumerate(values):
            height = 85 * value / most
            canvas.setFillColor(HexColor(accent))
            canvas.rect(number * step + 8, 14, step - 16, height, stroke=0, fill=1)
            canvas.setFillGray(0)
            canvas.setFont(font, 7)
            canvas.drawCentredString((number + 0.5) * step, height + 17, str(value))
            canvas.drawCentredString((number + 0.5) * step, 4, name)

    return Drawn(width, 120, draw)
