"""The parts of a PDF page that note where they are drawn."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from tests.papers.setting import Placed

BALLS = {"empty": "○", "quarter": "◔", "half": "◑", "most": "◕", "full": "●"}
MARKS = {"green": "#2E8B57", "yellow": "#F2C037", "red": "#C0392B", "grey": "#9AA0A6"}


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


class Dot(Flowable):  # type: ignore[misc]
    """A coloured dot: a status without text."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.colour, self.width, self.height = colour, 9, 10

    def draw(self) -> None:
        self.canv.setFillColor(HexColor(MARKS[self.colour]))
        self.canv.circle(5, 5, 4, stroke=0, fill=1)


class Ball(Flowable):  # type: ignore[misc]
    """A circle filled by quarters: a rating without text."""

    def __init__(self, filled: str) -> None:
        super().__init__()
        self.filled, self.width, self.height = filled, 11, 11

    def draw(self) -> None:
        self.canv.setFillGray(0.15)
        self.canv.setStrokeGray(0.15)
        part = list(BALLS).index(self.filled) * 90
        if part == 360:
            self.canv.circle(5, 5, 4.5, stroke=0, fill=1)
            return
        self.canv.circle(5, 5, 4.5, stroke=1, fill=0)
        if part:
            self.canv.wedge(0.5, 0.5, 9.5, 9.5, 90 - part, part, stroke=0, fill=1)


class Tell(Flowable):  # type: ignore[misc]
    """Draws nothing in its place: hands a text on to the page (running head, footnote)."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__()
        self.kind, self.text, self.width, self.height = kind, text, 0, 0

    def draw(self) -> None:
        self.canv.told.append((self.kind, self.text))


class Aside(Flowable):  # type: ignore[misc]
    """A few words in the left margin, level with what follows."""

    def __init__(self, text: str, font: str) -> None:
        super().__init__()
        self.text, self.font, self.width, self.height = text, font, 0, 0

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setFont(self.font, 6.5)
        self.canv.setFillGray(0.35)
        for number, line in enumerate(self.text.split("\n")):
            self.canv.drawString(-50, -9 - 8 * number, line)
        self.canv.restoreState()


class Turned(Flowable):  # type: ignore[misc]
    """A line of text that runs upwards, from the foot of its cell; long ones in two lines."""

    def __init__(self, text: str, font: str, most: float = 150.0) -> None:
        super().__init__()
        self.font, self.lines = font, [text]
        if stringWidth(text, font, 8) > most and " " in text:
            words = text.split()
            half = (len(words) + 1) // 2
            self.lines = [" ".join(words[:half]), " ".join(words[half:])]
        self.width = 10.0 * len(self.lines)
        self.height = max(stringWidth(line, font, 8) for line in self.lines) + 4

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setFont(self.font, 8)
        self.canv.rotate(90)
        for number, line in enumerate(self.lines):
            self.canv.drawString(2, -8 - 10 * number, line)
        self.canv.restoreState()


class Plot(Flowable):  # type: ignore[misc]
    """Bars with their values and what stands below them."""

    def __init__(self, values: tuple[tuple[str, int], ...], accent: str, font: str, width: float) -> None:
        super().__init__()
        self.values, self.accent, self.font = values, accent, font
        self.width, self.height = min(400.0, width), 120

    def draw(self) -> None:
        most = max(value for _, value in self.values)
        step = self.width / len(self.values)
        for number, (name, value) in enumerate(self.values):
            height = 85 * value / most
            self.canv.setFillColor(HexColor(self.accent))
            self.canv.rect(number * step + 8, 14, step - 16, height, stroke=0, fill=1)
            self.canv.setFillGray(0)
            self.canv.setFont(self.font, 7)
            self.canv.drawCentredString((number + 0.5) * step, height + 17, str(value))
            self.canv.drawCentredString((number + 0.5) * step, 4, name)
