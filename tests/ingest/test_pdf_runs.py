"""What a reader sees on a page of a PDF: letters once and whole, no struck words, no marks of notes
in numbers, and what is typed into forms.
"""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.layout.pdf import read_pdf
from ingest.layout.runs import RunRole, is_note_mark
from ingest.limits import ReadingLimits
from ingest.stream import Layout
from tests.ingest.papers import PROSE, Draw, pdf

SIZE = 11.0
FIRST = 700.0


def layout_of(*pages: Draw) -> Layout:
    return read_pdf(pdf(*pages), ReadingLimits())


def texts(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def runs(layout: Layout, role: RunRole) -> list[str]:
    return [run.text for run in layout.runs if run.role is role]


def put(canvas: Canvas, x: float, y: float, text: str, size: float = SIZE) -> float:
    """Draw a text and return where it ends."""
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, y, text)
    return x + pdfmetrics.stringWidth(text, "Helvetica", size)


def with_prose(draw: Draw) -> Draw:
    """Return a page with four lines of prose at its foot, and what is drawn above them."""

    def both(canvas: Canvas) -> None:
        for number in range(4):
            put(canvas, 60, 300 - 14 * number, f"{PROSE[:70]} {number}")
        draw(canvas)

    return both


# Letters printed twice


@pytest.mark.parametrize("shift", [(0.35, 0.0), (0.0, 0.3), (0.0, 0.0)])
def test_words_printed_twice_at_a_hairs_breadth_are_read_once_and_are_bold(
    shift: tuple[float, float],
) -> None:
    words = ["Maßnahme", "4", "senkt", "die", "Kosten", "um", "10", "Euro", "je", "Haus"]

    def draw(canvas: Canvas) -> None:
        for right, up in ((0.0, 0.0), shift):
            x = 60.0
            for word in words:
                x = put(canvas, x + right, FIRST + up, word) + 3 - right

    line = layout_of(with_prose(draw)).lines[0]
    assert (line.text, line.style.bold) == (" ".join(words), True)


@pytest.mark.parametrize("text", ["Wasser 4", "Schifffahrt 110"])
def test_each_letter_printed_twice_in_turn_is_read_once(text: str) -> None:
    def draw(canvas: Canvas) -> None:
        code = "".join(f"({char}) -{_width(char) - 30} ({char}) -30 " for char in text)
        kerned = code.replace(" -", " ")
        canvas._code.append(f"BT /F1 {SIZE} Tf 60 {FIRST} Td [{kerned}] TJ ET")

    assert texts(layout_of(with_prose(draw)))[0] == text


def _width(char: str) -> int:
    return round(1000 * pdfmetrics.stringWidth(char, "Helvetica", 1))


def test_a_word_that_stands_twice_on_a_page_stays_twice() -> None:
    def draw(canvas: Canvas) -> None:
        end = put(canvas, 60, FIRST, "Wasser 44 ")
        put(canvas, end, FIRST, "Wasser 44")
        put(canvas, 60, FIRST - 14, "Wasser 44")

    assert texts(layout_of(with_prose(draw)))[:2] == ["Wasser 44 Wasser 44", "Wasser 44"]


# Dots apart


@pytest.mark.parametrize("after", ["neburg", "ten und mehr"])
def test_dots_drawn_apart_belong_to_their_letter(after: str) -> None:
    def draw(canvas: Canvas) -> None:
        start = put(canvas, 60, FIRST, "Hansestadt L")
        end = put(canvas, start, FIRST, "u")
        put(canvas, start + 1.3, FIRST, "\u00a8")
        put(canvas, end, FIRST, after)

    assert texts(layout_of(with_prose(draw)))[0] == f"Hansestadt Lü{after}"


# Marks of notes


def noted(
    canvas: Canvas, parts: list[tuple[str, str]], y: float = FIRST, raised: float = 4
) -> None:
    """Draw a line of texts, each with what stands small and raised behind it."""
    x = 60.0
    for text, mark in parts:
        x = put(canvas, x, y, text)
        x = put(canvas, x, y + raised, mark, 6.5)


def test_marks_of_notes_are_not_in_numbers() -> None:
    def draw(canvas: Canvas) -> None:
        noted(
            canvas,
            [("Die Stadt stieß 48", "1"), (" Kilotonnen aus, bis 2035", "2"), (" null.", "")],
        )
        noted(canvas, [("Im Bestand", "12"), (" sind 27", "3,4"), (" Kilometer Wege.", "5")], 680)

    layout = layout_of(with_prose(draw))
    assert texts(layout)[:2] == [
        "Die Stadt stieß 48 Kilotonnen aus, bis 2035 null.",
        "Im Bestand sind 27 Kilometer Wege.",
    ]
    assert runs(layout, RunRole.NOTE_MARK) == ["1", "2", "12", "3,4", "5"]


def test_powers_of_units_and_lowered_digits_stay() -> None:
    def draw(canvas: Canvas) -> None:
        noted(canvas, [("Auf 12 km", "2"), (" wachsen 40 m", "3"), (" Holz.", "")])
        noted(canvas, [("Es fallen 4 t CO", "2"), (" an.", "")], 680, raised=-2)

    layout = layout_of(with_prose(draw))
    assert texts(layout)[:2] == ["Auf 12 km2 wachsen 40 m3 Holz.", "Es fallen 4 t CO2 an."]
    assert runs(layout, RunRole.NOTE_MARK) == []


def test_raised_digits_of_the_font_are_marks_too() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 60, FIRST, "Im Bestand sind 27³ Kilometer Wege auf 12 km² Fläche.¹")

    layout = layout_of(with_prose(draw))
    assert texts(layout)[0] == "Im Bestand sind 27 Kilometer Wege auf 12 km² Fläche."
    assert runs(layout, RunRole.NOTE_MARK) == ["³", "¹"]


@pytest.mark.parametrize(
    ("before", "mark", "expected"),
    [
        ("2035", "2", True),
        ("Stadt", "12", True),
        ("", "1", True),
        ("Programm", "2", True),
        ("kWh/m", "2", False),
        ("3 Nm", "3", False),
        ("CO", "2", False),
        ("Atem", "4", True),
        ("4,8 · 10", "6", False),
        ("Ziel", "a", False),
    ],
)
def test_what_raised_digits_are(before: str, mark: str, expected: bool) -> None:
    assert is_note_mark(before, mark) is expected
