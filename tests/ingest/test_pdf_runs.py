"""What a reader sees on a page of a PDF: letters once and whole, no struck words, no marks of notes
in numbers, and what is typed into forms.
"""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadingLimits
from ingest.layout.pdf import read_pdf
from ingest.layout.runs import RunRole, is_note_mark
from ingest.stream import Layout
from prompts import say
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, Draw, lines_of, pdf, read_bytes

SIZE = 11.0
FIRST = 700.0


def layout_of(*pages: Draw) -> Layout:
    return read_pdf(pdf(*pages), ReadingLimits())


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
        draw(canvas)
        for number in range(4):
            put(canvas, 60, 300 - 14 * number, f"{PROSE[:70]} {number}")

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

    assert lines_of(layout_of(with_prose(draw)))[0] == text


def test_letters_of_a_ligature_are_all_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas._code.append(f"BT /F1 {SIZE} Tf 60 {FIRST} Td (Die mi~leren Ma~en) Tj ET")

    writer = PdfWriter(io.BytesIO(pdf(with_prose(draw))))
    codes = StreamObject()
    codes.set_data(
        b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <7e> <00740074> endbfchar"
    )
    fonts = writer.pages[0]["/Resources"]["/Font"]
    fonts["/F1"][NameObject("/ToUnicode")] = writer._add_object(codes)
    made = io.BytesIO()
    writer.write(made)
    layout = read_pdf(made.getvalue(), ReadingLimits())
    assert (lines_of(layout)[0], layout.lines[0].style.bold) == ("Die mittleren Matten", False)


def _width(char: str) -> int:
    return round(1000 * pdfmetrics.stringWidth(char, "Helvetica", 1))


def test_a_word_that_stands_twice_on_a_page_stays_twice() -> None:
    def draw(canvas: Canvas) -> None:
        end = put(canvas, 60, FIRST, "Wasser 44 ")
        put(canvas, end, FIRST, "Wasser 44")
        put(canvas, 60, FIRST - 14, "Wasser 44")

    assert lines_of(layout_of(with_prose(draw)))[:2] == ["Wasser 44 Wasser 44", "Wasser 44"]


# Dots apart


@pytest.mark.parametrize("after", ["neburg", "ten und mehr"])
def test_dots_drawn_apart_belong_to_their_letter(after: str) -> None:
    def draw(canvas: Canvas) -> None:
        start = put(canvas, 60, FIRST, "Hansestadt L")
        end = put(canvas, start, FIRST, "u")
        put(canvas, start + 1.3, FIRST, "\u00a8")
        put(canvas, end, FIRST, after)

    assert lines_of(layout_of(with_prose(draw)))[0] == f"Hansestadt Lü{after}"


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
    assert lines_of(layout)[:2] == [
        "Die Stadt stieß 48 Kilotonnen aus, bis 2035 null.",
        "Im Bestand sind 27 Kilometer Wege.",
    ]
    assert runs(layout, RunRole.NOTE_MARK) == ["1", "2", "12", "3,4", "5"]


def test_powers_of_units_and_lowered_digits_stay() -> None:
    def draw(canvas: Canvas) -> None:
        noted(canvas, [("Auf 12 km", "2"), (" wachsen 40 m", "3"), (" Holz.", "")])
        noted(canvas, [("Es fallen 4 t CO", "2"), (" an.", "")], 680, raised=-2)

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[:2] == ["Auf 12 km2 wachsen 40 m3 Holz.", "Es fallen 4 t CO2 an."]
    assert runs(layout, RunRole.NOTE_MARK) == []


def test_exponents_behind_a_digit_are_no_digits_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        noted(canvas, [("Es wachsen 4 x 10", "3"), (" Bäume, 7 · 10", "-6"), (" Gramm.", "")])
        noted(canvas, [("Der Anteil stieg um 5", "1"), ("/3 Prozent.", "")], 680)

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[:2] == [
        "Es wachsen 4 x 10³ Bäume, 7 · 10⁻⁶ Gramm.",
        "Der Anteil stieg um 5¹/3 Prozent.",
    ]
    assert runs(layout, RunRole.NOTE_MARK) == []


def test_raised_digits_of_the_font_are_marks_too() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 60, FIRST, "Im Bestand sind 27³ Kilometer Wege auf 12 km² Fläche.¹")

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[0] == "Im Bestand sind 27 Kilometer Wege auf 12 km² Fläche."
    assert runs(layout, RunRole.NOTE_MARK) == ["³", "¹"]


@cases("before", "mark", "expected")
def test_what_raised_digits_are(before: str, mark: str, expected: bool) -> None:
    assert is_note_mark(before, mark) is expected


def test_a_note_belongs_to_the_place_of_its_mark() -> None:
    def draw(canvas: Canvas) -> None:
        noted(canvas, [("Die Stadt stieß 48", "1"), (" Kilotonnen aus.", "")])
        put(canvas, 60, FIRST - 60, "Radverkehr", 16)
        noted(canvas, [("Im Bestand sind 27", "2"), (" Kilometer", "3"), (" Radwege.", "")], 610)
        for number, note in enumerate(("ohne Landwirtschaft", "Zählung 2023"), 1):
            end = put(canvas, 60, 104 - 12 * number, str(number), 5)
            put(canvas, end, 100 - 12 * number, note, 8)

    layout = layout_of(with_prose(draw))
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
        start = put(canvas, 60, FIRST, "Kosten: ")
        end = put(canvas, start, FIRST, "120.000 Euro")
        put(canvas, end + 3, FIRST, "85.000 Euro im Jahr")
        strike(canvas, start, end, FIRST, way)
        end = put(canvas, 60, FIRST - 20, "Maßnahme 4: Parken ohne Gebühr")
        strike(canvas, 60, end, FIRST - 20, way)

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[0] == "Kosten: 85.000 Euro im Jahr"
    assert not any("Maßnahme 4" in text for text in lines_of(layout))
    assert runs(layout, RunRole.STRUCK) == ["120.000 Euro", "Maßnahme 4: Parken ohne Gebühr"]
    document = read_bytes(pdf(with_prose(draw))).document
    assert [(part.text, part.page) for part in document.struck] == [
        ("120.000 Euro Maßnahme 4: Parken ohne Gebühr", 1)
    ]
    assert document.coverage is not None
    assert (document.coverage.struck, document.coverage.lost) == (37, 0)
    assert "120.000" not in document.text
    assert any("Durchgestrichener Text auf Seite 1" in warning for warning in document.warnings)


def test_remarks_that_strike_out_are_rules_too() -> None:
    def draw(canvas: Canvas) -> None:
        end = put(canvas, 60, FIRST, "sieben")
        put(canvas, end + 3, FIRST, "elf Mitglieder")

    width = pdfmetrics.stringWidth("sieben", "Helvetica", SIZE)
    left, bottom, right, top = 60, FIRST - 2, 60 + width, FIRST + 9
    points = [left, top, right, top, left, bottom, right, bottom]
    remark = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/StrikeOut"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (left, bottom, right, top))),
            NameObject("/QuadPoints"): ArrayObject(map(FloatObject, points)),
        }
    )
    writer, made = PdfWriter(io.BytesIO(pdf(with_prose(draw)))), io.BytesIO()
    writer.add_annotation(0, remark)
    writer.write(made)
    layout = read_pdf(made.getvalue(), ReadingLimits())
    assert lines_of(layout)[0] == "elf Mitglieder"
    assert runs(layout, RunRole.STRUCK) == ["sieben"]


def test_underlines_rules_of_tables_and_lines_of_drawings_strike_nothing_out() -> None:
    def draw(canvas: Canvas) -> None:
        end = put(canvas, 60, FIRST, "Kosten: 85.000 Euro")
        canvas.line(60, FIRST - 1.5, end, FIRST - 1.5)
        put(canvas, 60, FIRST - 40, "Zeile")
        canvas.line(40, FIRST - 37, 400, FIRST - 37)
        put(canvas, 60, FIRST - 80, "Balken")
        canvas.rect(55, FIRST - 83, 80, 12, stroke=1, fill=0)

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[:3] == ["Kosten: 85.000 Euro", "Zeile", "Balken"]
    assert runs(layout, RunRole.STRUCK) == []


# Forms


def form(canvas: Canvas) -> None:
    """Draw labels with fields of each kind behind them."""
    fields = canvas.acroForm
    labels = ("Projekt:", "Kosten:", "Beschlossen:", "Verworfen:", "Amt:", "Orte:", "Ziel:", "Pin:")
    for number, label in enumerate(labels):
        put(canvas, 60, FIRST - 30 * number, label)
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
    layout = layout_of(with_prose(form))
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
    assert say("reading.unseen_fields", count=1, names="intern") in layout.warnings


def test_coverage_and_passages_have_the_values_of_forms() -> None:
    parsed = read_bytes(pdf(with_prose(form)))
    assert parsed.document.coverage is not None
    assert parsed.document.coverage.forms > 100 and parsed.document.coverage.lost == 0
    assert any("750.000 Euro" in chunk.text for chunk in parsed.chunks)


def test_a_form_without_values_has_none() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 60, FIRST, "Kosten:")
        canvas.acroForm.textfield(name="a", x=180, y=FIRST - 6, width=200, height=20)

    layout = layout_of(with_prose(draw))
    assert lines_of(layout)[0] == "Kosten:" and runs(layout, RunRole.FORM_VALUE) == []
