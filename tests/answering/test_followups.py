"""Follow-ups: what they point to and what stands on its own; most are cases, these look at how they are understood."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.service import AnswerService
from service.answering.understanding.conversation import understood
from service.answering.understanding.pointing import named_records
from service.models import ChatRequest, DataKind, Turn
from tests.answering.conftest import Ask
from tests.answering.shapes import data
from tests.answering.truth import DRAFT, REPORT


def test_without_history_nothing_is_followed(corpus: Corpus) -> None:
    found = understood("Und was kostet das?", [], corpus, "de", None)
    assert found.text == "Und was kostet das?"
    assert found.focus == () and not found.among_focus


def test_an_earlier_question_lends_its_words_where_no_record_was_named(corpus: Corpus) -> None:
    history = [Turn(role="user", content="Was ist mit Obstwiesen?"), Turn(role="assistant", content="Es gibt etwas.")]
    found = understood("Und was kostet das?", history, corpus, "de", None)
    assert "Obstwiesen" in found.text
    assert {"Obstwiesen", "kostet"} <= {word.text for word in found.query.topic}


def test_of_a_long_conversation_each_question_is_understood_once(service: AnswerService, corpus: Corpus) -> None:
    turns = ["Was ist der Rufbus Lauvi?", "5.1.2.1 [1].", "Welche Radprojekte?", "5.2.2.1 [1].", "Und 5.1.1.1?", "Ja."]
    history = [Turn(role="assistant" if place % 2 else "user", content=text) for place, text in enumerate(turns)]
    corpus.remembered.cache_clear()
    for request in (ChatRequest(question="Wer ist für das dritte zuständig?", history=history),) * 2:
        service.answer(request)
    assert corpus.remembered.cache_info().misses <= 8, "three questions before, the follow-up, and what joins them"


def test_records_are_recognised_by_number_and_by_title_in_whole_words(corpus: Corpus) -> None:
    text = "Erst 5.2.2.2 Radwege an Kreisstraßen [1], dann Plauderbänke gegen Einsamkeit, zuletzt 1.1.1.1."
    found = [item.ref for item in named_records(text, corpus.catalogue) if item.document_id == REPORT]
    assert found == ["5.2.2.2", "3.1.4.1", "1.1.1.1"]
    for document in corpus.catalogue.documents.values():
        assert named_records(f"{document.title}: 4 Projekte", corpus.catalogue) == []
    assert named_records("Im Themenfeld 5 Mobilität und im Rufbus Lauvis", corpus.catalogue) == []


@pytest.mark.parametrize("text", ["", "[1]", "Am 24.10.2025 um 12 Uhr", "1.350.000 Euro", "gar nichts Besonderes"])
def test_other_numbers_are_no_records(corpus: Corpus, text: str) -> None:
    assert named_records(text, corpus.catalogue) == []


def test_a_comparison_is_made_again_on_another_topic(ask: Ask) -> None:
    first = "Vergleiche den Bericht und das Leitbild beim Klimaschutz"
    before = ask(first)
    answer = ask("Und beim Radverkehr?", first, before.answer)
    assert data(answer).kind is DataKind.COMPARISON and data(answer).rows != data(before).rows
    assert {row["document_id"] for row in data(answer).rows} == {REPORT, DRAFT}
