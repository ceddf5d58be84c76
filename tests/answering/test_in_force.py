"""Two documents in force that say different values: both are told, each with its document."""

from __future__ import annotations

import pytest

from service.answering import AnswerService
from service.records import AnswerStatus, ChatRequest
from tests.answering.conftest import OverTexts
from tests.answering.test_series import cited_documents

FEE = "Wie hoch ist die Jahresgebühr für die Ausleihe?"
UNIT = "Wer ist für den Trinkbrunnen am Markt zuständig?"


def statute(title: str, day: str, fee: int) -> str:
    return (
        f"# {title}\n\nVom {day}\n\n## § 1 Geltungsbereich\n\nDiese Satzung gilt in Moorau.\n\n"
        f"## § 2 Jahresgebühr\n\nDie Jahresgebühr für die Ausleihe beträgt {fee} Euro.\n"
    )


def plan(title: str, day: str, unit: str, other: str) -> str:
    text = f"# {title}\n\nStand: {day}\n\n"
    for number, measure in enumerate(("Trinkbrunnen am Markt", f"Bäume {other}", f"Räume {other}")):
        text += f"## M {number + 1} {measure}\n\nZuständig: {unit}\n\nBeginn: 2031\n\n"
    return text


@pytest.fixture(scope="module")
def service(over_texts: OverTexts) -> AnswerService:
    papers = {
        "alt.md": statute("Büchereisatzung", "3. Mai 2019", 50),
        "neu.md": statute("Satzung über Gebühren", "7. März 2022", 60),
        "klima.md": plan("Klimaplan", "3. Mai 2024", "Bauamt", "Nord"),
        "hitze.md": plan("Hitzeplan", "7. März 2025", "Stadtwerke", "Süd"),
        "wasser.md": plan("Wasserplan", "7. Juni 2025", "Stadtwerke", "West"),
    }
    return over_texts(papers)


def test_two_fees_in_force_are_told_each_with_its_statute(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question=FEE))
    assert cited_documents(answer) == {"alt", "neu"}
    assert answer.answer.index("50 Euro") < answer.answer.index("(Büchereisatzung, ")
    assert answer.answer.index("60 Euro") < answer.answer.index("(Satzung über Gebühren, ")


def test_of_two_units_for_one_measure_both_are_shown(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question=UNIT, documents=["klima", "hitze"]))
    assert answer.status is AnswerStatus.FOUND and cited_documents(answer) == {"klima", "hitze"}
    assert "Stadtwerke" in answer.answer and "Bauamt" in answer.answer


def test_the_document_that_is_asked_for_answers_alone(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question=f"{UNIT[:-1]} laut Klimaplan?"))
    assert cited_documents(answer) == {"klima"} and "Stadtwerke" not in answer.answer
