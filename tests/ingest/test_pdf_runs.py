"""What a reader sees on a page of a PDF: letters once and whole, no struck words, no marks of notes
in numbers, and what is typed into forms.
"""

from __future__ import annotations

import re

import pytest
from pypdf import PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest.layout.runs import RunRole, is_note_mark
from ingest.stream import Layout
from tests.ingest.cases import cases
from tests.ingest.papers import (
    PROSE,
    Draw,
    drawn,
    is_whole,
    layout_of,
    lines_of,
    operators,
    pdf,
    read_bytes,
    runs_of,
    then,
)
from tests.ingest.pdf_objects import pdf_object, put, rewritten, stream_object

SIZE = 11.0
FIRST = 700.0


def write(canvas: Canvas, x: float, y: float, text: str, size: float = SIZE) -> float:
    """Draw a text and return where it ends."""
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, y, text)
    return x + pdfmetrics.stringWidth(text, "Helvetica", size)


def page(*draws: Draw) -> bytes:
    """Return a page with four lines of prose at its foot, and what is drawn above them."""
    foot = "\n".join(f"60 {300 - 14 * n} {SIZE} {PROSE[:70]} {n}" for n in range(4))
    return pdf(then(*draws, drawn(foot)))


def read(*draws: Draw) -> Layout:
    return layout_of(page(*draws))


# Letters printed twice


@cases("shift")
def test_words_printed_twice_at_a_hairs_breadth_are_read_once_and_are_bold(
    shift: tuple[float, float],
) -> None:
    words = ["Maßnahme", "4", "senkt", "die", "Kosten", "um", "10", "Euro", "je", "Haus"]

    def draw(canvas: Canvas) -> None:
        for right, up in ((0.0, 0.0), shift):
            x = 60.0
            for word in words:
                x = write(canvas, x + right, FIRST + up, word) + 3 - right

    line = read(draw).lines[0]
    assert (line.text, line.style.bold) == (" ".join(words), True)


@cases("text")
def test_each_letter_printed_twice_in_turn_is_read_once(text: str) -> None:
    def draw(canvas: Canvas) -> None:
        code = "".join(f"({char}) -{_width(char) - 30} ({char}) -30 " for char in text)
        kerned = code.replace(" -", " ")
        canvas._code.append(f"BT /F1 {SIZE} Tf 60 {FIRST} Td [{kerned}] TJ ET")

    assert lines_of(read(draw))[0] == text


@cases("letters", "text")
def test_codes_of_several_letters_are_read_whole(letters: str, text: str) -> None:
    named = f"1 beginbfchar <7e> <{letters}> endbfchar".encode()
    codes = b"1 begincodespacerange <00> <ff> endcodespacerange " + named

    def name_letters(writer: PdfWriter) -> None:
        font = writer.pages[0]["/Resources"]["/Font"]["/F1"]
        put(font, {"/ToUnicode": writer._add_object(stream_object(codes, {}))})

    draw = operators(f"BT /F1 {SIZE} Tf 60 {FIRST} Td (Die mi~leren Ma~en) Tj ET")
    layout = layout_of(rewritten(page(draw), name_letters))
    assert (lines_of(layout)[0], layout.lines[0].style.bold) == (text, False)


def _width(char: str) -> int:
    return round(1000 * pdfmetrics.stringWidth(char, "Helvetica", 1))


def test_a_word_that_stands_twice_on_a_page_stays_twice() -> None:
    def draw(canvas: Canvas) -> None:
        end = write(canvas, 60, FIRST, "Wasser 44 ")
        write(canvas, end, FIRST, "Wasser 44")
        write(canvas, 60, FIRST - 14, "Wasser 44")

    assert lines_of(read(draw))[:2] == ["Wasser 44 Wasser 44", "Wasser 44"]


# Dots apart


@cases("after")
def test_dots_drawn_apart_belong_to_their_letter(after: str) -> None:
    def draw(canvas: Canvas) -> None:
        start = write(canvas, 60, FIRST, "Hansestadt L")
        end = write(canvas, start, FIRST, "u")
        write(canvas, start + 1.3, FIRST, "\u00a8")
        write(canvas, end, FIRST, after)

    assert lines_of(read(draw))[0] == f"Hansestadt Lü{after}"


# Marks of notes


def noted(line: str, y: float = FIRST) -> Draw:
    """Return a line of texts with what stands small behind them: raised between carets, lowered
    between underscores.
    """

    def draw(canvas: Canvas) -> None:
        x = 60.0
        for part in re.findall(r"\^[^^]+\^|_[^_]+_|[^^_]+", line):
            match part[0]:
                case "^":
                    x = write(canvas, x, y + 4, part.strip("^"), 6.5)
                case "_":
                    x = write(canvas, x, y - 2, part.strip("_"), 6.5)
                case _:
                    x = write(canvas, x, y, part)

    return draw


@cases("printed", "lines", "marks")
def test_marks_of_notes_are_not_in_numbers_and_powers_are(
    printed: tuple[str, ...], lines: tuple[str, ...], marks: tuple[str, ...]
) -> None:
    layout = read(*(noted(line, FIRST - 20 * n) for n, line in enumerate(printed)))
    assert lines_of(layout)[: len(lines)] == list(lines)
    assert runs_of(layout, RunRole.NOTE_MARK) == list(marks)


@cases("before", "mark", "expected")
def test_what_raised_digits_are(before: str, mark: str, expected: bool) -> None:
    assert is_note_mark(before, mark) is expected


def test_a_note_belongs_to_the_place_of_its_mark() -> None:
    layout = read(
        noted("Die Stadt stieß 48^1^ Kilotonnen aus."),
        drawn(f"60 {FIRST - 60} 16 Radverkehr"),
        noted("Im Bestand sind 27^2^ Kilometer^3^ Radwege.", 610),
        drawn("60 92 5 1\n63 88 8 ohne Landwirtschaft\n60 80 5 2\n63 76 8 Zählung 2023"),
    )
    assert lines_of(layout)[:5] == [
        "Die Stadt stieß 48 Kilotonnen aus.",
        "ohne Landwirtschaft",
        "Radverkehr",
        "Im Bestand sind 27 Kilometer Radwege.",
        "Zählung 2023",
    ]
    assert all(line.opens for line in layout.lines[:5])


# Struck-through text


def strike(canvas: Canvas, left: float, right: float, y: float, way: str) -> None:
    """Draw a rule through words on a baseline, as a line or as a thin box."""
    if way == "line":
        canvas.setLineWidth(0.7)
        canvas.line(left, y + 0.25 * SIZE, right, y + 0.25 * SIZE)
    else:
        canvas.rect(left, y + 0.25 * SIZE, right - left, 0.8, stroke=0, fill=1)


@pytest.mark.parametrize("way", ["line", "box"])
def test_struck_words_are_no_text_and_can_be_looked_at(way: str) -> None:
    def draw(canvas: Canvas) -> None:
        start = write(canvas, 60, FIRST, "Kosten: ")
        end = write(canvas, start, FIRST, "120.000 Euro")
        write(canvas, end + 3, FIRST, "85.000 Euro im Jahr")
        strike(canvas, start, end, FIRST, way)
        end = write(canvas, 60, FIRST - 20, "Maßnahme 4: Parken ohne Gebühr")
        strike(canvas, 60, end, FIRST - 20, way)

    layout = read(draw)
    assert lines_of(layout)[0] == "Kosten: 85.000 Euro im Jahr"
    assert not any("Maßnahme 4" in text for text in lines_of(layout))
    assert runs_of(layout, RunRole.STRUCK) == ["120.000 Euro", "Maßnahme 4: Parken ohne Gebühr"]
    document = read_bytes(page(draw)).document
    assert [(part.text, part.page) for part in document.struck] == [
        ("120.000 Euro Maßnahme 4: Parken ohne Gebühr", 1)
    ]
    assert is_whole(document) and document.coverage.struck == 37
    assert "120.000" not in document.text
    assert any("Durchgestrichener Text auf Seite 1" in warning for warning in document.warnings)


def test_all_lines_of_one_path_strike() -> None:
    def draw(canvas: Canvas) -> None:
        heights = FIRST, FIRST - 20, FIRST - 40
        for y in heights:
            write(canvas, 60, y, "sieben")
        canvas.lines([(60, y + 3, 95, y + 3) for y in heights])

    assert runs_of(read(draw), RunRole.STRUCK) == ["sieben"] * 3


def test_remarks_that_strike_out_are_rules_too() -> None:
    width = pdfmetrics.stringWidth("sieben", "Helvetica", SIZE)
    left, bottom, right, top = 60, FIRST - 2, 60 + width, FIRST + 9
    remark = {
        "/Type": "/Annot",
        "/Subtype": "/StrikeOut",
        "/Rect": [left, bottom, right, top],
        "/QuadPoints": [left, top, right, top, left, bottom, right, bottom],
    }
    words = page(drawn(f"60 {FIRST} {SIZE} sieben\n{right + 3} {FIRST} {SIZE} elf Mitglieder"))
    content = rewritten(words, lambda writer: writer.add_annotation(0, pdf_object(remark)))
    layout = layout_of(content)
    assert lines_of(layout)[0] == "elf Mitglieder"
    assert runs_of(layout, RunRole.STRUCK) == ["sieben"]


def test_underlines_rules_of_tables_and_lines_of_drawings_strike_nothing_out() -> None:
    def draw(canvas: Canvas) -> None:
        end = write(canvas, 60, FIRST, "Kosten: 85.000 Euro")
        canvas.line(60, FIRST - 1.5, end, FIRST - 1.5)
        write(canvas, 60, FIRST - 40, "Zeile")
        canvas.line(40, FIRST - 37, 400, FIRST - 37)
        write(canvas, 60, FIRST - 80, "Balken")
        canvas.rect(55, FIRST - 83, 80, 12, stroke=1, fill=0)

    layout = read(draw)
    assert lines_of(layout)[:3] == ["Kosten: 85.000 Euro", "Zeile", "Balken"]
    assert runs_of(layout, RunRole.STRUCK) == []


# Forms


def form(canvas: Canvas) -> None:
    """Draw labels with fields of each kind behind them."""
    fields = canvas.acroForm
    labels = ("Projekt:", "Kosten:", "Beschlossen:", "Verworfen:", "Amt:", "Orte:", "Ziel:", "Pin:")
    for number, label in enumerate(labels):
        write(canvas, 60, FIRST - 30 * number, label)
    place = {"x": 180, "width": 260, "height": 20, "borderStyle": "solid", "fontSize": 10}
    heights = [FIRST - 30 * number - 6 for number in range(len(labels))]
    fields.textfield(name="a", value="Solarpark Hochberg", y=heights[0], **place)
    fields.textfield(name="b", value="750.000 Euro", y=heights[1], **place)
    fields.checkbox(name="c", checked=True, x=180, y=heights[2], size=14)
    fields.checkbox(name="d", checked=False, x=180, y=heights[3], size=14)
    options = [("Tiefbauamt", "t"), ("Amt für Klimaschutz", "k")]
    fields.choice(name="e", value="k", options=options, y=heights[4], **place)
    towns = ["Erlbach", "Talheim", "Hochberg"]
    fields.listbox(name="f", value="Talheim", options=towns, y=heights[5], **place)
    long = "Der Park deckt den Bedarf von zweitausend Haushalten und gehört denen, die dort wohnen."
    fields.textfield(name="g", value=long, y=heights[6], **(place | {"height": 28}))
    fields.textfield(name="h", value="4711", y=heights[7], fieldFlags="password", **place)
    hidden = place | {"annotationFlags": "hidden"}
    fields.textfield(name="intern", value="Nur fürs Amt", y=100, **hidden)


def test_values_of_forms_are_read_in_their_places() -> None:
    layout = read(form)
    assert lines_of(layout)[:5] == [
        "Projekt: Solarpark Hochberg",
        "Kosten: 750.000 Euro",
        "Beschlossen: ☑",
        "Verworfen: ☐",
        "Amt: Amt für Klimaschutz",
    ]
    assert layout.lines[1].box.right > 180
    text = " ".join(lines_of(layout))
    assert "Orte: Talheim" in text and "Ziel: zweitausend" not in text
    assert "die dort wohnen." in text and "4711" not in text and "Nur fürs Amt" not in text
    assert runs_of(layout, RunRole.HIDDEN) == ["Nur fürs Amt"]


def test_coverage_and_passages_have_the_values_of_forms() -> None:
    parsed = read_bytes(page(form))
    assert is_whole(parsed.document) and parsed.document.coverage.forms > 100
    assert any("750.000 Euro" in chunk.text for chunk in parsed.chunks)


def test_a_form_without_values_has_none() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 60, FIRST, "Kosten:")
        canvas.acroForm.textfield(name="a", x=180, y=FIRST - 6, width=200, height=20)

    layout = read(draw)
    assert lines_of(layout)[0] == "Kosten:" and runs_of(layout, RunRole.FORM_VALUE) == []
