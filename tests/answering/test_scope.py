"""The documents of the request bound every answer: names in a question narrow them, never widen
them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from service.answering import AnswerService
from service.answering.reading.documents import _publisher_name
from service.records import Answer, AnswerStatus, ChatRequest, Turn
from tests.answering.conftest import OverDocuments
from tests.ingest.cases import cases
from tests.service.partly_read import climate
from vectorstore.records import DocumentKind, ParsedDocument

# one for each intent, naming several documents and none
QUESTIONS = [
    "Welche Projekte enthält der Nachhaltigkeitsbericht?",
    "Wie viele Maßnahmen enthalten die Strategischen Ziele?",
    "Wer ist für den Rufbus Lauvi zuständig?",
    "Was steht im Leitbild zum Wohnen?",
    "Was steht im Antrag zum Lärmschutz?",
    "Gib mir einen Überblick über die Mobilität im Kreis Lauterfeld.",
    "Vergleiche Leitbild und Nachhaltigkeitsbericht beim Radverkehr.",
    "Von wann ist der Nachhaltigkeitsbericht?",
    "Was hat sich seit dem letzten Bericht geändert?",
    "Welche Projekte laufen?",
    "5.1.2.1",
    "Was könnt ihr mir über Kindergärten sagen?",
    "Wer hat den Mars betreten?",
]
HISTORIES = [
    [],
    [
        Turn(role="user", content="Welche Projekte zur Mobilität enthält der Bericht?"),
        Turn(role="assistant", content="5.1.2.1 Rufbus Lauvi, 5.2.2.1 Radweg"),
    ],
]


def _renamed(id_: str, title: str, publisher: str = "") -> ParsedDocument:
    """A document with five measures under another id, title and publisher."""
    parsed = climate(complete=True)
    document = replace(
        parsed.document, id=id_, title=title, publisher=publisher or parsed.document.publisher
    )
    items = tuple(replace(item, document_id=id_) for item in parsed.items)
    chunks = tuple(
        replace(chunk, document_id=id_, id=f"{id_}-{chunk.id}") for chunk in parsed.chunks
    )
    return replace(parsed, document=document, items=items, chunks=chunks)


def _documents_of(answer: Answer) -> set[str]:
    """The ids of all documents that an answer cites, lists or offers."""
    ids = {citation.document_id for citation in answer.citations}
    ids |= {record.document_id for record in answer.nearest}
    for row in answer.data.rows if answer.data else []:
        if row.get("document_id"):
            ids.add(str(row["document_id"]))
    return ids


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("history", HISTORIES, ids=["alone", "after"])
def test_no_answer_leaves_the_documents_of_the_request(
    service: AnswerService, size: int, history: list[Turn]
) -> None:
    known = list(service.corpus.catalogue.documents)
    for documents in combinations(known, size):
        for question in QUESTIONS:
            request = ChatRequest(question=question, documents=list(documents), history=history)
            answer = service.answer(request)
            assert _documents_of(answer) <= set(documents), (question, documents)


def test_a_named_publisher_outside_is_told_and_nothing_else_is_shown(
    over_documents: OverDocuments,
) -> None:
    parts = [_renamed(town, f"Plan {town}", f"Stadt {town}") for town in ("Neuhausen", "Altdorf")]
    service = over_documents(*parts)
    question = "Was macht Neuhausen für das Klima?"
    answer = service.answer(ChatRequest(question=question, documents=["Altdorf"]))
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert "„Neuhausen“" in answer.answer and not answer.citations


@cases("publisher", "name")
def test_the_name_of_a_publisher(service: AnswerService, publisher: str, name: str) -> None:
    document = next(iter(service.corpus.catalogue.documents.values()))
    assert _publisher_name(replace(document, publisher=publisher)) == name


def test_a_year_chooses_among_the_years_of_a_document(over_documents: OverDocuments) -> None:
    """Two years of a report: each answers for its own, unless both are named."""
    years = {year: _renamed(f"bericht-{year}", f"Klimabericht {year}") for year in ("2023", "2025")}
    service = over_documents(*years.values())
    for year in years:
        answer = service.answer(ChatRequest(question=f"Wie viele Maßnahmen gab es {year}?"))
        assert answer.data is not None and answer.data.total == 5
        assert {row["document_id"] for row in answer.data.rows} == {f"bericht-{year}"}
    both = service.answer(ChatRequest(question="Wie viele Maßnahmen gibt es?"))
    assert both.data is not None and both.data.total == 10


def test_a_noun_for_records_chooses_no_document(over_documents: OverDocuments) -> None:
    """That only one paper of a town has goals does not say that the question is about it."""
    parts = [_renamed(name, f"Plan {name}", "Stadt Hof") for name in ("Wohnen", "Sicherheit")]
    named = over_documents(*parts).parts.reader.names.find_documents("Welche Ziele setzt sich Hof?")
    assert set(named.ids) == {"Wohnen", "Sicherheit"}


def test_two_papers_are_named_where_a_noun_for_records_is_written_as_a_name(
    over_documents: OverDocuments,
) -> None:
    goals = _renamed("ziele", "Strategische Ziele der Stadt Hof", "Stadt Hof")
    goals = replace(goals, document=replace(goals.document, kind=DocumentKind.STRATEGY))
    other = _renamed("hof-5", "Hof 5.0 – digital", "Stadt Hof")
    find = over_documents(goals, other).parts.reader.names.find_documents
    both = find("Was steht bei Hof 5.0 und was in den Strategischen Zielen zu Bäumen?")
    assert set(both.ids) == {"ziele", "hof-5"}
    assert find("Welche strategischen Ziele nennt Hof 5.0?").ids == ("hof-5",)


def test_a_part_of_a_publisher_with_a_hyphen_is_no_topic(over_documents: OverDocuments) -> None:
    motion = _renamed("antrag", "Antrag der ABC-Fraktion „Mehr Bäume“", "ABC-Fraktion im Kreistag")
    motion = replace(motion, document=replace(motion.document, kind=DocumentKind.MOTION))
    find = over_documents(motion).parts.reader.names.find_documents
    named = find("Welche Punkte schlägt die ABC-Fraktion in ihrem Antrag vor?")
    assert "abc-fraktion" in named.words
