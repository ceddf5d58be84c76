"""Traffic lights as a status, by signs, words, labels of pictures and dots: told and asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from ingest import IngestRequest, run_ingest
from service import load_settings
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import Over
from tests.answering.shapes import cited, data, refs
from tests.ingest.papers import pdf
from vectorstore import EditionStore

# number, title, colour, state
ROWS = (
    ("A 1", "Bücherei im Bahnhof", "green", "Eröffnung im Mai"),
    ("A 2", "Treffpunkt für Ältere", "yellow", "wartet auf die Statik"),
    ("A 3", "Eisbahn am Anger", "red", "gestoppt"),
    ("A 4", "Jugendhaus Süd", "red", "Antrag abgelehnt"),
)
HEADS = ("Nr.", "Maßnahme", "Ampel", "Sachstand")
HEX = {"green": "00B050", "yellow": "FFC000", "red": "C00000"}
SIGNS = {"green": "🟢", "yellow": "🟡", "red": "🔴"}
WORDS = {"green": "grün", "yellow": "gelb", "red": "rot"}
Cell = Callable[[str], str]
HTML_CELLS: dict[str, Cell] = {
    "sign": SIGNS.__getitem__,
    "word": WORDS.__getitem__,
    "alt": lambda colour: f'<img src="a.png" alt="{WORDS[colour]}">',
    "title": lambda colour: f'<span title="Ampel {WORDS[colour]}"></span>',
}


def write_html(folder: Path, cell: Cell) -> Path:
    lines = [(number, title, cell(colour), state) for number, title, colour, state in ROWS]
    table = "".join(f"<tr><td>{'</td><td>'.join(line)}</td></tr>" for line in lines)
    head = f"<tr><th>{'</th><th>'.join(HEADS)}</th></tr>"
    text = f"<h1>Sachstand Sozialplan Moorau</h1><table>{head}{table}</table>"
    path = folder / "sachstand.html"
    path.write_text(f"<meta charset=utf-8><main>{text}</main>", encoding="utf-8")
    return path


def write_markdown(folder: Path) -> Path:
    lines = [(number, title, SIGNS[colour], state) for number, title, colour, state in ROWS]
    table = [f"| {' | '.join(line)} |" for line in (HEADS, ("---",) * 4, *lines)]
    path = folder / "sachstand.md"
    path.write_text("# Sachstand Sozialplan Moorau\n\n" + "\n".join(table), encoding="utf-8")
    return path


def write_pdf(folder: Path) -> Path:
    """Colours as dots of a font of signs."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 780, "Sachstand Sozialplan Moorau")
        for number, row in enumerate((HEADS, *ROWS)):
            for x, text in zip((60, 100, 260, 330), row, strict=True):
                canvas.setFillColor(HexColor(f"#{HEX.get(text, '000000')}"))
                font = "Helvetica" if number else "Helvetica-Bold"
                canvas.setFont("ZapfDingbats" if text in HEX else font, 9)
                canvas.drawString(x, 740 - 20 * number, "l" if text in HEX else text)

    path = folder / "sachstand.pdf"
    path.write_bytes(pdf(draw))
    return path


def ask(path: Path, *questions: str) -> list[Answer]:
    store = EditionStore(path.parent / "editions")
    run_ingest(IngestRequest((path,)), store)
    with closing(store.open()) as edition:
        service = AnswerService(edition, load_settings(data_dir=store.root))
        return [service.answer(ChatRequest(question=question)) for question in questions]


def check(path: Path) -> None:
    red, count, state = ask(
        path,
        "Welche Maßnahmen stehen auf Rot?",
        "Wie viele Maßnahmen sind grün?",
        "Wie ist der Stand bei der Eisbahn?",
    )
    assert red.status is AnswerStatus.ANSWERED and refs(red) == ["A 3", "A 4"]
    assert "Ampel „rot“" in red.answer and cited(red) >= {"A 3", "A 4"}
    assert data(count).total == 1 and "A 1" in cited(count)
    assert state.status is AnswerStatus.ANSWERED and cited(state) == {"A 3"}
    assert "gestoppt" in state.answer


@pytest.mark.parametrize("form", HTML_CELLS)
def test_lights_of_a_page(tmp_path: Path, form: str) -> None:
    check(write_html(tmp_path, HTML_CELLS[form]))


def test_lights_of_markdown(tmp_path: Path) -> None:
    check(write_markdown(tmp_path))


def test_lights_of_a_pdf_file(tmp_path: Path) -> None:
    check(write_pdf(tmp_path))


def test_a_colour_that_no_light_has_is_no_condition(tmp_path: Path) -> None:
    path = write_html(tmp_path, lambda colour: "")
    (answer,) = ask(path, "Welche Maßnahmen stehen auf Rot?")
    assert answer.status is not AnswerStatus.ANSWERED


def test_a_colour_of_a_thing_is_no_light(tmp_path: Path) -> None:
    (answer,) = ask(write_markdown(tmp_path), "Welche Maßnahmen gibt es für grüne Dächer?")
    assert "mit der Ampel" not in answer.answer and answer.status is not AnswerStatus.ANSWERED


def test_decorating_pictures_and_cells_with_text_stay_as_they_are(tmp_path: Path) -> None:
    path = write_html(tmp_path, lambda colour: '<b class="rot">siehe Text</b><img alt="Foto">')
    answers = ask(path, "Welche Maßnahmen stehen auf Rot?", "Wie ist der Stand bei der Eisbahn?")
    assert answers[0].status is not AnswerStatus.ANSWERED
    assert "Foto" not in answers[1].answer


@pytest.mark.parametrize("question", ["?!", "…", " ? "])
def test_a_question_of_marks_alone_names_no_light(over: Over, question: str) -> None:
    assert over("sample").ask(question).status is not None
