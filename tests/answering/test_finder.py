"""Finding: the entry asked for is near the top, through typing errors, compounds and everyday
words.
"""

from __future__ import annotations

from dataclasses import replace

from service.answering import AnswerService, Corpus
from service.answering.retrieval.search import Retriever, Weights, _has_text
from tests.answering.truth import DRAFT, REPORT
from tests.ingest.cases import cases
from vectorstore import ItemQuestion
from vectorstore.records import ItemKind, ItemStatus


@cases("question", "ref")
def test_the_entry_is_among_the_first_three(
    service: AnswerService, question: str, ref: str
) -> None:
    found = service.parts.retriever.search(question)
    assert ref in [hit.item.ref for hit in found[:3]]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(
        0.0 <= hit.coverage <= 1.0 + 1e-6 and hit.question_similarity <= 1.0 + 1e-6 for hit in found
    )


def test_only_what_is_asked_is_searched_and_each_entry_is_found_once(
    service: AnswerService,
) -> None:
    find = service.parts.retriever.search
    assert {item.item.document_id for item in find("Pflege", [DRAFT])} == {DRAFT}
    assert {item.item.kind for item in find("Radwege", [REPORT], kinds=(ItemKind.GOAL,))} == {
        ItemKind.GOAL
    }
    assert find("Rufbus", []) == [] and find("", None) == []
    found = find("Was ist mit Bussen, Radwegen und Straßen?", limit=40)
    keys = [(hit.item.document_id, hit.item.key) for hit in found]
    assert (
        len(keys) == len(set(keys)) <= 40 and find("Busse", limit=2) == find("Busse", limit=12)[:2]
    )


def test_empty_sections_are_never_found(service: AnswerService) -> None:
    sections = [item for item in service.corpus.catalogue.items if item.kind is ItemKind.SECTION]
    assert sections and not any(
        _has_text(replace(item, body="", fields=(), table_row="")) for item in sections
    )
    for title in {item.title for item in sections}:
        found = [value.item for value in service.parts.retriever.search(title, limit=40)]
        assert all(
            hit.body.strip() or hit.fields or hit.table_row or hit.kind is not ItemKind.SECTION
            for hit in found
        )


def test_an_archived_row_is_found_by_its_name_only(service: AnswerService) -> None:
    find = service.parts.retriever.search
    assert (
        find("Was waren die Notfalldosen für den Kühlschrank?")[0].item.status
        is ItemStatus.ARCHIVED
    )
    assert find("Was ist mit Fahrrädern?")[0].item.status is not ItemStatus.ARCHIVED


def test_each_kind_of_evidence_counts_by_its_weight(corpus: Corpus) -> None:
    none = Weights(words=0, grams=0, vocabulary=0, dense=0, questions=0)
    text = "Wie bestelle ich den Rufbus Lauvi?"
    questions = [
        ItemQuestion(REPORT, "5.1.2.1", text),
        ItemQuestion("lauterfeld-strategische-ziele-2025", "B.IX.5", text),
    ]
    retriever = Retriever(Corpus(corpus.edition.apply_decisions((), questions)))
    assert retriever.find_item_by_question(text, [REPORT])
    retriever.weights = none
    assert retriever.search("Was ist der Rufbus?") == []
    for part in ({"words": 1.0}, {"grams": 1.0}, {"dense": 1.0}, {"questions": 1.0}):
        retriever.weights = replace(none, **part)
        assert retriever.search("Was ist der Rufbus Lauvi?")[0].item.ref == "5.1.2.1"
