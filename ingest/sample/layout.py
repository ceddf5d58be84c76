"""Lines and pages: German line breaking, and text that flows over drawn pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyphen
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT = 62.0, 62.0
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
TOP, BOTTOM = 738.0, 104.0
REGULAR, BOLD = "Vera", "VeraBd"
_SYLLABLES = pyphen.Pyphen(lang="de_DE", left=3, right=3)
# Divisions that the syllable patterns get wrong.
_MISTAKES = ("Ide-enspeicher", "hau-särztliche", "Hau-särztinnen", "Hau-särzte", "Gem-einde")


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; ``keep`` is the height that must stay with it."""

    font: str = REGULAR
    size: float = 9.5
    leading: float = 14.0
    before: float = 4.0
    indent: float = 0.0
    keep: float = 0.0
    hyphenate: bool = True


BODY = Style()
LABEL = Style(font=BOLD, before=5, keep=18)
PROJECT = Style(font=BOLD, size=10, before=13, keep=37, hyphenate=False)
GROUP = Style(font=BOLD, size=10.5, leading=16, before=15, keep=64, hyphenate=False)
GOAL = Style(font=BOLD, size=12, leading=18, before=18, keep=70, hyphenate=False)
THEME = Style(font=BOLD, size=15, leading=20, before=0, keep=80, hyphenate=False)
HEADING = Style(font=BOLD, size=11, leading=16, before=12, keep=40, hyphenate=False)
BULLET = Style(before=2, indent=12)


def register_fonts() -> None:
    """Make the TrueType fonts that reportlab ships known to it."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def text_width(text: str, font: str, size: float) -> float:
    """Return the width of a line in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def wrap(text: str, style: Style, width: float) -> list[str]:
    """Break a paragraph into lines, with hyphens where a word is divided."""
    lines, line = [], ""
    for word in text.split(" "):
        rest = word
        while rest:
            joined = f"{line} {rest}" if line else rest
            if text_width(joined, style.font, style.size) <= width:
                line, rest = joined, ""
                continue
            head, rest = _divide(line, rest, style, width)
            lines.append(f"{line} {head}".strip())
            line = ""
    return [*lines, line] if line else lines


def _divide(line: str, word: str, style: Style, width: float) -> tuple[str, str]:
    prefix = f"{line} " if line else ""
    for head, tail in _divisions(word, style.hyphenate):
        if text_width(prefix + head, style.font, style.size) <= width:
            return head, tail
    return ("", word) if line else (word, "")


def _divisions(word: str, hyphenate: bool) -> Iterator[tuple[str, str]]:
    """Yield the ways to divide a word, the longest first part first."""
    for position in range(len(word) - 2, 2, -1):
        if word[position - 1] == "-" and word[position - 2].isalpha():
            yield word[:position], word[position:]
    core = word.strip("„“().,;:!?")
    if hyphenate and core.isalpha() and len(core) >= 7 and not core.isupper():
        offset = word.index(core)
        for position in reversed(_SYLLABLES.positions(core)):
            cut = offset + int(position)
            head, tail = f"{word[:cut]}-", word[cut:]
            if not (head + tail).startswith(_MISTAKES):
                yield head, tail


def wrap_cell(text: str, size: float, width: float, font: str = REGULAR) -> list[str]:
    """Break the text of a table cell; long words break anywhere, without a hyphen."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if text_width(joined, font, size) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if text_width(line + letter, font, size) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line]


class Flow:
    """Writes paragraphs on a canvas and starts new pages where one is full."""

    def __init__(self, canvas: Any, begin: Callable[[Flow], None], end: Callable[[Flow], None]) -> None:
        """Open the first page; ``begin`` and ``end`` draw the page furniture."""
        self.canvas, self._begin, self._end = canvas, begin, end
        self.page = 0
        self.legend = False
        self.y = TOP
        self._open()

    def _open(self) -> None:
        self.page += 1
        self.y = TOP
        self._begin(self)

    def new_page(self, legend: bool | None = None) -> None:
        """Close this page and open the next, from here on with or without the legend."""
        self.close()
        self.legend = self.legend if legend is None else legend
        self._open()

    def close(self) -> None:
        """Close the page."""
        self._end(self)
        self.canvas.showPage()

    def need(self, height: float) -> None:
        """Start a new page unless this height is left."""
        if self.y - height < BOTTOM:
            self.new_page()

    def write(self, text: str, style: Style, first: str = "") -> int:
        """Write a paragraph and return the page on which it begins."""
        lines = wrap(first + text, style, TEXT_WIDTH - style.indent)
        self.need(style.before + style.leading + style.keep)
        page = self.page
        self.y -= style.before
        for position, line in enumerate(lines):
            self.need(style.leading)
            self.y -= style.leading
            self.canvas.setFont(style.font, style.size)
            hanging = style.indent if position or not first else 0
            self.canvas.drawString(LEFT + hanging, self.y, line)
        return page

    def line(self, text: str, style: Style) -> None:
        """Write one line as it is."""
        self.need(style.leading)
        self.y -= style.leading
        self.canvas.setFont(style.font, style.size)
        self.canvas.drawString(LEFT + style.indent, self.y, text)


def leader(title: str, page: int, indent: float, size: float = 9.0) -> str:
    """Return a line of the table of contents with a dot leader."""
    room = TEXT_WIDTH - indent - text_width(f"{title}  {page:>3}", REGULAR, size)
    return f"{title} {'.' * int(room / text_width('.', REGULAR, size))} {page}"
