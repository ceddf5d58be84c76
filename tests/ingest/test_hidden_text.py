"""Hidden text of PDFs is told and not read; what is to be seen is read, however it is painted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadingLimits, ReadingTask, Rejected, load_source, read_all, store_copy
from ingest.errors import Reason
from ingest.register import RegisterEntry
from ingest.stream import Layout
from tests.ingest import sheets
from tests.ingest.papers import Draw, operators, pdf, pdf_lines, read_bytes, read_document
from tests.ingest.real import OTHER
from tests.ingest.sheets import (
    HIDDEN,
    PLAIN,
    SECRET,
    VISIBLE,
    WHITE,
    Turn,
    ink,
    say,
    scan,
    sheet,
    then,
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


def _text(raw: Layout) -> str:
    return "\n".join(line.text for line in raw.lines)


@pytest.mark.parametrize("turn", TURNS, ids=str)
@pytest.mark.parametrize("way", [*HIDDEN, *VISIBLE])
def test_hidden_text_is_left_out_and_counted_and_visible_text_is_read(
    tmp_path: Path, way: str, turn: Turn
) -> None:
    if turn.form and any(word in way for word in NOT_IN_FORMS):
        turn = replace(turn, form=False)
    raw = pdf_lines(sheet(tmp_path / "a.pdf", (HIDDEN | VISIBLE)[way], turn))
    assert (SECRET in _text(raw)) is (way in VISIBLE)
    assert dict(raw.hidden) == ({} if way in VISIBLE else {0: LETTERS})
    assert all(line in _text(raw) for line in PLAIN)
    assert (raw.recognised, raw.unchecked) == ((), ())


@pytest.mark.parametrize("way", sheets.PRINTED_TWICE)
def test_what_is_printed_twice_hides_nothing(tmp_path: Path, way: str) -> None:
    raw = pdf_lines(sheet(tmp_path / "a.pdf", sheets.PRINTED_TWICE[way]))
    assert SECRET in _text(raw) and dict(raw.hidden) == {}


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
    tmp_path: Path, draw: Draw, turn: Turn, seen: bool
) -> None:
    raw = pdf_lines(sheet(tmp_path / "a.pdf", draw, turn))  # type: ignore[arg-type]
    assert (SECRET in _text(raw), raw.hidden.get(0, 0)) == (seen, 0 if seen else LETTERS)


@pytest.mark.parametrize("shown", (True, False))
def test_a_layer_that_is_not_shown_is_hidden(tmp_path: Path, shown: bool) -> None:
    raw = pdf_lines(sheets.layered(tmp_path / "a.pdf", shown))
    assert (SECRET in _text(raw)) is shown and sum(raw.hidden.values()) == (0 if shown else LETTERS)


def test_a_piece_of_a_line_is_left_out_alone(tmp_path: Path) -> None:
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

    raw = pdf_lines(sheet(tmp_path / "a.pdf", draw))
    assert "Die Kosten betragen zwei Millionen Euro." in " ".join(_text(raw).split())
    assert raw.hidden.get(0, 0) == len("neunhundert")


def test_operators_with_more_than_they_take_show_the_last(tmp_path: Path) -> None:
    draw = operators("BT /F1 11 Tf 80 500 Td (Niemand sieht das.) (Alle sehen das.) Tj ET")
    assert (
        "Alle sehen das." in (text := _text(pdf_lines(sheet(tmp_path / "a.pdf", draw))))
        and "Niemand" not in text
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
    tmp_path: Path, ground: tuple[int, ...], step: tuple[int, ...], turn: Turn, pictured: bool
) -> None:
    letters = tuple(min(max(low + high, 0), 255) for low, high in zip(ground, step, strict=True))
    distinct = max(abs(item - other) for item, other in zip(ground, letters, strict=True))
    under, over = ((r / 255, g / 255, b / 255) for r, g, b in (ground, letters))
    filled = sheets.picture if pictured else sheets.fill
    raw = pdf_lines(
        sheet(tmp_path / "a.pdf", then(lambda canvas: filled(canvas, under), ink(over)), turn)
    )
    if distinct <= 8:
        assert sum(raw.hidden.values()) == LETTERS
    if distinct >= 16:
        assert SECRET in _text(raw) and sum(raw.hidden.values()) == 0


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


def _drawn(folder: Path, *ways: Draw) -> Layout:
    path = folder / "a.pdf"
    path.write_bytes(pdf(then(*ways)))  # type: ignore[arg-type]
    return pdf_lines(path)


@pytest.mark.parametrize("ways", [(_layer(0), scan), (scan, _layer(3))], ids=("under", "over"))
def test_text_recognition_of_a_scan_is_read_and_told(
    tmp_path: Path, ways: tuple[Draw, ...]
) -> None:
    raw = _drawn(tmp_path, *ways)
    assert all(line in _text(raw) for line in PLAIN)
    assert (dict(raw.hidden), raw.recognised) == ({}, (0,))
    document = read_document(RegisterEntry("x", tmp_path / "a.pdf")).document
    assert document.warnings == ("Text aus Texterkennung auf Seite 1",)
    assert document.coverage is not None and document.coverage.hidden == 0


def test_a_stamp_on_a_scan_is_no_text_of_its_own(tmp_path: Path) -> None:
    raw = _drawn(
        tmp_path,
        scan,
        _layer(3),
        lambda canvas: canvas.drawString(400, 30, "Anlage 3, Seite 4 von 12"),
    )
    assert (
        raw.recognised == (0,)
        and dict(raw.hidden) == {}
        and "Anlage 3" in _text(raw)
        and PLAIN[0] in _text(raw)
    )


def test_invisible_text_over_a_background_is_hidden(tmp_path: Path) -> None:
    def background(canvas: Canvas) -> None:
        scan(canvas, ())
        canvas.setFillColorRGB(*sheets.BLACK)
        for number, line in enumerate(PLAIN):
            canvas.drawString(80, 400 - 18 * number, line)

    raw = _drawn(tmp_path, background, ink(mode=3))
    assert raw.recognised == () and dict(raw.hidden) == {0: LETTERS} and SECRET not in _text(raw)


def test_letters_of_the_colour_of_a_scan_do_not_recognise_it(tmp_path: Path) -> None:
    raw = _drawn(tmp_path, scan, _layer(3), ink((248 / 255, 248 / 255, 248 / 255), y=200))
    assert raw.recognised == (0,) and dict(raw.hidden) == {0: LETTERS} and SECRET not in _text(raw)


def test_invisible_text_beside_a_picture_is_hidden(tmp_path: Path) -> None:
    draw = then(lambda canvas: scan(canvas, height=400), ink(mode=3, y=200))
    raw = pdf_lines(sheet(tmp_path / "a.pdf", draw, plain=()))
    assert raw.recognised == () and dict(raw.hidden) == {0: LETTERS}


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

    source = load_source(sheet(tmp_path / "a.pdf", nested))
    task = ReadingTask(RegisterEntry("x", tmp_path / "a.pdf"), store_copy(source, tmp_path, "copy"))
    (outcome,) = read_all([task], ReadingLimits(memory_bytes=150_000_000, seconds=20), 1)
    assert isinstance(outcome.result, Rejected)
    assert outcome.result.code in (Reason.OUT_OF_MEMORY, Reason.OUT_OF_TIME, Reason.READER_FAILED)


@pytest.mark.corpus
@pytest.mark.skipif(
    not OTHER.exists(), reason="../shared/corpus-other is not here: other papers are not read"
)
@pytest.mark.parametrize(
    ("name", "pages", "characters"),
    [
        ("tabelle-produktgruppen-zuordnung.pdf", [], 0),
        ("wolfsburg-co2-zwischenbericht-2014.pdf", [2], 1),
        ("karlsruhe-ksk2030-b.pdf", [4, 7, 10, 12, 14, 17, 20, 24, 27, 29, 31], 556),
    ],
)
def test_hidden_text_of_real_papers(name: str, pages: list[int], characters: int) -> None:
    raw = pdf_lines(OTHER / name)
    assert [number + 1 for number in sorted(raw.hidden)] == pages and sum(
        raw.hidden.values()
    ) == characters
    assert (raw.recognised, raw.unchecked) == ((), ())
