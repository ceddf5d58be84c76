"""A paper of fields without numbers and without projects: fields are counted, and nothing that it has none of."""

from __future__ import annotations

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import Settings
from vectorstore.editions import EditionStore

FIELDS = ("Datennetze", "Bürgerdienste", "Lernorte")
GOALS = (
    "Alle Dörfer erhalten schnelle Leitungen, damit niemand ohne Anschluss bleibt.",
    "Anträge lassen sich von zu Hause aus stellen, ohne Wege zum Amt.",
    "Schulen bekommen Geräte und Werkstätten, in denen Kinder das Programmieren üben.",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AnswerService:
    folder = tmp_path_factory.mktemp("fields")
    parts = [f"### {field}\n\n**Ziel**\n\n{goal}\n" for field, goal in zip(FIELDS, GOALS, strict=True)]
    paper = folder / "plan.md"
    paper.write_text("\n".join(["# Digitalplan des Kreises\n\n## Strategische Handlungsfelder\n", *parts]))
    store = EditionStore(folder / "data")
    run_ingest(IngestRequest(paths=(paper,)), store)
    return AnswerService(store.open(), Settings(data_dir=store.root))


def asked(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


def test_fields_are_counted_and_named_once(service: AnswerService) -> None:
    answer = asked(service, "Wie viele Handlungsfelder gibt es?")
    assert answer.data is not None and answer.data.total == 3
    assert all(answer.answer.count(field) == 1 for field in FIELDS)


def test_no_number_is_told_of_what_no_document_has(service: AnswerService) -> None:
    for question in ("Wie viele Projekte gibt es?", "Wie viele Projekte laufen gerade?"):
        assert asked(service, question).status is AnswerStatus.NOT_IN_DOCUMENTS


def test_goals_that_are_no_records_are_told_as_passages_called_by_their_field(service: AnswerService) -> None:
    answer = asked(service, "Welche Ziele gibt es bei den Lernorten?")
    assert "Lernorte: Ziel" in answer.answer and "Programmieren" in answer.answer
