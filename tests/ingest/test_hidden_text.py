"""Hidden text of PDFs is told and not read; what is to be seen is read, however it is painted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadingLimits, ReadingTask, Rejected, read_all, store_copy
from ingest.errors import Reason
from ingest.register import RegisterEntry
from ingest.sources import Source
from ingest.stream import Layout
from tests.ingest import sheets
from tests.ingest.cases import cases
from tests.ingest.papers import (
    Draw,
    drawn,
    layout_of,
    lines_of,
    operators,
    pdf,
    read_bytes,
    text_of,
    then,
)
from tests.ingest.real import OTHER, needs_other
from tests.ingest.sheets import (
    HIDDEN,
    PLAIN,
    SECRET,
    UPRIGHT,
    VISIBLE,
    WHITE,
    Turn,
    ink,
    say,
    scan,
    sheet,
)
from vectorstore.language import remove_spaces

UNIT = pytest.mark.xfail(
    strict=True, reason="how many points the unit of a page has is not asked of the file"
)
NOT_IN_FORMS = ("transparent", "gradient")  # reportlab does not give its forms what these need
LETTERS = len(remove_spaces(SECRET))
TURNS = (
    Turn(), Turn(rotation=90), Turn(rotation=180, cropped=True), Turn(rotation=270), Turn(cropped=True),
    Turn(form=True), Turn(rotation=90, cropped=True, form=True),
)  # fmt: skip


def read(draw: Draw, turn: Turn = UPRIGHT, plain: tuple[str, ...] = PLAIN) -> Layout:
    return layout_of(sheet(draw, turn, plain))


def hides_the_secret(layout: Layout) -> bool:
    """Tell whether the secret is hidden, and nothing else; else it is text, and nothing is hidden."""
    is_hidden = SECRET not in text_of(layout)
    assert dict(layout.hidden) == ({0: LETTERS} if is_hidden else {})
    return is_hidden


@pytest.mark.parametrize("turn", TURNS, ids=str)
@pytest.mark.parametrize("way", [*HIDDEN, *VISIBLE])
def test_hidden_text_is_left_out_and_counted_and_visible_text_is_read(way: str, turn: Turn) -> None:
    if turn.form and any(word in way for word in NOT_IN_FORMS):
        turn = replace(turn, form=False)
    raw = read((HIDDEN | VISIBLE)[way], turn)
    assert hides_the_secret(raw) is (way in HIDDEN)
    assert all(line in lines_of(raw) for line in PLAIN)
    assert (raw.recognised, raw.unchecked) == ((), ())


@pytest.mark.parametrize("way", sheets.PRINTED_TWICE)
def test_what_is_printed_twice_hides_nothing(way: str) -> None:
    assert not hides_the_secret(read(sheets.PRINTED_TWICE[way]))


@pytest.mark.parametrize(
    ("draw", "turn", "seen"),
    [
        pytest.param(
            ink(size=2.0), Turn(unit=2.0), True, marks=UNIT
        ),  # the size is that of the page as it is shown
        pytest.param(ink(size=4.0), Turn(unit=0.5), False, marks=UNIT),
        (ink(size=2.0), Turn(), False),
        (ink(y=810), Turn(cropped=True), False),  # and so is the part of the page
        (ink(y=810), Turn(), True),
    ],
)
def test_size_and_place_are_those_of_the_page_as_it_is_shown(
    draw: Draw, turn: Turn, seen: bool
) -> None:
    assert hides_the_secret(read(draw, turn)) is not seen


@pytest.mark.parametrize("shown", (True, False))
def test_a_layer_that_is_not_shown_is_hidden(shown: bool) -> None:
    assert hides_the_secret(layout_of(sheets.layered(shown))) is not shown


def test_a_piece_of_a_line_is_left_out_alone() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(80, 500)
        text.setFont("Helvetica", 11)
        for grey, words in (
            (0, "Die Kosten betragen "),
            (1, "neunhundert "),
            (0, "zwei Millionen Euro."),
        ):
            text.setFillGray(grey)
            text.textOut(words)
        canvas.drawText(text)

    raw = read(draw)
    assert "Die Kosten betragen zwei Millionen Euro." in text_of(raw)
    assert raw.hidden.get(0, 0) == len("neunhundert")


def test_operators_with_more_than_they_take_show_the_last() -> None:
    draw = operators("BT /F1 11 Tf 80 500 Td (Niemand sieht das.) (Alle sehen das.) Tj ET")
    text = text_of(read(draw))
    assert "Alle sehen das." in text and "Niemand" not in text


@settings(max_examples=60, deadline=None)
@given(
    ground=st.tuples(*[st.integers(0, 255)] * 3),
    step=st.tuples(*[st.integers(-255, 255)] * 3) | st.tuples(*[st.integers(-8, 8)] * 3),
    turn=st.builds(
        Turn,
        st.sampled_from((0, 90, 180, 270)),
        st.sampled_from((1.0, 1.5)),
        st.booleans(),
        st.booleans(),
    ),
    pictured=st.booleans(),
)
def test_any_colour_on_any_ground(
    ground: tuple[int, ...], step: tuple[int, ...], turn: Turn, pictured: bool
) -> None:
    letters = tuple(min(max(low + high, 0), 255) for low, high in zip(ground, step, strict=True))
    distinct = max(abs(item - other) for item, other in zip(ground, letters, strict=True))
    under, over = ((r / 255, g / 255, b / 255) for r, g, b in (ground, letters))
    filled = sheets.picture if pictured else sheets.fill
    raw = read(then(lambda canvas: filled(canvas, under), ink(over)), turn)
    if distinct <= 8:
        assert sum(raw.hidden.values()) == LETTERS
    if distinct >= 16:
        assert not hides_the_secret(raw)


# Text recognition


def _layer(mode: int) -> Draw:
    """Return the text of a scan as a programme lays it over or under the sheets.picture."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(PLAIN):
            text = canvas.beginText(80, 734 - 18 * number)
            text.setFont("Helvetica", 9)
            text.setTextRenderMode(mode)
            text.textOut(line)
            text.setTextRenderMode(0)
            canvas.drawText(text)

    return draw


@pytest.mark.parametrize("ways", [(_layer(0), scan), (scan, _layer(3))], ids=("under", "over"))
def test_text_recognition_of_a_scan_is_read_and_told(ways: tuple[Draw, ...]) -> None:
    content = pdf(then(*ways))
    raw = layout_of(content)
    assert all(line in lines_of(raw) for line in PLAIN)
    assert (dict(raw.hidden), raw.recognised) == ({}, (0,))
    document = read_bytes(content).document
    assert document.warnings == ("Text aus Texterkennung auf Seite 1",)
    assert document.coverage is not None and document.coverage.hidden == 0


def test_a_stamp_on_a_scan_is_no_text_of_its_own() -> None:
    raw = layout_of(pdf(then(scan, _layer(3), drawn("400 30 10 Anlage 3, Seite 4 von 12"))))
    assert (raw.recognised, dict(raw.hidden)) == ((0,), {})
    assert "Anlage 3" in text_of(raw) and PLAIN[0] in lines_of(raw)


def test_invisible_text_over_a_background_is_hidden() -> None:
    def background(canvas: Canvas) -> None:
        scan(canvas, ())
        canvas.setFillColorRGB(*sheets.BLACK)
        for number, line in enumerate(PLAIN):
            canvas.drawString(80, 400 - 18 * number, line)

    raw = layout_of(pdf(then(background, ink(mode=3))))
    assert raw.recognised == () and hides_the_secret(raw)


def test_letters_of_the_colour_of_a_scan_do_not_recognise_it() -> None:
    grey = 248 / 255
    raw = layout_of(pdf(then(scan, _layer(3), ink((grey, grey, grey), y=200))))
    assert raw.recognised == (0,) and hides_the_secret(raw)


def test_invisible_text_beside_a_picture_is_hidden() -> None:
    raw = read(then(lambda canvas: scan(canvas, height=400), ink(mode=3, y=200)), plain=())
    assert raw.recognised == () and hides_the_secret(raw)


# What is told, and what cannot be checked


def test_the_report_names_pages_and_characters() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            for row, line in enumerate(PLAIN):
                canvas.drawString(
                    80, 600 - 18 * row, f"{line[:-1]} in Ort {'ABCDEFGH'[number - 1]}."
                )
            if number in (2, 4, 5, 6):
                say(canvas, WHITE)

        return draw

    document = read_bytes(pdf(*map(page, range(1, 9)))).document
    text = (
        f"Versteckter Text auf den Seiten 2 und 4-6 ({4 * LETTERS} Zeichen) wird nicht durchsucht"
    )
    assert document.warnings == (text,) and SECRET not in document.text
    assert document.coverage is not None and document.coverage.hidden == 4 * LETTERS


def test_a_page_of_ten_million_forms_is_refused_within_the_limits(tmp_path: Path) -> None:
    def nested(canvas: Canvas) -> None:
        """Ten forms in each, seven deep: ten million would be drawn."""
        canvas.beginForm("f0")
        canvas.endForm()
        for level in range(1, 8):
            canvas.beginForm(f"f{level}")
            for _ in range(10):
                canvas.doForm(f"f{level - 1}")
            canvas.endForm()
        canvas.doForm("f7")
        say(canvas, WHITE)

    source = Source("a.pdf", sheet(nested))
    task = ReadingTask(RegisterEntry("x", tmp_path / "a.pdf"), store_copy(source, tmp_path, "copy"))
    (outcome,) = read_all([task], ReadingLimits(memory_bytes=150_000_000, seconds=20), 1)
    assert isinstance(outcome.result, Rejected)
    assert outcome.result.code in (Reason.OUT_OF_MEMORY, Reason.OUT_OF_TIME, Reason.READER_FAILED)


@needs_other[0]
@needs_other[1]
@cases("name", "pages", "characters")
def test_hidden_text_of_real_papers(name: str, pages: tuple[int, ...], characters: int) -> None:
    raw = layout_of((OTHER / name).read_bytes())
    assert tuple(number + 1 for number in sorted(raw.hidden)) == pages
    assert sum(raw.hidden.values()) == characters
    assert (raw.recognised, raw.unchecked) == ((), ())
