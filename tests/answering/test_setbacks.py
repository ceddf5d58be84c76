"""What failed, was given up or is late by its text is found with its record, and is no status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.answering import AnswerService, find_setback
from service.records import AnswerStatus, ChatRequest
from tests.answering.made_papers import service_over
from tests.answering.shapes import refs

SAYING = {
    "1.1": "Der Steg kann wegen des Schilfs nicht realisiert werden.",
    "1.2": "Das Angebot wurde im Herbst eingestellt.",
    "1.3": "Der Beginn der Arbeiten verzögert sich bis zum Sommer.",
    "1.4": "Der Kauf der Halle ist am Preis gescheitert.",
    "1.10": "Die Verlängerung des Weges scheitert am Grunderwerb.",
    "1.11": "Das Projekt pausiert daher zunächst.",
}
SILENT = {
    "1.5": "Zwei Gärtner wurden eingestellt.",
    "1.6": "Das Ufer ist noch nicht umgesetzt.",
    "1.7": "Häufig wird eine Dämmung nicht umgesetzt.",
    "1.8": "Die Mittel sind im Haushalt eingestellt.",
    "1.12": "Wer scheitert, kann es wieder versuchen.",
    "1.9": "Wenn der Boden nass ist, wird der Weg nicht umgesetzt.",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerService]:
    folder = tmp_path_factory.mktemp("setbacks")
    lines = ["# Bericht Moorau", "## 1 Projekte in Bearbeitung"]
    for number, sentence in {**SAYING, **SILENT}.items():
        lines += [f"### {number} Vorhaben am Teich {number}", "Projektbeschreibung:", sentence]
        lines += ["Sachstand:", "Die Stadt berichtet im Ausschuss."]
    with service_over(folder, {"bericht.md": "\n\n".join(lines)}) as opened:
        yield opened


def test_only_sentences_that_say_so_are_found(service: AnswerService) -> None:
    items = service.corpus.catalogue.items
    assert {item.ref: found for item in items if (found := find_setback(item))} == SAYING


@pytest.mark.parametrize(
    "question",
    [
        "Welche Projekte sind gescheitert?",
        "Welche Projekte wurden eingestellt?",
        "Was ist gescheitert?",
        "Wo hakt es?",
        "Welche Projekte kommen nicht voran?",
        "Was liegt auf Eis?",
    ],
)
def test_they_are_found_with_their_records_and_not_claimed(
    service: AnswerService, question: str
) -> None:
    answer = service.answer(ChatRequest(question=question))
    assert answer.status is AnswerStatus.FOUND and refs(answer) == list(SAYING)
    assert "nicht nach einem Status" in answer.answer
    assert {citation.quote for citation in answer.citations} == set(SAYING.values())
    assert f"„{SAYING['1.4'].rstrip('.')}“" in answer.answer


def test_a_negated_question_is_not_answered_by_them(service: AnswerService) -> None:
    answer = service.answer(ChatRequest(question="Welche Projekte sind nicht gescheitert?"))
    assert "laut Text" not in answer.answer


def test_a_question_why_not_shows_what_failed(service: AnswerService) -> None:
    answer = service.answer(
        ChatRequest(question="Warum wird die Verlängerung des Weges nicht gebaut?")
    )
    assert "scheitert am Grunderwerb" in answer.citations[0].quote


def test_a_part_of_a_long_record_is_the_one_that_says_what_failed(tmp_path: Path) -> None:
    filler = "Der Kreis baut jedes Jahr zwei Kilometer Radweg an seinen Straßen. " * 16
    text = (
        "# Bericht Moorau\n\n## 1 Projekte in Bearbeitung\n\n### 1.1 Ausbau von Radwegen\n\n"
        f"Projektbeschreibung:\n\n{filler}\n\nSachstand:\n\n"
        "Der Radweg am Teich kann ohne Grunderwerb nicht realisiert werden.\n"
    )
    with service_over(tmp_path, {"bericht.md": text}) as service:
        for question in (
            "Welcher Radweg wird nicht gebaut und warum?",
            "warum wird der radweg nix",
        ):
            answer = service.answer(ChatRequest(question=question))
            assert "nicht realisiert" in answer.citations[0].quote
