"""What PDFium tells of a page: words with box, baseline and style, rules and box edges."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

import pypdfium2
import pytest
from pypdf import PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.layout.pdf import join_words
from ingest.layout.pdf_objects import DrawnPage
from ingest.layout.pdf_words import PageWords, read_words
from ingest.layout.walls import Walls, make_walls, read_drawing
from tests.ingest.papers import Draw, at, pdf

GREY, RED = (0.85, 0.85, 0.85), (0.9, 0.1, 0.1)


class Shown(NamedTuple):
    words: PageWords
    walls: Walls


def page_of(draw: Draw, angle: int = 0) -> Shown:
    """Return what a page drawn so shows, turned clockwise by an angle."""
    writer, made = PdfWriter(io.BytesIO(pdf(draw))), io.BytesIO()
    writer.pages[0].rotate(angle)
    writer.write(made)
    document = pypdfium2.PdfDocument(made.getvalue())
    try:
        drawn = DrawnPage(document[0])
        found = read_words(drawn.page, drawn, ())
        drawing = read_drawing(drawn.objects, found.frame)
        return Shown(found, make_walls(drawing, found.words))
    finally:
        document.close()


def fill(colour: tuple[float, float, float], *boxes: tuple[float, float, float, float]) -> Draw:
    """Return a page with boxes filled, none of them outlined: left, bottom, width, height."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*colour)
        for left, bottom, width, height in boxes:
            path = canvas.beginPath()
            path.moveTo(left, bottom)
            for x, y in (
                (left + width, bottom),
                (left + width, bottom + height),
                (left, bottom + height),
            ):
                path.lineTo(x, y)
            canvas.drawPath(path, stroke=0, fill=1)

    return draw


def near(*edges: tuple[float, float, float]) -> list[Any]:
    """Return edges as they are compared: PDFium gives strokes a point more at each end."""
    return [pytest.approx(edge, abs=1.2) for edge in edges]


def test_words_have_box_baseline_and_style() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(60, 742, "Radweg Nord")

    first, second = page_of(draw).words.words
    assert (first.text, second.text, first.turn) == ("Radweg", "Nord", 0)
    assert (first.style.size, first.style.bold, first.style.colour) == (12.0, True, 0xFF0000)
    assert first.baseline == second.baseline == pytest.approx(100, abs=0.1)
    assert first.box.left == pytest.approx(60, abs=0.5)
    assert first.box.right == pytest.approx(
        60 + pdfmetrics.stringWidth("Radweg", "Helvetica-Bold", 12), abs=1
    )
    assert first.box.top < 100 < first.box.bottom


def test_letters_that_are_filled_and_outlined_are_bold() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setTextRenderMode(2)
        text.textOut("Radweg")
        canvas.drawText(text)

    assert [word.style.bold for word in page_of(draw).words.words] == [True]


def test_ligatures_and_soft_hyphens_are_plain_letters_and_marks_without_shape_are_counted() -> None:
    page = page_of(at((60, 700, "Of\u00adfen und A\u0308mter", 10)))
    assert "Of" in "".join(word.text for word in page.words.words)
    assert not {"\u00ad", "\u200b"} & set("".join(word.text for word in page.words.words))


@pytest.mark.parametrize(("gap", "text"), [(0.0, "Straße"), (1.0, "Straße"), (3.0, "St raße")])
def test_words_that_touch_are_one(gap: float, text: str) -> None:
    width = pdfmetrics.stringWidth("St", "Helvetica", 10)
    words = page_of(at((60, 700, "St", 10), (60 + width + gap, 700, "raße", 10))).words.words
    assert join_words(words) == text


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_upright(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[angle])
        canvas.rotate(angle)
        for row in range(3):
            canvas.drawString(60, 500 - 20 * row, f"Zeile {row} eines Textes")
        canvas.line(60, 400, 300, 400)

    page = page_of(draw, angle)
    assert [word.turn for word in page.words.words] == [0] * len(page.words.words)
    first = min(page.words.words, key=lambda word: (word.baseline, word.box.left))
    assert (first.text, first.box.left) == ("Zeile", pytest.approx(60, abs=1))
    height = 842 if angle == 180 else 595
    assert first.baseline == pytest.approx(height - 500, abs=1)
    assert list(page.walls.level) == near((height - 400, 60, 300))


def rules(*lines: tuple[float, float, float, float]) -> Draw:
    def draw(canvas: Canvas) -> None:
        for line in lines:
            canvas.line(*line)

    return draw


def transparent(draw: Draw, *, fills: bool = True, strokes: bool = True) -> Draw:
    """Return a page on which fills, strokes or both are wholly transparent."""

    def draw_transparent(canvas: Canvas) -> None:
        canvas.setFillAlpha(0 if fills else 1)
        canvas.setStrokeAlpha(0 if strokes else 1)
        draw(canvas)

    return draw_transparent


EDGES = [(60, 100, 200), (300, 100, 200)], [(100, 60, 300), (200, 60, 300)]
CASES: dict[str, tuple[Draw, list[tuple[int, int, int]], list[tuple[int, int, int]]]] = {
    "rules": (rules((60, 742, 300, 742), (60, 742, 60, 642)), [(60, 100, 200)], [(100, 60, 300)]),
    "a rule drawn cell by cell": (
        rules((60, 742, 160, 742), (160, 742, 300, 742)),
        [],
        [(100, 60, 300)],
    ),
    "two rules on one line": (
        rules((60, 742, 160, 742), (200, 742, 300, 742)),
        [],
        [(100, 60, 160), (100, 200, 300)],
    ),
    "thin boxes": (fill((0, 0, 0), (60, 741.5, 240, 1)), [], [(100, 60, 300)]),
    "a box": (lambda canvas: canvas.rect(60, 642, 240, 100), *EDGES),
    "a shaded box": (fill(GREY, (60, 642, 240, 100)), *EDGES),
    # no wall between two boxes of one colour
    "shading that goes on": (fill(GREY, (60, 642, 120, 100), (180, 642, 120, 100)), *EDGES),
    "shading line by line": (fill(GREY, (60, 692, 240, 50), (60, 642, 240, 50)), *EDGES),
    "two colours": (
        lambda canvas: (
            fill(GREY, (60, 692, 240, 50))(canvas),
            fill(RED, (60, 642, 240, 50))(canvas),
        ),
        [(60, 100, 200), (300, 100, 200)],
        [(100, 60, 300), (150, 60, 300), (200, 60, 300)],
    ),
    "white on white": (fill((1, 1, 1), (60, 642, 240, 100)), [], []),
    "a transparent shade": (transparent(fill(RED, (60, 642, 240, 100))), [], []),
    "a transparent box": (transparent(lambda canvas: canvas.rect(60, 642, 240, 100)), [], []),
    "a transparent rule": (transparent(rules((60, 742, 300, 742))), [], []),
    "a transparent thin box": (transparent(fill((0, 0, 0), (60, 741.5, 240, 1))), [], []),
    "a rule where fills are transparent": (
        transparent(rules((60, 742, 300, 742)), strokes=False),
        [],
        [(100, 60, 300)],
    ),
    "a shade where strokes are transparent": (
        transparent(fill(GREY, (60, 642, 240, 100)), fills=False),
        *EDGES,
    ),
    # a shade that cannot be seen is no background of what is drawn on it
    "a shade on a transparent one": (
        lambda canvas: (
            transparent(fill(GREY, (50, 632, 260, 120)))(canvas),
            transparent(fill(GREY, (60, 642, 240, 100)), fills=False)(canvas),
        ),
        *EDGES,
    ),
    "a short stroke": (rules((60, 742, 62, 742)), [], []),
    "aslant": (rules((60, 742, 300, 642)), [], []),
    "a circle": (lambda canvas: canvas.circle(200, 700, 50), [], []),
}


@pytest.mark.parametrize("name", CASES)
def test_rules_and_box_edges(name: str) -> None:
    draw, upright, level = CASES[name]
    page = page_of(draw)
    assert (sorted(page.walls.upright), sorted(page.walls.level)) == (near(*upright), near(*level))


def test_underlines_are_no_walls() -> None:
    text = "Der Kreis baut Wege für alle aus."
    right = 60 + pdfmetrics.stringWidth(text, "Helvetica", 10)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 700, text)
        canvas.line(60, 698, right, 698)
        canvas.drawString(60, 600, text)
        canvas.line(40, 590, 500, 590)

    assert [wall.at for wall in page_of(draw).walls.level] == [pytest.approx(252, abs=1)]


def test_a_rule_between_close_rows_of_a_table_is_a_wall() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for baseline, name, area in ((700, "Schule am Hafen", "2.109"), (689, "Turnhalle", "860")):
            canvas.drawString(62, baseline, name)
            canvas.drawRightString(498, baseline, area)
            canvas.line(60, baseline - 3, 500, baseline - 3)

    assert [wall.at for wall in page_of(draw).walls.level] == [
        pytest.approx(145, abs=1),
        pytest.approx(156, abs=1),
    ]


def drawing(count: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.moveTo(60, 400)
        for step in range(1, count):
            path.lineTo(60 + 10 * (step // 2 % 40), 400 + 10 * ((step + 1) // 2 % 30))
        canvas.drawPath(path)

    return draw


def test_what_has_very_many_corners_is_a_drawing() -> None:
    assert page_of(drawing(50)).walls.level and not page_of(drawing(800)).walls.level
